//! Histograms: how many values lie in each of some ranges.

use locum_guest::{Error, Result, Value};

use crate::numbers::numbers;

/// The most bins that a histogram has: more than a picture has columns.
const MOST: usize = 10_000;
/// The most bins that are chosen without being asked for.
const MOST_CHOSEN: usize = 200;

/// Counts between edges, of which there is one more.
pub(crate) struct Bins {
    pub(crate) edges: Vec<f64>,
    pub(crate) counts: Vec<f64>,
}

/// Counts values. `bins` is a number of bins, or a list of edges; without it the number is chosen. Values outside of given
/// edges, and those that are not finite, are not counted; the last bin includes its upper edge.
pub(crate) fn count(data: Value, bins: Option<Value>, density: bool) -> Result<Bins> {
    let mut values = numbers(data, "data")?;
    values.retain(|value| value.is_finite());
    values.sort_unstable_by(f64::total_cmp);
    let edges = match bins {
        None | Some(Value::Null) => equal(&values, chosen(&values)),
        Some(Value::Int(bins)) => match usize::try_from(bins) {
            Ok(bins @ 1..=MOST) => equal(&values, bins),
            _ => {
                return Err(Error::value(format!(
                    "bins is {bins}; expected 1 to {MOST}"
                )));
            }
        },
        Some(edges) => checked(numbers(edges, "bins")?)?,
    };
    let at = |edge: f64| values.partition_point(|value| *value < edge);
    let last = edges.len() - 2;
    let mut counts: Vec<f64> = (0..=last)
        .map(|bin| {
            let end = match bin == last {
                true => values.partition_point(|value| *value <= edges[bin + 1]),
                false => at(edges[bin + 1]),
            };
            (end - at(edges[bin])) as f64
        })
        .collect();
    if density {
        let total: f64 = counts.iter().sum();
        for (bin, count) in counts.iter_mut().enumerate() {
            *count /= total.max(1.0) * (edges[bin + 1] - edges[bin]);
        }
    }
    Ok(Bins { edges, counts })
}

fn checked(edges: Vec<f64>) -> Result<Vec<f64>> {
    if !(2..=MOST + 1).contains(&edges.len()) {
        return Err(Error::value(format!(
            "bins has {} edges; expected 2 to {}, one more than there are bins",
            edges.len(),
            MOST + 1
        )));
    }
    match edges
        .windows(2)
        .position(|pair| pair[0] >= pair[1] || !pair[1].is_finite())
    {
        None if edges[0].is_finite() => Ok(edges),
        None => Err(Error::value("the edges in bins must be finite")),
        Some(at) => Err(Error::value(format!(
            "the edges in bins must rise, but {} is followed by {}",
            edges[at],
            edges[at + 1]
        ))),
    }
}

/// As many bins as NumPy's `auto` takes: by Sturges or by Freedman and Diaconis, whichever gives more.
fn chosen(sorted: &[f64]) -> usize {
    let count = sorted.len();
    let (Some(low), Some(high)) = (sorted.first(), sorted.last()) else {
        return 10;
    };
    let sturges = (count as f64).log2().ceil() + 1.0;
    let spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
    let width = 2.0 * spread / (count as f64).cbrt();
    let by_spread = match width > 0.0 {
        true => ((high - low) / width).ceil(),
        false => 0.0,
    };
    sturges.max(by_spread).clamp(1.0, MOST_CHOSEN as f64) as usize
}

fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let (low, high) = (
        sorted[place.floor() as usize],
        sorted[place.ceil() as usize],
    );
    low + (high - low) * place.fract()
}

/// Edges of bins that are equally wide, from the least to the greatest value.
fn equal(sorted: &[f64], bins: usize) -> Vec<f64> {
    let (low, high) = match (sorted.first(), sorted.last()) {
        (Some(low), Some(high)) if low < high => (*low, *high),
        (Some(only), _) => (only - 0.5, only + 0.5),
        _ => (0.0, 1.0),
    };
    // Halved first, so that the width of the widest range is a number.
    let width = (high / 2.0 - low / 2.0) / bins as f64 * 2.0;
    let mut edges: Vec<f64> = (0..=bins).map(|bin| low + width * bin as f64).collect();
    edges[bins] = high;
    edges
}
