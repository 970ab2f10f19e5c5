//! Errors: the kinds that a caller can act on, the wire form, and the type that Rust code handles.

use std::borrow::Cow;
use std::fmt;

use crate::pending::Outstanding;
use crate::text;

/// What went wrong, in kinds that a caller can act on.
///
/// ```
/// # use locum_protocol::Kind;
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let list = plugin.transfer(&vec![1])?;
/// let last = match list.get_item::<i64>(9) {
///     Err(error) if error.kind() == Kind::IndexError => 0, // what this program can do something about
///     other => other?,
/// };
/// assert_eq!(last, 0);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// An index outside of the sequence.
    IndexError,
    /// A key that is not there.
    KeyError,
    /// A value of another type than the one expected: an argument, an operand, a result.
    TypeError,
    /// A value of the right type that can not be used.
    ValueError,
    /// A division by zero, or a number that does not fit.
    ArithmeticError,
    /// The iterator has ended.
    StopIteration,
    /// An error of the object's own; the type name says which.
    Raised,
    /// The object has no such attribute, or none that may be used this way.
    NoSuchAttribute,
    /// The peer offers no module of that name.
    NoSuchModule,
    /// A copy was asked of an object that has no value form, or data held something that can not travel.
    NotTransferable,
    /// The object is in use further up the same chain of calls, and that use excludes this one.
    Busy,
    /// A handle that was never lent to this peer, or was released.
    BadHandle,
    /// A message could not be read.
    Decode,
    /// Calls are nested deeper than the limit.
    TooDeep,
    /// Something is larger, or there is more of it, than the limit.
    LimitExceeded,
    /// The peer broke the protocol.
    Protocol,
    /// The plugin was closed, so its objects are gone.
    Closed,
    /// The plugin panicked, and is gone.
    Panic,
    /// The plugin trapped, and is gone.
    Trap,
    /// The plugin ran past its deadline, and is gone.
    Deadline,
    /// The plugin could not be loaded.
    Load,
    /// The caller's patience ended before the call did, which goes on ([`Error::pending`]).
    Timeout,
}

/// Kinds and their names on the wire; the same list stands in PROTOCOL.md.
const KINDS: &[(Kind, &str)] = &[
    (Kind::IndexError, "index-error"),
    (Kind::KeyError, "key-error"),
    (Kind::TypeError, "type-error"),
    (Kind::ValueError, "value-error"),
    (Kind::ArithmeticError, "arithmetic-error"),
    (Kind::StopIteration, "stop-iteration"),
    (Kind::Raised, "raised"),
    (Kind::NoSuchAttribute, "no-such-attribute"),
    (Kind::NoSuchModule, "no-such-module"),
    (Kind::NotTransferable, "not-transferable"),
    (Kind::Busy, "busy"),
    (Kind::BadHandle, "bad-handle"),
    (Kind::Decode, "decode"),
    (Kind::TooDeep, "too-deep"),
    (Kind::LimitExceeded, "limit-exceeded"),
    (Kind::Protocol, "protocol"),
    (Kind::Closed, "closed"),
    (Kind::Panic, "panic"),
    (Kind::Trap, "trap"),
    (Kind::Deadline, "deadline"),
    (Kind::Load, "load"),
    (Kind::Timeout, "timeout"),
];

impl Kind {
    /// Every kind, in the order of PROTOCOL.md.
    ///
    /// ```
    /// # use locum_protocol::Kind;
    /// for kind in Kind::all() {
    ///     assert_eq!(Kind::from_name(kind.name()), kind);
    /// }
    /// assert_eq!(Kind::KeyError.name(), "key-error");
    /// assert_eq!(Kind::from_name("of-a-later-version"), Kind::Raised);
    /// ```
    pub fn all() -> impl Iterator<Item = Kind> {
        KINDS.iter().map(|(kind, _)| *kind)
    }

