//! Arrays through serde: by hand to the codec, which knows them; written out for any other format; read from lists too.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::{AnyArray, Array, Element, ElementType, with_element};
use crate::limits::MAX_DIMS;
use crate::special::{self, Special, TOKEN, unexpected};

impl<T> Serialize for Array<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.any.serialize(serializer)
    }
}

impl Serialize for AnyArray {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        special::serialize(serializer, Special::Array(self.clone()))
    }
}

/// What a format that knows no arrays gets: `{"dtype": "f64", "shape": [2, 1], "data": [0.5, 1.5]}`.
pub(crate) fn write_out<S: Serializer>(array: &AnyArray, serializer: S) -> Result<S::Ok, S::Error> {
    struct Elements<'a>(&'a AnyArray);
    impl Serialize for Elements<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            with_element!(self.0.element, T => {
                serializer.collect_seq(self.0.elements::<T>())
            })
        }
    }
    let mut fields = serializer.serialize_struct("Array", 3)?;
    fields.serialize_field("dtype", array.element.name())?;
    fields.serialize_field("shape", array.shape())?;
    fields.serialize_field("data", &Elements(array))?;
    fields.end()
}

impl<'de, T: Element> Deserialize<'de> for Array<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = ArrayVisitor {
            written_out: false,
            elements: PhantomData,
        };
        deserializer.deserialize_newtype_struct(TOKEN, visitor)
    }
}

struct ArrayVisitor<T> {
    /// In a format that knows no arrays.
    written_out: bool,
    elements: PhantomData<T>,
}

impl<'de, T: Element> Visitor<'de> for ArrayVisitor<T> {
    type Value = Array<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of {}", T::TYPE)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Array<T>, D::Error> {
        match special::take() {
            Some(Special::Array(any)) if any.element == T::TYPE => Ok(Array::aligned(any)),
            Some(Special::Bytes(bytes)) if T::TYPE == ElementType::U8 => {
                Ok(Array::aligned(AnyArray::line(T::TYPE, bytes)))
            }
            None => inner.deserialize_any(ArrayVisitor {
                written_out: true,
                ..self
            }),
            other => Err(unexpected(other, &self)),
        }
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Array<T>, E> {
        if T::TYPE == ElementType::U8 {
            Ok(Array::aligned(AnyArray::line(T::TYPE, bytes.into())))
        } else {
            Err(E::invalid_type(Unexpected::Bytes(bytes), &self))
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Array<T>, A::Error> {
        let mut lists = Lists::new();
        lists.read(0, items)?;
        lists.finish()
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Array<T>, A::Error> {
        #[derive(serde::Deserialize)]
        struct WrittenOut<T> {
            shape: Vec<usize>,
            data: Vec<T>,
        }
        if !self.written_out {
            return Err(de::Error::invalid_type(Unexpected::Map, &self));
        }
        let entries = de::value::MapAccessDeserializer::new(entries);
        let WrittenOut::<Number<T>> { shape, data } = WrittenOut::deserialize(entries)?;
        let data = data.into_iter().map(|number| number.0).collect();
        Array::new(shape, data).map_err(|error| de::Error::custom(error.message()))
    }
}

impl<'de> Deserialize<'de> for AnyArray {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyVisitor;
        impl<'de> Visitor<'de> for AnyVisitor {
            type Value = AnyArray;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }
            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                _: D,
            ) -> Result<AnyArray, D::Error> {
                match special::take() {
                    Some(Special::Array(any)) => Ok(any),
                    other => Err(unexpected(other, &self)),
                }
            }
        }
        deserializer.deserialize_newtype_struct(TOKEN, AnyVisitor)
    }
}

/// An array in the making, out of lists of numbers or of such lists.
struct Lists<T> {
    elements: Vec<T>,
    /// The length of the lists at each depth, once one has come to its end.
    dims: Vec<Option<usize>>,
    /// How deep the numbers are, once there was one.
    ndim: Option<usize>,
}

