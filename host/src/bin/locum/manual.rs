//! `locum completions` and `locum man`: what shells and `man` want to know, made from the arguments themselves.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::out;

const COMPLETIONS: &str = "\
Where each shell looks for them:
  bash         locum completions bash > ~/.local/share/bash-completion/completions/locum
  zsh          locum completions zsh > ~/.zfunc/_locum        (with `fpath+=~/.zfunc` before compinit)
  fish         locum completions fish > ~/.config/fish/completions/locum.fish
  powershell   locum completions powershell >> $PROFILE
  elvish       locum completions elvish >> ~/.config/elvish/rc.elv";

const MAN: &str = "\
Examples:
  locum man | man -l -                       the page on locum itself
  locum man eval | man -l -
  locum man --directory ~/.local/share/man/man1      all of them, for `man locum-eval`";

#[derive(Args)]
#[command(after_help = COMPLETIONS)]
pub(crate) struct CompletionArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Args)]
#[command(after_help = MAN)]
pub(crate) struct ManArgs {
    /// Write the pages on all commands into this directory, which is made when it is missing
    #[arg(short, long, value_name = "DIRECTORY", conflicts_with = "command")]
    directory: Option<PathBuf>,

    /// The command whose page is printed
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(crate) fn completions(arguments: &CompletionArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "locum", &mut script);
    out::out(&String::from_utf8_lossy(&script));
    Ok(())
}

pub(crate) fn man(arguments: &ManArgs) -> Result<(), Failure> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    if let Some(directory) = &arguments.directory {
        return write_all(&root, directory);
    }
    let command = match &arguments.command {
        None => &root,
        Some(name) => root
            .find_subcommand(name)
            .ok_or_else(|| unknown(&root, name))?,
    };
    out::out(&page(command)?);
    Ok(())
}

fn write_all(root: &Command, directory: &Path) -> Result<(), Failure> {
    let failed = |path: &Path, error| {
        Failure::Usage(format!("{} can not be written: {error}", path.display()))
    };
    fs::create_dir_all(directory).map_err(|error| failed(directory, error))?;
    for command in std::iter::once(root).chain(root.get_subcommands()) {
        let path = directory.join(format!("{}.1", name(command)));
        fs::write(&path, page(command)?).map_err(|error| failed(&path, error))?;
        out::note(&format!("{}\n", path.display()));
    }
    Ok(())
}

fn page(command: &Command) -> Result<String, Failure> {
    let mut page = Vec::new();
    let name = name(command);
    let named = command.clone().display_name(name);
    clap_mangen::Man::new(named)
        .render(&mut page)
        .map_err(|error| Failure::Result(format!("the page can not be made: {error}")))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// `locum-eval`, as the page is called.
fn name(command: &Command) -> String {
    match command.get_name() {
        "locum" => "locum".to_owned(),
        name => format!("locum-{name}"),
    }
}

fn unknown(root: &Command, name: &str) -> Failure {
    let names: Vec<&str> = root.get_subcommands().map(Command::get_name).collect();
    Failure::Usage(format!(
        "there is no command `{}`; there are {}",
        out::line(name),
        names.join(", ")
    ))
}
