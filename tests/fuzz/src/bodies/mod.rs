//! One function for each target: what is done with the bytes that a fuzzer chose, and what must hold then.
//!
//! A law that is broken panics, for the fuzzer to see. The files here belong to two crates: to the targets, and to the
//! tests, which replay the kept inputs.

mod describe;
mod expression;
mod input;
mod messages;
mod parcel;

// Where both crates have them.
use super::{LENT, Message, bindgen, escape, expr, report, style, wire, wire_to};

pub use describe::describe;
pub use expression::expression;
pub use messages::messages;
pub use parcel::parcel;
