//! `locum build`: a plugin's crate made into its file, small, and checked as its host will check it.

mod cargo;
mod check;
mod sizes;
mod target;

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use crate::failure::Failure;
use check::Checked;

pub(crate) use cargo::Cargo;

const EXAMPLES: &str = "\
It runs cargo for wasm32-wasip2, adds that target where rustup has it not yet, and loads what comes
out, without grants and without calling anything of it: what a host would refuse is refused here.

The profile is `plugin` when the workspace has one. Otherwise it is that of --release with all
optimisation for the plugin as a whole (lto, one codegen unit, panic = \"abort\") and without debug
information, but with the names of functions, which a backtrace shows; --strip leaves them out too.

Examples:
  locum build
  locum build plugins/counters
  locum build -p counters --features fancy
  locum build --json | jq -r .file

Exit codes: 0 fine, 2 usage, it does not build, or a host can not load it, 3 the plugin died when it
was asked what it offers.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct BuildArgs {
    /// Leave out the names of functions too
    #[arg(long)]
    strip: bool,

    /// Print what was made as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    cargo: CargoArgs,

    /// The crate's directory, or its Cargo.toml; the one that this directory lies in when it is left out
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,

    /// More for cargo
    #[arg(last = true, value_name = "CARGO ARGUMENTS")]
    more: Vec<String>,
}

/// What is passed on to cargo.
#[derive(Args, Clone, Default)]
pub(crate) struct CargoArgs {
    /// The package, where there are several
    #[arg(short, long, value_name = "NAME")]
    pub(crate) package: Option<String>,

    /// Features to build it with, separated by commas
    #[arg(short = 'F', long, value_name = "FEATURES")]
    pub(crate) features: Vec<String>,

    /// Without the features that are on by default
    #[arg(long)]
    pub(crate) no_default_features: bool,

    /// With the versions in Cargo.lock, or not at all
    #[arg(long)]
    pub(crate) locked: bool,

    /// Without asking any registry
    #[arg(long)]
    pub(crate) offline: bool,
}

pub(crate) fn run(arguments: &BuildArgs) -> Result<(), Failure> {
    let cargo = Cargo::find(arguments.path.as_deref(), &arguments.cargo)?;
    let checked = build(&cargo, arguments.strip, &arguments.more)?;
    checked.show(arguments.json)
}

/// Builds a plugin and checks it.
pub(crate) fn build(cargo: &Cargo, strip: bool, more: &[String]) -> Result<Checked, Failure> {
    let began = Instant::now();
    target::ensure(cargo.directory())?;
    let file = cargo.build(strip, more)?;
    Checked::of(cargo, file, began)
}
