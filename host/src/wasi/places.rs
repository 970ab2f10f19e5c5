//! What was granted of the file system, as wasmtime-wasi wants it.

use std::collections::HashMap;

use wasmtime::Result;
use wasmtime_wasi::filesystem::{Dir, File};
use wasmtime_wasi::{FsPerms, OpenMode};

use crate::grants::{Access, Place, Things};

/// What was granted, and which of a plugin's descriptors lead there.
pub(super) struct Places {
    pub(super) granted: Vec<Granted>,
    pub(super) known: HashMap<u32, Known>,
}

pub(super) struct Granted {
    pub(super) name: String,
    pub(super) dir: Dir,
    pub(super) access: Access,
    /// The only files that are there, if they were granted one by one.
    pub(super) files: Option<HashMap<String, (File, Access)>>,
}

/// A directory that the plugin has open.
#[derive(Clone)]
pub(super) struct Known {
    /// Which of those that were granted it is, or lies in.
    pub(super) granted: usize,
    /// What it is called there.
    pub(super) path: String,
}

impl Places {
    pub(super) fn new(places: &[Place]) -> Result<Places> {
        let granted = places.iter().map(Granted::new).collect::<Result<_>>()?;
        Ok(Places {
            granted,
            known: HashMap::new(),
        })
    }
}

impl Granted {
    fn new(place: &Place) -> Result<Granted> {
        let (dir, access, files) = match &place.things {
            Things::Dir(dir, access) => (dir, *access, None),
            Things::Files { within, files } => {
                let files = files.iter().map(|(name, (file, access))| {
                    let (perms, mode) = allowed(*access);
                    let file = File::new(file.try_clone()?, perms, mode, false);
                    Ok((name.clone(), (file, *access)))
                });
                (
                    within,
                    Access::ReadOnly,
                    Some(files.collect::<Result<_>>()?),
                )
            }
        };
        let (perms, mode) = allowed(access);
        Ok(Granted {
            name: place.name.clone(),
            // Not on the caller's own thread, which must be free when its time is up.
            dir: Dir::new(dir.try_clone()?, perms, mode, false),
            access,
            files,
        })
    }
}

pub(super) fn allowed(access: Access) -> (FsPerms, OpenMode) {
    match access {
        Access::ReadOnly => (FsPerms::ReadOnly, OpenMode::READ),
        Access::ReadWrite => (FsPerms::ReadWrite, OpenMode::READ | OpenMode::WRITE),
    }
}
