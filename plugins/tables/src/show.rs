//! Tables as text for people.

use locum_guest::ops;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::cell::Cell;
use crate::column::Column;
use crate::table::Table;

/// How many rows are shown of a long table, at its beginning and at its end.
const FIRST: usize = 10;
const LAST: usize = 5;
/// How wide a cell may be, and all of them together.
const WIDEST_CELL: usize = 32;
const WIDEST: usize = 110;

/// The table with its columns aligned, numbers to the right; rows, columns and texts that have no room are left out.
pub(crate) fn table(table: &Table) -> String {
    let rows: Vec<Option<usize>> = match table.len > FIRST + LAST + 1 {
        true => {
            let last = table.len - LAST..table.len;
            (0..FIRST)
                .map(Some)
                .chain([None])
                .chain(last.map(Some))
                .collect()
        }
        false => (0..table.len).map(Some).collect(),
    };
    let mut lines: Vec<String> = vec![String::new(); rows.len() + 2];
    let (mut width, mut shown) = (0, 0);
    for (name, column) in table.each() {
        let cells: Vec<String> = rows
            .iter()
            .map(|row| row.map_or("…".to_owned(), |row| text(column.get(row))))
            .collect();
        let title = cut(&one_line(name));
        let widest = cells
            .iter()
            .chain([&title])
            .map(|cell| cell.width())
            .max()
            .unwrap_or(0);
        if shown > 0 && width + 2 + widest > WIDEST {
            break;
        }
        let gap = if shown > 0 { "  " } else { "" };
        width += gap.len() + widest;
        shown += 1;
        lines[0].push_str(&format!("{gap}{}", aligned(&title, widest, column)));
        lines[1].push_str(&format!("{gap}{}", "─".repeat(widest)));
        for (line, cell) in lines[2..].iter_mut().zip(&cells) {
            line.push_str(gap);
            line.push_str(&aligned(cell, widest, column));
        }
    }
    let plural =
        |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let mut size = format!(
        "{} × {}",
        plural(table.len, "row"),
        plural(table.names.len(), "column")
    );
    if shown < table.names.len() {
        let hidden: Vec<&str> = table.names[shown..].iter().map(String::as_str).collect();
        size.push_str(&format!(
            "; not shown: {}",
            cut_to(&one_line(&hidden.join(", ")), WIDEST)
        ));
    }
    let mut out: String = lines
        .iter()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    out.push_str(&size);
    out
}

fn aligned(cell: &str, width: usize, column: &Column) -> String {
    let space = " ".repeat(width.saturating_sub(cell.width()));
    match column.is_numeric() {
        true => format!("{space}{cell}"),
        false => format!("{cell}{space}"),
    }
}

fn text(cell: Cell<'_>) -> String {
    let text = match cell {
        Cell::Null => "–".to_owned(),
        Cell::Bool(it) => it.to_string(),
        Cell::Text(it) => one_line(it),
        Cell::Float(it) => float(it),
        cell => one_line(&ops::text(&cell.value()).unwrap_or_default()),
    };
    cut(&text)
}

/// With so many digits as can be taken in at a glance.
fn float(number: f64) -> String {
    let short = match number.abs() {
        size if size == 0.0 || !number.is_finite() => format!("{number:?}"),
        size if (1e-4..1e9).contains(&size) => {
            let decimals = (5 - size.log10().floor() as i32).clamp(0, 9) as usize;
            let fixed = format!("{number:.decimals$}");
            match fixed.contains('.') {
                true => fixed.trim_end_matches('0').to_owned(),
                false => fixed,
            }
        }
        _ => format!("{number:.5e}"),
    };
    if short.ends_with('.') {
        short + "0"
    } else {
        short
    }
}

/// Without what would break a line, or steer a terminal.
fn one_line(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' => "⏎".to_owned(),
        c if c.is_control() => c.escape_default().to_string(),
        c => c.to_string(),
    };
    text.replace("\r\n", "\n").chars().map(shown).collect()
}

fn cut(text: &str) -> String {
    cut_to(text, WIDEST_CELL)
}

fn cut_to(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut width = 0;
    for c in text.chars() {
        width += c.width().unwrap_or(0);
        if width >= most {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}
