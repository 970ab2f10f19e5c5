//! Holds what belongs to others.

use locum_guest::{DynArgs, Proxy, Result, Value, object};

/// Keeps the objects that it is given, and calls them when it is told to.
pub(crate) struct Deputy {
    kept: Vec<Proxy>,
}

#[object]
impl Deputy {
    fn new() -> Self {
        Deputy { kept: Vec::new() }
    }

    fn keep(&mut self, object: Proxy) {
        self.kept.push(object);
    }

    fn forget(&mut self) {
        self.kept.clear();
    }

    /// Calls a method of the last one.
    fn act(&self, method: &str, #[arg(rest)] args: Vec<Value>) -> Result<Value> {
        match self.kept.last() {
            Some(kept) => kept.call(
                method,
                DynArgs {
                    positional: args,
                    ..DynArgs::default()
                },
            ),
            None => Ok(Value::Null),
        }
    }

    /// Gives back the last one: an object of the host's, or of another plugin's.
    fn hand_over(&self) -> Option<Proxy> {
        self.kept.last().cloned()
    }
}
