//! Threads that wait for one another: a lock that lends its plugin out while its holder waits, and the workers that run
//! started calls.
//!
//! What is in here knows nothing of plugins, and takes its locks and threads from `sync`, so that the same files run
//! under a checker that tries their interleavings.

mod gate;
mod mailbox;
mod sync;
mod waiting;
mod workers;

pub use crate::guarded::Chain;
pub use gate::{Gate, Pass};
pub(crate) use mailbox::{Call, Mailbox, call_number, on_behalf_of, origin};
pub(crate) use waiting::Waited;
pub use waiting::{Task, Waits};
pub use workers::{rest, run};

/// Who waits for whom in this process.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::threads::waits;
/// assert!(Arc::ptr_eq(waits(), waits())); // one for the whole process
/// ```
pub fn waits() -> &'static std::sync::Arc<Waits> {
    static WAITS: std::sync::LazyLock<std::sync::Arc<Waits>> =
        std::sync::LazyLock::new(Default::default);
    &WAITS
}
