//! A trace that somebody records: calls, put down when they end, in a queue that is taken from by that client's thread.
//!
//! **Invariant:** a call never waits for the one who reads the trace. What there is no room for is counted.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use locum_protocol::{Crossed, Crossing};

use super::hub::{Hub, lock};
use super::snapshot::{Call, TraceEnd};

/// How many calls wait to be read, at most: some ten megabytes.
const MOST_WAITING: usize = 32_768;

/// How many bytes of a text are kept.
pub(super) const LONGEST: usize = 200;

thread_local! {
    /// The traced call that this thread makes; 0 for none.
    static CURRENT: Cell<u64> = const { Cell::new(0) };
    static THREAD: Worker = Worker::this();
}

/// A thread, as a trace names it.
#[derive(Clone)]
struct Worker {
    number: u64,
    name: Arc<str>,
}

impl Worker {
    fn this() -> Worker {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Worker {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            name: thread::current().name().unwrap_or("thread").into(),
        }
    }
}

/// One trace.
pub(super) struct Session {
    began: Instant,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    /// Those that are under way.
    open: HashMap<u64, Arc<Head>>,
    done: Vec<Done>,
    dropped: u64,
}

/// What is known when a call begins.
struct Head {
    id: u64,
    parent: Option<u64>,
    plugin: Box<str>,
    inward: bool,
    verb: &'static str,
    object: Box<str>,
    path: Box<str>,
    mode: &'static str,
    reply: &'static str,
    worker: Worker,
    bytes: u64,
    began: Instant,
}

/// A call that has ended.
struct Done {
    head: Arc<Head>,
    ended: Instant,
    came: Result<u64, (&'static str, String)>,
}

/// A call that is being traced; until this is dropped, what its thread calls is within it.
pub(super) struct Traced<'h> {
    hub: &'h Hub,
    head: Arc<Head>,
    outer: u64,
}

/// Notes for every trace that a call begins on this thread.
#[cold]
pub(super) fn begin<'h>(hub: &'h Hub, crossing: &Crossing<'_>, began: Instant) -> Traced<'h> {
    let id = hub.number();
    // A thread at its very end has no name any more.
    let outer = CURRENT.try_with(|it| it.replace(id)).unwrap_or(0);
    let worker = THREAD.try_with(Worker::clone);
    let head = Arc::new(Head {
        id,
        parent: Some(outer).filter(|outer| *outer > 0),
        plugin: cut(crossing.peer).into(),
        inward: crossing.inward,
        verb: crossing.verb,
        object: cut(crossing.type_name).into(),
        path: cut(crossing.path).into(),
        mode: crossing.mode.name(),
        reply: crossing.reply.name(),
        worker: worker.unwrap_or_else(|_| Worker::this()),
        bytes: crossing.bytes,
        began,
    });
    for session in &*sessions(hub) {
        lock(&session.queue).open.insert(id, Arc::clone(&head));
    }
    Traced { hub, head, outer }
}

impl Traced<'_> {
    /// Notes what came of it.
    pub(super) fn end(self, crossed: &Crossed, ended: Instant) {
        let failed = |error: &crate::Error| {
            let text = cut(&error.to_string()).into_owned();
            Err((error.kind().name(), text))
        };
        let came = crossed.error.as_ref().map_or(Ok(crossed.bytes), failed);
        for session in &*sessions(self.hub) {
            session.done(&self.head, ended, &came);
        }
    }
}

impl Drop for Traced<'_> {
    fn drop(&mut self) {
        let _ = CURRENT.try_with(|it| it.set(self.outer));
    }
}

/// The traced call that this thread makes.
pub(super) fn current() -> Option<u64> {
    let current = CURRENT.try_with(Cell::get).unwrap_or(0);
    Some(current).filter(|current| *current > 0)
}