    /// The name that goes over the wire.
    pub fn name(self) -> &'static str {
        KINDS
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("raised", |(_, name)| name)
    }

    /// The kind of that name. A name that this version does not know is an error of the object's own.
    pub fn from_name(name: &str) -> Kind {
        KINDS
            .iter()
            .find(|(_, known)| *known == name)
            .map_or(Kind::Raised, |(kind, _)| *kind)
    }

    /// The type name that an error of this kind bears when its maker gave none.
    ///
    /// ```
    /// # use locum_protocol::Kind;
    /// assert_eq!(Kind::NoSuchAttribute.type_name(), "AttributeError");
    /// ```
    pub fn type_name(self) -> &'static str {
        match self {
            Kind::IndexError => "IndexError",
            Kind::KeyError => "KeyError",
            Kind::TypeError => "TypeError",
            Kind::ValueError => "ValueError",
            Kind::ArithmeticError => "ArithmeticError",
            Kind::StopIteration => "StopIteration",
            Kind::Raised => "Error",
            Kind::NoSuchAttribute => "AttributeError",
            Kind::NoSuchModule => "ImportError",
            Kind::NotTransferable => "NotTransferable",
            Kind::Busy => "Busy",
            Kind::BadHandle => "BadHandle",
            Kind::Decode => "DecodeError",
            Kind::TooDeep => "TooDeep",
            Kind::LimitExceeded => "LimitExceeded",
            Kind::Protocol => "ProtocolError",
            Kind::Closed => "Closed",
            Kind::Panic => "Panic",
            Kind::Trap => "Trap",
            Kind::Deadline => "Deadline",
            Kind::Load => "LoadError",
            Kind::Timeout => "Timeout",
        }
    }

    /// Whether the plugin itself is gone, rather than one call having failed.
    ///
    /// ```
    /// # use locum_protocol::Kind;
    /// assert!(Kind::Panic.is_fatal() && !Kind::IndexError.is_fatal());
    /// ```
    pub fn is_fatal(self) -> bool {
        matches!(
            self,
            Kind::Closed | Kind::Panic | Kind::Trap | Kind::Deadline
        )
    }
}

/// The wire form of an error.
///
/// ```
/// # use locum_protocol::{Error, Fault};
/// let fault: Fault = Error::index("list index out of range").at("list.__getitem__").into_fault();
/// assert_eq!((&*fault.type_name, &*fault.message), ("IndexError", "list index out of range"));
/// assert_eq!(fault.trace, ["list.__getitem__"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What went wrong.
    pub kind: Kind,
    /// The error's type in its maker's language (`ParseIntError`, `IndexError`).
    pub type_name: Cow<'static, str>,
    /// What happened, what to do; no trailing full stop.
    pub message: String,
    /// Where it happened, innermost first: causes, frames, and each plugin that it passed.
    pub trace: Vec<String>,
    /// One CBOR item of the maker's choosing, without attachments.
    pub data: Option<Vec<u8>>,
}

/// An error of a call: what happened over there, or why nothing could happen.
///
/// One pointer wide. [`kind`](Error::kind) says what a caller can act on, [`trace`](Error::trace) where it happened.
///
/// ```
/// # use locum_protocol::{Error, Kind};
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let error = plugin.transfer(&vec![1])?.get_item::<i64>(9).unwrap_err();
/// assert_eq!(error.kind(), Kind::IndexError);
/// assert_eq!(error.to_string(), "IndexError: list index out of range");
/// assert_eq!((error.type_name(), error.message()), ("IndexError", "list index out of range"));
/// assert!(!error.trace().is_empty()); // each place that it passed
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    fault: Fault,
    /// The call that goes on although its caller waits no longer.
    pending: Option<Outstanding>,
}

