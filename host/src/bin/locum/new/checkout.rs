//! Where the Locum is that a new crate depends on.

use std::path::{Path, PathBuf};

/// A checkout of Locum.
pub(super) struct Checkout {
    pub(super) root: PathBuf,
}

impl Checkout {
    /// The one that this program was built from, if it is still there.
    pub(super) fn of_this_build() -> Option<Checkout> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
        Checkout::at(root).ok()
    }

    /// The one in a directory.
    pub(super) fn at(directory: &Path) -> Result<Checkout, String> {
        let shown = directory.display();
        let root = directory.canonicalize().map_err(|error| {
            format!("{shown} can not be opened: {error}; --locum names a checkout of Locum")
        })?;
        for part in ["guest-sdk/Cargo.toml", "host/Cargo.toml"] {
            if !root.join(part).is_file() {
                return Err(format!(
                    "{shown} is no checkout of Locum: it has no {part}; name the directory that has, as in `--locum ../locum`"
                ));
            }
        }
        Ok(Checkout { root })
    }

    /// The part of it as a path in TOML.
    pub(super) fn part(&self, part: &str) -> String {
        quoted(&self.root.join(part).to_string_lossy())
    }

    /// The versions of all crates that it was tested with.
    pub(super) fn lock(&self) -> Option<String> {
        std::fs::read_to_string(self.root.join("Cargo.lock")).ok()
    }
}

/// Text as TOML writes it, which JSON does in the same way.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
