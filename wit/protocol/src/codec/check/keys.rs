//! Whether a map has the same key twice, whatever form its numbers and lengths are in.

use ciborium_ll::{Decoder as Heads, Header, simple};

use super::super::{TAG_BIG_NEGATIVE, TAG_BIG_POSITIVE, TAG_BUFFER, TAG_SLICE, array::ArrayTag};
use super::Walk;
use crate::{Bytes, Result};

/// How many bytes of a key count as much as one value. Keys in keys are looked at once for each of them.
const BYTES_OF_A_VALUE: usize = 256;

/// Where a key begins and ends, and the number of the first buffer that it could name.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) buffer: usize,
}

impl Walk<'_> {
    /// Refuses a map in which a reader would find a key twice. Its keys have been checked.
    pub(super) fn refuse_same_keys(&mut self, keys: &mut [Key]) -> Result<()> {
        let item = self.item;
        keys.sort_unstable_by_key(|key| &item[key.start..key.end]);
        let mut same = keys
            .windows(2)
            .find(|pair| item[pair[0].start..pair[0].end] == item[pair[1].start..pair[1].end])
            .map(|pair| pair[0].start.max(pair[1].start));
        // Nearly all keys have one form only.
        if same.is_none()
            && !keys
                .iter()
                .all(|key| has_one_form(&item[key.start..key.end]))
        {
            same = self.same_in_other_forms(keys)?;
        }
        match same {
            None => Ok(()),
            Some(at) => {
                self.at = at;
                self.fail("the same key twice in a map")
            }
        }
    }

    #[cold]
    fn same_in_other_forms(&mut self, keys: &[Key]) -> Result<Option<usize>> {
        let mut plain = Vec::with_capacity(keys.len());
        for key in keys {
            plain.push((self.plain(*key)?, key.start));
        }
        plain.sort_unstable();
        Ok(plain
            .windows(2)
            .find(|pair| pair[0].0 == pair[1].0)
            .map(|pair| pair[0].1.max(pair[1].1)))
    }

    /// The key in the one form that all of its forms have in common.
    fn plain(&mut self, key: Key) -> Result<Vec<u8>> {
        let mut plain = Plain {
            item: &self.item[..key.end],
            at: key.start,
            buffers: self.buffers,
            buffer: key.buffer,
            written: Vec::new(),
            left: self.left_in_keys,
        };
        plain.value();
        let (written, left) = (plain.written, plain.left);
        match left.checked_sub(written.len() / BYTES_OF_A_VALUE) {
            Some(left) if left > 0 => {
                self.left_in_keys = left;
                Ok(written)
            }
            _ => Err(self.too_many_values()),
        }
    }
}

/// Whether these bytes are a number, or text, in its shortest form: others of the same value have the same bytes.
fn has_one_form(key: &[u8]) -> bool {
    let Some((first, rest)) = key.split_first() else {
        return false;
    };
    // Bytes may lie in a buffer as well.
    matches!(first >> 5, 0 | 1 | 3)
        && match (first & 0x1F, rest) {
            (0..24, _) => true,
            (24, [n, ..]) => *n >= 24,
            (25, [high, _, ..]) => *high > 0,
            (26, [a, b, ..]) => (*a, *b) != (0, 0),
            (27, [a, b, c, d, ..]) => (*a, *b, *c, *d) != (0, 0, 0, 0),
            _ => false,
        }
}

/// Writes values that were checked in one form.
struct Plain<'a> {
    item: &'a [u8],
    at: usize,
    buffers: &'a [Bytes],
    buffer: usize,
    written: Vec<u8>,
    /// How many values may still be looked at.
    left: usize,
}

