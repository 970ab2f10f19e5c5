//! How a plugin that sleeps in WASI is woken before its time.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::deadline::Meter;

/// Ends a plugin's sleep when its time is up, or when it rings: from then on the plugin can not wait for anything.
pub(crate) struct Alarm {
    meter: Arc<Meter>,
    rings: AtomicBool,
    asleep: Mutex<Option<Thread>>,
}

impl Alarm {
    pub(crate) fn new(meter: Arc<Meter>) -> Alarm {
        Alarm {
            meter,
            rings: AtomicBool::new(false),
            asleep: Mutex::default(),
        }
    }

    /// Wakes the plugin if it sleeps.
    pub(crate) fn ring(&self) {
        self.rings.store(true, Ordering::SeqCst);
        if let Some(thread) = &*self.asleep.lock().unwrap_or_else(PoisonError::into_inner) {
            thread.unpark();
        }
    }

    /// Waits on this thread until `future` is ready, the alarm rings, or the plugin's time is up.
    ///
    /// wasmtime-wasi's own way is to block on a tokio runtime, and tokio refuses that with a panic where the host's
    /// thread drives tasks already: a plugin that prints a line could not be called from an async function. So the
    /// thread is parked here, and timers and sockets tick elsewhere.
    pub(super) fn wait<F: Future>(&self, future: F) -> wasmtime::Result<F::Output> {
        let mut future = pin!(future);
        let thread = thread::current();
        let waker = Waker::from(Arc::new(Sleeper(thread.clone())));
        let mut context = Context::from_waker(&waker);
        let _timers = clockwork()?.enter();
        self.sleeps(Some(thread));
        let outcome = loop {
            if self.rings.load(Ordering::SeqCst) {
                break Err(wasmtime::Error::msg(
                    "the plugin was closed while it waited in WASI",
                ));
            }
            match future.as_mut().poll(&mut context) {
                Poll::Ready(output) => break Ok(output),
                Poll::Pending => match self.meter.left() {
                    Duration::ZERO => break Err(self.meter.out_of_time().into()),
                    left => thread::park_timeout(left),
                },
            }
        };
        self.sleeps(None);
        outcome
    }

    fn sleeps(&self, thread: Option<Thread>) {
        *self.asleep.lock().unwrap_or_else(PoisonError::into_inner) = thread;
    }
}

#[cfg(test)]
impl Default for Alarm {
    fn default() -> Alarm {
        let meter = Meter::new();
        drop(meter.begin(Duration::MAX));
        Alarm::new(meter)
    }
}

struct Sleeper(Thread);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Does what does not wait, but may leave something behind that ticks: a timer, a socket, the reading of a file. It shall
/// not tick in a runtime of the host's, which may be without them, or end before the plugin.
pub(super) fn ticking<R>(act: impl FnOnce() -> R) -> R {
    let _timers = clockwork().map(Runtime::enter);
    act()
}

/// A runtime on a thread of its own, whatever runtime the host has: timers must tick while the host's thread is parked.
fn clockwork() -> wasmtime::Result<&'static Runtime> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let made = Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("locum-wasi")
        .enable_all()
        .build()?;
    Ok(RUNTIME.get_or_init(|| made))
}
