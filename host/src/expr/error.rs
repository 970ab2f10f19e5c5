//! What went wrong with an expression, and at which place of the source.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::report;
use super::token::Span;

/// Why a script could not be read, or what it raised while it ran.
///
/// `Display` is one line, `IndexError: list index out of range`; [`render`](Error::render) shows the place too.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::Host;
/// # use locum::expr::{Interpreter, parse};
/// let plugin = Host::new()?.load("collections.wasm")?;
/// let mut interpreter = Interpreter::new(plugin.clone(), |_: &str| {});
/// let error = interpreter.eval("collections.list([1])[20]").unwrap_err();
/// assert_eq!((error.type_name(), error.message()), ("IndexError", "list index out of range"));
/// assert_eq!((error.span(), error.position()), (0..25, (1, 1)));
/// assert_eq!(error.cause().map(|it| it.kind()), Some(locum::Kind::IndexError));
/// assert!(error.render().contains("^^^^^"));
/// assert!(parse("[1, 2").unwrap_err().is_incomplete()); // a further line may help
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    type_name: Cow<'static, str>,
    message: String,
    span: Span,
    source: Arc<str>,
    /// Whether the source is known already, which a function's is before its caller's.
    placed: bool,
    cause: Option<locum_protocol::Error>,
    incomplete: bool,
    /// The calls of functions that led there, innermost first.
    calls: Vec<Call>,
}

/// A call of a function of a script.
#[derive(Clone)]
struct Call {
    source: Arc<str>,
    span: Span,
}

/// How many calls are shown.
const CALLS: usize = 8;

impl Error {
    fn new(type_name: Cow<'static, str>, message: String, span: Span) -> Error {
        Error(Box::new(Inner {
            type_name,
            message,
            span,
            source: Arc::from(""),
            placed: false,
            cause: None,
            incomplete: false,
            calls: Vec::new(),
        }))
    }

    /// The source does not follow the grammar.
    #[cold]
    pub(super) fn syntax(message: impl Into<String>, span: Span) -> Error {
        Error::new(Cow::Borrowed("SyntaxError"), message.into(), span)
    }

    /// A name that stands for nothing, or for several things.
    #[cold]
    pub(super) fn name(message: impl Into<String>, span: Span) -> Error {
        Error::new(Cow::Borrowed("NameError"), message.into(), span)
    }

    /// What the evaluation of the expression at `span` raised.
    #[cold]
    pub(super) fn raised(cause: locum_protocol::Error, span: Span) -> Error {
        let mut error = Error::new(
            Cow::Owned(cause.type_name().to_owned()),
            cause.message().to_owned(),
            span,
        );
        error.0.cause = Some(cause);
        error
    }

    /// The same error, of a source that merely ended too early.
    pub(super) fn incomplete(mut self) -> Error {
        self.0.incomplete = true;
        self
    }

    /// The same error, knowing the source that its span is about, if it does not know one yet.
    pub(super) fn in_source(mut self, source: &Arc<str>) -> Error {
        if !self.0.placed {
            self.0.placed = true;
            self.0.source = Arc::clone(source);
        }
        self
    }

    /// The same error of a function, knowing also where it was called.
    pub(super) fn called_at(mut self, source: &Arc<str>, span: Span) -> Error {
        // What could not be said before: the function was called in a wrong way.
        if !self.0.placed {
            self.0.span = span;
            return self.in_source(source);
        }
        let source = Arc::clone(source);
        self.0.calls.push(Call { source, span });
        self
    }

    /// The error for others than this language, with the places among its trace.
    pub(super) fn to_raised(&self) -> locum_protocol::Error {
        let raised = match &self.0.cause {
            Some(cause) => cause.clone(),
            None => {
                let type_name = self.0.type_name.clone();
                locum_protocol::Error::raise(type_name, self.0.message.clone())
            }
        };
        if !self.0.placed {
            return raised;
        }
        let (line, _) = self.position();
        raised.at(format!("in line {line} of the script"))
    }

    /// The error's type: that of the error which was raised, or `SyntaxError`, or `NameError`.
    pub fn type_name(&self) -> &str {
        &self.0.type_name
    }

    /// What happened, without the type name.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The bytes of the source that it happened at.
    pub fn span(&self) -> Range<usize> {
        self.0.span.start..self.0.span.end
    }

    /// Line and column of the place, both counted from one, the column in characters.
    pub fn position(&self) -> (usize, usize) {
        report::position(&self.0.source, self.0.span.start)
    }

    /// What the evaluation raised; `None` when the script itself is at fault.
    pub fn cause(&self) -> Option<&locum_protocol::Error> {
        self.0.cause.as_ref()
    }

    /// Whether the source only ended too early, in open brackets or a long string, so that a further line may help.
    pub fn is_incomplete(&self) -> bool {
        self.0.incomplete
    }

    /// The error with the line it happened on, and a mark under the place: four lines, each with its newline. When it
    /// happened in a function of the script, a line for each call follows that led there.
    pub fn render(&self) -> String {
        let mut picture = report::render(&self.to_string(), &self.0.source, self.0.span);
        for call in self.0.calls.iter().take(CALLS) {
            picture += &report::call(&call.source, call.span);
        }
        if let Some(more @ 1..) = self.0.calls.len().checked_sub(CALLS) {
            picture += &format!("    and {more} calls before\n");
        }
        picture
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.type_name, self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} (at {}..{})", self.0.span.start, self.0.span.end)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_ref().map(|cause| cause as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_pointer_and_may_cross_threads() {
        fn sendable<T: Send + Sync + 'static>() {}
        sendable::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn a_raised_error_keeps_its_cause_and_its_type_name() {
        let error = Error::raised(
            locum_protocol::Error::raise("EmptyStack", "nothing to pop"),
            Span::new(0, 3),
        );
        assert_eq!(error.to_string(), "EmptyStack: nothing to pop");
        assert_eq!(error.cause().unwrap().type_name(), "EmptyStack");
        assert!(!error.is_incomplete());
    }

    #[test]
    fn the_position_counts_lines_and_characters_from_one() {
        let error = Error::syntax("no", Span::new(5, 6)).in_source(&Arc::from("é\nüx!"));
        assert_eq!(error.position(), (2, 2));
    }
}
