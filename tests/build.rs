//! Builds the plugins that the tests and benches load, and tells them where they are.

#[path = "../host/build_plugins.rs"]
mod build_plugins;

use std::path::Path;

const PLUGINS: &[&str] = &[
    "collections",
    "counters",
    "documents",
    "hostile",
    "images",
    "plot",
    "samples",
    "tables",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../host/build_plugins.rs");
    let workspace = Path::new("..");
    build_plugins::rerun_if_changed(workspace, PLUGINS);
    match build_plugins::build_plugins(workspace, PLUGINS) {
        Ok(made) => {
            for (package, path) in PLUGINS.iter().zip(made) {
                println!(
                    "cargo::rustc-env=PLUGIN_{}={}",
                    package.to_uppercase(),
                    path.display()
                );
            }
        }
        Err(error) => {
            for line in error.lines() {
                println!("cargo::error={line}");
            }
        }
    }
}
