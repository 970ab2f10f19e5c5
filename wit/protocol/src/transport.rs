//! The wire forms, and the seam that a door implements: how a message reaches the other end.

use crate::{Bytes, Error, Handle, Item, Result};

/// An object in a message, in the words of whoever wrote it.
///
/// ```
/// # use locum_protocol::{Handle, Reference};
/// /// Whether an object of this end comes home.
/// fn is_ours(received: Reference) -> bool {
///     matches!(received, Reference::Yours(_))
/// }
/// assert!(is_ours(Reference::Yours(Handle::from_raw(1 << 24))));
/// assert!(!is_ours(Reference::Mine(Handle::from_raw(1 << 24))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// It belongs to whoever reads this.
    Yours(Handle),
    /// It belongs to whoever wrote this, and is lent with one reference.
    Mine(Handle),
}

/// A parcel as it crosses: its objects are handles.
///
/// ```
/// # use locum_protocol::{Bytes, WireParcel};
/// let answer = WireParcel { item: [0x01].into(), ..WireParcel::default() }; // the number 1
/// assert_eq!(answer.size(), 1);
/// let with_buffer = WireParcel { buffers: vec![Bytes::from(vec![0; 99])], ..answer };
/// assert_eq!(with_buffer.size(), 100);
/// ```
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
///
/// ```
/// # use locum_protocol::{Handle, Released};
/// /// All that goes with one message.
/// fn references(released: &[Released]) -> u32 {
///     released.iter().map(|it| it.count).sum()
/// }
/// let twice = Released { target: Handle::from_raw(1 << 24), count: 2 };
/// assert_eq!(references(&[twice]), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Released {
    /// What was lent.
    pub target: Handle,
    /// How many of the references to it.
    pub count: u32,
}

/// How a result comes back.
///
/// ```
/// # use locum_protocol::ReplyMode;
/// assert_eq!(ReplyMode::default(), ReplyMode::Auto);
/// let names = [ReplyMode::Auto, ReplyMode::Value, ReplyMode::Proxy].map(ReplyMode::name);
/// assert_eq!(names, ["auto", "value", "proxy"]);
/// ```
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
///
/// `counter.call`, `counter.start` and `counter.post` are these three, as an [`Observer`](crate::Observer) is told:
///
/// ```
/// # use locum_protocol::CallMode;
/// let names = [CallMode::Call, CallMode::Start, CallMode::Post].map(CallMode::name);
/// assert_eq!(names, ["call", "start", "post"]);
/// ```
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
///
/// The [crate's page](crate#a-door-of-ones-own) has a whole one. This one leads nowhere:
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::{Error, Handle, Kind, Modules, Peer, PeerLimits, Released, ReplyMode, Result, Transport, WireParcel};
/// struct Nowhere;
///
/// fn nowhere<T>() -> Result<T> {
///     Err(Error::new(Kind::Closed, "this leads nowhere"))
/// }
///
/// impl Transport for Nowhere {
///     fn import_module(&self, _: &str) -> Result<Handle> { nowhere() }
///     fn get_attr(&self, _: Handle, _: &str, _: ReplyMode) -> Result<WireParcel> { nowhere() }
///     fn set_attr(&self, _: Handle, _: &str, _: WireParcel) -> Result<()> { nowhere() }
///     fn call(&self, _: Handle, _: &str, _: WireParcel, _: ReplyMode) -> Result<WireParcel> { nowhere() }
///     fn transfer(&self, _: WireParcel) -> Result<Handle> { nowhere() }
///     fn release(&self, _: &[Released]) -> Result<bool> { Ok(true) }
///     fn describe(&self, _: Handle) -> Result<WireParcel> { nowhere() }
///     fn close(&self) -> Result<()> { Ok(()) }
/// }
///
/// let peer = Peer::new("nobody", PeerLimits::default(), Box::new(Nowhere), Arc::new(Modules::default()));
/// assert_eq!(peer.import("x").unwrap_err().kind(), Kind::Closed);
/// ```
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
