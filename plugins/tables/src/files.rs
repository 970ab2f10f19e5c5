//! Files: in a directory that was granted to the plugin, or one that its host hands over.

use std::io::ErrorKind;

use locum_guest::fs::{Directory, DirectoryProxy};
use locum_guest::{Bytes, Error, Result};

pub(crate) fn read(path: &str, directory: Option<DirectoryProxy>) -> Result<Bytes> {
    match directory {
        Some(directory) => directory.read(path),
        None => match std::fs::read(path) {
            Ok(bytes) => Ok(Bytes::from(bytes)),
            Err(error) => Err(explained(path, error, "read", "ro", "ReadOnly")),
        },
    }
}

pub(crate) fn write(path: &str, text: String, directory: Option<DirectoryProxy>) -> Result<()> {
    match directory {
        Some(directory) => directory.write(path, text),
        None => std::fs::write(path, text)
            .map_err(|error| explained(path, error, "written", "rw", "ReadWrite")),
    }
}

/// Says which grant would help, where one would.
#[cold]
fn explained(path: &str, error: std::io::Error, verb: &str, option: &str, access: &str) -> Error {
    let advice = match error.kind() {
        ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            let directory = match path.trim_start_matches('/').split_once('/') {
                Some((directory, _)) => directory,
                None => "data",
            };
            let instead = match path.contains('/') {
                true => String::new(),
                false => format!(" and say \"{directory}/{path}\""),
            };
            format!(
                ": only directories that the plugin was granted are there; if it is in none of them, grant it, as in \
                 --allow-dir {directory}=./{directory}:{option} or \
                 Grants::dir(\"{directory}\", .., Access::{access}){instead}"
            )
        }
        _ => String::new(),
    };
    Error::from(error).map_message(|text| format!("{path:?} can not be {verb}: {text}{advice}"))
}
