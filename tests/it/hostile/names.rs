//! Names that are none: T24; and what a plugin says of itself: T27.

use locum::{Kind, LoadOptions, Proxy, Value, expr};
use locum_tests::{Handmade, SAMPLES, refused};

use super::arena::{attack, attack_in_time};

#[test]
fn t24_only_what_was_registered_can_be_reached() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (1,))?;
        for name in [
            "__class__",
            "__dict__",
            "__init__",
            "__globals__",
            "_value",
            "drop",
            "new",
            "value ",
            "Value",
            "value\0",
            "vаlue", // with a Cyrillic letter
        ] {
            let words = ["Counter", "has no attribute"];
            refused(counter.get::<Value>(name), Kind::NoSuchAttribute, &words);
            refused(counter.set(name, 1), Kind::NoSuchAttribute, &words);
            refused(
                counter.call::<Value>(name, ()),
                Kind::NoSuchAttribute,
                &words,
            );
        }
        assert_eq!(counter.get::<i64>("value")?, 1);
        Ok(())
    });
}

#[test]
fn t24_a_path_with_an_empty_part_leads_nowhere() {
    SAMPLES.over_both(|subject| {
        let scene = subject.make("Scene", ())?;
        for path in [".", "..", ".camera", "camera.", "camera..lens"] {
            let error = scene.get::<Value>(path).unwrap_err();
            assert!(
                matches!(error.kind(), Kind::NoSuchAttribute | Kind::ValueError),
                "{path:?}: {error:?}"
            );
        }
        Ok(())
    });
}

#[test]
fn t24_a_name_of_a_mebibyte_is_refused_and_not_repeated() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (1,))?;
        let name = "x".repeat(1 << 20);
        let words = ["a name of 1048576 bytes; the limit is 4096 bytes (Limits::name_bytes)"];
        let error = refused(counter.get::<Value>(&name), Kind::LimitExceeded, &words);
        assert!(error.message().len() < 1000);
        let words = ["(Limits::name_bytes)"];
        refused(subject.import(&name), Kind::LimitExceeded, &words);
        Ok(())
    });
}

#[test]
fn t24_a_name_is_as_long_as_its_limit_allows_and_no_longer() {
    let mut limits = locum::Limits::default();
    limits.name_bytes = 20;
    attack(LoadOptions::new().limits(limits), |arena| {
        let loops = arena.module("loops");
        let words = ["has no attribute"];
        let longest = "x".repeat(20);
        refused(loops.get::<Value>(&longest), Kind::NoSuchAttribute, &words);
        let longer = "x".repeat(21);
        let words = ["a name of 21 bytes; the limit is 20 bytes (Limits::name_bytes)"];
        refused(loops.get::<Value>(&longer), Kind::LimitExceeded, &words);
    });
}

#[test]
fn t27_a_text_that_would_move_the_cursor_is_shown_without_doing_so() {
    attack_in_time(|arena| {
        let honest: Proxy = arena.module("lies").call("Hon\u{1b}[31mest", ()).unwrap();
        let told: String = honest.call("__str__", ()).unwrap();
        assert!(told.contains('\u{1b}'), "a program gets what was said");
        // What is shown to people is not.
        for shown in [
            format!("{honest:?}"),
            expr::display(&Value::from(told)),
            expr::display(&Value::Object(honest.clone())),
            format!("{:?}", honest.get::<Value>("no\u{1b}[2Jthing").unwrap_err()),
            format!("{:?}", honest.call::<Value>("give\u{1b}[1mmoney", ("x",))),
        ] {
            let control = shown.chars().find(|c| c.is_control() && *c != '\n');
            assert_eq!(control, None, "{shown:?}");
        }
    });
}

#[test]
fn t27_what_a_plugin_tells_about_itself_is_bounded_like_any_message() {
    // A text of 17 MiB, as `describe` answers it.
    let len: u32 = 17 << 20;
    let mut item = vec![0x7A];
    item.extend(len.to_be_bytes());
    let mut plugin = Handmade::item(&item);
    plugin.answer = locum_tests::laid_out(&[0, locum_tests::DATA, len + 5, 0]);
    plugin.pages = 300;
    attack_in_time(|arena| {
        let handmade = plugin.load();
        let words =
            ["a message of 17825797 bytes; the limit is 16777216 bytes (Limits::message_bytes)"];
        refused(handmade.describe(), Kind::LimitExceeded, &words);
        assert_eq!(handmade.closed(), None);
        arena.goes_on();
    });
}

#[test]
fn t27_a_plugin_that_tells_nonsense_is_told_so() {
    let item = [0x63, b'y', b'e', b's'];
    attack_in_time(|arena| {
        let handmade = Handmade::item(&item).load();
        refused(handmade.describe(), Kind::TypeError, &[]);
        arena.goes_on();
    });
}
