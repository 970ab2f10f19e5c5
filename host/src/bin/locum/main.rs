//! The command line: a tour, expressions on a plugin's objects, what a plugin offers, Rust traits for that, and the way from
//! nothing to a plugin.
//!
//! One file per command (`demo`, `new`, `build`, `test`, `eval`, `repl`, `run`, `map`, `bench`, `inspect`, `doc`, `bindgen`,
//! `top`, `trace`, `manual`); `source` finds and loads the plugin that they work on, `session` several at once, `grants` reads what they may
//! see, `interrupt` is Ctrl-C, `tools` what scripts are given, `trace` writes down what happened, `show` shows results and
//! `report` what a plugin offers, `out` is the one way to standard output and error, `log` what `RUST_LOG` asks for, `failure`
//! makes exit codes.

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
mod interrupt;
mod json;
mod log;
mod manual;
mod map;
mod monitor;
mod new;
mod out;
mod print;
mod progress;
mod repl;
mod report;
mod run;
mod session;
mod show;
mod signature;
mod source;
mod style;
mod test;
mod tools;
mod top;
mod trace;
mod units;
mod watch;

use std::process::ExitCode;

use clap::Parser;
use locum::text as escape;

use crate::cli::{Cli, Command, DemoArgs};
use crate::failure::Failure;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if cli.quiet {
        out::be_quiet();
    }
    let result = log::begin_unless(cli.is_traced(), cli.verbose).and_then(|()| run(cli.command));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(command: Option<Command>) -> Result<(), Failure> {
    match command {
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
        Some(Command::Repl(arguments)) => repl::run(&arguments),
        Some(Command::Run(arguments)) => run::run(&arguments),
        Some(Command::Map(arguments)) => map::run(&arguments),
        Some(Command::Top(arguments)) => top::run(&arguments),
        Some(Command::Trace(arguments)) => trace::live::run(&arguments),
        Some(Command::Completions(arguments)) => manual::completions(&arguments),
        Some(Command::Man(arguments)) => manual::man(&arguments),
    }
}
