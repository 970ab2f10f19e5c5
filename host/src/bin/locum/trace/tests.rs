use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tracing_subscriber::layer::SubscriberExt;

use super::check::Shown;
use super::layer::{Recorder, cut};
use super::record::{Head, Record};

fn head(name: &str, plugin: Option<&str>) -> Head {
    Head {
        name: name.to_owned(),
        category: "test",
        plugin: plugin.map(str::to_owned),
        args: vec![("path", json!(name))],
    }
}

fn written(record: &Record) -> String {
    let mut bytes = Vec::new();
    super::chrome::write(&mut bytes, record).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// What is shown of what `work` does.
fn traced(work: impl FnOnce()) -> Shown {
    let recorder = Recorder::new();
    let record = recorder.record();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(recorder), work);
    let record = record.lock().unwrap();
    Shown::read(&written(&record))
}

#[test]
fn a_call_lies_in_the_lane_of_whoever_is_called() {
    let mut record = Record::new();
    let outer = record.begin(head("outer", None), None);
    let call = record.begin(head("call", Some("a")), outer);
    let back = record.begin(head("back", None), call);
    let again = record.begin(head("again", Some("a")), back);
    let other = record.begin(head("other", Some("b")), again);
    for slice in [other, again, back, call, outer] {
        record.end(slice.unwrap());
    }
    let shown = Shown::read(&written(&record));
    assert_eq!(shown.lanes, ["host", "a", "b"]);
    let lanes: Vec<&str> = shown.slices.iter().map(|it| &*it.lane).collect();
    assert_eq!(lanes, ["host", "a", "host", "a", "b"]);
    let within: Vec<_> = shown.slices.iter().map(|it| it.within).collect();
    assert_eq!(within, [None, None, Some(0), Some(1), None]);
    assert_eq!(shown.arrows, [(0, 1), (1, 2), (2, 3), (3, 4)]);
}

#[test]
fn what_still_goes_on_is_written_as_ending_now() {
    let mut record = Record::new();
    let outer = record.begin(head("outer", None), None);
    record.begin(head("inner", None), outer);
    let shown = Shown::read(&written(&record));
    assert_eq!(shown.slice("inner").1.within, Some(0));
    assert_eq!(shown.arrows, [], "nesting shows it already");
}

#[test]
fn an_arrow_leaves_from_its_slice_even_when_that_has_ended() {
    let mut record = Record::new();
    let starter = record.begin(head("starter", None), None).unwrap();
    record.end(starter);
    thread::sleep(Duration::from_millis(1));
    let started = record.begin(head("started", Some("a")), Some(starter));
    record.end(started.unwrap());
    assert_eq!(Shown::read(&written(&record)).arrows, [(0, 1)]);
}

#[test]
fn names_can_say_anything_and_steer_nothing() {
    let name = "a\"\\\n\u{1b}[31m\u{202e}\u{9b}</script>";
    let mut record = Record::new();
    record.begin(head(name, Some(name)), None);
    record.mark(head(name, Some(name)));
    let json = written(&record);
    assert!(!json.contains(['\u{1b}', '\u{202e}', '\u{9b}']));
    let shown = Shown::read(&json);
    assert_eq!(shown.lanes[1], name);
    assert_eq!(shown.slice(name).1.args["path"], name);
    assert_eq!(shown.marks, [(name.to_owned(), name.to_owned())]);
}

#[test]
fn a_text_is_cut_between_two_characters() {
    assert_eq!(cut("short"), "short");
    let long = "é".repeat(1000);
    let kept = cut(&format!("x{long}"));
    assert!(kept.len() < 210 && kept.ends_with("é..."), "{kept}");
}

#[test]
fn what_is_said_twice_counts_as_it_was_said_last() {
    let mut record = Record::new();
    let slice = record.begin(head("call", None), None).unwrap();
    record.learn(
        slice,
        vec![("path", json!("later")), ("outcome", json!("ok"))],
    );
    let json = written(&record);
    assert_eq!(json.matches("\"path\"").count(), 1);
    let (_, slice) = (0, Shown::read(&json).slice("call").1.clone());
    assert_eq!(slice.args, json!({"path": "later", "outcome": "ok"}));
}

#[test]
fn what_there_is_no_room_for_is_counted() {
    let mut record = Record::with_room(2);
    let kept = record.begin(head("kept", None), None);
    record.mark(head("mark", None));
    assert_eq!(record.begin(head("lost", Some("a")), kept), None);
    record.mark(head("lost", None));
    let json = written(&record);
    let shown = Shown::read(&json);
    assert_eq!((shown.slices.len(), shown.marks.len()), (1, 1));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["otherData"]["left_out"], 2);
}

