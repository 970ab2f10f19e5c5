//! How many sample objects are alive, and how much is lent: what must be back at its start when a test ends.

use std::cell::Cell;

use locum_guest::{Proxy, object};

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
}

/// Part of every sample object: counts it for as long as it lives.
#[derive(Debug)]
pub(crate) struct Live(());

impl Live {
    pub(crate) fn new() -> Live {
        LIVE.set(LIVE.get() + 1);
        Live(())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        LIVE.set(LIVE.get() - 1);
    }
}

/// Sample objects alive on this thread, which in a plugin is the only one.
pub fn live_objects() -> usize {
    LIVE.get()
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
