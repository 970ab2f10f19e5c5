//! `locum trace`: every call of a running host, written down as `eval --trace` writes its own.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use locum::monitor::{Call, Stopper, TraceEnd, Traced};
use serde::Serialize;
use serde_json::Value;

use super::layer::Fields;
use super::record::{MOST, Past, Record};
use super::{create, save};
use crate::failure::Failure;
use crate::{grants, monitor, out, units};

const EXAMPLES: &str = "\
Records calls in both directions until --time is over, Ctrl-C, or there are 200,000 of them. What is
under way at the end is shown as far as it got; what had begun before is not shown. A host waits for
nobody: calls that come faster than they are read are left out, and counted.

`locum top --help` tells how a program lets its host be watched.

Examples:
  locum trace -o out.json --time 5s
  locum trace server -o out.json        until Ctrl-C; then open it in https://ui.perfetto.dev";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct TraceArgs {
    /// Write to this file: a Chrome trace
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,

    /// How long: 500ms, 5s; until Ctrl-C if it is not said
    #[arg(long, value_name = "TIME")]
    pub(crate) time: Option<String>,

    /// Print what was recorded as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// The number of the host's process, the name of its program, or the path of its socket
    #[arg(value_name = "TARGET")]
    pub(crate) target: Option<String>,
}

/// What was recorded, for programs.
#[derive(Serialize)]
struct Report {
    calls: usize,
    /// Calls that came faster than they were read.
    dropped: u64,
    /// Calls that were read and for which there was no more room.
    left_out: u64,
    seconds: f64,
    /// Whether the host ended before the trace did.
    host_ended: bool,
}

pub(crate) fn run(arguments: &TraceArgs) -> Result<(), Failure> {
    let time = arguments.time.as_deref();
    let time = time.map(|text| grants::time("time", text)).transpose()?;
    let host = monitor::find_one(arguments.target.as_deref(), "trace -o out.json")?;
    let file = create(&arguments.output)?;
    let mut traced = host.trace()?;
    let began = Instant::now();
    stop_on_signal(traced.stopper()?)?;
    if let Some(time) = time {
        stop_after(traced.stopper()?, time);
    }
    if !arguments.json {
        out::note(&format!(
            "recording {} {}; Ctrl-C ends it\n",
            out::line(host.program()),
            host.pid()
        ));
    }
    let (calls, mut report) = collect(&mut traced, began);
    report.dropped = traced.end().map_or(0, |end| end.dropped);
    let until = traced.end().map(|end: TraceEnd| end.end_ns);
    report.calls = calls.len();
    save(file, &record(calls, until)).map_err(|error| {
        Failure::Usage(format!(
            "the trace can not be written to {}: {error}",
            arguments.output.display()
        ))
    })?;
    tell(&report, arguments)
}

fn collect(traced: &mut Traced, began: Instant) -> (Vec<Call>, Report) {
    let mut calls = Vec::new();
    let mut report = Report {
        calls: 0,
        dropped: 0,
        left_out: 0,
        seconds: 0.0,
        host_ended: false,
    };
    while let Some(call) = traced.next() {
        match call {
            Ok(call) if calls.len() < MOST => {
                calls.push(call);
                if calls.len() == MOST {
                    report.seconds = began.elapsed().as_secs_f64();
                    // What comes until that is done is counted.
                    let _ = traced.stop();
                }
            }
            Ok(_) => report.left_out += 1,
            Err(_) => report.host_ended = true,
        }
    }
    if report.seconds == 0.0 {
        report.seconds = began.elapsed().as_secs_f64();
    }
    (calls, report)
}

/// The calls as slices. They come in the order in which they ended.
fn record(mut calls: Vec<Call>, until: Option<u64>) -> Record {
    let last = calls.iter().filter_map(|it| it.end_ns).max().unwrap_or(0);
    let until = until.unwrap_or(last);
    let end = |call: &Call| call.end_ns.unwrap_or(until);
    calls.sort_by_key(|call| (call.start_ns, Reverse(end(call)), call.id));
    let mut record = Record::with_room(calls.len());
    let mut slices = HashMap::new();
    for call in calls {
        let cause = call.parent.and_then(|parent| slices.get(&parent).copied());
        let past = Past {
            thread: call.thread,
            thread_name: &call.thread_name,
            start: call.start_ns,
            end: end(&call).max(call.start_ns),
        };
        let head = fields(&call).head_of("call", "locum::call");
        if let Some(slice) = record.put(head, &past, cause) {
            slices.insert(call.id, slice);
        }
    }
    record
}

/// The fields that the span of a call has.
fn fields(call: &Call) -> Fields {
    let mut fields = Fields::default();
    let mut put = |name, value: Value| fields.args.push((name, value));
    let text = |text: &str| Value::from(text);
    put("plugin", text(&call.plugin));
    put("direction", text(&call.direction));
    put("verb", text(&call.verb));
    put("object", text(&call.object));
    put("path", text(&call.path));
    put("mode", text(&call.mode));
    put("reply", text(&call.reply));
    let (there, back) = match &*call.direction {
        "in" => ("received", "sent"),
        _ => ("sent", "received"),
    };
    put(there, call.bytes.into());
    if let Some(bytes) = call.answer_bytes {
        put(back, bytes.into());
    }
    if let Some(outcome) = &call.outcome {
        put("outcome", text(outcome));
    }
    if let Some(error) = &call.error {
        put("error", text(error));
    }
    if let Some(end) = call.end_ns {
        put(
            "micros",
            (end.saturating_sub(call.start_ns) as f64 / 1e3).into(),
        );
    }
    fields
}

fn tell(report: &Report, arguments: &TraceArgs) -> Result<(), Failure> {
    if arguments.json {
        let line = serde_json::to_string(report).map_err(|it| Failure::Result(it.to_string()))?;
        out::out(&(line + "\n"));
        return Ok(());
    }
    out::out(&format!(
        "{} calls in {:.2} s, written to {}\n",
        units::grouped(report.calls as u64),
        report.seconds,
        out::line(&arguments.output.display().to_string()),
    ));
    if report.dropped > 0 {
        out::err(&format!(
            "note: {} more calls are missing in between: they came faster than they were read\n",
            units::grouped(report.dropped)
        ));
    }
    if report.calls == MOST {
        out::err(&format!(
            "note: the trace is full: it has {} calls, and {} later ones are left out\n",
            units::grouped(report.calls as u64),
            units::grouped(report.left_out)
        ));
    }
    if report.host_ended {
        out::err(
            "note: the host ended before the trace did; the calls that were under way are missing\n",
        );
    }
    Ok(())
}

/// A first signal ends the trace; a second one the program, should the host not answer.
fn stop_on_signal(stopper: Stopper) -> Result<(), Failure> {
    let stopper = Arc::new(Mutex::new(stopper));
    let was_asked = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if was_asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        stopper
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .stop();
    })
    .map_err(|error| Failure::Usage(format!("signals can not be caught: {error}")))
}

fn stop_after(mut stopper: Stopper, time: Duration) {
    thread::spawn(move || {
        thread::sleep(time);
        stopper.stop();
    });
}
