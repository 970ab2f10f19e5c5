//! An object that others hold on to.

use locum_guest::{Error, Items, Proxy, Result, Shared, Value, object};

use crate::alive::Live;

/// A number, and who wants to know when it changes.
pub(crate) struct Counter {
    value: i64,
    watchers: Vec<Proxy>,
    _live: Live,
}

/// A counter that can be watched.
#[object]
impl Counter {
    fn new(#[arg(default)] start: i64) -> Self {
        Counter {
            value: start,
            watchers: Vec::new(),
            _live: Live::new(),
        }
    }

    #[getter]
    fn value(&self) -> i64 {
        self.value
    }

    #[setter]
    fn set_value(&mut self, value: i64) {
        self.value = value;
    }

    #[getter]
    fn is_even(&self) -> bool {
        self.value % 2 == 0
    }

    /// Adds `by` and tells every watcher.
    fn add(&mut self, #[arg(default = 1)] by: i64) -> Result<i64> {
        self.value = self
            .value
            .checked_add(by)
            .ok_or_else(|| Error::arithmetic("the counter is full"))?;
        for watcher in &self.watchers {
            watcher.invoke::<()>((self.value,))?;
        }
        Ok(self.value)
    }

    /// Adds a number that fits in a byte.
    fn add_small(&mut self, by: u8) -> i64 {
        self.value += i64::from(by);
        self.value
    }

    fn watch(&mut self, watcher: Proxy) {
        self.watchers.push(watcher);
    }

    fn forget_watchers(&mut self) {
        self.watchers.clear();
    }

    fn countdown(&self) -> Items<i64> {
        Items::new((0..self.value).rev())
    }

    /// Another counter at the same value.
    fn twin(&self) -> Counter {
        Counter::new(self.value)
    }

    fn myself(this: &Shared<Self>) -> Shared<Self> {
        this.clone()
    }

    fn is_me(this: &Shared<Self>, other: Shared<Self>) -> bool {
        this.same_object(&other)
    }

    /// How often this very object is in `data`, at whatever depth.
    fn find_me(this: &Shared<Self>, data: Value) -> usize {
        match data {
            Value::Object(proxy) => {
                let found = proxy.downcast::<Counter>();
                usize::from(found.is_some_and(|it| it.same_object(this)))
            }
            Value::List(items) => items
                .into_iter()
                .map(|item| Counter::find_me(this, item))
                .sum(),
            Value::Map(map) => map
                .into_iter()
                .map(|(_, value)| Counter::find_me(this, value))
                .sum(),
            _ => 0,
        }
    }

    /// Changes the counter while `callback` may look at it.
    fn add_during(&mut self, callback: Proxy) -> Result<i64> {
        callback.invoke::<()>(())?;
        self.add(1)
    }

    /// Not for other sides.
    #[skip]
    #[allow(dead_code)]
    fn secret(&self) -> i64 {
        self.value
    }

    fn __str__(&self) -> String {
        format!("counter at {}", self.value)
    }

    #[value]
    fn to_data(&self) -> i64 {
        self.value
    }
}
