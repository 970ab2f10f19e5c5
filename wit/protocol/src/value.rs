//! Data whose type is only known when it arrives.

use std::ops::Deref;

use crate::{AnyArray, Bytes, Proxy};

/// Any value that can travel: what JSON knows, and bytes, numeric arrays, slices and proxies.
///
/// ```
/// # use locum_protocol::{Map, Value, to_value};
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let any: Value = plugin.transfer(&("a", 1.5, [true]))?.value()?;
/// match &any {
///     Value::List(items) => assert_eq!(items[0], Value::from("a")),
///     other => panic!("a {}", other.type_name()),
/// }
/// assert_eq!(to_value(&1)?, to_value(&1.0)?); // equal as in Python
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Value {
    /// Nothing: `None` in Python, `null` in JSON, `()` in Rust.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// Unicode text.
    Text(String),
    /// Bytes.
    Bytes(Bytes),
    /// Numbers of one type, in any number of dimensions.
    Array(AnyArray),
    /// Values in order.
    List(Vec<Value>),
    /// Keys and values, in the order in which they were put in.
    Map(Map),
    /// What `a:b:c` between brackets means.
    Slice(Slice),
    /// A live object, here or at a peer.
    Object(Proxy),
}

impl Value {
    /// What a person calls a value of this type; for an object its type name.
    pub fn type_name(&self) -> &str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Text(_) => "text",
            Value::Bytes(_) => "bytes",
            Value::Array(_) => "array",
            Value::List(_) => "list",
            Value::Map(_) => "map",
            Value::Slice(_) => "slice",
            Value::Object(proxy) => proxy.type_name(),
        }
    }
}

/// Equality of data as Python sees it: `1 == 1.0`, maps regardless of order, objects by identity. Arrays are equal as a
/// whole, when their shapes and all their numbers are.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Bytes(a), Value::Bytes(b)) => a == b,
            (Value::Array(a), Value::Array(b)) => a == b,
            (Value::List(a), Value::List(b)) => a == b,
            (Value::Map(a), Value::Map(b)) => {
                a.len() == b.len() && a.iter().all(|(key, value)| b.get(key) == Some(value))
            }
            (Value::Slice(a), Value::Slice(b)) => a == b,
            (Value::Object(a), Value::Object(b)) => a.same_object(b),
            _ => match (self.as_number(), other.as_number()) {
                (Some(a), Some(b)) => a.equals(b),
                _ => false,
            },
        }
    }
}

/// A number, as comparisons see it.
#[derive(Clone, Copy)]
enum Number {
    Int(i128),
    Float(f64),
}

impl Number {
    fn equals(self, other: Number) -> bool {
        match (self, other) {
            (Number::Int(a), Number::Int(b)) => a == b,
            (Number::Float(a), Number::Float(b)) => a == b,
            // Exact: an integer that no double holds equals none.
            (Number::Int(a), Number::Float(b)) | (Number::Float(b), Number::Int(a)) => {
                // The largest i128 is no double; the one that it rounds to, 2^127, is out of range.
                a as f64 == b && b < i128::MAX as f64 && b as i128 == a
            }
        }
    }
}

impl Value {
    fn as_number(&self) -> Option<Number> {
        match self {
            Value::Bool(b) => Some(Number::Int(i128::from(*b))),
            Value::Int(i) => Some(Number::Int(*i)),
            Value::Float(x) => Some(Number::Float(*x)),
            _ => None,
        }
    }
}

/// Keys and values in the order in which they were put in.
///
/// Made for what travels: a few entries, or many that are read in order. Look-up by key walks the entries.
///
/// ```
/// # use locum_protocol::{Map, Value};
/// let mut ages = Map::new();
/// ages.insert("ada".into(), 36.into());
/// assert_eq!(ages.insert("ada".into(), 37.into()), Some(36.into()));
/// assert_eq!(ages.get(&"ada".into()), Some(&37.into()));
/// for (name, age) in &ages {
///     assert_eq!((name, age), (&"ada".into(), &37.into()));
/// }
/// assert!(ages.remove(&"ada".into()).is_some() && ages.is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Map(Vec<(Value, Value)>);

impl Map {
    /// An empty map.
    pub fn new() -> Map {
        Map::default()
    }

    /// A map of entries whose keys are known to differ, in their order. A key that is there twice is found once, and
    /// refused by whoever receives the map.
    ///
    /// ```
    /// # use locum_protocol::Map;
    /// let squares = Map::from_unique((0..100).map(|n| (n.into(), (n * n).into())).collect());
    /// assert_eq!(squares.get(&9.into()), Some(&81.into()));
    /// ```
    pub fn from_unique(entries: Vec<(Value, Value)>) -> Map {
        Map(entries)
    }

