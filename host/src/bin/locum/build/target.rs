//! The standard library for WebAssembly, without which nothing can be built for it.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::out;

pub(super) const TARGET: &str = "wasm32-wasip2";

/// Adds it with rustup when the toolchain that builds in a directory does not have it.
pub(super) fn ensure(directory: &Path) -> Result<(), Failure> {
    if is_there(directory) {
        return Ok(());
    }
    out::err(&format!(
        "adding the Rust target {TARGET}, which plugins are built for\n"
    ));
    let added = Command::new("rustup")
        .current_dir(directory)
        .args(["target", "add", TARGET])
        .stdin(Stdio::null())
        .output();
    let why = match added {
        Ok(output) if output.status.success() && is_there(directory) => return Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().rfind(|line| !line.trim().is_empty());
            last.unwrap_or("rustup did not say why").trim().to_owned()
        }
        Err(error) => format!("rustup could not be started: {error}"),
    };
    Err(Failure::Usage(format!(
        "the Rust target {TARGET}, which plugins are built for, is missing and could not be added ({why}); \
         run `rustup target add {TARGET}`, or install the standard library for it the way Rust was installed"
    )))
}

/// Whether rustc has it. One that can not be asked is left to cargo to complain of.
fn is_there(directory: &Path) -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .current_dir(directory)
        .args(["--print", "target-libdir", "--target", TARGET])
        .stdin(Stdio::null())
        .output();
    match output {
        Ok(output) => Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir(),
        Err(_) => true,
    }
}
