//! The command line: a tour, expressions on a plugin's objects, what a plugin offers, and Rust traits for that.
//!
//! One file per command (`demo`, `eval`, `bench`, `inspect`, `bindgen`, `top`, `trace/live`); `source` finds and loads the plugin that they work on,
//! `grants` reads what it may see, `trace` writes down what happened, `report` shows what a plugin offers, `out` is the one
//! way to standard output and error, `failure` makes exit codes.

mod bench;
mod bindgen;
mod cli;
mod demo;
mod eval;
mod failure;
mod grants;
mod inspect;
mod json;
mod monitor;
mod out;
mod progress;
mod report;
mod signature;
mod source;
mod style;
mod top;
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
        Some(Command::Eval(arguments)) => eval::run(&arguments),
        Some(Command::Bench(arguments)) => bench::run(&arguments),
        Some(Command::Inspect(arguments)) => inspect::run(&arguments),
        Some(Command::Bindgen(arguments)) => bindgen::run(&arguments),
        Some(Command::Top(arguments)) => top::run(&arguments),
        Some(Command::Trace(arguments)) => trace::live::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
