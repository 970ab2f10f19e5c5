//! A host that `locum top` and `locum trace` can watch: run it with `cargo run --release --example monitored`, and
//! `locum top monitored` in another terminal. With a number of seconds it works for so long, otherwise for a moment:
//! `cargo run --release --example monitored -- 60`.

#![allow(clippy::print_stdout)]

use std::time::{Duration, Instant};

use locum::monitor::Running;
use locum::{Host, Monitor, Proxy, Result, callback};

const COUNTERS: &str = "target/wasm32-wasip2/release/counters.wasm";

fn main() -> Result<()> {
    let seconds = std::env::args().nth(1).and_then(|it| it.parse().ok());
    let monitor = Monitor::open()?;
    println!("watch me: locum top {}", std::process::id());

    // This is all that it takes.
    let host = Host::builder().monitor(monitor.clone()).build()?;

    let plugin = host.load(COUNTERS)?;
    let counters = plugin.import("counters")?;
    let all: Vec<Proxy> = (0..10)
        .map(|start| counters.call("Counter", (start,)))
        .collect::<Result<_>>()?;
    let work = |until: Instant| -> Result<()> {
        let watcher = callback(|_: i64| {});
        while Instant::now() < until {
            for counter in &all {
                counter.call::<i64>("add", (1, watcher.clone()))?;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    };
    if let Some(seconds) = seconds {
        work(Instant::now() + Duration::from_secs(seconds))?;
        return plugin.close();
    }

    // What `locum top` does: a snapshot at once, and one after each interval, with what was measured in it.
    let running = Running::at(monitor.path())?;
    let interval = Duration::from_millis(200);
    let mut snapshots = running.watch(interval)?;
    let _first = snapshots.next().transpose()?;
    work(Instant::now() + interval)?;
    for snapshot in snapshots.take(1) {
        for plugin in snapshot?.plugins {
            println!(
                "{}: {} calls into it and {} from it, objects in use: {:?}, memory: {} of {} bytes",
                plugin.name,
                plugin.out.calls,
                plugin.inward.calls,
                plugin.imports.types,
                plugin.memory.bytes,
                plugin.memory.limit,
            );
            if let Some(latency) = plugin.out.latency {
                println!(
                    "  half of its last {} calls took {} ns at most",
                    latency.count, latency.p50_ns
                );
            }
        }
    }

    // What `locum trace` does: every call from now on, in both directions.
    let mut traced = running.trace()?;
    work(Instant::now() + Duration::from_millis(20))?;
    traced.stop()?;
    for call in traced.by_ref().take(4) {
        let call = call?;
        println!(
            "  {} {} of {}, within {:?}",
            call.direction, call.path, call.plugin, call.parent
        );
    }
    plugin.close()
}
