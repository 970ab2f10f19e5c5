//! What a run of the benchmark leaves behind: its rows as `report.json` for programs, and as `report.html` for people,
//! with plots beside systems that do the same job.

mod axis;
mod html;
mod plots;
mod text;

use std::fs;
use std::io;
use std::path::Path;

use serde::Serialize;

/// One measured thing, as `report.json` has it.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured: "call by proxy".
    pub name: String,
    /// What its numbers count: "ns", "bytes", "instructions".
    pub unit: &'static str,
    /// The median of its samples.
    pub median: f64,
    /// The least of its samples.
    pub min: f64,
    /// The name of the floor or the peer that it is compared with.
    pub against: Option<String>,
    /// The median of that one.
    pub against_median: Option<f64>,
    /// The median divided by that one's.
    pub ratio: Option<f64>,
    /// What it is to keep to: "ratio <= 1.5", "median <= 60 ns". None where there is no aim.
    pub aim: Option<String>,
    /// Whether it keeps to it. None where nobody can tell.
    pub holds: Option<bool>,
    /// The heading under which people find it.
    #[serde(skip)]
    pub group: &'static str,
    /// What holds it there when it falls short, and how it was measured.
    #[serde(skip)]
    pub note: String,
}

/// A bar chart: the same job by several systems, on a log scale.
///
/// The bars stand in the order given. Those whose name begins with "Locum" have a colour of their own.
pub struct Bars {
    /// The job.
    pub title: String,
    /// What the values count, as in [`Row::unit`].
    pub unit: &'static str,
    /// The systems and their values. One that is not above zero is listed, without a bar.
    pub bars: Vec<(String, f64)>,
    /// How it was measured.
    pub note: String,
}

/// A plot of how something grows. Both axes log when `log_x`/`log_y`.
///
/// An axis whose name ends with ` (ns)` or ` (bytes)` is labelled with times or sizes, and loses that ending.
pub struct Curve {
    /// What grows.
    pub title: String,
    /// The name of the axis along which it does.
    pub x: String,
    /// The name of the axis of what is measured.
    pub y: String,
    /// Whether the axis `x` is log.
    pub log_x: bool,
    /// Whether the axis `y` is log.
    pub log_y: bool,
    /// The lines and their points. The first whose name begins with "Locum" has Locum's colour.
    pub lines: Vec<(String, Vec<(f64, f64)>)>,
    /// How it was measured.
    pub note: String,
}

/// All of it.
#[derive(Default)]
pub struct Report {
    /// Facts of the machine: ("CPU", "AMD EPYC").
    pub machine: Vec<(String, String)>,
    /// Everything measured.
    pub rows: Vec<Row>,
    /// The same jobs by several systems.
    pub bars: Vec<Bars>,
    /// What grows with what.
    pub curves: Vec<Curve>,
    /// What was not measured, each with the reason.
    pub skipped: Vec<String>,
}

/// Names longer than this stand on a line of their own in the terminal.
const NAME: usize = 48;

