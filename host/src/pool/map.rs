//! Many jobs for all instances of a pool, with the results in the order of the items.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Place, Pool, Seat};
use crate::{Error, Result, watch};

/// How far a [map](Pool::map_with) has come.
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
    if items.is_empty() {
        return Vec::new();
    }
    let place = match pool.place(path) {
        Ok(place) => place,
        Err(error) => return items.iter().map(|_| Err(error.clone())).collect(),
    };
    let seats = seats(pool, items.len());
    let work = Work {
        pool,
        items,
        place,
        workers: seats.len(),
        next: AtomicUsize::new(0),
        told: Mutex::new((Progress::of(items.len()), progress)),
    };
    let mut batches = thread::scope(|scope| {
        let (own, others) = seats.split_at(1);
        let work = &work;
        let threads: Vec<_> = others
            .iter()
            .filter_map(|seat| {
                let context = watch::context();
                let job = move || within(context, || work.on(seat));
                let thread = thread::Builder::new().name("locum-pool".into());
                // Without a thread there is one fewer to do the work, which is done all the same.
                thread.spawn_scoped(scope, job).ok()
            })
            .collect();
        let mut batches: Vec<Batch<R>> = own.iter().flat_map(|seat| work.on(seat)).collect();
        for thread in threads {
            match thread.join() {
                Ok(more) => batches.extend(more),
                // The progress callback's, or a `Serialize` of the program's: the plugin's are errors.
                Err(panic) => resume_unwind(panic),
            }
        }
        batches
    });
    batches.sort_unstable_by_key(|batch| batch.first);
    batches
        .into_iter()
        .flat_map(|batch| batch.results)
        .collect()
}

/// Which instances work, this thread's first. One that this thread is inside of must be it: any other thread would wait at
/// its gate for this one, which waits for that thread.
fn seats(pool: &Pool, items: usize) -> Vec<&Seat> {
    let (here, elsewhere): (Vec<&Seat>, Vec<&Seat>) =
        pool.0.seats.iter().partition(|seat| seat.is_here());
    here.into_iter()
        .take(1)
        .chain(elsewhere)
        .take(items)
        .collect()
}

/// Runs a worker under the spans of the thread that it works for.
fn within<R>(context: Option<crate::Context>, run: impl FnOnce() -> R) -> R {
    let Some(context) = context else {
        return run();
    };
    let (mut run, mut result) = (Some(run), None);
    context(&mut || result = run.take().map(|run| run()));
    match (result, run) {
        (Some(result), _) => result,
        (None, Some(run)) => run(),
        (None, None) => unreachable!("it ran, so it has a result"),
    }
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
    told: Mutex<(Progress, P)>,
}

impl<T: Serialize, P: FnMut(Progress)> Work<'_, T, P> {
    /// Does what is left, in one instance.
    fn on<R: DeserializeOwned + 'static>(&self, seat: &Seat) -> Vec<Batch<R>> {
        let mut batches = Vec::new();
        let mut size = 1;
        while let Some(first) = self.take(&mut size) {
            let begun = Instant::now();
            let items = &self.items[first..first + size];
            let results = self.batch(seat, items);
            self.tell(&results);
            batches.push(Batch { first, results });
            size = match begun.elapsed() {
                short if short < BATCH_TIME / 2 => size * 2,
                long if long > BATCH_TIME * 2 => (size / 2).max(1),
                _ => size,
            };
        }
        batches
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
        let mut root = self.pool.module(seat, module);
        let mut results = Vec::with_capacity(items.len());
        for item in items {
            let died = |root: &Result<crate::Proxy>| match root {
                Ok(root) => root.peer().is_some_and(|peer| peer.closed().is_some()),
                Err(_) => true,
            };
            if died(&root) {
                root = self.pool.module(seat, module);
            }
            results.push(match &root {
                Ok(root) => root.call(path, (item,)),
                Err(error) => Err(Error::clone(error)),
            });
        }
        results
    }

    fn tell<R>(&self, results: &[Result<R>]) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let (progress, tell) = &mut *told;
        progress.done += results.len();
        progress.failed += results.iter().filter(|result| result.is_err()).count();
        tell(*progress);
    }
}

impl Progress {
    fn of(total: usize) -> Progress {
        Progress {
            done: 0,
            failed: 0,
            total,
        }
    }
}
