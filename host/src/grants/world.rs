//! The time and the chance that a plugin sees.

use std::time::{Duration, SystemTime};

/// The clocks that a plugin sees: the one of the day, and the one that measures how long something takes.
///
/// They bound what a plugin can tell of time by asking for it, and make a run repeatable. A plugin that counts its own
/// steps, or calls its host, can still tell time apart; against timing attacks they are a hindrance and no promise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Clocks {
    /// Those of this machine.
    #[default]
    Real,
    /// Those of this machine, in steps of this length. A step of nothing is one of a nanosecond.
    Coarse(Duration),
    /// They stand still: the first one at this time, the other one at its start. Sleeping takes as long as it takes.
    Frozen(SystemTime),
}

/// The random numbers that a plugin sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Random {
    /// From this machine's source, fit for secrets.
    #[default]
    Real,
    /// The same ones in each run, made from this number: for tests and for repeating what happened. Not for secrets.
    Seeded(u64),
}
