//! What can be a key of a dict or an element of a set.

use std::fmt;
use std::hash::{Hash, Hasher};

use locum_guest::{Error, Result, Value, ops};

/// Data that does not change: null, booleans, numbers, text, bytes, and lists of these, which are Python's tuples.
///
/// Equal numbers are one key whatever their type (`1`, `1.0`, `True`), and NaN is one key too. The first spelling stays.
#[derive(Clone)]
pub(crate) struct Key(Value);

impl Key {
    /// Takes a value for a key, unless it could change.
    pub(crate) fn new(value: Value) -> Result<Key> {
        match unhashable(&value) {
            None => Ok(Key(value)),
            Some(name) => Err(Error::type_error(format!("unhashable type: '{name}'"))),
        }
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    pub(crate) fn into_value(self) -> Value {
        self.0
    }

    /// The error of a key that is not there.
    pub(crate) fn missing(&self) -> Error {
        match ops::repr(&self.0) {
            Ok(shown) => Error::key(shown),
            Err(error) => error,
        }
    }
}

/// The type of the first part of a value that can not be in a key.
fn unhashable(value: &Value) -> Option<&str> {
    match value {
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => None,
        Value::Text(_) | Value::Bytes(_) => None,
        Value::List(items) => items.iter().find_map(unhashable),
        other => Some(other.type_name()),
    }
}

/// A number in the form that all equal ones have.
#[derive(PartialEq, Hash)]
enum Number {
    Whole(i128),
    /// The bits of a double that is no whole number within range.
    Broken(u64),
}

impl Number {
    fn of(value: &Value) -> Option<Number> {
        /// The first double that an i128 does not reach.
        const END: f64 = (1u128 << 127) as f64;
        match value {
            Value::Bool(flag) => Some(Number::Whole((*flag).into())),
            Value::Int(int) => Some(Number::Whole(*int)),
            Value::Float(float) if float.fract() == 0.0 && (-END..END).contains(float) => {
                Some(Number::Whole(*float as i128))
            }
            Value::Float(float) if float.is_nan() => Some(Number::Broken(f64::NAN.to_bits())),
            Value::Float(float) => Some(Number::Broken(float.to_bits())),
            _ => None,
        }
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        same(&self.0, &other.0)
    }
}

impl Eq for Key {}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        _ => match (Number::of(a), Number::of(b)) {
            (Some(a), Some(b)) => a == b,
            (None, None) => a == b,
            _ => false,
        },
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(&self.0, state);
    }
}

fn hash<H: Hasher>(value: &Value, state: &mut H) {
    match value {
        Value::Text(text) => text.hash(state),
        Value::Bytes(bytes) => bytes.hash(state),
        Value::List(items) => {
            state.write_usize(items.len());
            items.iter().for_each(|item| hash(item, state));
        }
        other => Number::of(other).hash(state),
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
