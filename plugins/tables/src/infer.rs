//! What type a column of texts has.

use std::sync::Arc;

use locum_guest::{Error, Result, ops};

use crate::column::Column;

/// The cells of a column as they were read, one after the other.
#[derive(Default)]
pub(crate) struct Raw {
    text: String,
    ends: Vec<usize>,
}

impl Raw {
    pub(crate) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    fn cells(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, end)| &self.text[start..*end])
    }
}

/// A type that a caller may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Int,
    Float,
    Bool,
    Text,
}

impl Type {
    const NAMES: [(&str, Type); 4] = [
        ("int", Type::Int),
        ("float", Type::Float),
        ("bool", Type::Bool),
        ("text", Type::Text),
    ];

    pub(crate) fn read(name: &str) -> Result<Type> {
        let known = Type::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, kind)| *kind).ok_or_else(|| {
            let advice = match ops::closest(name, Type::NAMES.map(|(name, _)| name)) {
                Some(name) => format!("did you mean \"{name}\"?"),
                None => "there are int, float, bool and text".to_owned(),
            };
            Error::value(format!("{name:?} is no type of a column; {advice}"))
        })
    }

    fn name(self) -> &'static str {
        let known = Type::NAMES.iter().find(|(_, kind)| *kind == self);
        known.map_or("", |(name, _)| *name)
    }
}

/// The column that the cells make: of the first type that all of them have. `nulls` are the texts that stand for null,
/// beside the empty one.
pub(crate) fn column(raw: &Raw, nulls: &[String]) -> Column {
    let mut fits = [true; 3];
    let mut is_empty = true;
    for cell in raw.cells().filter(|cell| !is_null(cell, nulls)) {
        is_empty = false;
        fits[0] = fits[0] && int(cell).is_some();
        fits[1] = fits[1] && float(cell).is_some();
        fits[2] = fits[2] && truth(cell).is_some();
        if fits == [false; 3] {
            break;
        }
    }
    match fits {
        _ if is_empty => Column::Text(vec![None; raw.ends.len()]),
        [true, ..] => Column::Int(all(raw, nulls, int)),
        [_, true, _] => Column::Float(all(raw, nulls, float)),
        [_, _, true] => Column::Bool(all(raw, nulls, truth)),
        _ => Column::Text(all(raw, nulls, |cell| Some(Arc::from(cell)))),
    }
}

/// The column of a type that was asked for; `place` tells an error where a row is.
pub(crate) fn column_of(
    raw: &Raw,
    kind: Type,
    nulls: &[String],
    place: impl Fn(usize) -> String,
) -> Result<Column> {
    let fits = |cell: &str| match kind {
        Type::Int => int(cell).is_some(),
        Type::Float => float(cell).is_some(),
        Type::Bool => truth(cell).is_some(),
        Type::Text => true,
    };
    let wrong = raw
        .cells()
        .enumerate()
        .find(|(_, cell)| !is_null(cell, nulls) && !fits(cell));
    if let Some((row, cell)) = wrong {
        return Err(Error::value(format!(
            "{}: {cell:?} is no {}; leave the type out, ask for \"text\", or name it in `nulls`",
            place(row),
            kind.name()
        )));
    }
    Ok(match kind {
        Type::Int => Column::Int(all(raw, nulls, int)),
        Type::Float => Column::Float(all(raw, nulls, float)),
        Type::Bool => Column::Bool(all(raw, nulls, truth)),
        Type::Text => Column::Text(all(raw, nulls, |cell| Some(Arc::from(cell)))),
    })
}

fn all<T>(raw: &Raw, nulls: &[String], read: impl Fn(&str) -> Option<T>) -> Vec<Option<T>> {
    let cell = |cell| {
        if is_null(cell, nulls) {
            None
        } else {
            read(cell)
        }
    };
    raw.cells().map(cell).collect()
}

fn is_null(cell: &str, nulls: &[String]) -> bool {
    cell.is_empty() || nulls.iter().any(|null| null == cell)
}

/// Digits, with a sign perhaps. Leading zeros belong to a code rather than to a number.
fn int(cell: &str) -> Option<i64> {
    let cell = cell.trim();
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let is_code = digits.len() > 1 && digits.starts_with('0');
    match digits.bytes().all(|byte| byte.is_ascii_digit()) && !is_code {
        true => cell.parse().ok(),
        false => None,
    }
}

/// A decimal number, perhaps with an exponent; or what is written for those that are not finite.
fn float(cell: &str) -> Option<f64> {
    let cell = cell.trim();
    let unsigned = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let first = unsigned.bytes().next()?;
    if first.is_ascii_digit() || first == b'.' {
        let whole = unsigned.bytes().take_while(u8::is_ascii_digit).count();
        let is_code = whole > 1 && first == b'0';
        // A whole number that is no int is too long for one: as a float it would lose digits.
        let is_too_long = whole == unsigned.len() && int(cell).is_none();
        return match is_code || is_too_long {
            true => None,
            false => cell.parse().ok(),
        };
    }
    ["nan", "inf", "infinity"]
        .iter()
        .any(|name| unsigned.eq_ignore_ascii_case(name))
        .then(|| cell.parse().ok())
        .flatten()
}

fn truth(cell: &str) -> Option<bool> {
    match cell.trim() {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}
