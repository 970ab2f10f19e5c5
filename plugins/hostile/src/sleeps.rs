//! Waiting, where no code of the plugin runs that could be interrupted.

use std::io::Read;
use std::thread;
use std::time::Duration;

use locum_guest::object;

/// Sleeps.
#[object]
pub(crate) fn sleep(milliseconds: u64) {
    thread::sleep(Duration::from_millis(milliseconds));
}

/// Sleeps for a moment, again and again.
#[object]
pub(crate) fn poll_for_ever() {
    loop {
        thread::sleep(Duration::from_micros(10));
    }
}

/// Reads standard input to its end.
#[object]
pub(crate) fn read_stdin() -> usize {
    let mut all = Vec::new();
    std::io::stdin().read_to_end(&mut all).unwrap_or(0)
}

/// Sleeps when it is let go.
pub(crate) struct Drowsy;

#[object]
impl Drowsy {
    fn new() -> Self {
        Drowsy
    }
}

impl Drop for Drowsy {
    fn drop(&mut self) {
        thread::sleep(Duration::from_secs(3600));
    }
}
