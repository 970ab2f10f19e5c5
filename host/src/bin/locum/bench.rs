//! `locum bench`: how long an expression takes.

use std::cell::Cell;
use std::io::{self, IsTerminal};
use std::time::Duration;

use locum::Plugin;
use locum::expr::{self, Interpreter, Script};

use crate::cli::BenchArgs;
use crate::failure::Failure;
use crate::source::Source;
use crate::style::Painter;
use crate::{eval, grants, out};

mod histogram;
mod measure;
mod report;

use measure::Pace;
use report::Report;

/// An expression that asks nothing of anybody, to see what the language takes.
const NOTHING: &str = "0";

/// How long that is measured, at most.
const BRIEF: Duration = Duration::from_millis(250);

/// As wide as what is not shown on a terminal.
const USUAL_WIDTH: usize = 80;

pub(crate) fn run(arguments: &BenchArgs) -> Result<(), Failure> {
    let (source, expressions) = Source::of_words(&arguments.words, "bench")?;
    let time = grants::time("time", &arguments.time)?;
    let (options, grants) = grants::read(&arguments.grants)?;
    let scripts = eval::read_all(expressions)?;
    let Some((timed, setup)) = scripts.split_last() else {
        return Err(Failure::Usage("there is no expression to time".to_owned()));
    };
    let host = arguments.monitor.host()?;
    let loaded = source.load_on(&host, options, grants)?;
    let report = bench(&loaded.plugin, setup, timed, time);
    let report = loaded.finish(report)?;
    if arguments.json {
        out::out(&(report.json()? + "\n"));
    } else {
        out::out(&report.text(Painter::stdout(), width()));
    }
    Ok(())
}

fn bench(
    plugin: &Plugin,
    setup: &[Script],
    timed: &Script,
    time: Duration,
) -> Result<Report, Failure> {
    let prints = Cell::new(true);
    let print = |text: &str| {
        if prints.get() {
            out::print(text);
        }
    };
    let mut interpreter = Interpreter::new(plugin, Box::new(print));
    for script in setup {
        interpreter.run(script)?;
    }
    // Thousands of times the same, and the terminal would be what is measured.
    prints.set(false);
    let mut runs = 0;
    let mut run = || {
        runs += 1;
        let done = interpreter.run(timed);
        done.map(drop).map_err(|error| Failure::Run(runs, error))
    };
    let pace = Pace::found(&mut run)?;
    let before = plugin.stats();
    let times = pace.measure(time, &mut run)?;
    let after = plugin.stats();

    let nothing = expr::parse(NOTHING)?;
    let mut run = || interpreter.run(&nothing).map(drop);
    let language = Pace::found(&mut run)?.measure(BRIEF.min(time), &mut run)?;
    Ok(Report::new(
        timed.source(),
        &times,
        &language,
        [&before, &after],
    ))
}

/// How many characters fit in a line.
fn width() -> usize {
    let stdout = io::stdout();
    let size = stdout
        .is_terminal()
        .then(|| terminal_size::terminal_size_of(&stdout))
        .flatten();
    size.map_or(USUAL_WIDTH, |(width, _)| width.0.into())
}
