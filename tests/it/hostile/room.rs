//! More than there is room for: T05, T10 and T14, each on both sides of its edge.

use std::sync::{Arc, Mutex};

use locum::{Bytes, Kind, Limits, LoadOptions, Proxy, Result, Value, callback};
use locum_tests::{DATA, Handmade, laid_out, refused, says};

use super::arena::{Arena, attack, attack_in_time};

const PAGE: usize = 1 << 16;

fn limited(set: impl FnOnce(&mut Limits)) -> LoadOptions {
    let mut limits = Limits::default();
    set(&mut limits);
    LoadOptions::new().limits(limits)
}

// ---- memory, tables, instances ----

/// Grows the plugin's memory; returns whether it could, and how many pages it has.
fn grow(arena: &Arena, pages: usize) -> (bool, usize) {
    arena.module("takes").call("grow", (pages,)).unwrap()
}

#[test]
fn t14_memory_grows_to_its_limit_and_not_a_page_further() {
    let limit = 64;
    attack(
        limited(|limits| limits.memory_bytes = limit * PAGE),
        |arena| {
            let (_, used) = grow(arena, 0);
            assert_eq!(grow(arena, limit - used + 1), (false, used));
            assert_eq!(grow(arena, limit - used), (true, limit));
            assert_eq!(grow(arena, 1), (false, limit));
            // A refusal is no crime: what fits goes on.
            arena.goes_on();
        },
    );
}

#[test]
fn t14_a_plugin_that_can_not_live_with_its_memory_says_which_limit_that_was() {
    attack(limited(|limits| limits.memory_bytes = 64 * PAGE), |arena| {
        let answer = arena.module("takes").call::<usize>("memory", (64 * PAGE,));
        let words = [
            "the memory limit of 4 MiB was reached",
            "(Limits::memory_bytes)",
        ];
        arena.ends(answer, Kind::Trap, &words);
    });
}

/// Loads a plugin made by hand, and lets it answer.
fn starts(plugin: &Handmade, set: impl FnOnce(&mut Limits)) -> Result<()> {
    let loaded = plugin.load_with(limited(set))?;
    assert_eq!(loaded.import("any")?.get::<Value>("x")?, Value::Null);
    Ok(())
}

#[test]
fn t14_a_plugin_starts_with_the_memory_that_its_limit_allows_and_no_more() {
    let mut plugin = Handmade::item(&[0xF6]);
    plugin.pages = 100;
    attack_in_time(|_| {
        starts(&plugin, |limits| limits.memory_bytes = 100 * PAGE).unwrap();
        let answer = starts(&plugin, |limits| limits.memory_bytes = 99 * PAGE);
        let words = [
            "did not start: it trapped: the memory limit of 6.1875 MiB was reached",
            "(Limits::memory_bytes)",
        ];
        refused(answer, Kind::Load, &words);
    });
}

#[test]
fn t14_tables_have_as_many_elements_as_their_limit_allows_and_no_more() {
    let mut plugin = Handmade::item(&[0xF6]);
    plugin.core = "(table 600 funcref) (table 400 funcref)".into();
    attack_in_time(|_| {
        starts(&plugin, |limits| limits.table_elements = 1000).unwrap();
        let answer = starts(&plugin, |limits| limits.table_elements = 999);
        let words = [
            "the limit of 999 table elements was reached: the plugin asked for 1000",
            "(Limits::table_elements)",
        ];
        refused(answer, Kind::Load, &words);
    });
}

#[test]
fn t14_a_plugin_has_as_many_instances_as_its_limit_allows_and_no_more() {
    let mut plugin = Handmade::item(&[0xF6]);
    plugin.around = "(core module $x)".to_owned() + &"(core instance (instantiate $x))".repeat(9);
    attack_in_time(|_| {
        starts(&plugin, |limits| limits.instances = 10).unwrap();
        let answer = starts(&plugin, |limits| limits.instances = 9);
        refused(answer, Kind::Load, &["(Limits::instances)"]);
    });
}

#[test]
fn t14_a_plugin_has_as_many_memories_as_its_limit_allows_and_no_more() {
    let mut plugin = Handmade::item(&[0xF6]);
    plugin.core = "(memory 0)".repeat(9);
    attack_in_time(|_| {
        starts(&plugin, |limits| limits.instances = 10).unwrap();
        let answer = starts(&plugin, |limits| limits.instances = 9);
        refused(answer, Kind::Load, &["(Limits::instances)"]);
    });
}

