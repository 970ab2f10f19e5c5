//! Sorting and the extremes, by a key if one is given.

use locum_protocol::ops::{self, Comparison};
use locum_protocol::{DynArgs, Error, Result, Value};

use super::super::frame::Frame;
use super::{Call, collect};

pub(super) fn sorted(mut call: Call<'_, '_>) -> Result<Value> {
    let (key, reverse) = (call.keyword("key"), call.keyword("reverse"));
    let items = call.one()?;
    let items = collect(call.frame, items)?;
    sort(call.frame, items, key, reverse).map(Value::List)
}

/// What `items.sort(...)` makes of the items, which are the first argument.
pub(in super::super) fn method(frame: &mut Frame<'_>, arguments: DynArgs) -> Result<Value> {
    let DynArgs {
        positional,
        keywords,
    } = arguments;
    sorted(Call {
        name: "list.sort",
        positional,
        keywords,
        frame,
    })
}

/// The items in order; equal ones keep theirs, also when it is reversed.
fn sort(
    frame: &mut Frame<'_>,
    items: Vec<Value>,
    key: Option<Value>,
    reverse: Option<Value>,
) -> Result<Vec<Value>> {
    let reverse = reverse.map_or(Ok(false), |reverse| ops::truth(&reverse))?;
    let keys = keys(frame, &items, key)?;
    let order = order(frame, keys.as_deref().unwrap_or(&items), reverse)?;
    let mut items: Vec<Option<Value>> = items.into_iter().map(Some).collect();
    Ok(order
        .into_iter()
        .filter_map(|at| items[at].take())
        .collect())
}

/// What the items are compared by; `None` when it is they themselves.
fn keys(frame: &mut Frame<'_>, items: &[Value], key: Option<Value>) -> Result<Option<Vec<Value>>> {
    let Some(key) = key.filter(|key| !matches!(key, Value::Null)) else {
        return Ok(None);
    };
    let one = |item| by_key(frame, &key, item);
    items.iter().map(one).collect::<Result<_>>().map(Some)
}

fn by_key(frame: &mut Frame<'_>, key: &Value, item: &Value) -> Result<Value> {
    let arguments = DynArgs {
        positional: vec![item.clone()],
        ..DynArgs::default()
    };
    frame.call_value(key, arguments)
}

/// The places of the items in their order: runs of one, two, four, ... are merged. Not the standard library's sort: that
/// one may panic when the order is not total, and can not be interrupted.
fn order(frame: &Frame<'_>, keys: &[Value], reverse: bool) -> Result<Vec<usize>> {
    let goes_first = |later: usize, earlier: usize| {
        frame.check_interrupt()?;
        let (a, b) = if reverse {
            (earlier, later)
        } else {
            (later, earlier)
        };
        ops::compare_with(Comparison::Lt, &keys[a], &keys[b])
    };
    let mut order: Vec<usize> = (0..keys.len()).collect();
    let mut merged = Vec::with_capacity(order.len());
    let mut width = 1;
    while width < order.len() {
        merged.clear();
        for run in order.chunks(width * 2) {
            let (mut left, mut right) = run.split_at(width.min(run.len()));
            if let (Some(&last), Some(&first)) = (left.last(), right.first())
                && !goes_first(first, last)?
            {
                merged.extend_from_slice(run);
                continue;
            }
            while let (Some(&l), Some(&r)) = (left.first(), right.first()) {
                if goes_first(r, l)? {
                    merged.push(r);
                    right = &right[1..];
                } else {
                    merged.push(l);
                    left = &left[1..];
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut order, &mut merged);
        width *= 2;
    }
    Ok(order)
}

pub(super) fn min(call: Call<'_, '_>) -> Result<Value> {
    extreme(call, Comparison::Lt)
}

pub(super) fn max(call: Call<'_, '_>) -> Result<Value> {
    extreme(call, Comparison::Gt)
}

/// The first item that is before all others: of one argument's items, or of several arguments.
fn extreme(mut call: Call<'_, '_>, before: Comparison) -> Result<Value> {
    let name = call.name;
    let default = call.keyword("default");
    let key = call.keyword("key");
    let key = key.filter(|key| !matches!(key, Value::Null));
    call.no_more_keywords()?;
    let items = match <[Value; 1]>::try_from(call.positional) {
        Ok([items]) => call.frame.go_through(items)?,
        Err(several) if several.is_empty() => {
            return Err(Error::type_error(format!(
                "{name}() takes at least 1 argument, got 0"
            )));
        }
        Err(several) => call.frame.go_through(Value::List(several))?,
    };
    let mut best: Option<(Value, Value)> = None;
    for item in items {
        let item = item?;
        let rank = match &key {
            Some(key) => by_key(call.frame, key, &item)?,
            None => item.clone(),
        };
        best = match best {
            Some(best) if !ops::compare_with(before, &rank, &best.0)? => Some(best),
            _ => Some((rank, item)),
        };
    }
    best.map(|(_, item)| item)
        .or(default)
        .ok_or_else(|| Error::value(format!("{name}() of nothing, and no default was given")))
}
