//! One walk over an item before anything is decoded: is it well-formed, bounded, unambiguous, and does it name each
//! attachment once and in order?

use std::ops::Range;

use ciborium_ll::{Decoder as Heads, Header};

use keys::Keys;
use plain::is_plain;

use super::array::ArrayTag;
use super::{TAG_BIG_NEGATIVE, TAG_BIG_POSITIVE, TAG_BUFFER, TAG_OBJECT, TAG_SLICE, usual_head};
use crate::limits::MAX_ITEM_DEPTH;
use crate::{Bytes, Error, Kind, PeerLimits, Result};

mod arrays;
mod keys;
mod plain;

/// Refuses an item that breaks a rule of PROTOCOL.md, naming the rule and the byte. `names` is filled with the places
/// of the objects' type names.
pub(crate) fn check(
    item: &[u8],
    objects: usize,
    buffers: &[Bytes],
    limits: &PeerLimits,
    names: &mut Vec<Range<usize>>,
) -> Result<()> {
    if objects == 0 && buffers.is_empty() && is_plain(item, limits.items) {
        return Ok(());
    }
    let (left, limit) = (limits.items, limits.items);
    let mut walk = Walk {
        item,
        at: 0,
        left,
        limit,
        objects: 0,
        buffers,
        buffers_named: 0,
        in_key: false,
        reread: 0,
        names,
    };
    walk.item(0)?;
    if walk.at != item.len() {
        return walk.fail(format!(
            "{} bytes after the end of the item",
            item.len() - walk.at
        ));
    }
    if walk.objects != objects {
        return walk.fail(format!(
            "it names {} of the {objects} objects beside it",
            walk.objects
        ));
    }
    if walk.buffers_named != buffers.len() {
        return walk.fail(format!(
            "it names {} of the {} buffers beside it",
            walk.buffers_named,
            buffers.len()
        ));
    }
    Ok(())
}

struct Walk<'a> {
    item: &'a [u8],
    at: usize,
    left: usize,
    limit: usize,
    objects: usize,
    buffers: &'a [Bytes],
    buffers_named: usize,
    in_key: bool,
    /// Bytes of keys that were read again, to be compared.
    reread: usize,
    names: &'a mut Vec<Range<usize>>,
}

