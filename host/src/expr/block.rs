//! Statements with blocks: `if`, `while`, `for`, `try`.

use super::ast::*;
use super::cursor::Parser;
use super::error::Error;
use super::token::{Span, TokenKind};

type Block = Vec<Statement>;

impl Parser<'_> {
    /// The statement that begins with that word.
    pub(super) fn compound(&mut self, word: &str) -> Result<StatementKind, Error> {
        let start = self.advance().span;
        match word {
            "if" => self.choose(start),
            "while" => self.repeat(start),
            "for" => self.for_each(start),
            "try" => self.attempt(start),
            _ => self.define(start),
        }
    }

    fn choose(&mut self, start: Span) -> Result<StatementKind, Error> {
        let condition = self.expression()?;
        let mut branches = vec![(condition, self.block("if", start)?)];
        while self.eat_clause("elif") {
            let start = self.span();
            let condition = self.expression()?;
            branches.push((condition, self.block("elif", start)?));
        }
        Ok(StatementKind::If {
            branches,
            otherwise: self.clause("else")?.unwrap_or_default(),
        })
    }

    fn repeat(&mut self, start: Span) -> Result<StatementKind, Error> {
        Ok(StatementKind::While {
            condition: self.expression()?,
            body: self.body_of_loop("while", start)?,
            otherwise: self.clause("else")?.unwrap_or_default(),
        })
    }

    fn for_each(&mut self, start: Span) -> Result<StatementKind, Error> {
        let target = self.targets()?;
        self.expect_word("in", "and what to go through")?;
        Ok(StatementKind::For {
            target,
            source: self.expressions()?,
            body: self.body_of_loop("for", start)?,
            otherwise: self.clause("else")?.unwrap_or_default(),
        })
    }

    fn body_of_loop(&mut self, word: &str, start: Span) -> Result<Block, Error> {
        self.loops += 1;
        let body = self.block(word, start);
        self.loops -= 1;
        body
    }

    fn attempt(&mut self, start: Span) -> Result<StatementKind, Error> {
        let body = self.block("try", start)?;
        let mut handlers: Vec<Handler> = Vec::new();
        while self.eat_clause("except") {
            let start = self.span();
            if handlers.last().is_some_and(|it| it.types.is_empty()) {
                let message = "the `except` above catches everything; put it last";
                return Err(Error::syntax(message, start));
            }
            handlers.push(self.handler(start)?);
        }
        let otherwise = match handlers.is_empty() {
            true => None,
            false => self.clause("else")?,
        };
        let last = self.clause("finally")?;
        if handlers.is_empty() && last.is_none() {
            let error = self.unexpected("`except` or `finally` after the block of the `try`");
            return Err(match self.only_ends_follow() {
                true => error.incomplete(),
                false => error,
            });
        }
        Ok(StatementKind::Try(Box::new(Try {
            body,
            handlers,
            otherwise: otherwise.unwrap_or_default(),
            last: last.unwrap_or_default(),
        })))
    }

    /// What follows an `except`: `: ...`, `Type as name: ...`, `(A, B): ...`
    fn handler(&mut self, start: Span) -> Result<Handler, Error> {
        let mut types = Vec::new();
        if self.eat_op("(") {
            while !self.is_op(")") {
                types.push(self.error_type()?);
                if !self.eat_op(",") {
                    break;
                }
            }
            self.expect_op(")", "or a comma among the types")?;
        } else if !self.is_op(":") {
            types.push(self.error_type()?);
            if self.is_op(",") {
                let message = "several types stand in parentheses: `except (A, B):`";
                return Err(Error::syntax(message, self.span()));
            }
        }
        let name = match !types.is_empty() && self.eat_word("as") {
            true => Some(self.name("a name for the error")?),
            false => None,
        };
        Ok(Handler {
            types,
            name,
            body: self.block("except", start)?,
        })
    }

    /// The name of a type; of one in a module, the last part, as errors have it.
    fn error_type(&mut self) -> Result<String, Error> {
        let mut name = self.name("the type of an error")?;
        while self.eat_op(".") {
            name = self.any_word("the type of an error after the dot")?;
        }
        Ok(name)
    }

    /// The block of a word that may follow.
    fn clause(&mut self, word: &str) -> Result<Option<Block>, Error> {
        if !self.eat_clause(word) {
            return Ok(None);
        }
        let start = self.span();
        self.block(word, start).map(Some)
    }

    /// What follows the `:`: statements on the same line, or lines that are indented more.
    pub(super) fn block(&mut self, word: &str, start: Span) -> Result<Block, Error> {
        if !self.is_op(":") && self.only_ends_follow() && self.is(&TokenKind::End) {
            return Err(self.unexpected(&format!("`:` before the body of the `{word}`")));
        }
        self.expect_op(":", &format!("before the body of the `{word}`"))?;
        if !self.at_end_of_statement() {
            return self.body_on_line();
        }
        if self.only_ends_follow() {
            let message = format!("the body of this `{word}` is missing");
            return Err(Error::syntax(message, self.span()).incomplete());
        }
        while self.eat(&TokenKind::Newline) {}
        if !self.eat(&TokenKind::Indent) {
            let line = self.line(start);
            let message = format!(
                "the body of the `{word}` on line {line} is missing; indent the lines that belong to it, or write `pass`"
            );
            return Err(Error::syntax(message, self.span()));
        }
        // Whatever is around it, this block has lines of its own.
        let inline = std::mem::take(&mut self.inline);
        let body = self.body_on_lines();
        self.inline = inline;
        body
    }

    fn body_on_line(&mut self) -> Result<Block, Error> {
        self.inline += 1;
        let mut body = Vec::new();
        loop {
            while self.eat(&TokenKind::Semicolon) {}
            if self.at_end_of_statement() || self.is_after_block() {
                self.inline -= 1;
                return Ok(body);
            }
            self.statement(&mut body)?;
            self.end_of_statement(body.last())?;
        }
    }

    fn body_on_lines(&mut self) -> Result<Block, Error> {
        let mut body = Vec::new();
        loop {
            while self.eat(&TokenKind::Newline) || self.eat(&TokenKind::Semicolon) {}
            if self.eat(&TokenKind::Dedent) || self.is(&TokenKind::End) {
                return Ok(body);
            }
            self.check_indent(body.last())?;
            self.statement(&mut body)?;
            self.end_of_statement(body.last())?;
        }
    }
}

impl StatementKind {
    /// The word of a statement that has a block.
    pub(super) fn opens_block(&self) -> Option<&'static str> {
        match self {
            StatementKind::If { .. } => Some("if"),
            StatementKind::While { .. } => Some("while"),
            StatementKind::For { .. } => Some("for"),
            StatementKind::Try(_) => Some("try"),
            StatementKind::Define(_) => Some("def"),
            _ => None,
        }
    }
}
