//! Iterators that look at their container step by step, so that they see it change.

use locum_guest::{Class, Error, Items, Result, Shared, Value};

use crate::key::Key;
use crate::sequence::Sequence;

/// The items that a look at the container finds, until it finds none.
pub(crate) fn live<T: Class>(
    this: &Shared<T>,
    mut look: impl FnMut(&T) -> Result<Option<Value>> + Send + 'static,
) -> Items<Value> {
    let this = this.clone();
    Items::from_results(std::iter::from_fn(move || {
        this.borrow().and_then(|held| look(&held)).transpose()
    }))
}

/// The items of a sequence: those too that are put at its end meanwhile.
pub(crate) fn forward<T: Sequence>(this: &Shared<T>) -> Result<Items<Value>> {
    walk(this, 0, 1)
}

/// The items of a sequence from the end that it has now.
pub(crate) fn backward<T: Sequence>(this: &Shared<T>) -> Result<Items<Value>> {
    let end = this.borrow()?.length();
    walk(this, end.wrapping_sub(1), usize::MAX)
}

/// `step` is 1, or -1 as it wraps round: before the first there is nothing.
fn walk<T: Sequence>(this: &Shared<T>, start: usize, step: usize) -> Result<Items<Value>> {
    let (mut at, age) = (start, this.borrow()?.age());
    Ok(live(this, move |held| {
        if held.age() != age {
            return Err(changed(T::INFO.name.as_ref(), "mutated"));
        }
        let item = held.at(at).map(|item| item.into_owned());
        at = at.wrapping_add(step);
        Ok(item)
    }))
}

/// A container of keys, in order.
pub(crate) trait Keyed: Class {
    /// What Python's errors call it.
    const WORD: &'static str;
    fn count(&self) -> usize;
    fn key(&self, at: usize) -> Option<&Key>;
}

/// The keys in order, or the other way round; an error when there are more or fewer meanwhile.
pub(crate) fn keys<T: Keyed>(this: &Shared<T>, backward: bool) -> Result<Items<Value>> {
    let (mut at, count) = (0, this.borrow()?.count());
    Ok(live(this, move |held| {
        if held.count() != count {
            return Err(changed(T::WORD, "changed size"));
        }
        let place = if backward {
            count.wrapping_sub(1 + at)
        } else {
            at
        };
        at += 1;
        Ok(held.key(place).map(|key| key.value().clone()))
    }))
}

#[cold]
fn changed(what: &str, how: &str) -> Error {
    Error::raise("RuntimeError", format!("{what} {how} during iteration"))
}
