//! Golden bytes: the lines of `wit/PROTOCOL.md`, each of which is what this crate writes, and what it reads.

mod diagnostic;
mod lines;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use locum::describe::{AttributeInfo, ClassInfo, FunctionInfo, ParamInfo, PluginInfo};
use locum::{
    Array, Bytes, Element, IntoArgs, Kind, PeerLimits, Proxy, Value, args, callback, slice,
};
use locum_protocol::{INLINE_BYTES, Items, Module, Modules, Reference, WireParcel};
use locum_tests::{Message, wire};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use self::lines::Line;

/// What this crate writes for something, and whether it reads the same back.
struct Golden {
    written: WireParcel,
    reads_back: Box<dyn Fn(WireParcel) -> bool>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Point {
    x: i64,
    y: i64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Empty,
    Circle(i64),
    Line(i64, i64),
    Rectangle { w: i64, h: i64 },
}

/// Every line that PROTOCOL.md must have.
fn goldens() -> BTreeMap<&'static str, Golden> {
    let mut all = BTreeMap::new();
    let mut add = |name, golden| assert!(all.insert(name, golden).is_none(), "{name} twice");

    add("null", data(()));
    add("true", data(true));
    add("false", data(false));
    add("int-0", data(0));
    add("int-23", data(23));
    add("int-24", data(24));
    add("int-minus-1", data(-1));
    add("int-minus-500", data(-500));
    add("int-largest-64", data(u64::MAX));
    add("int-smallest-64", data(-i128::from(u64::MAX) - 1));
    add("int-first-big", data(u128::from(u64::MAX) + 1));
    add("int-first-small", data(-i128::from(u64::MAX) - 2));
    add("float-1.5", data(1.5));
    add("float-0.1", data(0.1));
    add("float-1e300", data(1e300));
    add("float-whole", data(2.0_f64));
    add("float-nan", encoded(f64::NAN, |read: f64| read.is_nan()));
    add("text", data("hi".to_owned()));
    add("bytes-inline", data(Bytes::from(&[1, 2])));
    add("list", data((1, [2])));
    add("map", data(BTreeMap::from([("a".to_owned(), 1)])));
    add("struct", data(Point { x: 1, y: -2 }));
    add("variant-unit", data(Shape::Empty));
    add("variant-newtype", data(Shape::Circle(2)));
    add("variant-tuple", data(Shape::Line(1, 2)));
    add("variant-struct", data(Shape::Rectangle { w: 1, h: 2 }));
    add("option-none", data(None::<i64>));
    add("option-some", data(Some(5)));
    add("slice-2-5", data(slice(2..5)));
    add("slice-backwards", data(slice(..).step(-1)));

    add(
        "object",
        encoded(named("list"), |read: Proxy| read.type_name() == "list"),
    );
    let two = [named("A"), named("B")];
    add(
        "two-objects",
        encoded(two, |read: [Proxy; 2]| read[1].type_name() == "B"),
    );
    add("buffer", data(Bytes::from(vec![7; INLINE_BYTES + 1])));

    add("array-f64", data(Array::from([1.5, -2.0])));
    add("array-u8", data(Array::from([1_u8, 255])));
    add("array-i16", data(Array::from([-2_i16])));
    add("array-empty", data(Array::<f32>::default()));
    add("array-2-by-3", shaped(&[2, 3], vec![1_u16, 2, 3, 4, 5, 6]));
    add("array-one-number", shaped(&[], vec![7_u32]));
    add("array-0-by-2", shaped(&[0, 2], Vec::<i32>::new()));
    let many = INLINE_BYTES / 8 + 1;
    add("array-beside", data(Array::from(vec![7_i64; many])));
    add("array-beside-2d", shaped(&[1, many], vec![7_u64; many]));

    add(
        "args-none",
        arguments((), |read: ([(); 0],)| read.0.is_empty()),
    );
    add(
        "args-plain",
        arguments((5,), |read: ([i64; 1],)| read.0 == [5]),
    );
    type Named = ([i64; 1], BTreeMap<String, i64>);
    add(
        "args-keywords",
        arguments(args!(1, by = 2), |read: Named| read.1["by"] == 2),
    );

    add("chunk", chunk());
    add("describe-plugin", data(plugin()));
    add("describe-class", data(class()));
    add("describe-function", data(function()));
    add("describe-param", data(param()));
    add("describe-attribute", data(attribute()));
    all
}

