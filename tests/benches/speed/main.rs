//! How fast Locum is, beside its floors and its peers in the same run: `cargo bench -p locum-tests --bench speed`.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod calls;
mod floor;
mod instructions;
mod measure;
mod plugins;
mod report;
mod starting;

use measure::Bench;
use wasmtime::Result;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [only, path, rounds] = &words[..]
        && only == "--only"
    {
        return instructions::only(path, rounds.parse().expect("a number of rounds"));
    }
    if let [instances, count] = &words[..]
        && instances == "--instances"
    {
        return starting::instances(count.parse().expect("a number of instances"));
    }
    let mut bench = Bench::new();
    calls::run(&mut bench)?;
    starting::run(&mut bench)?;
    println!("{}", bench.report.table());
    Ok(())
}
