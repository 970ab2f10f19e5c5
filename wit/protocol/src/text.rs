//! Text of unknown origin, fit to be shown to people: without what could steer a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Text without control characters, newlines and tabs excepted.
pub fn plain(text: &str) -> Cow<'_, str> {
    escape(text, |c| c != '\n' && c != '\t' && steers(c))
}

/// Text for one line: without any control character.
pub fn line(text: &str) -> Cow<'_, str> {
    escape(text, steers)
}

/// Control characters, and those that turn the direction of text around.
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