impl Report {
    /// Writes `report.json` (a JSON array of the rows, pretty-printed) and `report.html` into a directory, which is
    /// made if missing. Errors name the file.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir_all(directory).map_err(|error| naming(directory, &error))?;
        let path = directory.join("report.json");
        let json = serde_json::to_string_pretty(&self.rows)
            .map_err(|error| naming(&path, &error.into()))?;
        fs::write(&path, json + "\n").map_err(|error| naming(&path, &error))?;
        let path = directory.join("report.html");
        fs::write(&path, html::page(self)).map_err(|error| naming(&path, &error))
    }

    /// The rows as a table for the terminal: grouped, aligned, with `holds` / `falls short` per aim and a last line
    /// that counts them.
    pub fn table(&self) -> String {
        let head = ["", "median", "best", "against", "", "ratio", "aim", ""].map(String::from);
        let groups: Vec<_> = self
            .groups()
            .into_iter()
            .map(|(group, rows)| {
                let rows: Vec<_> = rows.into_iter().map(|(_, row)| row.cells()).collect();
                (group, rows)
            })
            .collect();
        let rows = groups.iter().flat_map(|(_, rows)| rows);
        let widths: [usize; 8] = std::array::from_fn(|column| {
            let widths = rows.clone().chain([&head]);
            let widths = widths.map(|row| row[column].chars().count());
            let fitting = widths.filter(|width| column > 0 || *width <= NAME);
            fitting.max().unwrap_or(0)
        });
        let mut table = aligned(&head, &widths);
        for (group, rows) in &groups {
            table += &format!("{group}\n");
            table.extend(rows.iter().map(|row| aligned(row, &widths)));
            table.push('\n');
        }
        table + &self.tally() + "\n"
    }

    /// The rows under their headings, which come in the order of their first rows; each row with its index.
    fn groups(&self) -> Vec<(&'static str, Vec<(usize, &Row)>)> {
        let mut groups: Vec<(&'static str, Vec<_>)> = Vec::new();
        for (index, row) in self.rows.iter().enumerate() {
            match groups.iter_mut().find(|(name, _)| *name == row.group) {
                Some((_, rows)) => rows.push((index, row)),
                None => groups.push((row.group, vec![(index, row)])),
            }
        }
        groups
    }

    /// How many rows hold, and how many were judged at all.
    fn held(&self) -> (usize, usize) {
        let judged = self.rows.iter().filter_map(|row| row.holds);
        (
            judged.clone().filter(|holds| *holds).count(),
            judged.count(),
        )
    }

    /// The same in words, with what was not judged.
    fn tally(&self) -> String {
        let (held, judged) = self.held();
        let unjudged = self.rows.iter().filter(|row| row.holds.is_none());
        let (unknown, aimless): (Vec<_>, Vec<_>) = unjudged.partition(|row| row.aim.is_some());
        let mut tally = format!("{held} of {judged} aims hold");
        for (count, what) in [
            (judged - held, "fall short"),
            (unknown.len(), "not judged"),
            (aimless.len(), "without an aim"),
            (self.skipped.len(), "skipped"),
        ] {
            if count > 0 {
                tally += &format!(", {count} {what}");
            }
        }
        tally
    }
}

impl Row {
    /// What the terminal shows of it: name, median, best, median and name of what it is against, ratio, aim, verdict.
    fn cells(&self) -> [String; 8] {
        [
            self.label(),
            self.value(self.median),
            self.value(self.min),
            self.against_median
                .map(|it| self.value(it))
                .unwrap_or_default(),
            self.against.clone().unwrap_or_default(),
            self.ratio.map(text::ratio).unwrap_or_default(),
            self.aim.clone().unwrap_or_default(),
            self.verdict().to_owned(),
        ]
    }

    /// Its name, with the unit where the values do not show it.
    fn label(&self) -> String {
        if text::shows_unit(self.unit) || self.name.contains(self.unit) {
            self.name.clone()
        } else {
            format!("{}, {}", self.name, self.unit)
        }
    }

    fn value(&self, value: f64) -> String {
        text::humanise(value, self.unit)
    }

    fn verdict(&self) -> &'static str {
        match (self.holds, &self.aim) {
            (Some(true), _) => "holds",
            (Some(false), _) => "falls short",
            (None, Some(_)) => "not judged",
            (None, None) => "",
        }
    }
}

/// One line of the terminal's table. Numbers stand to the right of their columns, words to the left.
fn aligned(cells: &[String; 8], widths: &[usize; 8]) -> String {
    let mut line = String::new();
    for (column, (cell, &width)) in cells.iter().zip(widths).enumerate() {
        line += &match column {
            0 if cell.chars().count() > width => format!("  {cell}\n  {:width$}", ""),
            1..=3 | 5 => format!("  {cell:>width$}"),
            _ => format!("  {cell:width$}"),
        };
    }
    line.truncate(line.trim_end().len());
    line + "\n"
}

fn naming(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
