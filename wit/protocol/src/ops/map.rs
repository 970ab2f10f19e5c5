//! Entries of a map, for objects that keep one.

pub use super::methods::map::{METHOD_NAMES, call_method};

use super::text::repr;
use crate::{Error, Map, Result, Value};

/// The value of a key; the error of one that is not there is the key.
///
/// ```
/// # use locum_protocol::{Kind, Map, ops};
/// let map = Map::from_unique(vec![("a".into(), 1.into())]);
/// assert_eq!(ops::map::get(&map, &"a".into())?, 1.into());
/// assert_eq!(ops::map::get(&map, &"b".into()).unwrap_err().kind(), Kind::KeyError);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn get(map: &Map, key: &Value) -> Result<Value> {
    map.get(key).cloned().ok_or_else(|| missing(key))
}

/// Takes the entry of a key out; the error of one that is not there is the key.
///
/// ```
/// # use locum_protocol::{Map, ops};
/// let mut map = Map::from_unique(vec![("a".into(), 1.into())]);
/// assert_eq!(ops::map::delete(&mut map, &"a".into())?, 1.into());
/// assert!(map.is_empty());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn delete(map: &mut Map, key: &Value) -> Result<Value> {
    map.remove(key)
        .map(|(_, value)| value)
        .ok_or_else(|| missing(key))
}

fn missing(key: &Value) -> Error {
    match repr(key) {
        Ok(shown) => Error::key(shown),
        Err(error) => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_key_is_named_as_it_is_written() {
        let mut map = Map::new();
        map.insert("a".into(), 1i64.into());
        assert_eq!(get(&map, &"a".into()).unwrap(), Value::Int(1));
        assert_eq!(
            get(&map, &"b".into()).unwrap_err().to_string(),
            "KeyError: 'b'"
        );
        assert_eq!(
            delete(&mut map, &1i64.into()).unwrap_err().to_string(),
            "KeyError: 1"
        );
        assert_eq!(delete(&mut map, &"a".into()).unwrap(), Value::Int(1));
        assert!(map.is_empty());
    }

    #[test]
    fn numbers_that_are_equal_are_one_key() {
        let mut map = Map::new();
        map.insert(1i64.into(), "one".into());
        assert_eq!(get(&map, &1.0.into()).unwrap(), "one".into());
    }
}
