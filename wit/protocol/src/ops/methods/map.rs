//! The methods of a map.

use super::super::access::iterate;
use super::super::map::delete;
use super::arguments::Arguments;
use super::{Method, find, names};
use crate::{Error, Map, Result, Value};

type Run = fn(&mut Map, Arguments) -> Result<Value>;

const METHODS: &[Method<Run>] = &[
    Method {
        name: "keys",
        parameters: &[],
        required: 0,
        run: keys,
    },
    Method {
        name: "values",
        parameters: &[],
        required: 0,
        run: values,
    },
    Method {
        name: "items",
        parameters: &[],
        required: 0,
        run: items,
    },
    Method {
        name: "get",
        parameters: &["key", "default"],
        required: 1,
        run: get,
    },
    Method {
        name: "setdefault",
        parameters: &["key", "default"],
        required: 1,
        run: setdefault,
    },
    Method {
        name: "update",
        parameters: &["other", "**"],
        required: 0,
        run: update,
    },
    Method {
        name: "pop",
        parameters: &["key", "default"],
        required: 1,
        run: pop,
    },
    Method {
        name: "popitem",
        parameters: &[],
        required: 0,
        run: popitem,
    },
    Method {
        name: "clear",
        parameters: &[],
        required: 0,
        run: clear,
    },
    Method {
        name: "copy",
        parameters: &[],
        required: 0,
        run: copy,
    },
];

/// The methods of a map.
pub const METHOD_NAMES: &[&str] = &names::<{ METHODS.len() }, Run>(METHODS);

/// Calls a method of a map: `keys`, `setdefault`, ...
///
/// ```
/// # use locum_protocol::{Map, ops};
/// let mut map = Map::new();
/// ops::map::call_method(&mut map, "setdefault", vec!["a".into(), 1.into()], Map::new())?;
/// assert_eq!(map.get(&"a".into()), Some(&1.into()));
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn call_method(map: &mut Map, name: &str, args: Vec<Value>, keywords: Map) -> Result<Value> {
    let (method, arguments) = find(METHODS, "map", name)?.bind("map", args, keywords)?;
    (method.run)(map, arguments)
}

fn keys(map: &mut Map, _: Arguments) -> Result<Value> {
    Ok(Value::List(
        map.iter().map(|(key, _)| key.clone()).collect(),
    ))
}

fn values(map: &mut Map, _: Arguments) -> Result<Value> {
    Ok(Value::List(
        map.iter().map(|(_, value)| value.clone()).collect(),
    ))
}

fn items(map: &mut Map, _: Arguments) -> Result<Value> {
    Ok(Value::List(
        map.iter()
            .map(|(key, value)| pair(key.clone(), value.clone()))
            .collect(),
    ))
}

fn get(map: &mut Map, mut arguments: Arguments) -> Result<Value> {
    let key = arguments.value(0);
    Ok(map.get(&key).cloned().unwrap_or_else(|| arguments.value(1)))
}

fn setdefault(map: &mut Map, mut arguments: Arguments) -> Result<Value> {
    let key = arguments.value(0);
    if let Some(value) = map.get(&key) {
        return Ok(value.clone());
    }
    let default = arguments.value(1);
    map.push(key, default.clone());
    Ok(default)
}

fn update(map: &mut Map, mut arguments: Arguments) -> Result<Value> {
    let entries = match arguments.take(0) {
        None => Map::new(),
        Some(Value::Map(entries)) => entries,
        Some(pairs) => entries_of(&pairs).map_err(|error| arguments.explain(0, error))?,
    };
    for (key, value) in entries.into_iter().chain(arguments.keywords()) {
        map.insert(key, value);
    }
    Ok(Value::Null)
}

fn pop(map: &mut Map, mut arguments: Arguments) -> Result<Value> {
    let key = arguments.value(0);
    delete(map, &key).or_else(|error| arguments.take(1).ok_or(error))
}

