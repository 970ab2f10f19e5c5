//! Files: in a directory that was granted to the plugin, or one that its host hands over.

use std::io::ErrorKind;

use locum_guest::fs::{Directory, DirectoryProxy};
use locum_guest::{Bytes, Error, Result};

/// Writes a file.
pub(crate) fn write(path: &str, bytes: Bytes, directory: Option<DirectoryProxy>) -> Result<()> {
    match directory {
        Some(directory) => directory.write(path, bytes),
        None => std::fs::write(path, &*bytes).map_err(|error| explained(path, error)),
    }
}

/// Says which grant would help, where one would.
#[cold]
fn explained(path: &str, error: std::io::Error) -> Error {
    let advice = match error.kind() {
        ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            let directory = match path.trim_start_matches('/').split_once('/') {
                Some((directory, _)) => directory,
                None => "out",
            };
            let written = match path.contains('/') {
                true => String::new(),
                false => format!(" and save as \"{directory}/{path}\""),
            };
            format!(
                ": a plot is written only into a directory that its plugin was granted; grant one, as in \
                 --allow-dir {directory}=./{directory}:rw or Grants::dir(\"{directory}\", .., Access::ReadWrite)\
                 {written}"
            )
        }
        _ => String::new(),
    };
    Error::from(error).map_message(|text| format!("{path:?} can not be written: {text}{advice}"))
}
