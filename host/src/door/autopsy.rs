//! Why a plugin died: from what wasmtime reports, what the plugin said last and what it wrote, to one [`Error`].

use std::time::Instant;

use locum_protocol::{Error, Fault, Kind};
use wasmtime::{Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use super::state::{Fate, State, bytes};
use crate::deadline::OutOfTime;

/// How many frames of the guest, and how many lines of its standard error, an error carries.
const FRAMES: usize = 16;
const STDERR_LINES: usize = 8;

/// How many bytes of what a plugin says about its death are kept, in each line.
const LONGEST: usize = 4096;

/// What a function without a name is called, its number behind it.
const NAMELESS: &str = "function ";

/// From how many times on a function that calls itself is named as the cause of a stack that ran out.
const RECURSION: usize = 8;

/// The error that the call gets during which the plugin died.
#[cold]
pub(super) fn examine(error: &wasmtime::Error, state: &mut State) -> Error {
    let frames = backtrace(error);
    let said = state.last_words.take();
    let (found, mut trace) = match (said, stopped(error, state)) {
        (None, Some(stopped)) => (stopped, Vec::new()),
        // Whatever it said, that was not what it died of.
        (Some(words), Some(stopped)) => {
            let (words, _) = last_words(words);
            (stopped, vec![format!("it said: {}", words.message())])
        }
        (Some(words), None) => last_words(words),
        (None, None) => cause(error, state, &frames),
    };
    trace.extend(folded(frames));
    trace.extend(
        state
            .wasi
            .stderr_tail(STDERR_LINES)
            .into_iter()
            .map(|line| format!("stderr: {line}")),
    );
    let mut fault = found.into_fault();
    fault.trace = trace;
    state.line.refusals.explain(Error::from(fault))
}

/// What a plugin's calls answer from now on.
#[cold]
pub(super) fn fate(name: &str, cause: &Error, in_order: bool) -> Fate {
    let after = Error::from(Fault {
        kind: Kind::Closed,
        type_name: Kind::Closed.type_name().into(),
        message: format!("plugin `{name}` is closed: {}", how(cause)),
        trace: cause.trace().to_vec(),
        data: None,
    });
    // Only a fatal kind tells a caller that the plugin is gone, and the bare word "closed" does not say which one.
    let tells_enough = cause.kind().is_fatal() && cause.kind() != Kind::Closed;
    Fate {
        cause: cause.clone(),
        in_order,
        at: Instant::now(),
        during: if tells_enough { cause } else { &after }.clone(),
        after,
    }
}

/// How the plugin ended, in half a sentence.
pub(super) fn how(cause: &Error) -> String {
    let place = cause
        .trace()
        .first()
        .and_then(|line| line.strip_prefix("panicked at "));
    match (cause.kind(), place) {
        (Kind::Panic, Some(place)) => format!("it panicked at {place}: {}", cause.message()),
        (Kind::Panic, None) => format!("it panicked: {}", cause.message()),
        (Kind::Trap, _) => format!("it trapped: {}", cause.message()),
        _ => cause.message().to_owned(),
    }
}

/// What a plugin said of its own death. It may say anything, so it is cut short, and it names no kind but these two.
fn last_words(words: Error) -> (Error, Vec<String>) {
    let mut words = words.into_fault();
    let kind = if words.kind == Kind::Panic {
        Kind::Panic
    } else {
        Kind::Trap
    };
    words.trace.truncate(FRAMES);
    for text in words.trace.iter_mut().chain([&mut words.message]) {
        text.truncate(text.floor_char_boundary(LONGEST));
    }
    (Error::new(kind, words.message), words.trace)
}

/// What its host has stopped it for: nothing that a plugin says of itself changes that.
fn stopped(error: &wasmtime::Error, state: &State) -> Option<Error> {
    let limits = state.gauge.limits();
    let text = if let Some(OutOfTime(limit)) = error.downcast_ref() {
        let (when, field) = match state.line.peer.get() {
            Some(_) => ("in one call", "deadline"),
            None => ("while it was started", "start_deadline"),
        };
        format!("it ran for longer than {limit:?} {when} (Limits::{field})")
    } else if let (Some(Trap::OutOfFuel), Some(fuel)) = (error.downcast_ref(), limits.fuel) {
        format!("it executed more than {fuel} instructions in one call (Limits::fuel)")
    } else {
        return None;
    };
    Some(Error::new(Kind::Deadline, text))
}

/// What a plugin that said nothing died of, and what else there is to say about it.
fn cause(error: &wasmtime::Error, state: &State, frames: &[String]) -> (Error, Vec<String>) {
    let died = |message: String| Error::new(Kind::Trap, message);
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        let how = if exit.0 == 0 { "success" } else { "a failure" };
        return (
            died(format!(
                "the plugin ended itself with `exit`, reporting {how}"
            )),
            Vec::new(),
        );
    }
    let trap = error.downcast_ref::<Trap>();
    let mut words = match trap {
        // Every trap calls itself one.
        Some(trap) => trap
            .to_string()
            .trim_start_matches("wasm trap: ")
            .to_owned(),
        None => other_words(&error.root_cause().to_string(), state),
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

/// What stopped a plugin that did not trap by itself: it broke the rules at the border.
fn other_words(words: &str, state: &State) -> String {
    // The only error of wasmtime's whose words do not tell what to do; it has no type that could be asked for.
    if words.contains("fuel allocated for hostcalls") {
        let most = bytes(state.gauge.limits().handed_over());
        return format!(
            "it handed over more than {most} at once (Limits::message_bytes, Limits::buffer_bytes)"
        );
    }
    // Nor do these name what has to be raised.
    if words.contains("resource limit exceeded") {
        return format!("{words} (Limits::instances)");
    }
    if words.contains("resource table has no free keys") {
        let most = state.gauge.limits().resources;
        return format!(
            "it holds {most} streams, files, sockets and timers, the most (Limits::resources)"
        );
    }
    words.to_owned()
}

/// The guest's frames, innermost first, without those of the machinery at either end.
fn backtrace(error: &wasmtime::Error) -> Vec<String> {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else {
        return Vec::new();
    };
    let mut frames: Vec<String> = Vec::new();
    for frame in backtrace.frames() {
        let own = frame
            .func_name()
            .map_or_else(|| format!("{NAMELESS}{}", frame.func_index()), demangled);
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
    trimmed(frames)
}

/// Cuts off what every backtrace has at its ends.
fn trimmed(mut frames: Vec<String>) -> Vec<String> {
    // An import passes through a shim that has no name. A plugin whose names were stripped has nothing else.
    if frames.iter().any(|frame| !frame.starts_with(NAMELESS)) {
        frames.retain(|frame| !frame.starts_with(NAMELESS));
    }
    let first = frames
        .iter()
        .position(|frame| !is_about_dying(frame))
        .unwrap_or(0);
    let last = frames.iter().rposition(|frame| !is_about_serving(frame));
    frames.truncate(last.map_or(frames.len(), |last| last + 1));
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
    let line = |(frame, times)| {
        if times == 1 {
            frame
        } else {
            format!("{frame} ({times} times)")
        }
    };
    folded.into_iter().take(FRAMES).map(line).collect()
}

/// Whether a frame belongs to what ends a program, which is the same in every backtrace.
fn is_about_dying(frame: &str) -> bool {
    const LIBRARIES: &[&str] = &[
        "std::",
        "core::",
        "alloc::",
        "__rustc",
        "__rust",
        "dlmalloc::",
        "panic_abort::",
    ];
    const FUNCTIONS: &[&str] = &[
        "abort",
        "exit",
        "_Exit",
        "exit_exit",
        "malloc",
        "calloc",
        "realloc",
        "cabi_realloc",
    ];
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
        Err(_) => name
            .chars()
            .filter(|character| !character.is_control())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(frames: &[&str]) -> Vec<String> {
        frames.iter().map(|frame| (*frame).to_owned()).collect()
    }

    #[test]
    fn a_backtrace_begins_and_ends_with_the_plugins_own_frames() {
        let frames = owned(&[
            "__rustc::rust_begin_unwind",
            "core::panicking::panic_fmt",
            "<core::option::Option<T>>::expect",
            "probe::inner",
            "core::ops::function::FnOnce::call_once",
            "<probe::Root as locum_protocol::Object>::call",
            "locum_protocol::peer::Peer::serve_call",
            "locum:plugin/objects@0.1.0#call",
            "function 1",
        ]);
        let kept = [
            "probe::inner",
            "core::ops::function::FnOnce::call_once",
            "<probe::Root as locum_protocol::Object>::call",
        ];
        assert_eq!(trimmed(frames), kept);
    }

    #[test]
    fn a_backtrace_without_names_or_of_machinery_only_is_kept() {
        for frames in [
            &["function 3", "function 12"][..],
            &["core::panicking::panic"],
            &["locum:plugin/objects#close"],
        ] {
            assert_eq!(trimmed(owned(frames)), frames);
        }
    }

    #[test]
    fn a_frame_that_repeats_is_one_line() {
        assert_eq!(
            folded(owned(&["a", "b", "b", "b", "a"])),
            ["a", "b (3 times)", "a"]
        );
    }

    #[test]
    fn names_are_those_that_the_author_wrote() {
        assert_eq!(
            demangled("_ZN5probe4deep17hc1a322ce13a3b881E"),
            "probe::deep"
        );
        assert_eq!(
            demangled("_RNvNtCshXfaRvt2tfW_3std7process5abort"),
            "std::process::abort"
        );
        assert_eq!(demangled("PyObject_Call\u{1b}[31m"), "PyObject_Call[31m");
    }

    #[test]
    fn a_panic_is_told_with_its_place_and_a_later_call_says_closed() {
        let cause = Error::new(Kind::Panic, "boom")
            .at("panicked at src/lib.rs:3:5")
            .at("probe::deep");
        let fate = fate("probe", &cause, false);
        assert_eq!(fate.during, cause);
        assert_eq!(fate.after.kind(), Kind::Closed);
        assert_eq!(
            fate.after.message(),
            "plugin `probe` is closed: it panicked at src/lib.rs:3:5: boom"
        );
        assert_eq!(fate.after.trace(), cause.trace());
    }

    #[test]
    fn last_words_are_believed_only_so_far() {
        let mut words = Error::new(Kind::Deadline, "ä".repeat(LONGEST)).with_type_name("Nobody");
        for _ in 0..100 {
            words = words.at("x".repeat(2 * LONGEST));
        }
        let (error, trace) = last_words(words);
        assert_eq!(
            (error.kind(), error.type_name(), error.message().len()),
            (Kind::Trap, "Trap", LONGEST)
        );
        assert!(trace.len() == FRAMES && trace.iter().all(|line| line.len() == LONGEST));
    }

    #[test]
    fn a_cause_that_is_not_fatal_by_its_kind_reads_as_closed() {
        let fate = fate(
            "probe",
            &Error::new(Kind::Protocol, "it gave back too much"),
            false,
        );
        assert_eq!(fate.during, fate.after);
        assert_eq!(
            fate.after.message(),
            "plugin `probe` is closed: it gave back too much"
        );
    }
}