    /// The value of a key.
    pub fn get(&self, key: &Value) -> Option<&Value> {
        self.0
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, value)| value)
    }

    /// Sets the value of a key, at the end when it is new; returns the value that it replaced.
    pub fn insert(&mut self, key: Value, value: Value) -> Option<Value> {
        match self.0.iter_mut().find(|(k, _)| *k == key) {
            Some((_, old)) => Some(std::mem::replace(old, value)),
            None => {
                self.0.push((key, value));
                None
            }
        }
    }

    /// Adds an entry whose key is known to be new.
    pub(crate) fn push(&mut self, key: Value, value: Value) {
        self.0.push((key, value));
    }

    /// Takes the entry of a key out.
    pub fn remove(&mut self, key: &Value) -> Option<(Value, Value)> {
        let at = self.0.iter().position(|(k, _)| k == key)?;
        Some(self.0.remove(at))
    }
}

impl Deref for Map {
    type Target = [(Value, Value)];
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl IntoIterator for Map {
    type Item = (Value, Value);
    type IntoIter = std::vec::IntoIter<(Value, Value)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a Value, &'a Value);
    type IntoIter =
        std::iter::Map<std::slice::Iter<'a, (Value, Value)>, fn(&'a (Value, Value)) -> Self::Item>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

impl FromIterator<(Value, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (Value, Value)>>(entries: I) -> Self {
        let mut map = Map::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

/// What `start:stop:step` between brackets means: each part may be missing, and negative parts count from the end.
///
/// ```
/// # use locum_protocol::{Slice, slice};
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let list = plugin.transfer(&vec![0, 1, 2, 3, 4, 5])?;
/// let odd = slice(1..).step(2); // [1::2]
/// assert_eq!(odd, Slice { start: Some(1), stop: None, step: Some(2) });
/// assert_eq!(list.get_item::<Vec<i64>>(odd)?, [1, 3, 5]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Slice {
    /// The first index that belongs to it.
    pub start: Option<i64>,
    /// The first index that does not.
    pub stop: Option<i64>,
    /// From one index to the next; 1 when missing, never 0.
    pub step: Option<i64>,
}

/// A slice from a Rust range: `slice(2..5)`, `slice(..)`, `slice(1..=3)`; negative bounds count from the end.
///
/// ```
/// # use locum_protocol::slice;
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let text = plugin.transfer("counter")?;
/// assert_eq!(text.get_item::<String>(slice(..5))?, "count");
/// assert_eq!(text.get_item::<String>(slice(-2..))?, "er");
/// assert_eq!(text.get_item::<String>(slice(..).step(-1))?, "retnuoc");
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn slice(range: impl std::ops::RangeBounds<i64>) -> Slice {
    use std::ops::Bound::*;
    Slice {
        start: match range.start_bound() {
            Included(i) => Some(*i),
            Excluded(i) => Some(i.saturating_add(1)),
            Unbounded => None,
        },
        stop: match range.end_bound() {
            // `..=-1` means "to the very end"; its successor 0 would mean the start.
            Included(-1) | Unbounded => None,
            Included(i) => Some(i.saturating_add(1)),
            Excluded(i) => Some(*i),
        },
        step: None,
    }
}

impl Slice {
    /// The same slice, taking every `step`-th; negative goes backwards.
    #[must_use]
    pub fn step(mut self, step: i64) -> Slice {
        self.step = Some(step);
        self
    }

    /// The indices that it names in a sequence of `len`, in its order. `None` when the step is 0.
    ///
    /// ```
    /// # use locum_protocol::slice;
    /// let rows = ["a", "b", "c", "d"];
    /// let chosen: Vec<&str> = slice(-3..).step(2).indices(rows.len()).unwrap().map(|at| rows[at]).collect();
    /// assert_eq!(chosen, ["b", "d"]);
    /// assert!(slice(..).step(0).indices(4).is_none());
    /// ```
    pub fn indices(self, len: usize) -> Option<SliceIndices> {
        let step = self.step.unwrap_or(1);
        if step == 0 {
            return None;
        }
        let len = i64::try_from(len).unwrap_or(i64::MAX);
        // Where a bound may lie: backwards, one before the first is a place too.
        let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
        let clamp = |bound: Option<i64>, missing: i64| match bound {
            None => missing,
            Some(i) if i < 0 => (i.saturating_add(len)).clamp(low, high),
            Some(i) => i.clamp(low, high),
        };
        let (start, stop) = if step > 0 {
            (clamp(self.start, 0), clamp(self.stop, len))
        } else {
            (clamp(self.start, len - 1), clamp(self.stop, -1))
        };
        let distance = if step > 0 { stop - start } else { start - stop };
        let count = if distance <= 0 {
            0
        } else {
            (distance as u64 - 1) / step.unsigned_abs() + 1
        };
        Some(SliceIndices {
            next: start,
            step,
            left: count as usize,
        })
    }
}

/// The indices of a slice, in its order.
///
/// ```
/// # use locum_protocol::slice;
/// let indices = slice(2..2).indices(4).unwrap();
/// assert_eq!((indices.start(), indices.len()), (2, 0)); // an insertion goes before 2
/// ```
#[derive(Clone, Debug)]
pub struct SliceIndices {
    next: i64,
    step: i64,
    left: usize,
}

impl SliceIndices {
    /// Where a slice of step 1 begins; for an empty one, where an insertion would go.
    pub fn start(&self) -> usize {
        self.next.max(0) as usize
    }
}

impl Iterator for SliceIndices {
    type Item = usize;
    fn next(&mut self) -> Option<usize> {
        if self.left == 0 {
            return None;
        }
        let index = self.next as usize;
        self.left -= 1;
        self.next = self.next.saturating_add(self.step);
        Some(index)
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for SliceIndices {}

macro_rules! from {
    ($($source:ty => |$it:ident| $value:expr;)+) => {
        $(impl From<$source> for Value {
            fn from($it: $source) -> Value {
                $value
            }
        })+
    };
}

from! {
    () => |_it| Value::Null;
    bool => |it| Value::Bool(it);
    i32 => |it| Value::Int(it.into());
    i64 => |it| Value::Int(it.into());
    u32 => |it| Value::Int(it.into());
    u64 => |it| Value::Int(it.into());
    i128 => |it| Value::Int(it);
    usize => |it| Value::Int(it as i128);
    f64 => |it| Value::Float(it);
    &str => |it| Value::Text(it.to_owned());
    String => |it| Value::Text(it);
    Bytes => |it| Value::Bytes(it);
    AnyArray => |it| Value::Array(it);
    Slice => |it| Value::Slice(it);
    Map => |it| Value::Map(it);
    Proxy => |it| Value::Object(it);
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Value {
        Value::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indices(start: Option<i64>, stop: Option<i64>, step: Option<i64>, len: usize) -> Vec<usize> {
        Slice { start, stop, step }.indices(len).unwrap().collect()
    }

    #[test]
    fn a_slice_names_the_indices_that_python_names() {
        assert_eq!(indices(Some(2), Some(5), None, 10), [2, 3, 4]);
        assert_eq!(indices(Some(-3), None, None, 5), [2, 3, 4]);
        assert_eq!(indices(None, None, Some(-1), 4), [3, 2, 1, 0]);
        assert_eq!(indices(None, Some(-1), Some(2), 6), [0, 2, 4]);
        assert_eq!(indices(Some(8), Some(2), Some(-3), 10), [8, 5]);
        assert_eq!(indices(Some(100), None, None, 3), [0usize; 0]);
        assert_eq!(indices(Some(-100), Some(100), None, 3), [0, 1, 2]);
        assert_eq!(indices(Some(5), Some(2), None, 10), [0usize; 0]);
        assert_eq!(indices(None, None, Some(-2), 0), [0usize; 0]);
        assert_eq!(
            indices(Some(i64::MIN), Some(i64::MAX), Some(i64::MAX), 3),
            [0]
        );
        assert_eq!(
            indices(Some(i64::MAX), Some(i64::MIN), Some(i64::MIN), 3),
            [2]
        );
        assert!(
            Slice {
                start: None,
                stop: None,
                step: Some(0)
            }
            .indices(3)
            .is_none()
        );
    }

    #[test]
    fn a_range_is_a_slice() {
        assert_eq!(
            slice(2..5),
            Slice {
                start: Some(2),
                stop: Some(5),
                step: None
            }
        );
        assert_eq!(
            slice(1..=3).step(2),
            Slice {
                start: Some(1),
                stop: Some(4),
                step: Some(2)
            }
        );
        assert_eq!(
            slice(-2..=-1),
            Slice {
                start: Some(-2),
                stop: None,
                step: None
            }
        );
    }

    #[test]
    fn numbers_are_equal_across_types_and_only_when_they_are() {
        assert_eq!(Value::Int(1), Value::Float(1.0));
        assert_eq!(Value::Bool(true), Value::Int(1));
        assert_ne!(Value::Int((1 << 53) + 1), Value::Float((1u64 << 53) as f64));
        assert_ne!(Value::Float(f64::NAN), Value::Float(f64::NAN));
        assert_ne!(Value::Text("1".into()), Value::Int(1));
    }

    #[test]
    fn maps_are_equal_in_any_order() {
        let ab: Map = [("a".into(), 1i64.into()), ("b".into(), 2i64.into())]
            .into_iter()
            .collect();
        let ba: Map = [("b".into(), 2i64.into()), ("a".into(), 1i64.into())]
            .into_iter()
            .collect();
        assert_eq!(Value::Map(ab), Value::Map(ba));
    }
}
