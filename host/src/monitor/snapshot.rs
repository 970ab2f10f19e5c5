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
/// # let scratch = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(scratch.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// # let running = locum::monitor::Running::at(monitor.path())?;
/// # let snapshot = running.watch(std::time::Duration::from_millis(50))?.next().unwrap()?;
/// // `snapshot` is one of `running.watch(..)`.
/// assert_eq!((snapshot.plugins.len(), snapshot.left_out), (1, 0));
/// assert!(snapshot.supervisors.is_empty() && snapshot.pools.is_empty());
/// # Ok::<(), locum::Error>(())
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
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let scratch = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(scratch.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// # let running = locum::monitor::Running::at(monitor.path())?;
/// # let snapshot = running.watch(std::time::Duration::from_millis(50))?.next().unwrap()?;
/// let host = &snapshot.host;
/// println!("{} {}: {} plugins, {} watching", host.pid, host.program, host.alive, host.watchers);
/// assert_eq!((host.pid, host.alive, host.watchers), (std::process::id(), 1, 1));
/// # Ok::<(), locum::Error>(())
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
/// # let scratch = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(scratch.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// # let running = locum::monitor::Running::at(monitor.path())?;
/// # let snapshot = running.watch(std::time::Duration::from_millis(50))?.next().unwrap()?;
/// let plugin = &snapshot.plugins[0];
/// assert_eq!((&*plugin.name, plugin.pending), ("counters", 0));
/// assert!(plugin.ended.is_none() && plugin.refusals.is_empty());
/// # Ok::<(), locum::Error>(())
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
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let scratch = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(scratch.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// # let running = locum::monitor::Running::at(monitor.path())?;
/// # let snapshot = running.watch(std::time::Duration::from_millis(50))?.next().unwrap()?;
/// use locum::monitor::Traffic;
///
/// /// The share of requests that failed while somebody watched.
/// fn failures(traffic: &Traffic) -> f64 {
///     traffic.failed as f64 / traffic.calls.max(1) as f64
/// }
/// assert_eq!(failures(&snapshot.plugins[0].out), 0.0);
/// # Ok::<(), locum::Error>(())
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
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let scratch = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(scratch.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// # let running = locum::monitor::Running::at(monitor.path())?;
/// # use std::time::Duration;
/// let mut snapshots = running.watch(Duration::from_millis(50))?;
/// snapshots.next().unwrap()?; // from now on it is measured
/// plugin.import("counters")?;
/// let latency = snapshots.find_map(|it| it.ok()?.plugins[0].out.latency).unwrap();
/// assert!(latency.count >= 1 && latency.p50_ns <= latency.max_ns);
/// # Ok::<(), locum::Error>(())
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
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let scratch = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(scratch.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// # let running = locum::monitor::Running::at(monitor.path())?;
/// # let snapshot = running.watch(std::time::Duration::from_millis(50))?.next().unwrap()?;
/// let memory = &snapshot.plugins[0].memory;
/// assert_eq!(memory.limit, 64 << 20);
/// assert!(memory.bytes > 0 && memory.bytes <= memory.limit);
/// # Ok::<(), locum::Error>(())
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
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let scratch = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(scratch.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// # let running = locum::monitor::Running::at(monitor.path())?;
/// # use std::time::Duration;
/// let held = plugin.transfer("text")?;
/// let snapshot = running.watch(Duration::from_secs(1))?.next().unwrap()?;
/// let imports = &snapshot.plugins[0].imports; // of the plugin's, held by the host
/// assert_eq!((imports.count, imports.types["text"]), (1, 1));
/// # Ok::<(), locum::Error>(())
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
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let scratch = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(scratch.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// # let running = locum::monitor::Running::at(monitor.path())?;
/// # use std::time::Duration;
/// plugin.kill();
/// let snapshot = running.watch(Duration::from_secs(1))?.next().unwrap()?;
/// let ended = snapshot.plugins[0].ended.as_ref().unwrap();
/// assert_eq!((&*ended.how, &*ended.kind), ("killed", "closed"));
/// # Ok::<(), locum::Error>(())
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
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let scratch = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(scratch.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// # let running = locum::monitor::Running::at(monitor.path())?;
/// # use std::time::Duration;
/// let supervisor = locum::Supervisor::builder(&host, "counters.wasm").start()?;
/// let snapshot = running.watch(Duration::from_secs(1))?.next().unwrap()?;
/// let shown = &snapshot.supervisors[0];
/// assert_eq!((&*shown.name, &*shown.state, shown.life, shown.restarts), ("counters-2", "running", 1, 0));
/// # supervisor.stop()?;
/// # Ok::<(), locum::Error>(())
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
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let scratch = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(scratch.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// # let running = locum::monitor::Running::at(monitor.path())?;
/// # use std::time::Duration;
/// let pool = host.template("counters.wasm")?.pool(2)?;
/// let snapshot = running.watch(Duration::from_secs(1))?.next().unwrap()?;
/// assert_eq!(snapshot.pools[0].seats.len(), pool.len());
/// # Ok::<(), locum::Error>(())
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
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let scratch = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(scratch.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// # let running = locum::monitor::Running::at(monitor.path())?;
/// # use std::time::Duration;
/// let pool = host.template("counters.wasm")?.pool(2)?;
/// let snapshot = running.watch(Duration::from_secs(1))?.next().unwrap()?;
/// let idle = snapshot.pools[0].seats.iter().filter(|seat| seat.calls + seat.maps == 0);
/// assert_eq!(idle.count(), 2);
/// # Ok::<(), locum::Error>(())
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
/// # let scratch = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(scratch.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// # let running = locum::monitor::Running::at(monitor.path())?;
/// let mut traced = running.trace()?;
/// plugin.import("counters")?;
/// traced.stop()?;
/// let call = traced.next().unwrap()?;
/// assert_eq!((&*call.plugin, &*call.direction, &*call.path), ("counters", "out", "counters"));
/// assert!(call.end_ns.is_some_and(|end| end >= call.start_ns));
/// # Ok::<(), locum::Error>(())
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
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let scratch = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(scratch.path())?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// # let running = locum::monitor::Running::at(monitor.path())?;
/// let mut traced = running.trace()?;
/// traced.stop()?;
/// assert_eq!(traced.by_ref().count(), 0);
/// let end = traced.end().unwrap();
/// assert_eq!((end.calls, end.dropped), (0, 0));
/// # Ok::<(), locum::Error>(())
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
