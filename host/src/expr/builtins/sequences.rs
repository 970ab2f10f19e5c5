//! Functions about lists, dicts and whatever can be gone through.

use locum_protocol::ops::{self, Arithmetic, Comparison};
use locum_protocol::{Error, Items, Kind, Map, Result, Value};

use super::super::budget::Budget;
use super::super::eval::combine;
use super::super::iterate::{Iter, iterate};
use super::{Call, collect, mapping, whole};

pub(super) fn len(call: Call<'_>) -> Result<Value> {
    let len = match call.one()? {
        Value::Object(proxy) => proxy.len(),
        data => ops::len(&data),
    };
    len.map(Value::from)
}

pub(super) fn list(call: Call<'_>) -> Result<Value> {
    let [value] = call.take(0)?;
    value.map_or(Ok(Vec::new()), collect).map(Value::List)
}

/// `array([[1, 2], [3, 4]], 'f64')`; with `shape=[2, 2]` the numbers may be a plain list.
pub(super) fn array(mut call: Call<'_>) -> Result<Value> {
    let (dtype, shape) = (call.keyword("dtype"), call.keyword("shape"));
    let [numbers, second] = call.take(1)?;
    let numbers = match numbers.unwrap_or_default() {
        Value::Text(_) => {
            return Err(Error::type_error(
                "array() takes the numbers first, then their type: array([1, 2], 'i32'); \
                 Python's array is `collections.array`",
            ));
        }
        object @ Value::Object(_) => Value::List(collect(object)?),
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

pub(super) fn dict(mut call: Call<'_>) -> Result<Value> {
    let keywords = std::mem::take(&mut call.keywords);
    let [value] = call.take(0)?;
    let mut map = value.map_or(Ok(Map::new()), mapping)?;
    for (name, value) in keywords {
        map.insert(Value::Text(name), value);
    }
    Ok(Value::Map(map))
}

pub(super) fn sorted(mut call: Call<'_>) -> Result<Value> {
    let reverse = call.keyword("reverse").unwrap_or(Value::Bool(false));
    let reverse: Map = [("reverse".into(), Value::Bool(ops::truth(&reverse)?))]
        .into_iter()
        .collect();
    let mut list = Value::List(collect(call.one()?)?);
    ops::call_method(&mut list, "sort", Vec::new(), reverse)?;
    Ok(list)
}

pub(super) fn reversed(call: Call<'_>) -> Result<Value> {
    let mut items = collect(call.one()?)?;
    items.reverse();
    Ok(Value::List(items))
}

pub(super) fn enumerate(mut call: Call<'_>) -> Result<Value> {
    let start = call.keyword("start");
    let [value, second] = call.take(1)?;
    let start = start
        .or(second)
        .map_or(Ok(0), |start| whole(&start, "the start"))?;
    let items = collect(value.unwrap_or_default())?;
    Budget::new().take_many(items.len().saturating_mul(2))?;
    let pairs = items.into_iter().enumerate().map(|(at, item)| {
        let number = start
            .checked_add(at as i128)
            .ok_or_else(|| Error::arithmetic("the numbers do not fit"))?;
        Ok(Value::List(vec![Value::Int(number), item]))
    });
    pairs.collect::<Result<_>>().map(Value::List)
}

pub(super) fn zip(call: Call<'_>) -> Result<Value> {
    call.no_more_keywords()?;
    let mut sources: Vec<Iter> = call
        .positional
        .into_iter()
        .map(iterate)
        .collect::<Result<_>>()?;
    let mut budget = Budget::inside(1);
    let mut rows = Vec::new();
    while !sources.is_empty() {
        let mut row = Vec::with_capacity(sources.len());
        for source in &mut sources {
            match source.next() {
                Some(item) => row.push(item?),
                None => return Ok(Value::List(rows)),
            }
        }
        let row = Value::List(row);
        budget.take(&row)?;
        rows.push(row);
    }
    Ok(Value::List(rows))
}

pub(super) fn range(call: Call<'_>) -> Result<Value> {
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

pub(super) fn sum(mut call: Call<'_>) -> Result<Value> {
    let start = call.keyword("start");
    let [items, second] = call.take(1)?;
    let mut sum = start.or(second).unwrap_or(Value::Int(0));
    for item in iterate(items.unwrap_or_default())? {
        sum = combine(Arithmetic::Add, &sum, &item?)?;
    }
    Ok(sum)
}

pub(super) fn min(call: Call<'_>) -> Result<Value> {
    extreme(call, Comparison::Lt)
}

pub(super) fn max(call: Call<'_>) -> Result<Value> {
    extreme(call, Comparison::Gt)
}

/// The first item that is before all others: of one argument's items, or of several arguments.
fn extreme(mut call: Call<'_>, before: Comparison) -> Result<Value> {
    let name = call.name;
    let default = call.keyword("default");
    call.no_more_keywords()?;
    let items = match <[Value; 1]>::try_from(call.positional) {
        Ok([items]) => iterate(items)?,
        Err(several) if several.is_empty() => {
            return Err(Error::type_error(format!(
                "{name}() takes at least 1 argument, got 0"
            )));
        }
        Err(several) => iterate(Value::List(several))?,
    };
    let mut best: Option<Value> = None;
    for item in items {
        let item = item?;
        best = match best {
            Some(best) if !ops::compare_with(before, &item, &best)? => Some(best),
            _ => Some(item),
        };
    }
    best.or(default)
        .ok_or_else(|| Error::value(format!("{name}() of nothing, and no default was given")))
}

pub(super) fn any(call: Call<'_>) -> Result<Value> {
    find(call, true)
}

pub(super) fn all(call: Call<'_>) -> Result<Value> {
    find(call, false).map(|found| Value::Bool(found == Value::Bool(false)))
}

/// Whether any item counts as `wanted`.
fn find(call: Call<'_>, wanted: bool) -> Result<Value> {
    for item in iterate(call.one()?)? {
        if ops::truth(&item?)? == wanted {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

/// The iterator of an object, where the object is; of data, one that lives here.
pub(super) fn iter(call: Call<'_>) -> Result<Value> {
    match call.one()? {
        Value::Object(proxy) => proxy.call("__iter__", ()),
        data => Ok(Value::Object(Items::new(collect(data)?).proxy())),
    }
}

pub(super) fn next(call: Call<'_>) -> Result<Value> {
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
