//! Functions about text and bytes, and `print`.

use locum_protocol::{Error, Result, Value, ops};

use super::super::budget::Budget;
use super::{Call, ask, collect};

/// The text of a value; of an object, its own.
fn text(value: &Value) -> Result<String> {
    match value {
        Value::Object(proxy) => proxy.text(),
        data => ops::text(data),
    }
}

pub(super) fn str(mut call: Call<'_, '_>) -> Result<Value> {
    let [value] = call.take(0)?;
    value
        .map_or(Ok(String::new()), |value| text(&value))
        .map(Value::Text)
}

/// As the seeds have it: the `repr` of a proxy is about the proxy, and its `str` about the referent.
pub(super) fn repr(mut call: Call<'_, '_>) -> Result<Value> {
    super::format::repr(&call.one()?).map(Value::Text)
}

pub(super) fn type_of(mut call: Call<'_, '_>) -> Result<Value> {
    call.one()
        .map(|value| Value::Text(value.type_name().to_owned()))
}

pub(super) fn print(mut call: Call<'_, '_>) -> Result<Value> {
    let mut option = |name, usual: &str| match call.keyword(name) {
        None | Some(Value::Null) => Ok(usual.to_owned()),
        Some(Value::Text(text)) => Ok(text),
        Some(other) => Err(Error::type_error(format!(
            "print(): `{name}` is text, got {}",
            other.type_name()
        ))),
    };
    let (separator, end) = (option("sep", " ")?, option("end", "\n")?);
    call.no_more_keywords()?;
    let texts = call
        .positional
        .iter()
        .map(text)
        .collect::<Result<Vec<_>>>()?;
    call.frame.shared.print(&(texts.join(&separator) + &end));
    Ok(Value::Null)
}

/// Of text its UTF-8, of a number that many zeros, of numbers these bytes.
pub(super) fn bytes(mut call: Call<'_, '_>) -> Result<Value> {
    let [value] = call.take(0)?;
    let bytes = match value {
        None => Vec::new(),
        Some(Value::Bytes(bytes)) => return Ok(Value::Bytes(bytes)),
        Some(Value::Text(text)) => text.into_bytes(),
        Some(Value::Int(count)) => {
            let count = usize::try_from(count)
                .map_err(|_| Error::value("a number of bytes can not be negative"))?;
            Budget::new().take_bytes(count)?;
            vec![0; count]
        }
        Some(value) => match ask(&value, "__bytes__")? {
            Some(bytes) => return Ok(bytes),
            None => collect(call.frame, value)?
                .iter()
                .map(byte)
                .collect::<Result<_>>()?,
        },
    };
    Ok(Value::Bytes(bytes.into()))
}

fn byte(value: &Value) -> Result<u8> {
    let number = super::whole(value, "a byte")?;
    u8::try_from(number)
        .map_err(|_| Error::value(format!("a byte is between 0 and 255, got {number}")))
}

pub(super) fn chr(mut call: Call<'_, '_>) -> Result<Value> {
    let number = super::whole(&call.one()?, "the argument of chr()")?;
    let character = u32::try_from(number).ok().and_then(char::from_u32);
    character
        .map(|character| Value::Text(character.to_string()))
        .ok_or_else(|| Error::value(format!("no character has the number {number}")))
}

pub(super) fn ord(mut call: Call<'_, '_>) -> Result<Value> {
    let value = call.one()?;
    if let Value::Text(text) = &value {
        let mut characters = text.chars();
        if let (Some(character), None) = (characters.next(), characters.next()) {
            return Ok(Value::Int(u32::from(character).into()));
        }
    }
    Err(Error::type_error("ord() takes a text of one character"))
}

pub(super) fn hex(mut call: Call<'_, '_>) -> Result<Value> {
    let number = super::whole(&call.one()?, "the argument of hex()")?;
    super::format::format(&Value::Int(number), "#x").map(Value::Text)
}
