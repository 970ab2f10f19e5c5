//! What a snapshot tells.

use std::sync::mpsc;
use std::thread;

use locum::{LoadOptions, Proxy, Value, callback};
use locum_tests::{HOSTILE, SAMPLES};

use super::{Watched, counter, shown, until};

#[test]
fn a_snapshot_counts_calls_bytes_and_objects_by_type() {
    let watched = Watched::new();
    let plugin = watched.samples();
    let samples = plugin.import("samples").unwrap();
    let counters: Vec<Proxy> = (0..3).map(|_| counter(&plugin)).collect();
    let keeper: Proxy = samples.call("Keeper", ()).unwrap();
    let watcher = callback(|_: i64| {});
    counters[0].call::<()>("watch", (watcher,)).unwrap();
    for _ in 0..10 {
        counters[0].call::<i64>("add", (1,)).unwrap();
    }
    let stats = plugin.stats();
    let snapshot = watched.running().watch(super::OFTEN).unwrap().next();
    let snapshot = snapshot.unwrap().unwrap();
    let it = shown(&snapshot, "samples");
    assert_eq!(
        (it.out.calls, it.inward.calls),
        (stats.calls, stats.calls_served)
    );
    assert_eq!(it.inward.calls, 10);
    assert_eq!(
        (it.bytes_sent, it.bytes_received),
        (stats.bytes_sent, stats.bytes_received)
    );
    assert_eq!(
        (it.imports.count, it.exports.count),
        (stats.imports, stats.exports)
    );
    let mut types: Vec<(String, usize)> = it.imports.types.clone().into_iter().collect();
    assert_eq!(types, stats.imports_by_type);
    assert!(types.contains(&("Counter".into(), 3)));
    types = it.exports.types.clone().into_iter().collect();
    assert_eq!(types, stats.exports_by_type);
    drop(keeper);
    let host = &snapshot.host;
    assert_eq!(
        (host.pid, host.alive, host.watchers),
        (std::process::id(), 1, 1)
    );
}

#[test]
fn memory_grows_with_the_plugin_up_to_its_limit() {
    let watched = Watched::new();
    let options = LoadOptions::new().memory_bytes(32 << 20);
    let plugin = watched.host.load_with(SAMPLES.path(), options).unwrap();
    let mut snapshots = watched.watch();
    let before = snapshots.next().unwrap().unwrap();
    let before = shown(&before, "samples").memory;
    assert!(before.bytes > 0 && before.bytes.is_multiple_of(1 << 16));
    assert_eq!(before.limit, 32 << 20);
    let big = plugin.transfer(&vec![7_u64; 1 << 18]).unwrap();
    let grown = |bytes: u64| bytes > before.bytes + (1 << 18) && bytes <= 32 << 20;
    until(&mut snapshots, "it grows", |it| {
        grown(shown(it, "samples").memory.bytes)
    });
    drop(big);
    plugin.close().unwrap();
    let end = until(&mut snapshots, "it ends", |it| it.host.alive == 0);
    assert_eq!(shown(&end, "samples").memory.bytes, 0);
}

#[test]
fn latencies_are_those_of_the_last_interval_and_in_each_direction() {
    let watched = Watched::new();
    let plugin = watched.samples();
    let waiting = plugin.import("samples.waiting").unwrap();
    let mut snapshots = watched.watch();
    waiting.call::<u64>("sleep", (30,)).unwrap();
    let measured = |it: &locum::monitor::Snapshot| shown(it, "samples").out.latency.is_some();
    let slow = until(&mut snapshots, "it is measured", measured);
    let latency = shown(&slow, "samples").out.latency.unwrap();
    assert_eq!(latency.count, 1);
    assert!(
        latency.p50_ns >= 29_000_000 && latency.max_ns >= latency.p50_ns,
        "{latency:?}"
    );
    assert!(shown(&slow, "samples").inward.latency.is_none());

    let quiet = until(&mut snapshots, "nothing new", |it| !measured(it));
    assert!(quiet.interval_ms.unwrap() > 0.0);
    let callee = callback(|n: i64| n);
    waiting.call::<i64>("call_often", (callee, 50)).unwrap();
    let both = until(&mut snapshots, "both are measured", |it| {
        shown(it, "samples").inward.latency.is_some()
    });
    let it = shown(&both, "samples");
    assert_eq!(it.inward.latency.unwrap().count, 50);
    if let Some(out) = it.out.latency {
        assert!(
            out.count == 1 && out.p50_ns < 25_000_000,
            "the slow one is past: {out:?}"
        );
    }
}

