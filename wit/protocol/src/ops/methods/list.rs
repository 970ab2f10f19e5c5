//! The methods of a list.

#![expect(clippy::ptr_arg, reason = "the methods in a table have one type")]

use super::super::access::iterate;
use super::super::compare::equal;
use super::super::list::position;
use super::super::sort::sort;
use super::super::text::describe;
use super::arguments::Arguments;
use super::{Method, find, names};
use crate::{Error, Map, Result, Value};

type Run = fn(&mut Vec<Value>, Arguments) -> Result<Value>;

const METHODS: &[Method<Run>] = &[
    Method {
        name: "append",
        parameters: &["item"],
        required: 1,
        run: append,
    },
    Method {
        name: "extend",
        parameters: &["items"],
        required: 1,
        run: extend,
    },
    Method {
        name: "insert",
        parameters: &["index", "item"],
        required: 2,
        run: insert,
    },
    Method {
        name: "pop",
        parameters: &["index"],
        required: 0,
        run: pop,
    },
    Method {
        name: "remove",
        parameters: &["item"],
        required: 1,
        run: remove,
    },
    Method {
        name: "index",
        parameters: &["item", "start", "stop"],
        required: 1,
        run: index,
    },
    Method {
        name: "count",
        parameters: &["item"],
        required: 1,
        run: count,
    },
    Method {
        name: "sort",
        parameters: &["reverse"],
        required: 0,
        run: sorted,
    },
    Method {
        name: "reverse",
        parameters: &[],
        required: 0,
        run: reverse,
    },
    Method {
        name: "copy",
        parameters: &[],
        required: 0,
        run: copy,
    },
    Method {
        name: "clear",
        parameters: &[],
        required: 0,
        run: clear,
    },
];

/// The methods of a list.
pub const METHOD_NAMES: &[&str] = &names::<{ METHODS.len() }, Run>(METHODS);

/// Calls a method of a list: `append`, `sort`, ...
///
/// ```
/// # use locum_protocol::{Map, ops};
/// let mut items = vec![2.into(), 1.into()];
/// ops::list::call_method(&mut items, "sort", vec![], Map::new())?;
/// assert_eq!(items, [1.into(), 2.into()]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn call_method(
    items: &mut Vec<Value>,
    name: &str,
    args: Vec<Value>,
    keywords: Map,
) -> Result<Value> {
    let (method, arguments) = find(METHODS, "list", name)?.bind("list", args, keywords)?;
    (method.run)(items, arguments)
}

fn append(items: &mut Vec<Value>, mut arguments: Arguments) -> Result<Value> {
    items.push(arguments.value(0));
    Ok(Value::Null)
}

fn extend(items: &mut Vec<Value>, mut arguments: Arguments) -> Result<Value> {
    match arguments.value(0) {
        Value::List(more) => items.extend(more),
        other => items.extend(iterate(&other).map_err(|error| arguments.explain(0, error))?),
    }
    Ok(Value::Null)
}

fn insert(items: &mut Vec<Value>, mut arguments: Arguments) -> Result<Value> {
    let Some(index) = arguments.int(0)? else {
        return Err(arguments.unexpected(0, "an integer", &Value::Null));
    };
    // Outside of the list means its nearer end.
    let end = items.len();
    let at = position(end, index).unwrap_or(if index < 0 { 0 } else { end });
    items.insert(at, arguments.value(1));
    Ok(Value::Null)
}

fn pop(items: &mut Vec<Value>, mut arguments: Arguments) -> Result<Value> {
    let index = arguments.int(0)?.unwrap_or(-1);
    if items.is_empty() {
        return Err(Error::index("pop from empty list"));
    }
    let at = position(items.len(), index)
        .map_err(|error| error.map_message(|_| "pop index out of range".to_owned()))?;
    Ok(items.remove(at))
}

fn remove(items: &mut Vec<Value>, mut arguments: Arguments) -> Result<Value> {
    let wanted = arguments.value(0);
    let at = find_item(items, &wanted)?.ok_or_else(|| not_there(&arguments, &wanted))?;
    items.remove(at);
    Ok(Value::Null)
}

fn index(items: &mut Vec<Value>, mut arguments: Arguments) -> Result<Value> {
    let wanted = arguments.value(0);
    if let Some(range) = arguments.range(1, items.len())?
        && let Some(at) = find_item(&items[range.clone()], &wanted)?
    {
        return Ok((range.start + at).into());
    }
    Err(not_there(&arguments, &wanted))
}

