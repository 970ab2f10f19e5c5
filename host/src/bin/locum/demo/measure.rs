//! What calls and loads cost.

use std::hint::black_box;
use std::time::{Duration, Instant};

use locum::{Host, Plugin, Proxy, Result};

use crate::units::{grouped, time};

const BATCHES: usize = 20;
const CALLS: u32 = 5_000;
const ITEMS: i64 = 100_000;
const LOADS: usize = 5;

/// A measured time.
pub(super) struct Figure {
    name: &'static str,
    took: Duration,
    how: String,
}

impl Figure {
    pub(super) fn row(&self) -> String {
        format!("  {:34}{:>10}   {}\n", self.name, time(self.took), self.how)
    }
}

/// Calls by proxy.
pub(super) fn calls(plugin: &Plugin) -> Result<Vec<Figure>> {
    let collections = plugin.import("collections")?;
    let list: Proxy = collections.call("list", ((0..1_000).collect::<Vec<i64>>(),))?;
    let long: Proxy = collections.call("list", ((0..ITEMS).collect::<Vec<i64>>(),))?;
    let batches = format!("{BATCHES} batches of {}", grouped(CALLS.into()));
    Ok(vec![
        Figure {
            name: "a call, list.__getitem__(i)",
            took: per_call(|i| list.call::<i64>("__getitem__", (i % 1_000,)))?,
            how: batches.clone(),
        },
        Figure {
            name: "making a list and letting it go",
            took: per_call(|_| collections.call::<Proxy>("list", ()))?,
            how: batches,
        },
        Figure {
            name: "an item, iterating over a list",
            took: median(BATCHES, || {
                let began = Instant::now();
                for item in long.iter::<i64>()? {
                    black_box(item?);
                }
                Ok(began.elapsed())
            })? / ITEMS as u32,
            how: format!("{BATCHES} times {} items", grouped(ITEMS as u64)),
        },
    ])
}

/// Loading and starting a plugin that was compiled before.
pub(super) fn load_compiled(name: &str, bytes: &[u8]) -> Result<Figure> {
    let host = Host::new()?;
    let took = median(LOADS, || load(&host, name, bytes))?;
    Ok(Figure {
        name: "loading it, compiled before",
        took,
        how: format!("{LOADS} times"),
    })
}

/// The same with compiling it.
pub(super) fn load_compiling(name: &str, bytes: &[u8]) -> Result<Figure> {
    let host = Host::builder().no_cache().build()?;
    Ok(Figure {
        name: "loading it, compiling",
        took: load(&host, name, bytes)?,
        how: "once".to_owned(),
    })
}

fn load(host: &Host, name: &str, bytes: &[u8]) -> Result<Duration> {
    let began = Instant::now();
    let plugin = host.load_bytes(name, bytes)?;
    let took = began.elapsed();
    plugin.close()?;
    Ok(took)
}

fn per_call<R>(call: impl Fn(i64) -> Result<R>) -> Result<Duration> {
    let batch = || {
        let began = Instant::now();
        for i in 0..CALLS {
            black_box(call(i.into())?);
        }
        Ok(began.elapsed() / CALLS)
    };
    batch()?;
    median(BATCHES, batch)
}

fn median(times: usize, measure: impl Fn() -> Result<Duration>) -> Result<Duration> {
    let mut took = (0..times).map(|_| measure()).collect::<Result<Vec<_>>>()?;
    took.sort();
    Ok(took[times / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        let times = std::cell::RefCell::new(vec![9, 1, 5]);
        let next = || Ok(Duration::from_secs(times.borrow_mut().pop().unwrap_or(0)));
        assert_eq!(median(3, next).unwrap(), Duration::from_secs(5));
    }
}
