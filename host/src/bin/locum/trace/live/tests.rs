//! Calls as a host tells of them, as a viewer shows them.

use locum::monitor::Call;
use serde_json::{Value, json};

use super::super::check::Shown;
use super::super::chrome;
use super::record;

/// A call of a plugin, or of the host's (`in`), by a thread and from when to when.
fn call(id: u64, parent: Option<u64>, place: (&str, &str), thread: u64, time: [u64; 2]) -> Call {
    let value = json!({
        "id": id, "parent": parent, "plugin": place.0, "direction": place.1, "verb": "call",
        "object": "Thing", "path": format!("m{id}"), "mode": "call", "reply": "auto",
        "thread": thread, "thread_name": format!("worker {thread}"),
        "start_ns": time[0], "end_ns": Some(time[1]).filter(|end| *end > 0),
        "bytes": 3, "answer_bytes": 4, "outcome": "ok", "error": Value::Null,
    });
    serde_json::from_value(value).unwrap()
}

fn shown(calls: Vec<Call>, until: Option<u64>) -> Shown {
    let mut json = Vec::new();
    chrome::write(&mut json, &record(calls, until)).unwrap();
    Shown::read(&String::from_utf8(json).unwrap())
}

#[test]
fn calls_come_in_any_order_and_lie_within_each_other_with_arrows_between_lanes() {
    let shown = shown(
        vec![
            call(3, Some(2), ("b", "out"), 1, [300, 400]),
            call(2, Some(1), ("a", "in"), 1, [200, 500]),
            // Started by the second, made by another thread.
            call(4, Some(2), ("a", "out"), 2, [450, 800]),
            call(1, None, ("a", "out"), 1, [100, 600]),
        ],
        Some(1000),
    );
    assert_eq!(shown.lanes, ["host", "a", "b"]);
    let lane = |name: &str| shown.slice(name).1.lane.clone();
    assert_eq!(
        [lane("Thing.m1"), lane("Thing.m2"), lane("Thing.m3")],
        ["a", "host", "b"]
    );
    let caller = |name: &str| shown.caller(shown.slice(name).0).map(|it| it.name.clone());
    assert_eq!(caller("Thing.m1"), None);
    assert_eq!(caller("Thing.m2").as_deref(), Some("Thing.m1"));
    assert_eq!(caller("Thing.m3").as_deref(), Some("Thing.m2"));
    assert_eq!(caller("Thing.m4").as_deref(), Some("Thing.m2"));
    assert_eq!(shown.slice("Thing.m4").1.thread, "worker 2");
    let args = &shown.slice("Thing.m2").1.args;
    assert_eq!((&args["received"], &args["sent"]), (&3.into(), &4.into()));
    assert_eq!(args["micros"], 0.3);
}

#[test]
fn what_is_under_way_lasts_until_the_end_and_a_parent_that_is_missing_is_none() {
    let shown = shown(
        vec![
            call(2, Some(1), ("a", "out"), 1, [200, 300]),
            call(1, Some(99), ("a", "out"), 1, [200, 0]),
            call(5, Some(98), ("b", "out"), 1, [250, 250]),
        ],
        Some(900),
    );
    let (outer, _) = shown.slice("Thing.m1");
    assert_eq!(shown.slice("Thing.m2").1.within, Some(outer));
    assert_eq!(
        shown.slice("Thing.m5").1.within,
        None,
        "in a lane of its own"
    );
    assert!(shown.arrows.is_empty());
}

#[test]
fn a_trace_of_nothing_is_a_trace() {
    let shown = shown(Vec::new(), None);
    assert!(shown.slices.is_empty());
    assert_eq!(shown.lanes, ["host"]);
}
