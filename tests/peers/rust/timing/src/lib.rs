//! What the programs share: timing in batches, and the JSON line that tells what came of it.

use std::fs::{self, File};
use std::io::Read;
use std::time::Instant;

use anyhow::{Context, Result};
use serde::Serialize;

const REPEATS: usize = 9;

/// Nanoseconds per operation, one figure a repeat. Each batch does so many operations; one more goes before, to warm up.
pub fn sample(operations: u32, mut batch: impl FnMut() -> Result<()>) -> Result<Vec<f64>> {
    batch()?;
    (0..REPEATS)
        .map(|_| {
            let start = Instant::now();
            batch()?;
            Ok(nanoseconds_since(start) / f64::from(operations))
        })
        .collect()
}

/// Brings something to life again and again: the nanoseconds that each took. What it is shown to then, and its end, do
/// not count.
pub fn lives<T>(
    start: impl Fn() -> Result<T>,
    mut show: impl FnMut(&T) -> Result<()>,
) -> Result<Vec<f64>> {
    drop(start()?);
    (0..REPEATS)
        .map(|_| {
            let begin = Instant::now();
            let life = start()?;
            let time = nanoseconds_since(begin);
            show(&life)?;
            Ok(time)
        })
        .collect()
}

fn nanoseconds_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e9
}

/// Bytes that no compression makes fewer.
pub fn random_mebibyte() -> Result<Vec<u8>> {
    let mut data = vec![0; 1 << 20];
    File::open("/dev/urandom")?.read_exact(&mut data)?;
    Ok(data)
}

/// The bytes of memory that a process shares with no other.
pub fn unshared(process: u32) -> Result<f64> {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let lines = rollup.lines().filter(|line| line.starts_with("Private_"));
    let sizes = lines.map(|line| {
        line.split_whitespace()
            .nth(1)
            .and_then(|kib| kib.parse::<f64>().ok())
    });
    let kib = sizes
        .sum::<Option<f64>>()
        .context("smaps_rollup has sizes in KiB")?;
    Ok(kib * 1024.0)
}

/// The median of these nanoseconds and the best of them, for a note.
pub fn brief(figures: &[f64]) -> String {
    let median = median(figures);
    let (scale, unit) = [(1e6, "ms"), (1e3, "us")]
        .into_iter()
        .find(|(scale, _)| median >= *scale)
        .unwrap_or((1.0, "ns"));
    format!(
        "{:.1} {unit}, best {:.1}",
        median / scale,
        min(figures) / scale
    )
}

/// One of the peers.
pub struct System {
    pub name: &'static str,
    pub version: &'static str,
}

impl System {
    /// Prints what a measurement of times came to; no note if it is empty.
    pub fn report(&self, what: &str, figures: &[f64], note: &str) {
        self.print(what, "ns", figures, note);
    }

    pub fn report_memory(&self, figures: &[f64], note: &str) {
        self.print("memory", "bytes", figures, note);
    }

    fn print(&self, what: &str, unit: &str, figures: &[f64], note: &str) {
        let line = Line {
            system: self.name,
            version: self.version,
            what,
            unit,
            median: rounded(median(figures)),
            min: rounded(min(figures)),
            note,
        };
        println!(
            "{}",
            serde_json::to_string(&line).expect("strings and numbers are JSON")
        );
    }
}

#[derive(Serialize)]
struct Line<'a> {
    system: &'a str,
    version: &'a str,
    what: &'a str,
    unit: &'a str,
    median: f64,
    min: f64,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
}

fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn min(figures: &[f64]) -> f64 {
    figures.iter().copied().fold(f64::INFINITY, f64::min)
}

fn rounded(figure: f64) -> f64 {
    (figure * 10.0).round() / 10.0
}
