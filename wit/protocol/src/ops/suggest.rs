//! "Did you mean": the known name that a mistyped one is nearest to.

/// Edits (an insertion, a deletion, a replacement, two neighbours swapped) that a suggestion may be away.
const MAX_DISTANCE: usize = 2;

/// Longer names are not compared: a peer chooses them, and the work grows with their length.
const MAX_LENGTH: usize = 64;

/// The name in `known` that is nearest to `name`: at most two edits away, and no more than half of the name.
///
/// Among equally near ones the first.
///
/// ```
/// # use locum_protocol::ops::closest;
/// assert_eq!(closest("apend", ["pop", "append"]), Some("append"));
/// assert_eq!(closest("push", ["pop", "append"]), None);
/// ```
pub fn closest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name: Vec<char> = name.chars().take(MAX_LENGTH + 1).collect();
    if name.len() > MAX_LENGTH {
        return None;
    }
    let limit = MAX_DISTANCE.min(name.len() / 2);
    known
        .into_iter()
        .filter(|candidate| candidate.len() <= MAX_LENGTH)
        .map(|candidate| {
            (
                distance(&name, &candidate.chars().collect::<Vec<_>>()),
                candidate,
            )
        })
        .filter(|(edits, _)| *edits <= limit)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// The fewest edits that turn one into the other (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before_last[j - 2] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_name() {
        let known = ["append", "pop", "insert", "index", "len"];
        assert_eq!(closest("apend", known), Some("append"));
        assert_eq!(closest("inesrt", known), Some("insert"));
        assert_eq!(closest("opp", known), Some("pop"));
        assert_eq!(closest("ln", known), Some("len"));
    }

    #[test]
    fn what_shares_little_with_the_name_is_not_suggested() {
        assert_eq!(closest("foo", ["pop", "get"]), None);
        assert_eq!(closest("x", ["y"]), None);
        assert_eq!(closest("", ["a", ""]), Some(""));
        assert_eq!(closest("frobnicate", ["append"]), None);
    }

    #[test]
    fn the_nearest_wins_and_among_equals_the_first() {
        assert_eq!(
            closest("strop", ["stripe", "strip", "strap"]),
            Some("strip")
        );
    }

    #[test]
    fn names_of_any_length_are_answered_quickly() {
        let long = "x".repeat(1 << 20);
        assert_eq!(closest(&long, ["x", long.as_str()]), None);
        assert_eq!(closest("é".repeat(64).as_str(), ["é"]), None);
    }
}
