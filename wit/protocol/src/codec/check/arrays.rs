//! The check of arrays: their elements are whole, and as many as their shape says.

use ciborium_ll::Header;

use super::Walk;
use crate::array::Shape;
use crate::codec::TAG_BUFFER;
use crate::codec::array::ArrayTag;
use crate::limits::MAX_DIMS;
use crate::{ElementType, Result};

impl Walk<'_> {
    pub(super) fn array(&mut self, tag: ArrayTag, depth: usize) -> Result<()> {
        match tag {
            ArrayTag::Elements(element, _) => self.elements(element).map(drop),
            ArrayTag::Shaped => self.shaped(depth),
            ArrayTag::Refused(what) => self.fail(what),
        }
    }

    /// The bytes of elements, in the item or beside it; the answer is how many elements they are.
    fn elements(&mut self, element: ElementType) -> Result<usize> {
        let len = match self.head()? {
            Header::Bytes(Some(len)) => self.take(len)?.len(),
            Header::Tag(TAG_BUFFER) => self.buffer()?,
            _ => return self.fail(format!("the elements of an array of {element} are bytes")),
        };
        let size = element.size();
        if len % size != 0 {
            return self.fail(format!(
                "{len} bytes are no array of {element}, whose elements have {size} bytes each"
            ));
        }
        Ok(len / size)
    }

    fn shaped(&mut self, depth: usize) -> Result<()> {
        const FORM: &str = "an array with a shape is [[length...], elements]";
        self.enter(depth)?;
        let Header::Array(Some(2)) = self.head()? else {
            return self.fail(FORM);
        };
        let Header::Array(Some(ndim)) = self.head()? else {
            return self.fail(FORM);
        };
        if ndim > MAX_DIMS {
            return self.fail(format!(
                "an array has at most {MAX_DIMS} dimensions, got {ndim}"
            ));
        }
        self.charge(1 + ndim)?;
        let mut dims = [0; MAX_DIMS];
        for len in &mut dims[..ndim] {
            *len = match self.head()? {
                Header::Positive(len) => match usize::try_from(len) {
                    Ok(len) => len,
                    Err(_) => return self.fail(format!("a dimension of {len} elements")),
                },
                _ => return self.fail("a length of an array is a whole number from 0"),
            };
        }
        let Header::Tag(tag) = self.head()? else {
            return self.fail(FORM);
        };
        let element = match ArrayTag::of(tag) {
            Some(ArrayTag::Elements(element, _)) => element,
            Some(ArrayTag::Refused(what)) => return self.fail(what),
            Some(ArrayTag::Shaped) | None => return self.fail(FORM),
        };
        let count = self.elements(element)?;
        match Shape::new(&dims[..ndim], element.size()) {
            Ok(shape) if shape.count() == count => Ok(()),
            Ok(shape) => self.fail(format!(
                "an array of shape {:?} has {} elements, got {count}",
                &*shape,
                shape.count()
            )),
            Err(error) => self.fail(error.message()),
        }
    }
}