#[test]
fn a_span_that_started_calls_elsewhere_ends_with_its_own_thread() {
    let shown = traced(|| {
        let outer = tracing::debug_span!(target: "locum::eval", "expression", expression = "outer");
        let dispatch = tracing::dispatcher::get_default(Clone::clone);
        let (inner, other) = (outer.clone(), thread::Builder::new().name("other".into()));
        let other = other.spawn(move || {
            tracing::dispatcher::with_default(&dispatch, || {
                inner.in_scope(|| {
                    let call = tracing::debug_span!(target: "locum::call", "call", plugin = "a");
                    call.in_scope(|| thread::sleep(Duration::from_millis(1)));
                });
            });
        });
        outer.in_scope(|| thread::sleep(Duration::from_millis(5)));
        drop(outer);
        other.unwrap().join().unwrap();
        tracing::debug!(target: "locum", plugin = "b", "marked");
        tracing::debug!(target: "elsewhere", "not ours");
        tracing::trace!(target: "locum", "too fine");
    });
    let names: Vec<_> = shown
        .slices
        .iter()
        .map(|it| (&*it.name, &*it.lane))
        .collect();
    assert!(names.contains(&("outer", "host")) && names.contains(&("call", "a")));
    assert_eq!(names.len(), 2);
    assert_eq!(shown.slice("call").1.thread, "other");
    assert_eq!(shown.marks, [("b".to_owned(), "marked".to_owned())]);
}

/// With the built-in plugin, twice.
#[cfg(embedded)]
mod plugins {
    use locum::{Host, LoadOptions, Plugin, Proxy, callback};

    use super::*;

    fn plugins() -> (Plugin, Plugin) {
        let host = Host::builder()
            .cache_dir(concat!(env!("OUT_DIR"), "/trace"))
            .build()
            .unwrap();
        let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/collections.wasm"));
        let load = |name| host.load_bytes_with(name, bytes, LoadOptions::new());
        (load("one").unwrap(), load("two").unwrap())
    }

    fn list(plugin: &Plugin, items: impl serde::Serialize) -> Proxy {
        let collections = plugin.import("collections").unwrap();
        collections.call("list", (items,)).unwrap()
    }

    #[test]
    fn arrows_follow_a_call_from_the_host_through_one_plugin_to_another() {
        let (one, two) = plugins();
        let shown = traced(|| {
            let names = list(&two, ["a", "b"]);
            let span =
                tracing::debug_span!(target: "locum::eval", "expression", expression = "work");
            span.in_scope(|| list(&one, &names));
        });
        assert_eq!(shown.lanes, ["host", "two", "one"]);
        let asked = |(at, slice): (usize, &super::super::check::Slice)| {
            shown
                .caller(at)
                .map(|caller| (caller.name.clone(), caller.lane.clone(), slice.lane.clone()))
        };
        let in_lane = |name: &str, lane: &str| {
            let mut slices = shown.slices.iter().enumerate();
            slices
                .find(|(_, it)| it.name == name && it.lane == lane)
                .unwrap()
        };
        let words = |from: &str, lane: &str, to: &str| Some((from.into(), lane.into(), to.into()));
        assert_eq!(
            asked(in_lane("collections.list", "one")),
            words("work", "host", "one")
        );
        assert_eq!(
            asked(in_lane("list.__iter__", "host")),
            words("collections.list", "one", "host")
        );
        assert_eq!(
            asked(in_lane("list.__iter__", "two")),
            words("list.__iter__", "host", "two")
        );
    }

    #[test]
    fn a_started_call_has_a_track_of_its_thread_and_an_arrow_from_where_it_was_started() {
        let (one, _two) = plugins();
        let numbers = list(&one, [3, 1, 2]);
        let shown = traced(|| {
            let span =
                tracing::debug_span!(target: "locum::eval", "expression", expression = "start");
            let later = span.in_scope(|| numbers.start::<()>("sort", ()));
            drop(span);
            while !later.is_ready() {
                thread::sleep(Duration::from_millis(1));
            }
            later.wait().unwrap();
        });
        let (at, sort) = shown.slice("list.sort");
        assert_eq!((&*sort.lane, &*sort.thread), ("one", "locum-worker"));
        assert_eq!(sort.args["mode"], "start");
        assert_eq!(shown.caller(at).unwrap().name, "start");
    }

    #[test]
    fn threads_that_call_one_plugin_at_once_have_a_track_each() {
        let (one, _two) = plugins();
        let shown = traced(|| {
            let dispatch = tracing::dispatcher::get_default(Clone::clone);
            let slow = Arc::new(callback(|| thread::sleep(Duration::from_millis(2))));
            thread::scope(|scope| {
                for _ in 0..3 {
                    scope.spawn(|| {
                        tracing::dispatcher::with_default(&dispatch, || {
                            let tools = list(&one, [&*slow]);
                            let tool: Proxy = tools.get_item(0).unwrap();
                            tool.invoke::<()>(()).unwrap();
                        });
                    });
                }
            });
        });
        let calls = shown
            .slices
            .iter()
            .filter(|it| it.name == "collections.list");
        assert_eq!(calls.count(), 3);
    }
}
