//! Going through something: an object's iterator, fetched as it goes, or data.

use locum_protocol::{Error, Items, Result, Value, ops};

/// What a `for` goes through.
pub(super) enum Iter {
    Far(Items<Value>),
    Here(std::vec::IntoIter<Value>),
}

/// Starts to go through a value.
pub(super) fn iterate(value: Value) -> Result<Iter> {
    match value {
        Value::Object(proxy) => proxy.iter().map(Iter::Far),
        Value::List(items) => Ok(Iter::Here(items.into_iter())),
        data => ops::iterate(&data).map(|items| Iter::Here(items.into_iter())),
    }
}

impl Iterator for Iter {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Result<Value>> {
        match self {
            Iter::Far(items) => items.next(),
            Iter::Here(items) => items.next().map(Ok),
        }
    }
}

/// Exactly `wanted` items of a value, as unpacking needs them.
pub(super) fn unpack(value: Value, wanted: usize) -> Result<Vec<Value>> {
    // One more tells that there are too many, of an endless iterator too.
    let items = iterate(value)?
        .take(wanted.saturating_add(1))
        .collect::<Result<Vec<Value>>>()?;
    if items.len() < wanted {
        let message = format!(
            "not enough values to unpack: expected {wanted}, got {}",
            items.len()
        );
        return Err(Error::value(message));
    }
    if items.len() > wanted {
        return Err(Error::value(format!(
            "too many values to unpack: expected {wanted}"
        )));
    }
    Ok(items)
}
