//! A parcel to Rust data.

use ciborium_ll::{Decoder as Heads, Header, simple};
use serde::de::value::{SeqDeserializer, StrDeserializer};
use serde::de::{self, Deserializer, IntoDeserializer, Visitor};

mod access;
mod arrays;
mod elements;

use access::{Byte, Entries, InHand, Items, Variant};

use super::array::ArrayTag;
use super::{
    CodecError, TAG_BIG_NEGATIVE, TAG_BIG_POSITIVE, TAG_BUFFER, TAG_OBJECT, TAG_SLICE,
    is_passed_over, usual_head,
};
use crate::special::{self, Special, TOKEN};
use crate::{Bytes, Kind, Proxy, Slice};

type Result<T = ()> = std::result::Result<T, CodecError>;

/// Reads one item after another from checked bytes.
#[derive(Clone)]
pub(crate) struct Decoder<'de> {
    rest: &'de [u8],
    objects: &'de [Proxy],
    buffers: &'de [Bytes],
}

impl<'de> Decoder<'de> {
    pub(crate) fn new(item: &'de [u8], objects: &'de [Proxy], buffers: &'de [Bytes]) -> Self {
        Decoder {
            rest: item,
            objects,
            buffers,
        }
    }

    /// What has not been read yet.
    pub(crate) fn rest(&self) -> &'de [u8] {
        self.rest
    }

    /// Reads the head of a list; its items follow as calls of their own.
    pub(crate) fn list(&mut self) -> Result<Option<usize>> {
        match self.head()? {
            Header::Array(len) => Ok(len),
            _ => Err(CodecError::new(Kind::Decode, "a list is expected here")),
        }
    }

    /// Reads the head of a map.
    pub(crate) fn map(&mut self) -> Result<Option<usize>> {
        match self.head()? {
            Header::Map(len) => Ok(len),
            _ => Err(CodecError::new(Kind::Decode, "a map is expected here")),
        }
    }

    /// Reads a text.
    pub(crate) fn text(&mut self) -> Result<&'de str> {
        match self.head()? {
            Header::Text(Some(len)) => self.str(len),
            _ => Err(CodecError::new(Kind::Decode, "a text is expected here")),
        }
    }

    /// Whether a list or map of this announced length goes on after `index` elements.
    pub(crate) fn more(&mut self, len: Option<usize>, index: usize) -> bool {
        match len {
            Some(len) => index < len,
            None => match self.rest.split_first() {
                Some((0xFF, rest)) => {
                    self.rest = rest;
                    false
                }
                first => first.is_some(),
            },
        }
    }

    #[inline]
    fn head(&mut self) -> Result<Header> {
        if let Some((header, len)) = usual_head(self.rest) {
            self.rest = &self.rest[len..];
            return Ok(header);
        }
        self.unusual_head()
    }

    fn unusual_head(&mut self) -> Result<Header> {
        let mut heads = Heads::from(self.rest);
        match heads.pull() {
            Ok(header) => {
                self.rest = &self.rest[heads.offset()..];
                Ok(header)
            }
            Err(_) => Err(CodecError::new(Kind::Decode, "the item is cut off")),
        }
    }

    fn bytes(&mut self, len: usize) -> Result<&'de [u8]> {
        let (bytes, rest) = self
            .rest
            .split_at_checked(len)
            .ok_or_else(|| CodecError::new(Kind::Decode, "the item is cut off"))?;
        self.rest = rest;
        Ok(bytes)
    }

    fn str(&mut self, len: usize) -> Result<&'de str> {
        std::str::from_utf8(self.bytes(len)?)
            .map_err(|_| CodecError::new(Kind::Decode, "text that is not UTF-8"))
    }

    /// Walks over one item.
    pub(crate) fn skip_item(&mut self) -> Result {
        match self.head()? {
            Header::Text(len) | Header::Bytes(len) => self.bytes(len.unwrap_or(0)).map(drop),
            Header::Array(len) => self.skip_items(len, 1),
            Header::Map(len) => self.skip_items(len, 2),
            Header::Tag(_) => self.skip_item(),
            _ => Ok(()),
        }
    }

    fn skip_items(&mut self, len: Option<usize>, each: usize) -> Result {
        let mut index = 0;
        while self.more(len, index) {
            for _ in 0..each {
                self.skip_item()?;
            }
            index += 1;
        }
        Ok(())
    }

    fn special(&mut self, tag: u64) -> Result<Option<Special>> {
        match tag {
            TAG_OBJECT => {
                let parts = self.list()?;
                let index = self.index()?;
                for _ in 1..parts.unwrap_or(1) {
                    self.skip_item()?;
                }
                let proxy = self.objects.get(index).cloned();
                proxy
                    .map(Special::Object)
                    .map(Some)
                    .ok_or_else(|| missing("object", index))
            }
            TAG_BUFFER => {
                let index = self.index()?;
                let bytes = self.buffers.get(index).cloned();
                bytes
                    .map(Special::Bytes)
                    .map(Some)
                    .ok_or_else(|| missing("buffer", index))
            }
            TAG_SLICE => {
                let (start, stop, step) = de::Deserialize::deserialize(self)?;
                Ok(Some(Special::Slice(Slice { start, stop, step })))
            }
            tag => match ArrayTag::of(tag) {
                Some(tag) => self.array(tag).map(Special::Array).map(Some),
                None => Ok(None),
            },
        }
    }

    /// Goes on behind the tags that are passed over, for readers who look at the head of what they get.
    #[inline]
    fn pass_tags(&mut self) -> Result {
        while self.rest.first().is_some_and(|first| first >> 5 == 6) {
            let mut ahead = self.clone();
            match ahead.head()? {
                Header::Tag(tag) if is_passed_over(tag) => *self = ahead,
                _ => break,
            }
        }
        Ok(())
    }

    fn index(&mut self) -> Result<usize> {
        match self.head()? {
            Header::Positive(index) => Ok(usize::try_from(index).unwrap_or(usize::MAX)),
            _ => Err(CodecError::new(
                Kind::Decode,
                "the number of an attachment is expected here",
            )),
        }
    }

    fn visit_special<V: Visitor<'de>>(&mut self, special: Special, visitor: V) -> Result<V::Value> {
        special::put(special);
        let result = visitor.visit_newtype_struct(InHand);
        match (result, special::take()) {
            // The visitor had no use for it, and so could not say what it was.
            (Err(error), Some(left)) => Err(error.with_special(&left.describe())),
            (result, _) => result,
        }
    }

    fn big(&mut self) -> Result<u128> {
        let Header::Bytes(Some(len @ 0..=16)) = self.head()? else {
            return Err(CodecError::new(
                Kind::Decode,
                "an integer of more than 128 bits",
            ));
        };
        Ok(self
            .bytes(len)?
            .iter()
            .fold(0, |n, byte| n << 8 | u128::from(*byte)))
    }

    fn list_of<V: Visitor<'de>>(&mut self, len: Option<usize>, visitor: V) -> Result<V::Value> {
        let mut items = Items {
            decoder: self,
            len,
            index: 0,
        };
        let value = visitor.visit_seq(&mut items)?;
        let index = items.index;
        if self.more(len, index) {
            let got = len.map_or_else(|| "more".to_owned(), |len| len.to_string());
            return Err(CodecError::new(
                Kind::ValueError,
                format!("expected a list of {index}, got {got}"),
            ));
        }
        Ok(value)
    }

    fn map_of<V: Visitor<'de>>(&mut self, len: Option<usize>, visitor: V) -> Result<V::Value> {
        let mut entries = Entries {
            decoder: self,
            len,
            index: 0,
            key: "",
        };
        let value = visitor.visit_map(&mut entries)?;
        let index = entries.index;
        if self.more(len, index) {
            return Err(CodecError::new(
                Kind::ValueError,
                format!("expected a map of {index} entries, got more"),
            ));
        }
        Ok(value)
    }

    fn visit<V: Visitor<'de>>(&mut self, header: Header, visitor: V) -> Result<V::Value> {
        match header {
            Header::Positive(n) => visitor.visit_u64(n),
            Header::Negative(n) => match i64::try_from(n) {
                Ok(n) => visitor.visit_i64(!n),
                Err(_) => visitor.visit_i128(!i128::from(n)),
            },
            Header::Float(x) => visitor.visit_f64(x),
            Header::Simple(simple::FALSE) => visitor.visit_bool(false),
            Header::Simple(simple::TRUE) => visitor.visit_bool(true),
            Header::Simple(_) => visitor.visit_unit(),
            Header::Text(Some(len)) => visitor.visit_borrowed_str(self.str(len)?),
            Header::Bytes(Some(len)) => visitor.visit_borrowed_bytes(self.bytes(len)?),
            Header::Array(len) => self.list_of(len, visitor),
            Header::Map(len) => self.map_of(len, visitor),
            Header::Tag(TAG_BIG_POSITIVE) => visitor.visit_u128(self.big()?),
            Header::Tag(TAG_BIG_NEGATIVE) => match i128::try_from(self.big()?) {
                Ok(n) => visitor.visit_i128(!n),
                Err(_) => Err(CodecError::new(
                    Kind::ValueError,
                    "an integer of more than 128 bits",
                )),
            },
            Header::Tag(tag) => match self.special(tag)? {
                Some(special) => self.visit_special(special, visitor),
                None => {
                    let header = self.head()?;
                    self.visit(header, visitor)
                }
            },
            Header::Break | Header::Text(None) | Header::Bytes(None) => Err(CodecError::new(
                Kind::Decode,
                "an item that a check would have refused",
            )),
        }
    }

    /// For integers: a language without them sends a whole number as a float.
    #[inline]
    fn visit_integer<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        if let Some((first @ 0x00..=0x17, rest)) = self.rest.split_first() {
            self.rest = rest;
            return visitor.visit_u64(u64::from(*first));
        }
        self.visit_long_integer(visitor)
    }

    fn visit_long_integer<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        self.pass_tags()?;
        match self.head()? {
            Header::Float(x) if x.trunc() == x && x.abs() < 9.1e18 => visitor.visit_i64(x as i64),
            header => self.visit(header, visitor),
        }
    }
}

