//! Typed views: a trait for a class and one for a module, instead of names in texts. `locum bindgen` writes such traits.
//!
//! Run it with `cargo run --release --example typed_views`, after
//! `cargo build --release --target wasm32-wasip2 -p counters`.

#![allow(clippy::print_stdout)]

use locum::{Host, Proxy, Result, callback, proxy};

/// The class `Counter` of the plugin.
#[proxy]
trait Counter {
    /// Adds `by`, or 1, and tells the watcher, if there is one.
    fn add(
        &self,
        #[arg(default)] by: Option<i64>,
        #[arg(default)] watcher: Option<&Proxy>,
    ) -> Result<i64>;
}

/// The module that has the class.
#[proxy(module = "counters")]
trait Counters {
    /// A counter that begins at `start`.
    #[name("Counter")]
    fn counter(&self, start: i64) -> Result<CounterProxy>;
}

/// Whatever counts: a proxy does, and so could a type of this program, in a test.
fn thrice(counter: &impl Counter) -> Result<i64> {
    counter.add(None, None)?;
    counter.add(None, None)?;
    counter.add(None, None)
}

fn show(line: String, expected: &str) {
    println!("{line}");
    assert_eq!(line, expected);
}

fn main() -> Result<()> {
    let host = Host::new()?;
    let plugin = host.load("target/wasm32-wasip2/release/counters.wasm")?;
    let counters = CountersProxy::import(&plugin)?;

    let counter = counters.counter(10)?;
    let n = counter.add(Some(5), None)?;
    show(
        format!("{n} {counter:?}"),
        "15 <Proxy[Counter] #1@counters>",
    );
    show(thrice(&counter)?.to_string(), "18");

    // An argument that is left out has the plugin's own default; those after it go by name.
    let watcher = callback(|n: i64| println!("now {n}")); // now 19
    show(counter.add(None, Some(&watcher))?.to_string(), "19");

    // Each method can be started, to be collected later, or posted, when nobody waits for the answer.
    let later = counter.start_add(Some(1), None);
    counter.post_add(Some(1), None)?;
    show(later.wait()?.to_string(), "20");

    // Anything can be viewed; what the object does not have, it says when it is called.
    let wrong = CounterProxy::new(counters.as_proxy().clone());
    let error = wrong.add(None, None).unwrap_err();
    show(
        error.to_string(),
        "AttributeError: module `counters` has no attribute `add`",
    );

    let same: Proxy = counter.into_proxy();
    show(same.call::<i64>("add", ())?.to_string(), "22");
    drop((same, wrong, counters));
    plugin.close()
}
