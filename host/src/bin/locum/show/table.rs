//! A list of dicts as a table.

use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use locum::{Value, expr};

use crate::{out, units};

/// A line below the heads, and no other.
const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// How many rows are shown: these, or the first and the last ones.
const MOST_ROWS: usize = 40;
const ENDS: usize = 15;

/// How many columns there may be.
const MOST_COLUMNS: usize = 24;

/// Characters of a cell.
const LONGEST_CELL: usize = 60;

/// The table of dicts whose keys are texts; `None` when they are something else, or have too little in common for one.
pub(super) fn of_dicts(rows: &[Value], width: usize) -> Option<String> {
    let mut columns: Vec<&str> = Vec::new();
    let mut cells = 0;
    for row in rows {
        let Value::Map(map) = row else {
            return None;
        };
        for (key, _) in map.iter() {
            let Value::Text(key) = key else {
                return None;
            };
            if !columns.contains(&key.as_str()) {
                columns.push(key);
            }
        }
        cells += map.len();
        if columns.len() > MOST_COLUMNS {
            return None;
        }
    }
    // Most of it would be holes.
    if columns.is_empty() || cells * 2 < columns.len() * rows.len() {
        return None;
    }
    let heads = columns.iter().map(|name| name.to_string()).collect();
    let row = |at: usize| -> Vec<Option<&Value>> {
        let cell = |name: &&str| match &rows[at] {
            Value::Map(map) => map.get(&Value::from(*name)),
            _ => None,
        };
        columns.iter().map(cell).collect()
    };
    Some(drawn(heads, rows.len(), row, width))
}

fn drawn<'v>(
    heads: Vec<String>,
    rows: usize,
    row: impl Fn(usize) -> Vec<Option<&'v Value>>,
    width: usize,
) -> String {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .set_header(heads.iter().map(|head| cut(&out::line(head))));
    let add = |table: &mut Table, at: usize| {
        table.add_row(row(at).into_iter().map(cell));
    };
    if rows <= MOST_ROWS {
        (0..rows).for_each(|at| add(&mut table, at));
    } else {
        (0..ENDS).for_each(|at| add(&mut table, at));
        table.add_row(heads.iter().map(|_| "…"));
        (rows - ENDS..rows).for_each(|at| add(&mut table, at));
    }
    let count = units::grouped(rows as u64);
    let lines: Vec<String> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    let s = if rows == 1 { "" } else { "s" };
    format!("{}\n{count} row{s}", lines.join("\n"))
}

fn cell(value: Option<&Value>) -> Cell {
    match value {
        None | Some(Value::Null) => Cell::new(""),
        Some(Value::Text(text)) => Cell::new(cut(&out::line(text))),
        Some(number @ (Value::Int(_) | Value::Float(_))) => {
            Cell::new(expr::display(number)).set_alignment(CellAlignment::Right)
        }
        Some(other) => Cell::new(cut(&out::line(&expr::display(other)))),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use locum::Map;

    use super::*;

    fn dict(entries: &[(&str, Value)]) -> Value {
        let entries = entries
            .iter()
            .map(|(key, value)| (Value::from(*key), value.clone()));
        Value::Map(entries.collect::<Map>())
    }

    #[test]
    fn dicts_with_the_same_keys_are_a_table() {
        let rows = [
            dict(&[("name", "Ada".into()), ("born", 1815i64.into())]),
            dict(&[("name", "Grace".into()), ("born", Value::Null)]),
        ];
        let shown = of_dicts(&rows, 80).unwrap();
        let lines: Vec<&str> = shown.lines().collect();
        assert!(
            lines[0].contains("name") && lines[0].contains("born"),
            "{shown}"
        );
        assert!(
            lines[2].contains("Ada") && lines[2].ends_with("1815"),
            "{shown}"
        );
        assert_eq!(lines.last(), Some(&"2 rows"));
        assert!(!shown.contains("null"), "{shown}");
    }

    #[test]
    fn other_lists_are_no_table() {
        assert!(of_dicts(&[], 80).is_none());
        assert!(of_dicts(&[dict(&[]), dict(&[])], 80).is_none());
        assert!(of_dicts(&[dict(&[("a", 1i64.into())]), Value::from(1i64)], 80).is_none());
        let number_keys = Value::Map([(Value::from(1i64), Value::Null)].into_iter().collect());
        assert!(of_dicts(&[number_keys], 80).is_none());
        let scattered: Vec<Value> = ["a", "b", "c", "d", "e"]
            .map(|key| dict(&[(key, 1i64.into())]))
            .to_vec();
        assert!(of_dicts(&scattered, 80).is_none());
    }

    #[test]
    fn many_rows_are_cut_in_the_middle_and_counted() {
        let rows: Vec<Value> = (0..1234i64).map(|n| dict(&[("n", n.into())])).collect();
        let shown = of_dicts(&rows, 80).unwrap();
        assert!(
            shown.contains('…') && shown.contains("1233") && !shown.contains("600"),
            "{shown}"
        );
        assert!(shown.ends_with("1,234 rows"), "{shown}");
        assert!(shown.lines().count() < MOST_ROWS + 6);
    }

    #[test]
    fn a_wide_table_keeps_to_the_width_and_cells_to_one_line_of_text() {
        let rows = [dict(&[
            ("a", "x".repeat(500).into()),
            ("b", "two\nlines\x1b[2J".into()),
        ])];
        let shown = of_dicts(&rows, 60).unwrap();
        assert!(
            shown.lines().all(|line| line.chars().count() <= 60),
            "{shown}"
        );
        assert!(
            !shown.contains('\x1b') && shown.contains("two\\nlines"),
            "{shown}"
        );
    }
}
