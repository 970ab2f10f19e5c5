//! The one way to standard output and standard error.
//!
//! A reader that has gone away (`locum eval ... | head`) ends the program quietly. What a plugin said is shown with its
//! control characters escaped, so that it can not steer the terminal.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) use crate::escape::{line, plain, steers};

use crate::{failure, trace};

/// As wide as what is not shown on a terminal.
const USUAL_WIDTH: usize = 80;

/// Whether only results and errors are wanted.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Writes nothing but results and errors from now on.
pub(crate) fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Whether nothing but results and errors is wanted.
pub(crate) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Writes a remark to standard error, which is neither a result nor an error.
pub(crate) fn note(text: &str) {
    if !is_quiet() {
        err(text);
    }
}

/// How many characters fit in a line of standard output.
pub(crate) fn width() -> usize {
    let stdout = io::stdout();
    let size = stdout
        .is_terminal()
        .then(|| terminal_size::terminal_size_of(&stdout))
        .flatten();
    size.map_or(USUAL_WIDTH, |(width, _)| width.0.into())
}

/// Writes text to standard output.
pub(crate) fn out(text: &str) {
    let mut stdout = io::stdout().lock();
    let Err(error) = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    else {
        return;
    };
    drop(stdout);
    if error.kind() == ErrorKind::BrokenPipe {
        let _ = trace::write();
        process::exit(0);
    }
    err(&format!(
        "error: standard output can not be written to: {error}\n"
    ));
    let _ = trace::write();
    process::exit(failure::USAGE.into());
}

/// What a script prints: to a terminal without what could steer it, and otherwise as it is.
pub(crate) fn print(text: &str) {
    if io::stdout().is_terminal() {
        out(&plain(text))
    } else {
        out(text)
    }
}

/// Writes text to standard error. When that is gone there is nobody left to be told.
pub(crate) fn err(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
