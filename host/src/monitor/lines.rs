//! Lines from a socket, none of them longer than it may be.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// Lines as they come in.
pub(super) struct Lines {
    stream: UnixStream,
    longest: usize,
    /// What has come, from `begin` on not yet read.
    bytes: Vec<u8>,
    begin: usize,
    /// Up to where there is no end of a line.
    searched: usize,
}

/// What came of waiting for a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Came {
    Line(String),
    /// Nothing, in time.
    Nothing,
    /// The other end is gone.
    End,
}

impl Lines {
    pub(super) fn of(stream: UnixStream, longest: usize) -> Lines {
        Lines {
            stream,
            longest,
            bytes: Vec::new(),
            begin: 0,
            searched: 0,
        }
    }

    /// Waits for a line, for so long or for ever.
    ///
    /// # Errors
    /// When the line is too long or no UTF-8, or the system's.
    pub(super) fn next(&mut self, patience: Option<Duration>) -> io::Result<Came> {
        // A time of nothing would be taken for no time.
        let patience = patience.map(|it| it.max(Duration::from_millis(1)));
        self.stream.set_read_timeout(patience)?;
        loop {
            if let Some(line) = self.line()? {
                return Ok(Came::Line(line));
            }
            let mut piece = [0; 16 << 10];
            match self.stream.read(&mut piece) {
                Ok(0) => return Ok(Came::End),
                Ok(count) => self.bytes.extend_from_slice(&piece[..count]),
                Err(error) => match error.kind() {
                    io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                        return Ok(Came::Nothing);
                    }
                    io::ErrorKind::Interrupted => {}
                    io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
                        return Ok(Came::End);
                    }
                    _ => return Err(error),
                },
            }
        }
    }

    /// A whole line of what has come.
    fn line(&mut self) -> io::Result<Option<String>> {
        let bad = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
        let from = self.searched;
        let end = self.bytes[from..].iter().position(|it| *it == b'\n');
        let end = end.map(|at| from + at);
        self.searched = end.map_or(self.bytes.len(), |end| end + 1);
        if end.unwrap_or(self.bytes.len()) - self.begin > self.longest {
            return Err(bad(format!("a line has more than {} bytes", self.longest)));
        }
        let Some(end) = end else {
            self.bytes.drain(..self.begin);
            self.searched -= self.begin;
            self.begin = 0;
            return Ok(None);
        };
        let line = String::from_utf8(self.bytes[self.begin..end].to_vec());
        self.begin = end + 1;
        line.map(Some)
            .map_err(|_| bad("a line is not UTF-8 text".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const SOON: Option<Duration> = Some(Duration::from_millis(1));

    #[test]
    fn lines_come_whole_however_they_are_sent() {
        let (mut far, near) = UnixStream::pair().unwrap();
        let mut lines = Lines::of(near, 10);
        far.write_all(b"one\ntw").unwrap();
        assert_eq!(lines.next(SOON).unwrap(), Came::Line("one".into()));
        assert_eq!(lines.next(SOON).unwrap(), Came::Nothing);
        far.write_all(b"o\n0123456789\n").unwrap();
        assert_eq!(lines.next(SOON).unwrap(), Came::Line("two".into()));
        assert_eq!(lines.next(SOON).unwrap(), Came::Line("0123456789".into()));
        drop(far);
        assert_eq!(lines.next(SOON).unwrap(), Came::End);
    }

    #[test]
    fn a_line_that_is_too_long_is_an_error_whether_it_ends_or_not() {
        for text in ["01234567890\n", "01234567890"] {
            let (mut far, near) = UnixStream::pair().unwrap();
            far.write_all(text.as_bytes()).unwrap();
            let error = Lines::of(near, 10).next(SOON).unwrap_err();
            assert!(error.to_string().contains("more than 10 bytes"));
        }
    }

    #[test]
    fn what_is_no_text_is_an_error() {
        let (mut far, near) = UnixStream::pair().unwrap();
        far.write_all(b"\xff\n").unwrap();
        assert!(Lines::of(near, 10).next(SOON).is_err());
    }
}
