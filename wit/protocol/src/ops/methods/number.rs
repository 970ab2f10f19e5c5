//! The methods of numbers.

use super::arguments::Arguments;
use super::{Method, find, names};
use crate::{Map, Result, Value};

type Run<N> = fn(N, Arguments) -> Result<Value>;

pub(super) const OF_INTS: &[Method<Run<i128>>] = &[Method {
    name: "bit_length",
    parameters: &[],
    required: 0,
    run: bit_length,
}];

pub(super) const OF_FLOATS: &[Method<Run<f64>>] = &[Method {
    name: "is_integer",
    parameters: &[],
    required: 0,
    run: is_integer,
}];

pub(super) const NAMES_OF_INTS: &[&str] = &names::<{ OF_INTS.len() }, Run<i128>>(OF_INTS);
pub(super) const NAMES_OF_FLOATS: &[&str] = &names::<{ OF_FLOATS.len() }, Run<f64>>(OF_FLOATS);

pub(super) fn call<N>(
    methods: &'static [Method<Run<N>>],
    kind: &'static str,
    number: N,
    name: &str,
    args: Vec<Value>,
    keywords: Map,
) -> Result<Value> {
    let (method, arguments) = find(methods, kind, name)?.bind(kind, args, keywords)?;
    (method.run)(number, arguments)
}

fn bit_length(int: i128, _: Arguments) -> Result<Value> {
    Ok((u128::BITS - int.unsigned_abs().leading_zeros()).into())
}

fn is_integer(float: f64, _: Arguments) -> Result<Value> {
    Ok((float.is_finite() && float.fract() == 0.0).into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::answer;

    #[test]
    fn an_int_knows_how_many_bits_it_needs() {
        for (int, bits) in [
            (0, "0"),
            (1, "1"),
            (-8, "4"),
            (255, "8"),
            (i128::MIN, "128"),
        ] {
            assert_eq!(answer(int, "bit_length", []), bits);
        }
        assert_eq!(answer(true, "bit_length", []), "1");
        let refused = answer(1i64, "bit_length", [1i64.into()]);
        assert_eq!(
            refused,
            "TypeError: int.bit_length: expected no arguments, got 1"
        );
    }

    #[test]
    fn a_float_knows_whether_it_is_whole() {
        assert_eq!(answer(1e300, "is_integer", []), "True");
        assert_eq!(answer(0.5, "is_integer", []), "False");
        assert_eq!(answer(f64::INFINITY, "is_integer", []), "False");
    }
}
