//! `--trace FILE` and `locum trace`: what happened, as a file that Perfetto (<https://ui.perfetto.dev>) opens.
//!
//! `layer` listens to the spans that `locum::spans` lists, `live` takes the calls that a running host tells of; `record` keeps
//! them by lane and thread, `chrome` writes them in the trace event format of Chrome.

mod chrome;
mod layer;
pub(crate) mod live;
mod record;

#[cfg(test)]
mod check;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use self::layer::Recorder;
use self::record::Record;
use crate::failure::Failure;
use crate::{log, out};

/// The trace that is under way; here, so that every way out of the program can write it.
static TRACE: Mutex<Option<Trace>> = Mutex::new(None);

struct Trace {
    path: PathBuf,
    file: File,
    record: Arc<Mutex<Record>>,
}

/// Opens the file and begins to listen. `None`: no trace is wanted.
pub(crate) fn begin(path: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = path else {
        return Ok(());
    };
    let file = create(path)?;
    let recorder = Recorder::new();
    let trace = Trace {
        path: path.to_owned(),
        file,
        record: recorder.record(),
    };
    log::begin(Some(recorder))?;
    *TRACE.lock().unwrap_or_else(PoisonError::into_inner) = Some(trace);
    Ok(())
}

/// The file that a trace will be written to.
fn create(path: &Path) -> Result<File, Failure> {
    let shown = path.display();
    // Whoever forgets the name of the trace would lose the plugin.
    if path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("wasm"))
    {
        return Err(Failure::Usage(format!(
            "the trace would overwrite the plugin {shown}; name a file for it, as in `out.json`"
        )));
    }
    File::create(path).map_err(|error| {
        Failure::Usage(format!(
            "the trace can not be written to {shown}: {error}; name a file in a directory that you may write to"
        ))
    })
}

/// Writes the file after the work, whatever came of that.
pub(crate) fn end<R>(result: Result<R, Failure>) -> Result<R, Failure> {
    match (write(), result) {
        (Ok(()), result) => result,
        (Err(failure), Ok(_)) => Err(failure),
        (Err(trace), Err(failure)) => {
            trace.report();
            Err(failure)
        }
    }
}

/// Writes the file, if there is one and it has not been written.
pub(crate) fn write() -> Result<(), Failure> {
    let trace = TRACE.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(Trace { path, file, record }) = trace else {
        return Ok(());
    };
    let record = record.lock().unwrap_or_else(PoisonError::into_inner);
    save(file, &record).map_err(|error| {
        Failure::Usage(format!(
            "the trace can not be written to {}: {error}",
            path.display()
        ))
    })?;
    if record.left_out() > 0 {
        out::note(&format!(
            "note: the trace has the first {} spans and events; {} later ones are left out\n",
            record::MOST,
            record.left_out()
        ));
    }
    Ok(())
}

fn save(file: File, record: &Record) -> io::Result<()> {
    let mut writer = BufWriter::new(file);
    chrome::write(&mut writer, record)?;
    writer.flush()
}
