//! Axes: what range of values they show, and where in it a value lies.

use locum_guest::{Error, Result};

use crate::ticks::{self, Tick};

/// The greatest value that is shown, so that the width of a range is a number too.
const GREATEST: f64 = 8e307;

/// What was said about an axis.
#[derive(Clone, Debug, Default)]
pub(crate) struct Axis {
    pub(crate) label: String,
    /// The ends of its range; those that are not given follow from the data.
    pub(crate) range: (Option<f64>, Option<f64>),
    pub(crate) log: bool,
}

impl Axis {
    /// An error says what is wrong with the range; `name` is that of the axis.
    pub(crate) fn check(&self, name: &str) -> Result<()> {
        let (low, high) = self.range;
        for end in [low, high].into_iter().flatten() {
            if !end.is_finite() || end.abs() > GREATEST {
                return Err(Error::value(format!(
                    "{name}_range: {end} is no end of a range; give a number, or null to fit the data"
                )));
            }
            if self.log && end <= 0.0 {
                return Err(Error::value(format!(
                    "{name}_range: {end} can not be shown on a logarithmic axis; give a positive number, or set {name}_log to false"
                )));
            }
        }
        match (low, high) {
            (Some(low), Some(high)) if low >= high => Err(Error::value(format!(
                "{name}_range: [{low}, {high}] has no width; give the lower end first"
            ))),
            _ => Ok(()),
        }
    }

    /// What it shows of data, which touches `extent`.
    pub(crate) fn scale(&self, extent: &Extent) -> Scale {
        let log = self.log;
        let (mut low, mut high) = match (extent.low <= extent.high, log) {
            (true, _) => (extent.low.max(-GREATEST), extent.high.min(GREATEST)),
            (false, true) => (1.0, 10.0),
            (false, false) => (0.0, 1.0),
        };
        (low, high) = match log {
            true if low == high => (low / 10.0_f64.sqrt(), high * 10.0_f64.sqrt()),
            true => {
                let margin = (high / low).powf(extent.margin);
                (low / margin, high * margin)
            }
            false => {
                let margin = match high - low {
                    // A single value is put into the middle.
                    width if width <= low.abs().max(high.abs()) * 1e-14 => match low.abs() {
                        0.0 => 1.0,
                        low => low * 0.1,
                    },
                    width => width * extent.margin,
                };
                // Bars and areas stand on zero itself.
                let stands = |end: f64| {
                    if extent.on_zero && end == 0.0 {
                        0.0
                    } else {
                        margin
                    }
                };
                (low - stands(low), high + stands(high))
            }
        };
        if log {
            (low, high) = (low.max(f64::MIN_POSITIVE), high.min(GREATEST));
        }
        match self.range {
            (Some(given), None) => (low, high) = (given, above(given, high, log)),
            (None, Some(given)) => (low, high) = (below(given, low, log), given),
            (Some(a), Some(b)) => (low, high) = (a, b),
            (None, None) => {}
        }
        Scale { low, high, log }
    }
}

/// The upper end when the lower one was given and the data may lie below it.
fn above(low: f64, high: f64, log: bool) -> f64 {
    match (high > low, log) {
        (true, _) => high,
        (false, true) => low * 10.0,
        (false, false) => low + low.abs().max(1.0),
    }
}

fn below(high: f64, low: f64, log: bool) -> f64 {
    match (low < high, log) {
        (true, _) => low,
        (false, true) => high / 10.0,
        (false, false) => high - high.abs().max(1.0),
    }
}

/// The least and the greatest of the values that an axis is to show, and how much there is to be around them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// As a part of the whole.
    pub(crate) margin: f64,
    /// Whether something stands on the line at zero.
    pub(crate) on_zero: bool,
}

impl Extent {
    pub(crate) fn new(margin: f64) -> Extent {
        Extent {
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
            margin,
            on_zero: false,
        }
    }

    /// Takes a value in, if the axis can show it.
    pub(crate) fn add(&mut self, value: f64, log: bool) {
        if value.is_finite() && (!log || value > 0.0) {
            self.low = self.low.min(value);
            self.high = self.high.max(value);
        }
    }
}

/// A range of values, from one end of an axis to the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) log: bool,
}

impl Scale {
    /// Where a value lies: 0 at the lower end, 1 at the upper one. Not a number for what can not be shown.
    pub(crate) fn part(&self, value: f64) -> f64 {
        match self.log {
            true if value <= 0.0 => f64::NAN,
            true => (value.log10() - self.low.log10()) / (self.high.log10() - self.low.log10()),
            // Far outside it may be infinite, which is as good as not there.
            false => (value - self.low) / (self.high - self.low),
        }
    }

    /// At most about `wanted` round numbers.
    pub(crate) fn ticks(&self, wanted: usize) -> Vec<Tick> {
        match self.log {
            true => ticks::logarithmic(self.low, self.high, wanted),
            false => ticks::linear(self.low, self.high, wanted),
        }
    }
}
