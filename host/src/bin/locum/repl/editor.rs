//! Reading what is typed, with history, colours and completion; and what comes from a pipe, as it is.

use std::borrow::Cow;
use std::fs;
use std::io::{self, BufRead};
use std::path::PathBuf;

use locum::expr;
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{ColorMode, CompletionType, Config, Context, Helper};

use super::complete;
use super::resolve::Resolver;
use super::source::{Piece, pieces};
use crate::failure::Failure;
use crate::out;
use crate::style::{Painter, Style};

const PROMPT: &str = ">>> ";

/// What was read.
pub(super) enum Line {
    Source(String),
    /// Ctrl-C at the prompt.
    Dropped,
    /// Ctrl-D, or the end of the input.
    End,
}

/// Where input comes from.
pub(super) enum Editor {
    Terminal(
        Box<rustyline::Editor<Typing, DefaultHistory>>,
        Option<PathBuf>,
    ),
    Pipe,
}

/// What helps with typing.
pub(super) struct Typing {
    resolver: Resolver,
    hinter: HistoryHinter,
    painter: Painter,
}

impl Editor {
    pub(super) fn new(resolver: Resolver, attended: bool) -> Result<Editor, Failure> {
        if !attended {
            return Ok(Editor::Pipe);
        }
        let painter = Painter::stdout();
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .color_mode(if painter.has_colours() {
                ColorMode::Enabled
            } else {
                ColorMode::Disabled
            })
            .history_ignore_space(true)
            .auto_add_history(true)
            .max_history_size(10_000)
            .map_err(unusable)?
            .build();
        let mut editor = rustyline::Editor::with_config(config).map_err(unusable)?;
        editor.set_helper(Some(Typing {
            resolver,
            hinter: HistoryHinter::new(),
            painter,
        }));
        let history = history_file();
        if let Some(path) = &history {
            // The first time there is none.
            let _ = editor.load_history(path);
        }
        Ok(Editor::Terminal(Box::new(editor), history))
    }

    pub(super) fn read(&mut self) -> Result<Line, Failure> {
        match self {
            Editor::Terminal(editor, _) => match editor.readline(PROMPT) {
                Ok(source) => Ok(Line::Source(source)),
                Err(ReadlineError::Interrupted) => Ok(Line::Dropped),
                Err(ReadlineError::Eof) => Ok(Line::End),
                Err(error) => Err(unusable(error)),
            },
            Editor::Pipe => read_piped(&mut io::stdin().lock()).map_err(|error| {
                Failure::Usage(format!("standard input can not be read: {error}"))
            }),
        }
    }

    /// Keeps what was typed for the next time; the history of another shell that ran meanwhile stays.
    pub(super) fn keep_history(&mut self) {
        if let Editor::Terminal(editor, Some(path)) = self {
            if let Some(directory) = path.parent() {
                let _ = fs::create_dir_all(directory);
            }
            if let Err(error) = editor.append_history(path) {
                out::note(&format!("note: the history is not kept: {error}\n"));
            }
        }
    }
}

/// As many lines as belong together.
fn read_piped(input: &mut impl BufRead) -> io::Result<Line> {
    let mut source = String::new();
    loop {
        let ended = input.read_line(&mut source)? == 0;
        if ended && source.is_empty() {
            return Ok(Line::End);
        }
        if ended || !expr::wants_more(&source) {
            return Ok(Line::Source(source));
        }
    }
}

fn history_file() -> Option<PathBuf> {
    let directories = directories::ProjectDirs::from("", "", "locum")?;
    let directory = directories
        .state_dir()
        .unwrap_or(directories.data_local_dir());
    Some(directory.join("history"))
}

fn unusable(error: impl std::fmt::Display) -> Failure {
    Failure::Usage(format!(
        "this terminal can not be read from: {error}; lines can come from a pipe, as in `echo '1 + 1' | locum repl`"
    ))
}

impl Helper for Typing {}

impl Validator for Typing {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let source = context.input();
        let is_ours = source.starts_with(':') || source.trim_end().ends_with('?');
        if !is_ours && expr::wants_more(source) {
            return Ok(ValidationResult::Incomplete);
        }
        Ok(ValidationResult::Valid(None))
    }
}

impl Completer for Typing {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        Ok(complete::complete(
            &self.resolver,
            &line[..position],
            context,
        ))
    }
}

impl Hinter for Typing {
    type Hint = String;

    fn hint(&self, line: &str, position: usize, context: &Context<'_>) -> Option<String> {
        self.hinter.hint(line, position, context)
    }
}

impl Highlighter for Typing {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.painter.has_colours() {
            return Cow::Borrowed(line);
        }
        let mut painted = String::new();
        let mut start = 0;
        for (piece, end) in pieces(line) {
            let text = &line[start..end];
            match piece {
                Piece::Keyword => painted += &self.painter.paint(Style::Keyword, text),
                Piece::Text => painted += &self.painter.paint(Style::Text, text),
                Piece::Number => painted += &self.painter.paint(Style::Number, text),
                Piece::Comment => painted += &self.painter.paint(Style::Quiet, text),
                Piece::Word | Piece::Other => painted += text,
            }
            start = end;
        }
        Cow::Owned(painted)
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        Cow::Owned(self.painter.paint(Style::Prompt, prompt))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(self.painter.paint(Style::Quiet, hint))
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_from_a_pipe_are_read_as_they_belong_together() {
        let mut input = io::Cursor::new("x = [1,\n 2]\nx\nf(");
        let mut next = || match read_piped(&mut input).unwrap() {
            Line::Source(source) => source,
            _ => "the end".to_owned(),
        };
        assert_eq!(next(), "x = [1,\n 2]\n");
        assert_eq!(next(), "x\n");
        assert_eq!(next(), "f(");
        assert_eq!(next(), "the end");
    }
}
