//! What whoever watches is told: the JSON of `host/docs/monitor.md`, as Rust types.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a host looks like at one moment.
///
/// Names of plugins, types and errors come from plugins: they are not to be trusted, and may hold anything but more than 200
/// bytes each.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let directory = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(directory.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// use std::time::Duration;
/// use locum::monitor::{Running, Snapshot};
///
/// let mut snapshots = Running::at(monitor.path())?.watch(Duration::from_secs(1))?;
/// let now: Snapshot = snapshots.next().transpose()?.expect("one comes at once");
/// assert_eq!((now.host.alive, now.plugins.len(), now.left_out), (1, 1, 0));
/// assert!(now.supervisors.is_empty() && now.pools.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// The process, and what can be said of it as a whole.
    pub host: HostState,
    /// Milliseconds since the snapshot before, on this connection; `None` in the first one, which has no latencies.
    pub interval_ms: Option<f64>,
    /// In the order in which they were started. Those that have ended stay for a minute.
    pub plugins: Vec<Plugin>,
    /// Plugins beyond the first thousand, which are not listed.
    pub left_out: usize,
    /// Supervisors, in the order in which they were started.
    pub supervisors: Vec<Supervisor>,
    /// Pools, in the order in which they were made.
    pub pools: Vec<Pool>,
}

/// The process that is watched.
///
/// ```
/// use locum::monitor::HostState;
///
/// let it: HostState = serde_json::from_str(r#"{"pid":4711,"program":"server","version":"0.1.0","uptime_ms":5210,"alive":1,"watchers":1}"#)?;
/// assert_eq!((it.pid, &*it.program, it.alive), (4711, "server", 1));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HostState {
    /// Its number.
    pub pid: u32,
    /// The program's name.
    pub program: String,
    /// The version of Locum in it.
    pub version: String,
    /// Milliseconds since its monitor was opened.
    pub uptime_ms: u64,
    /// Plugins that live, those that are left out of the list included.
    pub alive: usize,
    /// How many are watching, whoever reads this included.
    pub watchers: usize,
}

/// One instance of a plugin.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let directory = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(directory.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// use std::time::Duration;
/// use locum::monitor::Running;
///
/// plugin.import("counters")?.call::<locum::Proxy>("Counter", (10,))?;
/// let mut snapshots = Running::at(monitor.path())?.watch(Duration::from_secs(1))?;
/// let it = snapshots.next().transpose()?.expect("one comes at once").plugins.remove(0);
/// assert_eq!((&*it.name, it.out.calls, it.inward.calls), ("counters", 1, 0));
/// assert!(it.ended.is_none() && it.memory.bytes > 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Plugin {
    /// Tells it from every other plugin of this monitor, dead or alive.
    pub id: u64,
    /// What it is called.
    pub name: String,
    /// How and when it ended; `None` while it lives.
    pub ended: Option<Ended>,
    /// Milliseconds since it was started, until now or until it ended.
    pub uptime_ms: u64,
    /// Requests of the host to the plugin's objects.
    pub out: Traffic,
    /// Requests of the plugin to the host's objects. Its bytes are part of what `out` counts.
    #[serde(rename = "in")]
    pub inward: Traffic,
    /// Bytes of arguments and results that went to the plugin so far, buffers included.
    pub bytes_sent: u64,
    /// Bytes that came from it.
    pub bytes_received: u64,
    /// Calls that were started or posted and are not finished.
    pub pending: usize,
    /// Its linear memories.
    pub memory: Memory,
    /// Objects of the host that are lent to it.
    pub exports: Lent,
    /// Objects of its that are in use in the host.
    pub imports: Lent,
    /// What it tried and was not granted, each thing once: the first 64.
    pub refusals: Vec<String>,
}

/// Requests in one direction. What is not a total is known only of the time in which somebody watched.
///
/// ```
/// use locum::monitor::Traffic;
///
/// let it: Traffic = serde_json::from_str(r#"{"calls":9,"failed":0,"in_flight":1,"latency":null}"#)?;
/// assert_eq!((it.calls, it.in_flight), (9, 1));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Traffic {
    /// Requests so far.
    pub calls: u64,
    /// Of those that have ended while somebody watched, how many were answered with an error.
    pub failed: u64,
    /// Requests that are under way and began while somebody watched.
    pub in_flight: u64,
    /// How long those took that have ended since the snapshot before; `None` when none has.
    pub latency: Option<Latency>,
}

/// How long requests took, waiting for a busy plugin included, to within a hundredth; nanoseconds.
///
/// ```
/// use locum::monitor::Latency;
///
/// let it: Latency = serde_json::from_str(r#"{"count":9800,"p50_ns":1048,"p90_ns":1303,"p99_ns":2111,"max_ns":80383}"#)?;
/// assert!(it.p50_ns <= it.p99_ns);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Latency {
    /// How many there were.
    pub count: u64,
    /// Half of them took no longer.
    pub p50_ns: u64,
    /// Nine in ten took no longer.
    pub p90_ns: u64,
    /// All but one in a hundred took no longer.
    pub p99_ns: u64,
    /// None took longer.
    pub max_ns: u64,
}

/// Bytes in a plugin's memories.
///
/// ```
/// use locum::monitor::Memory;
///
/// let it: Memory = serde_json::from_str(r#"{"bytes":1179648,"limit":67108864}"#)?;
/// assert!(it.bytes * 10 < it.limit);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Memory {
    /// What it has now; 0 when it has ended.
    pub bytes: u64,
    /// What it may have.
    pub limit: u64,
}

