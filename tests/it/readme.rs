//! The README shows code that is compiled and tested, byte for byte.

use std::fs;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn read(path: &str) -> String {
    fs::read_to_string(format!("{ROOT}/{path}")).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The README's blocks of Rust, in order.
fn blocks() -> Vec<String> {
    let readme = read("README.md");
    let blocks = readme.split("```rust\n").skip(1);
    let block = |text: &str| text.split("```").next().unwrap_or_default().to_owned();
    blocks.map(block).collect()
}

#[test]
fn the_plugin_of_the_readme_is_the_plugin_counters() {
    assert_eq!(blocks()[0], read("plugins/counters/src/lib.rs"));
}

#[test]
fn the_host_of_the_readme_is_the_example_readme() {
    let example = read("host/examples/readme.rs");
    let code = example.find("use ").map(|start| &example[start..]);
    assert_eq!(Some(&*blocks()[1]), code);
}

#[test]
fn the_readme_shows_no_other_rust() {
    assert_eq!(blocks().len(), 2);
}
