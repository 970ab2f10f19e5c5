//! Calls that were started and not waited for: run in their order, by a worker or by whoever comes to need them.
//!
//! Every peer has one. **Invariant:** the calls of one origin (a thread, or a started call that makes calls itself) are run
//! in the order in which they were made, one after the other. One thread at a time runs the calls of a mailbox; only a
//! circle of threads that wait for each other lets one of them run its own out of turn.

use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};
use std::task::Waker;
use std::time::Instant;

use super::sync::{Arc, AtomicUsize, Mutex, MutexGuard, Ordering, lock, thread_local};
use super::waiting::{Bell, Station, Task, Turn, Waited, Waits, bell, number};
use super::workers::{self, Work};

/// A call that lies in a mailbox until it is run.
pub(crate) trait Call: Send + Sync + 'static {
    /// What came of it.
    type Outcome;
    /// A number from [`call_number`].
    fn number(&self) -> u64;
    /// On whose [behalf](origin) it was started.
    fn origin(&self) -> u64;
    /// Returns when it need not wait for anybody else, as far as can be told.
    fn wait_for_turn(&self);
    /// Makes it.
    fn run(&self) -> Self::Outcome;
    /// Says what came of it.
    fn finish(&self, outcome: Self::Outcome);
    /// Wakes who waits for it, when the mailbox has taken note that it is done.
    fn wake(&self);
    fn is_finished(&self) -> bool;
    /// Has somebody woken when it is finished.
    fn on_finish(&self, waker: Waker);
}

/// How many calls of one mailbox a worker runs before others have their turn.
const BATCH: usize = 64;

thread_local! {
    /// The started call that this thread is running; 0 when there is none.
    static RUNNING: Cell<u64> = const { Cell::new(0) };
}

/// On whose behalf this thread makes calls: its own, or that of the started call that it is running.
pub(crate) fn origin() -> u64 {
    match RUNNING.with(Cell::get) {
        0 => number(),
        call => call,
    }
}

/// Does something on somebody else's behalf.
pub(crate) fn on_behalf_of<R>(origin: u64, work: impl FnOnce() -> R) -> R {
    /// Puts it back, also when the work panics.
    struct Back(u64);
    impl Drop for Back {
        fn drop(&mut self) {
            RUNNING.with(|running| running.set(self.0));
        }
    }
    let _back = Back(RUNNING.with(|running| running.replace(origin)));
    work()
}

/// A number for a started call, of which no thread bears the like.
pub(crate) fn call_number() -> u64 {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1 << 63);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

/// The started calls of one peer.
pub(crate) struct Mailbox<C> {
    waits: Arc<Waits>,
    state: Mutex<State<C>>,
    /// How many calls are not finished, to look at without a lock.
    unfinished: AtomicUsize,
    /// Held by the thread that runs calls.
    runner: Arc<Station>,
}

struct State<C> {
    queue: VecDeque<Arc<C>>,
    /// There are few, of which a tree finds one sooner than a hash is made.
    lanes: BTreeMap<u64, Lane>,
    /// The thread that runs calls; 0 for none.
    runner: u64,
    /// The worker that will, when it is its turn; 0 for none.
    standby: u64,
    /// Whether a worker has been asked for.
    submitted: bool,
    /// Threads that wait until they can go on.
    waiting: Vec<Arc<Bell>>,
}

/// The calls of one origin.
#[derive(Clone, Copy, Default)]
struct Lane {
    queued: usize,
    running: bool,
}

impl<C: Call> State<C> {
    /// The first call that may be run: of that origin, or of any whose calls are not being run already.
    fn next(&mut self, origin: Option<u64>) -> Option<Arc<C>> {
        let lanes = &mut self.lanes;
        let may = |call: &Arc<C>| match origin {
            Some(origin) => call.origin() == origin,
            None => true,
        };
        let free = |call: &Arc<C>| lanes.get(&call.origin()).is_none_or(|lane| !lane.running);
        let at = self.queue.iter().position(|call| may(call) && free(call))?;
        let call = self.queue.remove(at)?;
        let lane = lanes.entry(call.origin()).or_default();
        lane.queued = lane.queued.saturating_sub(1);
        lane.running = true;
        Some(call)
    }

    /// Whether this thread may run the next call of an origin now.
    fn can_run(&self, origin: u64) -> bool {
        (self.runner == 0 || self.runner == number()) && self.is_next(origin)
    }

    fn is_next(&self, origin: u64) -> bool {
        self.lanes
            .get(&origin)
            .is_some_and(|lane| lane.queued > 0 && !lane.running)
    }

