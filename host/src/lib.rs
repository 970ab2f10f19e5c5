//! Load plugins as isolated WebAssembly components and work with the live objects inside them through proxies.
//!
//! ```
//! # std::env::set_current_dir(env!("OUT_DIR"))?;
//! use locum::{Host, Proxy, args};
//!
//! let host = Host::new()?;
//! let plugin = host.load("counters.wasm")?; // sees nothing unless granted
//! let counters = plugin.import("counters")?;
//! let counter: Proxy = counters.call("Counter", (10,))?;
//! assert_eq!(counter.call::<i64>("add", (5,))?, 15);
//! assert_eq!(counter.call::<i64>("add", args!(by = 2))?, 17);
//! # Ok::<(), locum::Error>(())
//! ```
//!
//! - A [`Host`] compiles plugins and keeps the compiled form; a [`Plugin`] is one instance with a life of its own.
//! - A [`Template`] starts any number of instances, a [`Pool`] shares work among some of them.
//! - A [`Supervisor`] starts a plugin again when it dies, and replaces it while it runs.
//! - A [`Proxy`] is a live object: [`call`](Proxy::call), [`get`](Proxy::get), [`set`](Proxy::set),
//!   [`iter`](Proxy::iter), let go by dropping it. It travels anywhere inside of data.
//! - [`macro@proxy`] gives such a proxy the methods of a trait, which [`bindgen`] and `locum bindgen` write.
//! - [`callback`], and types with [`object`], are objects of the host that a plugin may be given; so is an
//!   [`fs::Directory`].
//! - An [`Error`] says what happened over there; its [`kind`](Error::kind) is what a program can act on.
//!
//! What the log is told ([`tracing`] spans of every call, of loading and closing; how a plugin ended) is listed in
//! `locum::spans`. With the feature `monitor`, a `Monitor` lets `locum top` and `locum trace` look at a running host.
//!
//! `ARCHITECTURE.md` beside this crate tells how a call runs.
//!
#![doc = include_str!("../docs/tour.md")]

// The door: all that knows wasmtime.
mod cache;
mod compile;
mod component;
mod deadline;
mod door;
mod engine;
mod reentry;
// Here, so that the file can also be run under a checker of interleavings, and under Miri by itself.
#[cfg(test)]
#[path = "reentry/tests.rs"]
mod reentry_tests;
mod wasi;

// What an application holds.
mod grants;
mod host;
mod inspect;
mod manifest;
mod options;
mod plugin;
mod pool;
mod supervisor;
mod template;
mod watch;

pub mod bindgen;
pub mod expr;
pub mod fs;
pub mod limits;
#[cfg(feature = "monitor")]
pub mod monitor;

// Pages of the book that `cargo doc` makes; there is nothing in them but words, and examples that run.
#[cfg(doc)]
#[doc = include_str!("../docs/coming-from.md")]
pub mod coming_from {}
// Its examples are run where the plugins are that they use.
#[cfg(all(doc, not(doctest)))]
#[doc = include_str!("../docs/cookbook.md")]
pub mod cookbook {}

#[cfg(doc)]
#[doc = include_str!("spans.md")]
pub mod spans {}
#[cfg(doc)]
#[doc = include_str!("../docs/troubleshooting.md")]
pub mod troubleshooting {}

pub use grants::{Access, Captured, Clocks, Grants, Input, Output, Random, Stream};
pub use host::{Host, HostBuilder};
pub use inspect::ComponentInfo;
pub use limits::Limits;
pub use manifest::{Asks, Manifest};
#[cfg(feature = "monitor")]
pub use monitor::Monitor;
pub use options::LoadOptions;
pub use plugin::{CancelHandle, Plugin};
pub use pool::{Pool, Progress};
pub use supervisor::{Backoff, Life, Restart, Root, Supervisor, SupervisorBuilder};
pub use template::Template;

/// Makes a type of the host's, or a function, an object that plugins may hold: it serves the methods of an `impl` block.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// use locum::{Host, Proxy, Shared, object};
///
/// struct Thermometer { celsius: f64 }
///
/// #[object]
/// impl Thermometer {
///     #[getter]
///     fn fahrenheit(&self) -> f64 {
///         1.8 * self.celsius + 32.0
///     }
///     fn __len__(&self) -> usize {
///         self.celsius as usize
///     }
/// }
///
/// let thermometer = Shared::new(Thermometer { celsius: 20.0 });
/// let plugin = Host::new()?.load("collections.wasm")?;
/// let shelf: Proxy = plugin.import("collections")?.call("list", (vec![&thermometer],))?;
/// let there: Proxy = shelf.get_item(0)?;
/// assert_eq!(there.get::<f64>("fahrenheit")?, 68.0);
/// # Ok::<(), locum::Error>(())
/// ```
///
/// What it finds in a block, and what the attributes of methods and parameters mean, is told by `locum_guest::object`, which is
/// the same for plugins.
pub use locum_macros::host_object as object;

/// Gives a proxy the methods of a trait: `#[proxy] trait Counter { fn add(&self, by: i64) -> Result<i64>; }` makes
/// `CounterProxy`, a typed view of the same object.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// use locum::{Host, Result, proxy};
///
/// #[proxy]
/// trait Counter {
///     #[getter]
///     fn value(&self) -> Result<i64>;
///     /// Adds `by`, or 1.
///     fn add(&self, #[arg(default)] by: Option<i64>) -> Result<i64>;
/// }
///
/// #[proxy(module = "counters")]
/// trait Counters {
///     #[name("Counter")]
///     fn counter(&self, start: i64) -> Result<CounterProxy>;
/// }
///
/// let plugin = Host::new()?.load("counters.wasm")?;
/// let counter = CountersProxy::import(&plugin)?.counter(10)?;
/// assert_eq!(counter.add(Some(5))?, 15);
/// # Ok::<(), locum::Error>(())
/// ```
///
/// The attributes are those of `locum_guest::proxy`, whose documentation lists them. [`bindgen`] writes such traits from
/// what a plugin tells about itself.
pub use locum_macros::host_proxy as proxy;
#[doc(inline)]
pub use locum_protocol::{
    AnyArray, Args, Arguments, Array, Bytes, CallMode, CallOptions, Callback, Class, Context,
    Crossed, Crossing, Data, DynArgs, Element, ElementType, Error, Fault, Function, IntoArgs,
    Items, Kind, Leak, Map, Member, Module, Modules, Object, ObjectRef, Observer, Offers, Outcome,
    Parcel, Peer, PeerLimits, Pending, PostError, Proxy, Ref, RefMut, ReplyMode, Result, Setup,
    Shared, Slice, Stats, Value, WeakProxy, args, by_proxy, by_value, callback, describe,
    from_value, ops, slice, to_value,
};
/// serde's traits, to be named in signatures: `fn append(&self, item: impl Serialize) -> Result<()>`. To derive them, depend
/// on serde itself.
pub use serde::{Deserialize, Serialize};

#[doc(hidden)]
pub use locum_protocol::{private, text};
