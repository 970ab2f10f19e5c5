//! Calls that must fail, and how.

use crate::{Error, Kind, Result};

/// Asserts that a call failed with an error of this kind whose message has this text in it, and gives the error.
///
/// ```
/// use locum_guest::testing::assert_error;
/// use locum_guest::{Error, Kind, Result};
///
/// let result: Result<i64> = Err(Error::index("list index out of range"));
/// let error = assert_error(result, Kind::IndexError, "out of range");
/// assert!(error.trace().is_empty());
/// ```
///
/// # Panics
/// When the call did not fail, or did so with another error.
#[track_caller]
pub fn assert_error<T>(result: Result<T>, kind: Kind, message: &str) -> Error {
    let error = failed(result, &format!("{kind:?}"));
    assert!(
        error.kind() == kind && error.message().contains(message),
        "expected an error of kind {kind:?} that says {message:?}, got one of kind {:?}:\n{error:?}",
        error.kind()
    );
    error
}

/// Asserts that a call failed with an error of this type, by its name, whose message has this text in it, and gives the
/// error. For errors of the plugin's own: `Error::raise("EmptyStack", ..)`, or any `std::error::Error`, whose type's name
/// it is.
///
/// ```
/// use locum_guest::testing::assert_raises;
/// use locum_guest::{Error, Result};
///
/// let result: Result<i64> = Err(Error::raise("EmptyStack", "there is nothing to pop"));
/// assert_raises(result, "EmptyStack", "nothing to pop");
/// ```
///
/// # Panics
/// When the call did not fail, or did so with another error.
#[track_caller]
pub fn assert_raises<T>(result: Result<T>, type_name: &str, message: &str) -> Error {
    let error = failed(result, type_name);
    assert!(
        error.type_name() == type_name && error.message().contains(message),
        "expected {type_name} that says {message:?}, got\n{error:?}"
    );
    error
}

#[track_caller]
fn failed<T>(result: Result<T>, expected: &str) -> Error {
    match result {
        Err(error) => error,
        Ok(_) => panic!("expected {expected}, but the call did not fail"),
    }
}
