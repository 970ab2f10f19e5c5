//! Taking a text apart.

use super::arguments::Arguments;
use super::letters::is_space;
use crate::{Error, Result, Value};

pub(super) fn split(text: &str, mut arguments: Arguments) -> Result<Value> {
    let (separator, most) = separator_and_most(&mut arguments)?;
    Ok(match separator {
        None => parts(split_at_spaces(text, most)),
        Some(separator) => parts(text.splitn(most.saturating_add(1), &separator)),
    })
}

pub(super) fn rsplit(text: &str, mut arguments: Arguments) -> Result<Value> {
    let (separator, most) = separator_and_most(&mut arguments)?;
    let mut found: Vec<&str> = match &separator {
        None => rsplit_at_spaces(text, most),
        Some(separator) => text.rsplitn(most.saturating_add(1), separator).collect(),
    };
    found.reverse();
    Ok(parts(found))
}

pub(super) fn splitlines(text: &str, mut arguments: Arguments) -> Result<Value> {
    let keep_ends = arguments.flag(0)?;
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some(end) = rest.find(is_line_end) else {
            lines.push(rest);
            break;
        };
        let ending = if rest[end..].starts_with("\r\n") {
            2
        } else {
            rest[end..].chars().next().map_or(0, char::len_utf8)
        };
        lines.push(&rest[..if keep_ends { end + ending } else { end }]);
        rest = &rest[end + ending..];
    }
    Ok(parts(lines))
}

/// What ends a line for Python.
fn is_line_end(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn parts<'a>(found: impl IntoIterator<Item = &'a str>) -> Value {
    Value::List(found.into_iter().map(Value::from).collect())
}

fn separator_and_most(arguments: &mut Arguments) -> Result<(Option<String>, usize)> {
    let separator = arguments.optional_text(0)?;
    if separator.as_ref().is_some_and(String::is_empty) {
        return Err(Error::value(arguments.place("empty separator")));
    }
    Ok((separator, arguments.limit(1)?))
}

/// The words; when there are more than `most` splits, the last part is all that is left.
fn split_at_spaces(text: &str, most: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let end = if words.len() < most {
            rest.find(is_space).unwrap_or(rest.len())
        } else {
            rest.len()
        };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after.trim_start_matches(is_space);
    }
    words
}

/// The same from the end, the last word first.
fn rsplit_at_spaces(text: &str, most: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_end_matches(is_space);
    while !rest.is_empty() {
        // A word begins where what stands before it, cut at its last space, ends.
        let start = if words.len() < most {
            rest.trim_end_matches(|c| !is_space(c)).len()
        } else {
            0
        };
        let (before, word) = rest.split_at(start);
        words.push(word);
        rest = before.trim_end_matches(is_space);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::testing::answer;
    use super::*;

    #[test]
    fn without_a_separator_text_splits_into_words() {
        let none = || Value::Null;
        assert_eq!(answer(" a  b\tc ", "split", []), "['a', 'b', 'c']");
        assert_eq!(
            answer("a b  c ", "split", [none(), 1i64.into()]),
            "['a', 'b  c ']"
        );
        assert_eq!(answer("  a b ", "split", [none(), 0i64.into()]), "['a b ']");
        assert_eq!(
            answer(" a  b c ", "rsplit", [none(), 1i64.into()]),
            "[' a  b', 'c']"
        );
        assert_eq!(
            answer("  a b ", "rsplit", [none(), 0i64.into()]),
            "['  a b']"
        );
        assert_eq!(answer("   ", "split", []), "[]");
        assert_eq!(answer("aé bü", "rsplit", []), "['aé', 'bü']");
    }

    #[test]
    fn a_separator_splits_wherever_it_stands() {
        assert_eq!(answer("a,,b,", "split", [",".into()]), "['a', '', 'b', '']");
        assert_eq!(
            answer("a,b,c", "split", [",".into(), 1i64.into()]),
            "['a', 'b,c']"
        );
        assert_eq!(
            answer("a,b,c", "rsplit", [",".into(), 1i64.into()]),
            "['a,b', 'c']"
        );
        assert_eq!(answer("", "split", [",".into()]), "['']");
        assert_eq!(
            answer("a", "split", ["".into()]),
            "ValueError: text.split: empty separator"
        );
        assert_eq!(answer("a", "split", [1i64.into()]), {
            "TypeError: text.split: argument `separator` (1): expected a text, got the integer 1"
        });
    }

    #[test]
    fn lines_end_as_python_ends_them() {
        assert_eq!(
            answer("a\nb\r\nc\rd\u{2028}", "splitlines", []),
            "['a', 'b', 'c', 'd']"
        );
        assert_eq!(
            answer("a\r\n\nb", "splitlines", [true.into()]),
            r"['a\r\n', '\n', 'b']"
        );
        assert_eq!(answer("", "splitlines", []), "[]");
        assert_eq!(answer("\n", "splitlines", []), "['']");
    }
}
