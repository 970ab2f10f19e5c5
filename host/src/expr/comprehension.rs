//! `[e for x in it if c]` and `{k: v for x in it if c}`.

use locum_protocol::{Map, Value};

use super::ast::{Clause, Comprehension, Expr};
use super::budget::Budget;
use super::error::Error;
use super::eval::At;
use super::frame::Frame;
use super::token::Span;

impl<'s> Frame<'s> {
    #[inline(never)]
    pub(super) fn list_of(
        &mut self,
        comprehension: &Comprehension<Expr>,
        span: Span,
    ) -> Result<Value, Error> {
        let mut budget = Budget::inside(1);
        let mut values = Vec::new();
        self.in_own_scope(|frame| {
            frame.clauses(&comprehension.clauses, &mut |frame| {
                let value = frame.value(&comprehension.element)?;
                budget.take(&value).at(span)?;
                values.push(value);
                Ok(())
            })
        })?;
        Ok(Value::List(values))
    }

    #[inline(never)]
    pub(super) fn dict_of(
        &mut self,
        comprehension: &Comprehension<(Expr, Expr)>,
        span: Span,
    ) -> Result<Value, Error> {
        let mut budget = Budget::inside(1);
        let mut map = Map::new();
        let (key, value) = &comprehension.element;
        self.in_own_scope(|frame| {
            frame.clauses(&comprehension.clauses, &mut |frame| {
                let key = frame.value(key)?;
                let value = frame.value(value)?;
                budget
                    .take(&key)
                    .and_then(|()| budget.take(&value))
                    .at(span)?;
                map.insert(key, value);
                Ok(())
            })
        })?;
        Ok(Value::Map(map))
    }

    /// Each clause runs inside of the one before; the parser bounds their number.
    fn clauses(&mut self, clauses: &[Clause], each: &mut Each<'_, 's>) -> Result<(), Error> {
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
type Each<'e, 's> = dyn FnMut(&mut Frame<'s>) -> Result<(), Error> + 'e;
