//! Write Locum plugins in plain Rust: objects with methods, served to a host as live proxies.
//!
//! ```
//! use locum_guest::{Result, object, plugin};
//!
//! pub struct Counter {
//!     value: i64,
//! }
//!
//! #[object]
//! impl Counter {
//!     fn new(start: i64) -> Self {
//!         Counter { value: start }
//!     }
//!     #[getter]
//!     fn value(&self) -> i64 {
//!         self.value
//!     }
//!     /// Adds `by`.
//!     fn add(&mut self, #[arg(default = 1)] by: i64) -> i64 {
//!         self.value += by;
//!         self.value
//!     }
//! }
//!
//! plugin! {
//!     mod counters { Counter }
//! }
//! # fn main() {}
//! ```
//!
//! - [`object`] serves the methods of an `impl` block, or a function.
//! - [`plugin`] says what the crate offers, module by module.
//! - [`macro@proxy`] gives such a proxy the methods of a trait.
//! - [`Proxy`] is an object of the host, or of another plugin, or one of your own; [`Shared`] is one of your own.
//! - [`Items`] is what a method returns to be iterated over, [`Value`] is data of any type.
//! - [`fs`] has views of the directories that a host may hand over.
//! - [`Array`] is numbers in any number of dimensions, which cross as their bytes.
//! - [`testing`] is what the tests of a plugin's crate are written with, which need no WebAssembly.
//! - [`Error`] is what a method raises; any `std::error::Error` or `anyhow::Error` will do too.
//!
#![doc = include_str!("../docs/tour.md")]

mod door;

#[cfg(target_family = "wasm")]
#[doc(hidden)]
pub mod bindings;

pub mod fs;
pub mod testing;

#[cfg(target_family = "wasm")]
#[doc(hidden)]
pub use door::exports;
#[doc(hidden)]
pub use locum_protocol::private;

#[doc(inline)]
pub use locum_protocol::{
    AnyArray, Args, Array, Bytes, CallOptions, Callback, Class, Data, DynArgs, Element,
    ElementType, Error, Fault, Function, IntoArgs, Items, Kind, Map, Member, Module, Modules,
    Object, ObjectRef, Offers, Outcome, Parcel, Peer, PeerLimits, Pending, Proxy, ReplyMode,
    Result, Shared, Slice, Value, WeakProxy, args, by_proxy, by_value, callback, describe,
    from_value, ops, slice, to_value,
};

#[doc = include_str!("../docs/object.md")]
pub use locum_macros::object;

#[doc = include_str!("../docs/plugin.md")]
pub use locum_macros::plugin;

#[doc = include_str!("../docs/proxy.md")]
pub use locum_macros::proxy;

/// Puts the plugin's manifest into its file: what it asks its host for. The path is that of a TOML file, as seen from this
/// source file.
///
/// ```standalone_crate
/// locum_guest::manifest!("../docs/plugin.toml"); // in src/lib.rs, beside `plugin!`
/// ```
///
/// ```toml
#[doc = include_str!("../docs/plugin.toml")]
/// ```
///
/// Asking gives nothing: people read it, with `locum inspect`, and grant what they see fit. A plugin that fails for want of
/// something is told what it has asked for in vain.
#[macro_export]
macro_rules! manifest {
    ($path:literal) => {
        #[cfg(target_family = "wasm")]
        const _: () = {
            #[used]
            #[allow(unsafe_code)]
            // A section of this name is data that nobody runs.
            #[unsafe(link_section = "locum:manifest")]
            static MANIFEST: [u8; include_bytes!($path).len()] = *include_bytes!($path);
        };
        // Also a file that is not there is found out where the plugin is tested without a sandbox.
        const _: &[u8] = include_bytes!($path);
    };
}

/// serde's traits, to be named in signatures: `fn append(&self, item: impl Serialize) -> Result<()>`. To derive them, depend
/// on serde itself.
pub use serde::{Deserialize, Serialize};

/// What [`plugin!`](plugin) makes of a crate.
///
/// ```
/// # mod crate_of_the_plugin {
/// #     use locum_guest::{object, plugin};
/// #     #[object]
/// #     fn double(n: i64) -> i64 { n * 2 }
/// #     plugin! { mod numbers { double } }
/// # }
/// # use crate_of_the_plugin::LocumPlugin;
/// use locum_guest::{Offers, Plugin};
///
/// let told = LocumPlugin::offers().describe(); // `plugin!` has made `LocumPlugin`
/// assert_eq!(told.modules[0].name, "numbers");
/// ```
pub trait Plugin: 'static {
    /// The modules that it offers to its host.
    fn offers() -> std::sync::Arc<dyn Offers>;
}

/// Imports an object that the host has published for this plugin, by name.
///
/// In the plugin's own tests, the host is that of the connection whose call is being served: see [`testing`].
///
/// ```
/// use locum_guest::{Kind, Result, object};
///
/// #[object]
/// fn remember(key: &str, value: i64) -> Result<()> {
///     locum_guest::import("store")?.call("put", (key, value))
/// }
///
/// let error = remember("a", 1).unwrap_err(); // outside of a connection there is no host
/// assert_eq!(error.kind(), Kind::Closed);
/// ```
///
/// # Errors
/// [`NoSuchModule`](Kind::NoSuchModule) when the host publishes nothing under that name.
pub fn import(name: &str) -> Result<Proxy> {
    match host() {
        Some(host) => host.import(name),
        None => Err(nobody_to_ask()),
    }
}

#[cfg(target_family = "wasm")]
use door::host;
#[cfg(not(target_family = "wasm"))]
use testing::host;

#[cold]
fn nobody_to_ask() -> Error {
    let why = if cfg!(target_family = "wasm") {
        "no host has spoken to this plugin yet, so there is nothing to import"
    } else {
        "there is no host here to import from; in a test, `locum_guest::testing::Host` publishes things, and calls of what \
         it connects find them (for code that is not called that way there is `Connected::inside`)"
    };
    Error::new(Kind::Closed, why)
}

/// A plugin's objects without a sandbox, for its own unit tests: the plugin as its host would see it, connected in
/// memory. To publish something for it, use a [`testing::Host`].
///
/// ```
/// # mod plugin {
/// #     use locum_guest::{object, plugin};
/// #     #[object]
/// #     fn double(n: i64) -> i64 { n * 2 }
/// #     plugin! { mod numbers { double } }
/// # }
/// # use plugin::LocumPlugin;
/// let plugin = locum_guest::connect::<LocumPlugin>();
/// let numbers = plugin.import("numbers")?;
/// assert_eq!(numbers.call::<i64>("double", (21,))?, 42);
/// # Ok::<(), locum_guest::Error>(())
/// ```
pub fn connect<P: Plugin>() -> Connected {
    testing::Host::new().connect::<P>()
}

pub use testing::Connected;
