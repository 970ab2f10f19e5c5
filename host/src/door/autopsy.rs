//! Why a plugin died: from what wasmtime reports, what the plugin said last and what it wrote, to one [`Error`].

use locum_protocol::{Error, Fault, Kind};
use wasmtime::{Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use super::state::State;

/// How many frames of the guest, and how many lines of its standard error, an error carries.
const FRAMES: usize = 16;
const STDERR_LINES: usize = 8;

/// What a function without a name is called, its number behind it.
const NAMELESS: &str = "function ";

/// From how many times on a function that calls itself is named as the cause of a stack that ran out.
const RECURSION: usize = 8;

/// The error that the call gets during which the plugin died.
#[cold]
pub(super) fn examine(error: &wasmtime::Error, state: &mut State) -> Error {
    let frames = backtrace(error);
    let (found, mut trace) = match state.last_words.take() {
        Some(words) => {
            let words = words.into_fault();
            (Error::new(words.kind, words.message).with_type_name(words.type_name), words.trace)
        }
        None => cause(error, state, &frames),
    };
    trace.extend(folded(frames));
    trace.extend(state.wasi.stderr_tail(STDERR_LINES).into_iter().map(|line| format!("stderr: {line}")));
    let mut fault = found.into_fault();
    fault.trace = trace;
    Error::from(fault)
}

/// The error that everybody gets afterwards.
#[cold]
pub(super) fn closed(name: &str, cause: &Error) -> Error {
    Error::from(Fault {
        kind: Kind::Closed,
        type_name: Kind::Closed.type_name().into(),
        message: format!("plugin `{name}` is closed: {}", how(cause)),
        trace: cause.trace().to_vec(),
        data: None,
    })
}

/// How the plugin ended, in half a sentence.
pub(super) fn how(cause: &Error) -> String {
    let place = cause.trace().first().and_then(|line| line.strip_prefix("panicked at "));
    match (cause.kind(), place) {
        (Kind::Panic, Some(place)) => format!("it panicked at {place}: {}", cause.message()),
        (Kind::Panic, None) => format!("it panicked: {}", cause.message()),
        (Kind::Trap, _) => format!("it trapped: {}", cause.message()),
        _ => cause.message().to_owned(),
    }
}

/// What a plugin that said nothing died of, and what else there is to say about it.
fn cause(error: &wasmtime::Error, state: &State, frames: &[String]) -> (Error, Vec<String>) {
    let died = |message: String| Error::new(Kind::Trap, message);
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        let how = if exit.0 == 0 { "success" } else { "a failure" };
        return (died(format!("the plugin ended itself with `exit`, reporting {how}")), Vec::new());
    }
    let trap = error.downcast_ref::<Trap>();
    let mut words = match trap {
        // Every trap calls itself one.
        Some(trap) => trap.to_string().trim_start_matches("wasm trap: ").to_owned(),
        None => error.root_cause().to_string(),
    };
    // A Rust guest keeps part of its stack at the bottom of its memory, so that also reads as "out of bounds".
    if matches!(trap, Some(Trap::StackOverflow | Trap::MemoryOutOfBounds))
        && let Some(name) = frames.first()
        && frames.iter().filter(|frame| *frame == name).count() >= RECURSION
    {
        words.push_str(&format!(" (`{name}` calls itself without end?)"));
    }
    match &state.gauge.refused {
        Some(refused) => (died(refused.clone()), vec![words]),
        None => (died(words), Vec::new()),
    }
}

/// The guest's frames, innermost first, without those of the machinery at either end.
fn backtrace(error: &wasmtime::Error) -> Vec<String> {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else { return Vec::new() };
    let mut frames: Vec<String> = Vec::new();
    for frame in backtrace.frames() {
        let own = frame.func_name().map_or_else(|| format!("{NAMELESS}{}", frame.func_index()), demangled);
        if frame.symbols().is_empty() {
            frames.push(own);
            continue;
        }
        // With debug information in it, a plugin also tells what was inlined, and where.
        frames.extend(frame.symbols().iter().map(|symbol| {
            let name = symbol.name().map_or_else(|| own.clone(), demangled);
            match (symbol.file(), symbol.line()) {
                (Some(file), Some(line)) => format!("{name} at {file}:{line}"),
                _ => name,
            }
        }));
    }
    // An import passes through a shim that has no name. A plugin whose names were stripped has nothing else.
    if frames.iter().any(|frame| !frame.starts_with(NAMELESS)) {
        frames.retain(|frame| !frame.starts_with(NAMELESS));
    }
    let first = frames.iter().position(|frame| !is_about_dying(frame)).unwrap_or(0);
    let last = frames.iter().rposition(|frame| !is_about_serving(frame)).unwrap_or(frames.len());
    frames.truncate(last + 1);
    frames.drain(..first.min(frames.len()));
    frames
}

/// Frames that repeat become one line; the rest is cut off.
fn folded(frames: Vec<String>) -> Vec<String> {
    let mut folded: Vec<(String, usize)> = Vec::new();
    for frame in frames {
        match folded.last_mut() {
            Some((last, times)) if *last == frame => *times += 1,
            _ => folded.push((frame, 1)),
        }
    }
    let line = |(frame, times)| if times == 1 { frame } else { format!("{frame} ({times} times)") };
    folded.into_iter().take(FRAMES).map(line).collect()
}

/// Whether a frame belongs to what ends a program, which is the same in every backtrace.
fn is_about_dying(frame: &str) -> bool {
    const LIBRARIES: &[&str] = &["std::", "core::", "alloc::", "__rustc", "__rust", "dlmalloc::", "panic_abort::"];
    const FUNCTIONS: &[&str] = &["abort", "exit", "_Exit", "exit_exit", "malloc", "calloc", "realloc", "cabi_realloc"];
    let name = frame.trim_start_matches('<');
    LIBRARIES.iter().any(|library| name.starts_with(library)) || FUNCTIONS.contains(&frame)
}

/// Whether a frame belongs to what brings a call to an object.
fn is_about_serving(frame: &str) -> bool {
    const PARTS: &[&str] = &["locum_guest::", "locum_protocol::", "locum:plugin/"];
    let name = frame.trim_start_matches('<');
    PARTS.iter().any(|part| name.starts_with(part))
}

fn demangled(name: &str) -> String {
    match rustc_demangle::try_demangle(name) {
        // Without the hash at the end.
        Ok(demangled) => format!("{demangled:#}"),
        // A linker's or another language's name may hold anything.
        Err(_) => name.chars().filter(|character| !character.is_control()).collect(),
    }
}
