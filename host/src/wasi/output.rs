//! What a plugin writes, on its way out: metered, cut into lines, and the last of its standard error kept.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

use crate::grants::{Captured, Output, Sink, Stream};
use crate::limits::Limits;
use locum_protocol::text;

/// How much of the standard error is kept, and how much a plugin may write at a time.
const KEPT: usize = 16 << 10;

/// The longest line of a guest's that is shown in an error, in characters.
const SHOWN: usize = 200;

/// Both streams of one plugin.
pub(super) struct Writer {
    stdout: Arc<Channel>,
    stderr: Arc<Channel>,
    last_stderr: Captured,
}

impl Writer {
    pub(super) fn new(plugin: &str, limits: &Limits, stdout: &Output, stderr: &Output) -> Writer {
        let allowance = Arc::new(Mutex::new(Allowance::new(limits.output_bytes)));
        let channel = |stream, output: &Output| {
            Arc::new(Channel {
                plugin: plugin.to_owned(),
                stream,
                sink: output.0.clone(),
                line_bytes: limits.line_bytes,
                allowance: Arc::clone(&allowance),
                rest: Mutex::default(),
            })
        };
        Writer {
            stdout: channel(Stream::Stdout, stdout),
            stderr: channel(Stream::Stderr, stderr),
            last_stderr: Captured::new(KEPT),
        }
    }

    pub(super) fn stdout(&self) -> Pipe {
        Pipe {
            channel: Arc::clone(&self.stdout),
            kept: None,
        }
    }

    pub(super) fn stderr(&self) -> Pipe {
        Pipe {
            channel: Arc::clone(&self.stderr),
            kept: Some(self.last_stderr.clone()),
        }
    }

    /// The last lines that the plugin wrote to its standard error, fit to be shown.
    pub(super) fn stderr_tail(&self, count: usize) -> Vec<String> {
        let kept = self.last_stderr.text(Stream::Stderr);
        let last = kept.lines().rev().filter(|line| tells_something(line));
        let mut lines: Vec<String> = last.take(count).map(shown).collect();
        lines.reverse();
        lines
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        for channel in [&self.stdout, &self.stderr] {
            // Nobody is left who could be told that a sink has panicked.
            let _ = catch_unwind(AssertUnwindSafe(|| channel.end()));
        }
    }
}

/// How many bytes both streams may still pass on: what a second brings is there at the start, and comes again in each.
struct Allowance {
    most: usize,
    left: usize,
    filled: Instant,
    dropped: u64,
}

impl Allowance {
    fn new(most: usize) -> Allowance {
        Allowance {
            most,
            left: most,
            filled: Instant::now(),
            dropped: 0,
        }
    }

    /// How many of so many bytes may be passed on, and how many were dropped before the first of them.
    fn take(&mut self, wanted: usize) -> (usize, u64) {
        let earned = self.most as f64 * self.filled.elapsed().as_secs_f64();
        if earned >= 1.0 {
            // A cast of what is too large gives the largest.
            self.left = self.left.saturating_add(earned as usize).min(self.most);
            self.filled = Instant::now();
        }
        let taken = wanted.min(self.left);
        self.left -= taken;
        let before = match taken {
            0 => 0,
            _ => std::mem::take(&mut self.dropped),
        };
        self.dropped += (wanted - taken) as u64;
        (taken, before)
    }
}

/// One stream of one plugin, and where it leads.
struct Channel {
    plugin: String,
    stream: Stream,
    sink: Sink,
    line_bytes: usize,
    allowance: Arc<Mutex<Allowance>>,
    /// A line that has not ended yet.
    rest: Mutex<Vec<u8>>,
}

impl Channel {
    fn write(&self, bytes: &[u8]) {
        if matches!(self.sink, Sink::Discard) {
            return;
        }
        let (taken, dropped) = locked(&self.allowance).take(bytes.len());
        if dropped > 0 {
            self.tell_dropped(dropped);
        }
        self.pass(&bytes[..taken]);
    }

    /// No lock is held while a sink is called, which may do anything.
    fn pass(&self, bytes: &[u8]) {
        if let Sink::Pieces(take) = &self.sink {
            if !bytes.is_empty() {
                take(self.stream, bytes);
            }
            return;
        }
        for line in self.lines(bytes) {
            self.line(&line);
        }
    }

