//! What works with directories and files that the host hands over.

use locum_guest::fs::{Directory, DirectoryProxy, EntryKind, File, FileProxy};
use locum_guest::{Result, object};

use crate::alive::Live;

/// Looks after a directory, which it keeps.
pub(crate) struct Librarian {
    directory: DirectoryProxy,
    _live: Live,
}

#[object]
impl Librarian {
    fn new(directory: DirectoryProxy) -> Self {
        Librarian {
            directory,
            _live: Live::new(),
        }
    }

    /// Every text in the directory and below it, with how many lines it has.
    fn catalogue(&self) -> Result<Vec<(String, u64)>> {
        let mut found = Vec::new();
        catalogue(&self.directory, "", &mut found)?;
        Ok(found)
    }

    /// Writes a line at the end of the journal; returns how many bytes that has now.
    fn note(&self, line: &str) -> Result<u64> {
        let journal = self.directory.open("journal.txt", Some("a"))?;
        journal.write(format!("{line}\n"))?;
        journal.size()
    }
}

fn catalogue(directory: &DirectoryProxy, at: &str, found: &mut Vec<(String, u64)>) -> Result<()> {
    for entry in directory.list(None)? {
        let path = format!("{at}{}", entry.name);
        match entry.kind {
            EntryKind::Directory => {
                let below = directory.subdir(&entry.name)?;
                catalogue(&below, &format!("{path}/"), found)?;
            }
            EntryKind::File => {
                let mut lines = 0;
                for line in directory.open(&entry.name, None)?.lines()? {
                    line?;
                    lines += 1;
                }
                found.push((path, lines));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Copies the lines of one file that have a word in them to another one; returns how many.
#[object]
pub(crate) fn copy_lines(from: FileProxy, to: FileProxy, word: &str) -> Result<u64> {
    let mut copied = 0;
    for line in from.lines()? {
        let line = line?;
        if line.contains(word) {
            to.write(line + "\n")?;
            copied += 1;
        }
    }
    Ok(copied)
}
