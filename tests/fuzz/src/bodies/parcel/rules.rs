//! PROTOCOL.md's rules for an item, once more: as plainly as they can be written, and from that page alone.

use std::collections::BTreeSet;

use locum_protocol::{MAX_DIMS, MAX_ITEM_DEPTH, PeerLimits, WireParcel};

/// What the rules say of a parcel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ruling {
    Taken,
    /// Taken unless two keys of a map are the same data in two forms, of which nothing is known here.
    TakenIfKeysDiffer,
    Refused,
}

/// Whether a parcel is one that a peer with these limits takes, whatever its handles are.
pub(super) fn rule(parcel: &WireParcel, limits: &PeerLimits) -> Ruling {
    let buffers: Vec<usize> = parcel.buffers.iter().map(|buffer| buffer.len()).collect();
    let mut reader = Reader {
        item: &parcel.item,
        at: 0,
        objects: 0,
        buffers: 0,
        lengths: &buffers,
        values: 0,
        in_key: false,
        has_odd_keys: false,
    };
    let is_taken = parcel.item.len() <= limits.message_bytes
        && parcel.objects.len() <= limits.attachments
        && buffers.len() <= limits.attachments
        && buffers.iter().sum::<usize>() <= limits.buffer_bytes
        && reader.item(0).is_some()
        && reader.at == parcel.item.len()
        && reader.objects == parcel.objects.len()
        && reader.buffers == buffers.len()
        && reader.values <= limits.items;
    match (is_taken, reader.has_odd_keys) {
        (false, _) => Ruling::Refused,
        (true, true) => Ruling::TakenIfKeysDiffer,
        (true, false) => Ruling::Taken,
    }
}

struct Reader<'a> {
    item: &'a [u8],
    at: usize,
    /// How many objects have been named, and how many buffers.
    objects: usize,
    buffers: usize,
    /// How many bytes each buffer has.
    lengths: &'a [usize],
    values: usize,
    /// Inside of a map's key.
    in_key: bool,
    /// Whether a key is other than a short text or a small number, which have one form.
    has_odd_keys: bool,
}

/// The first byte of an item and what belongs to it; no number means an indefinite length.
struct Head {
    major: u8,
    minor: u8,
    number: Option<u64>,
}

