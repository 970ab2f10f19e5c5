//! Walking over the tokens: what comes next, taking it, insisting on it.

use std::collections::BTreeSet;

use super::error::Error;
use super::lexer;
use super::token::{Span, Token, TokenKind, is_absent, is_reserved};

/// How deep expressions may be nested in one another.
const NESTING: usize = 64;

/// A place among the tokens of a source. The grammar is in `parser` and `statement`.
pub(super) struct Parser<'s> {
    source: &'s str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// How many loops are around this place, in the function that it is in.
    pub(super) loops: usize,
    /// How many blocks that stand on the line of their `if` or `for` are around this place.
    pub(super) inline: usize,
    /// The functions that are around this place, outermost first.
    pub(super) functions: Vec<Names>,
}

/// What is known of the names in a function while it is read.
#[derive(Default)]
pub(super) struct Names {
    /// Those that are read anywhere in it.
    pub(super) used: BTreeSet<String>,
    /// Those that `global` lists.
    pub(super) globals: Vec<String>,
}

impl<'s> Parser<'s> {
    pub(super) fn new(source: &'s str) -> Result<Parser<'s>, Error> {
        Ok(Parser {
            source,
            tokens: lexer::tokens(source)?,
            at: 0,
            depth: 0,
            loops: 0,
            inline: 0,
            functions: Vec::new(),
        })
    }

    /// The next token; at the end of the source, its end.
    pub(super) fn peek(&self) -> &Token {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> &Token {
        // The last token is `End`, and is never passed.
        &self.tokens[(self.at + ahead).min(self.tokens.len() - 1)]
    }

    /// Where the next token stands.
    pub(super) fn span(&self) -> Span {
        self.peek().span
    }

    /// From a place to the last token taken.
    pub(super) fn since(&self, start: Span) -> Span {
        let last = self.tokens[self.at.saturating_sub(1)].span;
        Span::new(start.start, last.end.max(start.end))
    }

    /// Takes the next token; its value goes to the caller.
    pub(super) fn advance(&mut self) -> Token {
        let span = self.span();
        let token = &mut self.tokens[self.at];
        if token.kind == TokenKind::End {
            return Token {
                kind: TokenKind::End,
                span,
            };
        }
        self.at += 1;
        // Left behind is only the span; nothing reads the kind of a token again that was passed.
        Token {
            kind: std::mem::replace(&mut token.kind, TokenKind::Word),
            span,
        }
    }

    pub(super) fn text(&self, span: Span) -> &'s str {
        &self.source[span.start..span.end]
    }

    /// The operator or punctuation mark that comes next.
    pub(super) fn op(&self) -> Option<&'static str> {
        match self.peek().kind {
            TokenKind::Op(op) => Some(op),
            _ => None,
        }
    }

    pub(super) fn is_op(&self, op: &str) -> bool {
        self.op() == Some(op)
    }

    pub(super) fn eat_op(&mut self, op: &str) -> bool {
        let found = self.is_op(op);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect_op(&mut self, op: &str, place: &str) -> Result<(), Error> {
        if self.eat_op(op) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{op}` {place}")))
        }
    }

    /// The word that comes next, reserved or not.
    pub(super) fn word(&self) -> Option<&'s str> {
        self.word_at(0)
    }

    pub(super) fn word_at(&self, ahead: usize) -> Option<&'s str> {
        let token = self.peek_at(ahead);
        (token.kind == TokenKind::Word).then(|| self.text(token.span))
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect_word(&mut self, word: &str, place: &str) -> Result<(), Error> {
        if self.eat_word(word) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{word}` {place}")))
        }
    }

    /// A word that is free to be a name.
    pub(super) fn name(&mut self, what: &str) -> Result<String, Error> {
        match self.word() {
            Some(word) if !is_reserved(word) => {
                self.at += 1;
                Ok(word.to_owned())
            }
            _ => Err(self.unexpected(what)),
        }
    }

    /// Any word, where the grammar allows nothing but a name.
    pub(super) fn any_word(&mut self, what: &str) -> Result<String, Error> {
        let word = self.word().ok_or_else(|| self.unexpected(what))?;
        self.at += 1;
        Ok(word.to_owned())
    }

