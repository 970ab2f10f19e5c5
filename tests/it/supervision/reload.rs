//! A new version takes the place of the old one, which nobody notices who goes by way of a root.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Barrier, OnceLock, mpsc};
use std::time::{Duration, Instant};

use locum::{Backoff, Kind, LoadOptions, Proxy, Supervisor, callback};
use locum_tests::{COLLECTIONS, COUNTERS, HOSTILE, SAMPLES, host, refused, says};

use super::arena::{
    HOUR, LONG, counter, crash, is_of_the_past, listening, next, quick, samples, until,
};

const REPLACED: &str = "it was reloaded, and `";

#[test]
fn a_reload_begins_a_life_in_which_nothing_of_the_old_one_is() {
    let supervisor = samples();
    let old = counter(&supervisor, 5);
    supervisor.reload().unwrap();
    let next = format!("`{} (life 2)` has taken its place", supervisor.name());
    is_of_the_past(old.get::<i64>("value"), &supervisor, 1, &[REPLACED, &next]);
    let live: usize = supervisor.root("samples").call("live", ()).unwrap();
    assert_eq!((supervisor.life(), live), (2, 0));
}

#[test]
fn no_call_through_a_root_fails_during_reloads() {
    let supervisor = samples();
    let (stop, calls) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (samples, waiting) = (
                supervisor.root("samples"),
                supervisor.root("samples.waiting"),
            );
            let (stop, calls) = (&stop, &calls);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    match thread {
                        0 => assert_eq!(samples.call::<i64>("echo", (7,)).unwrap(), 7),
                        1 => assert_eq!(waiting.call::<u64>("sleep", (3,)).unwrap(), 3),
                        2 => {
                            let pending = samples.start::<i64>("echo", (8,)).unwrap();
                            assert_eq!(pending.wait().unwrap(), 8);
                        }
                        _ => {
                            let apply: Vec<i64> =
                                samples.call("echo", (vec![1_i64; 500],)).unwrap();
                            assert_eq!(apply.len(), 500);
                        }
                    }
                    calls.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for life in 1..=20 {
            assert_eq!(supervisor.life(), life);
            let before = calls.load(Ordering::Relaxed);
            supervisor.reload().unwrap();
            until("calls in the new life", || {
                calls.load(Ordering::Relaxed) > before + 8
            });
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert_eq!((supervisor.life(), supervisor.ended()), (21, None));
}

#[test]
fn what_is_under_way_in_the_old_version_ends_there() {
    let supervisor = samples();
    let waiting = supervisor.root("samples.waiting");
    let own = waiting.resolve().unwrap();
    let begun = Barrier::new(3);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // The plugin sleeps in its first call, and the others wait for their turn.
            let long = own.start::<u64>("sleep", (300,));
            let started: Vec<_> = (0..5).map(|n| own.start::<u64>("sleep", (n,))).collect();
            begun.wait();
            assert_eq!(long.wait().unwrap(), 300);
            for (n, pending) in (0..).zip(started) {
                assert_eq!(pending.wait().unwrap(), n);
            }
        });
        scope.spawn(|| {
            let pending = waiting.start::<u64>("sleep", (100,)).unwrap();
            begun.wait();
            assert_eq!(pending.wait().unwrap(), 100);
        });
        begun.wait();
        supervisor.reload().unwrap();
    });
    assert_eq!(waiting.call::<u64>("sleep", (1,)).unwrap(), 1);
    is_of_the_past(own.call::<u64>("sleep", (1,)), &supervisor, 1, &[REPLACED]);
}

#[test]
fn new_calls_go_to_the_new_version_while_the_old_one_is_drained() {
    let supervisor = samples();
    let waiting = supervisor.root("samples.waiting");
    let (enter, entered) = mpsc::channel();
    let (leave, left) = mpsc::channel::<()>();
    let left = std::sync::Mutex::new(left);
    let gate = callback(move || {
        enter.send(()).unwrap();
        left.lock().unwrap().recv().unwrap();
    });
    std::thread::scope(|scope| {
        let apply = supervisor.root("samples").at("apply");
        let held = scope.spawn(move || apply.invoke::<()>((gate,)));
        entered.recv().unwrap();
        let reloading = scope.spawn(|| supervisor.reload());
        until("the new life", || supervisor.life() == 2);
        assert_eq!(waiting.call::<u64>("sleep", (1,)).unwrap(), 1);
        assert!(!reloading.is_finished() && !held.is_finished());
        leave.send(()).unwrap();
        held.join().unwrap().unwrap();
        reloading.join().unwrap().unwrap();
    });
}

