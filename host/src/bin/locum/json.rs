//! Values as JSON.
//!
//! What JSON has no word for is a map with one key: `{"$proxy": "<Proxy[list] #1@collections>"}`, `{"$bytes": "00ff"}`,
//! `{"$slice": [1, null, null]}`, `{"$float": "nan"}`, `{"$array": {"dtype": "f64", "shape": [2], "data": [0.5, 1.5]}}`
//! with the data in one row-major list. Keys that are numbers, booleans or null become text, as in
//! Python's `json`; other keys, and two keys that become the same text, are refused.

use std::collections::HashSet;
use std::fmt::Write;

use locum::{Map, Value, ops};
use serde::Serialize;

use crate::out;

/// A value in one line.
pub(crate) fn write(value: &Value) -> Result<String, String> {
    let mut text = String::new();
    write_value(&mut text, value)?;
    Ok(text)
}

/// Anything that serializes, for people to read.
pub(crate) fn pretty<T: Serialize>(value: &T) -> Result<String, String> {
    serde_json::to_string_pretty(value)
        .map(|text| escaped(&text))
        .map_err(|error| error.to_string())
}

/// Values are at most as deep as a message may be, and so is this recursion.
fn write_value(text: &mut String, value: &Value) -> Result<(), String> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(flag) => put(text, flag),
        Value::Int(number) => put(text, number),
        Value::Float(number) if number.is_finite() => {
            put_text(text, number, serde_json::to_string)?
        }
        Value::Float(number) => {
            let name = if number.is_nan() {
                "nan"
            } else if *number > 0.0 {
                "inf"
            } else {
                "-inf"
            };
            put(text, format_args!("{{\"$float\":\"{name}\"}}"));
        }
        Value::Text(string) => quote(text, string)?,
        Value::Bytes(bytes) => {
            text.push_str("{\"$bytes\":\"");
            bytes
                .iter()
                .for_each(|byte| put(text, format_args!("{byte:02x}")));
            text.push_str("\"}");
        }
        Value::Array(array) => {
            let (dtype, shape) = (array.element_type(), array.shape());
            put(
                text,
                format_args!("{{\"$array\":{{\"dtype\":\"{dtype}\",\"shape\":["),
            );
            for (at, len) in shape.iter().enumerate() {
                put(text, format_args!("{}{len}", if at > 0 { "," } else { "" }));
            }
            text.push_str("],\"data\":");
            let flat = array.reshape([array.len()]).map_err(|e| e.to_string())?;
            let numbers = ops::iterate(&Value::Array(flat)).map_err(|e| e.to_string())?;
            write_value(text, &Value::List(numbers))?;
            text.push_str("}}");
        }
        Value::Slice(slice) => {
            let part =
                |part: Option<i64>| part.map_or("null".to_owned(), |number| number.to_string());
            let parts = [part(slice.start), part(slice.stop), part(slice.step)];
            put(text, format_args!("{{\"$slice\":[{}]}}", parts.join(",")));
        }
        Value::List(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write_value(text, item)?;
            }
            text.push(']');
        }
        Value::Map(map) => write_map(text, map)?,
        Value::Object(proxy) => {
            text.push_str("{\"$proxy\":");
            quote(text, &format!("{proxy:?}"))?;
            text.push('}');
        }
        other => return Err(format!("a {} has no form in JSON", other.type_name())),
    }
    Ok(())
}

fn write_map(text: &mut String, map: &Map) -> Result<(), String> {
    let mut seen = HashSet::new();
    text.push('{');
    for (at, (key, value)) in map.iter().enumerate() {
        let key = match key {
            Value::Text(key) => key.clone(),
            Value::Null | Value::Bool(_) | Value::Int(_) => write(key)?,
            Value::Float(number) if number.is_finite() => write(key)?,
            other => {
                let kind = other.type_name();
                return Err(format!(
                    "a key of type {kind} has no form in JSON; make a list of pairs of the dict"
                ));
            }
        };
        if at > 0 {
            text.push(',');
        }
        quote(text, &key)?;
        text.push(':');
        write_value(text, value)?;
        if let Some(twice) = seen.replace(key) {
            return Err(format!(
                "two keys become {twice:?} in JSON; make a list of pairs of the dict"
            ));
        }
    }
    text.push('}');
    Ok(())
}

fn put(text: &mut String, what: impl std::fmt::Display) {
    let _ = write!(text, "{what}");
}

fn put_text<T: ?Sized>(
    text: &mut String,
    value: &T,
    write: impl FnOnce(&T) -> serde_json::Result<String>,
) -> Result<(), String> {
    text.push_str(&write(value).map_err(|error| error.to_string())?);
    Ok(())
}

fn quote(text: &mut String, string: &str) -> Result<(), String> {
    put_text(text, string, |it| {
        serde_json::to_string(it).map(|quoted| escaped(&quoted))
    })
}

/// JSON in which no character can steer a terminal: all that are left stand inside of texts.
pub(crate) fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\n' => escaped.push(c),
            c if out::steers(c) => put(&mut escaped, format_args!("\\u{:04x}", u32::from(c))),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use locum::expr;

    use super::*;

    struct Nothing;

    impl expr::Modules for Nothing {
        fn import(&self, name: &str) -> locum::Result<locum::Proxy> {
            Err(locum::Error::raise("ImportError", name))
        }
        fn contents(&self) -> locum::Result<Vec<(String, Vec<String>)>> {
            Ok(Vec::new())
        }
    }

    fn json(source: &str) -> Result<String, String> {
        let mut interpreter = expr::Interpreter::new(Nothing, |_: &str| ());
        write(&interpreter.eval(source).unwrap().unwrap())
    }

    #[test]
    fn values_have_the_form_that_json_gives_them() {
        for (source, expected) in [
            (
                "[1, -2.5, 3.0, true, null, 'a\"\\n']",
                r#"[1,-2.5,3.0,true,null,"a\"\n"]"#,
            ),
            ("2 ** 100", "1267650600228229401496703205376"),
            ("{'a': {}, 'b': []}", r#"{"a":{},"b":[]}"#),
            (
                "{1: 2, null: 3, true: 4, 1.5: 5}",
                r#"{"1":4,"null":3,"1.5":5}"#,
            ),
            ("b'\\x00\\xff'", r#"{"$bytes":"00ff"}"#),
            (
                "array([[1, 2.5]])",
                r#"{"$array":{"dtype":"f64","shape":[1,2],"data":[1.0,2.5]}}"#,
            ),
            (
                "array([], 'u8')",
                r#"{"$array":{"dtype":"u8","shape":[0],"data":[]}}"#,
            ),
            ("float('nan')", r#"{"$float":"nan"}"#),
            ("-float('inf')", r#"{"$float":"-inf"}"#),
            ("'\\x1b\\x9b'", r#""\u001b\u009b""#),
        ] {
            assert_eq!(json(source).as_deref(), Ok(expected), "{source}");
        }
    }

    #[test]
    fn keys_that_json_can_not_tell_apart_are_refused() {
        assert!(json("{1: 2, '1': 3}").unwrap_err().contains("two keys"));
        assert!(json("{b'a': 2}").unwrap_err().contains("key of type bytes"));
    }

    #[test]
    fn an_object_is_its_proxy() {
        let object = Value::Object(locum::callback(|| 1));
        assert!(write(&object).unwrap().starts_with(r#"{"$proxy":"<Proxy["#));
    }
}
