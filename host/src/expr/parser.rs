//! Expressions: from tokens to a tree, by precedence.

use locum_protocol::ops::{Arithmetic, Comparison, Unary};

use super::ast::*;
use super::cursor::Parser;
use super::error::Error;

/// An operator between two operands.
enum Operator {
    Or,
    And,
    Compare(Compare),
    Arithmetic(Arithmetic),
}

/// How tightly operators bind, from loose to tight. `not` is a prefix between `and` and comparisons.
mod level {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const COMPARE: u8 = 4;
    pub(super) const BIT_OR: u8 = 5;
    pub(super) const BIT_XOR: u8 = 6;
    pub(super) const BIT_AND: u8 = 7;
    pub(super) const SHIFT: u8 = 8;
    pub(super) const SUM: u8 = 9;
    pub(super) const PRODUCT: u8 = 10;
}

impl Parser<'_> {
    /// One expression, or several with commas between them: a tuple without parentheses.
    pub(super) fn expressions(&mut self) -> Result<Expr, Error> {
        let start = self.span();
        let first = self.item()?;
        if !self.is_op(",") {
            return self.only(first);
        }
        let mut items = vec![first];
        while self.eat_op(",") && !self.ends_expressions() {
            items.push(self.item()?);
        }
        Ok(Expr {
            kind: ExprKind::List(items),
            span: self.since(start),
        })
    }

    pub(super) fn expression(&mut self) -> Result<Expr, Error> {
        self.nested(Self::choice)
    }

    /// `a if c else b`
    fn choice(&mut self) -> Result<Expr, Error> {
        let start = self.span();
        if self.is_word("lambda") {
            return self.lambda();
        }
        let then = self.binary(level::OR)?;
        if !self.eat_word("if") {
            return Ok(then);
        }
        let condition = self.binary(level::OR)?;
        self.expect_word("else", "and what it is otherwise")?;
        let otherwise = self.expression()?;
        let kind = ExprKind::Choice {
            condition: Box::new(condition),
            then: Box::new(then),
            otherwise: Box::new(otherwise),
        };
        Ok(Expr {
            kind,
            span: self.since(start),
        })
    }

    /// An expression without a conditional at its top, as conditions and sources of comprehensions are.
    pub(super) fn operation(&mut self) -> Result<Expr, Error> {
        self.nested(|parser| parser.binary(level::OR))
    }

    /// What calls this from further outside than an operator does goes one level deeper: see [`Parser::nested`].
    fn binary(&mut self, least: u8) -> Result<Expr, Error> {
        let start = self.span();
        let mut left = if least <= level::NOT && self.is_word("not") {
            self.negation()?
        } else {
            self.unary()?
        };
        // The level whose chain `left` is, if it was begun here: `(a < b) < c` is no chain.
        let mut chain = None;
        while let Some((level, operator, words)) =
            self.operator().filter(|(level, ..)| *level >= least)
        {
            for _ in 0..words {
                self.advance();
            }
            let right = self.binary(level + 1)?;
            let span = self.since(start);
            left = Expr {
                kind: join(left, operator, right, chain == Some(level)),
                span,
            };
            chain = Some(level);
        }
        Ok(left)
    }

    fn negation(&mut self) -> Result<Expr, Error> {
        let start = self.advance().span;
        let operand = self.nested(|parser| parser.binary(level::NOT))?;
        Ok(Expr {
            kind: ExprKind::Not(Box::new(operand)),
            span: self.since(start),
        })
    }

    /// The operator that comes next, its level, and of how many tokens it is made.
    fn operator(&self) -> Option<(u8, Operator, usize)> {
        let compare = |compare, words| Some((level::COMPARE, Operator::Compare(compare), words));
        let order = |order| Some((level::COMPARE, Operator::Compare(Compare::Order(order)), 1));
        let arithmetic = |level, arithmetic| Some((level, Operator::Arithmetic(arithmetic), 1));
        match (self.op(), self.word()) {
            (Some(op), _) => match op {
                "==" => order(Comparison::Eq),
                "!=" => order(Comparison::Ne),
                "<" => order(Comparison::Lt),
                "<=" => order(Comparison::Le),
                ">" => order(Comparison::Gt),
                ">=" => order(Comparison::Ge),
                "|" => arithmetic(level::BIT_OR, Arithmetic::Or),
                "^" => arithmetic(level::BIT_XOR, Arithmetic::Xor),
                "&" => arithmetic(level::BIT_AND, Arithmetic::And),
                "<<" => arithmetic(level::SHIFT, Arithmetic::Shl),
                ">>" => arithmetic(level::SHIFT, Arithmetic::Shr),
                "+" => arithmetic(level::SUM, Arithmetic::Add),
                "-" => arithmetic(level::SUM, Arithmetic::Sub),
                "*" => arithmetic(level::PRODUCT, Arithmetic::Mul),
                "/" => arithmetic(level::PRODUCT, Arithmetic::Div),
                "//" => arithmetic(level::PRODUCT, Arithmetic::FloorDiv),
                "%" => arithmetic(level::PRODUCT, Arithmetic::Mod),
                _ => None,
            },
            (_, Some("or")) => Some((level::OR, Operator::Or, 1)),
            (_, Some("and")) => Some((level::AND, Operator::And, 1)),
            (_, Some("in")) => compare(Compare::In, 1),
            (_, Some("not")) if self.word_at(1) == Some("in") => compare(Compare::NotIn, 2),
            (_, Some("is")) if self.word_at(1) == Some("not") => compare(Compare::IsNot, 2),
            (_, Some("is")) => compare(Compare::Is, 1),
            _ => None,
        }
    }

    /// `-x`, `+x`, `~x`
    fn unary(&mut self) -> Result<Expr, Error> {
        let operator = match self.op() {
            Some("-") => Unary::Neg,
            Some("+") => Unary::Pos,
            Some("~") => Unary::Invert,
            _ => return self.power(),
        };
        let start = self.advance().span;
        let operand = self.nested(Self::unary)?;
        Ok(Expr {
            kind: ExprKind::Unary(operator, Box::new(operand)),
            span: self.since(start),
        })
    }

    /// `a ** b`, which binds tighter than a sign before it, and looser than one after it.
    fn power(&mut self) -> Result<Expr, Error> {
        let start = self.span();
        let base = self.postfix()?;
        if !self.eat_op("**") {
            return Ok(base);
        }
        let exponent = self.nested(Self::unary)?;
        let kind = ExprKind::Arithmetic(Box::new(base), vec![(Arithmetic::Pow, exponent)]);
        Ok(Expr {
            kind,
            span: self.since(start),
        })
    }

    /// Whether nothing more follows a comma in a tuple without parentheses.
    fn ends_expressions(&self) -> bool {
        self.at_end_of_statement() || matches!(self.op(), Some("=" | ")" | "]" | "}" | ":"))
    }
}

