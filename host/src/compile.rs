//! Compiling code of unknown origin: what would take too much is refused before it starts, and what takes too long is
//! waited for no longer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use locum_protocol::{Error, Result};
use wasmparser::{Parser, Payload};
use wasmtime::Engine;
use wasmtime::component::Component as Compiled;

use crate::component::{problem, unreadable};
use crate::limits::Limits;

/// How many compilations that nobody waits for any more may be under way at a time, in this process.
const MOST_ABANDONED: usize = 2;

static ABANDONED: AtomicUsize = AtomicUsize::new(0);

/// Compiles a plugin, which was measured, for as long as it may take.
pub(crate) fn compile(engine: &'static Engine, bytes: &[u8], limits: &Limits) -> Result<Compiled> {
    if ABANDONED.load(Ordering::Relaxed) >= MOST_ABANDONED {
        return Err(problem(
            "compilations that took longer than Limits::compile_time are still under way; try again later",
        ));
    }
    let bytes = bytes.to_vec();
    let (done, result) = mpsc::sync_channel(1);
    let job = Arc::new(Job::default());
    let ends = End(Arc::clone(&job));
    // A compiler can not be interrupted, so it works where it can be left alone.
    thread::Builder::new()
        .name("locum-compiler".into())
        .spawn(move || {
            // Also when the compiler panics.
            let _ends = ends;
            let _ = done.send(Compiled::from_binary(engine, &bytes));
        })
        .map_err(|error| problem(format!("no thread could be started to compile it: {error}")))?;
    match result.recv_timeout(limits.compile_time) {
        Ok(compiled) => compiled.map_err(|error| unreadable(&error)),
        Err(RecvTimeoutError::Disconnected) => Err(problem("the compiler gave up; build it again")),
        Err(RecvTimeoutError::Timeout) => {
            job.abandon();
            Err(problem(format!(
                "compiling it took longer than {:?} (Limits::compile_time)",
                limits.compile_time
            )))
        }
    }
}

/// A compilation, of which the one who waits and the one who works each have seen one end.
#[derive(Default)]
struct Job {
    is_settled: AtomicBool,
}

impl Job {
    fn abandon(&self) {
        ABANDONED.fetch_add(1, Ordering::Relaxed);
        self.settle();
    }

    /// The second of the two who come here, if the first one has abandoned it, ends that.
    fn settle(&self) {
        if self.is_settled.swap(true, Ordering::AcqRel) {
            ABANDONED.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Settles its job at the end of the compiler's thread.
struct End(Arc<Job>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.settle();
    }
}

/// Counts what a compiler's work depends on, so that it is refused whether or not it was compiled before. A file that can not be read is left to the compiler to complain of.
pub(crate) fn measure(bytes: &[u8], limits: &Limits) -> Result<()> {
    let mut functions: usize = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(Payload::CodeSectionStart { count, .. }) => {
                functions = functions.saturating_add(count as usize);
                if functions > limits.functions {
                    return Err(too_much(
                        "functions",
                        functions,
                        limits.functions,
                        "functions",
                    ));
                }
            }
            Ok(Payload::CodeSectionEntry(body)) => {
                let size = body.range().len();
                if size > limits.function_bytes {
                    return Err(too_much(
                        "bytes in one function",
                        size,
                        limits.function_bytes,
                        "function_bytes",
                    ));
                }
            }
            Ok(_) => {}
            Err(_) => return Ok(()),
        }
    }
    Ok(())
}

fn too_much(what: &str, found: usize, most: usize, field: &str) -> Error {
    problem(format!(
        "it has {found} {what}, the most are {most} (Limits::{field}); build it with optimisation"
    ))
}
