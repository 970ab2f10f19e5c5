//! Arithmetic on whole and floating-point numbers, with Python's signs and errors.

use std::cmp::Ordering;

use super::arithmetic::Arithmetic;
use crate::{Error, Result, Value};

/// A number, as operators see it; a bool is 0 or 1.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Int(i128),
    Float(f64),
}

use Number::{Float, Int};

impl Number {
    pub(super) fn of(value: &Value) -> Option<Number> {
        match value {
            Value::Bool(flag) => Some(Int(i128::from(*flag))),
            Value::Int(int) => Some(Int(*int)),
            Value::Float(float) => Some(Float(*float)),
            _ => None,
        }
    }

    pub(super) fn to_float(self) -> f64 {
        match self {
            Int(int) => int as f64,
            Float(float) => float,
        }
    }

    /// The order of two numbers, exact also between an integer and a float. `None` when one of them is NaN.
    pub(super) fn compare(self, other: Number) -> Option<Ordering> {
        match (self, other) {
            (Int(a), Int(b)) => Some(a.cmp(&b)),
            (Float(a), Float(b)) => a.partial_cmp(&b),
            (Int(a), Float(b)) => compare_int_with_float(a, b),
            (Float(a), Int(b)) => compare_int_with_float(b, a).map(Ordering::reverse),
        }
    }
}

/// A whole number where one is needed, as an index or an argument.
///
/// Also one that arrives as a float, as the codec reads it too: some languages have no other numbers.
pub(super) fn whole(value: &Value) -> Option<i128> {
    match Number::of(value)? {
        Int(int) => Some(int),
        Float(float) => (float.trunc() == float && float.abs() < INT_END).then_some(float as i128),
    }
}

/// What an `i128` is always less than, and its negation what it is never less than; both are exact doubles.
const INT_END: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;

fn compare_int_with_float(int: i128, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        None
    } else if float >= INT_END {
        Some(Ordering::Less)
    } else if float < -INT_END {
        Some(Ordering::Greater)
    } else {
        // In range, so the whole part converts exactly and the fraction decides between equals.
        let whole = float.trunc();
        Some(
            int.cmp(&(whole as i128))
                .then_with(|| whole.total_cmp(&float)),
        )
    }
}

/// `a op b`, or `None` when there is no such operation on these.
pub(super) fn calculate(op: Arithmetic, a: Number, b: Number) -> Option<Result<Value>> {
    match (a, b) {
        (Int(a), Int(b)) => Some(on_ints(op, a, b)),
        (a, b) => on_floats(op, a.to_float(), b.to_float()).map(|result| result.map(Value::Float)),
    }
}

pub(super) fn negate(number: Number) -> Result<Value> {
    match number {
        Int(int) => int
            .checked_neg()
            .map(Value::Int)
            .ok_or_else(|| too_big(format_args!("-({int})"))),
        Float(float) => Ok(Value::Float(-float)),
    }
}

pub(super) fn absolute(number: Number) -> Result<Value> {
    match number {
        Int(int) => int
            .checked_abs()
            .map(Value::Int)
            .ok_or_else(|| too_big(format_args!("abs({int})"))),
        Float(float) => Ok(Value::Float(float.abs())),
    }
}

fn division_by_zero() -> Error {
    Error::arithmetic("division by zero")
}

fn too_big(operation: impl std::fmt::Display) -> Error {
    Error::arithmetic(format!(
        "the result of {operation} does not fit in an int, which has 128 bits"
    ))
}

fn on_ints(op: Arithmetic, a: i128, b: i128) -> Result<Value> {
    let result = match op {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Sub => a.checked_sub(b),
        Arithmetic::Mul => a.checked_mul(b),
        Arithmetic::Div | Arithmetic::FloorDiv | Arithmetic::Mod if b == 0 => {
            return Err(division_by_zero());
        }
        Arithmetic::Div => return Ok(Value::Float(divide(a, b))),
        Arithmetic::FloorDiv => floor_divide(a, b),
        Arithmetic::Mod => Some(modulo(a, b)),
        Arithmetic::Pow if b < 0 => return float_power(a as f64, b as f64).map(Value::Float),
        Arithmetic::Pow => power(a, b),
        Arithmetic::Shl | Arithmetic::Shr if b < 0 => {
            return Err(Error::value("negative shift count"));
        }
        Arithmetic::Shl => shift_left(a, b),
        // Shifting further than all bits changes nothing more.
        Arithmetic::Shr => Some(a >> b.min(127)),
        Arithmetic::And => Some(a & b),
        Arithmetic::Or => Some(a | b),
        Arithmetic::Xor => Some(a ^ b),
    };
    result
        .map(Value::Int)
        .ok_or_else(|| too_big(format_args!("{a} {} {b}", op.symbol())))
}

