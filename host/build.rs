//! Builds the plugin `collections`, which the binary has embedded; `hostile`, which the tests of the command line try its
//! limits with; and `counters` and `samples`, which the examples of the documentation load.

#[path = "build_plugins.rs"]
mod build_plugins;

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build_plugins.rs");
    println!("cargo::rustc-check-cfg=cfg(embedded)");
    if env::var_os("CARGO_FEATURE_CLI").is_none() {
        return;
    }
    let workspace = Path::new("..");
    let packages = ["collections", "hostile", "counters", "samples"];
    // Outside of the workspace (a crate from a registry) there is no plugin to embed, and the binary says so.
    if !workspace.join("plugins/collections/Cargo.toml").exists() {
        return;
    }
    build_plugins::rerun_if_changed(workspace, &packages);
    let embedded = build_plugins::build_plugins(workspace, &packages).and_then(|made| {
        let out = env::var("OUT_DIR").map_err(|error| error.to_string())?;
        for (package, file) in packages.iter().zip(made) {
            let copy = Path::new(&out).join(package).with_extension("wasm");
            fs::copy(file, copy).map_err(|error| error.to_string())?;
        }
        Ok(())
    });
    match embedded {
        Ok(_) => println!("cargo::rustc-cfg=embedded"),
        Err(error) => {
            // One line an error, since cargo shows only the first of each.
            for line in error.lines() {
                println!("cargo::error={line}");
            }
        }
    }
}
