//! The typecodes of `Value` and `array`: what an item may be, and its bytes.

use locum_guest::{Bytes, Error, Kind, Result, Value};

/// What an item of a typecode is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Is {
    Signed,
    Unsigned,
    Float,
    /// A character, in four bytes.
    Character,
    /// A byte that stays one.
    Byte,
}

/// One of C's types, by the letter that Python's `array` and `ctypes` have for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Typecode {
    letter: char,
    is: Is,
    size: usize,
    /// The type's name in errors.
    word: &'static str,
}

const fn typecode(letter: char, is: Is, size: usize, word: &'static str) -> Typecode {
    Typecode {
        letter,
        is,
        size,
        word,
    }
}

/// Every typecode, with the sizes that 64-bit systems give them.
const ALL: [Typecode; 14] = [
    typecode('b', Is::Signed, 1, "signed char"),
    typecode('B', Is::Unsigned, 1, "unsigned byte integer"),
    typecode('u', Is::Character, 4, "character"),
    typecode('h', Is::Signed, 2, "signed short integer"),
    typecode('H', Is::Unsigned, 2, "unsigned short"),
    typecode('i', Is::Signed, 4, "signed integer"),
    typecode('I', Is::Unsigned, 4, "unsigned int"),
    typecode('l', Is::Signed, 8, "signed long"),
    typecode('L', Is::Unsigned, 8, "unsigned long"),
    typecode('q', Is::Signed, 8, "signed long long"),
    typecode('Q', Is::Unsigned, 8, "unsigned long long"),
    typecode('f', Is::Float, 4, "float"),
    typecode('d', Is::Float, 8, "double"),
    typecode('c', Is::Byte, 1, "char"),
];

impl Typecode {
    /// The typecode of a letter; `bytes` says whether `c` is one, too.
    pub(crate) fn of(letter: &str, bytes: bool) -> Result<Typecode> {
        let known = ALL.iter().filter(|code| bytes || code.is != Is::Byte);
        match known.clone().find(|code| letter.chars().eq([code.letter])) {
            Some(code) => Ok(*code),
            None => {
                let letters: Vec<String> = known.map(|code| code.letter.to_string()).collect();
                let letters = letters.join(", ");
                Err(Error::value(format!(
                    "bad typecode (must be one of {letters})"
                )))
            }
        }
    }

    pub(crate) fn letter(self) -> char {
        self.letter
    }

    /// How many bytes an item has.
    pub(crate) fn size(self) -> usize {
        self.size
    }

    pub(crate) fn is_character(self) -> bool {
        self.is == Is::Character
    }

    /// Writes an item's bytes, the lowest first; nothing is written on an error.
    pub(crate) fn write(self, value: &Value, out: &mut Vec<u8>) -> Result<()> {
        match self.is {
            Is::Signed | Is::Unsigned => {
                let int = self.in_range(whole(value)?)?;
                out.extend_from_slice(&int.to_le_bytes()[..self.size]);
            }
            Is::Float => {
                let float = number(value)?;
                match self.size {
                    4 => out.extend_from_slice(&(float as f32).to_le_bytes()),
                    _ => out.extend_from_slice(&float.to_le_bytes()),
                }
            }
            Is::Character => out.extend_from_slice(&u32::from(character(value)?).to_le_bytes()),
            Is::Byte => out.push(byte(value)?),
        }
        Ok(())
    }

    /// The item that bytes are.
    pub(crate) fn read(self, bytes: &[u8]) -> Value {
        let is_negative = self.is == Is::Signed && bytes.last().is_some_and(|last| *last > 0x7f);
        let mut wide = [if is_negative { 0xff } else { 0 }; 16];
        wide[..bytes.len()].copy_from_slice(bytes);
        let int = i128::from_le_bytes(wide);
        match (self.is, self.size) {
            (Is::Signed | Is::Unsigned, _) => Value::Int(int),
            (Is::Float, 4) => Value::Float(f32::from_bits(int as u32).into()),
            (Is::Float, _) => Value::Float(f64::from_bits(int as u64)),
            (Is::Character, _) => {
                let character = char::from_u32(int as u32).unwrap_or(char::REPLACEMENT_CHARACTER);
                Value::Text(character.into())
            }
            (Is::Byte, _) => Bytes::from(bytes).into(),
        }
    }

    /// Refuses bytes that are no items of this type.
    pub(crate) fn check(self, bytes: &[u8]) -> Result<()> {
        if !bytes.len().is_multiple_of(self.size) {
            return Err(Error::value("bytes length not a multiple of item size"));
        }
        let is_character = |item: &[u8]| {
            let code = item
                .iter()
                .rev()
                .fold(0, |code: u32, byte| code << 8 | u32::from(*byte));
            char::from_u32(code).is_some()
        };
        match self.is_character() && !bytes.chunks(self.size).all(is_character) {
            true => Err(Error::value(
                "the bytes are no characters (UTF-32, the lowest byte first)",
            )),
            false => Ok(()),
        }
    }

    fn in_range(self, int: i128) -> Result<i128> {
        let bits = 8 * self.size as u32;
        let (low, high) = match self.is {
            Is::Signed => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
            _ => (0, (1i128 << bits) - 1),
        };
        let how = match int {
            int if int > high => "greater than maximum",
            int if int < low => "less than minimum",
            int => return Ok(int),
        };
        let message = format!("{} is {how}", self.word);
        Err(Error::new(Kind::ArithmeticError, message).with_type_name("OverflowError"))
    }
}

/// A whole number; one that comes as a float too, as it does from languages that know no other numbers.
fn whole(value: &Value) -> Result<i128> {
    match value {
        Value::Int(int) => Ok(*int),
        Value::Bool(flag) => Ok((*flag).into()),
        Value::Float(float) if float.fract() == 0.0 => Ok(*float as i128),
        other => Err(Error::type_error(format!(
            "'{}' object cannot be interpreted as an integer",
            other.type_name()
        ))),
    }
}

fn number(value: &Value) -> Result<f64> {
    match value {
        Value::Float(float) => Ok(*float),
        Value::Int(int) => Ok(*int as f64),
        Value::Bool(flag) => Ok(f64::from(u8::from(*flag))),
        other => Err(Error::type_error(format!(
            "must be real number, not {}",
            other.type_name()
        ))),
    }
}

fn character(value: &Value) -> Result<char> {
    if let Value::Text(text) = value {
        let mut characters = text.chars();
        if let (Some(character), None) = (characters.next(), characters.next()) {
            return Ok(character);
        }
    }
    Err(Error::type_error("array item must be unicode character"))
}

fn byte(value: &Value) -> Result<u8> {
    match value {
        Value::Bytes(bytes) => <[u8; 1]>::try_from(&bytes[..]).ok().map(|[byte]| byte),
        Value::Int(int) => u8::try_from(*int).ok(),
        _ => None,
    }
    .ok_or_else(|| Error::type_error("one character bytes or an integer in range(256) expected"))
}
