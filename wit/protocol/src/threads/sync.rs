//! Where the files beside this one have their locks and threads from.

pub(crate) use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering, fence};
pub(crate) use std::sync::{Arc, Condvar, Mutex, MutexGuard};
pub(crate) use std::thread_local;

/// How often a gate is tried before its thread goes to sleep: about as long as a short call takes.
pub(crate) const SPINS: u32 = 200;

/// How long a thread may be passed over at a gate by others that come again and again: longer than it takes to wake, and
/// short for a person.
pub(crate) const FAIR_AFTER: std::time::Duration = std::time::Duration::from_millis(1);

/// What a mutex holds, also when a thread has panicked with it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
