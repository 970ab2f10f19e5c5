//! Views of the directories and files that a host may hand to a plugin (`locum::fs`).
//!
//! ```
//! use locum_guest::fs::{Directory, DirectoryProxy, EntryKind};
//! use locum_guest::{Result, object};
//!
//! /// The bytes in all files of a directory, and of those in it.
//! #[object]
//! fn disk_usage(directory: DirectoryProxy) -> Result<u64> {
//!     let mut bytes = 0;
//!     for entry in directory.entries(None)? {
//!         let entry = entry?;
//!         bytes += match entry.kind {
//!             EntryKind::Directory => disk_usage(directory.subdir(&entry.name)?)?,
//!             _ => entry.size,
//!         };
//!     }
//!     Ok(bytes)
//! }
//! ```
//!
//! Errors bear the names that Python's have: [`type_name`](crate::Error::type_name) is `FileNotFoundError`,
//! `FileExistsError`, `NotADirectoryError`, `IsADirectoryError`, `PermissionError` (for what leads out of the directory, what
//! may not be changed, and what was revoked) or `OSError`. [`LimitExceeded`](crate::Kind::LimitExceeded) says what to do in
//! smaller pieces.

use serde::{Deserialize, Serialize};

use crate::{Bytes, Items, Result, proxy};