#[test]
fn a_call_that_outlasts_the_drain_is_killed_and_says_so() {
    let supervisor = quick(&HOSTILE)
        .options(LoadOptions::new().deadline(HOUR))
        .drain(Duration::from_millis(50))
        .start()
        .unwrap();
    let (builder, told) = listening(quick(&HOSTILE).drain(Duration::ZERO));
    let at_once = builder.start().unwrap();
    let (sleeps, quick) = (
        supervisor.root("hostile.sleeps"),
        at_once.root("hostile.sleeps"),
    );
    let begun = Barrier::new(3);
    let sleep = |root: &locum::Root| {
        begun.wait();
        root.call::<()>("sleep", (3_600_000,)).unwrap_err()
    };
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| sleep(&sleeps));
        let quick = scope.spawn(|| sleep(&quick));
        begun.wait();
        // One that comes later would wait in the next life, for an hour.
        let asleep = |it: &Supervisor| it.plugin().unwrap().stats().calls > 0;
        until("two sleepers", || asleep(&supervisor) && asleep(&at_once));
        supervisor.reload().unwrap();
        at_once.reload().unwrap();
        let error = slow.join().unwrap();
        says(
            &error,
            &[REPLACED, "took longer than 50ms (SupervisorBuilder::drain)"],
        );
        let error = quick.join().unwrap();
        says(&error, &[REPLACED, "(life 2)` has taken its place"]);
    });
    assert_eq!(next(&told, 2), ["start 1", "start 2"], "this is no crash");
}

#[test]
fn the_old_version_is_closed_in_order() {
    let (tell, told) = mpsc::channel();
    let farewell = callback(move |word: String| tell.send(word).unwrap());
    let supervisor = quick(&HOSTILE).start().unwrap();
    let ends = supervisor.root("hostile.ends");
    let _kept: Proxy = ends.call("Farewell", ("call", &farewell)).unwrap();
    supervisor.reload().unwrap();
    assert_eq!(told.try_recv().as_deref(), Ok("farewell"));
    let _kept: Proxy = ends.call("Farewell", ("call", &farewell)).unwrap();
    supervisor.stop().unwrap();
    assert_eq!(told.try_recv().as_deref(), Ok("farewell"));
}

#[test]
fn an_old_version_that_dies_or_hangs_at_its_end_is_no_reason_to_restart() {
    let limit = Duration::from_millis(100);
    let options = LoadOptions::new().deadline(HOUR);
    let (builder, told) = listening(quick(&HOSTILE).options(options).drain(limit));
    let supervisor = builder.start().unwrap();
    let ends = supervisor.root("hostile.ends");
    for how in ["panic", "loop", "sleep"] {
        let _kept: Proxy = ends.call("Farewell", (how,)).unwrap();
        supervisor.reload().unwrap();
    }
    supervisor.stop().unwrap();
    assert_eq!(supervisor.life(), 4);
    let mut told: Vec<_> = told.iter().collect();
    told.retain(|told| told.starts_with("crash") || told.starts_with("restart"));
    assert_eq!(told, ["crash 1 Panic"]);
}

