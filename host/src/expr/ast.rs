//! What the parser makes of a script.
//!
//! Chains that a source may make as long as it likes (`a.b[1](2)`, `a + b - c`, `a and b and c`, `a < b < c`) are kept
//! flat, so that the height of a tree is bounded by the nesting that the parser allows, and walking it by recursion is
//! safe.

use locum_protocol::Value;
use locum_protocol::ops::{Arithmetic, Comparison, Unary};

use super::token::Span;

/// A statement and where it stands.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) kind: StatementKind,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) enum StatementKind {
    Expression(Expr),
    /// `a = b = value`
    Assign {
        targets: Vec<Target>,
        value: Expr,
    },
    /// `a += value`
    Augment {
        target: Target,
        operator: Arithmetic,
        value: Expr,
    },
    /// `import a.b as c`, one for each comma.
    Import {
        module: String,
        alias: Option<String>,
    },
    /// `from module import name as alias`, one for each comma.
    ImportFrom {
        module: String,
        name: String,
        alias: String,
    },
    Delete(Vec<Target>),
    For {
        target: Target,
        source: Expr,
        body: Vec<Statement>,
    },
    Pass,
}

/// What can be assigned to.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) kind: TargetKind,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) enum TargetKind {
    Name(String),
    Attribute(Expr, String),
    Index(Expr, Expr),
    Unpack(Vec<Target>),
}

/// An expression and where it stands.
#[derive(Debug)]
pub(super) struct Expr {
    pub(super) kind: ExprKind,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) enum ExprKind {
    Constant(Value),
    Name(String),
    /// A base and what follows it: `a.b[1](2)`.
    Chain(Box<Expr>, Vec<Link>),
    /// Lists, and tuples too: there is one kind of sequence.
    List(Vec<Item>),
    Dict(Vec<Entry>),
    ListOf(Box<Comprehension<Expr>>),
    DictOf(Box<Comprehension<(Expr, Expr)>>),
    Unary(Unary, Box<Expr>),
    Not(Box<Expr>),
    /// `first + a - b`: operators of one precedence, from left to right.
    Arithmetic(Box<Expr>, Vec<(Arithmetic, Expr)>),
    /// `first < a <= b`
    Compare(Box<Expr>, Vec<(Compare, Expr)>),
    All(Vec<Expr>),
    Any(Vec<Expr>),
    /// `then if condition else otherwise`
    Choice {
        condition: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    /// `start:stop:step` between brackets.
    Slice {
        start: Option<Box<Expr>>,
        stop: Option<Box<Expr>>,
        step: Option<Box<Expr>>,
    },
}

/// One step of a chain.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) kind: LinkKind,
    /// Of this link alone.
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) enum LinkKind {
    Attribute(String),
    Index(Expr),
    Call(Arguments),
}

/// What stands between the parentheses of a call.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) positional: Vec<Item>,
    pub(super) keywords: Vec<Keyword>,
}

/// One element of a list, or one positional argument.
#[derive(Debug)]
pub(super) enum Item {
    One(Expr),
    /// `*e`
    Spread(Expr),
}

/// One keyword argument.
#[derive(Debug)]
pub(super) enum Keyword {
    One(String, Expr),
    /// `**e`
    Spread(Expr),
}

/// One entry of a dict.
#[derive(Debug)]
pub(super) enum Entry {
    One(Expr, Expr),
    /// `**e`
    Spread(Expr),
}

#[derive(Debug)]
pub(super) struct Comprehension<T> {
    pub(super) element: T,
    pub(super) clauses: Vec<Clause>,
}

/// `for target in source if condition if condition`
#[derive(Debug)]
pub(super) struct Clause {
    pub(super) target: Target,
    pub(super) source: Expr,
    pub(super) conditions: Vec<Expr>,
}

/// An operator of a comparison chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Order(Comparison),
    In,
    NotIn,
    Is,
    IsNot,
}

impl ExprKind {
    /// The name of the kind of an expression, in words.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            ExprKind::Constant(_) => "a constant",
            ExprKind::Name(_) => "a name",
            ExprKind::Chain(_, links) => match links.last().map(|link| &link.kind) {
                Some(LinkKind::Call(_)) => "the result of a call",
                Some(LinkKind::Attribute(_)) => "an attribute",
                _ => "an item",
            },
            ExprKind::List(_) => "a list",
            ExprKind::Dict(_) | ExprKind::DictOf(_) => "a dict",
            ExprKind::ListOf(_) => "a comprehension",
            ExprKind::Compare(..) => "a comparison",
            ExprKind::Choice { .. } => "a conditional",
            ExprKind::Slice { .. } => "a slice",
            ExprKind::Unary(..)
            | ExprKind::Not(_)
            | ExprKind::Arithmetic(..)
            | ExprKind::All(_)
            | ExprKind::Any(_) => "the result of an operator",
        }
    }
}
