//! Plugins from async code: results are awaited, on any executor. Here it is tokio's.

#![allow(clippy::print_stdout)]

use std::time::{Duration, Instant};

use locum::{CallOptions, Host, Kind, Proxy, Result, callback};

async fn add_up(counter: Proxy, times: i64) -> Result<i64> {
    let mut sum = 0;
    for _ in 0..times {
        // The task waits, its thread does not.
        sum = counter.start::<i64>("add", (1,)).await?;
    }
    Ok(sum)
}

async fn run() -> Result<()> {
    let host = Host::new()?;
    let plugins: Vec<_> = (0..4)
        .map(|_| host.load("target/wasm32-wasip2/release/counters.wasm"))
        .collect::<Result<_>>()?;
    let counters: Vec<Proxy> = plugins
        .iter()
        .map(|plugin| plugin.import("counters")?.call("Counter", (0,)))
        .collect::<Result<_>>()?;

    // A task for each plugin: they run side by side.
    let begun = Instant::now();
    let tasks: Vec<_> = counters
        .iter()
        .map(|counter| tokio::spawn(add_up(counter.clone(), 1000)))
        .collect();
    for task in tasks {
        assert_eq!(task.await.expect("no task panics")?, 1000);
    }
    println!("4000 awaited calls in {:?}", begun.elapsed());

    // Many at once, on one plugin: started in order, awaited together.
    let counter = &counters[0];
    let started: Vec<_> = (0..1000)
        .map(|_| counter.start::<i64>("add", (1,)))
        .collect();
    let mut last = 0;
    for pending in started {
        last = pending.await?;
    }
    assert_eq!(last, 2000);

    // A call that does not wait for ever: patience ends the wait, and the call goes on.
    let slow = callback(|_: i64| std::thread::sleep(Duration::from_millis(50)));
    let hasty = counter.with(CallOptions::new().patience(Duration::from_millis(5)));
    let answer = hasty.call::<i64>("add", (1, slow));
    match answer {
        Err(error) if error.kind() == Kind::Timeout => {
            println!("{error}");
            let pending = error.pending::<i64>().expect("a timeout carries it");
            println!("later: {}", pending.await?);
        }
        other => println!("in time: {other:?}"),
    }

    // A plain call is fine in a task too, also of a plugin that prints or sleeps: it just keeps the task's thread.
    println!("{}", counter.call::<i64>("add", (1,))?);
    Ok(())
}

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| locum::Error::new(Kind::Load, error.to_string()))?;
    runtime.block_on(run())
}
