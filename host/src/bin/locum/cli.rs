//! The arguments, and the help on them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  locum                                       the guided tour
  locum eval 'collections.list([3, 1, 2])'    an expression on the built-in plugin
  locum eval counters.wasm 'c = Counter(10)' 'c.add(5)'
  locum inspect counters.wasm                 what a plugin offers
  locum bindgen counters.wasm -o src/counters.rs

Exit codes: 0 fine, 1 the expression raised, 2 usage, or the plugin could not be loaded,
3 the plugin died.";

const EVAL_EXAMPLES: &str = "\
The language has Python's look: names, literals, attributes, calls with keywords, indices,
slices, operators, comprehensions, assignment, `import`, `del`, `for` on one line, and functions
like len(), str() and sorted(). The result of each expression is shown, a null not at all; all
of them share their variables.

Examples:
  locum eval 'l = collections.list([3, 1, 2])' 'l.sort()' 'l[:]'
  locum eval 'd = collections.dict(a=1); for key in d: print(key, d[key])'
  locum eval --json '{\"squares\": [i*i for i in range(4)]}'
  locum eval counters.wasm 'Counter(10).add(by=5)'
  locum eval - < script.txt
  locum eval --trace out.json 'l = collections.list([3, 1, 2])' 'l.sort()'

With --json, an object is {\"$proxy\": \"<Proxy[...] ...>\"}, bytes are {\"$bytes\": \"hex\"}, a slice is
{\"$slice\": [start, stop, step]}, and a number that JSON lacks {\"$float\": \"nan\" | \"inf\" | \"-inf\"}.
Keys of a dict are texts; numbers, booleans and null become text, other keys are refused.";

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
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// A guided tour on the built-in plugin (this is also what `locum` alone does)
    Demo(DemoArgs),
    /// Evaluate expressions on a plugin's objects
    Eval(EvalArgs),
    /// Show what a plugin offers, what it imports, and its sizes
    Inspect(InspectArgs),
    /// Write Rust traits for a plugin's classes and modules, to work with typed views of its objects
    Bindgen(BindgenArgs),
}

#[derive(Args, Default)]
pub(crate) struct DemoArgs {
    /// Write every call to FILE, for https://ui.perfetto.dev; the figures at the end are left out
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = EVAL_EXAMPLES, override_usage = "locum eval [--json] [--trace FILE] [PLUGIN.wasm] EXPR...")]
pub(crate) struct EvalArgs {
    /// Print the value of the last expression as one line of JSON, and no other results
    #[arg(long)]
    pub(crate) json: bool,

    /// Write every call to FILE, also when an expression fails: a Chrome trace, which https://ui.perfetto.dev opens. The
    /// plugin and the host have a lane each, arrows lead from whoever calls to whoever is called
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,

    /// Expressions, run in order; `-` reads a script from standard input. A first argument that ends in .wasm, or names
    /// a file, is the plugin; without one it is the built-in `collections`
    #[arg(value_name = "EXPR", required = true, allow_negative_numbers = true)]
    pub(crate) words: Vec<String>,
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
