//! What a plugin's file tells without being run.

use serde::Serialize;

use crate::cache::Cache;
use crate::component::Component;
use crate::{Limits, Result};

/// What a plugin's file tells without being run: what its code imports and exports, and how large it is.
///
/// What the plugin offers is told by the plugin itself, with [`Plugin::describe`](crate::Plugin::describe).
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::ComponentInfo;
/// let bytes = std::fs::read("counters.wasm")?;
/// let info = ComponentInfo::of("counters.wasm", &bytes)?;
/// assert!(info.exports.iter().any(|name| name.starts_with("locum:plugin/")));
/// assert_eq!(info.file_bytes, bytes.len());
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ComponentInfo {
    /// The interfaces that it needs, by name.
    pub imports: Vec<String>,
    /// The interfaces that it has, by name.
    pub exports: Vec<String>,
    /// The size of the file.
    pub file_bytes: usize,
    /// The size of the machine code and data that it is compiled to.
    pub compiled_bytes: usize,
}

impl ComponentInfo {
    /// Reads the bytes of a plugin's file, compiling them unless the user's cache has them. `file` is what errors call
    /// them.
    ///
    /// # Errors
    /// [`Load`](crate::Kind::Load), saying what is wrong with the file and what to do.
    pub fn of(file: &str, bytes: &[u8]) -> Result<ComponentInfo> {
        let component =
            Component::load(file, bytes, Cache::of_user().as_ref(), &Limits::default())?;
        let (imports, exports) = component.interfaces();
        Ok(ComponentInfo {
            imports,
            exports,
            file_bytes: bytes.len(),
            compiled_bytes: component.compiled_bytes(),
        })
    }
}
