//! `--once`: one table, as text.

use locum::monitor::Snapshot;
use unicode_width::UnicodeWidthStr;

use super::rows::{self, Column, Row};
use crate::style::{Painter, Style};

const TITLES: [&str; 10] = [
    "PLUGIN", "STATE", "CALLS/S", "P50", "P99", "MEMORY", "LIMIT", "OBJECTS", "RESTARTS",
    "REFUSALS",
];

/// How many columns, from the first on, begin at the left.
const TEXTS: usize = 2;

pub(super) fn text(before: &Snapshot, now: &Snapshot, painter: Painter) -> String {
    let rows = rows::rows(Some(before), now, Column::Calls, false);
    let cells: Vec<[String; 10]> = rows.iter().map(cells).collect();
    let width = |column: usize| {
        let all = cells.iter().map(|it| it[column].width());
        all.chain([TITLES[column].len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..TITLES.len()).map(width).collect();
    let mut text = rows::heading(now) + "\n";
    let titles = line(&TITLES, &widths);
    text += &painter.paint(Style::Heading, titles.trim_end());
    text.push('\n');
    for (row, cells) in rows.iter().zip(&cells) {
        let line = line(&cells.each_ref().map(|it| &**it), &widths);
        let line = line.trim_end();
        if row.is_alive {
            text += line;
        } else {
            text += &painter.paint(Style::Quiet, line);
        }
        text.push('\n');
    }
    for note in rows::notes(now) {
        text += &(note + "\n");
    }
    text
}

fn cells(row: &Row) -> [String; 10] {
    [
        row.name.clone(),
        row.state.clone(),
        rows::rate(row.calls_per_second),
        rows::nanos(row.latency.map(|it| it.p50_ns)),
        rows::nanos(row.latency.map(|it| it.p99_ns)),
        rows::bytes(row.memory),
        rows::bytes(row.limit),
        row.objects.to_string(),
        rows::count(row.restarts),
        row.refusals.to_string(),
    ]
}

fn line(cells: &[&str; 10], widths: &[usize]) -> String {
    let mut line = String::new();
    for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let gap = " ".repeat(width.saturating_sub(cell.width()));
        if at > 0 {
            line += "  ";
        }
        if at < TEXTS {
            line += cell;
            line += &gap;
        } else {
            line += &gap;
            line += cell;
        }
    }
    line
}
