//! The socket's other end: who may come in, and what they get.
//!
//! One thread waits for clients, and each client has one of its own: whoever reads slowly, or not at all, holds up nobody.

use std::io::{self, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::hub::{Hub, lock};
use super::lines::{Came, Lines};
use super::look::Looker;
use super::place::{self, Private};
use super::session::Session;
use super::snapshot::{Call, Snapshot, TraceEnd};
use super::{PROTOCOL, system};
use crate::{Error, Kind, Result};

/// How many may be connected at a time.
const MOST_CLIENTS: usize = 16;

/// How many bytes a line of a client's may have.
const LONGEST_LINE: usize = 4096;

/// How long a client may take to say what it wants, and then to read what it gets.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often whoever traces is told what has come.
const BREATH: Duration = Duration::from_millis(20);

/// How often snapshots may be wanted.
const INTERVALS: std::ops::RangeInclusive<u64> = 20..=3_600_000;

/// The first line that a client gets.
#[derive(Serialize, Deserialize)]
pub(super) struct Hello {
    pub(super) locum: String,
    pub(super) protocol: u32,
    pub(super) version: String,
    pub(super) pid: u32,
    pub(super) program: String,
}

/// What a client asks for.
#[derive(Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Request {
    Watch {
        #[serde(default = "every_second")]
        interval_ms: u64,
    },
    Trace {},
    Stop {},
}

fn every_second() -> u64 {
    1000
}

/// What a client is told after that.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told {
    Snapshot(Box<Snapshot>),
    /// The trace has begun.
    Began {},
    Call(Box<Call>),
    End(TraceEnd),
    Error(String),
}

/// An open socket.
pub(super) struct Server {
    path: PathBuf,
    shared: Arc<Shared>,
    /// Dropped, it wakes the thread that waits for clients.
    bell: Mutex<Option<UnixStream>>,
}

struct Shared {
    hub: Arc<Hub>,
    program: String,
    is_closed: AtomicBool,
    clients: Mutex<Vec<(u64, UnixStream)>>,
}

