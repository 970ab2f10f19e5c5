//! How much can be had at a time.

use locum::fs::{Access, DirectoryLimits, Entry};
use locum::{Bytes, Items, Proxy, Value};

use super::{Hand, Tree, over_both};

fn limited(tree: &Tree<'_>, set: impl Fn(&mut DirectoryLimits)) -> Hand {
    let mut limits = DirectoryLimits::default();
    set(&mut limits);
    tree.hand(&tree.open(Access::ReadWrite).with_limits(limits))
}

#[test]
fn a_file_that_is_too_large_for_one_call_is_read_in_pieces() {
    over_both(|tree| {
        let data = limited(tree, |limits| limits.read_bytes = 1000);
        tree.put("just", vec![b'x'; 1000]);
        tree.put("more", vec![b'x'; 1001]);
        assert_eq!(data.act::<Bytes>(("read", "just"))?.len(), 1000);
        let words = [
            "`more` in the directory `data` has more than the 1000 bytes that one call may read",
            "(DirectoryLimits::read_bytes)",
            "`open` it, and `read` it in pieces",
        ];
        data.fails(("read", "more"), "LimitExceeded", &words);
        data.fails(("read_text", "more"), "LimitExceeded", &words);
        let file: Proxy = data.act(("open", "more"))?;
        let file = tree.hand(&file);
        let words = ["(DirectoryLimits::read_bytes)", "`read` a `size` of it"];
        file.fails(("read",), "LimitExceeded", &words);
        file.fails(("read", 1001), "LimitExceeded", &words);
        file.fails(("read", u64::MAX), "LimitExceeded", &words);
        assert_eq!(file.act::<u64>(("tell",))?, 0, "nothing is lost");
        assert_eq!(file.act::<Bytes>(("read", 1000))?.len(), 1000);
        assert_eq!(file.act::<Bytes>(("read",))?.len(), 1);
        let lines: Items<String> = file.act(("lines",))?;
        assert_eq!(lines.count(), 0);
        file.act::<u64>(("seek", 0))?;
        let mut lines: Items<String> = file.act(("lines",))?;
        let error = lines.next().unwrap().unwrap_err();
        assert_eq!(error.kind(), locum::Kind::LimitExceeded, "{error}");
        Ok(())
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_says_it_is_empty_is_bounded_by_what_is_in_it() {
    over_both(|tree| {
        let mut limits = DirectoryLimits::default();
        limits.read_bytes = 100;
        let this = locum::fs::Directory::open("/proc/self", Access::ReadOnly)?;
        let process = tree.hand(&this.with_limits(limits));
        process.fails(("read", "status"), "LimitExceeded", &["100 bytes"]);
        assert!(!process.act::<Bytes>(("read", "comm"))?.is_empty());
        Ok(())
    });
}

#[test]
fn so_many_files_and_directories_are_open_at_a_time_and_no_more() {
    over_both(|tree| {
        let data = limited(tree, |limits| limits.open = 3);
        let words = [
            "3 files and directories of the directory `data",
            "are open, the most (DirectoryLimits::open)",
        ];
        let full = |hand: &Hand| {
            hand.fails(("open", "notes.txt"), "LimitExceeded", &words);
            hand.fails(("subdir", "."), "LimitExceeded", &words);
            hand.fails(("entries",), "LimitExceeded", &words);
        };
        {
            let sub: Proxy = data.act(("subdir", "sub"))?;
            let sub = tree.hand(&sub);
            let file: Proxy = sub.act(("open", "deep.txt"))?;
            let entries: Items<Entry> = data.act(("entries",))?;
            full(&data);
            full(&sub);
            // What is closed makes room, also while its proxy is still there; what is let go as well.
            file.call::<()>("close", ())?;
            let again: Proxy = data.act(("open", "notes.txt", "a"))?;
            full(&data);
            drop(entries);
            drop(again);
            let two: [Proxy; 2] = [data.act(("open", "notes.txt"))?, sub.act(("subdir", "."))?];
            full(&data);
            drop((file, two));
        }
        tree.subject.settle();
        let three = [(); 3].map(|()| data.act::<Proxy>(("open", "notes.txt")).unwrap());
        full(&data);
        drop(three);
        // What failed to open is not open.
        for _ in 0..10 {
            data.fails(("open", "none"), "FileNotFoundError", &[]);
        }
        data.act::<()>(("write", "notes.txt", "x"))?;
        Ok(())
    });
}

#[test]
fn what_a_plugin_had_open_is_closed_when_it_dies() {
    let subject = locum_tests::HOSTILE.in_wasm(vec![]);
    let tree = Tree::new(&subject);
    let mut limits = DirectoryLimits::default();
    limits.open = 2;
    let directory = tree.open(Access::ReadOnly).with_limits(limits);
    let hands = [(); 2].map(|()| {
        let data = tree.hand(&directory);
        let file: Proxy = data.act(("open", "notes.txt")).unwrap();
        tree.hand(&file)
    });
    assert!(directory.open_file("notes.txt", "r").is_err());
    subject.loaded().unwrap().kill();
    assert!(hands[0].act::<Value>(("read",)).is_err());
    assert!(directory.open_file("notes.txt", "r").is_ok());
}

#[test]
fn directories_with_bounds_of_their_own_do_not_use_up_one_another() {
    over_both(|tree| {
        let mut limits = DirectoryLimits::default();
        limits.open = 1;
        let directory = tree.open(Access::ReadOnly);
        let greedy = tree.hand(&directory.clone().with_limits(limits));
        let modest = tree.hand(&directory.with_limits(limits));
        let held: Proxy = greedy.act(("open", "notes.txt"))?;
        greedy.fails(("open", "notes.txt"), "LimitExceeded", &[]);
        assert!(modest.act::<Proxy>(("open", "notes.txt")).is_ok());
        drop(held);
        Ok(())
    });
}

#[test]
fn a_long_list_is_gone_through_one_by_one() {
    over_both(|tree| {
        let data = limited(tree, |limits| limits.entries = 2);
        assert_eq!(data.act::<Vec<Entry>>(("list",))?.len(), 2);
        tree.put("third", "");
        let words = [
            "`.` in the directory `data` has more than the 2 entries that one call may list",
            "(DirectoryLimits::entries); go through its `entries`",
        ];
        data.fails(("list",), "LimitExceeded", &words);
        let entries: Items<Entry> = data.act(("entries",))?;
        assert_eq!(entries.count(), 3);
        Ok(())
    });
}

#[test]
fn a_path_that_no_system_would_take_is_refused_as_it_is() {
    over_both(|tree| {
        let data = tree.lend(Access::ReadWrite);
        let long = "a/".repeat(500_000);
        let words = ["a path of 1000000 bytes, and the longest is 4096"];
        let error = data.fails(("create_dir", &*long, true), "ValueError", &words);
        assert!(error.message().len() < 500, "{error}");
        data.fails(("read", "a\0b"), "ValueError", &["`a\\0b` has a NUL in it"]);
        data.fails(("read", "x".repeat(300)), "OSError", &[]);
        // A directory of a directory, and so on: its name does not grow with it.
        let mut at: Proxy = data.act(("subdir", "sub"))?;
        for _ in 0..50 {
            at = at.call("subdir", ("../sub/.".replace("../sub", "."),))?;
        }
        assert!(at.get::<String>("name")?.len() < 300);
        Ok(())
    });
}