/// Rounded down; `None` when it does not fit (only the smallest int by -1).
fn floor_divide(a: i128, b: i128) -> Option<i128> {
    let quotient = a.checked_div(b)?;
    let rounded_up = a.wrapping_rem(b) != 0 && (a < 0) != (b < 0);
    Some(quotient - i128::from(rounded_up))
}

/// With the sign of the divisor.
fn modulo(a: i128, b: i128) -> i128 {
    let rest = a.wrapping_rem(b);
    if rest != 0 && (rest < 0) != (b < 0) {
        rest + b
    } else {
        rest
    }
}

fn power(base: i128, exponent: i128) -> Option<i128> {
    match (base, u32::try_from(exponent)) {
        (0 | 1, _) => Some(if exponent == 0 { 1 } else { base }),
        (-1, _) => Some(if exponent % 2 == 0 { 1 } else { -1 }),
        (_, Ok(exponent)) => base.checked_pow(exponent),
        (_, Err(_)) => None,
    }
}

fn shift_left(a: i128, by: i128) -> Option<i128> {
    if a == 0 {
        return Some(0);
    }
    let by = u32::try_from(by).ok().filter(|by| *by < i128::BITS)?;
    let shifted = a << by;
    (shifted >> by == a).then_some(shifted)
}

/// The double nearest to `a / b`, which rounding both first would miss for big ones.
fn divide(a: i128, b: i128) -> f64 {
    const EXACT: u128 = 1 << f64::MANTISSA_DIGITS;
    let (dividend, divisor) = (a.unsigned_abs(), b.unsigned_abs());
    if dividend <= EXACT && divisor <= EXACT {
        return a as f64 / b as f64;
    }
    // Long division until the quotient has two bits more than a double; a last bit says that something was left.
    let (mut quotient, mut rest) = (dividend / divisor, dividend % divisor);
    let mut scale = 0;
    while rest != 0 && quotient <= EXACT << 2 {
        rest <<= 1;
        quotient = quotient << 1 | u128::from(rest >= divisor);
        rest %= divisor;
        scale += 1;
    }
    let magnitude = (quotient | u128::from(rest != 0)) as f64 * 2f64.powi(-scale);
    if (a < 0) == (b < 0) {
        magnitude
    } else {
        -magnitude
    }
}

fn on_floats(op: Arithmetic, a: f64, b: f64) -> Option<Result<f64>> {
    Some(match op {
        Arithmetic::Add => Ok(a + b),
        Arithmetic::Sub => Ok(a - b),
        Arithmetic::Mul => Ok(a * b),
        Arithmetic::Div | Arithmetic::FloorDiv | Arithmetic::Mod if b == 0.0 => {
            Err(division_by_zero())
        }
        Arithmetic::Div => Ok(a / b),
        Arithmetic::FloorDiv => Ok(float_divmod(a, b).0),
        Arithmetic::Mod => Ok(float_divmod(a, b).1),
        Arithmetic::Pow => float_power(a, b),
        Arithmetic::Shl | Arithmetic::Shr | Arithmetic::And | Arithmetic::Or | Arithmetic::Xor => {
            return None;
        }
    })
}

/// Quotient rounded down and rest with the divisor's sign, as CPython computes them, so that they agree to the bit.
fn float_divmod(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(a / b), rest);
    }
    let floor = quotient.floor();
    (
        if quotient - floor > 0.5 {
            floor + 1.0
        } else {
            floor
        },
        rest,
    )
}

