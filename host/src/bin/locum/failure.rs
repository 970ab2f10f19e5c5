//! What went wrong, how it is said, and with which exit code.

use std::process::ExitCode;

use locum::{Error, Kind, expr};

use crate::out;
use crate::style::{Painter, Style};

/// The expression raised, or could not be read; a test failed.
const RAISED: u8 = 1;
/// The command line was wrong, or the plugin could not be loaded.
pub(crate) const USAGE: u8 = 2;
/// The plugin died.
const DIED: u8 = 3;

/// It was interrupted: what shells give a program that Ctrl-C ended.
pub(crate) const INTERRUPTED: u8 = 130;

/// Why a command ended.
pub(crate) enum Failure {
    /// The command line was wrong.
    Usage(String),
    /// An expression raised, or could not be read.
    Script(expr::Error),
    /// The expression that is timed raised, in this run of it.
    Run(u64, expr::Error),
    /// Something else that a plugin, or loading it, answered.
    Plugin(Error),
    /// A result that can not be shown as was asked.
    Result(String),
    /// Ctrl-C.
    Interrupted,
    /// Something that the user was told of when it happened.
    Told,
    /// Tests of a plugin's crate failed.
    Tests(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Plugin(error)
    }
}

impl From<expr::Error> for Failure {
    fn from(error: expr::Error) -> Failure {
        Failure::Script(error)
    }
}

impl Failure {
    /// Tells the user, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        out::err(&highlighted(&self.text(), Painter::stderr()));
        ExitCode::from(self.code())
    }

    fn code(&self) -> u8 {
        match self {
            Failure::Usage(_) => USAGE,
            Failure::Script(error) | Failure::Run(_, error) => {
                error.cause().map_or(RAISED, code_of)
            }
            Failure::Plugin(error) => code_of(error),
            Failure::Result(_) | Failure::Told | Failure::Tests(_) => RAISED,
            Failure::Interrupted => INTERRUPTED,
        }
    }

    /// What is said, each line with its newline.
    fn text(&self) -> String {
        match self {
            Failure::Usage(message) | Failure::Result(message) | Failure::Tests(message) => {
                format!("error: {}\n", out::line(message))
            }
            Failure::Script(error) => script(error),
            Failure::Run(run, error) => {
                format!(
                    "{}    in run {run}, those of the warm-up counted\n",
                    script(error)
                )
            }
            Failure::Interrupted => "error: interrupted\n".to_owned(),
            Failure::Told => String::new(),
            // Its message is a whole sentence that names the file.
            Failure::Plugin(error) if error.kind() == Kind::Load => {
                format!("error: {}\n{}", out::line(error.message()), trace(error))
            }
            Failure::Plugin(error) => format!(
                "error: {}\n{}",
                out::plain(&error.to_string()),
                trace(error)
            ),
        }
    }
}

fn code_of(error: &Error) -> u8 {
    match error.kind() {
        Kind::Load => USAGE,
        kind if kind.is_fatal() => DIED,
        _ => RAISED,
    }
}

/// The error of a script with its place, then where it happened over there.
pub(crate) fn script(error: &expr::Error) -> String {
    let trace = error.cause().map(trace).unwrap_or_default();
    out::plain(&(error.render() + &trace)).into_owned()
}

/// The lines of a trace. What the plugin wrote to its standard error is left out: it was shown when it came.
fn trace(error: &Error) -> String {
    let lines = error
        .trace()
        .iter()
        .filter(|line| !line.starts_with("stderr: "));
    lines
        .map(|line| format!("    {}\n", out::line(line)))
        .collect()
}

/// The same text with its first word in colour.
pub(crate) fn highlighted(text: &str, painter: Painter) -> String {
    match text.strip_prefix("error:") {
        Some(rest) => painter.paint(Style::Bad, "error:") + rest,
        None => text.to_owned(),
    }
}
