//! Files that are no plugins of this contract: what is wrong, and what to do.

use std::fs;
use std::path::Path;

use locum::{Error, Kind};
use locum_tests::{COUNTERS, host, refused};

/// What a host says to a file with these bytes.
fn load(bytes: &[u8]) -> Error {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mine.wasm");
    fs::write(&path, bytes).unwrap();
    let shown = path.display().to_string();
    refused(host().load(&path).map(drop), Kind::Load, &[&shown])
}

#[track_caller]
fn says(error: &Error, words: &[&str]) {
    locum_tests::says(error, words);
}

fn component(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// A component that exports the contract in another version, as far as can be seen from outside.
fn of_version(version: &str) -> Vec<u8> {
    component(&format!(
        r#"(component (instance $none) (export "locum:plugin/objects@{version}" (instance $none)))"#
    ))
}

#[test]
fn a_file_that_is_missing_is_named_with_how_to_build_one() {
    let answer = host().load("no/such/plugin.wasm").map(drop);
    let words = [
        "no/such/plugin.wasm does not exist",
        "cargo build --release --target wasm32-wasip2",
    ];
    refused(answer, Kind::Load, &words);
}

#[test]
fn a_directory_is_named_with_the_file_to_give() {
    let answer = host().load(env!("CARGO_MANIFEST_DIR")).map(drop);
    refused(answer, Kind::Load, &["is a directory; give the .wasm file"]);
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    says(&load(b""), &["the file is empty; build the plugin again"]);
}

#[test]
fn a_truncated_file_is_said_to_be_truncated() {
    let whole = fs::read(COUNTERS.path()).unwrap();
    for len in [3, 6, 9, 100] {
        let words = ["the file is truncated", "build or copy it again"];
        says(&load(&whole[..len]), &words);
    }
    for len in [whole.len() / 2, whole.len() - 1] {
        says(&load(&whole[..len]), &["again"]);
    }
}

#[test]
fn a_damaged_file_never_loads_as_a_plugin_that_it_was_not() {
    let whole = fs::read(COUNTERS.path()).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 5) {
        let mut damaged = whole.clone();
        for byte in damaged.iter_mut().skip(at).take(64) {
            *byte ^= 0xA5;
        }
        // It may still be a plugin, with other data in it; it may not harm.
        if let Err(error) = host().load_bytes("damaged", &damaged) {
            assert_eq!(error.kind(), Kind::Load, "{error:?}");
        }
    }
}

#[test]
fn a_core_module_is_told_from_a_component() {
    let module = wat::parse_str("(module)").unwrap();
    says(
        &load(&module),
        &[
            "a core module, not a component",
            "build with --target wasm32-wasip2",
        ],
    );
}

#[test]
fn what_is_not_webassembly_is_told_what_it_is() {
    says(
        &load(b"# Read me\n"),
        &[
            "not a WebAssembly file",
            "build the plugin with --target wasm32-wasip2",
        ],
    );
    says(
        &load(b"(component)"),
        &["WebAssembly text (.wat)", "wasm-tools parse"],
    );
    let own = fs::read(std::env::current_exe().unwrap()).unwrap();
    if own.starts_with(b"\x7fELF") {
        says(
            &load(&own[..4096]),
            &["machine code", "give the .wasm file that it was made from"],
        );
    }
}

#[test]
fn a_component_of_another_world_is_named_by_what_it_exports() {
    let other =
        component(r#"(component (instance $none) (export "wasi:cli/run@0.2.0" (instance $none)))"#);
    let words = [
        "a component but not a plugin",
        "does not export `locum:plugin/objects@0.1.0` (it exports `wasi:cli/run@0.2.0`)",
        "declare one with `locum_guest::plugin!`",
    ];
    says(&load(&other), &words);
    says(&load(&component("(component)")), &["it exports nothing"]);
}

#[test]
fn an_older_contract_is_named_with_the_sdk_to_rebuild_with() {
    let words = [
        "version 0.0.9 of the contract",
        "this host version 0.1.0, which is newer",
        "rebuild the plugin with locum-guest 0.1.0",
    ];
    says(&load(&of_version("0.0.9")), &words);
}

#[test]
fn a_newer_contract_is_named_with_the_host_to_upgrade() {
    for version in ["0.2.0", "1.0.0"] {
        let theirs = format!("version {version} of the contract");
        says(
            &load(&of_version(version)),
            &[
                &theirs,
                "this host version 0.1.0, which is older",
                "upgrade the host",
            ],
        );
    }
}

#[test]
fn a_contract_whose_functions_are_missing_is_named_by_the_first_one() {
    let answer = host().load_bytes("mine", &of_version("0.1.0")).map(drop);
    let words = ["it exports no function `import-module` in `locum:plugin/objects@0.1.0`"];
    refused(answer, Kind::Load, &words);
}

#[test]
fn an_import_that_no_host_provides_is_named() {
    let needy = component(
        r#"(component
            (import "wasi:http/outgoing-handler@0.2.0" (instance))
            (instance $none) (export "locum:plugin/objects@0.1.0" (instance $none)))"#,
    );
    let words = ["it imports `wasi:http/outgoing-handler@0.2.0`, which this host does not provide"];
    says(&load(&needy), &words);
}

#[test]
fn a_file_that_was_refused_leaves_the_host_as_it_was() {
    load(b"");
    let plugin = host().load(Path::new(COUNTERS.path())).unwrap();
    assert!(plugin.import("counters").is_ok());
}
