//! [`Value`] to and from everything that serde knows.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::{Bytes, Map, Value, special};

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(it) => serializer.serialize_bool(*it),
            // The narrow forms first: not every format knows 128 bits.
            Value::Int(it) => match (i64::try_from(*it), u64::try_from(*it)) {
                (Ok(it), _) => serializer.serialize_i64(it),
                (_, Ok(it)) => serializer.serialize_u64(it),
                _ => serializer.serialize_i128(*it),
            },
            Value::Float(it) => serializer.serialize_f64(*it),
            Value::Text(it) => serializer.serialize_str(it),
            Value::Bytes(it) => it.serialize(serializer),
            Value::Array(it) => it.serialize(serializer),
            Value::List(it) => it.serialize(serializer),
            Value::Map(it) => it.serialize(serializer),
            Value::Slice(it) => it.serialize(serializer),
            Value::Object(it) => it.serialize(serializer),
        }
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self.iter() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }
    fn visit_bool<E>(self, it: bool) -> Result<Value, E> {
        Ok(Value::Bool(it))
    }
    fn visit_i64<E>(self, it: i64) -> Result<Value, E> {
        Ok(Value::Int(it.into()))
    }
    fn visit_u64<E>(self, it: u64) -> Result<Value, E> {
        Ok(Value::Int(it.into()))
    }
    fn visit_i128<E>(self, it: i128) -> Result<Value, E> {
        Ok(Value::Int(it))
    }
    fn visit_u128<E: de::Error>(self, it: u128) -> Result<Value, E> {
        match i128::try_from(it) {
            Ok(it) => Ok(Value::Int(it)),
            Err(_) => Err(E::custom(format!(
                "the integer {it} is out of range (-2^127 to 2^127 - 1)"
            ))),
        }
    }
    fn visit_f64<E>(self, it: f64) -> Result<Value, E> {
        Ok(Value::Float(it))
    }
    fn visit_str<E>(self, it: &str) -> Result<Value, E> {
        Ok(Value::Text(it.to_owned()))
    }
    fn visit_string<E>(self, it: String) -> Result<Value, E> {
        Ok(Value::Text(it))
    }
    fn visit_bytes<E>(self, it: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes(it.into()))
    }
    fn visit_byte_buf<E>(self, it: Vec<u8>) -> Result<Value, E> {
        Ok(Value::Bytes(Bytes::from(it)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        // At most 32 KiB ahead of what has been read: a length is a claim.
        let mut list = Vec::with_capacity(items.size_hint().unwrap_or(0).min(1024));
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Value, A::Error> {
        visit_map(entries).map(Value::Map)
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        match special::take_value() {
            Some(value) => Ok(value),
            None => Value::deserialize(deserializer),
        }
    }
}

fn visit_map<'de, A: MapAccess<'de>>(mut entries: A) -> Result<Map, A::Error> {
    let mut map = Map::new();
    while let Some((key, value)) = entries.next_entry()? {
        // The check has refused keys that are there twice.
        map.push(key, value);
    }
    Ok(map)
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

impl<'de> Deserialize<'de> for Map {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MapVisitor;
        impl<'de> Visitor<'de> for MapVisitor {
            type Value = Map;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }
            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Map, A::Error> {
                visit_map(entries)
            }
        }
        deserializer.deserialize_map(MapVisitor)
    }
}
