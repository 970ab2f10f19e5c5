//! All cores: a thread for each with a plugin of its own, and a pool that shares out many small jobs.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use locum::Proxy;
use wasmtime::Result;

use crate::measure::{Aim, Bench, Figure};
use crate::plugins::host;

const GROUP: &str = "all cores";
const ROUND: Duration = Duration::from_millis(100);
const ROUNDS: usize = 15;
const JOBS: i64 = 100_000;

pub(crate) fn run(bench: &mut Bench) -> Result<()> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    if cores < 2 {
        bench
            .report
            .skipped
            .push("all cores: this machine has one".into());
        return Ok(());
    }
    threads(bench, cores)?;
    pool(bench, cores)
}

/// Calls of N threads on N plugins in one second, against those of one thread.
fn threads(bench: &mut Bench, cores: usize) -> Result<()> {
    let name = format!("calls of {cores} threads on {cores} plugins, against {cores} times one's");
    if !bench.is_wanted(&name) {
        return Ok(());
    }
    let template = host()?.template(env!("PLUGIN_SAMPLES"))?;
    let plugins: Vec<_> = (0..cores)
        .map(|_| template.start())
        .collect::<locum::Result<_>>()?;
    let counters: Vec<Proxy> = plugins
        .iter()
        .map(|plugin| plugin.import("samples")?.call("Counter", (0,)))
        .collect::<locum::Result<_>>()?;
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.push(time_of_a_call(&counters[..1]) / cores as f64);
        together.push(time_of_a_call(&counters));
    }
    let (alone, together) = (Figure::of(alone), Figure::of(together));
    let against = Some(("one thread, by so many", alone));
    let row = bench.note(GROUP, &name, "ns", together, against, Aim::Share(0.9));
    row.note = "time of a call, all threads together; the ratio is that of the rates".into();
    Ok(())
}

/// The time of one call, with a thread for each of these.
fn time_of_a_call(counters: &[Proxy]) -> f64 {
    let barrier = Barrier::new(counters.len());
    let calls: u64 = thread::scope(|scope| {
        let all: Vec<_> = counters
            .iter()
            .map(|counter| {
                let barrier = &barrier;
                scope.spawn(move || {
                    barrier.wait();
                    let (begun, mut calls) = (Instant::now(), 0);
                    while begun.elapsed() < ROUND {
                        for _ in 0..100 {
                            counter.call::<i64>("add", (1,)).expect("it counts");
                        }
                        calls += 100;
                    }
                    calls
                })
            })
            .collect();
        all.into_iter()
            .map(|thread| thread.join().expect("it only calls"))
            .sum()
    });
    ROUND.as_secs_f64() * 1e9 / calls as f64
}

fn pool(bench: &mut Bench, cores: usize) -> Result<()> {
    let name = "Pool::map over 100,000 small jobs, each";
    if !bench.is_wanted(name) {
        return Ok(());
    }
    let pool = host()?.template(env!("PLUGIN_SAMPLES"))?.pool(cores)?;
    let one = pool.plugins()[0].import("samples")?;
    let (mut mapped, mut called) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let results = pool.map::<i64, _>(0..JOBS, "samples.echo");
        // What all cores together have spent on each.
        mapped.push(begun.elapsed().as_secs_f64() * 1e9 * cores as f64 / JOBS as f64);
        assert!(results.into_iter().eq((0..JOBS).map(Ok)));
        let begun = Instant::now();
        for job in 0..JOBS {
            one.call::<i64>("echo", (job,))?;
        }
        called.push(begun.elapsed().as_secs_f64() * 1e9 / JOBS as f64);
    }
    let (mapped, called) = (Figure::of(mapped), Figure::of(called));
    let against = Some(("the same calls, one after the other", called));
    let row = bench.note(GROUP, name, "ns", mapped, against, Aim::Ratio(1.3));
    row.note = format!("time of {cores} cores for each job");
    Ok(())
}
