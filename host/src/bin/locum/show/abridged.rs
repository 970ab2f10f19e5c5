//! Values that are too long to be read as a whole.

use locum::{Map, Value, expr};

use crate::{out, units};

/// A text or bytes longer than this are cut.
const LONGEST_TEXT: usize = 2_000;

/// A list or dict of more entries than this is cut to its first and last ones.
const MOST_ENTRIES: usize = 200;
const ENDS: usize = 10;

/// A value as the language writes it: in one line when it fits, a dict or list in several when it does not, and what is
/// long cut in the middle.
pub(super) fn value(value: &Value, width: usize) -> String {
    written(value, width, 0)
}

/// Bytes as a literal, cut.
pub(super) fn bytes(bytes: &[u8], width: usize) -> String {
    let shown = expr::display(&Value::Bytes(
        bytes[..bytes.len().min(width)].to_vec().into(),
    ));
    if bytes.len() <= width {
        return shown;
    }
    format!("{shown}… ({} bytes)", units::grouped(bytes.len() as u64))
}

fn written(value: &Value, width: usize, indent: usize) -> String {
    match value {
        Value::List(items) if !items.is_empty() => {
            let parts = cut(items, |item| written(item, width, indent + 2));
            joined(parts, ['[', ']'], width, indent)
        }
        Value::Map(map) if !map.is_empty() => entries(map, width, indent),
        Value::Text(text) if text.len() > LONGEST_TEXT => {
            let end = text.floor_char_boundary(LONGEST_TEXT);
            let shown = expr::display(&Value::Text(text[..end].to_owned()));
            let chars = units::grouped(text.chars().count() as u64);
            format!(
                "{}… ({chars} characters; print(_) shows all)",
                out::plain(&shown)
            )
        }
        Value::Bytes(bytes) if bytes.len() > LONGEST_TEXT => self::bytes(bytes, width),
        // Also a null has a form when it lies inside.
        Value::Null => "null".to_owned(),
        other => out::plain(&expr::display(other)).into_owned(),
    }
}

fn entries(map: &Map, width: usize, indent: usize) -> String {
    let entries: Vec<_> = map.iter().collect();
    let parts = cut(&entries, |(key, value)| {
        let key = written(key, width, indent + 2);
        format!("{key}: {}", written(value, width, indent + 2))
    });
    joined(parts, ['{', '}'], width, indent)
}

/// What each entry is written as; of many only the first and last ones, and how many lie between them.
fn cut<T>(entries: &[T], write: impl Fn(&T) -> String) -> Vec<String> {
    if entries.len() <= MOST_ENTRIES {
        return entries.iter().map(write).collect();
    }
    let left_out = units::grouped((entries.len() - 2 * ENDS) as u64);
    let first = entries[..ENDS].iter().map(&write);
    let last = entries[entries.len() - ENDS..].iter().map(&write);
    first
        .chain([format!("… {left_out} more …")])
        .chain(last)
        .collect()
}

/// In one line when there is room for it, and otherwise one part a line; short ones several in a line.
fn joined(parts: Vec<String>, [open, close]: [char; 2], width: usize, indent: usize) -> String {
    let length = |text: &str| text.chars().count();
    let in_one: usize = parts.iter().map(|part| length(part) + 2).sum();
    if indent + in_one <= width && parts.iter().all(|part| !part.contains('\n')) {
        return format!("{open}{}{close}", parts.join(", "));
    }
    let margin = " ".repeat(indent + 2);
    let short = parts.iter().all(|part| length(part) <= 16 && open == '[');
    let mut lines = vec![String::new()];
    for part in parts {
        let last = lines.last().map_or(0, |line| length(line));
        let fits = short && margin.len() + last + length(&part) + 2 <= width;
        match lines.last_mut() {
            Some(line) if line.is_empty() => *line = part + ",",
            Some(line) if fits => *line += &format!(" {part},"),
            _ => lines.push(part + ","),
        }
    }
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("{margin}{line}\n"))
        .collect();
    format!("{open}\n{}{}{close}", lines.concat(), " ".repeat(indent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ints(count: i64) -> Value {
        Value::List((0..count).map(Value::from).collect())
    }

    #[test]
    fn what_fits_stands_in_one_line() {
        assert_eq!(value(&ints(5), 80), "[0, 1, 2, 3, 4]");
        assert_eq!(value(&Value::List(vec![Value::Null]), 80), "[null]");
        assert_eq!(value(&Value::List(Vec::new()), 80), "[]");
    }

    #[test]
    fn a_long_list_is_broken_into_lines_and_a_very_long_one_cut() {
        let shown = value(&ints(100), 40);
        assert!(
            shown.lines().count() > 5 && shown.lines().all(|line| line.len() <= 40),
            "{shown}"
        );
        assert!(shown.contains(" 99,\n]"), "{shown}");
        let shown = value(&ints(1_000_000), 80);
        assert!(shown.contains("9, … 999,980 more …,"), "{shown}");
        assert!(shown.len() < 400, "{shown}");
    }

    #[test]
    fn a_dict_that_does_not_fit_has_an_entry_a_line() {
        let map: Map = [("name", "x".repeat(30)), ("text", "y".repeat(30))]
            .into_iter()
            .map(|(key, text)| (Value::from(key), Value::from(text)))
            .collect();
        let shown = value(&Value::Map(map), 50);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!((lines[0], lines[3]), ("{", "}"));
        assert!(lines[1].starts_with("  'name': 'xxx"), "{shown}");
    }

    #[test]
    fn long_texts_and_bytes_say_how_long_they_are() {
        let shown = value(&Value::from("é".repeat(5_000)), 80);
        assert!(
            shown.ends_with("… (5,000 characters; print(_) shows all)"),
            "{shown}"
        );
        let shown = bytes(&[7; 1_000], 20);
        assert!(
            shown.starts_with("b'\\x07") && shown.ends_with("… (1,000 bytes)"),
            "{shown}"
        );
    }

    #[test]
    fn what_a_plugin_says_does_not_reach_the_terminal_raw() {
        let nasty = Value::List(vec![Value::from("\x1b[2J"), Value::from("\u{9b}x")]);
        assert!(!value(&nasty, 80).chars().any(|c| c.is_control()));
    }
}
