//! How large and how deep a value may become, so that `x = [x, x]` in a loop ends with an error, not with the process.

use locum_protocol::{Error, Kind, Result, Value};

/// Lists and dicts in one another; no message carries more.
const DEPTH: usize = 64;

/// Bytes that one value may take, roughly: what a message can carry, and some.
const BYTES: usize = 80 << 20;

/// What is left for a value that grows.
pub(super) struct Budget {
    bytes: usize,
    depth: usize,
}

impl Budget {
    pub(super) fn new() -> Budget {
        Budget {
            bytes: BYTES,
            depth: DEPTH,
        }
    }

    /// The budget of something that many containers deep inside of a value.
    pub(super) fn inside(levels: usize) -> Budget {
        Budget {
            bytes: BYTES,
            depth: DEPTH.saturating_sub(levels),
        }
    }

    /// Counts a value in.
    pub(super) fn take(&mut self, value: &Value) -> Result<()> {
        self.spend(size_of::<Value>())?;
        match value {
            Value::Text(text) => self.spend(text.len()),
            Value::Bytes(bytes) => self.spend(bytes.len()),
            Value::Array(array) => self.spend(array.bytes().len()),
            Value::List(items) => {
                self.deeper(|budget| items.iter().try_for_each(|item| budget.take(item)))
            }
            Value::Map(map) => self.deeper(|budget| {
                map.iter()
                    .try_for_each(|(key, value)| budget.take(key).and_then(|()| budget.take(value)))
            }),
            _ => Ok(()),
        }
    }

    /// Counts in that many values of a fixed size.
    pub(super) fn take_many(&mut self, count: usize) -> Result<()> {
        self.spend(count.saturating_mul(size_of::<Value>()))
    }

    /// Counts in that many bytes.
    pub(super) fn take_bytes(&mut self, count: usize) -> Result<()> {
        self.spend(count)
    }

    fn deeper(&mut self, inner: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if self.depth == 0 {
            let message = format!("lists and dicts nested more than {DEPTH} levels deep");
            return Err(Error::new(Kind::TooDeep, message));
        }
        self.depth -= 1;
        let result = inner(self);
        self.depth += 1;
        result
    }

    fn spend(&mut self, bytes: usize) -> Result<()> {
        match self.bytes.checked_sub(bytes) {
            Some(left) => {
                self.bytes = left;
                Ok(())
            }
            None => Err(too_large()),
        }
    }
}

/// Refuses `value` repeated that often when the result would be too large.
pub(super) fn check_repeated(value: &Value, times: i128) -> Result<()> {
    let mut budget = Budget::new();
    budget.take(value)?;
    let size = (BYTES - budget.bytes) as i128;
    if size.saturating_mul(times) > BYTES as i128 {
        Err(too_large())
    } else {
        Ok(())
    }
}

#[cold]
fn too_large() -> Error {
    let message = format!("this would make a value of more than {} MiB", BYTES >> 20);
    Error::new(Kind::LimitExceeded, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> Value {
        (0..levels).fold(Value::Null, |inner, _| Value::List(vec![inner]))
    }

    #[test]
    fn a_value_may_be_as_deep_as_a_message() {
        assert!(Budget::new().take(&nested(DEPTH)).is_ok());
        assert_eq!(
            Budget::new().take(&nested(DEPTH + 1)).unwrap_err().kind(),
            Kind::TooDeep
        );
        assert_eq!(
            Budget::inside(60).take(&nested(5)).unwrap_err().kind(),
            Kind::TooDeep
        );
        assert_eq!(
            Budget::inside(usize::MAX)
                .take(&nested(1))
                .unwrap_err()
                .kind(),
            Kind::TooDeep
        );
    }

    #[test]
    fn a_repetition_is_refused_before_it_is_made() {
        let text = Value::Text("x".repeat(1000));
        assert!(check_repeated(&text, 1000).is_ok());
        assert!(check_repeated(&text, -5).is_ok());
        assert_eq!(
            check_repeated(&text, i128::MAX).unwrap_err().kind(),
            Kind::LimitExceeded
        );
    }

    #[test]
    fn many_small_values_are_one_large_one() {
        assert!(Budget::new().take_many(1000).is_ok());
        assert_eq!(
            Budget::new().take_many(usize::MAX).unwrap_err().kind(),
            Kind::LimitExceeded
        );
    }
}
