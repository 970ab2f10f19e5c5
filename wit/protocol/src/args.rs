//! Argument lists: tuples and [`args!`](crate::args) on the way out, [`Args`] on the way in.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::codec::{CodecError, Decoder, Encoder};
use crate::describe::{FunctionInfo, Takes};
use crate::ops::closest;
use crate::{Error, Kind, Limits, Map, Parcel, Result, Value};

/// What can stand for the arguments of a call: a tuple (`()`, `(1,)`, `(1, "two")`), [`args!`](crate::args) when
/// there are keyword arguments, [`DynArgs`] when their number is not known before.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of arguments",
    label = "expected a tuple such as `(1,)` or `args!(1, by = 2)`",
    note = "arguments are always a tuple, so that a tuple can be an argument too: `(value,)` passes one"
)]
pub trait IntoArgs {
    /// The arguments as they travel: `[[positional...], {keyword: ...}]`, the map left out when empty.
    fn into_parcel(self) -> Result<Parcel>;
}

macro_rules! for_each_tuple {
    ($each:ident) => {
        $each!();
        $each!(A 0);
        $each!(A 0, B 1);
        $each!(A 0, B 1, C 2);
        $each!(A 0, B 1, C 2, D 3);
        $each!(A 0, B 1, C 2, D 3, E 4);
        $each!(A 0, B 1, C 2, D 3, E 4, F 5);
        $each!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
        $each!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
        $each!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
        $each!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
        $each!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
        $each!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
    };
}
pub(crate) use for_each_tuple;

/// Values of a tuple, one item each.
#[doc(hidden)]
pub trait Positional {
    const LEN: usize;
    #[doc(hidden)]
    fn write(&self, writer: &mut Writer<'_>) -> Result<()>;
}

/// Pairs of a name and a value, two items each.
#[doc(hidden)]
pub trait Keywords {
    const LEN: usize;
    #[doc(hidden)]
    fn write(&self, writer: &mut Writer<'_>) -> Result<()>;
}

/// Where argument lists are written.
#[doc(hidden)]
pub struct Writer<'p>(Encoder<'p>);

impl Writer<'_> {
    fn positional<T: Serialize + ?Sized>(&mut self, index: usize, value: &T) -> Result<()> {
        let written = value.serialize(&mut self.0);
        written.map_err(|error: CodecError| {
            Error::from(error).map_message(|m| format!("argument {}: {m}", index + 1))
        })
    }

    fn keyword<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        self.0.text(name);
        let written = value.serialize(&mut self.0);
        written.map_err(|error: CodecError| {
            Error::from(error).map_message(|m| format!("argument `{name}`: {m}"))
        })
    }
}

/// The usual argument list, which is small, needs one allocation.
const USUAL_BYTES: usize = 32;

macro_rules! tuple {
    ($($T:ident $n:tt),*) => {
        impl<$($T: Serialize),*> Positional for ($($T,)*) {
            const LEN: usize = <[()]>::len(&[$({ let _ = $n; }),*]);
            fn write(&self, _writer: &mut Writer<'_>) -> Result<()> {
                $(_writer.positional($n, &self.$n)?;)*
                Ok(())
            }
        }
        impl<$($T: Serialize),*> Keywords for ($((&str, $T),)*) {
            const LEN: usize = <($($T,)*) as Positional>::LEN;
            fn write(&self, _writer: &mut Writer<'_>) -> Result<()> {
                $(_writer.keyword(self.$n.0, &self.$n.1)?;)*
                Ok(())
            }
        }
        impl<$($T: Serialize),*> IntoArgs for ($($T,)*) {
            fn into_parcel(self) -> Result<Parcel> {
                Arguments::new(self, ()).into_parcel()
            }
        }
    };
}

for_each_tuple!(tuple);

/// Positional and keyword arguments, as [`args!`](crate::args) makes them.
#[derive(Clone, Debug)]
pub struct Arguments<P, K> {
    positional: P,
    keywords: K,
}

impl<P, K> Arguments<P, K> {
    #[doc(hidden)]
    pub fn new(positional: P, keywords: K) -> Self {
        Arguments {
            positional,
            keywords,
        }
    }
}

