//! Tables as text for other programs.

use locum_guest::{Error, Result, Value, ops};

use crate::cell::Cell;
use crate::csv_text;
use crate::table::Table;

/// CSV with a header.
pub(crate) fn csv(table: &Table, delimiter: &str) -> Result<String> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::value(format!("the table can not be written as CSV: {error}"))
    };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(csv_text::delimiter(delimiter)?)
        .from_writer(Vec::new());
    if table.names.is_empty() {
        return Ok(String::new());
    }
    writer
        .write_record(&table.names)
        .map_err(|error| failed(&error))?;
    for row in 0..table.len {
        for column in &table.columns {
            writer
                .write_field(cell(column.get(row))?)
                .map_err(|error| failed(&error))?;
        }
        writer
            .write_record(None::<&[u8]>)
            .map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

/// A cell as CSV has it, so that it is read as the same.
fn cell(cell: Cell<'_>) -> Result<String> {
    Ok(match cell {
        Cell::Null => String::new(),
        Cell::Bool(it) => it.to_string(),
        Cell::Int(it) => it.to_string(),
        // With a point or an exponent, so that a float stays one.
        Cell::Float(it) => format!("{it:?}"),
        Cell::Text(it) => it.to_owned(),
        Cell::Any(it) => ops::text(it)?,
    })
}

/// A JSON object for each row.
pub(crate) fn jsonl(table: &Table) -> Result<String> {
    let mut out = String::new();
    for row in 0..table.len {
        let line = serde_json::to_string(&Value::Map(table.row(row))).map_err(|error| {
            Error::value(format!("row {row} can not be written as JSON: {error}"))
        })?;
        out.push_str(&line);
        out.push('\n');
    }
    Ok(out)
}
