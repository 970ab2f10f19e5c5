//! What serde walks over: the items of a list, the entries of a map, a variant, a special in the hand.

use serde::de::value::U8Deserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};

use super::Decoder;
use super::elements::Rows;
use crate::Kind;
use crate::codec::CodecError;
use crate::special::{self, Special};

type Result<T = ()> = std::result::Result<T, CodecError>;

/// One byte as an element of a list.
pub(super) struct Byte(pub(super) U8Deserializer<CodecError>);

impl IntoDeserializer<'_, CodecError> for Byte {
    type Deserializer = U8Deserializer<CodecError>;
    fn into_deserializer(self) -> Self::Deserializer {
        self.0
    }
}

pub(super) struct Items<'a, 'de> {
    pub(super) decoder: &'a mut Decoder<'de>,
    pub(super) len: Option<usize>,
    pub(super) index: usize,
}

impl<'de> de::SeqAccess<'de> for &mut Items<'_, 'de> {
    type Error = CodecError;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        // The break of an indefinite length stays for whoever asks again.
        if self.len.is_none() && self.decoder.rest.first() == Some(&0xFF) {
            return Ok(None);
        }
        if self.len.is_some_and(|len| self.index >= len) {
            return Ok(None);
        }
        let index = self.index;
        self.index += 1;
        seed.deserialize(&mut *self.decoder)
            .map(Some)
            .map_err(|error| error.within(format_args!("[{index}]")))
    }
    fn size_hint(&self) -> Option<usize> {
        // A length is a claim; each element takes a byte at least.
        self.len
            .map(|len| (len - self.index).min(self.decoder.rest.len()))
    }
}

pub(super) struct Entries<'a, 'de> {
    pub(super) decoder: &'a mut Decoder<'de>,
    pub(super) len: Option<usize>,
    pub(super) index: usize,
    pub(super) key: &'de str,
}

impl<'de> de::MapAccess<'de> for &mut Entries<'_, 'de> {
    type Error = CodecError;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.len.is_none() && self.decoder.rest.first() == Some(&0xFF) {
            return Ok(None);
        }
        if self.len.is_some_and(|len| self.index >= len) {
            return Ok(None);
        }
        self.index += 1;
        self.key = self.decoder.clone().text().unwrap_or("");
        seed.deserialize(&mut *self.decoder).map(Some)
    }
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value> {
        let key = self.key;
        seed.deserialize(&mut *self.decoder)
            .map_err(|error| match key {
                "" => error.within("[...]"),
                key => error.within(format_args!(".{key}")),
            })
    }
    fn size_hint(&self) -> Option<usize> {
        self.len
            .map(|len| (len - self.index).min(self.decoder.rest.len()))
    }
}

/// `{variant: value}`.
pub(super) struct Variant<'a, 'de>(pub(super) &'a mut Decoder<'de>);

impl<'de> de::EnumAccess<'de> for Variant<'_, 'de> {
    type Error = CodecError;
    type Variant = Self;
    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self)> {
        let variant = seed.deserialize(&mut *self.0)?;
        Ok((variant, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_, 'de> {
    type Error = CodecError;
    fn unit_variant(self) -> Result {
        de::Deserialize::deserialize(self.0)
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(self.0)
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.0.deserialize_any(visitor)
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.0.deserialize_any(visitor)
    }
}

/// Stands where a newtype's content would be, when the content is a special in the hand.
pub(super) struct InHand;

impl<'de> Deserializer<'de> for InHand {
    type Error = CodecError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match special::take() {
            Some(Special::Bytes(bytes)) => visitor.visit_byte_buf(bytes.into_vec()),
            Some(Special::Array(array)) => Rows::of(array)?.visit(visitor),
            Some(special) => Err(CodecError::new(
                Kind::TypeError,
                format!(
                    "{} can not stand inside of an untagged, flattened or internally tagged type",
                    special.describe()
                ),
            )),
            None => visitor.visit_unit(),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        drop(special::take());
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier
    }
}
