//! The bytes of one CBOR item.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// Up to this many bytes an item lies where its owner lies, and costs no allocation.
const IN_PLACE: usize = 30;

/// The bytes of one CBOR item: a vector of bytes, for which short ones are not allocated, since most messages are short.
///
/// ```
/// # use locum_protocol::Item;
/// let short = Item::from([0x82, 0x01, 0x02]); // the CBOR of [1, 2]
/// assert!(short.is_in_place() && Item::new().is_empty());
/// assert_eq!(Vec::from(short), [0x82, 0x01, 0x02]);
/// assert!(!Item::from(vec![0; 100]).is_in_place());
/// ```
#[derive(Clone)]
pub struct Item(Bytes);

#[derive(Clone)]
enum Bytes {
    Short { len: u8, bytes: [u8; IN_PLACE] },
    Long(Vec<u8>),
}

impl Item {
    /// No bytes yet.
    #[inline]
    pub const fn new() -> Item {
        Item(Bytes::Short {
            len: 0,
            bytes: [0; IN_PLACE],
        })
    }

    /// Whether its bytes are not allocated.
    #[inline]
    pub fn is_in_place(&self) -> bool {
        matches!(self.0, Bytes::Short { .. })
    }

    #[inline]
    pub(crate) fn push(&mut self, byte: u8) {
        match &mut self.0 {
            Bytes::Short { len, bytes } if usize::from(*len) < IN_PLACE => {
                bytes[usize::from(*len)] = byte;
                *len += 1;
            }
            _ => self.lengthened(1).push(byte),
        }
    }

    #[inline]
    pub(crate) fn extend_from_slice(&mut self, more: &[u8]) {
        if let Bytes::Short { len, bytes } = &mut self.0
            && let Some(free) = bytes.get_mut(usize::from(*len)..usize::from(*len) + more.len())
        {
            free.copy_from_slice(more);
            *len += more.len() as u8;
            return;
        }
        self.lengthened(more.len()).extend_from_slice(more);
    }

    pub(crate) fn reserve(&mut self, more: usize) {
        if self.len() + more > IN_PLACE {
            self.lengthened(more);
        }
    }

    pub(crate) fn truncate(&mut self, to: usize) {
        match &mut self.0 {
            Bytes::Short { len, .. } => *len = (*len).min(to.min(IN_PLACE) as u8),
            Bytes::Long(bytes) => bytes.truncate(to),
        }
    }

    /// As a vector with room for more, which it is from now on.
    #[cold]
    fn lengthened(&mut self, more: usize) -> &mut Vec<u8> {
        if let Bytes::Short { len, bytes } = &self.0 {
            let short = &bytes[..usize::from(*len)];
            let mut long = Vec::with_capacity((short.len() + more).max(4 * IN_PLACE));
            long.extend_from_slice(short);
            self.0 = Bytes::Long(long);
        }
        match &mut self.0 {
            Bytes::Long(bytes) => {
                bytes.reserve(more);
                bytes
            }
            Bytes::Short { .. } => unreachable!("it was made long"),
        }
    }
}

impl Default for Item {
    #[inline]
    fn default() -> Item {
        Item::new()
    }
}

impl Deref for Item {
    type Target = [u8];
    #[inline]
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Bytes::Short { len, bytes } => &bytes[..usize::from(*len)],
            Bytes::Long(bytes) => bytes,
        }
    }
}

impl DerefMut for Item {
    fn deref_mut(&mut self) -> &mut [u8] {
        match &mut self.0 {
            Bytes::Short { len, bytes } => &mut bytes[..usize::from(*len)],
            Bytes::Long(bytes) => bytes,
        }
    }
}

impl PartialEq for Item {
    fn eq(&self, other: &Item) -> bool {
        **self == **other
    }
}

impl Eq for Item {}

impl From<&[u8]> for Item {
    #[inline]
    fn from(bytes: &[u8]) -> Item {
        let mut item = Item::new();
        item.extend_from_slice(bytes);
        item
    }
}

impl<const N: usize> From<[u8; N]> for Item {
    fn from(bytes: [u8; N]) -> Item {
        Item::from(&bytes[..])
    }
}

/// The bytes stay where they are.
impl From<Vec<u8>> for Item {
    #[inline]
    fn from(bytes: Vec<u8>) -> Item {
        Item(Bytes::Long(bytes))
    }
}

impl From<Item> for Vec<u8> {
    fn from(item: Item) -> Vec<u8> {
        match item.0 {
            Bytes::Short { len, bytes } => bytes[..usize::from(len)].to_vec(),
            Bytes::Long(bytes) => bytes,
        }
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_holds_its_bytes_whether_they_lie_in_place_or_not() {
        for len in [0, 1, IN_PLACE - 1, IN_PLACE, IN_PLACE + 1, 1000] {
            let bytes: Vec<u8> = (0..len).map(|n| n as u8).collect();
            let mut pushed = Item::new();
            bytes.iter().for_each(|byte| pushed.push(*byte));
            let mut extended = Item::new();
            bytes
                .chunks(7)
                .for_each(|piece| extended.extend_from_slice(piece));
            let mut reserved = Item::new();
            reserved.reserve(len);
            reserved.extend_from_slice(&bytes);
            for item in [
                pushed,
                extended,
                reserved,
                bytes.clone().into(),
                bytes[..].into(),
            ] {
                assert_eq!(*item, bytes[..], "{len}");
                let mut shorter = item.clone();
                shorter.truncate(len / 2);
                assert_eq!(*shorter, bytes[..len / 2], "{len}");
                shorter.truncate(len);
                assert_eq!(*shorter, bytes[..len / 2], "{len}");
                assert_eq!(Vec::from(item), bytes);
            }
        }
    }
}
