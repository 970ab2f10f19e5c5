//! `try` and `raise`, and errors as values.

use std::any::Any;
use std::sync::Arc;

use locum_protocol::describe::{AttributeInfo, ClassInfo};
use locum_protocol::{Args, Error as Raised, Kind, Object, Outcome, Proxy, Result, Value, ops};

use super::ast::{Expr, ExprKind, Handler, LinkKind, Try};
use super::error::Error;
use super::eval::At;
use super::exec::Flow;
use super::frame::Frame;
use super::function::local;
use super::interrupt;
use super::scope::Binding;
use super::token::Span;

/// Types that stand for several: what Python's hierarchy has above the errors that there are here.
const GROUPS: &[(&str, &[&str])] = &[
    ("LookupError", &["IndexError", "KeyError"]),
    ("ArithmeticError", &["ZeroDivisionError", "OverflowError"]),
    (
        "OSError",
        &[
            "FileNotFoundError",
            "PermissionError",
            "FileExistsError",
            "NotADirectoryError",
            "IsADirectoryError",
            "ConnectionError",
            "ConnectionRefusedError",
            "TimeoutError",
            "EOFError",
        ],
    ),
];

/// The kinds that an error of a script may be of, by its type.
const KINDS: &[Kind] = &[
    Kind::IndexError,
    Kind::KeyError,
    Kind::TypeError,
    Kind::ValueError,
    Kind::ArithmeticError,
    Kind::StopIteration,
    Kind::NoSuchAttribute,
];

impl Frame<'_> {
    /// `try`, with all that belongs to it.
    pub(super) fn attempt(&mut self, parts: &Try) -> Result<Flow, Error> {
        let result = match self.block(&parts.body) {
            Ok(Flow::Next) => self.block(&parts.otherwise),
            Err(error) => self.handle(error, &parts.handlers),
            leave => leave,
        };
        if parts.last.is_empty() {
            return result;
        }
        // After an interrupt `finally` still runs, up to the next one.
        let tolerated = self.tolerated;
        self.tolerated = self.shared.interrupter.count();
        let last = self.block(&parts.last);
        self.tolerated = tolerated;
        match last? {
            Flow::Next => result,
            leave => Ok(leave),
        }
    }

    /// Runs the first `except` that catches the error.
    #[inline(never)]
    fn handle(&mut self, error: Error, handlers: &[Handler]) -> Result<Flow, Error> {
        let error = error.in_source(self.source);
        let Some(handler) = handlers.iter().find(|handler| handler.catches(&error)) else {
            return Err(error);
        };
        if error.is_interrupt() {
            self.tolerated = self.shared.interrupter.count();
        }
        if let Some(name) = &handler.name {
            let caught = Proxy::local(Arc::new(Caught(error.clone())));
            self.set(name, Binding::Value(Value::Object(caught)));
        }
        self.caught.push(error);
        let result = self.block(&handler.body);
        self.caught.pop();
        result
    }

    /// The error of a `raise`, or of evaluating what it raises.
    #[inline(never)]
    pub(super) fn raise(&mut self, what: Option<&Expr>, span: Span) -> Error {
        let Some(what) = what else {
            return self.caught.last().cloned().unwrap_or_else(|| {
                let message =
                    "there is nothing to raise again: a mere `raise` stands in an `except` block";
                Error::raised(Raised::raise("RuntimeError", message), span)
            });
        };
        self.made(what).unwrap_or_else(|error| error)
    }

    fn made(&mut self, what: &Expr) -> Result<Error, Error> {
        if let Some((type_name, arguments)) = self.error_type(what) {
            let message = match arguments {
                None => String::new(),
                Some(arguments) => {
                    let arguments = self.arguments(arguments)?;
                    match (&arguments.positional[..], &arguments.keywords[..]) {
                        ([], []) => String::new(),
                        ([message], []) => ops::text(message).at(what.span)?,
                        _ => {
                            let message = format!("{type_name}(): an error takes one message");
                            return Err(Raised::type_error(message)).at(what.span);
                        }
                    }
                }
            };
            return Ok(Error::raised(new_error(type_name, message), what.span));
        }
        let value = self.value(what)?;
        let caught = match &value {
            Value::Object(proxy) => local::<Caught>(proxy),
            _ => None,
        };
        match caught {
            Some(caught) => Ok(caught.0.clone()),
            None => {
                let message = format!(
                    "only errors can be raised, got {}; write `raise ValueError(\"what is wrong\")`",
                    value.type_name()
                );
                Err(Raised::type_error(message)).at(what.span)
            }
        }
    }

    /// `Type`, `Type(...)`, `module.Type(...)`: the name of a type that is no variable, and the arguments.
    fn error_type<'e>(
        &self,
        what: &'e Expr,
    ) -> Option<(&'e str, Option<&'e super::ast::Arguments>)> {
        let is_free = |name: &str| self.with(name, |binding| binding.is_none());
        match &what.kind {
            ExprKind::Name(name) if is_free(name) => Some((name, None)),
            ExprKind::Chain(base, links) => {
                let ExprKind::Name(first) = &base.kind else {
                    return None;
                };
                let (links, arguments) = match links.split_last() {
                    Some((last, before)) => match &last.kind {
                        LinkKind::Call(arguments) => (before, Some(arguments)),
                        _ => (&links[..], None),
                    },
                    None => return None,
                };
                let mut name = first;
                for link in links {
                    let LinkKind::Attribute(attribute) = &link.kind else {
                        return None;
                    };
                    name = attribute;
                }
                // `raise make_error()` calls a function; types are written with a capital letter.
                let is_type = name.starts_with(char::is_uppercase);
                (is_type && (!links.is_empty() || is_free(first))).then_some((name, arguments))
            }
            _ => None,
        }
    }
}

