//! Argument lists on their way out: tuples and [`args!`](crate::args).

use serde::Serialize;

use crate::codec::{CodecError, Encoder};
use crate::{Error, Parcel, Result, Value};

mod arrived;
mod assembled;
mod bound;

pub use arrived::Args;
pub use assembled::Assembled;
pub use bound::Bound;

/// What can stand for the arguments of a call: a tuple (`()`, `(1,)`, `(1, "two")`), [`args!`](crate::args) when
/// there are keyword arguments, [`DynArgs`] when their number is not known before.
///
/// ```
/// # use locum_protocol::{IntoArgs, Proxy, Result, args};
/// /// Calls, and says so.
/// fn noted(object: &Proxy, name: &str, args: impl IntoArgs) -> Result<()> {
///     println!("{name} of {object:?}");
///     object.call(name, args)
/// }
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let list = plugin.transfer(&vec![2, 1])?;
/// noted(&list, "append", (3,))?;
/// noted(&list, "sort", args!(reverse = true))?;
/// assert_eq!(list.value::<Vec<i64>>()?, [3, 2, 1]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
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
///
/// ```
/// # use locum_protocol::{Args, args};
/// let arguments = args!(1, "two", by = 3);
/// let arrived = Args::local(arguments)?;
/// assert_eq!(arrived.len(), 2); // the positional ones
/// # Ok::<(), locum_protocol::Error>(())
/// ```
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
        let mut parcel = Parcel::default();
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
///
/// ```
/// # use locum_protocol::DynArgs;
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let list = plugin.transfer(&vec![1, 3, 2])?;
/// let typed_in = DynArgs {
///     positional: vec![],
///     keywords: vec![("reverse".into(), true.into())],
/// };
/// list.call::<()>("sort", typed_in)?;
/// assert_eq!(list.value::<Vec<i64>>()?, [3, 2, 1]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
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
///
/// ```
/// # use locum_protocol::args;
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let list = plugin.transfer(&vec![1, 3, 2])?;
/// list.call::<()>("sort", args!(reverse = true))?;
/// list.call::<()>("insert", args!(0, 4))?; // the same as (0, 4)
/// assert_eq!(list.value::<Vec<i64>>()?, [4, 3, 2, 1]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
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
