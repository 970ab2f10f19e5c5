//! A call that was started: what is to be done, and what came of it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::task::Waker;
use std::time::Instant;

use crate::observe::Context;
use crate::peer::lock;
use crate::proxy::Import;
use crate::threads::{Call, Mailbox, Waited, call_number, origin};
use crate::{CallMode, Error, Kind, Parcel, ReplyMode, Result};

/// How many wait for one call before those are woken to ask again.
const MOST_WAKERS: usize = 16;

/// What is asked of an object.
pub(crate) enum Verb {
    Call(Parcel),
    Get,
    Set(Parcel),
}

impl Verb {
    /// Has it answered by a peer.
    #[inline]
    pub(crate) fn send(
        self,
        import: &Import,
        path: &str,
        reply: ReplyMode,
        mode: CallMode,
    ) -> Result<Parcel> {
        match self {
            Verb::Call(args) => import.call(path, args, reply, mode),
            Verb::Get => import.get(path, reply, mode),
            Verb::Set(value) => import
                .set(path, value, mode)
                .and_then(|()| Parcel::encode(&())),
        }
    }
}

/// A request to an object at a peer.
pub(crate) struct Request {
    pub(crate) import: Arc<Import>,
    pub(crate) path: Arc<str>,
    pub(crate) verb: Verb,
    pub(crate) reply: ReplyMode,
    pub(crate) mode: CallMode,
}

impl Request {
    /// Has it answered.
    fn send(self) -> Result<Parcel> {
        self.verb
            .send(&self.import, &self.path, self.reply, self.mode)
    }

    /// Starts it: it is run in its turn, whoever waits for it.
    pub(crate) fn start(self) -> Running {
        let mailbox = self.import.peer.mailbox().clone();
        let context = self.import.peer.context();
        let call = Arc::new(Started {
            number: call_number(),
            origin: origin(),
            progress: Mutex::new(Progress {
                phase: Phase::Queued(Box::new(self), context),
                wakers: Vec::new(),
            }),
        });
        mailbox.push(call.clone());
        Running { call, mailbox }
    }
}

/// A started call, as it lies in a mailbox.
pub(crate) struct Started {
    number: u64,
    /// On whose behalf it was started.
    origin: u64,
    progress: Mutex<Progress>,
}

struct Progress {
    phase: Phase,
    wakers: Vec<Waker>,
}

enum Phase {
    Queued(Box<Request>, Option<Context>),
    Running,
    Finished(Result<Parcel>),
    /// Its result has been handed out.
    Taken,
}

impl Call for Started {
    type Outcome = Result<Parcel>;

    fn number(&self) -> u64 {
        self.number
    }

    fn origin(&self) -> u64 {
        self.origin
    }

    fn run(&self) -> Result<Parcel> {
        let phase = std::mem::replace(&mut lock(&self.progress).phase, Phase::Running);
        let Phase::Queued(request, context) = phase else {
            return Err(Error::new(Kind::Protocol, "a call was run twice"));
        };
        let (import, posted) = (request.import.clone(), request.mode == CallMode::Post);
        let path = request.path.clone();
        // Where a worker would die of it, everybody who waits for the worker would wait for ever.
        let run = || {
            let result = request.send();
            if posted && let Err(error) = &result {
                import.peer.lost(&import, &path, error);
            }
            result
        };
        catch_unwind(AssertUnwindSafe(|| within(context, run)))
            .unwrap_or_else(|panic| Err(panicked(&*panic)))
    }

    fn wait_for_turn(&self) {
        let peer = match &lock(&self.progress).phase {
            Phase::Queued(request, _) => request.import.peer.clone(),
            _ => return,
        };
        peer.wait_until_idle();
    }

    fn finish(&self, result: Result<Parcel>) {
        lock(&self.progress).phase = Phase::Finished(result);
    }

    fn wake(&self) {
        let wakers = std::mem::take(&mut lock(&self.progress).wakers);
        for waker in wakers {
            // An executor's that panics keeps nobody else from being woken.
            let _ = catch_unwind(AssertUnwindSafe(|| waker.wake()));
        }
    }

    fn is_finished(&self) -> bool {
        matches!(
            lock(&self.progress).phase,
            Phase::Finished(_) | Phase::Taken
        )
    }

    fn on_finish(&self, waker: Waker) {
        let mut progress = lock(&self.progress);
        match progress.phase {
            Phase::Queued(..) | Phase::Running => {
                if progress.wakers.iter().any(|known| known.will_wake(&waker)) {
                    return;
                }
                // An executor may bring another waker each time that it asks. Whoever still waits asks again.
                let mut woken = Vec::new();
                if progress.wakers.len() == MOST_WAKERS {
                    woken = std::mem::take(&mut progress.wakers);
                }
                progress.wakers.push(waker);
                drop(progress);
                woken.into_iter().for_each(Waker::wake);
            }
            Phase::Finished(_) | Phase::Taken => {
                drop(progress);
                waker.wake();
            }
        }
    }
}

impl Started {
    fn take(&self) -> Option<Result<Parcel>> {
        let mut progress = lock(&self.progress);
        match std::mem::replace(&mut progress.phase, Phase::Taken) {
            Phase::Finished(result) => Some(result),
            other => {
                progress.phase = other;
                None
            }
        }
    }
}

/// Makes a call in the context that it was started in.
fn within(context: Option<Context>, run: impl FnOnce() -> Result<Parcel>) -> Result<Parcel> {
    let Some(context) = context else {
        return run();
    };
    let (mut run, mut result) = (Some(run), None);
    context(&mut || {
        if let Some(run) = run.take() {
            result = Some(run());
        }
    });
    // Whether the call is made is not for an observer to say.
    match (result, run) {
        (Some(result), _) => result,
        (None, Some(run)) => run(),
        (None, None) => Err(Error::new(
            Kind::Protocol,
            "the observer panicked while the call was made",
        )),
    }
}

#[cold]
fn panicked(panic: &(dyn Any + Send)) -> Error {
    let owned = || panic.downcast_ref::<String>().map(String::as_str);
    let text = panic.downcast_ref::<&str>().copied().or_else(owned);
    Error::new(
        Kind::Panic,
        format!(
            "the call panicked on this side: {}",
            text.unwrap_or("a panic whose value is not text")
        ),
    )
}

/// A started call and where it lies: what is held by whoever wants its result.
#[derive(Clone)]
pub(crate) struct Running {
    call: Arc<Started>,
    mailbox: Arc<Mailbox<Started>>,
}

impl Running {
    pub(crate) fn is_finished(&self) -> bool {
        self.call.is_finished()
    }

    /// The result, if it is there and has not been taken.
    pub(crate) fn take(&self) -> Option<Result<Parcel>> {
        self.call.take()
    }

    pub(crate) fn wait(&self, until: Option<Instant>) -> Waited {
        self.mailbox.finish(&self.call, until)
    }

    pub(crate) fn on_finish(&self, waker: &Waker) {
        // A plugin has no workers: whoever asks runs it.
        if cfg!(target_family = "wasm") {
            self.wait(None);
        }
        self.call.on_finish(waker.clone());
    }
}
