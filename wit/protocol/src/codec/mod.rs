//! CBOR by way of serde: heads are read and written by ciborium, the rules of the protocol are added here.
//!
//! **Invariant:** an item is [checked](check()) whole before any of it is decoded, so decoding never meets a depth, a
//! length, a text or a reference that is not in order.

use ciborium_ll::Header;

mod array;
mod check;
mod decode;
mod encode;
mod error;
#[cfg(test)]
mod tests;

pub(crate) use check::check;
pub(crate) use decode::Decoder;
pub(crate) use encode::Encoder;
pub(crate) use error::CodecError;

/// Tag of `[n, type-name]` or `[n, type-name, options]`: the n-th object of the attachments.
pub(crate) const TAG_OBJECT: u64 = 0x4C4F;
/// Tag of `n`: the n-th buffer of the attachments.
pub(crate) const TAG_BUFFER: u64 = 0x4C42;
/// Tag of `[start, stop, step]`, each an integer or null.
pub(crate) const TAG_SLICE: u64 = 0x4C53;
/// Tags of integers beyond 64 bits, from RFC 8949.
pub(crate) const TAG_BIG_POSITIVE: u64 = 2;
pub(crate) const TAG_BIG_NEGATIVE: u64 = 3;

/// Bytes up to this many stay inside the item; more go beside it, where they are copied once.
pub const INLINE_BYTES: usize = 512;

/// The head that begins these bytes, and its length, where it is one of those that nearly all are: integers, and text,
/// lists and maps of definite length. `None` leaves it to ciborium.
#[inline]
pub(crate) fn usual_head(bytes: &[u8]) -> Option<(Header, usize)> {
    let first = *bytes.first()?;
    let (argument, len) = match first & 0x1F {
        minor @ 0..24 => (u64::from(minor), 1),
        24 => (u64::from(*bytes.get(1)?), 2),
        25 => (
            u64::from(u16::from_be_bytes(*bytes.get(1..)?.first_chunk()?)),
            3,
        ),
        26 => (
            u64::from(u32::from_be_bytes(*bytes.get(1..)?.first_chunk()?)),
            5,
        ),
        27 => (u64::from_be_bytes(*bytes.get(1..)?.first_chunk()?), 9),
        _ => return None,
    };
    let header = match first >> 5 {
        0 => Header::Positive(argument),
        1 => Header::Negative(argument),
        3 => Header::Text(Some(usize::try_from(argument).ok()?)),
        4 => Header::Array(Some(usize::try_from(argument).ok()?)),
        5 => Header::Map(Some(usize::try_from(argument).ok()?)),
        _ => return None,
    };
    Some((header, len))
}

/// Whether an item that was checked is an object and nothing else.
pub(crate) fn is_object(item: &[u8]) -> bool {
    let mut heads = ciborium_ll::Decoder::from(item);
    loop {
        match heads.pull() {
            Ok(Header::Tag(TAG_OBJECT)) => return true,
            Ok(Header::Tag(tag)) if is_passed_over(tag) => {}
            _ => return false,
        }
    }
}

/// Whether a tag says nothing that matters here, so that what is under it stands for itself.
pub(crate) fn is_passed_over(tag: u64) -> bool {
    let ours = [TAG_OBJECT, TAG_BUFFER, TAG_SLICE];
    let big = [TAG_BIG_POSITIVE, TAG_BIG_NEGATIVE];
    !ours.contains(&tag) && !big.contains(&tag) && array::ArrayTag::of(tag).is_none()
}

/// What a person calls the type of an item, from its first byte.
pub(crate) fn type_name(item: &[u8]) -> &'static str {
    match item {
        [0x00..=0x3F, ..] => "int",
        [0x40..=0x5F, ..] => "bytes",
        [0x60..=0x7F, ..] => "text",
        [0x80..=0x9F, ..] => "list",
        [0xA0..=0xBF, ..] => "map",
        [0xC2 | 0xC3, ..] => "int",
        [0xD9, 0x4C, 0x42, ..] => "bytes",
        [0xD8, 0x28 | 0x40..=0x57, ..] => "array",
        [0xD9, 0x4C, 0x53, ..] => "slice",
        [0xF4 | 0xF5, ..] => "bool",
        [0xF9..=0xFB, ..] => "float",
        _ => "object",
    }
}
