//! Values as the containers take them: everything in something, and copies of what this plugin's own objects hold.

use locum_guest::{Class, Error, Kind, Map, Proxy, Result, Shared, Value, ops};

use crate::sequence::snapshot;
use crate::trail::{Step, Walk};
use crate::{Array, Cell, Deque, Dict, List, Namespace, Set};

/// An object of this plugin, by its class.
pub(crate) enum Own {
    List(Shared<List>),
    Dict(Shared<Dict>),
    Set(Shared<Set>),
    Deque(Shared<Deque>),
    Namespace(Shared<Namespace>),
    Cell(Shared<Cell>),
    Array(Shared<Array>),
}

impl Own {
    pub(crate) fn of(value: &Value) -> Option<Own> {
        fn try_as<T: Class>(proxy: &Proxy, wrap: fn(Shared<T>) -> Own) -> Option<Own> {
            proxy.downcast::<T>().map(wrap)
        }
        match value {
            Value::Object(proxy) if proxy.is_local() => try_as(proxy, Own::List)
                .or_else(|| try_as(proxy, Own::Dict))
                .or_else(|| try_as(proxy, Own::Set))
                .or_else(|| try_as(proxy, Own::Deque))
                .or_else(|| try_as(proxy, Own::Namespace))
                .or_else(|| try_as(proxy, Own::Cell))
                .or_else(|| try_as(proxy, Own::Array)),
            _ => None,
        }
    }

    /// What it holds as data; objects in it stay objects.
    fn data(&self) -> Result<Value> {
        Ok(match self {
            Own::List(list) => snapshot(list)?,
            Own::Dict(dict) => dict.borrow()?.data().into(),
            Own::Set(set) => set.borrow()?.data(),
            Own::Deque(deque) => snapshot(deque)?,
            Own::Namespace(namespace) => namespace.borrow()?.data().into(),
            Own::Cell(cell) => cell.borrow()?.get(),
            Own::Array(array) => snapshot(array)?,
        })
    }
}

/// Whether there is an object in it, so that looking at it may call somewhere.
pub(crate) fn holds_objects(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::List(items) => items.iter().any(holds_objects),
        Value::Map(map) => map.iter().any(|(_, value)| holds_objects(value)),
        _ => false,
    }
}

/// The value form of an object of this plugin: objects of this plugin inside of it are copied too, those of elsewhere
/// stay what they are.
pub(crate) fn copy<T: Class>(this: &Shared<T>) -> Result<Value> {
    deep(this.proxy().into())
}

fn deep(value: Value) -> Result<Value> {
    if !holds_objects(&value) {
        return Ok(value);
    }
    match value {
        Value::List(items) => items
            .into_iter()
            .map(deep)
            .collect::<Result<Vec<_>>>()
            .map(Value::List),
        Value::Map(map) => map
            .into_iter()
            .map(|(key, value)| Ok((key, deep(value)?)))
            .collect::<Result<Vec<_>>>()
            .map(|entries| Value::Map(Map::from_unique(entries))),
        object => {
            let Some(own) = Own::of(&object) else {
                return Ok(object);
            };
            let Value::Object(proxy) = object else {
                return Ok(object);
            };
            match Step::into(Walk::Copy, proxy)? {
                Some(_step) => deep(own.data()?),
                None => Err(holds_itself()),
            }
        }
    }
}

#[cold]
fn holds_itself() -> Error {
    Error::new(
        Kind::NotTransferable,
        "an object that holds itself can not be copied; keep its proxy",
    )
}

/// Everything that is in something, in order, as Python's `list(x)` gives it: items, keys, characters, bytes.
pub(crate) fn items_of(value: Value) -> Result<Vec<Value>> {
    let own = Own::of(&value);
    match (value, own) {
        (Value::List(items), _) => Ok(items),
        (_, Some(Own::Dict(dict))) => Ok(dict.borrow()?.keys()),
        (value, Some(Own::Namespace(_) | Own::Cell(_))) => Err(not_iterable(value.type_name())),
        (_, Some(own)) => match own.data()? {
            Value::List(items) => Ok(items),
            other => ops::iterate(&other),
        },
        (Value::Object(proxy), None) => {
            let items = proxy.iter::<Value>().map_err(|error| match error.kind() {
                Kind::NoSuchAttribute => not_iterable(proxy.type_name()),
                _ => error,
            })?;
            // An iterator may be endless.
            let mut taken = Vec::new();
            for item in items {
                if taken.len() == ops::MAX_SIZE {
                    return Err(Error::new(
                        Kind::LimitExceeded,
                        format!("more than {} items", ops::MAX_SIZE),
                    ));
                }
                taken.push(item?);
            }
            Ok(taken)
        }
        (value, None) => ops::iterate(&value),
    }
}

/// As [`items_of`], of something that may have been left out.
pub(crate) fn optional_items(value: Option<Value>) -> Result<Vec<Value>> {
    value.map_or_else(|| Ok(Vec::new()), items_of)
}

/// The last argument of a call, which may be left out and is given by place only; `before` are those before it.
pub(crate) fn optional(
    mut arguments: Vec<Value>,
    callee: &str,
    before: usize,
) -> Result<Option<Value>> {
    if arguments.len() <= 1 {
        return Ok(arguments.pop());
    }
    let (most, given) = (before + 1, before + arguments.len());
    let plural = if most == 1 { "" } else { "s" };
    Err(Error::type_error(format!(
        "{callee} expected at most {most} argument{plural}, got {given}"
    )))
}

#[cold]
fn not_iterable(name: &str) -> Error {
    Error::type_error(format!("'{name}' object is not iterable"))
}
