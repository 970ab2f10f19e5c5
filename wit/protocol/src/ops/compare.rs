//! Equality and order, as Python sees them.

use std::cmp::Ordering;

use super::arithmetic::truth;
use super::numbers::Number;
use super::objects::{delegate, is_missing};
use super::text::check_depth;
use crate::{Error, Map, Result, Value};

/// A comparison operator.
///
/// ```
/// # use std::cmp::Ordering;
/// # use locum_protocol::ops::Comparison;
/// let le = Comparison::from_special("__le__").unwrap();
/// assert_eq!((le.symbol(), le.special(), le.mirrored()), ("<=", "__le__", Comparison::Ge));
/// assert!(le.holds(Ordering::Equal) && !le.holds(Ordering::Greater));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl Comparison {
    /// Every comparison.
    pub const ALL: [Comparison; 6] = [
        Comparison::Eq,
        Comparison::Ne,
        Comparison::Lt,
        Comparison::Le,
        Comparison::Gt,
        Comparison::Ge,
    ];

    /// The method that an object answers it with: `__lt__`.
    pub fn special(self) -> &'static str {
        match self {
            Comparison::Eq => "__eq__",
            Comparison::Ne => "__ne__",
            Comparison::Lt => "__lt__",
            Comparison::Le => "__le__",
            Comparison::Gt => "__gt__",
            Comparison::Ge => "__ge__",
        }
    }

    /// The comparison that a method stands for.
    pub fn from_special(name: &str) -> Option<Comparison> {
        Comparison::ALL
            .into_iter()
            .find(|comparison| comparison.special() == name)
    }

    /// How it is written: `<`.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Eq => "==",
            Comparison::Ne => "!=",
            Comparison::Lt => "<",
            Comparison::Le => "<=",
            Comparison::Gt => ">",
            Comparison::Ge => ">=",
        }
    }

    /// The comparison that says the same with the operands exchanged.
    #[must_use]
    pub fn mirrored(self) -> Comparison {
        match self {
            Comparison::Lt => Comparison::Gt,
            Comparison::Le => Comparison::Ge,
            Comparison::Gt => Comparison::Lt,
            Comparison::Ge => Comparison::Le,
            same => same,
        }
    }

    /// Whether it is true of two values in that order.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Comparison::Eq => order.is_eq(),
            Comparison::Ne => order.is_ne(),
            Comparison::Lt => order.is_lt(),
            Comparison::Le => order.is_le(),
            Comparison::Gt => order.is_gt(),
            Comparison::Ge => order.is_ge(),
        }
    }
}

/// Whether `a op b` is true. Every comparison with NaN but `!=` is false.
///
/// `==` and `!=` of data always answer; the others are a type error unless both are numbers, text, bytes or lists.
/// An object is asked; one that knows no `__eq__` equals itself alone.
///
/// ```
/// # use locum_protocol::ops::{Comparison, compare_with};
/// assert!(compare_with(Comparison::Lt, &vec![1, 2].into(), &vec![1, 3].into())?);
/// assert!(compare_with(Comparison::Lt, &1.into(), &"1".into()).is_err());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn compare_with(op: Comparison, a: &Value, b: &Value) -> Result<bool> {
    compare_at(op, a, b, 0)
}

/// The order of two values: numbers, text, bytes, or lists of such, item by item. An object is asked `__lt__`, then
/// `__eq__`.
///
/// ```
/// # use std::cmp::Ordering;
/// # use locum_protocol::ops;
/// assert_eq!(ops::compare(&1.into(), &1.5.into())?, Ordering::Less);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn compare(a: &Value, b: &Value) -> Result<Ordering> {
    order(a, b, 0)?.ok_or_else(|| {
        Error::value("a NaN has no order; take it out, or compare with `<`, which is false")
    })
}

/// Whether `a == b`: also `1 == 1.0`, and maps in any order. Objects are asked `__eq__`.
///
/// ```
/// # use locum_protocol::ops;
/// assert!(ops::equal(&1.into(), &1.0.into())? && !ops::equal(&1.into(), &"1".into())?);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn equal(a: &Value, b: &Value) -> Result<bool> {
    equal_at(a, b, 0)
}

/// Whether `a` comes before `b` in a sorted list: one crossing when it is for an object to say.
pub(super) fn less(a: &Value, b: &Value) -> Result<bool> {
    match (a, b) {
        (Value::Object(_), _) | (_, Value::Object(_)) => compare_with(Comparison::Lt, a, b),
        _ => Ok(compare(a, b)?.is_lt()),
    }
}

