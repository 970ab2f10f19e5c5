//! Rows in groups.

use std::collections::HashMap;

use locum_guest::{Error, Map, Result, Value};

use crate::aggregate::Aggregate;
use crate::build;
use crate::cell::Key;
use crate::column::Column;
use crate::names::no_name;
use crate::table::Table;

/// The rows of each group, in the order in which the groups first appear.
pub(crate) fn groups(table: &Table, by: &[String]) -> Result<Vec<Vec<usize>>> {
    let mut codes: Vec<usize> = vec![0; table.len];
    let mut count = usize::from(table.len > 0);
    for name in by {
        let column = table.named(name)?;
        let mut known: HashMap<(usize, Key<'_>), usize> = HashMap::new();
        for (row, code) in codes.iter_mut().enumerate() {
            let next = known.len();
            *code = *known.entry((*code, column.get(row).key())).or_insert(next);
        }
        count = known.len();
    }
    let mut groups = vec![Vec::new(); count];
    for (row, code) in codes.into_iter().enumerate() {
        groups[code].push(row);
    }
    Ok(groups)
}

/// What is asked about each group: the name of a column of the result, and the column and the function of it; without a
/// column it counts rows.
struct Asked<'a> {
    name: String,
    what: Option<(&'a Column, Aggregate)>,
}

fn asked(table: &Table, name: Value, what: Value) -> Result<Asked<'_>> {
    let Value::Text(name) = name else {
        return Err(no_name(&name));
    };
    let what = match &what {
        Value::Text(function) if function == "count" => None,
        Value::List(pair) => match &pair[..] {
            [Value::Text(column), Value::Text(function)] => {
                let aggregate = Aggregate::read(function)?;
                let of = table.named(column)?;
                aggregate.check(column, of)?;
                Some((of, aggregate))
            }
            _ => return Err(no_aggregate(&name)),
        },
        _ => return Err(no_aggregate(&name)),
    };
    Ok(Asked { name, what })
}

#[cold]
fn no_aggregate(name: &str) -> Error {
    Error::type_error(format!(
        "`{name}`: expected a column and a function, as in {name}=(\"amount\", \"sum\"), or {name}=\"count\""
    ))
}

/// A row for each group.
pub(crate) fn aggregated(table: &Table, by: &[String], aggregates: Map) -> Result<Table> {
    let groups = groups(table, by)?;
    let firsts: Vec<usize> = groups
        .iter()
        .filter_map(|rows| rows.first().copied())
        .collect();
    let mut columns: Vec<(String, Column)> = Vec::new();
    for name in by {
        columns.push((name.clone(), table.named(name)?.take(&firsts)));
    }
    for (name, what) in aggregates {
        let Asked { name, what } = asked(table, name, what)?;
        if columns.iter().any(|(known, _)| *known == name) {
            return Err(Error::value(format!(
                "`{name}` is a column that is grouped by; give the result another name"
            )));
        }
        let cells: Vec<Value> = match what {
            None => groups
                .iter()
                .map(|rows| Value::Int(rows.len() as i128))
                .collect(),
            Some((column, aggregate)) => groups
                .iter()
                .map(|rows| aggregate.of(column, rows))
                .collect::<Result<_>>()?,
        };
        columns.push((name, build::column(cells)));
    }
    Ok(Table::of(columns, firsts.len()))
}
