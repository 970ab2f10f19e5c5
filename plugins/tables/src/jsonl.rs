//! Tables from JSON lines: one object a line.

use locum_guest::{Error, Map, Result, Value};

use crate::build;
use crate::table::Table;

pub(crate) fn read(text: &str) -> Result<Table> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let mut numbers = Vec::new();
    let maps: Vec<Result<Map>> = lines
        .map(|(index, line)| {
            numbers.push(index + 1);
            map(line, index + 1)
        })
        .collect();
    build::rows(maps.into_iter(), |row| {
        format!("line {}", numbers.get(row).copied().unwrap_or(0))
    })
}

fn map(line: &str, number: usize) -> Result<Map> {
    match serde_json::from_str::<Value>(line) {
        Ok(Value::Map(map)) => Ok(map),
        Ok(other) => Err(Error::value(format!(
            "line {number}: found {}, expected an object of cells by column, such as {{\"name\": \"Ada\"}}",
            other.type_name()
        ))),
        Err(error) => {
            let text = error.to_string();
            let what = text.split(" at line ").next().unwrap_or(&text);
            Err(Error::value(format!(
                "line {number}, character {}: {what}; each line is one JSON object",
                error.column()
            )))
        }
    }
}
