//! What a plugin's store carries: what the plugin may use, what it said, and who serves its calls.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use locum_protocol::{Error, WeakPeer};
use wasmtime::{ResourceLimiter, StoreContextMut};
use wasmtime_wasi::{WasiCtxView, WasiView};

use crate::deadline::Meter;
use crate::grants::Refusals;
use crate::limits::Limits;
use crate::reentry::{Family, Key};
use crate::wasi::{Alarm, HasWasi, Wasi};

/// What the door and the store of a plugin share. The store can not hold the door itself, which owns it.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) key: Key<Parked>,
    /// The host, as it looks from this plugin.
    pub(crate) peer: OnceLock<WeakPeer>,
    /// Why the plugin is closed, once it is.
    pub(crate) fate: OnceLock<Fate>,
    /// Who is told when that is decided.
    pub(crate) on_end: OnceLock<OnEnd>,
    /// Why the plugin is about to be closed in order, where that has a reason of its own.
    pub(crate) reason: OnceLock<Error>,
    /// Wakes the plugin when its fate is decided while it sleeps.
    pub(crate) alarm: Arc<Alarm>,
    /// How long it has been running.
    pub(crate) meter: Arc<Meter>,
    /// What it tried and was not granted.
    pub(crate) refusals: Arc<Refusals>,
    /// Bytes in its memories, as its [`Gauge`] noted them last.
    pub(crate) memory: Arc<AtomicUsize>,
}

/// Told of a plugin's end, in the middle of whatever it ended in: on its stack perhaps, and with its gate locked.
pub(crate) type OnEnd = Box<dyn Fn(&Fate) + Send + Sync>;

/// Why a plugin is gone, and what calls answer then.
pub(crate) struct Fate {
    pub(crate) cause: Error,
    /// Whether it was closed, its destructors having run, rather than having died or been killed.
    pub(crate) in_order: bool,
    /// When that was decided.
    #[cfg_attr(
        not(feature = "monitor"),
        allow(dead_code, reason = "the monitor tells it")
    )]
    pub(crate) at: Instant,
    /// Those that were under way when it happened.
    pub(crate) during: Error,
    /// Those that come afterwards.
    pub(crate) after: Error,
}

impl Line {
    pub(crate) fn new(name: &str) -> Line {
        let meter = Meter::new();
        Line {
            name: name.to_owned(),
            key: Key::new(),
            peer: OnceLock::new(),
            fate: OnceLock::new(),
            on_end: OnceLock::new(),
            reason: OnceLock::new(),
            alarm: Arc::new(Alarm::new(Arc::clone(&meter))),
            meter,
            refusals: Arc::default(),
            memory: Arc::default(),
        }
    }
}

/// A plugin's store, as an import that is being served holds it.
pub(crate) struct Parked;

impl Family for Parked {
    type At<'a> = StoreContextMut<'a, State>;
}

/// The store's data.
pub(crate) struct State {
    pub(crate) line: Arc<Line>,
    pub(crate) gauge: Gauge,
    pub(crate) wasi: Wasi,
    /// What the plugin said before it died.
    pub(crate) last_words: Option<Error>,
}

impl State {
    /// Whether the plugin may run on, seen from the middle of its code.
    pub(crate) fn may_go_on(&self) -> wasmtime::Result<()> {
        if self.line.fate.get().is_some() {
            return Err(wasmtime::Error::msg("the plugin was closed while it ran"));
        }
        Ok(self.line.meter.check()?)
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.wasi.view()
    }
}

impl HasWasi for State {
    fn wasi(&mut self) -> &mut Wasi {
        &mut self.wasi
    }
}

/// Measures what a plugin takes against its limits.
///
/// wasmtime's own `StoreLimits` bounds each memory by itself, and does not remember that it said no.
pub(crate) struct Gauge {
    limits: Limits,
    memory_bytes: usize,
    /// The same, for those who look on from outside.
    shown: Arc<AtomicUsize>,
    table_elements: usize,
    /// What was allowed last, in case that the growth fails all the same.
    allowed: usize,
    /// The last refusal, in words that name the limit and how to raise it.
    pub(crate) refused: Option<String>,
}

