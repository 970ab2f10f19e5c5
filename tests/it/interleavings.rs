//! The waiting of threads, the mailbox and the frame table, under a checker that tries their interleavings.
//!
//! These are the files that Locum itself is made of, with the checker's locks and threads instead of the system's. What
//! they need around them, a plugin and its door, is made here: small, but with the same steps.

#![allow(missing_docs)]

use std::sync::{Arc, Mutex as Plain};

use self::gate::Gate;
use self::mailbox::{Call, Mailbox};
use self::reentry::{Entry, Family, Key};
use self::waiting::{Bell, Station, Task, Waited, Waits};

/// In the place of `std`.
mod sync {
    pub(crate) use shuttle::sync::atomic::{AtomicU64, AtomicUsize, Ordering, fence};
    pub(crate) use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard};
    pub(crate) use shuttle::thread_local;

    pub(crate) const SPINS: u32 = 1;
    // At once, so that it does not depend on a clock.
    pub(crate) const FAIR_AFTER: std::time::Duration = std::time::Duration::ZERO;

    pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().expect("no thread panics")
    }
}

/// A worker for each piece of work, so that any of them may come at any time.
mod workers {
    use std::sync::Arc;

    pub(crate) trait Work: Send + Sync {
        fn work(self: Arc<Self>);
    }

    pub(crate) fn submit(work: Arc<dyn Work>) {
        shuttle::thread::spawn(move || work.work());
    }
}

#[path = "../../wit/protocol/src/threads/waiting.rs"]
#[allow(dead_code, unreachable_pub)]
mod waiting;

#[path = "../../wit/protocol/src/threads/gate.rs"]
#[allow(dead_code, unreachable_pub)]
mod gate;

#[path = "../../wit/protocol/src/threads/mailbox.rs"]
#[allow(dead_code, unreachable_pub)]
mod mailbox;

/// Thread-locals of the checker's threads, for the file that knows of no other synchronisation.
macro_rules! thread_local {
    ($($all:tt)*) => { shuttle::thread_local! { $($all)* } };
}

#[path = "../../host/src/reentry.rs"]
#[allow(dead_code, unreachable_pub)]
mod reentry;

/// What a plugin's calls leave in its memory.
struct Memory;

impl Family for Memory {
    type At<'a> = &'a mut Vec<u32>;
}

/// A plugin behind its door.
struct Plugin {
    key: Key<Memory>,
    gate: Gate<Vec<u32>>,
    mailbox: Arc<Mailbox<Job>>,
}

/// Plugins in a ring: each calls the next one.
#[derive(Clone)]
struct Ring(Arc<Vec<Plugin>>);

/// A call that another thread may make.
struct Handed {
    ring: Ring,
    index: usize,
    hops: Plain<Option<u32>>,
    origin: u64,
    answer: Plain<Option<u32>>,
}

impl Task for Handed {
    fn is_wanted(&self) -> bool {
        self.hops.lock().unwrap().is_some()
    }

    fn run(&self) {
        let plugin = self.ring.plugin(self.index);
        if plugin.key.stack_used().is_none() {
            return;
        }
        let Some(hops) = self.hops.lock().unwrap().take() else {
            return;
        };
        let make = || self.ring.enter_parked(self.index, hops);
        let answer = mailbox::on_behalf_of(self.origin, make);
        *self.answer.lock().unwrap() = answer;
        plugin.gate.wake();
    }
}

impl Ring {
    fn new(size: usize) -> Ring {
        let waits = Arc::new(Waits::default());
        let plugin = |_| Plugin {
            key: Key::new(),
            gate: Gate::new(Vec::new(), waits.clone()),
            mailbox: Arc::new(Mailbox::new(waits.clone())),
        };
        Ring(Arc::new((0..size).map(plugin).collect()))
    }

    fn plugin(&self, index: usize) -> &Plugin {
        &self.0[index % self.0.len()]
    }

    /// Calls a plugin, which calls the next one, and so on; returns how many were called.
    fn call(&self, index: usize, hops: u32) -> u32 {
        let settled = self.plugin(index).mailbox.settle();
        assert_eq!(settled, Waited::Ready);
        self.enter(index, hops)
    }

