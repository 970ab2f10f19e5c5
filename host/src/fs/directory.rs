//! A directory as this program holds it: opened, narrowed, made revocable. What a plugin can do with it is in `serve`.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::Access;
use super::limits::{Budget, DirectoryLimits, Ticket};
use super::place::Place;
use super::revoke::{Leash, Revoker};
use crate::{Error, Result};

/// Letters in the name of a directory below another one.
const NAME_LETTERS: usize = 200;

/// A directory that a plugin may be handed. A clone is the same capability.
///
/// See the [module](super) for what it protects from.
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("locum-directory-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # use locum::fs::{Access, Directory};
/// let library = Directory::open(&folder, Access::ReadWrite)?.named("library");
/// library.create_dir("poems", false)?;
/// library.write("poems/haiku.txt", b"five\n")?;
/// library.append("poems/haiku.txt", b"seven\n")?;
/// assert_eq!(library.read_text("poems/haiku.txt")?, "five\nseven\n");
/// assert_eq!(library.read("poems/haiku.txt")?.len(), 11);
/// assert_eq!(library.metadata("poems/haiku.txt")?.size, 11);
/// assert_eq!(&*library.open_file("poems/haiku.txt", "r")?.read(Some(4))?, b"five");
/// assert_eq!(library.list(".")?[0].name, "poems");
/// assert_eq!(library.entries("poems")?.count(), 1);
///
/// let poems = library.subdir("poems")?.read_only(); // to be handed out
/// assert_eq!((poems.name(), poems.access()), ("library/poems", Access::ReadOnly));
/// let error = poems.read_text("../secret.txt").unwrap_err();
/// assert_eq!(error.type_name(), "PermissionError"); // it leads nowhere else
///
/// library.rename("poems/haiku.txt", "haiku.txt")?;
/// library.remove_dir("poems")?;
/// library.remove_file("haiku.txt")?;
/// assert!(!library.exists("haiku.txt")?);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone)]
pub struct Directory {
    pub(super) opened: Arc<Opened>,
    pub(super) name: Arc<str>,
    pub(super) access: Access,
    pub(super) leash: Leash,
    pub(super) budget: Arc<Budget>,
}

pub(super) struct Opened {
    pub(super) dir: Dir,
    /// For one that a plugin has opened.
    _ticket: Option<Ticket>,
}

impl Directory {
    /// Opens a directory of this machine's. Its name, by which errors call it, is the last part of the path.
    ///
    /// What is at the path now is what is handed out, even if it is moved elsewhere later.
    ///
    /// # Errors
    /// `FileNotFoundError`, `NotADirectoryError`, `PermissionError` or `OSError`, with the path as it was given.
    pub fn open(path: impl AsRef<Path>, access: Access) -> Result<Directory> {
        let path = path.as_ref();
        let name = match path.file_name() {
            Some(name) => name.to_string_lossy().into_owned(),
            None => "directory".to_owned(),
        };
        match Dir::open_ambient_dir(path, ambient_authority()) {
            Ok(dir) => Ok(Directory::from_cap_std(dir, access).named(name)),
            Err(error) => Err(Error::raise(
                match error.kind() {
                    std::io::ErrorKind::NotFound => "FileNotFoundError",
                    std::io::ErrorKind::NotADirectory => "NotADirectoryError",
                    std::io::ErrorKind::PermissionDenied => "PermissionError",
                    _ => "OSError",
                },
                format!(
                    "the directory `{}` can not be opened: {error}",
                    path.display()
                ),
            )),
        }
    }

    /// A directory that was opened by other means. It is called `directory`; see [`named`](Directory::named).
    ///
    /// `cap_std::fs::Dir` is the crate `cap-std`'s.
    ///
    /// ```
    /// # use locum::fs::{Access, Directory};
    /// use cap_std::{ambient_authority, fs::Dir};
    ///
    /// let opened = Dir::open_ambient_dir(std::env::temp_dir(), ambient_authority())?; // or from a file descriptor
    /// let inbox = Directory::from_cap_std(opened, Access::ReadOnly).named("inbox");
    /// assert_eq!(inbox.name(), "inbox");
    /// # Ok::<(), locum::Error>(())
    /// ```
    pub fn from_cap_std(dir: Dir, access: Access) -> Directory {
        Directory {
            opened: Arc::new(Opened { dir, _ticket: None }),
            name: "directory".into(),
            access,
            leash: Leash::default(),
            budget: Budget::new(DirectoryLimits::default()),
        }
    }

    /// The same directory under another name, which is all that a plugin learns about where it is.
    #[must_use]
    pub fn named(mut self, name: impl Into<Arc<str>>) -> Directory {
        self.name = name.into();
        self
    }

    /// The same directory with these bounds. What is opened from here on is counted anew: so one directory that is
    /// handed to two plugins with bounds of their own is not used up by one of them for the other.
    ///
    /// ```
    /// # use locum::fs::{Access, Directory, DirectoryLimits};
    /// let mut small = DirectoryLimits::default();
    /// small.read_bytes = 4096;
    /// let directory = Directory::open(std::env::temp_dir(), Access::ReadOnly)?.with_limits(small);
    /// assert_eq!(directory.access(), Access::ReadOnly);
    /// # Ok::<(), locum::Error>(())
    /// ```
    #[must_use]
    pub fn with_limits(mut self, limits: DirectoryLimits) -> Directory {
        self.budget = Budget::new(limits);
        self
    }

    /// The same directory, and what takes it back: with it ends all that was derived from the new one, the files that
    /// were opened in it included, wherever they are by then. This one goes on.
    pub fn revocable(&self) -> (Directory, Revoker) {
        let (leash, link) = self.leash.longer(self.name.clone());
        let lent = Directory {
            leash,
            ..self.clone()
        };
        (lent, Revoker::new(link))
    }

    /// What may be done with it.
    pub fn access(&self) -> Access {
        self.access
    }

    /// A place in it, after a look at whether it may still be used.
    pub(super) fn place<'a>(&'a self, path: &'a str) -> Result<Place<'a>> {
        self.leash.check()?;
        Place::new(&self.name, path)
    }

    /// The same, to change something there.
    pub(super) fn place_to_change<'a>(&'a self, path: &'a str) -> Result<Place<'a>> {
        let place = self.place(path)?;
        match self.access {
            Access::ReadOnly => Err(place.is_read_only()),
            Access::ReadWrite => Ok(place),
        }
    }

    pub(super) fn dir(&self) -> &Dir {
        &self.opened.dir
    }

    pub(super) fn ticket(&self) -> Result<Ticket> {
        self.budget.ticket(&self.name)
    }

    /// A directory below this one, which is open now.
    pub(super) fn below(&self, path: &str, dir: Dir, ticket: Ticket) -> Directory {
        let name = match path.trim_matches('/') {
            "" | "." => self.name.clone(),
            path => shortened(format!("{}/{path}", self.name)).into(),
        };
        Directory {
            opened: Arc::new(Opened {
                dir,
                _ticket: Some(ticket),
            }),
            name,
            ..self.clone()
        }
    }
}

/// A directory of a directory, and so on, has a longer name each time.
fn shortened(mut name: String) -> String {
    if let Some((end, _)) = name.char_indices().nth(NAME_LETTERS) {
        name.truncate(end);
        name.push_str("...");
    }
    name
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directory")
            .field("name", &self.name)
            .field("access", &self.access)
            .field("revoked", &self.leash.check().is_err())
            .finish_non_exhaustive()
    }
}