#[test]
fn calls_that_are_under_way_and_those_that_failed_are_counted_while_somebody_watches() {
    let watched = Watched::new();
    let plugin = watched.samples();
    let samples = plugin.import("samples").unwrap();
    let mut snapshots = watched.watch();
    let (tell, told) = mpsc::channel::<()>();
    let told = std::sync::Mutex::new(told);
    let blocks = callback(move || {
        let _ = told.lock().unwrap().recv();
    });
    let blocked = {
        let samples = samples.clone();
        thread::spawn(move || samples.call::<Value>("apply", (blocks,)).unwrap())
    };
    until(&mut snapshots, "one in each direction", |it| {
        let it = shown(it, "samples");
        (it.out.in_flight, it.inward.in_flight) == (1, 1)
    });
    tell.send(()).unwrap();
    blocked.join().unwrap();
    samples.call::<i64>("no_such_thing", ()).unwrap_err();
    let end = until(&mut snapshots, "it failed", |it| {
        shown(it, "samples").out.failed == 1
    });
    assert_eq!(shown(&end, "samples").out.in_flight, 0);
}

#[test]
fn nothing_is_measured_while_nobody_watches() {
    let watched = Watched::new();
    let plugin = watched.samples();
    let counter = counter(&plugin);
    assert_eq!(watched.monitor.watchers(), 0);
    for _ in 0..100 {
        counter.call::<i64>("add", (1,)).unwrap();
        counter.call::<i64>("no_such_thing", ()).unwrap_err();
    }
    let mut snapshots = watched.watch();
    let next = snapshots.next().unwrap().unwrap();
    let it = shown(&next, "samples");
    assert!(it.out.calls >= 200);
    assert!(it.out.failed == 0 && it.out.latency.is_none());
    // What was measured for the first one is not told to the second one, who came later.
    counter.call::<i64>("add", (1,)).unwrap();
    until(&mut snapshots, "measured", |it| {
        shown(it, "samples").out.latency.is_some()
    });
    let mut second = watched.watch();
    let next = second.next().unwrap().unwrap();
    assert!(shown(&next, "samples").out.latency.is_none());
    drop((snapshots, second));
    let began = std::time::Instant::now();
    while watched.monitor.watchers() > 0 {
        assert!(began.elapsed() < super::LONG, "they are noticed to be gone");
        thread::sleep(super::OFTEN);
    }
}

#[test]
fn refusals_are_told_and_texts_are_cut() {
    let watched = Watched::new();
    let plugin = watched.host.load(HOSTILE.path()).unwrap();
    let world = plugin.import("world").unwrap();
    world.call::<Value>("read", ("/etc/passwd",)).unwrap_err();
    let refusals = plugin.refusals();
    let snapshot = watched.watch().next().unwrap().unwrap();
    assert_eq!(shown(&snapshot, "hostile").refusals, refusals);

    let long = "x".repeat(5000);
    let options = LoadOptions::new().name(&*long);
    let _other = watched.host.load_with(SAMPLES.path(), options).unwrap();
    let snapshot = watched.watch().next().unwrap().unwrap();
    assert!(snapshot.plugins.iter().all(|it| it.name.len() <= 200));
}

#[test]
fn several_hosts_may_share_a_monitor_and_pools_show_their_seats() {
    let watched = Watched::new();
    let other = locum_tests::new_host_with(|builder| builder.monitor(watched.monitor.clone()));
    let pool = watched
        .host
        .template(SAMPLES.path())
        .unwrap()
        .pool(3)
        .unwrap();
    let plugin = other.load(SAMPLES.path()).unwrap();
    let snapshot = watched.watch().next().unwrap().unwrap();
    assert_eq!((snapshot.host.alive, snapshot.plugins.len()), (4, 4));
    let seats: Vec<_> = snapshot.pools[0].seats.iter().map(|it| it.plugin).collect();
    let ids: Vec<_> = snapshot.plugins.iter().map(|it| Some(it.id)).collect();
    assert_eq!(seats, ids[..3]);
    assert_eq!(snapshot.pools[0].name, "samples");
    drop((pool, plugin));
    let mut snapshots = watched.watch();
    let end = until(&mut snapshots, "all are gone", |it| it.host.alive == 0);
    assert!(end.pools.is_empty());
}
