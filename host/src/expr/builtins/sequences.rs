//! Functions about lists, dicts and whatever can be gone through.

use locum_protocol::ops::{self, Arithmetic};
use locum_protocol::{DynArgs, Error, Items, Kind, Map, Result, Value};

use super::super::budget::Budget;
use super::super::eval::combine;
use super::super::iterate::Iter;
use super::{Call, collect, mapping, whole};

pub(super) fn len(mut call: Call<'_, '_>) -> Result<Value> {
    let len = match call.one()? {
        Value::Object(proxy) => proxy.len(),
        data => ops::len(&data),
    };
    len.map(Value::from)
}

pub(super) fn list(mut call: Call<'_, '_>) -> Result<Value> {
    let [value] = call.take(0)?;
    let items = value.map_or(Ok(Vec::new()), |value| collect(call.frame, value));
    items.map(Value::List)
}

/// `array([[1, 2], [3, 4]], 'f64')`; with `shape=[2, 2]` the numbers may be a plain list.
pub(super) fn array(mut call: Call<'_, '_>) -> Result<Value> {
    let (dtype, shape) = (call.keyword("dtype"), call.keyword("shape"));
    let [numbers, second] = call.take(1)?;
    let numbers = match numbers.unwrap_or_default() {
        Value::Text(_) => {
            return Err(Error::type_error(
                "array() takes the numbers first, then their type: array([1, 2], 'i32'); \
                 Python's array is `collections.array`",
            ));
        }
        object @ Value::Object(_) => Value::List(collect(call.frame, object)?),
        numbers => numbers,
    };
    let element = match dtype.or(second) {
        None | Some(Value::Null) => None,
        Some(Value::Text(name)) => Some(ops::array::element_type(&name)?),
        Some(other) => {
            let got = other.type_name();
            return Err(Error::type_error(format!(
                "the type of an array's elements is a text such as 'f64', got {got}"
            )));
        }
    };
    let mut array = Value::Array(ops::array::from_value(&numbers, element)?);
    match shape {
        None | Some(Value::Null) => Ok(array),
        Some(shape) => ops::call_method(&mut array, "reshape", vec![shape], Map::new()),
    }
}

pub(super) fn dict(mut call: Call<'_, '_>) -> Result<Value> {
    let keywords = std::mem::take(&mut call.keywords);
    let [value] = call.take(0)?;
    let mut map = value.map_or(Ok(Map::new()), |value| mapping(call.frame, value))?;
    for (name, value) in keywords {
        map.insert(Value::Text(name), value);
    }
    Ok(Value::Map(map))
}

pub(super) fn reversed(mut call: Call<'_, '_>) -> Result<Value> {
    let mut items = {
        let value = call.one()?;
        collect(call.frame, value)?
    };
    items.reverse();
    Ok(Value::List(items))
}

pub(super) fn enumerate(mut call: Call<'_, '_>) -> Result<Value> {
    let start = call.keyword("start");
    let [value, second] = call.take(1)?;
    let start = start
        .or(second)
        .map_or(Ok(0), |start| whole(&start, "the start"))?;
    let items = collect(call.frame, value.unwrap_or_default())?;
    Budget::new().take_many(items.len().saturating_mul(2))?;
    let pairs = items.into_iter().enumerate().map(|(at, item)| {
        let number = start
            .checked_add(at as i128)
            .ok_or_else(|| Error::arithmetic("the numbers do not fit"))?;
        Ok(Value::List(vec![Value::Int(number), item]))
    });
    pairs.collect::<Result<_>>().map(Value::List)
}

pub(super) fn zip(mut call: Call<'_, '_>) -> Result<Value> {
    call.no_more_keywords()?;
    let rows = zip_rows(&mut call)?;
    Ok(Value::List(rows.into_iter().map(Value::List).collect()))
}

/// The items of all positional arguments side by side, up to the end of the shortest.
fn zip_rows(call: &mut Call<'_, '_>) -> Result<Vec<Vec<Value>>> {
    let sources = std::mem::take(&mut call.positional).into_iter();
    let mut sources: Vec<Iter<'_>> = sources
        .map(|source| call.frame.go_through(source))
        .collect::<Result<_>>()?;
    let mut budget = Budget::inside(2);
    let mut rows = Vec::new();
    while !sources.is_empty() {
        let mut row = Vec::with_capacity(sources.len());
        for source in &mut sources {
            match source.next() {
                Some(item) => {
                    let item = item?;
                    budget.take(&item)?;
                    row.push(item);
                }
                None => return Ok(rows),
            }
        }
        budget.take_many(1)?;
        rows.push(row);
    }
    Ok(rows)
}

