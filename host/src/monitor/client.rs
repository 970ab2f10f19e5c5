//! Watching a host of another process: finding it, and asking it.

use std::fmt;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::lines::{Came, Lines};
use super::serve::{Hello, Request, Told};
use super::snapshot::{Call, Snapshot, TraceEnd};
use super::{PROTOCOL, place, system};
use crate::{Error, Kind, Result};

/// The longest line that is read.
const LONGEST_LINE: usize = 64 << 20;

/// How long a host may take to greet.
const PATIENCE: Duration = Duration::from_secs(5);

/// A host that can be watched.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let directory = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(directory.path().join("run"))?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// use locum::monitor::Running;
///
/// let running = Running::at(monitor.path())?; // or one of `running()`
/// assert_eq!(running.pid(), std::process::id());
/// assert_eq!(running.path(), monitor.path());
/// println!("{} can be watched", running.program());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    pid: u32,
    program: String,
    path: PathBuf,
}

/// The hosts of this user that have a [`Monitor`](super::Monitor) at its usual place. Sockets that dead ones have left behind
/// are removed.
///
/// ```
/// for host in locum::monitor::running() {
///     println!("{} {}", host.pid(), host.program()); // `locum top` shows this list
/// }
/// ```
pub fn running() -> Vec<Running> {
    let sockets = place::candidates();
    let sockets = sockets.iter().flat_map(|it| place::sockets(it));
    let named = |path: PathBuf| {
        let place::Named { pid, program } = place::read_name(&path)?;
        Some(Running { pid, program, path })
    };
    let mut running: Vec<Running> = sockets.filter_map(named).collect();
    running.sort_by(|one, other| (one.pid, &one.path).cmp(&(other.pid, &other.path)));
    running
}

impl Running {
    /// The host whose [monitor](super::Monitor::path) is there.
    ///
    /// # Errors
    /// [`Load`](Kind::Load) when none answers.
    pub fn at(path: impl AsRef<Path>) -> Result<Running> {
        let path = path.as_ref().to_owned();
        let (_, hello) = Line::open(&path)?;
        Ok(Running {
            pid: hello.pid,
            program: hello.program,
            path,
        })
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// What its program is called, in letters, digits, `-` and `_`, the first 32 of them.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// Where its socket is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Asks for a snapshot now and again after each interval, from 20 ms to an hour.
    ///
    /// ```
    /// # let directory = tempfile::tempdir()?;
    /// # let monitor = locum::Monitor::open_in(directory.path().join("run"))?;
    /// # let host = locum::monitor::Running::at(monitor.path())?;
    /// let mut snapshots = host.watch(std::time::Duration::from_secs(1))?;
    /// let first = snapshots.next().transpose()?.expect("one comes at once");
    /// assert_eq!(first.interval_ms, None); // and so it has no latencies
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Load`](Kind::Load) when it does not answer, or speaks another version of the protocol.
    pub fn watch(&self, interval: Duration) -> Result<Snapshots> {
        let (mut line, _) = Line::open(&self.path)?;
        let interval_ms = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
        line.ask(&Request::Watch { interval_ms })?;
        Ok(Snapshots {
            line,
            is_over: false,
        })
    }

    /// Asks for every call from now on. Returns when the trace has begun.
    ///
    /// ```
    /// # let directory = tempfile::tempdir()?;
    /// # let monitor = locum::Monitor::open_in(directory.path().join("run"))?;
    /// # let host = locum::monitor::Running::at(monitor.path())?;
    /// let mut traced = host.trace()?;
    /// traced.stop()?;
    /// assert!(traced.next().is_none()); // nothing was called
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`watch`](Running::watch).
    pub fn trace(&self) -> Result<Traced> {
        let (mut line, _) = Line::open(&self.path)?;
        line.ask(&Request::Trace {})?;
        match line.next()? {
            Some(Told::Began {}) => Ok(Traced {
                line,
                end: None,
                is_over: false,
            }),
            Some(_) => Err(line.fails("it answers what was not asked for")),
            None => Err(line.ended()),
        }
    }
}

/// The snapshots that a host sends; waits for each. Ends with the host, or after an error.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let directory = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(directory.path().join("run"))?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// use std::time::Duration;
/// use locum::monitor::Running;
///
/// let host = Running::at(monitor.path())?;
/// for snapshot in host.watch(Duration::from_millis(50))?.take(2) {
///     for plugin in snapshot?.plugins {
///         println!("{}: {} of {} bytes", plugin.name, plugin.memory.bytes, plugin.memory.limit);
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Snapshots {
    line: Line,
    is_over: bool,
}

impl Iterator for Snapshots {
    type Item = Result<Snapshot>;

    fn next(&mut self) -> Option<Result<Snapshot>> {
        if self.is_over {
            return None;
        }
        let next = match self.line.next() {
            Ok(Some(Told::Snapshot(snapshot))) => Some(Ok(*snapshot)),
            Ok(Some(_)) => Some(Err(self.line.fails("it answers what was not asked for"))),
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        };
        self.is_over = !matches!(next, Some(Ok(_)));
        next
    }
}

/// The calls that a host tells of, each when it has ended; waits for each. Ends when the trace was [stopped](Traced::stop),
/// or after an error.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let directory = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(directory.path().join("run"))?;
/// # let host = locum::Host::builder().monitor(monitor.clone()).build()?;
/// # let plugin = host.load("counters.wasm")?;
/// use locum::monitor::Running;
///
/// let mut traced = Running::at(monitor.path())?.trace()?;
/// plugin.import("counters")?;
/// traced.stop()?;
/// for call in &mut traced {
///     let call = call?;
///     assert_eq!((&*call.verb, &*call.path), ("import", "counters"));
/// }
/// assert!(traced.end().is_some_and(|end| (end.calls, end.dropped) == (1, 0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Traced {
    line: Line,
    end: Option<TraceEnd>,
    is_over: bool,
}

