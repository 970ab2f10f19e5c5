//! Times and counts, as people write them.

use std::time::Duration;

/// Three digits and a unit.
pub(crate) fn time(took: Duration) -> String {
    nanoseconds(took.as_secs_f64() * 1e9)
}

/// The same for what may be less than a nanosecond.
pub(crate) fn nanoseconds(nanoseconds: f64) -> String {
    let units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")];
    // What would be rounded up to 1000 is one of the next unit.
    let unit = units.iter().find(|(one, _)| nanoseconds >= 0.9995 * one);
    let &(one, unit) = unit.unwrap_or(&(1.0, "ns"));
    let number = nanoseconds / one;
    let decimals = match number {
        n if n >= 99.95 || unit == "ns" && n.fract() < 0.05 => 0,
        n if n >= 9.995 => 1,
        _ => 2,
    };
    format!("{number:.decimals$} {unit}")
}

/// `1,234,567`.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits_and_a_unit() {
        for (nanoseconds, shown) in [
            (0, "0 ns"),
            (64, "64 ns"),
            (640, "640 ns"),
            (1_234, "1.23 µs"),
            (45_678, "45.7 µs"),
            (99_970, "100 µs"),
            (999_900, "1.00 ms"),
            (3_100_000, "3.10 ms"),
        ] {
            assert_eq!(time(Duration::from_nanos(nanoseconds)), shown);
        }
        assert_eq!(time(Duration::from_millis(1_500)), "1.50 s");
        assert_eq!(time(Duration::from_secs(120)), "120 s");
        assert_eq!(nanoseconds(0.127), "0.13 ns");
        assert_eq!(nanoseconds(45.25), "45.2 ns");
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(701_975), "701,975");
        assert_eq!(grouped(1_000_000), "1,000,000");
    }
}
