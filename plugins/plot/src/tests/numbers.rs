//! The numbers along the axes.

use crate::ticks::{linear, logarithmic};

fn labels(ticks: Vec<crate::ticks::Tick>) -> String {
    ticks
        .into_iter()
        .map(|tick| tick.label)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn numbers_along_an_axis_are_round() {
    for (low, high, wanted, expected) in [
        (0.0, 10.0, 5, "0 2 4 6 8 10"),
        (0.0, 1.0, 10, "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0"),
        (-0.03, 0.02, 5, "−0.03 −0.02 −0.01 0 0.01 0.02"),
        (3.7, 4.1, 4, "3.7 3.8 3.9 4.0 4.1"),
        (0.0, 4e9, 4, "0 1×10⁹ 2×10⁹ 3×10⁹ 4×10⁹"),
        (0.0, 1e-6, 2, "0 5×10⁻⁷ 1×10⁻⁶"),
        (1e9, 1e9 + 2.0, 2, "1×10⁹ 1.000000001×10⁹ 1.000000002×10⁹"),
        (999_000.0, 1_001_000.0, 2, "999000 1000000 1001000"),
    ] {
        assert_eq!(
            labels(linear(low, high, wanted)),
            expected,
            "{low} to {high}"
        );
    }
}

#[test]
fn numbers_along_a_logarithmic_axis_are_powers_of_ten() {
    for (low, high, wanted, expected) in [
        (1.0, 1e4, 5, "1 10 100 1000 10000"),
        (1e-5, 1e5, 5, "10⁻⁴ 0.01 1 100 10000"),
        (1.0, 20.0, 8, "1 2 5 10 20"),
        (30.0, 40.0, 4, "30 35 40"),
    ] {
        assert_eq!(
            labels(logarithmic(low, high, wanted)),
            expected,
            "{low} to {high}"
        );
    }
}

#[test]
fn no_range_makes_too_many_numbers() {
    let ends = [
        0.0,
        1.0,
        -1.0,
        1e-300,
        1e300,
        -8e307,
        8e307,
        f64::MIN_POSITIVE,
        1.0 + f64::EPSILON,
        123.456,
    ];
    for low in ends {
        for high in ends.into_iter().filter(|high| *high > low) {
            for wanted in [1, 5, 30] {
                assert!(
                    linear(low, high, wanted).len() <= 2 * wanted + 2,
                    "{low} to {high}"
                );
                if low > 0.0 {
                    assert!(
                        logarithmic(low, high, wanted).len() <= 2 * wanted + 4,
                        "{low} to {high}"
                    );
                }
            }
        }
    }
}
