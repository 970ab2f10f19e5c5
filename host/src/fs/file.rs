//! A file that was opened in a directory.

use std::fmt;
use std::io::{self, Seek, SeekFrom};
use std::sync::{Arc, Mutex, MutexGuard};

use super::limits::Ticket;
use super::lines::Lines;
use super::open::Mode;
use super::place::Place;
use super::revoke::Leash;
use super::{Directory, pieces};
use crate::{Bytes, Error, Items, Result, object};

/// A file that was opened in a [`Directory`]. A clone is the same open file, with one position; it is closed when the last
/// one is let go, or by [`close`](File::close).
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("locum-file-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # use locum::fs::{Access, Directory};
/// let directory = Directory::open(&folder, Access::ReadWrite)?;
/// let journal = directory.open_file("journal.txt", "w+")?;
/// assert_eq!(journal.write(b"one\ntwo\n")?, 8);
/// assert_eq!(journal.seek(-4, "end")?, 4);
/// assert_eq!(&*journal.read(None)?, b"two\n");
/// assert_eq!((journal.tell()?, journal.len()?, journal.path()), (8, 8, "journal.txt"));
/// journal.seek(0, "start")?;
/// assert_eq!(journal.lines()?.count(), 2);
/// journal.truncate(Some(4))?;
/// journal.flush()?;
/// journal.close(); // whoever else holds it
/// assert_eq!(directory.read_text("journal.txt")?, "one\n");
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone)]
pub struct File(Arc<Inner>);

struct Inner {
    /// `None` after it was closed.
    opened: Mutex<Option<(cap_std::fs::File, Ticket)>>,
    path: String,
    directory: Arc<str>,
    leash: Leash,
    mode: Mode,
    /// What one call may read.
    most: usize,
}

impl File {
    pub(super) fn new(
        directory: &Directory,
        path: &str,
        file: cap_std::fs::File,
        ticket: Ticket,
        mode: Mode,
    ) -> File {
        File(Arc::new(Inner {
            opened: Mutex::new(Some((file, ticket))),
            path: path.to_owned(),
            directory: directory.name.clone(),
            leash: directory.leash.clone(),
            mode,
            most: directory.budget.limits.read_bytes,
        }))
    }

