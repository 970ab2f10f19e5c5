//! How proxies, bytes, arrays and slices pass through serde, which knows none of them.
//!
//! Their `Serialize` puts the thing into the thread's *hand* and calls `serialize_newtype_struct` with [`TOKEN`]; the
//! codec, which knows the token, takes it out. `Deserialize` is the same backwards. Any other serde format sees what
//! [`Plain`] writes: bytes as bytes, an array as its shape and a list, a slice as three numbers, and for a proxy an error
//! that says where it can travel.

use std::cell::Cell;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{self, Serialize, Serializer};

use crate::{AnyArray, Bytes, ElementType, Proxy, Slice, Value, array};

/// The newtype name that the codec knows.
pub(crate) const TOKEN: &str = "$locum.special";

/// What serde has no word for.
pub(crate) enum Special {
    Object(Proxy),
    Bytes(Bytes),
    Array(AnyArray),
    Slice(Slice),
}

impl Special {
    /// What an error calls it.
    pub(crate) fn describe(&self) -> String {
        match self {
            Special::Object(proxy) => format!("a proxy ({})", proxy.type_name()),
            Special::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Special::Array(array) => array.describe(),
            Special::Slice(_) => "a slice".to_owned(),
        }
    }
}

thread_local! {
    static HAND: Cell<Option<Special>> = const { Cell::new(None) };
}

pub(crate) fn put(special: Special) {
    // At the end of a thread the hand may be gone: then nothing special can travel.
    let _ = HAND.try_with(|hand| hand.set(Some(special)));
}

pub(crate) fn take() -> Option<Special> {
    HAND.try_with(Cell::take).ok().flatten()
}

pub(crate) fn serialize<S: Serializer>(serializer: S, special: Special) -> Result<S::Ok, S::Error> {
    put(special);
    let result = serializer.serialize_newtype_struct(TOKEN, &Plain);
    take();
    result
}

/// What a serializer that does not know the token writes.
struct Plain;

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match take() {
            Some(Special::Bytes(bytes)) => serializer.serialize_bytes(&bytes),
            Some(Special::Array(array)) => array::write_out(&array, serializer),
            Some(Special::Slice(slice)) => {
                (slice.start, slice.stop, slice.step).serialize(serializer)
            }
            Some(Special::Object(_)) => Err(ser::Error::custom(
                "a proxy travels only in a Locum parcel; this format can not hold one",
            )),
            None => Err(ser::Error::custom("nothing in the hand")),
        }
    }
}

impl Serialize for Proxy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(serializer, Special::Object(self.clone()))
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(serializer, Special::Bytes(self.clone()))
    }
}

impl Serialize for Slice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(serializer, Special::Slice(*self))
    }
}

impl<'de> Deserialize<'de> for Proxy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ProxyVisitor;
        impl<'de> Visitor<'de> for ProxyVisitor {
            type Value = Proxy;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a proxy")
            }
            fn visit_newtype_struct<D: Deserializer<'de>>(self, _: D) -> Result<Proxy, D::Error> {
                match take() {
                    Some(Special::Object(proxy)) => Ok(proxy),
                    other => Err(unexpected(other, &self)),
                }
            }
        }
        deserializer.deserialize_newtype_struct(TOKEN, ProxyVisitor)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BytesVisitor;
        impl<'de> Visitor<'de> for BytesVisitor {
            type Value = Bytes;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }
            fn visit_newtype_struct<D: Deserializer<'de>>(self, _: D) -> Result<Bytes, D::Error> {
                match take() {
                    Some(Special::Bytes(bytes)) => Ok(bytes),
                    // One dimension of bytes is bytes.
                    Some(Special::Array(array))
                        if array.element_type() == ElementType::U8 && array.ndim() == 1 =>
                    {
                        Ok(array.bytes().clone())
                    }
                    other => Err(unexpected(other, &self)),
                }
            }
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes::from(bytes))
            }
            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
                Ok(Bytes::from(bytes))
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Bytes, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = items.next_element::<u8>()? {
                    bytes.push(byte);
                }
                Ok(Bytes::from(bytes))
            }
        }
        deserializer.deserialize_newtype_struct(TOKEN, BytesVisitor)
    }
}

impl<'de> Deserialize<'de> for Slice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SliceVisitor;
        impl<'de> Visitor<'de> for SliceVisitor {
            type Value = Slice;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a slice")
            }
            fn visit_newtype_struct<D: Deserializer<'de>>(self, _: D) -> Result<Slice, D::Error> {
                match take() {
                    Some(Special::Slice(slice)) => Ok(slice),
                    other => Err(unexpected(other, &self)),
                }
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, items: A) -> Result<Slice, A::Error> {
                let (start, stop, step) =
                    Deserialize::deserialize(de::value::SeqAccessDeserializer::new(items))?;
                Ok(Slice { start, stop, step })
            }
        }
        deserializer.deserialize_newtype_struct(TOKEN, SliceVisitor)
    }
}

/// The special in the hand as a value, for whoever takes anything.
pub(crate) fn take_value() -> Option<Value> {
    Some(match take()? {
        Special::Object(proxy) => Value::Object(proxy),
        Special::Bytes(bytes) => Value::Bytes(bytes),
        Special::Array(array) => Value::Array(array),
        Special::Slice(slice) => Value::Slice(slice),
    })
}

pub(crate) fn unexpected<E: de::Error>(got: Option<Special>, expected: &dyn de::Expected) -> E {
    match got {
        Some(special) => E::invalid_type(de::Unexpected::Other(&special.describe()), expected),
        None => E::invalid_type(de::Unexpected::NewtypeStruct, expected),
    }
}
