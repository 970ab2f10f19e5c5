//! What the tests and benches share: the plugins under test, over memory and over wasm.

pub mod bindings;
pub mod cookbook;
mod handmade;
mod memory;
mod subject;
mod wire;

pub use handmade::{DATA, Handmade, laid_out};
pub use memory::resident_bytes;
pub use subject::{
    COLLECTIONS, COUNTERS, HOSTILE, Published, SAMPLES, Sample, Subject, host, new_host,
    new_host_with,
};
pub use wire::{LENT, Message, Wire, wire, wire_to};

use std::fmt::Debug;

use locum_protocol::{Error, Kind, Result};

/// The error of what must fail: of that kind, and saying all of these words.
#[track_caller]
pub fn refused<T: Debug>(result: Result<T>, kind: Kind, words: &[&str]) -> Error {
    match result {
        Ok(value) => panic!("{value:?} where an error is due ({kind:?})"),
        Err(error) => {
            assert_eq!(error.kind(), kind, "{error:?}");
            says(&error, words);
            error
        }
    }
}

/// Asserts that the message of an error has all of these words in it.
#[track_caller]
pub fn says(error: &Error, words: &[&str]) {
    for words in words {
        assert!(error.message().contains(words), "no {words:?} in: {error}");
    }
}

/// The pages whose examples are run, or, where they want a program of their own, compiled.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../host/docs/cookbook.md")]
    struct Cookbook;
    #[doc = include_str!("../../plugins/documents/README.md")]
    struct Documents;
    #[doc = include_str!("../../plugins/images/README.md")]
    struct Images;
    #[doc = include_str!("../../plugins/plot/README.md")]
    struct Plot;
    #[doc = include_str!("../../plugins/tables/README.md")]
    struct Tables;
}
