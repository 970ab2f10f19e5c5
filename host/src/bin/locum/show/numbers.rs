//! Many numbers at a glance: how many, from where to where, and their shape as a sparkline.

use locum::{AnyArray, ElementType, Value, expr};

use super::abridged;
use crate::style::{Painter, Style};
use crate::{out, units};

/// Arrays of so many elements at most are written out.
const FEW: usize = 64;

/// A list of numbers gets a summary when it has so many.
const MANY: usize = 24;

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// An array: its type, its shape and its numbers, or a summary of them.
pub(super) fn array(array: &AnyArray, painter: Painter, width: usize) -> String {
    let shape: Vec<String> = array
        .shape()
        .iter()
        .map(|&n| units::grouped(n as u64))
        .collect();
    let heading = format!("array of {} [{}]", array.element_type(), shape.join(" × "));
    if array.len() <= FEW {
        let whole = out::plain(&expr::display(&Value::Array(array.clone()))).into_owned();
        return if array.ndim() == 2 {
            format!("{}\n{}", painter.paint(Style::Quiet, &heading), grid(array))
        } else {
            whole
        };
    }
    let numbers = floats(array);
    format!(
        "{}\n{}",
        painter.paint(Style::Quiet, &heading),
        summary(&numbers, width)
    )
}

/// A list that holds numbers only, and many of them.
pub(super) fn list(items: &[Value], painter: Painter, width: usize) -> Option<String> {
    if items.len() < MANY {
        return None;
    }
    let numbers: Option<Vec<f64>> = items.iter().map(number).collect();
    let whole = abridged::value(&Value::List(items.to_vec()), width);
    let summary = summary(&numbers?, width);
    Some(format!(
        "{whole}\n{}",
        painter.paint(Style::Quiet, &summary)
    ))
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => number.to_string().parse().ok(),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

/// The elements in row-major order.
fn floats(array: &AnyArray) -> Vec<f64> {
    fn read<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
        let (chunks, _) = bytes.as_chunks::<N>();
        chunks.iter().map(|chunk| number(*chunk)).collect()
    }
    let bytes = array.bytes();
    match array.element_type() {
        ElementType::U8 => read(bytes, |it| u8::from_ne_bytes(it).into()),
        ElementType::U16 => read(bytes, |it| u16::from_ne_bytes(it).into()),
        ElementType::U32 => read(bytes, |it| u32::from_ne_bytes(it).into()),
        ElementType::U64 => read(bytes, |it| u64::from_ne_bytes(it) as f64),
        ElementType::I8 => read(bytes, |it| i8::from_ne_bytes(it).into()),
        ElementType::I16 => read(bytes, |it| i16::from_ne_bytes(it).into()),
        ElementType::I32 => read(bytes, |it| i32::from_ne_bytes(it).into()),
        ElementType::I64 => read(bytes, |it| i64::from_ne_bytes(it) as f64),
        ElementType::F32 => read(bytes, |it| f32::from_ne_bytes(it).into()),
        ElementType::F64 => read(bytes, f64::from_ne_bytes),
    }
}

