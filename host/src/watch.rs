//! What the log is told: spans of calls, posted calls that failed, what was forgotten at the end.

use std::time::Instant;

use locum_protocol::{Crossed, Crossing, Observer};
use std::sync::Arc;

use crate::{Leak, Limits, LoadOptions, PostError, Setup};

/// How a plugin's peer works.
pub(crate) fn setup(options: &LoadOptions, limits: Limits) -> Setup {
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

/// A span for each call, in both directions, at the level DEBUG and under the target `locum::call`.
///
/// Fields: `plugin`; `direction` (`out`: the host calls the plugin; `in`: the plugin calls the host); `verb` (`call`,
/// `get`, `set`); `object` (the type of the object); `path`; `mode` (`call`, `start`, `post`); `reply`; `sent` and
/// `received`, bytes; at the end `outcome` (`ok`, or the kind of the error), `micros`.
struct Spans;

impl Observer for Spans {
    #[inline]
    fn is_on(&self) -> bool {
        tracing::enabled!(target: "locum::call", tracing::Level::DEBUG)
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
            outcome = tracing::field::Empty,
            micros = tracing::field::Empty,
        );
        let begun = Instant::now();
        let crossed = span.in_scope(run);
        let micros = begun.elapsed().as_secs_f64() * 1e6;
        let back = if crossing.inward { "sent" } else { "received" };
        span.record(back, crossed.bytes);
        span.record("micros", micros);
        match crossed.error {
            None => span.record("outcome", "ok"),
            Some(error) => span.record("outcome", error.kind().name()),
        };
    }
}
