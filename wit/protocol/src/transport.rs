//! The wire forms, and the seam that a door implements: how a message reaches the other end.

use crate::{Bytes, Error, Handle, Item, Result};

/// An object in a message, in the words of whoever wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// It belongs to whoever reads this.
    Yours(Handle),
    /// It belongs to whoever wrote this, and is lent with one reference.
    Mine(Handle),
}

/// A parcel as it crosses: its objects are handles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WireParcel {
    /// One CBOR item.
    pub item: Item,
    /// The objects that the item names, in order.
    pub objects: Vec<Reference>,
    /// The byte buffers that the item names, in order.
    pub buffers: Vec<Bytes>,
}

impl WireParcel {
    /// Bytes of the item and of the buffers.
    pub fn size(&self) -> u64 {
        let buffers = self
            .buffers
            .iter()
            .map(|buffer| buffer.len())
            .sum::<usize>();
        (self.item.len() + buffers) as u64
    }
}

/// References that are given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Released {
    /// What was lent.
    pub target: Handle,
    /// How many of the references to it.
    pub count: u32,
}

/// How a result comes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ReplyMode {
    /// Plain data by value, objects by proxy.
    #[default]
    Auto,
    /// A copy, or [`NotTransferable`](crate::Kind::NotTransferable).
    Value,
    /// Left over there; plain data too.
    Proxy,
}

impl ReplyMode {
    /// `auto`, `value` or `proxy`, as the contract has it.
    pub fn name(self) -> &'static str {
        match self {
            ReplyMode::Auto => "auto",
            ReplyMode::Value => "value",
            ReplyMode::Proxy => "proxy",
        }
    }
}

/// How a call was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CallMode {
    /// By a caller who waits.
    #[default]
    Call,
    /// By a caller who collects the result later.
    Start,
    /// By a caller who wants no answer.
    Post,
}

impl CallMode {
    /// `call`, `start` or `post`.
    pub fn name(self) -> &'static str {
        match self {
            CallMode::Call => "call",
            CallMode::Start => "start",
            CallMode::Post => "post",
        }
    }
}

/// How messages reach the other end. One method per message of the contract (`wit/locum.wit`).
///
/// A method owns what it is given, also when it fails. An error says that the other end answered with a fault, or
/// (with a [fatal](crate::Kind::is_fatal) kind) that the other end is gone: then nothing that was sent counts as lent.
/// A method may be called while another one of the same transport is running, on any thread, also nested.
pub trait Transport: Send + Sync {
    /// Asks for a module.
    fn import_module(&self, name: &str) -> Result<Handle>;
    /// Reads an attribute.
    fn get_attr(&self, target: Handle, path: &str, reply: ReplyMode) -> Result<WireParcel>;
    /// Writes an attribute.
    fn set_attr(&self, target: Handle, path: &str, value: WireParcel) -> Result<()>;
    /// Calls.
    fn call(
        &self,
        target: Handle,
        path: &str,
        args: WireParcel,
        reply: ReplyMode,
    ) -> Result<WireParcel>;
    /// Leaves a copy there.
    fn transfer(&self, value: WireParcel) -> Result<Handle>;
    /// Gives references back. `false`: the other end is busy on another thread, and nothing was sent; the caller keeps
    /// them and tries again at the next crossing.
    fn release(&self, released: &[Released]) -> Result<bool>;
    /// Asks about an object.
    fn describe(&self, target: Handle) -> Result<WireParcel>;
    /// Ends the other end's life, its destructors run.
    fn close(&self) -> Result<()>;
    /// Whether a message would have to wait, because the other end is busy with somebody else's.
    fn is_busy(&self) -> bool {
        false
    }
    /// Returns when a message would not have to wait, as far as can be told.
    fn wait_until_idle(&self) {}
    /// What calls answer from now on, when the peer is being closed for this reason: the reason itself, unless the door
    /// has something to add.
    fn epitaph(&self, cause: &Error) -> Error {
        cause.clone()
    }
    /// Told once, when the peer has been closed for whatever reason: nothing will be sent any more, so what keeps the
    /// other end alive can go.
    fn closed(&self, _cause: &Error) {}
}
