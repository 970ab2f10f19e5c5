//! Numbers as they arrive: arrays, which come as their bytes, lists, and objects that have either as their value.

use locum_guest::{AnyArray, Array, ElementType, Error, Result, Value};

use crate::text::clean;

/// What a series shows: as many x as y.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Points {
    pub(crate) x: Vec<f64>,
    pub(crate) y: Vec<f64>,
    /// Whether the x were not given, so that they count the y.
    pub(crate) counted: bool,
}

impl Points {
    /// From y, or from x and y, or from pairs of both.
    pub(crate) fn read(data: Value, y: Option<Value>) -> Result<Points> {
        if let Some(y) = y {
            return Points::both(numbers(data, "x")?, numbers(y, "y")?);
        }
        let data = plain(data)?;
        if let Some(points) = pairs(&data)? {
            return Ok(points);
        }
        Ok(Points::counting(numbers(data, "y")?, 0.0))
    }

    pub(crate) fn both(x: Vec<f64>, y: Vec<f64>) -> Result<Points> {
        if x.len() != y.len() {
            return Err(Error::value(format!(
                "x has {} value{} and y has {}: a point needs one of each",
                x.len(),
                if x.len() == 1 { "" } else { "s" },
                y.len()
            )));
        }
        Ok(Points {
            x,
            y,
            counted: false,
        })
    }

    /// Values at `first`, `first + 1` and so on.
    pub(crate) fn counting(y: Vec<f64>, first: f64) -> Points {
        Points {
            x: (0..y.len()).map(|index| first + index as f64).collect(),
            y,
            counted: true,
        }
    }
}

/// The value of an object, or the data itself.
fn plain(data: Value) -> Result<Value> {
    match data {
        Value::Object(proxy) => proxy.value(),
        data => Ok(data),
    }
}

/// Numbers that stand for `what`. A null, and what is not finite, is a gap.
pub(crate) fn numbers(data: Value, what: &str) -> Result<Vec<f64>> {
    match plain(data)? {
        Value::Array(array) if array.ndim() <= 1 => floats(array),
        Value::Array(array) => Err(Error::value(format!(
            "{what} is an array of shape {:?}; expected one dimension{}",
            array.shape(),
            if what == "y" {
                ", or the shape [n, 2] for points"
            } else {
                ""
            }
        ))),
        Value::List(items) => {
            let read = |(index, item): (usize, Value)| {
                number(&item).ok_or_else(|| no_number(&format!("item {index} of {what}"), &item))
            };
            items.into_iter().enumerate().map(read).collect()
        }
        item => match number(&item) {
            Some(number) => Ok(vec![number]),
            None => Err(Error::type_error(format!(
                "{what} is {}; expected an array or a list of numbers",
                article(item.type_name())
            ))),
        },
    }
}

pub(crate) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Null => Some(f64::NAN),
        Value::Int(it) => Some(*it as f64),
        Value::Float(it) => Some(*it),
        Value::Bool(it) => Some(f64::from(u8::from(*it))),
        _ => None,
    }
}

#[cold]
fn no_number(place: &str, item: &Value) -> Error {
    let shown = match item {
        Value::Text(text) => format!("the text {text:?}"),
        item => article(item.type_name()),
    };
    Error::type_error(format!(
        "{place} is {shown}; expected a number, or null for a gap"
    ))
}

fn article(name: &str) -> String {
    let vowel = name.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {name}", if vowel { "an" } else { "a" })
}

/// An array's elements, of whatever type, in row-major order.
fn floats(array: AnyArray) -> Result<Vec<f64>> {
    macro_rules! read {
        ($($type:ident: $element:ty),*) => {
            match array.element_type() {
                ElementType::F64 => Ok(Array::<f64>::try_from(array)?.into_vec()),
                $(ElementType::$type => {
                    Ok(Array::<$element>::try_from(array)?.iter().map(|it| it as f64).collect())
                })*
                #[allow(unreachable_patterns)]
                other => Err(Error::type_error(format!("arrays of {other} can not be plotted"))),
            }
        };
    }
    read!(F32: f32, I8: i8, I16: i16, I32: i32, I64: i64, U8: u8, U16: u16, U32: u32, U64: u64)
}

/// Points that come as pairs: an array of the shape [n, 2], or a list of lists.
fn pairs(data: &Value) -> Result<Option<Points>> {
    match data {
        Value::Array(array) if array.ndim() == 2 && array.shape()[1] == 2 => {
            let flat = floats(array.clone())?;
            let x = flat.iter().copied().step_by(2).collect();
            let y = flat.iter().copied().skip(1).step_by(2).collect();
            Points::both(x, y).map(Some)
        }
        Value::List(items) if matches!(items.first(), Some(Value::List(_) | Value::Array(_))) => {
            let mut points = Points::default();
            for (index, item) in items.iter().enumerate() {
                let place = format!("item {index}");
                let pair = match item {
                    Value::List(_) | Value::Array(_) => numbers(item.clone(), &place)?,
                    item => return Err(no_pair(&place, &article(item.type_name()))),
                };
                match pair[..] {
                    [x, y] => {
                        points.x.push(x);
                        points.y.push(y);
                    }
                    _ => return Err(no_pair(&place, &format!("{} numbers", pair.len()))),
                }
            }
            Ok(Some(points))
        }
        _ => Ok(None),
    }
}

#[cold]
fn no_pair(place: &str, got: &str) -> Error {
    Error::value(format!(
        "{place} is {got}; expected a pair [x, y], as the first item is one"
    ))
}

/// The names of bars, when it is names that are given.
pub(crate) fn labels(data: &Value) -> Result<Option<Vec<String>>> {
    match data {
        Value::List(items) if matches!(items.first(), Some(Value::Text(_))) => {
            let read = |(index, item): (usize, &Value)| match item {
                Value::Text(text) => Ok(clean(&text.replace('\n', " "))),
                item => Err(Error::type_error(format!(
                    "item {index} of the names is of type {}; expected text, as the first item is",
                    item.type_name()
                ))),
            };
            items
                .iter()
                .enumerate()
                .map(read)
                .collect::<Result<_>>()
                .map(Some)
        }
        _ => Ok(None),
    }
}
