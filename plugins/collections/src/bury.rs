//! Dropping containers that hold containers, without going as deep as they are nested.

use std::cell::RefCell;

use locum_guest::Value;

use crate::own::holds_objects;

thread_local! {
    /// What still has to be dropped, while something is.
    static GRAVE: RefCell<Option<Vec<Value>>> = const { RefCell::new(None) };
}

/// Drops values whose containers may be dropped with them: a long chain of objects ends one after the other here, where
/// each dropping the next would overflow the stack.
pub(crate) fn bury(values: impl Iterator<Item = Value>) {
    let mut values = values.filter(holds_objects).peekable();
    if values.peek().is_none() {
        return;
    }
    let is_first = GRAVE.try_with(|grave| {
        let mut grave = grave.borrow_mut();
        let is_first = grave.is_none();
        grave.get_or_insert_default().extend(values);
        is_first
    });
    if is_first == Ok(true) {
        while let Some(value) = GRAVE.with_borrow_mut(|grave| grave.as_mut().and_then(Vec::pop)) {
            drop(value);
        }
        GRAVE.set(None);
    }
}
