//! Who waits for whom, and how a circle of waiting threads is broken.
//!
//! A thread that has to wait for another one says for what (a [`Station`], which knows who holds it) and what somebody
//! else could do for it meanwhile (a [`Task`]). If the threads that are waited for lead back to the one that begins to
//! wait, one of their tasks is run by the thread that it waits for: a plugin that waits, serves.
//!
//! Tasks are run only to break a circle. A thread that just has to wait its turn waits, because a task that is run in the
//! middle of another thread's call may meet objects that are in use there.
//!
//! **Invariant:** a thread that is listed as waiting does nothing but wait. It takes itself off before it does anything
//! else, so while the list is locked, what waiting threads hold does not change.

use std::cell::Cell;
use std::collections::HashMap;
use std::task::Wake;
use std::time::{Duration, Instant};

use super::sync::{Arc, AtomicU64, Condvar, Mutex, Ordering, lock, thread_local};

/// What a waiting thread waits for, as something to be done.
///
/// ```
/// # use std::sync::atomic::{AtomicBool, Ordering};
/// # use locum_protocol::threads::Task;
/// #[derive(Default)]
/// struct Once(AtomicBool);
///
/// impl Task for Once {
///     fn is_wanted(&self) -> bool {
///         !self.0.load(Ordering::Acquire)
///     }
///     fn run(&self) {
///         if !self.0.swap(true, Ordering::AcqRel) {
///             println!("done");
///         }
///     }
/// }
/// let task = Once::default();
/// task.run();
/// assert!(!task.is_wanted());
/// ```
pub trait Task: Send + Sync {
    /// Whether it is still to be done, and nobody is doing it.
    fn is_wanted(&self) -> bool;

    /// Does it, if it is wanted.
    fn run(&self);
}

/// Whose turn it is to run a task.
#[derive(Clone)]
pub(crate) enum Turn {
    /// The thread that holds the station.
    Holder(Arc<dyn Task>),
    /// The thread that waits: it can do what it waits for out of turn.
    Own(Arc<dyn Task>),
}

impl Turn {
    fn is_wanted(&self) -> bool {
        match self {
            Turn::Holder(task) | Turn::Own(task) => task.is_wanted(),
        }
    }
}

/// What a thread can wait for, and who holds it.
#[derive(Default)]
pub(crate) struct Station {
    /// The number of a thread; 0 for nobody.
    holder: AtomicU64,
}

impl Station {
    /// This thread holds it now. Returns who did before. Only whoever has a right to it, and so one thread at a time, comes
    /// here.
    pub(crate) fn take(&self) -> u64 {
        let before = self.holder.load(Ordering::Relaxed);
        self.holder.store(number(), Ordering::Relaxed);
        before
    }

    /// Nobody holds it now, or whoever did before.
    pub(crate) fn leave(&self, before: u64) {
        self.holder.store(before, Ordering::Relaxed);
    }

