//! What a directory answers to a plugin.

use std::collections::BTreeMap;

use locum::fs::{Access, Entry, EntryKind, Metadata};
use locum::{Bytes, Items, Proxy, Value};

use super::over_both;

#[test]
fn a_file_is_read_as_bytes_or_as_text() {
    over_both(|tree| {
        let data = tree.lend(Access::ReadOnly);
        let bytes: Bytes = data.act(("read", "notes.txt"))?;
        assert_eq!(&*bytes, b"one\ntwo\nthree");
        assert_eq!(data.act::<String>(("read_text", "sub/deep.txt"))?, "deep");
        assert_eq!(
            data.act::<String>(("read_text", "sub/../notes.txt"))?.len(),
            13
        );
        tree.put("odd", [b'a', 0xff]);
        let words = ["`odd` in the directory `data` is not UTF-8 at byte 1"];
        data.fails(("read_text", "odd"), "UnicodeDecodeError", &words);
        tree.put("large", vec![7; 1 << 20]);
        assert_eq!(data.act::<Bytes>(("read", "large"))?.len(), 1 << 20);
        Ok(())
    });
}

#[test]
fn bytes_and_text_are_written_in_place_of_what_was_there_or_after_it() {
    over_both(|tree| {
        let data = tree.lend(Access::ReadWrite);
        data.act::<()>(("write", "notes.txt", "new"))?;
        assert_eq!(tree.text("notes.txt"), "new");
        data.act::<()>(("append", "notes.txt", Bytes::from(b"er".as_slice())))?;
        assert_eq!(tree.text("notes.txt"), "newer");
        data.act::<()>(("append", "sub/made", ""))?;
        data.act::<()>(("write", "sub/made", Bytes::from(vec![b'x'; 1 << 20])))?;
        assert_eq!(tree.text("sub/made").len(), 1 << 20);
        Ok(())
    });
}

#[test]
fn a_list_tells_names_kinds_and_sizes_by_name() {
    over_both(|tree| {
        let data = tree.lend(Access::ReadOnly);
        std::os::unix::fs::symlink("notes.txt", tree.path("link")).unwrap();
        let list: Vec<Entry> = data.act(("list",))?;
        let shown: Vec<_> = list
            .iter()
            .map(|entry| (&*entry.name, entry.kind, entry.size, entry.lossy))
            .collect();
        let wanted = [
            ("link", EntryKind::Symlink, 0, false),
            ("notes.txt", EntryKind::File, 13, false),
            ("sub", EntryKind::Directory, 0, false),
        ];
        assert_eq!(shown, wanted);
        let sub: Vec<Entry> = data.act(("list", "sub"))?;
        assert_eq!(sub[0].name, "deep.txt");
        let list: Vec<BTreeMap<String, Value>> = data.act(("list", "sub"))?;
        let wanted = [
            ("kind", "file".into()),
            ("name", "deep.txt".into()),
            ("size", 4.into()),
        ];
        let wanted = wanted.map(|(key, value)| (key.to_owned(), value));
        assert_eq!(list, [BTreeMap::from(wanted)]);
        data.fails(
            ("list", "notes.txt"),
            "NotADirectoryError",
            &["`notes.txt`"],
        );
        data.fails(
            ("list", "none"),
            "FileNotFoundError",
            &["there is no `none`"],
        );
        Ok(())
    });
}

