//! The one way to standard output and standard error.
//!
//! A reader that has gone away (`locum eval ... | head`) ends the program quietly. What a plugin said is shown with its
//! control characters escaped, so that it can not steer the terminal.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process;

pub(crate) use crate::escape::{line, plain, steers};

use crate::{failure, trace};

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
