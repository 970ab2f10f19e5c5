//! Directories and files of the host's, in the hands of a plugin.

mod bounds;
mod files;
mod methods;
mod narrowing;
mod passing;
mod revoking;

use std::fs;
use std::path::Path;

use locum::fs::{Access, Directory};
use locum::{DynArgs, Error, IntoArgs, Kind, Proxy, Result, Value};
use locum_tests::{HOSTILE, Subject, refused};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

/// A directory with some files, and a plugin that calls whatever it is told to.
pub(super) struct Tree<'a> {
    root: TempDir,
    subject: &'a Subject,
}

/// An object of the host's in the hands of the plugin.
pub(super) struct Hand {
    deputy: Proxy,
}

/// Runs a test over memory and over wasm. After each, nothing is lent any more.
#[track_caller]
fn over_both(test: impl Fn(&Tree<'_>) -> Result<()>) {
    HOSTILE.over_both(|subject| test(&Tree::new(subject)));
}

impl<'a> Tree<'a> {
    /// `notes.txt`, and `sub` with `deep.txt` in it.
    pub(super) fn new(subject: &'a Subject) -> Tree<'a> {
        let tree = Tree {
            root: TempDir::new().unwrap(),
            subject,
        };
        tree.put("notes.txt", "one\ntwo\nthree");
        fs::create_dir(tree.path("sub")).unwrap();
        tree.put("sub/deep.txt", "deep");
        tree
    }

    pub(super) fn path(&self, path: &str) -> std::path::PathBuf {
        self.root.path().join(path)
    }

    pub(super) fn put(&self, path: &str, data: impl AsRef<[u8]>) {
        fs::write(self.path(path), data).unwrap();
    }

    pub(super) fn text(&self, path: impl AsRef<Path>) -> String {
        fs::read_to_string(self.root.path().join(path)).unwrap()
    }

    /// The directory, which is called `data`.
    pub(super) fn open(&self, access: Access) -> Directory {
        let directory = Directory::open(self.root.path(), access).unwrap();
        directory.named("data")
    }

    /// The directory, in the hands of the plugin.
    pub(super) fn lend(&self, access: Access) -> Hand {
        self.hand(&self.open(access))
    }

    /// Anything, in the hands of the plugin.
    pub(super) fn hand(&self, object: &impl Serialize) -> Hand {
        let deputy = self.subject.import("hostile.deputy").unwrap();
        let deputy: Proxy = deputy.call("Deputy", ()).unwrap();
        deputy.call::<()>("keep", (object,)).unwrap();
        Hand { deputy }
    }
}

impl Hand {
    /// Makes the plugin call a method, whose name is the first of the arguments.
    pub(super) fn act<T: DeserializeOwned + 'static>(&self, args: impl IntoArgs) -> Result<T> {
        self.deputy.call("act", args)
    }

    /// The same for a call that has to fail, with an error of that type which says these words.
    #[track_caller]
    pub(super) fn fails(&self, args: impl IntoArgs, type_name: &str, words: &[&str]) -> Error {
        let kind = match type_name {
            "LimitExceeded" => Kind::LimitExceeded,
            "ValueError" | "UnicodeDecodeError" => Kind::ValueError,
            _ => Kind::Raised,
        };
        let error = refused(self.act::<Value>(args), kind, words);
        assert_eq!(error.type_name(), type_name, "{error:?}");
        error
    }
}

/// Words as the arguments of a call.
fn args_of(words: &[&str]) -> DynArgs {
    DynArgs {
        positional: words.iter().map(|word| Value::from(*word)).collect(),
        ..DynArgs::default()
    }
}
