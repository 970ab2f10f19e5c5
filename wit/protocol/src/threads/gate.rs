//! A lock that one thread holds while a plugin runs, and that lends the plugin out while its holder waits.

use std::collections::VecDeque;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{PoisonError, TryLockError};
use std::time::Instant;

use super::sync::{
    Arc, AtomicU64, AtomicUsize, FAIR_AFTER, Mutex, MutexGuard, Ordering, SPINS, fence, lock,
};
use super::waiting::{Bell, Station, Task, Turn, Waits, bell, number};

/// What a door locks while the program behind it runs, if only one thread at a time may be in there.
///
/// A thread that waits at a gate says what the gate's holder could do for it instead. If that holder waits for this
/// thread, it does so, within its own call: two programs that call each other from two threads do not wait for ever.
///
/// Whoever comes when nobody is in may enter before those who are still waking up. One who has waited for longer than
/// that finds the gate kept for it.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::threads::{Gate, Task, waits};
/// /// There is nothing that the holder could do for this thread.
/// struct Nothing;
///
/// impl Task for Nothing {
///     fn is_wanted(&self) -> bool {
///         false
///     }
///     fn run(&self) {}
/// }
///
/// let mut gate = Gate::new(vec![1], waits().clone());
/// let mut pass = gate.try_enter().unwrap();
/// pass.push(2);
/// assert!(gate.try_enter().is_none() && gate.try_enter_first().is_none());
/// assert!(!gate.is_busy()); // it is this thread that is in
/// drop(pass);
/// gate.wake(); // nobody waits
/// gate.wait_until_idle(); // nobody is in
/// gate.enter(Arc::new(Nothing), || false).unwrap().push(3);
/// assert_eq!(gate.get_mut(), &[1, 2, 3]);
/// ```
pub struct Gate<T> {
    value: Mutex<T>,
    station: Arc<Station>,
    waits: Arc<Waits>,
    /// How many wait, to look at without a lock.
    waiting: AtomicUsize,
    /// Whoever waits, the longest first.
    queue: Mutex<VecDeque<Waiter>>,
    /// The number of the thread that nobody may enter before; 0 for nobody. It is in the queue.
    kept_for: AtomicU64,
}

struct Waiter {
    bell: Arc<Bell>,
    number: u64,
    since: Instant,
    /// Whether it wants to enter, or only to know that nobody is in.
    enters: bool,
}

/// A gate's value, locked for this thread.
///
/// ```
/// # use locum_protocol::threads::{Gate, Pass, waits};
/// let gate = Gate::new(0, waits().clone());
/// let mut pass: Pass<'_, i32> = gate.try_enter().unwrap();
/// *pass += 1;
/// drop(pass); // the next one may enter
/// assert_eq!(*gate.try_enter().unwrap(), 1);
/// ```
pub struct Pass<'g, T> {
    gate: &'g Gate<T>,
    /// `None` only while it is dropped.
    value: Option<MutexGuard<'g, T>>,
    before: u64,
}

impl<T> Gate<T> {
    /// A gate before `value`; `waits` knows who waits for whom.
    pub fn new(value: T, waits: Arc<Waits>) -> Gate<T> {
        Gate {
            value: Mutex::new(value),
            station: Arc::default(),
            waits,
            waiting: AtomicUsize::new(0),
            queue: Mutex::default(),
            kept_for: AtomicU64::new(0),
        }
    }

