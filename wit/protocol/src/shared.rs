//! A Rust value served as an object: [`Shared`], and [`Class`], which `#[object]` implements.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::describe::ClassInfo;
use crate::guarded::{Guarded, Ref, RefMut};
use crate::object::{self, Method};
use crate::{Args, Error, Object, ObjectRef, Outcome, Parcel, Proxy, Result};

/// What `#[object]` writes for a type: how names become calls of Rust methods.
///
/// Not meant to be implemented by hand; implement [`Object`] for objects that decide at run time.
///
/// ```
/// # use locum_macros::object;
/// # use locum_protocol::{Class, Shared};
/// struct Counter(i64);
///
/// # /*
/// #[object]
/// # */
/// # #[object(crate = locum_protocol)]
/// impl Counter {
///     fn add(&mut self, by: i64) -> i64 {
///         self.0 += by;
///         self.0
///     }
/// }
///
/// fn told<T: Class>(_: &Shared<T>) -> usize {
///     T::INFO.methods.len()
/// }
/// assert_eq!(told(&Shared::new(Counter(0))), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an object",
    label = "write `#[object]` on an `impl {Self}` block to serve it through proxies"
)]
pub trait Class: Send + Sync + Sized + 'static {
    /// What the class tells about itself.
    const INFO: &'static ClassInfo;

    /// Calls a method by name. `None`: there is none of that name.
    #[doc(hidden)]
    fn dispatch(this: &Shared<Self>, name: &str, args: &Args) -> Option<Result<Outcome>>;

    /// Reads an attribute by name.
    #[doc(hidden)]
    fn read(this: &Shared<Self>, name: &str) -> Option<Result<Outcome>>;

    /// Writes an attribute by name.
    #[doc(hidden)]
    fn write(this: &Shared<Self>, name: &str, value: &Parcel) -> Option<Result<()>>;

    /// Calls the class itself (the empty name) or one of its associated functions.
    #[doc(hidden)]
    fn associated(name: &str, args: &Args) -> Option<Result<Outcome>>;

    /// The plain-data form.
    #[doc(hidden)]
    fn to_value(_this: &Shared<Self>) -> Result<Parcel> {
        Err(object::not_transferable(&Self::INFO.name))
    }
}

/// A value that lives here and is served as an object: what `Arc<RwLock<T>>` is, with a name.
///
/// A clone is another reference to the same object. As an argument of a method it takes only an object that lives in
/// this very program; as a result, or anywhere inside data, it goes by proxy.
///
/// ```
/// # use locum_macros::object;
/// # use locum_protocol::Shared;
/// # struct Counter(i64);
/// # #[object(crate = locum_protocol)]
/// # impl Counter { fn add(&mut self, by: i64) -> i64 { self.0 += by; self.0 } }
/// let counter = Shared::new(Counter(10));
/// let proxy = counter.proxy(); // for others
/// assert_eq!(proxy.call::<i64>("add", (5,))?, 15);
/// counter.borrow_mut()?.0 += 1; // here, as it is
/// assert_eq!(counter.borrow()?.0, 16);
/// let same = proxy.downcast::<Counter>().unwrap(); // one that comes home is the object itself
/// assert!(same.same_object(&counter));
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub struct Shared<T>(Arc<Guarded<T>>);

impl<T: Class> Shared<T> {
    /// Makes an object of a value.
    pub fn new(value: T) -> Shared<T> {
        Shared(Arc::new(Guarded::new(value)))
    }

    /// The value, to read. [`Busy`](crate::Kind::Busy) when a method that changes it is running further up the same
    /// chain of calls.
    pub fn borrow(&self) -> Result<Ref<'_, T>> {
        self.0.borrow(&T::INFO.name)
    }

    /// The value, to change. [`Busy`](crate::Kind::Busy) when any method of it is running further up the same chain.
    pub fn borrow_mut(&self) -> Result<RefMut<'_, T>> {
        self.0.borrow_mut(&T::INFO.name)
    }

    /// Whether both are the same object.
    pub fn same_object(&self, other: &Shared<T>) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// A proxy to it, as it is passed in data.
    pub fn proxy(&self) -> Proxy {
        Proxy::local(self.0.clone())
    }

    fn object(&self) -> ObjectRef {
        self.0.clone()
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(self.0.clone())
    }
}

impl<T: Class> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.proxy(), f)
    }
}

/// An attribute: a getter's, or one of those that the object learns at run time, as in Python.
fn read<T: Class>(this: &Shared<T>, name: &str) -> Option<Result<Outcome>> {
    T::read(this, name).or_else(|| learnt(this, name))
}