impl Reader<'_> {
    fn take(&mut self, len: u64) -> Option<&[u8]> {
        let end = self.at.checked_add(usize::try_from(len).ok()?)?;
        let taken = self.item.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn head(&mut self) -> Option<Head> {
        let first = self.take(1)?[0];
        let (major, minor) = (first >> 5, first & 31);
        let number = match minor {
            0..=23 => Some(u64::from(minor)),
            24..=27 => {
                let bytes = self.take(1 << (minor - 24))?;
                Some(bytes.iter().fold(0, |n, byte| n << 8 | u64::from(*byte)))
            }
            31 => None,
            _ => return None,
        };
        Some(Head {
            major,
            minor,
            number,
        })
    }

    /// A head of that kind, and its number.
    fn number(&mut self, major: u8) -> Option<u64> {
        let head = self.head()?;
        (head.major == major).then_some(head.number?)
    }

    fn item(&mut self, depth: usize) -> Option<()> {
        self.values += 1;
        let head = self.head()?;
        match head.major {
            0 | 1 => head.number.map(drop),
            2 => self.take(head.number?).map(drop),
            3 => std::str::from_utf8(self.take(head.number?)?).ok().map(drop),
            4 => {
                let depth = deeper(depth)?;
                self.elements(head.number, |reader| reader.item(depth))
            }
            5 => self.map(head.number, deeper(depth)?),
            6 => self.tagged(head.number?, depth),
            // false, true, null, undefined; half, single and double.
            _ => matches!(head.minor, 20..=23 | 25..=27).then_some(()),
        }
    }

    fn elements(
        &mut self,
        count: Option<u64>,
        mut each: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        match count {
            Some(count) => (0..count).try_for_each(|_| each(self)),
            None => {
                while *self.item.get(self.at)? != 0xFF {
                    each(self)?;
                }
                self.at += 1;
                Some(())
            }
        }
    }

    fn map(&mut self, count: Option<u64>, depth: usize) -> Option<()> {
        let mut keys = BTreeSet::new();
        self.elements(count, |reader| {
            let (start, outer) = (reader.at, reader.in_key);
            reader.in_key = true;
            reader.item(depth)?;
            reader.in_key = outer;
            reader.has_odd_keys |=
                !matches!(reader.item[start], 0..=23 | 0x20..=0x37 | 0x60..=0x77);
            let is_new = keys.insert(reader.item[start..reader.at].to_vec());
            reader.item(depth)?;
            is_new.then_some(())
        })
    }

    fn tagged(&mut self, tag: u64, depth: usize) -> Option<()> {
        match tag {
            2 | 3 => {
                let len = self.number(2)?;
                self.take(len).filter(|bytes| bytes.len() <= 16).map(drop)
            }
            19535 => self.object(depth),
            19522 => self.buffer().map(drop),
            19539 => {
                (self.number(4)? == 3).then_some(())?;
                (0..3).try_for_each(|_| {
                    let part = self.head()?;
                    let is_null = part.major == 7 && part.minor == 22;
                    let is_number = part.major <= 1 && part.number? <= i64::MAX as u64;
                    (is_null || is_number).then_some(())
                })
            }
            40 => self.shaped(depth),
            64..=87 => self.numbers(tag).map(drop),
            1040 => None,
            _ => self.item(deeper(depth)?),
        }
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        let parts = self.number(4)?;
        let is_due = self.number(0)? == self.objects as u64;
        self.objects += 1;
        let is_named = self.item.get(self.at)? >> 5 == 3;
        if self.in_key || !is_due || !is_named || !(2..=3).contains(&parts) {
            return None;
        }
        self.item(depth)?;
        match parts {
            2 => Some(()),
            _ if self.item.get(self.at)? >> 5 == 5 => self.item(depth),
            _ => None,
        }
    }

    /// How many bytes the buffer has that is named here, if it is the one that is due.
    fn buffer(&mut self) -> Option<usize> {
        let is_due = self.number(0)? == self.buffers as u64;
        self.buffers += 1;
        let len = self.lengths.get(self.buffers - 1)?;
        is_due.then_some(*len)
    }

    /// The elements of an array of one dimension, under this tag: how many there are, and how many bytes each has.
    fn numbers(&mut self, tag: u64) -> Option<(usize, usize)> {
        let size = match tag {
            64 | 68 | 72 => 1,
            65 | 69 | 73 | 77 => 2,
            66 | 70 | 74 | 78 | 81 | 85 => 4,
            67 | 71 | 75 | 79 | 82 | 86 => 8,
            _ => return None,
        };
        let head = self.head()?;
        let len = match (head.major, head.number?) {
            (2, len) => self.take(len)?.len(),
            (6, 19522) => self.buffer()?,
            _ => return None,
        };
        len.is_multiple_of(size).then_some((len / size, size))
    }

    /// `[[length...], elements]`.
    fn shaped(&mut self, depth: usize) -> Option<()> {
        deeper(depth)?;
        let (2, ndim) = (self.number(4)?, self.number(4)?) else {
            return None;
        };
        if ndim > MAX_DIMS as u64 {
            return None;
        }
        self.values += 1 + ndim as usize;
        let lengths: Option<Vec<u64>> = (0..ndim).map(|_| self.number(0)).collect();
        let lengths: Vec<u128> = lengths?.into_iter().map(u128::from).collect();
        let tag = self.number(6)?;
        let (count, size) = self.numbers(tag)?;
        // Those of 0 left out, the bytes can be addressed.
        let not_zero = lengths.iter().filter(|length| **length > 0);
        let bytes = not_zero.fold(size as u128, |bytes, length| bytes.saturating_mul(*length));
        let all = lengths
            .iter()
            .fold(1, |all: u128, length| all.saturating_mul(*length));
        (bytes <= isize::MAX as u128 && all == count as u128).then_some(())
    }
}

/// The depth of what is inside of a container, if it may be there.
fn deeper(depth: usize) -> Option<usize> {
    (depth < MAX_ITEM_DEPTH).then_some(depth + 1)
}
