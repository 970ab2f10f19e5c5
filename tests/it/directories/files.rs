//! What an opened file answers to a plugin.

use locum::fs::Access;
use locum::{Bytes, Items, Proxy, Result};

use super::{Hand, Tree, over_both};

fn open(tree: &Tree<'_>, path: &str, mode: &str) -> Hand {
    let data = tree.lend(Access::ReadWrite);
    let file: Proxy = data.act(("open", path, mode)).unwrap();
    tree.hand(&file)
}

fn text(bytes: Bytes) -> String {
    String::from_utf8(bytes.into_vec()).unwrap()
}

#[test]
fn a_file_is_read_from_its_position_on() {
    over_both(|tree| {
        let file = open(tree, "notes.txt", "r");
        assert_eq!(text(file.act(("read", 5))?), "one\nt");
        assert_eq!(file.act::<u64>(("tell",))?, 5);
        assert_eq!(text(file.act(("read",))?), "wo\nthree");
        assert_eq!(text(file.act(("read", 10))?), "");
        assert_eq!(file.act::<u64>(("seek", -5, "end"))?, 8);
        assert_eq!(file.act::<u64>(("seek", 1, "current"))?, 9);
        assert_eq!(text(file.act(("read", 2))?), "hr");
        assert_eq!(file.act::<u64>(("seek", 0))?, 0);
        assert_eq!(text(file.act(("read", 3))?), "one");
        assert_eq!(file.act::<u64>(("len",))?, 13);
        file.fails(("seek", -1), "ValueError", &["no place in it"]);
        file.fails(
            ("seek", 0, "middle"),
            "ValueError",
            &["`start`, `current` or `end`"],
        );
        file.fails(
            ("seek", -100, "current"),
            "ValueError",
            &["`notes.txt` is no place in it"],
        );
        assert_eq!(file.act::<String>(("__str__",))?, "<file `notes.txt`>");
        Ok(())
    });
}

#[test]
fn a_file_is_written_at_its_position() {
    over_both(|tree| {
        let file = open(tree, "notes.txt", "r+");
        file.act::<u64>(("seek", 4))?;
        assert_eq!(file.act::<u64>(("write", "TWO"))?, 3);
        assert_eq!(tree.text("notes.txt"), "one\nTWO\nthree");
        file.act::<()>(("truncate",))?;
        assert_eq!(tree.text("notes.txt"), "one\nTWO");
        file.act::<()>(("truncate", 9))?;
        assert_eq!(tree.text("notes.txt"), "one\nTWO\0\0");
        file.act::<()>(("flush",))?;
        let emptied = open(tree, "notes.txt", "w");
        assert_eq!(tree.text("notes.txt"), "");
        assert_eq!(
            emptied.act::<u64>(("write", Bytes::from(vec![b'x'; 600_000])))?,
            600_000
        );
        assert_eq!(tree.text("notes.txt").len(), 600_000);
        Ok(())
    });
}

#[test]
fn what_is_appended_goes_to_the_end_wherever_the_position_is() {
    over_both(|tree| {
        let file = open(tree, "notes.txt", "a+");
        file.act::<u64>(("seek", 0))?;
        assert_eq!(text(file.act(("read", 3))?), "one");
        file.act::<u64>(("write", "\nfour"))?;
        assert_eq!(tree.text("notes.txt"), "one\ntwo\nthree\nfour");
        let created = open(tree, "log", "x");
        created.act::<u64>(("write", "first"))?;
        assert_eq!(tree.text("log"), "first");
        Ok(())
    });
}

#[test]
fn a_file_does_what_it_was_opened_for_and_nothing_else() {
    over_both(|tree| {
        let reader = open(tree, "notes.txt", "r");
        let words = ["`notes.txt` was not opened to write"];
        reader.fails(("write", "x"), "PermissionError", &words);
        reader.fails(("truncate", 0), "PermissionError", &words);
        reader.act::<()>(("flush",))?;
        let writer = open(tree, "sub/deep.txt", "a");
        let words = ["`sub/deep.txt` was not opened to read"];
        writer.fails(("read",), "PermissionError", &words);
        writer.fails(("lines",), "PermissionError", &words);
        assert_eq!(tree.text("notes.txt").len(), 13);
        Ok(())
    });
}

#[test]
fn lines_come_without_their_ends_and_leave_the_position_where_it_is() {
    over_both(|tree| {
        tree.put("mixed", "a\r\n\nb\u{e9}\nlast");
        let file = open(tree, "mixed", "r");
        let lines: Items<String> = file.act(("lines",))?;
        assert_eq!(
            lines.collect::<Result<Vec<_>>>()?,
            ["a", "", "b\u{e9}", "last"]
        );
        file.act::<Bytes>(("read", 3))?;
        let mut lines: Items<String> = file.act(("__iter__",))?;
        assert_eq!(lines.next().unwrap()?, "");
        assert_eq!(file.act::<u64>(("tell",))?, 3);
        assert_eq!(lines.next().unwrap()?, "b\u{e9}");
        tree.put("empty", "");
        let lines: Items<String> = open(tree, "empty", "r").act(("lines",))?;
        assert_eq!(lines.count(), 0);
        // More than what is read ahead, and lines that lie across.
        let many: String = (0..50_000).map(|n| format!("line {n}\n")).collect();
        tree.put("many", &many);
        let lines: Items<String> = open(tree, "many", "r").act(("lines",))?;
        let back: Vec<String> = lines.collect::<Result<_>>()?;
        assert!(back.iter().map(String::as_str).eq(many.lines()));
        Ok(())
    });
}

#[test]
fn a_line_that_is_no_text_says_where() {
    over_both(|tree| {
        tree.put("odd", b"fine\nb\xffd\nnever");
        let lines: Items<String> = open(tree, "odd", "r").act(("lines",))?;
        let mut lines = lines.fuse();
        assert_eq!(lines.next().unwrap()?, "fine");
        let error = lines.next().unwrap().unwrap_err();
        assert_eq!(error.type_name(), "UnicodeDecodeError");
        assert!(
            error
                .message()
                .contains("`odd` in the directory `data` is not UTF-8 at byte 6"),
            "{error}"
        );
        assert!(lines.next().is_none());
        Ok(())
    });
}

#[test]
fn a_file_that_was_closed_says_so() {
    over_both(|tree| {
        let file = open(tree, "notes.txt", "r");
        file.act::<()>(("close",))?;
        file.act::<()>(("close",))?;
        for method in ["read", "tell", "len", "lines", "flush"] {
            file.fails((method,), "ValueError", &["`notes.txt` was closed"]);
        }
        Ok(())
    });
}
