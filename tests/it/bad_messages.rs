//! Messages that break the rules of PROTOCOL.md: refused by name, and nothing else is harmed.

use locum::{Bytes, Kind, PeerLimits, ReplyMode, Value, callback};
use locum_protocol::{Handle, HandleTable, Released, WireParcel};
use locum_tests::{SAMPLES, Subject, refused, wire};

/// Items that no reader accepts, and what is said about each.
fn bad_items() -> Vec<(Vec<u8>, Kind, &'static str)> {
    let bad = |item: &[u8], words| (item.to_vec(), Kind::Decode, words);
    let deep = [vec![0x81; 100], vec![0xF6]].concat();
    let tags = [vec![0xC1; 100_000], vec![0xF6]].concat();
    let mut many = vec![0x9A, 0x00, 0x20, 0x00, 0x00];
    many.extend(vec![0xF6; 0x20_0000]);
    vec![
        bad(&[], "the item is cut off"),
        bad(&[0x82, 0x01], "the item is cut off"),
        bad(&[0x62, b'a'], "2 bytes are announced, 1 are there"),
        bad(&[0xF6, 0xF6], "1 bytes after the end of the item"),
        bad(
            &[0xA2, 0x61, b'a', 0x01, 0x61, b'a', 0x02],
            "the same key twice in a map",
        ),
        bad(&[0x61, 0xFF], "text that is not UTF-8"),
        bad(
            &[0x7F, 0x61, b'a', 0xFF],
            "text or bytes of indefinite length",
        ),
        bad(&[0xFF], "a break outside"),
        bad(&[0x1C], "a byte that begins no CBOR item"),
        bad(&[0xE0], "the simple value 0 means nothing here"),
        bad(
            &[
                0xC2, 0x51, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
            ],
            "more than 128 bits",
        ),
        bad(
            &[0xD9, 0x4C, 0x4F, 0x82, 0x00, 0x61, b'x'],
            "it names 1 of the 0 objects beside it",
        ),
        bad(
            &[0xD9, 0x4C, 0x42, 0x00],
            "it names 1 of the 0 buffers beside it",
        ),
        bad(
            &[0xD9, 0x4C, 0x53, 0x81, 0x00],
            "a slice is a list of three",
        ),
        bad(
            &[0x9B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            "cut off",
        ),
        (deep, Kind::LimitExceeded, "data nested deeper than 64"),
        (tags, Kind::LimitExceeded, "data nested deeper than 64"),
        (
            many,
            Kind::LimitExceeded,
            "more than 1048576 values in one message (Limits::items)",
        ),
        (
            vec![0; (16 << 20) + 1],
            Kind::LimitExceeded,
            "the limit is 16777216 bytes (Limits::message_bytes)",
        ),
    ]
}

fn parcel(item: Vec<u8>) -> WireParcel {
    WireParcel {
        item: item.into(),
        ..WireParcel::default()
    }
}

#[test]
fn an_answer_that_breaks_a_rule_fails_that_call_and_no_other() {
    let (peer, wire) = wire(PeerLimits::default());
    let object = peer.import("x").unwrap();
    for (item, kind, words) in bad_items() {
        wire.answer(parcel(item.clone()));
        refused(object.get::<Value>("a"), kind, &[words]);
        wire.answer(parcel(item));
        refused(object.call::<Value>("a", ()), kind, &[words]);
    }
    wire.answer(parcel(vec![0x07]));
    assert_eq!(object.get::<i64>("a").unwrap(), 7, "the peer lives on");
}

#[test]
fn a_request_that_breaks_a_rule_fails_and_the_plugin_goes_on() {
    let subject = SAMPLES.in_memory(vec![]);
    let plugin = subject.back().unwrap();
    let module = plugin.serve_import_module("samples").unwrap();
    for (item, kind, words) in bad_items() {
        let call = plugin.serve_call(module, "echo", parcel(item.clone()), ReplyMode::Auto);
        refused(call, kind, &[words]);
        refused(
            plugin.serve_set_attr(module, "x", parcel(item.clone())),
            kind,
            &[words],
        );
        refused(plugin.serve_transfer(parcel(item)), kind, &[words]);
    }
    assert_eq!(plugin.closed(), None);
    let echo = subject.import("samples").unwrap().call::<i64>("echo", (7,));
    assert_eq!(echo.unwrap(), 7);
    plugin
        .serve_release(&[Released {
            target: module,
            count: 1,
        }])
        .unwrap();
}

#[test]
fn arguments_that_have_no_frame_are_refused_with_the_frame() {
    let subject = SAMPLES.in_memory(vec![]);
    let plugin = subject.back().unwrap();
    let module = plugin.serve_import_module("samples").unwrap();
    for item in [
        &[0x05][..],
        &[0x80],
        &[0x81, 0x05],
        &[0x82, 0x80, 0x80],
        &[0x83, 0x80, 0xA0, 0xA0],
        &[0x82, 0x80, 0xA1, 0x01, 0x02],
        &[0xA0],
    ] {
        let answer = plugin.serve_call(module, "echo", parcel(item.to_vec()), ReplyMode::Auto);
        refused(
            answer,
            Kind::Decode,
            &["arguments are `[[positional...]]` or `[[positional...], {keyword: ...}]`"],
        );
    }
    plugin
        .serve_release(&[Released {
            target: module,
            count: 1,
        }])
        .unwrap();
}

/// A plugin in a sandbox that sends an item of its own choosing to the host's first object.
fn said_by_a_plugin(subject: &Subject, item: Vec<u8>) -> locum::Result<Bytes> {
    let first = HandleTable::new(1).insert(()).unwrap();
    let rogue = subject.import("samples.rogue")?;
    rogue.call("say", (first.raw(), Bytes::from(item)))
}

#[test]
fn a_plugin_that_breaks_a_rule_is_refused_by_its_host_and_both_go_on() {
    let subject = SAMPLES.in_wasm(vec![]);
    let keeper = subject.make("Keeper", ()).unwrap();
    keeper.call::<()>("keep", (callback(|| 5),)).unwrap();
    assert_eq!(
        *said_by_a_plugin(&subject, vec![0x81, 0x80]).unwrap(),
        [0x05],
        "an honest call"
    );
    for (item, kind, words) in bad_items() {
        if item.len() <= 1 << 20 {
            refused(said_by_a_plugin(&subject, item), kind, &[words]);
        }
    }
    assert_eq!(keeper.call::<i64>("call_last", ("",)).unwrap(), 5);
    keeper.call::<()>("forget", ()).unwrap();
}

#[test]
fn names_that_are_too_long_are_refused_on_both_sides() {
    SAMPLES.over_both(|subject| {
        let long = "x".repeat(4097);
        let counter = subject.make("Counter", ())?;
        let words = ["a name of 4097 bytes; the limit is 4096 bytes (Limits::name_bytes)"];
        refused(counter.get::<Value>(&long), Kind::LimitExceeded, &words);
        refused(
            counter.call::<Value>(&long, ()),
            Kind::LimitExceeded,
            &words,
        );
        refused(subject.import(&long), Kind::LimitExceeded, &words);
        let keywords = vec![(long, Value::Null)];
        let args = locum::DynArgs {
            positional: vec![],
            keywords,
        };
        let words = ["a keyword of 4097 bytes; the limit is 4096 (Limits::name_bytes)"];
        refused(
            counter.call::<Value>("add", args),
            Kind::LimitExceeded,
            &words,
        );
        Ok(())
    });
}

#[test]
fn a_long_unknown_name_is_shortened_in_the_error() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let error = counter.get::<Value>(&"y".repeat(4000)).unwrap_err();
        assert!(error.message().len() < 200, "{}", error.message().len());
        let error = counter.get::<Value>("a\nb\u{1b}[31m").unwrap_err();
        assert!(!error.message().contains(['\n', '\u{1b}']), "{error}");
        Ok(())
    });
}

