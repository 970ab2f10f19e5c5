//! A call by proxy beside its floor: wasmtime calling a typed export in the same run.
//!
//! Batches of the two alternate, so that a noisy machine slows both; what counts is the ratio of the medians.

#![allow(missing_docs, clippy::print_stdout)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use locum::{Host, Proxy};
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, Result, Store};

const BATCHES: usize = 60;
const CALLS: u32 = 20_000;

/// `nop(s64) -> s64`: as little as a call into a component can do.
const NOP: &str = r#"
(component
  (core module $m (func (export "nop") (param i64) (result i64) local.get 0))
  (core instance $i (instantiate $m))
  (func (export "nop") (param "n" s64) (result s64) (canon lift (core func $i "nop"))))
"#;

fn main() -> Result<()> {
    let mut nop = raw_nop()?;
    let host = Host::new()?;
    let plugin = host.load(env!("PLUGIN_COLLECTIONS"))?;
    let collections = plugin.import("collections")?;
    let list: Proxy = collections.call("list", ((0..10).collect::<Vec<i64>>(),))?;

    let mut floor = Vec::new();
    let mut call = Vec::new();
    for _ in 0..BATCHES {
        floor.push(time(&mut nop)?);
        call.push(time(|n| Ok(list.get_item::<i64>(n % 10)?))?);
    }
    let (floor, call) = (median(floor), median(call));
    println!(
        "floor: wasmtime, nop(s64) -> s64      {:>8.1} ns",
        floor.as_secs_f64() * 1e9
    );
    println!(
        "list.__getitem__(i) by proxy          {:>8.1} ns",
        call.as_secs_f64() * 1e9
    );
    println!(
        "ratio                                 {:>8.2}    (aim: at most 4)",
        call.as_secs_f64() / floor.as_secs_f64()
    );
    Ok(())
}

/// The time of one call, over a batch.
fn time(mut call: impl FnMut(i64) -> Result<i64>) -> Result<Duration> {
    let start = Instant::now();
    for n in 0..i64::from(CALLS) {
        black_box(call(black_box(n))?);
    }
    Ok(start.elapsed() / CALLS)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn raw_nop() -> Result<impl FnMut(i64) -> Result<i64>> {
    let mut config = Config::new();
    config.wasm_component_model(true);
    let engine = Engine::new(&config)?;
    let component = Component::new(&engine, wat::parse_str(NOP)?)?;
    let mut store = Store::new(&engine, ());
    let instance = Linker::new(&engine).instantiate(&mut store, &component)?;
    let nop = instance.get_typed_func::<(i64,), (i64,)>(&mut store, "nop")?;
    Ok(move |n| Ok(nop.call(&mut store, (n,))?.0))
}
