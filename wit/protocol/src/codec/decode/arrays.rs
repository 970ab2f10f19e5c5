//! Arrays out of an item: their bytes as they are, or as a list where a list is asked for.

use ciborium_ll::Header;
use serde::de::Visitor;

use super::elements::Rows;
use super::{Decoder, missing};
use crate::codec::array::{self, ArrayTag, Order};
use crate::codec::{CodecError, TAG_BUFFER};
use crate::{AnyArray, Bytes, ElementType, Kind};

type Result<T = ()> = std::result::Result<T, CodecError>;

impl<'de> Decoder<'de> {
    pub(super) fn array(&mut self, tag: ArrayTag) -> Result<AnyArray> {
        match tag {
            ArrayTag::Elements(element, order) => {
                let bytes = self.elements(element, order)?;
                Ok(AnyArray::line(element, bytes))
            }
            ArrayTag::Shaped => {
                self.list()?;
                let ndim = self.list()?.unwrap_or(0);
                let dims = (0..ndim)
                    .map(|_| self.index())
                    .collect::<Result<Vec<usize>>>()?;
                match self.head()? {
                    Header::Tag(tag) => match ArrayTag::of(tag) {
                        Some(ArrayTag::Elements(element, order)) => {
                            let bytes = self.elements(element, order)?;
                            AnyArray::new(element, &dims, bytes)
                                .map_err(|error| CodecError::new(Kind::Decode, error.message()))
                        }
                        _ => Err(no_elements()),
                    },
                    _ => Err(no_elements()),
                }
            }
            ArrayTag::Refused(what) => Err(CodecError::new(Kind::Decode, what)),
        }
    }

    /// The bytes of elements, in the item or beside it.
    fn elements(&mut self, element: ElementType, order: Order) -> Result<Bytes> {
        let bytes = match self.head()? {
            Header::Bytes(Some(len)) => self.bytes(len)?.into(),
            Header::Tag(TAG_BUFFER) => {
                let index = self.index()?;
                self.buffers
                    .get(index)
                    .cloned()
                    .ok_or_else(|| missing("buffer", index))?
            }
            _ => return Err(no_elements()),
        };
        Ok(array::reordered(bytes, order, element))
    }

    /// For lists, which arrays are too where a list is asked for.
    pub(super) fn visit_list<V: Visitor<'de>>(
        &mut self,
        header: Header,
        visitor: V,
    ) -> Result<V::Value> {
        match header {
            Header::Tag(tag) => match ArrayTag::of(tag) {
                Some(tag) => self.visit_rows(tag, visitor),
                None => self.visit(header, visitor),
            },
            header => self.visit(header, visitor),
        }
    }

    /// For lists: an array is the list of its numbers, or of its rows.
    fn visit_rows<V: Visitor<'de>>(&mut self, tag: ArrayTag, visitor: V) -> Result<V::Value> {
        Rows::of(self.array(tag)?)?.visit(visitor)
    }
}

#[cold]
fn no_elements() -> CodecError {
    CodecError::new(Kind::Decode, "the elements of an array are expected here")
}
