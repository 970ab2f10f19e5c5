//! How directories and files are passed, and what a plugin in Rust sees of them.

use std::collections::BTreeMap;

use locum::fs::{Access, Directory, File};
use locum::{Kind, LoadOptions, Proxy, Result, callback};
use locum_tests::{SAMPLES, host, refused, says};

use super::{Tree, over_both};

fn samples(test: impl Fn(&Tree<'_>, &Proxy) -> Result<()>) {
    SAMPLES.over_both(|subject| {
        let files = subject.import("samples.files")?;
        test(&Tree::new(subject), &files)
    });
}

#[test]
fn a_plugin_works_with_a_directory_through_its_view() {
    samples(|tree, files| {
        let librarian: Proxy = files.call("Librarian", (tree.open(Access::ReadWrite),))?;
        let wanted = [("notes.txt".to_owned(), 3), ("sub/deep.txt".to_owned(), 1)];
        assert_eq!(
            librarian.call::<Vec<(String, u64)>>("catalogue", ())?,
            wanted
        );
        assert_eq!(librarian.call::<u64>("note", ("first",))?, 6);
        assert_eq!(librarian.call::<u64>("note", ("second",))?, 13);
        assert_eq!(tree.text("journal.txt"), "first\nsecond\n");
        let visitor: Proxy = files.call("Librarian", (tree.open(Access::ReadOnly),))?;
        let error = visitor.call::<u64>("note", ("third",)).unwrap_err();
        assert_eq!(error.type_name(), "PermissionError");
        says(&error, &["the directory `data` is read-only"]);
        Ok(())
    });
}

#[test]
fn single_files_are_handed_over_too() {
    samples(|tree, files| {
        let data = tree.open(Access::ReadWrite);
        let from = data.open_file("notes.txt", "r")?;
        let to = data.open_file("copy", "w")?;
        assert_eq!(files.call::<u64>("copy_lines", (&from, &to, "o"))?, 2);
        assert_eq!(tree.text("copy"), "one\ntwo\n");
        from.close();
        let error = files
            .call::<u64>("copy_lines", (&from, &to, "o"))
            .unwrap_err();
        says(&error, &["`notes.txt` was closed"]);
        Ok(())
    });
}

#[test]
fn a_directory_travels_inside_of_data_and_comes_home_as_itself() {
    over_both(|tree| {
        let (lent, revoker) = tree.open(Access::ReadWrite).revocable();
        let shelf = BTreeMap::from([("left", vec![lent.clone()]), ("right", vec![])]);
        let hand = tree.hand(&lent);
        let echo = callback(
            |shelf: BTreeMap<String, Vec<Directory>>| -> Result<String> {
                shelf["left"][0].read_text("notes.txt")
            },
        );
        assert_eq!(echo.invoke::<String>((shelf,))?.len(), 13);
        let home: Directory = hand.deputy.call("hand_over", ())?;
        assert_eq!(home.read_text("sub/deep.txt")?, "deep");
        let file: File = home.open_file("notes.txt", "r")?;
        revoker.revoke();
        assert!(home.read("notes.txt").is_err() && file.read(None).is_err());
        // A directory is not had by asking for one.
        let other = tree.hand(&callback(|| 1));
        let words = ["an object of the class `Directory`"];
        refused(
            other.deputy.call::<Directory>("hand_over", ()),
            Kind::TypeError,
            &words,
        );
        Ok(())
    });
}

#[test]
fn a_directory_is_published_like_any_object() {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "published").unwrap();
    let data = Directory::open(folder.path(), Access::ReadOnly).unwrap();
    let options = LoadOptions::new().publish("data", data);
    let plugin = host().load_with(SAMPLES.path(), options).unwrap();
    let imported: Proxy = plugin
        .import("samples")
        .unwrap()
        .call("imported", ("data",))
        .unwrap();
    assert_eq!(
        imported
            .call::<String>("read_text", ("notes.txt",))
            .unwrap(),
        "published"
    );
    plugin.close().unwrap();
}

#[test]
fn this_program_uses_a_directory_by_the_same_methods() {
    let folder = tempfile::TempDir::new().unwrap();
    let data = Directory::open(folder.path(), Access::ReadWrite).unwrap();
    data.create_dir("a", false).unwrap();
    data.write("a/x", b"1\n2").unwrap();
    let file = data.open_file("a/x", "r").unwrap();
    let lines: Vec<String> = file.lines().unwrap().collect::<Result<_>>().unwrap();
    assert_eq!(lines, ["1", "2"]);
    assert_eq!(data.list(".").unwrap()[0].name, "a");
    assert_eq!(data.access(), Access::ReadWrite);
    assert_eq!(data.read_only().access(), Access::ReadOnly);
    let name = folder.path().file_name().unwrap().to_string_lossy();
    assert_eq!(data.name(), name);
}

#[test]
fn a_directory_that_is_not_there_is_told_of_with_its_path() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("none");
    let error = Directory::open(&path, Access::ReadOnly).unwrap_err();
    assert_eq!(error.type_name(), "FileNotFoundError");
    says(&error, &[&path.display().to_string()]);
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Directory::open(&file, Access::ReadOnly).unwrap_err();
    assert_eq!(error.type_name(), "NotADirectoryError");
}
