//! Messages that can be read in two ways, or not at all: T08 and T09. Each rule at the level of the codec is in
//! `bad_messages.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use locum::{Bytes, Kind, PeerLimits, Proxy, ReplyMode, Value, callback};
use locum_protocol::{Handle, HandleTable, Reference, Released, WireParcel};
use locum_tests::{DATA, Handmade, Message, SAMPLES, refused, wire};

use super::arena::attack_in_time;

/// Items that two readers could take for different things, and what is said about each.
const AMBIGUOUS: &[(&[u8], &str)] = &[
    // null null
    (&[0xF6, 0xF6], "1 bytes after the end of the item"),
    // {"a": 1, "a": 2}
    (
        &[0xA2, 0x61, b'a', 0x01, 0x61, b'a', 0x02],
        "the same key twice in a map",
    ),
    // {1: 1, 1: 2}, the second 1 in a longer form
    (
        &[0xA2, 0x01, 0x01, 0x18, 0x01, 0x02],
        "the same key twice in a map",
    ),
    // {"a": 1, "a": 2}, the same
    (
        &[0xA2, 0x61, b'a', 0x01, 0x78, 0x01, b'a', 0x02],
        "the same key twice in a map",
    ),
    // {_ "a": 1, "a": 2}
    (
        &[0xBF, 0x61, b'a', 0x01, 0x61, b'a', 0x02, 0xFF],
        "the same key twice in a map",
    ),
    // Text that is no text, alone and as a key.
    (&[0x61, 0xFF], "text that is not UTF-8"),
    (&[0xA1, 0x61, 0xFF, 0x01], "text that is not UTF-8"),
    // Text, and bytes, in pieces.
    (
        &[0x7F, 0x61, b'a', 0xFF],
        "text or bytes of indefinite length",
    ),
    (
        &[0x5F, 0x41, b'a', 0xFF],
        "text or bytes of indefinite length",
    ),
    // A map with a key and no value.
    (&[0xBF, 0x01, 0xFF], ""),
    // A break where nothing was begun, and none where something was.
    (&[0xFF], "a break outside"),
    (&[0x9F, 0x01], "cut off"),
    // Heads that mean nothing.
    (&[0x1C], "a byte that begins no CBOR item"),
    (&[0xF8, 0x14], "a simple value in two bytes"),
];

#[test]
fn t08_an_answer_that_can_be_read_in_two_ways_is_refused_and_its_plugin_goes_on() {
    for (item, words) in AMBIGUOUS {
        attack_in_time(|_| {
            let handmade = Handmade::item(item).load();
            let object = handmade.import("any").unwrap();
            refused(object.get::<Value>("x"), Kind::Decode, &[words]);
            refused(object.call::<Value>("x", ()), Kind::Decode, &[words]);
            assert_eq!(handmade.closed(), None);
        });
    }
}

#[test]
fn t08_a_request_that_can_be_read_in_two_ways_is_refused_before_the_object_hears_of_it() {
    attack_in_time(|_| {
        let subject = SAMPLES.in_wasm(vec![]);
        let keeper = subject.make("Keeper", ()).unwrap();
        let heard = Arc::new(AtomicUsize::new(0));
        let listener = callback({
            let heard = heard.clone();
            move |_: Value| {
                heard.fetch_add(1, Ordering::Relaxed);
            }
        });
        keeper.call::<()>("keep", (listener,)).unwrap();
        let rogue = subject.import("samples.rogue").unwrap();
        let target = HandleTable::new(1).insert(()).unwrap().raw();
        for (item, words) in AMBIGUOUS {
            // As the one argument, and in the place of all of them.
            let argument = [&[0x81, 0x81], *item].concat();
            for item in [argument, item.to_vec()] {
                let answer = rogue.call::<Bytes>("say", (target, Bytes::from(item)));
                refused(answer, Kind::Decode, &[words]);
            }
        }
        assert_eq!(heard.load(Ordering::Relaxed), 0);
        keeper.call::<()>("forget", ()).unwrap();
    });
}

#[test]
fn t08_a_number_in_a_longer_form_than_it_needs_is_that_number() {
    for item in [
        &[0x07][..],
        &[0x18, 0x07],
        &[0x19, 0x00, 0x07],
        &[0x1B, 0, 0, 0, 0, 0, 0, 0, 7],
    ] {
        attack_in_time(|_| {
            let object = Handmade::item(item).load().import("any").unwrap();
            assert_eq!(object.get::<i64>("x").unwrap(), 7);
        });
    }
}

#[test]
fn t08_keys_inside_of_keys_are_not_looked_at_for_ever() {
    // Maps as keys of maps, fifty deep, around a text of a mebibyte whose length is not in its shortest form: each map
    // would have to read it again.
    let mut key = vec![0x7B];
    key.extend((1_u64 << 20).to_be_bytes());
    key.extend(vec![b'x'; 1 << 20]);
    for _ in 0..50 {
        key = [&[0xA2][..], &key, &[0xF6, 0x18, 0x01, 0xF6]].concat();
    }
    attack_in_time(|_| {
        let handmade = Handmade {
            pages: 64,
            ..Handmade::item(&key)
        }
        .load();
        let object = handmade.import("any").unwrap();
        let words = ["maps as keys of maps, with too much in them"];
        refused(object.get::<Value>("x"), Kind::LimitExceeded, &words);
    });
}

