//! Who is told of what happens to a supervised plugin: in order, one thing at a time, by a worker, while nothing waits
//! for it.

use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex};

use super::{Life, lock, timer};
use crate::Error;
use crate::door::panic_message;

/// What a program wants to be told.
#[derive(Default)]
pub(super) struct Hooks {
    pub(super) on_start: Option<OnLife>,
    pub(super) on_crash: Option<OnCrash>,
    pub(super) on_restart: Option<OnLife>,
    pub(super) on_give_up: Option<OnGiveUp>,
}

type OnLife = Box<dyn Fn(&Life) + Send + Sync>;
type OnCrash = Box<dyn Fn(&Life, &Error) + Send + Sync>;
type OnGiveUp = Box<dyn Fn(&Error) + Send + Sync>;

/// What happened.
pub(super) enum Event {
    Started(Life),
    Crashed(Life, Error),
    Restarted(Life),
    GaveUp(Error),
    /// Nothing will happen any more.
    Stopped,
}

/// Brings events to the hooks.
pub(super) struct Herald {
    state: Mutex<State>,
    told: Condvar,
}

struct State {
    /// `None` when they are not wanted any more.
    hooks: Option<Arc<Hooks>>,
    events: VecDeque<Event>,
    /// Whether a worker is at it, or will be.
    busy: bool,
}

thread_local! {
    /// The herald whose hook this thread runs; 0 for none.
    static TELLING: Cell<usize> = const { Cell::new(0) };
}

impl Herald {
    pub(super) fn new(hooks: Hooks) -> Arc<Herald> {
        Arc::new(Herald {
            state: Mutex::new(State {
                hooks: Some(Arc::new(hooks)),
                events: VecDeque::new(),
                busy: false,
            }),
            told: Condvar::new(),
        })
    }

    /// Has it told. No hook runs on this thread.
    pub(super) fn tell(self: &Arc<Self>, event: Event) {
        let mut state = lock(&self.state);
        let wanted = state.hooks.as_ref().is_some_and(|hooks| match event {
            Event::Started(_) => hooks.on_start.is_some(),
            Event::Crashed(..) => hooks.on_crash.is_some(),
            Event::Restarted(_) => hooks.on_restart.is_some(),
            // The log is told of that too.
            Event::GaveUp(_) | Event::Stopped => true,
        });
        if !wanted {
            return;
        }
        state.events.push_back(event);
        if !std::mem::replace(&mut state.busy, true) {
            let herald = Arc::clone(self);
            timer::soon(move || herald.work());
        }
    }

    /// Returns when everything has been told that happened until now; at once in a hook.
    pub(super) fn wait_until_told(self: &Arc<Self>) {
        if self.tells_here() {
            return;
        }
        let mut state = lock(&self.state);
        while state.busy {
            state = self
                .told
                .wait(state)
                .unwrap_or_else(|error| error.into_inner());
        }
    }

    /// Whether this thread is running one of the hooks.
    fn tells_here(self: &Arc<Self>) -> bool {
        TELLING.get() == self.address()
    }

    fn address(self: &Arc<Self>) -> usize {
        Arc::as_ptr(self).addr()
    }

    fn work(self: Arc<Self>) {
        let before = TELLING.replace(self.address());
        while let Some((event, hooks)) = self.next() {
            if let Event::Stopped = event {
                // What they hold may be the supervisor itself.
                let mut state = lock(&self.state);
                let rest = (state.hooks.take(), std::mem::take(&mut state.events));
                drop(state);
                drop(rest);
            }
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| {
                call(&hooks, &event);
                drop((hooks, event));
            })) {
                let text = panic_message(&*panic);
                tracing::error!(target: "locum::supervisor", panic = text, "a hook panicked");
            }
        }
        TELLING.set(before);
        self.told.notify_all();
    }

    fn next(&self) -> Option<(Event, Arc<Hooks>)> {
        let mut state = lock(&self.state);
        let event = state.events.pop_front();
        let next = event.zip(state.hooks.clone());
        state.busy = next.is_some();
        next
    }
}

fn call(hooks: &Hooks, event: &Event) {
    match event {
        Event::Started(life) => hooks.on_start.iter().for_each(|hook| hook(life)),
        Event::Crashed(life, cause) => hooks.on_crash.iter().for_each(|hook| hook(life, cause)),
        Event::Restarted(life) => hooks.on_restart.iter().for_each(|hook| hook(life)),
        Event::GaveUp(error) => {
            tracing::error!(target: "locum::supervisor", error = %error, "given up");
            hooks.on_give_up.iter().for_each(|hook| hook(error));
        }
        Event::Stopped => {}
    }
}