impl<P: Positional, K: Keywords> IntoArgs for Arguments<P, K> {
    fn into_parcel(self) -> Result<Parcel> {
        let mut parcel = Parcel {
            item: Vec::with_capacity(USUAL_BYTES),
            ..Parcel::default()
        };
        let mut writer = Writer(Encoder::new(&mut parcel));
        writer.0.begin_list(if K::LEN == 0 { 1 } else { 2 });
        writer.0.begin_list(P::LEN);
        self.positional.write(&mut writer)?;
        if K::LEN > 0 {
            writer.0.begin_map(K::LEN);
            self.keywords.write(&mut writer)?;
        }
        Ok(parcel)
    }
}

/// Arguments whose number and names are known at run time only.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DynArgs {
    /// Positional arguments.
    pub positional: Vec<Value>,
    /// Keyword arguments.
    pub keywords: Vec<(String, Value)>,
}

impl IntoArgs for DynArgs {
    fn into_parcel(self) -> Result<Parcel> {
        let mut parcel = Parcel::default();
        let mut writer = Writer(Encoder::new(&mut parcel));
        writer
            .0
            .begin_list(if self.keywords.is_empty() { 1 } else { 2 });
        writer.0.begin_list(self.positional.len());
        for (index, value) in self.positional.iter().enumerate() {
            writer.positional(index, value)?;
        }
        if !self.keywords.is_empty() {
            writer.0.begin_map(self.keywords.len());
            for (name, value) in &self.keywords {
                writer.keyword(name, value)?;
            }
        }
        Ok(parcel)
    }
}

/// Arguments with keywords: `args!(1, "two", by = 3)`. Positional ones come first.
#[macro_export]
macro_rules! args {
    ($($all:tt)*) => { $crate::__args!(@ () () $($all)*) };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __args {
    (@ ($($p:expr,)*) ($(($n:expr, $v:expr),)*)) => {
        $crate::Arguments::new(($($p,)*), ($(($n, $v),)*))
    };
    (@ ($($p:expr,)*) ($(($n:expr, $v:expr),)*) $name:ident = $value:expr $(, $($rest:tt)*)?) => {
        $crate::__args!(@ ($($p,)*) ($(($n, $v),)* (::core::stringify!($name), $value),) $($($rest)*)?)
    };
    (@ ($($p:expr,)*) () $value:expr $(, $($rest:tt)*)?) => {
        $crate::__args!(@ ($($p,)* $value,) () $($($rest)*)?)
    };
    (@ ($($p:expr,)*) ($($k:tt)+) $value:expr $(, $($rest:tt)*)?) => {
        ::core::compile_error!("positional arguments come before keyword arguments")
    };
}

/// Arguments that arrived, read as the parameters ask for them.
#[derive(Debug)]
pub struct Args {
    parcel: Parcel,
    /// Where the list of positional arguments begins.
    list: usize,
    /// Where the first of them begins.
    start: usize,
    /// How many positional arguments there are.
    count: usize,
    keywords: Vec<Keyword>,
}

#[derive(Debug)]
struct Keyword {
    name: Range<usize>,
    value: usize,
}

impl Args {
    /// Reads the frame of an argument list, which has been checked or was made here: where its parts are.
    pub(crate) fn new(parcel: Parcel, limits: &Limits) -> Result<Args> {
        let total = parcel.item.len();
        let mut decoder = parcel.decoder();
        let parts = frame(decoder.list())?;
        if !decoder.more(parts, 0) {
            return Err(no_frame());
        }
        let list = total - decoder.rest().len();
        let len = frame(decoder.list())?;
        let start = total - decoder.rest().len();
        let mut keywords = Vec::new();
        let count = match (parts, len) {
            (Some(1), Some(count)) => count,
            _ => {
                let mut count = 0;
                while decoder.more(len, count) {
                    decoder.skip_item()?;
                    count += 1;
                }
                if decoder.more(parts, 1) {
                    keywords = read_keywords(&mut decoder, total, limits)?;
                    if decoder.more(parts, 2) {
                        return Err(no_frame());
                    }
                }
                count
            }
        };
        Ok(Args {
            parcel,
            list,
            start,
            count,
            keywords,
        })
    }

    /// Arguments made here, for a call that does not cross.
    pub fn local(args: impl IntoArgs) -> Result<Args> {
        Args::new(args.into_parcel()?, &Limits::default())
    }

    /// How many positional arguments there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no arguments, positional or by keyword.
    pub fn is_empty(&self) -> bool {
        self.count == 0 && self.keywords.is_empty()
    }

    /// All of them as values, for an object that takes whatever comes.
    pub fn to_dyn(&self) -> Result<DynArgs> {
        let mut decoder = self.at(self.start);
        let positional = (0..self.count)
            .map(|_| Ok(Value::deserialize(&mut decoder)?))
            .collect::<Result<_>>()?;
        let keyword = |k: &Keyword| {
            Ok((
                self.name(k).to_owned(),
                Value::deserialize(&mut self.at(k.value))?,
            ))
        };
        Ok(DynArgs {
            positional,
            keywords: self.keywords.iter().map(keyword).collect::<Result<_>>()?,
        })
    }

    /// The arguments for the parameters of a tuple of types, without names or defaults.
    pub fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        if !self.keywords.is_empty() {
            return Err(Error::type_error("no keyword arguments are taken here"));
        }
        // The positional arguments are one CBOR list, which is how a tuple reads.
        Ok(T::deserialize(&mut self.at(self.list))?)
    }

    /// Starts to read them for a function's parameters, in order.
    #[doc(hidden)]
    pub fn bind<'a>(
        &'a self,
        owner: &'static str,
        function: &'static FunctionInfo,
    ) -> Result<Bound<'a>> {
        Bound::new(self, owner, function)
    }

    pub(crate) fn into_parcel(self) -> Parcel {
        self.parcel
    }

    fn at(&self, offset: usize) -> Decoder<'_> {
        Decoder::new(
            &self.parcel.item[offset..],
            &self.parcel.objects,
            &self.parcel.buffers,
        )
    }

    fn name(&self, keyword: &Keyword) -> &str {
        std::str::from_utf8(&self.parcel.item[keyword.name.clone()]).unwrap_or("")
    }
}

