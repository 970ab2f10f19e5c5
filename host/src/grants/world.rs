//! The time and the chance that a plugin sees.

use std::time::{Duration, SystemTime};

/// The clocks that a plugin sees: the one of the day, and the one that measures how long something takes.
///
/// They bound what a plugin can tell of time by asking for it, and make a run repeatable. A plugin that counts its own
/// steps, or calls its host, can still tell time apart; against timing attacks they are a hindrance and no promise.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use std::time::{Duration, SystemTime};
/// # use locum::{Clocks, Grants, Host, LoadOptions};
/// let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(12 * 3600);
/// let grants = Grants::new().clocks(Clocks::Frozen(noon));
/// let plugin = Host::new()?.load_with("hostile.wasm", LoadOptions::new().grants(grants))?;
/// let world = plugin.import("hostile.world")?;
/// assert_eq!(world.call::<locum::Value>("clocks", ())?, world.call::<locum::Value>("clocks", ())?);
/// # Ok::<(), locum::Error>(())
/// ```
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
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::{Grants, Host, LoadOptions, Random, Value};
/// let drawn = || {
///     let grants = Grants::new().random(Random::Seeded(7));
///     let plugin = Host::new()?.load_with("hostile.wasm", LoadOptions::new().grants(grants))?;
///     plugin.import("hostile.world")?.call::<Value>("random", ())
/// };
/// assert_eq!(drawn()?, drawn()?); // the same in each run
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Random {
    /// From this machine's source, fit for secrets.
    #[default]
    Real,
    /// The same ones in each run, made from this number: for tests and for repeating what happened. Not for secrets.
    Seeded(u64),
}
