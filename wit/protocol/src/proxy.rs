//! Proxies: what you hold of an object that lives elsewhere, or here.

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;

mod arithmetic;
mod import;
mod operators;
mod relay;
mod starting;
mod std_ops;
mod weak;

use relay::Relay;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use weak::WeakProxy;

pub(crate) use import::Import;

use crate::describe::ClassInfo;
use crate::path::Route;
use crate::peer::Peer;
use crate::pending::Outstanding;
use crate::started::{Request, Running, Verb};
use crate::{
    CallMode, CallOptions, Error, IntoArgs, Kind, ObjectRef, Outcome, Parcel, PeerLimits,
    ReplyMode, Result, path,
};

/// A live object: one that lives at a peer and was lent to this end, or one that lives here and can be lent.
///
/// It travels anywhere inside data. A clone refers to the same object; when the last one is dropped, the reference is
/// given back and the object may go. It may be used from any thread.
///
/// ```
/// # use locum_protocol::{Kind, Value, slice};
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let list = plugin.transfer(&vec![3, 1, 2])?; // a live list at the peer
/// list.call::<()>("append", (4,))?;
/// list.call::<()>("sort", ())?;
/// assert_eq!(list.get_item::<i64>(-1)?, 4);
/// assert_eq!(list.get_item::<Vec<i64>>(slice(1..3))?, [2, 3]);
/// assert_eq!(list.value::<Vec<i64>>()?, [1, 2, 3, 4]); // a copy of all of it
/// assert_eq!(list.text()?, "[1, 2, 3, 4]");
/// let error = list.call::<()>("apend", (5,)).unwrap_err();
/// assert_eq!(error.kind(), Kind::NoSuchAttribute);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone)]
pub struct Proxy {
    target: Target,
    /// Attributes still to be walked, resolved by the owner with the next request.
    path: Option<Arc<str>>,
    options: CallOptions,
}

/// Where the object lives.
#[derive(Clone)]
pub(crate) enum Target {
    Local(ObjectRef),
    Remote(Arc<Import>),
}

impl Target {
    pub(crate) fn type_name(&self) -> &str {
        match self {
            Target::Local(object) => object.type_name(),
            Target::Remote(import) => &import.type_name,
        }
    }

    /// What tells two objects apart.
    pub(crate) fn address(&self) -> usize {
        match self {
            Target::Local(object) => Arc::as_ptr(object) as *const () as usize,
            Target::Remote(import) => Arc::as_ptr(import) as usize,
        }
    }
}

impl Proxy {
    /// A proxy to an object that lives here, to be lent to whoever receives it.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Data, Proxy};
    /// let greeting = Proxy::local(Arc::new(Data::new("hello".into())));
    /// assert!(greeting.is_local() && greeting.peer().is_none());
    /// assert_eq!(greeting.call::<String>("upper", ())?, "HELLO");
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn local(object: ObjectRef) -> Proxy {
        Proxy::from_target(Target::Local(object))
    }

    pub(crate) fn from_target(target: Target) -> Proxy {
        Proxy {
            target,
            path: None,
            options: CallOptions::default(),
        }
    }

    /// The object that this refers to, its path walked.
    pub(crate) fn into_target(self) -> Result<Target> {
        match &self.path {
            None => Ok(self.target),
            Some(path) => self.target.walk(path),
        }
    }

    /// The object, when it lives here.
    pub(crate) fn object(&self) -> Option<&ObjectRef> {
        match (&self.target, &self.path) {
            (Target::Local(object), None) => Some(object),
            _ => None,
        }
    }

    /// The object that this refers to, to be offered to others: itself when it lives here, and otherwise one that
    /// passes everything on to it.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// # use locum_protocol::Module;
    /// let list = plugin.transfer(&vec![1, 2])?;
    /// assert_eq!(list.peer().map(|peer| peer.name()), Some("plugin"));
    /// // Offered on, under a name, to somebody else:
    /// let module = Module::new("shared").object("list", list.into_object());
    /// assert_eq!(module.info().constants[0].name, "list");
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn into_object(self) -> ObjectRef {
        match (&self.target, &self.path) {
            (Target::Local(object), None) => object.clone(),
            _ => Arc::new(Relay(self)),
        }
    }

    pub(crate) fn is_object(&self, object: &ObjectRef) -> bool {
        self.object().is_some_and(|own| Arc::ptr_eq(own, object))
    }

    /// Whether the object lives here.
    pub fn is_local(&self) -> bool {
        matches!(self.target, Target::Local(_))
    }

    /// The type of the object, as its owner calls it. No crossing.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&vec![1, 2])?;
    /// assert_eq!(list.type_name(), "list");
    /// assert_eq!(format!("{list:?}"), "<Proxy[list] #0@plugin>");
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn type_name(&self) -> &str {
        self.target.type_name()
    }

