//! The lines of a file, one after the other.

use super::File;
use crate::Result;

/// Bytes that are read at once.
const AHEAD: usize = 64 << 10;

pub(super) struct Lines {
    file: File,
    /// What was read and not given yet, from `start` on.
    buffer: Vec<u8>,
    start: usize,
    /// Up to where the buffer was searched for the end of a line.
    searched: usize,
    /// Where in the file the buffer ends.
    at: u64,
    ended: bool,
}

impl Lines {
    pub(super) fn new(file: File, at: u64) -> Lines {
        Lines {
            file,
            buffer: Vec::new(),
            start: 0,
            searched: 0,
            at,
            ended: false,
        }
    }

    /// The next line without its end, and whether there is one.
    fn next_line(&mut self) -> Result<Option<String>> {
        loop {
            let end = self.buffer[self.searched..]
                .iter()
                .position(|byte| *byte == b'\n');
            if let Some(end) = end {
                let end = self.searched + end;
                return self.take(end, end + 1).map(Some);
            }
            self.searched = self.buffer.len();
            if self.buffer.len() - self.start > self.file.longest_read() {
                let remedy =
                    "and has no end of a line in them; `read` a `size` of it, again and again";
                return Err(self
                    .file
                    .place()
                    .too_large(self.file.longest_read(), remedy));
            }
            if !self.read_ahead()? {
                let end = self.buffer.len();
                return match self.start < end {
                    true => self.take(end, end).map(Some),
                    false => Ok(None),
                };
            }
        }
    }

    /// What is before `end`, as text; the next line begins at `next`.
    fn take(&mut self, end: usize, next: usize) -> Result<String> {
        let line = &self.buffer[self.start..end];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let text = match std::str::from_utf8(line) {
            Ok(text) => text.to_owned(),
            Err(error) => {
                let begins = self.at - (self.buffer.len() - self.start) as u64;
                let wrong = begins + error.valid_up_to() as u64;
                return Err(self.file.place().is_no_text(wrong));
            }
        };
        (self.start, self.searched) = (next, next);
        Ok(text)
    }

    fn read_ahead(&mut self) -> Result<bool> {
        self.buffer.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        let more = self.file.read_at(self.at, AHEAD)?;
        self.at += more.len() as u64;
        self.buffer.extend_from_slice(&more);
        Ok(!more.is_empty())
    }
}

impl Iterator for Lines {
    type Item = Result<String>;

    fn next(&mut self) -> Option<Result<String>> {
        if self.ended {
            return None;
        }
        let line = self.next_line().transpose();
        self.ended = !matches!(line, Some(Ok(_)));
        line
    }
}
