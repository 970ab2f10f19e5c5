use locum_guest::{Proxy, Result, object, plugin};

pub struct Counter {
    value: i64,
    watchers: Vec<Proxy>,
}

#[object]
impl Counter {
    fn new(value: i64) -> Self {
        Counter {
            value,
            watchers: Vec::new(),
        }
    }
    /// Adds `by` and tells every watcher.
    fn add(&mut self, #[arg(default = 1)] by: i64) -> Result<i64> {
        self.value += by;
        self.watchers
            .iter()
            .try_for_each(|watcher| watcher.invoke((self.value,)))?;
        Ok(self.value)
    }
    fn watch(&mut self, watcher: Proxy) {
        self.watchers.push(watcher)
    }
}

plugin! { mod counters { Counter } }
