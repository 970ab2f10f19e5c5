use locum_guest::{Proxy, Result, object, plugin};

pub struct Counter(i64);

#[object]
impl Counter {
    fn new(start: i64) -> Self {
        Counter(start)
    }
    /// Adds `by`, and tells the watcher, if there is one.
    fn add(&mut self, #[arg(default = 1)] by: i64, watcher: Option<Proxy>) -> Result<i64> {
        self.0 += by;
        watcher.map_or(Ok(()), |it| it.invoke((self.0,)))?;
        Ok(self.0)
    }
}

plugin! { mod counters { Counter } }