    fn enter(&self, index: usize, hops: u32) -> u32 {
        if let Some(answer) = self.enter_parked(index, hops) {
            return answer;
        }
        let plugin = self.plugin(index);
        if let Some(mut pass) = plugin.gate.try_enter() {
            return plugin.key.occupy(|| self.run(index, &mut pass, hops));
        }
        let handed = Arc::new(Handed {
            ring: self.clone(),
            index,
            hops: Plain::new(Some(hops)),
            origin: mailbox::origin(),
            answer: Plain::default(),
        });
        let answered = || handed.answer.lock().unwrap().is_some();
        let pass = plugin.gate.enter(handed.clone(), answered);
        if let Some(answer) = handed.answer.lock().unwrap().take() {
            return answer;
        }
        let hops = handed
            .hops
            .lock()
            .unwrap()
            .take()
            .expect("nobody else has made the call");
        let mut pass = pass.expect("it has waited until it could enter");
        plugin.key.occupy(|| self.run(index, &mut pass, hops))
    }

    fn enter_parked(&self, index: usize, hops: u32) -> Option<u32> {
        match self
            .plugin(index)
            .key
            .enter(|memory| self.run(index, memory, hops))
        {
            Entry::Done(answer) => Some(answer),
            Entry::Running => panic!("the plugin waits, so it can be entered"),
            Entry::Absent(_) => None,
        }
    }

    /// What the plugin does.
    fn run(&self, index: usize, mut memory: &mut Vec<u32>, hops: u32) -> u32 {
        memory.push(hops);
        // Somebody else has a chance to come in between.
        shuttle::thread::yield_now();
        if hops == 0 {
            return 1;
        }
        let key = &self.plugin(index).key;
        1 + key.park(&mut memory, || self.call(index + 1, hops - 1))
    }

    fn start(&self, index: usize, hops: u32) -> Arc<Job> {
        let job = Arc::new(Job {
            number: mailbox::call_number(),
            origin: mailbox::origin(),
            ring: self.clone(),
            index,
            hops,
            progress: Plain::default(),
        });
        self.plugin(index).mailbox.push(job.clone());
        job
    }

    fn wait(&self, job: &Job) -> u32 {
        let waited = self.plugin(job.index).mailbox.finish(job, None);
        assert_eq!(waited, Waited::Ready);
        job.progress.lock().unwrap().0.expect("it is finished")
    }

    fn visits(&self, index: usize) -> Vec<u32> {
        self.plugin(index)
            .gate
            .try_enter_first()
            .expect("nobody is in")
            .clone()
    }
}

/// A started call.
struct Job {
    number: u64,
    origin: u64,
    ring: Ring,
    index: usize,
    hops: u32,
    progress: Plain<(Option<u32>, Vec<std::task::Waker>)>,
}

impl Call for Job {
    type Outcome = u32;
    fn number(&self) -> u64 {
        self.number
    }
    fn origin(&self) -> u64 {
        self.origin
    }
    fn wait_for_turn(&self) {
        self.ring.plugin(self.index).gate.wait_until_idle();
    }
    fn run(&self) -> u32 {
        self.ring.call(self.index, self.hops)
    }
    fn finish(&self, outcome: u32) {
        self.progress.lock().unwrap().0 = Some(outcome);
    }
    fn wake(&self) {
        let wakers = std::mem::take(&mut self.progress.lock().unwrap().1);
        wakers.into_iter().for_each(std::task::Waker::wake);
    }
    fn is_finished(&self) -> bool {
        self.progress.lock().unwrap().0.is_some()
    }
    fn on_finish(&self, waker: std::task::Waker) {
        let mut progress = self.progress.lock().unwrap();
        match progress.0 {
            None => progress.1.push(waker),
            Some(_) => {
                drop(progress);
                waker.wake();
            }
        }
    }
}

