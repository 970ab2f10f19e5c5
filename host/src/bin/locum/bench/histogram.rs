//! Times as bars: one for each of some buckets that grow by the same factor.

use crate::units;

/// How many bars there are, but for the last one, which stands for all that took longer.
const MOST: usize = 12;

/// A bucket ends at least so much later than it begins, or it would look like the next one.
const LEAST_FACTOR: f64 = 1.02;

/// A bar has at least so many characters, however narrow the terminal is.
const SHORTEST: usize = 10;

/// Times from this one up to the next bucket's.
#[derive(Debug, PartialEq)]
struct Bucket {
    from: f64,
    count: u64,
}

/// Draws how often which time was taken, in lines of `width` characters: `times` are in nanoseconds, from the shortest to
/// the longest. Those above `end` share a line.
pub(super) fn draw(times: &[(f64, u64)], end: f64, width: usize) -> String {
    let buckets = buckets(times, end);
    let last = buckets.len() - 1;
    let label = |at: usize, bucket: &Bucket| match at == last && bucket.from >= end && at > 0 {
        true => format!("> {}", units::nanoseconds(bucket.from)),
        false => units::nanoseconds(bucket.from),
    };
    let rows: Vec<(String, u64)> = buckets
        .iter()
        .enumerate()
        .map(|(at, bucket)| (label(at, bucket), bucket.count))
        .collect();
    let labels = rows.iter().map(|(label, _)| label.chars().count()).max();
    let labels = labels.unwrap_or(0);
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(0);
    // The bar has a line before it and a space behind it.
    let taken = labels + 3 + units::grouped(most).len();
    let longest = width.saturating_sub(taken).max(SHORTEST);
    rows.iter()
        .map(|(label, count)| {
            let line = match count {
                0 => format!("{label:>labels$} │"),
                count => {
                    let bar = bar(*count as f64 / most as f64, longest);
                    format!("{label:>labels$} │{bar} {}", units::grouped(*count))
                }
            };
            line + "\n"
        })
        .collect()
}

fn buckets(times: &[(f64, u64)], end: f64) -> Vec<Bucket> {
    // A time of nothing has no logarithm.
    let first = times.first().map_or(1.0, |(time, _)| time.max(1e-3));
    let spread = (end / first).ln().max(0.0);
    let count = ((spread / LEAST_FACTOR.ln()) as usize).clamp(1, MOST);
    let factor = (spread / count as f64).exp();
    let mut buckets: Vec<Bucket> = (0..count)
        .map(|at| Bucket {
            from: first * factor.powi(at as i32),
            count: 0,
        })
        .collect();
    let mut longer = Bucket {
        from: end,
        count: 0,
    };
    for (time, runs) in times {
        if *time > end {
            longer.count += runs;
        } else {
            let at = buckets.partition_point(|bucket| bucket.from <= *time);
            buckets[at.saturating_sub(1)].count += runs;
        }
    }
    if longer.count > 0 {
        buckets.push(longer);
    }
    buckets
}

/// A bar of eighths of a character; whatever is there can be seen.
fn bar(share: f64, longest: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = ((share * longest as f64 * 8.0).round() as usize).max(1);
    "█".repeat(eighths / 8) + PARTS[eighths % 8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bucket_is_wider_by_the_same_factor_and_none_is_lost() {
        let times: Vec<(f64, u64)> = (1..=1_000).map(|n| (f64::from(n), 2)).collect();
        let buckets = buckets(&times, 1_000.0);
        assert_eq!(buckets.len(), MOST);
        let factor = buckets[1].from / buckets[0].from;
        assert!(
            buckets
                .windows(2)
                .all(|pair| (pair[1].from / pair[0].from - factor).abs() < 1e-9)
        );
        assert_eq!(buckets.iter().map(|it| it.count).sum::<u64>(), 2_000);
    }

    #[test]
    fn what_took_longer_is_in_a_line_of_its_own() {
        let drawn = draw(&[(100.0, 90), (1e6, 10)], 100.0, 30);
        assert_eq!(drawn, "  100 ns │█████████████████ 90\n> 100 ns │█▉ 10\n");
    }

    #[test]
    fn lines_are_as_long_as_they_may_be_and_bars_as_their_counts() {
        let times = [(100.0, 400), (200.0, 800), (400.0, 0), (790.0, 1)];
        let drawn = draw(&times, 800.0, 40);
        let lines: Vec<&str> = drawn.lines().collect();
        assert_eq!(lines.len(), MOST);
        let lengths = lines.iter().map(|line| line.chars().count());
        assert_eq!(lengths.max(), Some(40));
        let full = |line: &str| line.matches('█').count();
        let longest = lines.iter().map(|line| full(line)).max().unwrap();
        let of_count = |count: &str| lines.iter().find(|line| line.ends_with(count)).unwrap();
        assert_eq!(full(of_count(" 800")), longest);
        assert_eq!(full(of_count(" 400")), longest / 2);
        // It is seen, however little it is beside the others.
        assert!(of_count(" 1").contains("▏ 1"));
        assert!(lines.iter().any(|line| line.ends_with('│')), "{drawn}");
    }

    #[test]
    fn times_that_are_all_the_same_are_one_bar() {
        assert_eq!(draw(&[(0.0, 7)], 0.0, 0).lines().count(), 1);
        let drawn = draw(&[(1_000.0, 7)], 1_000.0, 0);
        assert_eq!(drawn, "1.00 µs │██████████ 7\n", "and no shorter than ten");
    }
}
