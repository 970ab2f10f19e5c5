//! How long a plugin may run: a clock that ticks while one does, and a meter for each.
//!
//! A thread advances the engines' epoch every few milliseconds, and compiled code looks at that at each function's start
//! and in each loop: at a tick every running plugin is in [`Meter::check`], which ends the one whose time is up. A plugin
//! that sleeps in WASI does not look, so it sleeps no longer than it has [left](Meter::left).
//!
//! The meter reads the time of the last tick and not a clock of the system, which would cost as much as the rest of a
//! callback. So a plugin is charged for what it does *at a tick*; that the ticks come at random intervals makes this
//! fair on the average, and leaves a hostile plugin no safe moment between two of them. The ticker may be late on a machine
//! under load, so that nobody knows when before a tick a call began: it is charged from the first tick that finds it
//! running, and no plugin is stopped before its time.
//!
//! Time in which the plugin waits for its host is not charged, apart from the host's serving plugins of this one's on its
//! stack, and but for moments: a tick that falls into a wait tells nothing of how long that was, only a second one in the
//! same wait does. Otherwise a plugin that asks its host for trifles all the time would go on for much longer than its
//! caller was told.
//!
//! The ticker rests while nothing runs. Whoever begins to run wakes it: either the ticker sees it running before it goes
//! to rest, or it sees that the ticker rests.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use crate::limits::DEADLINE_SLACK;

/// The shortest and the longest time between two ticks, in nanoseconds.
const TICK: (u64, u64) = (2_000_000, 8_000_000);

/// The beginning of a call that no tick has found running yet.
const NOT_YET: u64 = u64::MAX;

const _: () = assert!(2 * TICK.1 <= DEADLINE_SLACK.as_nanos() as u64);

/// After how many ticks the ticker looks whether anything runs, and how often it must find nothing to rest.
const LOOK: u32 = 8;
const QUIET: u32 = 25;

/// How long one plugin has been running in the current call. Written by the thread that is in the plugin only.
pub(crate) struct Meter {
    is_running: AtomicBool,
    /// All in nanoseconds of the ticker's clock: from when on the call is charged, when the plugin began to wait for its
    /// host, and how long it has done that.
    began: AtomicU64,
    parked: AtomicU64,
    /// How many ticks there had been when the plugin began to wait for its host.
    parked_ticks: AtomicU64,
    excluded: AtomicU64,
    limit: AtomicU64,
}

impl Meter {
    /// The meter of a new plugin, which the ticker knows.
    pub(crate) fn new() -> Arc<Meter> {
        let meter = Arc::new(Meter {
            is_running: AtomicBool::new(false),
            began: AtomicU64::new(NOT_YET),
            parked: AtomicU64::new(0),
            parked_ticks: AtomicU64::new(0),
            excluded: AtomicU64::new(0),
            limit: AtomicU64::new(u64::MAX),
        });
        locked(&TICKER.meters).push(Arc::downgrade(&meter));
        meter
    }

    /// Begins to measure a call which may take `limit`, until the answer is dropped.
    #[inline]
    pub(crate) fn begin(&self, limit: Duration) -> Running<'_> {
        let limit = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
        self.limit.store(limit, Ordering::Relaxed);
        self.began.store(NOT_YET, Ordering::Relaxed);
        self.is_running.store(true, Ordering::SeqCst);
        if TICKER.rests.load(Ordering::SeqCst) {
            TICKER.wake();
        }
        Running(self)
    }

    /// The plugin waits for its host from now on.
    #[inline]
    pub(crate) fn park(&self) {
        self.parked.store(TICKER.time(), Ordering::Relaxed);
        self.parked_ticks.store(TICKER.ticks(), Ordering::Relaxed);
    }

    /// The plugin runs again.
    #[inline]
    pub(crate) fn resume(&self) {
        let ticks = TICKER
            .ticks()
            .saturating_sub(self.parked_ticks.load(Ordering::Relaxed));
        if ticks >= 2 {
            self.exclude();
        }
    }

    #[cold]
    fn exclude(&self) {
        let waited = TICKER
            .time()
            .saturating_sub(self.parked.load(Ordering::Relaxed));
        let before = self.excluded.load(Ordering::Relaxed);
        self.excluded
            .store(before.saturating_add(waited), Ordering::Relaxed);
    }

    /// Whether the plugin, which runs now, may go on.
    pub(crate) fn check(&self) -> Result<(), OutOfTime> {
        self.check_at(TICKER.time())
    }

    fn check_at(&self, time: u64) -> Result<(), OutOfTime> {
        if self.charged(time) < self.limit.load(Ordering::Relaxed) {
            Ok(())
        } else {
            Err(self.out_of_time())
        }
    }

    /// How long the plugin may sleep.
    pub(crate) fn left(&self) -> Duration {
        let limit = self.limit.load(Ordering::Relaxed);
        Duration::from_nanos(limit.saturating_sub(self.charged(now())))
    }

    /// What a plugin died of that slept for too long.
    pub(crate) fn out_of_time(&self) -> OutOfTime {
        OutOfTime(Duration::from_nanos(self.limit.load(Ordering::Relaxed)))
    }

    fn charged(&self, time: u64) -> u64 {
        let began = self.began.load(Ordering::Relaxed);
        if began == NOT_YET {
            // What it has waited before is before its time.
            self.excluded.store(0, Ordering::Relaxed);
            self.began.store(time, Ordering::Relaxed);
            return 0;
        }
        time.saturating_sub(began)
            .saturating_sub(self.excluded.load(Ordering::Relaxed))
    }
}