/// A value as data.
fn data<T: Serialize + DeserializeOwned + PartialEq + Debug + 'static>(value: T) -> Golden {
    let written = sent(&value);
    Golden {
        written,
        reads_back: Box::new(move |parcel| received::<T>(parcel) == value),
    }
}

/// The same for what has no equality.
fn encoded<T, R>(value: T, is_same: impl Fn(R) -> bool + 'static) -> Golden
where
    T: Serialize,
    R: DeserializeOwned + 'static,
{
    let written = sent(&value);
    Golden {
        written,
        reads_back: Box::new(move |parcel| is_same(received(parcel))),
    }
}

/// An array with a shape, as data.
fn shaped<T: Element>(shape: &[usize], elements: Vec<T>) -> Golden {
    data(Array::new(shape, elements).unwrap())
}

/// Arguments; they are read as the list that they travel as.
fn arguments<R: DeserializeOwned + 'static>(
    args: impl IntoArgs,
    is_same: impl Fn(R) -> bool + 'static,
) -> Golden {
    let (peer, wire) = wire(PeerLimits::default());
    let object = peer.import("x").unwrap();
    wire.sent();
    wire.answer(of_item(vec![0xF6]));
    object.call::<()>("f", args).unwrap();
    let Message::Call(_, _, written, _) = wire.sent().remove(0) else {
        panic!("a call")
    };
    Golden {
        written,
        reads_back: Box::new(move |parcel| is_same(received(parcel))),
    }
}

/// What an iterator answers when it is asked for many items, and how that is gone through.
fn chunk() -> Golden {
    let answer = |most: i64| {
        let offers = Modules::new("there", "1");
        let module = Module::new("m").object("items", Items::new(0_i64..).proxy().into_object());
        let (_, back) = locum_protocol::pair(
            ("here", std::sync::Arc::new(Modules::new("here", "1"))),
            ("there", std::sync::Arc::new(offers.with(module))),
        );
        let module = back.serve_import_module("m").unwrap();
        let args = sent_args((most,));
        let answer = back.serve_call(module, "items.__next_chunk__", args, Default::default());
        answer.unwrap()
    };
    let reads_back = |parcel: WireParcel| {
        let (peer, wire) = wire(PeerLimits::default());
        let iterator = peer.import("x").unwrap();
        wire.answer(parcel);
        let items = Items::<i64>::from_proxy(iterator).take(3);
        let items: Vec<i64> = items.collect::<Result<_, _>>().unwrap();
        items == [0, 1, 2]
    };
    Golden {
        written: answer(3),
        reads_back: Box::new(reads_back),
    }
}

fn sent_args(args: impl IntoArgs) -> WireParcel {
    arguments(args, |_: Value| true).written
}

/// A parcel as it goes over the wire.
fn sent<T: Serialize>(value: &T) -> WireParcel {
    let (peer, wire) = wire(PeerLimits::default());
    let object = peer.import("x").unwrap();
    wire.sent();
    object.set("value", value).unwrap();
    match wire.sent().remove(0) {
        Message::SetAttr(_, _, parcel) => parcel,
        other => panic!("{other:?}"),
    }
}

/// A parcel as it is read at the other end.
fn received<R: DeserializeOwned + 'static>(parcel: WireParcel) -> R {
    let (peer, wire) = wire(PeerLimits::default());
    let object = peer.import("x").unwrap();
    wire.answer(parcel);
    object.get("value").unwrap()
}

fn of_item(item: Vec<u8>) -> WireParcel {
    WireParcel {
        item: item.into(),
        ..WireParcel::default()
    }
}

