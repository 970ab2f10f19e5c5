//! Arrays of numbers: their items along the first dimension, their attributes, what is in them.

pub use super::methods::element_type;

use super::list::{Key, indices, position_in};
use super::numbers::Number;
use super::text::describe;
use super::{MAX_SIZE, check_size};
use crate::array::{Sealed, count, with_element};
use crate::value::SliceIndices;
use crate::{AnyArray, Array, Bytes, ElementType, Error, Result, Value, slice};

/// The names under which an array tells about itself.
pub(super) const ATTRIBUTES: &[&str] = &["dtype", "ndim", "shape", "size"];

/// What an array tells about itself under a name.
pub(super) fn attribute(array: &AnyArray, name: &str) -> Option<Value> {
    Some(match name {
        "dtype" => array.element_type().name().into(),
        "ndim" => array.ndim().into(),
        "shape" => array.shape().to_vec().into(),
        "size" => array.len().into(),
        _ => return None,
    })
}

/// How many rows it has, which are numbers where it has one dimension.
pub(super) fn len(array: &AnyArray) -> Result<usize> {
    array
        .shape()
        .first()
        .copied()
        .ok_or_else(|| Error::type_error("an array without dimensions has no len()"))
}

/// The rows in order: numbers where it has one dimension, arrays where it has more.
pub(crate) fn rows(array: AnyArray) -> Result<impl Iterator<Item = Value>> {
    let len = len(&array)?;
    Ok((0..len).map(move |at| row(&array, at)))
}

fn row(array: &AnyArray, at: usize) -> Value {
    let inner = array.shape().get(1..).unwrap_or_default();
    let size = count(inner);
    if inner.is_empty() {
        return array.value(at);
    }
    part(array, inner, at * size, size)
}

/// A copy of elements that lie in a row.
fn part(array: &AnyArray, dims: &[usize], first: usize, elements: usize) -> Value {
    let size = array.element_type().size();
    let bytes = array.bytes().get(first * size..(first + elements) * size);
    let part = AnyArray::new(array.element_type(), dims, bytes.unwrap_or_default().into());
    part.map_or(Value::Null, Value::Array)
}

/// The list of its rows, each a list again down to the numbers; without dimensions, the number.
pub(super) fn to_list(array: &AnyArray) -> Result<Value> {
    let lists = array.checked_shape().lists();
    let size = lists.and_then(|lists| lists.checked_add(array.len()));
    check_size(size, "tolist()")?;
    Ok(list_of(array, array.shape(), 0))
}

fn list_of(array: &AnyArray, dims: &[usize], first: usize) -> Value {
    let Some((len, inner)) = dims.split_first() else {
        return array.value(first);
    };
    let step = count(inner);
    let rows = (0..*len).map(|at| list_of(array, inner, first + at * step));
    Value::List(rows.collect())
}

/// Whether a number is in it.
pub(super) fn contains(array: &AnyArray, item: &Value) -> bool {
    Number::of(item).is_some() && array.values().any(|number| number == *item)
}

/// `array[key]`: a row by its index, rows by a slice, or a list of such, one for each dimension.
pub(super) fn get(array: &AnyArray, key: &Value) -> Result<Value> {
    let selection = Selection::of(array, key)?;
    if selection.shape.is_empty() {
        let mut number = Value::Null;
        selection.walk(array.shape(), &mut |first, _| number = array.value(first));
        return Ok(number);
    }
    let size = array.element_type().size();
    let mut bytes = Vec::with_capacity(count(&selection.shape) * size);
    selection.walk(array.shape(), &mut |first, elements| {
        bytes.extend_from_slice(&array.bytes()[first * size..(first + elements) * size]);
    });
    AnyArray::new(array.element_type(), &selection.shape, bytes.into()).map(Value::Array)
}

/// `array[key] = value`: a number for all that the key names, or an array or lists of the same shape.
pub(super) fn set(array: &mut AnyArray, key: &Value, value: &Value) -> Result<()> {
    let selection = Selection::of(array, key)?;
    let (element, size) = (array.element_type(), array.element_type().size());
    let new = match Number::of(value) {
        Some(_) => element_bytes(element, value)?,
        None => {
            let new = from_value(value, Some(element))?;
            if new.shape() != selection.shape {
                return Err(Error::value(format!(
                    "{} can not be put in a place of shape {:?}",
                    new.describe(),
                    selection.shape
                )));
            }
            new.bytes().to_vec()
        }
    };
    let dims = array.shape().to_vec();
    let bytes = array.bytes_mut();
    let mut source = new.iter().cycle();
    selection.walk(&dims, &mut |first, elements| {
        let place = &mut bytes[first * size..(first + elements) * size];
        place
            .iter_mut()
            .zip(&mut source)
            .for_each(|(old, new)| *old = *new);
    });
    Ok(())
}

