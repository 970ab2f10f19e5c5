//! What serde reports, in the words of Locum, with the place inside the data.

use std::fmt;

use serde::de::{Expected, Unexpected};

use crate::{Error, Kind};

/// A failed conversion: what, and where in the data.
#[derive(Debug)]
pub(crate) struct CodecError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    message: String,
    place: String,
}

impl CodecError {
    #[cold]
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        CodecError(Box::new(Inner {
            kind,
            message: message.into(),
            place: String::new(),
        }))
    }

    /// The same error, one level further out.
    #[cold]
    pub(crate) fn within(mut self, segment: impl fmt::Display) -> Self {
        self.0.place = format!("{segment}{}", self.0.place);
        self
    }

    /// The same error, once it is known which special the visitor was offered.
    #[cold]
    pub(crate) fn with_special(mut self, got: &str) -> Self {
        self.0.message = self.0.message.replace(SOME_SPECIAL, got);
        self
    }
}

/// What serde's "newtype struct" means here, as long as nobody knows more.
const SOME_SPECIAL: &str = "a proxy, bytes, an array or a slice";

impl From<CodecError> for Error {
    #[cold]
    fn from(error: CodecError) -> Self {
        let Inner {
            kind,
            message,
            place,
        } = *error.0;
        let place = place.strip_prefix('.').unwrap_or(&place);
        Error::new(
            kind,
            if place.is_empty() {
                message
            } else {
                format!("{message} at `{place}`")
            },
        )
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for CodecError {}

impl serde::ser::Error for CodecError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        CodecError::new(Kind::NotTransferable, message.to_string())
    }
}

impl serde::de::Error for CodecError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        CodecError::new(Kind::ValueError, message.to_string())
    }
    fn invalid_type(got: Unexpected<'_>, expected: &dyn Expected) -> Self {
        CodecError::new(
            Kind::TypeError,
            format!("expected {}, got {}", wanted(expected), given(got)),
        )
    }
    fn invalid_value(got: Unexpected<'_>, expected: &dyn Expected) -> Self {
        CodecError::new(
            Kind::ValueError,
            format!("expected {}, got {}", fitting(expected), given(got)),
        )
    }
    fn invalid_length(got: usize, expected: &dyn Expected) -> Self {
        CodecError::new(
            Kind::ValueError,
            format!("expected {}, got {got} of them", wanted(expected)),
        )
    }
    fn unknown_variant(got: &str, expected: &'static [&'static str]) -> Self {
        CodecError::new(
            Kind::ValueError,
            format!("expected {}, got the text {got:?}", one_of(expected)),
        )
    }
    fn unknown_field(got: &str, expected: &'static [&'static str]) -> Self {
        CodecError::new(
            Kind::ValueError,
            format!("unknown field {got:?}; expected {}", one_of(expected)),
        )
    }
    fn missing_field(field: &'static str) -> Self {
        CodecError::new(Kind::ValueError, format!("the field `{field}` is missing"))
    }
    fn duplicate_field(field: &'static str) -> Self {
        CodecError::new(
            Kind::ValueError,
            format!("the field `{field}` is there twice"),
        )
    }
}

fn one_of(names: &[&str]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [one] => format!("`{one}`"),
        many => format!(
            "one of {}",
            many.iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

/// serde names Rust's types; people get words.
fn wanted(expected: &dyn Expected) -> String {
    let expected = expected.to_string();
    match expected.as_str() {
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128"
        | "usize" => "an integer".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a string" | "a borrowed string" => "text".to_owned(),
        "a boolean" => "a boolean".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "a map".to_owned(),
        "unit" => "null".to_owned(),
        "a character" => "one character".to_owned(),
        "a byte array" | "a borrowed byte array" => "bytes".to_owned(),
        other => match other.strip_prefix("struct ") {
            Some(name) => format!("a map with the fields of {name}"),
            None => other
                .strip_prefix("tuple struct ")
                .unwrap_or(other)
                .to_owned(),
        },
    }
}

/// The same for a value of the right type that does not fit.
fn fitting(expected: &dyn Expected) -> String {
    let text = expected.to_string();
    let range = match text.as_str() {
        "i8" => "-128 to 127",
        "i16" => "-32768 to 32767",
        "i32" => "-2^31 to 2^31 - 1",
        "i64" | "isize" => "-2^63 to 2^63 - 1",
        "u8" => "0 to 255",
        "u16" => "0 to 65535",
        "u32" => "0 to 2^32 - 1",
        "u64" | "usize" => "0 to 2^64 - 1",
        "i128" => "-2^127 to 2^127 - 1",
        "u128" => "0 to 2^128 - 1",
        _ => return wanted(expected),
    };
    format!("an integer from {range}")
}

fn given(got: Unexpected<'_>) -> String {
    match got {
        Unexpected::Bool(it) => format!("the boolean {it}"),
        Unexpected::Unsigned(it) => format!("the integer {it}"),
        Unexpected::Signed(it) => format!("the integer {it}"),
        Unexpected::Float(it) => format!("the number {it:?}"),
        Unexpected::Char(it) => format!("the character {it:?}"),
        Unexpected::Str(it) => match it.char_indices().nth(40) {
            Some((end, _)) => format!("the text {:?}...", &it[..end]),
            None => format!("the text {it:?}"),
        },
        Unexpected::Bytes(it) => format!("{} bytes", it.len()),
        Unexpected::Unit => "null".to_owned(),
        Unexpected::Option => "an optional value".to_owned(),
        Unexpected::NewtypeStruct => SOME_SPECIAL.to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a map".to_owned(),
        Unexpected::Enum | Unexpected::UnitVariant | Unexpected::NewtypeVariant => {
            "a variant".to_owned()
        }
        Unexpected::TupleVariant | Unexpected::StructVariant => "a variant".to_owned(),
        Unexpected::Other(it) => it.to_owned(),
    }
}