    /// The lines that these bytes end.
    fn lines(&self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut rest = locked(&self.rest);
        let mut lines = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (piece, ends) = match piece.strip_suffix(b"\n") {
                Some(piece) => (piece, true),
                None => (piece, false),
            };
            rest.extend_from_slice(piece);
            while rest.len() > self.line_bytes {
                let cut = whole(&rest, self.line_bytes);
                let more = rest.split_off(cut);
                lines.push(std::mem::replace(&mut *rest, more));
            }
            if ends {
                lines.push(std::mem::take(&mut *rest));
            }
        }
        lines
    }

    fn line(&self, line: &[u8]) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = String::from_utf8_lossy(line);
        self.say(&text::line(&line));
    }

    fn say(&self, line: &str) {
        let plugin = &self.plugin;
        match &self.sink {
            Sink::Discard => {}
            Sink::Inherit => inherited(self.stream, &format!("[{}] {line}\n", text::line(plugin))),
            Sink::Log => {
                let stream = match self.stream {
                    Stream::Stdout => "stdout",
                    Stream::Stderr => "stderr",
                };
                tracing::info!(target: "locum::output", plugin, stream, "{line}");
            }
            Sink::Lines(take) => take(self.stream, line),
            Sink::Pieces(take) => take(self.stream, line.as_bytes()),
        }
    }

    #[cold]
    fn tell_dropped(&self, count: u64) {
        let most = locked(&self.allowance).most;
        let text = format!(
            "{count} bytes of output were dropped: {most} are passed on in a second (Limits::output_bytes)"
        );
        tracing::warn!(target: "locum::output", plugin = self.plugin, "{text}");
        // In the middle of raw bytes it would be taken for some of them.
        if !matches!(self.sink, Sink::Pieces(_)) {
            self.say(&text);
        }
    }

    /// Passes on what has no newline at its end, and tells what was dropped last.
    fn end(&self) {
        let rest = std::mem::take(&mut *locked(&self.rest));
        if !rest.is_empty() {
            self.line(&rest);
        }
        let dropped = std::mem::take(&mut locked(&self.allowance).dropped);
        if dropped > 0 {
            self.tell_dropped(dropped);
        }
    }
}

/// Where a line that is too long is cut: not inside of a character.
fn whole(line: &[u8], most: usize) -> usize {
    let starts = |at: &usize| line.get(*at).is_none_or(|byte| byte & 0xC0 != 0x80);
    let nearest = most.saturating_sub(3).max(1)..=most;
    nearest.rev().find(starts).unwrap_or(most)
}

/// Writes to a stream of this process. When that is gone there is nobody left to be told.
fn inherited(stream: Stream, line: &str) {
    use std::io::Write;
    let _ = match stream {
        Stream::Stdout => std::io::stdout().lock().write_all(line.as_bytes()),
        Stream::Stderr => std::io::stderr().lock().write_all(line.as_bytes()),
    };
}

/// Not an empty line, and not the advice of Rust's standard library that does not help with a plugin.
fn tells_something(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with("note: run with `RUST_BACKTRACE=")
}

/// A line as an error shows it: no control characters, and not for ever.
fn shown(line: &str) -> String {
    let cut: String = line.chars().take(SHOWN).collect();
    let mut shown = text::line(&cut.replace('\t', " ")).into_owned();
    if line.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// A stream as WASI wants it. It never waits.
#[derive(Clone)]
pub(super) struct Pipe {
    channel: Arc<Channel>,
    kept: Option<Captured>,
}

impl IsTerminal for Pipe {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Pipe {
    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }

    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        // Only WASI 0.1 and 0.3 ask for this, and neither is linked.
        Box::new(MemoryOutputPipe::new(0))
    }
}

impl OutputStream for Pipe {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        if let Some(kept) = &self.kept {
            kept.take(Stream::Stderr, &bytes);
        }
        self.channel.write(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(KEPT)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Pipe {
    async fn ready(&mut self) {}
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "output/tests.rs"]
mod tests;
