//! Which plugin a command works on, and loading it.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use locum::{Grants, Host, LoadOptions, Manifest, Output, Plugin, Template};

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

    /// The plugin of a command that takes one or none, then expressions; and those.
    pub(crate) fn of_words<'w>(
        words: &'w [String],
        command: &str,
    ) -> Result<(Source, &'w [String]), Failure> {
        match words {
            [file, expressions @ ..] if Source::is_file(file) => {
                if expressions.is_empty() {
                    let message = format!(
                        "there is no expression; give one, as in `locum {command} {file} 'len([1, 2])'`"
                    );
                    return Err(Failure::Usage(message));
                }
                Ok((Source::File(file.into()), expressions))
            }
            expressions => Ok((Source::embedded()?, expressions)),
        }
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

    /// What it asks for, if it says so.
    pub(crate) fn manifest(&self) -> Result<Option<Manifest>, Failure> {
        Ok(match self {
            Source::Embedded(bytes) => Manifest::inside(bytes)?,
            Source::File(path) => Manifest::of(path)?,
        })
    }

    /// Compiles the plugin, to be started under this name or its own; what it writes goes to standard error.
    pub(crate) fn template(
        &self,
        host: &Host,
        name: Option<&str>,
        options: LoadOptions,
        grants: Grants,
    ) -> Result<Template, Failure> {
        let own = self.name();
        let name = name.unwrap_or(&own);
        let tag = Painter::stderr().paint(Style::Quiet, &format!("[{}]", out::line(name)));
        let output = Output::lines(move |_, line| show(&tag, line));
        let options = options.name(name).grants(grants.output(output));
        let template = progress::while_compiling(&self.file(), || match self {
            Source::Embedded(bytes) => host.template_bytes(EMBEDDED_NAME, bytes, options),
            Source::File(path) => host.template_with(path, options),
        });
        Ok(template?)
    }

    /// Loads and starts the plugin; what it writes goes to standard error.
    pub(crate) fn load(&self) -> Result<Loaded, Failure> {
        self.load_with(LoadOptions::new(), Grants::new())
    }

    /// The same for a plugin that is given something.
    pub(crate) fn load_with(
        &self,
        options: LoadOptions,
        grants: Grants,
    ) -> Result<Loaded, Failure> {
        self.load_on(&Host::new()?, options, grants)
    }

    /// The same on a host that is there.
    pub(crate) fn load_on(
        &self,
        host: &Host,
        options: LoadOptions,
        grants: Grants,
    ) -> Result<Loaded, Failure> {
        let plugin = self.template(host, None, options, grants)?.start()?;
        Ok(Loaded { plugin })
    }
}

/// Shows a line of what a plugin writes, but for the advice of Rust's standard library that does not help with a plugin.
fn show(tag: &str, line: &str) {
    if !line.trim().is_empty() && !line.starts_with("note: run with `RUST_BACKTRACE=") {
        out::err(&format!("{tag} {line}\n"));
    }
}

/// A plugin that runs.
pub(crate) struct Loaded {
    pub(crate) plugin: Plugin,
}

impl Loaded {
    /// Closes the plugin after its work, whatever came of that: its destructors run, and the rest of its output
    /// is shown.
    pub(crate) fn finish<R>(self, result: Result<R, Failure>) -> Result<R, Failure> {
        let closed = if self.plugin.closed().is_none() {
            self.plugin.close()
        } else {
            Ok(())
        };
        let result = result?;
        closed?;
        Ok(result)
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
