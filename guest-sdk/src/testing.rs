//! A plugin's objects without a sandbox, for the unit tests of the plugin's own crate: plain `cargo test`, no WebAssembly.
//!
//! [`connect`](crate::connect) connects the crate's plugin in memory, to be called as its host would call it. A [`Host`]
//! has something to offer to the plugin, which [`import`](crate::import)s it. [`Connected::finish`] sees to it that
//! nothing leaks, [`assert_error`] and [`assert_raises`] that a call fails as it should.
//!
//! ```
//! # mod plugin {
//! #     use locum_guest::{Proxy, Result, object, plugin};
//! #     /// Tells the host's log that something is done.
//! #     #[object]
//! #     fn work(times: i64) -> Result<i64> {
//! #         let log = locum_guest::import("log")?;
//! #         for n in 0..times { log.invoke::<()>((format!("step {n}"),))?; }
//! #         if times < 0 { return Err(locum_guest::Error::value("there is no such number of times")); }
//! #         Ok(times)
//! #     }
//! #     plugin! { mod jobs { work } }
//! # }
//! # use plugin::LocumPlugin;
//! use std::sync::{Arc, Mutex};
//!
//! use locum_guest::testing::{Host, assert_error};
//! use locum_guest::{Kind, callback};
//!
//! let said = Arc::new(Mutex::new(Vec::new()));
//! let hears = said.clone();
//! let plugin = Host::new()
//!     .publish("log", callback(move |line: String| hears.lock().unwrap().push(line)))
//!     .connect::<LocumPlugin>();
//!
//! let jobs = plugin.import("jobs")?;
//! assert_eq!(jobs.call::<i64>("work", (2,))?, 2);
//! assert_eq!(*said.lock().unwrap(), ["step 0", "step 1"]);
//! assert_error(jobs.call::<i64>("work", (-1,)), Kind::ValueError, "no such number");
//!
//! drop(jobs);
//! plugin.finish();
//! # Ok::<(), locum_guest::Error>(())
//! ```
//!
//! Each connection is a plugin of its own, as each instance is, whatever other tests run at the same time. One thing is not
//! as in the sandbox: the `static`s of the crate are shared by all of them, so a plugin should keep nothing of its host there.

mod assert;
mod connected;
mod wire;

use std::sync::Arc;

pub use assert::{assert_error, assert_raises};
pub use connected::Connected;
pub use locum_protocol::{PostError, Stats};

use crate::{Class, Module, Modules, ObjectRef, PeerLimits, Plugin, Proxy, Shared};

#[cfg(not(target_family = "wasm"))]
pub(crate) use wire::host;

/// What a plugin under test finds at its host: what that publishes, and the bounds that it sets.
///
/// ```
/// # mod plugin {
/// #     use locum_guest::{Proxy, Result, object, plugin};
/// #     #[object]
/// #     fn greet() -> Result<String> { Ok(format!("Hello, {}", locum_guest::import("name")?.invoke::<String>(())?)) }
/// #     plugin! { mod hello { greet } }
/// # }
/// # use plugin::LocumPlugin;
/// use locum_guest::testing::{Host, assert_error};
/// use locum_guest::{Kind, PeerLimits, callback};
///
/// let mut limits = PeerLimits::default();
/// limits.name_bytes = 8;
/// let host = Host::new().publish("name", callback(|| "Ada")).limits(limits);
/// let plugin = host.connect::<LocumPlugin>();
/// assert_eq!(plugin.import("hello")?.call::<String>("greet", ())?, "Hello, Ada");
/// assert_error(plugin.import("a name too long"), Kind::LimitExceeded, "the limit is 8");
/// plugin.finish();
/// # Ok::<(), locum_guest::Error>(())
/// ```
#[must_use = "a host does nothing until a plugin is connected to it"]
pub struct Host {
    offers: Modules,
    limits: PeerLimits,
}

impl Default for Host {
    fn default() -> Host {
        Host::new()
    }
}

impl Host {
    /// A host that publishes nothing and has the usual limits.
    pub fn new() -> Host {
        Host {
            offers: Modules::new("host", env!("CARGO_PKG_VERSION")),
            limits: PeerLimits::default(),
        }
    }

    /// Offers an object, which the plugin imports by this name: a `callback(..)` or any other [`Proxy`], a [`Shared`], a
    /// [`Module`].
    pub fn publish(mut self, name: impl Into<String>, object: impl Publish) -> Host {
        self.offers = self.offers.with_object(name, object.into_published());
        self
    }

    /// The bounds on what either end may send.
    pub fn limits(mut self, limits: PeerLimits) -> Host {
        self.limits = limits;
        self
    }

    /// Connects a plugin, usually the crate's own: `connect::<LocumPlugin>()`.
    pub fn connect<P: Plugin>(self) -> Connected {
        Connected::new(Arc::new(self.offers), P::offers(), self.limits)
    }
}

/// What a [`Host`] can publish: a proxy, an object with `#[object]`, or a module of them.
///
/// ```
/// # mod plugin {
/// #     use locum_guest::{object, plugin};
/// #     #[object]
/// #     fn nothing() {}
/// #     plugin! { mod empty { nothing } }
/// # }
/// # use plugin::LocumPlugin;
/// use locum_guest::testing::Host;
/// use locum_guest::{Module, Shared, import, object};
///
/// struct Lamp(bool);
///
/// #[object]
/// impl Lamp {
///     fn switch(&mut self) -> bool {
///         self.0 = !self.0;
///         self.0
///     }
/// }
///
/// let lamp = Shared::new(Lamp(false));
/// let settings = Module::new("settings").constant("size", &3)?;
/// let plugin = Host::new().publish("lamp", lamp.clone()).publish("settings", settings).connect::<LocumPlugin>();
/// let size: i64 = plugin.inside(|| {
///     import("lamp")?.call::<bool>("switch", ())?;
///     import("settings")?.get("size")
/// })?;
/// assert_eq!((size, lamp.borrow()?.0), (3, true));
/// plugin.finish();
/// # Ok::<(), locum_guest::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can not be published to a plugin",
    note = "publish a `Module`, a `Shared<T>` of a type with `#[object]`, or a `Proxy` (a `callback(..)` is one)"
)]
pub trait Publish {
    #[doc(hidden)]
    fn into_published(self) -> ObjectRef;
}

impl Publish for Module {
    fn into_published(self) -> ObjectRef {
        Arc::new(self)
    }
}

impl Publish for ObjectRef {
    fn into_published(self) -> ObjectRef {
        self
    }
}

impl<T: Class> Publish for Shared<T> {
    fn into_published(self) -> ObjectRef {
        self.proxy().into_object()
    }
}

impl Publish for Proxy {
    fn into_published(self) -> ObjectRef {
        self.into_object()
    }
}
