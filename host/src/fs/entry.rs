//! What a directory tells about what is in it.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// Something in a directory.
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("locum-entry-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # use locum::fs::{Access, Directory, Entry, EntryKind};
/// let directory = Directory::open(&folder, Access::ReadWrite)?;
/// directory.write("a.txt", b"hello")?;
/// let entries: Vec<Entry> = directory.list(".")?;
/// assert_eq!((&*entries[0].name, entries[0].kind, entries[0].size), ("a.txt", EntryKind::File, 5));
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// Its name. Where that is not UTF-8, what is not is shown as `U+FFFD`, and [`lossy`](Entry::lossy) is set: such a name
    /// leads nowhere.
    pub name: String,
    /// What it is itself: a symbolic link is not followed.
    pub kind: EntryKind,
    /// Bytes in a file; 0 for anything else.
    pub size: u64,
    /// Whether the name is not the whole truth. Left out of the data where it is not set.
    #[serde(default, skip_serializing_if = "is_false")]
    pub lossy: bool,
}

/// What something in a directory is: `"file"`, `"directory"`, `"symlink"` or `"other"`.
///
/// ```
/// # use locum::{from_value, fs::EntryKind};
/// assert_eq!(from_value::<EntryKind>(&"directory".into())?, EntryKind::Directory); // as it travels
/// # Ok::<(), locum::Error>(())
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
    Other,
}

/// What is known about a file or a directory without opening it.
///
/// ```
/// # use locum::fs::{Access, Directory, EntryKind};
/// let directory = Directory::open(std::env::temp_dir(), Access::ReadOnly)?;
/// let metadata = directory.metadata(".")?;
/// assert_eq!((metadata.kind, metadata.size), (EntryKind::Directory, 0));
/// # Ok::<(), locum::Error>(())
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

fn is_false(flag: &bool) -> bool {
    !flag
}

impl From<&cap_std::fs::Metadata> for EntryKind {
    fn from(metadata: &cap_std::fs::Metadata) -> Self {
        let kind = metadata.file_type();
        match () {
            () if kind.is_file() => EntryKind::File,
            () if kind.is_dir() => EntryKind::Directory,
            () if kind.is_symlink() => EntryKind::Symlink,
            () => EntryKind::Other,
        }
    }
}

impl Entry {
    pub(super) fn new(name: &std::ffi::OsStr, metadata: &cap_std::fs::Metadata) -> Entry {
        Entry {
            lossy: name.to_str().is_none(),
            name: name.to_string_lossy().into_owned(),
            kind: metadata.into(),
            size: size(metadata),
        }
    }
}

impl From<&cap_std::fs::Metadata> for Metadata {
    fn from(metadata: &cap_std::fs::Metadata) -> Self {
        let modified = metadata.modified().ok().map(|time| {
            match time.into_std().duration_since(SystemTime::UNIX_EPOCH) {
                Ok(after) => after.as_secs_f64(),
                Err(before) => -before.duration().as_secs_f64(),
            }
        });
        Metadata {
            kind: metadata.into(),
            size: size(metadata),
            modified,
        }
    }
}

fn size(metadata: &cap_std::fs::Metadata) -> u64 {
    if metadata.is_file() {
        metadata.len()
    } else {
        0
    }
}
