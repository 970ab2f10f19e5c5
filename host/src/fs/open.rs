//! Opening a file: what may be opened, and without waiting for anybody.

use cap_std::fs::{File, Metadata, OpenOptions};

use super::limits::Ticket;
use super::place::Place;
use super::{Directory, EntryKind};
use crate::{Error, Result};

/// How a file is opened, in Python's letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mode {
    pub(super) read: bool,
    pub(super) write: bool,
    append: bool,
    truncate: bool,
    create: bool,
    /// It must not be there yet.
    create_new: bool,
}

impl Mode {
    pub(super) const READ: Mode = Mode {
        read: true,
        write: false,
        append: false,
        truncate: false,
        create: false,
        create_new: false,
    };
    pub(super) const REPLACE: Mode = Mode {
        read: false,
        write: true,
        truncate: true,
        create: true,
        ..Mode::READ
    };
    pub(super) const APPEND: Mode = Mode {
        append: true,
        truncate: false,
        ..Mode::REPLACE
    };
    const CREATE_NEW: Mode = Mode {
        create_new: true,
        truncate: false,
        ..Mode::REPLACE
    };

    /// `r`, `w`, `a` or `x`, perhaps with a `+`, and with a `b` that says what is so anyway.
    pub(super) fn parse(mode: &str) -> Result<Mode> {
        let letters: String = mode.chars().filter(|letter| *letter != 'b').collect();
        let unknown = || {
            let shown: String = mode.chars().take(20).collect();
            Error::value(format!(
                "`{}` is no mode to open a file in; there are `r` (read), `w` (write, from nothing), `a` (append), `x` \
                 (create), and each with a `+` (read and write)",
                shown.escape_debug()
            ))
        };
        // Two letters and a `b` at most.
        if mode.len() > 3 {
            return Err(unknown());
        }
        let plain = match letters.trim_end_matches('+') {
            "r" => Mode::READ,
            "w" => Mode::REPLACE,
            "a" => Mode::APPEND,
            "x" => Mode::CREATE_NEW,
            _ => return Err(unknown()),
        };
        match letters.len() {
            1 => Ok(plain),
            2 => Ok(Mode {
                read: true,
                write: true,
                ..plain
            }),
            _ => Err(unknown()),
        }
    }

    fn options(self) -> OpenOptions {
        let mut options = OpenOptions::new();
        // Never `truncate`: that is done when it is known to be a file.
        options
            .read(self.read)
            .write(self.write && !self.append)
            .append(self.append)
            .create(self.create)
            .create_new(self.create_new);
        without_waiting(&mut options);
        options
    }
}

/// What is put where a file was a moment ago may be a FIFO, which would wait for its other end, or a terminal.
#[cfg(unix)]
fn without_waiting(options: &mut OpenOptions) {
    use cap_std::fs::OpenOptionsExt;
    options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
}

#[cfg(not(unix))]
fn without_waiting(_: &mut OpenOptions) {}

impl Directory {
    /// Opens a regular file, and counts it.
    pub(super) fn open_at<'a>(
        &'a self,
        path: &'a str,
        mode: Mode,
    ) -> Result<(File, Ticket, Place<'a>)> {
        let place = match mode.write {
            true => self.place_to_change(path)?,
            false => self.place(path)?,
        };
        let ticket = self.ticket()?;
        // Opening a device can do something already, so that what is none is not opened at all.
        match self.dir().metadata(place.as_path()) {
            Ok(metadata) => is_file(&metadata, place)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(place.error(&error)),
        }
        let (file, metadata) = self.open_now(place, mode)?;
        self.leash.check()?;
        if mode.truncate && metadata.len() > 0 {
            file.set_len(0).map_err(|error| place.error(&error))?;
        }
        Ok((file, ticket, place))
    }
}

impl Directory {
    /// Opens whatever is there by now, and keeps it if it is a file.
    fn open_now(&self, place: Place<'_>, mode: Mode) -> Result<(File, Metadata)> {
        let open = || -> std::io::Result<(File, Metadata)> {
            let file = self.dir().open_with(place.as_path(), &mode.options())?;
            let metadata = file.metadata()?;
            Ok((file, metadata))
        };
        let (file, metadata) = open().map_err(|error| place.error(&error))?;
        is_file(&metadata, place)?;
        Ok((file, metadata))
    }
}

fn is_file(metadata: &Metadata, place: Place<'_>) -> Result<()> {
    match EntryKind::from(metadata) {
        EntryKind::File => Ok(()),
        EntryKind::Directory => Err(place.is_a_directory()),
        EntryKind::Symlink | EntryKind::Other => Err(place.is_no_file()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_one_of_pythons_letters_and_perhaps_a_plus() {
        for (letters, read, write) in [
            ("r", true, false),
            ("rb", true, false),
            ("w", false, true),
            ("a", false, true),
            ("x", false, true),
            ("r+", true, true),
            ("rb+", true, true),
            ("w+b", true, true),
            ("a+", true, true),
            ("x+", true, true),
        ] {
            let mode = Mode::parse(letters).unwrap();
            assert_eq!((mode.read, mode.write), (read, write), "{letters}");
        }
        let plain = Mode::parse("r+").unwrap();
        assert!(!plain.create && !plain.truncate);
        for letters in [
            "",
            "b",
            "+",
            "rw",
            "r++",
            "rt",
            "wx",
            "rbbb",
            "R",
            "\u{1b}[2J",
        ] {
            let error = Mode::parse(letters).unwrap_err();
            assert!(error.message().contains("`r` (read)"), "{letters}: {error}");
        }
    }

    /// What is opened may have become a FIFO since it was looked at. Without anybody at its other end, opening it would
    /// wait for ever.
    #[test]
    #[cfg(unix)]
    fn a_fifo_that_is_opened_unseen_is_not_waited_for_and_not_kept() {
        use std::process::Command;
        use std::sync::mpsc;
        use std::time::Duration;

        use super::super::Access;

        let folder = std::env::temp_dir().join(format!("locum-fifo-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let made = Command::new("mkfifo").arg(folder.join("fifo")).status();
        assert!(made.unwrap().success());
        let directory = Directory::open(&folder, Access::ReadWrite)
            .unwrap()
            .named("data");
        let (done, ends) = mpsc::channel();
        std::thread::spawn(move || {
            let place = Place::new("data", "fifo").unwrap();
            for letters in ["r", "r+", "w", "a", "a+"] {
                let mode = Mode::parse(letters).unwrap();
                let error = directory.open_now(place, mode).map(drop).unwrap_err();
                let _ = done.send((letters, error));
            }
        });
        for _ in 0..5 {
            let told = ends.recv_timeout(Duration::from_secs(60));
            let (letters, error) = told.expect("it has waited for the other end");
            // Without a reader, one that is to be written only is not even opened.
            assert_eq!(error.type_name(), "OSError", "{letters}: {error}");
            assert!(error.message().starts_with("`fifo`"), "{letters}: {error}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
