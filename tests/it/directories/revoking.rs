//! Taking back what was handed out.

use std::sync::atomic::{AtomicBool, Ordering};

use locum::fs::{Access, Entry};
use locum::{Bytes, Items, Proxy, Value};
use locum_tests::{HOSTILE, SAMPLES, says};

use super::{Hand, Tree, over_both};

const REVOKED: &str = "the directory `data` was revoked";

#[track_caller]
fn is_revoked(hand: &Hand, calls: &[&[&str]]) {
    for call in calls {
        hand.fails(super::args_of(call), "PermissionError", &[REVOKED]);
    }
}

#[test]
fn a_directory_that_was_revoked_answers_nothing_and_changes_nothing() {
    over_both(|tree| {
        let whole = tree.open(Access::ReadWrite);
        let (lent, revoker) = whole.revocable();
        let data = tree.hand(&lent);
        assert!(data.act::<bool>(("exists", "notes.txt"))?);
        revoker.revoke();
        assert!(revoker.is_revoked());
        is_revoked(
            &data,
            &[
                &["read", "notes.txt"],
                &["read_text", "notes.txt"],
                &["write", "notes.txt", "x"],
                &["write", "new", "x"],
                &["append", "notes.txt", "x"],
                &["open", "notes.txt"],
                &["open", "notes.txt", "w"],
                &["list"],
                &["entries"],
                &["exists", "notes.txt"],
                &["metadata", "notes.txt"],
                &["create_dir", "new"],
                &["remove_file", "notes.txt"],
                &["remove_dir", "sub"],
                &["rename", "notes.txt", "new"],
                &["subdir", "sub"],
            ],
        );
        assert_eq!(tree.text("notes.txt"), "one\ntwo\nthree");
        assert!(!tree.path("new").exists());
        // This program's own is another matter.
        assert_eq!(whole.read_text("notes.txt")?.len(), 13);
        Ok(())
    });
}

#[test]
fn with_a_directory_ends_all_that_was_derived_from_it() {
    over_both(|tree| {
        let (lent, revoker) = tree.open(Access::ReadWrite).revocable();
        let data = tree.hand(&lent);
        let view: Proxy = data.act(("read_only",))?;
        let sub: Proxy = view.call("subdir", ("sub",))?;
        let file: Proxy = data.act(("open", "notes.txt", "r+"))?;
        let deep: Proxy = sub.call("open", ("deep.txt",))?;
        let mut lines: Items<String> = file.call("lines", ())?;
        let mut entries: Items<Entry> = data.act(("entries",))?;
        assert_eq!(lines.next().unwrap()?, "one");
        let [view, sub, file, deep] = [view, sub, file, deep].map(|object| tree.hand(&object));
        revoker.revoke();
        is_revoked(&view, &[&["read", "notes.txt"], &["subdir", "sub"]]);
        is_revoked(&sub, &[&["read", "deep.txt"], &["list"]]);
        let uses: &[&[&str]] = &[
            &["read"],
            &["write", "x"],
            &["tell"],
            &["len"],
            &["truncate"],
            &["flush"],
            &["lines"],
        ];
        is_revoked(&file, uses);
        is_revoked(&deep, &[&["read"]]);
        says(&entries.next().unwrap().unwrap_err(), &[REVOKED]);
        assert!(entries.next().is_none());
        // Lines that were read ahead are here already; no more are fetched.
        let rest: Vec<_> = lines.collect();
        assert!(rest.len() <= 3, "{rest:?}");
        // What is narrowed from it afterwards is of no use either.
        let late: Proxy = data.act(("read_only",))?;
        is_revoked(&tree.hand(&late), &[&["list"]]);
        assert_eq!(tree.text("notes.txt"), "one\ntwo\nthree");
        Ok(())
    });
}

#[test]
fn revoking_a_part_leaves_the_rest_and_revoking_the_whole_ends_the_part() {
    over_both(|tree| {
        let (outer, revoke_outer) = tree.open(Access::ReadWrite).revocable();
        let (inner, revoke_inner) = outer.subdir("sub")?.revocable();
        let (other, _) = outer.subdir("sub")?.revocable();
        let hands = [&outer, &inner, &other].map(|directory| tree.hand(directory));
        let [outer, inner, other] = &hands;
        revoke_inner.revoke();
        let words = ["the directory `data/sub` was revoked"];
        inner.fails(("list",), "PermissionError", &words);
        assert!(!outer.act::<Vec<Entry>>(("list",))?.is_empty());
        assert!(!other.act::<Vec<Entry>>(("list",))?.is_empty());
        revoke_outer.revoke();
        is_revoked(outer, &[&["list"]]);
        is_revoked(other, &[&["list"]]);
        Ok(())
    });
}

#[test]
fn a_revoked_directory_is_of_no_use_to_the_plugin_that_it_was_passed_on_to() {
    let (one, two) = (SAMPLES.in_wasm(vec![]), HOSTILE.in_wasm(vec![]));
    let tree = Tree::new(&two);
    let (lent, revoker) = tree.open(Access::ReadOnly).revocable();
    let keeper = one.make("Keeper", ()).unwrap();
    keeper.call::<()>("keep", (&lent,)).unwrap();
    // From the first plugin to the second, and what the second makes of it back to the first.
    let kept: Proxy = keeper.call("last", ()).unwrap();
    let hand = tree.hand(&kept);
    let file: Proxy = hand.act(("open", "notes.txt")).unwrap();
    keeper.call::<()>("keep", (&file,)).unwrap();
    let first: Bytes = keeper.call("call_last", ("read", 3)).unwrap();
    assert_eq!(&*first, b"one");
    revoker.revoke();
    let error = keeper.call::<Value>("call_last", ("read", 3)).unwrap_err();
    says(&error, &[REVOKED]);
    is_revoked(&hand, &[&["list"]]);
    keeper.call::<()>("forget", ()).unwrap();
}

#[test]
fn a_directory_is_revoked_while_another_thread_uses_it() {
    over_both(|tree| {
        let (lent, revoker) = tree.open(Access::ReadWrite).revocable();
        let data = tree.hand(&lent);
        let file: Proxy = data.act(("open", "log", "w"))?;
        let file = tree.hand(&file);
        let (begun, ended) = (AtomicBool::new(false), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let mut written = 0;
                loop {
                    match file.act::<u64>(("write", "x")) {
                        Ok(count) => written += count,
                        Err(error) => return (written, error),
                    }
                    begun.store(true, Ordering::SeqCst);
                    assert!(!ended.load(Ordering::SeqCst) || written < 1 << 30);
                }
            });
            while !begun.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            revoker.revoke();
            // At most the one that was under way comes to its end.
            let after = tree.text("log").len() as u64;
            ended.store(true, Ordering::SeqCst);
            let (written, error) = writer.join().unwrap();
            says(&error, &[REVOKED]);
            assert!(written > 0 && written <= after + 1, "{written}, {after}");
            assert_eq!(tree.text("log").len() as u64, written);
        });
        Ok(())
    });
}
