//! One cell of a table, whatever its type: how it compares, and what it is as a key.

use std::cmp::Ordering;

use locum_guest::{Error, Result, Value, ops};

/// A look at a cell.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'a str),
    Any(&'a Value),
}

impl<'a> Cell<'a> {
    /// A value as a cell, if that has the value's type.
    pub(crate) fn of(value: &'a Value) -> Cell<'a> {
        match value {
            Value::Null => Cell::Null,
            Value::Bool(it) => Cell::Bool(*it),
            Value::Int(it) => match i64::try_from(*it) {
                Ok(it) => Cell::Int(it),
                Err(_) => Cell::Float(*it as f64),
            },
            Value::Float(it) => Cell::Float(*it),
            Value::Text(it) => Cell::Text(it),
            other => Cell::Any(other),
        }
    }

    pub(crate) fn value(self) -> Value {
        match self {
            Cell::Null => Value::Null,
            Cell::Bool(it) => Value::Bool(it),
            Cell::Int(it) => Value::Int(it.into()),
            Cell::Float(it) => Value::Float(it),
            Cell::Text(it) => Value::Text(it.to_owned()),
            Cell::Any(it) => it.clone(),
        }
    }

    pub(crate) fn is_null(self) -> bool {
        matches!(self, Cell::Null)
    }

    /// The number that it is; a truth value is none.
    pub(crate) fn number(self) -> Option<f64> {
        match self {
            Cell::Int(it) => Some(it as f64),
            Cell::Float(it) => Some(it),
            _ => None,
        }
    }

    /// Whether both are equal. A null equals a null; a NaN equals nothing.
    pub(crate) fn equals(self, other: Cell<'_>) -> bool {
        match (self, other) {
            (Cell::Null, Cell::Null) => true,
            (Cell::Bool(a), Cell::Bool(b)) => a == b,
            (Cell::Int(a), Cell::Int(b)) => a == b,
            (Cell::Text(a), Cell::Text(b)) => a == b,
            (Cell::Any(a), Cell::Any(b)) => ops::equal(a, b).unwrap_or(false),
            _ => match (self.number(), other.number()) {
                (Some(a), Some(b)) => a == b,
                _ => false,
            },
        }
    }

    /// Which comes first; `None` where one is null or not a number.
    ///
    /// # Errors
    /// `TypeError` for types that have no order between them.
    pub(crate) fn compared(self, other: Cell<'_>) -> Result<Option<Ordering>> {
        Ok(match (self, other) {
            (Cell::Null, _) | (_, Cell::Null) => None,
            (Cell::Bool(a), Cell::Bool(b)) => Some(a.cmp(&b)),
            (Cell::Int(a), Cell::Int(b)) => Some(a.cmp(&b)),
            (Cell::Text(a), Cell::Text(b)) => Some(a.cmp(b)),
            _ => match (self.number(), other.number()) {
                (Some(a), Some(b)) => a.partial_cmp(&b),
                _ => return Err(unordered(self, other)),
            },
        })
    }

    /// What stands for it where equal cells are to be found.
    pub(crate) fn key(self) -> Key<'a> {
        match self {
            Cell::Null => Key::Null,
            Cell::Bool(it) => Key::Bool(it),
            Cell::Int(it) => Key::Int(it),
            // A whole number is the same key as an integer: below 2^53 both are exact.
            Cell::Float(it) if it.fract() == 0.0 && it.abs() < 9e15 => Key::Int(it as i64),
            Cell::Float(it) if it.is_nan() => Key::Float(f64::NAN.to_bits()),
            Cell::Float(it) => Key::Float(it.to_bits()),
            Cell::Text(it) => Key::Text(it),
            Cell::Any(it) => Key::Other(ops::repr(it).unwrap_or_else(|_| format!("{it:?}"))),
        }
    }

    /// What an error calls it.
    pub(crate) fn shown(self) -> String {
        match self {
            Cell::Text(it) => format!("the text {it:?}"),
            Cell::Any(it) => format!("of type {}", it.type_name()),
            cell => ops::repr(&cell.value()).unwrap_or_default(),
        }
    }
}

/// What cells have in common that are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(u64),
    Text(&'a str),
    Other(String),
}

#[cold]
fn unordered(a: Cell<'_>, b: Cell<'_>) -> Error {
    Error::type_error(format!(
        "{} and {} have no order between them",
        a.shown(),
        b.shown()
    ))
}
