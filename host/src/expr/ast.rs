//! What the parser makes of a script.
//!
//! Chains that a source may make as long as it likes (`a.b[1](2)`, `a + b - c`, `a and b and c`, `a < b < c`) are kept
//! flat, so that the height of a tree is bounded by the nesting that the parser allows, and walking it by recursion is
//! safe.

use std::sync::Arc;

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
    /// Each condition and its block: the `if` and every `elif`. The last block is that of `else`.
    If {
        branches: Vec<(Expr, Vec<Statement>)>,
        otherwise: Vec<Statement>,
    },
    While {
        condition: Expr,
        body: Vec<Statement>,
        otherwise: Vec<Statement>,
    },
    For {
        target: Target,
        source: Expr,
        body: Vec<Statement>,
        otherwise: Vec<Statement>,
    },
    Try(Box<Try>),
    /// `raise`, `raise Type("message")`, `raise e`
    Raise(Option<Expr>),
    Assert {
        condition: Expr,
        message: Option<Expr>,
        /// The condition as it is written.
        text: String,
    },
    Define(Arc<Definition>),
    Return(Option<Expr>),
    Break,
    Continue,
    /// `pass`, and `global`, which the reader has understood already.
    Pass,
}

/// `try: body except ...: ... else: otherwise finally: last`
#[derive(Debug)]
pub(super) struct Try {
    pub(super) body: Vec<Statement>,
    pub(super) handlers: Vec<Handler>,
    pub(super) otherwise: Vec<Statement>,
    pub(super) last: Vec<Statement>,
}

/// `except (A, B) as name: body`
#[derive(Debug)]
pub(super) struct Handler {
    /// The types that are caught; all of them when there are none.
    pub(super) types: Vec<String>,
    pub(super) name: Option<String>,
    pub(super) body: Vec<Statement>,
}

/// What `def` and `lambda` say.
#[derive(Debug)]
pub(super) struct Definition {
    /// `lambda` has none.
    pub(super) name: Option<String>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Body,
    /// The text that a block begins with.
    pub(super) doc: Option<String>,
    /// The names that are the function's own: its parameters, and what it assigns to.
    pub(super) locals: Vec<String>,
    /// The names that `global` lists.
    pub(super) globals: Vec<String>,
    /// The names that it uses and does not bind: of these, what is a local variable where it is made is captured.
    pub(super) free: Vec<String>,
}

impl Definition {
    pub(super) fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|local| local == name)
    }

    pub(super) fn is_global(&self, name: &str) -> bool {
        self.globals.iter().any(|global| global == name)
    }
}

#[derive(Debug)]
pub(super) enum Body {
    Expression(Expr),
    Block(Vec<Statement>),
}

#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) takes: Takes,
    pub(super) default: Option<Expr>,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// One argument, by place or by name.
    One,
    /// One argument, by name only.
    Named,
    /// All arguments by place that are left.
    Rest,
    /// All arguments by name that are left.
    Keywords,
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
    Lambda(Arc<Definition>),
    /// `f"text {value!r:>10}"`
    Format(Vec<Piece>),
    /// `start:stop:step` between brackets.
    Slice {
        start: Option<Box<Expr>>,
        stop: Option<Box<Expr>>,
        step: Option<Box<Expr>>,
    },
}

/// A part of a text that is put together.
#[derive(Debug)]
pub(super) enum Piece {
    Text(String),
    Field(Box<Field>),
}

/// `{value!conversion:spec}`
#[derive(Debug)]
pub(super) struct Field {
    pub(super) value: Expr,
    pub(super) conversion: Conversion,
    pub(super) spec: Vec<Piece>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conversion {
    None,
    Str,
    Repr,
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
            ExprKind::Lambda(_) => "a lambda",
            ExprKind::Format(_) => "a text",
            ExprKind::Slice { .. } => "a slice",
            ExprKind::Unary(..)
            | ExprKind::Not(_)
            | ExprKind::Arithmetic(..)
            | ExprKind::All(_)
            | ExprKind::Any(_) => "the result of an operator",
        }
    }
}
