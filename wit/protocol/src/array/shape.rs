//! How many elements an array has along each of its dimensions.

use std::ops::Deref;
use std::sync::Arc;

use crate::limits::MAX_DIMS;
use crate::{Error, Result};

/// The lengths of an array's dimensions, of which the last varies fastest (row-major, C order).
#[derive(Clone)]
pub(crate) struct Shape(Dims);

#[derive(Clone)]
enum Dims {
    /// Most arrays have one dimension, and no vector for it.
    One(usize),
    Many(Arc<[usize]>),
}

impl Shape {
    /// One dimension.
    pub(crate) fn line(len: usize) -> Shape {
        Shape(Dims::One(len))
    }

    /// Dimensions for elements of that size, when such an array can exist.
    ///
    /// The lengths that are not 0 are multiplied too where another one is, so that the steps from one index to the next
    /// are numbers in any case.
    pub(crate) fn new(dims: &[usize], element_size: usize) -> Result<Shape> {
        if dims.len() > MAX_DIMS {
            return Err(Error::value(format!(
                "an array has at most {MAX_DIMS} dimensions, got {}",
                dims.len()
            )));
        }
        let bytes = dims
            .iter()
            .filter(|len| **len > 0)
            .try_fold(element_size, |bytes, len| bytes.checked_mul(*len))
            .filter(|bytes| isize::try_from(*bytes).is_ok());
        match (bytes, dims) {
            (None, dims) => Err(Error::value(format!(
                "an array of shape {dims:?} is larger than the memory that can be addressed"
            ))),
            (Some(_), [len]) => Ok(Shape::line(*len)),
            (Some(_), dims) => Ok(Shape(Dims::Many(dims.into()))),
        }
    }

    /// The dimensions of an array that exists, however many.
    #[cfg(feature = "ndarray")]
    pub(crate) fn of_existing(dims: &[usize]) -> Shape {
        Shape(Dims::Many(dims.into()))
    }

    /// The number of elements.
    pub(crate) fn count(&self) -> usize {
        count(self)
    }

    /// How many lists an array of this shape is as lists in lists; `None` when the number is beyond all bounds, which
    /// it can be only for an array without elements.
    pub(crate) fn lists(&self) -> Option<usize> {
        let outer = self.split_last().map_or(&[][..], |(_, outer)| outer);
        let mut row = 1_usize;
        let mut lists = 1_usize;
        for len in outer {
            row = row.checked_mul(*len)?;
            lists = lists.checked_add(row)?;
        }
        Some(lists)
    }
}

/// The number of elements of an array whose shape was checked, or of a part of it.
pub(crate) fn count(dims: &[usize]) -> usize {
    if dims.contains(&0) {
        return 0;
    }
    dims.iter().product()
}

impl PartialEq for Shape {
    fn eq(&self, other: &Shape) -> bool {
        **self == **other
    }
}

impl Deref for Shape {
    type Target = [usize];
    fn deref(&self) -> &[usize] {
        match &self.0 {
            Dims::One(len) => std::slice::from_ref(len),
            Dims::Many(dims) => dims,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn a_shape_holds_the_product_of_its_dimensions() {
        let count = |dims: &[usize]| Shape::new(dims, 8).map(|shape| shape.count()).unwrap();
        assert_eq!(count(&[]), 1);
        assert_eq!(count(&[5]), 5);
        assert_eq!(count(&[2, 3, 4]), 24);
        assert_eq!(count(&[1 << 20, 0, 1 << 20]), 0);
    }

    #[test]
    fn what_no_memory_holds_is_refused_without_an_overflow() {
        for dims in [
            &[usize::MAX][..],
            &[usize::MAX / 8],
            &[usize::MAX, usize::MAX],
            &[usize::MAX, 0, 2],
            &[1; MAX_DIMS + 1],
        ] {
            let refused = Shape::new(dims, 8).err().map(|error| error.kind());
            assert_eq!(refused, Some(Kind::ValueError), "{dims:?}");
        }
        assert!(Shape::new(&[1; MAX_DIMS], 8).is_ok());
    }

    #[test]
    fn lists_in_lists_are_counted_before_they_are_made() {
        let lists = |dims: &[usize]| Shape::new(dims, 1).unwrap().lists();
        assert_eq!(lists(&[]), Some(1));
        assert_eq!(lists(&[7]), Some(1));
        assert_eq!(lists(&[2, 3, 4]), Some(1 + 2 + 6));
        assert_eq!(lists(&[0, 1000]), Some(1));
        assert_eq!(lists(&[1000, 0]), Some(1001));
    }
}
