//! Running statements.

use locum_protocol::{Error as Raised, Value};

use super::ast::{Expr, Statement, StatementKind};
use super::depth::Level;
use super::error::Error;
use super::eval::At;
use super::frame::Frame;
use super::scope::Binding;
use super::token::Span;

/// Where it goes on after a statement.
pub(super) enum Flow {
    /// With the next one.
    Next,
    /// Behind the innermost loop.
    Break,
    /// With the next step of the innermost loop.
    Continue,
    /// Behind the call of the function, with this result.
    Return(Value),
}

impl Frame<'_> {
    /// Runs a whole script. When its last statement is an expression, its value is the result.
    pub(super) fn script(&mut self, statements: &[Statement]) -> Result<Option<Value>, Error> {
        let mut last = None;
        for statement in statements {
            last = None;
            match &statement.kind {
                StatementKind::Expression(expr) => {
                    self.check_interrupt().at(statement.span)?;
                    last = Some(self.value(expr)?);
                }
                // The reader sees to it that a script neither returns nor breaks.
                _ => drop(self.statement(statement)?),
            }
        }
        Ok(last)
    }

    pub(super) fn block(&mut self, statements: &[Statement]) -> Result<Flow, Error> {
        for statement in statements {
            match self.statement(statement)? {
                Flow::Next => {}
                leave => return Ok(leave),
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, statement: &Statement) -> Result<Flow, Error> {
        self.check_interrupt().at(statement.span)?;
        match &statement.kind {
            StatementKind::Expression(expr) => drop(self.value(expr)?),
            StatementKind::Assign { targets, value } => {
                let value = self.value(value)?;
                for target in targets {
                    self.assign(target, value.clone())?;
                }
            }
            StatementKind::Augment {
                target,
                operator,
                value,
            } => self.augment(target, *operator, value)?,
            StatementKind::Import { module, alias } => {
                self.import(module, alias.as_deref(), statement.span)?
            }
            StatementKind::ImportFrom {
                module,
                name,
                alias,
            } => {
                let member = self.shared.library.import_from(module, name);
                let member = member.at(statement.span)?;
                self.set(alias, Binding::Value(member));
            }
            StatementKind::Delete(targets) => {
                targets.iter().try_for_each(|target| self.delete(target))?
            }
            StatementKind::Define(definition) => {
                let function = self.function(definition)?;
                let name = definition.name.as_deref().unwrap_or_default();
                self.set(name, Binding::Value(function));
            }
            StatementKind::Return(value) => {
                let value = value.as_ref().map(|expr| self.value(expr)).transpose()?;
                return Ok(Flow::Return(value.unwrap_or_default()));
            }
            StatementKind::Raise(what) => return Err(self.raise(what.as_ref(), statement.span)),
            StatementKind::Assert {
                condition,
                message,
                text,
            } => self.assert(condition, message.as_ref(), text)?,
            StatementKind::Break => return Ok(Flow::Break),
            StatementKind::Continue => return Ok(Flow::Continue),
            StatementKind::Pass => {}
            _ => {
                let _level = Level::enter().at(statement.span)?;
                return self.compound(statement);
            }
        }
        Ok(Flow::Next)
    }

    /// Statements that have others in them.
    fn compound(&mut self, statement: &Statement) -> Result<Flow, Error> {
        match &statement.kind {
            StatementKind::If {
                branches,
                otherwise,
            } => {
                for (condition, body) in branches {
                    if self.condition(condition)? {
                        return self.block(body);
                    }
                }
                self.block(otherwise)
            }
            StatementKind::While {
                condition,
                body,
                otherwise,
            } => {
                while self.condition(condition)? {
                    self.check_interrupt().at(condition.span)?;
                    match self.block(body)? {
                        Flow::Next | Flow::Continue => {}
                        Flow::Break => return Ok(Flow::Next),
                        leave @ Flow::Return(_) => return Ok(leave),
                    }
                }
                self.block(otherwise)
            }
            StatementKind::For {
                target,
                source,
                body,
                otherwise,
            } => {
                for item in self.iterate(source)? {
                    self.assign(target, item.at(source.span)?)?;
                    match self.block(body)? {
                        Flow::Next | Flow::Continue => {}
                        Flow::Break => return Ok(Flow::Next),
                        leave @ Flow::Return(_) => return Ok(leave),
                    }
                }
                self.block(otherwise)
            }
            StatementKind::Try(parts) => self.attempt(parts),
            _ => Ok(Flow::Next),
        }
    }

    #[inline(never)]
    fn assert(
        &mut self,
        condition: &Expr,
        message: Option<&Expr>,
        text: &str,
    ) -> Result<(), Error> {
        if self.condition(condition)? {
            return Ok(());
        }
        let message = match message {
            Some(message) => {
                let value = self.value(message)?;
                locum_protocol::ops::text(&value).at(message.span)?
            }
            None => format!("this does not hold: {text}"),
        };
        Err(Raised::raise("AssertionError", message)).at(condition.span)
    }

    /// As in Python, `import a.b` binds `a`, and `import a.b as c` binds what it says.
    #[inline(never)]
    fn import(&mut self, module: &str, alias: Option<&str>, span: Span) -> Result<(), Error> {
        let library = &self.shared.library;
        // A package that is no module itself has nothing to import yet.
        if library.is_module(module).at(span)? || !library.is_package(module).at(span)? {
            library.import(module).at(span)?;
        }
        match (alias, module.split_once('.')) {
            (Some(alias), _) => self.set(alias, Binding::Module(module.to_owned())),
            (None, Some((first, _))) => self.set(first, Binding::Module(first.to_owned())),
            (None, None) => self.set(module, Binding::Module(module.to_owned())),
        }
        Ok(())
    }
}
