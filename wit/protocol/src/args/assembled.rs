//! Arguments put together one after another, for what a tuple can not say: some are left out, some go by name.

use serde::Serialize;

use super::{IntoArgs, Writer};
use crate::codec::Encoder;
use crate::{Error, Item, Parcel, Result, Value};

/// Arguments on their way out, in the order of the parameters; made by the code that `#[proxy]` writes.
///
/// They go by place until one is left out, or until the rest has been given; those after it go by name. What is wrong
/// with one is told when all of them are turned into a parcel.
#[doc(hidden)]
#[derive(Default)]
pub struct Assembled {
    /// The positional arguments, then names and values of the others; the heads are written last.
    written: Parcel,
    /// Where the names begin.
    positional_end: usize,
    positional: usize,
    names: Vec<String>,
    left_out: Option<&'static str>,
    /// What follows can only be given by name.
    by_name: bool,
    error: Option<Error>,
}

/// What can name a keyword argument.
#[doc(hidden)]
pub trait Keyword {
    /// The name; `None` when it is no text.
    fn keyword(&self) -> Option<&str>;
}

impl Keyword for str {
    fn keyword(&self) -> Option<&str> {
        Some(self)
    }
}

impl Keyword for String {
    fn keyword(&self) -> Option<&str> {
        Some(self)
    }
}

impl Keyword for Value {
    fn keyword(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<T: Keyword + ?Sized> Keyword for &T {
    fn keyword(&self) -> Option<&str> {
        T::keyword(self)
    }
}

impl Assembled {
    /// None yet.
    pub fn new() -> Assembled {
        Assembled::default()
    }

    /// An argument that is given.
    #[must_use]
    pub fn one<T: Serialize + ?Sized>(mut self, name: &'static str, value: &T) -> Self {
        let result = match self.by_name {
            true => self.write_keyword(name, value),
            false => self.write_positional(value),
        };
        self.note(result)
    }

    /// An argument that is left out when it is `None`.
    #[must_use]
    pub fn optional<T: Serialize>(mut self, name: &'static str, value: &Option<T>) -> Self {
        match value {
            Some(value) => self.one(name, value),
            None => {
                self.left_out.get_or_insert(name);
                self.by_name = true;
                self
            }
        }
    }

    /// More positional arguments, which no parameter names.
    #[must_use]
    pub fn rest<I>(mut self, name: &'static str, values: I) -> Self
    where
        I: IntoIterator<Item: Serialize>,
    {
        for value in values {
            let result = match self.left_out {
                Some(left_out) => Err(Error::type_error(format!(
                    "argument `{left_out}` is left out, so those of `{name}` would take its place: give it too"
                ))),
                None => self.write_positional(&value),
            };
            self = self.note(result);
        }
        self.by_name = true;
        self
    }

    /// Keyword arguments that no parameter names.
    #[must_use]
    pub fn keywords<I, N, T>(mut self, named: I) -> Self
    where
        I: IntoIterator<Item = (N, T)>,
        N: Keyword,
        T: Serialize,
    {
        for (name, value) in named {
            let result = match name.keyword() {
                Some(name) => self.write_keyword(name, &value),
                None => Err(Error::type_error("the name of a keyword argument is text")),
            };
            self = self.note(result);
        }
        self
    }

    fn write_positional<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        Writer(Encoder::new(&mut self.written)).positional(self.positional, value)?;
        self.positional += 1;
        self.positional_end = self.written.item.len();
        Ok(())
    }

    fn write_keyword<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        if self.names.iter().any(|known| known == name) {
            return Err(Error::type_error(format!(
                "argument `{}` is given twice, once among the keywords",
                name.escape_debug()
            )));
        }
        self.names.push(name.to_owned());
        Writer(Encoder::new(&mut self.written)).keyword(name, value)
    }

    /// Keeps the first error.
    fn note(mut self, result: Result<()>) -> Self {
        if let Err(error) = result {
            self.error.get_or_insert(error);
        }
        self
    }
}

impl IntoArgs for Assembled {
    fn into_parcel(self) -> Result<Parcel> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let written = self.written.item;
        let (positional, named) = written.split_at(self.positional_end);
        let mut parcel = Parcel {
            item: Item::new(),
            objects: self.written.objects,
            buffers: self.written.buffers,
        };
        // The heads of the lists and of the map come to no more.
        parcel.item.reserve(written.len() + 16);
        let mut heads = Encoder::new(&mut parcel);
        heads.begin_list(if self.names.is_empty() { 1 } else { 2 });
        heads.begin_list(self.positional);
        parcel.item.extend_from_slice(positional);
        if !self.names.is_empty() {
            Encoder::new(&mut parcel).begin_map(self.names.len());
            parcel.item.extend_from_slice(named);
        }
        Ok(parcel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bytes, Kind, Map, args};

    #[track_caller]
    fn same(assembled: Assembled, written: impl IntoArgs) {
        let (one, other) = (assembled.into_parcel(), written.into_parcel());
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(one.item, other.item);
        assert_eq!(one.buffers, other.buffers);
    }

    #[test]
    fn arguments_go_by_place_until_one_is_left_out() {
        let none = None::<i64>;
        same(Assembled::new(), ());
        same(
            Assembled::new().one("a", "x").optional("b", &Some(2)),
            ("x", 2),
        );
        same(
            Assembled::new().optional("a", &none).optional("b", &none),
            (),
        );
        let skipped = Assembled::new().one("a", &1).optional("b", &none);
        same(
            skipped.one("c", &3).optional("d", &Some(4)),
            args!(1, c = 3, d = 4),
        );
    }

    #[test]
    fn what_follows_the_rest_goes_by_name() {
        let given = Assembled::new()
            .one("a", &1)
            .rest("more", [2, 3])
            .one("b", &4);
        let named: Map = [("c".into(), 5.into())].into_iter().collect();
        same(given.keywords(&named), args!(1, 2, 3, b = 4, c = 5));
        same(Assembled::new().rest("more", Vec::<i64>::new()), ());
    }

    #[test]
    fn many_arguments_and_large_ones_have_longer_heads() {
        let bytes = Bytes::from(vec![7; 5000]);
        let given = Assembled::new().one("a", &bytes).rest("more", 0..400);
        let parcel = given.keywords([("b", &bytes)]).into_parcel().unwrap();
        assert_eq!(parcel.buffers, [bytes.clone(), bytes]);
        let (positional, named): (Vec<Value>, Map) = parcel.decode().unwrap();
        assert_eq!((positional.len(), named.len()), (401, 1));
    }

    #[track_caller]
    fn refused(assembled: Assembled, words: &str) {
        let error = assembled.into_parcel().unwrap_err();
        assert_eq!(error.kind(), Kind::TypeError);
        assert!(error.message().contains(words), "{error}");
    }

    #[test]
    fn what_has_no_place_or_two_is_refused() {
        let left_out = Assembled::new().optional("by", &None::<i64>);
        refused(left_out.rest("more", [1]), "`by` is left out");
        let twice = Assembled::new().rest("more", [0; 0]).one("by", &1);
        refused(twice.keywords([("by", 2)]), "`by` is given twice");
        let named: Map = [(1.into(), 2.into())].into_iter().collect();
        refused(Assembled::new().keywords(&named), "is text");
    }
}
