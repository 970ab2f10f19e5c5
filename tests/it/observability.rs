//! What the log is told (`host/src/spans.md`): every call, in both directions, and how plugins come and go.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use locum::{CallOptions, Host, Kind, Proxy, Value, callback};
use locum_tests::{COUNTERS, SAMPLES, Subject, refused};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// A subscriber's notes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Note>>>);

/// A span, or an event.
#[derive(Clone, Debug)]
struct Note {
    level: Level,
    target: String,
    name: String,
    parent: Option<usize>,
    fields: Fields,
}

#[derive(Clone, Debug, Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

/// The number of a span's note.
struct Number(usize);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Log {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        let parent = span.parent();
        let parent = parent.and_then(|it| it.extensions().get::<Number>().map(|it| it.0));
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let mut notes = self.0.lock().unwrap();
        span.extensions_mut().insert(Number(notes.len()));
        notes.push(Note {
            level: *span.metadata().level(),
            target: span.metadata().target().to_owned(),
            name: span.name().to_owned(),
            parent,
            fields,
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        if let Some(Number(number)) = span.extensions().get() {
            values.record(&mut self.0.lock().unwrap()[*number].fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.0.lock().unwrap().push(Note {
            level: *event.metadata().level(),
            target: event.metadata().target().to_owned(),
            name: fields.0.remove("message").unwrap_or_default(),
            parent: None,
            fields,
        });
    }
}

/// What is noted, at that level, while `work` is done.
fn noted_at(level: LevelFilter, work: impl FnOnce()) -> Vec<Note> {
    let log = Log::default();
    let layer = log.clone().with_filter(level);
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
    let notes = log.0.lock().unwrap().clone();
    let ours = |note: &Note| note.target == "locum" || note.target.starts_with("locum::");
    assert!(notes.iter().all(|note| ours(note) || note.target == "test"));
    notes
}

fn noted(work: impl FnOnce()) -> Vec<Note> {
    noted_at(LevelFilter::DEBUG, work)
}

impl Note {
    fn field(&self, name: &str) -> &str {
        self.fields.0.get(name).map_or("", String::as_str)
    }

    fn number(&self, name: &str) -> f64 {
        let text = self.field(name);
        text.parse()
            .unwrap_or_else(|_| panic!("{name} in {self:?}"))
    }

    #[track_caller]
    fn says(&self, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            assert_eq!(self.field(name), *value, "{name} of {self:?}");
        }
    }
}

/// The calls on a path.
fn calls<'n>(notes: &'n [Note], path: &str) -> Vec<&'n Note> {
    let calls = notes.iter().filter(|it| it.target == "locum::call");
    calls.filter(|it| it.field("path") == path).collect()
}

#[track_caller]
fn only<'n>(notes: &'n [Note], path: &str) -> &'n Note {
    match calls(notes, path)[..] {
        [call] => call,
        _ => panic!("not one call of {path:?}: {notes:#?}"),
    }
}

fn counter() -> (Subject, Proxy) {
    let subject = SAMPLES.in_wasm(vec![]);
    let counter = subject.make("Counter", (1,)).unwrap();
    (subject, counter)
}

#[test]
fn a_call_is_a_span_with_what_was_asked_and_what_came_of_it() {
    let (subject, counter) = counter();
    let notes = noted(|| assert_eq!(counter.call::<i64>("add", (5,)).unwrap(), 6));
    let add = only(&notes, "add");
    assert_eq!((add.level, &*add.name), (Level::DEBUG, "call"));
    add.says(&[
        ("plugin", subject.name()),
        ("direction", "out"),
        ("verb", "call"),
        ("object", "Counter"),
        ("mode", "call"),
        ("reply", "auto"),
        ("outcome", "ok"),
        ("error", ""),
    ]);
    // [[5]] and 6 in CBOR.
    assert_eq!((add.number("sent"), add.number("received")), (3.0, 1.0));
    assert!(add.number("micros") > 0.0);
}

#[test]
fn a_call_back_is_a_span_inside_of_the_call_that_it_is_made_from() {
    let (subject, counter) = counter();
    let other = counter.call::<Proxy>("twin", ()).unwrap();
    let watcher = callback(move |_: i64| other.call::<i64>("add", (2,)));
    counter.call::<()>("watch", (watcher,)).unwrap();
    let notes = noted(|| assert_eq!(counter.call::<i64>("add", (5,)).unwrap(), 6));
    let [outer, back, inner] = &notes[..] else {
        panic!("{notes:#?}");
    };
    outer.says(&[("direction", "out"), ("path", "add")]);
    back.says(&[
        ("plugin", subject.name()),
        ("direction", "in"),
        ("verb", "call"),
        ("path", ""),
        ("mode", "call"),
        ("outcome", "ok"),
    ]);
    // [[6]] comes, 3 goes.
    assert_eq!((back.number("received"), back.number("sent")), (3.0, 1.0));
    inner.says(&[("direction", "out"), ("path", "add")]);
    let parents = [outer.parent, back.parent, inner.parent];
    assert_eq!(parents, [None, Some(0), Some(1)]);
    counter.call::<()>("forget_watchers", ()).unwrap();
}