impl Walk<'_> {
    #[cold]
    fn fail<T>(&self, what: impl Into<String>) -> Result<T> {
        Err(Error::new(
            Kind::Decode,
            format!("{} (byte {})", what.into(), self.at),
        ))
    }

    #[inline]
    fn head(&mut self) -> Result<Header> {
        let rest = &self.item[self.at..];
        if let Some((header, len)) = usual_head(rest) {
            self.at += len;
            return Ok(header);
        }
        self.unusual_head()
    }

    fn unusual_head(&mut self) -> Result<Header> {
        let rest = &self.item[self.at..];
        let mut heads = Heads::from(rest);
        match heads.pull() {
            // In two bytes, RFC 8949 has only simple values that mean nothing here.
            Ok(Header::Simple(_)) if rest.first() == Some(&0xF8) => {
                self.fail("a simple value in two bytes means nothing here")
            }
            Ok(header) => {
                self.at += heads.offset();
                Ok(header)
            }
            Err(ciborium_ll::Error::Syntax(_)) => self.fail("a byte that begins no CBOR item"),
            Err(ciborium_ll::Error::Io(_)) => self.fail("the item is cut off"),
        }
    }

    fn take(&mut self, len: usize) -> Result<&[u8]> {
        match self.item[self.at..].get(..len) {
            Some(bytes) => {
                self.at += len;
                Ok(bytes)
            }
            None => self.fail(format!(
                "{len} bytes are announced, {} are there",
                self.item.len() - self.at
            )),
        }
    }

    fn item(&mut self, depth: usize) -> Result<()> {
        let header = self.head()?;
        self.body(header, depth)
    }

    /// Counts values in.
    #[inline]
    fn charge(&mut self, values: usize) -> Result<()> {
        self.left = match self.left.checked_sub(values) {
            Some(left) => left,
            None => {
                return Err(Error::new(
                    Kind::LimitExceeded,
                    format!(
                        "more than {} values in one message (Limits::items); send big data as bytes or arrays",
                        self.limit
                    ),
                ));
            }
        };
        Ok(())
    }

    fn body(&mut self, header: Header, depth: usize) -> Result<()> {
        self.charge(1)?;
        match header {
            Header::Positive(_) | Header::Negative(_) | Header::Float(_) => Ok(()),
            Header::Simple(20..=23) => Ok(()),
            Header::Simple(other) => {
                self.fail(format!("the simple value {other} means nothing here"))
            }
            Header::Text(Some(len)) => {
                let valid = std::str::from_utf8(self.take(len)?).is_ok();
                if valid {
                    Ok(())
                } else {
                    self.fail("text that is not UTF-8")
                }
            }
            Header::Bytes(Some(len)) => self.take(len).map(drop),
            Header::Text(None) | Header::Bytes(None) => {
                self.fail("text or bytes of indefinite length; write their length")
            }
            Header::Break => self.fail("a break outside of a list or map of indefinite length"),
            Header::Array(len) => {
                let depth = self.enter(depth)?;
                let mut index = 0;
                while self.more(len, index)? {
                    self.item(depth)?;
                    index += 1;
                }
                Ok(())
            }
            Header::Map(len) => self.map(len, depth),
            Header::Tag(tag) => self.tag(tag, depth),
        }
    }

    fn enter(&self, depth: usize) -> Result<usize> {
        if depth >= MAX_ITEM_DEPTH {
            return Err(Error::new(
                Kind::LimitExceeded,
                format!(
                    "data nested deeper than {MAX_ITEM_DEPTH} (byte {})",
                    self.at
                ),
            ));
        }
        Ok(depth + 1)
    }

    /// Whether another element follows; takes the break that ends an indefinite length.
    fn more(&mut self, len: Option<usize>, index: usize) -> Result<bool> {
        match len {
            Some(len) => Ok(index < len),
            None if self.item.get(self.at) == Some(&0xFF) => {
                self.at += 1;
                Ok(false)
            }
            None => Ok(true),
        }
    }

    fn map(&mut self, len: Option<usize>, depth: usize) -> Result<()> {
        let depth = self.enter(depth)?;
        let mut keys = Keys::default();
        let mut index = 0;
        while self.more(len, index)? {
            let start = self.at;
            let outer = std::mem::replace(&mut self.in_key, true);
            self.item(depth)?;
            self.in_key = outer;
            keys.push(self.item, start, self.at);
            self.item(depth)?;
            index += 1;
        }
        self.differ(keys)
    }

    fn tag(&mut self, tag: u64, depth: usize) -> Result<()> {
        match tag {
            TAG_OBJECT => self.object(depth),
            TAG_BUFFER => self.buffer().map(drop),
            TAG_SLICE => {
                if self.head()? != Header::Array(Some(3)) {
                    return self.fail("a slice is a list of three");
                }
                for _ in 0..3 {
                    match self.head()? {
                        Header::Positive(n) | Header::Negative(n) if i64::try_from(n).is_ok() => {}
                        Header::Simple(ciborium_ll::simple::NULL) => {}
                        _ => return self.fail("a part of a slice is a 64-bit integer or null"),
                    }
                }
                Ok(())
            }
            TAG_BIG_POSITIVE | TAG_BIG_NEGATIVE => match self.head()? {
                Header::Bytes(Some(len)) if len <= 16 => self.take(len).map(drop),
                Header::Bytes(Some(_)) => self.fail("an integer of more than 128 bits"),
                _ => self.fail("a big integer is a tag on bytes"),
            },
            tag => match ArrayTag::of(tag) {
                Some(tag) => self.array(tag, depth),
                // A tag that says more about an item than we need to know: dates, references.
                None => {
                    let depth = self.enter(depth)?;
                    self.item(depth)
                }
            },
        }
    }

    /// The number of a buffer; the answer is how many bytes it has.
    fn buffer(&mut self) -> Result<usize> {
        if self.head()? != Header::Positive(self.buffers_named as u64) {
            return self.fail(format!(
                "buffer {} is due here; each is named once, in order",
                self.buffers_named
            ));
        }
        let len = match self.buffers.get(self.buffers_named) {
            Some(buffer) => buffer.len(),
            None => {
                return self.fail(format!(
                    "it names {} of the {} buffers beside it",
                    self.buffers_named + 1,
                    self.buffers.len()
                ));
            }
        };
        self.buffers_named += 1;
        Ok(len)
    }

    fn object(&mut self, depth: usize) -> Result<()> {
        if self.in_key {
            return self.fail("an object as the key of a map");
        }
        let Header::Array(Some(parts @ (2 | 3))) = self.head()? else {
            return self.fail("an object is [number, type name] or [number, type name, options]");
        };
        if self.head()? != Header::Positive(self.objects as u64) {
            return self.fail(format!(
                "object {} is due here; each is named once, in order",
                self.objects
            ));
        }
        self.objects += 1;
        match self.head()? {
            header @ Header::Text(Some(len)) => {
                self.names.push(self.at..self.at.saturating_add(len));
                self.body(header, depth)?;
            }
            _ => return self.fail("the type name of an object is text"),
        }
        if parts == 3 {
            match self.head()? {
                header @ Header::Map(_) => self.body(header, depth)?,
                _ => return self.fail("the options of an object are a map"),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(item: &[u8], objects: usize, buffers: usize) -> Option<Kind> {
        let buffers = vec![Bytes::from(&[0; 16]); buffers];
        check(
            item,
            objects,
            &buffers,
            &PeerLimits::default(),
            &mut Vec::new(),
        )
        .err()
        .map(|error| error.kind())
    }

    #[test]
    fn what_is_cut_off_or_goes_on_is_refused() {
        assert_eq!(kind(&[0x01], 0, 0), None);
        for bad in [
            &[][..],
            &[0x01, 0x02],
            &[0x82, 0x01],
            &[0x63, b'a'],
            &[0x1C],
            &[0x18],
            &[0xFF],
            &[0x9F, 0x01],
        ] {
            assert_eq!(kind(bad, 0, 0), Some(Kind::Decode), "{bad:02x?}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        let twice = [0xA2, 0x61, b'a', 0x01, 0x61, b'a', 0x02];
        let not_utf8 = [0x61, 0xFF];
        let segmented = [0x7F, 0x61, b'a', 0xFF];
        let two_bytes = [[0xF8, 0x20], [0xF8, 0x14], [0xF8, 0x16]];
        let two_bytes = two_bytes.iter().map(|bad| &bad[..]);
        for bad in [&twice[..], &not_utf8, &segmented, &[0xE0]]
            .into_iter()
            .chain(two_bytes)
        {
            assert_eq!(kind(bad, 0, 0), Some(Kind::Decode), "{bad:02x?}");
        }
        assert_eq!(
            kind(&[0x9F, 0x01, 0xFF], 0, 0),
            None,
            "a list of indefinite length is well-formed"
        );
    }

    #[test]
    fn a_key_that_is_there_in_two_forms_is_there_twice() {
        let map = |first: &[u8], second: &[u8]| [&[0xA2], first, &[0xF6], second, &[0xF6]].concat();
        for (first, second) in [
            (&[0x01][..], &[0x18, 0x01][..]),
            (&[0x18, 0x01], &[0x1B, 0, 0, 0, 0, 0, 0, 0, 1]),
            (&[0x61, b'a'], &[0x78, 0x01, b'a']),
            (&[0xF6], &[0xF7]),
            (&[0xC6, 0x01], &[0x01]),
            (&[0xC2, 0x41, 0x01], &[0x01]),
            (&[0xC2, 0x42, 0x00, 0x01], &[0xC2, 0x41, 0x01]),
            (&[0xF9, 0x3C, 0x00], &[0xFA, 0x3F, 0x80, 0x00, 0x00]),
            (&[0x81, 0x01], &[0x9F, 0x01, 0xFF]),
            (&[0xA1, 0x01, 0x02], &[0xBF, 0x01, 0x02, 0xFF]),
            (&[0xD8, 0x45, 0x42, 1, 0], &[0xD8, 0x41, 0x42, 0, 1]),
        ] {
            assert_eq!(
                kind(&map(first, second), 0, 0),
                Some(Kind::Decode),
                "{second:02x?}"
            );
            assert_eq!(
                kind(&map(second, first), 0, 0),
                Some(Kind::Decode),
                "{second:02x?}"
            );
        }
        // A number and its float, a text and its bytes, zero and its negative are different keys.
        for (first, second) in [
            (&[0x01][..], &[0xF9, 0x3C, 0x00][..]),
            (&[0x61, b'a'], &[0x41, b'a']),
            (&[0xF9, 0x00, 0x00], &[0xF9, 0x80, 0x00]),
            (&[0x18, 0x18], &[0x17]),
            (&[0xD9, 0x4C, 0x42, 0x00], &[0x41, 0]),
        ] {
            let buffers = usize::from(first[0] == 0xD9);
            assert_eq!(kind(&map(first, second), 0, buffers), None, "{second:02x?}");
        }
        let same = map(&[0xD9, 0x4C, 0x42, 0x00], &[0xD9, 0x4C, 0x42, 0x01]);
        assert_eq!(
            kind(&same, 0, 2),
            Some(Kind::Decode),
            "two buffers with the same bytes"
        );
    }

    #[test]
    fn each_attachment_is_named_once_and_in_order() {
        let object = |n: u8| [0xD9, 0x4C, 0x4F, 0x82, n, 0x61, b'T'];
        let buffer = |n: u8| [0xD9, 0x4C, 0x42, n];
        assert_eq!(kind(&object(0), 1, 0), None);
        assert_eq!(kind(&object(0), 0, 0), Some(Kind::Decode), "not there");
        assert_eq!(kind(&object(0), 2, 0), Some(Kind::Decode), "one not named");
        assert_eq!(kind(&object(1), 2, 0), Some(Kind::Decode), "out of order");
        assert_eq!(kind(&buffer(0), 0, 1), None);
        assert_eq!(kind(&buffer(7), 0, 1), Some(Kind::Decode));
        let mut twice = vec![0x82];
        twice.extend(object(0));
        twice.extend(object(0));
        assert_eq!(kind(&twice, 1, 0), Some(Kind::Decode), "named twice");
        let mut key = vec![0xA1];
        key.extend(object(0));
        key.push(0x01);
        assert_eq!(kind(&key, 1, 0), Some(Kind::Decode), "as a key");
    }

    #[test]
    fn depth_and_number_of_items_are_bounded() {
        let nested = |depth: usize| [vec![0x81; depth], vec![0x01]].concat();
        assert_eq!(kind(&nested(MAX_ITEM_DEPTH), 0, 0), None);
        assert_eq!(
            kind(&nested(MAX_ITEM_DEPTH + 1), 0, 0),
            Some(Kind::LimitExceeded)
        );
        let mut tags = vec![0xC6; 1_000_000];
        tags.push(0x01);
        assert_eq!(
            kind(&tags, 0, 0),
            Some(Kind::LimitExceeded),
            "tags nest too"
        );
        let limits = PeerLimits {
            items: 3,
            ..PeerLimits::default()
        };
        assert!(check(&[0x82, 0x01, 0x02], 0, &[], &limits, &mut Vec::new()).is_ok());
        assert_eq!(
            check(&[0x83, 0x01, 0x02, 0x03], 0, &[], &limits, &mut Vec::new())
                .unwrap_err()
                .kind(),
            Kind::LimitExceeded
        );
        let huge_length = [0x9B, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        assert_eq!(
            kind(&huge_length, 0, 0),
            Some(Kind::Decode),
            "a length alone reserves nothing"
        );
    }
}
