//! What a script prints, and whether it has ended its line.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::out;

static IN_LINE: AtomicBool = AtomicBool::new(false);

/// Prints a text of a script's.
pub(crate) fn out(text: &str) {
    if !text.is_empty() {
        IN_LINE.store(!text.ends_with('\n'), Ordering::Relaxed);
        out::print(text);
    }
}

/// Ends the line that a script has begun, so that what comes next begins one.
pub(crate) fn end_line() {
    if IN_LINE.swap(false, Ordering::Relaxed) {
        out::out("\n");
    }
}
