//! Rust data to a parcel.

use ciborium_ll::{Header, simple};
use serde::ser::{self, Serialize, Serializer};

use super::array::{self, Order, TAG_SHAPED};
use super::{
    CodecError, INLINE_BYTES, TAG_BIG_NEGATIVE, TAG_BIG_POSITIVE, TAG_BUFFER, TAG_OBJECT, TAG_SLICE,
};
use crate::limits::{MAX_DIMS, MAX_ITEM_DEPTH};
use crate::special::{self, Special, TOKEN};
use crate::{AnyArray, Kind, Parcel};

mod heads;

type Result<T = ()> = std::result::Result<T, CodecError>;

/// Writes one item after another into a parcel.
pub(crate) struct Encoder<'p> {
    parcel: &'p mut Parcel,
    depth: usize,
    /// Inside a map's key, where no object may stand.
    in_key: bool,
}

impl<'p> Encoder<'p> {
    pub(crate) fn new(parcel: &'p mut Parcel) -> Self {
        Encoder {
            parcel,
            depth: 0,
            in_key: false,
        }
    }

    /// Writes the head of a list whose items follow as calls of their own.
    pub(crate) fn begin_list(&mut self, len: usize) {
        self.head(Header::Array(Some(len)));
    }

    /// Writes the head of a map whose keys and values follow.
    pub(crate) fn begin_map(&mut self, len: usize) {
        self.head(Header::Map(Some(len)));
    }

    /// Begins `[[item...], more]`, the items being written by calls of their own.
    pub(crate) fn begin_chunk(&mut self) {
        self.head(Header::Array(Some(2)));
        self.head(Header::Array(None));
    }

    /// Ends it.
    pub(crate) fn end_chunk(&mut self, more: bool) {
        self.head(Header::Break);
        self.head(Header::Simple(if more {
            simple::TRUE
        } else {
            simple::FALSE
        }));
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.head(Header::Text(Some(text.len())));
        self.parcel.item.extend_from_slice(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.head(Header::Bytes(Some(bytes.len())));
        self.parcel.item.extend_from_slice(bytes);
    }

    fn big(&mut self, tag: u64, magnitude: u128) {
        let bytes = magnitude.to_be_bytes();
        let zeros = (magnitude.leading_zeros() / 8) as usize;
        self.head(Header::Tag(tag));
        self.bytes(&bytes[zeros..]);
    }

    fn enter(&mut self, header: Header) -> Result {
        self.depth += 1;
        if self.depth > MAX_ITEM_DEPTH {
            return Err(CodecError::new(
                Kind::LimitExceeded,
                format!(
                    "data nested deeper than {MAX_ITEM_DEPTH} can not travel; send inner parts by proxy"
                ),
            ));
        }
        self.head(header);
        Ok(())
    }

    fn special(&mut self, special: Special) -> Result {
        match special {
            Special::Object(_) if self.in_key => Err(CodecError::new(
                Kind::NotTransferable,
                "a proxy can not be a key of a map; use a value that identifies the object, such as a name",
            )),
            Special::Object(proxy) => {
                let index = self.parcel.objects.len() as u64;
                self.head(Header::Tag(TAG_OBJECT));
                self.head(Header::Array(Some(2)));
                self.head(Header::Positive(index));
                self.text(proxy.type_name());
                self.parcel.objects.push(proxy);
                Ok(())
            }
            Special::Bytes(bytes) if bytes.len() <= INLINE_BYTES => {
                self.bytes(&bytes);
                Ok(())
            }
            Special::Bytes(bytes) => {
                self.head(Header::Tag(TAG_BUFFER));
                self.head(Header::Positive(self.parcel.buffers.len() as u64));
                self.parcel.buffers.push(bytes);
                Ok(())
            }
            Special::Array(array) => self.array(array),
            Special::Slice(slice) => {
                self.head(Header::Tag(TAG_SLICE));
                // One value to whoever reads it, and so no level of nesting.
                self.head(Header::Array(Some(3)));
                let mut parts = [slice.start, slice.stop, slice.step].into_iter();
                parts.try_for_each(|part| part.serialize(&mut *self))
            }
        }
    }

    fn array(&mut self, array: AnyArray) -> Result {
        let (element, dims) = (array.element_type(), array.shape());
        if dims.len() > MAX_DIMS {
            return Err(CodecError::new(
                Kind::LimitExceeded,
                format!(
                    "an array of {} dimensions can not travel; the limit is {MAX_DIMS}",
                    dims.len()
                ),
            ));
        }
        if dims.len() != 1 {
            self.enter(Header::Tag(TAG_SHAPED))?;
            self.depth -= 1;
            self.head(Header::Array(Some(2)));
            self.head(Header::Array(Some(dims.len())));
            for len in dims {
                self.head(Header::Positive(*len as u64));
            }
        }
        self.head(Header::Tag(array::tag_of(element)));
        let bytes = array::reordered(array.bytes().clone(), Order::Little, element);
        self.special(Special::Bytes(bytes))
    }

    fn begin<'a>(&'a mut self, header: Header, open: bool) -> Result<Items<'a, 'p>> {
        self.enter(header)?;
        Ok(Items {
            encoder: self,
            open,
        })
    }

