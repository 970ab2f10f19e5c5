//! What a peer lent to this end, and the requests to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::observe::Crossing;
use crate::peer::Peer;
use crate::{CallMode, Handle, Parcel, ReplyMode, Result};

/// What a peer lent to this end.
pub(crate) struct Import {
    pub(crate) peer: Peer,
    pub(crate) handle: Handle,
    pub(crate) type_name: Arc<str>,
    /// References that arrived, all of which are given back together.
    pub(crate) received: AtomicU32,
}

impl Drop for Import {
    fn drop(&mut self) {
        self.peer
            .give_back(self.handle, self.received.load(Ordering::Relaxed));
    }
}

impl Import {
    pub(crate) fn call(
        &self,
        path: &str,
        args: Parcel,
        reply: ReplyMode,
        mode: CallMode,
    ) -> Result<Parcel> {
        let bytes = args.size();
        let outward = || self.outward("call", path, mode, reply, bytes);
        let call = || self.peer.request_call(self.handle, path, args, reply);
        let answer = self.peer.observed(outward, Parcel::size, call);
        answer.map_err(|error| error.at(self.place(path)))
    }

    pub(crate) fn get(&self, path: &str, reply: ReplyMode, mode: CallMode) -> Result<Parcel> {
        let outward = || self.outward("get", path, mode, reply, 0);
        let get = || self.peer.request_get(self.handle, path, reply);
        let answer = self.peer.observed(outward, Parcel::size, get);
        answer.map_err(|error| error.at(self.place(path)))
    }

    /// A copy of the object as plain data.
    pub(crate) fn value(&self) -> Result<Parcel> {
        let reply = ReplyMode::Value;
        let outward = || self.outward("get", "", CallMode::Call, reply, 0);
        let get = || self.peer.request_get(self.handle, "", reply);
        self.peer.observed(outward, Parcel::size, get)
    }

    pub(crate) fn set(&self, path: &str, value: Parcel, mode: CallMode) -> Result<()> {
        let bytes = value.size();
        let outward = || self.outward("set", path, mode, ReplyMode::Auto, bytes);
        let set = || self.peer.request_set(self.handle, path, value);
        let answer = self.peer.observed(outward, |()| 0, set);
        answer.map_err(|error| error.at(self.place(path)))
    }

    fn outward<'a>(
        &'a self,
        verb: &'static str,
        path: &'a str,
        mode: CallMode,
        reply: ReplyMode,
        bytes: u64,
    ) -> Crossing<'a> {
        Crossing {
            peer: self.peer.name(),
            inward: false,
            verb,
            type_name: &self.type_name,
            path,
            mode,
            reply,
            bytes,
        }
    }

    /// What is called, as an error names it: `Counter.add`.
    #[cold]
    pub(crate) fn callee(&self, path: &str) -> String {
        match path {
            "" => self.type_name.to_string(),
            path => format!("{}.{path}", self.type_name),
        }
    }

    /// A line of a trace: where a call was served.
    #[cold]
    fn place(&self, path: &str) -> String {
        format!("in {} at {}", self.callee(path), self.peer.name())
    }
}
