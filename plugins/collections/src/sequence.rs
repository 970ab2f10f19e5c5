//! What list, deque and array have in common: items by number.

use std::borrow::Cow;
use std::ops::Range;

use locum_guest::ops::{self, Arithmetic, Comparison};
use locum_guest::{Class, Error, Result, Shared, Slice, Value};

use crate::own::{Own, holds_objects};
use crate::trail::{Step, Walk};

/// Items by number.
pub(crate) trait Sequence: Class {
    fn length(&self) -> usize;

    /// An item; `None` behind the end.
    fn at(&self, index: usize) -> Option<Cow<'_, Value>>;

    /// Changes with what an iterator must not live through.
    fn age(&self) -> u64 {
        0
    }

    /// All of it; objects in it stay objects.
    fn items(&self) -> Vec<Value> {
        let items = (0..self.length()).filter_map(|index| self.at(index));
        items.map(Cow::into_owned).collect()
    }
}

/// All of it as a list. It is not held any longer, so that elements may call back while the list is looked at.
pub(crate) fn snapshot<T: Sequence>(this: &Shared<T>) -> Result<Value> {
    Ok(Value::List(this.borrow()?.items()))
}

/// Where a value is first found.
pub(crate) fn find<T: Sequence>(
    this: &Shared<T>,
    wanted: &Value,
    range: Range<usize>,
) -> Result<Option<usize>> {
    let mut found = None;
    search(this, wanted, range, |index| {
        found = Some(index);
        false
    })?;
    Ok(found)
}

/// How often a value is there.
pub(crate) fn count<T: Sequence>(this: &Shared<T>, wanted: &Value) -> Result<usize> {
    let mut count = 0;
    search(this, wanted, 0..usize::MAX, |_| {
        count += 1;
        true
    })?;
    Ok(count)
}

/// Whether a value is there.
pub(crate) fn contains<T: Sequence>(this: &Shared<T>, wanted: &Value) -> Result<bool> {
    Ok(find(this, wanted, 0..usize::MAX)?.is_some())
}

/// Tells each place of a value to `found`, while that wants to go on. The sequence is not held while an object says
/// whether it is equal.
fn search<T: Sequence>(
    this: &Shared<T>,
    wanted: &Value,
    range: Range<usize>,
    mut found: impl FnMut(usize) -> bool,
) -> Result<()> {
    let wanted_calls = holds_objects(wanted);
    let mut held = this.borrow()?;
    for index in range {
        let is_equal = match held.at(index) {
            None => break,
            Some(item) if wanted_calls || holds_objects(&item) => {
                let item = item.into_owned();
                drop(held);
                let is_equal = is_same(&item, wanted) || ops::equal(&item, wanted)?;
                held = this.borrow()?;
                is_equal
            }
            Some(item) => ops::equal(&item, wanted)?,
        };
        if is_equal && !found(index) {
            break;
        }
    }
    Ok(())
}

/// Whether both are one object, which then need not be asked.
pub(crate) fn is_same(a: &Value, b: &Value) -> bool {
    matches!((a, b), (Value::Object(a), Value::Object(b)) if a.same_object(b))
}

/// The places from `start` to `stop`, either of which may count from the end or lie outside.
pub(crate) fn places(start: Option<i64>, stop: Option<i64>, length: usize) -> Range<usize> {
    let slice = Slice {
        start,
        stop,
        step: None,
    };
    match slice.indices(length) {
        Some(named) => named.start()..named.start() + named.len(),
        None => 0..0,
    }
}

/// Where an index points; a negative one counts from the end. `message` is for one that is outside.
pub(crate) fn position(length: usize, index: i64, message: &str) -> Result<usize> {
    ops::list::position(length, index.into())
        .map_err(|error| error.map_message(|_| message.to_owned()))
}

/// Where an insertion before `index` goes; outside means the nearer end.
pub(crate) fn insertion(length: usize, index: i64) -> usize {
    places(Some(index), None, length).start
}

/// A comparison with another of its class, with the list that one travels as, or with an object that is asked.
pub(crate) fn compare<T: Sequence>(this: &Shared<T>, op: Comparison, other: Value) -> Result<bool> {
    let Some(other) = as_list::<T>(&other)? else {
        return unlike::<T>(op, &other);
    };
    let own = snapshot(this)?;
    let _step = Step::into(Walk::Compare, this.proxy())?;
    ops::compare_with(op, &own, &other)
}

/// `+` and `*`, as data.
pub(crate) fn combine<T: Sequence>(
    this: &Shared<T>,
    op: Arithmetic,
    other: Value,
) -> Result<Vec<Value>> {
    let combined = match as_list::<T>(&other)? {
        Some(other) => ops::arithmetic(op, &snapshot(this)?, &other)?,
        None => return Err(unsupported::<T>(op.symbol(), &other)),
    };
    match combined {
        Value::List(items) => Ok(items),
        other => crate::own::items_of(other),
    }
}

/// An operand as plain data, where it is of the class; other objects of this plugin are `None`.
fn as_list<T: Sequence>(other: &Value) -> Result<Option<Value>> {
    if let Value::Object(proxy) = other
        && let Some(same) = proxy.downcast::<T>()
    {
        return snapshot(&same).map(Some);
    }
    Ok(match Own::of(other) {
        Some(_) => None,
        None => Some(other.clone()),
    })
}

/// What a comparison with an object of another class of this plugin says.
pub(crate) fn unlike<T: Class>(op: Comparison, other: &Value) -> Result<bool> {
    match op {
        Comparison::Eq => Ok(false),
        Comparison::Ne => Ok(true),
        _ => Err(Error::type_error(format!(
            "'{}' not supported between instances of '{}' and '{}'",
            op.symbol(),
            T::INFO.name,
            other.type_name()
        ))),
    }
}

#[cold]
pub(crate) fn unsupported<T: Class>(symbol: &str, other: &Value) -> Error {
    Error::type_error(format!(
        "unsupported operand type(s) for {symbol}: '{}' and '{}'",
        T::INFO.name,
        other.type_name()
    ))
}