#[test]
fn t08_a_keyword_is_given_once_in_whatever_form() {
    attack_in_time(|_| {
        let subject = SAMPLES.in_memory(vec![]);
        let plugin = subject.back().unwrap();
        let module = plugin.serve_import_module("samples").unwrap();
        // [[], {"start": 1, "start": 2}], the second one with its length in two bytes
        let start = *b"start";
        let item = [
            &[0x82, 0x80, 0xA2, 0x65][..],
            &start,
            &[0x01, 0x78, 0x05],
            &start,
            &[0x02],
        ];
        let args = WireParcel {
            item: item.concat().into(),
            ..WireParcel::default()
        };
        let answer = plugin.serve_call(module, "Counter", args, ReplyMode::Auto);
        refused(answer, Kind::Decode, &["the same key twice in a map"]);
        let one = [Released {
            target: module,
            count: 1,
        }];
        plugin.serve_release(&one).unwrap();
    });
}

/// `19535([index, "x"])`: an object.
fn object(index: u8) -> Vec<u8> {
    vec![0xD9, 0x4C, 0x4F, 0x82, index, 0x61, b'x']
}

/// `19522(index)`: a buffer.
fn buffer(index: u8) -> Vec<u8> {
    vec![0xD9, 0x4C, 0x42, index]
}

/// `[item, item, ..]`
fn list(items: &[Vec<u8>]) -> Vec<u8> {
    [vec![0x80 | items.len() as u8], items.concat()].concat()
}

#[test]
fn t09_what_lies_beside_a_message_is_named_once_each_and_in_order_or_given_back() {
    // Beside each there are two objects and one buffer.
    let items = [
        // Not used.
        vec![0xF6],
        list(&[object(0), buffer(0)]),
        list(&[object(0), object(1)]),
        // Used twice.
        list(&[object(0), object(0), buffer(0)]),
        list(&[object(0), object(1), buffer(0), buffer(0)]),
        list(&[object(0), object(1), object(1), buffer(0)]),
        // Out of order.
        list(&[object(1), object(0), buffer(0)]),
        // Out of the lists.
        list(&[object(0), object(1), object(2), buffer(0)]),
        list(&[object(0), object(23), buffer(0)]),
        list(&[object(0), object(1), buffer(1)]),
        // A number that no list has.
        [
            &[0xD9, 0x4C, 0x4F, 0x82][..],
            &[0x1B; 1],
            &[0xFF; 8],
            &[0x61, b'x'],
        ]
        .concat(),
        // Neither a list nor a number.
        vec![0xD9, 0x4C, 0x4F, 0x00],
        vec![0xD9, 0x4C, 0x42, 0x61, b'0'],
        vec![0xD9, 0x4C, 0x4F, 0x82, 0x20, 0x61, b'x'],
    ];
    for item in items {
        let (peer, wire) = wire(PeerLimits::default());
        let asked = peer.import("m").unwrap();
        let parcel = WireParcel {
            item: item.clone().into(),
            objects: [5, 6]
                .map(|raw| Reference::Mine(Handle::from_raw(raw)))
                .into(),
            buffers: vec![Bytes::from(&[1, 2, 3])],
        };
        wire.sent();
        wire.answer(parcel.clone());
        refused(asked.get::<Value>("a"), Kind::Decode, &[]);
        let mut released: Vec<Released> = Vec::new();
        for message in wire.sent() {
            if let Message::Release(more) = message {
                released.extend(more);
            }
        }
        released.sort_by_key(|released| released.target);
        let both = [5, 6].map(|raw| Released {
            target: Handle::from_raw(raw),
            count: 1,
        });
        assert_eq!(released, both, "{item:02x?}");
        assert_eq!(peer.stats().imports, 1, "{item:02x?}: what was asked");
        // The same as a request.
        let served = peer.serve_transfer(parcel);
        refused(served, Kind::Decode, &[]);
        assert_eq!(peer.stats().exports, 0, "{item:02x?}");
    }
}

#[test]
fn t09_a_plugin_whose_answer_names_what_is_not_beside_it_goes_on() {
    for item in [object(0), buffer(0), list(&[object(7), buffer(9)])] {
        attack_in_time(|_| {
            let handmade = Handmade::item(&item).load();
            let object = handmade.import("any").unwrap();
            refused(object.get::<Value>("x"), Kind::Decode, &[]);
            assert_eq!(handmade.closed(), None);
            assert_eq!(handmade.stats().imports, 1);
        });
    }
}

#[test]
fn t09_objects_of_a_plugin_that_its_answer_does_not_name_are_not_kept() {
    // The item is a null; beside it lie `mine(5)` and `mine(6)`.
    let words = [0, DATA, 1, 1, DATA + 8, 2, 0, 0];
    let mut data = vec![0xF6, 0, 0, 0, 0, 0, 0, 0];
    for raw in [5_u64, 6] {
        data.extend(1_u64.to_le_bytes());
        data.extend(raw.to_le_bytes());
    }
    attack_in_time(|_| {
        let handmade = Handmade::answering(&words, &data).load();
        let object: Proxy = handmade.import("any").unwrap();
        refused(object.get::<Value>("x"), Kind::Decode, &[]);
        assert_eq!(handmade.stats().imports, 1);
        assert_eq!(handmade.closed(), None);
    });
}
