//! Writing: the JSON form of Chrome's trace event format, one event a line.
//!
//! A lane is a process and a track a thread of it. A slice is a complete event (`X`), what caused it an arrow (`s` to `f`,
//! each bound to the slice that it lies in), a mark an instant event (`i`). Times are microseconds.

use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::json;

use super::record::{Args, Mark, Record, Slice};
use crate::json::escaped;

#[derive(Serialize)]
struct Event<'a> {
    ph: &'static str,
    pid: usize,
    tid: usize,
    name: &'a str,
    cat: &'static str,
    ts: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<f64>,
    /// Which arrow.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    /// An arrow ends at the slice around its end, and not at the next one that begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    bp: Option<&'static str>,
    /// How far a mark reaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    args: Option<Named<'a>>,
}

/// Arguments as a map. What is said twice counts as it was said last.
struct Named<'a>(&'a Args);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let later = |at: usize, name: &str| self.0[at + 1..].iter().any(|(it, _)| *it == name);
        let last = self.0.iter().enumerate();
        let last = last.filter(|(at, (name, _))| !later(*at, name));
        serializer.collect_map(last.map(|(_, (name, value))| (name, value)))
    }
}

/// Writes all of it. What still goes on ends now.
pub(super) fn write(writer: &mut impl Write, record: &Record) -> io::Result<()> {
    let mut lines = Lines {
        writer,
        is_first: true,
    };
    lines.begin()?;
    names(&mut lines, record)?;
    let now = record.now();
    for slice in record.slices() {
        let (pid, tid) = place(record, slice.track);
        lines.put(&Event {
            ph: "X",
            dur: Some(micros(slice.end.unwrap_or(now).saturating_sub(slice.start))),
            args: Some(Named(&slice.args)),
            ..event(pid, tid, &slice.name, slice.category, slice.start)
        })?;
    }
    // After the slices that they lie in, which may begin at the same time.
    for (id, slice) in record.slices().iter().enumerate() {
        arrow(&mut lines, record, id, slice)?;
    }
    for Mark {
        name,
        category,
        track,
        at,
        args,
    } in record.marks()
    {
        let (pid, tid) = place(record, *track);
        lines.put(&Event {
            ph: "i",
            s: Some("t"),
            args: Some(Named(args)),
            ..event(pid, tid, name, category, *at)
        })?;
    }
    lines.end(record.left_out())
}

/// What lanes and tracks are called.
fn names(lines: &mut Lines<'_, impl Write>, record: &Record) -> io::Result<()> {
    for (lane, name) in record.lanes().enumerate() {
        let pid = lane + 1;
        lines.put(
            &json!({"ph": "M", "pid": pid, "tid": 0, "name": "process_name", "args": {"name": name}}),
        )?;
        lines.put(
            &json!({"ph": "M", "pid": pid, "tid": 0, "name": "process_sort_index", "args": {"sort_index": pid}}),
        )?;
    }
    for (track, found) in record.tracks().iter().enumerate() {
        let (pid, tid) = place(record, track);
        let name = &found.thread_name;
        lines.put(
            &json!({"ph": "M", "pid": pid, "tid": tid, "name": "thread_name", "args": {"name": name}}),
        )?;
    }
    Ok(())
}

/// From the slice that asked to the one that answered, unless the one lies in the other.
fn arrow(
    lines: &mut Lines<'_, impl Write>,
    record: &Record,
    id: usize,
    slice: &Slice,
) -> io::Result<()> {
    let Some(cause) = slice.cause.and_then(|cause| record.slices().get(cause)) else {
        return Ok(());
    };
    if cause.track == slice.track {
        return Ok(());
    }
    // What was started may begin when whoever started it has ended; the arrow must leave from there all the same.
    let last = cause.end.map_or(u64::MAX, |end| end.saturating_sub(1));
    let leaves = slice.start.min(last).max(cause.start);
    let (pid, tid) = place(record, cause.track);
    lines.put(&Event {
        ph: "s",
        id: Some(id),
        ..event(pid, tid, "call", "flow", leaves)
    })?;
    let (pid, tid) = place(record, slice.track);
    lines.put(&Event {
        ph: "f",
        id: Some(id),
        bp: Some("e"),
        ..event(pid, tid, "call", "flow", slice.start)
    })
}

fn event<'a>(pid: usize, tid: usize, name: &'a str, cat: &'static str, at: u64) -> Event<'a> {
    Event {
        ph: "",
        pid,
        tid,
        name,
        cat,
        ts: micros(at),
        dur: None,
        id: None,
        bp: None,
        s: None,
        args: None,
    }
}

/// A track as a process and a thread; a thread's number is its own in the whole file.
fn place(record: &Record, track: usize) -> (usize, usize) {
    let lane = record.tracks().get(track).map_or(0, |track| track.lane);
    (lane + 1, track + 1)
}

fn micros(nanos: u64) -> f64 {
    nanos as f64 / 1e3
}

/// A list of events in the making.
struct Lines<'w, W: Write> {
    writer: &'w mut W,
    is_first: bool,
}

impl<W: Write> Lines<'_, W> {
    fn begin(&mut self) -> io::Result<()> {
        self.writer
            .write_all(b"{\"displayTimeUnit\":\"ns\",\"traceEvents\":[")
    }

    fn put<T: Serialize>(&mut self, event: &T) -> io::Result<()> {
        let comma = if self.is_first { "\n" } else { ",\n" };
        self.is_first = false;
        self.writer.write_all(comma.as_bytes())?;
        let line = serde_json::to_string(event)?;
        self.writer.write_all(escaped(&line).as_bytes())
    }

    fn end(&mut self, left_out: u64) -> io::Result<()> {
        let made_by = concat!("locum ", env!("CARGO_PKG_VERSION"));
        let about = json!({"made_by": made_by, "left_out": left_out});
        writeln!(self.writer, "\n],\"otherData\":{about}}}")
    }
}
