//! What is in each column, in numbers.

use std::collections::HashMap;

use locum_guest::Value;

use crate::aggregate::{mean, quantile, std};
use crate::build;
use crate::cell::{Cell, Key};
use crate::column::Column;
use crate::table::Table;

const NAMES: [&str; 14] = [
    "column", "type", "count", "nulls", "unique", "mean", "std", "min", "q25", "median", "q75",
    "max", "top", "freq",
];

/// A row for each column of a table.
pub(crate) fn described(table: &Table) -> Table {
    let mut made: Vec<Vec<Value>> = vec![Vec::new(); NAMES.len()];
    for (name, column) in table.each() {
        for (cells, cell) in made.iter_mut().zip(row(name, column)) {
            cells.push(cell);
        }
    }
    let columns = NAMES
        .iter()
        .zip(made)
        .map(|(name, cells)| ((*name).to_owned(), build::column(cells)));
    Table::of(columns.collect(), table.names.len())
}

fn row(name: &str, column: &Column) -> [Value; 14] {
    let mut counts: HashMap<Key<'_>, (usize, usize)> = HashMap::new();
    let mut count = 0;
    for (row, cell) in column
        .cells()
        .enumerate()
        .filter(|(_, cell)| !cell.is_null())
    {
        count += 1;
        counts.entry(cell.key()).or_insert((0, row)).0 += 1;
    }
    let whole = |number: usize| Value::Int(number as i128);
    let mut of_numbers: [Value; 7] = Default::default();
    let (mut top, mut freq) = (Value::Null, Value::Null);
    if column.is_numeric() {
        let mut sorted: Vec<f64> = column.cells().filter_map(Cell::number).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let told = [
            mean(sorted.iter().copied()),
            std(&sorted),
            sorted.first().copied(),
            quantile(&sorted, 0.25),
            quantile(&sorted, 0.5),
            quantile(&sorted, 0.75),
            sorted.last().copied(),
        ];
        of_numbers = told.map(|number| number.map_or(Value::Null, Value::Float));
    } else if let Some((most, first)) = counts
        .values()
        .max_by_key(|(count, first)| (*count, usize::MAX - first))
    {
        (top, freq) = (column.get(*first).value(), whole(*most));
    }
    let [mean, std, min, q25, median, q75, max] = of_numbers;
    [
        name.into(),
        column.type_name().into(),
        whole(count),
        whole(column.len() - count),
        whole(counts.len()),
        mean,
        std,
        min,
        q25,
        median,
        q75,
        max,
        top,
        freq,
    ]
}
