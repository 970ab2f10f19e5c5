//! How far something has come that takes its time: only for a person who watches, and only when it does take long.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::out;

/// How long something may take before it is spoken of.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often what turns is drawn.
const TURN: Duration = Duration::from_millis(100);

/// Whether somebody sees it.
pub(crate) fn is_watched() -> bool {
    io::stderr().is_terminal() && !out::is_quiet()
}

/// Does `work`. If it takes long and a person is watching, says that `file` is being compiled, since nothing else of a
/// load takes that long.
pub(crate) fn while_compiling<R, E>(
    file: &str,
    work: impl FnOnce() -> Result<R, E>,
) -> Result<R, E> {
    if !is_watched() {
        return work();
    }
    let began = Instant::now();
    let (done, finished) = mpsc::channel::<()>();
    let file = out::line(file).into_owned();
    let doing = format!("compiling {file}");
    let watcher = thread::spawn(move || {
        let late = || finished.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout);
        if !late() {
            return false;
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
            .with_style(style("{spinner} {msg} {elapsed}"))
            .with_message(doing);
        loop {
            bar.tick();
            if finished.recv_timeout(TURN) != Err(RecvTimeoutError::Timeout) {
                bar.finish_and_clear();
                return true;
            }
        }
    });
    let result = work();
    drop(done);
    if watcher.join().unwrap_or(false) {
        let took = began.elapsed().as_secs_f64();
        out::note(&match &result {
            Ok(_) => format!("compiled {file} in {took:.1} s, kept for next time\n"),
            Err(_) => format!("compiling {file} was given up after {took:.1} s\n"),
        });
    }
    result
}

/// A bar for so many steps, if somebody sees it.
pub(crate) fn bar(steps: u64, what: &str) -> ProgressBar {
    let target = if is_watched() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    ProgressBar::with_draw_target(Some(steps), target)
        .with_style(style("{msg} [{bar:40}] {pos}/{len} {eta}"))
        .with_message(what.to_owned())
}

/// A bar for so much time, if somebody sees it.
pub(crate) fn timed(time: Duration, what: &str) -> ProgressBar {
    let steps = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    bar(steps, what).with_style(style("{msg} [{bar:40}] {elapsed}"))
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
