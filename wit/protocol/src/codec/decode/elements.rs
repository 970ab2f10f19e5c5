//! An array read as a list: its numbers one by one, or its rows, each of which is such a list again.

use serde::de::{self, DeserializeSeed, Deserializer, Visitor};

use crate::array::count;
use crate::codec::CodecError;
use crate::special::TOKEN;
use crate::{AnyArray, Kind, Value};

type Result<T = ()> = std::result::Result<T, CodecError>;

/// Lists that an array without elements may be: nothing that arrived is behind them.
const MOST_EMPTY_LISTS: usize = 1 << 16;

/// The numbers or rows of an array, or of a part of it.
pub(super) struct Rows<'a> {
    array: &'a AnyArray,
    /// The dimensions of the part.
    dims: &'a [usize],
    /// Where the next number, or the first one of the next row, is.
    at: usize,
    /// How many have been read.
    index: usize,
}

/// An array to be read as lists.
pub(super) struct Whole(AnyArray);

impl Rows<'_> {
    /// Refuses an array that would be out of all proportion as lists.
    pub(super) fn of(array: AnyArray) -> Result<Whole> {
        let lists = array.checked_shape().lists();
        if array.is_empty() && lists.is_none_or(|lists| lists > MOST_EMPTY_LISTS) {
            return Err(CodecError::new(
                Kind::LimitExceeded,
                format!(
                    "{} is more than {MOST_EMPTY_LISTS} empty lists; take it as an array",
                    array.describe()
                ),
            ));
        }
        Ok(Whole(array))
    }

    fn visit<'de, V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
        let value = visitor.visit_seq(&mut self)?;
        let (read, len) = (self.index, self.len());
        if read < len {
            return Err(CodecError::new(
                Kind::ValueError,
                format!("expected a list of {read}, got {len}"),
            ));
        }
        Ok(value)
    }

    fn len(&self) -> usize {
        self.dims.first().copied().unwrap_or(0)
    }
}

impl Whole {
    /// Shows the array as a list; one without dimensions as its number.
    pub(super) fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let array = &self.0;
        if array.ndim() == 0 {
            return Element(array.value(0)).deserialize_any(visitor);
        }
        Rows {
            array,
            dims: array.shape(),
            at: 0,
            index: 0,
        }
        .visit(visitor)
    }
}

impl<'de> de::SeqAccess<'de> for &mut Rows<'_> {
    type Error = CodecError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let index = self.index;
        let Some((len, inner)) = self.dims.split_first() else {
            return Ok(None);
        };
        if index >= *len {
            return Ok(None);
        }
        let (array, at) = (self.array, self.at);
        self.index += 1;
        self.at += count(inner);
        let element = if inner.is_empty() {
            seed.deserialize(Element(array.value(at)))
        } else {
            seed.deserialize(Row(Rows {
                array,
                dims: inner,
                at,
                index: 0,
            }))
        };
        element
            .map(Some)
            .map_err(|error| error.within(format_args!("[{index}]")))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.len() - self.index)
    }
}

/// One row, where an element is expected.
struct Row<'a>(Rows<'a>);

impl<'de> Deserializer<'de> for Row<'_> {
    type Error = CodecError;

    fn is_human_readable(&self) -> bool {
        false
    }
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.0.visit(visitor)
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        match name {
            TOKEN => self.deserialize_any(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

/// One number.
struct Element(Value);

impl Element {
    /// For integers: a whole number among floats is one.
    fn integer<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Float(x) if x.trunc() == x && x.abs() < 9.1e18 => visitor.visit_i64(x as i64),
            _ => self.deserialize_any(visitor),
        }
    }
}

impl<'de> Deserializer<'de> for Element {
    type Error = CodecError;

    fn is_human_readable(&self) -> bool {
        false
    }
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Float(x) => visitor.visit_f64(x),
            Value::Int(n) => match (u64::try_from(n), i64::try_from(n)) {
                (Ok(n), _) => visitor.visit_u64(n),
                (_, Ok(n)) => visitor.visit_i64(n),
                _ => visitor.visit_i128(n),
            },
            _ => visitor.visit_unit(),
        }
    }
    fn deserialize_i8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.integer(visitor)
    }
    fn deserialize_i16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.integer(visitor)
    }
    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.integer(visitor)
    }
    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.integer(visitor)
    }
    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.integer(visitor)
    }
    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.integer(visitor)
    }
    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.integer(visitor)
    }
    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.integer(visitor)
    }
    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.integer(visitor)
    }
    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.integer(visitor)
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        match name {
            TOKEN => self.deserialize_any(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    serde::forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}
