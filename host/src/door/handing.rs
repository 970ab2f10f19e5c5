//! Handing a call to the thread that is inside of the plugin.
//!
//! A thread that comes to a plugin which another thread is in waits for its turn. If that other thread waits as well, and
//! for this one, nobody would ever go on; so it makes this thread's call within its own, on the plugin's parked stack.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use locum_protocol::threads::{Chain, Task};
use locum_protocol::{Context, Error, Kind, Result};

use super::{Export, Inner};
use crate::watch;

/// A call that waits for its turn, or to be made by another thread.
struct Handed<B, R> {
    inner: Arc<Inner>,
    export: Export<B, R>,
    /// Taken by whoever makes the call.
    request: Mutex<Option<Request<B>>>,
    answer: Mutex<Option<Result<R>>>,
    /// What its own thread has borrowed, which the other one can not wait for.
    chain: Chain,
}

struct Request<B> {
    path: Box<str>,
    body: B,
    /// The spans that it belongs to, should another thread make it.
    context: Option<Context>,
}

impl<B, R> Task for Handed<B, R>
where
    B: Send + 'static,
    R: Send + 'static,
{
    fn is_wanted(&self) -> bool {
        locked(&self.request).is_some()
    }

    /// Makes the call on this thread, if this is where the plugin is parked.
    fn run(&self) {
        let inner = &self.inner;
        if inner.line.key.stack_used().is_none() {
            // This thread has left the plugin meanwhile, and the other one enters by itself.
            return;
        }
        let Some(request) = locked(&self.request).take() else {
            return;
        };
        let Request {
            path,
            body,
            context,
        } = request;
        let mut body = Some(body);
        let ready = inner.alive().and_then(|()| inner.has_stack());
        let answer = ready.and_then(|()| {
            let mut make = || inner.enter_parked(&path, &mut body, self.export);
            let made = self.chain.within(|| match context {
                None => make(),
                Some(context) => {
                    let mut made = None;
                    context(&mut || made = make());
                    made
                }
            });
            made.unwrap_or_else(|| Err(inner.gone()))
        });
        *locked(&self.answer) = Some(answer);
        inner.store.wake();
    }
}

impl Inner {
    /// Calls a function when it is this thread's turn, or has it called by the thread that is in the plugin.
    #[cold]
    pub(super) fn enter_in_turn<B, R>(
        self: &Arc<Self>,
        path: &str,
        body: B,
        export: Export<B, R>,
    ) -> Result<R>
    where
        B: Send + 'static,
        R: Send + 'static,
    {
        let handed = Arc::new(Handed {
            inner: Arc::clone(self),
            export,
            request: Mutex::new(Some(Request {
                path: path.into(),
                body,
                context: watch::context(),
            })),
            answer: Mutex::new(None),
            chain: Chain::here(),
        });
        let pass = self.store.enter(handed.clone(), || {
            locked(&handed.answer).is_some() || self.line.fate.get().is_some()
        });
        if let Some(answer) = locked(&handed.answer).take() {
            return answer;
        }
        let request = locked(&handed.request).take();
        match (pass, request) {
            (Some(pass), Some(Request { path, body, .. })) => self.run_behind(pass, |inside| {
                self.run(inside, |inside| {
                    export(&self.functions, inside, &path, body)
                })
            }),
            // Its fate was decided while this thread waited.
            _ if self.line.fate.get().is_some() => Err(self.gone()),
            _ => Err(self.unreachable()),
        }
    }
}

impl Inner {
    #[cold]
    fn unreachable(&self) -> Error {
        let name = &self.line.name;
        Error::new(
            Kind::Busy,
            format!("plugin `{name}` is waited for by calls that wait for one another"),
        )
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
