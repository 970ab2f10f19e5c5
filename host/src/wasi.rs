//! What a plugin sees of the world: nothing. It may ask the time, draw random numbers, and write; what it writes is
//! kept (the last of it) and shown to whoever wants to see it.

mod alarm;
mod io;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::bindings::sync::io as interfaces;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

pub(crate) use self::alarm::Alarm;
use self::io::{HasIo, Io};

/// How much of each stream is kept.
const KEPT: usize = 16 << 10;

/// The longest line of a guest's that is shown in an error, in characters.
const SHOWN: usize = 200;

/// Which of its streams a plugin wrote to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Gets what a plugin writes, piece by piece as it is written: not by lines, and not checked in any way.
///
/// It runs in the middle of the plugin, so it must be quick, and the plugin can not be called from it.
pub(crate) type Sink = Arc<dyn Fn(Stream, &[u8]) + Send + Sync>;

/// A plugin's side of WASI.
pub(crate) struct Wasi {
    context: WasiCtx,
    resources: ResourceTable,
    alarm: Arc<Alarm>,
    stderr: Arc<Mutex<VecDeque<u8>>>,
}

impl Wasi {
    /// No standard input, no environment, no arguments, no directories, no network.
    pub(crate) fn without_grants(
        resources: ResourceTable,
        alarm: Arc<Alarm>,
        sink: Option<Sink>,
    ) -> Wasi {
        let stdout = Capture::new(Stream::Stdout, sink.clone());
        let stderr = Capture::new(Stream::Stderr, sink);
        let kept = Arc::clone(&stderr.kept);
        // A fresh context has nothing to begin with, but it may create sockets, which then can not reach any address.
        let context = WasiCtx::builder()
            .stdout(stdout)
            .stderr(stderr)
            .allow_tcp(false)
            .allow_udp(false)
            .build();
        Wasi {
            context,
            resources,
            alarm,
            stderr: kept,
        }
    }

    pub(crate) fn view(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.resources,
        }
    }

    fn io(&mut self) -> Io<'_> {
        Io {
            resources: &mut self.resources,
            alarm: &self.alarm,
        }
    }

    /// The last lines that the plugin wrote to its standard error, fit to be shown.
    pub(crate) fn stderr_tail(&self, count: usize) -> Vec<String> {
        let kept = locked(&self.stderr);
        let bytes: Vec<u8> = kept.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let mut lines: Vec<String> = text
            .lines()
            .rev()
            .filter(|line| tells_something(line))
            .take(count)
            .map(shown)
            .collect();
        lines.reverse();
        lines
    }
}

/// A store's data with a [`Wasi`] in it.
pub(crate) trait HasWasi: WasiView + 'static {
    /// That.
    fn wasi(&mut self) -> &mut Wasi;
}

/// Adds all of WASI 0.2; what a plugin may do with it is decided by its context.
pub(crate) fn add_to_linker<T: HasWasi>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_sync(linker)?;
    // Instead of what was just added under these names.
    linker.allow_shadowing(true);
    interfaces::poll::add_to_linker::<T, HasIo>(linker, |data| data.wasi().io())?;
    interfaces::streams::add_to_linker::<T, HasIo>(linker, |data| data.wasi().io())?;
    linker.allow_shadowing(false);
    Ok(())
}

/// Not an empty line, and not the advice of Rust's standard library that does not help with a plugin.
fn tells_something(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with("note: run with `RUST_BACKTRACE=")
}

/// A line as it may be shown on a terminal: no control characters, and not for ever.
fn shown(line: &str) -> String {
    let mut shown = String::new();
    for (count, character) in line.chars().enumerate() {
        if count == SHOWN {
            shown.push('…');
            break;
        }
        match character {
            '\t' => shown.push(' '),
            control if control.is_control() => shown.extend(control.escape_default()),
            other => shown.push(other),
        }
    }
    shown
}

/// Keeps the last of what is written, and passes it on.
#[derive(Clone)]
struct Capture {
    stream: Stream,
    kept: Arc<Mutex<VecDeque<u8>>>,
    sink: Option<Sink>,
}

impl Capture {
    fn new(stream: Stream, sink: Option<Sink>) -> Capture {
        Capture {
            stream,
            kept: Arc::default(),
            sink,
        }
    }
}

impl IsTerminal for Capture {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Capture {
    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }

    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        // Only WASI 0.1 and 0.3 ask for this, and neither is linked.
        Box::new(MemoryOutputPipe::new(0))
    }
}

impl OutputStream for Capture {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut kept = locked(&self.kept);
        let last = &bytes[bytes.len().saturating_sub(KEPT)..];
        let excess = (kept.len() + last.len()).saturating_sub(KEPT);
        kept.drain(..excess);
        kept.extend(last);
        drop(kept);
        if let Some(sink) = &self.sink {
            sink(self.stream, &bytes);
        }
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
impl Pollable for Capture {
    async fn ready(&mut self) {}
}

fn locked(kept: &Mutex<VecDeque<u8>>) -> MutexGuard<'_, VecDeque<u8>> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
