//! Colours: on a terminal that has them, unless the user does not want any.

use std::env;
use std::io::{self, IsTerminal};

/// What a piece of text is.
#[derive(Clone, Copy)]
pub(crate) enum Style {
    Heading,
    Name,
    Prompt,
    Emphasis,
    Quiet,
    Bad,
    Keyword,
    Text,
    Number,
}

/// Colours text for one of the two streams, or leaves it as it is.
#[derive(Clone, Copy)]
pub(crate) struct Painter {
    colours: bool,
}

impl Painter {
    pub(crate) fn new(colours: bool) -> Painter {
        Painter { colours }
    }

    pub(crate) fn stdout() -> Painter {
        Painter::new(io::stdout().is_terminal() && wanted())
    }

    pub(crate) fn stderr() -> Painter {
        Painter::new(io::stderr().is_terminal() && wanted())
    }

    /// Whether it colours anything.
    pub(crate) fn has_colours(self) -> bool {
        self.colours
    }

    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        if !self.colours {
            return text.to_owned();
        }
        let code = match style {
            Style::Heading => "1;36",
            Style::Name => "1",
            Style::Prompt => "32",
            Style::Emphasis => "3",
            Style::Quiet => "2",
            Style::Bad => "1;31",
            Style::Keyword => "35",
            Style::Text => "32",
            Style::Number => "36",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// See <https://no-color.org>.
fn wanted() -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    !refused && !dumb
}
