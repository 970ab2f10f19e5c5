//! Two tables in one, row by row.

use std::collections::HashMap;

use locum_guest::{Error, Result, Value, ops};

use crate::cell::{Cell, Key};
use crate::column::Column;
use crate::names::{check_unique, flat, no_name};
use crate::table::Table;

/// The rows of both tables that stand beside each other.
type Pairs = Vec<(Option<usize>, Option<usize>)>;

const WAYS: [&str; 4] = ["inner", "left", "right", "outer"];

pub(crate) fn joined(
    left: &Table,
    right: &Table,
    on: Value,
    how: &str,
    suffix: &str,
) -> Result<Table> {
    if !WAYS.contains(&how) {
        let advice = match ops::closest(how, WAYS) {
            Some(way) => format!("did you mean \"{way}\"?"),
            None => format!("there are {}", WAYS.join(", ")),
        };
        return Err(Error::value(format!("how is {how:?}; {advice}")));
    }
    let on = keys(on)?;
    let in_table = |which: &str, error: Error| {
        error.map_message(|text| format!("in the {which} table, {text}"))
    };
    let mut columns = Vec::with_capacity(on.len());
    for (here, there) in &on {
        let here = left.named(here).map_err(|error| in_table("left", error))?;
        let there = right
            .named(there)
            .map_err(|error| in_table("right", error))?;
        columns.push((here, there));
    }
    let pairs = pairs(left, right, &columns, how);

    let mut made: Vec<(String, Column)> = Vec::new();
    for (name, column) in left.each() {
        // Of a row that only the other table has, the key is there.
        let other = on
            .iter()
            .position(|(here, _)| here == name)
            .map(|at| columns[at].1);
        let column = match other {
            Some(other) if pairs.iter().any(|(row, _)| row.is_none()) => {
                filled(column, other, &pairs)
            }
            _ => column.gather(pairs.iter().map(|(row, _)| *row)),
        };
        made.push((name.to_owned(), column));
    }
    for (name, column) in right.each() {
        if on.iter().any(|(_, there)| there == name) {
            continue;
        }
        let taken = left.names.iter().any(|known| known == name);
        let name = if taken {
            format!("{name}{suffix}")
        } else {
            name.to_owned()
        };
        made.push((name, column.gather(pairs.iter().map(|(_, row)| *row))));
    }
    let names: Vec<String> = made.iter().map(|(name, _)| name.clone()).collect();
    check_unique(&names)?;
    Ok(Table::of(made, pairs.len()))
}

/// The columns that are to be equal, here and there.
fn keys(on: Value) -> Result<Vec<(String, String)>> {
    let keys: Vec<(String, String)> = match on {
        Value::Map(map) => map
            .into_iter()
            .map(|pair| match pair {
                (Value::Text(here), Value::Text(there)) => Ok((here, there)),
                (Value::Text(_), other) | (other, _) => Err(no_name(&other)),
            })
            .collect::<Result<_>>()?,
        names => flat(vec![names])?
            .into_iter()
            .map(|name| (name.clone(), name))
            .collect(),
    };
    match keys.is_empty() {
        true => Err(Error::value("a join needs a column to join on")),
        false => Ok(keys),
    }
}

fn pairs(left: &Table, right: &Table, columns: &[(&Column, &Column)], how: &str) -> Pairs {
    // The key of a row; `None` where a cell is null, which equals nothing.
    fn key<'a>(mut cells: impl Iterator<Item = Cell<'a>>) -> Option<Vec<Key<'a>>> {
        cells.try_fold(Vec::new(), |mut keys, cell| {
            keys.push((!cell.is_null()).then(|| cell.key())?);
            Some(keys)
        })
    }
    let mut partners: HashMap<Vec<Key<'_>>, Vec<usize>> = HashMap::new();
    for row in 0..right.len {
        if let Some(key) = key(columns.iter().map(|(_, there)| there.get(row))) {
            partners.entry(key).or_default().push(row);
        }
    }
    let keeps_left = matches!(how, "left" | "outer");
    let mut is_paired = vec![false; right.len];
    let mut pairs: Pairs = Vec::new();
    for row in 0..left.len {
        let key = key(columns.iter().map(|(here, _)| here.get(row)));
        match key.and_then(|key| partners.get(&key)) {
            Some(found) => {
                for partner in found {
                    is_paired[*partner] = true;
                    pairs.push((Some(row), Some(*partner)));
                }
            }
            None if keeps_left => pairs.push((Some(row), None)),
            None => {}
        }
    }
    if matches!(how, "right" | "outer") {
        let alone = (0..right.len).filter(|row| !is_paired[*row]);
        pairs.extend(alone.map(|row| (None, Some(row))));
    }
    pairs
}

/// The cells of the left column, and where there is no left row those of the right one.
fn filled(left: &Column, right: &Column, pairs: &Pairs) -> Column {
    let cell = |(here, there): &(Option<usize>, Option<usize>)| match (here, there) {
        (Some(row), _) => left.get(*row).value(),
        (None, Some(row)) => right.get(*row).value(),
        (None, None) => Value::Null,
    };
    crate::build::column(pairs.iter().map(cell).collect())
}
