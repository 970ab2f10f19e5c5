//! What a trace tells.

use std::thread;

use locum::monitor::{Call, Traced};
use locum::{Kind, Proxy, Value, callback};
use locum_tests::refused;

use super::{Watched, counter};

/// Ends a trace: all that it has told.
fn all(traced: &mut Traced) -> Vec<Call> {
    traced.stop().unwrap();
    traced.map(|it| it.unwrap()).collect()
}

/// The call of that method or function.
#[track_caller]
fn named<'c>(calls: &'c [Call], path: &str, direction: &str) -> &'c Call {
    let mut found = calls.iter();
    let found = found.find(|it| it.path == path && it.direction == direction);
    found.unwrap_or_else(|| panic!("no {path} in {calls:#?}"))
}

#[test]
fn a_call_is_told_with_what_it_was_made_within_in_both_directions() {
    let watched = Watched::new();
    let plugin = watched.samples();
    let samples = plugin.import("samples").unwrap();
    let counter: Proxy = samples.call("Counter", (0,)).unwrap();
    let mut traced = watched.running().trace().unwrap();
    assert_eq!(watched.monitor.watchers(), 1);
    let inner = counter.clone();
    let adds = callback(move |n: i64| inner.call::<i64>("add", (n,)));
    let worker = thread::Builder::new().name("worker".into()).spawn(move || {
        assert_eq!(samples.call::<i64>("apply", (adds, 5)).unwrap(), 5);
        samples.call::<i64>("no_such_thing", ()).unwrap_err();
    });
    worker.unwrap().join().unwrap();
    assert_eq!(counter.get::<i64>("value").unwrap(), 5);
    let calls = all(&mut traced);
    let end = traced.end().unwrap();
    assert_eq!((end.calls, end.dropped), (calls.len() as u64, 0));

    let apply = named(&calls, "apply", "out");
    let back = calls.iter().find(|it| it.direction == "in").unwrap();
    let add = named(&calls, "add", "out");
    assert_eq!((apply.parent, back.parent), (None, Some(apply.id)));
    assert_eq!(add.parent, Some(back.id));
    assert_eq!((&*apply.thread_name, apply.thread), ("worker", add.thread));
    for (outer, inner) in [(apply, back), (back, add)] {
        assert!(outer.start_ns <= inner.start_ns && inner.end_ns <= outer.end_ns);
    }
    assert_eq!(
        (&*add.object, &*add.verb, &*add.mode),
        ("Counter", "call", "call")
    );
    assert_eq!(
        (&*add.plugin, add.outcome.as_deref()),
        ("samples", Some("ok"))
    );
    assert!(add.bytes > 0 && add.answer_bytes.is_some_and(|bytes| bytes > 0));
    let failed = named(&calls, "no_such_thing", "out");
    assert_eq!(
        failed.outcome.as_deref(),
        Some(Kind::NoSuchAttribute.name())
    );
    assert!(failed.error.as_ref().unwrap().contains("no_such_thing"));
    let value = named(&calls, "value", "out");
    assert_eq!((&*value.verb, value.parent), ("get", None));
    assert_ne!(value.thread, add.thread);
}

#[test]
fn a_started_call_belongs_to_the_one_that_started_it_whoever_makes_it() {
    let watched = Watched::new();
    let plugin = watched.samples();
    let samples = plugin.import("samples").unwrap();
    let counter = counter(&watched.samples());
    let mut traced = watched.running().trace().unwrap();
    let starts = callback(move || counter.start::<i64>("add", (1,)).wait());
    samples.call::<i64>("apply", (starts,)).unwrap();
    let calls = all(&mut traced);
    let back = calls.iter().find(|it| it.direction == "in").unwrap();
    let add = named(&calls, "add", "out");
    assert_eq!((add.parent, &*add.mode), (Some(back.id), "start"));
}

#[test]
fn what_is_under_way_at_the_end_is_told_without_an_end() {
    let watched = Watched::new();
    let plugin = watched.samples();
    let waiting = plugin.import("samples.waiting").unwrap();
    let mut traced = watched.running().trace().unwrap();
    let pending = waiting.start::<u64>("sleep", (400,));
    let mut snapshots = watched.watch();
    super::until(&mut snapshots, "it runs", |it| {
        it.plugins[0].out.in_flight == 1
    });
    let calls = all(&mut traced);
    let sleep = named(&calls, "sleep", "out");
    assert_eq!((sleep.end_ns, sleep.outcome.as_ref()), (None, None));
    assert!(traced.end().unwrap().end_ns > sleep.start_ns);
    assert_eq!(pending.wait().unwrap(), 400);
}

#[test]
fn what_is_told_faster_than_it_is_read_is_counted() {
    let watched = Watched::new();
    let plugin = watched.samples();
    let counter = counter(&plugin);
    let mut traced = watched.running().trace().unwrap();
    const CALLS: u64 = 100_000;
    for _ in 0..CALLS {
        counter.call::<i64>("add", (1,)).unwrap();
    }
    let calls = all(&mut traced);
    let end = traced.end().unwrap();
    assert_eq!(end.calls, calls.len() as u64);
    assert!(
        end.dropped > 0,
        "nobody read, and its socket does not hold {CALLS}"
    );
    assert_eq!(end.calls + end.dropped, CALLS);
}

#[test]
fn a_host_that_ends_ends_the_trace_with_an_error() {
    let watched = Watched::new();
    let mut traced = watched.running().trace().unwrap();
    watched.monitor.close();
    refused(traced.next().unwrap(), Kind::Closed, &["has ended"]);
    assert!(traced.next().is_none() && traced.end().is_none());
}

#[test]
fn a_call_that_began_before_the_trace_is_not_told() {
    let watched = Watched::new();
    let plugin = watched.samples();
    let samples = plugin.import("samples").unwrap();
    let (counter, running) = (counter(&plugin), watched.running());
    let traced = std::sync::Arc::new(std::sync::Mutex::new(None));
    let kept = std::sync::Arc::clone(&traced);
    let begins = callback(move || {
        *kept.lock().unwrap() = Some(running.trace().unwrap());
        counter.call::<i64>("add", (1,))
    });
    samples.call::<Value>("apply", (begins,)).unwrap();
    let mut traced = traced.lock().unwrap().take().unwrap();
    let calls = all(&mut traced);
    assert_eq!(calls.len(), 1, "{calls:#?}");
    assert_eq!(named(&calls, "add", "out").parent, None);
}
