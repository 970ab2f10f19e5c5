//! A column: the cells of one type, in a vector of that type.

use std::sync::Arc;

use locum_guest::{Array, Value};

use crate::cell::Cell;

/// Cells of one type; `None` is null.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    Int(Vec<Option<i64>>),
    Float(Vec<Option<f64>>),
    Bool(Vec<Option<bool>>),
    /// The texts are shared with the tables that were made from this one.
    Text(Vec<Option<Arc<str>>>),
    Any(Vec<Value>),
}

impl Column {
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Column::Int(_) => "int",
            Column::Float(_) => "float",
            Column::Bool(_) => "bool",
            Column::Text(_) => "text",
            Column::Any(_) => "any",
        }
    }

    pub(crate) fn is_numeric(&self) -> bool {
        matches!(self, Column::Int(_) | Column::Float(_))
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Column::Int(it) => it.len(),
            Column::Float(it) => it.len(),
            Column::Bool(it) => it.len(),
            Column::Text(it) => it.len(),
            Column::Any(it) => it.len(),
        }
    }

    /// The cell in a row; null where there is no such row.
    pub(crate) fn get(&self, row: usize) -> Cell<'_> {
        let cell = match self {
            Column::Int(it) => it.get(row).copied().flatten().map(Cell::Int),
            Column::Float(it) => it.get(row).copied().flatten().map(Cell::Float),
            Column::Bool(it) => it.get(row).copied().flatten().map(Cell::Bool),
            Column::Text(it) => it.get(row).and_then(Option::as_deref).map(Cell::Text),
            Column::Any(it) => it.get(row).map(Cell::of),
        };
        cell.unwrap_or(Cell::Null)
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The cells of some rows, in their order.
    pub(crate) fn take(&self, rows: &[usize]) -> Column {
        self.gather(rows.iter().map(|row| Some(*row)))
    }

    /// The cells of some rows; null for a row that is not there.
    pub(crate) fn gather(&self, rows: impl Iterator<Item = Option<usize>>) -> Column {
        fn each<T: Clone>(
            cells: &[Option<T>],
            rows: impl Iterator<Item = Option<usize>>,
        ) -> Vec<Option<T>> {
            rows.map(|row| row.and_then(|row| cells.get(row).cloned().flatten()))
                .collect()
        }
        match self {
            Column::Int(it) => Column::Int(each(it, rows)),
            Column::Float(it) => Column::Float(each(it, rows)),
            Column::Bool(it) => Column::Bool(each(it, rows)),
            Column::Text(it) => Column::Text(each(it, rows)),
            Column::Any(it) => {
                let cell = |row: Option<usize>| row.and_then(|row| it.get(row).cloned());
                Column::Any(rows.map(|row| cell(row).unwrap_or(Value::Null)).collect())
            }
        }
    }

    /// As it travels: an array where it is numbers without a null, else a list.
    pub(crate) fn value(&self) -> Value {
        match self {
            Column::Int(it) => {
                if let Some(all) = it.iter().copied().collect::<Option<Vec<i64>>>() {
                    return Array::from_vec(all).into();
                }
            }
            Column::Float(it) => {
                if let Some(all) = it.iter().copied().collect::<Option<Vec<f64>>>() {
                    return Array::from_vec(all).into();
                }
            }
            _ => {}
        }
        Value::List(self.cells().map(Cell::value).collect())
    }

    /// The numbers in it, a null as NaN; `None` for a column of another type.
    pub(crate) fn floats(&self) -> Option<Vec<f64>> {
        match self {
            Column::Int(it) => Some(
                it.iter()
                    .map(|cell| cell.map_or(f64::NAN, |it| it as f64))
                    .collect(),
            ),
            Column::Float(it) => Some(it.iter().map(|cell| cell.unwrap_or(f64::NAN)).collect()),
            _ => None,
        }
    }
}
