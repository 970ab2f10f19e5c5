//! Watching a host from outside: what is told, to whom, and what it costs those who are watched.

mod access;
mod clients;
mod lives;
mod snapshots;
mod traces;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use locum::monitor::{Plugin as Shown, Running, Snapshot, Snapshots};
use locum::{Host, Monitor, Plugin, Proxy};
use locum_tests::{SAMPLES, new_host_with};
use tempfile::TempDir;

/// Long enough for whatever comes at all.
const LONG: Duration = Duration::from_secs(60);

/// How often is looked.
const OFTEN: Duration = Duration::from_millis(20);

/// A host that can be watched, in a directory of its own.
struct Watched {
    host: Host,
    monitor: Monitor,
    _directory: TempDir,
}

impl Watched {
    fn new() -> Watched {
        let directory = tempfile::tempdir().unwrap();
        let monitor = Monitor::open_in(directory.path()).unwrap();
        Watched {
            host: new_host_with(|builder| builder.monitor(monitor.clone())),
            monitor,
            _directory: directory,
        }
    }

    fn samples(&self) -> Plugin {
        self.host.load(SAMPLES.path()).unwrap()
    }

    fn path(&self) -> PathBuf {
        self.monitor.path()
    }

    fn running(&self) -> Running {
        Running::at(self.path()).unwrap()
    }

    /// Watches, from after the first snapshot on: what happens from now on is measured.
    fn watch(&self) -> Snapshots {
        let mut snapshots = self.running().watch(OFTEN).unwrap();
        assert_eq!(snapshots.next().unwrap().unwrap().interval_ms, None);
        snapshots
    }
}

fn counter(plugin: &Plugin) -> Proxy {
    let samples = plugin.import("samples").unwrap();
    samples.call("Counter", (0,)).unwrap()
}

/// The plugin of that name.
#[track_caller]
fn shown<'s>(snapshot: &'s Snapshot, name: &str) -> &'s Shown {
    let found = snapshot.plugins.iter().find(|it| it.name == name);
    found.unwrap_or_else(|| panic!("no {name} in {snapshot:?}"))
}

/// The first snapshot that is as it is to be.
#[track_caller]
fn until(snapshots: &mut Snapshots, what: &str, so: impl Fn(&Snapshot) -> bool) -> Snapshot {
    let began = Instant::now();
    loop {
        let snapshot = snapshots.next().expect("the host goes on").unwrap();
        if so(&snapshot) {
            return snapshot;
        }
        assert!(
            began.elapsed() < LONG,
            "it never came about: {what}: {snapshot:?}"
        );
    }
}
