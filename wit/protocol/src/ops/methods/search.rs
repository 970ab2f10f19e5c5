//! Finding bytes in bytes, in time that grows with the two lengths and not with their product.

/// Where the part first occurs.
pub(in crate::ops) fn find_bytes(bytes: &[u8], part: &[u8]) -> Option<usize> {
    Occurrences::new(bytes, part).next()
}

/// How often the part occurs, without overlaps; an empty one before, after and between all bytes.
pub(super) fn count_bytes(bytes: &[u8], part: &[u8]) -> usize {
    if part.is_empty() {
        bytes.len() + 1
    } else {
        Occurrences::new(bytes, part).count()
    }
}

/// Occurrences that do not overlap, by Knuth, Morris and Pratt.
struct Occurrences<'a> {
    bytes: &'a [u8],
    part: &'a [u8],
    /// For each place in the part: how much of its start the bytes up to there end with.
    borders: Vec<usize>,
    at: usize,
}

impl<'a> Occurrences<'a> {
    fn new(bytes: &'a [u8], part: &'a [u8]) -> Occurrences<'a> {
        let mut borders = vec![0; part.len()];
        let mut matched = 0;
        for at in 1..part.len() {
            matched = step(part, &borders, matched, part[at]);
            borders[at] = matched;
        }
        Occurrences {
            bytes,
            part,
            borders,
            at: 0,
        }
    }
}

impl Iterator for Occurrences<'_> {
    type Item = usize;
    fn next(&mut self) -> Option<usize> {
        if self.part.is_empty() {
            return Some(self.at);
        }
        let mut matched = 0;
        while self.at < self.bytes.len() {
            matched = step(self.part, &self.borders, matched, self.bytes[self.at]);
            self.at += 1;
            if matched == self.part.len() {
                return Some(self.at - matched);
            }
        }
        None
    }
}

/// How much of the part's start is matched after one more byte.
fn step(part: &[u8], borders: &[usize], mut matched: usize, byte: u8) -> usize {
    while matched > 0 && part[matched] != byte {
        matched = borders[matched - 1];
    }
    matched + usize::from(part[matched] == byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_found_where_a_plain_search_finds_it() {
        let words: Vec<Vec<u8>> = (0..256u32)
            .map(|bits| (0..8).map(|at| b"ab"[(bits >> at & 1) as usize]).collect())
            .collect();
        for bytes in &words {
            for part in &words {
                for len in 1..=4 {
                    let part = &part[..len];
                    let plain = bytes.windows(len).position(|window| window == part);
                    assert_eq!(find_bytes(bytes, part), plain);
                }
            }
        }
    }

    #[test]
    fn occurrences_are_counted_without_overlaps() {
        assert_eq!(count_bytes(b"aaaa", b"aa"), 2);
        assert_eq!(count_bytes(b"abc", b""), 4);
        assert_eq!(count_bytes(b"", b"a"), 0);
        assert_eq!(find_bytes(b"", b""), Some(0));
    }

    #[test]
    fn a_part_made_to_be_slow_is_not() {
        let (bytes, mut part) = (vec![b'a'; 1 << 20], vec![b'a'; 1 << 19]);
        part.push(b'b');
        assert_eq!(find_bytes(&bytes, &part), None);
    }
}
