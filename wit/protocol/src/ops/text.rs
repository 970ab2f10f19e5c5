//! Values as text: what Python's `repr` and `str` print.

use std::fmt::Write as _;

use crate::array::{exponent_as_python, show};
use crate::limits::MAX_ITEM_DEPTH;
use crate::{Error, Kind, Result, Slice, Value};

/// What Python's `repr` prints: text in quotes, `None`, `True`, `[1, 'a']`. Of a long array the edges.
///
/// An object is asked for its own. Values nested deeper than a message may be are refused as too deep.
///
/// ```
/// # use locum_protocol::{Value, ops};
/// let list = Value::List(vec!["a".into(), Value::Null, true.into(), 1.0.into()]);
/// assert_eq!(ops::repr(&list)?, "['a', None, True, 1.0]");
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn repr(value: &Value) -> Result<String> {
    let mut out = String::new();
    write_repr(&mut out, value, 0)?;
    Ok(out)
}

/// What Python's `str` prints: text as it is, an object's own text, anything else as [`repr`].
///
/// ```
/// # use locum_protocol::ops;
/// assert_eq!(ops::text(&"a".into())?, "a");
/// assert_eq!(ops::text(&vec![1, 2].into())?, "[1, 2]");
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn text(value: &Value) -> Result<String> {
    match value {
        Value::Text(text) => Ok(text.clone()),
        Value::Object(proxy) => proxy.text(),
        other => repr(other),
    }
}

/// What an error calls a value that it did not expect, in the words that the codec uses: `the text "two"`, `a list`.
///
/// No crossing, so that it can be said of an object that is gone.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => format!("the boolean {flag}"),
        Value::Int(int) => format!("the integer {int}"),
        Value::Float(float) => format!("the number {}", float_repr(*float)),
        Value::Text(text) => format!("the text {}", quote(text)),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Array(array) => array.describe(),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a map".to_owned(),
        Value::Slice(_) => "a slice".to_owned(),
        Value::Object(proxy) => format!("an object ({})", proxy.type_name()),
    }
}

/// A text in quotes, or as much of it as one needs to know it by.
fn quote(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}...", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// The refusal of values nested beyond the depth that a message can hold.
pub(super) fn check_depth(depth: usize) -> Result<()> {
    if depth < MAX_ITEM_DEPTH {
        return Ok(());
    }
    Err(Error::new(
        Kind::TooDeep,
        format!("the value is nested more than {MAX_ITEM_DEPTH} deep"),
    ))
}

fn write_repr(out: &mut String, value: &Value, depth: usize) -> Result<()> {
    match value {
        Value::Null => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Int(int) => out.push_str(&int.to_string()),
        Value::Float(float) => out.push_str(&float_repr(*float)),
        Value::Text(text) => write_text(out, text),
        Value::Bytes(bytes) => write_bytes(out, bytes),
        Value::Array(array) => out.push_str(&show(array, false)),
        Value::Slice(slice) => write_slice(out, slice),
        Value::Object(proxy) => out.push_str(&proxy.repr()?),
        Value::List(items) => {
            check_depth(depth)?;
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                write_separator(out, at);
                write_repr(out, item, depth + 1)?;
            }
            out.push(']');
        }
        Value::Map(map) => {
            check_depth(depth)?;
            out.push('{');
            for (at, (key, value)) in map.iter().enumerate() {
                write_separator(out, at);
                write_repr(out, key, depth + 1)?;
                out.push_str(": ");
                write_repr(out, value, depth + 1)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_separator(out: &mut String, at: usize) {
    if at > 0 {
        out.push_str(", ");
    }
}

/// The shortest digits that read back as the same number, laid out as Python does.
fn float_repr(float: f64) -> String {
    if float.is_nan() {
        return "nan".to_owned();
    }
    let shown = format!("{float:?}");
    if shown.contains('e') {
        exponent_as_python(shown)
    } else {
        nearest_even(float, shown)
    }
}

/// Where two texts of the same length read back as the number and are equally near to it, Python prints the even one.
fn nearest_even(float: f64, shown: String) -> String {
    let decimals = shown
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    let rounded = format!("{float:.decimals$}");
    if rounded.parse() == Ok(float) {
        rounded
    } else {
        shown
    }
}

/// Single quotes, unless the text has single ones and no double ones.
fn quote_for(has_single: bool, has_double: bool) -> char {
    if has_single && !has_double { '"' } else { '\'' }
}

fn write_text(out: &mut String, text: &str) {
    let quote = quote_for(text.contains('\''), text.contains('"'));
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if is_printable(c) => out.push(c),
            c => write_code_point(out, u32::from(c)),
        }
    }
    out.push(quote);
}

fn write_code_point(out: &mut String, code: u32) {
    // Writing to a String can not fail.
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

/// Whether Python prints it as it is. Rust's `Debug` for text decides the same way, but escapes quotes too, and a
/// combining mark when it comes first; so it is shown one with a letter before it.
fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    let mut buffer = [b'a'; 5];
    let end = 1 + c.encode_utf8(&mut buffer[1..]).len();
    str::from_utf8(&buffer[..end]).is_ok_and(|shown| shown.escape_debug().nth(1) == Some(c))
}

fn write_bytes(out: &mut String, bytes: &[u8]) {
    let quote = quote_for(bytes.contains(&b'\''), bytes.contains(&b'"'));
    out.push('b');
    out.push(quote);
    for &byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            b if char::from(b) == quote => {
                out.push('\\');
                out.push(quote);
            }
            b' '..=b'~' => out.push(char::from(byte)),
            _ => write_code_point(out, u32::from(byte)),
        }
    }
    out.push(quote);
}