fn equal_at(a: &Value, b: &Value, depth: usize) -> Result<bool> {
    match (a, b) {
        (Value::Object(_), _) | (_, Value::Object(_)) => equal_objects(a, b),
        (Value::List(a), Value::List(b)) => {
            check_depth(depth)?;
            Ok(a.len() == b.len() && first_difference(a, b, depth)?.is_none())
        }
        (Value::Map(a), Value::Map(b)) => {
            check_depth(depth)?;
            equal_maps(a, b, depth)
        }
        _ => match (Number::of(a), Number::of(b)) {
            (Some(a), Some(b)) => Ok(a.compare(b) == Some(Ordering::Equal)),
            // Nothing is left that holds other values.
            _ => Ok(a == b),
        },
    }
}

fn equal_objects(a: &Value, b: &Value) -> Result<bool> {
    let special = Comparison::Eq.special();
    match delegate(a, special, b, special) {
        Some(Ok(answer)) => truth(&answer),
        Some(Err(error)) if !is_missing(&error) => Err(error),
        _ => Ok(a == b),
    }
}

/// Items are equal when they are the same object or say that they are.
fn equal_items(a: &Value, b: &Value, depth: usize) -> Result<bool> {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) if a.same_object(b) => Ok(true),
        _ => equal_at(a, b, depth + 1),
    }
}

