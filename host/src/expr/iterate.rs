//! Going through something: an object's iterator, fetched as it goes, or data.

use locum_protocol::{Error, Items, Result, Value, ops};

use super::frame::Frame;
use super::interrupt::Interrupter;

/// What a `for` goes through. It ends with an error when the script is interrupted.
pub(super) struct Iter<'s> {
    source: Source,
    interrupter: &'s Interrupter,
    tolerated: u32,
}

enum Source {
    Far(Items<Value>),
    Here(std::vec::IntoIter<Value>),
}

impl<'s> Frame<'s> {
    /// Starts to go through a value.
    pub(super) fn go_through(&self, value: Value) -> Result<Iter<'s>> {
        let source = match value {
            Value::Object(proxy) => Source::Far(proxy.iter()?),
            Value::List(items) => Source::Here(items.into_iter()),
            data => Source::Here(ops::iterate(&data)?.into_iter()),
        };
        Ok(Iter {
            source,
            interrupter: &self.shared.interrupter,
            tolerated: self.tolerated,
        })
    }

    /// Exactly `wanted` items of a value, as unpacking needs them.
    pub(super) fn unpack(&self, value: Value, wanted: usize) -> Result<Vec<Value>> {
        // One more tells that there are too many, of an endless iterator too.
        let items = self
            .go_through(value)?
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
}

impl Iterator for Iter<'_> {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Result<Value>> {
        if let Err(interrupted) = self.interrupter.check(self.tolerated) {
            return Some(Err(interrupted));
        }
        match &mut self.source {
            Source::Far(items) => items.next(),
            Source::Here(items) => items.next().map(Ok),
        }
    }
}
