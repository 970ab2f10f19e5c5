//! Arrays to and from those of the crate `ndarray`.

use ndarray::{
    Array as NdArray, ArrayBase, ArrayD, ArrayViewD, ArrayViewMutD, Data, Dimension, Ix0, Ix1, Ix2,
    Ix3, Ix4, Ix5, Ix6, IxDyn,
};

use super::{Array, Element, Shape};
use crate::{Bytes, Error, Result};

impl<T: Element> Array<T> {
    /// The array as `ndarray` sees it, where it is.
    ///
    /// ```
    /// # use locum_protocol::Array;
    /// let image = Array::new([2, 3], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?;
    /// assert_eq!(image.view().sum(), 21.0);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn view(&self) -> ArrayViewD<'_, T> {
        ArrayViewD::from_shape(IxDyn(self.shape()), self.as_slice())
            .expect("an array has as many elements as its shape")
    }

    /// The array as `ndarray` sees it, to change; copied first while a clone shares the elements.
    ///
    /// ```
    /// # use locum_protocol::Array;
    /// let mut image = Array::new([2, 2], vec![1, 2, 3, 4_i64])?;
    /// image.view_mut().fill(7);
    /// assert_eq!(image.to_vec(), [7; 4]);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn view_mut(&mut self) -> ArrayViewMutD<'_, T> {
        let shape = IxDyn(self.shape());
        ArrayViewMutD::from_shape(shape, self.make_mut())
            .expect("an array has as many elements as its shape")
    }
}

/// The elements are taken over when they are in row-major order, and nothing else is in their vector.
impl<T: Element, D: Dimension> From<NdArray<T, D>> for Array<T> {
    fn from(array: NdArray<T, D>) -> Self {
        let shape = array.shape().to_vec();
        let count = array.len();
        let elements = if array.is_standard_layout() {
            match array.into_raw_vec_and_offset() {
                (elements, None | Some(0)) if elements.len() == count => elements,
                (elements, offset) => {
                    let first = offset.unwrap_or(0);
                    elements[first..first + count].to_vec()
                }
            }
        } else {
            array.iter().copied().collect()
        };
        over(&shape, elements)
    }
}

/// The elements are copied, in row-major order.
impl<T, S, D> From<&ArrayBase<S, D>> for Array<T>
where
    T: Element,
    S: Data<Elem = T>,
    D: Dimension,
{
    fn from(array: &ArrayBase<S, D>) -> Self {
        let elements = match array.as_slice() {
            Some(elements) => elements.to_vec(),
            None => array.iter().copied().collect(),
        };
        over(array.shape(), elements)
    }
}

fn over<T: Element>(shape: &[usize], elements: Vec<T>) -> Array<T> {
    Array::over(Shape::of_existing(shape), Bytes::from_elements(elements))
}

impl<T: Element> From<Array<T>> for ArrayD<T> {
    fn from(array: Array<T>) -> Self {
        let shape = IxDyn(array.shape());
        ArrayD::from_shape_vec(shape, array.into_vec())
            .expect("an array has as many elements as its shape")
    }
}

macro_rules! fixed {
    ($($dimension:ident)+) => {$(
        impl<T: Element> TryFrom<Array<T>> for NdArray<T, $dimension> {
            type Error = Error;

            /// A [`ValueError`](crate::Kind::ValueError) when it has another number of dimensions.
            fn try_from(array: Array<T>) -> Result<Self> {
                let wanted = $dimension::NDIM.unwrap_or(0);
                let described = array.any.describe();
                ArrayD::from(array).into_dimensionality().map_err(|_| {
                    let plural = if wanted == 1 { "" } else { "s" };
                    Error::value(format!(
                        "expected an array of {wanted} dimension{plural}, got {described}"
                    ))
                })
            }
        }
    )+};
}

fixed! { Ix0 Ix1 Ix2 Ix3 Ix4 Ix5 Ix6 }

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Array3, Axis, Slice, arr0, array};

    use super::*;

    #[test]
    fn an_ndarray_becomes_an_array_and_comes_back() {
        let matrix = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let place = matrix.as_ptr();
        let ours = Array::from(matrix.clone());
        assert_eq!((ours.shape(), ours.len()), (&[2, 3][..], 6));
        assert_eq!(ours.view(), matrix.view().into_dyn());
        assert_eq!(Array2::try_from(ours).unwrap(), matrix);
        let moved = Array::from(matrix);
        assert_eq!(moved.as_slice().as_ptr(), place, "taken over");
        assert_eq!(moved.view().as_ptr(), place, "borrowed");
        assert_eq!(ArrayD::from(moved).as_ptr(), place, "and given back");
    }

    #[test]
    fn elements_in_another_order_are_put_in_row_major_order() {
        let matrix = array![[1_u8, 2, 3], [4, 5, 6]];
        let ours = Array::from(&matrix.t());
        assert_eq!(
            (ours.shape(), ours.as_slice()),
            (&[3, 2][..], &[1, 4, 2, 5, 3, 6][..])
        );
        assert_eq!(Array::from(matrix.reversed_axes()), ours);
        let mut cut = array![[1_u8, 2, 3], [4, 5, 6]];
        cut.slice_axis_inplace(Axis(0), Slice::from(1..));
        assert_eq!(Array::from(cut).as_slice(), [4, 5, 6]);
        assert_eq!(Array::from(arr0(7_i64)).shape(), [0_usize; 0]);
    }

    #[test]
    fn another_number_of_dimensions_is_refused() {
        let error = Array3::try_from(Array::from([1_i16, 2])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "ValueError: expected an array of 3 dimensions, got an array of i16 of shape [2]"
        );
    }

    #[test]
    fn a_view_changes_the_elements() {
        let mut ours = Array::zeros([2, 2]).unwrap();
        ours.view_mut()[[1, 0]] = 5.0;
        assert_eq!(ours.as_slice(), [0.0, 0.0, 5.0, 0.0]);
    }
}
