//! Round numbers along an axis, and how they are written.

/// A number to be written along an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub(crate) at: f64,
    pub(crate) label: String,
}

/// The most ticks that are made, whatever is asked for.
const MOST: usize = 100;

/// About `wanted` multiples of 1, 2 or 5 times a power of ten, at most as many.
pub(crate) fn linear(low: f64, high: f64, wanted: usize) -> Vec<Tick> {
    let step = round_up((high - low) / wanted.max(1) as f64);
    if !step.is_finite() || step <= 0.0 {
        return Vec::new();
    }
    let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
    let count = ((last - first) as usize).saturating_add(1).min(MOST);
    let largest = low.abs().max(high.abs());
    (0..count)
        .map(|index| {
            // Divided, where that is exact and multiplying is not: 3 * 0.1 is not 0.3.
            let multiple = first + index as f64;
            let at = match step < 1.0 {
                true => multiple / (1.0 / step).round(),
                false => multiple * step,
            };
            let at = if at == 0.0 { 0.0 } else { at };
            Tick {
                at,
                label: decimal(at, step, largest),
            }
        })
        .collect()
}

/// The least of 1, 2 and 5 times a power of ten that is no less.
fn round_up(raw: f64) -> f64 {
    let power = 10_f64.powf(raw.log10().floor());
    let factors = [1.0, 2.0, 5.0, 10.0];
    let factor = factors
        .iter()
        .find(|factor| *factor * power >= raw * (1.0 - 1e-9));
    factor.unwrap_or(&10.0) * power
}

/// A number with the decimals that a step has; with a power of ten where all numbers are far from 1.
fn decimal(at: f64, step: f64, largest: f64) -> String {
    if at == 0.0 {
        return "0".to_owned();
    }
    if (1e-4..1e7).contains(&largest) {
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        return minus(&format!("{at:.decimals$}"));
    }
    let power = at.abs().log10().floor();
    // The digits from the first one of the number to that of the step.
    let digits = (power - step.log10().floor()).max(0.0) as usize;
    let written = format!("{at:.digits$e}");
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let mantissa = match mantissa.contains('.') {
        true => mantissa.trim_end_matches('0').trim_end_matches('.'),
        false => mantissa,
    };
    minus(&format!("{mantissa}×10{}", raised(exponent)))
}

/// Powers of ten and, where there are few of them, what lies between.
pub(crate) fn logarithmic(low: f64, high: f64, wanted: usize) -> Vec<Tick> {
    let decades = high.log10() - low.log10();
    let powers = || (low.log10() - 1e-9).ceil() as i32..=(high.log10() + 1e-9).floor() as i32;
    let every = (decades / wanted.max(1) as f64).ceil().max(1.0) as i32;
    let mut ticks: Vec<Tick> = powers()
        .filter(|power| power.rem_euclid(every) == 0)
        .map(|power| Tick {
            at: 10_f64.powi(power),
            label: power_of_ten(power),
        })
        .collect();
    if decades <= 2.0 && ticks.len() * 3 <= wanted.max(3) {
        let between =
            powers_around(low, high).flat_map(|power| [2, 5].map(|factor| (factor, power)));
        ticks.extend(
            between
                .map(|(factor, power)| (f64::from(factor) * 10_f64.powi(power), factor, power))
                .filter(|(at, ..)| (low..=high).contains(at))
                .map(|(at, factor, power)| Tick {
                    at,
                    label: multiple_of_power(factor, power),
                }),
        );
        ticks.sort_by(|a, b| a.at.total_cmp(&b.at));
    }
    match ticks.len() {
        0 | 1 => linear(low, high, wanted),
        _ => ticks,
    }
}

/// The places of 2 to 9 times each power of ten, where not too many powers lie between both ends.
pub(crate) fn between_powers(low: f64, high: f64) -> Vec<f64> {
    if high.log10() - low.log10() > 6.0 {
        return Vec::new();
    }
    powers_around(low, high)
        .flat_map(|power| (2..10).map(move |factor| f64::from(factor) * 10_f64.powi(power)))
        .filter(|at| (low..=high).contains(at))
        .collect()
}

fn powers_around(low: f64, high: f64) -> std::ops::RangeInclusive<i32> {
    low.log10().floor() as i32..=high.log10().floor() as i32
}

fn power_of_ten(power: i32) -> String {
    match power {
        0..=4 => format!("{}", 10_i64.pow(power as u32)),
        -3..0 => format!("{:.*}", power.unsigned_abs() as usize, 10_f64.powi(power)),
        power => format!("10{}", raised(&power.to_string())),
    }
}

fn multiple_of_power(factor: i32, power: i32) -> String {
    match power {
        0..=4 => format!("{}", i64::from(factor) * 10_i64.pow(power as u32)),
        -3..0 => format!(
            "{:.*}",
            power.unsigned_abs() as usize,
            f64::from(factor) * 10_f64.powi(power)
        ),
        power => format!("{factor}×10{}", raised(&power.to_string())),
    }
}

/// Digits as they stand in an exponent.
fn raised(digits: &str) -> String {
    let raise = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        c => match c.to_digit(10) {
            Some(digit) => char::from_u32(0x2070 + digit).unwrap_or(c),
            None => c,
        },
    };
    digits.chars().map(raise).collect()
}

/// With a minus sign instead of the hyphen.
fn minus(number: &str) -> String {
    number.replace('-', "−")
}
