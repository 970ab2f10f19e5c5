//! A component that has the contract's types and answers nonsense, built by hand.

use locum::{Error, Kind, Plugin, Proxy, Value};
use locum_tests::{COUNTERS, DATA, Handmade, host, laid_out, refused};

fn object_of(plugin: &Plugin) -> Proxy {
    plugin.import("anything").unwrap()
}

#[test]
fn a_plugin_that_answers_well_needs_no_sdk() {
    let plugin = Handmade::item(&[0x18, 42]).load();
    let object = object_of(&plugin);
    assert_eq!(object.get::<i64>("a").unwrap(), 42);
    assert_eq!(object.call::<i64>("a", (1, "two", [3.5])).unwrap(), 42);
    object.set("a", 5).unwrap();
    assert_eq!(plugin.transfer(&1).unwrap().get::<i64>("b").unwrap(), 42);
    drop(object);
    assert!(plugin.stats().is_idle(), "{:?}", plugin.stats());
    plugin.close().unwrap();
}

#[test]
fn an_answer_that_is_no_cbor_fails_the_call_and_says_where() {
    for (item, words) in [
        (&[][..], "the item is cut off (byte 0)"),
        (&[0x82, 0x01], "the item is cut off (byte 2)"),
        (&[0xFF, 0xFF], "a break outside"),
        (&[0x01, 0x02], "1 bytes after the end of the item (byte 1)"),
        (
            &[0xA2, 0x01, 0x02, 0x01, 0x03],
            "the same key twice in a map (byte 3)",
        ),
        (&[0x62, 0xC3, 0x28], "text that is not UTF-8"),
        (
            &[0xD9, 0x4C, 0x4F, 0x82, 0x00, 0x61, b'x'],
            "it names 1 of the 0 objects beside it",
        ),
    ] {
        let plugin = Handmade::item(item).load();
        let object = object_of(&plugin);
        for _ in 0..2 {
            refused(object.get::<Value>("a"), Kind::Decode, &[words]);
            refused(object.call::<Value>("a", ()), Kind::Decode, &[words]);
        }
        refused(plugin.describe(), Kind::Decode, &[words]);
        assert_eq!(plugin.closed(), None, "it is not closed for that");
    }
}

#[test]
fn an_answer_of_another_type_than_was_asked_for_fails_the_call() {
    let plugin = Handmade::item(&[0x63, b'o', b'n', b'e']).load();
    let answer = object_of(&plugin).get::<i64>("a");
    refused(
        answer,
        Kind::TypeError,
        &["the result of `anything.a`: expected an integer, got the text \"one\""],
    );
    assert_eq!(plugin.describe().unwrap_err().kind(), Kind::TypeError);
}

#[test]
fn an_answer_that_names_an_object_of_the_host_that_was_not_lent_is_refused() {
    let item = [0xD9, 0x4C, 0x4F, 0x82, 0x00, 0x61, b'x'];
    // ok, the item, some attachments: one object, which is `yours(9)` and lies behind the item; no buffers.
    let mut data = item.to_vec();
    data.resize(16, 0);
    data.extend([0_u64, 9].iter().flat_map(|word| word.to_le_bytes()));
    let answer = laid_out(&[0, DATA, item.len() as u32, 1, DATA + 16, 1, 0, 0]);
    let plugin = Handmade {
        answer,
        data,
        ..Handmade::item(&[])
    }
    .load();
    refused(
        object_of(&plugin).get::<Value>("a"),
        Kind::BadHandle,
        &["is not lent to `handmade"],
    );
}

#[test]
fn a_fault_of_a_kind_that_nobody_knows_is_an_error_of_the_objects_own() {
    // err; kind "sadness", type name "Sad", message "why", no trace, no data.
    let data = b"sadnessSadwhy".to_vec();
    let answer = laid_out(&[1, DATA, 7, DATA + 7, 3, DATA + 10, 3, 0, 0, 0]);
    let plugin = Handmade {
        answer,
        data,
        ..Handmade::item(&[])
    }
    .load();
    let error = refused(object_of(&plugin).get::<Value>("a"), Kind::Raised, &["why"]);
    assert_eq!(error.type_name(), "Sad");
    assert_eq!(plugin.closed(), None);
}

#[test]
fn a_kind_that_only_a_host_may_say_closes_nothing_when_a_plugin_says_it() {
    let data = b"closedClosedbye".to_vec();
    let answer = laid_out(&[1, DATA, 6, DATA + 6, 6, DATA + 12, 3, 0, 0, 0]);
    let plugin = Handmade {
        answer,
        data,
        ..Handmade::item(&[])
    }
    .load();
    let object = object_of(&plugin);
    assert_eq!(object.get::<Value>("a").unwrap_err().message(), "bye");
    assert_eq!(plugin.closed(), None);
    assert!(object.set("a", 1).is_ok());
}

fn ends(answer: &[u32], data: &[u8]) -> Error {
    let plugin = Handmade::answering(answer, data).load();
    let object = object_of(&plugin);
    let error = object.get::<Value>("a").unwrap_err();
    assert_eq!(
        object.get::<Value>("a").unwrap_err().kind(),
        Kind::Closed,
        "after {error:?}"
    );
    assert!(plugin.closed().is_some());
    let other = host().load(COUNTERS.path()).unwrap();
    assert!(other.import("counters").is_ok(), "the others go on");
    error
}

#[test]
fn an_answer_that_breaks_the_abi_ends_that_plugin_and_no_other() {
    // The item lies outside of the memory.
    ends(&[0, 0xFFFF_FFF0, 5, 0], &[]);
    // It is longer than the memory.
    ends(&[0, DATA, 0x7FFF_FFFF, 0], &[]);
    // There is no such case in `result`.
    ends(&[7, DATA, 1, 0], &[]);
    // A fault whose message is not UTF-8.
    ends(&[1, DATA, 1, DATA, 1, DATA + 1, 1, 0, 0, 0], &[b'x', 0xFF]);
    // A list of objects of which one is neither mine nor yours.
    ends(
        &[0, DATA, 1, 1, DATA + 8, 1, 0, 0],
        &[
            0xF6, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ],
    );
}

#[test]
fn a_handle_of_any_size_can_be_held_and_given_back() {
    for handle in [0, 1, 1 << 53, u64::MAX] {
        let plugin = Handmade {
            handle,
            ..Handmade::item(&[0xF6])
        }
        .load();
        let object = object_of(&plugin);
        assert_eq!(object.call::<Value>("a", ()).unwrap(), Value::Null);
        assert!(format!("{object:?}").starts_with("<Proxy[anything] #"));
        drop(object);
        assert_eq!(plugin.stats().imports, 0);
    }
}