/// Two operands become one; when `left` is a chain of the same level, it goes on.
fn join(left: Expr, operator: Operator, right: Expr, goes_on: bool) -> ExprKind {
    let Expr { kind, span } = left;
    match (operator, kind) {
        (Operator::Or, ExprKind::Any(mut operands)) if goes_on => {
            operands.push(right);
            ExprKind::Any(operands)
        }
        (Operator::And, ExprKind::All(mut operands)) if goes_on => {
            operands.push(right);
            ExprKind::All(operands)
        }
        (Operator::Compare(compare), ExprKind::Compare(first, mut rest)) if goes_on => {
            rest.push((compare, right));
            ExprKind::Compare(first, rest)
        }
        (Operator::Arithmetic(arithmetic), ExprKind::Arithmetic(first, mut rest)) if goes_on => {
            rest.push((arithmetic, right));
            ExprKind::Arithmetic(first, rest)
        }
        (Operator::Or, kind) => ExprKind::Any(vec![Expr { kind, span }, right]),
        (Operator::And, kind) => ExprKind::All(vec![Expr { kind, span }, right]),
        (Operator::Compare(compare), kind) => {
            ExprKind::Compare(Box::new(Expr { kind, span }), vec![(compare, right)])
        }
        (Operator::Arithmetic(arithmetic), kind) => {
            ExprKind::Arithmetic(Box::new(Expr { kind, span }), vec![(arithmetic, right)])
        }
    }
}
