//! Items of a list by index and by slice, on a plain vector, for objects that keep one.

pub use super::methods::list::{METHOD_NAMES, call_method};

use super::access::iterate;
use super::numbers::whole;
use crate::value::SliceIndices;
use crate::{Error, Result, Slice, Value};

/// Where an index points in a sequence of `len`; a negative one counts from the end.
///
/// ```
/// # use locum_protocol::ops;
/// assert_eq!(ops::list::position(3, -1)?, 2);
/// assert!(ops::list::position(3, 3).is_err());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn position(len: usize, index: i128) -> Result<usize> {
    position_in("list", len, index)
}

/// The item at an index, or a list of those that a slice names.
///
/// ```
/// # use locum_protocol::ops;
/// let items = [10.into(), 20.into()];
/// assert_eq!(ops::list::get(&items, &1.into())?, 20.into());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn get(items: &[Value], key: &Value) -> Result<Value> {
    match Key::of(key, "list")? {
        Key::Index(index) => Ok(items[position(items.len(), index)?].clone()),
        Key::Slice(slice) => Ok(Value::List(
            indices(slice, items.len())?
                .map(|at| items[at].clone())
                .collect(),
        )),
    }
}

/// Replaces the item at an index, or those that a slice names by those of `value`.
///
/// A slice without a step may be replaced by any number of items, one with a step by as many as it names.
///
/// ```
/// # use locum_protocol::{ops, slice};
/// let mut items = vec![10.into(), 20.into()];
/// ops::list::set(&mut items, &slice(..1).into(), vec![1, 2, 3].into())?;
/// assert_eq!(items, [1.into(), 2.into(), 3.into(), 20.into()]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn set(items: &mut Vec<Value>, key: &Value, value: Value) -> Result<()> {
    let slice = match Key::of(key, "list")? {
        Key::Index(index) => {
            let at = position(items.len(), index).map_err(in_assignment)?;
            items[at] = value;
            return Ok(());
        }
        Key::Slice(slice) => slice,
    };
    let named = indices(slice, items.len())?;
    let values = match value {
        Value::List(values) => values,
        other => iterate(&other)?,
    };
    if is_plain(slice) {
        let (start, count) = (named.start(), named.len());
        items.splice(start..start + count, values);
    } else if values.len() == named.len() {
        for (at, value) in named.zip(values) {
            items[at] = value;
        }
    } else {
        let (given, named) = (values.len(), named.len());
        return Err(Error::value(format!(
            "attempt to assign sequence of size {given} to extended slice of size {named}"
        )));
    }
    Ok(())
}

/// Takes out the item at an index, or those that a slice names.
///
/// ```
/// # use locum_protocol::ops;
/// let mut items = vec![10.into(), 20.into()];
/// ops::list::delete(&mut items, &0.into())?;
/// assert_eq!(items, [20.into()]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn delete(items: &mut Vec<Value>, key: &Value) -> Result<()> {
    match Key::of(key, "list")? {
        Key::Index(index) => {
            let at = position(items.len(), index).map_err(in_assignment)?;
            items.remove(at);
        }
        Key::Slice(slice) => {
            let mut named: Vec<usize> = indices(slice, items.len())?.collect();
            if slice.step.is_some_and(|step| step < 0) {
                named.reverse();
            }
            let mut named = named.into_iter().peekable();
            let mut at = 0;
            items.retain(|_| {
                let stays = named.next_if_eq(&at).is_none();
                at += 1;
                stays
            });
        }
    }
    Ok(())
}

/// What stands between the brackets behind a sequence.
pub(super) enum Key {
    Index(i128),
    Slice(Slice),
}

impl Key {
    pub(super) fn of(key: &Value, sequence: &str) -> Result<Key> {
        if let Value::Slice(slice) = key {
            return Ok(Key::Slice(*slice));
        }
        whole(key).map(Key::Index).ok_or_else(|| {
            let got = key.type_name();
            Error::type_error(format!(
                "{sequence} indices must be integers or slices, not {got}"
            ))
        })
    }
}

pub(super) fn position_in(sequence: &str, len: usize, index: i128) -> Result<usize> {
    let from_start = if index < 0 {
        index.checked_add(len as i128)
    } else {
        Some(index)
    };
    from_start
        .and_then(|index| usize::try_from(index).ok())
        .filter(|index| *index < len)
        .ok_or_else(|| Error::index(format!("{sequence} index out of range")))
}

pub(super) fn indices(slice: Slice, len: usize) -> Result<SliceIndices> {
    slice
        .indices(len)
        .ok_or_else(|| Error::value("slice step cannot be zero"))
}