/// Runs something as if it were called within that call.
pub(super) fn within(call: u64, run: impl FnOnce()) {
    struct Back(u64);
    impl Drop for Back {
        fn drop(&mut self) {
            let _ = CURRENT.try_with(|it| it.set(self.0));
        }
    }
    let _back = Back(CURRENT.try_with(|it| it.replace(call)).unwrap_or(0));
    run();
}

impl Session {
    /// Begins a trace, which is among those of the hub until it is [over](Session::end).
    pub(super) fn begin(hub: &Hub) -> Arc<Session> {
        let session = Arc::new(Session {
            began: Instant::now(),
            queue: Mutex::default(),
        });
        let mut sessions = hub.sessions.write().unwrap_or_else(PoisonError::into_inner);
        sessions.push(Arc::clone(&session));
        session
    }

    fn done(&self, head: &Arc<Head>, ended: Instant, came: &Result<u64, (&'static str, String)>) {
        let mut queue = lock(&self.queue);
        // It may have begun before the trace, or have been told as one that was under way at its end.
        if queue.open.remove(&head.id).is_none() {
            return;
        }
        if queue.done.len() >= MOST_WAITING {
            queue.dropped += 1;
            return;
        }
        queue.done.push(Done {
            head: Arc::clone(head),
            ended,
            came: came.clone(),
        });
    }

    /// The calls that have ended since this was asked last.
    pub(super) fn take(&self) -> Vec<Call> {
        let done = mem::take(&mut lock(&self.queue).done);
        self.told(done)
    }

    /// Ends the trace: the calls that have ended, then those that are under way.
    pub(super) fn end(self: &Arc<Self>, hub: &Hub) -> (Vec<Call>, TraceEnd) {
        hub.sessions
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|it| !Arc::ptr_eq(it, self));
        let mut queue: MutexGuard<'_, Queue> = lock(&self.queue);
        let (done, open) = (mem::take(&mut queue.done), mem::take(&mut queue.open));
        // After whatever has ended, before whatever ends from now on.
        let ended = Instant::now();
        let dropped = queue.dropped;
        drop(queue);
        let mut calls = self.told(done);
        calls.extend(open.values().map(|head| self.call(head)));
        let end = TraceEnd {
            end_ns: self.nanos(ended),
            calls: 0,
            dropped,
        };
        (calls, end)
    }

    fn told(&self, done: Vec<Done>) -> Vec<Call> {
        let told = |done: Done| {
            let mut call = self.call(&done.head);
            call.end_ns = Some(self.nanos(done.ended));
            match done.came {
                Ok(bytes) => {
                    call.outcome = Some("ok".to_owned());
                    call.answer_bytes = Some(bytes);
                }
                Err((kind, text)) => {
                    call.outcome = Some(kind.to_owned());
                    call.error = Some(text);
                }
            }
            call
        };
        done.into_iter().map(told).collect()
    }

    fn call(&self, head: &Head) -> Call {
        Call {
            id: head.id,
            parent: head.parent,
            plugin: head.plugin.to_string(),
            direction: if head.inward { "in" } else { "out" }.to_owned(),
            verb: head.verb.to_owned(),
            object: head.object.to_string(),
            path: head.path.to_string(),
            mode: head.mode.to_owned(),
            reply: head.reply.to_owned(),
            thread: head.worker.number,
            thread_name: head.worker.name.to_string(),
            start_ns: self.nanos(head.began),
            end_ns: None,
            bytes: head.bytes,
            answer_bytes: None,
            outcome: None,
            error: None,
        }
    }

    fn nanos(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.began);
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }
}

fn sessions(hub: &Hub) -> std::sync::RwLockReadGuard<'_, Vec<Arc<Session>>> {
    hub.sessions.read().unwrap_or_else(PoisonError::into_inner)
}

/// A text that is not too long: plugins say what they like.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return text.into();
    }
    let end = text.floor_char_boundary(LONGEST - 3);
    format!("{}...", &text[..end]).into()
}
