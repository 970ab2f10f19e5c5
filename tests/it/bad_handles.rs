//! Handles and references that were not lent, at the level of messages.

use locum::{Kind, PeerLimits, ReplyMode, Value};
use locum_protocol::{Handle, Peer, Reference, Released, WireParcel};
use locum_tests::{COUNTERS, Message, SAMPLES, Sample, refused, says, wire};

/// A plugin over memory, and the end of it that serves: what a host could send to it.
fn served(sample: &Sample) -> (locum_tests::Subject, Peer) {
    let subject = sample.in_memory(vec![]);
    let back = subject.back().unwrap().clone();
    (subject, back)
}

fn item(bytes: &[u8]) -> WireParcel {
    WireParcel {
        item: bytes.into(),
        ..WireParcel::default()
    }
}

/// `[[]]`
fn no_args() -> WireParcel {
    item(&[0x81, 0x80])
}

fn give_back(target: Handle, count: u32) -> [Released; 1] {
    [Released { target, count }]
}

#[test]
fn a_handle_that_was_released_can_not_be_used() {
    let (_subject, plugin) = served(&COUNTERS);
    let module = plugin.serve_import_module("counters").unwrap();
    plugin.serve_release(&give_back(module, 1)).unwrap();
    let again = plugin.serve_import_module("counters").unwrap();
    assert_eq!(again.index(), module.index(), "the slot is used again");
    let words = ["is not lent to `host`: it never was, or has been released"];
    refused(
        plugin.serve_call(module, "Counter", no_args(), ReplyMode::Auto),
        Kind::BadHandle,
        &words,
    );
    refused(
        plugin.serve_get_attr(module, "Counter", ReplyMode::Auto),
        Kind::BadHandle,
        &words,
    );
    refused(
        plugin.serve_set_attr(module, "x", item(&[0xF6])),
        Kind::BadHandle,
        &words,
    );
    refused(plugin.serve_describe(module), Kind::BadHandle, &words);
    plugin.serve_release(&give_back(again, 1)).unwrap();
}

#[test]
fn a_handle_that_was_never_lent_can_not_be_used() {
    let (_subject, plugin) = served(&COUNTERS);
    for raw in [0, 1, u64::MAX, 1 << 24, (1 << 53) - 1, 7 << 24] {
        let handle = Handle::from_raw(raw);
        let answer = plugin.serve_call(handle, "", no_args(), ReplyMode::Auto);
        refused(answer, Kind::BadHandle, &["is not lent to `host`"]);
    }
}

#[test]
fn a_handle_of_one_plugin_means_nothing_to_another() {
    let (_a, plugin) = served(&COUNTERS);
    let (_b, other) = served(&SAMPLES);
    let module = plugin.serve_import_module("counters").unwrap();
    assert_eq!(
        other.serve_describe(module).unwrap_err().kind(),
        Kind::BadHandle
    );
    plugin.serve_release(&give_back(module, 1)).unwrap();
}

#[test]
fn a_peer_that_names_too_many_handles_that_it_was_not_lent_is_closed() {
    let (subject, plugin) = served(&COUNTERS);
    let strikes = PeerLimits::default().strikes;
    for _ in 0..strikes {
        assert_eq!(
            plugin
                .serve_describe(Handle::from_raw(99))
                .unwrap_err()
                .kind(),
            Kind::BadHandle
        );
    }
    assert_eq!(plugin.closed(), None);
    let _ = plugin.serve_describe(Handle::from_raw(99));
    let words = ["`host` named 101 handles that it was not lent (Limits::strikes)"];
    refused(
        plugin.serve_import_module("counters"),
        Kind::Protocol,
        &words,
    );
    drop(subject);
}

#[test]
fn giving_back_more_than_was_lent_closes_the_peer() {
    let (_subject, plugin) = served(&COUNTERS);
    let module = plugin.serve_import_module("counters").unwrap();
    let words = ["`host` gave back more references than it was lent"];
    refused(
        plugin.serve_release(&give_back(module, 2)),
        Kind::Protocol,
        &words,
    );
    refused(
        plugin.serve_import_module("counters"),
        Kind::Protocol,
        &words,
    );
    assert_eq!(plugin.stats().exports, 0);
}

#[test]
fn giving_back_what_was_not_lent_closes_the_peer() {
    let (_subject, plugin) = served(&COUNTERS);
    let words = ["`host` gave back a reference that it was not lent"];
    refused(
        plugin.serve_release(&give_back(Handle::from_raw(99), 1)),
        Kind::Protocol,
        &words,
    );
    says(plugin.closed().unwrap(), &words);
}

#[test]
fn an_object_in_a_message_that_is_not_the_readers_is_refused() {
    let (_subject, plugin) = served(&SAMPLES);
    let module = plugin.serve_import_module("samples").unwrap();
    // [[19535([0, "x"])]]
    let parcel = WireParcel {
        item: [0x81, 0x81, 0xD9, 0x4C, 0x4F, 0x82, 0x00, 0x61, b'x'].into(),
        objects: vec![Reference::Yours(Handle::from_raw(12345))],
        buffers: vec![],
    };
    let answer = plugin.serve_call(module, "echo", parcel, ReplyMode::Auto);
    refused(answer, Kind::BadHandle, &["is not lent to `host`"]);
    plugin.serve_release(&give_back(module, 1)).unwrap();
}

#[test]
fn only_what_was_received_is_given_back_and_all_of_it_at_once() {
    let (peer, wire) = wire(PeerLimits::default());
    let lent = Handle::from_raw(5);
    let object = WireParcel {
        item: [0xD9, 0x4C, 0x4F, 0x82, 0x00, 0x61, b'x'].into(),
        objects: vec![Reference::Mine(lent)],
        buffers: vec![],
    };
    let module = peer.import("m").unwrap();
    wire.answer(object.clone());
    wire.answer(object.clone());
    let first: Value = module.get("a").unwrap();
    let second: Value = module.get("b").unwrap();
    wire.sent();
    drop(first);
    assert_eq!(wire.sent(), [], "another proxy to it is left");
    drop(second);
    assert_eq!(
        wire.sent(),
        [Message::Release(vec![Released {
            target: lent,
            count: 2
        }])]
    );
    // References in a message that can not be used count as received all the same.
    wire.answer(WireParcel {
        item: [0xFF].into(),
        ..object
    });
    assert_eq!(module.get::<Value>("c").unwrap_err().kind(), Kind::Decode);
    assert!(wire.sent().contains(&Message::Release(vec![Released {
        target: lent,
        count: 1
    }])));
}