    /// Whether a statement ends here.
    pub(super) fn at_end_of_statement(&self) -> bool {
        matches!(
            self.peek().kind,
            TokenKind::Newline | TokenKind::Semicolon | TokenKind::End
        )
    }

    pub(super) fn is(&self, kind: &TokenKind) -> bool {
        self.peek().kind == *kind
    }

    pub(super) fn eat(&mut self, kind: &TokenKind) -> bool {
        let found = self.is(kind) && *kind != TokenKind::End;
        self.at += usize::from(found);
        found
    }

    /// Whether nothing follows but the ends of lines and blocks.
    pub(super) fn only_ends_follow(&self) -> bool {
        let is_end = |token: &Token| {
            matches!(
                token.kind,
                TokenKind::Newline | TokenKind::Dedent | TokenKind::End
            )
        };
        self.tokens[self.at..].iter().all(is_end)
    }

    /// Whether the token before this place is the end of a block.
    pub(super) fn is_after_block(&self) -> bool {
        let before = self.at.checked_sub(1).map(|at| &self.tokens[at]);
        before.is_some_and(|token| token.kind == TokenKind::Dedent)
    }

    /// Goes on with that word if it comes next, also after the ends of lines.
    pub(super) fn eat_clause(&mut self, word: &str) -> bool {
        let is_newline = |token: &&Token| token.kind == TokenKind::Newline;
        let lines = self.tokens[self.at..].iter().take_while(is_newline).count();
        // On one line with an outer statement, what follows the line is that one's.
        if lines > 0 && self.inline > 0 || self.word_at(lines) != Some(word) {
            return false;
        }
        self.at += lines + 1;
        true
    }

    /// Reads other tokens than those of the source, up to their end.
    pub(super) fn within<T>(
        &mut self,
        tokens: Vec<Token>,
        inner: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let outer = std::mem::replace(&mut self.tokens, tokens);
        let at = std::mem::replace(&mut self.at, 0);
        let result = inner(self);
        self.tokens = outer;
        self.at = at;
        result
    }

    /// Remembers that a name is read here.
    pub(super) fn uses(&mut self, name: &str) {
        if let Some(function) = self.functions.last_mut()
            && !function.used.contains(name)
        {
            function.used.insert(name.to_owned());
        }
    }

    /// The line that a place is on, counted from one.
    pub(super) fn line(&self, span: Span) -> usize {
        self.source[..span.start].matches('\n').count() + 1
    }

    /// Goes one level deeper for as long as `inner` runs.
    pub(super) fn nested<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.check_nesting(1)?;
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// Refuses what would need that many levels more than are left.
    pub(super) fn check_nesting(&self, levels: usize) -> Result<(), Error> {
        if self.depth + levels <= NESTING {
            return Ok(());
        }
        let message =
            format!("nested more than {NESTING} levels deep; give an inner part a name first");
        Err(Error::syntax(message, self.span()))
    }

    /// Something else than what comes next was needed.
    #[cold]
    pub(super) fn unexpected(&self, expected: &str) -> Error {
        let token = self.peek();
        if let Some(word) = self.word().filter(|word| is_absent(word)) {
            let message = format!("there is no `{word}` in this language");
            return Error::syntax(message, token.span);
        }
        let got = match &token.kind {
            TokenKind::Newline => "the end of the line".to_owned(),
            TokenKind::End => "the end".to_owned(),
            TokenKind::Text(_) | TokenKind::Format(_) => "a string".to_owned(),
            TokenKind::Indent => "a line that is indented more".to_owned(),
            TokenKind::Dedent => "the end of the block".to_owned(),
            TokenKind::Bytes(_) => "bytes".to_owned(),
            TokenKind::Int(_) | TokenKind::Float(_) => "a number".to_owned(),
            TokenKind::Word | TokenKind::Op(_) | TokenKind::Semicolon => {
                format!("`{}`", self.text(token.span))
            }
        };
        // A line's end is shown behind the line.
        let span = if token.kind == TokenKind::Newline {
            Span::new(token.span.start, token.span.start)
        } else {
            token.span
        };
        Error::syntax(format!("expected {expected}, got {got}"), span)
    }
}
