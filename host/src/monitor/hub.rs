//! What a monitor knows: which plugins there are, who watches, and what was measured while somebody did.
//!
//! **Invariant:** nothing in here keeps a plugin, a supervisor or a pool alive, and no code of theirs runs, and nothing of
//! theirs is dropped, while anything in here is locked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, Weak};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use locum_protocol::Stats;

use super::session::Session;
use crate::Limits;
use crate::door::Vitals;

/// How long a plugin that has ended is told of.
pub(super) const MEMORIAL: Duration = Duration::from_secs(60);

/// How many are, at most.
const MOST_ENDED: usize = 100;

/// One trace, among the numbers of those who watch.
const TRACE: u64 = 1 << 32;

pub(crate) struct Hub {
    pub(super) began: Instant,
    /// How many want snapshots, and in the upper half how many want a trace: one look tells whether anybody does.
    eyes: AtomicU64,
    /// Goes up when somebody comes to watch and nobody did before: what was measured then is forgotten.
    epoch: AtomicU64,
    next: AtomicU64,
    roll: Mutex<Roll>,
    pub(super) sessions: RwLock<Vec<Arc<Session>>>,
}

#[derive(Default)]
struct Roll {
    /// Those whose peer is there, in the order in which they were started.
    present: BTreeMap<u64, Arc<Watched>>,
    /// Those whose peer is gone, the last one last.
    gone: VecDeque<Arc<Watched>>,
    supervisors: Vec<Weak<dyn LooksAtSupervisor>>,
    pools: Vec<Weak<dyn LooksAtPool>>,
}

/// A supervisor, as it looks from outside.
pub(crate) trait LooksAtSupervisor: Send + Sync {
    fn look(&self) -> SupervisorLook;
}

pub(crate) struct SupervisorLook {
    pub(crate) name: String,
    pub(crate) state: &'static str,
    pub(crate) life: u64,
    pub(crate) restarts: u64,
    pub(crate) plugin: Option<Vitals>,
    pub(crate) due: Option<Duration>,
    pub(crate) why: Option<String>,
}

/// A pool, as it looks from outside.
pub(crate) trait LooksAtPool: Send + Sync {
    fn look(&self) -> PoolLook;
}

pub(crate) struct PoolLook {
    pub(crate) name: String,
    /// Of each seat: who is there, calls and maps.
    pub(crate) seats: Vec<(Vitals, usize, usize)>,
}

/// One plugin.
pub(super) struct Watched {
    pub(super) number: u64,
    pub(super) vitals: Vitals,
    pub(super) memory_limit: usize,
    pub(super) began: Instant,
    out: Flow,
    inward: Flow,
    /// What had gone to and fro when its peer was gone, and when that was.
    pub(super) last: OnceLock<(Stats, Instant)>,
}

/// Requests in one direction, as far as somebody watched.
#[derive(Default)]
pub(super) struct Flow {
    in_flight: AtomicU64,
    times: Mutex<Times>,
}

#[derive(Default, Clone)]
pub(super) struct Times {
    epoch: u64,
    pub(super) failed: u64,
    pub(super) nanos: Option<Histogram<u64>>,
}

impl Hub {
    pub(super) fn new() -> Hub {
        Hub {
            began: Instant::now(),
            eyes: AtomicU64::new(0),
            epoch: AtomicU64::new(0),
            next: AtomicU64::new(1),
            roll: Mutex::default(),
            sessions: RwLock::default(),
        }
    }

    // ---- who watches ----

    #[inline]
    pub(super) fn is_watched(&self) -> bool {
        self.eyes.load(Ordering::Relaxed) > 0
    }

    #[inline]
    pub(super) fn is_traced(&self) -> bool {
        self.eyes.load(Ordering::Relaxed) >= TRACE
    }