/// An object of a type that is called so.
fn named(name: &'static str) -> Proxy {
    struct Named(&'static str);
    impl locum::Object for Named {
        fn type_name(&self) -> &str {
            self.0
        }
        fn call(
            self: std::sync::Arc<Self>,
            _: &str,
            _: locum::Args,
        ) -> locum::Result<locum::Outcome> {
            locum::Outcome::data(&())
        }
        fn into_any(self: std::sync::Arc<Self>) -> std::sync::Arc<dyn std::any::Any + Send + Sync> {
            self
        }
    }
    Proxy::local(std::sync::Arc::new(Named(name)))
}

fn plugin() -> PluginInfo {
    PluginInfo {
        name: "counters".into(),
        version: "0.1.0".into(),
        language: "Rust".into(),
        ..PluginInfo::default()
    }
}

fn class() -> ClassInfo {
    ClassInfo {
        name: "Counter".into(),
        doc: "It counts.".into(),
        ..ClassInfo::default()
    }
}

fn function() -> FunctionInfo {
    FunctionInfo {
        name: "add".into(),
        returns: "int".into(),
        ..FunctionInfo::default()
    }
}

fn param() -> ParamInfo {
    ParamInfo {
        name: "by".into(),
        type_name: "int".into(),
        default: Some("1".into()),
        ..ParamInfo::default()
    }
}

fn attribute() -> AttributeInfo {
    AttributeInfo {
        name: "value".into(),
        type_name: "int".into(),
        settable: true,
        ..AttributeInfo::default()
    }
}

fn lines() -> Vec<Line> {
    lines::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../wit/PROTOCOL.md"))
}

#[test]
fn each_line_of_the_protocol_is_what_is_written() {
    let goldens = goldens();
    for line in lines() {
        let Some(golden) = goldens.get(&*line.name) else {
            continue;
        };
        let written = lines::hex(&golden.written.item);
        assert_eq!(
            written,
            line.hex(),
            "`{}`, which is {}",
            line.name,
            line.notation
        );
    }
}

#[test]
fn each_line_of_the_protocol_is_read_as_what_it_was() {
    let goldens = goldens();
    for line in lines() {
        let Some(golden) = goldens.get(&*line.name) else {
            continue;
        };
        // What rides beside the item is not in the line.
        let parcel = WireParcel {
            item: line.item.into(),
            ..golden.written.clone()
        };
        assert!((golden.reads_back)(parcel), "`{}`", line.name);
    }
}

#[test]
fn each_line_of_the_protocol_says_in_words_what_its_bytes_are() {
    for line in lines() {
        let notation = diagnostic::of(&line.item);
        assert_eq!(notation, line.notation, "`{}`", line.name);
    }
}

#[test]
fn the_protocol_has_the_lines_that_are_tested_and_no_others() {
    let written: Vec<String> = lines().into_iter().map(|line| line.name).collect();
    let unique: BTreeSet<&str> = written.iter().map(String::as_str).collect();
    assert_eq!(unique.len(), written.len(), "a name is there twice");
    let tested: BTreeSet<&str> = goldens().into_keys().collect();
    let missing: Vec<String> = tested
        .difference(&unique)
        .map(|name| {
            let item = &goldens()[name].written.item;
            lines::written(name, &diagnostic::of(item), item)
        })
        .collect();
    let surplus: Vec<_> = unique.difference(&tested).collect();
    assert!(
        missing.is_empty(),
        "not in PROTOCOL.md:\n{}",
        missing.join("\n")
    );
    assert!(
        surplus.is_empty(),
        "in PROTOCOL.md, but not tested: {surplus:?}"
    );
}

#[test]
fn what_rides_beside_an_item_is_named_in_it() {
    let goldens = goldens();
    for (name, objects, buffers) in [
        ("object", 1, 0),
        ("two-objects", 2, 0),
        ("buffer", 0, 1),
        ("array-f64", 0, 0),
        ("array-beside", 0, 1),
        ("array-beside-2d", 0, 1),
    ] {
        let parcel = &goldens[name].written;
        assert_eq!(
            (parcel.objects.len(), parcel.buffers.len()),
            (objects, buffers),
            "{name}"
        );
        assert!(
            parcel
                .objects
                .iter()
                .all(|it| matches!(it, Reference::Mine(_))),
            "{name}"
        );
    }
    let inline = sent(&Bytes::from(vec![7; INLINE_BYTES]));
    assert!(
        inline.buffers.is_empty(),
        "{INLINE_BYTES} bytes are not many"
    );
    let home = callback(|| ());
    assert_eq!(
        sent(&(&home, &home)).objects[0],
        sent(&home).objects[0],
        "one object, one handle"
    );
}

#[test]
fn each_kind_of_fault_is_in_the_protocols_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../wit/PROTOCOL.md");
    let text = std::fs::read_to_string(path).unwrap();
    for kind in Kind::all() {
        let name = format!("`{}`", kind.name());
        let rows = text
            .lines()
            .filter(|line| line.starts_with("| `") && line.contains(&name));
        assert_eq!(rows.count(), 1, "{name}");
    }
}
