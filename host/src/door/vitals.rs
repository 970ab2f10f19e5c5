//! What can be seen of a plugin from outside, by whoever shall not keep it alive.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use locum_protocol::{Peer, WeakPeer};

use super::Door;
use super::state::{Fate, Line};

/// Looks at a plugin without keeping it, or anything of its, alive: what it shares with its door outlasts both.
#[derive(Clone)]
pub(crate) struct Vitals(Arc<Line>);

impl Door {
    pub(crate) fn vitals(&self) -> Vitals {
        Vitals(Arc::clone(&self.0.line))
    }
}

impl Vitals {
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    /// How the plugin ended, if that has been decided.
    pub(crate) fn end(&self) -> Option<&Fate> {
        self.0.fate.get()
    }

    /// Bytes in its memories while it lives.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.0.memory.load(Ordering::Relaxed)
    }

    pub(crate) fn refusals(&self) -> Vec<String> {
        self.0.refusals.all()
    }

    /// The plugin as a peer, while there is one. Whoever holds that keeps the plugin alive: for moments only.
    pub(crate) fn peer(&self) -> Option<Peer> {
        self.0.peer.get().and_then(WeakPeer::upgrade)
    }

    /// What tells it from every other plugin, as long as this or a clone is held.
    pub(crate) fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}
