//! Rows in order.

use std::cmp::Ordering;

use locum_guest::{Error, Result};

use crate::cell::Cell;
use crate::column::Column;
use crate::table::Table;

/// The numbers of all rows, in the order of some columns.
pub(crate) fn sorted(table: &Table, by: &[String], descending: bool) -> Result<Vec<usize>> {
    let mut columns = Vec::with_capacity(by.len());
    for name in by {
        let column = table.named(name)?;
        if let Column::Any(_) = column {
            check(name, column)?;
        }
        columns.push(column);
    }
    let mut rows: Vec<usize> = (0..table.len).collect();
    rows.sort_by(|a, b| {
        let orders = columns
            .iter()
            .map(|column| order(column.get(*a), column.get(*b), descending));
        orders
            .into_iter()
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    Ok(rows)
}

/// Mixed data has an order only when all of it has.
fn check(name: &str, column: &Column) -> Result<()> {
    let mut first: Option<Cell<'_>> = None;
    for (row, cell) in column
        .cells()
        .enumerate()
        .filter(|(_, cell)| !cell.is_null())
    {
        cell.compared(*first.get_or_insert(cell))
            .map_err(|error: Error| {
                error.map_message(|text| {
                    format!("row {row}, column `{name}`: {text}; it can not be sorted by")
                })
            })?;
    }
    Ok(())
}

/// What is not a number comes behind the numbers, and null behind everything, in both directions.
fn order(a: Cell<'_>, b: Cell<'_>, descending: bool) -> Ordering {
    let rank = |cell: Cell<'_>| match cell {
        Cell::Null => 2,
        Cell::Float(it) if it.is_nan() => 1,
        _ => 0,
    };
    let ranked = rank(a).cmp(&rank(b));
    if ranked.is_ne() {
        return ranked;
    }
    // Columns that have cells without an order were refused.
    let order = a.compared(b).ok().flatten().unwrap_or(Ordering::Equal);
    if descending { order.reverse() } else { order }
}
