//! What scripts are given beside the language and the plugins: the module `shell`.
//!
//! A script is run by its user and may do what the user may; a plugin is given none of this unless a script passes it on.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::Mutex;

use locum::{Bytes, Error, Kind, Module, Result, Value, object};

use crate::out;
use crate::show::Screen;

/// The name of the module.
pub(crate) const MODULE: &str = "shell";

/// The largest file that is read.
const LARGEST: u64 = 1 << 30;

/// The bytes of the file at `path`.
#[object]
fn read(path: &str) -> Result<Bytes> {
    let failed = |error| refused(path, "read", error);
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        let message = format!("{path} has more than {LARGEST} bytes, which is as much as is read");
        return Err(Error::new(Kind::LimitExceeded, message));
    }
    Ok(Bytes::from(bytes))
}

/// The text of the file at `path`, which is UTF-8.
#[object]
fn read_text(path: &str) -> Result<String> {
    String::from_utf8(read(path)?.to_vec()).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Error::value(format!(
            "{path} is no UTF-8 text at byte {at}; read its bytes with `read(path)`"
        ))
    })
}

/// Writes text or bytes to the file at `path`, over what it held, and says how many bytes it has now.
#[object]
fn write(path: &str, data: Value) -> Result<usize> {
    let bytes: &[u8] = match &data {
        Value::Text(text) => text.as_bytes(),
        Value::Bytes(bytes) => bytes,
        other => {
            let kind = other.type_name();
            return Err(Error::type_error(format!(
                "write: argument `data` (1): expected a text or bytes, got a {kind}; write str(...) of it"
            )));
        }
    };
    fs::write(path, bytes).map_err(|error| refused(path, "written", error))?;
    Ok(bytes.len())
}

/// The names of what is in a directory, sorted; those of directories end in `/`.
#[object]
fn ls(#[arg(default = ".")] path: String) -> Result<Vec<String>> {
    let failed = |error| refused(&path, "listed", error);
    let mut names = Vec::new();
    for entry in fs::read_dir(&path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let slash = if Path::is_dir(&entry.path()) { "/" } else { "" };
        names.push(entry.file_name().to_string_lossy().into_owned() + slash);
    }
    names.sort();
    Ok(names)
}

/// Shows a value the way the shell does: dicts as a table, numbers with a sparkline, pictures as pictures.
#[object]
fn show(value: Value) {
    // One for all, so that the pictures of a script are numbered.
    static SCREEN: Mutex<Option<Screen>> = Mutex::new(None);
    let mut screen = SCREEN
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let text = screen.get_or_insert_with(Screen::stdout).show(&value);
    drop(screen);
    out::out(&text);
}

/// The module.
pub(crate) fn module() -> Module {
    Module::new(MODULE)
        .doc("Files and the screen, for scripts. A plugin is given none of it unless a script passes it on.")
        .member::<read>()
        .member::<read_text>()
        .member::<write>()
        .member::<ls>()
        .member::<show>()
}

fn refused(path: &str, verb: &str, error: std::io::Error) -> Error {
    Error::raise("OSError", format!("{path} can not be {verb}: {error}"))
}
