//! Which rows pass a test.

use std::cmp::Ordering;
use std::collections::HashSet;

use locum_guest::{Error, Map, Proxy, Result, Value, ops};

use crate::cell::{Cell, Key};
use crate::column::Column;
use crate::names::no_name;
use crate::table::Table;

const COMPARISONS: [&str; 11] = [
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "not in",
    "contains",
    "startswith",
    "endswith",
];

/// The rows whose cells equal what is given for some columns.
pub(crate) fn all_equal(table: &Table, equal: Map) -> Result<Vec<usize>> {
    let mut rows: Vec<usize> = (0..table.len).collect();
    for (name, value) in equal {
        let Value::Text(name) = name else {
            return Err(no_name(&name));
        };
        let column = table.named(&name)?;
        let wanted = Cell::of(&value);
        rows.retain(|row| column.get(*row).equals(wanted));
    }
    Ok(rows)
}

/// Keeps the rows whose cell in a column compares so.
pub(crate) fn compared(
    table: &Table,
    rows: &mut Vec<usize>,
    name: &str,
    comparison: &str,
    operand: &Value,
) -> Result<()> {
    let column = table.named(name)?;
    let wanted = Cell::of(operand);
    let at = |error: Error, row: usize| {
        error.map_message(|text| format!("row {row}, column `{name}`: {text}"))
    };
    match comparison {
        "==" | "=" => rows.retain(|row| column.get(*row).equals(wanted)),
        "!=" => rows.retain(|row| !column.get(*row).equals(wanted)),
        "<" | "<=" | ">" | ">=" => {
            if wanted.is_null() {
                return Err(Error::type_error(format!(
                    "`{comparison}` needs a value to compare with: filter({name:?}, {comparison:?}, 30)"
                )));
            }
            let holds = |order: Ordering| match comparison {
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                ">" => order.is_gt(),
                _ => order.is_ge(),
            };
            keep(rows, |row| match column.get(row).compared(wanted) {
                Ok(order) => Ok(order.is_some_and(holds)),
                Err(error) => Err(at(error, row)),
            })?;
        }
        "in" | "not in" => {
            let wanted = keys(operand)?;
            let is_in = comparison == "in";
            rows.retain(|row| wanted.contains(&column.get(*row).key()) == is_in);
        }
        "contains" | "startswith" | "endswith" => by_text(column, rows, name, comparison, operand)?,
        _ => return Err(unknown(comparison)),
    }
    Ok(())
}

fn keys(operand: &Value) -> Result<HashSet<Key<'_>>> {
    match operand {
        Value::List(items) => Ok(items.iter().map(|item| Cell::of(item).key()).collect()),
        other => Err(Error::type_error(format!(
            "`in` needs a list of values, got {}",
            other.type_name()
        ))),
    }
}

fn by_text(
    column: &Column,
    rows: &mut Vec<usize>,
    name: &str,
    comparison: &str,
    operand: &Value,
) -> Result<()> {
    let Value::Text(wanted) = operand else {
        return Err(Error::type_error(format!(
            "`{comparison}` needs text, got {}",
            operand.type_name()
        )));
    };
    if !matches!(column, Column::Text(_) | Column::Any(_)) {
        return Err(Error::type_error(format!(
            "`{comparison}` is for text, and column `{name}` is of type {}",
            column.type_name()
        )));
    }
    rows.retain(|row| match (column.get(*row), comparison) {
        (Cell::Text(text), "contains") => text.contains(wanted),
        (Cell::Text(text), "startswith") => text.starts_with(wanted),
        (Cell::Text(text), _) => text.ends_with(wanted),
        _ => false,
    });
    Ok(())
}

#[cold]
fn unknown(comparison: &str) -> Error {
    let advice = match ops::closest(comparison, COMPARISONS) {
        Some(known) => format!("did you mean `{known}`?"),
        None => format!("there are {}", COMPARISONS.join(", ")),
    };
    Error::value(format!("{comparison:?} is no comparison; {advice}"))
}

/// Keeps the rows for which a callback says so.
pub(crate) fn tested(table: &Table, rows: &mut Vec<usize>, test: &Proxy) -> Result<()> {
    keep(rows, |row| {
        let said: Value = test.invoke((table.row(row),))?;
        ops::truth(&said)
    })
}

fn keep(rows: &mut Vec<usize>, mut test: impl FnMut(usize) -> Result<bool>) -> Result<()> {
    let mut kept = Vec::new();
    for row in rows.drain(..) {
        if test(row)? {
            kept.push(row);
        }
    }
    *rows = kept;
    Ok(())
}