#[test]
fn t14_a_plugin_holds_as_many_streams_and_files_as_its_limit_allows_and_no_more() {
    let sleeps = |resources: usize| {
        let arena = Arena::with(limited(|limits| limits.resources = resources));
        arena.module("sleeps").call::<()>("sleep", (1,))
    };
    // What the standard library holds open, and one timer.
    let enough = (0..100).find(|resources| sleeps(*resources).is_ok());
    let enough = enough.expect("it needs some");
    assert!(enough > 0);
    let error = sleeps(enough - 1).unwrap_err();
    says(&error, &["(Limits::resources)"]);
}

// ---- objects ----

#[test]
fn t05_a_plugin_lends_as_many_objects_as_the_limit_allows_and_no_more() {
    attack(limited(|limits| limits.exports = 50), |arena| {
        let takes = arena.module("takes");
        // The module that is asked is lent as well.
        let lend = |count: usize| takes.call::<Vec<Proxy>>("objects", (count,));
        assert_eq!(lend(49).unwrap().len(), 49);
        let words = [
            "51 objects of `hostile",
            "the most are 50 (Limits::exports)",
        ];
        refused(lend(50), Kind::LimitExceeded, &words);
        // Those that came are given back.
        assert_eq!(lend(49).unwrap().len(), 49);
        assert_eq!(arena.plugin.stats().imports, 1);
    });
}

#[test]
fn t05_a_flood_of_objects_that_the_host_keeps_ends_at_the_limit() {
    attack(limited(|limits| limits.exports = 50), |arena| {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let hoarder = callback({
            let kept = Arc::clone(&kept);
            move |object: Proxy| kept.lock().unwrap().push(object)
        });
        let answer = arena
            .module("takes")
            .call::<usize>("hoard", (hoarder, 1000));
        refused(answer, Kind::LimitExceeded, &["(Limits::exports)"]);
        assert!((40..=50).contains(&kept.lock().unwrap().len()));
        kept.lock().unwrap().clear();
        arena.goes_on();
    });
}

#[test]
fn t05_a_million_objects_that_are_let_go_leave_nothing_behind() {
    attack_in_time(|arena| {
        let takes = arena.module("takes");
        for _ in 0..10 {
            let objects = takes.call::<Vec<Proxy>>("objects", (10_000,)).unwrap();
            drop(objects);
        }
        assert_eq!(arena.plugin.stats().imports, 1);
    });
}

#[test]
fn t05_a_host_lends_as_many_objects_as_the_limit_allows_and_no_more() {
    attack(limited(|limits| limits.exports = 50), |arena| {
        let deputy: Proxy = arena.module("deputy").call("Deputy", ()).unwrap();
        for _ in 0..50 {
            deputy.call::<()>("keep", (callback(|| ()),)).unwrap();
        }
        let answer = deputy.call::<()>("keep", (callback(|| ()),));
        let words = [
            "50 objects are lent to `hostile",
            "the most (Limits::exports)",
        ];
        refused(answer, Kind::LimitExceeded, &words);
        deputy.call::<()>("forget", ()).unwrap();
        deputy.call::<()>("keep", (callback(|| ()),)).unwrap();
    });
}

#[test]
fn t05_a_message_that_names_millions_of_objects_is_not_looked_at() {
    // `mine(1)`, two million times, in 32 MB; the item is a null.
    let count: u32 = 2_000_000;
    let mut plugin = Handmade::answering(&[0, DATA, 1, 1, 1 << 17, count, 0, 0], &[0xF6]);
    plugin.pages = 600;
    plugin.core = r#"(func $fill (local $at i32) (local.set $at (i32.const 131072))
        (loop $next
            (i64.store (local.get $at) (i64.const 1))
            (i64.store offset=8 (local.get $at) (i64.const 1))
            (local.set $at (i32.add (local.get $at) (i32.const 16)))
            (br_if $next (i32.lt_u (local.get $at) (i32.const 32131072)))))
        (start $fill)"#
        .into();
    attack_in_time(|_| {
        let handmade = plugin.load();
        let object = handmade.import("any").unwrap();
        let words = [
            "a message of 2000000 attachments; the limit is 100000 attachments (Limits::attachments)",
        ];
        refused(object.get::<Value>("x"), Kind::LimitExceeded, &words);
        assert_eq!(handmade.stats().imports, 1);
        assert_eq!(handmade.closed(), None);
    });
}

// ---- messages ----

#[test]
fn t10_buffers_are_as_large_as_their_limit_allows_and_no_larger() {
    attack(limited(|limits| limits.buffer_bytes = 1 << 20), |arena| {
        let takes = arena.module("takes");
        let send = |count: usize| takes.call::<Bytes>("of_bytes", (count,));
        assert_eq!(send(1 << 20).unwrap().len(), 1 << 20);
        let words = ["buffers of 1048577 bytes; the limit is 1048576 bytes (Limits::buffer_bytes)"];
        refused(send((1 << 20) + 1), Kind::LimitExceeded, &words);
        arena.goes_on();
        // The same way in.
        let deputy: Proxy = arena.module("deputy").call("Deputy", ()).unwrap();
        let give = |count: usize| deputy.call::<Value>("act", ("x", Bytes::from(vec![0; count])));
        assert_eq!(give(1 << 20).unwrap(), Value::Null);
        refused(give((1 << 20) + 1), Kind::LimitExceeded, &words);
    });
}

