//! What Python does with its builtins, for [`Value`](crate::Value): printing, comparing, calculating, items, methods.
//!
//! It is how data that was transferred answers like an object, and what the proxies' operators mean. Where an operand
//! is an object, its special method is called instead (`__add__`, `__lt__`, `__getitem__`).
//!
//! Nothing here panics, and what could grow without bound is refused ([`MAX_SIZE`]): the operands may come from a peer.

mod access;
mod arithmetic;
pub mod array;
mod array_arithmetic;
mod compare;
pub mod list;
pub mod map;
mod methods;
mod numbers;
mod objects;
mod sort;
mod suggest;
mod text;

pub use access::{
    attribute, attribute_names, contains, del_item, get_item, iterate, len, set_item,
};
pub use arithmetic::{Arithmetic, Unary, arithmetic, truth, unary};
pub use compare::{Comparison, compare, compare_with, equal};
pub use methods::{call_method, method_names};
pub use suggest::closest;
pub use text::{repr, text};

use crate::{Error, Kind, Result};

/// Bytes of a text, or items of a list with all that is in them, that one operation may make: 16 Mi.
pub const MAX_SIZE: usize = 16 << 20;

/// Refuses a result before it is made. `size` is `None` when it does not even fit in a `usize`.
fn check_size(size: Option<usize>, operation: &str) -> Result<()> {
    match size {
        Some(size) if size <= MAX_SIZE => Ok(()),
        _ => Err(Error::new(
            Kind::LimitExceeded,
            format!(
                "the result of {operation} is too large; the limit is {MAX_SIZE} bytes or items"
            ),
        )),
    }
}
