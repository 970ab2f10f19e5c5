//! Operators on arrays, element by element.

use super::arithmetic::Arithmetic;
use super::array::does_not_fit;
use super::numbers::{self, Number};
use crate::array::{Sealed, with_element};
use crate::{AnyArray, ElementType, Error, Result, Value};

/// `a op b` where one is an array and the other an array of the same shape or a number; `None` when they are not such.
///
/// The result has the array's type, or of two types the one that holds both; floats where one is a float, and for `/`.
/// A whole number that does not fit is an error; a float divided by zero is infinite, as in numpy.
pub(super) fn calculate(op: Arithmetic, a: &Value, b: &Value) -> Option<Result<Value>> {
    let (left, right) = match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            if a.shape() != b.shape() {
                return Some(Err(Error::value(format!(
                    "{} of {} and {}: the shapes differ",
                    op.symbol(),
                    a.describe(),
                    b.describe()
                ))));
            }
            (Operand::Array(a), Operand::Array(b))
        }
        (Value::Array(a), b) => (Operand::Array(a), Operand::Number(Number::of(b)?)),
        (a, Value::Array(b)) => (Operand::Number(Number::of(a)?), Operand::Array(b)),
        _ => return None,
    };
    let shape = match (&left, &right) {
        (Operand::Array(array), _) | (_, Operand::Array(array)) => array.shape(),
        _ => return None,
    };
    let count = crate::array::count(shape);
    let element = result_type(op, &left, &right);
    let bytes = match float_operation(op) {
        Some(operation) if element.is_float() => {
            with_element!(element, T => {
                let (left, right) = (left.floats(count), right.floats(count));
                let results = left.iter().zip(&right).map(|(a, b)| operation(*a, *b));
                let results: Vec<T> = results.map(|x| T::from_float(x).unwrap_or_default()).collect();
                bytemuck::cast_slice::<T, u8>(&results).to_vec()
            })
        }
        _ => match each(op, &left, &right, count, element)? {
            Ok(bytes) => bytes,
            Err(error) => return Some(Err(error)),
        },
    };
    Some(AnyArray::new(element, shape, bytes.into()).map(Value::Array))
}

/// `-array`.
pub(super) fn negate(array: &AnyArray) -> Result<Value> {
    let zero = match array.element_type().is_float() {
        true => Value::Float(-0.0),
        false => Value::Int(0),
    };
    calculate(Arithmetic::Sub, &zero, &Value::Array(array.clone())).unwrap_or(Ok(Value::Null))
}

/// `abs(array)`. The least number of a signed type has no opposite, which is an error.
pub(super) fn absolute(array: &AnyArray) -> Result<Value> {
    let element = array.element_type();
    let mut bytes = Vec::with_capacity(array.bytes().len());
    with_element!(element, T => {
        for value in array.values() {
            let result = match Number::of(&value) {
                Some(number) => numbers::absolute(number)?,
                None => value,
            };
            let fitting: Option<T> = match Number::of(&result) {
                Some(Number::Int(int)) => T::from_int(int),
                Some(Number::Float(float)) => T::from_float(float),
                None => None,
            };
            let fitting = fitting.ok_or_else(|| does_not_fit(&result, element))?;
            bytes.extend_from_slice(bytemuck::bytes_of(&fitting));
        }
    });
    AnyArray::new(element, array.shape(), bytes.into()).map(Value::Array)
}

/// One side of an operator.
enum Operand<'a> {
    Array(&'a AnyArray),
    Number(Number),
}

impl Operand<'_> {
    fn number(&self, at: usize) -> Option<Number> {
        match self {
            Operand::Array(array) => Number::of(&array.value(at)),
            Operand::Number(number) => Some(*number),
        }
    }

    fn floats(&self, count: usize) -> Vec<f64> {
        match self {
            Operand::Array(array) => with_element!(array.element_type(), T => {
                let float = |element: T| Number::of(&element.value()).map_or(f64::NAN, Number::to_float);
                array.elements::<T>().map(float).collect()
            }),
            Operand::Number(number) => vec![number.to_float(); count],
        }
    }
}

/// The operators that floats have in hardware.
fn float_operation(op: Arithmetic) -> Option<fn(f64, f64) -> f64> {
    Some(match op {
        Arithmetic::Add => |a, b| a + b,
        Arithmetic::Sub => |a, b| a - b,
        Arithmetic::Mul => |a, b| a * b,
        Arithmetic::Div => |a, b| a / b,
        _ => return None,
    })
}

/// Element by element, as numbers calculate alone. `None`: numbers of this type have no such operator.
fn each(
    op: Arithmetic,
    left: &Operand<'_>,
    right: &Operand<'_>,
    count: usize,
    element: ElementType,
) -> Option<Result<Vec<u8>>> {
    let mut bytes = Vec::with_capacity(count.saturating_mul(element.size()));
    for at in 0..count {
        let result = match numbers::calculate(op, left.number(at)?, right.number(at)?)? {
            Ok(result) => result,
            Err(error) => return Some(Err(error)),
        };
        with_element!(element, T => {
            let fitting: Option<T> = match Number::of(&result)? {
                Number::Int(int) => T::from_int(int),
                Number::Float(float) => T::from_float(float),
            };
            match fitting {
                Some(fitting) => bytes.extend_from_slice(bytemuck::bytes_of(&fitting)),
                None => return Some(Err(does_not_fit(&result, element))),
            }
        });
    }
    Some(Ok(bytes))
}

fn result_type(op: Arithmetic, left: &Operand<'_>, right: &Operand<'_>) -> ElementType {
    use ElementType::{F32, F64};
    let both = match (left, right) {
        (Operand::Array(a), Operand::Array(b)) => wider(a.element_type(), b.element_type()),
        (Operand::Array(array), Operand::Number(number))
        | (Operand::Number(number), Operand::Array(array)) => match number {
            Number::Float(_) if !array.element_type().is_float() => F64,
            _ => array.element_type(),
        },
        _ => F64,
    };
    match (op, both) {
        (Arithmetic::Div, F32) => F32,
        (Arithmetic::Div, _) => F64,
        (_, both) => both,
    }
}

/// The type that holds the numbers of both; `f64` and `i64` hold most of what no type holds.
fn wider(a: ElementType, b: ElementType) -> ElementType {
    use ElementType::{F64, I16, I32, I64};
    if a == b {
        return a;
    }
    if a.is_float() || b.is_float() {
        return F64;
    }
    if a.is_signed() == b.is_signed() {
        return if a.size() > b.size() { a } else { b };
    }
    let (signed, unsigned) = if a.is_signed() { (a, b) } else { (b, a) };
    if signed.size() > unsigned.size() {
        return signed;
    }
    match unsigned.size() {
        1 => I16,
        2 => I32,
        _ => I64,
    }
}
