//! No bytes that a peer can send make the other end panic, take more than its limits, or keep what it should not.

use ciborium::Value as Cbor;
use locum::{Array, Bytes, Kind, Map, PeerLimits, ReplyMode, Value, callback};
use locum_protocol::{Handle, Modules, Offers, Reference, Released, WireParcel, pair_with_limits};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{sent, tries};

fn tight() -> PeerLimits {
    let mut limits = PeerLimits::default();
    limits.message_bytes = 300;
    limits.buffer_bytes = 600;
    limits.attachments = 3;
    limits.items = 20;
    limits.exports = 8;
    limits.strikes = 3;
    limits
}

fn references() -> impl Strategy<Value = Vec<Reference>> {
    let handle = prop_oneof![0..4_u64, (1_u64 << 24)..(1 << 24) + 3, any::<u64>()]
        .prop_map(Handle::from_raw);
    let reference = (any::<bool>(), handle).prop_map(|(mine, handle)| match mine {
        true => Reference::Mine(handle),
        false => Reference::Yours(handle),
    });
    vec(reference, 0..5)
}

fn buffers() -> impl Strategy<Value = Vec<Bytes>> {
    vec(vec(any::<u8>(), 0..400).prop_map(Bytes::from), 0..3)
}

fn random() -> impl Strategy<Value = WireParcel> {
    (vec(any::<u8>(), 0..400), references(), buffers()).prop_map(|(item, objects, buffers)| {
        WireParcel {
            item: item.into(),
            objects,
            buffers,
        }
    })
}

/// A parcel that is in order, with everything in it that has a rule.
fn orderly() -> WireParcel {
    let mine = callback(|| ());
    let map = Map::from_iter([("key".into(), Value::Null), (1.into(), i128::MAX.into())]);
    let data = (
        vec![&mine, &mine],
        map,
        Bytes::from(vec![1; 520]),
        Array::new([1, 2], vec![0.5, 1.5]).unwrap(),
        Array::from(vec![1_i64; 66]),
        locum::slice(1..),
        1.5,
        "text",
    );
    sent(&([data], ())).unwrap()
}

/// Some bytes of it replaced, left out or doubled.
fn mutated() -> impl Strategy<Value = WireParcel> {
    let parcel = orderly();
    let len = parcel.item.len();
    let change = (0..len, any::<u8>(), 0..3_u8);
    (vec(change, 1..4), references()).prop_map(move |(changes, references)| {
        let mut parcel = parcel.clone();
        for (at, byte, how) in changes {
            let at = at % parcel.item.len().max(1);
            let mut item = Vec::from(parcel.item);
            match how {
                0 => item[at] = byte,
                1 => drop(item.remove(at)),
                _ => item.insert(at, byte),
            }
            parcel.item = item.into();
        }
        if references.len() == 2 {
            parcel.objects = references;
        }
        parcel
    })
}

/// Values in an item as another CBOR library reads it, and how deep they are nested.
fn measure(value: &Cbor) -> (usize, usize) {
    let all = |parts: &mut dyn Iterator<Item = &Cbor>| {
        let inside = parts
            .map(measure)
            .fold((0, 0), |(count, depth), (c, d)| (count + c, depth.max(d)));
        (inside.0 + 1, inside.1 + 1)
    };
    match value {
        Cbor::Array(items) => all(&mut items.iter()),
        Cbor::Map(entries) => all(&mut entries.iter().flat_map(|(key, value)| [key, value])),
        Cbor::Tag(_, inner) => {
            let (count, depth) = measure(inner);
            (count + 1, depth)
        }
        _ => (1, 0),
    }
}

/// Sends a parcel in every message that has one, and checks both ends afterwards.
fn survives(parcel: &WireParcel, limits: PeerLimits) {
    let offers = || {
        std::sync::Arc::new(Modules::new("m", "1").with(locum::Module::new("m")))
            as std::sync::Arc<dyn Offers>
    };
    let (_host, plugin) =
        pair_with_limits(("host", offers()), ("plugin", offers()), limits.clone());
    let module = plugin.serve_import_module("m").unwrap();
    let called = plugin.serve_call(module, "nothing", parcel.clone(), ReplyMode::Auto);
    assert!(called.is_err(), "there is nothing to call");
    let _ = plugin.serve_set_attr(module, "nothing", parcel.clone());
    match plugin.serve_transfer(parcel.clone()) {
        Ok(kept) => {
            let read: Cbor =
                ciborium::from_reader(&parcel.item[..]).expect("another library reads it too");
            let (count, depth) = measure(&read);
            assert!(parcel.item.len() <= limits.message_bytes);
            // Under a tag of ours, what is there is counted as one value.
            assert!(depth <= locum_protocol::MAX_ITEM_DEPTH + 1, "{depth} deep");
            assert!(count <= limits.items * 5, "{count} values");
            assert!(parcel.objects.len().max(parcel.buffers.len()) <= limits.attachments);
            assert!(parcel.buffers.iter().map(|it| it.len()).sum::<usize>() <= limits.buffer_bytes);
            plugin
                .serve_release(&[Released {
                    target: kept,
                    count: 1,
                }])
                .unwrap();
        }
        Err(error) => assert!(!error.message().is_empty()),
    }
    match plugin.closed() {
        None => plugin
            .serve_release(&[Released {
                target: module,
                count: 1,
            }])
            .unwrap(),
        Some(cause) => assert_eq!(cause.kind(), Kind::Protocol, "for too many bad handles"),
    }
    assert!(plugin.stats().is_idle(), "{:?}", plugin.stats());
}

proptest! {
    #![proptest_config(tries(2000))]

    #[test]
    fn random_bytes_do_no_harm(parcel in random()) {
        survives(&parcel, tight());
    }

    #[test]
    fn damaged_messages_do_no_harm(parcel in mutated()) {
        survives(&parcel, tight());
        survives(&parcel, PeerLimits::default());
    }

    #[test]
    fn damaged_answers_do_no_harm(parcel in mutated()) {
        let (peer, wire) = locum_tests::wire(tight());
        let object = peer.import("x").unwrap();
        wire.answer(parcel.clone());
        wire.answer(parcel);
        let _ = object.get::<Value>("a");
        let _ = object.call::<(Vec<i64>, Option<String>)>("a", ());
        drop(object);
        prop_assert!(peer.stats().is_idle(), "{:?}", peer.stats());
    }
}

#[test]
fn the_message_that_is_damaged_above_is_in_order() {
    let (peer, wire) = locum_tests::wire(PeerLimits::default());
    let object = peer.import("x").unwrap();
    wire.answer(orderly());
    assert!(object.get::<Value>("a").is_ok());
}
