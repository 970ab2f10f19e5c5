//! Threads that help the one that hired them, which then waits for them.
//!
//! It may be inside of a plugin that one of them waits for, by way of other threads that wait as well. So a helper is waited
//! for as a plugin is, behind a gate of its own: then it can be seen who waits for whom, and circles are broken.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, Scope, ScopedJoinHandle};

use locum_protocol::threads::{self, Chain, Gate};

use crate::{Context, watch};

/// The helpers of one thread.
pub(super) struct Crew<'scope, 'env, R> {
    scope: &'scope Scope<'scope, 'env>,
    helpers: Vec<Helper<'scope, R>>,
}

struct Helper<'scope, R> {
    thread: ScopedJoinHandle<'scope, R>,
    /// It is behind its gate now.
    begun: Receiver<()>,
    gate: Arc<Gate<()>>,
}

impl<'scope, 'env, R: Send + 'scope> Crew<'scope, 'env, R> {
    pub(super) fn new(scope: &'scope Scope<'scope, 'env>) -> Crew<'scope, 'env, R> {
        Crew {
            scope,
            helpers: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.helpers.len()
    }

    /// Has this done by another thread, on behalf of this one: what this one has borrowed is busy for it, and what it does
    /// lies in this one's spans. When there is no thread to be had, it is not done.
    pub(super) fn hire(&mut self, work: impl FnOnce() -> R + Send + 'scope) {
        let gate = Arc::new(Gate::new((), Arc::clone(threads::waits())));
        let (begins, begun) = mpsc::channel();
        let (chain, context) = (Chain::here(), watch::context());
        let inside = Arc::clone(&gate);
        let job = move || {
            let _pass = inside.try_enter();
            let _ = begins.send(());
            chain.within(|| within(context, work))
        };
        let thread = thread::Builder::new().name("locum-pool".into());
        if let Ok(thread) = thread.spawn_scoped(self.scope, job) {
            self.helpers.push(Helper {
                thread,
                begun,
                gate,
            });
        }
    }

    /// Waits until all are done: what each has come to, or its panic.
    pub(super) fn wait(self) -> Vec<thread::Result<R>> {
        let wait = |helper: Helper<'scope, R>| {
            // It does nothing before that which could have to wait.
            let _ = helper.begun.recv();
            helper.gate.wait_until_idle();
            helper.thread.join()
        };
        self.helpers.into_iter().map(wait).collect()
    }
}

/// Runs a part of the work under the spans of the thread that it is for.
fn within<R>(context: Option<Context>, work: impl FnOnce() -> R) -> R {
    let Some(context) = context else {
        return work();
    };
    let (mut work, mut result) = (Some(work), None);
    context(&mut || result = work.take().map(|work| work()));
    match (result, work) {
        (Some(result), _) => result,
        (None, Some(work)) => work(),
        (None, None) => unreachable!("it ran, so it has a result"),
    }
}
