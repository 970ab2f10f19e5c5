//! Numeric arrays, which travel as their bytes.

use std::fmt;
use std::marker::PhantomData;

use crate::{Bytes, Error, Result};

mod any;
mod convert;
mod element;
#[cfg(feature = "ndarray")]
mod ndarray;
mod shape;
mod show;

pub use any::AnyArray;
pub(crate) use convert::write_out;
pub use element::{Element, ElementType};
pub(crate) use element::{sealed::Sealed, with_element};
pub(crate) use shape::{Shape, count};
pub(crate) use show::{exponent_as_python, show};

/// An n-dimensional array of numbers, in row-major (C) order.
///
/// It travels as its bytes: one copy per crossing, and no work per element. A clone shares the elements, and
/// [`make_mut`](Array::make_mut) copies them only when they are shared. It can be an argument, a result, or anywhere
/// inside of data.
///
/// ```
/// use locum_protocol::Array;
///
/// let image = Array::new([2, 3], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?;
/// assert_eq!((image.shape(), image.len()), (&[2, 3][..], 6));
/// assert_eq!(image.get(&[1, 0]), Some(4.0));
/// let doubled = image.map(|x| 2.0 * x);
/// assert_eq!(doubled.as_slice(), [2.0, 4.0, 6.0, 8.0, 10.0, 12.0]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
///
/// A plain list of numbers arrives as an array too, lists of lists as one of as many dimensions, and an array arrives
/// where a `Vec` is expected; both cost work per element. An array of another element type is a type error.
#[derive(Clone)]
pub struct Array<T> {
    /// Of element type `T`, its bytes aligned for `T`.
    any: AnyArray,
    elements: PhantomData<T>,
}

impl<T: Element> Array<T> {
    /// An array of that shape over elements in row-major order. The vector is taken over.
    ///
    /// # Errors
    /// [`ValueError`](crate::Kind::ValueError) when the shape does not have as many elements as there are, or more than
    /// 32 dimensions.
    pub fn new(shape: impl AsRef<[usize]>, elements: Vec<T>) -> Result<Array<T>> {
        let dims = shape.as_ref();
        let shape = Shape::new(dims, size_of::<T>())?;
        if shape.count() != elements.len() {
            return Err(Error::value(format!(
                "an array of shape {dims:?} has {} elements, got {}",
                shape.count(),
                elements.len()
            )));
        }
        Ok(Array::over(shape, Bytes::from_elements(elements)))
    }

    /// A one-dimensional array of these elements. The vector is taken over.
    ///
    /// ```
    /// # use locum_protocol::Array;
    /// let samples = Array::from_vec(vec![1_i16, -2, 3]);
    /// assert_eq!((samples.shape(), samples.ndim()), (&[3][..], 1));
    /// ```
    pub fn from_vec(elements: Vec<T>) -> Array<T> {
        let shape = Shape::line(elements.len());
        Array::over(shape, Bytes::from_elements(elements))
    }

    /// An array of zeros.
    ///
    /// ```
    /// # use locum_protocol::Array;
    /// let mut image = Array::<u8>::zeros([2, 3])?;
    /// image.make_mut()[0] = 255;
    /// assert_eq!(image.to_vec(), [255, 0, 0, 0, 0, 0]);
    /// assert!(Array::<u8>::zeros([0, 3])?.is_empty());
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ValueError`](crate::Kind::ValueError) when the shape is larger than the memory that can be addressed, or has more
    /// than 32 dimensions.
    pub fn zeros(shape: impl AsRef<[usize]>) -> Result<Array<T>> {
        let shape = Shape::new(shape.as_ref(), size_of::<T>())?;
        let bytes = zeros::<T>(shape.count());
        Ok(Array::over(shape, bytes))
    }

    /// An array of what `element` gives for each index, in row-major order.
    ///
    /// ```
    /// # use locum_protocol::Array;
    /// let table = Array::from_fn([2, 3], |index| (10 * index[0] + index[1]) as u32)?;
    /// assert_eq!(table.as_slice(), [0, 1, 2, 10, 11, 12]);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`zeros`](Array::zeros).
    pub fn from_fn(
        shape: impl AsRef<[usize]>,
        mut element: impl FnMut(&[usize]) -> T,
    ) -> Result<Array<T>> {
        let mut array = Array::zeros(shape)?;
        let dims = array.any.shape.clone();
        let mut index = vec![0; dims.len()];
        for place in array.make_mut() {
            *place = element(&index);
            // The last index goes on; where one has come to its end, it starts again and the one before it goes on.
            for (at, len) in index.iter_mut().zip(dims.iter()).rev() {
                *at += 1;
                if *at < *len {
                    break;
                }
                *at = 0;
            }
        }
        Ok(array)
    }

