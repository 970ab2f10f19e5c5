//! Many jobs for all instances of a pool, with the results in the order of the items.

use std::iter;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::crew::Crew;
use super::progress::{Progress, Teller};
use super::seat::{Claim, Root, Seat};
use super::{Place, Pool};
use crate::{Error, Result};

/// How long the items of one batch are to take: short enough to share the work evenly and to tell how far it has come, long
/// enough that taking a batch costs nothing beside it.
const BATCH_TIME: Duration = Duration::from_micros(500);

/// No more of what is left goes into one batch than this share of a worker's part.
const SHARE: usize = 4;

pub(super) fn run<R, T>(
    pool: &Pool,
    items: &[T],
    path: &str,
    progress: impl FnMut(Progress) + Send,
) -> Vec<Result<R>>
where
    R: DeserializeOwned + Send + 'static,
    T: Serialize + Sync,
{
    let total = items.len();
    if total == 0 {
        return Vec::new();
    }
    let teller = Teller::new(total, progress);
    let place = match pool.place(path) {
        Ok(place) => place,
        Err(error) => {
            teller.add(total, total);
            return items.iter().map(|_| Err(error.clone())).collect();
        }
    };
    let (own, mut others) = seats(pool);
    let work = Work {
        pool,
        items,
        place,
        workers: total.min(1 + others.len()),
        next: AtomicUsize::new(0),
        teller,
    };
    let mut batches = thread::scope(|scope| {
        let work = &work;
        let mut crew = Crew::new(scope);
        let hire = || {
            others.retain(|seat| {
                let wanted = crew.len() + 1 < work.workers && work.is_left();
                if !wanted || !seat.is_open_to_maps() {
                    return true;
                }
                let claim = seat.claim_for_map();
                crew.hire(move || work.at(claim, || {}));
                false
            });
        };
        let done = catch_unwind(AssertUnwindSafe(|| work.at(own, hire)));
        // All of them first, the panics afterwards: a scope that ends with a thread in it waits where nobody sees it.
        let done = iter::once(done).chain(crew.wait());
        let batches = done.map(|done| done.unwrap_or_else(|panic| resume_unwind(panic)));
        batches.flatten().collect::<Vec<Batch<R>>>()
    });
    batches.sort_unstable_by_key(|batch| batch.first);
    let results = batches.into_iter().flat_map(|batch| batch.results);
    results.collect()
}

/// Where this thread works, and where others may. One that this thread is inside of must be its own: any other thread would
/// wait at its gate for this one, which waits for that thread.
fn seats(pool: &Pool) -> (Claim<'_>, Vec<&Seat>) {
    let seats = &pool.0.seats;
    let own = match seats.iter().find(|seat| seat.is_here()) {
        Some(seat) => seat.claim_for_map(),
        None => pool.claim().seat.claim_for_map(),
    };
    let is_other = |seat: &&Seat| !ptr::eq(*seat, own.seat) && !seat.is_here();
    let others = seats.iter().filter(is_other).collect();
    (own, others)
}

/// The results of some items that follow one another.
struct Batch<R> {
    first: usize,
    results: Vec<Result<R>>,
}

struct Work<'a, T, P> {
    pool: &'a Pool,
    items: &'a [T],
    place: Place<'a>,
    workers: usize,
    /// The first item that nobody has taken.
    next: AtomicUsize,
    teller: Teller<P>,
}

impl<T: Serialize, P: FnMut(Progress)> Work<'_, T, P> {
    /// Does what is left, in one instance; does `between` before each batch.
    fn at<R: DeserializeOwned + 'static>(
        &self,
        claim: Claim<'_>,
        mut between: impl FnMut(),
    ) -> Vec<Batch<R>> {
        let _nothing_is_left = NothingIsLeft(&self.next, self.items.len());
        let mut batches = Vec::new();
        let mut size = 1;
        loop {
            between();
            let Some(first) = self.take(&mut size) else {
                return batches;
            };
            let begun = Instant::now();
            let results = self.batch(claim.seat, &self.items[first..first + size]);
            let failed = results.iter().filter(|result| result.is_err()).count();
            batches.push(Batch { first, results });
            self.teller.add(size, failed);
            size = match begun.elapsed() {
                short if short < BATCH_TIME / 2 => size * 2,
                long if long > BATCH_TIME * 2 => (size / 2).max(1),
                _ => size,
            };
        }
    }

    fn is_left(&self) -> bool {
        self.next.load(Ordering::Relaxed) < self.items.len()
    }

    /// Takes a batch of about that size, and says where it begins.
    fn take(&self, size: &mut usize) -> Option<usize> {
        let total = self.items.len();
        let mut first = self.next.load(Ordering::Relaxed);
        loop {
            let left = total.checked_sub(first).filter(|left| *left > 0)?;
            let most = left.div_ceil(self.workers * SHARE);
            let end = first + (*size).min(most);
            match self
                .next
                .compare_exchange_weak(first, end, Ordering::Relaxed, Ordering::Relaxed)
            {
                Ok(_) => {
                    *size = end - first;
                    return Some(first);
                }
                Err(now) => first = now,
            }
        }
    }

    fn batch<R: DeserializeOwned + 'static>(&self, seat: &Seat, items: &[T]) -> Vec<Result<R>> {
        let Place { module, path } = self.place;
        let find = || seat.root(self.pool.template(), module);
        let mut root = find();
        let mut job = |item: &T| loop {
            if root.as_ref().is_ok_and(Root::is_gone) {
                root = find();
            }
            let root = root.as_ref().map_err(Error::clone)?;
            match root.module.call(path, (item,)) {
                // It waited for its turn while the instance died of another job.
                Err(error) if root.came_too_late(&error) => {}
                result => return result,
            }
        };
        items.iter().map(&mut job).collect()
    }
}

/// When a worker ends there is nothing left to be taken; if it panics, nothing shall be.
struct NothingIsLeft<'a>(&'a AtomicUsize, usize);

impl Drop for NothingIsLeft<'_> {
    fn drop(&mut self) {
        self.0.store(self.1, Ordering::Relaxed);
    }
}