fn equal_maps(a: &Map, b: &Map, depth: usize) -> Result<bool> {
    if a.len() != b.len() {
        return Ok(false);
    }
    for ((key, value), (same_place, other)) in a.iter().zip(b.iter()) {
        // Most maps that are equal have the same order, which saves looking for the key.
        let other = if key == same_place {
            Some(other)
        } else {
            b.get(key)
        };
        match other {
            Some(other) if equal_items(value, other, depth)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn first_difference<'a>(
    a: &'a [Value],
    b: &'a [Value],
    depth: usize,
) -> Result<Option<(&'a Value, &'a Value)>> {
    for (a, b) in a.iter().zip(b) {
        if !equal_items(a, b, depth)? {
            return Ok(Some((a, b)));
        }
    }
    Ok(None)
}

fn compare_at(op: Comparison, a: &Value, b: &Value, depth: usize) -> Result<bool> {
    match op {
        Comparison::Eq => return equal_at(a, b, depth),
        Comparison::Ne => return Ok(!equal_at(a, b, depth)?),
        _ => {}
    }
    if let Some(answer) = delegate(a, op.special(), b, op.mirrored().special()) {
        return truth(&answer?);
    }
    if let (Value::List(a), Value::List(b)) = (a, b) {
        check_depth(depth)?;
        return match first_difference(a, b, depth)? {
            Some((a, b)) => compare_at(op, a, b, depth + 1),
            None => Ok(op.holds(a.len().cmp(&b.len()))),
        };
    }
    Ok(order(a, b, depth)?.is_some_and(|order| op.holds(order)))
}

/// `None` when the two have no order because of a NaN.
fn order(a: &Value, b: &Value, depth: usize) -> Result<Option<Ordering>> {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => Ok(Some(a.cmp(b))),
        (Value::Bytes(a), Value::Bytes(b)) => Ok(Some(a.cmp(b))),
        (Value::List(a), Value::List(b)) => {
            check_depth(depth)?;
            match first_difference(a, b, depth)? {
                Some((a, b)) => order(a, b, depth + 1),
                None => Ok(Some(a.len().cmp(&b.len()))),
            }
        }
        (Value::Object(_), _) | (_, Value::Object(_)) => order_objects(a, b).map(Some),
        _ => match (Number::of(a), Number::of(b)) {
            (Some(a), Some(b)) => Ok(a.compare(b)),
            _ => Err(Error::type_error(format!(
                "cannot compare {} with {}",
                a.type_name(),
                b.type_name()
            ))),
        },
    }
}

fn order_objects(a: &Value, b: &Value) -> Result<Ordering> {
    if compare_with(Comparison::Lt, a, b)? {
        Ok(Ordering::Less)
    } else if equal(a, b)? {
        Ok(Ordering::Equal)
    } else {
        Ok(Ordering::Greater)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bytes, Kind};

    fn with(op: Comparison, a: impl Into<Value>, b: impl Into<Value>) -> bool {
        compare_with(op, &a.into(), &b.into()).unwrap()
    }

    fn mixed(items: &[Value]) -> Value {
        Value::List(items.to_vec())
    }

    #[test]
    fn numbers_compare_across_types_and_exactly() {
        assert!(with(Comparison::Lt, 1i64, 1.5));
        assert!(with(Comparison::Eq, true, 1.0));
        assert!(with(Comparison::Gt, (1i64 << 53) + 1, (1i64 << 53) as f64));
        assert!(with(Comparison::Eq, i128::MIN, i128::MIN as f64));
        assert_eq!(
            compare(&2i64.into(), &true.into()).unwrap(),
            Ordering::Greater
        );
    }

    #[test]
    fn text_bytes_and_lists_compare_item_by_item() {
        assert!(with(Comparison::Lt, "Zebra", "apple"));
        assert!(with(Comparison::Lt, Bytes::from(b"a"), Bytes::from(b"ab")));
        assert!(with(Comparison::Lt, vec![1i64, 2], vec![1i64, 2, 0]));
        assert!(with(Comparison::Ge, vec!["b"], vec!["a", "z"]));
        assert_eq!(
            compare(&vec![vec![1i64]].into(), &vec![vec![2i64]].into()).unwrap(),
            Ordering::Less
        );
    }

    #[test]
    fn only_the_first_items_that_differ_are_ordered() {
        assert!(with(
            Comparison::Lt,
            mixed(&[Value::Null, 1i64.into()]),
            mixed(&[Value::Null, 2i64.into()])
        ));
        let error = compare(&mixed(&[1i64.into()]), &mixed(&["a".into()])).unwrap_err();
        assert_eq!(error.message(), "cannot compare int with text");
    }

    #[test]
    fn what_has_no_order_is_a_type_error_but_has_equality() {
        for (a, b) in [
            (Value::Null, Value::Null),
            (1i64.into(), "a".into()),
            (Map::new().into(), Map::new().into()),
        ] {
            assert_eq!(
                compare_with(Comparison::Lt, &a, &b).unwrap_err().kind(),
                Kind::TypeError
            );
            assert!(compare_with(Comparison::Eq, &a, &b).is_ok());
        }
        assert!(with(Comparison::Ne, 1i64, "1"));
    }

    #[test]
    fn nan_is_unequal_to_all_and_before_none() {
        for op in Comparison::ALL {
            assert_eq!(with(op, f64::NAN, f64::NAN), op == Comparison::Ne);
            assert_eq!(
                with(op, vec![f64::NAN], vec![f64::NAN]),
                op == Comparison::Ne
            );
            assert_eq!(with(op, 1i64, f64::NAN), op == Comparison::Ne);
        }
        let error = compare(&1i64.into(), &f64::NAN.into()).unwrap_err();
        assert!(error.kind() == Kind::ValueError && error.message().contains("NaN"));
    }

    #[test]
    fn maps_are_equal_in_any_order_at_any_depth() {
        let map = |entries: &[(&str, i64)]| {
            entries
                .iter()
                .map(|(k, v)| ((*k).into(), (*v).into()))
                .collect::<Map>()
        };
        let (ab, ba) = (map(&[("a", 1), ("b", 2)]), map(&[("b", 2), ("a", 1)]));
        assert!(with(Comparison::Eq, vec![ab.clone()], vec![ba]));
        assert!(with(Comparison::Ne, ab.clone(), map(&[("a", 1), ("c", 2)])));
        assert!(with(Comparison::Ne, ab, map(&[("a", 1)])));
    }

    #[test]
    fn a_mirrored_comparison_says_the_same_of_the_operands_exchanged() {
        for op in Comparison::ALL {
            for order in [Ordering::Less, Ordering::Equal, Ordering::Greater] {
                assert_eq!(
                    op.holds(order),
                    op.mirrored().holds(order.reverse()),
                    "{}",
                    op.symbol()
                );
            }
            assert_eq!(Comparison::from_special(op.special()), Some(op));
        }
    }

    #[test]
    fn what_is_too_deep_is_refused() {
        let deep = (0..100).fold(Value::Null, |inner, _| Value::List(vec![inner]));
        assert_eq!(
            equal(&deep, &deep.clone()).unwrap_err().kind(),
            Kind::TooDeep
        );
        assert_eq!(
            compare(&deep, &deep.clone()).unwrap_err().kind(),
            Kind::TooDeep
        );
    }
}
