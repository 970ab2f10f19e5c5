//! `locum repl`: a shell for plugins.
//!
//! `editor` reads what is typed, `complete` and `resolve` know what may come next, `help` tells what a name is, `commands`
//! are the lines that begin with a colon; `shell` evaluates and shows.

mod commands;
mod complete;
mod editor;
mod help;
mod resolve;
mod shell;
mod source;

use std::io::{self, IsTerminal};

use clap::Args;

use self::editor::{Editor, Line};
pub(crate) use self::shell::Shell;
use crate::cli::GrantArgs;
use crate::failure::Failure;
use crate::monitor::MonitorArgs;
use crate::session::Session;
use crate::{out, trace};

const EXAMPLES: &str = "\
The language is that of `locum eval`; blocks end with an empty line. Results are shown the way people read them: a list of
dicts as a table, numbers with a sparkline, pictures where the terminal draws them (kitty, iTerm2, WezTerm) and otherwise as
files. The last result is `_`. The module `shell` has read(path), write(path, data), ls() and show(value).

  name?        what a name is: its parameters and its documentation
  Tab          completes modules, attributes, keyword arguments and files
  Ctrl-C       stops the call that runs; at the prompt, drops the line
  Ctrl-D       ends the shell
  :help        lists the commands, such as :reload, :time, :plugins

A plugin that dies, or is stopped by Ctrl-C, is started anew; its objects are gone then.

Examples:
  locum repl counters.wasm
  locum repl a=counters.wasm b=counters.wasm        two of them: a.Counter(1), b.Counter(2)
  locum repl --allow-dir photos images.wasm
  echo 'Counter(1).add(2)' | locum repl --json counters.wasm

The history is kept for the next time, but for lines that begin with a space.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ReplArgs {
    /// Print results as JSON, one a line
    #[arg(long)]
    json: bool,

    /// Write every call to FILE at the end: a Chrome trace, which https://ui.perfetto.dev opens
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<std::path::PathBuf>,

    #[command(flatten)]
    monitor: MonitorArgs,

    #[command(flatten)]
    grants: GrantArgs,

    /// Plugins, each under the name of its file or one of its own; the built-in `collections` when there is none
    #[arg(value_name = "[NAME=]PLUGIN.wasm")]
    plugins: Vec<String>,
}

pub(crate) fn run(arguments: &ReplArgs) -> Result<(), Failure> {
    trace::begin(arguments.trace.as_deref())?;
    let result = Session::start(&arguments.plugins, &arguments.grants, &arguments.monitor)
        .and_then(|session| {
            let result = converse(Shell::new(&session, arguments.json), true);
            session.finish(result)
        });
    trace::end(result)
}

/// Evaluates what is typed until the end of it. `Err` when something failed and nobody was there to see it.
pub(crate) fn converse(mut shell: Shell, greets: bool) -> Result<(), Failure> {
    let attended = io::stdin().is_terminal();
    if attended && greets {
        out::note(&shell.greeting());
    }
    let mut editor = Editor::new(shell.resolver(), attended)?;
    let mut failed = false;
    loop {
        match editor.read()? {
            Line::Source(source) => failed |= !shell.run(&source),
            Line::Dropped => {}
            Line::End => break,
        }
        if shell.is_over() {
            break;
        }
    }
    editor.keep_history();
    if failed && !attended {
        return Err(Failure::Told);
    }
    Ok(())
}
