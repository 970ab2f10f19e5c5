//! Directories and files of this program's, as objects that a plugin may be handed.
//!
//! ```
//! # std::env::set_current_dir(env!("OUT_DIR"))?;
//! # let folder = std::env::temp_dir().join(format!("locum-fs-{}", std::process::id()));
//! # std::fs::create_dir_all(folder.join("inbox"))?;
//! # std::fs::write(folder.join("inbox/a.txt"), "one\ntwo\n")?;
//! use locum::fs::{Access, Directory};
//! use locum::{Host, Proxy};
//!
//! let data = Directory::open(&folder, Access::ReadWrite)?;
//! let (lent, revoker) = data.subdir("inbox")?.read_only().revocable();
//!
//! let plugin = Host::new()?.load("samples.wasm")?;
//! let librarian: Proxy = plugin.import("samples.files")?.call("Librarian", (&lent,))?;
//! let found: Vec<(String, u64)> = librarian.call("catalogue", ())?;
//! assert_eq!(found, [("a.txt".to_owned(), 2)]);
//! revoker.revoke(); // whatever the librarian has kept of it, is of no use any more
//! assert!(revoker.is_revoked() && librarian.call::<()>("catalogue", ()).is_err());
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), locum::Error>(())
//! ```
//!
//! A [`Directory`] is a capability: whoever holds its proxy can reach what is in it, and nothing beside it; there is no
//! other way to a file for a plugin that was granted none. It can be passed on, narrowed
//! ([`read_only`](Directory::read_only), [`subdir`](Directory::subdir)) by whoever holds it, and revoked by this program
//! ([`revocable`](Directory::revocable)), at any time, together with everything that was derived from it.
//!
//! A `Directory` or a [`File`] is passed as it is, anywhere inside of data, and goes by proxy; taken back as a `Directory`
//! (by a [`callback`](crate::callback), as the result of a call), it is the same capability. Plugins in Rust see
//! `locum_guest::fs::DirectoryProxy`.
//!
//! What a plugin may do with it:
//!
//! - Paths are relative to it. One that leads out of it, by `..`, by being absolute or through a symbolic link, is refused
//!   where it leads out (by the system, where it can do that), however it is written.
//! - Only regular files are opened. FIFOs, devices and sockets are refused, and are not waited for either.
//! - A read-only one is asked for nothing that would change anything: opening to write is refused before it truncates.
//! - How much one call reads, and how much may be open at a time, is bounded by its [`DirectoryLimits`]. How much is
//!   written is not: that is for the file system to bound, by a quota or a partition.
//!
//! Errors bear the names that Python's have (`FileNotFoundError`, `PermissionError`, ..) and speak of paths inside of the
//! directory and of its name, never of where it is.

mod directory;
mod entry;
mod file;
mod limits;
mod lines;
mod listing;
mod open;
mod pass;
mod pieces;
mod place;
mod revoke;
mod serve;

pub use crate::Access;
pub use directory::Directory;
pub use entry::{Entry, EntryKind, Metadata};
pub use file::File;
pub use limits::DirectoryLimits;
pub use revoke::Revoker;