pub(super) fn range(mut call: Call<'_, '_>) -> Result<Value> {
    let [first, second, step] = call.take(1)?;
    let bound = |value: Option<Value>| {
        value
            .map(|value| whole(&value, "a bound of range()"))
            .transpose()
    };
    let (first, second, step) = (
        bound(first)?.unwrap_or(0),
        bound(second)?,
        bound(step)?.unwrap_or(1),
    );
    let (start, stop) = match second {
        Some(stop) => (first, stop),
        None => (0, first),
    };
    if step == 0 {
        return Err(Error::value("the step of range() can not be 0"));
    }
    let empty = if step > 0 {
        stop <= start
    } else {
        stop >= start
    };
    let count = if empty {
        0
    } else {
        (stop.abs_diff(start) - 1) / step.unsigned_abs() + 1
    };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    Budget::new().take_many(count)?;
    let number = |at: usize| Value::Int(start.saturating_add(step.saturating_mul(at as i128)));
    Ok(Value::List((0..count).map(number).collect()))
}

pub(super) fn sum(mut call: Call<'_, '_>) -> Result<Value> {
    let start = call.keyword("start");
    let [items, second] = call.take(1)?;
    let mut sum = start.or(second).unwrap_or(Value::Int(0));
    for item in call.frame.go_through(items.unwrap_or_default())? {
        sum = combine(Arithmetic::Add, &sum, &item?)?;
    }
    Ok(sum)
}

/// `map(f, a, b)`: what the function gives for the items, those of several sources side by side.
pub(super) fn map(mut call: Call<'_, '_>) -> Result<Value> {
    call.no_more_keywords()?;
    if call.positional.len() < 2 {
        let message = "map() takes a function and what to go through";
        return Err(Error::type_error(message));
    }
    let function = call.positional.remove(0);
    let rows = zip_rows(&mut call)?;
    let mut budget = Budget::inside(1);
    let mut results = Vec::with_capacity(rows.len());
    for row in rows {
        let arguments = DynArgs {
            positional: row,
            ..DynArgs::default()
        };
        let result = call.frame.call_value(&function, arguments)?;
        budget.take(&result)?;
        results.push(result);
    }
    Ok(Value::List(results))
}

/// `filter(f, items)`: those for which the function says so; with None, those that count as true.
pub(super) fn filter(mut call: Call<'_, '_>) -> Result<Value> {
    let [function, items] = call.take(2)?;
    let function = function.filter(|function| !matches!(function, Value::Null));
    let items = collect(call.frame, items.unwrap_or_default())?;
    let mut kept = Vec::new();
    for item in items {
        let says = match &function {
            None => ops::truth(&item)?,
            Some(function) => {
                let arguments = DynArgs {
                    positional: vec![item.clone()],
                    ..DynArgs::default()
                };
                ops::truth(&call.frame.call_value(function, arguments)?)?
            }
        };
        if says {
            kept.push(item);
        }
    }
    Ok(Value::List(kept))
}

pub(super) fn any(call: Call<'_, '_>) -> Result<Value> {
    find(call, true)
}

pub(super) fn all(call: Call<'_, '_>) -> Result<Value> {
    find(call, false).map(|found| Value::Bool(found == Value::Bool(false)))
}

/// Whether any item counts as `wanted`.
fn find(mut call: Call<'_, '_>, wanted: bool) -> Result<Value> {
    let items = call.one()?;
    for item in call.frame.go_through(items)? {
        if ops::truth(&item?)? == wanted {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

/// The iterator of an object, where the object is; of data, one that lives here.
pub(super) fn iter(mut call: Call<'_, '_>) -> Result<Value> {
    match call.one()? {
        Value::Object(proxy) => proxy.call("__iter__", ()),
        data => Ok(Value::Object(
            Items::new(collect(call.frame, data)?).proxy(),
        )),
    }
}

pub(super) fn next(mut call: Call<'_, '_>) -> Result<Value> {
    let [iterator, default] = call.take(1)?;
    let iterator = iterator.unwrap_or_default();
    let Value::Object(proxy) = iterator else {
        let message = format!(
            "next() needs an iterator, got {}; make one with iter()",
            iterator.type_name()
        );
        return Err(Error::type_error(message));
    };
    match (proxy.call("__next__", ()), default) {
        (Err(error), Some(default)) if error.kind() == Kind::StopIteration => Ok(default),
        (next, _) => next,
    }
}