fn frame<T>(read: std::result::Result<T, CodecError>) -> Result<T> {
    read.map_err(|_| no_frame())
}

#[cold]
fn no_frame() -> Error {
    Error::new(
        Kind::Decode,
        "arguments are `[[positional...]]` or `[[positional...], {keyword: ...}]`",
    )
}

fn read_keywords(decoder: &mut Decoder<'_>, total: usize, limits: &Limits) -> Result<Vec<Keyword>> {
    let len = frame(decoder.map())?;
    let mut keywords = Vec::new();
    while decoder.more(len, keywords.len()) {
        let name = frame(decoder.text())?;
        if name.len() > limits.name_bytes {
            return Err(Error::new(
                Kind::LimitExceeded,
                format!(
                    "a keyword of {} bytes; the limit is {} (Limits::name_bytes)",
                    name.len(),
                    limits.name_bytes
                ),
            ));
        }
        let value = total - decoder.rest().len();
        keywords.push(Keyword {
            name: value - name.len()..value,
            value,
        });
        decoder.skip_item()?;
    }
    Ok(keywords)
}

/// Arguments being read for the parameters of one function; made by the code that the macros write.
#[doc(hidden)]
pub struct Bound<'a> {
    args: &'a Args,
    owner: &'static str,
    function: &'static FunctionInfo,
    next: Decoder<'a>,
    /// Positional arguments that have been read.
    read: usize,
    /// Parameters that have been read.
    param: usize,
}

impl<'a> Bound<'a> {
    fn new(args: &'a Args, owner: &'static str, function: &'static FunctionInfo) -> Result<Self> {
        let bound = Bound {
            args,
            owner,
            function,
            next: args.at(args.start),
            read: 0,
            param: 0,
        };
        bound.refuse_surplus()?;
        Ok(bound)
    }

