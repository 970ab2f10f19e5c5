//! Giving on less than one has.

use locum::fs::Access;
use locum::{Proxy, Value};

use super::{args_of, over_both};

/// Everything that would change something, on `notes.txt` or beside it.
const CHANGES: &[&[&str]] = &[
    &["write", "notes.txt", "x"],
    &["write", "new", "x"],
    &["append", "notes.txt", "x"],
    &["open", "notes.txt", "w"],
    &["open", "notes.txt", "w+"],
    &["open", "notes.txt", "r+"],
    &["open", "notes.txt", "a"],
    &["open", "new", "a"],
    &["open", "new", "x"],
    &["create_dir", "new"],
    &["remove_file", "notes.txt"],
    &["remove_dir", "empty"],
    &["rename", "notes.txt", "new"],
    &["rename", "new", "notes.txt"],
];

#[test]
fn in_a_read_only_directory_nothing_is_changed_whatever_is_tried() {
    over_both(|tree| {
        std::fs::create_dir(tree.path("empty")).unwrap();
        let before: Vec<_> = std::fs::read_dir(tree.path("")).unwrap().collect();
        let whole = tree.lend(Access::ReadWrite);
        let view: Proxy = whole.act(("read_only",))?;
        let sub_of_view: Proxy = view.call("subdir", (".",))?;
        let opened = tree.lend(Access::ReadOnly);
        for data in [opened, tree.hand(&view), tree.hand(&sub_of_view)] {
            for change in CHANGES {
                let words = ["the directory `data` is read-only", change[1]];
                data.fails(args_of(change), "PermissionError", &words);
            }
            assert_eq!(data.act::<String>(("read_text", "notes.txt"))?.len(), 13);
            assert_eq!(data.act::<String>(("__getattr__", "access"))?, "read-only");
        }
        let after: Vec<_> = std::fs::read_dir(tree.path("")).unwrap().collect();
        assert_eq!(before.len(), after.len());
        assert_eq!(tree.text("notes.txt"), "one\ntwo\nthree");
        // What it was made from may still write.
        whole.act::<()>(("write", "notes.txt", "x"))?;
        Ok(())
    });
}

#[test]
fn a_directory_of_a_directory_leads_to_nothing_beside_it() {
    over_both(|tree| {
        let data = tree.lend(Access::ReadWrite);
        let sub: Proxy = data.act(("subdir", "sub"))?;
        let sub = tree.hand(&sub);
        assert_eq!(sub.act::<String>(("read_text", "deep.txt"))?, "deep");
        for path in [
            "../notes.txt",
            "notes.txt/../../notes.txt",
            "./../sub/../notes.txt",
        ] {
            let error = sub.act::<Value>(("read", path)).unwrap_err();
            assert!(
                ["PermissionError", "FileNotFoundError"].contains(&error.type_name()),
                "{error:?}"
            );
        }
        let words = ["`..` leads out of the directory `data/sub`"];
        sub.fails(("subdir", ".."), "PermissionError", &words);
        sub.fails(("list", ".."), "PermissionError", &words);
        data.fails(
            ("subdir", "notes.txt"),
            "NotADirectoryError",
            &["`notes.txt`"],
        );
        data.fails(("subdir", "none"), "FileNotFoundError", &["`none`"]);
        Ok(())
    });
}

#[test]
fn no_error_tells_where_a_directory_is() {
    over_both(|tree| {
        let data = tree.lend(Access::ReadOnly);
        let place = tree.path("").display().to_string();
        let place = place.trim_end_matches('/');
        let calls: &[&[&str]] = &[
            &["read", "none"],
            &["read", "../x"],
            &["read", "/etc/passwd"],
            &["read", "sub"],
            &["read", "notes.txt/x"],
            &["read", ""],
            &["list", "none"],
            &["subdir", "none"],
            &["write", "x", "y"],
            &["metadata", "none"],
            &["read", "a\0b"],
            &["nothing"],
        ];
        for call in calls {
            let error = data.act::<Value>(args_of(call)).unwrap_err();
            assert!(!format!("{error:?}").contains(place), "{error:?}");
        }
        let asks: &[&[&str]] = &[&["__getattr__", "name"], &["__str__"], &["__repr__"]];
        for ask in asks {
            let told: String = data.act(args_of(ask))?;
            assert!(!told.contains(place), "{told}");
        }
        Ok(())
    });
}