    /// The peer that the object lives at; `None` when it lives here.
    pub fn peer(&self) -> Option<&Peer> {
        match &self.target {
            Target::Local(_) => None,
            Target::Remote(import) => Some(&import.peer),
        }
    }

    // ---- calls and attributes ----

    /// Calls a method: `counter.call::<i64>("add", (5,))?`.
    ///
    /// The arguments are a tuple of anything that serializes, or [`args!`](crate::args) for keywords. The type that is
    /// asked for decides what comes back: data is decoded, a [`Proxy`] refers to the result where it is, `()` takes no
    /// interest in it. An object where data was asked for is copied, if it has a value form.
    ///
    /// ```
    /// # use locum_protocol::{Proxy, Value};
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let text = plugin.transfer("a,b")?;
    /// assert_eq!(text.call::<Vec<String>>("split", (",",))?, ["a", "b"]);
    /// assert_eq!(text.call::<Value>("count", ("b",))?, Value::from(1)); // whatever comes
    /// let upper: Proxy = text.call("upper", ())?; // stays over there
    /// assert_eq!(upper.text()?, "A,B");
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// What the method raised, or why it could not be called; see [`Kind`].
    pub fn call<R: DeserializeOwned + 'static>(
        &self,
        name: &str,
        args: impl IntoArgs,
    ) -> Result<R> {
        let parcel = self.request(name, args, self.mode::<R>())?;
        receive(parcel, self.type_name(), name)
    }

    /// Calls the object itself: a class, a function, a callback.
    ///
    /// ```
    /// # use locum_protocol::callback;
    /// let double = callback(|n: i64| 2 * n);
    /// assert_eq!(double.invoke::<i64>((21,))?, 42);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`call`](Proxy::call).
    pub fn invoke<R: DeserializeOwned + 'static>(&self, args: impl IntoArgs) -> Result<R> {
        self.call("", args)
    }

    /// Reads an attribute, or one at the end of a path: `scene.get::<f64>("camera.zoom")?`.
    ///
    /// ```
    /// # use locum_protocol::Array;
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let image = plugin.transfer(&Array::new([2, 3], vec![0_u8; 6])?)?;
    /// assert_eq!(image.get::<Vec<usize>>("shape")?, [2, 3]);
    /// assert_eq!(image.get::<String>("dtype")?, "u8");
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`call`](Proxy::call).
    pub fn get<R: DeserializeOwned + 'static>(&self, name: &str) -> Result<R> {
        let parcel = self.send(name, Verb::Get, self.mode::<R>())?;
        receive(parcel, self.type_name(), name)
    }

    /// Writes an attribute.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_macros::object;
    /// # use locum_protocol::{Modules, Module, pair};
    /// # #[derive(Default)]
    /// # struct Camera { zoom: f64 }
    /// # #[object(crate = locum_protocol)]
    /// # impl Camera {
    /// #     fn new() -> Camera { Camera::default() }
    /// #     #[getter] fn zoom(&self) -> f64 { self.zoom }
    /// #     #[setter] fn set_zoom(&mut self, zoom: f64) { self.zoom = zoom }
    /// # }
    /// # let offers = Modules::new("scene", "1").with(Module::new("scene").member::<Camera>());
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("scene", Arc::new(offers)));
    /// let camera: locum_protocol::Proxy = plugin.import("scene")?.call("Camera", ())?;
    /// camera.set("zoom", 1.5)?;
    /// assert_eq!(camera.get::<f64>("zoom")?, 1.5);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`call`](Proxy::call).
    pub fn set<T: Serialize>(&self, name: &str, value: T) -> Result<()> {
        let value = Parcel::encode(&value)?;
        self.send(name, Verb::Set(value), ReplyMode::Auto).map(drop)
    }

    /// A proxy to an attribute that has not been looked up: no crossing until it is used, and then one for all of the
    /// path. Whether the attribute exists shows then too.
    ///
    /// ```
    /// # use locum_protocol::{Module, Proxy};
    /// # use std::sync::Arc;
    /// let inner = Module::new("math").constant("pi", &3.14)?;
    /// let outer = Proxy::local(Arc::new(Module::new("lib").object("math", Arc::new(inner))));
    /// let pi = outer.at("math.pi"); // nothing has happened yet
    /// assert_eq!(pi.path(), "math.pi");
    /// assert_eq!(outer.at("math").get::<f64>("pi")?, 3.14);
    /// assert_eq!(outer.get::<f64>("math.pi")?, 3.14); // the same, in one
    /// let math = outer.at("math").resolve()?; // looked up now
    /// assert_eq!(math.path(), "");
    /// assert!(outer.at("maths").resolve().is_err());
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    #[must_use]
    pub fn at(&self, path: &str) -> Proxy {
        let path = self.full_path(path);
        Proxy {
            path: if path.is_empty() {
                None
            } else {
                Some(path.as_ref().into())
            },
            ..self.clone()
        }
    }

    /// The attributes still to be walked, as [`at`](Proxy::at) was given them; empty when there are none.
    pub fn path(&self) -> &str {
        self.path.as_deref().unwrap_or("")
    }

    /// A proxy to the object at the end of the path, looked up now.
    ///
    /// # Errors
    /// [`NoSuchAttribute`](Kind::NoSuchAttribute) when a part of the path does not exist.
    pub fn resolve(&self) -> Result<Proxy> {
        let target = match (&self.target, &self.path) {
            (_, None) => return Ok(self.clone()),
            (target, Some(path)) => target.clone().walk(path)?,
        };
        Ok(Proxy {
            target,
            path: None,
            options: self.options,
        })
    }

    /// A copy of the object as plain data.
    ///
    /// ```
    /// # use locum_protocol::{Kind, callback};
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&vec![1, 2])?;
    /// assert_eq!(list.value::<Vec<u8>>()?, [1, 2]);
    /// let error = callback(|| ()).value::<Vec<u8>>().unwrap_err();
    /// assert_eq!(error.kind(), Kind::NotTransferable);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`NotTransferable`](Kind::NotTransferable) when it has no such form.
    pub fn value<R: DeserializeOwned + 'static>(&self) -> Result<R> {
        let parcel = self.value_parcel()?;
        parcel.decode().map_err(|error| {
            error.map_message(|m| format!("the value of `{}`: {m}", self.type_name()))
        })
    }

    pub(crate) fn value_parcel(&self) -> Result<Parcel> {
        match self.clone().into_target()? {
            Target::Local(object) => object.value(),
            Target::Remote(import) => import.value(),
        }
    }

    /// The same proxy, whose results come back in this mode whatever type is asked for.
    ///
    /// ```
    /// # use locum_protocol::{ReplyMode, Value};
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let text = plugin.transfer("a,b")?.replying(ReplyMode::Proxy);
    /// let parts: Value = text.call("split", (",",))?;
    /// assert_eq!(parts.type_name(), "list");
    /// assert!(matches!(parts, Value::Object(_))); // left over there, although it is data
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    #[must_use]
    pub fn replying(&self, mode: ReplyMode) -> Proxy {
        self.with(CallOptions::new().reply(mode))
    }

    /// The same proxy with options of its own; what they leave open stays as it is:
    /// `counter.with(CallOptions::new().patience(Duration::from_secs(2))).call::<i64>("slow", ())?`.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use locum_protocol::CallOptions;
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&vec![1, 2])?;
    /// let hasty = list.with(CallOptions::new().patience(Duration::from_secs(2)));
    /// assert_eq!(hasty.call_options().patience_limit(), Some(Duration::from_secs(2)));
    /// assert_eq!(hasty.len()?, 2);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    #[must_use]
    pub fn with(&self, options: CallOptions) -> Proxy {
        Proxy {
            options: options.or(self.options),
            ..self.clone()
        }
    }

    /// How calls of this proxy are made, with what it inherits from its peer.
    pub fn call_options(&self) -> CallOptions {
        match &self.target {
            Target::Local(_) => self.options,
            Target::Remote(import) => self.options.or(import.peer.call_options()),
        }
    }

    /// What the object can do.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&vec![1, 2])?;
    /// let class = list.describe()?;
    /// assert_eq!(class.name, "list");
    /// assert!(class.attribute_names().any(|name| name == "append"));
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Closed`](Kind::Closed) when its peer is gone.
    pub fn describe(&self) -> Result<ClassInfo> {
        match self.clone().into_target()? {
            Target::Local(object) => Ok(object.describe()),
            Target::Remote(import) => import.peer.request_describe(import.handle)?.decode(),
        }
    }

    /// A call whose result stays undecoded.
    pub(crate) fn request(
        &self,
        name: &str,
        args: impl IntoArgs,
        reply: ReplyMode,
    ) -> Result<Parcel> {
        self.send(name, Verb::Call(args.into_parcel()?), reply)
    }

    /// Has a request answered while the caller waits.
    fn send(&self, name: &str, verb: Verb, reply: ReplyMode) -> Result<Parcel> {
        let path = self.full_path(name);
        let Target::Remote(import) = &self.target else {
            return self.target.answer(&path, verb, reply);
        };
        match self.call_options().patience.flatten() {
            None => verb.send(import, &path, reply, CallMode::Call),
            Some(patience) => {
                let (path, type_name) = (Arc::from(&*path), import.type_name.clone());
                let running = self.begin(import, &path, verb, reply, CallMode::Call);
                Outstanding::running(running, type_name, path).wait(Some(patience))
            }
        }
    }

    fn begin(
        &self,
        import: &Arc<Import>,
        path: &Arc<str>,
        verb: Verb,
        reply: ReplyMode,
        mode: CallMode,
    ) -> Running {
        let request = Request {
            import: import.clone(),
            path: path.clone(),
            verb,
            reply,
            mode,
        };
        request.start()
    }

    /// Calls with arguments that arrived, handing them on as they are.
    pub(crate) fn forward(&self, name: &str, args: crate::Args) -> Result<Outcome> {
        let (path, limits) = (self.full_path(name), PeerLimits::default());
        let target = self.target.clone();
        target.call(Route::of(&path), args.into_parcel(), &limits)
    }

    fn full_path<'a>(&self, name: &'a str) -> std::borrow::Cow<'a, str> {
        match &self.path {
            None => name.into(),
            Some(path) => path::join(path, name).into(),
        }
    }

    fn mode<R: 'static>(&self) -> ReplyMode {
        match self.call_options().reply {
            Some(mode) => mode,
            None if TypeId::of::<R>() == TypeId::of::<Proxy>() => ReplyMode::Proxy,
            None => ReplyMode::Auto,
        }
    }

    // ---- identity ----

    /// Whether both refer to the same object. No crossing; a path that has not been walked compares by its text.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&vec![1, 2])?;
    /// let other = plugin.transfer(&vec![1, 2])?;
    /// assert!(list.same_object(&list.clone()) && !list.same_object(&other));
    /// assert!(list.eq(&other)?); // equal, as the list sees it
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn same_object(&self, other: &Proxy) -> bool {
        self.target.address() == other.target.address() && self.path() == other.path()
    }
}

/// The result in the type that was asked for.
pub(crate) fn receive<R: DeserializeOwned>(
    parcel: Parcel,
    type_name: &str,
    name: &str,
) -> Result<R> {
    let error = match parcel.decode() {
        Ok(result) => return Ok(result),
        Err(error) => error,
    };
    // `()` takes no interest in the result, whatever it is.
    if size_of::<R>() == 0
        && let Ok(unit) = Parcel::encode(&()).and_then(|null| null.decode())
    {
        return Ok(unit);
    }
    // The type that was asked for decides: an object is copied where data is wanted.
    if error.kind() == Kind::TypeError
        && let Some(object) = parcel.as_object()
        && let Ok(result) = object.value_parcel().and_then(|parcel| parcel.decode())
    {
        return Ok(result);
    }
    let callee = if name.is_empty() {
        type_name.to_owned()
    } else {
        format!("{type_name}.{name}")
    };
    Err(error.map_message(|message| format!("the result of `{callee}`: {message}")))
}

impl fmt::Display for Proxy {
    /// The object's text: a crossing. When that fails, the proxy's own form and the error.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text() {
            Ok(text) => f.pad(&text),
            Err(error) => write!(f, "{self:?} ({error})"),
        }
    }
}

impl fmt::Debug for Proxy {
    /// `<Proxy[list] #3@collections>`, with `.path` when there is one. No crossing; works when closed too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Proxy[{}] ", self.type_name().escape_debug())?;
        match &self.target {
            Target::Local(_) => f.write_str("here")?,
            Target::Remote(import) => {
                write!(f, "#{}@{}", import.handle.index(), import.peer.name())?
            }
        }
        match &self.path {
            Some(path) => write!(f, ">.{path}"),
            None => f.write_str(">"),
        }
    }
}

