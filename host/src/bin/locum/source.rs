//! Which plugin a command works on, and loading it.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use locum::{Host, LoadOptions, Plugin, Stream};

use crate::failure::Failure;
use crate::style::{Painter, Style};
use crate::{out, progress};

/// The plugin that the binary carries.
#[cfg(embedded)]
const EMBEDDED: Option<&[u8]> = Some(include_bytes!(concat!(
    env!("OUT_DIR"),
    "/collections.wasm"
)));
#[cfg(not(embedded))]
const EMBEDDED: Option<&[u8]> = None;

const EMBEDDED_NAME: &str = "collections";

/// A line of a plugin's output that is longer than this is shown in pieces.
const LONGEST_LINE: usize = 8 << 10;

/// Where a plugin comes from.
pub(crate) enum Source {
    Embedded(&'static [u8]),
    File(PathBuf),
}

impl Source {
    /// The built-in plugin.
    pub(crate) fn embedded() -> Result<Source, Failure> {
        let missing =
            "this build of locum has no plugin in it; name one, as in `locum inspect PLUGIN.wasm`";
        EMBEDDED
            .map(Source::Embedded)
            .ok_or_else(|| Failure::Usage(missing.to_owned()))
    }

    /// Whether an argument names a plugin's file, rather than being an expression.
    ///
    /// A file that does not exist shall be reported as such, so the look of its name counts too: `10/3` is an
    /// expression, and `./10` or `x.wasm` can not be one that makes sense.
    pub(crate) fn is_file(word: &str) -> bool {
        let path = Path::new(word);
        let is_wasm = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("wasm"));
        let starts_as_path = ["/", "./", "../", "~/", ".\\", "..\\"]
            .iter()
            .any(|start| word.starts_with(start));
        let is_one_line = !word.contains('\n');
        is_one_line
            && (is_wasm || starts_as_path || path.is_file() || word.contains('/') && path.exists())
    }

    /// What the plugin is called.
    pub(crate) fn name(&self) -> String {
        match self {
            Source::Embedded(_) => EMBEDDED_NAME.to_owned(),
            Source::File(path) => path
                .file_stem()
                .map_or("plugin".into(), |stem| stem.to_string_lossy())
                .into_owned(),
        }
    }

    /// What its file is called.
    pub(crate) fn file(&self) -> String {
        match self {
            Source::Embedded(_) => format!("{EMBEDDED_NAME}.wasm"),
            Source::File(path) => path.display().to_string(),
        }
    }

    /// The bytes of its file.
    pub(crate) fn bytes(&self) -> Result<Cow<'static, [u8]>, Failure> {
        match self {
            Source::Embedded(bytes) => Ok(Cow::Borrowed(bytes)),
            Source::File(path) => match fs::read(path) {
                Ok(bytes) => Ok(Cow::Owned(bytes)),
                Err(error) => Err(Failure::Usage(format!(
                    "{} can not be read: {error}",
                    self.file()
                ))),
            },
        }
    }

    /// Loads and starts the plugin; what it writes goes to standard error.
    pub(crate) fn load(&self) -> Result<Loaded, Failure> {
        let output = Arc::new(Output::new(&self.name()));
        let sink = Arc::clone(&output);
        let options = LoadOptions::new().output(move |stream, bytes| sink.take(stream, bytes));
        let host = Host::new()?;
        let plugin = progress::while_compiling(&self.file(), || match self {
            Source::Embedded(bytes) => host.load_bytes_with(EMBEDDED_NAME, bytes, options),
            Source::File(path) => host.load_with(path, options),
        });
        output.end();
        Ok(Loaded {
            plugin: plugin?,
            output,
        })
    }
}

/// A plugin that runs.
pub(crate) struct Loaded {
    pub(crate) plugin: Plugin,
    output: Arc<Output>,
}

impl Loaded {
    /// Closes the plugin after its work, whatever came of that: its destructors run, and the rest of its output is shown.
    pub(crate) fn finish<R>(self, result: Result<R, Failure>) -> Result<R, Failure> {
        let closed = if self.plugin.closed().is_none() {
            self.plugin.close()
        } else {
            Ok(())
        };
        self.output.end();
        let result = result?;
        closed?;
        Ok(result)
    }
}

/// What a plugin writes, shown line by line with its name in front.
struct Output {
    tag: String,
    unfinished: Mutex<[Vec<u8>; 2]>,
}

impl Output {
    fn new(name: &str) -> Output {
        let tag = Painter::stderr().paint(Style::Quiet, &format!("[{}]", out::line(name)));
        Output {
            tag,
            unfinished: Mutex::default(),
        }
    }

    fn take(&self, stream: Stream, bytes: &[u8]) {
        let mut unfinished = self
            .unfinished
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let rest = &mut unfinished[usize::from(stream == Stream::Stderr)];
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            rest.extend_from_slice(piece);
            if piece.ends_with(b"\n") || rest.len() >= LONGEST_LINE {
                self.show(rest);
                rest.clear();
            }
        }
    }

    /// Shows what has no newline yet.
    fn end(&self) {
        let mut unfinished = self
            .unfinished
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for rest in unfinished.iter_mut().filter(|rest| !rest.is_empty()) {
            self.show(rest);
            rest.clear();
        }
    }

    fn show(&self, line: &[u8]) {
        let line = String::from_utf8_lossy(line.trim_ascii_end());
        // Advice of Rust's standard library that does not help with a plugin.
        if !line.is_empty() && !line.starts_with("note: run with `RUST_BACKTRACE=") {
            out::err(&format!("{} {}\n", self.tag, out::line(&line)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_no_file_and_a_missing_file_is_no_expression() {
        for file in [
            "x.wasm",
            "missing/x.WASM",
            "./x",
            "../x",
            "/x/y",
            "Cargo.toml",
            "src/bin",
        ] {
            assert!(Source::is_file(file), "{file}");
        }
        for expression in ["10/3", "a.b/c", "l[0]", "x", "'a'", "-", "a\n.wasm", ""] {
            assert!(!Source::is_file(expression), "{expression}");
        }
    }
}