    /// The number of elements along each dimension.
    pub fn shape(&self) -> &[usize] {
        &self.any.shape
    }

    /// The number of dimensions; 0 for an array that is one number.
    pub fn ndim(&self) -> usize {
        self.shape().len()
    }

    /// The number of elements, along all dimensions.
    pub fn len(&self) -> usize {
        self.any.len()
    }

    /// Whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The elements in row-major order, where they are.
    pub fn as_slice(&self) -> &[T] {
        match &*self.any.bytes {
            // Nothing may be at any address, an unaligned one too.
            [] => &[],
            bytes => bytemuck::cast_slice(bytes),
        }
    }

    /// The elements to change, in row-major order; copied first while a clone shares them.
    ///
    /// ```
    /// # use locum_protocol::Array;
    /// let before = Array::from_vec(vec![1, 2, 3_i64]);
    /// let mut after = before.clone(); // shares the elements, until now
    /// after.make_mut()[0] = 9;
    /// assert_eq!((before.as_slice(), after.as_slice()), (&[1, 2, 3][..], &[9, 2, 3][..]));
    /// ```
    pub fn make_mut(&mut self) -> &mut [T] {
        if !self.any.bytes.is_unshared() {
            self.any.bytes = aligned_copy::<T>(&self.any.bytes);
        }
        match self.any.bytes.get_mut() {
            Some(bytes) if !bytes.is_empty() => bytemuck::cast_slice_mut(bytes),
            _ => &mut [],
        }
    }

    /// A copy of the elements in row-major order.
    pub fn to_vec(&self) -> Vec<T> {
        self.as_slice().to_vec()
    }

    /// The elements in row-major order; copied unless the array was made from a vector that no clone shares.
    ///
    /// ```
    /// # use locum_protocol::Array;
    /// assert_eq!(Array::from_vec(vec![0.5, 1.5]).into_vec(), [0.5, 1.5]);
    /// ```
    pub fn into_vec(self) -> Vec<T> {
        self.any.bytes.into_elements()
    }

    /// The same elements in another shape. They are shared, not copied.
    ///
    /// ```
    /// # use locum_protocol::Array;
    /// let line = Array::from_vec((0..6_u8).collect());
    /// assert_eq!(line.reshape([2, 3])?.get(&[1, 0]), Some(3));
    /// assert_eq!(line.iter().map(u32::from).sum::<u32>(), 15);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ValueError`](crate::Kind::ValueError) when the shape has another number of elements.
    pub fn reshape(&self, shape: impl AsRef<[usize]>) -> Result<Array<T>> {
        self.any.reshape(shape.as_ref()).map(Array::known)
    }

    /// The element at an index, one number per dimension; `None` when there is none.
    pub fn get(&self, index: &[usize]) -> Option<T> {
        let dims = self.shape();
        if index.len() != dims.len() {
            return None;
        }
        let place = index
            .iter()
            .zip(dims)
            .try_fold(0, |place, (at, len)| (at < len).then(|| place * len + at))?;
        self.as_slice().get(place).copied()
    }

