//! The one place where a plugin's fate is decided, and what follows from that.

use std::any::Any;

use locum_protocol::{Error, Kind, WeakPeer};

use super::state::{Fate, OnEnd, State};
use super::{Door, Inner, autopsy, panic_message};
use crate::{deadline, watch};

impl Door {
    /// Has `hook` told when the plugin's fate is decided. That may be on the plugin's own stack, and its gate is locked: no
    /// code of a user's may run there. Only the first hook counts.
    pub(crate) fn on_end(&self, hook: OnEnd) {
        let _ = self.0.line.on_end.set(hook);
    }

    /// How the plugin ended, if it has.
    pub(crate) fn end(&self) -> Option<&Fate> {
        self.0.line.fate.get()
    }

    /// What calls shall answer when the plugin will have been closed in order.
    pub(crate) fn closes_because(&self, reason: Error) {
        let _ = self.0.line.reason.set(reason);
    }

    /// Whether this thread is inside the plugin, whose stack is parked below.
    pub(crate) fn is_here(&self) -> bool {
        self.0.line.key.stack_used().is_some()
    }
}

impl Inner {
    /// Decides the plugin's fate, unless it is decided already.
    pub(super) fn decide(&self, cause: &Error) {
        self.decide_as(cause, false);
    }

    pub(super) fn decide_as(&self, cause: &Error, in_order: bool) {
        let mut is_first = false;
        let fate = self.line.fate.get_or_init(|| {
            is_first = true;
            autopsy::fate(&self.line.name, cause, in_order)
        });
        if is_first {
            watch::gone(&self.line.name, cause);
        }
        self.line.alarm.ring();
        deadline::interrupt();
        self.store.wake();
        if is_first && let Some(hook) = self.line.on_end.get() {
            hook(fate);
        }
    }

    /// Objects' panics are caught where the plugin called them; this one is of the host's own machinery (a sink, WASI),
    /// and has passed through the plugin, which is in no state that could be called again.
    #[cold]
    pub(super) fn host_panicked(&self, panic: &(dyn Any + Send)) -> Error {
        let text = panic_message(panic);
        let error = Error::new(
            Kind::Trap,
            format!("the host panicked while the plugin ran: {text}"),
        );
        self.decide(&error);
        error
    }

    #[cold]
    pub(super) fn died(&self, error: &wasmtime::Error, state: &mut State) -> Error {
        if self.line.fate.get().is_none() {
            self.decide(&autopsy::examine(error, state));
        }
        match self.line.fate.get() {
            Some(fate) => fate.during.clone(),
            None => self.gone(),
        }
    }

    /// What a call answers when the plugin is gone.
    #[cold]
    pub(super) fn gone(&self) -> Error {
        match self.line.fate.get() {
            Some(fate) => fate.after.clone(),
            None => Error::new(
                Kind::Closed,
                format!("plugin `{}` is closed", self.line.name),
            ),
        }
    }

    /// What calls answer when the plugin is gone, should it be for this reason.
    pub(super) fn epitaph(&self, cause: &Error) -> Error {
        match self.line.fate.get() {
            Some(fate) => fate.after.clone(),
            None => autopsy::fate(&self.line.name, cause, false).after,
        }
    }

    /// Clears up after a plugin whose fate is decided: what it had borrowed goes back, and it is dropped. If something
    /// of it still runs, then whoever runs it drops it afterwards.
    #[inline]
    pub(super) fn sweep(&self) {
        if let Some(fate) = self.line.fate.get() {
            self.bury(&fate.after);
        }
    }

    #[cold]
    fn bury(&self, fate: &Error) {
        // Also if it is kept for a thread, which will not want it any more.
        let store = self
            .store
            .try_enter_first()
            .and_then(|mut pass| pass.take());
        // Only now, with the gate open: these drop what the host lent and its sink, which may do anything.
        drop(store);
        if let Some(peer) = self.line.peer.get().and_then(WeakPeer::upgrade) {
            peer.close_with(fate.clone());
        }
    }
}
