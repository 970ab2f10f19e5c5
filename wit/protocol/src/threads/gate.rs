//! A lock that one thread holds while a plugin runs, and that lends the plugin out while its holder waits.

use std::collections::VecDeque;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{PoisonError, TryLockError};

use super::sync::{Arc, AtomicUsize, Mutex, MutexGuard, Ordering, SPINS, fence, lock};
use super::waiting::{Bell, Station, Task, Turn, Waits, bell};

/// What a door locks while the program behind it runs, if only one thread at a time may be in there.
///
/// A thread that waits at a gate says what the gate's holder could do for it instead. If that holder waits for this
/// thread, it does so, within its own call: two programs that call each other from two threads do not wait for ever.
pub struct Gate<T> {
    value: Mutex<T>,
    station: Arc<Station>,
    waits: Arc<Waits>,
    /// How many wait, to look at without a lock.
    waiting: AtomicUsize,
    /// Whoever waits, the longest first.
    queue: Mutex<VecDeque<Arc<Bell>>>,
}

/// A gate's value, locked for this thread.
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
        }
    }

    /// Enters, unless somebody is in.
    #[inline]
    pub fn try_enter(&self) -> Option<Pass<'_, T>> {
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
            |bell| Place::new(self, bell),
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
            let sit = |bell: &Arc<Bell>| Place::new(self, bell);
            let idle = || !self.is_busy();
            self.waits
                .wait(&bell(), &self.station, sit, None, None, idle);
        }
    }

    /// Lets everybody who waits look again whether there still is a need to.
    pub fn wake(&self) {
        for bell in &*lock(&self.queue) {
            bell.ring();
        }
    }

    /// Lets the one who has waited the longest have a look.
    #[cold]
    fn wake_first(&self) {
        if let Some(bell) = lock(&self.queue).front() {
            bell.ring();
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
}

impl<'g, T> Place<'g, T> {
    fn new(gate: &'g Gate<T>, bell: &Arc<Bell>) -> Place<'g, T> {
        let bell = bell.clone();
        lock(&gate.queue).push_back(bell.clone());
        gate.waiting.fetch_add(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        Place { gate, bell }
    }
}

impl<T> Drop for Place<'_, T> {
    fn drop(&mut self) {
        let mut queue = lock(&self.gate.queue);
        if let Some(at) = queue.iter().position(|bell| Arc::ptr_eq(bell, &self.bell)) {
            queue.remove(at);
        }
        self.gate.waiting.fetch_sub(1, Ordering::Relaxed);
        // It may have been woken to enter, and leaves without having done so.
        if let Some(bell) = queue.front() {
            bell.ring();
        }
    }
}
