//! Statements: from tokens to a list of them.

use locum_protocol::ops::Arithmetic;

use super::ast::*;
use super::cursor::Parser;
use super::error::Error;
use super::token::{Span, TokenKind, is_absent};

/// Reads a whole source.
pub(super) fn statements(source: &str) -> Result<Vec<Statement>, Error> {
    let mut parser = Parser::new(source)?;
    let mut statements = Vec::new();
    loop {
        while parser.eat(&TokenKind::Newline) || parser.eat(&TokenKind::Semicolon) {}
        if parser.is(&TokenKind::End) {
            return Ok(statements);
        }
        parser.check_indent(statements.last())?;
        parser.statement(&mut statements)?;
        parser.end_of_statement(statements.last())?;
    }
}

impl Parser<'_> {
    /// A line that is indented more than the one above needs something above that opens a block.
    pub(super) fn check_indent(&self, before: Option<&Statement>) -> Result<(), Error> {
        if !self.is(&TokenKind::Indent) {
            return Ok(());
        }
        let message = match before.and_then(|before| before.kind.opens_block()) {
            Some(word) => format!(
                "the body of the `{word}` above stands on its own line; this line is not part of it"
            ),
            None => "this line is indented more than the one above, and nothing there opens a block; begin both in the same column"
                .to_owned(),
        };
        Err(Error::syntax(message, self.span()))
    }

    pub(super) fn end_of_statement(&self, statement: Option<&Statement>) -> Result<(), Error> {
        if self.at_end_of_statement() || self.is_after_block() {
            return Ok(());
        }
        let after = statement.map(|s| &s.kind);
        if let Some(StatementKind::Expression(Expr {
            kind: ExprKind::Name(name),
            span,
        })) = after
            && name == "print"
        {
            return Err(Error::syntax(
                "`print` is a function here: print(...)",
                *span,
            ));
        }
        Err(match self.op() {
            Some("=") => Error::syntax(
                "an `=` has no place here; to compare, write `==`",
                self.span(),
            ),
            Some(":=") => Error::syntax(
                "there is no `:=` here; assign in a statement of its own",
                self.span(),
            ),
            _ => self.unexpected("an operator, or the end of the statement"),
        })
    }

    /// One statement; an import with commas is several.
    pub(super) fn statement(&mut self, out: &mut Vec<Statement>) -> Result<(), Error> {
        let start = self.span();
        let kind = match self.word() {
            Some("import") => return self.import(out),
            Some("from") => return self.import_from(out),
            Some("del") => self.delete()?,
            Some("pass") => {
                self.advance();
                StatementKind::Pass
            }
            Some(word @ ("if" | "while" | "for" | "try" | "def")) => {
                self.nested(|parser| parser.compound(word))?
            }
            Some(word @ ("break" | "continue")) => self.leave_loop(word)?,
            Some("return") => self.leave_function()?,
            Some("global") => self.global()?,
            Some("raise") => self.raise()?,
            Some("assert") => self.assert()?,
            Some(word @ ("elif" | "else" | "except" | "finally")) => {
                return Err(Error::syntax(misplaced(word), start));
            }
            Some(word) if is_absent(word) => return Err(self.unexpected("a statement")),
            _ => self.expression_or_assignment()?,
        };
        out.push(Statement {
            kind,
            span: self.since(start),
        });
        Ok(())
    }

    fn leave_loop(&mut self, word: &str) -> Result<StatementKind, Error> {
        let span = self.advance().span;
        if self.loops == 0 {
            let message = format!("there is no loop around this `{word}`");
            return Err(Error::syntax(message, span));
        }
        Ok(match word {
            "break" => StatementKind::Break,
            _ => StatementKind::Continue,
        })
    }

    fn leave_function(&mut self) -> Result<StatementKind, Error> {
        let span = self.advance().span;
        if self.functions.is_empty() {
            let message = "there is no function around this `return`";
            return Err(Error::syntax(message, span));
        }
        if self.at_end_of_statement() {
            return Ok(StatementKind::Return(None));
        }
        self.expressions()
            .map(|value| StatementKind::Return(Some(value)))
    }

    /// `global a, b`: in a function, names that are those outside of all functions.
    fn global(&mut self) -> Result<StatementKind, Error> {
        self.advance();
        loop {
            let name = self.name("the name of a variable")?;
            if let Some(function) = self.functions.last_mut() {
                function.globals.push(name);
            }
            if !self.eat_op(",") {
                return Ok(StatementKind::Pass);
            }
        }
    }

    fn raise(&mut self) -> Result<StatementKind, Error> {
        self.advance();
        if self.at_end_of_statement() {
            return Ok(StatementKind::Raise(None));
        }
        let what = self.expression()?;
        if self.is_word("from") {
            let message = "an error has no second one behind it here; leave `from ...` out";
            return Err(Error::syntax(message, self.span()));
        }
        Ok(StatementKind::Raise(Some(what)))
    }

    fn assert(&mut self) -> Result<StatementKind, Error> {
        self.advance();
        let condition = self.expression()?;
        let text = self.text(condition.span).to_owned();
        let message = match self.eat_op(",") {
            true => Some(self.expression()?),
            false => None,
        };
        Ok(StatementKind::Assert {
            condition,
            message,
            text,
        })
    }

    fn expression_or_assignment(&mut self) -> Result<StatementKind, Error> {
        let mut value = self.expressions()?;
        if let Some(operator) = self.op().and_then(augmented) {
            let target = target(value)?;
            if let TargetKind::Unpack(_) = target.kind {
                return Err(Error::syntax(
                    "several values can not be changed at once",
                    target.span,
                ));
            }
            self.advance();
            return Ok(StatementKind::Augment {
                target,
                operator,
                value: self.expressions()?,
            });
        }
        let mut targets = Vec::new();
        while self.is_op("=") {
            targets.push(target(value)?);
            self.advance();
            value = self.expressions()?;
        }
        if targets.is_empty() {
            return Ok(StatementKind::Expression(value));
        }
        Ok(StatementKind::Assign { targets, value })
    }

    fn import(&mut self, out: &mut Vec<Statement>) -> Result<(), Error> {
        self.advance();
        loop {
            let start = self.span();
            let module = self.module_name()?;
            let alias = if self.eat_word("as") {
                Some(self.name("a name for the module")?)
            } else {
                None
            };
            out.push(Statement {
                kind: StatementKind::Import { module, alias },
                span: self.since(start),
            });
            if !self.eat_op(",") {
                return Ok(());
            }
        }
    }

    fn import_from(&mut self, out: &mut Vec<Statement>) -> Result<(), Error> {
        self.advance();
        let module = self.module_name()?;
        self.expect_word("import", "and the names to import")?;
        if self.is_op("*") {
            let message = "name what to import; `*` is not supported";
            return Err(Error::syntax(message, self.span()));
        }
        let parenthesis = self.eat_op("(");
        loop {
            let start = self.span();
            let name = self.any_word("a name to import")?;
            let alias = if self.eat_word("as") {
                self.name("a name for it")?
            } else {
                name.clone()
            };
            let kind = StatementKind::ImportFrom {
                module: module.clone(),
                name,
                alias,
            };
            out.push(Statement {
                kind,
                span: self.since(start),
            });
            if !self.eat_op(",") || parenthesis && self.is_op(")") {
                break;
            }
        }
        if parenthesis {
            self.expect_op(")", "or a comma among the names")
        } else {
            Ok(())
        }
    }

    fn module_name(&mut self) -> Result<String, Error> {
        let mut module = self.name("the name of a module")?;
        while self.eat_op(".") {
            module.push('.');
            module.push_str(&self.any_word("the rest of the module's name")?);
        }
        Ok(module)
    }

    fn delete(&mut self) -> Result<StatementKind, Error> {
        self.advance();
        let expr = self.expressions()?;
        let targets = match target(expr)? {
            Target {
                kind: TargetKind::Unpack(targets),
                ..
            } => targets,
            one => vec![one],
        };
        let attribute = targets
            .iter()
            .find(|target| matches!(target.kind, TargetKind::Attribute(..)));
        if let Some(attribute) = attribute {
            let message = "attributes of objects can not be deleted; items can: `del a[i]`";
            return Err(Error::syntax(message, attribute.span));
        }
        Ok(StatementKind::Delete(targets))
    }

    /// What a `for` assigns to: one target, or several with commas between them.
    pub(super) fn targets(&mut self) -> Result<Target, Error> {
        let start = self.span();
        let first = target(self.nested(Self::postfix)?)?;
        if !self.is_op(",") {
            return Ok(first);
        }
        let mut targets = vec![first];
        while self.eat_op(",") && !self.is_word("in") {
            targets.push(target(self.nested(Self::postfix)?)?);
        }
        Ok(Target {
            kind: TargetKind::Unpack(targets),
            span: self.since(start),
        })
    }
}