/// One of those that the object learns at run time.
fn learnt<T: Class>(this: &Shared<T>, name: &str) -> Option<Result<Outcome>> {
    // Special names are never learnt: the defaults below answer for them.
    let special = name.starts_with("__");
    if !special
        && T::INFO
            .methods
            .iter()
            .any(|method| method.name == "__getattr__")
    {
        return Some(Args::local((name,)).and_then(|args| this.object().call("__getattr__", args)));
    }
    None
}

impl<T: Class> Object for Guarded<T> {
    fn type_name(&self) -> &str {
        &T::INFO.name
    }

    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        let this = Shared(self);
        if let Some(outcome) = T::dispatch(&this, name, &args) {
            return outcome;
        }
        match name {
            "" => match T::dispatch(&this, "__call__", &args) {
                Some(outcome) => outcome,
                None => Err(object::no_attribute(&T::INFO.name, "", [])),
            },
            // What an attribute holds may be called too: a callback, a class, another object.
            name => match self::read(&this, name) {
                Some(held) => match held?.normal() {
                    Outcome::Object(proxy) => proxy.forward("", args),
                    Outcome::Data(_) => Err(Error::type_error(format!(
                        "`{}.{name}` is a value and can not be called; read it with `get`",
                        T::INFO.name
                    ))),
                },
                None => object::special_or_missing(&this.object(), name, &args, Names(T::INFO)),
            },
        }
    }

    fn get(self: Arc<Self>, name: &str) -> Result<Outcome> {
        let this = Shared(self);
        // No name is both: the macro refuses that.
        if let Some(outcome) = T::read(&this, name) {
            return outcome;
        }
        if T::INFO.methods.iter().any(|method| method.name == name) {
            return Ok(Method::bind(this.object(), name));
        }
        if let Some(outcome) = self::learnt(&this, name) {
            return outcome;
        }
        Err(object::no_attribute(
            &T::INFO.name,
            name,
            T::INFO.attribute_names(),
        ))
    }

    fn set(self: Arc<Self>, name: &str, value: Parcel) -> Result<()> {
        let this = Shared(self);
        if let Some(result) = T::write(&this, name, &value) {
            return result;
        }
        if T::INFO
            .methods
            .iter()
            .any(|method| method.name == "__setattr__")
        {
            let value: crate::Value = value.decode()?;
            return this
                .object()
                .call("__setattr__", Args::local((name, value))?)
                .map(drop);
        }
        if T::INFO.attribute_names().any(|known| known == name) {
            return Err(Error::no_attribute(format!(
                "`{}.{name}` can not be set; it has no setter",
                T::INFO.name
            )));
        }
        Err(object::no_attribute(
            &T::INFO.name,
            name,
            T::INFO.attribute_names(),
        ))
    }

    fn value(self: Arc<Self>) -> Result<Parcel> {
        T::to_value(&Shared(self))
    }

    fn describe(&self) -> ClassInfo {
        T::INFO.clone()
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

/// The names of a class, again and again.
#[derive(Clone, Copy)]
struct Names(&'static ClassInfo);

impl IntoIterator for Names {
    type Item = &'static str;
    type IntoIter = Box<dyn Iterator<Item = &'static str>>;
    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.0.attribute_names())
    }
}

impl<T: Class> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.proxy().serialize(serializer)
    }
}

impl<'de, T: Class> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let proxy = Proxy::deserialize(deserializer)?;
        proxy.downcast().ok_or_else(|| {
            let got = if proxy.is_local() {
                ""
            } else {
                " of another program"
            };
            serde::de::Error::invalid_type(
                serde::de::Unexpected::Other(&format!("a proxy ({}{got})", proxy.type_name())),
                &&*format!("an object of the class `{}` that lives here", T::INFO.name),
            )
        })
    }
}

impl Proxy {
    /// The object itself, when it lives in this very program and is of the class `T`.
    ///
    /// ```
    /// # use locum_macros::object;
    /// # use locum_protocol::{Proxy, by_proxy, callback};
    /// # struct Counter(i64);
    /// # #[object(crate = locum_protocol)]
    /// # impl Counter { fn add(&mut self, by: i64) -> i64 { self.0 += by; self.0 } }
    /// let proxy: Proxy = by_proxy(Counter(10)); // as it comes back in an argument
    /// assert_eq!(proxy.downcast::<Counter>().unwrap().borrow()?.0, 10);
    /// assert!(callback(|| ()).downcast::<Counter>().is_none());
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn downcast<T: Class>(&self) -> Option<Shared<T>> {
        let object = self.object()?.clone();
        object.into_any().downcast::<Guarded<T>>().ok().map(Shared)
    }
}