fn popitem(map: &mut Map, arguments: Arguments) -> Result<Value> {
    let mut entries: Vec<(Value, Value)> = std::mem::take(map).into_iter().collect();
    let last = entries.pop();
    for (key, value) in entries {
        map.push(key, value);
    }
    match last {
        Some((key, value)) => Ok(pair(key, value)),
        None => Err(Error::key(arguments.place("the map is empty"))),
    }
}

fn clear(map: &mut Map, _: Arguments) -> Result<Value> {
    *map = Map::new();
    Ok(Value::Null)
}

fn copy(map: &mut Map, _: Arguments) -> Result<Value> {
    Ok(Value::Map(map.clone()))
}

fn pair(key: Value, value: Value) -> Value {
    Value::List(vec![key, value])
}

/// The entries that a list of pairs means.
fn entries_of(pairs: &Value) -> Result<Map> {
    let mut entries = Map::new();
    for (at, entry) in iterate(pairs)?.iter().enumerate() {
        match <[Value; 2]>::try_from(iterate(entry)?) {
            Ok([key, value]) => entries.insert(key, value),
            Err(parts) => {
                let count = parts.len();
                return Err(Error::value(format!(
                    "item {at} has {count} parts; a key and a value are 2"
                )));
            }
        };
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, answer_with};
    use super::*;
    use crate::ops::repr;

    fn ab() -> Map {
        [("a".into(), 1i64.into()), ("b".into(), 2i64.into())]
            .into_iter()
            .collect()
    }

    fn after(name: &str, args: Vec<Value>, keywords: Map) -> String {
        let mut map = ab();
        match call_method(&mut map, name, args, keywords) {
            Ok(_) => repr(&map.into()).unwrap(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_map_lists_its_keys_values_and_entries() {
        assert_eq!(answer(ab(), "keys", []), "['a', 'b']");
        assert_eq!(answer(ab(), "values", []), "[1, 2]");
        assert_eq!(answer(ab(), "items", []), "[['a', 1], ['b', 2]]");
    }

    #[test]
    fn a_missing_key_gives_the_default_where_one_can_be_given() {
        assert_eq!(answer(ab(), "get", ["a".into()]), "1");
        assert_eq!(answer(ab(), "get", ["x".into()]), "None");
        assert_eq!(
            answer_with(ab(), "get", ["x".into()], &[("default", 7i64.into())]),
            "7"
        );
        assert_eq!(answer(ab(), "pop", ["x".into()]), "KeyError: 'x'");
        assert_eq!(answer(ab(), "pop", ["x".into(), ().into()]), "None");
        assert_eq!(
            after("setdefault", vec!["c".into(), 3i64.into()], Map::new()),
            "{'a': 1, 'b': 2, 'c': 3}"
        );
        assert_eq!(answer(ab(), "setdefault", ["a".into(), 3i64.into()]), "1");
    }

    #[test]
    fn update_takes_maps_pairs_and_keywords() {
        let pairs = Value::from(vec![vec![Value::from("a"), 9i64.into()]]);
        assert_eq!(after("update", vec![pairs], ab()), "{'a': 1, 'b': 2}");
        let other = [("other".into(), 3i64.into())].into_iter().collect();
        assert_eq!(
            after("update", vec![], other),
            "{'a': 1, 'b': 2, 'other': 3}"
        );
        assert_eq!(after("update", vec![vec!["abc"].into()], Map::new()), {
            "ValueError: map.update: argument `other` (1): item 0 has 3 parts; a key and a value are 2"
        });
    }

    #[test]
    fn the_last_entry_goes_first_whatever_its_key() {
        assert_eq!(after("popitem", vec![], Map::new()), "{'a': 1}");
        let mut odd: Map = [(f64::NAN.into(), 1i64.into())].into_iter().collect();
        assert!(call_method(&mut odd, "popitem", vec![], Map::new()).is_ok() && odd.is_empty());
        assert_eq!(
            answer(Map::new(), "popitem", []),
            "KeyError: map.popitem: the map is empty"
        );
    }

    #[test]
    fn a_map_is_copied_and_cleared() {
        assert_eq!(answer(ab(), "copy", []), "{'a': 1, 'b': 2}");
        assert_eq!(after("clear", vec![], Map::new()), "{}");
    }
}