fn count(items: &mut Vec<Value>, mut arguments: Arguments) -> Result<Value> {
    let wanted = arguments.value(0);
    let mut found = 0usize;
    for item in items.iter() {
        found += usize::from(equal(item, &wanted)?);
    }
    Ok(found.into())
}

fn sorted(items: &mut Vec<Value>, mut arguments: Arguments) -> Result<Value> {
    sort(items, arguments.flag(0)?)?;
    Ok(Value::Null)
}

fn reverse(items: &mut Vec<Value>, _: Arguments) -> Result<Value> {
    items.reverse();
    Ok(Value::Null)
}

fn copy(items: &mut Vec<Value>, _: Arguments) -> Result<Value> {
    Ok(Value::List(items.clone()))
}

fn clear(items: &mut Vec<Value>, _: Arguments) -> Result<Value> {
    items.clear();
    Ok(Value::Null)
}

fn find_item(items: &[Value], wanted: &Value) -> Result<Option<usize>> {
    for (at, item) in items.iter().enumerate() {
        if equal(item, wanted)? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn not_there(arguments: &Arguments, wanted: &Value) -> Error {
    Error::value(arguments.place(&format!("{} is not in the list", describe(wanted))))
}

#[cfg(test)]
mod tests {
    use super::super::testing::answer;
    use super::*;
    use crate::ops::repr;

    fn after(items: &[i64], name: &str, args: Vec<Value>) -> String {
        let mut items: Vec<Value> = items.iter().copied().map(Value::from).collect();
        match call_method(&mut items, name, args, Map::new()) {
            Ok(_) => repr(&Value::List(items)).unwrap(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn items_are_added_where_python_adds_them() {
        assert_eq!(after(&[1], "append", vec![vec![2i64].into()]), "[1, [2]]");
        assert_eq!(after(&[1], "extend", vec!["ab".into()]), "[1, 'a', 'b']");
        assert_eq!(
            after(&[1, 2], "insert", vec![(-1i64).into(), 9i64.into()]),
            "[1, 9, 2]"
        );
        assert_eq!(
            after(&[1, 2], "insert", vec![100i64.into(), 9i64.into()]),
            "[1, 2, 9]"
        );
        assert_eq!(
            after(&[1, 2], "insert", vec![(-100i64).into(), 9i64.into()]),
            "[9, 1, 2]"
        );
        assert_eq!(after(&[1], "extend", vec![5i64.into()]), {
            "TypeError: list.extend: argument `items` (1): 'int' object is not iterable"
        });
    }

    #[test]
    fn items_are_taken_out_and_found() {
        assert_eq!(after(&[1, 2, 3], "pop", vec![]), "[1, 2]");
        assert_eq!(after(&[1, 2, 3], "pop", vec![0i64.into()]), "[2, 3]");
        assert_eq!(after(&[], "pop", vec![]), "IndexError: pop from empty list");
        assert_eq!(
            after(&[1], "pop", vec![1i64.into()]),
            "IndexError: pop index out of range"
        );
        assert_eq!(after(&[1, 2, 1], "remove", vec![1.0.into()]), "[2, 1]");
        assert_eq!(
            after(&[1], "remove", vec![2i64.into()]),
            "ValueError: list.remove: the integer 2 is not in the list"
        );
        assert_eq!(
            answer(vec![1i64, 2, 1], "index", [1i64.into(), 1i64.into()]),
            "2"
        );
        assert_eq!(
            answer(
                vec![1i64, 2, 1],
                "index",
                [1i64.into(), 1i64.into(), (-1i64).into()]
            ),
            { "ValueError: list.index: the integer 1 is not in the list" }
        );
        assert_eq!(answer(vec![1i64, 2, 1], "count", [true.into()]), "2");
    }

    #[test]
    fn a_list_is_sorted_reversed_copied_and_cleared() {
        assert_eq!(after(&[2, 3, 1], "sort", vec![]), "[1, 2, 3]");
        assert_eq!(after(&[2, 3, 1], "reverse", vec![]), "[1, 3, 2]");
        assert_eq!(after(&[2, 3, 1], "clear", vec![]), "[]");
        assert_eq!(answer(vec![1i64], "copy", []), "[1]");
        let mut items = vec![1i64.into(), 2i64.into()];
        let reverse = [("reverse".into(), true.into())].into_iter().collect();
        call_method(&mut items, "sort", vec![], reverse).unwrap();
        assert_eq!(items, [Value::Int(2), Value::Int(1)]);
    }
}
