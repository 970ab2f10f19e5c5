//! The tags of RFC 8746: which of its arrays travel, and how.

use crate::{Bytes, ElementType};

/// Tag of `[[length...], elements]`: an array of other than one dimension, in row-major order.
pub(crate) const TAG_SHAPED: u64 = 40;
/// The same in column-major order, which nobody sends here.
const TAG_BY_COLUMN: u64 = 1040;

/// What a tag of RFC 8746 means.
#[derive(Clone, Copy)]
pub(crate) enum ArrayTag {
    /// On bytes: elements of one type, in the order of bytes that is the usual one or not.
    Elements(ElementType, Order),
    /// On `[[length...], elements]`.
    Shaped,
    /// What can not be taken, and what to send instead.
    Refused(&'static str),
}

/// In which order the bytes of an element come.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Order {
    /// The lowest first, as it is always written.
    Little,
    /// The highest first, which is turned round when it arrives.
    Big,
}

use ElementType::*;

impl ArrayTag {
    /// `None`: a tag of something else.
    #[inline]
    pub(crate) fn of(tag: u64) -> Option<ArrayTag> {
        match tag {
            TAG_SHAPED | 64..=87 | TAG_BY_COLUMN => Some(ArrayTag::known(tag)),
            _ => None,
        }
    }

    fn known(tag: u64) -> ArrayTag {
        let (element, order) = match tag {
            TAG_SHAPED => return ArrayTag::Shaped,
            // 68 asks for arithmetic that ends at 0 and 255; the numbers are the same.
            64 | 68 => (U8, Order::Little),
            65 => (U16, Order::Big),
            66 => (U32, Order::Big),
            67 => (U64, Order::Big),
            69 => (U16, Order::Little),
            70 => (U32, Order::Little),
            71 => (U64, Order::Little),
            72 => (I8, Order::Little),
            73 => (I16, Order::Big),
            74 => (I32, Order::Big),
            75 => (I64, Order::Big),
            77 => (I16, Order::Little),
            78 => (I32, Order::Little),
            79 => (I64, Order::Little),
            81 => (F32, Order::Big),
            82 => (F64, Order::Big),
            85 => (F32, Order::Little),
            86 => (F64, Order::Little),
            80 | 84 => return ArrayTag::Refused("an array of f16; send f32 (tag 85)"),
            83 | 87 => return ArrayTag::Refused("an array of f128; send f64 (tag 86)"),
            TAG_BY_COLUMN => {
                return ArrayTag::Refused(
                    "an array in column-major order; send it in row-major order (tag 40)",
                );
            }
            _ => return ArrayTag::Refused("an array under tag 76, which means nothing"),
        };
        ArrayTag::Elements(element, order)
    }
}

/// The tag under which elements are written.
pub(crate) fn tag_of(element: ElementType) -> u64 {
    match element {
        U8 => 64,
        U16 => 69,
        U32 => 70,
        U64 => 71,
        I8 => 72,
        I16 => 77,
        I32 => 78,
        I64 => 79,
        F32 => 85,
        F64 => 86,
    }
}

/// The same elements with their bytes in the other order, where this machine writes them so; untouched otherwise.
pub(crate) fn reordered(bytes: Bytes, order: Order, element: ElementType) -> Bytes {
    let native = if cfg!(target_endian = "little") {
        Order::Little
    } else {
        Order::Big
    };
    if order == native || element.size() == 1 {
        return bytes;
    }
    let mut turned = bytes.to_vec();
    turned
        .chunks_exact_mut(element.size())
        .for_each(<[u8]>::reverse);
    turned.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_the_tag_means() {
        for element in ElementType::ALL {
            let read = ArrayTag::of(tag_of(element));
            assert!(matches!(read, Some(ArrayTag::Elements(it, Order::Little)) if it == element));
        }
    }

    #[test]
    fn every_tag_of_the_rfc_is_taken_or_refused() {
        for tag in (64..=87).chain([40, 1040]) {
            assert!(ArrayTag::of(tag).is_some(), "{tag}");
        }
        for tag in [0, 39, 41, 63, 88, 1039, 19522] {
            assert!(ArrayTag::of(tag).is_none(), "{tag}");
        }
    }
}
