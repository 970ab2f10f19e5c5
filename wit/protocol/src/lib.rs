//! The language that Locum hosts and plugins speak, written once for both sides.
//!
//! A [`Peer`] is the other end as seen from here. It lends objects ([`Object`], made by `#[object]` or [`callback`]) and
//! holds [`Proxy`]s to those that the other end lent. What travels between two peers is a [`Parcel`]: one CBOR item and
//! the objects and buffers that it names. Every message is described in `wit/PROTOCOL.md`.
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
