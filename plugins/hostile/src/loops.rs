//! What does not come to an end, wherever a plugin's code runs.

use std::hint::{black_box, spin_loop};

use locum_guest::{Items, Proxy, Result, object};

/// Runs for ever, in a function of its own, for the backtrace.
#[inline(never)]
pub(crate) fn spin() {
    while black_box(true) {
        spin_loop();
    }
}

/// A method that never returns.
#[object]
pub(crate) fn forever() {
    spin();
}

/// Counts up to `rounds`, which takes a while.
#[object]
pub(crate) fn work(rounds: u64) -> u64 {
    (0..rounds).fold(0, |sum, round| black_box(sum ^ round))
}

/// Calls the host again and again, each time for a moment only.
#[object]
pub(crate) fn chat(callback: Proxy) -> Result<()> {
    loop {
        callback.invoke::<()>(())?;
    }
}

/// Calls the host, which may call this again, `depth` times.
#[object]
pub(crate) fn bounce(callback: Proxy, depth: u64) -> Result<u64> {
    callback.invoke((depth,))
}

/// The same, with the callback passed on, so that it can go on.
#[object]
pub(crate) fn bounce_on(callback: Proxy, depth: u64) -> Result<u64> {
    callback.invoke((depth, &callback))
}

/// Never ends wherever it is touched.
pub(crate) struct Endless;

#[object]
impl Endless {
    fn new() -> Self {
        Endless
    }

    #[getter]
    fn value(&self) -> i64 {
        spin();
        0
    }

    #[setter]
    fn set_value(&mut self, value: i64) {
        black_box(value);
        spin();
    }

    fn __str__(&self) -> String {
        spin();
        String::new()
    }

    /// Items of which the third one never comes.
    fn __iter__(&self) -> Items<i64> {
        Items::new((0..).inspect(|n| {
            if *n == 2 {
                spin();
            }
        }))
    }
}

/// Can not be let go.
pub(crate) struct Sticky;

#[object]
impl Sticky {
    fn new() -> Self {
        Sticky
    }
}

impl Drop for Sticky {
    fn drop(&mut self) {
        spin();
    }
}