/// Whether it names neighbours, in their order.
fn is_plain(slice: Slice) -> bool {
    matches!(slice.step, None | Some(1))
}

fn in_assignment(error: Error) -> Error {
    error.map_message(|_| "list assignment index out of range".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, slice};

    fn numbers(count: i64) -> Vec<Value> {
        (0..count).map(Value::from).collect()
    }

    fn after(count: i64, change: impl FnOnce(&mut Vec<Value>) -> Result<()>) -> String {
        let mut items = numbers(count);
        match change(&mut items) {
            Ok(()) => crate::ops::repr(&Value::List(items)).unwrap(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn an_index_counts_from_either_end() {
        let items = numbers(3);
        assert_eq!(get(&items, &2i64.into()).unwrap(), Value::Int(2));
        assert_eq!(get(&items, &(-3i64).into()).unwrap(), Value::Int(0));
        assert_eq!(get(&items, &true.into()).unwrap(), Value::Int(1));
        assert_eq!(get(&items, &(-1.0).into()).unwrap(), Value::Int(2));
        assert!(get(&items, &0.5.into()).is_err());
        for outside in [3, -4, i128::MAX, i128::MIN] {
            let error = get(&items, &outside.into()).unwrap_err();
            assert_eq!(error.to_string(), "IndexError: list index out of range");
        }
        let error = get(&items, &"0".into()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "TypeError: list indices must be integers or slices, not text"
        );
    }

    #[test]
    fn a_slice_names_items_in_its_order() {
        let named = |slice: Slice| get(&numbers(6), &slice.into()).unwrap();
        assert_eq!(named(slice(2..4)), Value::from(vec![2i64, 3]));
        assert_eq!(named(slice(-2..)), Value::from(vec![4i64, 5]));
        assert_eq!(named(slice(..).step(-2)), Value::from(vec![5i64, 3, 1]));
        assert_eq!(
            get(&[], &slice(..).step(0).into()).unwrap_err().kind(),
            Kind::ValueError
        );
    }

    #[test]
    fn a_plain_slice_is_replaced_by_any_number_of_items() {
        let two = || Value::from(vec![8i64, 9]);
        assert_eq!(
            after(4, |it| set(it, &slice(1..3).into(), Value::List(vec![]))),
            "[0, 3]"
        );
        assert_eq!(
            after(3, |it| set(it, &slice(1..1).into(), two())),
            "[0, 8, 9, 1, 2]"
        );
        assert_eq!(
            after(3, |it| set(
                it,
                &Slice {
                    start: Some(2),
                    stop: Some(1),
                    step: None
                }
                .into(),
                two()
            )),
            "[0, 1, 8, 9, 2]"
        );
        assert_eq!(
            after(2, |it| set(it, &slice(9..).into(), "ab".into())),
            "[0, 1, 'a', 'b']"
        );
        let refused = after(2, |it| set(it, &slice(..).into(), 5i64.into()));
        assert_eq!(refused, "TypeError: 'int' object is not iterable");
    }

    #[test]
    fn a_slice_with_a_step_is_replaced_by_as_many_items() {
        assert_eq!(
            after(5, |it| set(it, &slice(..).step(2).into(), "abc".into())),
            "['a', 1, 'b', 3, 'c']"
        );
        assert_eq!(
            after(3, |it| set(it, &slice(..).step(-1).into(), "abc".into())),
            "['c', 'b', 'a']"
        );
        assert_eq!(
            after(5, |it| set(it, &slice(..).step(2).into(), "ab".into())),
            "ValueError: attempt to assign sequence of size 2 to extended slice of size 3"
        );
    }

    #[test]
    fn items_are_deleted_by_index_and_by_slice() {
        assert_eq!(after(3, |it| delete(it, &(-1i64).into())), "[0, 1]");
        assert_eq!(after(6, |it| delete(it, &slice(1..4).into())), "[0, 4, 5]");
        assert_eq!(
            after(6, |it| delete(it, &slice(..).step(2).into())),
            "[1, 3, 5]"
        );
        assert_eq!(
            after(6, |it| delete(
                it,
                &Slice {
                    start: Some(4),
                    stop: Some(1),
                    step: Some(-2)
                }
                .into()
            )),
            "[0, 1, 3, 5]"
        );
        assert_eq!(
            after(1, |it| delete(it, &1i64.into())),
            "IndexError: list assignment index out of range"
        );
        assert_eq!(
            after(1, |it| set(it, &1i64.into(), Value::Null)),
            "IndexError: list assignment index out of range"
        );
    }
}
