//! Plugins that end, and who keeps whom.

use std::time::Duration;

use locum::{Backoff, Monitor, Supervisor, Value};
use locum_tests::{SAMPLES, new_host_with};

use super::{LONG, Watched, counter, shown, until};

#[test]
fn a_plugin_that_has_ended_stays_listed_with_how_and_why() {
    let watched = Watched::new();
    let [closed, killed, died, dropped] = [0; 4].map(|_| watched.samples());
    let counter = counter(&dropped);
    counter.call::<i64>("add", (1,)).unwrap();
    let mut snapshots = watched.watch();
    closed.close().unwrap();
    killed.kill();
    let dying = died.import("samples.dying").unwrap();
    dying.call::<Value>("trap", ()).unwrap_err();
    let calls = dropped.stats().calls;
    drop((counter, dropped));
    let end = until(&mut snapshots, "all have ended", |it| it.host.alive == 0);
    let how = |name: &str| shown(&end, name).ended.clone().unwrap();
    assert_eq!(how("samples").how, "closed");
    assert_eq!(how("samples-2").how, "killed");
    let died = how("samples-3");
    assert_eq!((&*died.how, &*died.kind), ("died", "trap"));
    assert!(
        died.why.contains("unreachable") && died.ms_ago < 60_000,
        "{died:?}"
    );
    assert_eq!(how("samples-4").how, "dropped");
    assert_eq!(
        shown(&end, "samples-4").out.calls,
        calls,
        "its last figures"
    );
}

#[test]
fn a_plugin_is_not_kept_alive_by_being_watched_and_traced() {
    let watched = Watched::new();
    let mut snapshots = watched.watch();
    let traced = watched.running().trace().unwrap();
    for _ in 0..20 {
        let plugin = watched.samples();
        let handle = plugin.cancel_handle();
        let counter = counter(&plugin);
        snapshots.next().unwrap().unwrap();
        drop(plugin);
        assert!(handle.is_alive(), "a proxy keeps it");
        drop(counter);
        // At most for the moment in which it is looked at.
        let began = std::time::Instant::now();
        while handle.is_alive() {
            assert!(began.elapsed() < LONG);
            std::thread::sleep(Duration::from_micros(100));
        }
    }
    drop(traced);
}

#[test]
fn those_who_come_and_go_fill_no_memory() {
    let watched = Watched::new();
    let template = watched.host.template(SAMPLES.path()).unwrap();
    for _ in 0..300 {
        template.start().unwrap();
    }
    let snapshot = watched.watch().next().unwrap().unwrap();
    assert_eq!((snapshot.plugins.len(), snapshot.host.alive), (100, 0));
}

#[test]
fn a_supervisor_shows_its_state_and_counts_restarts_but_no_reloads() {
    let watched = Watched::new();
    let supervisor = Supervisor::builder(&watched.host, SAMPLES.path())
        .backoff(Backoff::none())
        .most_restarts(2, LONG)
        .patience(LONG)
        .start()
        .unwrap();
    let mut snapshots = watched.watch();
    let dying = supervisor.root("samples.dying");
    supervisor.reload().unwrap();
    for restarts in 1..=2 {
        dying.call::<Value>("trap", ()).unwrap_err();
        let now = until(&mut snapshots, "it is restarted", |it| {
            it.supervisors[0].restarts == restarts && it.supervisors[0].plugin.is_some()
        });
        let it = &now.supervisors[0];
        assert_eq!((&*it.name, &*it.state), ("samples", "running"));
        assert_eq!(it.life, restarts + 2);
        let name = format!("samples (life {})", it.life);
        assert_eq!(Some(shown(&now, &name).id), it.plugin);
    }
    dying.call::<Value>("trap", ()).unwrap_err();
    let end = until(&mut snapshots, "it is given up", |it| {
        it.supervisors[0].state == "ended"
    });
    let it = &end.supervisors[0];
    assert_eq!((it.restarts, it.plugin), (2, None));
    assert!(it.why.as_ref().is_some_and(|why| !why.is_empty()));
    drop(supervisor);
    until(&mut snapshots, "it is gone", |it| it.supervisors.is_empty());
}

#[test]
fn a_restart_that_is_due_later_says_when() {
    let watched = Watched::new();
    let hour = Duration::from_secs(3600);
    let supervisor = Supervisor::builder(&watched.host, SAMPLES.path())
        .backoff(Backoff::new(hour, 1.0, hour))
        .patience(Duration::ZERO)
        .start()
        .unwrap();
    supervisor.plugin().unwrap().kill();
    let mut snapshots = watched.watch();
    let waiting = until(&mut snapshots, "it waits", |it| {
        it.supervisors[0].state == "waiting"
    });
    let due = waiting.supervisors[0].due_ms.unwrap();
    assert!((1_000_000..=3_600_000).contains(&due), "{due}");
}

#[test]
fn the_socket_is_there_as_long_as_something_can_be_watched_by_it() {
    let directory = tempfile::tempdir().unwrap();
    let monitor = Monitor::open_in(directory.path()).unwrap();
    let path = monitor.path();
    let host = new_host_with(|builder| builder.monitor(monitor));
    let plugin = host.load(SAMPLES.path()).unwrap();
    drop(host);
    assert!(path.exists(), "the plugin has it");
    drop(plugin);
    assert!(!path.exists());

    let watched = Watched::new();
    let mut snapshots = watched.watch();
    let plugin = watched.samples();
    watched.monitor.close();
    watched.monitor.close();
    assert!(!watched.path().exists());
    while let Some(Ok(_)) = snapshots.next() {}
    counter(&plugin).call::<i64>("add", (1,)).unwrap();
}
