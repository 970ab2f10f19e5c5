//! The arguments, and the help on them.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

use crate::manual::{CompletionArgs, ManArgs};
use crate::map::MapArgs;
use crate::monitor::MonitorArgs;
use crate::repl::ReplArgs;
use crate::run::RunArgs;
use crate::top::TopArgs;
use crate::trace::live::TraceArgs;

const EXAMPLES: &str = "\
Examples:
  locum                                       the guided tour
  locum repl counters.wasm                    a shell for a plugin
  locum run -p counters.wasm script.txt       a script
  locum eval 'collections.list([3, 1, 2])'    an expression on the built-in plugin
  locum eval counters.wasm 'c = Counter(10)' 'c.add(5)'
  locum bench counters.wasm 'c = Counter(10)' 'c.add(1)'
  locum inspect counters.wasm                 what a plugin offers
  locum bindgen counters.wasm -o src/counters.rs
  locum new counters                          the crate of a new plugin
  locum test; locum build                     in that crate
  locum doc counters.wasm                     its documentation
  locum top                                   what a running host does

Exit codes: 0 fine, 1 an expression, a script or a test failed, 2 wrong usage, or a plugin could not be
built or loaded, 3 a plugin died, 130 interrupted by Ctrl-C.

Environment: NO_COLOR switches colours off, RUST_LOG says what is logged (`RUST_LOG=locum=debug` shows
each call).";

const EVAL_EXAMPLES: &str = "\
The language has Python's look: literals and f-strings, attributes, calls with keywords, slices,
operators, comprehensions, `if`, `while`, `for`, `try`, `raise`, `def` and `lambda`, `import`, and
functions like len(), str() and sorted(). A plugin can be given a function of the script. The
result of each expression is shown, a null not at all; all of them share their variables.

Examples:
  locum eval 'l = collections.list([3, 1, 2])' 'l.sort()' 'l[:]'
  locum eval 'd = collections.dict(a=1); for key in d: print(key, d[key])'
  locum eval --json '{\"squares\": [i*i for i in range(4)]}'
  locum eval counters.wasm 'Counter(10).add(by=5)'
  locum eval counters.wasm 'Counter(10).add(5, watcher=lambda n: print(\"now\", n))'
  locum eval - < script.txt
  locum eval --watch counters.wasm 'Counter(10).add(5)'    again after each build
  locum eval --trace out.json 'l = collections.list([3, 1, 2])' 'l.sort()'
  locum eval --allow-dir data=./data --deadline 2s report.wasm 'summary(\"data/june.csv\")'

A plugin sees nothing of this machine but what it is given. NAME is what it is called in there;
without NAME= it is the path as it is written. A directory or file is read-only unless `:rw`
follows. `locum inspect` shows what a plugin asks for.

