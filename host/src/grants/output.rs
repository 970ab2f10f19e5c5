//! What a plugin reads from its standard input, and where what it writes goes.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Which of its streams a plugin wrote to.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use std::sync::mpsc;
/// # use locum::{Grants, Host, LoadOptions, Output, Stream};
/// let (tell, told) = mpsc::channel();
/// let output = Output::lines(move |stream, line| drop(tell.send((stream, line.to_owned()))));
/// let options = LoadOptions::new().grants(Grants::new().output(output));
/// let plugin = Host::new()?.load_with("samples.wasm", options)?;
/// plugin.import("samples.waiting")?.call::<()>("print_slowly", ("hello", 1))?;
/// assert_eq!(told.recv().unwrap(), (Stream::Stdout, "hello".to_owned()));
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// What a plugin reads from its standard input.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::{Grants, Host, Input, LoadOptions};
/// let grants = Grants::new().stdin(Input::Bytes(b"one\ntwo\n".to_vec()));
/// let plugin = Host::new()?.load_with("hostile.wasm", LoadOptions::new().grants(grants))?;
/// assert_eq!(plugin.import("hostile.world")?.call::<String>("input", ())?, "one\ntwo\n");
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// Nothing: it is at its end.
    #[default]
    Empty,
    /// These bytes.
    Bytes(Vec<u8>),
    /// The standard input of this process. With several plugins that have it, each piece goes to one of them.
    Inherit,
}

/// Gets the bytes of a plugin's output as they are written.
pub(crate) type Pieces = Arc<dyn Fn(Stream, &[u8]) + Send + Sync>;

/// Gets a plugin's output line by line.
pub(crate) type Lines = Arc<dyn Fn(Stream, &str) + Send + Sync>;

/// Where what a plugin writes goes.
///
/// Whatever it is, no more than [`Limits::output_bytes`](crate::Limits::output_bytes) are passed on in a second, and what
/// was dropped is told. Where output is made of lines, control characters in them are escaped, so that a plugin can not
/// steer a terminal, and one longer than [`Limits::line_bytes`](crate::Limits::line_bytes) comes in pieces.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use std::sync::{Arc, Mutex};
/// # use locum::{Captured, Grants, Host, LoadOptions, Output};
/// let raw = Arc::new(Mutex::new(Vec::new()));
/// let keep = raw.clone();
/// let grants = Grants::new()
///     .stdout(Output::pieces(move |_, bytes| keep.lock().unwrap().extend_from_slice(bytes)))
///     .stderr(Output::discard());
/// let plugin = Host::new()?.load_with("samples.wasm", LoadOptions::new().grants(grants))?;
/// plugin.import("samples.waiting")?.call::<()>("print_slowly", ("hello", 1))?;
/// assert_eq!(*raw.lock().unwrap(), b"hello\nhello\n");
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Output(pub(crate) Sink);

#[derive(Clone, Default)]
pub(crate) enum Sink {
    #[default]
    Discard,
    Inherit,
    Log,
    Lines(Lines),
    Pieces(Pieces),
}

impl Output {
    /// Nowhere.
    ///
    /// ```
    /// # use locum::{Captured, Grants, Output};
    /// # let captured = Captured::new(100);
    /// let each = [
    ///     Output::discard(),
    ///     Output::inherit(),
    ///     Output::log(),
    ///     Output::lines(|stream, line| eprintln!("{stream:?}: {line}")),
    ///     Output::capture(&captured),
    /// ];
    /// let all: Vec<Grants> = each.into_iter().map(|output| Grants::new().output(output)).collect();
    /// assert_eq!(all.len(), 5);
    /// ```
    pub fn discard() -> Output {
        Output(Sink::Discard)
    }

    /// To the same stream of this process, each line with the plugin's name before it: `[counters] ready`.
    pub fn inherit() -> Output {
        Output(Sink::Inherit)
    }

