//! The quick look at what most messages are.

use crate::limits::MAX_ITEM_DEPTH;

/// What is longer is looked at once, by the walk.
const MOST_PLAIN: usize = 4096;

/// Whether an item is what most messages are, and in order: numbers, booleans, null and short text, in short lists. What is
/// anything else is left to the walk below, which knows all rules and says what is wrong.
pub(super) fn is_plain(item: &[u8], limit: usize) -> bool {
    // Each value has a byte at least, so there are no more than that.
    if item.len() > limit.min(MOST_PLAIN) {
        return false;
    }
    // What is still to come, and how many lists, which may all be in one another.
    let (mut due, mut lists) = (1_usize, 0_usize);
    let mut rest = item;
    while due > 0 {
        let Some((&first, after)) = rest.split_first() else {
            return false;
        };
        due -= 1;
        // How many bytes belong to the head, or to the text behind it.
        let more = match first {
            0x00..=0x17 => 0,
            0x80..=0x97 => {
                lists += 1;
                due += usize::from(first & 0x1F);
                0
            }
            0x18..=0x1B | 0x38..=0x3B => 1 << (first & 3),
            0x20..=0x37 | 0xF4..=0xF7 => 0,
            0xF9 => 2,
            0xFA => 4,
            0xFB => 8,
            0x60..=0x77 => {
                let len = usize::from(first & 0x1F);
                match after.get(..len) {
                    Some(text) if std::str::from_utf8(text).is_ok() => len,
                    _ => return false,
                }
            }
            _ => return false,
        };
        match after.get(more..) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.is_empty() && lists <= MAX_ITEM_DEPTH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_and_in_order_is_known_and_nothing_else_is() {
        for plain in [
            &[0x00][..],
            &[0x81, 0x81, 0x01],
            &[0x19, 0x03, 0xE8],
            &[0x3B, 0, 0, 0, 0, 0, 0, 0, 1],
            &[0xF5],
            &[0xF9, 0x3C, 0x00],
            &[0x82, 0x63, b'a', b'b', b'c', 0x80],
        ] {
            assert!(is_plain(plain, 100), "{plain:02x?}");
        }
        for other in [
            &[][..],
            &[0x81],
            &[0x01, 0x02],
            &[0x19, 0x03],
            &[0x61],
            &[0x61, 0xFF],
            &[0xF8, 0x14],
            &[0xE0],
            &[0x41, 0x00],
            &[0xA0],
            &[0xC6, 0x01],
            &[0x9F, 0xFF],
            &[0x1C],
        ] {
            assert!(!is_plain(other, 100), "{other:02x?}");
        }
        assert!(
            !is_plain(&[0x83, 0x01, 0x02, 0x03], 3),
            "more values than may be"
        );
        let nested = |depth: usize| [vec![0x81; depth], vec![0x01]].concat();
        assert!(is_plain(&nested(MAX_ITEM_DEPTH), 100));
        assert!(!is_plain(&nested(MAX_ITEM_DEPTH + 1), 100));
    }
}
