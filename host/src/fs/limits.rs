//! How much of a directory can be had at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{Error, Kind, Result};

/// Bounds on what may be done with one [`Directory`](super::Directory), and with all that is derived from it together.
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("locum-bounds-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// use locum::Kind;
/// use locum::fs::{Access, Directory, DirectoryLimits};
///
/// let mut limits = DirectoryLimits::default();
/// limits.open = 1;
/// let data = Directory::open(&folder, Access::ReadWrite)?.with_limits(limits);
/// let file = data.open_file("a.txt", "w")?;
/// assert_eq!(data.open_file("b.txt", "w").unwrap_err().kind(), Kind::LimitExceeded);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DirectoryLimits {
    /// Bytes that one call may read, which travel as one message
    /// ([`Limits::message_bytes`](crate::Limits::message_bytes)) and have to fit into the plugin's memory. Default 8 MiB.
    pub read_bytes: usize,
    /// Files, directories and listings that may be open at a time. Default 64.
    pub open: usize,
    /// Entries that one call of `list` may give. Default 10,000.
    pub entries: usize,
}

impl Default for DirectoryLimits {
    fn default() -> Self {
        DirectoryLimits {
            read_bytes: 8 << 20,
            open: 64,
            entries: 10_000,
        }
    }
}

/// The bounds, and how much is open.
pub(super) struct Budget {
    pub(super) limits: DirectoryLimits,
    open: AtomicUsize,
}

/// One thing that is open; dropped with it.
pub(super) struct Ticket(Arc<Budget>);

impl Budget {
    pub(super) fn new(limits: DirectoryLimits) -> Arc<Budget> {
        Arc::new(Budget {
            limits,
            open: AtomicUsize::new(0),
        })
    }

    /// Room for one thing more.
    pub(super) fn ticket(self: &Arc<Self>, directory: &str) -> Result<Ticket> {
        let most = self.limits.open;
        let more = |open: usize| (open < most).then_some(open + 1);
        match self
            .open
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, more)
        {
            Ok(_) => Ok(Ticket(self.clone())),
            Err(_) => Err(Error::new(
                Kind::LimitExceeded,
                format!(
                    "{most} files and directories of the directory `{directory}` are open, the most \
                     (DirectoryLimits::open); close some, or let them go"
                ),
            )),
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::AcqRel);
    }
}
