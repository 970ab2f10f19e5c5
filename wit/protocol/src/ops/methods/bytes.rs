//! The methods of bytes.

use super::super::access::bytes_part;
use super::arguments::Arguments;
use super::search::{count_bytes, find_bytes};
use super::text::check_encoding;
use super::{Method, names};
use crate::{Bytes, Error, Result, Value};

type Run = fn(&Bytes, Arguments) -> Result<Value>;

pub(super) const METHODS: &[Method<Run>] = &[
    Method {
        name: "hex",
        parameters: &[],
        required: 0,
        run: hex,
    },
    Method {
        name: "decode",
        parameters: &["encoding"],
        required: 0,
        run: decode,
    },
    Method {
        name: "find",
        parameters: &["part", "start", "stop"],
        required: 1,
        run: find,
    },
    Method {
        name: "count",
        parameters: &["part", "start", "stop"],
        required: 1,
        run: count,
    },
    Method {
        name: "startswith",
        parameters: &["prefix", "start", "stop"],
        required: 1,
        run: startswith,
    },
    Method {
        name: "endswith",
        parameters: &["suffix", "start", "stop"],
        required: 1,
        run: endswith,
    },
];

pub(super) const METHOD_NAMES: &[&str] = &names::<{ METHODS.len() }, Run>(METHODS);

fn hex(bytes: &Bytes, _: Arguments) -> Result<Value> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |four_bits: u8| char::from(DIGITS[usize::from(four_bits & 15)]);
    Ok(Value::Text(
        bytes
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(*byte)])
            .collect(),
    ))
}

fn decode(bytes: &Bytes, mut arguments: Arguments) -> Result<Value> {
    check_encoding(&mut arguments)?;
    match str::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(error) => {
            let at = error.valid_up_to();
            Err(Error::value(arguments.place(&format!(
                "the bytes are not UTF-8 at position {at}"
            ))))
        }
    }
}

fn find(bytes: &Bytes, mut arguments: Arguments) -> Result<Value> {
    let part = part(&mut arguments)?;
    let found = arguments.range(1, bytes.len())?.and_then(|range| {
        let start = range.start;
        find_bytes(&bytes[range], &part).map(|at| start + at)
    });
    Ok(found.map_or(Value::Int(-1), Value::from))
}

fn count(bytes: &Bytes, mut arguments: Arguments) -> Result<Value> {
    let part = part(&mut arguments)?;
    let range = arguments.range(1, bytes.len())?;
    Ok(range
        .map_or(0, |range| count_bytes(&bytes[range], &part))
        .into())
}

fn startswith(bytes: &Bytes, arguments: Arguments) -> Result<Value> {
    any_affix(bytes, arguments, |bytes, prefix| bytes.starts_with(prefix))
}

fn endswith(bytes: &Bytes, arguments: Arguments) -> Result<Value> {
    any_affix(bytes, arguments, |bytes, suffix| bytes.ends_with(suffix))
}

fn part(arguments: &mut Arguments) -> Result<Bytes> {
    let part = arguments.value(0);
    bytes_part(&part).map_err(|error| arguments.explain(0, error))
}

/// Whether one affix, or any in a list, is there.
fn any_affix(
    bytes: &Bytes,
    mut arguments: Arguments,
    is_there: fn(&[u8], &[u8]) -> bool,
) -> Result<Value> {
    let affixes = match arguments.value(0) {
        Value::List(affixes) => affixes,
        affix => vec![affix],
    };
    let range = arguments.range(1, bytes.len())?;
    let mut found = false;
    for affix in &affixes {
        let Value::Bytes(affix) = affix else {
            return Err(arguments.unexpected(0, "bytes or a list of bytes", affix));
        };
        found |= range
            .clone()
            .is_some_and(|range| is_there(&bytes[range], affix));
    }
    Ok(found.into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::answer;
    use super::*;

    fn of(bytes: &[u8], name: &str, args: impl IntoIterator<Item = Value>) -> String {
        answer(Bytes::from(bytes), name, args)
    }

    fn value(bytes: &[u8]) -> Value {
        Bytes::from(bytes).into()
    }

    #[test]
    fn bytes_become_text_as_digits_or_as_utf_8() {
        assert_eq!(of(b"\x00\xab", "hex", []), "'00ab'");
        assert_eq!(of("é".as_bytes(), "decode", []), "'é'");
        assert_eq!(of(b"a\xff", "decode", ["UTF-8".into()]), {
            "ValueError: bytes.decode: the bytes are not UTF-8 at position 1"
        });
    }

    #[test]
    fn parts_of_bytes_are_found_and_counted() {
        assert_eq!(of(b"abcabc", "find", [value(b"c"), 3i64.into()]), "5");
        assert_eq!(of(b"abc", "find", [98i64.into()]), "1");
        assert_eq!(of(b"abc", "find", [value(b"x")]), "-1");
        assert_eq!(of(b"abc", "find", [value(b""), 4i64.into()]), "-1");
        assert_eq!(of(b"aaaa", "count", [value(b"aa"), 1i64.into()]), "1");
        assert_eq!(of(b"abc", "find", ["b".into()]), {
            r#"TypeError: bytes.find: argument `part` (1): expected bytes or an integer, got the text "b""#
        });
    }

    #[test]
    fn bytes_start_and_end_with_one_or_any_of_several() {
        assert_eq!(of(b"abc", "startswith", [value(b"ab")]), "True");
        assert_eq!(
            of(b"abc", "endswith", [vec![value(b"x"), value(b"c")].into()]),
            "True"
        );
        assert_eq!(
            of(b"abc", "endswith", [value(b"ab"), 0i64.into(), 2i64.into()]),
            "True"
        );
        assert_eq!(of(b"abc", "startswith", [value(b""), 9i64.into()]), "False");
    }
}
