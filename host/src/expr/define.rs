//! Functions: `def` and `lambda`.

use std::collections::BTreeSet;
use std::sync::Arc;

use locum_protocol::Value;

use super::ast::*;
use super::cursor::{Names, Parser};
use super::error::Error;
use super::token::Span;

impl Parser<'_> {
    /// `lambda a, b=1: e`
    pub(super) fn lambda(&mut self) -> Result<Expr, Error> {
        let start = self.advance().span;
        let parameters = self.parameters(":")?;
        self.expect_op(":", "before the result of the `lambda`")?;
        let (body, names) = self.in_function(Self::expression)?;
        let body = Body::Expression(body);
        let definition = self.definition(None, parameters, body, names, start)?;
        Ok(Expr {
            kind: ExprKind::Lambda(Arc::new(definition)),
            span: self.since(start),
        })
    }

    /// `def name(a, b=1, *rest): ...`
    pub(super) fn define(&mut self, start: Span) -> Result<StatementKind, Error> {
        let name = self.name("the name of the function")?;
        self.expect_op("(", "before the parameters of the function")?;
        let parameters = self.parameters(")")?;
        self.expect_op(")", "or a comma among the parameters")?;
        if self.eat_op("->") {
            // What it is said to return is for people.
            self.expression()?;
        }
        let (body, names) = self.in_function(|parser| parser.block("def", start))?;
        let body = Body::Block(body);
        let definition = self.definition(Some(name), parameters, body, names, start)?;
        Ok(StatementKind::Define(Arc::new(definition)))
    }

    fn in_function<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<(T, Names), Error> {
        self.functions.push(Names::default());
        let loops = std::mem::take(&mut self.loops);
        let body = read(self);
        self.loops = loops;
        let names = self.functions.pop().unwrap_or_default();
        Ok((body?, names))
    }

    fn definition(
        &mut self,
        name: Option<String>,
        parameters: Vec<Parameter>,
        body: Body,
        names: Names,
        start: Span,
    ) -> Result<Definition, Error> {
        let Names { used, globals } = names;
        let mut bound = BTreeSet::new();
        for parameter in &parameters {
            if globals.contains(&parameter.name) {
                let message = format!("the parameter `{}` can not be `global`", parameter.name);
                return Err(Error::syntax(message, start));
            }
            bound.insert(parameter.name.clone());
        }
        let mut doc = None;
        if let Body::Block(statements) = &body {
            bound_by(statements, &mut bound);
            if let Some(Statement {
                kind: StatementKind::Expression(expr),
                ..
            }) = statements.first()
                && let ExprKind::Constant(Value::Text(text)) = &expr.kind
            {
                doc = Some(text.clone());
            }
        }
        bound.retain(|name| !globals.contains(name));
        let is_free = |name: &String| !bound.contains(name) && !globals.contains(name);
        let free: Vec<String> = used.into_iter().filter(is_free).collect();
        // What an inner function takes from outside has to be here when it is made.
        free.iter().for_each(|name| self.uses(name));
        Ok(Definition {
            name,
            parameters,
            body,
            doc,
            locals: bound.into_iter().collect(),
            globals,
            free,
        })
    }

    /// Up to the mark that ends them, which is not taken.
    fn parameters(&mut self, end: &str) -> Result<Vec<Parameter>, Error> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut named_only = false;
        while !self.is_op(end) {
            let span = self.span();
            if parameters
                .last()
                .is_some_and(|it| it.takes == Takes::Keywords)
            {
                let message = "nothing follows the parameter with `**`";
                return Err(Error::syntax(message, span));
            }
            let takes = if self.eat_op("**") {
                Takes::Keywords
            } else if self.eat_op("*") {
                if named_only {
                    return Err(Error::syntax("a second `*` among the parameters", span));
                }
                named_only = true;
                if self.eat_op(",") {
                    continue;
                }
                Takes::Rest
            } else if named_only {
                Takes::Named
            } else {
                Takes::One
            };
            let parameter = self.parameter(takes, end)?;
            if parameters.iter().any(|it| it.name == parameter.name) {
                let message = format!("there are two parameters `{}`", parameter.name);
                return Err(Error::syntax(message, span));
            }
            let has_default = |it: &Parameter| it.takes == Takes::One && it.default.is_some();
            if takes == Takes::One
                && parameter.default.is_none()
                && parameters.iter().any(has_default)
            {
                let message = format!(
                    "`{}` needs a default, as the parameter before it has one",
                    parameter.name
                );
                return Err(Error::syntax(message, span));
            }
            parameters.push(parameter);
            if !self.eat_op(",") {
                break;
            }
        }
        Ok(parameters)
    }

    fn parameter(&mut self, takes: Takes, end: &str) -> Result<Parameter, Error> {
        let name = self.name("the name of a parameter")?;
        if end == ")" && self.eat_op(":") {
            // Its type is for people.
            self.expression()?;
        }
        let default = match matches!(takes, Takes::One | Takes::Named) && self.eat_op("=") {
            true => Some(self.expression()?),
            false => None,
        };
        Ok(Parameter {
            name,
            takes,
            default,
        })
    }
}

/// The names that statements bind, without those in functions of their own. Blocks are at most as deep as the reader
/// allows, and so is this recursion.
fn bound_by(statements: &[Statement], bound: &mut BTreeSet<String>) {
    for statement in statements {
        match &statement.kind {
            StatementKind::Assign { targets, .. } | StatementKind::Delete(targets) => {
                targets
                    .iter()
                    .for_each(|target| bound_by_target(target, bound));
            }
            StatementKind::Augment { target, .. } => bound_by_target(target, bound),
            StatementKind::Import { module, alias } => {
                let first = module.split('.').next().unwrap_or_default();
                bound.insert(alias.as_deref().unwrap_or(first).to_owned());
            }
            StatementKind::ImportFrom { alias, .. } => drop(bound.insert(alias.clone())),
            StatementKind::Define(definition) => bound.extend(definition.name.clone()),
            StatementKind::If {
                branches,
                otherwise,
            } => {
                branches.iter().for_each(|(_, body)| bound_by(body, bound));
                bound_by(otherwise, bound);
            }
            StatementKind::While {
                body, otherwise, ..
            } => {
                bound_by(body, bound);
                bound_by(otherwise, bound);
            }
            StatementKind::For {
                target,
                body,
                otherwise,
                ..
            } => {
                bound_by_target(target, bound);
                bound_by(body, bound);
                bound_by(otherwise, bound);
            }
            StatementKind::Try(parts) => {
                bound_by(&parts.body, bound);
                for handler in &parts.handlers {
                    bound.extend(handler.name.clone());
                    bound_by(&handler.body, bound);
                }
                bound_by(&parts.otherwise, bound);
                bound_by(&parts.last, bound);
            }
            StatementKind::Expression(_)
            | StatementKind::Raise(_)
            | StatementKind::Assert { .. }
            | StatementKind::Return(_)
            | StatementKind::Break
            | StatementKind::Continue
            | StatementKind::Pass => {}
        }
    }
}

fn bound_by_target(target: &Target, bound: &mut BTreeSet<String>) {
    match &target.kind {
        TargetKind::Name(name) => drop(bound.insert(name.clone())),
        TargetKind::Unpack(targets) => {
            targets
                .iter()
                .for_each(|target| bound_by_target(target, bound));
        }
        TargetKind::Attribute(..) | TargetKind::Index(..) => {}
    }
}
