//! The bytes of one CBOR item.

use std::fmt;
use std::ops::{Deref, DerefMut};

use smallvec::SmallVec;

/// Up to this many bytes an item lies where its owner lies, and costs no allocation.
const IN_PLACE: usize = 24;

/// The bytes of one CBOR item: a vector of bytes, for which short ones are not allocated, since most messages are short.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Item(SmallVec<[u8; IN_PLACE]>);

impl Item {
    /// No bytes yet.
    #[inline]
    pub fn new() -> Item {
        Item::default()
    }

    #[inline]
    pub(crate) fn push(&mut self, byte: u8) {
        self.0.push(byte);
    }

    #[inline]
    pub(crate) fn extend_from_slice(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.0.reserve(bytes);
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }
}

impl Deref for Item {
    type Target = [u8];
    #[inline]
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl DerefMut for Item {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

impl From<&[u8]> for Item {
    #[inline]
    fn from(bytes: &[u8]) -> Item {
        Item(SmallVec::from_slice(bytes))
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
        Item(SmallVec::from_vec(bytes))
    }
}

impl From<Item> for Vec<u8> {
    fn from(item: Item) -> Vec<u8> {
        item.0.into_vec()
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
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
            for item in [pushed, bytes.clone().into(), bytes[..].into()] {
                assert_eq!(*item, bytes[..], "{len}");
                assert_eq!(Vec::from(item), bytes);
            }
        }
    }
}