#[cold]
fn missing(what: &str, index: usize) -> CodecError {
    CodecError::new(
        Kind::Decode,
        format!("{what} {index} is not beside the item"),
    )
}

impl<'de> Deserializer<'de> for &mut Decoder<'de> {
    type Error = CodecError;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let header = self.head()?;
        self.visit(header, visitor)
    }

    fn deserialize_i8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_integer(visitor)
    }
    fn deserialize_i16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_integer(visitor)
    }
    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_integer(visitor)
    }
    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_integer(visitor)
    }
    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_integer(visitor)
    }
    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_integer(visitor)
    }
    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_integer(visitor)
    }
    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_integer(visitor)
    }
    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_integer(visitor)
    }
    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_integer(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.pass_tags()?;
        match self.rest.split_first() {
            // null and undefined
            Some((0xF6 | 0xF7, rest)) => {
                self.rest = rest;
                visitor.visit_none()
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.pass_tags()?;
        match self.head()? {
            // A `Vec<u8>` takes bytes as it takes a list of numbers.
            Header::Bytes(Some(len)) => {
                let items = self
                    .bytes(len)?
                    .iter()
                    .map(|byte| (*byte).into_deserializer());
                visitor.visit_seq(SeqDeserializer::<_, CodecError>::new(items.map(Byte)))
            }
            Header::Tag(TAG_BUFFER) => match self.special(TAG_BUFFER)? {
                Some(Special::Bytes(bytes)) => {
                    let items = bytes.iter().map(|byte| Byte((*byte).into_deserializer()));
                    visitor.visit_seq(SeqDeserializer::<_, CodecError>::new(items))
                }
                _ => Err(CodecError::new(Kind::Decode, "a buffer is expected here")),
            },
            header => self.visit_list(header, visitor),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.pass_tags()?;
        let header = self.head()?;
        self.visit_list(header, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.pass_tags()?;
        match self.head()? {
            Header::Tag(TAG_BUFFER) => {
                let index = self.index()?;
                let bytes: &'de Bytes = self
                    .buffers
                    .get(index)
                    .ok_or_else(|| missing("buffer", index))?;
                visitor.visit_borrowed_bytes(bytes)
            }
            header => self.visit(header, visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        if name == TOKEN {
            self.deserialize_any(visitor)
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.pass_tags()?;
        match self.head()? {
            Header::Text(Some(len)) => {
                visitor.visit_enum(StrDeserializer::<CodecError>::new(self.str(len)?))
            }
            Header::Map(Some(1)) => visitor.visit_enum(Variant(self)),
            header => {
                let wanted = "a text or a map of one entry, naming a variant";
                self.visit(header, Refuse(wanted))
                    .map(|never| match never {})
            }
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.skip_item()?;
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool f32 f64 char str string unit unit_struct map struct identifier
    }
}

/// A visitor that takes nothing, for its error.
struct Refuse(&'static str);

impl Visitor<'_> for Refuse {
    type Value = std::convert::Infallible;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}
