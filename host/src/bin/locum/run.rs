//! `locum run`: a script from a file.

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use clap::Args;
use locum::Value;

use crate::cli::GrantArgs;
use crate::failure::Failure;
use crate::monitor::MonitorArgs;
use crate::repl::{self, Shell};
use crate::session::Session;
use crate::{json, out, trace};

const EXAMPLES: &str = "\
The language is that of `locum eval`: Python's look, with blocks, functions and exceptions (`locum repl --help`). A script
prints what it wants to be seen, and show(value) shows a table or a picture the way the shell does. Its arguments are in
`args`. The module `shell` has read(path), read_text(path), write(path, data), ls() and show(value): the script may do what
its user may; the plugins are given nothing but what the options say, and what the script passes to them.

Examples:
  locum run totals.txt
  locum run -p tables.wasm report.txt june.csv          args is ['june.csv']
  locum run -p a=counters.wasm -p b=counters.wasm two.txt
  locum run -i -p images.wasm setup.txt                 and then the shell

With a first line such as `#!/usr/bin/env -S locum run -p counters.wasm` a script is a program.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RunArgs {
    /// A plugin, under the name of its file or one of its own, as often as there are plugins; the built-in `collections` when
    /// there is none
    #[arg(short, long = "plugin", value_name = "[NAME=]PLUGIN.wasm")]
    plugins: Vec<String>,

    /// Go on with the shell when the script has ended, whatever came of it
    #[arg(short, long)]
    interactive: bool,

    /// Print the value of the script's last expression as one line of JSON
    #[arg(long)]
    json: bool,

    /// Write every call to FILE, also when the script fails: a Chrome trace, which https://ui.perfetto.dev opens
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,

    #[command(flatten)]
    monitor: MonitorArgs,

    #[command(flatten)]
    grants: GrantArgs,

    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    script: PathBuf,

    /// What the script finds in `args`
    #[arg(
        value_name = "ARGUMENT",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    arguments: Vec<String>,
}

pub(crate) fn run(arguments: &RunArgs) -> Result<(), Failure> {
    let source = read(&arguments.script)?;
    trace::begin(arguments.trace.as_deref())?;
    let result = Session::start(&arguments.plugins, &arguments.grants, &arguments.monitor)
        .and_then(|session| {
            let result = evaluate(&session, arguments, &source);
            session.finish(result)
        });
    trace::end(result)
}

fn evaluate(session: &Session, arguments: &RunArgs, source: &str) -> Result<(), Failure> {
    let mut shell = Shell::new(session, arguments.json);
    shell.set("args", Value::from(arguments.arguments.clone()));
    let value = shell.value(source);
    if arguments.interactive {
        if let Err(failure) = &value {
            failure.report();
        }
        shell.revive()?;
        return repl::converse(shell, false);
    }
    let value = value?;
    if arguments.json {
        out::out(&(json::write(&value).map_err(Failure::Result)? + "\n"));
    }
    Ok(())
}

fn read(path: &PathBuf) -> Result<String, Failure> {
    let shown = out::line(&path.display().to_string()).into_owned();
    if path
        .extension()
        .is_some_and(|it| it.eq_ignore_ascii_case("wasm"))
    {
        return Err(Failure::Usage(format!(
            "{shown} is a plugin and not a script; to try it, `locum repl {shown}`; to run a script with it, \
             `locum run -p {shown} SCRIPT`"
        )));
    }
    let source = if path.as_os_str() == "-" {
        let mut source = String::new();
        io::stdin()
            .lock()
            .read_to_string(&mut source)
            .map(|_| source)
    } else {
        fs::read_to_string(path)
    };
    source.map_err(|error| Failure::Usage(format!("the script {shown} can not be read: {error}")))
}
