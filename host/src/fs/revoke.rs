//! Taking back what was handed out.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Error, Result};

/// Ends a [`Directory`](super::Directory) that was made by [`revocable`](super::Directory::revocable), and everything that
/// was derived from it. Dropping it revokes nothing.
///
/// ```
/// # use locum::fs::{Access, Directory};
/// let directory = Directory::open(std::env::temp_dir(), Access::ReadOnly)?;
/// let (lent, revoker) = directory.revocable();
/// assert!(lent.list(".").is_ok());
/// revoker.revoke();
/// assert!(revoker.is_revoked());
/// assert_eq!(lent.list(".").unwrap_err().type_name(), "PermissionError");
/// assert!(directory.list(".").is_ok()); // the one that it was made from goes on
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone)]
pub struct Revoker(Arc<Link>);

impl Revoker {
    pub(super) fn new(link: Arc<Link>) -> Revoker {
        Revoker(link)
    }

    /// Ends it now, in every plugin: each later operation on the directory, on one that was derived from it, on a file
    /// that was opened in one of them, raises `PermissionError`. A long read stops half-way; what the system has been
    /// told to do already is done.
    pub fn revoke(&self) {
        self.0.revoked.store(true, Ordering::SeqCst);
    }

    /// Whether it was revoked.
    pub fn is_revoked(&self) -> bool {
        self.0.revoked.load(Ordering::SeqCst)
    }
}

impl fmt::Debug for Revoker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revoker")
            .field("directory", &self.0.name)
            .field("revoked", &self.is_revoked())
            .finish()
    }
}

/// What a directory and all that is derived from it hang on: they are of use until one link above them is cut.
#[derive(Clone, Default)]
pub(super) struct Leash(Option<Arc<Link>>);

pub(super) struct Link {
    revoked: AtomicBool,
    /// The directory that ends here, for the error.
    name: Arc<str>,
    above: Leash,
}

impl Leash {
    /// One link more, for a directory of that name.
    pub(super) fn longer(&self, name: Arc<str>) -> (Leash, Arc<Link>) {
        let link = Arc::new(Link {
            revoked: AtomicBool::new(false),
            name,
            above: self.clone(),
        });
        (Leash(Some(link.clone())), link)
    }

    /// `PermissionError` once a link is cut.
    pub(super) fn check(&self) -> Result<()> {
        let mut leash = self;
        while let Some(link) = &leash.0 {
            if link.revoked.load(Ordering::SeqCst) {
                let message = format!("the directory `{}` was revoked", link.name);
                return Err(Error::raise("PermissionError", message));
            }
            leash = &link.above;
        }
        Ok(())
    }
}