impl Server {
    pub(super) fn start(directory: &Private, hub: Arc<Hub>) -> Result<Server> {
        let (listener, path) = place::bind(directory)?;
        let shared = Arc::new(Shared {
            hub,
            program: place::program(),
            is_closed: AtomicBool::new(false),
            clients: Mutex::default(),
        });
        let started = UnixStream::pair().and_then(|(bell, ear)| {
            let shared = Arc::clone(&shared);
            let thread = thread::Builder::new().name("locum-monitor".to_owned());
            thread.spawn(move || wait(&shared, &listener, &ear))?;
            Ok(bell)
        });
        match started {
            Ok(bell) => Ok(Server {
                path,
                shared,
                bell: Mutex::new(Some(bell)),
            }),
            Err(error) => {
                let _ = std::fs::remove_file(&path);
                let text = format!("the monitor's thread can not be started: {error}");
                Err(Error::new(Kind::Load, text))
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn close(&self) {
        let Some(bell) = lock(&self.bell).take() else {
            return;
        };
        // Before the socket goes, so that nobody is let in who comes at the last moment.
        self.shared.is_closed.store(true, Ordering::SeqCst);
        let _ = std::fs::remove_file(&self.path);
        drop(bell);
        for (_, client) in lock(&self.shared.clients).iter() {
            let _ = client.shutdown(std::net::Shutdown::Both);
        }
    }
}

impl Drop for Server {
    /// Nobody is waited for: this may be a client's thread, which has let the last plugin go.
    fn drop(&mut self) {
        self.close();
    }
}

fn wait(shared: &Arc<Shared>, listener: &UnixListener, ear: &UnixStream) {
    let mut next = 0;
    loop {
        let waited = system::wait_for_either(listener, ear);
        if shared.is_closed.load(Ordering::SeqCst) {
            return;
        }
        match waited.and_then(|()| listener.accept()) {
            Ok((client, _)) => {
                next += 1;
                welcome(shared, client, next);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            // No descriptors left, for example: that passes.
            Err(_) => thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// Gives a client a thread of its own, if it may come in.
fn welcome(shared: &Arc<Shared>, client: UnixStream, number: u64) {
    // The directory keeps others out; this does so where somebody has opened it to them.
    if system::user_of(&client).ok() != Some(system::user()) {
        return;
    }
    let Ok(mut own) = client.try_clone() else {
        return;
    };
    let prepared = own
        .set_nonblocking(false)
        .and_then(|()| own.set_write_timeout(Some(PATIENCE)));
    if prepared.is_err() {
        return;
    }
    {
        let mut clients = lock(&shared.clients);
        if clients.len() >= MOST_CLIENTS {
            drop(clients);
            let text = format!("{MOST_CLIENTS} are connected already, which is the most");
            let _ = tell(&mut own, &Told::Error(text));
            return;
        }
        clients.push((number, client));
    }
    // Closed between the look at that and now.
    if shared.is_closed.load(Ordering::SeqCst) {
        lock(&shared.clients).clear();
        return;
    }
    let guest = Guest {
        shared: Arc::clone(shared),
        number,
    };
    let thread = thread::Builder::new().name("locum-monitor client".to_owned());
    let _ = thread.spawn(move || {
        let Guest { shared, .. } = &guest;
        if let Err(error) = serve(shared, &mut own)
            && error.kind() == io::ErrorKind::InvalidData
        {
            let _ = tell(&mut own, &Told::Error(error.to_string()));
        }
    });
}

/// A client's entry in the list, until its thread ends.
struct Guest {
    shared: Arc<Shared>,
    number: u64,
}

impl Drop for Guest {
    fn drop(&mut self) {
        lock(&self.shared.clients).retain(|(number, _)| *number != self.number);
    }
}

fn serve(shared: &Shared, client: &mut UnixStream) -> io::Result<()> {
    tell(
        client,
        &Hello {
            locum: "monitor".to_owned(),
            protocol: PROTOCOL,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            program: shared.program.clone(),
        },
    )?;
    let mut lines = Lines::of(client.try_clone()?, LONGEST_LINE);
    match lines.next(Some(PATIENCE))? {
        Came::End => Ok(()),
        Came::Nothing => Err(bad(format!(
            "nothing was asked for within {PATIENCE:?}; say {{\"do\":\"watch\"}} or {{\"do\":\"trace\"}}"
        ))),
        Came::Line(line) => match read(&line)? {
            Request::Watch { interval_ms } if INTERVALS.contains(&interval_ms) => watch(
                shared,
                client,
                &mut lines,
                Duration::from_millis(interval_ms),
            ),
            Request::Watch { interval_ms } => Err(bad(format!(
                "interval_ms is {interval_ms}; it may be {} to {}",
                INTERVALS.start(),
                INTERVALS.end()
            ))),
            Request::Trace {} => trace(shared, client, &mut lines),
            Request::Stop {} => Ok(()),
        },
    }
}

/// Snapshots, the first one at once, until the client has enough.
fn watch(
    shared: &Shared,
    client: &mut UnixStream,
    lines: &mut Lines,
    interval: Duration,
) -> io::Result<()> {
    let _watching = shared.hub.watch();
    let mut looker = Looker::new(Arc::clone(&shared.hub), &shared.program);
    let mut due = Instant::now();
    loop {
        tell(client, &Told::Snapshot(Box::new(looker.look())))?;
        // Who was late gets no two in a row.
        due = (due + interval).max(Instant::now());
        if has_enough(lines, due)? {
            return Ok(());
        }
    }
}

/// Calls, as they end, until the client has enough; then what is still under way, and the end.
fn trace(shared: &Shared, client: &mut UnixStream, lines: &mut Lines) -> io::Result<()> {
    let watching = shared.hub.trace();
    let session = Session::begin(&shared.hub);
    // Also when the client goes away in the middle.
    struct Ending<'a>(&'a Arc<Session>, &'a Hub);
    impl Drop for Ending<'_> {
        fn drop(&mut self) {
            drop(self.0.end(self.1));
        }
    }
    let _ending = Ending(&session, &shared.hub);
    tell(client, &Told::Began {})?;
    let mut told = 0;
    while !has_enough(lines, Instant::now() + BREATH)? {
        told += tell_all(client, session.take())?;
    }
    let (rest, mut end) = session.end(&shared.hub);
    drop(watching);
    end.calls = told + tell_all(client, rest)?;
    tell(client, &Told::End(end))
}

/// Waits until then, or until the client has said that it has enough, or has gone.
fn has_enough(lines: &mut Lines, due: Instant) -> io::Result<bool> {
    let left = due.saturating_duration_since(Instant::now());
    match lines.next(Some(left))? {
        Came::Nothing => Ok(false),
        Came::End => Ok(true),
        Came::Line(line) => match read(&line)? {
            Request::Stop {} => Ok(true),
            _ => Err(bad("something was asked for already".to_owned())),
        },
    }
}

fn read(line: &str) -> io::Result<Request> {
    serde_json::from_str(line).map_err(|error| bad(format!("the request can not be read: {error}")))
}

fn bad(why: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Tells calls, many at a time.
fn tell_all(client: &mut UnixStream, calls: Vec<Call>) -> io::Result<u64> {
    let mut bytes = Vec::new();
    let count = calls.len() as u64;
    for call in calls {
        serde_json::to_writer(&mut bytes, &Told::Call(Box::new(call)))?;
        bytes.push(b'\n');
        if bytes.len() > 1 << 18 {
            client.write_all(&bytes)?;
            bytes.clear();
        }
    }
    client.write_all(&bytes)?;
    Ok(count)
}

fn tell(client: &mut UnixStream, what: &impl Serialize) -> io::Result<()> {
    let mut bytes = serde_json::to_vec(what)?;
    bytes.push(b'\n');
    client.write_all(&bytes)
}