    /// The elements in row-major order.
    pub fn iter(&self) -> std::iter::Copied<std::slice::Iter<'_, T>> {
        self.as_slice().iter().copied()
    }

    /// An array of the same shape, of what `element` gives for each element.
    pub fn map<U: Element>(&self, mut element: impl FnMut(T) -> U) -> Array<U> {
        let mut mapped = Array::over(self.any.shape.clone(), zeros::<U>(self.len()));
        for (place, old) in mapped.make_mut().iter_mut().zip(self.iter()) {
            *place = element(old);
        }
        mapped
    }

    /// Bytes that are aligned for `T`, as many as the shape has elements.
    fn over(shape: Shape, bytes: Bytes) -> Array<T> {
        Array::known(AnyArray {
            element: T::TYPE,
            shape,
            bytes,
        })
    }

    /// An array that is known to be of `T`, and aligned.
    fn known(any: AnyArray) -> Array<T> {
        Array {
            any,
            elements: PhantomData,
        }
    }
}

/// The bytes of that many zeros, aligned for `T`.
///
/// A vector of bytes where the allocator aligns it, as all do that matter: it can leave a plugin without a copy.
fn zeros<T: Element>(count: usize) -> Bytes {
    let bytes = vec![0_u8; count.saturating_mul(size_of::<T>())];
    if is_aligned::<T>(&bytes) {
        Bytes::from(bytes)
    } else {
        Bytes::from_elements(vec![T::default(); count])
    }
}

fn aligned_copy<T: Element>(bytes: &[u8]) -> Bytes {
    let copy = bytes.to_vec();
    if is_aligned::<T>(&copy) {
        Bytes::from(copy)
    } else {
        Bytes::from_elements(bytemuck::allocation::pod_collect_to_vec::<u8, T>(bytes))
    }
}

fn is_aligned<T: Element>(bytes: &[u8]) -> bool {
    bytes.is_empty() || bytemuck::try_cast_slice::<u8, T>(bytes).is_ok()
}

impl<T: Element> TryFrom<AnyArray> for Array<T> {
    type Error = Error;

    /// A [`TypeError`](crate::Kind::TypeError) when its elements are of another type.
    fn try_from(any: AnyArray) -> Result<Array<T>> {
        if any.element != T::TYPE {
            return Err(Error::type_error(format!(
                "expected an array of {}, got {}",
                T::TYPE,
                any.describe()
            )));
        }
        Ok(Array::aligned(any))
    }
}

impl<T: Element> Array<T> {
    /// An array of that element type, which may have arrived at any address.
    fn aligned(mut any: AnyArray) -> Array<T> {
        if !is_aligned::<T>(&any.bytes) {
            any.bytes = aligned_copy::<T>(&any.bytes);
        }
        Array::known(any)
    }
}

impl<T> From<Array<T>> for AnyArray {
    fn from(array: Array<T>) -> AnyArray {
        array.any
    }
}

impl<T> From<Array<T>> for crate::Value {
    fn from(array: Array<T>) -> crate::Value {
        crate::Value::Array(array.any)
    }
}

impl<T: Element> From<Vec<T>> for Array<T> {
    fn from(elements: Vec<T>) -> Self {
        Array::from_vec(elements)
    }
}

impl<T: Element> From<&[T]> for Array<T> {
    fn from(elements: &[T]) -> Self {
        Array::from_vec(elements.to_vec())
    }
}

impl<T: Element, const N: usize> From<[T; N]> for Array<T> {
    fn from(elements: [T; N]) -> Self {
        Array::from_vec(elements.into())
    }
}

impl<T: Element> FromIterator<T> for Array<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Array::from_vec(elements.into_iter().collect())
    }
}

impl<'a, T: Element> IntoIterator for &'a Array<T> {
    type Item = T;
    type IntoIter = std::iter::Copied<std::slice::Iter<'a, T>>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Element> AsRef<[T]> for Array<T> {
    fn as_ref(&self) -> &[T] {
        self.as_slice()
    }
}

/// One dimension, no elements.
impl<T: Element> Default for Array<T> {
    fn default() -> Self {
        Array::from_vec(Vec::new())
    }
}

/// Of the same shape, with equal elements: a NaN equals nothing.
impl<T: Element> PartialEq for Array<T> {
    fn eq(&self, other: &Self) -> bool {
        self.shape() == other.shape() && self.as_slice() == other.as_slice()
    }
}

/// Nested lists, the middle left out of long ones, with the element type and the shape.
impl<T> fmt::Debug for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.any, f)
    }
}

#[cfg(test)]
mod tests;