    /// `{variant: ...}`, whose value follows.
    fn variant(&mut self, variant: &str) -> Result {
        self.enter(Header::Map(Some(1)))?;
        self.text(variant);
        Ok(())
    }
}

impl<'a, 'p> Serializer for &'a mut Encoder<'p> {
    type Ok = ();
    type Error = CodecError;
    type SerializeSeq = Items<'a, 'p>;
    type SerializeTuple = Items<'a, 'p>;
    type SerializeTupleStruct = Items<'a, 'p>;
    type SerializeTupleVariant = Variant<'a, 'p>;
    type SerializeMap = Items<'a, 'p>;
    type SerializeStruct = Items<'a, 'p>;
    type SerializeStructVariant = Variant<'a, 'p>;

    fn is_human_readable(&self) -> bool {
        false
    }
    fn serialize_bool(self, v: bool) -> Result {
        self.head(Header::Simple(if v { simple::TRUE } else { simple::FALSE }));
        Ok(())
    }
    fn serialize_i8(self, v: i8) -> Result {
        self.serialize_i64(v.into())
    }
    fn serialize_i16(self, v: i16) -> Result {
        self.serialize_i64(v.into())
    }
    fn serialize_i32(self, v: i32) -> Result {
        self.serialize_i64(v.into())
    }
    #[inline]
    fn serialize_i64(self, v: i64) -> Result {
        self.head(if v >= 0 {
            Header::Positive(v as u64)
        } else {
            Header::Negative(!v as u64)
        });
        Ok(())
    }
    fn serialize_i128(self, v: i128) -> Result {
        match (u64::try_from(v), u64::try_from(!v)) {
            (Ok(positive), _) => self.head(Header::Positive(positive)),
            (_, Ok(negative)) => self.head(Header::Negative(negative)),
            _ if v >= 0 => self.big(TAG_BIG_POSITIVE, v as u128),
            _ => self.big(TAG_BIG_NEGATIVE, !v as u128),
        }
        Ok(())
    }
    fn serialize_u8(self, v: u8) -> Result {
        self.serialize_u64(v.into())
    }
    fn serialize_u16(self, v: u16) -> Result {
        self.serialize_u64(v.into())
    }
    fn serialize_u32(self, v: u32) -> Result {
        self.serialize_u64(v.into())
    }
    #[inline]
    fn serialize_u64(self, v: u64) -> Result {
        self.head(Header::Positive(v));
        Ok(())
    }
    fn serialize_u128(self, v: u128) -> Result {
        match u64::try_from(v) {
            Ok(small) => self.head(Header::Positive(small)),
            Err(_) => self.big(TAG_BIG_POSITIVE, v),
        }
        Ok(())
    }
    fn serialize_f32(self, v: f32) -> Result {
        self.serialize_f64(v.into())
    }
    fn serialize_f64(self, v: f64) -> Result {
        self.head(Header::Float(v));
        Ok(())
    }
    fn serialize_char(self, v: char) -> Result {
        self.text(v.encode_utf8(&mut [0; 4]));
        Ok(())
    }
    fn serialize_str(self, v: &str) -> Result {
        self.text(v);
        Ok(())
    }
    fn serialize_bytes(self, v: &[u8]) -> Result {
        if v.len() <= INLINE_BYTES {
            self.bytes(v);
            return Ok(());
        }
        self.special(Special::Bytes(v.into()))
    }
    fn serialize_none(self) -> Result {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result {
        self.head(Header::Simple(simple::NULL));
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result {
        if name == TOKEN {
            let special = special::take()
                .ok_or_else(|| CodecError::new(Kind::NotTransferable, "an empty hand"))?;
            return self.special(special);
        }
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result {
        self.variant(variant)?;
        value.serialize(&mut *self)?;
        self.depth -= 1;
        Ok(())
    }
    fn serialize_seq(self, len: Option<usize>) -> Result<Items<'a, 'p>> {
        self.begin(Header::Array(len), len.is_none())
    }
    fn serialize_tuple(self, len: usize) -> Result<Items<'a, 'p>> {
        self.begin(Header::Array(Some(len)), false)
    }
    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<Items<'a, 'p>> {
        self.serialize_tuple(len)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Variant<'a, 'p>> {
        self.variant(variant)?;
        self.serialize_tuple(len).map(Variant)
    }
    fn serialize_map(self, len: Option<usize>) -> Result<Items<'a, 'p>> {
        self.begin(Header::Map(len), len.is_none())
    }
    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Items<'a, 'p>> {
        self.begin(Header::Map(Some(len)), false)
    }
    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Variant<'a, 'p>> {
        self.variant(variant)?;
        self.serialize_struct(name, len).map(Variant)
    }
}

/// The items of a list, the entries of a map.
pub(crate) struct Items<'a, 'p> {
    encoder: &'a mut Encoder<'p>,
    /// The number of items was not known, so a break ends them.
    open: bool,
}

impl Items<'_, '_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        value.serialize(&mut *self.encoder)
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result {
        let outer = std::mem::replace(&mut self.encoder.in_key, true);
        let result = key.serialize(&mut *self.encoder);
        self.encoder.in_key = outer;
        result
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result {
        self.encoder.text(name);
        value
            .serialize(&mut *self.encoder)
            .map_err(|error| error.within(format_args!(".{name}")))
    }

    fn finish(self) -> Result {
        if self.open {
            self.encoder.head(Header::Break);
        }
        self.encoder.depth -= 1;
        Ok(())
    }
}

impl ser::SerializeSeq for Items<'_, '_> {
    type Ok = ();
    type Error = CodecError;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        self.item(value)
    }
    fn end(self) -> Result {
        self.finish()
    }
}

impl ser::SerializeTuple for Items<'_, '_> {
    type Ok = ();
    type Error = CodecError;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        self.item(value)
    }
    fn end(self) -> Result {
        self.finish()
    }
}

impl ser::SerializeTupleStruct for Items<'_, '_> {
    type Ok = ();
    type Error = CodecError;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        self.item(value)
    }
    fn end(self) -> Result {
        self.finish()
    }
}

impl ser::SerializeMap for Items<'_, '_> {
    type Ok = ();
    type Error = CodecError;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result {
        self.key(key)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        self.item(value)
    }
    fn end(self) -> Result {
        self.finish()
    }
}

impl ser::SerializeStruct for Items<'_, '_> {
    type Ok = ();
    type Error = CodecError;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result {
        self.field(name, value)
    }
    fn end(self) -> Result {
        self.finish()
    }
}

/// The parts of an enum's variant, inside the map that names it.
pub(crate) struct Variant<'a, 'p>(Items<'a, 'p>);

impl Variant<'_, '_> {
    fn finish(self) -> Result {
        self.0.encoder.depth -= 1;
        self.0.finish()
    }
}

impl ser::SerializeTupleVariant for Variant<'_, '_> {
    type Ok = ();
    type Error = CodecError;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        self.0.item(value)
    }
    fn end(self) -> Result {
        self.finish()
    }
}

impl ser::SerializeStructVariant for Variant<'_, '_> {
    type Ok = ();
    type Error = CodecError;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result {
        self.0.field(name, value)
    }
    fn end(self) -> Result {
        self.finish()
    }
}
