//! `locum test`: the tests of a plugin's crate, then what `locum build` does.

use std::path::PathBuf;

use clap::Args;

use crate::build::{self, Cargo, CargoArgs};
use crate::failure::Failure;

const EXAMPLES: &str = "\
It does what must hold before a plugin is given away:

  1. `cargo test` in the crate. Its tests run natively, without WebAssembly: they connect the plugin
     in memory, with `locum_guest::connect` or `locum_guest::testing`.
  2. What `locum build` does: it builds the plugin, loads it without grants, and asks it what it
     offers.

What follows -- goes to the tests: a part of their names, --nocapture, --test-threads=1.

Examples:
  locum test
  locum test plugins/counters
  locum test -- a_counter --nocapture

Exit codes: 0 fine, 1 a test failed, 2 usage, it does not build, or a host can not load it, 3 the
plugin died when it was asked what it offers.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct TestArgs {
    /// Print what was built as JSON, and what the tests say to standard error
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    cargo: CargoArgs,

    /// The crate's directory, or its Cargo.toml; the one that this directory lies in when it is left out
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,

    /// For the tests
    #[arg(last = true, value_name = "ARGS")]
    more: Vec<String>,
}

pub(crate) fn run(arguments: &TestArgs) -> Result<(), Failure> {
    let cargo = Cargo::find(arguments.path.as_deref(), &arguments.cargo)?;
    cargo.test(&arguments.more, arguments.json)?;
    build::build(&cargo, false, &[])?.show(arguments.json)
}
