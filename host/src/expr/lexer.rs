//! From text to tokens.

use super::error::Error;
use super::fstring;
use super::indent::{Indents, Step};
use super::literal;
use super::token::{OPERATORS, Span, Token, TokenKind};

/// Cuts a source into tokens, the last of which is [`TokenKind::End`]. Brackets are known to match afterwards, and every
/// block that is indented has its end.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, Error> {
    Lexer {
        source,
        at: 0,
        open: Vec::new(),
        tokens: Vec::new(),
        indents: Indents::new(),
        field: None,
    }
    .run()
}

/// Reads the literal that starts at a byte of a source; returns it and where it ends.
type Read = fn(&str, usize) -> Result<(TokenKind, usize), Error>;

pub(super) struct Lexer<'s> {
    source: &'s str,
    pub(super) at: usize,
    /// The brackets that are open, outermost first, and where they stand.
    open: Vec<(&'static str, usize)>,
    tokens: Vec<Token>,
    indents: Indents<'s>,
    /// How deep it is in f-strings, when it reads an expression in one.
    field: Option<usize>,
}

impl<'s> Lexer<'s> {
    /// For the expression in an f-string that starts at a byte.
    pub(super) fn of_field(source: &'s str, at: usize, depth: usize) -> Lexer<'s> {
        Lexer {
            source,
            at,
            open: Vec::new(),
            tokens: Vec::new(),
            indents: Indents::new(),
            field: Some(depth),
        }
    }

    /// The expression up to the `}`, `:`, `!` or `=` behind it; `None` when the source ends before.
    pub(super) fn field(&mut self) -> Result<Option<Vec<Token>>, Error> {
        while let Some(c) = self.peek() {
            if self.open.is_empty() && self.ends_field(c) {
                self.push(TokenKind::End, self.at);
                return Ok(Some(std::mem::take(&mut self.tokens)));
            }
            self.piece(c)?;
        }
        match self.open.last() {
            Some(_) => Err(self.unclosed()),
            None => Ok(None),
        }
    }

    fn ends_field(&self, c: char) -> bool {
        let rest = self.rest();
        match c {
            '}' | ':' => true,
            '!' => !rest.starts_with("!="),
            '=' => rest[1..].trim_start().starts_with(['}', ':', '!']),
            _ => false,
        }
    }

    fn run(mut self) -> Result<Vec<Token>, Error> {
        self.line_start()?;
        while let Some(c) = self.peek() {
            let newline = c == '\n' && self.open.is_empty();
            self.piece(c)?;
            if newline {
                self.line_start()?;
            }
        }
        if !self.open.is_empty() {
            return Err(self.unclosed());
        }
        if self.indents.blocks() > 0 {
            self.push(TokenKind::Newline, self.at);
        }
        for _ in 0..self.indents.blocks() {
            self.push(TokenKind::Dedent, self.at);
        }
        self.push(TokenKind::End, self.at);
        Ok(self.tokens)
    }

    #[cold]
    fn unclosed(&self) -> Error {
        let (bracket, at) = self.open.last().copied().unwrap_or(("(", 0));
        let message = format!("this `{bracket}` is never closed");
        Error::syntax(message, Span::new(at, at + 1)).incomplete()
    }

    /// The blanks in front of a line, if there is anything behind them.
    fn line_start(&mut self) -> Result<(), Error> {
        let rest = self.rest();
        // A byte order mark may open a file.
        let mark = if self.at == 0 && rest.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        let line = &rest[mark..];
        let blanks = line.find(|c| c != ' ' && c != '\t').unwrap_or(line.len());
        let is_empty = matches!(
            line[blanks..].trim_start_matches('\r').chars().next(),
            None | Some('\n' | '#')
        );
        let start = self.at + mark;
        self.at = start + blanks;
        if is_empty {
            return Ok(());
        }
        let span = Span::new(start, self.at);
        match self.indents.line(&line[..blanks], span)? {
            Step::Same => {}
            Step::In => self.push(TokenKind::Indent, start),
            Step::Out(blocks) => {
                for _ in 0..blocks {
                    self.push(TokenKind::Dedent, self.at);
                }
            }
        }
        Ok(())
    }

    fn piece(&mut self, c: char) -> Result<(), Error> {
        let start = self.at;
        match c {
            '\n' => {
                self.at += 1;
                if self.open.is_empty() && self.field.is_none() {
                    self.push(TokenKind::Newline, start);
                }
            }
            ';' => {
                self.at += 1;
                self.push(TokenKind::Semicolon, start);
            }
            '#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
            c if c.is_whitespace() => self.at += c.len_utf8(),
            '\\' => self.continued_line()?,
            '"' | '\'' => self.literal(literal::text)?,
            '0'..='9' => self.literal(literal::number)?,
            '.' if self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                self.literal(literal::number)?
            }
            c if is_word_start(c) => self.word()?,
            _ => self.operator(c)?,
        }
        Ok(())
    }

    /// A backslash at the end of a line joins it with the next.
    fn continued_line(&mut self) -> Result<(), Error> {
        let rest = &self.rest()[1..];
        let ending = if rest.starts_with("\r\n") {
            2
        } else {
            usize::from(rest.starts_with('\n'))
        };
        if ending == 0 {
            let message =
                "a `\\` outside of a string joins two lines, so it stands at a line's end";
            let error = Error::syntax(message, Span::new(self.at, self.at + 1));
            return Err(if rest.is_empty() {
                error.incomplete()
            } else {
                error
            });
        }
        self.at += 1 + ending;
        Ok(())
    }

