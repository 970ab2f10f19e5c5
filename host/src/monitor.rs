//! Watching a running host from outside: `locum top` and `locum trace`, through a socket that only its user can reach.
//!
//! ```
//! use locum::{Host, Monitor};
//!
//! let host = Host::builder().monitor(Monitor::open()?).build()?; // and then, at a terminal: locum top
//! # Ok::<(), locum::Error>(())
//! ```
//!
//! Nothing can be watched unless the program says so. The socket lies in a directory private to the user; whoever runs as
//! another user is refused. Whoever watches can not change anything. A plugin is never kept alive by being watched, and no
//! call waits for who watches: what is too slow to take what it asked for is left behind, and told how much it has missed.
//!
//! While nobody watches, a call pays for one look at a flag, and no time is taken.
//!
//! [`running`] finds the hosts that can be watched, [`Running::watch`] and [`Running::trace`] are what `locum top` and
//! `locum trace` are made of. The protocol is lines of JSON, for other languages: `host/docs/monitor.md` has it.

mod eye;
mod hub;
mod look;
mod session;
mod snapshot;

#[cfg(unix)]
mod client;
#[cfg(unix)]
mod lines;
#[cfg(not(unix))]
mod nowhere;
#[cfg(unix)]
mod place;
#[cfg(unix)]
mod serve;
#[cfg(unix)]
mod system;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[cfg(unix)]
pub use client::{Running, Snapshots, Stopper, Traced, running};
#[cfg(not(unix))]
pub use nowhere::{Running, Snapshots, Stopper, Traced, running};
pub use snapshot::{
    Call, Ended, HostState, Latency, Lent, Memory, Plugin, Pool, Seat, Snapshot, Supervisor,
    TraceEnd, Traffic,
};

pub(crate) use hub::{Hub, LooksAtPool, LooksAtSupervisor, PoolLook, SupervisorLook};

use crate::door::Door;
use crate::{Limits, Result};

/// The version of the protocol; see `host/docs/monitor.md`.
///
/// ```
/// assert_eq!(locum::monitor::PROTOCOL, 1);
/// ```
pub const PROTOCOL: u32 = 1;

/// Lets hosts of this process be watched: an open socket. See [`monitor`](self).
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let directory = tempfile::tempdir()?;
/// use locum::{Host, Monitor};
///
/// let monitor = Monitor::open_in(directory.path())?; // or Monitor::open()?
/// let host = Host::builder().monitor(monitor.clone()).build()?;
/// let plugin = host.load("counters.wasm")?;
/// assert_eq!(monitor.watchers(), 0); // so that nothing is measured
/// assert!(monitor.path().exists());
/// monitor.close();
/// assert!(!monitor.path().exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A clone is the same monitor. It is open until it is [closed](Monitor::close), or nothing of it is left: no clone, no
/// host that has it, and no plugin of such a host. Then the socket is removed. What a process leaves behind that ends
/// without that, whoever looks for hosts clears away.
#[derive(Clone)]
pub struct Monitor(Arc<Inner>);

struct Inner {
    hub: Arc<Hub>,
    #[cfg(unix)]
    server: serve::Server,
}

impl Monitor {
    /// Opens a socket in the user's own directory for that: `locum` in `$XDG_RUNTIME_DIR`, or else in the user's cache
    /// directory. It is made if it is not there, and must belong to this user alone. The socket bears the number of the
    /// process and the name of the program.
    ///
    /// # Errors
    /// [`Load`](crate::Kind::Load), saying which directory will not do and why; on systems that are no Unix always.
    pub fn open() -> Result<Monitor> {
        #[cfg(unix)]
        return Monitor::at(&place::of_user()?);
        #[cfg(not(unix))]
        nowhere::refused()
    }

    /// The same in a directory of one's own, under the same conditions. `locum top PATH` finds it by its [path](Monitor::path).
    ///
    /// # Errors
    /// As for [`open`](Monitor::open).
    pub fn open_in(directory: impl AsRef<Path>) -> Result<Monitor> {
        #[cfg(unix)]
        return Monitor::at(&place::private(directory.as_ref())?);
        #[cfg(not(unix))]
        nowhere::refused_in(directory.as_ref())
    }

    #[cfg(unix)]
    fn at(directory: &place::Private) -> Result<Monitor> {
        let hub = Arc::new(Hub::new());
        let server = serve::Server::start(directory, Arc::clone(&hub))?;
        Ok(Monitor(Arc::new(Inner { hub, server })))
    }

    /// Where the socket is.
    pub fn path(&self) -> PathBuf {
        #[cfg(unix)]
        return self.0.server.path().to_owned();
        #[cfg(not(unix))]
        PathBuf::new()
    }

    /// How many are watching now, `locum trace` included.
    pub fn watchers(&self) -> usize {
        self.0.hub.watchers()
    }

    /// Closes the socket and removes it; whoever is watching is sent away. From then on nothing is measured. Closing twice
    /// is no error.
    pub fn close(&self) {
        #[cfg(unix)]
        self.0.server.close();
    }

    pub(crate) fn hub(&self) -> &Arc<Hub> {
        &self.0.hub
    }

    /// Who looks on while that plugin is called.
    pub(crate) fn eye_on(&self, door: &Door, limits: &Limits) -> Arc<dyn locum_protocol::Observer> {
        Arc::new(eye::Eye::new(
            self.clone(),
            self.hub().met(door.vitals(), limits),
        ))
    }
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Monitor at {}>", self.path().display())
    }
}