#[test]
fn t10_items_are_as_large_as_their_limit_allows_and_no_larger() {
    attack(limited(|limits| limits.message_bytes = 1000), |arena| {
        let takes = arena.module("takes");
        // Three bytes for the list's length, and one for each number.
        let send = |count: usize| takes.call::<Vec<u8>>("of_items", (count,));
        assert_eq!(send(997).unwrap().len(), 997);
        let words = ["a message of 1001 bytes; the limit is 1000 bytes (Limits::message_bytes)"];
        refused(send(998), Kind::LimitExceeded, &words);
        arena.goes_on();
    });
}

#[test]
fn t10_a_message_has_as_many_attachments_as_its_limit_allows_and_no_more() {
    attack(limited(|limits| limits.attachments = 10), |arena| {
        let takes = arena.module("takes");
        let lend = |count: usize| takes.call::<Vec<Proxy>>("objects", (count,));
        assert_eq!(lend(10).unwrap().len(), 10);
        let words =
            ["a message of 11 attachments; the limit is 10 attachments (Limits::attachments)"];
        refused(lend(11), Kind::LimitExceeded, &words);
        assert_eq!(
            arena.plugin.stats().imports,
            1,
            "what came with it went back"
        );
        arena.goes_on();
    });
}

#[test]
fn t07_a_message_has_as_many_items_as_its_limit_allows_and_no_more() {
    attack(limited(|limits| limits.items = 1000), |arena| {
        let takes = arena.module("takes");
        let send = |count: usize| takes.call::<Vec<u8>>("of_items", (count,));
        assert_eq!(send(999).unwrap().len(), 999, "the list is one too");
        let words = ["more than 1000 values in one message (Limits::items)"];
        refused(send(1000), Kind::LimitExceeded, &words);
        arena.goes_on();
    });
}

#[test]
fn t06_a_message_is_nested_as_deep_as_the_protocol_allows_and_no_deeper() {
    attack_in_time(|arena| {
        let takes = arena.module("takes");
        let send = |depth: usize| takes.call::<Value>("nested", (depth,));
        assert!(send(64).is_ok());
        // Refused where it is written already.
        refused(send(65), Kind::LimitExceeded, &["64"]);
        // And where it is read.
        let mut item = vec![0x81; 65];
        item.push(0xF6);
        let handmade = Handmade::item(&item).load();
        let object = handmade.import("any").unwrap();
        refused(object.get::<Value>("x"), Kind::LimitExceeded, &["64"]);
        arena.goes_on();
    });
}

#[test]
fn t10_what_no_message_could_hold_ends_the_plugin_before_it_is_copied() {
    // An item of 60 MiB, where a message and its buffers may have two, and sixteen more are let through for their frames.
    let len: u32 = 60 << 20;
    let mut plugin = Handmade::item(&[0xF6]);
    plugin.answer = laid_out(&[0, DATA, len, 0]);
    plugin.pages = 1000;
    attack_in_time(|_| {
        let small = limited(|limits| {
            limits.message_bytes = 1 << 20;
            limits.buffer_bytes = 1 << 20;
        });
        let handmade = plugin.load_with(small).unwrap();
        let object = handmade.import("any").unwrap();
        let words = [
            "it handed over more than 18 MiB at once",
            "Limits::message_bytes",
        ];
        refused(object.get::<Value>("x"), Kind::Trap, &words);
        // With the usual ones it is just too long for a message.
        let handmade = plugin.load();
        let object = handmade.import("any").unwrap();
        let words =
            ["a message of 62914560 bytes; the limit is 16777216 bytes (Limits::message_bytes)"];
        refused(object.get::<Value>("x"), Kind::LimitExceeded, &words);
    });
}

#[test]
fn t10_a_million_empty_buffers_are_not_looked_at() {
    let count: u32 = 1_000_000;
    let mut plugin = Handmade::answering(&[0, DATA, 1, 1, 0, 0, 1 << 17, count], &[0xF6]);
    plugin.pages = 200;
    attack_in_time(|_| {
        let handmade = plugin.load();
        let object = handmade.import("any").unwrap();
        let words = [
            "a message of 1000000 attachments; the limit is 100000 attachments (Limits::attachments)",
        ];
        refused(object.get::<Value>("x"), Kind::LimitExceeded, &words);
        assert_eq!(handmade.closed(), None);
    });
}
