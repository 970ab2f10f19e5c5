//! The one way to standard output and standard error.
//!
//! A reader that has gone away (`locum eval ... | head`) ends the program quietly. What a plugin said is shown with its
//! control characters escaped, so that it can not steer the terminal.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process;

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

/// Text without control characters, newlines and tabs excepted.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    escape(text, |c| c != '\n' && c != '\t' && steers(c))
}

/// Text for one line: without any control character.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    escape(text, steers)
}

/// Control characters, and those that turn the direction of text around.
pub(crate) fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escape(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' if is_escaped(c) => escaped.push_str("\\n"),
            '\t' if is_escaped(c) => escaped.push_str("\\t"),
            '\r' => escaped.push_str("\\r"),
            c if is_escaped(c) && u32::from(c) < 0x100 => {
                let _ = write!(escaped, "\\x{:02x}", u32::from(c));
            }
            c if is_escaped(c) => {
                let _ = write!(escaped, "\\u{:04x}", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_a_terminal_is_escaped() {
        assert_eq!(plain("a\x1b[31m\n\tb\r"), "a\\x1b[31m\n\tb\\r");
        assert_eq!(line("a\nb\tc\u{9b}"), "a\\nb\\tc\\x9b");
        assert_eq!(line("\u{202e}evil"), "\\u202eevil");
        assert!(matches!(line("日本 é"), Cow::Borrowed(_)));
    }
}
