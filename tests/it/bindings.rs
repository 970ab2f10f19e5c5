//! `locum bindgen`: what is written is what is checked in, compiles, and works. How each piece is written is told by the
//! tests beside `host/src/bindgen`.

use std::fs;

use locum::bindgen::Bindgen;
use locum_tests::{COLLECTIONS, COUNTERS, SAMPLES, Sample};

const BINDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/bindings");
const REFRESH: &str = "BINDGEN=overwrite cargo test --release -p locum-tests --test it bindings";

/// Compares with what is written of either medium; before that, if it is wanted, writes what is written of memory.
fn same_bytes(sample: &Sample, name: &str, modules: &[&str], file: &str, guest: bool) {
    let path = format!("{BINDINGS}/{file}.rs");
    let wish = std::env::var_os("BINDGEN");
    sample.over_both(|subject| {
        let plugin = subject.peer().describe()?;
        let bindings = Bindgen::new(&plugin)
            .from_file(format!("{name}.wasm"))
            .modules(modules.iter().copied())
            .guest(guest)
            .write()?;
        assert_eq!(bindings.left_out, [""; 0]);
        let medium = subject.medium();
        if medium == "memory" && wish.as_ref().is_some_and(|wish| wish == "overwrite") {
            fs::write(&path, &bindings.source).expect("the bindings can be written");
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == bindings.source,
            "src/bindings/{file}.rs is not what would be written now over {medium}; to write it: {REFRESH}"
        );
        Ok(())
    });
}

#[test]
fn the_bindings_of_counters_are_what_would_be_written_now() {
    same_bytes(&COUNTERS, "counters", &[], "counters", false);
}

#[test]
fn the_bindings_of_collections_are_what_would_be_written_now() {
    same_bytes(&COLLECTIONS, "collections", &[], "collections", false);
}

#[test]
fn the_bindings_of_samples_are_what_would_be_written_now() {
    let modules = ["samples", "samples.errors"];
    same_bytes(&SAMPLES, "samples", &modules, "samples", false);
}

#[test]
fn the_bindings_for_a_plugin_are_what_would_be_written_now() {
    same_bytes(&COUNTERS, "counters", &[], "guest", true);
}
