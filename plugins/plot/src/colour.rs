//! Colours: by name, by their parts, and one after the other.

use locum_guest::{Error, Result, Value, ops};

/// A colour without transparency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

pub(crate) const WHITE: Colour = Colour(255, 255, 255);
pub(crate) const TEXT: Colour = Colour(0x26, 0x2b, 0x33);
pub(crate) const FAINT_TEXT: Colour = Colour(0x4a, 0x51, 0x5c);
pub(crate) const FRAME: Colour = Colour(0x8a, 0x91, 0x9c);
pub(crate) const GRID: Colour = Colour(0xe4, 0xe7, 0xec);
pub(crate) const FINE_GRID: Colour = Colour(0xf1, 0xf3, 0xf6);

/// Okabe and Ito's colours, which people with any kind of colour vision can tell apart; the yellow, which is hard to see
/// on white, is left out.
const CYCLE: [Colour; 7] = [
    Colour(0x00, 0x72, 0xb2),
    Colour(0xd5, 0x5e, 0x00),
    Colour(0x00, 0x9e, 0x73),
    Colour(0xcc, 0x79, 0xa7),
    Colour(0xe6, 0x9f, 0x00),
    Colour(0x56, 0xb4, 0xe9),
    Colour(0x3c, 0x3c, 0x3c),
];

/// Names, with the letters that pyqtgraph and Matlab have for them.
const NAMED: &[(&str, &str, Colour)] = &[
    ("black", "k", Colour(0, 0, 0)),
    ("white", "w", WHITE),
    ("red", "r", Colour(0xd6, 0x27, 0x28)),
    ("green", "g", Colour(0x2c, 0xa0, 0x2c)),
    ("blue", "b", Colour(0x1f, 0x5f, 0xd0)),
    ("cyan", "c", Colour(0x17, 0xbe, 0xcf)),
    ("magenta", "m", Colour(0xd0, 0x2f, 0xc0)),
    ("yellow", "y", Colour(0xe8, 0xc5, 0x00)),
    ("orange", "", Colour(0xff, 0x7f, 0x0e)),
    ("purple", "", Colour(0x94, 0x67, 0xbd)),
    ("brown", "", Colour(0x8c, 0x56, 0x4b)),
    ("pink", "", Colour(0xe3, 0x77, 0xc2)),
    ("teal", "", Colour(0x00, 0x80, 0x80)),
    ("navy", "", Colour(0x00, 0x00, 0x80)),
    ("gray", "", Colour(0x7f, 0x7f, 0x7f)),
    ("grey", "", Colour(0x7f, 0x7f, 0x7f)),
];

impl Colour {
    /// The colour of a series that was given none, by how many there were before it.
    pub(crate) fn of_cycle(index: usize) -> Colour {
        CYCLE[index % CYCLE.len()]
    }

    /// What a caller calls a colour: a name, `#rgb`, `#rrggbb`, or a list of red, green and blue.
    pub(crate) fn read(value: &Value) -> Result<Colour> {
        let read = match value {
            Value::Text(text) => Colour::parse(text),
            Value::List(parts) => Colour::from_parts(parts),
            _ => None,
        };
        read.ok_or_else(|| wrong(value))
    }

    fn parse(text: &str) -> Option<Colour> {
        if let Some(digits) = text.strip_prefix('#') {
            let digit = |at: usize| {
                let digit = digits.as_bytes().get(at).copied()?;
                char::from(digit).to_digit(16).map(|digit| digit as u8)
            };
            return match digits.len() {
                3 => Some(Colour(digit(0)? * 17, digit(1)? * 17, digit(2)? * 17)),
                6 => {
                    let pair = |at| Some(digit(at)? * 16 + digit(at + 1)?);
                    Some(Colour(pair(0)?, pair(2)?, pair(4)?))
                }
                _ => None,
            };
        }
        let known = NAMED.iter().find(|(name, letter, _)| {
            name.eq_ignore_ascii_case(text) || (!letter.is_empty() && *letter == text)
        });
        known.map(|(_, _, colour)| *colour)
    }

    fn from_parts(parts: &[Value]) -> Option<Colour> {
        let part = |value: &Value| match value {
            Value::Int(part) => u8::try_from(*part).ok(),
            _ => None,
        };
        match parts {
            [red, green, blue] => Some(Colour(part(red)?, part(green)?, part(blue)?)),
            _ => None,
        }
    }

    /// `#rrggbb`.
    pub(crate) fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

#[cold]
fn wrong(value: &Value) -> Error {
    let names: Vec<&str> = NAMED.iter().map(|(name, ..)| *name).collect();
    let shown = ops::repr(value).unwrap_or_else(|_| value.type_name().to_owned());
    let hint = match value {
        Value::Text(text) => ops::closest(text, names.iter().copied()),
        _ => None,
    };
    let advice = match hint {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!(
            "write one of {}, or \"#rrggbb\", or [red, green, blue] of 0 to 255",
            names.join(", ")
        ),
    };
    Error::value(format!("{shown} is no colour; {advice}"))
}