/// A proxy to a value of this program, by name: `by_proxy(Counter::new())` sends it by proxy.
///
/// ```
/// # use locum_macros::object;
/// # use locum_protocol::by_proxy;
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
/// let counter = by_proxy(Counter(10)); // to be given to whoever shall count
/// assert_eq!(counter.call::<i64>("add", (5,))?, 15);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn by_proxy<T: crate::Class>(value: T) -> Proxy {
    crate::Shared::new(value).proxy()
}

/// A copy of an object, to be sent instead of its proxy: `shelf.call("put", (by_value(&counter)?,))`.
///
/// ```
/// # use locum_protocol::by_value;
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let (shelf, list) = (plugin.transfer(&Vec::<i64>::new())?, plugin.transfer(&vec![1])?);
/// shelf.call::<()>("append", (by_value(&list)?,))?; // a copy
/// shelf.call::<()>("append", (&list,))?; // the list itself
/// list.call::<()>("append", (2,))?;
/// assert_eq!(shelf.get_item::<Vec<i64>>(0)?, [1]);
/// assert_eq!(shelf.get_item::<Vec<i64>>(1)?, [1, 2]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
///
/// # Errors
/// [`NotTransferable`](Kind::NotTransferable) when it has no value form.
pub fn by_value(object: &Proxy) -> Result<crate::Value> {
    object.value()
}

impl From<Error> for std::io::Error {
    fn from(error: Error) -> Self {
        std::io::Error::other(error)
    }
}