/// Stops a trace from elsewhere.
///
/// ```
/// # let directory = tempfile::tempdir()?;
/// # let monitor = locum::Monitor::open_in(directory.path().join("run"))?;
/// # let host = locum::monitor::Running::at(monitor.path())?;
/// let traced = host.trace()?;
/// let mut stopper = traced.stopper()?;
/// std::thread::spawn(move || stopper.stop()); // or from a signal, or after a time
/// for call in traced {
///     println!("{:?}", call?);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Stopper(UnixStream);

impl Traced {
    /// Asks for the end of the trace: what has not been told yet still comes, and what is under way, without its end.
    ///
    /// # Errors
    /// [`Closed`](Kind::Closed) when the host is gone.
    pub fn stop(&mut self) -> Result<()> {
        self.line.ask(&Request::Stop {})
    }

    /// By which the trace can be stopped from another thread.
    ///
    /// ```
    /// # let directory = tempfile::tempdir()?;
    /// # let monitor = locum::Monitor::open_in(directory.path().join("run"))?;
    /// let traced = locum::monitor::Running::at(monitor.path())?.trace()?;
    /// traced.stopper()?.stop();
    /// assert_eq!(traced.count(), 0); // nothing was called meanwhile
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Load`](Kind::Load) when the system has no room for it.
    pub fn stopper(&self) -> Result<Stopper> {
        let stream = self.line.stream.try_clone();
        stream.map(Stopper).map_err(|error| self.line.fails(error))
    }

    /// How it ended, once it has.
    pub fn end(&self) -> Option<TraceEnd> {
        self.end
    }
}

impl Stopper {
    /// [Stops](Traced::stop) the trace; nothing happens when it has ended.
    pub fn stop(&mut self) {
        let _ = send(&mut self.0, &Request::Stop {});
    }
}

impl Iterator for Traced {
    type Item = Result<Call>;

    fn next(&mut self) -> Option<Result<Call>> {
        if self.is_over {
            return None;
        }
        let next = match self.line.next() {
            Ok(Some(Told::Call(call))) => return Some(Ok(*call)),
            Ok(Some(Told::End(end))) => {
                self.end = Some(end);
                None
            }
            Ok(Some(_)) => Some(Err(self.line.fails("it answers what was not asked for"))),
            Ok(None) => Some(Err(self.line.ended())),
            Err(error) => Some(Err(error)),
        };
        self.is_over = true;
        next
    }
}

/// A connection.
struct Line {
    path: PathBuf,
    stream: UnixStream,
    lines: Lines,
}

impl Line {
    fn open(path: &Path) -> Result<(Line, Hello)> {
        let no_answer = |why: &dyn fmt::Display| {
            let text = format!("no host answers at {}: {why}", path.display());
            Error::new(Kind::Load, text)
        };
        let stream = UnixStream::connect(path).map_err(|error| no_answer(&error))?;
        let user = system::user_of(&stream).map_err(|error| no_answer(&error))?;
        if user != system::user() {
            return Err(no_answer(&"a process of another user does"));
        }
        let own = stream.try_clone().map_err(|error| no_answer(&error))?;
        let mut line = Line {
            path: path.to_owned(),
            stream,
            lines: Lines::of(own, LONGEST_LINE),
        };
        let greeted = line.lines.next(Some(PATIENCE));
        let Came::Line(hello) = greeted.map_err(|error| no_answer(&error))? else {
            return Err(no_answer(&"it does not greet"));
        };
        if let Ok(Told::Error(error)) = serde_json::from_str(&hello) {
            return Err(no_answer(&error));
        }
        let hello: Hello = serde_json::from_str(&hello).map_err(|error| {
            no_answer(&format_args!("it does not greet as a monitor ({error})"))
        })?;
        if hello.protocol != PROTOCOL {
            return Err(no_answer(&format_args!(
                "locum {} there speaks version {} of the monitor's protocol, and this one version {PROTOCOL}",
                hello.version, hello.protocol
            )));
        }
        Ok((line, hello))
    }

    fn ask(&mut self, request: &Request) -> Result<()> {
        send(&mut self.stream, request).map_err(|_| self.ended())
    }

    /// The next message; `None`: the host is gone.
    fn next(&mut self) -> Result<Option<Told>> {
        let line = match self.lines.next(None) {
            Ok(Came::Line(line)) => line,
            Ok(Came::Nothing | Came::End) => return Ok(None),
            Err(error) => return Err(self.fails(error)),
        };
        match serde_json::from_str(&line) {
            Ok(Told::Error(error)) => Err(self.fails(error)),
            Ok(told) => Ok(Some(told)),
            Err(error) => Err(self.fails(error)),
        }
    }

    fn ended(&self) -> Error {
        let text = format!("the host at {} has ended", self.path.display());
        Error::new(Kind::Closed, text)
    }

    fn fails(&self, why: impl fmt::Display) -> Error {
        let text = format!(
            "the host at {} can not be watched: {why}",
            self.path.display()
        );
        Error::new(Kind::Load, text)
    }
}

fn send(stream: &mut UnixStream, request: &Request) -> std::io::Result<()> {
    let mut bytes = serde_json::to_vec(request)?;
    bytes.push(b'\n');
    stream.write_all(&bytes)
}

impl fmt::Debug for Snapshots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Snapshots of {}>", self.line.path.display())
    }
}

impl fmt::Debug for Traced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Trace of {}>", self.line.path.display())
    }
}
