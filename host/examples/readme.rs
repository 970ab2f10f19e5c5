//! The host of the README, byte for byte from the first `use` on.

#![allow(clippy::print_stdout)]

use locum::{Host, Proxy, Result, args, callback};

fn main() -> Result<()> {
    let host = Host::new()?;
    let plugin = host.load("target/wasm32-wasip2/release/counters.wasm")?; // sees nothing unless granted
    let counters = plugin.import("counters")?;
    let counter: Proxy = counters.call("Counter", (10,))?;
    let n: i64 = counter.call("add", (5,))?;
    println!("{n} {counter:?}"); // 15 <Proxy[Counter] #1@counters>
    let watcher = callback(|n: i64| println!("now {n}"));
    counter.call::<()>("add", args!(by = 2, watcher = watcher))?; // now 17
    let error = counter.call::<i64>("add", ("two",)).unwrap_err();
    println!("{error}"); // TypeError: Counter.add: argument `by` (1): expected an integer, got the text "two"
    plugin.close()
}
