//! Snapshots as rows of a table.

use std::borrow::Cow;
use std::cmp::Ordering;

use locum::monitor::{Latency, Plugin, Snapshot, Supervisor};

use crate::{out, units};

/// A plugin, or one that a supervisor is about to start.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The plugin's number; `None` where there is none at present.
    pub(super) id: Option<u64>,
    pub(super) name: String,
    pub(super) state: String,
    pub(super) is_alive: bool,
    /// In both directions; `None` while that is not known.
    pub(super) calls_per_second: Option<f64>,
    pub(super) latency: Option<Latency>,
    pub(super) memory: u64,
    pub(super) limit: u64,
    pub(super) objects: usize,
    pub(super) in_flight: u64,
    pub(super) restarts: Option<u64>,
    pub(super) refusals: usize,
}

/// What the table can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Plugin,
    Calls,
    P50,
    P99,
    Memory,
    Objects,
    Restarts,
}

impl Column {
    pub(super) const ALL: [Column; 7] = [
        Column::Plugin,
        Column::Calls,
        Column::P50,
        Column::P99,
        Column::Memory,
        Column::Objects,
        Column::Restarts,
    ];

    pub(super) fn next(self) -> Column {
        let at = Column::ALL.iter().position(|it| *it == self).unwrap_or(0);
        Column::ALL[(at + 1) % Column::ALL.len()]
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Column::Plugin => "PLUGIN",
            Column::Calls => "CALLS/S",
            Column::P50 => "P50",
            Column::P99 => "P99",
            Column::Memory => "MEMORY",
            Column::Objects => "OBJECTS",
            Column::Restarts => "RESTARTS",
        }
    }

    /// Names go up, numbers go down: what is most is of interest.
    fn compare(self, one: &Row, other: &Row) -> Ordering {
        let latency = |row: &Row, of: fn(&Latency) -> u64| row.latency.as_ref().map(of);
        match self {
            Column::Plugin => one.name.cmp(&other.name),
            Column::Calls => {
                let rate = |row: &Row| row.calls_per_second.unwrap_or(-1.0);
                rate(other).total_cmp(&rate(one))
            }
            Column::P50 => latency(other, |it| it.p50_ns).cmp(&latency(one, |it| it.p50_ns)),
            Column::P99 => latency(other, |it| it.p99_ns).cmp(&latency(one, |it| it.p99_ns)),
            Column::Memory => other.memory.cmp(&one.memory),
            Column::Objects => other.objects.cmp(&one.objects),
            Column::Restarts => other.restarts.cmp(&one.restarts),
        }
    }
}

/// The rows of a snapshot, sorted. What is equal stays in the order in which it was started.
pub(super) fn rows(
    before: Option<&Snapshot>,
    now: &Snapshot,
    column: Column,
    is_reversed: bool,
) -> Vec<Row> {
    let mut rows: Vec<Row> = now
        .plugins
        .iter()
        .map(|it| row(before, now, it))
        .chain(now.supervisors.iter().filter_map(without_plugin))
        .collect();
    rows.sort_by(|one, other| {
        let order = column.compare(one, other);
        if is_reversed { order.reverse() } else { order }
    });
    rows
}

fn row(before: Option<&Snapshot>, now: &Snapshot, it: &Plugin) -> Row {
    let supervisor = now.supervisors.iter().find(|of| of.plugin == Some(it.id));
    Row {
        id: Some(it.id),
        name: out::line(&it.name).into_owned(),
        state: match &it.ended {
            None => "alive".to_owned(),
            Some(ended) => format!("{} {}", out::line(&ended.how), ago(ended.ms_ago)),
        },
        is_alive: it.ended.is_none(),
        calls_per_second: calls_per_second(before, now, it),
        latency: slower(it.out.latency, it.inward.latency),
        memory: it.memory.bytes,
        limit: it.memory.limit,
        objects: it.exports.count + it.imports.count,
        in_flight: it.out.in_flight + it.inward.in_flight,
        restarts: supervisor.map(|it| it.restarts),
        refusals: it.refusals.len(),
    }
}

/// Of calls into the plugin; of those that it makes, when there are no others.
fn slower(out: Option<Latency>, inward: Option<Latency>) -> Option<Latency> {
    out.or(inward)
}

/// A supervised plugin that does not run now.
fn without_plugin(it: &Supervisor) -> Option<Row> {
    if it.plugin.is_some() || it.state == "running" {
        return None;
    }
    let state = match it.due_ms {
        Some(due) => format!("restart in {}", time(due)),
        None => out::line(&it.state).into_owned(),
    };
    Some(Row {
        id: None,
        name: out::line(&it.name).into_owned(),
        state,
        is_alive: false,
        calls_per_second: None,
        latency: None,
        memory: 0,
        limit: 0,
        objects: 0,
        in_flight: 0,
        restarts: Some(it.restarts),
        refusals: 0,
    })
}

/// Calls in both directions since the snapshot before.
pub(super) fn calls_per_second(
    before: Option<&Snapshot>,
    now: &Snapshot,
    it: &Plugin,
) -> Option<f64> {
    let interval = now.interval_ms.filter(|ms| *ms > 0.0)?;
    // One that was not there had no calls.
    let earlier = before?.plugins.iter().find(|known| known.id == it.id);
    let calls = |it: &Plugin| it.out.calls.saturating_add(it.inward.calls);
    let new = calls(it).saturating_sub(earlier.map_or(0, calls));
    Some(new as f64 * 1e3 / interval)
}

pub(super) fn rate(rate: Option<f64>) -> String {
    match rate {
        None => "-".to_owned(),
        Some(rate) if rate < 10.0 && rate > 0.0 => format!("{rate:.1}"),
        Some(rate) => units::grouped(rate.round() as u64),
    }
}

pub(super) fn nanos(nanos: Option<u64>) -> String {
    nanos.map_or_else(|| "-".to_owned(), |it| units::nanoseconds(it as f64))
}

pub(super) fn bytes(count: u64) -> String {
    bytesize::ByteSize(count).display().iec().to_string()
}

pub(super) fn count(count: Option<u64>) -> String {
    count.map_or_else(|| "-".to_owned(), units::grouped)
}

pub(super) fn ago(ms: u64) -> String {
    format!("{} ago", time(ms))
}

/// A time as a clock without fractions would have it.
pub(super) fn time(ms: u64) -> String {
    let seconds = ms / 1000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{}:{:02} min", seconds / 60, seconds % 60),
        _ => format!("{}:{:02} h", seconds / 3600, seconds / 60 % 60),
    }
}

/// What is said of the host as a whole.
pub(super) fn heading(now: &Snapshot) -> String {
    let host = &now.host;
    let plural = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{} {what}s", units::grouped(count as u64)),
    };
    let memory: u64 = now.plugins.iter().map(|it| it.memory.bytes).sum();
    format!(
        "{} {}, up {}, {} alive, {}",
        out::line(&host.program),
        host.pid,
        time(host.uptime_ms),
        plural(host.alive, "plugin"),
        bytes(memory),
    )
}

/// Further lines: pools, and what is not listed.
pub(super) fn notes(now: &Snapshot) -> Vec<String> {
    let mut notes: Vec<String> = now
        .pools
        .iter()
        .map(|pool| {
            let busy = pool.seats.iter().filter(|it| it.calls + it.maps > 0);
            let name: Cow<'_, str> = out::line(&pool.name);
            format!("pool {name}: {} of {} busy", busy.count(), pool.seats.len())
        })
        .collect();
    if now.left_out > 0 {
        notes.push(format!(
            "{} more plugins are not listed",
            units::grouped(now.left_out as u64)
        ));
    }
    notes
}
