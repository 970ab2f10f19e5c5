//! What the code that the macros write reaches for. Not for anyone else: it changes without notice.
//!
//! How a result is turned into an [`Outcome`] is chosen by what its type can do: `(&&&Tagged(&value)).kind()` finds the
//! first of the traits below that the type has (method look-up tries fewer references last), as `anyhow!` does.

use std::error::Error as StdError;
use std::fmt::Display;

pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use crate::args::{Assembled, Bound};
pub use crate::describe::{AttributeInfo, ClassInfo, FunctionInfo, ModuleInfo, ParamInfo, Takes};
pub use std::borrow::Cow;

use crate::{Class, Error, Items, Kind, Outcome, Parcel, Proxy, Result, Shared};

/// A look at a value, for choosing.
pub struct Tagged<'a, T>(pub &'a T);

// ---- results ----

/// Goes by proxy, or decides for itself.
pub trait IntoOutcome {
    #[doc(hidden)]
    fn into_outcome(self) -> Result<Outcome>;
}

impl<T: Class> IntoOutcome for T {
    fn into_outcome(self) -> Result<Outcome> {
        Ok(Outcome::Object(Shared::new(self).proxy()))
    }
}

impl<T: Class> IntoOutcome for Shared<T> {
    fn into_outcome(self) -> Result<Outcome> {
        Ok(Outcome::Object(self.proxy()))
    }
}

impl<T: Class> IntoOutcome for Option<T> {
    fn into_outcome(self) -> Result<Outcome> {
        match self {
            Some(object) => object.into_outcome(),
            None => Outcome::data(&()),
        }
    }
}

impl<T: Class> IntoOutcome for Vec<T> {
    fn into_outcome(self) -> Result<Outcome> {
        let objects: Vec<Proxy> = self
            .into_iter()
            .map(|object| Shared::new(object).proxy())
            .collect();
        Outcome::data(&objects)
    }
}

impl<T: Class> IntoOutcome for Option<Shared<T>> {
    fn into_outcome(self) -> Result<Outcome> {
        match self {
            Some(object) => object.into_outcome(),
            None => Outcome::data(&()),
        }
    }
}

impl IntoOutcome for Option<Proxy> {
    fn into_outcome(self) -> Result<Outcome> {
        match self {
            Some(object) => object.into_outcome(),
            None => Outcome::data(&()),
        }
    }
}

impl IntoOutcome for Proxy {
    fn into_outcome(self) -> Result<Outcome> {
        Ok(Outcome::Object(self))
    }
}

impl<T> IntoOutcome for Items<T> {
    fn into_outcome(self) -> Result<Outcome> {
        Ok(Outcome::Object(self.proxy()))
    }
}

impl IntoOutcome for Outcome {
    fn into_outcome(self) -> Result<Outcome> {
        Ok(self)
    }
}

pub struct ByProxy;
pub struct ByValue;
pub struct Neither;

pub trait ProxyKind {
    fn kind(&self) -> ByProxy {
        ByProxy
    }
}
impl<T: IntoOutcome> ProxyKind for &&Tagged<'_, T> {}

pub trait ValueKind {
    fn kind(&self) -> ByValue {
        ByValue
    }
}
impl<T: Serialize> ValueKind for &Tagged<'_, T> {}

pub trait NeitherKind {
    fn kind(&self) -> Neither {
        Neither
    }
}
impl<T> NeitherKind for Tagged<'_, T> {}

impl ByProxy {
    #[inline]
    pub fn outcome<T: IntoOutcome>(self, value: T) -> Result<Outcome> {
        value.into_outcome()
    }
}

impl ByValue {
    #[inline]
    pub fn outcome<T: Serialize>(self, value: T) -> Result<Outcome> {
        Outcome::data(&value)
    }
}

