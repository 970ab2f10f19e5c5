//! An array whose element type is only known when it arrives.

use std::fmt;

use super::{ElementType, Sealed, Shape, show, with_element};
use crate::{Bytes, Error, Result, Value};

/// An [`Array`](super::Array) of any element type, as [`Value::Array`] has it.
///
/// `Array::<f64>::try_from(any)` gives the elements, when they are of that type.
///
/// ```
/// # use locum_protocol::{AnyArray, Array, ElementType, Value};
/// let any = AnyArray::from(Array::new([2, 2], vec![1.0_f32, 2.0, 3.0, 4.0])?);
/// assert_eq!((any.element_type(), any.shape(), any.ndim()), (ElementType::F32, &[2, 2][..], 2));
/// assert_eq!((any.len(), any.bytes().len(), any.is_empty()), (4, 16, false));
/// let known = Array::<f32>::try_from(any.reshape([4])?)?;
/// assert_eq!(known.as_slice(), [1.0, 2.0, 3.0, 4.0]);
/// assert!(Array::<f64>::try_from(any).is_err()); // an array is not converted by itself
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone)]
pub struct AnyArray {
    pub(super) element: ElementType,
    pub(super) shape: Shape,
    /// The elements in row-major order, as this machine writes them; at any address.
    pub(super) bytes: Bytes,
}

impl AnyArray {
    /// An array over the bytes of its elements, as this machine writes them.
    pub(crate) fn new(element: ElementType, dims: &[usize], bytes: Bytes) -> Result<AnyArray> {
        let shape = Shape::new(dims, element.size())?;
        if shape.count() * element.size() != bytes.len() {
            return Err(Error::value(format!(
                "an array of {element} of shape {dims:?} has {} bytes, got {}",
                shape.count() * element.size(),
                bytes.len()
            )));
        }
        Ok(AnyArray {
            element,
            shape,
            bytes,
        })
    }

    /// One dimension over the bytes of its elements, of which there is a whole number.
    pub(crate) fn line(element: ElementType, bytes: Bytes) -> AnyArray {
        AnyArray {
            element,
            shape: Shape::line(bytes.len() / element.size()),
            bytes,
        }
    }

    /// The type of the elements.
    pub fn element_type(&self) -> ElementType {
        self.element
    }

    /// The number of elements along each dimension.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The number of dimensions; 0 for an array that is one number.
    pub fn ndim(&self) -> usize {
        self.shape.len()
    }

    /// The number of elements, along all dimensions.
    pub fn len(&self) -> usize {
        self.bytes.len() / self.element.size()
    }

    /// Whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes of the elements in row-major order, as this machine writes them.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The same elements in another shape. They are shared, not copied.
    ///
    /// # Errors
    /// [`ValueError`](crate::Kind::ValueError) when the shape has another number of elements.
    pub fn reshape(&self, shape: impl AsRef<[usize]>) -> Result<AnyArray> {
        let dims = shape.as_ref();
        let shape = Shape::new(dims, self.element.size())?;
        if shape.count() != self.len() {
            return Err(Error::value(format!(
                "{} of {} elements can not take the shape {dims:?}, which has {}",
                self.describe(),
                self.len(),
                shape.count()
            )));
        }
        Ok(AnyArray {
            shape,
            ..self.clone()
        })
    }

    /// The bytes to change; copied first while a clone shares them.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        if !self.bytes.is_unshared() {
            self.bytes = Bytes::from(&*self.bytes);
        }
        self.bytes.get_mut().unwrap_or_default()
    }

    /// The elements in row-major order, read as that type, which is theirs.
    pub(crate) fn elements<T: Sealed>(&self) -> impl Iterator<Item = T> + '_ {
        let elements = self.bytes.chunks_exact(size_of::<T>());
        elements.map(bytemuck::pod_read_unaligned::<T>)
    }

    /// The elements as data, in row-major order: integers or floats.
    pub(crate) fn values(&self) -> impl Iterator<Item = Value> + '_ {
        (0..self.len()).map(|at| self.value(at))
    }

    /// The element at a place in row-major order; null where there is none.
    pub(crate) fn value(&self, at: usize) -> Value {
        let size = self.element.size();
        match self.bytes.get(at * size..(at + 1) * size) {
            Some(bytes) => with_element!(self.element, T => {
                bytemuck::pod_read_unaligned::<T>(bytes).value()
            }),
            None => Value::Null,
        }
    }

    pub(crate) fn checked_shape(&self) -> &Shape {
        &self.shape
    }

    /// What an error calls it.
    pub(crate) fn describe(&self) -> String {
        format!("an array of {} of shape {:?}", self.element, &*self.shape)
    }
}

/// Of the same shape, with equal numbers, whatever their types: a NaN equals nothing.
impl PartialEq for AnyArray {
    fn eq(&self, other: &Self) -> bool {
        if self.shape != other.shape {
            return false;
        }
        if self.element == other.element {
            return with_element!(self.element, T => self.elements::<T>().eq(other.elements::<T>()));
        }
        self.values().eq(other.values())
    }
}

/// Nested lists, the middle left out of long ones, with the element type and the shape.
impl fmt::Debug for AnyArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&show(self, true))
    }
}