    /// Whether a worker must be asked for; it counts as asked.
    fn wants_worker(&mut self) -> bool {
        let free = |call: &Arc<C>| {
            self.lanes
                .get(&call.origin())
                .is_none_or(|lane| !lane.running)
        };
        let wants = self.runner == 0 && !self.submitted && self.queue.iter().any(free);
        self.submitted |= wants;
        wants
    }

    fn ring(&self) {
        for bell in &self.waiting {
            bell.ring();
        }
    }
}

impl<C: Call> Mailbox<C> {
    /// An empty one; `waits` knows who waits for whom.
    pub(crate) fn new(waits: Arc<Waits>) -> Mailbox<C> {
        let state = State {
            queue: VecDeque::new(),
            lanes: BTreeMap::new(),
            runner: 0,
            standby: 0,
            submitted: false,
            waiting: Vec::new(),
        };
        Mailbox {
            waits,
            state: Mutex::new(state),
            unfinished: AtomicUsize::new(0),
            runner: Arc::default(),
        }
    }

    /// Adds a call; a worker will run it if nobody else does before.
    pub(crate) fn push(self: &Arc<Self>, call: Arc<C>) {
        self.unfinished.fetch_add(1, Ordering::Relaxed);
        let mut state = lock(&self.state);
        state.lanes.entry(call.origin()).or_default().queued += 1;
        state.queue.push_back(call);
        self.hand_over(state);
    }

    /// How many calls are not finished.
    pub(crate) fn unfinished(&self) -> usize {
        self.unfinished.load(Ordering::Acquire)
    }

    /// Returns when everything that this origin has started is done: what comes now was made later.
    #[inline]
    pub(crate) fn settle(self: &Arc<Self>) -> Waited {
        match self.unfinished() {
            0 => Waited::Ready,
            _ => self.settle_origin(),
        }
    }

    #[cold]
    fn settle_origin(self: &Arc<Self>) -> Waited {
        let origin = origin();
        let settled = |mailbox: &Self| !lock(&mailbox.state).lanes.contains_key(&origin);
        self.advance(&bell(), origin, true, None, settled)
    }

    /// Waits until every call that lies here is finished, whoever made it.
    pub(crate) fn drain(self: &Arc<Self>, until: Option<Instant>) -> Waited {
        // Under the lock, which is held when the last call of an origin is noted and this thread woken.
        let drained = || lock(&self.state).lanes.is_empty();
        let sit = |bell: &Arc<Bell>| Seat::new(self, bell);
        self.waits
            .wait(&bell(), &self.runner, sit, None, until, drained)
    }

    /// Waits until a call is finished, and runs it here if nobody else does.
    pub(crate) fn finish(self: &Arc<Self>, call: &C, until: Option<Instant>) -> Waited {
        if call.is_finished() {
            return Waited::Ready;
        }
        let bell = bell();
        let waker = Waker::from(bell.clone());
        // Each time anew, since a waker that has woken is forgotten.
        let finished = |_: &Self| {
            call.is_finished() || {
                call.on_finish(waker.clone());
                call.is_finished()
            }
        };
        // With a time limit the caller must be free to leave, so somebody else has to run it.
        self.advance(&bell, call.origin(), until.is_none(), until, finished)
    }

    /// Runs calls of an origin, or waits for whoever does, until `done`.
    fn advance(
        self: &Arc<Self>,
        bell: &Arc<Bell>,
        origin: u64,
        help: bool,
        until: Option<Instant>,
        done: impl Fn(&Self) -> bool,
    ) -> Waited {
        loop {
            if done(self) {
                return Waited::Ready;
            }
            if help && self.run_next(origin) {
                continue;
            }
            let out_of_turn: Arc<dyn Task> = Arc::new(OutOfTurn {
                mailbox: self.clone(),
                origin,
            });
            let waited = self.waits.wait(
                bell,
                &self.runner,
                |bell| Seat::new(self, bell),
                Some(Turn::Own(out_of_turn)),
                until,
                || done(self) || (help && lock(&self.state).can_run(origin)),
            );
            if waited != Waited::Ready {
                return waited;
            }
        }
    }

    /// Runs calls now, on this thread, for as long as `may`; returns how many.
    pub(crate) fn process(self: &Arc<Self>, mut may: impl FnMut() -> bool) -> usize {
        let state = lock(&self.state);
        let most = state.queue.len();
        let Some(_role) = Role::take(self, state) else {
            return 0;
        };
        let mut count = 0;
        while count < most && may() {
            let Some(call) = lock(&self.state).next(None) else {
                break;
            };
            self.run(&call);
            count += 1;
        }
        count
    }