#[test]
fn a_call_that_fails_has_the_kind_of_its_error_as_outcome() {
    let (_subject, counter) = counter();
    let notes = noted(|| {
        let (add, set) = (
            counter.call::<i64>("add", ("two",)),
            counter.set("value", "x"),
        );
        refused(add, Kind::TypeError, &[]);
        refused(set, Kind::TypeError, &[]);
        refused(counter.get::<i64>("nothing"), Kind::NoSuchAttribute, &[]);
    });
    for (path, verb, kind) in [
        ("add", "call", Kind::TypeError),
        ("value", "set", Kind::TypeError),
        ("nothing", "get", Kind::NoSuchAttribute),
    ] {
        let call = only(&notes, path);
        call.says(&[("verb", verb), ("outcome", kind.name()), ("received", "")]);
        assert!(call.field("error").contains(path), "{call:?}");
    }
}

#[test]
fn what_is_asked_of_the_plugin_as_a_whole_is_a_span_too() {
    let subject = SAMPLES.in_wasm(vec![("tools", callback(|| 1).into_object())]);
    let notes = noted(|| {
        let samples = subject.import("samples").unwrap();
        let list = subject.transfer(&vec![1, 2, 3]).unwrap();
        assert_eq!(list.value::<Vec<i64>>().unwrap(), [1, 2, 3]);
        subject.peer().describe().unwrap();
        samples.call::<Proxy>("imported", ("tools",)).unwrap();
    });
    let found: Vec<_> = notes
        .iter()
        .map(|it| ["direction", "verb", "path"].map(|name| it.field(name)))
        .collect();
    let expected = [
        ["out", "import", "samples"],
        ["out", "transfer", ""],
        ["out", "get", ""],
        ["out", "describe", ""],
        ["out", "call", "imported"],
        ["in", "import", "tools"],
    ];
    assert_eq!(found, expected);
}

#[test]
fn started_and_posted_calls_have_their_mode_and_belong_to_the_span_that_they_come_from() {
    let (_subject, counter) = counter();
    let patient = CallOptions::new().patience(Duration::from_secs(60));
    let notes = noted(|| {
        let span = tracing::info_span!(target: "test", "starter");
        let later = span.in_scope(|| {
            counter.post("add", (1,)).unwrap();
            let later = counter.start::<i64>("add_small", (2,));
            counter.with(patient).get::<i64>("value").unwrap();
            later
        });
        assert_eq!(later.wait().unwrap(), 4);
    });
    assert_eq!(notes[0].name, "starter");
    for (path, mode) in [("add", "post"), ("add_small", "start"), ("value", "call")] {
        let call = only(&notes, path);
        call.says(&[("mode", mode), ("direction", "out"), ("outcome", "ok")]);
        assert_eq!(call.parent, Some(0), "{call:?}");
    }
}

#[test]
fn a_call_that_another_thread_makes_belongs_to_the_one_that_asked_for_it() {
    let (one, two) = (SAMPLES.in_wasm(vec![]), SAMPLES.in_wasm(vec![]));
    let both_inside = Arc::new(Barrier::new(2));
    // Each thread is in one plugin when it calls the other one: one of them makes the call of both.
    let crossing = |from: &Subject, to: &Subject| {
        let inner = to.make("Counter", (1,)).unwrap();
        inner.call::<()>("watch", (callback(|_: i64| ()),)).unwrap();
        let outer = from.make("Counter", (1,)).unwrap();
        let both_inside = both_inside.clone();
        let go = callback(move |_: i64| {
            both_inside.wait();
            inner.call::<i64>("add", ())
        });
        outer.call::<()>("watch", (go,)).unwrap();
        outer
    };
    let counters = [crossing(&one, &two), crossing(&two, &one)];
    let notes = noted(|| {
        let dispatch = tracing::dispatcher::get_default(Clone::clone);
        thread::scope(|scope| {
            for counter in &counters {
                scope.spawn(|| {
                    let add = || counter.call::<i64>("add", ()).unwrap();
                    tracing::dispatcher::with_default(&dispatch, add)
                });
            }
        });
    });
    let inward = |note: &&Note| note.field("direction") == "in";
    assert_eq!((notes.len(), notes.iter().filter(inward).count()), (8, 4));
    let askers = notes.iter().filter(inward).map(|note| {
        let asker = &notes[note.parent.unwrap()];
        asker.says(&[("direction", "out"), ("plugin", note.field("plugin"))]);
        note.parent
    });
    assert_eq!(askers.collect::<BTreeSet<_>>().len(), 4);
    for counter in counters {
        counter.call::<()>("forget_watchers", ()).unwrap();
    }
}

