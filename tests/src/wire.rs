//! The far end of a peer, written by hand: it keeps what it is sent, and answers what it is told to. What goes over the
//! wire can be looked at, and what no peer would send can be sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use locum_protocol::{
    Error, Handle, Kind, Modules, Offers, Peer, PeerLimits, Released, ReplyMode, Result, Transport,
    WireParcel,
};

/// A message, as it was sent.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Message {
    ImportModule(String),
    GetAttr(Handle, String, ReplyMode),
    SetAttr(Handle, String, WireParcel),
    Call(Handle, String, WireParcel, ReplyMode),
    Transfer(WireParcel),
    Release(Vec<Released>),
    Describe(Handle),
    Close,
}

/// The far end.
#[derive(Clone, Default)]
pub struct Wire(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    sent: Vec<Message>,
    answers: VecDeque<Result<WireParcel>>,
    /// The handle that an import or a transfer is answered with.
    lent: u64,
}

/// A peer whose other end is a [`Wire`].
pub fn wire(limits: PeerLimits) -> (Peer, Wire) {
    wire_to(Modules::new("here", "1"), limits)
}

/// The same with modules on this side.
pub fn wire_to(offers: Modules, limits: PeerLimits) -> (Peer, Wire) {
    let wire = Wire::default();
    wire.state().lent = LENT;
    let offers: Arc<dyn Offers> = Arc::new(offers);
    (
        Peer::new("wire", limits, Box::new(wire.clone()), offers),
        wire,
    )
}

/// What a [`Wire`] lends: slot 1000 in its first generation, which is not one of those that a test lends itself.
pub const LENT: u64 = (1 << 24) | 1000;

impl Wire {
    /// Answers the next message that is answered with a parcel.
    pub fn answer(&self, parcel: WireParcel) {
        self.state().answers.push_back(Ok(parcel));
    }

    /// The same with a fault.
    pub fn fail(&self, error: Error) {
        self.state().answers.push_back(Err(error));
    }

    /// What was sent since this was last asked.
    pub fn sent(&self) -> Vec<Message> {
        std::mem::take(&mut self.state().sent)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, message: Message) {
        self.state().sent.push(message);
    }

    fn next(&self) -> Result<WireParcel> {
        let silence = || Err(Error::new(Kind::Raised, "the wire was told no answer"));
        self.state().answers.pop_front().unwrap_or_else(silence)
    }
}

impl Transport for Wire {
    fn import_module(&self, name: &str) -> Result<Handle> {
        self.say(Message::ImportModule(name.to_owned()));
        Ok(Handle::from_raw(self.state().lent))
    }
    fn get_attr(&self, target: Handle, path: &str, reply: ReplyMode) -> Result<WireParcel> {
        self.say(Message::GetAttr(target, path.to_owned(), reply));
        self.next()
    }
    fn set_attr(&self, target: Handle, path: &str, value: WireParcel) -> Result<()> {
        self.say(Message::SetAttr(target, path.to_owned(), value));
        Ok(())
    }
    fn call(
        &self,
        target: Handle,
        path: &str,
        args: WireParcel,
        reply: ReplyMode,
    ) -> Result<WireParcel> {
        self.say(Message::Call(target, path.to_owned(), args, reply));
        self.next()
    }
    fn transfer(&self, value: WireParcel) -> Result<Handle> {
        self.say(Message::Transfer(value));
        Ok(Handle::from_raw(self.state().lent))
    }
    fn release(&self, released: &[Released]) -> Result<bool> {
        self.say(Message::Release(released.to_vec()));
        Ok(true)
    }
    fn describe(&self, target: Handle) -> Result<WireParcel> {
        self.say(Message::Describe(target));
        self.next()
    }
    fn close(&self) -> Result<()> {
        self.say(Message::Close);
        Ok(())
    }
}