impl Plain<'_> {
    fn head(&mut self) -> Option<Header> {
        let mut heads = Heads::from(self.item.get(self.at..)?);
        let header = heads.pull().ok()?;
        self.at += heads.offset();
        Some(header)
    }

    fn write(&mut self, kind: u8, bytes: &[u8]) {
        self.written.push(kind);
        self.written.extend((bytes.len() as u64).to_be_bytes());
        self.written.extend(bytes);
    }

    fn integer(&mut self, sign: u8, n: u128) {
        self.write(sign, &n.to_be_bytes());
    }

    fn take(&mut self, len: usize) -> Option<Vec<u8>> {
        let bytes = self.item.get(self.at..self.at.checked_add(len)?)?.to_vec();
        self.at += len;
        Some(bytes)
    }

    /// One value. `None` where there is none, or a break, or where it would be one too many.
    fn value(&mut self) -> Option<()> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return None;
        }
        match self.head()? {
            Header::Positive(n) => self.integer(b'+', n.into()),
            Header::Negative(n) => self.integer(b'-', n.into()),
            Header::Float(n) => self.write(b'f', &n.to_bits().to_be_bytes()),
            // Both are nothing.
            Header::Simple(simple::UNDEFINED) => self.write(b's', &[simple::NULL]),
            Header::Simple(n) => self.write(b's', &[n]),
            Header::Text(len) => {
                let text = self.take(len?)?;
                self.write(b't', &text);
            }
            Header::Bytes(len) => {
                let bytes = self.take(len?)?;
                self.write(b'b', &bytes);
            }
            Header::Array(len) => self.values(b'[', len),
            Header::Map(len) => self.values(b'{', len.map(|len| len.saturating_mul(2))),
            Header::Tag(tag @ (TAG_BIG_POSITIVE | TAG_BIG_NEGATIVE)) => {
                let Header::Bytes(Some(len)) = self.head()? else {
                    return None;
                };
                let n = self
                    .take(len)?
                    .iter()
                    .fold(0, |n, byte| n << 8 | u128::from(*byte));
                self.integer(if tag == TAG_BIG_POSITIVE { b'+' } else { b'-' }, n);
            }
            Header::Tag(TAG_BUFFER) => {
                self.head()?;
                let bytes = self.buffers.get(self.buffer)?;
                self.buffer += 1;
                self.write(b'b', bytes);
            }
            Header::Tag(tag) => {
                // Others are passed over.
                if tag == TAG_SLICE || ArrayTag::of(tag).is_some() {
                    self.write(b'#', &tag.to_be_bytes());
                }
                self.value()?;
            }
            Header::Break => return None,
        }
        Some(())
    }

    fn values(&mut self, kind: u8, len: Option<usize>) {
        self.written.push(kind);
        let mut left = len.unwrap_or(usize::MAX);
        while left > 0 && self.value().is_some() {
            left -= 1;
        }
        self.written.push(b'.');
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use crate::{Bytes, Kind, PeerLimits};

    /// Whether a map of these keys, each with a null, is taken; the buffers lie beside it.
    fn is_taken(keys: &[&[u8]], buffers: &[&[u8]]) -> bool {
        let mut item = vec![0xA0 | keys.len() as u8];
        for key in keys {
            item.extend(*key);
            item.push(0xF6);
        }
        let buffers: Vec<Bytes> = buffers.iter().map(|bytes| Bytes::from(*bytes)).collect();
        let limits = PeerLimits::default();
        match check(&item, 0, &buffers, &limits, &mut Vec::new()) {
            Ok(()) => true,
            Err(error) => {
                let text = error.message();
                assert!(
                    text.starts_with("the same key twice in a map (byte "),
                    "{error}"
                );
                false
            }
        }
    }

    #[test]
    fn a_key_is_the_same_in_whatever_form_it_is_written() {
        let same: &[&[&[u8]]] = &[
            // 1
            &[
                &[0x01],
                &[0x18, 0x01],
                &[0x19, 0, 1],
                &[0x1A, 0, 0, 0, 1],
                &[0xC2, 0x41, 1],
                &[0xC2, 0x43, 0, 0, 1],
            ],
            // -1
            &[&[0x20], &[0x38, 0], &[0xC3, 0x40], &[0xC3, 0x42, 0, 0]],
            // 1.5
            &[
                &[0xF9, 0x3E, 0x00],
                &[0xFA, 0x3F, 0xC0, 0, 0],
                &[0xFB, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0],
            ],
            // "a"
            &[
                &[0x61, b'a'],
                &[0x78, 1, b'a'],
                &[0x7B, 0, 0, 0, 0, 0, 0, 0, 1, b'a'],
                &[0xD8, 0xFF, 0x61, b'a'],
            ],
            // h'61'
            &[&[0x41, b'a'], &[0x58, 1, b'a']],
            // null
            &[&[0xF6], &[0xF7]],
            // [1, {2: 3}]
            &[
                &[0x82, 1, 0xA1, 2, 3],
                &[0x9F, 1, 0xA1, 2, 3, 0xFF],
                &[0x82, 0x18, 1, 0xBF, 2, 0x18, 3, 0xFF],
            ],
        ];
        for forms in same {
            for one in *forms {
                assert!(is_taken(&[one], &[]), "{one:02x?}");
                for other in *forms {
                    assert!(
                        !is_taken(&[one, &[0x61, b'x'], other], &[]),
                        "{one:02x?} {other:02x?}"
                    );
                }
            }
        }
        let firsts: Vec<&[u8]> = same.iter().map(|forms| forms[forms.len() - 1]).collect();
        assert!(is_taken(&firsts, &[]), "they differ from one another");
    }

    #[test]
    fn keys_that_look_alike_are_not_the_same() {
        let differ: &[&[&[u8]]] = &[
            &[&[0x61, b'a'], &[0x41, b'a']],
            &[&[0x18, 0x20], &[0x38, 0x20]],
            &[&[0x01], &[0xF9, 0x3C, 0x00]],
            &[&[0xF9, 0x00, 0x00], &[0xF9, 0x80, 0x00]],
            &[
                &[0x81, 0x81, 1],
                &[0x82, 1, 1],
                &[0x9F, 0xFF],
                &[0xBF, 0xFF],
            ],
            &[&[0x82, 0x61, b'a', 0x61, b'b'], &[0x81, 0x62, b'a', b'b']],
        ];
        for keys in differ {
            assert!(is_taken(keys, &[]), "{keys:02x?}");
        }
    }

    #[test]
    fn bytes_are_the_same_key_in_a_buffer_and_beside_it() {
        let buffer = |n| [0xD9, 0x4C, 0x42, n];
        let (first, second): (&[u8], &[u8]) = (&buffer(0), &buffer(1));
        assert!(!is_taken(&[first, &[0x41, b'a']], &[b"a"]));
        assert!(!is_taken(&[&[0x41, b'a'], first], &[b"a"]));
        assert!(!is_taken(&[first, second], &[b"a", b"a"]));
        assert!(is_taken(&[first, second, &[0x41, b'a']], &[b"b", b"c"]));
    }

    #[test]
    fn keys_in_keys_in_keys_are_not_looked_at_without_end() {
        // Maps whose first key is the next map, and whose second one has two forms.
        let mut item = vec![0x9F];
        item.extend([0x01; 5000]);
        item.push(0xFF);
        for n in 0..40 {
            item = [&[0xA2][..], &item, &[0xF6, 0xF9, n, 0x00, 0xF6]].concat();
        }
        let mut limits = PeerLimits::default();
        assert!(check(&item, 0, &[], &limits, &mut Vec::new()).is_ok());
        limits.items = 50_000;
        let error = check(&item, 0, &[], &limits, &mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), Kind::LimitExceeded, "{error}");
    }
}