/// The bytes of a number as an element.
fn element_bytes(element: ElementType, number: &Value) -> Result<Vec<u8>> {
    with_element!(element, T => {
        let number: Option<T> = match Number::of(number) {
            Some(Number::Int(int)) => T::from_int(int),
            Some(Number::Float(float)) => T::from_float(float),
            None => None,
        };
        number.map(|number| bytemuck::bytes_of(&number).to_vec())
    })
    .ok_or_else(|| does_not_fit(number, element))
}

#[cold]
pub(super) fn does_not_fit(number: &Value, element: ElementType) -> Error {
    Error::arithmetic(format!(
        "{} does not fit in an array of {element}; convert the array with astype()",
        describe(number)
    ))
}

/// An array out of lists of numbers, or of another array. Without an element type it is `f64` where a number is a float,
/// and `i64` otherwise.
///
/// ```
/// # use locum_protocol::{ElementType, Value, ops};
/// let rows = Value::List(vec![vec![1, 2].into(), vec![3, 4].into()]);
/// let array = ops::array::from_value(&rows, Some(ElementType::F32))?;
/// assert_eq!((array.shape(), array.element_type()), (&[2, 2][..], ElementType::F32));
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn from_value(value: &Value, element: Option<ElementType>) -> Result<AnyArray> {
    if let Value::Array(array) = value {
        return convert(array, element.unwrap_or(array.element_type()));
    }
    let element = element.unwrap_or_else(|| match has_float(value) {
        true => ElementType::F64,
        false => ElementType::I64,
    });
    if Number::of(value).is_some() {
        let bytes = element_bytes(element, value)?;
        return AnyArray::new(element, &[], bytes.into());
    }
    with_element!(element, T => crate::from_value::<Array<T>>(value).map(AnyArray::from))
}

fn has_float(value: &Value) -> bool {
    match value {
        Value::Float(_) => true,
        Value::List(items) => items.iter().any(has_float),
        _ => false,
    }
}

/// The same numbers as another type. A float becomes a whole number without what is behind its point, as in numpy; a
/// number that the type does not hold is an error.
pub(super) fn convert(array: &AnyArray, element: ElementType) -> Result<AnyArray> {
    if array.element_type() == element {
        return Ok(array.clone());
    }
    let bytes = with_element!(element, T => {
        let mut bytes = Vec::with_capacity(array.len().saturating_mul(element.size()));
        for number in array.values() {
            let converted: Option<T> = match &number {
                Value::Int(int) => T::from_int(*int),
                Value::Float(float) if element.is_float() => T::from_float(*float),
                Value::Float(float) => T::from_float(float.trunc()),
                _ => None,
            };
            let converted = converted.ok_or_else(|| {
                Error::arithmetic(format!("{} does not fit in {element}", describe(&number)))
            })?;
            bytes.extend_from_slice(bytemuck::bytes_of(&converted));
        }
        bytes
    });
    AnyArray::new(element, array.shape(), Bytes::from(bytes))
}

/// What a key names of an array: along each of the first dimensions some indices, along the others all.
struct Selection {
    along: Vec<SliceIndices>,
    /// The shape of what is named: without the dimensions that the key gives one index for.
    shape: Vec<usize>,
}

impl Selection {
    fn of(array: &AnyArray, key: &Value) -> Result<Selection> {
        let dims = array.shape();
        let keys = match key {
            Value::List(keys) => keys.as_slice(),
            key => std::slice::from_ref(key),
        };
        if keys.len() > dims.len() {
            return Err(Error::index(format!(
                "too many indices for {}: {}",
                array.describe(),
                keys.len()
            )));
        }
        let mut along = Vec::with_capacity(keys.len());
        let mut shape = Vec::with_capacity(dims.len());
        for (key, len) in keys.iter().zip(dims) {
            let named = match Key::of(key, "array")? {
                Key::Index(index) => {
                    let at = position_in("array", *len, index)? as i64;
                    indices(slice(at..=at), *len)?
                }
                Key::Slice(slice) => {
                    let named = indices(slice, *len)?;
                    shape.push(named.len());
                    named
                }
            };
            along.push(named);
        }
        shape.extend_from_slice(&dims[keys.len()..]);
        Ok(Selection { along, shape })
    }

    /// Visits what is named, in order, in pieces that lie in a row: the place of the first element, and how many.
    fn walk(&self, dims: &[usize], visit: &mut dyn FnMut(usize, usize)) {
        if count(&self.shape) > 0 {
            walk(&self.along, dims, 0, visit);
        }
    }
}

fn walk(along: &[SliceIndices], dims: &[usize], first: usize, visit: &mut dyn FnMut(usize, usize)) {
    let ([named, along @ ..], [_, dims @ ..]) = (along, dims) else {
        return visit(first, count(dims));
    };
    let step = count(dims);
    for at in named.clone() {
        walk(along, dims, first + at * step, visit);
    }
}

/// The rows as a vector, for whoever needs them all.
pub(super) fn all_rows(array: &AnyArray) -> Result<Vec<Value>> {
    let len = len(array)?;
    if len > MAX_SIZE {
        check_size(Some(len), "going through an array")?;
    }
    rows(array.clone()).map(Iterator::collect)
}

#[cfg(test)]
mod tests;