/// What a method may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can not be returned to the other side",
    label = "this is what the method returns",
    note = "derive `serde::Serialize` for it to travel as data, or write `#[object]` on an `impl` block to leave it here \
            and send a proxy; wrap an iterator in `Items::new(..)`"
)]
pub trait Returnable {}

impl Neither {
    pub fn outcome<T: Returnable>(self, _: T) -> Result<Outcome> {
        Err(Error::new(
            Kind::NotTransferable,
            "a result that can not travel",
        ))
    }
}

// ---- errors ----

pub struct Ours;
pub struct Chained;
pub struct Standard;
pub struct Shown;
pub struct Unknown;

pub trait OursKind {
    fn error_kind(&self) -> Ours {
        Ours
    }
}
impl<T: Into<Error>> OursKind for &&&&Tagged<'_, T> {}

pub trait ChainedKind {
    fn error_kind(&self) -> Chained {
        Chained
    }
}
/// `anyhow::Error` and boxed errors are no `std::error::Error` themselves, but refer to one.
impl<T: AsRef<dyn StdError + Send + Sync>> ChainedKind for &&&Tagged<'_, T> {}

pub trait StandardKind {
    fn error_kind(&self) -> Standard {
        Standard
    }
}
impl<T: StdError + 'static> StandardKind for &&Tagged<'_, T> {}

pub trait ShownKind {
    fn error_kind(&self) -> Shown {
        Shown
    }
}
impl<T: Display> ShownKind for &Tagged<'_, T> {}

pub trait UnknownKind {
    fn error_kind(&self) -> Unknown {
        Unknown
    }
}
impl<T> UnknownKind for Tagged<'_, T> {}

impl Ours {
    pub fn error<E: Into<Error>>(self, error: E) -> Error {
        error.into()
    }
}

impl Chained {
    pub fn error<E: AsRef<dyn StdError + Send + Sync>>(self, error: E) -> Error {
        let top: &(dyn StdError + Send + Sync) = error.as_ref();
        from_chain(top, "Error".to_owned())
    }
}

impl Standard {
    pub fn error<E: StdError + 'static>(self, error: E) -> Error {
        from_chain(&error, short_type_name::<E>())
    }
}

impl Shown {
    pub fn error<E: Display>(self, error: E) -> Error {
        Error::raise("Error", error.to_string())
    }
}

/// What the error of a method's `Result` may be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can not be the error of a method",
    label = "this is the error type of the method",
    note = "any `std::error::Error` will do, `anyhow::Error`, or a type that implements `Display`"
)]
pub trait Raisable {}

impl Unknown {
    pub fn error<E: Raisable>(self, _: E) -> Error {
        Error::raise("Error", "an error without a text")
    }
}

/// The error and its causes. Where one of Locum's is among them, it keeps its kind, under the words that were put on it.
fn from_chain(top: &(dyn StdError + 'static), type_name: String) -> Error {
    let mut error = Error::raise(type_name, top.to_string());
    let mut cause = Some(top);
    let mut first = true;
    while let Some(current) = cause {
        if let Some(ours) = current.downcast_ref::<Error>() {
            let mut kept = ours.clone();
            if !first {
                kept = kept.map_message(|message| format!("{top}: {message}"));
            }
            return kept;
        }
        if !first {
            error = error.at(format!("caused by: {current}"));
        }
        first = false;
        cause = current.source();
    }
    error
}

/// `ParseIntError`, from `core::num::error::ParseIntError`.
fn short_type_name<T>() -> String {
    let full = std::any::type_name::<T>();
    let path = full.split('<').next().unwrap_or(full);
    path.rsplit("::").next().unwrap_or(path).to_owned()
}

// ---- attributes ----

/// Decodes the value of a setter.
pub fn set<'a, T: serde::Deserialize<'a>>(owner: &str, name: &str, value: &'a Parcel) -> Result<T> {
    value
        .decode_borrowed()
        .map_err(|error| error.map_message(|message| format!("{owner}.{name}: {message}")))
}