#[test]
fn buffers_beyond_the_limit_are_refused_before_they_are_sent() {
    let mut limits = PeerLimits::default();
    limits.buffer_bytes = 10_000;
    let (peer, wire) = wire(limits);
    let object = peer.import("x").unwrap();
    wire.sent();
    let words = ["buffers of 10001 bytes; the limit is 10000 bytes (Limits::buffer_bytes)"];
    let big = Bytes::from(vec![0; 10_001]);
    refused(object.set("a", &big), Kind::LimitExceeded, &words);
    assert_eq!(wire.sent(), []);
    let answer = WireParcel {
        item: [0xD9, 0x4C, 0x42, 0x00].into(),
        objects: vec![],
        buffers: vec![big],
    };
    wire.answer(answer);
    refused(object.get::<Value>("a"), Kind::LimitExceeded, &words);
}

#[test]
fn objects_beyond_the_limit_are_not_lent() {
    let mut limits = PeerLimits::default();
    limits.exports = 3;
    let (peer, wire) = wire(limits);
    let object = peer.import("x").unwrap();
    wire.sent();
    let four: Vec<_> = (0..4).map(|n| callback(move || n)).collect();
    let words = ["3 objects are lent to `wire`, the most (Limits::exports)"];
    refused(object.set("a", &four), Kind::LimitExceeded, &words);
    assert_eq!(peer.stats().exports, 0, "those before it were taken back");
    object.set("a", &four[..3]).unwrap();
    assert_eq!(peer.stats().exports, 3);
}

#[test]
fn a_handle_that_does_not_fit_a_double_is_no_handle() {
    let subject = SAMPLES.in_memory(vec![]);
    let plugin = subject.back().unwrap();
    let module = plugin.serve_import_module("samples").unwrap();
    let beyond = Handle::from_raw(module.raw() | 1 << 53);
    assert_eq!(
        plugin.serve_describe(beyond).unwrap_err().kind(),
        Kind::BadHandle
    );
    plugin
        .serve_release(&[Released {
            target: module,
            count: 1,
        }])
        .unwrap();
}
