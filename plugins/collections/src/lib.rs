//! Python's containers as shared objects: what a `multiprocessing` manager offers, in a plugin.
//!
//! Elements are data of any kind, and live objects: those of this plugin, so that one container holds another and sees
//! it change, and those of elsewhere. Data is copied in and out; an object stays one.
//!
//! A container is not held while elements that are objects are asked for their text or compared: they may call back.

// One class each.
mod array;
mod cell;
mod deque;
mod dict;
mod list;
mod namespace;
mod set;

// What they share.
mod bury;
mod key;
mod live;
mod own;
mod sequence;
mod trail;
mod typecode;

#[cfg(test)]
mod tests;

pub use array::Array;
pub use cell::Cell;
pub use deque::Deque;
pub use dict::Dict;
pub use list::List;
pub use namespace::Namespace;
pub use set::Set;

locum_guest::plugin! {
    /// Python's containers, shared: each is made from data, or from whatever can be gone through.
    mod collections { List, Dict, Set, Deque, Namespace, Cell, Array }
}
