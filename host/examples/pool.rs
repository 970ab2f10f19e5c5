//! Many instances of one plugin that share the work. Run it with `cargo run --release --example pool`.

#![allow(clippy::print_stdout)]

use locum::{Host, Kind, Proxy, Result};

fn main() -> Result<()> {
    // Read, checked and compiled once; each instance has a memory of its own.
    let template = Host::new()?.template("target/wasm32-wasip2/release/samples.wasm")?;
    let (one, other) = (template.start()?, template.start()?);
    let counter: Proxy = one.import("samples")?.call("Counter", (10,))?;
    let live = |plugin: &locum::Plugin| plugin.import("samples")?.call::<usize>("live", ());
    println!(
        "{counter:?}; objects: {} and {}",
        live(&one)?,
        live(&other)?
    );
    assert_eq!((live(&one)?, live(&other)?), (1, 0));

    // Work that any of them can do: the results are in the order of the items, with an error for each that failed.
    let pool = template.pool(4)?;
    let texts = ["12", "x", "7", "1e3"];
    let numbers = pool.map::<i64, _>(texts, "samples.errors.raise_standard");
    for (text, number) in texts.iter().zip(&numbers) {
        match number {
            Ok(number) => println!("  {text:4} {number}"),
            Err(error) => println!("  {text:4} {error}"),
        }
    }
    assert_eq!(numbers.iter().filter(|it| it.is_ok()).count(), 2);

    let mut quarters = 0;
    let echoes = pool.map_with::<i64, _>(0..100_000, "samples.echo", |now| {
        if now.done * 4 / now.total > quarters {
            quarters = now.done * 4 / now.total;
            println!("{} of {} done, {} failed", now.done, now.total, now.failed);
        }
    });
    assert!(echoes.into_iter().map(|n| n.unwrap_or(-1)).eq(0..100_000));

    // One that dies fails what it died of; another takes its place.
    let death = pool.call::<()>("samples.dying.trap", ());
    assert_eq!(
        death.as_ref().map_err(|error| error.kind()),
        Err(Kind::Trap)
    );
    println!("{}", pool.call::<String>("samples.echo", ("still here",))?);
    for plugin in pool.plugins() {
        println!("  {plugin:?}: {} calls", plugin.stats().calls);
    }
    pool.close()
}
