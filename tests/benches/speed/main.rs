//! How fast Locum is, beside its floors and its peers in the same run: `cargo bench -p locum-tests --bench speed`, with a word
//! behind `--` for what has it in its name only. Writes `target/bench/report.html` and `report.json`.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::print_stdout,
    clippy::print_stderr
)]

// What is measured.
mod bulk;
mod calls;
mod cores;
#[cfg(unix)]
mod monitored;
mod observed;
mod peers;
mod sandbox;
mod starting;

// With what, and beside what.
mod floor;
mod instructions;
mod measure;
mod plugins;
mod report;

use std::path::Path;

use wasmtime::Result;

use crate::measure::Bench;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // What the bench runs itself for.
    match &words[..] {
        [what, path, rounds] if what == "--only" => {
            return instructions::only(path, rounds.parse()?);
        }
        [what, count] if what == "--instances" => return starting::instances(count.parse()?),
        _ => {}
    }
    let mut bench = Bench::new();
    bench.describe_machine();
    calls::run(&mut bench)?;
    bulk::run(&mut bench)?;
    starting::run(&mut bench)?;
    cores::run(&mut bench)?;
    observed::run(&mut bench)?;
    #[cfg(unix)]
    monitored::run(&mut bench)?;
    sandbox::run(&mut bench)?;
    instructions::run(&mut bench);
    peers::run(&mut bench);
    println!("\n{}", bench.report.table());
    if bench.measured_all() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
        bench.report.write(&directory)?;
        println!("target/bench/report.html and report.json have all of it, with plots");
    }
    Ok(())
}
