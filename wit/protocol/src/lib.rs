//! The language that Locum hosts and plugins speak, written once for both sides.
//!
//! A [`Peer`] is the other end as seen from here. It lends objects ([`Object`], made by `#[object]` or [`callback`]) and
//! holds [`Proxy`]s to those that the other end lent. What travels between two peers is a [`Parcel`]: one CBOR item and
//! the objects and buffers that it names. Every message is described in `wit/PROTOCOL.md`.
//!
//! ```
//! use std::sync::Arc;
//! use locum_protocol::{Module, Modules, Proxy, callback, pair};
//!
//! // What one program offers,
//! let toys = Modules::new("toys", "1.0").with(Module::new("numbers").constant("answer", &42)?);
//! // and how another one sees it. Here both are in one process, and there is no wire.
//! let (toys, _host) = pair(("host", Arc::new(Modules::default())), ("toys", Arc::new(toys)));
//!
//! let numbers: Proxy = toys.import("numbers")?; // an object over there
//! assert_eq!(numbers.get::<i64>("answer")?, 42);
//! let list = toys.transfer(&[3, 1, 2])?; // a copy, left over there as an object
//! let watcher = callback(|n: i64| println!("saw {n}")); // an object of this side
//! list.call::<()>("append", (&watcher,))?; // which is passed like anything else
//! assert!(list.get_item::<Proxy>(-1)?.same_object(&watcher)); // and comes home as itself
//! # Ok::<(), locum_protocol::Error>(())
//! ```
//!
//! # A door of one's own
//!
//! Programs that are not in one process are connected by a [`Transport`]: for each message it has a method, which the
//! other end answers with the `serve_` method of the same name. This one hands every message straight over, and counts
//! them; another one would write them to a socket.
//!
//! ```
//! use std::sync::atomic::{AtomicU32, Ordering};
//! use std::sync::{Arc, OnceLock};
//! use locum_protocol::{
//!     Handle, Modules, Peer, PeerLimits, Released, ReplyMode, Result, Setup, Transport, WeakPeer, WireParcel,
//! };
//!
//! /// The way to a peer, known when both ends have been made.
//! #[derive(Clone, Default)]
//! struct Door {
//!     far: Arc<OnceLock<WeakPeer>>,
//!     messages: Arc<AtomicU32>,
//! }
//!
//! impl Door {
//!     fn far(&self) -> Peer {
//!         self.messages.fetch_add(1, Ordering::Relaxed);
//!         self.far.get().and_then(WeakPeer::upgrade).expect("the other end is there")
//!     }
//! }
//!
//! impl Transport for Door {
//!     fn import_module(&self, name: &str) -> Result<Handle> {
//!         self.far().serve_import_module(name)
//!     }
//!     fn get_attr(&self, of: Handle, path: &str, reply: ReplyMode) -> Result<WireParcel> {
//!         self.far().serve_get_attr(of, path, reply)
//!     }
//!     fn set_attr(&self, of: Handle, path: &str, value: WireParcel) -> Result<()> {
//!         self.far().serve_set_attr(of, path, value)
//!     }
//!     fn call(&self, of: Handle, path: &str, args: WireParcel, reply: ReplyMode) -> Result<WireParcel> {
//!         self.far().serve_call(of, path, args, reply)
//!     }
//!     fn transfer(&self, value: WireParcel) -> Result<Handle> {
//!         self.far().serve_transfer(value)
//!     }
//!     fn release(&self, released: &[Released]) -> Result<bool> {
//!         self.far().serve_release(released).map(|()| true)
//!     }
//!     fn describe(&self, of: Handle) -> Result<WireParcel> {
//!         self.far().serve_describe(of)
//!     }
//!     fn close(&self) -> Result<()> {
//!         self.far().serve_close();
//!         Ok(())
//!     }
//! }
//!
//! let (to_toys, to_host) = (Door::default(), Door::default());
//! let nothing = || Arc::new(Modules::default());
//! let limits = PeerLimits::default();
//! // How the host sees the toys, and the toys the host:
//! let toys = Peer::new("toys", limits.clone(), Box::new(to_toys.clone()), nothing());
//! let host = Peer::with_setup("host", Setup::new().limits(limits), Box::new(to_host.clone()), nothing());
//! let _ = to_toys.far.set(host.downgrade());
//! let _ = to_host.far.set(toys.downgrade());
//!
//! let list = toys.transfer(&[1, 2])?;
//! assert_eq!(list.len()?, 2);
//! assert_eq!(to_toys.messages.load(Ordering::Relaxed), 2);
//! drop(list);
//! assert!(toys.stats().is_idle()); // the release has been sent
//! # Ok::<(), locum_protocol::Error>(())
//! ```
//!
//! [`Peer::with_setup`] takes more: a [`Setup`] says whom the peer tells of posts that failed, and who looks on.
//!
//! **Invariants.** This crate does no IO and knows neither wasmtime nor wit-bindgen. It has no `unsafe`. Nothing that a
//! peer sends makes it panic.

#![forbid(unsafe_code)]

// What can travel.
mod array;
mod bytes;
mod codec;
mod convert;
mod fault;
mod item;
mod limits;
mod parcel;
mod special;
mod value;

// What can be served.
mod args;
mod callback;
mod data;
pub mod describe;
mod guarded;
mod items;
mod module;
mod object;
pub mod ops;
mod shared;

// Between two ends.
mod dispatch;
mod handle;
mod observe;
mod options;
mod pair;
mod path;
mod peer;
mod proxy;
mod transport;

// Calls that are not waited for, and threads that wait.
mod pending;
mod started;
pub mod threads;

#[doc(hidden)]
pub mod private;
#[doc(hidden)]
pub mod text;

pub use args::{Args, Arguments, DynArgs, IntoArgs, Keywords, Positional};
pub use array::{AnyArray, Array, Element, ElementType};
pub use bytes::Bytes;
pub use callback::{Callback, callback};
pub use codec::INLINE_BYTES;
pub use data::Data;
pub use fault::{Error, Fault, Kind, Result};
pub use guarded::{Ref, RefMut};
pub use handle::{Handle, HandleTable, TableError};
pub use item::Item;
pub use items::Items;
pub use limits::{MAX_DIMS, MAX_ITEM_DEPTH, PeerLimits};
pub use module::{Function, Member, Module, Modules, Offers, class, no_module};
pub use object::{Object, ObjectRef, Outcome};
pub use observe::{Context, Crossed, Crossing, Observer};
pub use options::CallOptions;
pub use pair::{pair, pair_with_limits, pair_with_setup};
pub use parcel::{Parcel, from_value, to_value};
pub use peer::{Leak, Peer, PostError, Setup, Stats, WeakPeer};
pub use pending::Pending;
pub use proxy::{Proxy, WeakProxy, by_proxy, by_value};
pub use shared::{Class, Shared};
pub use transport::{CallMode, Reference, Released, ReplyMode, Transport, WireParcel};
pub use value::{Map, Slice, SliceIndices, Value, slice};