/// A call that is being measured.
pub(crate) struct Running<'a>(&'a Meter);

impl Drop for Running<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.is_running.store(false, Ordering::Release);
    }
}

/// A plugin ran for longer than this.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutOfTime(pub(crate) Duration);

impl std::fmt::Display for OutOfTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "it ran for longer than {:?} in one call", self.0)
    }
}

impl std::error::Error for OutOfTime {}

/// Makes every running plugin look whether it may go on, now.
pub(crate) fn interrupt() {
    crate::engine::advance_epochs();
}

/// Starts the ticker, unless it ticks already.
pub(crate) fn start() -> std::io::Result<()> {
    TICKER.start()
}

struct Ticker {
    /// When it ticked last.
    time: AtomicU64,
    /// How often it has ticked. Written by its thread only.
    ticks: AtomicU64,
    rests: AtomicBool,
    meters: Mutex<Vec<Weak<Meter>>>,
    thread: OnceLock<Thread>,
    starting: Mutex<()>,
}

static TICKER: Ticker = Ticker {
    time: AtomicU64::new(0),
    ticks: AtomicU64::new(0),
    rests: AtomicBool::new(false),
    meters: Mutex::new(Vec::new()),
    thread: OnceLock::new(),
    starting: Mutex::new(()),
};

impl Ticker {
    #[inline]
    fn time(&self) -> u64 {
        self.time.load(Ordering::Relaxed)
    }

    #[inline]
    fn ticks(&self) -> u64 {
        self.ticks.load(Ordering::Relaxed)
    }

    fn start(&'static self) -> std::io::Result<()> {
        let _one = locked(&self.starting);
        if self.thread.get().is_none() {
            let ticker = thread::Builder::new()
                .name("locum-ticker".into())
                .spawn(|| self.run())?;
            let _ = self.thread.set(ticker.thread().clone());
        }
        Ok(())
    }

    fn run(&self) -> ! {
        let mut random = RandomState::new().hash_one("tick") | 1;
        let mut quiet = 0;
        loop {
            for _ in 0..LOOK {
                thread::sleep(Duration::from_nanos(interval(&mut random)));
                self.time.store(now(), Ordering::Relaxed);
                self.ticks.store(self.ticks() + 1, Ordering::Relaxed);
                crate::engine::advance_epochs();
            }
            quiet = if self.anything_runs() { 0 } else { quiet + 1 };
            if quiet == QUIET {
                self.rest();
                quiet = 0;
            }
        }
    }

    /// Waits until something runs.
    #[cold]
    fn rest(&self) {
        self.rests.store(true, Ordering::SeqCst);
        if self.anything_runs() {
            self.rests.store(false, Ordering::SeqCst);
        }
        while self.rests.load(Ordering::SeqCst) {
            thread::park();
        }
    }

    #[cold]
    fn wake(&self) {
        // The time stood still meanwhile.
        self.time.store(now(), Ordering::Relaxed);
        if self.rests.swap(false, Ordering::SeqCst)
            && let Some(thread) = self.thread.get()
        {
            thread.unpark();
        }
    }