    fn refuse_surplus(&self) -> Result<()> {
        let params = &*self.function.params;
        let takes = |what| params.iter().any(|param| param.takes == what);
        if self.args.count > params.len() || params.iter().any(|param| param.takes != Takes::One) {
            let most = params
                .iter()
                .take_while(|param| param.takes == Takes::One)
                .count();
            if self.args.count > most && !takes(Takes::Rest) {
                return Err(self.surplus(most));
            }
        }
        for keyword in &self.args.keywords {
            let name = self.args.name(keyword);
            let known = params
                .iter()
                .position(|param| param.takes == Takes::One && param.name == name);
            match known {
                Some(index) if index < self.args.count && self.is_positional(index) => {
                    return Err(Error::type_error(format!(
                        "{}: argument `{name}` ({}) is given twice, by place and by name",
                        self.callee(),
                        index + 1
                    )));
                }
                None if !takes(Takes::Keywords) => return Err(self.unknown_keyword(name)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether a parameter may be given by place: none after `rest` may.
    fn is_positional(&self, index: usize) -> bool {
        self.function.params[..index]
            .iter()
            .all(|param| param.takes == Takes::One)
    }

    #[cold]
    fn surplus(&self, most: usize) -> Error {
        let plural = if most == 1 { "" } else { "s" };
        let fewer = self
            .function
            .params
            .iter()
            .any(|param| param.default.is_some());
        let most = match most {
            0 => "no".to_owned(),
            most if fewer => format!("at most {most}"),
            most => most.to_string(),
        };
        Error::type_error(format!(
            "{} takes {most} argument{plural}, got {}",
            self.callee(),
            self.args.count
        ))
    }

    #[cold]
    fn unknown_keyword(&self, name: &str) -> Error {
        let names = self
            .function
            .params
            .iter()
            .filter(|p| p.takes == Takes::One)
            .map(|param| &*param.name);
        let advice = match closest(name, names.clone()) {
            Some(known) => format!("; did you mean `{known}`?"),
            None if names.clone().next().is_none() => "; it takes none".to_owned(),
            None => format!(
                "; it has {}",
                names
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        };
        Error::type_error(format!(
            "{} has no argument `{}`{advice}",
            self.callee(),
            name.escape_debug()
        ))
    }

    fn callee(&self) -> String {
        match self.owner {
            "" => self.function.name.to_string(),
            owner => format!("{owner}.{}", self.function.name),
        }
    }

    fn find(&mut self) -> Option<Decoder<'a>> {
        let name = &self.function.params[self.param].name;
        let keyword = self
            .args
            .keywords
            .iter()
            .find(|keyword| self.args.name(keyword) == name)?;
        Some(self.args.at(keyword.value))
    }

    /// The next parameter's argument, if it was given.
    #[inline]
    fn given<T: Deserialize<'a>>(&mut self) -> Result<Option<T>> {
        let value = if self.read < self.args.count {
            self.read += 1;
            T::deserialize(&mut self.next)
        } else if self.args.keywords.is_empty() {
            return Ok(None);
        } else {
            match self.find() {
                Some(mut decoder) => T::deserialize(&mut decoder),
                None => return Ok(None),
            }
        };
        value.map(Some).map_err(|error| self.wrong(error))
    }

    #[cold]
    fn wrong(&self, error: CodecError) -> Error {
        let place = format!(
            "{}: argument `{}` ({})",
            self.callee(),
            self.function.params[self.param].name,
            self.param + 1
        );
        Error::from(error).map_message(|message| format!("{place}: {message}"))
    }

    /// The next parameter, which must be given.
    #[inline]
    pub fn required<T: Deserialize<'a>>(&mut self) -> Result<T> {
        match self.given()? {
            Some(value) => {
                self.param += 1;
                Ok(value)
            }
            None => Err(self.missing()),
        }
    }

    #[cold]
    fn missing(&self) -> Error {
        let param = &self.function.params[self.param];
        let wanted = if param.type_name.is_empty() {
            String::new()
        } else {
            format!(" ({})", param.type_name)
        };
        Error::type_error(format!(
            "{}: argument `{}`{wanted} is missing",
            self.callee(),
            param.name
        ))
    }

    /// The next parameter, or its default.
    #[inline]
    pub fn optional<T: Deserialize<'a>>(&mut self, default: impl FnOnce() -> T) -> Result<T> {
        let value = self.given()?;
        self.param += 1;
        Ok(value.unwrap_or_else(default))
    }

    /// All positional arguments that are left.
    pub fn rest<T: Deserialize<'a>>(&mut self) -> Result<Vec<T>> {
        let mut rest = Vec::new();
        while self.read < self.args.count {
            self.read += 1;
            rest.push(T::deserialize(&mut self.next).map_err(|error| self.wrong(error))?);
        }
        self.param += 1;
        Ok(rest)
    }

    /// All keyword arguments that no parameter took.
    pub fn keywords(&mut self) -> Result<Map> {
        let mut map = Map::new();
        for keyword in &self.args.keywords {
            let name = self.args.name(keyword);
            if self
                .function
                .params
                .iter()
                .any(|param| param.takes == Takes::One && param.name == name)
            {
                continue;
            }
            let value = Value::deserialize(&mut self.args.at(keyword.value))
                .map_err(|error| self.wrong(error))?;
            map.insert(Value::Text(name.to_owned()), value);
        }
        self.param += 1;
        Ok(map)
    }
}
