//! The front matter of a text: `key: value` lines between two lines of dashes, before everything else.

use locum_guest::{Map, Value};

/// The front matter as a map of texts, and the text behind it. What only looks like front matter is text.
pub(crate) fn split(source: &str) -> (Map, &str) {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    read(source).unwrap_or_else(|| (Map::default(), source))
}

fn read(source: &str) -> Option<(Map, &str)> {
    let mut rest = source;
    if next_line(&mut rest)?.trim_end() != "---" {
        return None;
    }
    let mut entries = Vec::new();
    loop {
        let line = next_line(&mut rest)?.trim_end();
        match line {
            "---" | "..." => break,
            // Also what a value needs that has several lines is no reason to show it all as text.
            line if line.is_empty() || line.starts_with(['#', ' ', '\t', '-']) => {}
            line => entries.push(entry(line)?),
        }
    }
    (!entries.is_empty()).then(|| (entries.into_iter().collect(), rest))
}

fn next_line<'a>(rest: &mut &'a str) -> Option<&'a str> {
    if rest.is_empty() {
        return None;
    }
    let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
    *rest = behind;
    Some(line)
}

fn entry(line: &str) -> Option<(Value, Value)> {
    let (key, value) = line.split_once(':')?;
    let is_name = |key: &str| {
        key.chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'))
    };
    // A colon inside of a word, as in `https://`, makes no key.
    if key.is_empty() || !is_name(key) || !(value.is_empty() || value.starts_with([' ', '\t'])) {
        return None;
    }
    let value = value.trim();
    let bare = [('"', '"'), ('\'', '\'')]
        .into_iter()
        .find_map(|(open, close)| value.strip_prefix(open)?.strip_suffix(close))
        .unwrap_or(value);
    Some((key.into(), bare.into()))
}
