//! `locum top`: what a running host does, as it does it.
//!
//! `rows` reads snapshots, `table` prints them, `view` is the state of the screen and what keys do to it, `draw` draws it,
//! `screen` is the terminal.

mod draw;
mod rows;
mod screen;
mod table;
mod view;

#[cfg(test)]
mod tests;

use std::io::{self, IsTerminal};
use std::time::Duration;

use clap::Args;
use locum::monitor::{Running, Snapshot};

use crate::failure::Failure;
use crate::style::Painter;
use crate::{grants, monitor, out};

const EXAMPLES: &str = "\
A host can be watched when its program lets it, which takes one line:

  let host = Host::builder().monitor(Monitor::open()?).build()?;

and commands of `locum` that run long can by `--monitor`. Only the same user can watch. Latencies
are those of the last interval; they are measured while somebody watches.

Keys: q quit, s sort by the next column, r the other way round, arrows select, Enter or Space
details, p pause, Tab another host, h help.

Examples:
  locum top                   the host that runs, or a list of them
  locum top server            by the name of its program
  locum top 4711 --interval 250ms
  locum top --once            one table, for which no terminal is needed
  locum top --json            a snapshot per line, until Ctrl-C: host/docs/monitor.md has the fields";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct TopArgs {
    /// Print one table, of what one interval has brought, and end
    #[arg(long)]
    pub(crate) once: bool,

    /// Print snapshots as lines of JSON; with --once one of them
    #[arg(long)]
    pub(crate) json: bool,

    /// How often: 250ms, 5s
    #[arg(long, value_name = "TIME", default_value = "1s")]
    pub(crate) interval: String,

    /// The number of the host's process, the name of its program, or the path of its socket
    #[arg(value_name = "TARGET")]
    pub(crate) target: Option<String>,
}

pub(crate) fn run(arguments: &TopArgs) -> Result<(), Failure> {
    let interval = interval(&arguments.interval)?;
    let target = arguments.target.as_deref();
    if arguments.once {
        let snapshots = two(&monitor::find_one(target, "top --once")?, interval)?;
        return print(&snapshots, arguments.json);
    }
    if arguments.json {
        let host = monitor::find_one(target, "top --json")?;
        for snapshot in host.watch(interval)? {
            out::out(&json(&snapshot?)?);
        }
        return Ok(());
    }
    if !io::stdout().is_terminal() {
        let text =
            "standard output is no terminal; print one table with --once, or snapshots with --json";
        return Err(Failure::Usage(text.to_owned()));
    }
    screen::run(monitor::find(target)?, interval)
}

fn interval(text: &str) -> Result<Duration, Failure> {
    let interval = grants::time("interval", text)?;
    let range = Duration::from_millis(20)..=Duration::from_secs(3600);
    if range.contains(&interval) {
        return Ok(interval);
    }
    Err(Failure::Usage(format!(
        "--interval {text}: it may be 20ms to 1h"
    )))
}

/// A snapshot, and one an interval later: rates and latencies are those of the time between.
fn two(host: &Running, interval: Duration) -> Result<[Snapshot; 2], Failure> {
    let mut snapshots = host.watch(interval)?;
    let mut next = || {
        let ended = || Failure::Usage("the host has ended".to_owned());
        Ok::<_, Failure>(snapshots.next().ok_or_else(ended)??)
    };
    Ok([next()?, next()?])
}

fn print([before, now]: &[Snapshot; 2], as_json: bool) -> Result<(), Failure> {
    if as_json {
        out::out(&json(now)?);
    } else {
        out::out(&table::text(before, now, Painter::stdout()));
    }
    Ok(())
}

fn json(snapshot: &Snapshot) -> Result<String, Failure> {
    let line =
        serde_json::to_string(snapshot).map_err(|error| Failure::Result(error.to_string()))?;
    Ok(crate::json::escaped(&line) + "\n")
}
