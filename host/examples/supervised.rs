//! A plugin that is started again when it dies, and replaced while it is in use. Run it with
//! `cargo run --release --example supervised`.

#![allow(clippy::print_stdout)]

use std::sync::mpsc;

use locum::{Backoff, Host, Proxy, Restart, Result, Supervisor};

const COUNTERS: &str = "target/wasm32-wasip2/release/counters.wasm";

fn main() -> Result<()> {
    let (tell, told) = mpsc::channel();
    let (crashed, restarted) = (tell.clone(), tell);
    let supervisor = Supervisor::builder(&Host::new()?, COUNTERS)
        .restart(Restart::OnFailure)
        .backoff(Backoff::none())
        .on_crash(move |life, cause| {
            let _ = crashed.send(format!("{} has ended: {}", life.name(), cause.message()));
        })
        .on_restart(move |life| {
            let _ = restarted.send(format!("{} has begun", life.name()));
        })
        .start()?;

    // A root outlasts the plugin's lives; a proxy belongs to one of them.
    let counters = supervisor.root("counters");
    let counter: Proxy = counters.call("Counter", (10,))?;
    println!("{} {counter:?}", counter.call::<i64>("add", (5,))?);

    supervisor.plugin()?.kill();
    println!("{}", counter.call::<i64>("add", (5,)).unwrap_err());
    // This waits for the restart.
    let counter: Proxy = counters.call("Counter", (20,))?;
    println!("{} {counter:?}", counter.call::<i64>("add", (5,))?);
    for event in told.iter().take(2) {
        println!("  told: {event}");
    }

    // The next version is there before the old one ends: whoever goes by way of a root notices nothing.
    supervisor.reload()?;
    println!("{}", counter.call::<i64>("add", (5,)).unwrap_err());
    let counter: Proxy = counters.call("Counter", (30,))?;
    println!("{} {counter:?}", counter.call::<i64>("add", (5,))?);
    supervisor.stop()
}