/// A result whose error is [`Error`].
///
/// ```
/// # use locum_protocol::{Proxy, Result};
/// fn double(list: &Proxy) -> Result<Vec<i64>> {
///     list.iter::<i64>()?.map(|n| n.map(|n| 2 * n)).collect()
/// }
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// assert_eq!(double(&plugin.transfer(&vec![1, 2])?)?, [2, 4]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of a kind, with that kind's usual type name.
    ///
    /// ```
    /// # use locum_protocol::{Error, Kind};
    /// let error = Error::new(Kind::ValueError, "the width is 0; give 1 or more");
    /// assert_eq!(error.to_string(), "ValueError: the width is 0; give 1 or more");
    /// ```
    #[cold]
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error::from(Fault {
            kind,
            type_name: Cow::Borrowed(kind.type_name()),
            message: message.into(),
            trace: Vec::new(),
            data: None,
        })
    }

    /// An error of a type of your own: `Error::raise("EmptyStack", "there is nothing to pop")`.
    ///
    /// ```
    /// # use locum_protocol::{Error, Kind};
    /// let error = Error::raise("EmptyStack", "there is nothing to pop");
    /// assert_eq!((error.kind(), error.type_name()), (Kind::Raised, "EmptyStack"));
    /// ```
    #[cold]
    pub fn raise(type_name: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Error {
        let mut error = Error::new(Kind::Raised, message);
        error.0.fault.type_name = type_name.into();
        error
    }

    /// An index outside of the sequence.
    ///
    /// There is one such function for each kind that a method often raises:
    ///
    /// ```
    /// # use locum_protocol::{Error, Kind};
    /// let kinds = [
    ///     Error::index("3 is out of range").kind(),
    ///     Error::key("`blue`").kind(),
    ///     Error::type_error("expected a colour").kind(),
    ///     Error::value("a colour has 3 parts").kind(),
    ///     Error::arithmetic("division by zero").kind(),
    ///     Error::no_attribute("`Colour` has no attribute `x`").kind(),
    ///     Error::stop_iteration().kind(),
    /// ];
    /// assert_eq!(kinds[..3], [Kind::IndexError, Kind::KeyError, Kind::TypeError]);
    /// assert_eq!(kinds[3..5], [Kind::ValueError, Kind::ArithmeticError]);
    /// assert_eq!(kinds[5..], [Kind::NoSuchAttribute, Kind::StopIteration]);
    /// ```
    pub fn index(message: impl Into<String>) -> Error {
        Error::new(Kind::IndexError, message)
    }

    /// A key that is not there.
    pub fn key(message: impl Into<String>) -> Error {
        Error::new(Kind::KeyError, message)
    }

    /// A value of another type than expected.
    pub fn type_error(message: impl Into<String>) -> Error {
        Error::new(Kind::TypeError, message)
    }

    /// A value of the right type that can not be used.
    pub fn value(message: impl Into<String>) -> Error {
        Error::new(Kind::ValueError, message)
    }

    /// A division by zero, or a number that does not fit.
    pub fn arithmetic(message: impl Into<String>) -> Error {
        Error::new(Kind::ArithmeticError, message)
    }

    /// An attribute that is not there.
    pub fn no_attribute(message: impl Into<String>) -> Error {
        Error::new(Kind::NoSuchAttribute, message)
    }

    /// The iterator has ended.
    pub fn stop_iteration() -> Error {
        Error::new(Kind::StopIteration, "the iterator has ended")
    }

    /// What went wrong.
    pub fn kind(&self) -> Kind {
        self.0.fault.kind
    }

    /// The error's type in its maker's language.
    pub fn type_name(&self) -> &str {
        &self.0.fault.type_name
    }

    /// What happened, without the type name.
    pub fn message(&self) -> &str {
        &self.0.fault.message
    }

    /// Where it happened, innermost first: causes, frames, and each plugin that it passed on its way here.
    pub fn trace(&self) -> &[String] {
        &self.0.fault.trace
    }

    /// The wire form.
    ///
    /// ```
    /// # use locum_protocol::Error;
    /// let error = Error::key("`blue`");
    /// assert_eq!(error.fault().data, None);
    /// assert_eq!(error.into_fault().message, "`blue`");
    /// ```
    pub fn fault(&self) -> &Fault {
        &self.0.fault
    }

    /// The wire form, owned.
    pub fn into_fault(self) -> Fault {
        self.0.fault
    }

    /// Adds a line to the trace: the next place outward.
    ///
    /// ```
    /// # use locum_protocol::Error;
    /// let error = Error::value("no digits").at("line 3").at("settings.toml");
    /// assert_eq!(error.trace(), ["line 3", "settings.toml"]);
    /// ```
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Error {
        self.0.fault.trace.push(place.into());
        self
    }

    /// The same error with a type name of its own.
    ///
    /// ```
    /// # use locum_protocol::{Error, Kind};
    /// let error = Error::value("too dark").with_type_name("ExposureError");
    /// assert_eq!((error.kind(), error.to_string()), (Kind::ValueError, "ExposureError: too dark".into()));
    /// ```
    #[must_use]
    pub fn with_type_name(mut self, type_name: impl Into<Cow<'static, str>>) -> Error {
        self.0.fault.type_name = type_name.into();
        self
    }

    /// The same error with its message changed, for those who know more about the place.
    ///
    /// ```
    /// # use locum_protocol::Error;
    /// let error = Error::value("no digits").map_message(|text| format!("line 3: {text}"));
    /// assert_eq!(error.message(), "line 3: no digits");
    /// ```
    #[must_use]
    pub fn map_message(mut self, change: impl FnOnce(&str) -> String) -> Error {
        self.0.fault.message = change(&self.0.fault.message);
        self
    }

    #[must_use]
    pub(crate) fn with_pending(mut self, pending: Outstanding) -> Error {
        self.0.pending = Some(pending);
        self
    }

    pub(crate) fn pending_handle(&self) -> Option<&Outstanding> {
        self.0.pending.as_ref()
    }

    /// The same error under another kind, and that kind's type name.
    ///
    /// ```
    /// # use locum_protocol::{Error, Kind};
    /// let error = Error::value("no digits").with_kind(Kind::Load);
    /// assert_eq!(error.to_string(), "LoadError: no digits");
    /// ```
    #[must_use]
    pub fn with_kind(mut self, kind: Kind) -> Error {
        self.0.fault.kind = kind;
        self.0.fault.type_name = Cow::Borrowed(kind.type_name());
        self
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Error(Box::new(Inner {
            fault,
            pending: None,
        }))
    }
}

