//! The operands of expressions: constants, names, displays, and the calls and indices after them.

use locum_protocol::Value;

use super::ast::*;
use super::cursor::Parser;
use super::error::Error;
use super::token::TokenKind;

/// A part of a slice, when it is given.
type Bound = Option<Box<Expr>>;

impl Parser<'_> {
    /// An atom and the attributes, calls and indices after it.
    pub(super) fn postfix(&mut self) -> Result<Expr, Error> {
        let start = self.span();
        let base = self.atom()?;
        let mut links = Vec::new();
        while let Some(op @ ("." | "(" | "[")) = self.op() {
            let link = self.advance().span;
            let kind = match op {
                // After a dot every word is a name: a plugin may well call a method `print` or `is`.
                "." => {
                    LinkKind::Attribute(self.any_word("the name of an attribute after the dot")?)
                }
                "(" => LinkKind::Call(self.arguments()?),
                _ => LinkKind::Index(self.subscript()?),
            };
            links.push(Link {
                kind,
                span: self.since(link),
            });
        }
        if links.is_empty() {
            return Ok(base);
        }
        Ok(Expr {
            kind: ExprKind::Chain(Box::new(base), links),
            span: self.since(start),
        })
    }

    fn atom(&mut self) -> Result<Expr, Error> {
        let start = self.span();
        let kind = match &self.peek().kind {
            TokenKind::Word => self.named()?,
            TokenKind::Int(_) | TokenKind::Float(_) | TokenKind::Bytes(_) => self.constant()?,
            TokenKind::Text(_) | TokenKind::Format(_) => self.text_constant()?,
            TokenKind::Op("(") => return self.parenthesis(),
            TokenKind::Op("[") => self.list()?,
            TokenKind::Op("{") => self.dict()?,
            _ => return Err(self.unexpected("an expression")),
        };
        Ok(Expr {
            kind,
            span: self.since(start),
        })
    }

    fn named(&mut self) -> Result<ExprKind, Error> {
        let constant = match self.word().unwrap_or_default() {
            "None" | "null" => Value::Null,
            "True" | "true" => Value::Bool(true),
            "False" | "false" => Value::Bool(false),
            _ => {
                let name = self.name("an expression")?;
                self.uses(&name);
                return Ok(ExprKind::Name(name));
            }
        };
        self.advance();
        Ok(ExprKind::Constant(constant))
    }

    /// A number, or bytes that stand side by side and are joined.
    fn constant(&mut self) -> Result<ExprKind, Error> {
        let value = match self.advance().kind {
            TokenKind::Int(value) => Value::Int(value),
            TokenKind::Float(value) => Value::Float(value),
            TokenKind::Bytes(mut bytes) => {
                while let TokenKind::Bytes(more) = &self.peek().kind {
                    bytes.extend_from_slice(more);
                    self.advance();
                }
                if matches!(self.peek().kind, TokenKind::Text(_) | TokenKind::Format(_)) {
                    return Err(self.not_joined());
                }
                Value::Bytes(bytes.into())
            }
            _ => return Err(self.unexpected("an expression")),
        };
        Ok(ExprKind::Constant(value))
    }

    #[cold]
    pub(super) fn not_joined(&self) -> Error {
        Error::syntax("text and bytes can not be joined", self.span())
    }

    /// `(e)` is `e`; with a comma, or empty, it is a tuple; with `for`, a comprehension.
    fn parenthesis(&mut self) -> Result<Expr, Error> {
        let start = self.advance().span;
        if self.eat_op(")") {
            return Ok(Expr {
                kind: ExprKind::List(Vec::new()),
                span: self.since(start),
            });
        }
        let first = self.item()?;
        let mut expr = if self.is_word("for") {
            let element = self.only(first)?;
            Expr {
                kind: self.list_of(element)?,
                span: start,
            }
        } else if self.is_op(",") {
            Expr {
                kind: ExprKind::List(self.more_items(first, ")")?),
                span: start,
            }
        } else {
            self.only(first)?
        };
        self.expect_op(")", "at the end of the parenthesis")?;
        expr.span = self.since(start);
        Ok(expr)
    }

    fn list(&mut self) -> Result<ExprKind, Error> {
        self.advance();
        if self.eat_op("]") {
            return Ok(ExprKind::List(Vec::new()));
        }
        let first = self.item()?;
        let kind = if self.is_word("for") {
            let element = self.only(first)?;
            self.list_of(element)?
        } else {
            ExprKind::List(self.more_items(first, "]")?)
        };
        self.expect_op("]", "or a comma in the list")?;
        Ok(kind)
    }

    /// What follows the first element of a list, up to the bracket that ends it.
    fn more_items(&mut self, first: Item, end: &str) -> Result<Vec<Item>, Error> {
        let mut items = vec![first];
        while self.eat_op(",") && !self.is_op(end) {
            items.push(self.item()?);
        }
        Ok(items)
    }

    fn dict(&mut self) -> Result<ExprKind, Error> {
        let start = self.advance().span;
        let mut entries = Vec::new();
        while !self.is_op("}") {
            if self.eat_op("**") {
                entries.push(Entry::Spread(self.operation()?));
            } else {
                let key = self.expression()?;
                if entries.is_empty() && (self.is_op(",") || self.is_op("}") || self.is_word("for"))
                {
                    let message = "sets are not data here; write `collections.set([...])`";
                    return Err(Error::syntax(message, self.since(start)));
                }
                self.expect_op(":", "and the value of this key")?;
                let value = self.expression()?;
                if entries.is_empty() && self.is_word("for") {
                    let clauses = self.clauses()?;
                    self.expect_op("}", "at the end of the comprehension")?;
                    return Ok(ExprKind::DictOf(Box::new(Comprehension {
                        element: (key, value),
                        clauses,
                    })));
                }
                entries.push(Entry::One(key, value));
            }
            if !self.eat_op(",") {
                break;
            }
        }
        self.expect_op("}", "or a comma in the dict")?;
        Ok(ExprKind::Dict(entries))
    }

    fn list_of(&mut self, element: Expr) -> Result<ExprKind, Error> {
        Ok(ExprKind::ListOf(Box::new(Comprehension {
            element,
            clauses: self.clauses()?,
        })))
    }

    fn clauses(&mut self) -> Result<Vec<Clause>, Error> {
        let mut clauses = Vec::new();
        while self.eat_word("for") {
            // Each runs inside of the one before.
            self.check_nesting(clauses.len() + 1)?;
            let target = self.targets()?;
            self.expect_word("in", "and what to go through")?;
            let source = self.operation()?;
            let mut conditions = Vec::new();
            while self.eat_word("if") {
                conditions.push(self.operation()?);
            }
            clauses.push(Clause {
                target,
                source,
                conditions,
            });
        }
        Ok(clauses)
    }

    /// What stands between `(` and `)` of a call; the first is taken already.
    fn arguments(&mut self) -> Result<Arguments, Error> {
        let mut arguments = Arguments::default();
        while !self.is_op(")") {
            let start = self.span();
            if self.eat_op("**") {
                arguments.keywords.push(Keyword::Spread(self.expression()?));
            } else if self.word().is_some() && self.peek_at(1).kind == TokenKind::Op("=") {
                arguments.keywords.push(self.keyword(&arguments.keywords)?);
            } else {
                let item = self.item()?;
                if !arguments.keywords.is_empty() && matches!(item, Item::One(_)) {
                    let message = "an argument without a name can not follow one with a name";
                    return Err(Error::syntax(message, self.since(start)));
                }
                let item = if self.is_word("for") {
                    self.only_argument(item, &arguments)?
                } else {
                    item
                };
                arguments.positional.push(item);
            }
            if !self.eat_op(",") {
                break;
            }
        }
        self.expect_op(")", "or a comma among the arguments")?;
        Ok(arguments)
    }

    fn keyword(&mut self, before: &[Keyword]) -> Result<Keyword, Error> {
        let span = self.span();
        let name = self.any_word("a keyword")?;
        self.advance();
        if before
            .iter()
            .any(|keyword| matches!(keyword, Keyword::One(other, _) if *other == name))
        {
            return Err(Error::syntax(
                format!("the keyword `{name}` is given twice"),
                span,
            ));
        }
        if matches!(
            name.as_str(),
            "None" | "True" | "False" | "null" | "true" | "false"
        ) {
            return Err(Error::syntax(
                format!("`{name}` is a value and can not be a keyword"),
                span,
            ));
        }
        Ok(Keyword::One(name, self.expression()?))
    }

    /// `f(e for x in y)`
    fn only_argument(&mut self, item: Item, before: &Arguments) -> Result<Item, Error> {
        let element = self.only(item)?;
        let start = element.span;
        let kind = self.list_of(element)?;
        let span = self.since(start);
        if !before.positional.is_empty() || !self.is_op(")") {
            let message = "a comprehension beside other arguments needs brackets around it";
            return Err(Error::syntax(message, span));
        }
        Ok(Item::One(Expr { kind, span }))
    }

    /// What stands between `[` and `]` of an index; the first is taken already.
    fn subscript(&mut self) -> Result<Expr, Error> {
        let start = self.span();
        let first = self.index()?;
        let index = if self.is_op(",") {
            let mut items = vec![Item::One(first)];
            while self.eat_op(",") && !self.is_op("]") {
                items.push(Item::One(self.index()?));
            }
            Expr {
                kind: ExprKind::List(items),
                span: self.since(start),
            }
        } else {
            first
        };
        self.expect_op("]", "at the end of the index")?;
        Ok(index)
    }

    /// An index, or a slice `start:stop:step` whose parts may be missing.
    fn index(&mut self) -> Result<Expr, Error> {
        let span = self.span();
        let start = self.bound()?;
        if !self.eat_op(":") {
            return start
                .map(|index| *index)
                .ok_or_else(|| self.unexpected("an index"));
        }
        let stop = self.bound()?;
        let step = if self.eat_op(":") {
            self.bound()?
        } else {
            None
        };
        Ok(Expr {
            kind: ExprKind::Slice { start, stop, step },
            span: self.since(span),
        })
    }

    fn bound(&mut self) -> Result<Bound, Error> {
        if matches!(self.op(), Some(":" | "]" | ",")) {
            return Ok(None);
        }
        self.expression().map(|bound| Some(Box::new(bound)))
    }

    /// `e` or `*e`
    pub(super) fn item(&mut self) -> Result<Item, Error> {
        if self.eat_op("*") {
            self.operation().map(Item::Spread)
        } else {
            self.expression().map(Item::One)
        }
    }

    /// The expression of an item, where `*` has no place.
    pub(super) fn only(&self, item: Item) -> Result<Expr, Error> {
        match item {
            Item::One(expr) => Ok(expr),
            Item::Spread(expr) => Err(Error::syntax(
                "`*` stands only in lists and among arguments",
                expr.span,
            )),
        }
    }
}
