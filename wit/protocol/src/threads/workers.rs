//! The threads that run started calls: as many as there are cores, and more while those make no progress.
//!
//! They come when there is work and go when there has been none for a while, so a program that starts no calls has none.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Something to be run for a while. What is left of it then is handed in again, so that others have their turn.
pub(crate) trait Work: Send + Sync {
    fn work(self: Arc<Self>);
}

/// The most workers, however many of them wait for something.
const MOST: usize = 256;
/// After how long without work a worker goes.
const IDLE: Duration = Duration::from_secs(5);
/// After how long without progress there is one worker more.
const STUCK: Duration = Duration::from_millis(2);

static WORKERS: LazyLock<Workers> = LazyLock::new(|| Workers {
    state: Mutex::default(),
    wanted: Condvar::new(),
    cores: thread::available_parallelism()
        .map_or(2, usize::from)
        .max(2),
});

struct Workers {
    state: Mutex<State>,
    wanted: Condvar,
    cores: usize,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Arc<dyn Work>>,
    workers: usize,
    idle: usize,
    /// How often something was taken from the queue: while this moves, there is progress.
    taken: u64,
    /// Whether somebody looks for progress.
    watched: bool,
    /// How many wait for workers to go.
    resting: usize,
    threads: Vec<JoinHandle<()>>,
}

/// Has something run by a worker. A plugin has none: what waits there is run before its answer goes out.
pub(crate) fn submit(work: Arc<dyn Work>) {
    if cfg!(target_family = "wasm") {
        return;
    }
    let all = &*WORKERS;
    let mut state = all.lock();
    state.queue.push_back(work);
    all.wanted.notify_one();
    // An idle worker that has been woken counts as idle until it has looked.
    if state.queue.len() <= state.idle {
        return;
    }
    let begun = if state.workers < all.cores {
        state.hire()
    } else {
        state.watch()
    };
    // Better late, on this thread, than never.
    if begun.is_err()
        && state.workers == 0
        && let Some(work) = state.queue.pop_back()
    {
        drop(state);
        work.work();
    }
}

/// Has something done once by a worker: what must not be done on the thread that comes to know of it.
///
/// ```
/// # use std::sync::mpsc;
/// # use locum_protocol::threads;
/// let (told, hear) = mpsc::channel();
/// threads::run(move || told.send("done").unwrap());
/// assert_eq!(hear.recv().unwrap(), "done");
/// ```
pub fn run(job: impl FnOnce() + Send + 'static) {
    submit(Arc::new(Once(Mutex::new(Some(job)))));
}

struct Once<F>(Mutex<Option<F>>);

impl<F: FnOnce() + Send> Work for Once<F> {
    fn work(self: Arc<Self>) {
        let job = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(job) = job {
            job();
        }
    }
}

/// Lets the workers go that have nothing to do, and waits for them; one that is making a call goes when it is done. For
/// programs that look for threads that they have left behind. Workers come again when there is work.
///
/// ```
/// # use locum_protocol::threads;
/// threads::run(|| {});
/// threads::rest(); // no worker is left
/// ```
pub fn rest() {
    let all = &*WORKERS;
    let threads = {
        let mut state = all.lock();
        state.resting += 1;
        std::mem::take(&mut state.threads)
    };
    all.wanted.notify_all();
    for thread in threads {
        // A worker does not wait for itself, and a panic of its own has been told where it happened.
        if thread.thread().id() != thread::current().id() {
            let _ = thread.join();
        }
    }
    all.lock().resting -= 1;
}

impl Workers {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        let mut state = self.lock();
        loop {
            if let Some(work) = state.queue.pop_front() {
                state.taken += 1;
                drop(state);
                // A destructor or an executor's waker that panics has told so; the worker is needed.
                let _ = catch_unwind(AssertUnwindSafe(|| work.work()));
                state = self.lock();
                continue;
            }
            if state.resting > 0 {
                state.workers -= 1;
                return;
            }
            state.idle += 1;
            let waited = self.wanted.wait_timeout(state, IDLE);
            let (woken, time) = waited.unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle -= 1;
            if time.timed_out() && state.queue.is_empty() {
                state.workers -= 1;
                return;
            }
        }
    }

    /// Hires while nobody takes what is in the queue.
    fn look_after(&self) {
        let mut state = self.lock();
        while !state.queue.is_empty() && state.workers < MOST {
            let taken = state.taken;
            drop(state);
            thread::sleep(STUCK);
            state = self.lock();
            if state.taken == taken && !state.queue.is_empty() && state.idle == 0 {
                // A machine that has no more threads has this one: it looks again.
                let _ = state.hire();
            }
        }
        state.watched = false;
    }
}

impl State {
    fn hire(&mut self) -> io::Result<()> {
        let named = thread::Builder::new().name("locum-worker".to_owned());
        let worker = named.spawn(|| WORKERS.work())?;
        self.keep(worker);
        self.workers += 1;
        Ok(())
    }

    fn watch(&mut self) -> io::Result<()> {
        if !self.watched {
            let named = thread::Builder::new().name("locum-watch".to_owned());
            let watch = named.spawn(|| WORKERS.look_after())?;
            self.keep(watch);
            self.watched = true;
        }
        Ok(())
    }

    fn keep(&mut self, thread: JoinHandle<()>) {
        self.threads.retain(|thread| !thread.is_finished());
        self.threads.push(thread);
    }
}
