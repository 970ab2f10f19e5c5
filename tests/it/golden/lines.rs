//! The lines of the blocks marked `golden` in a document: `name | diagnostic notation | bytes in hexadecimal`.

pub(super) struct Line {
    pub(super) name: String,
    pub(super) notation: String,
    pub(super) item: Vec<u8>,
}

impl Line {
    pub(super) fn hex(&self) -> String {
        hex(&self.item)
    }
}

/// Reads a document's lines.
pub(super) fn read(path: &str) -> Vec<Line> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut lines = Vec::new();
    let mut inside = false;
    for text in text.lines() {
        match text {
            "```golden" => inside = true,
            "```" => inside = false,
            text if inside => lines.push(parse(text)),
            _ => {}
        }
    }
    assert!(!lines.is_empty(), "{path} has no golden lines");
    lines
}

fn parse(text: &str) -> Line {
    let columns: Vec<&str> = text.split(" | ").map(str::trim).collect();
    let [name, notation, hex] = columns[..] else {
        panic!("not three columns: {text}")
    };
    let byte = |pair: &str| {
        u8::from_str_radix(pair, 16).unwrap_or_else(|_| panic!("no byte: {pair} in {text}"))
    };
    Line {
        name: name.to_owned(),
        notation: notation.to_owned(),
        item: hex.split_ascii_whitespace().map(byte).collect(),
    }
}

/// A line as it would stand in the document.
pub(super) fn written(name: &str, notation: &str, item: &[u8]) -> String {
    format!("{name:<20} | {notation:<33} | {}", hex(item))
}

/// Bytes as they stand in the document.
pub(super) fn hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}
