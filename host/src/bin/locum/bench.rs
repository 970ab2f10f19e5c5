//! `locum bench`: how long an expression takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use locum::Plugin;
use locum::expr::{self, Interpreter, Script};

use crate::cli::BenchArgs;
use crate::failure::Failure;
use crate::source::Source;
use crate::style::Painter;
use crate::{eval, grants, out, progress};

mod histogram;
mod measure;
mod report;

use measure::Pace;
use report::Report;

/// An expression that asks nothing of anybody, to see what the language takes.
const NOTHING: &str = "0";

/// How long that is measured, at most.
const BRIEF: Duration = Duration::from_millis(250);

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
        out::out(&report.text(Painter::stdout(), out::width()));
    }
    Ok(())
}

fn bench(
    plugin: &Plugin,
    setup: &[Script],
    timed: &Script,
    time: Duration,
) -> Result<Report, Failure> {
    let prints = Arc::new(AtomicBool::new(true));
    let shown = prints.clone();
    let print = move |text: &str| {
        if shown.load(Ordering::Relaxed) {
            out::print(text);
        }
    };
    let mut interpreter = Interpreter::new(plugin.clone(), print);
    for script in setup {
        interpreter.run(script)?;
    }
    // Thousands of times the same, and the terminal would be what is measured.
    prints.store(false, Ordering::Relaxed);
    let mut runs = 0;
    let mut run = || {
        runs += 1;
        let done = interpreter.run(timed);
        done.map(drop).map_err(|error| Failure::Run(runs, error))
    };
    let pace = Pace::found(&mut run)?;
    let before = plugin.stats();
    let bar = progress::timed(time, "measuring");
    let tell =
        |passed: Duration| bar.set_position(u64::try_from(passed.as_millis()).unwrap_or(u64::MAX));
    let times = pace.measure(time, &mut run, tell);
    bar.finish_and_clear();
    let times = times?;
    let after = plugin.stats();

    let nothing = expr::parse(NOTHING)?;
    let mut run = || interpreter.run(&nothing).map(drop);
    let language = Pace::found(&mut run)?.measure(BRIEF.min(time), &mut run, |_| ())?;
    Ok(Report::new(
        timed.source(),
        &times,
        &language,
        [&before, &after],
    ))
}
