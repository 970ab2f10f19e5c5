//! What a peer can serve: anything that answers `get`, `set` and `call`.

use std::any::Any;
use std::sync::Arc;

use crate::describe::ClassInfo;
use crate::ops::{Arithmetic, closest};
use crate::{Args, Error, Kind, Parcel, Proxy, Result};

/// An object, shared between whoever made it and the peers that it is lent to.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::{Data, ObjectRef, Proxy};
/// let object: ObjectRef = Arc::new(Data::new("text".into()));
/// assert_eq!(object.type_name(), "text");
/// let proxy = Proxy::local(object.clone()); // lent to whoever gets it
/// assert_eq!(proxy.len()?, 4);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub type ObjectRef = Arc<dyn Object>;

/// Anything that answers `get`, `set` and `call`. `#[object]` implements it for a Rust type, [`callback`] for a
/// closure; implement it by hand for objects whose attributes are only known at run time.
///
/// [`callback`]: crate::callback
///
/// ```
/// # use std::any::Any;
/// # use std::sync::Arc;
/// # use locum_protocol::{Args, Error, Object, Outcome, Proxy, Result};
/// /// Answers any method with its name.
/// struct Echo;
///
/// impl Object for Echo {
///     fn type_name(&self) -> &str {
///         "Echo"
///     }
///     fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
///         Outcome::data(&(name, args.len()))
///     }
///     fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
///         self
///     }
/// }
///
/// let echo = Proxy::local(Arc::new(Echo));
/// assert_eq!(echo.call::<(String, u8)>("whatever", (1, 2))?, ("whatever".to_owned(), 2));
/// assert!(echo.get::<i64>("whatever").is_err()); // only `call` was written
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub trait Object: Any + Send + Sync {
    /// The name that a proxy shows for the object's type.
    fn type_name(&self) -> &str;

    /// Calls a method; the empty name calls the object itself.
    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome>;

    /// Reads an attribute.
    fn get(self: Arc<Self>, name: &str) -> Result<Outcome> {
        Err(no_attribute(self.type_name(), name, []))
    }

    /// Writes an attribute.
    fn set(self: Arc<Self>, name: &str, _value: Parcel) -> Result<()> {
        Err(no_attribute(self.type_name(), name, []))
    }

    /// The object as plain data, if it has such a form.
    fn value(self: Arc<Self>) -> Result<Parcel> {
        Err(not_transferable(self.type_name()))
    }

    /// What it can do.
    fn describe(&self) -> ClassInfo {
        ClassInfo {
            name: self.type_name().to_owned().into(),
            ..ClassInfo::default()
        }
    }

    /// For the way back to the Rust type: `Arc<dyn Any>::downcast`.
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

/// The result of a method, before the reply mode decides how it travels.
///
/// ```
/// # use locum_protocol::{Data, Outcome};
/// # use std::sync::Arc;
/// let data = Outcome::data(&[1, 2])?;
/// assert!(matches!(data, Outcome::Data(_))); // its reader gets a copy
/// let object = Outcome::object(Arc::new(Data::new("text".into())));
/// assert!(matches!(object, Outcome::Object(_))); // its reader gets a proxy
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Debug)]
pub enum Outcome {
    /// Plain data, perhaps with objects somewhere in it.
    Data(Parcel),
    /// A live object.
    Object(Proxy),
}

impl Outcome {
    /// Data.
    pub fn data<T: serde::Serialize + ?Sized>(value: &T) -> Result<Outcome> {
        Parcel::encode(value).map(Outcome::Data)
    }

    /// The same outcome; data that is an object and nothing else, as a method that returns any value may have
    /// returned, becomes that object.
    pub(crate) fn normal(self) -> Outcome {
        match self {
            Outcome::Data(parcel) => match parcel.as_object() {
                Some(proxy) => Outcome::Object(proxy.clone()),
                None => Outcome::Data(parcel),
            },
            object => object,
        }
    }

    /// An object that lives here.
    pub fn object(object: ObjectRef) -> Outcome {
        Outcome::Object(Proxy::local(object))
    }
}

#[cold]
pub(crate) fn not_transferable(type_name: &str) -> Error {
    Error::new(
        Kind::NotTransferable,
        format!(
            "`{type_name}` has no value form, so it can not be copied; keep its proxy, or give it `#[value]`"
        ),
    )
}

