// Views of the objects of `counters 0.1.0`, from what it tells about itself.
// Written by `locum bindgen counters.wasm`; write it again rather than change it.

use locum::{Proxy, Result, proxy};

/// The module `counters`.
#[proxy(module = "counters")]
pub trait Counters {
    /// `Counter(start: int) -> Counter`
    #[name("Counter")]
    fn counter(&self, start: i64) -> Result<CounterProxy>;
}

/// Objects of the class `Counter`.
#[proxy]
pub trait Counter {
    /// Adds `by`, and tells the watcher, if there is one.
    ///
    /// `add(by: int = 1, watcher: object or null = null) -> int`
    fn add(
        &self,
        #[arg(default)] by: Option<i64>,
        #[arg(default)] watcher: Option<&Proxy>,
    ) -> Result<i64>;
}
