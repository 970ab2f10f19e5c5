//! `[e for x in it if c]` and `{k: v for x in it if c}`.

use locum_protocol::{Map, Value};

use super::ast::{Clause, Comprehension, Expr, Target, TargetKind};
use super::budget::Budget;
use super::error::Error;
use super::eval::At;
use super::exec::Interpreter;
use super::scope::Binding;
use super::token::Span;

impl Interpreter<'_> {
    pub(super) fn list_of(
        &mut self,
        comprehension: &Comprehension<Expr>,
        span: Span,
    ) -> Result<Value, Error> {
        let mut budget = Budget::inside(1);
        let mut values = Vec::new();
        self.in_own_scope(&comprehension.clauses, &mut |interpreter| {
            let value = interpreter.value(&comprehension.element)?;
            budget.take(&value).at(span)?;
            values.push(value);
            Ok(())
        })?;
        Ok(Value::List(values))
    }

    pub(super) fn dict_of(
        &mut self,
        comprehension: &Comprehension<(Expr, Expr)>,
        span: Span,
    ) -> Result<Value, Error> {
        let mut budget = Budget::inside(1);
        let mut map = Map::new();
        let (key, value) = &comprehension.element;
        self.in_own_scope(&comprehension.clauses, &mut |interpreter| {
            let key = interpreter.value(key)?;
            let value = interpreter.value(value)?;
            budget
                .take(&key)
                .and_then(|()| budget.take(&value))
                .at(span)?;
            map.insert(key, value);
            Ok(())
        })?;
        Ok(Value::Map(map))
    }

    /// Runs the clauses; afterwards their variables are what they were before.
    fn in_own_scope(&mut self, clauses: &[Clause], each: &mut Each<'_>) -> Result<(), Error> {
        let mut names = Vec::new();
        clauses
            .iter()
            .for_each(|clause| collect(&clause.target, &mut names));
        let before: Vec<(&str, Option<Binding>)> = names
            .into_iter()
            .map(|name| (name, self.scope.get(name).cloned()))
            .collect();
        let result = self.clauses(clauses, each);
        for (name, binding) in before {
            match binding {
                Some(binding) => self.scope.set(name, binding),
                None => drop(self.scope.remove(name)),
            }
        }
        result
    }

    /// Each clause runs inside of the one before; the parser bounds their number.
    fn clauses(&mut self, clauses: &[Clause], each: &mut Each<'_>) -> Result<(), Error> {
        let Some((clause, rest)) = clauses.split_first() else {
            return each(self);
        };
        for item in self.iterate(&clause.source)? {
            self.assign(&clause.target, item.at(clause.source.span)?)?;
            let mut wanted = true;
            for condition in &clause.conditions {
                wanted = wanted && self.condition(condition)?;
            }
            if wanted {
                self.clauses(rest, each)?;
            }
        }
        Ok(())
    }
}

/// What happens for each item.
type Each<'e> = dyn FnMut(&mut Interpreter<'_>) -> Result<(), Error> + 'e;

/// The names that a target binds.
fn collect<'t>(target: &'t Target, names: &mut Vec<&'t str>) {
    match &target.kind {
        TargetKind::Name(name) => names.push(name),
        TargetKind::Unpack(targets) => targets.iter().for_each(|target| collect(target, names)),
        TargetKind::Attribute(..) | TargetKind::Index(..) => {}
    }
}
