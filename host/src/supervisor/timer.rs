//! What is to be done later: one thread for all supervisors, which hands to the workers what is due.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use locum_protocol::threads;

use super::lock;

type Job = Box<dyn FnOnce() + Send>;

/// Beyond this nobody can tell whether it was waited for.
const FAR: Duration = Duration::from_secs(100 * 365 * 86_400);

/// How long the thread sleeps at most: not every system can wait for longer.
const NAP: Duration = Duration::from_secs(86_400);

static TIMER: Timer = Timer {
    jobs: Mutex::new(Jobs {
        runs: false,
        next: 0,
        queue: BTreeMap::new(),
    }),
    changed: Condvar::new(),
};

struct Timer {
    jobs: Mutex<Jobs>,
    changed: Condvar,
}

struct Jobs {
    /// Whether there is a thread.
    runs: bool,
    next: u64,
    /// By the time at which they are due; the number tells those of the same time apart.
    queue: BTreeMap<(Instant, u64), Job>,
}

/// A job that has yet to be done; dropping this cancels it.
pub(super) struct Appointment((Instant, u64));

impl Appointment {
    /// When it will be done, if a worker is free.
    pub(super) fn due(&self) -> Instant {
        self.0.0
    }
}

impl Drop for Appointment {
    fn drop(&mut self) {
        let job = TIMER.lock().queue.remove(&self.0);
        // Unlocked by now: it may hold the last of something.
        drop(job);
    }
}

/// Starts the thread, unless there is one.
pub(super) fn start() -> io::Result<()> {
    let mut jobs = TIMER.lock();
    if !jobs.runs {
        let named = thread::Builder::new().name("locum-supervisor".into());
        named.spawn(|| TIMER.run())?;
        jobs.runs = true;
    }
    Ok(())
}

/// Has a worker do this after that time. What takes longer than anybody could wait is done after a hundred years.
pub(super) fn after(delay: Duration, job: impl FnOnce() + Send + 'static) -> Appointment {
    let now = Instant::now();
    let due = now.checked_add(delay.min(FAR)).unwrap_or(now);
    Appointment(TIMER.add(due, Box::new(job)))
}

/// Has a worker do this now: never the thread that asks for it, on whose stack a plugin may be dying.
pub(super) fn soon(job: impl FnOnce() + Send + 'static) {
    TIMER.add(Instant::now(), Box::new(job));
}

impl Timer {
    fn lock(&self) -> MutexGuard<'_, Jobs> {
        lock(&self.jobs)
    }

    fn add(&self, due: Instant, job: Job) -> (Instant, u64) {
        let mut jobs = self.lock();
        let key = (due, jobs.next);
        jobs.next += 1;
        jobs.queue.insert(key, job);
        self.changed.notify_one();
        key
    }

    fn run(&self) -> ! {
        let mut jobs = self.lock();
        loop {
            let nap = match jobs.queue.first_entry() {
                None => NAP,
                Some(first) => {
                    let left = first.key().0.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        let job = first.remove();
                        drop(jobs);
                        threads::run(job);
                        jobs = self.lock();
                        continue;
                    }
                    left.min(NAP)
                }
            };
            let waited = self.changed.wait_timeout(jobs, nap);
            jobs = waited.unwrap_or_else(|error| error.into_inner()).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn jobs_are_done_when_they_are_due_and_not_before() {
        start().unwrap();
        let (done, order) = mpsc::channel();
        let began = Instant::now();
        let kept: Vec<Appointment> = [60, 20, 40]
            .map(|millis| {
                let done = done.clone();
                after(Duration::from_millis(millis), move || {
                    let _ = done.send((millis, began.elapsed()));
                })
            })
            .into();
        for _ in 0..3 {
            let (millis, elapsed) = order.recv().unwrap();
            assert!(
                elapsed >= Duration::from_millis(millis),
                "{millis}: {elapsed:?}"
            );
        }
        drop(kept);
    }

    #[test]
    fn what_is_cancelled_is_dropped_at_once_and_never_done() {
        start().unwrap();
        let held = Arc::new(());
        let job = {
            let held = Arc::clone(&held);
            move || drop(held)
        };
        let appointment = after(Duration::MAX, job);
        assert_eq!(Arc::strong_count(&held), 2);
        drop(appointment);
        assert_eq!(Arc::strong_count(&held), 1);
    }

    #[test]
    fn a_job_that_panics_keeps_no_other_from_being_done() {
        start().unwrap();
        let (done, told) = mpsc::channel();
        soon(|| panic!("on purpose"));
        soon(move || done.send(()).unwrap());
        told.recv_timeout(Duration::from_secs(60)).unwrap();
    }
}