/// Under the names that Python has for them: `FileNotFoundError`, `PermissionError`, ...; `OSError` for the rest.
impl From<std::io::Error> for Error {
    #[cold]
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        let name = match error.kind() {
            ErrorKind::NotFound => "FileNotFoundError",
            ErrorKind::PermissionDenied => "PermissionError",
            ErrorKind::AlreadyExists => "FileExistsError",
            ErrorKind::NotADirectory => "NotADirectoryError",
            ErrorKind::IsADirectory => "IsADirectoryError",
            ErrorKind::ConnectionRefused => "ConnectionRefusedError",
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => "ConnectionError",
            ErrorKind::TimedOut => "TimeoutError",
            ErrorKind::UnexpectedEof => "EOFError",
            _ => "OSError",
        };
        Error::raise(name, error.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault {
            type_name, message, ..
        } = &self.0.fault;
        write!(f, "{}: {}", text::plain(type_name), text::plain(message))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        for place in &self.0.fault.trace {
            write!(f, "\n    {}", text::plain(place))?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl PartialEq for Error {
    fn eq(&self, other: &Self) -> bool {
        self.0.fault == other.0.fault
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_comes_back_from_it() {
        let mut names = std::collections::HashSet::new();
        for kind in Kind::all() {
            assert!(names.insert(kind.name()));
            assert_eq!(Kind::from_name(kind.name()), kind);
        }
    }

    #[test]
    fn an_error_of_the_system_passes_through_a_question_mark() {
        fn fails() -> Result<()> {
            Err(std::io::Error::from(std::io::ErrorKind::NotFound))?;
            Ok(())
        }
        let error = fails().unwrap_err();
        assert_eq!(
            (error.kind(), error.type_name()),
            (Kind::Raised, "FileNotFoundError")
        );
        let other: Error = std::io::Error::other("broken").into();
        assert_eq!((other.type_name(), other.message()), ("OSError", "broken"));
    }

    #[test]
    fn a_kind_from_a_later_version_is_an_error_of_the_objects_own() {
        assert_eq!(Kind::from_name("quota-exhausted"), Kind::Raised);
    }

    #[test]
    fn what_could_steer_a_terminal_is_not_shown_as_it_is() {
        let error = Error::raise("Ev\u{1b}il", "a\u{1b}[2J\n\tb\u{202e}c").at("x\u{7}y");
        assert_eq!(
            format!("{error:?}"),
            "Ev\\x1bil: a\\x1b[2J\n\tb\\u202ec\n    x\\x07y"
        );
        assert!(
            error.message().contains('\u{1b}'),
            "a program gets what was said"
        );
    }

    #[test]
    fn an_error_is_one_pointer_and_may_cross_threads() {
        fn sendable<T: Send + Sync + 'static>() {}
        sendable::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
