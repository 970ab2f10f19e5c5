//! How far a map has come, and telling it to whoever wants to know.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// How far a [map](super::Pool::map_with) has come.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::{Host, Progress};
/// let pool = Host::new()?.template("samples.wasm")?.pool(2)?;
/// let mut last = None;
/// pool.map_with::<i64, _>(["1", "x"], "samples.errors.raise_standard", |now: Progress| last = Some(now));
/// let Some(Progress { done, failed, total, .. }) = last else { panic!() };
/// assert_eq!((done, failed, total), (2, 1, 2));
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Items that are done, those that failed among them.
    pub done: usize,
    /// Items that failed.
    pub failed: usize,
    /// All items.
    pub total: usize,
}

/// Tells the news to a callback, one thread at a time. Nobody waits for that: whoever is at it goes on until it has told
/// what the others have left.
pub(super) struct Teller<P> {
    count: Mutex<Progress>,
    tell: Mutex<Told<P>>,
}

struct Told<P> {
    done: usize,
    tell: P,
}

impl<P: FnMut(Progress)> Teller<P> {
    pub(super) fn new(total: usize, tell: P) -> Teller<P> {
        Teller {
            count: Mutex::new(Progress {
                done: 0,
                failed: 0,
                total,
            }),
            tell: Mutex::new(Told { done: 0, tell }),
        }
    }

    /// Counts items, and tells of them. If the callback has panicked, it is told nothing more.
    pub(super) fn add(&self, done: usize, failed: usize) {
        let mut count = self.count();
        (count.done, count.failed) = (count.done + done, count.failed + failed);
        drop(count);
        while let Ok(mut told) = self.tell.try_lock() {
            let now = *self.count();
            if told.done != now.done {
                told.done = now.done;
                (told.tell)(now);
            }
            drop(told);
            // Only now: whoever has come before has found it locked and left the rest to this thread.
            if self.count().done == now.done {
                break;
            }
        }
    }

    fn count(&self) -> MutexGuard<'_, Progress> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::thread;

    use super::*;

    #[test]
    fn what_several_threads_have_done_is_told_in_order_and_to_the_end() {
        let mut told = Vec::new();
        let teller = Teller::new(4_000, |now| told.push(now));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..1_000).for_each(|n| teller.add(1, n % 2)));
            }
        });
        assert!(told.is_sorted_by(|a, b| a.done < b.done && a.failed <= b.failed));
        let end = Progress {
            done: 4_000,
            failed: 2_000,
            total: 4_000,
        };
        assert_eq!(told.last(), Some(&end));
    }

    #[test]
    fn a_callback_that_panics_is_told_nothing_more() {
        let mut times = 0;
        let teller = Teller::new(2, |_| {
            times += 1;
            panic!("clumsy");
        });
        assert!(catch_unwind(AssertUnwindSafe(|| teller.add(1, 0))).is_err());
        teller.add(1, 0);
        assert_eq!(times, 1);
    }
}
