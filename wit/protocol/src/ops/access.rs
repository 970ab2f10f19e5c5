//! What stands in a value: its length, its items by key, whether it holds something, all of it in order.

use super::array;
use super::compare::equal;
use super::list::{self, Key, indices, position_in};
use super::map;
use super::methods::search::find_bytes;
use super::numbers::whole;
use super::text::describe;
use crate::{Bytes, Error, Result, Slice, Value};

/// How many items, entries, characters, bytes or rows it has.
///
/// ```
/// # use locum_protocol::ops;
/// assert_eq!(ops::len(&"häuser".into())?, 6);
/// assert!(ops::len(&7.into()).is_err());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn len(value: &Value) -> Result<usize> {
    match value {
        Value::Text(text) => Ok(text.chars().count()),
        Value::Bytes(bytes) => Ok(bytes.len()),
        Value::Array(array) => array::len(array),
        Value::List(items) => Ok(items.len()),
        Value::Map(map) => Ok(map.len()),
        Value::Object(proxy) => {
            let len = proxy.call::<u64>("__len__", ())?;
            usize::try_from(len)
                .map_err(|_| Error::value(format!("a length of {len} does not fit here")))
        }
        other => Err(Error::type_error(format!(
            "object of type '{}' has no len()",
            other.type_name()
        ))),
    }
}

/// `value[key]`: by index or slice, in a map by key. Text gives a text, bytes the number of a byte, an array a row: a
/// number where it has one dimension. A list of indices and slices is for the first dimensions of an array.
///
/// ```
/// # use locum_protocol::{Value, ops, slice};
/// let list = Value::from(vec![10, 20, 30]);
/// assert_eq!(ops::get_item(&list, &(-1).into())?, 30.into());
/// assert_eq!(ops::get_item(&list, &slice(1..).into())?, vec![20, 30].into());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn get_item(value: &Value, key: &Value) -> Result<Value> {
    match value {
        Value::List(items) => list::get(items, key),
        Value::Map(map) => map::get(map, key),
        Value::Text(text) => match Key::of(key, "text")? {
            Key::Index(index) => text_index(text, index),
            Key::Slice(slice) => text_slice(text, slice).map(Value::Text),
        },
        Value::Bytes(bytes) => match Key::of(key, "bytes")? {
            Key::Index(index) => Ok(Value::Int(
                bytes[position_in("bytes", bytes.len(), index)?].into(),
            )),
            Key::Slice(slice) => {
                let named: Vec<u8> = indices(slice, bytes.len())?.map(|at| bytes[at]).collect();
                Ok(Bytes::from(named).into())
            }
        },
        Value::Array(array) => array::get(array, key),
        Value::Object(proxy) => proxy.call::<Value>("__getitem__", (key,)),
        other => Err(not_supported(other, "is not subscriptable")),
    }
}

/// `target[key] = value`, for lists, maps, arrays and objects.
///
/// ```
/// # use locum_protocol::{Value, ops, slice};
/// let mut list = Value::from(vec![10, 20, 30]);
/// ops::set_item(&mut list, 0.into(), "ten".into())?;
/// ops::set_item(&mut list, slice(1..).into(), Vec::<i64>::new().into())?;
/// assert_eq!(list, vec!["ten"].into());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn set_item(target: &mut Value, key: Value, value: Value) -> Result<()> {
    match target {
        Value::List(items) => list::set(items, &key, value),
        Value::Map(map) => {
            map.insert(key, value);
            Ok(())
        }
        Value::Array(array) => array::set(array, &key, &value),
        Value::Object(proxy) => proxy.call::<()>("__setitem__", (&key, &value)),
        other => Err(not_supported(other, "does not support item assignment")),
    }
}

/// `del target[key]`, for lists, maps and objects.
///
/// ```
/// # use locum_protocol::{Value, ops};
/// let mut list = Value::from(vec![10, 20, 30]);
/// ops::del_item(&mut list, &1.into())?;
/// assert_eq!(list, vec![10, 30].into());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn del_item(target: &mut Value, key: &Value) -> Result<()> {
    match target {
        Value::List(items) => list::delete(items, key),
        Value::Map(map) => map::delete(map, key).map(drop),
        Value::Object(proxy) => proxy.call::<()>("__delitem__", (key,)),
        other => Err(not_supported(other, "does not support item deletion")),
    }
}

