//! The command line: a tour, expressions on a plugin's objects, what a plugin offers, Rust traits for that, and the way from
//! nothing to a plugin.
//!
//! One file per command (`demo`, `new`, `build`, `test`, `eval`, `bench`, `inspect`, `doc`, `bindgen`); `source` finds and loads the plugin that they work on,
//! `grants` reads what it may see, `trace` writes down what happened, `report` shows what a plugin offers, `out` is the one
//! way to standard output and error, `failure` makes exit codes.

mod bench;
mod bindgen;
mod build;
mod cli;
mod demo;
mod doc;
mod eval;
mod failure;
mod grants;
mod inspect;
mod json;
mod new;
mod out;
mod progress;
mod report;
mod signature;
mod source;
mod style;
mod test;
mod trace;
mod units;
mod watch;

use std::process::ExitCode;

use clap::Parser;
use locum::text as escape;

use crate::cli::{Cli, Command, DemoArgs};

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        None => demo::run(&DemoArgs::default()),
        Some(Command::Demo(arguments)) => demo::run(&arguments),
        Some(Command::New(arguments)) => new::run(&arguments),
        Some(Command::Build(arguments)) => build::run(&arguments),
        Some(Command::Test(arguments)) => test::run(&arguments),
        Some(Command::Eval(arguments)) => eval::run(&arguments),
        Some(Command::Bench(arguments)) => bench::run(&arguments),
        Some(Command::Inspect(arguments)) => inspect::run(&arguments),
        Some(Command::Doc(arguments)) => doc::run(&arguments),
        Some(Command::Bindgen(arguments)) => bindgen::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