    fn anything_runs(&self) -> bool {
        let mut runs = false;
        locked(&self.meters).retain(|meter| match meter.upgrade() {
            None => false,
            Some(meter) => {
                runs |= meter.is_running.load(Ordering::SeqCst);
                true
            }
        });
        runs
    }
}

/// Nanoseconds since this was first asked.
fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let start = START.get_or_init(Instant::now);
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// A time between two ticks (xorshift: nobody can foresee it who does not see this state).
fn interval(random: &mut u64) -> u64 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    TICK.0 + *random % (TICK.1 - TICK.0)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits until the ticker has seen that much time pass.
    fn pass(time: Duration) {
        let until = TICKER.time() + time.as_nanos() as u64;
        while TICKER.time() < until {
            thread::sleep(Duration::from_millis(1));
        }
    }

    const SHORT: Duration = Duration::from_millis(20);

    #[test]
    fn a_meter_charges_what_runs_and_not_what_waits() {
        start().unwrap();
        let meter = Meter::new();
        let running = meter.begin(SHORT);
        assert!(meter.check().is_ok());
        meter.park();
        pass(5 * SHORT);
        meter.resume();
        assert!(meter.check().is_ok(), "it waited for its host");
        pass(2 * SHORT);
        let stopped = meter.check().unwrap_err();
        assert_eq!(
            stopped.to_string(),
            "it ran for longer than 20ms in one call"
        );
        drop(running);
        let _running = meter.begin(SHORT);
        assert!(meter.check().is_ok(), "each call begins anew");
    }

    #[test]
    fn a_call_that_began_before_a_late_tick_is_charged_from_that_tick_on() {
        let meter = Meter::new();
        let limit = SHORT.as_nanos() as u64;
        let _running = meter.begin(SHORT);
        // The machine was busy: the first tick comes when the whole time would be over.
        let late = now() + 10 * limit;
        assert!(meter.check_at(late).is_ok(), "it may have begun just now");
        assert!(meter.check_at(late + limit - 1).is_ok());
        assert!(meter.check_at(late + limit).is_err());
        // What was waited for before the first tick is not given back after it.
        start().unwrap();
        let _running = meter.begin(SHORT);
        meter.park();
        pass(2 * SHORT);
        meter.resume();
        let late = TICKER.time();
        assert!(meter.check_at(late).is_ok());
        assert!(meter.check_at(late + limit).is_err());
    }

    #[test]
    fn a_meter_charges_waits_for_a_moment_only() {
        start().unwrap();
        let meter = Meter::new();
        let _running = meter.begin(SHORT);
        assert!(meter.check().is_ok());
        let until = TICKER.time() + 5 * SHORT.as_nanos() as u64;
        while TICKER.time() < until {
            meter.park();
            meter.resume();
        }
        assert!(meter.check().is_err());
    }

    #[test]
    fn a_sleep_may_take_what_is_left_and_a_limit_too_large_to_count_is_none() {
        start().unwrap();
        let meter = Meter::new();
        let _running = meter.begin(SHORT);
        assert!(meter.left() <= SHORT + DEADLINE_SLACK);
        pass(2 * SHORT);
        assert_eq!(meter.left(), Duration::ZERO);
        for limit in [Duration::MAX, Duration::from_nanos(u64::MAX)] {
            let _running = meter.begin(limit);
            assert!(meter.left() > Duration::from_secs(1 << 30) && meter.check().is_ok());
        }
    }

    #[test]
    fn the_ticker_rests_while_nothing_runs_and_wakes_for_the_next_call() {
        start().unwrap();
        let meter = Meter::new();
        // Other tests of this process may run plugins: only that it comes to rest at some time is certain.
        for _ in 0..3 {
            let _running = meter.begin(SHORT);
            assert!(!TICKER.rests.load(Ordering::SeqCst));
            assert!(meter.check().is_ok());
            pass(3 * SHORT);
            assert!(meter.check().is_err());
            drop(_running);
            while !TICKER.rests.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(5));
            }
        }
    }

    #[test]
    fn ticks_come_at_times_that_differ() {
        let mut random = 12345;
        let intervals: Vec<u64> = (0..100).map(|_| interval(&mut random)).collect();
        assert!(intervals.iter().all(|time| (TICK.0..TICK.1).contains(time)));
        let (least, most) = (intervals.iter().min(), intervals.iter().max());
        assert!(*least.unwrap() < 3_000_000 && *most.unwrap() > 7_000_000);
    }
}
