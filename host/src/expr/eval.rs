//! Evaluating expressions.

use locum_protocol::ops::{self, Arithmetic};
use locum_protocol::{DynArgs, Map, Slice, Value};

use super::ast::*;
use super::budget::{Budget, check_repeated};
use super::depth::Level;
use super::error::Error;
use super::frame::Frame;
use super::iterate::Iter;
use super::token::Span;

/// Says at which place of the source an operation failed.
pub(super) trait At<T> {
    fn at(self, span: Span) -> Result<T, Error>;
}

impl<T> At<T> for locum_protocol::Result<T> {
    fn at(self, span: Span) -> Result<T, Error> {
        self.map_err(|cause| Error::raised(cause, span))
    }
}

impl<'s> Frame<'s> {
    /// The value of an expression.
    pub(super) fn value(&mut self, expr: &Expr) -> Result<Value, Error> {
        match &expr.kind {
            // What needs no further level is by far the most frequent.
            ExprKind::Constant(value) => return Ok(value.clone()),
            ExprKind::Name(name) => return self.name_value(name, expr.span),
            _ => {}
        }
        let _level = Level::enter().at(expr.span)?;
        self.value_here(expr)
    }

    fn value_here(&mut self, expr: &Expr) -> Result<Value, Error> {
        match &expr.kind {
            ExprKind::Constant(value) => Ok(value.clone()),
            ExprKind::Name(name) => self.name_value(name, expr.span),
            ExprKind::Chain(..) => {
                let place = self.place(expr)?;
                self.load(place).at(expr.span)
            }
            ExprKind::List(items) => {
                let list = Value::List(self.items(items)?);
                Budget::new().take(&list).at(expr.span)?;
                Ok(list)
            }
            ExprKind::Dict(entries) => self.dict(entries, expr.span),
            ExprKind::ListOf(comprehension) => self.list_of(comprehension, expr.span),
            ExprKind::DictOf(comprehension) => self.dict_of(comprehension, expr.span),
            ExprKind::Unary(operator, operand) => {
                let operand = self.value(operand)?;
                ops::unary(*operator, &operand).at(expr.span)
            }
            ExprKind::Not(operand) => self.condition(operand).map(|it| Value::Bool(!it)),
            ExprKind::Arithmetic(first, rest) => self.arithmetic(first, rest),
            ExprKind::Compare(first, rest) => self.comparison(first, rest),
            ExprKind::All(operands) => self.until(operands, false),
            ExprKind::Any(operands) => self.until(operands, true),
            ExprKind::Choice {
                condition,
                then,
                otherwise,
            } => {
                if self.condition(condition)? {
                    self.value(then)
                } else {
                    self.value(otherwise)
                }
            }
            ExprKind::Lambda(definition) => self.function(definition),
            ExprKind::Format(pieces) => self.format(pieces, expr.span).map(Value::Text),
            ExprKind::Slice { start, stop, step } => {
                let start = self.bound(start.as_deref())?;
                let stop = self.bound(stop.as_deref())?;
                let step = self.bound(step.as_deref())?;
                Ok(Value::Slice(Slice { start, stop, step }))
            }
        }
    }

    /// Whether an expression counts as true.
    pub(super) fn condition(&mut self, expr: &Expr) -> Result<bool, Error> {
        let value = self.value(expr)?;
        ops::truth(&value).at(expr.span)
    }

