//! What the log is told: spans of calls and of a plugin's life, posted calls that failed, what was forgotten at the end.
//!
//! `spans.md` is the public list of it.

use std::sync::Arc;
use std::time::Instant;

use locum_protocol::{Context, Crossed, Crossing, Observer};
use tracing::field::Empty;
use tracing::{Span, dispatcher};

use crate::component::Component;
use crate::{Error, Kind, Leak, LoadOptions, PeerLimits, PostError, Result, Setup};

/// How a plugin's peer works.
pub(crate) fn setup(options: &LoadOptions, limits: PeerLimits) -> Setup {
    let mut setup = Setup::new()
        .limits(limits)
        .call_options(options.calls)
        .observer(Arc::new(Spans));
    let hook = options.on_post_error.clone();
    setup = setup.on_post_error(move |lost: &PostError| {
        tracing::error!(
            target: "locum",
            plugin = lost.peer,
            callee = lost.callee,
            error = %lost.error,
            "a posted call failed"
        );
        if let Some(hook) = &hook {
            hook(lost);
        }
    });
    let hook = options.on_leak.clone();
    if hook.is_some() || cfg!(debug_assertions) {
        setup = setup.on_leak(move |leak: &Leak| {
            if cfg!(debug_assertions) {
                tracing::warn!(target: "locum", plugin = leak.peer, "{leak}");
            }
            if let Some(hook) = &hook {
                hook(leak);
            }
        });
    }
    setup
}

/// A span for each call, in both directions: `spans.md` has its fields.
pub(crate) struct Spans;

impl Observer for Spans {
    #[inline]
    fn is_on(&self) -> bool {
        is_on()
    }

    fn observe(&self, crossing: &Crossing<'_>, run: &mut dyn FnMut() -> Crossed) {
        let (sent, received) = match crossing.inward {
            true => (None, Some(crossing.bytes)),
            false => (Some(crossing.bytes), None),
        };
        let span = tracing::debug_span!(
            target: "locum::call",
            "call",
            plugin = crossing.peer,
            direction = if crossing.inward { "in" } else { "out" },
            verb = crossing.verb,
            object = crossing.type_name,
            path = crossing.path,
            mode = crossing.mode.name(),
            reply = crossing.reply.name(),
            sent,
            received,
            outcome = Empty,
            error = Empty,
            micros = Empty,
        );
        let begun = Instant::now();
        let crossed = span.in_scope(run);
        if crossed.error.is_none() {
            let back = if crossing.inward { "sent" } else { "received" };
            span.record(back, crossed.bytes);
        }
        ended(&span, begun, crossed.error.as_ref());
    }

    /// Started calls belong to the span, and are told to the subscriber, of the thread that started them.
    fn context(&self) -> Option<Context> {
        context()
    }
}

/// Whether this thread's subscriber wants calls.
#[inline]
pub(crate) fn is_on() -> bool {
    tracing::enabled!(target: "locum::call", tracing::Level::DEBUG)
}

/// The span and the subscriber of this thread, for a thread that works for it; `None` while nobody looks.
pub(crate) fn context() -> Option<Context> {
    if !is_on() {
        return None;
    }
    let (dispatch, span) = (dispatcher::get_default(Clone::clone), Span::current());
    Some(Box::new(move |run| {
        dispatcher::with_default(&dispatch, || span.in_scope(run));
    }))
}

/// A span around the loading of a file: checking and compiling it, or finding it compiled.
pub(crate) fn loading(
    file: &str,
    bytes: usize,
    load: impl FnOnce() -> Result<Component>,
) -> Result<Component> {
    let span = tracing::debug_span!(
        target: "locum::plugin",
        "load",
        file,
        bytes,
        from = Empty,
        outcome = Empty,
        error = Empty,
        micros = Empty,
    );
    let begun = Instant::now();
    let loaded = span.in_scope(load);
    if let Ok(component) = &loaded {
        span.record("from", component.origin().name());
    }
    ended(&span, begun, loaded.as_ref().err());
    loaded
}

/// A span around the start of an instance.
pub(crate) fn starting<T>(plugin: &str, start: impl FnOnce() -> Result<T>) -> Result<T> {
    let span = tracing::debug_span!(
        target: "locum::plugin",
        "start",
        plugin,
        outcome = Empty,
        error = Empty,
        micros = Empty,
    );
    let begun = Instant::now();
    let started = span.in_scope(start);
    ended(&span, begun, started.as_ref().err());
    started
}

/// A span around the orderly end of a plugin.
pub(crate) fn closing(plugin: &str, close: impl FnOnce() -> Result<()>) -> Result<()> {
    let span = tracing::debug_span!(
        target: "locum::plugin",
        "close",
        plugin,
        outcome = Empty,
        error = Empty,
        micros = Empty,
    );
    let begun = Instant::now();
    let closed = span.in_scope(close);
    ended(&span, begun, closed.as_ref().err());
    closed
}

/// What came of what a span was about.
fn ended(span: &Span, begun: Instant, error: Option<&Error>) {
    span.record("micros", begun.elapsed().as_secs_f64() * 1e6);
    match error {
        None => span.record("outcome", "ok"),
        Some(error) => span
            .record("outcome", error.kind().name())
            .record("error", tracing::field::display(error)),
    };
}

/// A plugin's fate was decided.
#[cold]
pub(crate) fn gone(plugin: &str, cause: &Error) {
    let kind = cause.kind().name();
    if cause.kind() == Kind::Closed {
        tracing::debug!(target: "locum::plugin", plugin, kind, cause = %cause, "closed");
    } else {
        tracing::warn!(target: "locum::plugin", plugin, kind, cause = %cause, "died");
    }
}

/// An object of the host's panicked while a plugin used it, or let it go.
#[cold]
pub(crate) fn panicked(plugin: &str, panic: &str) {
    tracing::error!(target: "locum", plugin, panic, "an object of the host's panicked");
}
