//! A word about what takes its time.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::out;

/// How long something may take before it is spoken of.
const PATIENCE: Duration = Duration::from_millis(500);

/// Does `work`. If it takes long and a person is watching, says that `file` is being compiled, since nothing else of a
/// load takes that long.
pub(crate) fn while_compiling<R, E>(
    file: &str,
    work: impl FnOnce() -> Result<R, E>,
) -> Result<R, E> {
    if !io::stderr().is_terminal() {
        return work();
    }
    let began = Instant::now();
    let (done, finished) = mpsc::channel::<()>();
    let file = out::line(file).into_owned();
    let watcher = thread::spawn(move || {
        let late = finished.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout);
        if late {
            out::err(&format!("compiling {file} ..."));
        }
        late
    });
    let result = work();
    drop(done);
    if watcher.join().unwrap_or(false) {
        let took = began.elapsed().as_secs_f64();
        out::err(&match &result {
            Ok(_) => format!(" done in {took:.1} s, kept for next time\n"),
            Err(_) => format!(" given up after {took:.1} s\n"),
        });
    }
    result
}