    /// Starts to go through the value of an expression.
    pub(super) fn iterate(&mut self, expr: &Expr) -> Result<Iter<'s>, Error> {
        let value = self.value(expr)?;
        self.go_through(value).at(expr.span)
    }

    /// `and`, `or`: the first operand that counts as `wanted`, or else the last.
    #[inline(never)]
    fn until(&mut self, operands: &[Expr], wanted: bool) -> Result<Value, Error> {
        let mut value = Value::Null;
        for (at, operand) in operands.iter().enumerate() {
            value = self.value(operand)?;
            if at + 1 < operands.len() && ops::truth(&value).at(operand.span)? == wanted {
                break;
            }
        }
        Ok(value)
    }

    fn arithmetic(&mut self, first: &Expr, rest: &[(Arithmetic, Expr)]) -> Result<Value, Error> {
        let mut value = self.value(first)?;
        for (operator, operand) in rest {
            let right = self.value(operand)?;
            value = combine(*operator, &value, &right).at(first.span.to(operand.span))?;
        }
        Ok(value)
    }

    /// `a < b <= c`: each operand is evaluated once, and only as far as the answer needs.
    #[inline(never)]
    fn comparison(&mut self, first: &Expr, rest: &[(Compare, Expr)]) -> Result<Value, Error> {
        let mut left = self.value(first)?;
        let mut start = first.span;
        for (compare, operand) in rest {
            let right = self.value(operand)?;
            if !holds(*compare, &left, &right).at(start.to(operand.span))? {
                return Ok(Value::Bool(false));
            }
            left = right;
            start = operand.span;
        }
        Ok(Value::Bool(true))
    }

    fn items(&mut self, items: &[Item]) -> Result<Vec<Value>, Error> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Item::One(expr) => values.push(self.value(expr)?),
                Item::Spread(expr) => {
                    let mut budget = Budget::new();
                    for value in self.iterate(expr)? {
                        let value = value.at(expr.span)?;
                        budget.take(&value).at(expr.span)?;
                        values.push(value);
                    }
                }
            }
        }
        Ok(values)
    }

    #[inline(never)]
    fn dict(&mut self, entries: &[Entry], span: Span) -> Result<Value, Error> {
        let mut map = Map::new();
        for entry in entries {
            match entry {
                Entry::One(key, value) => {
                    let key = self.value(key)?;
                    map.insert(key, self.value(value)?);
                }
                Entry::Spread(expr) => {
                    for (key, value) in self.mapping(expr)? {
                        map.insert(key, value);
                    }
                }
            }
        }
        let map = Value::Map(map);
        Budget::new().take(&map).at(span)?;
        Ok(map)
    }

    /// The entries of a dict, here or far.
    fn mapping(&mut self, expr: &Expr) -> Result<Map, Error> {
        let value = self.value(expr)?;
        super::builtins::mapping(self, value).at(expr.span)
    }

    /// The arguments of a call.
    pub(super) fn arguments(&mut self, arguments: &Arguments) -> Result<DynArgs, Error> {
        let positional = self.items(&arguments.positional)?;
        let mut keywords: Vec<(String, Value)> = Vec::new();
        for keyword in &arguments.keywords {
            match keyword {
                Keyword::One(name, expr) => {
                    add(&mut keywords, name.clone(), self.value(expr)?, expr.span)?
                }
                Keyword::Spread(expr) => {
                    for (name, value) in self.mapping(expr)? {
                        let Value::Text(name) = name else {
                            let message = format!(
                                "keywords are text, this one is of type {}",
                                name.type_name()
                            );
                            return Err(locum_protocol::Error::type_error(message)).at(expr.span);
                        };
                        add(&mut keywords, name, value, expr.span)?;
                    }
                }
            }
        }
        Ok(DynArgs {
            positional,
            keywords,
        })
    }

    fn bound(&mut self, expr: Option<&Expr>) -> Result<Option<i64>, Error> {
        let Some(expr) = expr else { return Ok(None) };
        match self.value(expr)? {
            Value::Null => Ok(None),
            Value::Bool(bound) => Ok(Some(i64::from(bound))),
            // Beyond every sequence is as good as far beyond.
            Value::Int(bound) => Ok(Some(bound.clamp(i64::MIN.into(), i64::MAX.into()) as i64)),
            other => {
                let message = format!(
                    "the parts of a slice are whole numbers or None, got {}",
                    other.type_name()
                );
                Err(locum_protocol::Error::type_error(message)).at(expr.span)
            }
        }
    }
}

fn add(
    keywords: &mut Vec<(String, Value)>,
    name: String,
    value: Value,
    span: Span,
) -> Result<(), Error> {
    if keywords.iter().any(|(other, _)| *other == name) {
        let message = format!("the keyword `{name}` is given twice");
        return Err(locum_protocol::Error::type_error(message)).at(span);
    }
    keywords.push((name, value));
    Ok(())
}

/// An operator on two values, refused when it would make a value out of all proportion.
pub(super) fn combine(
    operator: Arithmetic,
    left: &Value,
    right: &Value,
) -> locum_protocol::Result<Value> {
    match (operator, left, right) {
        (
            Arithmetic::Mul,
            repeated @ (Value::Text(_) | Value::Bytes(_) | Value::List(_)),
            Value::Int(times),
        )
        | (
            Arithmetic::Mul,
            Value::Int(times),
            repeated @ (Value::Text(_) | Value::Bytes(_) | Value::List(_)),
        ) => {
            check_repeated(repeated, *times)?;
        }
        _ => {}
    }
    let value = ops::arithmetic(operator, left, right)?;
    Budget::new().take(&value)?;
    Ok(value)
}

fn holds(compare: Compare, left: &Value, right: &Value) -> locum_protocol::Result<bool> {
    match compare {
        Compare::Order(order) => ops::compare_with(order, left, right),
        Compare::In => contains(right, left),
        Compare::NotIn => contains(right, left).map(|it| !it),
        Compare::Is => is(left, right),
        Compare::IsNot => is(left, right).map(|it| !it),
    }
}

fn contains(container: &Value, item: &Value) -> locum_protocol::Result<bool> {
    match container {
        Value::Object(proxy) => proxy.contains(item),
        data => ops::contains(data, item),
    }
}

/// Objects have an identity, and so have None, True and False; other data has not.
fn is(left: &Value, right: &Value) -> locum_protocol::Result<bool> {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => Ok(left.same_object(right)),
        (Value::Bool(left), Value::Bool(right)) => Ok(left == right),
        (Value::Null, Value::Null) => Ok(true),
        (Value::Object(_) | Value::Null | Value::Bool(_), _)
        | (_, Value::Object(_) | Value::Null | Value::Bool(_)) => Ok(false),
        _ => {
            let message =
                "`is` tells objects apart, and data has no identity; compare it with `==`";
            Err(locum_protocol::Error::type_error(message))
        }
    }
}
