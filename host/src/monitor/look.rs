//! Taking a snapshot.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use locum_protocol::{Kind, Stats};

use super::hub::{Flow, Hub, PoolLook, SupervisorLook, Watched};
use super::session::cut;
use super::snapshot::{
    Ended, HostState, Latency, Lent, Memory, Plugin, Pool, Seat, Snapshot, Supervisor, Traffic,
};

/// How many plugins are listed.
const MOST_PLUGINS: usize = 1000;

/// How many types of objects are listed for each plugin and direction.
const MOST_TYPES: usize = 100;

/// Who looks again and again, and what was measured by the last time, so that each look tells of the time between.
pub(super) struct Looker {
    hub: Arc<Hub>,
    program: String,
    last: Option<Instant>,
    /// By the plugin's number and the direction.
    known: HashMap<(u64, bool), Histogram<u64>>,
}

impl Looker {
    pub(super) fn new(hub: Arc<Hub>, program: &str) -> Looker {
        Looker {
            hub,
            program: program.to_owned(),
            last: None,
            known: HashMap::new(),
        }
    }

    pub(super) fn look(&mut self) -> Snapshot {
        let now = Instant::now();
        let before = self.last.replace(now);
        let interval_ms = before.map(|before| (now - before).as_secs_f64() * 1e3);
        let all = self.hub.plugins();
        let numbers: HashMap<usize, u64> = all
            .iter()
            .map(|it| (it.vitals.address(), it.number))
            .collect();
        let alive = all.iter().filter(|it| it.ended_at().is_none()).count();
        let listed = &all[..all.len().min(MOST_PLUGINS)];
        let plugins = listed.iter();
        let plugins = plugins
            .map(|it| self.plugin(it, now, before.is_none()))
            .collect();
        self.known
            .retain(|(number, _), _| listed.iter().any(|it| it.number == *number));
        let supervisors = self.hub.supervisors();
        let supervisors = supervisors.iter().filter_map(Weak::upgrade);
        let pools = self.hub.all_pools();
        let pools = pools.iter().filter_map(Weak::upgrade);
        Snapshot {
            host: HostState {
                pid: std::process::id(),
                program: self.program.clone(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                uptime_ms: millis(now - self.hub.began),
                alive,
                watchers: self.hub.watchers(),
            },
            interval_ms,
            plugins,
            left_out: all.len() - listed.len(),
            supervisors: supervisors
                .map(|it| supervisor(it.look(), &numbers))
                .collect(),
            pools: pools.map(|it| pool(it.look(), &numbers)).collect(),
        }
    }

    fn plugin(&mut self, it: &Watched, now: Instant, is_first: bool) -> Plugin {
        // Held as short as can be: it keeps the plugin alive.
        let stats = it.vitals.peer().map(|peer| peer.stats_as_they_are());
        let stats = stats.or_else(|| it.last.get().map(|(last, _)| last.clone()));
        let stats = stats.unwrap_or_default();
        let ended = ended(it, now);
        let memory = match ended {
            None => it.vitals.memory_bytes(),
            Some(_) => 0,
        };
        let until = it.ended_at().unwrap_or(now);
        let traffic = |calls: u64, flow: &Flow, latency: Option<Latency>| Traffic {
            calls,
            failed: flow.failed(),
            in_flight: flow.in_flight(),
            latency,
        };
        let latency = [false, true].map(|inward| self.latency(it, inward, is_first));
        let Stats {
            calls,
            calls_served,
            ..
        } = stats;
        Plugin {
            id: it.number,
            name: cut(it.vitals.name()).into_owned(),
            ended,
            uptime_ms: millis(until.saturating_duration_since(it.began)),
            out: traffic(calls, it.flow(false), latency[0]),
            inward: traffic(calls_served, it.flow(true), latency[1]),
            bytes_sent: stats.bytes_sent,
            bytes_received: stats.bytes_received,
            pending: stats.pending,
            memory: Memory {
                bytes: memory as u64,
                limit: it.memory_limit as u64,
            },
            exports: lent(&stats.exports_by_type),
            imports: lent(&stats.imports_by_type),
            refusals: it
                .vitals
                .refusals()
                .iter()
                .map(|it| cut(it).into_owned())
                .collect(),
        }
    }

    /// What was measured since the last look.
    fn latency(&mut self, it: &Watched, inward: bool, is_first: bool) -> Option<Latency> {
        let key = (it.number, inward);
        let known = self.known.get(&key).map_or(0, Histogram::len);
        let all = it.flow(inward).times_if_changed(self.hub.epoch(), known)?;
        let mut new = all.clone();
        if let Some(before) = self.known.insert(key, all) {
            // It was contained in this one; should it not be, all of it is told.
            let _ = new.subtract(&before);
        } else if is_first {
            // Measured for others, before this one came.
            return None;
        }
        if new.is_empty() {
            return None;
        }
        Some(Latency {
            count: new.len(),
            p50_ns: new.value_at_quantile(0.5),
            p90_ns: new.value_at_quantile(0.9),
            p99_ns: new.value_at_quantile(0.99),
            max_ns: new.max(),
        })
    }
}

fn ended(it: &Watched, now: Instant) -> Option<Ended> {
    let ms_ago = millis(now.saturating_duration_since(it.ended_at()?));
    let Some(fate) = it.vitals.end() else {
        return Some(Ended {
            ms_ago,
            how: "dropped".to_owned(),
            kind: Kind::Closed.name().to_owned(),
            why: "nothing of it was in use any more".to_owned(),
        });
    };
    let how = match fate.cause.kind() {
        _ if fate.in_order => "closed",
        Kind::Closed => "killed",
        _ => "died",
    };
    Some(Ended {
        ms_ago,
        how: how.to_owned(),
        kind: fate.cause.kind().name().to_owned(),
        why: cut(fate.cause.message()).into_owned(),
    })
}

fn lent(types: &[(String, usize)]) -> Lent {
    let mut sorted: Vec<&(String, usize)> = types.iter().collect();
    sorted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sorted.truncate(MOST_TYPES);
    let mut shown = BTreeMap::new();
    for (name, count) in sorted {
        *shown.entry(cut(name).into_owned()).or_insert(0) += count;
    }
    Lent {
        count: types.iter().map(|(_, count)| count).sum(),
        types: shown,
    }
}

fn supervisor(look: SupervisorLook, numbers: &HashMap<usize, u64>) -> Supervisor {
    Supervisor {
        name: cut(&look.name).into_owned(),
        state: look.state.to_owned(),
        life: look.life,
        restarts: look.restarts,
        plugin: look
            .plugin
            .and_then(|it| numbers.get(&it.address()).copied()),
        due_ms: look.due.map(millis),
        why: look.why.map(|why| cut(&why).into_owned()),
    }
}

fn pool(look: PoolLook, numbers: &HashMap<usize, u64>) -> Pool {
    let seat = |(plugin, calls, maps): (crate::door::Vitals, usize, usize)| Seat {
        plugin: numbers.get(&plugin.address()).copied(),
        calls,
        maps,
    };
    Pool {
        name: cut(&look.name).into_owned(),
        seats: look.seats.into_iter().map(seat).collect(),
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