#[test]
fn a_posted_call_that_fails_is_an_error_in_the_log() {
    let (subject, counter) = counter();
    let notes = noted(|| {
        counter.post("add", ("two",)).unwrap();
        assert_eq!(counter.get::<i64>("value").unwrap(), 1);
    });
    let lost = notes
        .iter()
        .find(|note| note.level == Level::ERROR)
        .unwrap();
    assert_eq!(lost.name, "a posted call failed");
    lost.says(&[("plugin", subject.name()), ("callee", "Counter.add")]);
}

#[test]
fn loading_starting_and_closing_a_plugin_are_spans() {
    let directory = tempfile::tempdir().unwrap();
    let lives: Vec<Vec<Note>> = [(); 2]
        .iter()
        .map(|()| {
            let host = Host::builder().cache_dir(directory.path().join("cache"));
            let host = host.build().unwrap();
            noted(|| host.load(COUNTERS.path()).unwrap().close().unwrap())
        })
        .collect();
    for (notes, from) in lives.iter().zip(["compiler", "cache"]) {
        let [load, start, close, closed] = &notes[..] else {
            panic!("{notes:#?}");
        };
        load.says(&[("file", COUNTERS.path()), ("from", from), ("outcome", "ok")]);
        let size = std::fs::metadata(COUNTERS.path()).unwrap().len();
        assert_eq!(load.number("bytes"), size as f64);
        start.says(&[("plugin", "counters"), ("outcome", "ok")]);
        close.says(&[("plugin", "counters"), ("outcome", "ok")]);
        closed.says(&[("plugin", "counters"), ("kind", "closed")]);
        let names = [load, start, close, closed].map(|it| (&*it.target, &*it.name, it.level));
        let named = |name| ("locum::plugin", name, Level::DEBUG);
        assert_eq!(names, ["load", "start", "close", "closed"].map(named));
        assert!(load.number("micros") > 0.0 && close.number("micros") > 0.0);
    }
}

#[test]
fn the_death_of_a_plugin_is_a_warning_with_its_cause() {
    let subject = SAMPLES.in_wasm(vec![]);
    let dying = subject.import("samples.dying").unwrap();
    let notes = noted(|| {
        let panic = dying.call::<Value>("panic_with", ("no paper",));
        refused(panic, Kind::Panic, &[]);
        refused(dying.call::<Value>("trap", ()), Kind::Closed, &[]);
    });
    let [died] = &notes
        .iter()
        .filter(|it| it.level == Level::WARN)
        .collect::<Vec<_>>()[..]
    else {
        panic!("{notes:#?}");
    };
    assert_eq!((&*died.target, &*died.name), ("locum::plugin", "died"));
    died.says(&[("plugin", subject.name()), ("kind", "panic")]);
    assert!(died.field("cause").contains("no paper"));
    only(&notes, "panic_with").says(&[("outcome", "panic")]);
    only(&notes, "trap").says(&[("outcome", "closed")]);
}

#[test]
fn a_log_that_wants_no_details_is_told_of_no_call() {
    let notes = noted_at(LevelFilter::INFO, || {
        let (subject, counter) = counter();
        counter.call::<i64>("add", (5,)).unwrap();
        drop(counter);
        subject.settle();
    });
    assert!(notes.is_empty(), "{notes:#?}");
}

#[test]
fn every_field_of_a_span_is_documented() {
    let notes = noted(|| {
        let subject = SAMPLES.in_wasm(vec![]);
        let counter = subject.make("Counter", (1,)).unwrap();
        counter.call::<i64>("add", ("two",)).unwrap_err();
        drop(counter);
        subject.settle();
        subject.close().unwrap();
    });
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../host/src/spans.md"));
    let page = page.unwrap();
    let fields: BTreeSet<_> = notes.iter().flat_map(|it| it.fields.0.keys()).collect();
    assert!(fields.len() > 15, "{fields:?}");
    for field in fields {
        assert!(page.contains(&format!("`{field}`")), "{field}");
    }
    for note in &notes {
        assert!(page.contains(&format!("`{}`", note.target)), "{note:?}");
        assert!(page.contains(&format!("`{}`", note.name)), "{note:?}");
    }
}