#[test]
fn entries_come_one_after_the_other() {
    over_both(|tree| {
        let data = tree.lend(Access::ReadOnly);
        let sub = tree.path("many");
        std::fs::create_dir(&sub).unwrap();
        for n in 0..100 {
            std::fs::write(sub.join(format!("file {n}")), "x").unwrap();
        }
        let entries: Items<Entry> = data.act(("entries", "many"))?;
        let mut names = entries
            .map(|entry| entry.map(|entry| entry.name))
            .collect::<locum::Result<Vec<String>>>()?;
        names.sort();
        assert_eq!((names.len(), &*names[0]), (100, "file 0"));
        Ok(())
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_name_that_is_no_utf8_is_shown_as_far_as_it_goes_and_says_so() {
    use std::os::unix::ffi::OsStrExt;
    over_both(|tree| {
        let data = tree.lend(Access::ReadOnly);
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
        std::fs::write(tree.path("sub").join(name), "x").unwrap();
        let list: Vec<Entry> = data.act(("list", "sub"))?;
        assert_eq!((&*list[0].name, list[0].lossy), ("caf\u{fffd}", true));
        assert!(!list[1].lossy);
        data.fails(("read", "sub/caf\u{fffd}"), "FileNotFoundError", &[]);
        Ok(())
    });
}

#[test]
fn what_is_there_is_known_without_opening_it() {
    over_both(|tree| {
        let data = tree.lend(Access::ReadOnly);
        let notes: Metadata = data.act(("metadata", "notes.txt"))?;
        assert_eq!((notes.kind, notes.size), (EntryKind::File, 13));
        assert!(notes.modified.unwrap() > 1e9);
        let sub: Metadata = data.act(("metadata", "sub"))?;
        assert_eq!((sub.kind, sub.size), (EntryKind::Directory, 0));
        data.fails(
            ("metadata", "none"),
            "FileNotFoundError",
            &["`none`", "`data`"],
        );
        for (path, there) in [
            ("notes.txt", true),
            (".", true),
            ("none", false),
            ("notes.txt/x", false),
        ] {
            assert_eq!(data.act::<bool>(("exists", path))?, there, "{path}");
        }
        std::os::unix::fs::symlink("nowhere", tree.path("dangling")).unwrap();
        assert!(!data.act::<bool>(("exists", "dangling"))?);
        Ok(())
    });
}

#[test]
fn files_and_directories_are_made_renamed_and_removed() {
    over_both(|tree| {
        let data = tree.lend(Access::ReadWrite);
        data.act::<()>(("create_dir", "made"))?;
        data.fails(
            ("create_dir", "made"),
            "FileExistsError",
            &["`made` is there already"],
        );
        data.fails(("create_dir", "a/b/c"), "FileNotFoundError", &["`a/b/c`"]);
        data.act::<()>(("create_dir", "a/b/c", true))?;
        assert!(tree.path("a/b/c").is_dir());
        data.act::<()>(("rename", "notes.txt", "made/moved.txt"))?;
        assert_eq!(tree.text("made/moved.txt"), "one\ntwo\nthree");
        data.fails(
            ("rename", "notes.txt", "x"),
            "FileNotFoundError",
            &["`notes.txt`"],
        );
        data.fails(("rename", "made", "no/x"), "FileNotFoundError", &["`no/x`"]);
        data.fails(("remove_dir", "made"), "OSError", &["`made`", "not empty"]);
        data.fails(
            ("remove_dir", "made/moved.txt"),
            "NotADirectoryError",
            &["`made/moved.txt`"],
        );
        data.act::<()>(("remove_file", "made/moved.txt"))?;
        data.fails(
            ("remove_file", "made/moved.txt"),
            "FileNotFoundError",
            &["`made/moved.txt`"],
        );
        data.act::<()>(("remove_dir", "made"))?;
        data.fails(("remove_file", "sub"), "IsADirectoryError", &["`sub`"]);
        assert!(!tree.path("made").exists() && tree.path("sub").is_dir());
        Ok(())
    });
}

#[test]
fn a_directory_says_what_it_is_called_and_what_may_be_done_with_it() {
    over_both(|tree| {
        let data = tree.lend(Access::ReadWrite);
        assert_eq!(data.act::<String>(("__getattr__", "name"))?, "data");
        assert_eq!(data.act::<String>(("__getattr__", "access"))?, "read-write");
        assert_eq!(
            data.act::<String>(("__str__",))?,
            "<directory `data`, read-write>"
        );
        let sub: Proxy = data.act(("subdir", "sub"))?;
        assert_eq!(sub.get::<String>("name")?, "data/sub");
        Ok(())
    });
}

#[test]
fn a_mode_that_there_is_not_is_refused_with_those_that_there_are() {
    over_both(|tree| {
        let data = tree.lend(Access::ReadWrite);
        let words = ["`rw` is no mode", "`r` (read)", "`x` (create)"];
        data.fails(("open", "notes.txt", "rw"), "ValueError", &words);
        data.fails(
            ("open", "notes.txt", "x"),
            "FileExistsError",
            &["`notes.txt`"],
        );
        data.fails(("open", "none"), "FileNotFoundError", &["`none`"]);
        data.fails(("open", "sub"), "IsADirectoryError", &["`sub`"]);
        data.fails(("write", "sub", "x"), "IsADirectoryError", &["`sub`"]);
        assert_eq!(tree.text("notes.txt"), "one\ntwo\nthree");
        Ok(())
    });
}