    pub(super) fn watchers(&self) -> usize {
        let eyes = self.eyes.load(Ordering::Relaxed);
        usize::try_from(eyes % TRACE + eyes / TRACE).unwrap_or(usize::MAX)
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Relaxed)
    }

    /// Somebody watches until this is dropped.
    pub(super) fn watch(self: &Arc<Self>) -> Watching {
        self.comes(1)
    }

    /// Somebody traces until this is dropped.
    pub(super) fn trace(self: &Arc<Self>) -> Watching {
        self.comes(TRACE)
    }

    fn comes(self: &Arc<Self>, weight: u64) -> Watching {
        if self.eyes.fetch_add(weight, Ordering::Relaxed) == 0 {
            self.epoch.fetch_add(1, Ordering::Relaxed);
        }
        Watching {
            hub: Arc::clone(self),
            weight,
        }
    }

    // ---- what there is ----

    /// A number that nothing else of this hub has.
    pub(super) fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// A plugin is there.
    pub(super) fn met(&self, vitals: Vitals, limits: &Limits) -> Arc<Watched> {
        let watched = Arc::new(Watched {
            number: self.number(),
            vitals,
            memory_limit: limits.memory_bytes,
            began: Instant::now(),
            out: Flow::default(),
            inward: Flow::default(),
            last: OnceLock::new(),
        });
        let kept = Arc::clone(&watched);
        self.roll().present.insert(watched.number, kept);
        watched
    }

    /// Its peer is gone. It is told of for a while.
    pub(super) fn gone(&self, watched: &Arc<Watched>, last: &Stats) {
        let _ = watched.last.set((last.clone(), Instant::now()));
        let mut roll = self.roll();
        let moved = roll.present.remove(&watched.number);
        roll.gone.extend(moved);
        let forgotten = (roll.gone.len() > MOST_ENDED).then(|| roll.gone.pop_front());
        drop(roll);
        drop(forgotten);
    }

    pub(crate) fn supervises(&self, supervisor: Weak<dyn LooksAtSupervisor>) {
        put(&mut self.roll().supervisors, supervisor);
    }

    pub(crate) fn pools(&self, pool: Weak<dyn LooksAtPool>) {
        put(&mut self.roll().pools, pool);
    }

    /// Every plugin that is told of, in the order in which they were started; how many of them are there.
    pub(super) fn plugins(&self) -> Vec<Arc<Watched>> {
        let mut roll = self.roll();
        let now = Instant::now();
        let is_old = |it: &Arc<Watched>| it.ended_before(now, MEMORIAL);
        let mut old = Vec::new();
        while roll.gone.front().is_some_and(is_old) {
            old.extend(roll.gone.pop_front());
        }
        let mut all: Vec<_> = roll.gone.iter().cloned().collect();
        // Those that have ended and are still held by somebody.
        all.extend(roll.present.values().filter(|it| !is_old(it)).cloned());
        drop(roll);
        drop(old);
        all.sort_by_key(|it| it.number);
        all
    }

    pub(super) fn supervisors(&self) -> Vec<Weak<dyn LooksAtSupervisor>> {
        self.roll().supervisors.clone()
    }

    pub(super) fn all_pools(&self) -> Vec<Weak<dyn LooksAtPool>> {
        self.roll().pools.clone()
    }

    fn roll(&self) -> MutexGuard<'_, Roll> {
        lock(&self.roll)
    }
}

/// Adds one, and forgets those that are gone before the list would grow for them.
fn put<T: ?Sized>(list: &mut Vec<Weak<T>>, one: Weak<T>) {
    if list.len() == list.capacity() {
        list.retain(|it| it.strong_count() > 0);
    }
    list.push(one);
}

impl Watched {
    pub(super) fn flow(&self, inward: bool) -> &Flow {
        if inward { &self.inward } else { &self.out }
    }

    /// When it ended, if it has.
    pub(super) fn ended_at(&self) -> Option<Instant> {
        let fate = self.vitals.end().map(|fate| fate.at);
        fate.or_else(|| self.last.get().map(|(_, at)| *at))
    }

    fn ended_before(&self, now: Instant, ago: Duration) -> bool {
        self.ended_at()
            .is_some_and(|at| now.saturating_duration_since(at) > ago)
    }
}

impl Flow {
    /// A request is under way until this is dropped.
    pub(super) fn begin(&self) -> UnderWay<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        UnderWay(self)
    }

    pub(super) fn in_flight(&self) -> u64 {
        self.in_flight.load(Ordering::Relaxed)
    }

    pub(super) fn ended(&self, epoch: u64, took: Duration, failed: bool) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let mut times = lock(&self.times);
        if times.epoch != epoch {
            times.epoch = epoch;
            times.nanos = None;
        }
        times.failed += u64::from(failed);
        // Two digits, which is what is shown. It has room for what it has seen, and grows.
        if times.nanos.is_none() {
            times.nanos = Histogram::new(2).ok();
        }
        if let Some(histogram) = &mut times.nanos {
            // What is longer than centuries, or finds no memory, is not counted.
            let _ = histogram.record(nanos);
        }
    }

    /// How many have failed.
    pub(super) fn failed(&self) -> u64 {
        lock(&self.times).failed
    }

    /// What was measured in this epoch, unless it is just that many.
    pub(super) fn times_if_changed(&self, epoch: u64, known: u64) -> Option<Histogram<u64>> {
        let times = lock(&self.times);
        let nanos = times.nanos.as_ref();
        nanos
            .filter(|it| times.epoch == epoch && it.len() != known)
            .cloned()
    }
}

/// A request that is under way.
pub(super) struct UnderWay<'f>(&'f Flow);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Somebody who watches.
pub(super) struct Watching {
    hub: Arc<Hub>,
    weight: u64,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.hub.eyes.fetch_sub(self.weight, Ordering::Relaxed);
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
