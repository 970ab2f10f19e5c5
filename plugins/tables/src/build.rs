//! Columns from data: lists, arrays, and rows that are dicts.

use std::collections::HashMap;
use std::sync::Arc;

use locum_guest::{AnyArray, Array, ElementType, Error, Map, Result, Value};

use crate::column::Column;
use crate::table::Table;

/// A column of values: of the type that all of them have, or `any`.
pub(crate) fn column(values: Vec<Value>) -> Column {
    let (mut ints, mut floats, mut bools, mut texts, mut others) = (0, 0, 0, 0, 0);
    for value in &values {
        match value {
            Value::Null => {}
            Value::Bool(_) => bools += 1,
            Value::Int(it) if i64::try_from(*it).is_ok() => ints += 1,
            Value::Float(_) => floats += 1,
            Value::Text(_) => texts += 1,
            _ => others += 1,
        }
    }
    let given = ints + floats + bools + texts + others;
    if ints == given && given > 0 {
        return Column::Int(cells(values, |value| match value {
            Value::Int(it) => i64::try_from(it).ok(),
            _ => None,
        }));
    }
    if ints + floats == given && given > 0 {
        return Column::Float(cells(values, |value| match value {
            Value::Int(it) => Some(it as f64),
            Value::Float(it) => Some(it),
            _ => None,
        }));
    }
    if bools == given && given > 0 {
        return Column::Bool(cells(values, |value| match value {
            Value::Bool(it) => Some(it),
            _ => None,
        }));
    }
    if texts == given {
        return Column::Text(cells(values, |value| match value {
            Value::Text(it) => Some(Arc::from(it)),
            _ => None,
        }));
    }
    Column::Any(values)
}

fn cells<T>(values: Vec<Value>, cell: impl Fn(Value) -> Option<T>) -> Vec<Option<T>> {
    values.into_iter().map(cell).collect()
}

/// A column of what a caller calls one: a list, or an array of one dimension. Anything else is `None`.
pub(crate) fn given(value: Value) -> Result<Option<Column>> {
    match value {
        Value::List(values) => Ok(Some(column(values))),
        Value::Array(array) => from_array(array).map(Some),
        _ => Ok(None),
    }
}

fn from_array(array: AnyArray) -> Result<Column> {
    if array.ndim() != 1 {
        return Err(Error::value(format!(
            "a column is an array of one dimension; this one has the shape {:?}",
            array.shape()
        )));
    }
    macro_rules! read {
        ($($type:ident: $element:ty => $column:ident($cell:ty)),*) => {
            match array.element_type() {
                $(ElementType::$type => {
                    let array = Array::<$element>::try_from(array)?;
                    Column::$column(array.iter().map(|it| Some(it as $cell)).collect())
                })*
                // Beyond 63 bits they are no int.
                ElementType::U64 => {
                    let array = Array::<u64>::try_from(array)?;
                    column(array.iter().map(|it| Value::Int(it.into())).collect())
                }
                #[allow(unreachable_patterns)]
                other => return Err(Error::type_error(format!("an array of {other} can not be a column"))),
            }
        };
    }
    Ok(read!(
        F64: f64 => Float(f64), F32: f32 => Float(f64), I64: i64 => Int(i64), I32: i32 => Int(i64),
        I16: i16 => Int(i64), I8: i8 => Int(i64), U32: u32 => Int(i64), U16: u16 => Int(i64), U8: u8 => Int(i64)
    ))
}

/// A table of rows that are dicts; `place` tells an error where one is. A name that a row lacks is null there.
pub(crate) fn rows(
    rows: impl Iterator<Item = Result<Map>>,
    place: impl Fn(usize) -> String,
) -> Result<Table> {
    let mut names: Vec<String> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut columns: Vec<Vec<Value>> = Vec::new();
    let mut len = 0;
    for (row, entries) in rows.enumerate() {
        for (name, value) in entries? {
            let Value::Text(name) = name else {
                return Err(Error::type_error(format!(
                    "{}: the names of columns are text, got {}",
                    place(row),
                    name.type_name()
                )));
            };
            let at = match places.get(&name) {
                Some(at) => *at,
                None => {
                    places.insert(name.clone(), columns.len());
                    names.push(name);
                    columns.push(Vec::new());
                    columns.len() - 1
                }
            };
            let column = &mut columns[at];
            column.resize(row, Value::Null);
            column.push(value);
            // Of a name that is there twice the last one counts.
            if column.len() > row + 1 {
                column.swap_remove(row);
            }
        }
        len = row + 1;
    }
    let columns = columns.into_iter().map(|mut values| {
        values.resize(len, Value::Null);
        column(values)
    });
    let columns = names.into_iter().zip(columns).collect();
    Ok(Table::of(columns, len))
}

/// A table of data: a list of dicts, or a dict of columns.
pub(crate) fn data(data: Value) -> Result<Table> {
    match data {
        Value::Object(proxy) => self::data(proxy.value()?),
        Value::List(items) => {
            let maps = items.into_iter().enumerate().map(|(row, item)| match item {
                Value::Map(map) => Ok(map),
                other => Err(Error::type_error(format!(
                    "row {row} is of type {}; expected a dict of cells by column",
                    other.type_name()
                ))),
            });
            rows(maps, |row| format!("row {row}"))
        }
        Value::Map(map) => of_columns(map),
        other => Err(Error::type_error(format!(
            "expected a list of dicts, one a row, or a dict of columns, got {}",
            other.type_name()
        ))),
    }
}

fn of_columns(map: Map) -> Result<Table> {
    let mut columns: Vec<(String, Column)> = Vec::new();
    for (name, values) in map {
        let Value::Text(name) = name else {
            return Err(crate::names::no_name(&name));
        };
        let type_name = values.type_name().to_owned();
        let Some(column) = given(values)? else {
            return Err(Error::type_error(format!(
                "column `{name}` is of type {type_name}; expected a list or an array"
            )));
        };
        if let Some((first, other)) = columns.first()
            && other.len() != column.len()
        {
            return Err(Error::value(format!(
                "column `{first}` has {} cells and `{name}` has {}: a table's columns are equally long",
                other.len(),
                column.len()
            )));
        }
        columns.push((name, column));
    }
    let len = columns.first().map_or(0, |(_, column)| column.len());
    Ok(Table::of(columns, len))
}