/// `item in value`: an item of a list, a key of a map, a part of a text, a byte of bytes or a part of them, a number of
/// an array.
///
/// ```
/// # use locum_protocol::ops;
/// assert!(ops::contains(&"counter".into(), &"count".into())?);
/// assert!(!ops::contains(&vec![1, 2].into(), &3.into())?);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn contains(value: &Value, item: &Value) -> Result<bool> {
    match value {
        Value::List(items) => contains_item(items, item),
        Value::Map(map) => Ok(map.get(item).is_some()),
        Value::Text(text) => match item {
            Value::Text(part) => Ok(text.contains(part.as_str())),
            other => Err(Error::type_error(format!(
                "'in <text>' requires text as left operand, not {}",
                other.type_name()
            ))),
        },
        Value::Bytes(bytes) => Ok(find_bytes(bytes, &bytes_part(item)?).is_some()),
        Value::Array(array) => Ok(array::contains(array, item)),
        Value::Object(proxy) => proxy.call::<bool>("__contains__", (item,)),
        other => Err(not_supported(other, "is not a container")),
    }
}

/// Everything in it, in order: items, keys, characters, the numbers of bytes, the rows of arrays. Not for objects, which are asked in
/// chunks by `Proxy::iter`.
///
/// ```
/// # use locum_protocol::ops;
/// assert_eq!(ops::iterate(&"abc".into())?, ["a".into(), "b".into(), "c".into()]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn iterate(value: &Value) -> Result<Vec<Value>> {
    match value {
        Value::List(items) => Ok(items.clone()),
        Value::Map(map) => Ok(map.iter().map(|(key, _)| key.clone()).collect()),
        Value::Text(text) => Ok(text.chars().map(|c| Value::Text(c.into())).collect()),
        Value::Bytes(bytes) => Ok(bytes
            .iter()
            .map(|byte| Value::Int((*byte).into()))
            .collect()),
        Value::Array(array) => array::all_rows(array),
        Value::Object(proxy) => Err(Error::type_error(format!(
            "expected data, got an object ({}); collect what Proxy::iter gives",
            proxy.type_name()
        ))),
        other => Err(not_supported(other, "is not iterable")),
    }
}

/// What it tells about itself under a name: of data, only arrays do (`shape`, `dtype`, `ndim`, `size`).
///
/// ```
/// # use locum_protocol::{AnyArray, Array, Value, ops};
/// let image = Value::from(AnyArray::from(Array::new([2, 3], vec![0_u8; 6])?));
/// assert_eq!(ops::attribute(&image, "size"), Some(6.into()));
/// assert_eq!(ops::attribute(&"text".into(), "size"), None);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn attribute(value: &Value, name: &str) -> Option<Value> {
    match value {
        Value::Array(array) => array::attribute(array, name),
        _ => None,
    }
}

/// The names that [`attribute`] knows for a value of this kind.
///
/// ```
/// # use locum_protocol::{AnyArray, Array, Value, ops};
/// let image = Value::from(AnyArray::from(Array::from_vec(vec![1_u8])));
/// assert!(ops::attribute_names(&image).contains(&"dtype"));
/// ```
pub fn attribute_names(value: &Value) -> &'static [&'static str] {
    match value {
        Value::Array(_) => array::ATTRIBUTES,
        _ => &[],
    }
}

