//! An axis of a plot: where it begins and ends, and what it is marked with.
//!
//! Plotters has axes of its own, but a log one is of another type than a linear one, and neither marks sizes at powers
//! of two.

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};

use super::text;

/// An axis, which ends at marks on both sides.
#[derive(Clone)]
pub(super) struct Axis {
    unit: String,
    log: bool,
    ends: Range<f64>,
    /// Where a line goes across the plot.
    grid: Vec<f64>,
    /// Which of these have a label: as many as there is room for.
    labelled: Vec<f64>,
}

/// What an axis has to hold.
struct Span {
    least: f64,
    most: f64,
    /// Whether they are sizes, which people count in powers of two.
    binary: bool,
    /// Whether half of one makes no sense.
    whole: bool,
}

impl Axis {
    /// An axis that holds all the values, with no more labels than fit side by side into `room` pixels. `size` is that
    /// of their font. None if there is no value that it could hold.
    pub(super) fn across(
        values: impl Iterator<Item = f64>,
        log: bool,
        unit: &str,
        size: i32,
        room: i32,
    ) -> Option<Axis> {
        let mut span = Span {
            least: f64::INFINITY,
            most: f64::NEG_INFINITY,
            binary: unit == "bytes",
            whole: true,
        };
        for value in values.filter(|it| fits(*it, log)) {
            span.least = span.least.min(value);
            span.most = span.most.max(value);
            span.whole &= value.fract() == 0.0;
        }
        if span.least > span.most {
            return None;
        }
        let axis = |count| {
            let (all, labelled) = if log {
                log_marks(&span, count)
            } else {
                linear_marks(&span, count)
            };
            let ends = all[0]..all[all.len() - 1]; // there are two at least
            let grid = if all.len() <= 12 {
                all
            } else {
                labelled.clone()
            };
            let unit = unit.to_owned();
            Axis {
                unit,
                log,
                ends,
                grid,
                labelled,
            }
        };
        let narrow = |axis: &Axis| {
            let widest = axis.labels().map(|(_, it)| text::width(&it, size)).max();
            (widest.unwrap_or(0) + size) * axis.labelled.len() as i32 <= room
        };
        let counts = (2..=8).rev();
        Some(counts.map(axis).find(narrow).unwrap_or_else(|| axis(1)))
    }

    /// Where it has labels, and what they say.
    pub(super) fn labels(&self) -> impl Iterator<Item = (f64, String)> {
        let marks = self.labelled.iter();
        marks.map(|mark| (*mark, text::humanise(*mark, &self.unit)))
    }

    /// Where it has lines.
    pub(super) fn grid(&self) -> &[f64] {
        &self.grid
    }

    /// Where it begins.
    pub(super) fn start(&self) -> f64 {
        self.ends.start
    }
}

impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let place = |value: f64| if self.log { value.log10() } else { value };
        let (start, end) = (place(self.ends.start), place(self.ends.end));
        let share = (place(*value) - start) / (end - start);
        limit.0 + (share * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _hint: Hint) -> Vec<f64> {
        self.grid.clone()
    }

    fn range(&self) -> Range<f64> {
        self.ends.clone()
    }
}

/// Whether an axis has a place for a value. Numbers beyond all reason would overflow the sums about it.
pub(super) fn fits(value: f64, log: bool) -> bool {
    value.abs() < 1e100 && (!log || value > 1e-100)
}

/// Marks at powers of ten (of two for sizes), and where those are few, also at twice and five times them: all of them,
/// and at most `count` to label.
fn log_marks(span: &Span, count: usize) -> (Vec<f64>, Vec<f64>) {
    let radix: f64 = if span.binary { 2.0 } else { 10.0 };
    let steps: &[f64] = if !span.binary && span.most / span.least < 100.0 {
        &[1.0, 2.0, 5.0]
    } else {
        &[1.0]
    };
    let low = span.least.log(radix).floor() as i32 - 1;
    let high = span.most.log(radix).ceil() as i32 + 1;
    let marks: Vec<(i32, f64, f64)> = (low..=high)
        .flat_map(|power| {
            let marks = steps.iter();
            marks.map(move |step| (power, *step, step * radix.powi(power)))
        })
        .collect();
    // From the last mark that is not above the least value to the first that is not below the greatest; where that is
    // a single mark, from one before to one after.
    let first = marks.iter().rposition(|it| it.2 <= span.least).unwrap_or(0);
    let end = marks.iter().position(|it| it.2 >= span.most);
    let end = end.unwrap_or(marks.len() - 1);
    let (first, end) = if first < end {
        (first, end)
    } else {
        (end.saturating_sub(1), (first + 1).min(marks.len() - 1))
    };
    let marks = &marks[first..=end];

    let all: Vec<f64> = marks.iter().map(|it| it.2).collect();
    if all.len() <= count {
        return (all.clone(), all);
    }
    let powers = marks.iter().filter(|it| it.1 == 1.0);
    let mut thinned = (1..=marks.len() as i32).map(|stride| {
        let kept = powers.clone().filter(|it| it.0.rem_euclid(stride) == 0);
        kept.map(|it| it.2).collect::<Vec<_>>()
    });
    let labelled = thinned.find(|kept| kept.len() <= count);
    (all, labelled.unwrap_or_default())
}

/// Marks at even distances, one of them at zero, and all to label.
fn linear_marks(span: &Span, count: usize) -> (Vec<f64>, Vec<f64>) {
    let (low, mut high) = (span.least.min(0.0), span.most.max(0.0));
    if high - low < 1e-100 {
        high = 1.0;
    }
    let rough = (high - low) / count as f64;
    let mut step = if span.binary {
        rough.log2().ceil().exp2()
    } else {
        let power = 10f64.powf(rough.log10().floor());
        let steps = [1.0, 2.0, 5.0].map(|it| it * power);
        let step = steps.into_iter().find(|it| *it >= rough);
        step.unwrap_or(10.0 * power)
    };
    if span.whole {
        step = step.max(1.0);
    }
    let (first, last) = ((low / step).floor() as i64, (high / step).ceil() as i64);
    let marks: Vec<f64> = (first..=last).map(|it| it as f64 * step).collect();
    (marks.clone(), marks)
}
