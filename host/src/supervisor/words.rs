//! What a supervisor's errors say.

use std::time::{Duration, Instant};

use super::Restart;
use super::policy::Policy;
use crate::{Error, Fault, Kind};

/// What the plugin is called in one of its lives.
pub(super) fn life(name: &str, number: u64) -> String {
    format!("{name} (life {number})")
}

/// Why a life ends that another one takes the place of.
pub(super) fn replaced(name: &str, number: u64) -> Error {
    let next = life(name, number);
    let text = format!("it was reloaded, and `{next}` has taken its place");
    Error::new(Kind::Closed, text)
}

/// Why a life ends with its supervisor.
pub(super) fn stopping() -> Error {
    Error::new(Kind::Closed, "its supervisor was stopped")
}

/// It was stopped.
#[cold]
pub(super) fn stopped(name: &str) -> Error {
    let text = format!("plugin `{name}` is closed: its supervisor was stopped; start another one");
    Error::new(Kind::Closed, text)
}

/// It is not restarted by its policy.
#[cold]
pub(super) fn left(name: &str, restart: Restart, why: &Error) -> Error {
    closed(
        why,
        format!(
            "plugin `{name}` is not started again (Restart::{restart:?}; `Supervisor::reload` would): {}",
            why.message()
        ),
    )
}

/// It was restarted too often.
#[cold]
pub(super) fn given_up(name: &str, policy: &Policy, why: &Error) -> Error {
    let Policy { most, within, .. } = policy;
    closed(
        why,
        format!(
            "plugin `{name}` is given up, after {most} restarts within {within:?} (SupervisorBuilder::most_restarts; \
             `Supervisor::reload` starts it anew); at last: {}",
            why.message()
        ),
    )
}

/// Its restart comes too late for the caller.
#[cold]
pub(super) fn due(name: &str, due: Instant, patience: Duration, why: &Error) -> Error {
    let left = due.saturating_duration_since(Instant::now());
    // What it says is no measurement.
    let left = Duration::from_millis(u64::try_from(left.as_millis()).unwrap_or(u64::MAX));
    closed(
        why,
        format!(
            "plugin `{name}` is started again in {left:?}, for which this call does not wait (its patience is \
             {patience:?}; SupervisorBuilder::patience, ::backoff): {}",
            why.message()
        ),
    )
}

/// Its restart took too long for the caller.
#[cold]
pub(super) fn late(name: &str, patience: Duration, why: Option<&Error>) -> Error {
    let text = format!(
        "plugin `{name}` is being started, which takes longer than this call waits (its patience is {patience:?}; \
         SupervisorBuilder::patience)"
    );
    match why {
        None => Error::new(Kind::Closed, text),
        Some(why) => closed(why, format!("{text}: {}", why.message())),
    }
}

/// Its setup wants to wait for itself.
#[cold]
pub(super) fn in_setup(name: &str, verb: &str) -> Error {
    Error::new(
        Kind::Busy,
        format!(
            "plugin `{name}` is being set up on this thread, so a {verb} by way of its supervisor would wait for itself; use \
             the plugin that the setup is given"
        ),
    )
}

/// Its setup failed.
#[cold]
pub(super) fn no_setup(life: &str, error: Error) -> Error {
    not_started(
        life,
        error.map_message(|text| format!("its setup failed: {text}")),
    )
}

/// It was not started, for a reason that is not its own.
#[cold]
pub(super) fn not_started(life: &str, error: Error) -> Error {
    let say = |text: &str| format!("plugin `{life}` did not start: {text}");
    error.with_kind(Kind::Load).map_message(say)
}

/// A new version was not loaded.
#[cold]
pub(super) fn not_loaded(name: &str, goes_on: Option<u64>, error: Error) -> Error {
    let rest = match goes_on {
        Some(number) => format!("`{}` goes on", life(name, number)),
        None => "nothing was changed".to_owned(),
    };
    error.map_message(|text| format!("{text}; plugin {rest}"))
}

/// The plugin is not there, for a reason that has a trace.
fn closed(why: &Error, message: String) -> Error {
    Error::from(Fault {
        kind: Kind::Closed,
        type_name: Kind::Closed.type_name().into(),
        message,
        trace: why.trace().to_vec(),
        data: None,
    })
}
