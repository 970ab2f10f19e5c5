//! The functions that make tables.

use locum_guest::fs::DirectoryProxy;
use locum_guest::{Error, Map, Result, Value, object};

use crate::csv_text::{self, Options};
use crate::table::Table;
use crate::{build, files, jsonl};

/// Reads a table from CSV.
///
/// - `data`: text, or bytes; a byte order mark, and lines that end in CR LF, are fine
/// - `delimiter`: what stands between cells, one ASCII character
/// - `header`: whether the first row names the columns; without it they are `column_1`, `column_2` ..
/// - `columns`: their names, in place of those
/// - `types`: a dict of the types (`int`, `float`, `bool`, `text`) of columns that are not to be inferred:
///   `types={"zip": "text"}`
/// - `nulls`: texts that mean null, beside the empty cell: `nulls=["NA", "-"]`
/// - `encoding`: of bytes, `utf-8` or `latin-1`
///
/// Errors: ValueError with the line for a row that has another number of cells than the header, for a cell that has not the
/// type that was asked for, and for bytes that are no text.
#[object]
#[allow(clippy::too_many_arguments)] // they are read by name
pub(crate) fn read_csv(
    data: Value,
    #[arg(default = ",")] delimiter: &str,
    #[arg(default = true)] header: bool,
    columns: Option<Vec<String>>,
    types: Option<Map>,
    #[arg(default)] nulls: Vec<String>,
    #[arg(default = "utf-8")] encoding: &str,
) -> Result<Table> {
    let text = csv_text::text(data, encoding)?;
    let options = Options {
        delimiter: delimiter.to_owned(),
        header,
        columns,
        types,
        nulls,
    };
    csv_text::read(&text, &options)
}

/// Reads a table from JSON lines: text or bytes (UTF-8), of which each line is one JSON object, whose names are columns. A
/// name that a line lacks is null there; empty lines are passed over.
///
/// Errors: ValueError with the line, and the character in it, for what is no JSON object.
#[object]
pub(crate) fn read_jsonl(data: Value) -> Result<Table> {
    jsonl::read(&csv_text::text(data, "utf-8")?)
}

/// Reads a table from a file: CSV (`.csv`), with tabs (`.tsv`), or JSON lines (`.jsonl`, `.ndjson`).
///
/// - `path`: leads into a directory that the plugin was granted, such as `data/june.csv`; with `directory`, it is relative
///   to that
/// - `directory`: a directory object of the host's
/// - `delimiter`, `header`, `columns`, `types`, `nulls`, `encoding`: of CSV; see `read_csv`
///
/// Errors: OSError where it can not be read, with the grant that would help; ValueError for another ending, and as
/// `read_csv` and `read_jsonl` have it.
#[object]
#[allow(clippy::too_many_arguments)] // they are read by name
pub(crate) fn open(
    path: &str,
    directory: Option<DirectoryProxy>,
    delimiter: Option<String>,
    #[arg(default = true)] header: bool,
    columns: Option<Vec<String>>,
    types: Option<Map>,
    #[arg(default)] nulls: Vec<String>,
    #[arg(default = "utf-8")] encoding: &str,
) -> Result<Table> {
    let ending = path
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    let usual = match (ending.as_deref(), &delimiter) {
        (Some("jsonl" | "ndjson"), _) => None,
        (Some("tsv"), _) => Some("\t"),
        (Some("csv"), _) | (_, Some(_)) => Some(","),
        _ => {
            return Err(Error::value(format!(
                "{path:?} does not say what it is; let it end in .csv, .tsv, .jsonl or .ndjson, or give a delimiter"
            )));
        }
    };
    let bytes = Value::Bytes(files::read(path, directory)?);
    let Some(usual) = usual else {
        return read_jsonl(bytes).map_err(|error| within(path, error));
    };
    let delimiter = delimiter.as_deref().unwrap_or(usual);
    read_csv(bytes, delimiter, header, columns, types, nulls, encoding)
        .map_err(|error| within(path, error))
}

fn within(path: &str, error: Error) -> Error {
    error.map_message(|text| format!("{path}: {text}"))
}

/// Makes a table of data: a list of dicts, one a row (a name that one lacks is null there), or a dict of columns, each a list
/// or an array.
///
/// Errors: TypeError for other data, with the row or the column; ValueError when columns are not equally long.
#[object]
pub(crate) fn table(data: Value) -> Result<Table> {
    build::data(data)
}