    pub(super) fn place(&self) -> Place<'_> {
        Place {
            directory: &self.0.directory,
            path: &self.0.path,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<(cap_std::fs::File, Ticket)>> {
        let opened = self.0.opened.lock();
        opened.unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Does something with the file, if it may still be used.
    pub(super) fn with<T>(
        &self,
        work: impl FnOnce(&mut cap_std::fs::File) -> Result<T>,
    ) -> Result<T> {
        let mut opened = self.lock();
        // Not before: it may have been revoked while this thread waited for another one.
        self.0.leash.check()?;
        match &mut *opened {
            Some((file, _)) => work(file),
            None => Err(Error::value(format!(
                "the file {} was closed; open it again",
                self.place().shown()
            ))),
        }
    }

    fn with_io<T>(&self, work: impl FnOnce(&mut cap_std::fs::File) -> io::Result<T>) -> Result<T> {
        self.with(|file| work(file).map_err(|error| self.place().error(&error)))
    }

    fn to_read(&self) -> Result<()> {
        match self.0.mode.read {
            true => Ok(()),
            false => Err(self.not_opened_to("read", "r")),
        }
    }

    fn to_write(&self) -> Result<()> {
        match self.0.mode.write {
            true => Ok(()),
            false => Err(self.not_opened_to("write", "r+")),
        }
    }

    #[cold]
    fn not_opened_to(&self, verb: &str, mode: &str) -> Error {
        let message = format!(
            "the file {} was not opened to {verb}; open it with the mode `{mode}`, for one",
            self.place().shown()
        );
        Error::raise("PermissionError", message)
    }

    #[cold]
    fn before_the_start(&self, offset: i64, from: &str) -> Error {
        Error::value(format!(
            "{offset} from the {from} of the file {} is no place in it",
            self.place().shown()
        ))
    }

    /// Reads so many bytes from a place of the file, whose position stays where it is.
    pub(super) fn read_at(&self, at: u64, most: usize) -> Result<Vec<u8>> {
        self.with(|file| {
            let failed = |error: io::Error| self.place().error(&error);
            let here = file.stream_position().map_err(failed)?;
            file.seek(SeekFrom::Start(at)).map_err(failed)?;
            let bytes = pieces::read(file, most, self.place(), &self.0.leash);
            file.seek(SeekFrom::Start(here)).map_err(failed)?;
            bytes
        })
    }

    pub(super) fn longest_read(&self) -> usize {
        self.0.most
    }
}

/// A file that was opened in a directory; it is closed when it is let go.
#[object(crate = crate)]
impl File {
    /// The path by which it was opened.
    #[getter]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// So many bytes from its position on, or fewer at its end; without a `size`, all that is left.
    ///
    /// # Errors
    /// [`LimitExceeded`](crate::Kind::LimitExceeded) for more than one call may read; the position stays where it was.
    /// `PermissionError` when it was not opened to read, or was revoked; `OSError`.
    pub fn read(&self, size: Option<u64>) -> Result<Bytes> {
        self.to_read()?;
        let most = self.0.most;
        let remedy = "`read` a `size` of it, again and again";
        let wanted = match size.map(usize::try_from) {
            Some(Ok(size)) if size <= most => size,
            Some(_) => return Err(self.place().too_large(most, remedy)),
            // One more shows whether there is more.
            None => most.saturating_add(1),
        };
        self.with(|file| {
            let failed = |error: io::Error| self.place().error(&error);
            let here = file.stream_position().map_err(failed)?;
            let bytes = pieces::read(file, wanted, self.place(), &self.0.leash)?;
            if bytes.len() > most {
                file.seek(SeekFrom::Start(here)).map_err(failed)?;
                return Err(self.place().too_large(most, remedy));
            }
            Ok(Bytes::from(bytes))
        })
    }

    /// The lines from its position on, which are UTF-8, without what ends them. The position stays where it is.
    ///
    /// # Errors
    /// `PermissionError` when it was not opened to read. Each line may fail too: with `UnicodeDecodeError`, or
    /// [`LimitExceeded`](crate::Kind::LimitExceeded) when it is longer than what one call may read.
    pub fn lines(&self) -> Result<Items<String>> {
        self.to_read()?;
        let here = self.with_io(|file| file.stream_position())?;
        Ok(Items::from_results(Lines::new(self.clone(), here)))
    }

    fn __iter__(&self) -> Result<Items<String>> {
        self.lines()
    }

    /// Writes bytes or text at its position, or at its end when it was opened to append; returns how many bytes.
    ///
    /// # Errors
    /// `PermissionError` when it was not opened to write, or was revoked; `OSError`.
    pub fn write(&self, data: &[u8]) -> Result<u64> {
        self.to_write()?;
        self.with(|file| pieces::write(file, data, self.place(), &self.0.leash))?;
        Ok(data.len() as u64)
    }

    /// Moves its position by so many bytes from its `"start"`, its `"end"` or the `"current"` one; returns where it is now.
    ///
    /// # Errors
    /// `ValueError` for a place before the start, or another word.
    pub fn seek(&self, offset: i64, #[arg(default = "start")] from: &str) -> Result<u64> {
        let to = match (from, u64::try_from(offset)) {
            ("start", Ok(offset)) => SeekFrom::Start(offset),
            ("current", _) => SeekFrom::Current(offset),
            ("end", _) => SeekFrom::End(offset),
            ("start", Err(_)) => {
                return Err(self.before_the_start(offset, from));
            }
            (_, _) => {
                return Err(Error::value(
                    "`from` is where to count from: `start`, `current` or `end`",
                ));
            }
        };
        self.with(|file| match file.seek(to) {
            Ok(position) => Ok(position),
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                Err(self.before_the_start(offset, from))
            }
            Err(error) => Err(self.place().error(&error)),
        })
    }

    /// Its position, in bytes from its start.
    ///
    /// # Errors
    /// `PermissionError` when it was revoked.
    pub fn tell(&self) -> Result<u64> {
        self.with_io(|file| file.stream_position())
    }

    /// How many bytes it has.
    ///
    /// # Errors
    /// `PermissionError` when it was revoked.
    #[allow(clippy::len_without_is_empty, reason = "a crossing that nobody needs")]
    pub fn len(&self) -> Result<u64> {
        self.with_io(|file| file.metadata().map(|metadata| metadata.len()))
    }

    /// Cuts it off at so many bytes, or at its position; or lengthens it, with zeros. The position stays where it is.
    ///
    /// # Errors
    /// `PermissionError` when it was not opened to write, or was revoked; `OSError`.
    pub fn truncate(&self, size: Option<u64>) -> Result<()> {
        self.to_write()?;
        self.with_io(|file| {
            let size = match size {
                Some(size) => size,
                None => file.stream_position()?,
            };
            file.set_len(size)
        })
    }

    /// Returns when what was written is on the disk. Others see it before that.
    ///
    /// # Errors
    /// `PermissionError` when it was revoked; `OSError`.
    pub fn flush(&self) -> Result<()> {
        match self.0.mode.write {
            true => self.with_io(|file| file.sync_data()),
            false => self.with_io(|_| Ok(())),
        }
    }

    /// Closes it, whoever else holds it. Closing twice is no error.
    pub fn close(&self) {
        let opened = self.lock().take();
        drop(opened);
    }

    fn __str__(&self) -> String {
        format!("<file {}>", self.place().shown())
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("path", &self.0.path)
            .field("directory", &self.0.directory)
            .finish_non_exhaustive()
    }
}