impl<T: Element> Lists<T> {
    fn new() -> Lists<T> {
        Lists {
            elements: Vec::new(),
            dims: Vec::new(),
            ndim: None,
        }
    }

    /// Reads a list that is inside of `depth` others.
    fn read<'de, A: SeqAccess<'de>>(&mut self, depth: usize, mut items: A) -> Result<(), A::Error> {
        if self.ndim.is_some_and(|ndim| depth >= ndim) {
            return Err(ragged());
        }
        if depth >= MAX_DIMS {
            let message = format!("an array has at most {MAX_DIMS} dimensions");
            return Err(de::Error::custom(message));
        }
        if self.dims.len() == depth {
            self.dims.push(None);
        }
        let mut len = 0;
        while items
            .next_element_seed(Item {
                lists: self,
                depth: depth + 1,
            })?
            .is_some()
        {
            len += 1;
        }
        match self.dims[depth].replace(len) {
            Some(other) if other != len => Err(ragged()),
            _ => Ok(()),
        }
    }

    /// Takes a number that is inside of `depth` lists.
    fn take<E: de::Error>(&mut self, depth: usize, element: T) -> Result<(), E> {
        if self.dims.len() > depth || self.ndim.is_some_and(|ndim| ndim != depth) {
            return Err(ragged());
        }
        self.ndim = Some(depth);
        self.elements.push(element);
        Ok(())
    }

    fn finish<E: de::Error>(self) -> Result<Array<T>, E> {
        let dims: Vec<usize> = self.dims.into_iter().flatten().collect();
        Array::new(dims, self.elements).map_err(|_| ragged())
    }
}

#[cold]
fn ragged<E: de::Error>() -> E {
    E::custom("lists of different lengths or depths are no array")
}

/// A number, or a list inside of that many.
struct Item<'a, T> {
    lists: &'a mut Lists<T>,
    depth: usize,
}

impl<'de, T: Element> DeserializeSeed<'de> for Item<'_, T> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Element> Visitor<'de> for Item<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::TYPE.name())
    }
    fn visit_u64<E: de::Error>(self, it: u64) -> Result<(), E> {
        let element = whole(it.into(), Unexpected::Unsigned(it), &self)?;
        self.lists.take(self.depth, element)
    }
    fn visit_i64<E: de::Error>(self, it: i64) -> Result<(), E> {
        let element = whole(it.into(), Unexpected::Signed(it), &self)?;
        self.lists.take(self.depth, element)
    }
    fn visit_i128<E: de::Error>(self, it: i128) -> Result<(), E> {
        let element = whole(it, Unexpected::Other("a larger integer"), &self)?;
        self.lists.take(self.depth, element)
    }
    fn visit_f64<E: de::Error>(self, it: f64) -> Result<(), E> {
        // A language without integers sends a whole number as a float.
        if !T::TYPE.is_float() && it.trunc() == it && it.abs() < 9.1e18 {
            return self.visit_i64(it as i64);
        }
        let element =
            T::from_float(it).ok_or_else(|| E::invalid_type(Unexpected::Float(it), &self))?;
        self.lists.take(self.depth, element)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        self.lists.read(self.depth, items)
    }
}

fn whole<T: Element, E: de::Error>(
    number: i128,
    got: Unexpected<'_>,
    expected: &dyn de::Expected,
) -> Result<T, E> {
    T::from_int(number).ok_or_else(|| E::invalid_value(got, expected))
}

/// A number that is read as an element.
struct Number<T>(T);

impl<'de, T: Element> Deserialize<'de> for Number<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut lists = Lists::new();
        let item = Item {
            lists: &mut lists,
            depth: 0,
        };
        deserializer.deserialize_any(item)?;
        match lists.elements.pop() {
            Some(number) if lists.dims.is_empty() => Ok(Number(number)),
            _ => Err(de::Error::custom("a number is expected here")),
        }
    }
}