impl Handler {
    fn catches(&self, error: &Error) -> bool {
        let is = |wanted: &String| is_of_type(error, wanted);
        match &self.types[..] {
            [] => !error.is_interrupt(),
            types => types.iter().any(is),
        }
    }
}

/// Whether an error is of a type: that of its maker, or that of its kind, or one that stands for several.
fn is_of_type(error: &Error, wanted: &str) -> bool {
    let own = error.type_name();
    if wanted == own {
        return true;
    }
    if error.is_interrupt() {
        return wanted == "BaseException";
    }
    let kind = error.cause().map(|cause| cause.kind());
    let by_kind = kind.filter(|kind| *kind != Kind::Raised);
    let by_kind = by_kind.map_or("", Kind::type_name);
    let in_group = |(group, members): &(&str, &[&str])| {
        *group == wanted && (members.contains(&own) || members.contains(&by_kind))
    };
    by_kind == wanted
        || ["Exception", "BaseException"].contains(&wanted)
        || GROUPS.iter().any(in_group)
}

fn new_error(type_name: &str, message: String) -> Raised {
    let kind = KINDS.iter().find(|kind| kind.type_name() == type_name);
    match (kind, type_name) {
        (Some(kind), _) => Raised::new(*kind, message),
        (None, "ZeroDivisionError" | "OverflowError") => {
            Raised::arithmetic(message).with_type_name(type_name.to_owned())
        }
        (None, name) => Raised::raise(name.to_owned(), message),
    }
}

/// An error as a value: what `except ... as e` binds.
pub(super) struct Caught(Error);

impl Object for Caught {
    fn type_name(&self) -> &str {
        self.0.type_name()
    }

    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        match name {
            "__str__" => Outcome::data(self.0.message()),
            "__repr__" => {
                let message = ops::repr(&Value::from(self.0.message()))?;
                Outcome::data(&format!("{}({message})", self.0.type_name()))
            }
            "__eq__" | "__ne__" => {
                let (other,): (Value,) = args.parse()?;
                let this = Proxy::local(self);
                let same = matches!(&other, Value::Object(other) if other.same_object(&this));
                Outcome::data(&(same == (name == "__eq__")))
            }
            "__bool__" => Outcome::data(&true),
            name => Err(unknown(name)),
        }
    }

    fn get(self: Arc<Self>, name: &str) -> Result<Outcome> {
        match name {
            "type" => Outcome::data(self.0.type_name()),
            "message" => Outcome::data(self.0.message()),
            "line" => Outcome::data(&(self.0.position().0 as u64)),
            "trace" => Outcome::data(self.0.cause().map_or(&[][..], Raised::trace)),
            name => Err(unknown(name)),
        }
    }

    fn describe(&self) -> ClassInfo {
        let attribute = |(name, type_name): (&'static str, &'static str)| AttributeInfo {
            name: name.into(),
            type_name: type_name.into(),
            ..AttributeInfo::default()
        };
        let attributes = ATTRIBUTES.map(attribute).to_vec();
        ClassInfo {
            name: self.0.type_name().to_owned().into(),
            doc: "An error that was caught.".into(),
            attributes: attributes.into(),
            ..ClassInfo::default()
        }
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

const ATTRIBUTES: [(&str, &str); 4] = [
    ("type", "text"),
    ("message", "text"),
    ("line", "int"),
    ("trace", "list[text]"),
];

#[cold]
fn unknown(name: &str) -> Raised {
    let shown: String = name.chars().take(80).flat_map(char::escape_debug).collect();
    Raised::no_attribute(format!(
        "an error has no attribute `{shown}`; it has `type`, `message`, `line` and `trace`, and str() is its message"
    ))
}

impl Error {
    /// Whether a script was [interrupted](super::Interrupter). An error of that type from a plugin counts as well: the
    /// interrupt of a function that it called.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use locum::Host;
    /// # use locum::expr::Interpreter;
    /// # let mut interpreter = Interpreter::new(Host::new()?.load("collections.wasm")?, |_| {});
    /// let error = interpreter.eval("collections.list([])[0]").unwrap_err();
    /// assert!(!error.is_interrupt()); // it went wrong by itself
    /// # Ok::<(), locum::Error>(())
    /// ```
    pub fn is_interrupt(&self) -> bool {
        self.type_name() == interrupt::TYPE && self.cause().is_some()
    }
}