/// A directory of the host's, and all that is in it. Paths are relative to it and lead nowhere else.
///
/// ```
/// use locum_guest::fs::{Directory, DirectoryProxy};
/// use locum_guest::{Result, object};
///
/// /// Copies the texts of one directory to another one; returns how many.
/// #[object]
/// fn copy_texts(from: DirectoryProxy, to: DirectoryProxy) -> Result<u32> {
///     let mut copied = 0;
///     for entry in from.list(None)? {
///         if entry.name.ends_with(".txt") {
///             to.write(&entry.name, from.read_text(&entry.name)?)?;
///             copied += 1;
///         }
///     }
///     Ok(copied)
/// }
/// # Ok::<(), locum_guest::Error>(())
/// ```
#[proxy(crate = crate)]
pub trait Directory {
    /// What it is called.
    #[getter]
    fn name(&self) -> Result<String>;
    /// What may be done with it: `read-only` or `read-write`.
    #[getter]
    fn access(&self) -> Result<String>;
    /// Opens a file: `r` (read), `w` (write, from nothing), `a` (append), `x` (create), each with a `+` to do both. `r`, if
    /// nothing is said.
    fn open(&self, path: &str, #[arg(default)] mode: Option<&str>) -> Result<FileProxy>;
    /// All of a file.
    fn read(&self, path: &str) -> Result<Bytes>;
    /// All of a file, which is UTF-8.
    fn read_text(&self, path: &str) -> Result<String>;
    /// Makes a file of bytes ([`Bytes`]) or text, in place of the one that is there.
    fn write(&self, path: &str, data: impl Serialize) -> Result<()>;
    /// Adds bytes ([`Bytes`]) or text to the end of a file, which is made if it is not there.
    fn append(&self, path: &str, data: impl Serialize) -> Result<()>;
    /// What is in a directory, by name; in this one, if nothing is said.
    fn list(&self, #[arg(default)] path: Option<&str>) -> Result<Vec<Entry>>;
    /// The same in no order, however much that is.
    fn entries(&self, #[arg(default)] path: Option<&str>) -> Result<Items<Entry>>;
    /// Whether there is something at a path.
    fn exists(&self, path: &str) -> Result<bool>;
    /// What is at a path; a symbolic link is followed.
    fn metadata(&self, path: &str) -> Result<Metadata>;
    /// Makes a directory; with `parents`, those on the way too, and none of them need to be new.
    fn create_dir(&self, path: &str, #[arg(default)] parents: Option<bool>) -> Result<()>;
    /// Removes a file, or a symbolic link.
    fn remove_file(&self, path: &str) -> Result<()>;
    /// Removes an empty directory.
    fn remove_dir(&self, path: &str) -> Result<()>;
    /// Gives a file or a directory another name or place; a file that is there already is replaced.
    fn rename(&self, from: &str, to: &str) -> Result<()>;
    /// A directory in this one, to be passed on without the rest.
    fn subdir(&self, path: &str) -> Result<DirectoryProxy>;
    /// The same directory, in which nothing can be changed.
    fn read_only(&self) -> Result<DirectoryProxy>;
}

/// A file that was opened in a [`Directory`]; it is closed when it is let go.
///
/// ```
/// use locum_guest::fs::{Directory, DirectoryProxy, File};
/// use locum_guest::{Result, object};
///
/// /// Adds a line to the journal, and returns its number.
/// #[object]
/// fn note(directory: DirectoryProxy, line: &str) -> Result<usize> {
///     let journal = directory.open("journal.txt", Some("a+"))?;
///     journal.write(format!("{line}\n"))?;
///     journal.seek(0, None)?;
///     Ok(journal.lines()?.count())
/// }
/// # Ok::<(), locum_guest::Error>(())
/// ```
#[proxy(crate = crate)]
pub trait File {
    /// The path by which it was opened.
    #[getter]
    fn path(&self) -> Result<String>;
    /// So many bytes from its position on, or fewer at its end; all that is left, if nothing is said.
    fn read(&self, #[arg(default)] size: Option<u64>) -> Result<Bytes>;
    /// The lines from its position on, which stays where it is.
    fn lines(&self) -> Result<Items<String>>;
    /// Writes bytes ([`Bytes`]) or text at its position; returns how many bytes.
    fn write(&self, data: impl Serialize) -> Result<u64>;
    /// Moves its position by so many bytes from its `start`, its `end` or the `current` one, and returns it; from the
    /// start, if nothing is said.
    fn seek(&self, offset: i64, #[arg(default)] from: Option<&str>) -> Result<u64>;
    /// Its position, in bytes from its start.
    fn tell(&self) -> Result<u64>;
    /// How many bytes it has.
    #[name("len")]
    fn size(&self) -> Result<u64>;
    /// Cuts it off at so many bytes, or at its position; or lengthens it, with zeros.
    fn truncate(&self, #[arg(default)] size: Option<u64>) -> Result<()>;
    /// Returns when what was written is on the disk.
    fn flush(&self) -> Result<()>;
    /// Closes it, whoever else holds it.
    fn close(&self) -> Result<()>;
}

/// Something in a directory.
///
/// ```
/// use locum_guest::fs::{Entry, EntryKind};
/// use locum_guest::{Map, from_value};
///
/// // As it comes from the host.
/// let told = Map::from_unique(vec![
///     ("name".into(), "a.txt".into()),
///     ("kind".into(), "file".into()),
///     ("size".into(), 5.into()),
/// ]);
/// let entry: Entry = from_value(&told.into())?;
/// assert_eq!((&*entry.name, entry.kind, entry.size, entry.lossy), ("a.txt", EntryKind::File, 5, false));
/// # Ok::<(), locum_guest::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it is itself: a symbolic link is not followed.
    pub kind: EntryKind,
    /// Bytes in a file; 0 for anything else.
    pub size: u64,
    /// Whether the name is not UTF-8, so that this one leads nowhere.
    #[serde(default)]
    pub lossy: bool,
}

/// What something in a directory is.
///
/// ```
/// use locum_guest::fs::EntryKind;
/// use locum_guest::from_value;
///
/// assert_eq!(from_value::<EntryKind>(&"symlink".into())?, EntryKind::Symlink);
/// assert_eq!(from_value::<EntryKind>(&"socket".into())?, EntryKind::Other);
/// # Ok::<(), locum_guest::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, wherever it leads.
    Symlink,
    /// A FIFO, a device, a socket: what can not be opened.
    #[serde(other)]
    Other,
}

/// What is known about a file or a directory without opening it.
///
/// ```
/// use locum_guest::fs::{Directory, DirectoryProxy, Metadata};
/// use locum_guest::{Result, object};
///
/// /// Whether a file has changed since a time in seconds.
/// #[object]
/// fn is_newer(directory: DirectoryProxy, path: &str, than: f64) -> Result<bool> {
///     let Metadata { modified, .. } = directory.metadata(path)?;
///     Ok(modified.is_some_and(|at| at > than))
/// }
/// # Ok::<(), locum_guest::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Metadata {
    /// What the path leads to.
    pub kind: EntryKind,
    /// Bytes in a file; 0 for anything else.
    pub size: u64,
    /// When it was changed last, in seconds since the beginning of 1970, where the system tells.
    pub modified: Option<f64>,
}