/// What is lent in one direction.
///
/// ```
/// use locum::monitor::Lent;
///
/// let it: Lent = serde_json::from_str(r#"{"count":2,"types":{"Counter":2}}"#)?;
/// assert_eq!((it.count, it.types["Counter"]), (2, 2));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Lent {
    /// How many objects.
    pub count: usize,
    /// How many of each type; the hundred most frequent ones.
    pub types: BTreeMap<String, usize>,
}

/// How a plugin ended.
///
/// ```
/// use locum::monitor::Ended;
///
/// let it: Ended = serde_json::from_str(r#"{"ms_ago":5200,"how":"died","kind":"trap","why":"unreachable executed"}"#)?;
/// assert_eq!((&*it.how, &*it.kind), ("died", "trap"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ended {
    /// Milliseconds ago.
    pub ms_ago: u64,
    /// `closed`, `killed`, `died`, or `dropped` when nobody held it any more.
    pub how: String,
    /// What of: the [kind](crate::Kind::name) of the error that later calls get, and its text.
    pub kind: String,
    /// In words.
    pub why: String,
}

/// A plugin under supervision.
///
/// ```
/// use locum::monitor::Supervisor;
///
/// let it: Supervisor = serde_json::from_str(r#"{"name":"counters","state":"waiting","life":3,"restarts":2,"plugin":null,"due_ms":400,"why":"it was killed"}"#)?;
/// assert_eq!((&*it.state, it.due_ms), ("waiting", Some(400)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Supervisor {
    /// What the plugin is called; in its lives it is `counters (life 2)`.
    pub name: String,
    /// `running`, `waiting` for the time of a restart, `starting`, `ended` (it will not be started again) or `stopped`.
    pub state: String,
    /// The number of the current life, or of the last one. Reloads begin lives too.
    pub life: u64,
    /// How often it was started again after it had died.
    pub restarts: u64,
    /// The [`Plugin::id`] of the life that runs.
    pub plugin: Option<u64>,
    /// Milliseconds until the restart that it waits for.
    pub due_ms: Option<u64>,
    /// Why it does not run.
    pub why: Option<String>,
}

/// Instances that share work.
///
/// ```
/// use locum::monitor::Pool;
///
/// let it: Pool = serde_json::from_str(r#"{"name":"images","seats":[{"plugin":1,"calls":1,"maps":0},{"plugin":2,"calls":0,"maps":0}]}"#)?;
/// let busy = it.seats.iter().filter(|seat| seat.calls + seat.maps > 0);
/// assert_eq!((it.seats.len(), busy.count()), (2, 1));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pool {
    /// What its instances are called, but for a number.
    pub name: String,
    /// The places for instances.
    pub seats: Vec<Seat>,
}

/// A place for an instance.
///
/// ```
/// use locum::monitor::Seat;
///
/// let it: Seat = serde_json::from_str(r#"{"plugin":7,"calls":1,"maps":0}"#)?;
/// assert_eq!((it.plugin, it.calls), (Some(7), 1));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Seat {
    /// The [`Plugin::id`] of whoever is there, dead or alive; `None` when that has been forgotten.
    pub plugin: Option<u64>,
    /// Calls of the pool that are made here or wait for their turn here.
    pub calls: usize,
    /// Maps that work here.
    pub maps: usize,
}

/// A request that was traced, as `locum::spans` describes it.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let directory = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(directory.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// use locum::monitor::Running;
///
/// let mut traced = Running::at(monitor.path())?.trace()?;
/// plugin.import("counters")?.call::<locum::Proxy>("Counter", (10,))?;
/// traced.stop()?;
/// let calls = traced.collect::<locum::Result<Vec<_>>>()?;
/// let call = calls.last().expect("two were made");
/// assert_eq!((&*call.direction, &*call.path, call.parent), ("out", "Counter", None));
/// assert_eq!(call.outcome.as_deref(), Some("ok"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Call {
    /// Tells it from every other one of this host.
    pub id: u64,
    /// The one that it was made within, or that started it. That may be missing: it may have begun before the trace.
    pub parent: Option<u64>,
    /// The plugin at the other end.
    pub plugin: String,
    /// `out`: the host asks the plugin; `in`: the plugin asks the host.
    pub direction: String,
    /// `call`, `get`, `set`, `import`, `transfer` or `describe`.
    pub verb: String,
    /// The type of the object.
    pub object: String,
    /// The attribute or method, or the path to it.
    pub path: String,
    /// `call`, `start` or `post`.
    pub mode: String,
    /// `auto`, `value` or `proxy`.
    pub reply: String,
    /// A number for the thread that made it.
    pub thread: u64,
    /// What that thread is called.
    pub thread_name: String,
    /// Nanoseconds from the beginning of the trace.
    pub start_ns: u64,
    /// The same for its end; `None`: it was still under way when the trace ended.
    pub end_ns: Option<u64>,
    /// Bytes of the arguments.
    pub bytes: u64,
    /// Bytes of the result, if there was one.
    pub answer_bytes: Option<u64>,
    /// `ok`, or the kind of the error. `None` while it is under way.
    pub outcome: Option<String>,
    /// The error in full.
    pub error: Option<String>,
}

/// The end of a trace.
///
/// ```
/// use locum::monitor::TraceEnd;
///
/// let it: TraceEnd = serde_json::from_str(r#"{"end_ns":5000123456,"calls":9812,"dropped":0}"#)?;
/// assert_eq!((it.calls, it.dropped), (9812, 0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TraceEnd {
    /// Nanoseconds from its beginning.
    pub end_ns: u64,
    /// How many calls were told.
    pub calls: u64,
    /// How many were not, because they came faster than they were read.
    pub dropped: u64,
}
