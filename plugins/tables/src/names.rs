//! Columns by name.

use locum_guest::{Error, Result, Value, ops};

/// How many names an error lists.
const MOST: usize = 20;

/// The error for a column that is not there.
#[cold]
pub(crate) fn no_column<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Error {
    let hint = match ops::closest(name, known.clone()) {
        Some(known) => format!("; did you mean `{known}`?"),
        None => String::new(),
    };
    let mut listed: Vec<String> = known
        .clone()
        .take(MOST)
        .map(|it| format!("`{it}`"))
        .collect();
    if known.count() > MOST {
        listed.push("…".to_owned());
    }
    let there = match listed.is_empty() {
        true => "the table has no columns".to_owned(),
        false => format!("the columns are {}", listed.join(", ")),
    };
    let end = if hint.is_empty() { ";" } else { "" };
    Error::key(format!(
        "there is no column `{}`{hint}{end} {there}",
        name.escape_debug()
    ))
}

/// Names, of which each may be in a list: `"a", "b"` or `["a", "b"]`.
pub(crate) fn flat(names: Vec<Value>) -> Result<Vec<String>> {
    let mut flat = Vec::with_capacity(names.len());
    for name in names {
        match name {
            Value::Text(name) => flat.push(name),
            Value::List(names) => flat.extend(self::flat(names)?),
            other => return Err(no_name(&other)),
        }
    }
    Ok(flat)
}

#[cold]
pub(crate) fn no_name(value: &Value) -> Error {
    Error::type_error(format!(
        "expected the name of a column (text), got {}",
        value.type_name()
    ))
}

/// The names of columns that are to be there once each.
pub(crate) fn check_unique(names: &[String]) -> Result<()> {
    let mut known = std::collections::HashSet::new();
    match names.iter().find(|name| !known.insert(name.as_str())) {
        Some(name) => Err(Error::value(format!(
            "the column `{name}` is there twice; names must differ"
        ))),
        None => Ok(()),
    }
}
