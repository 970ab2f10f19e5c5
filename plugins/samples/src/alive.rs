//! How many sample objects are alive, and how much is lent: what must be back at its start when a test ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use locum_guest::{Proxy, object};

thread_local! {
    static LIVE: Arc<AtomicUsize> = Arc::default();
}

/// Part of every sample object: counts it, for the thread that made it, for as long as it lives.
#[derive(Debug)]
pub(crate) struct Live(Arc<AtomicUsize>);

impl Live {
    pub(crate) fn new() -> Live {
        let live = LIVE.with(Arc::clone);
        live.fetch_add(1, Ordering::Relaxed);
        Live(live)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Sample objects made by this thread, which in a plugin is the only one, and alive.
pub fn live_objects() -> usize {
    LIVE.with(|live| live.load(Ordering::Relaxed))
}

/// Sample objects alive in this plugin.
#[object]
pub(crate) fn live() -> usize {
    live_objects()
}

/// How many objects this plugin has lent to its host, and how many it holds of it, `probe` among them.
#[object]
pub(crate) fn tables(probe: Proxy) -> (usize, usize) {
    match probe.peer() {
        Some(host) => {
            let stats = host.stats();
            (stats.exports, stats.imports)
        }
        None => (0, 0),
    }
}