    /// Enters, unless somebody is in, or the gate is kept for another thread.
    #[inline]
    pub fn try_enter(&self) -> Option<Pass<'_, T>> {
        let kept_for = self.kept_for.load(Ordering::Relaxed);
        if kept_for != 0 && kept_for != number() {
            return None;
        }
        let pass = self.try_enter_first()?;
        if kept_for != 0 {
            self.kept_for.store(0, Ordering::Relaxed);
        }
        Some(pass)
    }

    /// Enters, unless somebody is in: for what has to be done before anybody else enters.
    #[inline]
    pub fn try_enter_first(&self) -> Option<Pass<'_, T>> {
        let value = match self.value.try_lock() {
            Ok(value) => value,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        let before = self.station.take();
        Some(Pass {
            gate: self,
            value: Some(value),
            before,
        })
    }

    /// Enters when nobody is in, or returns `None` as soon as `done` says that there is no need to any more.
    ///
    /// `task` is what whoever is in can do for this thread, to be run on that thread while it waits for this one. It may
    /// be run at any time, more than once, and after this has returned. Whoever makes `done` true calls
    /// [`wake`](Gate::wake).
    pub fn enter(
        &self,
        task: Arc<dyn Task>,
        mut done: impl FnMut() -> bool,
    ) -> Option<Pass<'_, T>> {
        for _ in 0..SPINS {
            if let Some(pass) = self.try_enter() {
                return Some(pass);
            }
            std::hint::spin_loop();
        }
        let mut pass = None;
        self.waits.wait(
            &bell(),
            &self.station,
            |bell| Place::new(self, bell, true),
            Some(Turn::Holder(task)),
            None,
            || {
                pass = self.try_enter();
                pass.is_some() || done()
            },
        );
        pass
    }

    /// Whether another thread is in.
    pub fn is_busy(&self) -> bool {
        self.station.is_others()
    }

    /// Returns when nobody else is in, which may be over at once.
    pub fn wait_until_idle(&self) {
        if self.is_busy() {
            let sit = |bell: &Arc<Bell>| Place::new(self, bell, false);
            let idle = || !self.is_busy();
            self.waits
                .wait(&bell(), &self.station, sit, None, None, idle);
        }
    }

    /// Lets everybody who waits look again whether there still is a need to.
    pub fn wake(&self) {
        for waiter in &*lock(&self.queue) {
            waiter.bell.ring();
        }
    }

    /// Keeps the gate for the one who has waited the longest, if that was too long.
    #[cold]
    fn keep_for_first(&self) {
        if let Some(waiter) = lock(&self.queue).front()
            && waiter.enters
            && waiter.since.elapsed() >= FAIR_AFTER
        {
            self.kept_for.store(waiter.number, Ordering::Relaxed);
        }
    }

    /// Lets the one who has waited the longest have a look.
    #[cold]
    fn wake_first(&self) {
        if let Some(waiter) = lock(&self.queue).front() {
            waiter.bell.ring();
        }
    }

    /// The value, when nobody else can be in.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> fmt::Debug for Gate<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

impl<T> Deref for Pass<'_, T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        self.value
            .as_ref()
            .expect("it is there until it is dropped")
    }
}

impl<T> DerefMut for Pass<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.value
            .as_mut()
            .expect("it is there until it is dropped")
    }
}

impl<T> Drop for Pass<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.gate.station.leave(self.before);
        if self.gate.waiting.load(Ordering::Relaxed) > 0 {
            self.gate.keep_for_first();
        }
        self.value = None;
        // Between opening the gate and looking who waits; a waiting thread says that it waits before it looks at the gate.
        fence(Ordering::SeqCst);
        if self.gate.waiting.load(Ordering::Relaxed) > 0 {
            self.gate.wake_first();
        }
    }
}

/// A place in the queue.
struct Place<'g, T> {
    gate: &'g Gate<T>,
    bell: Arc<Bell>,
    number: u64,
}

impl<'g, T> Place<'g, T> {
    fn new(gate: &'g Gate<T>, bell: &Arc<Bell>, enters: bool) -> Place<'g, T> {
        let (bell, number) = (bell.clone(), number());
        lock(&gate.queue).push_back(Waiter {
            bell: bell.clone(),
            number,
            since: Instant::now(),
            enters,
        });
        gate.waiting.fetch_add(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        Place { gate, bell, number }
    }
}

impl<T> Drop for Place<'_, T> {
    fn drop(&mut self) {
        let mut queue = lock(&self.gate.queue);
        if let Some(at) = queue
            .iter()
            .position(|waiter| Arc::ptr_eq(&waiter.bell, &self.bell))
        {
            queue.remove(at);
        }
        self.gate.waiting.fetch_sub(1, Ordering::Relaxed);
        // It may have been woken to enter, and leaves without having done so.
        let _ = self.gate.kept_for.compare_exchange(
            self.number,
            0,
            Ordering::Relaxed,
            Ordering::Relaxed,
        );
        if let Some(waiter) = queue.front() {
            waiter.bell.ring();
        }
    }
}