/// The error for a name that an object does not have, with advice.
#[cold]
pub(crate) fn no_attribute<'a>(
    type_name: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Error {
    let mut shown = name.chars().take(80).collect::<String>();
    if shown.len() < name.len() {
        shown.push_str("...");
    }
    let shown = shown.escape_debug().to_string();
    if name.is_empty() {
        return Error::no_attribute(format!(
            "`{type_name}` can not be called; call one of its methods"
        ));
    }
    let advice = match closest(name, known) {
        Some(known) => format!("; did you mean `{known}`?"),
        None => String::new(),
    };
    Error::no_attribute(format!("`{type_name}` has no attribute `{shown}`{advice}"))
}

/// A method taken from its object: `get` of a method's name gives one, to be called with an empty path.
pub(crate) struct Method {
    object: ObjectRef,
    name: String,
    shown: String,
}

impl Method {
    pub(crate) fn bind(object: ObjectRef, name: &str) -> Outcome {
        let shown = format!("{}.{name}", object.type_name());
        Outcome::object(Arc::new(Method {
            object,
            name: name.to_owned(),
            shown,
        }))
    }
}

impl Object for Method {
    fn type_name(&self) -> &str {
        &self.shown
    }

    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        match name {
            "" | "__call__" => self.object.clone().call(&self.name, args),
            "__str__" | "__repr__" => Outcome::data(&format!("<method {}>", self.shown)),
            name => special_or_missing(&(self as ObjectRef), name, &args, []),
        }
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

/// What every object answers although it does not say how: its text, identity, and what follows from other methods.
pub(crate) fn special_or_missing<'a>(
    object: &ObjectRef,
    name: &str,
    args: &Args,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Result<Outcome> {
    let has = |wanted: &str| known.clone().into_iter().any(|name| name == wanted);
    match name {
        "__str__" if has("__repr__") => object.clone().call("__repr__", Args::local(())?),
        "__repr__" if has("__str__") => object.clone().call("__str__", Args::local(())?),
        "__str__" | "__repr__" => Outcome::data(&format!("<{}>", object.type_name())),
        "__eq__" => {
            let (other,): (crate::Value,) = args.parse()?;
            let same = matches!(&other, crate::Value::Object(proxy) if proxy.is_object(object));
            Outcome::data(&same)
        }
        "__ne__" => {
            let equal = object
                .clone()
                .call("__eq__", Args::local(args.to_dyn()?)?)?;
            match equal {
                Outcome::Data(parcel) => Outcome::data(&!parcel.decode::<bool>()?),
                other => Ok(other),
            }
        }
        "__bool__" if has("__len__") => match object.clone().call("__len__", Args::local(())?)? {
            Outcome::Data(parcel) => Outcome::data(&(parcel.decode::<u64>()? != 0)),
            other => Ok(other),
        },
        "__bool__" => Outcome::data(&true),
        // The names of Python 2, which old code calls by.
        "next" | "__div__" | "__rdiv__" | "__idiv__" if has(renamed(name)) => object
            .clone()
            .call(renamed(name), Args::local(args.to_dyn()?)?),
        "__getslice__" if has("__getitem__") => {
            let (start, stop): (Option<i64>, Option<i64>) = args.parse()?;
            object.clone().call(
                "__getitem__",
                Args::local((crate::Slice {
                    start,
                    stop,
                    step: None,
                },))?,
            )
        }
        "__getattr__" => {
            let (name,): (String,) = args.parse()?;
            object.clone().get(&name)
        }
        "__setattr__" => {
            let (name, value): (String, crate::Value) = args.parse()?;
            object.clone().set(&name, Parcel::encode(&value)?)?;
            Outcome::data(&())
        }
        name => match Arithmetic::from_in_place(name) {
            Some(op) if has(op.special()) => Err(not_in_place(object.type_name(), op)),
            _ => Err(no_attribute(object.type_name(), name, known)),
        },
    }
}

/// The error for an operator in place where only its result can be had: a proxy has nothing to bind to it.
#[cold]
fn not_in_place(type_name: &str, op: Arithmetic) -> Error {
    let (symbol, in_place) = (op.symbol(), op.in_place());
    Error::no_attribute(format!(
        "`{type_name}` has no `{in_place}`, so `{symbol}=` can not change it; use the result of `{symbol}`, or give the \
         class `{in_place}`"
    ))
}

fn renamed(name: &str) -> &'static str {
    match name {
        "__div__" => "__truediv__",
        "__rdiv__" => "__rtruediv__",
        "__idiv__" => "__itruediv__",
        _ => "__next__",
    }
}
