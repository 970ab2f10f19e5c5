//! Builds plugins of this workspace for WebAssembly, for build scripts: the binary embeds one, the tests load them all.
//!
//! The plugins go to a target directory of their own, since the cargo that runs the build script holds the lock of its
//! own, and are built by the same cargo and toolchain. The wasm target is added when it is missing.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-wasip2";
/// The profile in the workspace's Cargo.toml that makes plugins small.
const PROFILE: &str = "plugin";

/// Builds these packages and returns the component file of each, in the same order.
pub(crate) fn build_plugins(workspace: &Path, packages: &[&str]) -> Result<Vec<PathBuf>, String> {
    add_target()?;
    let target_dir = target_dir()?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(workspace)
        .arg("build")
        .args(["--target", TARGET, "--profile", PROFILE])
        .arg("--target-dir")
        .arg(&target_dir);
    for package in packages {
        cargo.args(["--package", package]);
    }
    clean_environment(&mut cargo);
    let output = cargo
        .output()
        .map_err(|error| format!("cargo could not be started for the plugins: {error}"))?;
    if !output.status.success() {
        let printed = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the plugins {packages:?} do not build:\n{printed}"));
    }
    let made = target_dir.join(TARGET).join(PROFILE);
    Ok(packages
        .iter()
        .map(|package| made.join(package.replace('-', "_")).with_extension("wasm"))
        .collect())
}

/// Tells cargo to run the build script again when a plugin, or what it is made of, has changed.
pub(crate) fn rerun_if_changed(workspace: &Path, packages: &[&str]) {
    let shared = [
        "wit",
        "guest-sdk/src",
        "guest-sdk/macros/src",
        "Cargo.toml",
        "Cargo.lock",
    ];
    for path in shared {
        println!("cargo::rerun-if-changed={}", workspace.join(path).display());
    }
    for package in packages {
        println!(
            "cargo::rerun-if-changed={}",
            workspace.join("plugins").join(package).display()
        );
    }
}

/// What cargo and its wrappers (clippy among them) have set for the package being built is not meant for the plugins.
fn clean_environment(cargo: &mut Command) {
    let kept = [
        "CARGO_HOME",
        "CARGO_NET_OFFLINE",
        "CARGO_HTTP_PROXY",
        "CARGO_BUILD_JOBS",
    ];
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        let theirs =
            (name.starts_with("CARGO_") && !kept.contains(&name.as_str()) && !is_registry(&name))
                || name.starts_with("RUSTC_")
                || name.starts_with("DEP_")
                || [
                    "RUSTFLAGS",
                    "RUSTC",
                    "RUSTDOC",
                    "CLIPPY_ARGS",
                    "TARGET",
                    "HOST",
                    "PROFILE",
                    "OUT_DIR",
                    "OPT_LEVEL",
                ]
                .contains(&name.as_str());
        if theirs {
            cargo.env_remove(name);
        }
    }
}

/// Where packages come from is the user's choice, for the plugins too.
fn is_registry(name: &str) -> bool {
    [
        "CARGO_REGISTRY",
        "CARGO_REGISTRIES_",
        "CARGO_SOURCE_",
        "CARGO_HTTP_",
        "CARGO_NET_",
    ]
    .iter()
    .any(|start| name.starts_with(start))
}

/// `target/plugins`, beside the profile's directory that the build script's output goes to.
fn target_dir() -> Result<PathBuf, String> {
    let out =
        PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: not in a build script")?);
    // target/PROFILE/build/PACKAGE-HASH/out, with target/TRIPLE before PROFILE when a target was chosen
    let build = out
        .ancestors()
        .nth(2)
        .filter(|path| path.ends_with("build"));
    let profile = build
        .and_then(Path::parent)
        .ok_or_else(|| format!("{} is laid out in a new way", out.display()))?;
    let above = profile
        .parent()
        .ok_or("the target directory has no parent")?;
    let chosen = env::var("TARGET").is_ok_and(|target| above.ends_with(target));
    let target = if chosen {
        above.parent().unwrap_or(above)
    } else {
        above
    };
    Ok(target.join("plugins"))
}

/// Adds the standard library for WebAssembly, when the toolchain does not have it.
fn add_target() -> Result<(), String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(&rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output();
    let has = |printed: Vec<u8>| Path::new(String::from_utf8_lossy(&printed).trim()).is_dir();
    if output.is_ok_and(|output| output.status.success() && has(output.stdout)) {
        return Ok(());
    }
    println!("cargo::warning=adding the Rust target {TARGET}, which plugins are built for");
    let added = Command::new("rustup")
        .args(["target", "add", TARGET])
        .output();
    let why = match added {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => format!("rustup could not be started: {error}"),
    };
    Err(format!(
        "the Rust target {TARGET}, which plugins are built for, is missing and could not be added ({why}); \
         run `rustup target add {TARGET}`, or install the standard library for it the way Rust was installed"
    ))
}
