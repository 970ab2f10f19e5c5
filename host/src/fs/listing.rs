//! Going through what is in a directory.

use std::io::ErrorKind;

use cap_std::fs::ReadDir;

use super::limits::Ticket;
use super::{Directory, Entry};
use crate::Result;

/// What is in a directory, one after the other.
pub(super) struct Listing {
    directory: Directory,
    path: String,
    entries: ReadDir,
    _ticket: Ticket,
}

impl Directory {
    pub(super) fn listing(&self, path: &str) -> Result<Listing> {
        let place = self.place(path)?;
        let ticket = self.ticket()?;
        let entries = self.dir().read_dir(place.as_path());
        Ok(Listing {
            entries: entries.map_err(|error| place.error(&error))?,
            directory: self.clone(),
            path: path.to_owned(),
            _ticket: ticket,
        })
    }
}

impl Iterator for Listing {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Result<Entry>> {
        let place = match self.directory.place(&self.path) {
            Ok(place) => place,
            Err(error) => return Some(Err(error)),
        };
        loop {
            let found = self.entries.next()?;
            let entry = found.and_then(|entry| {
                let metadata = entry.metadata()?;
                Ok(Entry::new(&entry.file_name(), &metadata))
            });
            return match entry {
                Ok(entry) => Some(Ok(entry)),
                // It went while the others were looked at.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => Some(Err(place.error(&error))),
            };
        }
    }
}