    /// Whether another thread holds it.
    pub(crate) fn is_others(&self) -> bool {
        let holder = self.holder.load(Ordering::Relaxed);
        holder != 0 && holder != number()
    }
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waited {
    /// What was waited for is there.
    Ready,
    /// The time is up.
    TimedOut,
    /// The threads that are waited for wait for this one, and none of them can do anything about it.
    Circle,
}

/// The threads that wait.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::threads::{Gate, Waits};
/// let waits = Arc::new(Waits::default()); // of its own, as a checker of interleavings has it
/// let gate = Gate::new((), waits);
/// assert!(gate.try_enter().is_some());
/// ```
#[derive(Default)]
pub struct Waits {
    waiting: Mutex<HashMap<u64, Waiting>>,
}

struct Waiting {
    station: Arc<Station>,
    turn: Option<Turn>,
    bell: Arc<Bell>,
    /// Whether it has looked for the last time before it sleeps.
    sleeps: bool,
}

/// How a thread that waits is woken, and given something to do.
pub(crate) struct Bell {
    number: u64,
    state: Mutex<Rung>,
    rung: Condvar,
}

#[derive(Default)]
struct Rung {
    rings: bool,
    tasks: Vec<Arc<dyn Task>>,
}

thread_local! {
    /// Has no destructor, so it is there to the end. 0: not given yet.
    static NUMBER: Cell<u64> = const { Cell::new(0) };
    static BELL: Arc<Bell> = Arc::new(Bell::new());
}

/// This thread's own bell.
pub(crate) fn bell() -> Arc<Bell> {
    // A destructor of a thread's own may still wait when its bell is gone.
    BELL.try_with(Arc::clone)
        .unwrap_or_else(|_| Arc::new(Bell::new()))
}

/// This thread's number, which no other thread has or will have.
pub(crate) fn number() -> u64 {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    NUMBER.with(|number| {
        if number.get() == 0 {
            number.set(NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
        number.get()
    })
}

impl Bell {
    fn new() -> Bell {
        Bell {
            number: number(),
            state: Mutex::default(),
            rung: Condvar::new(),
        }
    }

    /// Wakes the thread, or keeps it from falling asleep.
    pub(crate) fn ring(&self) {
        lock(&self.state).rings = true;
        self.rung.notify_one();
    }

    fn give(&self, task: Arc<dyn Task>) {
        let mut state = lock(&self.state);
        state.tasks.push(task);
        state.rings = true;
        drop(state);
        self.rung.notify_one();
    }

    fn task(&self) -> Option<Arc<dyn Task>> {
        let mut state = lock(&self.state);
        (!state.tasks.is_empty()).then(|| state.tasks.remove(0))
    }

    /// Drops the tasks that were not run.
    fn forget(&self) {
        let tasks = std::mem::take(&mut lock(&self.state).tasks);
        drop(tasks);
    }

    /// Stops ringing. What it rang for must be looked at afterwards.
    fn stop(&self) {
        lock(&self.state).rings = false;
    }

    /// Sleeps until the bell rings. `false`: the time is up.
    fn sleep(&self, until: Option<Instant>) -> bool {
        let mut state = lock(&self.state);
        loop {
            if state.rings {
                return true;
            }
            state = match until {
                None => self
                    .rung
                    .wait(state)
                    .unwrap_or_else(|poisoned| poisoned.into_inner()),
                Some(until) => {
                    let Some(left) = until
                        .checked_duration_since(Instant::now())
                        .filter(|left| *left > Duration::ZERO)
                    else {
                        return false;
                    };
                    let waited = self.rung.wait_timeout(state, left);
                    waited.unwrap_or_else(|poisoned| poisoned.into_inner()).0
                }
            };
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.ring();
    }
}

impl Waits {
    /// Waits until `ready` says so. Whoever makes it ready must ring this thread's `bell` afterwards, which it finds where
    /// `sit` has left it.
    ///
    /// A thread that has been given a task has no seat: it does not wait, so nobody shall count on it. `station` is whom this thread waits for, `turn` what can be done about it if that thread waits for this one.
    pub(crate) fn wait<S>(
        &self,
        bell: &Arc<Bell>,
        station: &Arc<Station>,
        sit: impl Fn(&Arc<Bell>) -> S,
        turn: Option<Turn>,
        until: Option<Instant>,
        ready: impl FnMut() -> bool,
    ) -> Waited {
        let waited = self.wait_at(bell, station, sit, turn, until, ready);
        // A task that was not run is kept by nobody: this thread looks for a circle when it waits again.
        bell.forget();
        waited
    }

    fn wait_at<S>(
        &self,
        bell: &Arc<Bell>,
        station: &Arc<Station>,
        sit: impl Fn(&Arc<Bell>) -> S,
        turn: Option<Turn>,
        until: Option<Instant>,
        mut ready: impl FnMut() -> bool,
    ) -> Waited {
        let mut seat = None;
        loop {
            if ready() {
                return Waited::Ready;
            }
            // A plugin has one thread: there is nobody who could change anything.
            if cfg!(target_family = "wasm") {
                return Waited::Circle;
            }
            if let Some(task) = bell.task() {
                seat = None;
                task.run();
                continue;
            }
            if seat.is_none() {
                seat = Some(sit(bell));
            }
            let listed = Listed::new(self, bell, station, turn.clone());
            // Once more, because it may have become ready before anybody could know that this thread waits.
            if ready() {
                return Waited::Ready;
            }
            if let Circle::Closed = listed.circle() {
                return Waited::Circle;
            }
            let rang = bell.sleep(until);
            // It rings for as long as the thread is listed, so that nobody takes it for one that goes on waiting.
            drop(listed);
            bell.stop();
            if !rang && !ready() {
                return Waited::TimedOut;
            }
        }
    }
}

/// A thread's place on the list.
struct Listed<'w> {
    waits: &'w Waits,
    number: u64,
}

enum Circle {
    /// There is none.
    None,
    /// Somebody has been given the task that ends it.
    Broken,
    /// Nobody can end it.
    Closed,
}

impl<'w> Listed<'w> {
    fn new(
        waits: &'w Waits,
        bell: &Arc<Bell>,
        station: &Arc<Station>,
        turn: Option<Turn>,
    ) -> Listed<'w> {
        let entry = Waiting {
            station: station.clone(),
            turn,
            bell: bell.clone(),
            sleeps: false,
        };
        lock(&waits.waiting).insert(bell.number, entry);
        Listed {
            waits,
            number: bell.number,
        }
    }

    /// Looks for a circle through this thread, and breaks it.
    fn circle(&self) -> Circle {
        let mut waiting = lock(&self.waits.waiting);
        if let Some(entry) = waiting.get_mut(&self.number) {
            entry.sleeps = true;
        }
        // Every thread on the way holds what the one before it waits for.
        let mut way = Vec::new();
        let mut number = self.number;
        loop {
            // Somebody on the way who does not wait will come to an end of what it does.
            let Some(entry) = waiting.get(&number) else {
                return Circle::None;
            };
            // Nor does one that has yet to look, or is being woken: it looks for a circle if it has to go on waiting.
            if !entry.sleeps || lock(&entry.bell.state).rings {
                return Circle::None;
            }
            let holder = entry.station.holder.load(Ordering::Relaxed);
            way.push((entry, holder));
            if holder == self.number {
                break;
            }
            if way.len() > waiting.len() {
                // A circle of others, who break it themselves.
                return Circle::None;
            }
            number = holder;
        }
        for (entry, holder) in way {
            // What somebody is doing already goes on when the circle is broken elsewhere.
            match entry.turn.as_ref().filter(|turn| turn.is_wanted()) {
                Some(Turn::Own(task)) => entry.bell.give(task.clone()),
                Some(Turn::Holder(task)) => match waiting.get(&holder) {
                    Some(holder) => holder.bell.give(task.clone()),
                    None => continue,
                },
                None => continue,
            }
            return Circle::Broken;
        }
        Circle::Closed
    }
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        lock(&self.waits.waiting).remove(&self.number);
    }
}
