//! Upper and lower case, and what kind of characters a text is made of.
//!
//! As in Python but for what would need tables: `isdigit` knows only 0 to 9, the few letters that have a title case of
//! their own get their upper case, and `title` and `swapcase` do not know that a sigma looks different at the end.

use super::arguments::Arguments;
use crate::{Result, Value};

pub(super) fn upper(text: &str, _: Arguments) -> Result<Value> {
    Ok(text.to_uppercase().into())
}

pub(super) fn lower(text: &str, _: Arguments) -> Result<Value> {
    Ok(text.to_lowercase().into())
}

pub(super) fn swapcase(text: &str, _: Arguments) -> Result<Value> {
    let mut swapped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_uppercase() {
            swapped.extend(c.to_lowercase());
        } else {
            swapped.extend(c.to_uppercase());
        }
    }
    Ok(swapped.into())
}

pub(super) fn title(text: &str, _: Arguments) -> Result<Value> {
    let mut titled = String::with_capacity(text.len());
    let mut in_word = false;
    for c in text.chars() {
        if in_word {
            titled.extend(c.to_lowercase());
        } else {
            push_title(&mut titled, c);
        }
        in_word = c.is_uppercase() || c.is_lowercase();
    }
    Ok(titled.into())
}

pub(super) fn capitalize(text: &str, _: Arguments) -> Result<Value> {
    let mut capitalized = String::with_capacity(text.len());
    if let Some(first) = text.chars().next() {
        push_title(&mut capitalized, first);
        // All of it is lowered, as the last letter of a Greek word depends on those before it.
        capitalized.extend(
            text.to_lowercase()
                .chars()
                .skip(first.to_lowercase().count()),
        );
    }
    Ok(capitalized.into())
}

/// One letter can become several, of which only the first is a capital: `ß` becomes `Ss`.
fn push_title(out: &mut String, c: char) {
    let mut upper = c.to_uppercase();
    out.extend(upper.next());
    out.extend(upper.flat_map(char::to_lowercase));
}

pub(super) fn isdigit(text: &str, _: Arguments) -> Result<Value> {
    all(text, |c| c.is_ascii_digit())
}

pub(super) fn isalpha(text: &str, _: Arguments) -> Result<Value> {
    all(text, char::is_alphabetic)
}

pub(super) fn isalnum(text: &str, _: Arguments) -> Result<Value> {
    all(text, char::is_alphanumeric)
}

pub(super) fn isspace(text: &str, _: Arguments) -> Result<Value> {
    all(text, is_space)
}

/// White space as Python has it: Unicode's, and the four separators of ASCII.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// An empty text is of no kind.
fn all(text: &str, is_one: fn(char) -> bool) -> Result<Value> {
    Ok((!text.is_empty() && text.chars().all(is_one)).into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::answer;

    #[test]
    fn case_changes_as_in_python() {
        for (text, name, expected) in [
            ("straße", "upper", "'STRASSE'"),
            ("ΑΣ", "lower", "'ας'"),
            ("they're HERE", "title", "'They\\'Re Here'"),
            ("hELLO wORLD", "capitalize", "'Hello world'"),
            ("ßx", "capitalize", "'Ssx'"),
            ("ΑΣ", "capitalize", "'Ας'"),
            ("", "capitalize", "''"),
            ("aBç", "swapcase", "'AbÇ'"),
        ] {
            assert_eq!(
                answer(text, name, [])
                    .replace('"', "'")
                    .replace("y'R", "y\\'R"),
                expected
            );
        }
    }

    #[test]
    fn an_empty_text_is_of_no_kind() {
        for name in ["isdigit", "isalpha", "isalnum", "isspace"] {
            assert_eq!(answer("", name, []), "False");
        }
        assert_eq!(answer("123", "isdigit", []), "True");
        assert_eq!(answer("12.5", "isdigit", []), "False");
        assert_eq!(answer("abcé", "isalpha", []), "True");
        assert_eq!(answer("abc1", "isalnum", []), "True");
        assert_eq!(answer(" \t\x1f\u{2003}", "isspace", []), "True");
    }
}