impl Gauge {
    pub(crate) fn new(limits: Limits, shown: Arc<AtomicUsize>) -> Gauge {
        Gauge {
            limits,
            memory_bytes: 0,
            shown,
            table_elements: 0,
            allowed: 0,
            refused: None,
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    fn has_memory(&mut self, bytes: usize) {
        self.memory_bytes = bytes;
        self.shown.store(bytes, Ordering::Relaxed);
    }
}

impl ResourceLimiter for Gauge {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let wanted = self
            .memory_bytes
            .saturating_add(desired.saturating_sub(current));
        self.allowed = 0;
        if wanted > self.limits.memory_bytes {
            self.refused = Some(format!(
                "the memory limit of {} was reached: the plugin asked for {} (Limits::memory_bytes)",
                bytes(self.limits.memory_bytes),
                bytes(wanted),
            ));
            return Ok(false);
        }
        self.allowed = wanted - self.memory_bytes;
        self.has_memory(wanted);
        Ok(true)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        // Also called after a refusal, when nothing was allowed.
        let allowed = std::mem::take(&mut self.allowed);
        self.has_memory(self.memory_bytes - allowed);
        if self.refused.is_none() {
            self.refused = Some(format!("the plugin's memory could not grow: {error:#}"));
        }
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let wanted = self
            .table_elements
            .saturating_add(desired.saturating_sub(current));
        if wanted > self.limits.table_elements {
            self.refused = Some(format!(
                "the limit of {} table elements was reached: the plugin asked for {wanted} (Limits::table_elements)",
                self.limits.table_elements,
            ));
            return Ok(false);
        }
        self.table_elements = wanted;
        Ok(true)
    }

    fn instances(&self) -> usize {
        self.limits.instances
    }

    fn tables(&self) -> usize {
        self.limits.instances
    }

    fn memories(&self) -> usize {
        self.limits.instances
    }
}

/// The unit in which WebAssembly memory grows.
const PAGE: usize = 1 << 16;

/// A number of bytes as a person writes it.
pub(super) fn bytes(count: usize) -> String {
    if count >= 1 << 20 && count.is_multiple_of(PAGE) {
        let mebibytes = count as f64 / f64::from(1 << 20);
        format!("{mebibytes} MiB")
    } else {
        format!("{count} bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gauge() -> Gauge {
        let limits = Limits {
            memory_bytes: 32 * PAGE,
            table_elements: 10,
            ..Limits::default()
        };
        Gauge::new(limits, Arc::default())
    }

    #[test]
    fn memory_grows_to_its_limit_and_not_a_page_further() {
        let mut gauge = gauge();
        assert!(gauge.memory_growing(0, 31 * PAGE, None).unwrap());
        assert!(gauge.memory_growing(31 * PAGE, 32 * PAGE, None).unwrap());
        assert!(gauge.refused.is_none());
        assert!(!gauge.memory_growing(32 * PAGE, 33 * PAGE, None).unwrap());
        let refused = gauge.refused.unwrap();
        assert!(
            refused.contains("memory limit of 2 MiB") && refused.contains("2.0625 MiB"),
            "{refused}"
        );
        assert!(refused.contains("(Limits::memory_bytes)"), "{refused}");
    }

    #[test]
    fn all_memories_share_one_limit() {
        let mut gauge = gauge();
        assert!(gauge.memory_growing(0, 20 * PAGE, None).unwrap());
        assert!(!gauge.memory_growing(0, 20 * PAGE, None).unwrap());
        assert!(gauge.memory_growing(0, 12 * PAGE, None).unwrap());
    }

    #[test]
    fn what_could_not_grow_is_not_counted() {
        let mut gauge = gauge();
        assert!(gauge.memory_growing(0, 20 * PAGE, None).unwrap());
        gauge
            .memory_grow_failed(wasmtime::Error::msg("out of memory"))
            .unwrap();
        assert!(
            gauge
                .refused
                .as_deref()
                .is_some_and(|text| text.contains("out of memory"))
        );
        assert!(gauge.memory_growing(0, 32 * PAGE, None).unwrap());
        assert!(!gauge.memory_growing(0, PAGE, None).unwrap());
        gauge
            .memory_grow_failed(wasmtime::Error::msg("refused"))
            .unwrap();
        assert!(
            !gauge.memory_growing(0, PAGE, None).unwrap(),
            "a refusal gives nothing back"
        );
    }

    #[test]
    fn all_tables_share_one_limit() {
        let mut gauge = gauge();
        assert!(gauge.table_growing(0, 8, None).unwrap());
        assert!(!gauge.table_growing(0, 3, None).unwrap());
        assert!(gauge.table_growing(8, 10, None).unwrap());
    }
}
