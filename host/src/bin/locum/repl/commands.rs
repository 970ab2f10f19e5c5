//! The lines that begin with a colon.

use std::fs;
use std::time::Instant;

use locum::expr;

use super::shell::Shell;
use crate::failure::Failure;
use crate::style::{Painter, Style};
use crate::{out, units};

/// The commands: a name, what it takes, and what it does.
pub(super) const COMMANDS: &[(&str, &str, &str)] = &[
    (":help", "[NAME]", "what a name is, or this list"),
    (
        ":plugins",
        "",
        "the plugins, their files and modules, and how many objects are held",
    ),
    (":vars", "", "the variables"),
    (":open", "[NAME=]FILE", "starts another plugin"),
    (
        ":reload",
        "[NAME]",
        "loads a plugin's file again, or those of all; their objects are gone then",
    ),
    (":run", "FILE", "evaluates a script here"),
    (":time", "EXPR", "how long it takes"),
    (":quit", "", "ends the shell, as Ctrl-D does"),
];

/// A line that was read as a command.
pub(super) struct Command {
    name: &'static str,
    rest: String,
}

impl Command {
    /// `None` for a line that is none. A name may be cut short.
    pub(super) fn read(line: &str) -> Option<Result<Command, Failure>> {
        if !line.starts_with(':') {
            // What fingers type that know other shells.
            let name = match line.strip_suffix("()").unwrap_or(line) {
                "quit" | "exit" => ":quit",
                "help" | "?" => ":help",
                _ => return None,
            };
            return Some(Ok(Command::of(name, "")));
        }
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let mut fitting = COMMANDS
            .iter()
            .filter(|(known, ..)| known.starts_with(name));
        let found = match (fitting.next(), fitting.next()) {
            (Some((known, ..)), None) if name.len() > 1 => Ok(Command::of(known, rest)),
            _ => {
                let names: Vec<&str> = COMMANDS.iter().map(|(name, ..)| *name).collect();
                Err(Failure::Usage(format!(
                    "there is no command `{}`; there are {}",
                    out::line(name),
                    names.join(", ")
                )))
            }
        };
        Some(found)
    }

    fn of(name: &'static str, rest: &str) -> Command {
        Command {
            name,
            rest: rest.trim().to_owned(),
        }
    }
}

pub(super) fn run(shell: &mut Shell, command: Command) -> Result<(), Failure> {
    let rest = command.rest.as_str();
    match command.name {
        ":help" if rest.is_empty() => help(),
        ":help" => out::out(&super::help::on(&shell.resolver(), rest)?),
        ":plugins" => plugins(shell),
        ":vars" => vars(shell),
        ":open" => open(shell, wanted(rest, ":open counters.wasm")?)?,
        ":reload" => {
            let names = shell.session().reload((!rest.is_empty()).then_some(rest))?;
            shell.interpreter().forget_modules();
            for name in names {
                out::note(&format!("loaded `{}`\n", out::line(&name)));
            }
        }
        ":run" => {
            let path = wanted(rest, ":run script.txt")?;
            let source = fs::read_to_string(path).map_err(|error| {
                Failure::Usage(format!("{} can not be read: {error}", out::line(path)))
            })?;
            shell.evaluate(&source)?;
        }
        ":time" => time(shell, wanted(rest, ":time sum(range(1000))")?)?,
        _ => shell.end(),
    }
    Ok(())
}

fn wanted<'a>(rest: &'a str, example: &str) -> Result<&'a str, Failure> {
    if rest.is_empty() {
        let message = format!("something is missing; give it as in `{example}`");
        return Err(Failure::Usage(message));
    }
    Ok(rest)
}

fn help() {
    let painter = Painter::stdout();
    let mut text = String::new();
    for (name, takes, does) in COMMANDS {
        let head = format!("{name} {takes}");
        text += &format!(
            "{}{does}\n",
            painter.paint(Style::Name, &format!("{head:24}"))
        );
    }
    text +=
        "\n`name?` tells what a name is; `_` is the last result; `locum repl --help` tells more.\n";
    out::out(&text);
}

fn plugins(shell: &mut Shell) {
    let painter = Painter::stdout();
    let plugins = shell.session().plugins();
    for (plugin, (name, file, info)) in plugins.iter().zip(shell.session().list()) {
        let stats = plugin.stats();
        let held: Vec<String> = stats
            .imports_by_type
            .iter()
            .map(|(name, count)| format!("{count} {}", out::line(name)))
            .collect();
        let held = if held.is_empty() {
            "nothing".to_owned()
        } else {
            held.join(", ")
        };
        let modules: Vec<String> = info
            .modules
            .iter()
            .map(|it| out::line(&it.name).into_owned())
            .collect();
        out::out(&format!(
            "{} {} from {}\n  modules {}\n  held here: {held}; {} calls\n",
            painter.paint(Style::Name, &out::line(&name)),
            out::line(&info.version),
            out::line(&file),
            modules.join(", "),
            units::grouped(stats.calls),
        ));
    }
}

fn vars(shell: &mut Shell) {
    let width = out::width();
    let interpreter = shell.interpreter();
    for name in interpreter.names() {
        let shown = match interpreter.get(&name) {
            Some(value) => expr::display(&value),
            None => "module".to_owned(),
        };
        let shown: String = out::line(&shown)
            .chars()
            .take(width.saturating_sub(name.len() + 3))
            .collect();
        out::out(&format!("{name} = {shown}\n"));
    }
}

fn open(shell: &mut Shell, word: &str) -> Result<(), Failure> {
    let name = shell.session().add(word)?;
    shell.interpreter().forget_modules();
    out::note(&format!("opened `{}`\n", out::line(&name)));
    Ok(())
}

fn time(shell: &mut Shell, source: &str) -> Result<(), Failure> {
    let began = Instant::now();
    shell.evaluate(source)?;
    let took = units::time(began.elapsed());
    out::out(&format!(
        "{}\n",
        Painter::stdout().paint(Style::Quiet, &format!("took {took}"))
    ));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<Result<(&'static str, String), ()>> {
        let found = Command::read(line)?;
        Some(
            found
                .map(|command| (command.name, command.rest))
                .map_err(drop),
        )
    }

    #[test]
    fn a_command_may_be_cut_short_as_long_as_it_is_one() {
        assert_eq!(read(":time  f(1) "), Some(Ok((":time", "f(1)".to_owned()))));
        assert_eq!(read(":q"), Some(Ok((":quit", String::new()))));
        assert_eq!(read("?"), Some(Ok((":help", String::new()))));
        assert_eq!(read("exit()"), Some(Ok((":quit", String::new()))));
        assert_eq!(read(":"), Some(Err(())));
        assert_eq!(read(":r x"), Some(Err(())), ":reload or :run");
        assert_eq!(read("x = {1: 2}"), None);
    }
}
