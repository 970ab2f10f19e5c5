//! Calls in other modes and over longer ways, beside a plain call in the same run.
//!
//! Batches of all of them alternate, so that a noisy machine slows all; what counts are the ratios of the medians.

#![allow(missing_docs, clippy::print_stdout)]

use std::time::{Duration, Instant};

use locum::{CallOptions, Host, Pending, Proxy, Result, callback};

const BATCHES: usize = 30;
const CALLS: u32 = 2000;

type Run<'a> = Box<dyn FnMut() -> Result<()> + 'a>;

fn main() -> Result<()> {
    let host = Host::new()?;
    let plugin = host.load(env!("PLUGIN_SAMPLES"))?;
    let samples = plugin.import("samples")?;
    let counter: Proxy = samples.call("Counter", (0,))?;
    let other = host.load(env!("PLUGIN_SAMPLES"))?;
    let keeper: Proxy = other.import("samples")?.call("Keeper", ())?;
    keeper.call::<()>("keep", (&counter,))?;
    let patient = counter.with(CallOptions::new().patience(Duration::from_secs(10)));
    let scene: Proxy = samples.call("Scene", ())?;
    let waiting = plugin.import("samples.waiting")?;
    let echo = callback(|n: i64| n);

    // What, how many calls one run makes, a run.
    let mut rows: Vec<(&str, u32, Run<'_>)> = vec![
        (
            "call",
            1,
            Box::new(|| counter.call::<i64>("add", (1,)).map(drop)),
        ),
        (
            "start, then wait, on an idle plugin",
            1,
            Box::new(|| counter.start::<i64>("add", (1,)).wait().map(drop)),
        ),
        (
            "1,000 started at once, each",
            1000,
            Box::new(|| {
                let started: Vec<Pending<i64>> =
                    (0..1000).map(|_| counter.start("add", (1,))).collect();
                started
                    .into_iter()
                    .try_for_each(|pending| pending.wait().map(drop))
            }),
        ),
        (
            "1,000 posted, then a call, each",
            1000,
            Box::new(|| {
                (0..999).try_for_each(|_| counter.post("add", (1,)))?;
                counter.call::<i64>("add", (1,)).map(drop)
            }),
        ),
        (
            "call with patience (by a worker)",
            1,
            Box::new(|| patient.call::<i64>("add", (1,)).map(drop)),
        ),
        (
            "relay: plugin -> host -> plugin",
            1,
            Box::new(|| keeper.call::<i64>("call_last", ("add", 1)).map(drop)),
        ),
        (
            "deferred path of 2 and an attribute",
            1,
            Box::new(|| scene.at("camera.lens").get::<f64>("zoom").map(drop)),
        ),
        (
            "callback, 1,000 started in one call, each",
            1000,
            Box::new(|| {
                waiting
                    .call::<i64>("start_and_collect", (&echo, 1000))
                    .map(drop)
            }),
        ),
    ];
    let mut times = vec![Vec::new(); rows.len()];
    for _ in 0..BATCHES {
        for ((_, calls, run), times) in rows.iter_mut().zip(&mut times) {
            times.push(time(*calls, run)?);
        }
    }
    let medians: Vec<f64> = times.into_iter().map(median).collect();
    for ((what, ..), time) in rows.iter().zip(&medians) {
        println!(
            "{what:<45} {:>9.1} ns {:>7.2} calls",
            time * 1e9,
            time / medians[0]
        );
    }
    Ok(())
}

/// The time of one call, in seconds.
fn time(calls: u32, run: &mut Run<'_>) -> Result<f64> {
    let rounds = (CALLS / calls).max(1);
    let begun = Instant::now();
    for _ in 0..rounds {
        run()?;
    }
    Ok(begun.elapsed().as_secs_f64() / f64::from(rounds * calls))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
