//! An object that keeps others.

use locum_guest::{Error, Result, Value, object};

use crate::alive::Live;

/// Keeps values of any kind, objects of anybody among them.
pub(crate) struct Keeper {
    kept: Vec<Value>,
    _live: Live,
}

/// Keeps whatever it is given. It has no value form.
#[object]
impl Keeper {
    fn new() -> Self {
        Keeper {
            kept: Vec::new(),
            _live: Live::new(),
        }
    }

    fn keep(&mut self, value: Value) {
        self.kept.push(value);
    }

    /// What was kept last; it stays.
    fn last(&self) -> Option<Value> {
        self.kept.last().cloned()
    }

    /// What was kept last; it goes.
    fn give(&mut self) -> Option<Value> {
        self.kept.pop()
    }

    fn forget(&mut self) {
        self.kept.clear();
    }

    /// Whether what was kept last is an object that lives in this plugin.
    fn last_is_at_home(&self) -> bool {
        matches!(self.kept.last(), Some(Value::Object(proxy)) if proxy.is_local())
    }

    /// Calls a method of what was kept last.
    fn call_last(&self, name: &str, #[arg(rest)] arguments: Vec<Value>) -> Result<Value> {
        match self.kept.last() {
            Some(Value::Object(proxy)) => proxy.call(
                name,
                locum_guest::DynArgs {
                    positional: arguments,
                    keywords: Vec::new(),
                },
            ),
            _ => Err(Error::value("what was kept last is no object")),
        }
    }

    /// Whether what was kept last equals `value`, as it sees it.
    fn last_equals(&self, value: Value) -> Result<bool> {
        match self.kept.last() {
            Some(kept) => locum_guest::ops::equal(kept, &value),
            None => Ok(false),
        }
    }
}
