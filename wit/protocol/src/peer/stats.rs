//! What is lent, and what has gone to and fro.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use super::{Peer, lock};
use crate::proxy::Import;
use crate::transport::WireParcel;

/// How much is lent in each direction, and what has gone to and fro.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let list = plugin.transfer(&vec![1, 2])?;
/// list.len()?;
/// let stats = plugin.stats();
/// assert_eq!((stats.imports, stats.exports, stats.calls), (1, 0, 1));
/// assert_eq!(stats.imports_by_type, [("list".to_owned(), 1)]);
/// drop(list);
/// assert!(plugin.stats().is_idle());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Objects lent to the other end.
    pub exports: usize,
    /// Objects that the other end lent to this one and that are still in use here.
    pub imports: usize,
    /// Of `exports`, how many of each type.
    pub exports_by_type: Vec<(String, usize)>,
    /// Of `imports`, how many of each type.
    pub imports_by_type: Vec<(String, usize)>,
    /// Calls that were started or posted and are not finished.
    pub pending: usize,
    /// Requests to objects that the other end has answered or is answering.
    pub calls: u64,
    /// Requests of the other end to objects of this one.
    pub calls_served: u64,
    /// Bytes sent with these requests and replies, buffers included.
    pub bytes_sent: u64,
    /// Bytes received with them.
    pub bytes_received: u64,
}

impl Stats {
    /// Whether nothing is lent in either direction and no call is under way.
    pub fn is_idle(&self) -> bool {
        self.exports == 0 && self.imports == 0 && self.pending == 0
    }
}

/// What has gone to and fro.
#[derive(Default)]
pub(super) struct Traffic {
    calls: AtomicU64,
    calls_served: AtomicU64,
    bytes_sent: AtomicU64,
    bytes_received: AtomicU64,
}

impl Traffic {
    #[inline]
    pub(super) fn asks(&self, wire: &WireParcel) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.sent(wire);
    }

    #[inline]
    pub(super) fn serves(&self, wire: &WireParcel) {
        self.calls_served.fetch_add(1, Ordering::Relaxed);
        self.received(wire);
    }

    #[inline]
    pub(super) fn sent(&self, wire: &WireParcel) {
        self.bytes_sent.fetch_add(wire.size(), Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn received(&self, wire: &WireParcel) {
        self.bytes_received
            .fetch_add(wire.size(), Ordering::Relaxed);
    }
}

impl Peer {
    /// How much is lent in each direction, and what has gone to and fro. Releases that were waiting are sent first.
    pub fn stats(&self) -> Stats {
        self.flush();
        let traffic = &self.0.traffic;
        Stats {
            pending: self.0.mailbox.unfinished(),
            calls: traffic.calls.load(Ordering::Relaxed),
            calls_served: traffic.calls_served.load(Ordering::Relaxed),
            bytes_sent: traffic.bytes_sent.load(Ordering::Relaxed),
            bytes_received: traffic.bytes_received.load(Ordering::Relaxed),
            ..self.lent()
        }
    }

    /// How much is lent, now.
    pub(super) fn lent(&self) -> Stats {
        let exports: Vec<String> = {
            let exports = lock(&self.0.exports);
            exports
                .table
                .iter()
                .map(|(target, _)| target.type_name().to_owned())
                .collect()
        };
        // The proxies are let go after unlocking: dropping the last one takes the lock again.
        let alive: Vec<Arc<Import>> = lock(&self.0.imports)
            .values()
            .filter_map(Weak::upgrade)
            .collect();
        let imports: Vec<String> = alive
            .iter()
            .map(|import| import.type_name.to_string())
            .collect();
        Stats {
            exports: exports.len(),
            imports: imports.len(),
            exports_by_type: count(exports),
            imports_by_type: count(imports),
            ..Stats::default()
        }
    }
}

fn count(names: Vec<String>) -> Vec<(String, usize)> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}
