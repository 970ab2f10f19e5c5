//! Closures as objects.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::args::for_each_tuple;
use crate::object::special_or_missing;
use crate::{Args, Error, Object, ObjectRef, Outcome, Proxy, Result};

/// A closure as an object that a peer can call: `callback(|n: i64| println!("now {n}"))`.
///
/// Its parameters are read as those of a method are; it returns data, `()` or a [`Result`] of data. It is called on the
/// thread of whoever calls the plugin, perhaps several at a time, so it is `Fn + Send + Sync`.
///
/// ```
/// # use std::sync::{Arc, Mutex};
/// # use locum_protocol::{Error, Result, callback};
/// let seen = Arc::new(Mutex::new(Vec::new()));
/// let watcher = callback({
///     let seen = seen.clone();
///     move |n: i64| seen.lock().unwrap().push(n)
/// });
/// watcher.invoke::<()>((7,))?; // as the plugin does that it is given to
/// assert_eq!(*seen.lock().unwrap(), [7]);
///
/// let half = callback(|n: i64| match n % 2 {
///     0 => Ok(n / 2),
///     _ => Err(Error::value("it is odd")), // raised at whoever calls
/// });
/// assert_eq!(half.invoke::<i64>((3,)).unwrap_err().message(), "it is odd");
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn callback<A, R, F>(closure: F) -> Proxy
where
    F: Callback<A, R> + Send + Sync + 'static,
    A: 'static,
    R: 'static,
{
    Proxy::local(Arc::new(Closure {
        closure,
        _types: PhantomData,
    }))
}

/// A closure that [`callback`] takes: up to twelve parameters that can be deserialized, and a result that can be
/// serialized or is a `Result` of one.
///
/// ```
/// # use locum_protocol::{Callback, Proxy, callback};
/// /// A callback that is counted.
/// fn numbered<A: 'static, R: 'static>(closure: impl Callback<A, R> + Send + Sync + 'static) -> Proxy {
///     callback(closure)
/// }
/// assert_eq!(numbered(|a: i64, b: i64| a + b).invoke::<i64>((1, 2))?, 3);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "this can not be a callback",
    label = "expected a closure such as `|n: i64| n + 1`",
    note = "its parameters, at most twelve, are data (`serde::Deserialize`), `Proxy` or `Value`; it gives data \
            (`serde::Serialize`), nothing, or a `Result` of these"
)]
pub trait Callback<A, R> {
    #[doc(hidden)]
    fn invoke(&self, args: &Args) -> Result<Outcome>;
}

/// What a closure may return.
#[doc(hidden)]
pub trait Returns<How> {
    fn outcome(self) -> Result<Outcome>;
}

#[doc(hidden)]
pub struct Plain;
#[doc(hidden)]
pub struct Fallible;

impl<T: Serialize> Returns<Plain> for T {
    fn outcome(self) -> Result<Outcome> {
        Outcome::data(&self)
    }
}

impl<T: Serialize, E: Into<Error>> Returns<Fallible> for Result<T, E> {
    fn outcome(self) -> Result<Outcome> {
        self.map_err(Into::into)
            .and_then(|value| Outcome::data(&value))
    }
}

macro_rules! closures {
    ($($T:ident $n:tt),*) => {
        impl<Func, How, Ret, $($T: DeserializeOwned),*> Callback<($($T,)*), (How, Ret)> for Func
        where
            Func: Fn($($T),*) -> Ret,
            Ret: Returns<How>,
        {
            #[allow(non_snake_case)]
            fn invoke(&self, args: &Args) -> Result<Outcome> {
                const WANTED: usize = <[()]>::len(&[$({ let _ = $n; }),*]);
                if args.len() != WANTED {
                    let plural = if WANTED == 1 { "" } else { "s" };
                    return Err(Error::type_error(format!(
                        "the callback takes {WANTED} argument{plural}, got {}",
                        args.len()
                    )));
                }
                closures!(@call self args $($T)*)
            }
        }
    };
    (@call $self:ident $args:ident) => { $self().outcome() };
    (@call $self:ident $args:ident $($T:ident)+) => {{
        let ($($T,)+): ($($T,)+) = $args.parse().map_err(|error| error.map_message(|m| format!("callback: {m}")))?;
        $self($($T),+).outcome()
    }};
}

for_each_tuple!(closures);

struct Closure<F, A, R> {
    closure: F,
    _types: PhantomData<fn(A) -> R>,
}

impl<A: 'static, R: 'static, F: Callback<A, R> + Send + Sync + 'static> Object
    for Closure<F, A, R>
{
    fn type_name(&self) -> &str {
        "callback"
    }

    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        match name {
            "" | "__call__" => self.closure.invoke(&args),
            name => special_or_missing(&(self as ObjectRef), name, &args, []),
        }
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}