fn write_slice(out: &mut String, slice: &Slice) {
    let part =
        |part: Option<i64>| part.map_or_else(|| "None".to_owned(), |index| index.to_string());
    out.push_str(&format!(
        "slice({}, {}, {})",
        part(slice.start),
        part(slice.stop),
        part(slice.step)
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bytes, Map, slice};

    fn shown(value: impl Into<Value>) -> String {
        repr(&value.into()).unwrap()
    }

    #[test]
    fn constants_and_containers_print_as_in_python() {
        assert_eq!(shown(()), "None");
        assert_eq!(shown(true), "True");
        assert_eq!(
            shown(vec![Value::from(1i64), "a".into(), Value::List(vec![])]),
            "[1, 'a', []]"
        );
        assert_eq!(
            shown(
                [("k".into(), 1i64.into()), (2i64.into(), ().into())]
                    .into_iter()
                    .collect::<Map>()
            ),
            { "{'k': 1, 2: None}" }
        );
        assert_eq!(shown(slice(1..)), "slice(1, None, None)");
        assert_eq!(shown(i128::MIN), "-170141183460469231731687303715884105728");
    }

    #[test]
    fn floats_print_as_in_python() {
        for (float, expected) in [
            (1.0, "1.0"),
            (0.1, "0.1"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (1.5e300, "1.5e+300"),
            (5e-324, "5e-324"),
            (123456.789, "123456.789"),
            (9_007_199_254_740_992.0 / 10.0, "900719925474099.2"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
            (-f64::NAN, "nan"),
        ] {
            assert_eq!(shown(float), expected);
        }
    }

    #[test]
    fn text_is_quoted_and_escaped_as_in_python() {
        for (text, expected) in [
            ("it's", r#""it's""#),
            (r#"say "hi""#, r#"'say "hi"'"#),
            (r#"it's "x""#, r#"'it\'s "x"'"#),
            ("a\n\t\r\\\0\x7f", r"'a\n\t\r\\\x00\x7f'"),
            (
                "é\u{301}\u{200b}\u{2028}\u{a0}\u{10ffff}😀",
                "'é\u{301}\\u200b\\u2028\\xa0\\U0010ffff😀'",
            ),
        ] {
            assert_eq!(shown(text), expected);
        }
        assert_eq!(shown(Bytes::from(b"a'\x00\xff\n")), r#"b"a'\x00\xff\n""#);
    }

    #[test]
    fn text_of_a_text_is_itself_and_of_the_rest_its_repr() {
        assert_eq!(text(&"it's".into()).unwrap(), "it's");
        assert_eq!(text(&vec!["a"].into()).unwrap(), "['a']");
    }

    #[test]
    fn what_is_too_deep_is_refused() {
        let nested = |depth| (0..depth).fold(Value::Null, |inner, _| Value::List(vec![inner]));
        assert!(repr(&nested(MAX_ITEM_DEPTH)).is_ok());
        assert_eq!(
            repr(&nested(MAX_ITEM_DEPTH + 1)).unwrap_err().kind(),
            Kind::TooDeep
        );
    }

    #[test]
    fn an_unexpected_value_is_described_briefly() {
        assert_eq!(describe(&"two".into()), r#"the text "two""#);
        assert_eq!(describe(&vec![1i64, 2].into()), "a list");
        assert_eq!(describe(&(-5i64).into()), "the integer -5");
        assert!(describe(&"é".repeat(1000).into()).chars().count() < 60);
    }
}