    fn literal(&mut self, read: Read) -> Result<(), Error> {
        let start = self.at;
        let (kind, end) = read(self.source, start)?;
        self.at = end;
        self.push(kind, start);
        Ok(())
    }

    fn word(&mut self) -> Result<(), Error> {
        let start = self.at;
        let rest = self.rest();
        let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let is_string = rest[length..].starts_with(['"', '\'']);
        if is_string && literal::is_prefix(&rest[..length]) {
            return self.literal(literal::text);
        }
        if is_string && fstring::is_prefix(&rest[..length]) {
            let (kind, end) = fstring::text(self.source, start, self.field.unwrap_or(0))?;
            self.at = end;
            self.push(kind, start);
            return Ok(());
        }
        self.at += length;
        self.push(TokenKind::Word, start);
        Ok(())
    }

    fn operator(&mut self, c: char) -> Result<(), Error> {
        let start = self.at;
        let Some(op) = OPERATORS.iter().find(|op| self.rest().starts_with(**op)) else {
            let span = Span::new(start, start + c.len_utf8());
            return Err(Error::syntax(stray(c), span));
        };
        self.at += op.len();
        match *op {
            "(" | "[" | "{" => self.open.push((op, start)),
            ")" | "]" | "}" => self.close(op, start)?,
            _ => {}
        }
        self.push(TokenKind::Op(op), start);
        Ok(())
    }

    fn close(&mut self, bracket: &str, at: usize) -> Result<(), Error> {
        let span = Span::new(at, at + 1);
        match self.open.pop() {
            Some((open, _)) if closing(open) == bracket => Ok(()),
            Some((open, _)) => {
                let message = format!(
                    "`{bracket}` does not close the open `{open}`; that needs a `{}`",
                    closing(open)
                );
                Err(Error::syntax(message, span))
            }
            None => Err(Error::syntax(
                format!("this `{bracket}` closes nothing"),
                span,
            )),
        }
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        self.tokens.push(Token {
            kind,
            span: Span::new(start, self.at),
        });
    }

    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }
}

fn closing(open: &str) -> &'static str {
    match open {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

/// What to say about a character that begins nothing.
fn stray(c: char) -> String {
    match c {
        '!' => "`!` is no operator here; write `not x`, or `!=`".to_owned(),
        '?' | '$' | '`' => format!("`{c}` has no meaning here"),
        '“' | '”' | '„' | '‘' | '’' => {
            format!("`{c}` is no quotation mark here; use ' or \"")
        }
        c => format!(
            "the character `{}` (U+{:04X}) has no meaning here",
            c.escape_debug(),
            u32::from(c)
        ),
    }
}

fn is_word_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// Whether a character may go on in a word.
pub(super) fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(source: &str) -> Vec<&str> {
        tokens(source)
            .unwrap()
            .iter()
            .map(|token| &source[token.span.start..token.span.end])
            .collect()
    }

    fn complaint(source: &str) -> String {
        tokens(source).unwrap_err().message().to_owned()
    }

    #[test]
    fn operators_are_cut_as_long_as_possible() {
        assert_eq!(cut("a**=b//c"), ["a", "**=", "b", "//", "c", ""]);
        assert_eq!(cut("x<<=1>>2"), ["x", "<<=", "1", ">>", "2", ""]);
        assert_eq!(
            cut("a.b[1:.5]"),
            ["a", ".", "b", "[", "1", ":", ".5", "]", ""]
        );
    }

    #[test]
    fn lines_end_statements_only_outside_of_brackets() {
        let newlines = |source| {
            tokens(source)
                .unwrap()
                .iter()
                .filter(|t| t.kind == TokenKind::Newline)
                .count()
        };
        assert_eq!(newlines("a\nb; c\r\nd"), 2);
        assert_eq!(newlines("f(\n1,\r\n2\n)"), 0);
        assert_eq!(newlines("a + \\\n b + \\\r\n c"), 0);
    }

    #[test]
    fn comments_reach_to_the_end_of_the_line() {
        assert_eq!(cut("a # ( ' b\nc"), ["a", "\n", "c", ""]);
        assert_eq!(cut("# nothing"), [""]);
        assert_eq!(cut("'#' # x"), ["'#'", ""]);
    }

    #[test]
    fn brackets_must_match() {
        assert_eq!(
            complaint("(1]"),
            "`]` does not close the open `(`; that needs a `)`"
        );
        assert_eq!(complaint("1)"), "this `)` closes nothing");
        let open = tokens("f([1, 2").unwrap_err();
        assert_eq!(
            (open.message(), open.span()),
            ("this `[` is never closed", 2..3)
        );
        assert!(open.is_incomplete());
    }

    #[test]
    fn words_may_have_letters_of_any_script() {
        assert_eq!(cut("größe_2 数"), ["größe_2", "数", ""]);
    }

    #[test]
    fn what_begins_nothing_is_refused_with_advice() {
        assert!(complaint("a ! b").contains("not x"));
        assert!(complaint("“a”").contains("quotation mark"));
        assert!(complaint("a \\ b").contains("line's end"));
        assert!(complaint("a \u{7} b").contains("U+0007"));
    }
}
