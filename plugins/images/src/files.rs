//! Files that the plugin was granted.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use locum_guest::{Error, Result};

/// Everything in a file.
pub(crate) fn read(path: &str) -> Result<Vec<u8>> {
    let failed = |error| explain("read", path, error);
    let mut file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let mut bytes = Vec::new();
    // A file that is larger than the memory is no reason to die.
    usize::try_from(length)
        .ok()
        .filter(|length| bytes.try_reserve_exact(*length).is_ok())
        .ok_or_else(|| {
            Error::raise(
                "MemoryError",
                format!("cannot read {path:?}: it has {length} bytes, more than this plugin has memory left for"),
            )
        })?;
    file.read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Makes a file of the bytes, or replaces the one that is there.
pub(crate) fn write(path: &str, bytes: &[u8]) -> Result<()> {
    File::create(path)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|error| explain("write", path, error))
}

/// The format's name that a path ends in, if it has one.
pub(crate) fn extension(path: &str) -> Option<&str> {
    Path::new(path).extension()?.to_str()
}

#[cold]
fn explain(verb: &str, path: &str, error: io::Error) -> Error {
    let why = match error.kind() {
        // In the words of this place: for those of the system the host has an explanation of its own.
        io::ErrorKind::NotFound => "there is no such file here".to_owned(),
        _ => error.to_string(),
    };
    Error::from(error).map_message(|_| {
        format!(
            "cannot {verb} {path:?}: {why}; a plugin sees only the files that it was granted \
             (Grants::dir and Grants::file, --allow-dir and --allow-file)"
        )
    })
}
