//! `locum doc`: a plugin's own documentation, for the terminal, as Markdown, or as a page of HTML.
//!
//! Its doc comments are Markdown. `markup` reads them, and lets nothing through but text in a few shapes; `outline` says what
//! stands where; `terminal`, `markdown` and `html` write that.

mod html;
mod markdown;
mod markup;
mod outline;
mod terminal;

use std::fs;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use crate::source::Source;
use crate::style::Painter;
use crate::{json, out};
use outline::Outline;

const EXAMPLES: &str = "\
The documentation is made of the doc comments in the plugin's source, which it carries with it.
They are Markdown; HTML in them is shown as text, pictures are left out, and links lead to http,
https, mailto and places in the page, or nowhere.

Examples:
  locum doc                                         the built-in plugin `collections`
  locum doc counters.wasm
  locum doc counters.wasm --html -o counters.html   one page, without scripts
  locum doc counters.wasm --markdown > API.md";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DocArgs {
    /// Write Markdown
    #[arg(long, group = "form")]
    markdown: bool,

    /// Write a page of HTML
    #[arg(long, group = "form")]
    html: bool,

    /// Print what the plugin tells about itself as JSON
    #[arg(long, group = "form")]
    json: bool,

    /// Write to this file instead of standard output; if its name ends in .html, .md or .json, that form
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// The plugin's file; the built-in plugin `collections` when it is left out
    #[arg(value_name = "PLUGIN.wasm")]
    plugin: Option<PathBuf>,
}

enum Form {
    Terminal,
    Markdown,
    Html,
    Json,
}

pub(crate) fn run(arguments: &DocArgs) -> Result<(), Failure> {
    let source = match &arguments.plugin {
        Some(path) => Source::File(path.clone()),
        None => Source::embedded()?,
    };
    let loaded = source.load()?;
    let info = loaded.plugin.describe().map_err(Failure::from);
    let info = loaded.finish(info)?;
    let outline = || Outline::of(&info);
    let text = match form(arguments) {
        Form::Json => json::pretty(&info).map_err(Failure::Result)? + "\n",
        Form::Markdown => markdown::write(&outline()),
        Form::Html => html::write(&outline()),
        Form::Terminal if arguments.output.is_some() => {
            terminal::write(&outline(), Painter::new(false), terminal::USUAL_WIDTH)
        }
        Form::Terminal => terminal::write(&outline(), Painter::stdout(), width()),
    };
    match &arguments.output {
        None => out::out(&text),
        Some(path) => fs::write(path, &text).map_err(|error| {
            Failure::Usage(format!(
                "{} can not be written: {error}; name a file in a directory that exists",
                path.display()
            ))
        })?,
    }
    Ok(())
}

fn form(arguments: &DocArgs) -> Form {
    let ending = arguments.output.as_ref().and_then(|path| path.extension());
    let ending = ending.unwrap_or_default().to_string_lossy();
    match arguments {
        DocArgs { json: true, .. } => Form::Json,
        DocArgs { html: true, .. } => Form::Html,
        DocArgs { markdown: true, .. } => Form::Markdown,
        _ => match &*ending.to_ascii_lowercase() {
            "json" => Form::Json,
            "html" | "htm" => Form::Html,
            "md" | "markdown" => Form::Markdown,
            _ => Form::Terminal,
        },
    }
}

/// How wide the text for people may be.
fn width() -> usize {
    let terminal = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal());
    terminal.map_or(terminal::USUAL_WIDTH, |(width, _)| {
        usize::from(width.0).clamp(40, terminal::USUAL_WIDTH)
    })
}
