//! A value behind a lock that tells a re-entered call from another thread's: the first can never get it.

use std::ops::{Deref, DerefMut};
use std::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};
use std::time::Duration;

use crate::{Error, Kind, Result, threads};

/// Between two looks at a value that another thread is using.
const WAIT: Duration = Duration::from_micros(100);
/// Looks until a wait is given up (ten seconds): two threads may each hold the object that the other wants.
const LONGEST_WAIT: u32 = 100_000;
/// Looks that only yield, before the waits begin.
const YIELDS: u32 = 100;

pub(crate) struct Guarded<T> {
    value: RwLock<T>,
}

impl<T> Guarded<T> {
    pub(crate) fn new(value: T) -> Guarded<T> {
        Guarded {
            value: RwLock::new(value),
        }
    }

    /// The value, to read; `name` is for the error.
    #[inline]
    pub(crate) fn borrow(&self, name: &str) -> Result<Ref<'_, T>> {
        if let Ok(guard) = self.value.try_read() {
            return Ok(Ref(guard, Held::enter(self.address())));
        }
        self.wait_to_borrow(name)
    }

    fn wait_to_borrow(&self, name: &str) -> Result<Ref<'_, T>> {
        for attempt in 0..LONGEST_WAIT {
            match self.value.try_read() {
                Ok(guard) => return Ok(Ref(guard, Held::enter(self.address()))),
                // A panic in a method left the value as it was then; its owner decides what that means.
                Err(TryLockError::Poisoned(poisoned)) => {
                    return Ok(Ref(poisoned.into_inner(), Held::enter(self.address())));
                }
                Err(TryLockError::WouldBlock) => self.wait(name, attempt)?,
            }
        }
        Err(busy(name))
    }

    /// The value, to change; `name` is for the error.
    #[inline]
    pub(crate) fn borrow_mut(&self, name: &str) -> Result<RefMut<'_, T>> {
        if let Ok(guard) = self.value.try_write() {
            return Ok(RefMut(guard, Held::enter(self.address())));
        }
        self.wait_to_borrow_mut(name)
    }

    fn wait_to_borrow_mut(&self, name: &str) -> Result<RefMut<'_, T>> {
        for attempt in 0..LONGEST_WAIT {
            match self.value.try_write() {
                Ok(guard) => return Ok(RefMut(guard, Held::enter(self.address()))),
                Err(TryLockError::Poisoned(poisoned)) => {
                    return Ok(RefMut(poisoned.into_inner(), Held::enter(self.address())));
                }
                Err(TryLockError::WouldBlock) => self.wait(name, attempt)?,
            }
        }
        Err(busy(name))
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(&self.value) as usize
    }

    /// Another thread's use ends, so wait for it; one further up this thread's own chain of calls does not.
    fn wait(&self, name: &str, attempt: u32) -> Result<()> {
        if Held::here(self.address()) {
            return Err(busy(name));
        }
        if attempt < YIELDS {
            std::thread::yield_now()
        } else {
            std::thread::sleep(WAIT)
        }
        Ok(())
    }
}

#[cold]
fn busy(name: &str) -> Error {
    Error::new(
        Kind::Busy,
        format!("`{name}` is in the middle of a call that led here; finish that call first"),
    )
}

/// The value of a [`Shared`](crate::Shared), borrowed to read.
///
/// ```
/// # use locum_macros::object;
/// # use locum_protocol::{Ref, Result, Shared};
/// # struct Counter(i64);
/// # #[object(crate = locum_protocol)]
/// # impl Counter { fn add(&mut self, by: i64) -> i64 { self.0 += by; self.0 } }
/// let counter = Shared::new(Counter(10));
/// let now: Ref<'_, Counter> = counter.borrow()?;
/// assert_eq!(now.0, 10);
/// assert!(counter.borrow().is_ok()); // others may read meanwhile
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub struct Ref<'a, T>(
    RwLockReadGuard<'a, T>,
    #[allow(dead_code, reason = "held for its drop")] Held,
);