    /// Runs the next call of an origin, if it may be run here and now.
    fn run_next(self: &Arc<Self>, origin: u64) -> bool {
        let mut state = lock(&self.state);
        if !state.can_run(origin) {
            return false;
        }
        let call = state.next(Some(origin));
        let role = Role::take(self, state);
        if let Some(call) = &call {
            self.run(call);
        }
        drop(role);
        call.is_some()
    }

    fn run(self: &Arc<Self>, call: &Arc<C>) {
        let outcome = on_behalf_of(call.number(), || call.run());
        call.finish(outcome);
        {
            let mut state = lock(&self.state);
            let lane = state.lanes.entry(call.origin()).or_default();
            lane.running = false;
            if lane.queued == 0 {
                state.lanes.remove(&call.origin());
                state.ring();
            }
            self.unfinished.fetch_sub(1, Ordering::Release);
            self.hand_over(state);
        }
        call.wake();
    }

    /// Asks for a worker if nobody is there to run what is left.
    fn hand_over(self: &Arc<Self>, mut state: MutexGuard<'_, State<C>>) {
        let wants = state.wants_worker();
        drop(state);
        if wants {
            workers::submit(self.clone());
        }
    }
}

impl<C: Call> Work for Mailbox<C> {
    fn work(self: Arc<Self>) {
        // Without the role, since whoever is in there may make the calls meanwhile; but known to wait, so that it does.
        let first = {
            let mut state = lock(&self.state);
            if state.runner == 0 && state.standby == 0 {
                state.standby = number();
                self.runner.take();
            }
            state.queue.front().cloned()
        };
        if let Some(first) = first {
            first.wait_for_turn();
        }
        let mut state = lock(&self.state);
        state.submitted = false;
        if state.standby == number() {
            state.standby = 0;
            if state.runner == 0 {
                self.runner.leave(0);
            }
        }
        let Some(_role) = Role::take(&self, state) else {
            return;
        };
        for _ in 0..BATCH {
            let Some(call) = lock(&self.state).next(None) else {
                break;
            };
            self.run(&call);
        }
    }
}

/// What a thread can do when it is waited for by whoever it waits for: run its own calls out of turn.
struct OutOfTurn<C> {
    mailbox: Arc<Mailbox<C>>,
    origin: u64,
}

impl<C: Call> Task for OutOfTurn<C> {
    fn is_wanted(&self) -> bool {
        lock(&self.mailbox.state).is_next(self.origin)
    }

    fn run(&self) {
        let call = lock(&self.mailbox.state).next(Some(self.origin));
        if let Some(call) = call {
            self.mailbox.run(&call);
        }
    }
}

/// The right to run the calls of a mailbox.
struct Role<'m, C: Call> {
    mailbox: &'m Arc<Mailbox<C>>,
    before: u64,
}

impl<'m, C: Call> Role<'m, C> {
    /// `None`: another thread has it.
    fn take(
        mailbox: &'m Arc<Mailbox<C>>,
        mut state: MutexGuard<'_, State<C>>,
    ) -> Option<Role<'m, C>> {
        let before = state.runner;
        if before != 0 && before != number() {
            return None;
        }
        state.runner = number();
        mailbox.runner.take();
        drop(state);
        Some(Role { mailbox, before })
    }
}

impl<C: Call> Drop for Role<'_, C> {
    fn drop(&mut self) {
        let mut state = lock(&self.mailbox.state);
        state.runner = self.before;
        let holder = match self.before {
            0 => state.standby,
            before => before,
        };
        self.mailbox.runner.leave(holder);
        if self.before == 0 {
            state.ring();
        }
        self.mailbox.hand_over(state);
    }
}

/// A place among those who wait.
struct Seat<'m, C> {
    mailbox: &'m Mailbox<C>,
    bell: Arc<Bell>,
}

impl<'m, C> Seat<'m, C> {
    fn new(mailbox: &'m Mailbox<C>, bell: &Arc<Bell>) -> Seat<'m, C> {
        let bell = bell.clone();
        lock(&mailbox.state).waiting.push(bell.clone());
        Seat { mailbox, bell }
    }
}

impl<C> Drop for Seat<'_, C> {
    fn drop(&mut self) {
        let mut state = lock(&self.mailbox.state);
        if let Some(at) = state
            .waiting
            .iter()
            .position(|bell| Arc::ptr_eq(bell, &self.bell))
        {
            state.waiting.swap_remove(at);
        }
    }
}
