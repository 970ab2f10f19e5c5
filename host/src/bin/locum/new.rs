//! `locum new`: the crate of a plugin that builds and whose tests pass, to change into one's own.

mod around;
mod checkout;
mod files;
mod name;

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::failure::Failure;
use crate::style::{Painter, Style};
use crate::{json, out};
use around::Around;
use checkout::Checkout;
use name::Name;

const EXAMPLES: &str = "\
The plugin has a class, a function, and tests that run without WebAssembly. With --host there is a
small program in its directory `host` that loads it and works with its objects.

Nothing that exists is written over.

Examples:
  locum new counters && cd counters && locum test
  locum new counters --host
  locum new counters --path plugins/counters";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct NewArgs {
    /// The plugin's name: letters, digits, - and _
    #[arg(value_name = "NAME")]
    name: String,

    /// Make a host application too, in its directory `host`
    #[arg(long)]
    host: bool,

    /// The directory to make; NAME when it is not said
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,

    /// The checkout of Locum that the crate is to depend on; the one that this program was built from when it is still
    /// there
    #[arg(long, value_name = "DIR")]
    locum: Option<PathBuf>,

    /// Print what was made as JSON
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Made {
    name: String,
    path: PathBuf,
    files: Vec<PathBuf>,
    /// The checkout that it depends on; without one it is a version.
    locum: Option<PathBuf>,
}

pub(crate) fn run(arguments: &NewArgs) -> Result<(), Failure> {
    let name = Name::check(&arguments.name).map_err(Failure::Usage)?;
    let checkout = match &arguments.locum {
        Some(directory) => Some(Checkout::at(directory).map_err(Failure::Usage)?),
        None => Checkout::of_this_build(),
    };
    let path = arguments
        .path
        .clone()
        .unwrap_or_else(|| PathBuf::from(&name.package));
    let around = Around::of(&path);
    if arguments.host && matches!(around, Around::Member(_)) {
        return Err(Failure::Usage(format!(
            "{} would be a member of the workspace around it, and a host application is a workspace of its own; \
             leave out --host, or make it elsewhere with --path",
            path.display()
        )));
    }
    make_directory(&path)?;
    let files = files::of(&name, checkout.as_ref(), &around, arguments.host);
    for (file, content) in &files {
        write_new(&path.join(file), content)?;
    }
    let made = Made {
        name: name.package.clone(),
        files: files.into_iter().map(|(file, _)| file.into()).collect(),
        locum: checkout.map(|checkout| checkout.root),
        path,
    };
    if arguments.json {
        out::out(&(json::pretty(&made).map_err(Failure::Result)? + "\n"));
    } else {
        out::out(&told(&made, &name, &around, arguments.host));
    }
    Ok(())
}

/// The directory, if it is not there or is empty.
fn make_directory(path: &Path) -> Result<(), Failure> {
    let taken = match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        // A file, or what may not be read.
        Err(_) => true,
    };
    if taken {
        return Err(Failure::Usage(format!(
            "{} exists already and is no empty directory; choose another name, or another directory with --path",
            path.display()
        )));
    }
    fs::create_dir_all(path).map_err(|error| not_made(path, &error))
}

fn write_new(path: &Path, content: &str) -> Result<(), Failure> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(|error| not_made(directory, &error))?;
    }
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(content.as_bytes()))
        .map_err(|error| not_made(path, &error))
}

fn not_made(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!(
        "{} can not be made: {error}; name a directory that you may write in with --path",
        path.display()
    ))
}

/// What people are told: what there is now, and what to type next.
fn told(made: &Made, name: &Name, around: &Around, host: bool) -> String {
    let painter = Painter::stdout();
    let path = out::line(&made.path.display().to_string()).into_owned();
    let files: Vec<String> = made
        .files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let mut text = format!(
        "{} {path}: {}\n",
        painter.paint(Style::Name, "made"),
        files.join(", ")
    );
    match &made.locum {
        Some(root) => text.push_str(&format!(
            "It depends on the Locum in {}; its Cargo.toml says how to change that.\n",
            out::line(&root.display().to_string())
        )),
        None => text.push_str(&format!(
            "It depends on Locum {} of a registry; for a checkout, see its Cargo.toml.\n",
            env!("CARGO_PKG_VERSION")
        )),
    }
    match around {
        Around::Nothing => {}
        Around::Apart(root) => text.push_str(&format!(
            "It stays out of the workspace of {}; the end of its Cargo.toml says how to make it a member.\n",
            out::line(&root.display().to_string())
        )),
        Around::Member(root) => text.push_str(&format!(
            "It is a member of the workspace of {}, whose `members` match it.\n",
            out::line(&root.display().to_string())
        )),
    }
    let target = around.target().unwrap_or_else(|| "target".to_owned());
    let wasm = typed(&format!(
        "{target}/wasm32-wasip2/plugin/{}.wasm",
        name.module
    ));
    let mut steps = vec![
        (format!("cd {}", typed(&path)), ""),
        ("locum test".to_owned(), "run its tests, build it, check it"),
        (
            format!("locum eval {wasm} 't = Tally(words(\"a rose is a rose\"))' 't[\"rose\"]'"),
            "",
        ),
        (format!("locum doc {wasm}"), ""),
    ];
    if host {
        let step = (
            "cd host && cargo run".to_owned(),
            "compiles wasmtime first: minutes",
        );
        steps.push(step);
    }
    text.push_str("\nNext:\n");
    for (step, why) in steps {
        let step = painter.paint(Style::Prompt, &step);
        let why = if why.is_empty() {
            String::new()
        } else {
            painter.paint(Style::Quiet, &format!("    # {why}"))
        };
        text.push_str(&format!("  {step}{why}\n"));
    }
    text
}

/// A path as a shell reads it.
fn typed(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:\\".contains(c);
    if path.chars().all(is_plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}