/// Two dimensions, a row a line, columns aligned.
fn grid(array: &AnyArray) -> String {
    let columns = array.shape().get(1).copied().unwrap_or(1).max(1);
    let cells: Vec<String> = floats(array).iter().map(|&it| short(it)).collect();
    let width = cells.iter().map(String::len).max().unwrap_or(0);
    let rows = cells.chunks(columns).map(|row| {
        let row: Vec<String> = row.iter().map(|cell| format!("{cell:>width$}")).collect();
        format!("  {}", row.join("  "))
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// `min 0  mean 4.5  max 9`, then the shape of it.
fn summary(numbers: &[f64], width: usize) -> String {
    let finite: Vec<f64> = numbers
        .iter()
        .copied()
        .filter(|it| it.is_finite())
        .collect();
    let strange = numbers.len() - finite.len();
    let strange = match strange {
        0 => String::new(),
        count => format!("  not finite {}", units::grouped(count as u64)),
    };
    if finite.is_empty() {
        return format!("no finite numbers{strange}");
    }
    let count = finite.len() as f64;
    // Step by step: the sum of large ones may be infinite.
    let step = |mean: f64, (at, it): (usize, &f64)| mean + (it - mean) / (at + 1) as f64;
    let mean = finite.iter().enumerate().fold(0.0, step);
    let deviation = finite
        .iter()
        .map(|it| (it - mean).powi(2) / count)
        .sum::<f64>();
    let (min, max) = extremes(&finite);
    format!(
        "min {}  mean {}  max {}  sd {}{strange}\n{}",
        short(min),
        short(mean),
        short(max),
        short(deviation.sqrt()),
        sparkline(numbers, width.min(72)),
    )
}

/// One character for each run of numbers: its mean between the smallest and the largest; a blank where none is finite.
pub(crate) fn sparkline(numbers: &[f64], width: usize) -> String {
    let columns = numbers.len().min(width).max(1);
    let mean_of = |column: usize| {
        let (from, to) = (
            column * numbers.len() / columns,
            (column + 1) * numbers.len() / columns,
        );
        let finite = numbers[from..to].iter().filter(|it| it.is_finite());
        let (sum, count) = finite.fold((0.0, 0.0), |(sum, count), it| (sum + it, count + 1.0));
        (count > 0.0).then(|| sum / count)
    };
    let means: Vec<Option<f64>> = (0..columns).map(mean_of).collect();
    let (min, max) = extremes(&means.iter().flatten().copied().collect::<Vec<_>>());
    let bar = |mean: &Option<f64>| match mean {
        None => ' ',
        Some(_) if max <= min => BARS[3],
        // A fraction of the way, which is at most 1.
        Some(mean) => BARS[(((mean - min) / (max - min) * 7.0).round() as usize).min(7)],
    };
    means.iter().map(bar).collect()
}

fn extremes(numbers: &[f64]) -> (f64, f64) {
    let start = (f64::INFINITY, f64::NEG_INFINITY);
    numbers
        .iter()
        .fold(start, |(min, max), &it| (min.min(it), max.max(it)))
}

/// Six digits at most.
fn short(number: f64) -> String {
    if !number.is_finite() || number == 0.0 {
        return number.to_string();
    }
    if !(1e-4..1e9).contains(&number.abs()) {
        return format!("{number:.3e}");
    }
    let digits = 5 - number.abs().log10().floor() as i32;
    let text = format!("{number:.*}", digits.max(0) as usize);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use locum::Array;

    use super::*;

    #[test]
    fn the_shape_of_numbers_is_seen() {
        let ramp: Vec<f64> = (0..8).map(f64::from).collect();
        assert_eq!(sparkline(&ramp, 40), "▁▂▃▄▅▆▇█");
        assert_eq!(sparkline(&[5.0; 4], 40), "▄▄▄▄");
        assert_eq!(sparkline(&[1.0, f64::NAN, 2.0], 40), "▁ █");
        let long: Vec<f64> = (0..10_000).map(f64::from).collect();
        assert_eq!(sparkline(&long, 8), "▁▂▃▄▅▆▇█");
        assert_eq!(sparkline(&[], 8), " ");
    }

    #[test]
    fn a_large_array_is_summed_up() {
        let numbers = Array::from_vec((0..=1000).map(f64::from).collect());
        let shown = array(&numbers.into(), Painter::new(false), 80);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[0], "array of f64 [1,001]");
        assert_eq!(lines[1], "min 0  mean 500  max 1000  sd 288.964");
        assert_eq!(lines[2].chars().count(), 72);
    }

    #[test]
    fn what_is_not_finite_is_counted_and_spoils_nothing() {
        let mut numbers = vec![1.0; 100];
        (numbers[3], numbers[4]) = (f64::NAN, f64::INFINITY);
        let shown = summary(&numbers, 80);
        assert!(
            shown.starts_with("min 1  mean 1  max 1  sd 0  not finite 2\n"),
            "{shown}"
        );
        assert_eq!(summary(&[f64::NAN], 80), "no finite numbers  not finite 1");
    }

    #[test]
    fn a_small_matrix_is_a_grid() {
        let matrix = Array::new([2, 2], vec![1i32, -20, 3, 4]).unwrap();
        let shown = array(&matrix.into(), Painter::new(false), 80);
        assert_eq!(shown, "array of i32 [2 × 2]\n    1  -20\n    3    4");
    }

    #[test]
    fn numbers_have_six_digits_at_most() {
        for (number, shown) in [
            (0.0, "0"),
            (1.5, "1.5"),
            (1234567.0, "1234567"),
            (0.333_333_333, "0.333333"),
            (1e12, "1.000e12"),
            (-2.5e-7, "-2.500e-7"),
        ] {
            assert_eq!(short(number), shown);
        }
    }

    #[test]
    fn a_list_of_few_numbers_needs_no_summary() {
        let few: Vec<Value> = (0..5i64).map(Value::from).collect();
        assert!(list(&few, Painter::new(false), 80).is_none());
        let mut many: Vec<Value> = (0..50i64).map(Value::from).collect();
        let shown = list(&many, Painter::new(false), 80).unwrap();
        assert!(
            shown.contains("mean 24.5") && shown.contains('█'),
            "{shown}"
        );
        many[7] = Value::from("seven");
        assert!(list(&many, Painter::new(false), 80).is_none());
    }
}