/// Runs the threads of a program in many interleavings: at random, and with few changes of thread at critical places.
fn in_many_interleavings(program: impl Fn() + Send + Sync + Clone + 'static) {
    shuttle::check_random(program.clone(), 2000);
    shuttle::check_pct(program, 1000, 3);
}

fn at_once(threads: usize, work: impl Fn(usize) + Send + Sync + 'static) {
    let work = Arc::new(work);
    let run = |index| {
        let work = work.clone();
        shuttle::thread::spawn(move || work(index))
    };
    let all: Vec<_> = (0..threads).map(run).collect();
    for thread in all {
        thread.join().expect("no panic");
    }
}

#[test]
fn threads_that_enter_one_plugin_take_turns() {
    in_many_interleavings(|| {
        let ring = Ring::new(1);
        at_once(3, {
            let ring = ring.clone();
            move |_| {
                assert_eq!(ring.call(0, 0), 1);
                assert_eq!(ring.call(0, 2), 3, "it calls itself");
            }
        });
        assert_eq!(ring.visits(0).len(), 3 * 4);
    });
}

#[test]
fn two_plugins_that_call_each_other_from_two_threads_do_not_wait_for_ever() {
    in_many_interleavings(|| {
        let ring = Ring::new(2);
        at_once(2, {
            let ring = ring.clone();
            move |index| {
                assert_eq!(ring.call(index, 2), 3);
                assert_eq!(ring.call(index, 1), 2);
            }
        });
        assert_eq!(ring.visits(0).len() + ring.visits(1).len(), 2 * 5);
    });
}

#[test]
fn a_ring_of_plugins_with_a_thread_for_each_does_not_wait_for_ever() {
    in_many_interleavings(|| {
        let ring = Ring::new(3);
        at_once(3, {
            let ring = ring.clone();
            move |index| assert_eq!(ring.call(index, 4), 5)
        });
    });
}

#[test]
fn calls_of_one_thread_are_made_in_their_order() {
    in_many_interleavings(|| {
        let ring = Ring::new(1);
        at_once(2, {
            let ring = ring.clone();
            move |_| {
                ring.start(0, 0);
                let waited = ring.start(0, 0);
                assert_eq!(
                    ring.call(0, 1),
                    2,
                    "in the middle of it the plugin calls itself"
                );
                assert!(waited.is_finished(), "it was made before");
                ring.start(0, 0);
                assert_eq!(ring.wait(&ring.start(0, 0)), 1);
            }
        });
        assert_eq!(ring.visits(0).len(), 2 * 6);
    });
}

#[test]
fn started_calls_around_a_ring_do_not_wait_for_ever() {
    in_many_interleavings(|| {
        let ring = Ring::new(2);
        at_once(2, {
            let ring = ring.clone();
            move |index| {
                ring.start(index, 1);
                let (first, second) = (ring.start(index, 2), ring.start(index + 1, 1));
                assert_eq!(ring.call(index, 1), 2);
                assert_eq!((ring.wait(&first), ring.wait(&second)), (3, 2));
            }
        });
        assert_eq!(
            ring.visits(0).len() + ring.visits(1).len(),
            2 * (2 + 3 + 2 + 2)
        );
    });
}

#[test]
fn threads_that_nobody_can_help_are_told_so() {
    in_many_interleavings(|| {
        let waits = Arc::new(Waits::default());
        let stations: Arc<[Arc<Station>; 2]> = Arc::default();
        let told = Arc::new(Plain::new(0));
        // Not locked while one of the checker's locks is taken.
        let bells: Arc<Plain<Vec<Arc<Bell>>>> = Arc::default();
        at_once(2, move |index| {
            let bell = waiting::bell();
            bells.lock().unwrap().push(bell.clone());
            stations[index].take();
            let ready = || *told.lock().unwrap() > 0;
            let waited = waits.wait(&bell, &stations[1 - index], |_| (), None, None, ready);
            if waited == Waited::Circle {
                *told.lock().unwrap() += 1;
                let all = bells.lock().unwrap().clone();
                all.iter().for_each(|bell| bell.ring());
            }
            stations[index].leave(0);
        });
    });
}