fn float_power(base: f64, exponent: f64) -> Result<f64> {
    if base == 0.0 && exponent < 0.0 && exponent.is_finite() {
        return Err(division_by_zero());
    }
    let result = base.powf(exponent);
    // Only what finite operands give has to be finite.
    if base.is_finite() && exponent.is_finite() {
        if result.is_nan() {
            return Err(Error::value(
                "a negative number to a fractional power is not a real number",
            ));
        }
        if result.is_infinite() {
            return Err(Error::arithmetic(format!(
                "the result of {base} ** {exponent} does not fit in a float"
            )));
        }
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ints(op: Arithmetic, a: i128, b: i128) -> Value {
        on_ints(op, a, b).unwrap()
    }

    #[test]
    fn division_of_ints_rounds_down_and_the_rest_has_the_divisors_sign() {
        for (a, b, quotient, rest) in [
            (7, 2, 3, 1),
            (-7, 2, -4, 1),
            (7, -2, -4, -1),
            (-7, -2, 3, -1),
            (6, -2, -3, 0),
        ] {
            assert_eq!(ints(Arithmetic::FloorDiv, a, b), Value::Int(quotient));
            assert_eq!(ints(Arithmetic::Mod, a, b), Value::Int(rest));
        }
    }

    #[test]
    fn division_of_floats_rounds_down_and_the_rest_has_the_divisors_sign() {
        assert_eq!(float_divmod(7.5, 2.0), (3.0, 1.5));
        assert_eq!(float_divmod(-7.5, 2.0), (-4.0, 0.5));
        assert_eq!(float_divmod(7.5, -2.0), (-4.0, -0.5));
        assert_eq!(float_divmod(1.0, 0.1), (9.0, 0.09999999999999995));
        assert!(float_divmod(-4.0, 2.0).1.is_sign_positive());
    }

    #[test]
    fn true_division_gives_the_nearest_double() {
        assert_eq!(divide(1, 3), 1.0 / 3.0);
        assert_eq!(divide(-(10i128.pow(30)), 10i128.pow(29)), -10.0);
        // Rounding the operands first would give 1.0.
        assert_eq!(divide((1 << 53) + 3, (1 << 53) + 1), 1.0000000000000002);
        assert_eq!(divide(i128::MIN, -1), INT_END);
        assert_eq!(divide(1, i128::MIN), -(2f64.powi(-127)));
        assert_eq!(divide(0, i128::MAX), 0.0);
    }

    #[test]
    fn what_does_not_fit_is_an_arithmetic_error_that_names_the_operation() {
        for (op, a, b, shown) in [
            (Arithmetic::Add, i128::MAX, 1, "+ 1"),
            (Arithmetic::Mul, i128::MIN, -1, "* -1"),
            (Arithmetic::FloorDiv, i128::MIN, -1, "// -1"),
            (Arithmetic::Pow, 3, 1 << 40, "3 ** 1099511627776"),
            (Arithmetic::Shl, 1, 127, "1 << 127"),
            (Arithmetic::Shl, -1, i128::MAX, "-1 << "),
        ] {
            let error = on_ints(op, a, b).unwrap_err();
            assert!(
                error.kind() == crate::Kind::ArithmeticError && error.message().contains(shown),
                "{error}"
            );
        }
        assert_eq!(ints(Arithmetic::Mod, i128::MIN, -1), Value::Int(0));
        assert_eq!(ints(Arithmetic::Shl, -1, 127), Value::Int(i128::MIN));
        assert!(negate(Int(i128::MIN)).is_err());
    }

    #[test]
    fn powers_shifts_and_their_edges_are_pythons() {
        assert_eq!(ints(Arithmetic::Pow, 2, 10), Value::Int(1024));
        assert_eq!(ints(Arithmetic::Pow, 2, -1), Value::Float(0.5));
        assert_eq!(ints(Arithmetic::Pow, -1, i128::MAX), Value::Int(-1));
        assert_eq!(ints(Arithmetic::Pow, 0, 0), Value::Int(1));
        assert_eq!(ints(Arithmetic::Shr, -5, 1000), Value::Int(-1));
        assert_eq!(ints(Arithmetic::Shl, 0, i128::MAX), Value::Int(0));
        assert!(on_ints(Arithmetic::Shr, 1, -1).is_err());
        assert!(on_ints(Arithmetic::Pow, 0, -1).is_err());
        assert!(float_power(-8.0, 1.0 / 3.0).is_err());
        assert!(float_power(10.0, 400.0).is_err());
        assert_eq!(float_power(f64::INFINITY, 2.0).unwrap(), f64::INFINITY);
    }

    #[test]
    fn ints_and_floats_compare_exactly() {
        let order = |a, b| Int(a).compare(Float(b));
        assert_eq!(order((1 << 53) + 1, 2f64.powi(53)), Some(Ordering::Greater));
        assert_eq!(order(i128::MAX, INT_END), Some(Ordering::Less));
        assert_eq!(order(i128::MIN, -INT_END), Some(Ordering::Equal));
        assert_eq!(order(0, -0.0), Some(Ordering::Equal));
        assert_eq!(order(-1, -1.5), Some(Ordering::Greater));
        assert_eq!(order(1, 1.5), Some(Ordering::Less));
        assert_eq!(order(0, -0.5), Some(Ordering::Greater));
        assert_eq!(order(0, f64::INFINITY), Some(Ordering::Less));
        assert_eq!(order(0, f64::NAN), None);
    }
}
