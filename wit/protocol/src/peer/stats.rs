//! What is lent, and what has gone to and fro.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Peer, lock};
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

impl Traffic {
    /// What has gone to and fro so far, and nothing else.
    pub(super) fn sums(&self) -> Stats {
        Stats {
            calls: self.calls.load(Ordering::Relaxed),
            calls_served: self.calls_served.load(Ordering::Relaxed),
            bytes_sent: self.bytes_sent.load(Ordering::Relaxed),
            bytes_received: self.bytes_received.load(Ordering::Relaxed),
            ..Stats::default()
        }
    }
}

impl Peer {
    /// How much is lent in each direction, and what has gone to and fro. Releases that were waiting are sent first.
    pub fn stats(&self) -> Stats {
        self.flush();
        self.stats_as_they_are()
    }

    /// The same for those who look on: nothing is sent, and nothing is done over there. What waits to be given back still
    /// counts as lent over there, and no more here.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&vec![1])?;
    /// drop(list);
    /// assert_eq!(plugin.stats_as_they_are().imports, 0); // the plugin is not told of it yet
    /// assert!(plugin.stats().is_idle());
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn stats_as_they_are(&self) -> Stats {
        let lent = self.lent();
        Stats {
            pending: self.0.mailbox.unfinished(),
            exports: lent.exports,
            imports: lent.imports,
            exports_by_type: lent.exports_by_type,
            imports_by_type: lent.imports_by_type,
            ..self.0.traffic.sums()
        }
    }

    /// How much is lent, now.
    pub(super) fn lent(&self) -> Stats {
        let exports = {
            let exports = lock(&self.0.exports);
            let targets = exports.table.iter();
            count(targets.map(|(target, _)| target.type_name()))
        };
        let imports = {
            let imports = lock(&self.0.imports);
            let alive = imports
                .values()
                .filter(|known| known.import.strong_count() > 0);
            count(alive.map(|known| &*known.type_name))
        };
        Stats {
            exports: exports.iter().map(|(_, count)| count).sum(),
            imports: imports.iter().map(|(_, count)| count).sum(),
            exports_by_type: exports,
            imports_by_type: imports,
            ..Stats::default()
        }
    }
}

fn count<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(String, usize)> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_insert(0) += 1;
    }
    let owned = |(name, count): (&str, usize)| (name.to_owned(), count);
    counts.into_iter().map(owned).collect()
}
