//! Every public item of the three crates says what it is, and shows it in an example that runs.

use std::collections::BTreeSet;

use surface::{Crate, Item, Role};

pub(crate) mod examples;
mod source;
mod surface;

/// What needs no example of its own, and why.
const EXCEPTIONS: &[(&str, &str)] = &[];

fn crates() -> Vec<Crate> {
    ["wit/protocol", "guest-sdk", "host"]
        .into_iter()
        .map(|directory| Crate::read(directory).expect(directory))
        .collect()
}

/// What is missing, one line each.
fn complaints(krate: &Crate) -> Vec<String> {
    let items = krate.items();
    let mut complaints = Vec::new();
    for item in &items {
        if item.docs.trim().is_empty() {
            complaints.push(format!("{} ({}) has no doc comment", item.path, item.file));
        } else if !is_shown(item, &items, krate) {
            complaints.push(format!(
                "{} ({}) is in no example that runs",
                item.path, item.file
            ));
        }
    }
    complaints
}

/// A method may be shown where its type or module is; everything else needs an example of its own.
fn is_shown(item: &Item, items: &[Item], krate: &Crate) -> bool {
    let name = item.name();
    match &item.role {
        Role::Module | Role::Constant => true,
        Role::Standing => !examples::run_of(&item.docs).is_empty(),
        Role::Method { of } => {
            let called = [
                format!(".{name}("),
                format!(".{name}::<"),
                format!("{of}::{name}"),
            ];
            !examples::run_of(&item.docs).is_empty() || krate.shows(items, item, &called)
        }
        Role::Function { of } => {
            !examples::run_of(&item.docs).is_empty()
                || krate.shows(items, item, &[format!("{of}::{name}")])
        }
    }
}

#[test]
fn every_public_item_has_a_doc_comment_and_an_example_that_runs() {
    let excused = |line: &&String| {
        let is = |(path, _): &&(&str, &str)| line.split(' ').next() == Some(*path);
        !EXCEPTIONS.iter().any(|exception| is(&exception))
    };
    let all: Vec<String> = crates().iter().flat_map(complaints).collect();
    let left: Vec<&String> = all.iter().filter(excused).collect();
    assert!(left.is_empty(), "{} items:\n{left:#?}", left.len());
}

#[test]
fn every_exception_is_still_one() {
    let all: Vec<String> = crates().iter().flat_map(complaints).collect();
    let missing: BTreeSet<&str> = all
        .iter()
        .filter_map(|line| line.split(' ').next())
        .collect();
    for (path, reason) in EXCEPTIONS {
        assert!(
            missing.contains(path),
            "{path} has an example by now ({reason})"
        );
    }
}

#[test]
fn every_example_is_run_and_not_only_compiled() {
    let mut left = Vec::new();
    for krate in crates() {
        for item in krate.items() {
            for info in examples::not_run(&item.docs) {
                left.push(format!("{} ({}): ```{info}", item.path, item.file));
            }
        }
    }
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn what_has_no_words_or_no_example_is_found() {
    let source = r#"
        //! A crate.
        mod inner;
        pub use inner::{Shown, Unshown as Bare};
        /// ```
        /// assert!(true);
        /// ```
        pub fn shown() {}
        /// Words only.
        pub fn told() {}
        pub fn silent() {}
        #[doc(hidden)]
        pub fn hidden() {}
        fn private() {}
    "#;
    let inner = r#"
        //! ```
        //! Shown::new().used();
        //! ```
        /// Has one.
        ///
        /// ```
        /// let _ = 1;
        /// ```
        pub struct Shown;
        impl Shown {
            /// Made.
            pub fn new() -> Shown { Shown }
            /// Used.
            pub fn used(&self) {}
            /// Not used.
            pub fn unused(&self) {}
        }
        /// ```text
        /// no code
        /// ```
        ///
        /// ```no_run
        /// compiled();
        /// ```
        pub struct Unshown;
        /// Not exported.
        pub struct Alone;
    "#;
    let krate = Crate::of_texts("sample", &[("", source), ("inner", inner)]).unwrap();
    let found: Vec<String> = complaints(&krate)
        .iter()
        .map(|line| line.replace(" (sample)", ""))
        .collect();
    assert_eq!(
        found,
        [
            "sample::Bare is in no example that runs",
            "sample::Shown::unused is in no example that runs",
            "sample::silent has no doc comment",
            "sample::told is in no example that runs",
        ]
    );
    let bare = krate
        .items()
        .into_iter()
        .find(|item| item.path == "sample::Bare")
        .unwrap();
    assert_eq!(examples::not_run(&bare.docs), ["no_run"]);
}
