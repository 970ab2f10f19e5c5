//! What came of it, for people and for programs.

use locum::Stats;
use serde::Serialize;

use super::histogram;
use super::measure::Times;
use crate::failure::Failure;
use crate::style::{Painter, Style};
use crate::units;

/// What `--json` prints. Times are in nanoseconds; calls and bytes are those of one run, in the mean.
#[derive(Serialize)]
pub(super) struct Report {
    expression: String,
    runs: u64,
    /// How many runs were timed at once; if it is not one, the times are the means of so many.
    batch: u64,
    fastest_ns: f64,
    median_ns: f64,
    p90_ns: f64,
    p99_ns: f64,
    slowest_ns: f64,
    /// Of the median, what the language takes for an expression that does nothing.
    language_ns: f64,
    calls: f64,
    bytes_sent: f64,
    bytes_received: f64,
    #[serde(skip)]
    all: Vec<(f64, u64)>,
    #[serde(skip)]
    took: String,
}

impl Report {
    /// The statistics are the plugin's before and after these runs.
    pub(super) fn new(
        expression: &str,
        times: &Times,
        language: &Times,
        [before, after]: [&Stats; 2],
    ) -> Report {
        let each = |of: fn(&Stats) -> u64| (of(after) - of(before)) as f64 / times.runs() as f64;
        Report {
            expression: expression.to_owned(),
            runs: times.runs(),
            batch: times.batch,
            fastest_ns: times.fastest(),
            median_ns: times.at(0.5),
            p90_ns: times.at(0.9),
            p99_ns: times.at(0.99),
            slowest_ns: times.slowest(),
            language_ns: language.at(0.5),
            calls: each(|stats| stats.calls),
            bytes_sent: each(|stats| stats.bytes_sent),
            bytes_received: each(|stats| stats.bytes_received),
            all: times.all(),
            took: units::time(times.took),
        }
    }

    pub(super) fn json(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|error| Failure::Result(error.to_string()))
    }

    pub(super) fn text(&self, painter: Painter, width: usize) -> String {
        let figure = |name: &str, time: f64, more: &str| {
            let (name, time) = (format!("{name:8}"), units::nanoseconds(time));
            format!("{}  {time:>8}{more}\n", painter.paint(Style::Name, &name))
        };
        let language = format!(
            ", of which the language itself takes about {}",
            units::nanoseconds(self.language_ns)
        );
        let mut text = figure("median", self.median_ns, &language);
        text += &figure("fastest", self.fastest_ns, "");
        text += &figure("90 %", self.p90_ns, " at most");
        text += &figure("99 %", self.p99_ns, " at most");
        text += &figure("slowest", self.slowest_ns, "");
        text += &format!("\n{}\n", histogram::draw(&self.all, self.p99_ns, width));
        text += &format!("{} runs in {}", units::grouped(self.runs), self.took);
        if self.batch > 1 {
            let batch = units::grouped(self.batch);
            text += &format!(", timed in batches of {batch}, whose means these are");
        }
        text + &format!(
            "\na run makes {} into the plugin, sends {} and receives {}\n",
            many(self.calls, "call"),
            many(self.bytes_sent, "byte"),
            many(self.bytes_received, "byte")
        )
    }
}

/// `1 call`, `2.5 calls`.
fn many(count: f64, what: &str) -> String {
    let number = if count.fract() == 0.0 {
        units::grouped(count as u64)
    } else {
        format!("{count:.2}")
    };
    let plural = if count == 1.0 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_a_mean_has_decimals() {
        assert_eq!(many(1.0, "call"), "1 call");
        assert_eq!(many(0.0, "call"), "0 calls");
        assert_eq!(many(1234.0, "byte"), "1,234 bytes");
        assert_eq!(many(1.5, "byte"), "1.50 bytes");
    }
}
