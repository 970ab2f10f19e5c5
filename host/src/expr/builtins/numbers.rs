//! Functions about numbers.

use locum_protocol::ops::Arithmetic;
use locum_protocol::{Error, Result, Value, ops};

use super::super::eval::combine;
use super::{Call, ask, whole};

/// 2^127: from here on a float is no whole number that fits.
const TOO_LARGE: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;

pub(super) fn abs(mut call: Call<'_, '_>) -> Result<Value> {
    match call.one()? {
        object @ Value::Object(_) => {
            ask(&object, "__abs__")?.ok_or_else(|| no_number("abs", &object))
        }
        data => ops::unary(ops::Unary::Abs, &data),
    }
}

pub(super) fn bool(mut call: Call<'_, '_>) -> Result<Value> {
    let [value] = call.take(0)?;
    value
        .map_or(Ok(false), |value| ops::truth(&value))
        .map(Value::Bool)
}

pub(super) fn int(mut call: Call<'_, '_>) -> Result<Value> {
    let base = call.keyword("base");
    let [value, second] = call.take(0)?;
    let base = base.or(second);
    match (value.unwrap_or(Value::Int(0)), base) {
        (Value::Text(text), base) => {
            let base = base.map_or(Ok(10), |base| whole(&base, "the base"))?;
            parse(&text, base).map(Value::Int)
        }
        (_, Some(_)) => Err(Error::type_error("int() takes a base for text only")),
        (Value::Float(number), None) => to_int(number.trunc()),
        (object @ Value::Object(_), None) => {
            ask(&object, "__int__")?.ok_or_else(|| no_number("int", &object))
        }
        (other, None) => whole(&other, "the argument of int()").map(Value::Int),
    }
}

pub(super) fn float(mut call: Call<'_, '_>) -> Result<Value> {
    let [value] = call.take(0)?;
    match value.unwrap_or(Value::Int(0)) {
        Value::Float(number) => Ok(Value::Float(number)),
        Value::Text(text) => match undivided(text.trim()).and_then(|plain| plain.parse().ok()) {
            Some(number) => Ok(Value::Float(number)),
            None => Err(Error::value(format!("{} is no number", shown(&text)))),
        },
        object @ Value::Object(_) => {
            ask(&object, "__float__")?.ok_or_else(|| no_number("float", &object))
        }
        other => whole(&other, "the argument of float()").map(|number| Value::Float(number as f64)),
    }
}

/// Halves go to the even neighbour, as in Python.
pub(super) fn round(mut call: Call<'_, '_>) -> Result<Value> {
    let digits = call.keyword("ndigits");
    let [value, second] = call.take(1)?;
    let digits = match digits.or(second) {
        None | Some(Value::Null) => None,
        Some(digits) => Some(whole(&digits, "the number of digits")?.clamp(-400, 400) as i32),
    };
    match (value.unwrap_or_default(), digits) {
        (Value::Float(number), None) => to_int(number.round_ties_even()),
        (Value::Float(number), Some(digits)) => Ok(Value::Float(round_float(number, digits))),
        (object @ Value::Object(_), _) => {
            ask(&object, "__round__")?.ok_or_else(|| no_number("round", &object))
        }
        (other, digits) => {
            let number = whole(&other, "the argument of round()")?;
            round_int(number, digits.unwrap_or(0))
                .map(Value::Int)
                .ok_or_else(does_not_fit)
        }
    }
}

pub(super) fn divmod(mut call: Call<'_, '_>) -> Result<Value> {
    let [a, b] = call.take(2)?;
    let (a, b) = (a.unwrap_or_default(), b.unwrap_or_default());
    let quotient = combine(Arithmetic::FloorDiv, &a, &b)?;
    let rest = combine(Arithmetic::Mod, &a, &b)?;
    Ok(Value::List(vec![quotient, rest]))
}

pub(super) fn pow(mut call: Call<'_, '_>) -> Result<Value> {
    let [base, exponent] = call.take(2)?;
    let (base, exponent) = (base.unwrap_or_default(), exponent.unwrap_or_default());
    combine(Arithmetic::Pow, &base, &exponent)
}

fn round_float(number: f64, digits: i32) -> f64 {
    match usize::try_from(digits) {
        // Correct to the last digit, because the decimal form of the number is exact.
        Ok(digits) if number.is_finite() => format!("{number:.digits$}").parse().unwrap_or(number),
        Ok(_) => number,
        Err(_) => {
            let unit = 10f64.powi(digits.saturating_neg());
            if unit.is_finite() {
                (number / unit).round_ties_even() * unit
            } else {
                number * 0.0
            }
        }
    }
}

