//! `locum eval --watch`: evaluates again when the plugin's file has changed.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

use locum::Plugin;

use crate::failure::Failure;
use crate::out;
use crate::source::{Loaded, Source};

/// How often the file is looked at.
const INTERVAL: Duration = Duration::from_millis(200);

/// Evaluates, and evaluates again with each new version of the file. Ends when the first one can not be loaded, and
/// otherwise with the program.
pub(crate) fn run(
    source: &Source,
    load: impl Fn() -> Result<Loaded, Failure>,
    evaluate: impl Fn(&Plugin) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let Source::File(path) = source else {
        let text = "the built-in plugin does not change; name a file, as in `locum eval --watch PLUGIN.wasm EXPR`";
        return Err(Failure::Usage(text.to_owned()));
    };
    let file = out::line(&source.file()).into_owned();
    // Before it is loaded: what changes from now on counts as changed.
    let mut eye = Eye::new(Look::at(path));
    let mut loaded = load()?;
    loop {
        tell(evaluate(&loaded.plugin));
        out::note(&format!("watching {file}\n"));
        loop {
            while !eye.sees_change(Look::at(path)) {
                thread::sleep(INTERVAL);
            }
            // Only a version that starts takes the place of the one before.
            match load() {
                Ok(next) => {
                    out::note(&format!("{file} has changed: evaluated again\n"));
                    tell(std::mem::replace(&mut loaded, next).finish(Ok(())));
                    break;
                }
                Err(failure) => {
                    tell(Err(failure));
                    out::err(&format!(
                        "{file} has changed and can not be loaded: the version before stays\n"
                    ));
                }
            }
        }
    }
}

/// Says what went wrong, and goes on.
fn tell(result: Result<(), Failure>) {
    if let Err(failure) = result {
        failure.report();
    }
}

/// What a file looks like from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    modified: Option<SystemTime>,
    bytes: u64,
}

impl Look {
    /// `None` while there is no file, as in the middle of a build.
    fn at(path: &Path) -> Option<Look> {
        let found = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        Some(Look {
            modified: found.modified().ok(),
            bytes: found.len(),
        })
    }
}

/// Tells from looks at a file when it has changed and is whole.
struct Eye {
    /// How the file looked when it was last taken for whole.
    known: Option<Look>,
    /// How it looked last.
    last: Option<Look>,
}

impl Eye {
    fn new(look: Option<Look>) -> Eye {
        Eye {
            known: look,
            last: look,
        }
    }

    /// Whether the file is another one than before, and does not change any more: two looks in a row found the same.
    fn sees_change(&mut self, look: Option<Look>) -> bool {
        let is_still = std::mem::replace(&mut self.last, look) == look;
        let is_new = is_still && look.is_some() && look != self.known;
        if is_new {
            self.known = look;
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(seconds: u64, bytes: u64) -> Option<Look> {
        Some(Look {
            modified: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)),
            bytes,
        })
    }

    #[test]
    fn a_change_is_seen_once_and_only_when_the_file_is_whole() {
        let mut eye = Eye::new(look(1, 100));
        let looks = [
            (look(1, 100), false),
            // It is being written.
            (look(2, 0), false),
            (look(2, 50), false),
            (look(3, 100), false),
            (look(3, 100), true),
            (look(3, 100), false),
            // It is removed, and there again.
            (None, false),
            (None, false),
            (look(4, 100), false),
            (look(4, 100), true),
            // It is removed, and the same again.
            (None, false),
            (look(4, 100), false),
            (look(4, 100), false),
        ];
        for (step, (look, expected)) in looks.into_iter().enumerate() {
            assert_eq!(eye.sees_change(look), expected, "at step {step}");
        }
    }
}