fn contains_item(items: &[Value], wanted: &Value) -> Result<bool> {
    for item in items {
        if equal(item, wanted)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What is looked for in bytes: bytes, or the number of one.
pub(super) fn bytes_part(part: &Value) -> Result<Bytes> {
    match part {
        Value::Bytes(bytes) => Ok(bytes.clone()),
        other => match whole(other).map(u8::try_from) {
            Some(Ok(byte)) => Ok(Bytes::from(&[byte])),
            Some(Err(_)) => Err(Error::value("byte must be in range(0, 256)")),
            None => Err(Error::type_error(format!(
                "expected bytes or an integer, got {}",
                describe(other)
            ))),
        },
    }
}

fn text_index(text: &str, index: i128) -> Result<Value> {
    let at = position_in("text", text.chars().count(), index)?;
    Ok(text
        .chars()
        .nth(at)
        .map_or(Value::Null, |c| Value::Text(c.into())))
}

fn text_slice(text: &str, slice: Slice) -> Result<String> {
    let chars: Vec<char> = text.chars().collect();
    Ok(indices(slice, chars.len())?.map(|at| chars[at]).collect())
}

fn not_supported(value: &Value, what: &str) -> Error {
    Error::type_error(format!("'{}' object {what}", value.type_name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Map, slice};

    fn map() -> Value {
        [("a".into(), 1i64.into()), ("b".into(), 2i64.into())]
            .into_iter()
            .collect::<Map>()
            .into()
    }

    #[test]
    fn length_counts_what_iteration_gives() {
        for value in [
            Value::from("héé"),
            Bytes::from(b"ab").into(),
            vec![1i64, 2, 3].into(),
            map(),
        ] {
            assert_eq!(len(&value).unwrap(), iterate(&value).unwrap().len());
        }
        assert_eq!(
            len(&5i64.into()).unwrap_err().message(),
            "object of type 'int' has no len()"
        );
        assert_eq!(
            iterate(&Value::Null).unwrap_err().message(),
            "'null' object is not iterable"
        );
    }

    #[test]
    fn text_is_indexed_by_characters_and_bytes_by_numbers() {
        assert_eq!(
            get_item(&"aé😀".into(), &(-1i64).into()).unwrap(),
            "😀".into()
        );
        assert_eq!(
            get_item(&"aé😀".into(), &slice(..).step(-1).into()).unwrap(),
            "😀éa".into()
        );
        assert_eq!(
            get_item(&Bytes::from(b"\xff").into(), &0i64.into()).unwrap(),
            Value::Int(255)
        );
        assert_eq!(
            get_item(&Bytes::from(b"abc").into(), &slice(1..).into()).unwrap(),
            Bytes::from(b"bc").into()
        );
        assert_eq!(
            get_item(&"a".into(), &1i64.into()).unwrap_err().message(),
            "text index out of range"
        );
    }

    #[test]
    fn maps_are_read_written_and_deleted_by_key() {
        let mut it = map();
        set_item(&mut it, "c".into(), 3i64.into()).unwrap();
        del_item(&mut it, &"a".into()).unwrap();
        assert_eq!(iterate(&it).unwrap(), ["b".into(), "c".into()]);
        assert_eq!(
            get_item(&it, &"a".into()).unwrap_err().kind(),
            Kind::KeyError
        );
        assert_eq!(del_item(&mut it, &"a".into()).unwrap_err().message(), "'a'");
    }

    #[test]
    fn what_has_no_items_says_so_with_its_type() {
        assert_eq!(
            get_item(&5i64.into(), &0i64.into()).unwrap_err().message(),
            "'int' object is not subscriptable"
        );
        let error = set_item(&mut "abc".into(), 0i64.into(), "x".into()).unwrap_err();
        assert_eq!(
            error.message(),
            "'text' object does not support item assignment"
        );
        assert_eq!(
            del_item(&mut Value::Null, &Value::Null).unwrap_err().kind(),
            Kind::TypeError
        );
    }

    #[test]
    fn membership_is_of_items_keys_and_parts() {
        let holds = |value: Value, item: Value| contains(&value, &item).unwrap();
        assert!(holds(vec![1i64, 2].into(), 2.0.into()));
        assert!(holds(map(), "a".into()) && !holds(map(), 1i64.into()));
        assert!(holds("hello".into(), "ell".into()) && holds("x".into(), "".into()));
        assert!(holds(Bytes::from(b"abc").into(), Bytes::from(b"bc").into()));
        assert!(holds(Bytes::from(b"abc").into(), 97i64.into()));
        assert!(contains(&"a".into(), &1i64.into()).is_err());
        assert!(contains(&Bytes::default().into(), &256i64.into()).is_err());
    }
}