fn misplaced(word: &str) -> String {
    let opener = match word {
        "elif" => "`if`",
        "else" => "`if`, `for`, `while` or `try`",
        _ => "`try`",
    };
    format!("this `{word}` has no {opener} above it that begins in the same column")
}

/// The expression as something to assign to.
fn target(expr: Expr) -> Result<Target, Error> {
    let Expr { kind, span } = expr;
    let kind = match kind {
        ExprKind::Name(name) => TargetKind::Name(name),
        ExprKind::List(items) if !items.is_empty() => TargetKind::Unpack(unpack(items)?),
        ExprKind::Chain(base, mut links) => match links.pop() {
            Some(Link {
                kind: LinkKind::Attribute(name),
                ..
            }) => TargetKind::Attribute(shortened(base, links), name),
            Some(Link {
                kind: LinkKind::Index(index),
                ..
            }) => TargetKind::Index(shortened(base, links), index),
            _ => return Err(no_target("the result of a call", span)),
        },
        kind => return Err(no_target(kind.describe(), span)),
    };
    Ok(Target { kind, span })
}

fn unpack(items: Vec<Item>) -> Result<Vec<Target>, Error> {
    let one = |item| match item {
        Item::One(expr) => target(expr),
        Item::Spread(expr) => Err(Error::syntax(
            "`*` has no place among the names that are assigned to",
            expr.span,
        )),
    };
    items.into_iter().map(one).collect()
}

/// The chain without its last link.
fn shortened(base: Box<Expr>, links: Vec<Link>) -> Expr {
    match links.last() {
        Some(last) => {
            let span = base.span.to(last.span);
            Expr {
                kind: ExprKind::Chain(base, links),
                span,
            }
        }
        None => *base,
    }
}

fn no_target(what: &str, span: Span) -> Error {
    Error::syntax(
        format!("{what} can not be assigned to; names, attributes and items can"),
        span,
    )
}

/// The operator of an augmented assignment.
fn augmented(op: &str) -> Option<Arithmetic> {
    Some(match op {
        "+=" => Arithmetic::Add,
        "-=" => Arithmetic::Sub,
        "*=" => Arithmetic::Mul,
        "/=" => Arithmetic::Div,
        "//=" => Arithmetic::FloorDiv,
        "%=" => Arithmetic::Mod,
        "**=" => Arithmetic::Pow,
        "<<=" => Arithmetic::Shl,
        ">>=" => Arithmetic::Shr,
        "&=" => Arithmetic::And,
        "|=" => Arithmetic::Or,
        "^=" => Arithmetic::Xor,
        _ => return None,
    })
}