#[test]
fn a_version_that_does_not_start_leaves_the_old_one_as_it_is() {
    let supervisor = samples();
    let counter = counter(&supervisor, 1);
    let goes_on = format!("plugin `{} (life 1)` goes on", supervisor.name());
    let directory = tempfile::tempdir().unwrap();
    let broken = directory.path().join("broken.wasm");
    std::fs::write(&broken, b"\0asm\x0d\0\x01\0").unwrap();
    let answer = supervisor.reload_from(&broken);
    refused(
        answer,
        Kind::Load,
        &["broken.wasm can not be loaded", &goes_on],
    );
    refused(
        supervisor.reload_from("nowhere.wasm"),
        Kind::Load,
        &["does not exist", &goes_on],
    );
    refused(
        supervisor.reload_from_bytes(b""),
        Kind::Load,
        &["the file is empty", &goes_on],
    );
    assert_eq!(counter.call::<i64>("add", ()).unwrap(), 2);
    assert_eq!(supervisor.life(), 1);
    // What could not be loaded is not what is loaded next.
    supervisor.reload().unwrap();
    assert_eq!(
        supervisor
            .root("samples")
            .call::<usize>("live", ())
            .unwrap(),
        0
    );
}

#[test]
fn a_reload_loads_the_file_as_it_is_then() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("plugin.wasm");
    std::fs::copy(COUNTERS.path(), &file).unwrap();
    let supervisor = Supervisor::builder(host(), &file)
        .backoff(Backoff::none())
        .start()
        .unwrap();
    assert!(supervisor.root("counters").resolve().is_ok());
    std::fs::copy(COLLECTIONS.path(), &file).unwrap();
    // A restart is no reload.
    supervisor.plugin().unwrap().kill();
    assert!(supervisor.root("counters").resolve().is_ok());
    supervisor.reload().unwrap();
    assert!(supervisor.root("collections").resolve().is_ok());
    supervisor.plugin().unwrap().kill();
    assert!(supervisor.root("collections").resolve().is_ok());

    supervisor.reload_from(COUNTERS.path()).unwrap();
    supervisor.reload().unwrap();
    assert!(supervisor.root("counters").resolve().is_ok());
    let bytes = std::fs::read(COLLECTIONS.path()).unwrap();
    supervisor.reload_from_bytes(&bytes).unwrap();
    supervisor.reload().unwrap();
    assert!(supervisor.root("collections").resolve().is_ok());
    assert_eq!(supervisor.life(), 8);
}

#[test]
fn a_supervisor_of_bytes_starts_and_reloads_them() {
    let bytes = std::fs::read(COUNTERS.path()).unwrap();
    let supervisor = Supervisor::builder_from_bytes(host(), "of bytes", &bytes)
        .start()
        .unwrap();
    assert!(supervisor.plugin().unwrap().name().starts_with("of bytes"));
    supervisor.reload().unwrap();
    let counter: Proxy = supervisor.root("counters").call("Counter", (1,)).unwrap();
    assert_eq!(counter.call::<i64>("add", ()).unwrap(), 2);
}

#[test]
fn a_reload_takes_the_place_of_a_restart_that_is_waited_for() {
    let supervisor = quick(&SAMPLES)
        .backoff(Backoff::new(HOUR, 1.0, HOUR))
        .start()
        .unwrap();
    crash(&supervisor);
    std::thread::scope(|scope| {
        let root = supervisor.root("samples");
        let patient = root.with(locum::CallOptions::new());
        scope.spawn(move || until("the new life", || patient.call::<usize>("live", ()).is_ok()));
        supervisor.reload().unwrap();
    });
    assert_eq!(supervisor.life(), 2);
}

#[test]
fn a_plugin_that_has_itself_reloaded_ends_its_call_first() {
    let own: Arc<OnceLock<Supervisor>> = Arc::default();
    let inside = own.clone();
    let supervisor = samples();
    own.set(supervisor.clone()).unwrap();
    let reload = callback(move || inside.get().unwrap().reload());
    let old = counter(&supervisor, 1);
    let apply = supervisor.root("samples").at("apply");
    apply.invoke::<()>((reload,)).unwrap();
    assert_eq!(supervisor.life(), 2);
    until("the end of the old version", || {
        old.get::<i64>("value").is_err()
    });
    is_of_the_past(old.get::<i64>("value"), &supervisor, 1, &[REPLACED]);
}

#[test]
fn reloads_at_once_are_made_one_after_the_other() {
    let supervisor = samples();
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| supervisor.reload().unwrap());
        }
    });
    assert_eq!(supervisor.life(), 5);
    assert!(began.elapsed() < LONG);
}
