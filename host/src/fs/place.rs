//! Errors that name the path and the directory as the plugin knows them, and nothing else of this machine.

use std::fmt;
use std::io;
use std::path::Path;

use crate::{Error, Kind, Result};

/// Bytes in a path, at most: more than any system takes.
const PATH_BYTES: usize = 4096;
/// Letters of a path that an error shows.
const SHOWN: usize = 200;

/// A path in a directory.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) directory: &'a str,
    pub(super) path: &'a str,
}

impl<'a> Place<'a> {
    /// Refuses what no system would take, before anybody goes along it.
    pub(super) fn new(directory: &'a str, path: &'a str) -> Result<Place<'a>> {
        let place = Place { directory, path };
        if path.len() > PATH_BYTES {
            let long = format!(
                "{} is a path of {} bytes, and the longest is {PATH_BYTES}",
                place.shown(),
                path.len()
            );
            return Err(Error::value(long));
        }
        if path.contains('\0') {
            return Err(Error::value(format!("{} has a NUL in it", place.shown())));
        }
        Ok(place)
    }

    pub(super) fn as_path(&self) -> &'a Path {
        Path::new(self.path)
    }

    /// What the system has refused.
    #[cold]
    pub(super) fn error(&self, error: &io::Error) -> Error {
        use io::ErrorKind::{
            AlreadyExists, IsADirectory, NotADirectory, NotFound, PermissionDenied,
        };
        let Place { directory, .. } = self;
        let path = self.shown();
        match error.kind() {
            NotFound => {
                self.raise("FileNotFoundError", format!("there is no {path} in the directory `{directory}`"))
            }
            // The system's own errors have a number; this one is the sandbox's.
            PermissionDenied if error.raw_os_error().is_none() => {
                self.raise("PermissionError", format!("{path} leads out of the directory `{directory}`"))
            }
            PermissionDenied => self.raise(
                "PermissionError",
                format!("the system does not allow that for {path} in the directory `{directory}`"),
            ),
            AlreadyExists => self.raise(
                "FileExistsError",
                format!("{path} is there already, in the directory `{directory}`"),
            ),
            NotADirectory => self.raise(
                "NotADirectoryError",
                format!("{path} in the directory `{directory}` is no directory, or goes through what is none"),
            ),
            IsADirectory => self.is_a_directory(),
            _ => self.raise("OSError", format!("{path} in the directory `{directory}`: {error}")),
        }
    }

    #[cold]
    pub(super) fn is_a_directory(&self) -> Error {
        let Place { directory, .. } = self;
        self.raise(
            "IsADirectoryError",
            format!(
                "{} in the directory `{directory}` is a directory, not a file",
                self.shown()
            ),
        )
    }

    /// For what waits when it is opened, or does things when it is read.
    #[cold]
    pub(super) fn is_no_file(&self) -> Error {
        let Place { directory, .. } = self;
        self.raise(
            "OSError",
            format!(
                "{} in the directory `{directory}` is a FIFO, a device or a socket; only regular files can be opened",
                self.shown()
            ),
        )
    }

    #[cold]
    pub(super) fn is_read_only(&self) -> Error {
        let Place { directory, .. } = self;
        self.raise(
            "PermissionError",
            format!(
                "the directory `{directory}` is read-only, so nothing can be changed at {}",
                self.shown()
            ),
        )
    }

    /// For a read of more than one message may carry.
    #[cold]
    pub(super) fn too_large(&self, most: usize, remedy: &str) -> Error {
        let Place { directory, .. } = self;
        Error::new(
            Kind::LimitExceeded,
            format!(
                "{} in the directory `{directory}` has more than the {most} bytes that one call may read \
                 (DirectoryLimits::read_bytes); {remedy}",
                self.shown()
            ),
        )
    }

    /// For a list of more than one call may give.
    #[cold]
    pub(super) fn too_many(&self, most: usize) -> Error {
        let Place { directory, .. } = self;
        Error::new(
            Kind::LimitExceeded,
            format!(
                "{} in the directory `{directory}` has more than the {most} entries that one call may list \
                 (DirectoryLimits::entries); go through its `entries`",
                self.shown()
            ),
        )
    }

    #[cold]
    pub(super) fn is_no_text(&self, at: u64) -> Error {
        let Place { directory, .. } = self;
        Error::value(format!(
            "{} in the directory `{directory}` is not UTF-8 at byte {at}; `read` gives its bytes",
            self.shown()
        ))
        .with_type_name("UnicodeDecodeError")
    }

    fn raise(&self, type_name: &'static str, message: String) -> Error {
        Error::raise(type_name, message)
    }

    /// The path between backticks, without what would break a line.
    pub(super) fn shown(&self) -> impl fmt::Display + use<> {
        let mut shown: String = self.path.chars().take(SHOWN).collect();
        if shown.len() < self.path.len() {
            shown.push_str("...");
        }
        format!("`{}`", shown.escape_debug())
    }
}
