//! Reading a trace as a viewer does, for tests: panics when it is not one.

use std::collections::BTreeMap;

use serde_json::Value;

/// How far two sums of decimal microseconds may differ that mean the same nanosecond.
const ROUNDING: f64 = 0.002;

/// What a viewer would show.
pub(crate) struct Shown {
    pub(crate) lanes: Vec<String>,
    pub(crate) slices: Vec<Slice>,
    /// From which slice to which.
    pub(crate) arrows: Vec<(usize, usize)>,
    pub(crate) marks: Vec<(String, String)>,
}

/// A slice in its lane.
#[derive(Clone)]
pub(crate) struct Slice {
    pub(crate) lane: String,
    pub(crate) thread: String,
    pub(crate) name: String,
    pub(crate) args: Value,
    track: (u64, u64),
    start: f64,
    end: f64,
    /// The slice that it lies in, on its own track.
    pub(crate) within: Option<usize>,
}

impl Shown {
    /// Reads a trace, and checks that slices nest and that every arrow leads from one slice to another.
    #[track_caller]
    pub(crate) fn read(json: &str) -> Shown {
        let json: Value = serde_json::from_str(json).unwrap();
        let events = json["traceEvents"].as_array().unwrap();
        let of = |kind: &'static str| events.iter().filter(move |event| event["ph"] == kind);
        for event in events {
            let kind = event["ph"].as_str().unwrap();
            assert!(["M", "X", "s", "f", "i"].contains(&kind), "{event}");
            assert!(event["name"].is_string() && event["pid"].is_u64() && event["tid"].is_u64());
            if kind != "M" {
                assert!(
                    number(event, "ts") >= 0.0 && event["cat"].is_string(),
                    "{event}"
                );
            }
        }
        let named = |what: &'static str| of("M").filter(move |event| event["name"] == what);
        let lanes: BTreeMap<u64, String> = named("process_name")
            .map(|event| (whole(event, "pid"), text(&event["args"], "name")))
            .collect();
        let threads: BTreeMap<(u64, u64), String> = named("thread_name")
            .map(|event| (track(event), text(&event["args"], "name")))
            .collect();

        let mut slices: Vec<Slice> = of("X")
            .map(|event| Slice {
                lane: lanes[&whole(event, "pid")].clone(),
                thread: threads[&track(event)].clone(),
                name: text(event, "name"),
                args: event["args"].clone(),
                track: track(event),
                start: number(event, "ts"),
                end: number(event, "ts") + number(event, "dur"),
                within: None,
            })
            .collect();
        nest(&mut slices);
        let arrows = of("s").map(|leaves| {
            let ends: Vec<&Value> = of("f").filter(|it| it["id"] == leaves["id"]).collect();
            let [arrives] = ends[..] else {
                panic!("{leaves} has {} ends", ends.len());
            };
            assert_eq!(
                (&leaves["name"], &leaves["cat"]),
                (&arrives["name"], &arrives["cat"])
            );
            assert_eq!(arrives["bp"], "e");
            (around(&slices, leaves), around(&slices, arrives))
        });
        let arrows: Vec<_> = arrows.collect();
        assert_eq!(of("f").count(), arrows.len(), "an arrow comes from nowhere");
        let marks = of("i").map(|it| (lanes[&whole(it, "pid")].clone(), text(it, "name")));
        Shown {
            lanes: lanes.values().cloned().collect(),
            arrows,
            marks: marks.collect(),
            slices,
        }
    }

    /// The only slice of that name.
    #[track_caller]
    pub(crate) fn slice(&self, name: &str) -> (usize, &Slice) {
        let mut found = self.slices.iter().enumerate();
        let found = found.find(|(_, slice)| slice.name == name);
        found.unwrap_or_else(|| {
            let names: Vec<_> = self.slices.iter().map(|slice| &slice.name).collect();
            panic!("no slice {name:?} in {names:?}")
        })
    }

    /// Where the arrow to a slice comes from.
    pub(crate) fn caller(&self, slice: usize) -> Option<&Slice> {
        let arrow = self.arrows.iter().find(|(_, to)| *to == slice)?;
        self.slices.get(arrow.0)
    }
}

/// Finds what each slice lies in. They are written in the order in which they began.
#[track_caller]
fn nest(slices: &mut [Slice]) {
    let mut open: BTreeMap<(u64, u64), Vec<usize>> = BTreeMap::new();
    for at in 0..slices.len() {
        let Slice {
            start, end, track, ..
        } = slices[at].clone();
        let open = open.entry(track).or_default();
        while open
            .last()
            .is_some_and(|outer| slices[*outer].end < start + ROUNDING)
        {
            open.pop();
        }
        if let Some(outer) = open.last() {
            let outer_end = slices[*outer].end;
            let names = (&slices[*outer].name, &slices[at].name);
            assert!(
                end <= outer_end + ROUNDING,
                "{names:?}: {end} is after {outer_end}"
            );
        }
        slices[at].within = open.last().copied();
        open.push(at);
    }
}

/// The innermost slice around an event.
#[track_caller]
fn around(slices: &[Slice], event: &Value) -> usize {
    let at = number(event, "ts");
    let is_around = |slice: &Slice| {
        slice.track == track(event) && slice.start <= at && at < slice.end + ROUNDING
    };
    let found = slices.iter().rposition(is_around);
    found.unwrap_or_else(|| panic!("{event} lies in no slice"))
}

fn track(event: &Value) -> (u64, u64) {
    (whole(event, "pid"), whole(event, "tid"))
}

#[track_caller]
fn whole(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap()
}

#[track_caller]
fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap()
}

#[track_caller]
fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap().to_owned()
}
