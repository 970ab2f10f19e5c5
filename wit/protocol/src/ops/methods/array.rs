//! The methods of arrays.

use std::cmp::Ordering;

use super::super::array::{convert, to_list};
use super::super::numbers::{Number, whole};
use super::arguments::Arguments;
use super::{Method, names};
use crate::array::{Sealed, with_element};
use crate::{AnyArray, ElementType, Error, Result, Value};

type Run = fn(&AnyArray, Arguments) -> Result<Value>;

pub(super) const METHODS: &[Method<Run>] = &[
    Method {
        name: "tolist",
        parameters: &[],
        required: 0,
        run: |array, _| to_list(array),
    },
    Method {
        name: "sum",
        parameters: &[],
        required: 0,
        run: |array, _| Ok(sum(array)),
    },
    Method {
        name: "mean",
        parameters: &[],
        required: 0,
        run: mean,
    },
    Method {
        name: "min",
        parameters: &[],
        required: 0,
        run: |array, arguments| extreme(array, &arguments, Ordering::Less),
    },
    Method {
        name: "max",
        parameters: &[],
        required: 0,
        run: |array, arguments| extreme(array, &arguments, Ordering::Greater),
    },
    Method {
        name: "reshape",
        parameters: &["shape"],
        required: 1,
        run: reshape,
    },
    Method {
        name: "astype",
        parameters: &["dtype"],
        required: 1,
        run: astype,
    },
];

pub(super) const METHOD_NAMES: &[&str] = &names::<{ METHODS.len() }, Run>(METHODS);

/// A whole number of 128 bits, which 2^64 elements can not exceed, or a float.
fn sum(array: &AnyArray) -> Value {
    with_element!(array.element_type(), T => {
        if array.element_type().is_float() {
            Value::Float(sum_of_floats(array.elements::<T>().map(float)))
        } else {
            let whole = array.elements::<T>().map(|it| match it.value() {
                Value::Int(int) => int,
                _ => 0,
            });
            Value::Int(whole.fold(0, i128::wrapping_add))
        }
    })
}

/// In two steps: the error grows with the number of additions behind a result.
fn sum_of_floats(mut floats: impl Iterator<Item = f64>) -> f64 {
    const STEP: usize = 1024;
    let mut total = 0.0;
    loop {
        let mut step = floats.by_ref().take(STEP).peekable();
        if step.peek().is_none() {
            return total;
        }
        total += step.sum::<f64>();
    }
}

fn float<T: Sealed>(element: T) -> f64 {
    match element.value() {
        Value::Float(float) => float,
        Value::Int(int) => int as f64,
        _ => f64::NAN,
    }
}

fn mean(array: &AnyArray, arguments: Arguments) -> Result<Value> {
    refuse_empty(array, &arguments)?;
    let sum = Number::of(&sum(array)).map_or(f64::NAN, Number::to_float);
    Ok(Value::Float(sum / array.len() as f64))
}

/// The number that is before all others; a NaN if there is one.
fn extreme(array: &AnyArray, arguments: &Arguments, before: Ordering) -> Result<Value> {
    refuse_empty(array, arguments)?;
    with_element!(array.element_type(), T => {
        let best = array.elements::<T>().reduce(|best, new| {
            // Only a NaN is not equal to itself; once it is the best, nothing is before it.
            let is_nan = new.partial_cmp(&new).is_none();
            if is_nan || new.partial_cmp(&best) == Some(before) {
                new
            } else {
                best
            }
        });
        Ok(best.map(T::value).unwrap_or_default())
    })
}

fn refuse_empty(array: &AnyArray, arguments: &Arguments) -> Result<()> {
    if array.is_empty() {
        return Err(Error::value(
            arguments.place("an array without elements has none"),
        ));
    }
    Ok(())
}

/// To a list of lengths, one of which may be -1: whatever is left.
fn reshape(array: &AnyArray, mut arguments: Arguments) -> Result<Value> {
    let given = arguments.value(0);
    let lengths = match &given {
        Value::List(lengths) => lengths.as_slice(),
        length => std::slice::from_ref(length),
    };
    let mut dims = Vec::with_capacity(lengths.len());
    let mut open = None;
    for length in lengths {
        match whole(length).map(|length| (length, usize::try_from(length))) {
            Some((_, Ok(length))) => dims.push(length),
            Some((-1, _)) if open.is_none() => {
                open = Some(dims.len());
                dims.push(1);
            }
            _ => return Err(arguments.unexpected(0, "lengths, at most one of them -1", &given)),
        }
    }
    if let Some(at) = open {
        let known = dims
            .iter()
            .try_fold(1, |all: usize, len| all.checked_mul(*len));
        dims[at] = array.len() / known.unwrap_or(0).max(1);
    }
    let shaped = array.reshape(&dims);
    shaped
        .map(Value::Array)
        .map_err(|error| arguments.explain(0, error))
}

fn astype(array: &AnyArray, mut arguments: Arguments) -> Result<Value> {
    let name = arguments.text(0)?;
    let element = element_type(&name).map_err(|error| arguments.explain(0, error))?;
    let converted = convert(array, element);
    converted
        .map(Value::Array)
        .map_err(|error| error.map_message(|message| arguments.place(message)))
}

/// The element type of a name, or the names that there are.
///
/// ```
/// # use locum_protocol::{ElementType, ops};
/// assert_eq!(ops::array::element_type("uint8")?, ElementType::U8);
/// assert!(ops::array::element_type("byte").is_err());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn element_type(name: &str) -> Result<ElementType> {
    ElementType::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = ElementType::ALL
            .into_iter()
            .map(ElementType::name)
            .collect();
        let shown: String = name.chars().take(40).collect();
        Error::value(format!(
            "{shown:?} is no element type; there are {}",
            names.join(", ")
        ))
    })
}