/// The value of a [`Shared`](crate::Shared), borrowed to change.
///
/// ```
/// # use locum_macros::object;
/// # use locum_protocol::{Kind, RefMut, Shared};
/// # #[derive(Debug)]
/// # struct Counter(i64);
/// # #[object(crate = locum_protocol)]
/// # impl Counter { fn add(&mut self, by: i64) -> i64 { self.0 += by; self.0 } }
/// let counter = Shared::new(Counter(10));
/// let mut now: RefMut<'_, Counter> = counter.borrow_mut()?;
/// now.0 = 11;
/// let error = counter.proxy().call::<i64>("add", (1,)).unwrap_err(); // nobody else may meanwhile
/// assert_eq!(error.kind(), Kind::Busy);
/// drop(now);
/// assert_eq!(counter.proxy().call::<i64>("add", (1,))?, 12);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub struct RefMut<'a, T>(
    RwLockWriteGuard<'a, T>,
    #[allow(dead_code, reason = "held for its drop")] Held,
);

impl<T> Deref for Ref<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Deref for RefMut<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for RefMut<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// What a chain of calls has borrowed, for when a part of it is run by another thread.
///
/// ```
/// # use locum_protocol::threads::Chain;
/// let chain = Chain::here(); // this thread is in a call, say
/// let part = std::thread::spawn(move || chain.within(|| 2 + 2)); // which this thread has done elsewhere
/// assert_eq!(part.join().unwrap(), 4);
/// ```
#[derive(Clone, Debug)]
pub struct Chain {
    borrowed: Vec<usize>,
    origin: u64,
}

impl Chain {
    /// That of the calls that this thread is in.
    pub fn here() -> Chain {
        Chain {
            borrowed: held::all(),
            origin: threads::origin(),
        }
    }

    /// Runs a part of the chain on this thread: what the chain has borrowed is busy for it, and is not waited for; the
    /// calls that it makes are in the order of the chain's.
    pub fn within<R>(&self, part: impl FnOnce() -> R) -> R {
        // Not twice: a chain that goes to and fro between two threads would double each time.
        let others = self
            .borrowed
            .iter()
            .filter(|address| !Held::here(**address));
        let _held: Vec<Held> = others.map(|address| Held::enter(*address)).collect();
        threads::on_behalf_of(self.origin, part)
    }
}

use held::Held;

/// Which objects are borrowed by this thread's own chain of calls.
#[cfg(not(target_family = "wasm"))]
mod held {
    use std::cell::RefCell;

    thread_local! {
        static BORROWED: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
    }

    pub(crate) struct Held(usize);

    pub(crate) fn all() -> Vec<usize> {
        let all = BORROWED.try_with(|borrowed| borrowed.borrow().clone());
        all.unwrap_or_default()
    }

    impl Held {
        pub(crate) fn enter(address: usize) -> Held {
            // At the end of a thread the list may be gone: then nothing is known of its chain.
            let _ = BORROWED.try_with(|borrowed| borrowed.borrow_mut().push(address));
            Held(address)
        }

        pub(crate) fn here(address: usize) -> bool {
            let here = BORROWED.try_with(|borrowed| borrowed.borrow().contains(&address));
            here.unwrap_or(false)
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            // At the end of a thread the list may be gone before the last guard is.
            let _ = BORROWED.try_with(|borrowed| {
                let mut borrowed = borrowed.borrow_mut();
                if let Some(at) = borrowed.iter().rposition(|address| *address == self.0) {
                    borrowed.remove(at);
                }
            });
        }
    }
}

/// A plugin has one thread: what is borrowed is borrowed by this chain.
#[cfg(target_family = "wasm")]
mod held {
    pub(crate) struct Held;

    pub(crate) fn all() -> Vec<usize> {
        Vec::new()
    }

    impl Held {
        pub(crate) fn enter(_: usize) -> Held {
            Held
        }

        pub(crate) fn here(_: usize) -> bool {
            true
        }
    }
}