    /// To the log (crate [`tracing`], target `locum::output`), an event for each line.
    pub fn log() -> Output {
        Output(Sink::Log)
    }

    /// To a function, line by line.
    ///
    /// It is called in the middle of the plugin, on the thread that is in there: it should be quick, and can not call that
    /// plugin. When it panics, the plugin ends with that.
    pub fn lines(take: impl Fn(Stream, &str) + Send + Sync + 'static) -> Output {
        Output(Sink::Lines(Arc::new(take)))
    }

    /// To a function, piece by piece as it is written: not by lines, and not checked in any way.
    ///
    /// For what it may do, see [`lines`](Output::lines).
    pub fn pieces(take: impl Fn(Stream, &[u8]) + Send + Sync + 'static) -> Output {
        Output(Sink::Pieces(Arc::new(take)))
    }

    /// To memory, to be looked at later.
    pub fn capture(to: &Captured) -> Output {
        let to = to.clone();
        Output::pieces(move |stream, bytes| to.take(stream, bytes))
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Sink::Discard => "Output::discard()",
            Sink::Inherit => "Output::inherit()",
            Sink::Log => "Output::log()",
            Sink::Lines(_) => "Output::lines(..)",
            Sink::Pieces(_) => "Output::pieces(..)",
        })
    }
}

/// The last of what a plugin wrote, kept in memory. A clone is the same.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// use locum::{Captured, Grants, Host, LoadOptions, Output, Stream};
///
/// let captured = Captured::new(64 << 10);
/// let grants = Grants::new().output(Output::capture(&captured));
/// let plugin = Host::new()?.load_with("samples.wasm", LoadOptions::new().grants(grants))?;
/// plugin.import("samples.waiting")?.call::<()>("print_slowly", ("hello", 1))?;
/// assert_eq!(captured.text(Stream::Stdout), "hello\nhello\n");
/// assert!(captured.bytes(Stream::Stderr).is_empty());
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone)]
pub struct Captured(Arc<Kept>);

struct Kept {
    most: usize,
    streams: Mutex<[VecDeque<u8>; 2]>,
}

impl Captured {
    /// Keeps the last `most` bytes of each stream.
    pub fn new(most: usize) -> Captured {
        Captured(Arc::new(Kept {
            most,
            streams: Mutex::default(),
        }))
    }

    /// What was kept of a stream. What is not UTF-8 in it is replaced.
    pub fn text(&self, stream: Stream) -> String {
        String::from_utf8_lossy(&self.bytes(stream)).into_owned()
    }

    /// The bytes that were kept of a stream.
    pub fn bytes(&self, stream: Stream) -> Vec<u8> {
        let streams = self.0.streams.lock();
        let streams = streams.unwrap_or_else(PoisonError::into_inner);
        streams[stream as usize].iter().copied().collect()
    }

    /// Keeps what comes, and forgets as much of what came first as there is no room for.
    pub(crate) fn take(&self, stream: Stream, bytes: &[u8]) {
        let most = self.0.most;
        let streams = self.0.streams.lock();
        let kept = &mut streams.unwrap_or_else(PoisonError::into_inner)[stream as usize];
        let last = &bytes[bytes.len().saturating_sub(most)..];
        let excess = (kept.len() + last.len()).saturating_sub(most);
        kept.drain(..excess);
        kept.extend(last);
    }
}

impl fmt::Debug for Captured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Captured")
            .field("stdout", &self.bytes(Stream::Stdout).len())
            .field("stderr", &self.bytes(Stream::Stderr).len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_each_stream_is_kept() {
        let captured = Captured::new(4);
        captured.take(Stream::Stdout, b"abc");
        captured.take(Stream::Stdout, b"def");
        captured.take(Stream::Stderr, b"0123456789");
        assert_eq!(captured.text(Stream::Stdout), "cdef");
        assert_eq!(captured.text(Stream::Stderr), "6789");
    }
}
