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

pub(super) fn str(call: Call<'_>) -> Result<Value> {
    let [value] = call.take(0)?;
    value
        .map_or(Ok(String::new()), |value| text(&value))
        .map(Value::Text)
}

/// As the seeds have it: the `repr` of a proxy is about the proxy, and its `str` about the referent.
pub(super) fn repr(call: Call<'_>) -> Result<Value> {
    let repr = match call.one()? {
        Value::Object(proxy) => Ok(format!("{proxy:?}")),
        data => ops::repr(&data),
    };
    repr.map(Value::Text)
}

pub(super) fn type_of(call: Call<'_>) -> Result<Value> {
    call.one()
        .map(|value| Value::Text(value.type_name().to_owned()))
}

pub(super) fn print(mut call: Call<'_>) -> Result<Value> {
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
    (call.print)(&(texts.join(&separator) + &end));
    Ok(Value::Null)
}

/// Of text its UTF-8, of a number that many zeros, of numbers these bytes.
pub(super) fn bytes(call: Call<'_>) -> Result<Value> {
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
            None => collect(value)?.iter().map(byte).collect::<Result<_>>()?,
        },
    };
    Ok(Value::Bytes(bytes.into()))
}

fn byte(value: &Value) -> Result<u8> {
    let number = super::whole(value, "a byte")?;
    u8::try_from(number)
        .map_err(|_| Error::value(format!("a byte is between 0 and 255, got {number}")))
}