With --json, an object is {\"$proxy\": \"<Proxy[...] ...>\"}, bytes are {\"$bytes\": \"hex\"}, a slice is
{\"$slice\": [start, stop, step]}, and a number that JSON lacks {\"$float\": \"nan\" | \"inf\" | \"-inf\"}.
Keys of a dict are texts; numbers, booleans and null become text, other keys are refused.";

const BENCH_EXAMPLES: &str = "\
The last expression is run over and over and timed; those before it are run once, and share their
variables with it. The language is that of `locum eval`. After a warm-up of 1000 runs or 0.3 s it
is measured for as long as --time says, and ten times at least. Runs that are too short for the
clock are timed in batches. What the timed expression prints is not shown.

Examples:
  locum bench counters.wasm 'c = Counter(10)' 'c.add(1)'
  locum bench 'l = collections.list(range(1000))' 'sum(l)'
  locum bench --time 10s --json counters.wasm 'Counter(1)'

With --json: the fields that end in _ns are nanoseconds; calls, bytes_sent and bytes_received are
those of one run. Where batch is not 1, so many runs were timed at once, and the times are means.";

const BINDGEN_EXAMPLES: &str = "\
For each class there is a trait with #[proxy], for each module one with its constructors, functions
and constants; a program that has the file as a module works with typed views:

  let counter = CountersProxy::import(&plugin)?.counter(10)?;
  counter.add(Some(5), None)?;

What has no name in Rust is left out, with a warning.

Examples:
  locum bindgen counters.wasm -o src/counters.rs
  locum bindgen samples.wasm samples samples.errors -o src/samples.rs
  locum bindgen counters.wasm --guest -o src/counters.rs    for another plugin";

/// Load plugins as isolated WebAssembly components and work with the live objects inside them through proxies.
#[derive(Parser)]
#[command(version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Write results and errors only: no progress, notes or warnings
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Log what happens to standard error: loading and closing, with -vv also each call; RUST_LOG says it more exactly
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

impl Cli {
    /// Whether a trace is written.
    pub(crate) fn is_traced(&self) -> bool {
        match &self.command {
            Some(Command::Demo(arguments)) => arguments.trace.is_some(),
            Some(Command::Eval(arguments)) => arguments.trace.is_some(),
            Some(Command::Repl(arguments)) => arguments.trace.is_some(),
            Some(Command::Run(arguments)) => arguments.trace.is_some(),
            _ => false,
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// A guided tour on the built-in plugin (this is also what `locum` alone does)
    Demo(DemoArgs),
    /// Make the crate of a plugin that builds and whose tests pass
    New(crate::new::NewArgs),
    /// Build a plugin's crate, and check that a host can load it
    Build(crate::build::BuildArgs),
    /// Run the tests of a plugin's crate, then build and check it
    Test(crate::test::TestArgs),
    /// Evaluate expressions on a plugin's objects
    Eval(Box<EvalArgs>),
    /// A shell for plugins: history, completion, help on every name, results as people read them
    Repl(Box<ReplArgs>),
    /// Run a script on plugins
    Run(Box<RunArgs>),
    /// Call a function with many items, in several instances of a plugin at once
    Map(Box<MapArgs>),
    /// Time an expression: how long it takes, how that spreads, and what of it crosses to the plugin
    Bench(Box<BenchArgs>),
    /// Show what a plugin offers, what it imports, and its sizes
    Inspect(InspectArgs),
    /// Show a plugin's own documentation, in the terminal, as Markdown or as a page of HTML
    Doc(crate::doc::DocArgs),
    /// Write Rust traits for a plugin's classes and modules, to work with typed views of its objects
    Bindgen(BindgenArgs),
    /// Print what a shell needs to complete this program's arguments
    Completions(CompletionArgs),
    /// Print manual pages
    Man(ManArgs),
    /// Watch a running host: its plugins, their calls, latencies, memory and objects
    Top(TopArgs),
    /// Record every call of a running host, for https://ui.perfetto.dev
    Trace(TraceArgs),
}

#[derive(Args, Default)]
pub(crate) struct DemoArgs {
    /// Write every call to FILE, for https://ui.perfetto.dev; the figures at the end are left out
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = EVAL_EXAMPLES, override_usage = "locum eval [OPTIONS] [PLUGIN.wasm] EXPR...")]
pub(crate) struct EvalArgs {
    /// Print the value of the last expression as one line of JSON, and no other results
    #[arg(long)]
    pub(crate) json: bool,

    /// Write every call to FILE, also when an expression fails: a Chrome trace, which https://ui.perfetto.dev opens. The
    /// plugin and the host have a lane each, arrows lead from whoever calls to whoever is called
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,

    /// Load the plugin's file again and evaluate anew whenever it changes, until Ctrl-C
    #[arg(long, conflicts_with = "trace")]
    pub(crate) watch: bool,

    #[command(flatten)]
    pub(crate) monitor: MonitorArgs,

    #[command(flatten)]
    pub(crate) grants: GrantArgs,

    /// Expressions, run in order; `-` reads a script from standard input. A first argument that ends in .wasm, or names
    /// a file, is the plugin; without one it is the built-in `collections`
    #[arg(value_name = "EXPR", required = true, allow_negative_numbers = true)]
    pub(crate) words: Vec<String>,
}

#[derive(Args)]
#[command(after_help = BENCH_EXAMPLES, override_usage = "locum bench [OPTIONS] [PLUGIN.wasm] [SETUP...] EXPR")]
pub(crate) struct BenchArgs {
    /// How long it is measured: 500ms, 10s
    #[arg(long, value_name = "TIME", default_value = "2s")]
    pub(crate) time: String,

    /// Print the numbers as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) monitor: MonitorArgs,

    #[command(flatten)]
    pub(crate) grants: GrantArgs,

    /// Expressions; the last one is timed. `-` reads one from standard input. A first argument that ends in .wasm, or names
    /// a file, is the plugin; without one it is the built-in `collections`
    #[arg(value_name = "EXPR", required = true, allow_negative_numbers = true)]
    pub(crate) words: Vec<String>,
}

/// What a plugin may see, and how much it may take.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = "What the plugin may see, and how much it may take")]
pub(crate) struct GrantArgs {
    /// A directory, with all that is in it
    #[arg(long, value_name = "[NAME=]PATH[:ro|:rw]")]
    pub(crate) allow_dir: Vec<String>,

    /// One file
    #[arg(long, value_name = "[NAME=]PATH[:ro|:rw]")]
    pub(crate) allow_file: Vec<String>,

    /// A variable of the environment, with the value that it has here or this one
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub(crate) allow_env: Vec<String>,

    /// Connections to this address, by TCP and UDP: 192.0.2.7:443, example.org:443, 10.0.0.0/8:5432, '*:53'
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) allow_net: Vec<String>,

    /// Listening at this address: 127.0.0.1:8080
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) allow_listen: Vec<String>,

    /// This command's standard input
    #[arg(long)]
    pub(crate) allow_stdin: bool,

    /// An argument of its command line; by custom the first one is the program's name
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) arg: Vec<String>,

    /// The clocks that it sees: `real`, in steps of a time as in `coarse:10ms`, or standing as in `frozen:2026-01-31T12:00:00Z`
    #[arg(long, value_name = "CLOCK")]
    pub(crate) clock: Option<String>,

    /// The same random numbers in each run, made from this number
    #[arg(long, value_name = "NUMBER")]
    pub(crate) random_seed: Option<u64>,

    /// Memory: 128MiB (64 MiB if it is not said)
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_memory: Option<String>,

    /// How long one call into the plugin may run, sleeping included: 2s, 500ms (10 s if it is not said). A script may run on
    #[arg(long, value_name = "TIME")]
    pub(crate) deadline: Option<String>,

    /// How many instructions one call into the plugin may execute
    #[arg(long, value_name = "NUMBER")]
    pub(crate) fuel: Option<u64>,
}

#[derive(Args)]
pub(crate) struct InspectArgs {
    /// Print it as JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// The plugin's file; the built-in plugin `collections` when it is left out
    #[arg(value_name = "PLUGIN.wasm")]
    pub(crate) plugin: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = BINDGEN_EXAMPLES)]
pub(crate) struct BindgenArgs {
    /// The plugin's file
    #[arg(value_name = "PLUGIN.wasm")]
    pub(crate) plugin: PathBuf,

    /// Modules, by their dotted names; all of them when none is named
    #[arg(value_name = "MODULE")]
    pub(crate) modules: Vec<String>,

    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Print the source, and what is left out, as JSON
    #[arg(long, conflicts_with = "output")]
    pub(crate) json: bool,

    /// For use in another plugin, over `locum_guest`, rather than in a host
    #[arg(long)]
    pub(crate) guest: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_declared_without_contradictions() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
