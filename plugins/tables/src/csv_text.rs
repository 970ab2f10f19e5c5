//! Tables from CSV text.

use std::borrow::Cow;

use locum_guest::{Error, Map, Result, Value};

use crate::infer::{self, Raw, Type};
use crate::names::no_column;
use crate::table::Table;

/// How CSV is to be read.
pub(crate) struct Options {
    pub(crate) delimiter: String,
    pub(crate) header: bool,
    pub(crate) columns: Option<Vec<String>>,
    pub(crate) types: Option<Map>,
    pub(crate) nulls: Vec<String>,
}

/// The text of what a caller gave: text, or bytes in that encoding. A byte order mark is left out.
pub(crate) fn text(data: Value, encoding: &str) -> Result<String> {
    let text = match data {
        Value::Text(text) => text,
        Value::Bytes(bytes) => decoded(&bytes, encoding)?.into_owned(),
        Value::Object(proxy) => return self::text(proxy.value()?, encoding),
        other => {
            return Err(Error::type_error(format!(
                "expected text or bytes, got {}; a file is read by `open`",
                other.type_name()
            )));
        }
    };
    match text.strip_prefix('\u{feff}') {
        Some(rest) => Ok(rest.to_owned()),
        None => Ok(text),
    }
}

fn decoded<'a>(bytes: &'a [u8], encoding: &str) -> Result<Cow<'a, str>> {
    match encoding.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
            let at = error.valid_up_to();
            let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
            let byte = bytes.get(at).copied().unwrap_or_default();
            Error::value(format!(
                "line {line}: the byte 0x{byte:02x} is not UTF-8; if the text is in Latin-1, say encoding=\"latin-1\""
            ))
        }),
        "latin-1" | "latin1" | "iso-8859-1" => Ok(Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect())),
        _ => Err(Error::value(format!(
            "the encoding {encoding:?} is not known; there are utf-8 and latin-1"
        ))),
    }
}

pub(crate) fn delimiter(text: &str) -> Result<u8> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
        _ => Err(Error::value(format!(
            "the delimiter is {text:?}; expected one ASCII character, such as \",\", \";\" or \"\\t\""
        ))),
    }
}

/// Reads a table.
pub(crate) fn read(text: &str, options: &Options) -> Result<Table> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&options.delimiter)?)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut next = |record: &mut csv::StringRecord| -> Result<bool> {
        reader
            .read_record(record)
            .map_err(|error| Error::value(format!("the CSV can not be read: {error}")))
    };

    let mut names: Option<Vec<String>> = options.columns.clone();
    let mut raw: Vec<Raw> = Vec::new();
    let mut lines: Vec<u64> = Vec::new();
    let mut waits_for_header = options.header;
    let mut counter = Lines::new(text);
    while next(&mut record)? {
        let line = counter.of(record.position().map_or(0, csv::Position::byte) as usize);
        if std::mem::take(&mut waits_for_header) {
            let header: Vec<String> = header(&record);
            let names = names.get_or_insert_with(|| header.clone());
            check_width(names.len(), header.len(), line, "the given columns")?;
            continue;
        }
        let names = names.get_or_insert_with(|| {
            (1..=record.len())
                .map(|it| format!("column_{it}"))
                .collect()
        });
        let by = if options.header {
            "the header"
        } else {
            "the first row"
        };
        check_width(names.len(), record.len(), line, by)?;
        raw.resize_with(names.len(), Raw::default);
        for (raw, cell) in raw.iter_mut().zip(&record) {
            raw.push(cell);
        }
        lines.push(line);
    }
    let names = names.unwrap_or_default();
    crate::names::check_unique(&names)?;
    raw.resize_with(names.len(), Raw::default);

    let types = types(options.types.as_ref(), &names)?;
    let mut columns = Vec::with_capacity(names.len());
    for ((name, raw), kind) in names.into_iter().zip(raw).zip(types) {
        let column = match kind {
            None => infer::column(&raw, &options.nulls),
            Some(kind) => infer::column_of(&raw, kind, &options.nulls, |row| {
                format!("line {}, column `{name}`", lines[row])
            })?,
        };
        columns.push((name, column));
    }
    Ok(Table::of(columns, lines.len()))
}

/// Counts lines. The reader's own count lags behind where lines end in CR LF, or are empty.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn new(text: &str) -> Lines<'_> {
        Lines {
            text: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// The line of a record that was looked for from this byte on: ends of lines before it are not part of it.
    fn of(&mut self, byte: usize) -> u64 {
        while let Some(found) = self.text.get(self.at) {
            if self.at >= byte && !matches!(found, b'\n' | b'\r') {
                break;
            }
            let ends = match found {
                b'\n' => true,
                b'\r' => self.text.get(self.at + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += u64::from(ends);
            self.at += 1;
        }
        self.line
    }
}

/// The names in a header. One that is empty gets a name by its place, one that is there again a number.
fn header(record: &csv::StringRecord) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(record.len());
    for (index, cell) in record.iter().enumerate() {
        let wanted = match cell.trim() {
            "" => format!("column_{}", index + 1),
            name => name.to_owned(),
        };
        let mut name = wanted.clone();
        let mut number = 2;
        while names.contains(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        names.push(name);
    }
    names
}

fn check_width(expected: usize, found: usize, line: u64, by: &str) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    let plural = if found == 1 { "" } else { "s" };
    let advice = match found < expected {
        true => "are cells missing, or is the delimiter another one?",
        false => "a cell that has the delimiter in it must be in quotes",
    };
    Err(Error::value(format!(
        "line {line}: found {found} field{plural}, expected {expected} as {by} has; {advice}"
    )))
}

/// The types that were asked for, column by column.
fn types(wanted: Option<&Map>, names: &[String]) -> Result<Vec<Option<Type>>> {
    let mut types = vec![None; names.len()];
    for (name, kind) in wanted.into_iter().flatten() {
        let (Value::Text(name), Value::Text(kind)) = (name, kind) else {
            return Err(Error::type_error(
                "types is a dict of text: types={\"zip\": \"text\"}",
            ));
        };
        match names.iter().position(|known| known == name) {
            Some(at) => types[at] = Some(Type::read(kind)?),
            None => return Err(no_column(name, names.iter().map(String::as_str))),
        }
    }
    Ok(types)
}
