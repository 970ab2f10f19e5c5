//! Texts with expressions in them: `f"{name}: {value:.2f}"`.

use super::error::Error;
use super::lexer::Lexer;
use super::literal::{self, Reader};
use super::token::{FieldTokens, Part, Span, TokenKind};

/// How deep such texts may be nested in one another.
const NESTING: usize = 8;

/// Whether letters before a quote begin such a text.
pub(super) fn is_prefix(letters: &str) -> bool {
    matches!(letters.to_ascii_lowercase().as_str(), "f" | "fr" | "rf")
}

/// Reads the text, with its prefix, that starts at a byte; returns it and where it ends.
pub(super) fn text(source: &str, start: usize, depth: usize) -> Result<(TokenKind, usize), Error> {
    let prefix = source[start..].find(['"', '\'']).unwrap_or(0);
    if depth >= NESTING {
        let message = format!(
            "f-strings nested more than {NESTING} levels deep; give an inner one a name first"
        );
        return Err(Error::syntax(message, Span::new(start, start + prefix)));
    }
    let quote = literal::quote(&source[start + prefix..]);
    let mut text = FString {
        source,
        start,
        at: start + prefix + quote.len(),
        quote,
        raw: source[start..start + prefix].contains(['r', 'R']),
        depth,
    };
    let parts = text.parts(false)?;
    Ok((TokenKind::Format(parts), text.at + quote.len()))
}

struct FString<'s> {
    source: &'s str,
    start: usize,
    at: usize,
    quote: &'static str,
    raw: bool,
    depth: usize,
}

impl<'s> FString<'s> {
    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    fn unclosed(&self) -> Error {
        literal::unclosed(self.quote, self.start, self.at)
    }

    /// Up to the quote at the end; in a format, up to the `}` that ends the field.
    fn parts(&mut self, in_format: bool) -> Result<Vec<Part>, Error> {
        let mut parts = Vec::new();
        let mut reader = Reader::text(self.source, self.at);
        loop {
            self.at = reader.at;
            let rest = self.rest();
            let Some(c) = rest.chars().next() else {
                return Err(self.unclosed());
            };
            let ends = if in_format {
                c == '}'
            } else {
                rest.starts_with(self.quote)
            };
            if ends {
                push_text(&mut parts, reader)?;
                return Ok(parts);
            }
            match c {
                '\n' if self.quote.len() == 1 => return Err(self.unclosed()),
                _ if rest.starts_with(self.quote) => {
                    let message = "this `{` has no `}`";
                    return Err(Error::syntax(message, Span::new(self.start, self.at)));
                }
                '{' | '}' if !in_format && rest[1..].starts_with(c) => {
                    reader.character(c)?;
                    reader.at += 1;
                }
                '{' => {
                    push_text(&mut parts, reader)?;
                    let field = self.field(in_format)?;
                    parts.extend(field);
                    reader = Reader::text(self.source, self.at);
                }
                '}' => {
                    let message = "a single `}` in an f-string; write `}}` for the character";
                    return Err(Error::syntax(message, Span::new(self.at, self.at + 1)));
                }
                '\\' if self.raw => reader.raw_escape(),
                '\\' => reader.escape()?,
                c => reader.character(c)?,
            }
        }
    }

    /// `{expression!r:format}`, and with `=` before them the text of the expression too.
    fn field(&mut self, in_format: bool) -> Result<Vec<Part>, Error> {
        let open = Span::new(self.at, self.at + 1);
        if in_format && self.depth + 1 >= NESTING {
            return Err(Error::syntax("formats nested too deep", open));
        }
        self.at += 1;
        let begin = self.at;
        let mut lexer = Lexer::of_field(self.source, self.at, self.depth + 1);
        let tokens = match lexer.field()? {
            Some(tokens) => tokens,
            None => return Err(self.unclosed()),
        };
        self.at = lexer.at;
        // The last token is the end.
        if tokens.len() < 2 {
            let message =
                "there is no expression between `{` and `}`; write `{{` for the character";
            return Err(Error::syntax(message, Span::new(open.start, self.at)));
        }
        let mut parts = Vec::new();
        let mut conversion = None;
        let mut shows_itself = false;
        if self.rest().starts_with('=') {
            let blanks = self.rest()[1..].len() - self.rest()[1..].trim_start().len();
            self.at += 1 + blanks;
            parts.push(Part::Text(self.source[begin..self.at].to_owned()));
            shows_itself = true;
        }
        if let Some(after) = self.rest().strip_prefix('!') {
            conversion = after
                .chars()
                .next()
                .filter(|c| matches!(c, 'r' | 's' | 'a'));
            if conversion.is_none() {
                let message = "after the `!` in an f-string stands `r` or `s`";
                return Err(Error::syntax(message, Span::new(self.at, self.at + 1)));
            }
            self.at += 2;
        }
        let mut spec = Vec::new();
        if self.rest().starts_with(':') {
            self.at += 1;
            self.depth += 1;
            spec = self.parts(true)?;
            self.depth -= 1;
        } else if shows_itself && conversion.is_none() {
            conversion = Some('r');
        }
        if !self.rest().starts_with('}') {
            if self.rest().is_empty() || self.rest().starts_with(self.quote) {
                let message = "this `{` has no `}`";
                return Err(Error::syntax(message, open));
            }
            let end = self.at + self.rest().chars().next().map_or(0, char::len_utf8);
            let message = "expected `}` at the end of the field";
            return Err(Error::syntax(message, Span::new(self.at, end)));
        }
        self.at += 1;
        parts.push(Part::Field(FieldTokens {
            tokens,
            conversion,
            spec,
        }));
        Ok(parts)
    }
}

fn push_text(parts: &mut Vec<Part>, reader: Reader<'_>) -> Result<(), Error> {
    let text = reader.into_text()?;
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok(())
}
