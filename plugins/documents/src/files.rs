//! Files that the plugin was granted.

use std::io;

use locum_guest::{Error, Result};

/// The text in a file.
pub(crate) fn read(path: &str) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| explain("read", path, error))
}

/// Makes a file of the text, or replaces the one that is there.
pub(crate) fn write(path: &str, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|error| explain("write", path, error))
}

#[cold]
fn explain(verb: &str, path: &str, error: io::Error) -> Error {
    let why = match error.kind() {
        // In the words of this place: for those of the system the host has an explanation of its own.
        io::ErrorKind::NotFound => "there is no such file here".to_owned(),
        io::ErrorKind::InvalidData => {
            return Error::value(format!("cannot {verb} {path:?}: it is not text in UTF-8"));
        }
        _ => error.to_string(),
    };
    Error::from(error).map_message(|_| {
        format!(
            "cannot {verb} {path:?}: {why}; a plugin sees only the files that it was granted \
             (Grants::dir and Grants::file, --allow-dir and --allow-file)"
        )
    })
}