fn round_int(number: i128, digits: i32) -> Option<i128> {
    if digits >= 0 {
        return Some(number);
    }
    // A unit beyond all numbers leaves nothing.
    let Some(unit) = 10i128.checked_pow(digits.unsigned_abs()) else {
        return Some(0);
    };
    let rest = number.rem_euclid(unit);
    let below = number.checked_sub(rest)?;
    let half = rest.cmp(&(unit - rest));
    let up = half.is_gt() || half.is_eq() && below / unit % 2 != 0;
    if up {
        below.checked_add(unit)
    } else {
        Some(below)
    }
}

fn to_int(number: f64) -> Result<Value> {
    if number.is_nan() {
        return Err(Error::value("NaN is no whole number"));
    }
    if number.abs() < TOO_LARGE {
        Ok(Value::Int(number as i128))
    } else {
        Err(does_not_fit())
    }
}

/// A whole number as `int(text, base)` reads it.
fn parse(text: &str, base: i128) -> Result<i128> {
    let radix = match u32::try_from(base) {
        Ok(radix @ 2..=36) => radix,
        _ => {
            return Err(Error::value(format!(
                "the base is between 2 and 36, got {base}"
            )));
        }
    };
    let trimmed = text.trim();
    let (sign, digits) = match trimmed.strip_prefix(['-', '+']) {
        Some(digits) => (&trimmed[..1], digits),
        None => ("", trimmed),
    };
    let prefix = match radix {
        16 => ["0x", "0X"],
        8 => ["0o", "0O"],
        2 => ["0b", "0B"],
        _ => ["\0"; 2],
    };
    let digits = prefix
        .iter()
        .find_map(|prefix| digits.strip_prefix(prefix))
        .unwrap_or(digits);
    let plain = undivided(digits)
        .filter(|plain| !plain.is_empty() && plain.chars().all(|c| c.is_digit(radix)));
    let Some(plain) = plain else {
        return Err(Error::value(format!(
            "{} is no whole number in base {base}",
            shown(text)
        )));
    };
    i128::from_str_radix(&format!("{sign}{plain}"), radix).map_err(|_| does_not_fit())
}

/// Digits without the underscores between them; `None` when an underscore stands elsewhere.
fn undivided(digits: &str) -> Option<String> {
    let misplaced = digits.starts_with('_') || digits.ends_with('_') || digits.contains("__");
    (!misplaced).then(|| digits.replace('_', ""))
}

/// A text in an error, not too long.
fn shown(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    let more = if short.len() < text.len() { "..." } else { "" };
    format!("\"{}{more}\"", short.escape_debug())
}

#[cold]
fn no_number(function: &str, object: &Value) -> Error {
    Error::type_error(format!(
        "`{}` has no __{function}__, so {function}() can not use it",
        object.type_name()
    ))
}

#[cold]
fn does_not_fit() -> Error {
    Error::arithmetic("the result does not fit into a whole number of 128 bits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_to_the_even_neighbour() {
        for (number, digits, rounded) in [
            (25, -1, Some(20)),
            (35, -1, Some(40)),
            (-25, -1, Some(-20)),
            (7, 2, Some(7)),
            (7, -99, Some(0)),
        ] {
            assert_eq!(round_int(number, digits), rounded);
        }
        assert_eq!(round_int(i128::MAX, -1), None);
        assert_eq!(round_int(i128::MIN, -38), None);
        assert_eq!(round_float(2.675, 2), 2.67);
        assert_eq!(round_float(0.125, 2), 0.12);
        assert_eq!(round_float(1250.0, -2), 1200.0);
        assert_eq!(round_float(1e300, 400), 1e300);
        assert_eq!(round_float(1e300, -400), 0.0);
    }

    #[test]
    fn whole_numbers_are_read_in_any_base() {
        assert_eq!(parse(" -1_000 ", 10).unwrap(), -1000);
        assert_eq!(parse("0xff", 16).unwrap(), 255);
        assert_eq!(
            parse("-170141183460469231731687303715884105728", 10).unwrap(),
            i128::MIN
        );
        for (text, base) in [
            ("", 10),
            ("_1", 10),
            ("1__0", 10),
            ("0xff", 10),
            ("2", 2),
            ("1", 99),
            ("+-1", 10),
        ] {
            assert!(parse(text, base).is_err(), "{text}");
        }
        assert!(parse(&"9".repeat(60), 10).is_err());
    }

    #[test]
    fn a_float_that_is_no_whole_number_is_refused() {
        assert!(to_int(1e30).is_ok());
        for number in [f64::NAN, f64::INFINITY, -1e39] {
            assert!(to_int(number).is_err());
        }
    }
}
