//! `deque`.

use std::borrow::Cow;
use std::collections::VecDeque;

use locum_guest::ops::{self, Arithmetic, Comparison};
use locum_guest::{Error, Items, Result, Shared, Value, object};

use crate::bury::bury;
use crate::own::{self, items_of, optional_items};
use crate::sequence::{self, Sequence, insertion, places, position, snapshot};
use crate::{live, trail};

const OUTSIDE: &str = "deque index out of range";

/// Items in order, quick to add and take at both ends.
#[derive(Default)]
pub struct Deque {
    items: VecDeque<Value>,
    maxlen: Option<usize>,
    /// Counts the changes that an iterator must not live through.
    changes: u64,
}

/// Items in order, quick to add and take at both ends: Python's `deque`. With a `maxlen`, what is added at one end of a
/// full one drops an item at the other. Its value form is a list.
#[object(name = "deque")]
impl Deque {
    /// A deque of what is in `items`, or an empty one; of the last `maxlen` of them if that is given.
    fn new(items: Option<Value>, maxlen: Option<i64>) -> Result<Self> {
        let maxlen = match maxlen.map(usize::try_from) {
            None => None,
            Some(Ok(most)) => Some(most),
            Some(Err(_)) => return Err(Error::value("maxlen must be non-negative")),
        };
        Ok(Deque::of(optional_items(items)?, maxlen))
    }

    /// How many items it may have; null if that is not bounded.
    #[getter]
    fn maxlen(&self) -> Option<usize> {
        self.maxlen
    }

    /// Adds an item at the end.
    fn append(&mut self, item: Value) {
        self.add(false, [item]);
    }

    /// Adds an item at the start.
    fn appendleft(&mut self, item: Value) {
        self.add(true, [item]);
    }

    /// Takes the last item out and gives it.
    fn pop(&mut self) -> Result<Value> {
        self.changed().pop_back().ok_or_else(empty)
    }

    /// Takes the first item out and gives it.
    fn popleft(&mut self) -> Result<Value> {
        self.changed().pop_front().ok_or_else(empty)
    }

    /// Adds everything that is in `items` at the end.
    fn extend(this: &Shared<Self>, items: Value) -> Result<()> {
        let more = items_of(items)?;
        this.borrow_mut()?.add(false, more);
        Ok(())
    }

    /// Adds everything that is in `items` at the start, one after the other, so that the last comes first.
    fn extendleft(this: &Shared<Self>, items: Value) -> Result<()> {
        let more = items_of(items)?;
        this.borrow_mut()?.add(true, more);
        Ok(())
    }

    /// Moves the last `n` items to the start; with a negative number the first ones to the end.
    fn rotate(&mut self, #[arg(default = 1)] n: i64) {
        if !self.items.is_empty() {
            let by = i128::from(n).rem_euclid(self.items.len() as i128);
            self.changed().rotate_right(by as usize);
        }
    }

    /// Takes the first item out that equals `value`.
    fn remove(this: &Shared<Self>, value: Value) -> Result<()> {
        let found = sequence::find(this, &value, 0..usize::MAX)?;
        let taken = found.and_then(|at| {
            this.borrow_mut()
                .map(|mut it| it.changed().remove(at))
                .transpose()
        });
        taken.unwrap_or_else(|| Err(not_there(&value))).map(drop)
    }

    /// Turns the order round.
    fn reverse(&mut self) {
        self.changed().make_contiguous().reverse();
    }

    /// Puts an item before the one at `index`, if there is room.
    fn insert(&mut self, index: i64, item: Value) -> Result<()> {
        if self.maxlen == Some(self.items.len()) {
            return Err(Error::index("deque already at its maximum size"));
        }
        let at = insertion(self.items.len(), index);
        self.changed().insert(at, item);
        Ok(())
    }

    /// Where the first item is that equals `value`, from `start` and before `stop`.
    fn index(
        this: &Shared<Self>,
        value: Value,
        start: Option<i64>,
        stop: Option<i64>,
    ) -> Result<usize> {
        let range = places(start, stop, this.borrow()?.items.len());
        sequence::find(this, &value, range)?.ok_or_else(|| not_there(&value))
    }

    /// How many items equal `value`.
    fn count(this: &Shared<Self>, value: Value) -> Result<usize> {
        sequence::count(this, &value)
    }

    /// Takes every item out.
    fn clear(&mut self) {
        self.changed().clear();
    }

    /// Another deque of the same items and `maxlen`.
    fn copy(&self) -> Deque {
        Deque::of(self.items.iter().cloned(), self.maxlen)
    }

    /// How many items there are.
    fn __len__(&self) -> usize {
        self.items.len()
    }

    /// The item at an index.
    fn __getitem__(&self, index: i64) -> Result<Value> {
        Ok(self.items[position(self.items.len(), index, OUTSIDE)?].clone())
    }

    /// Replaces the item at an index.
    fn __setitem__(&mut self, index: i64, value: Value) -> Result<()> {
        let at = position(self.items.len(), index, OUTSIDE)?;
        self.items[at] = value;
        Ok(())
    }

    /// Takes the item at an index out.
    fn __delitem__(&mut self, index: i64) -> Result<()> {
        let at = position(self.items.len(), index, OUTSIDE)?;
        self.changed().remove(at);
        Ok(())
    }

    /// Whether an item equals `value`.
    fn __contains__(this: &Shared<Self>, value: Value) -> Result<bool> {
        sequence::contains(this, &value)
    }

    /// An iterator; it fails when items are added or taken meanwhile.
    fn __iter__(this: &Shared<Self>) -> Result<Items<Value>> {
        live::forward(this)
    }

    /// An iterator from the end.
    fn __reversed__(this: &Shared<Self>) -> Result<Items<Value>> {
        live::backward(this)
    }

    /// A new deque of both, with this one's `maxlen`.
    fn __add__(this: &Shared<Self>, other: Value) -> Result<Deque> {
        combined(this, Arithmetic::Add, other)
    }

    /// Adds everything that is in `items` at the end.
    fn __iadd__(this: &Shared<Self>, items: Value) -> Result<()> {
        Deque::extend(this, items)
    }

    /// A new deque of the items several times over.
    fn __mul__(this: &Shared<Self>, times: Value) -> Result<Deque> {
        combined(this, Arithmetic::Mul, times)
    }

    /// A new deque of the items several times over.
    fn __rmul__(this: &Shared<Self>, times: Value) -> Result<Deque> {
        combined(this, Arithmetic::Mul, times)
    }

    /// Repeats the items.
    fn __imul__(this: &Shared<Self>, times: Value) -> Result<()> {
        let mut repeated = combined(this, Arithmetic::Mul, times)?;
        std::mem::swap(this.borrow_mut()?.changed(), &mut repeated.items);
        Ok(())
    }

    /// Whether both have equal items in the same order.
    fn __eq__(this: &Shared<Self>, other: Value) -> Result<bool> {
        sequence::compare(this, Comparison::Eq, other)
    }

    /// Whether the first items that differ are in this order.
    fn __lt__(this: &Shared<Self>, other: Value) -> Result<bool> {
        sequence::compare(this, Comparison::Lt, other)
    }

    /// Whether the first items that differ are in this order, or none do.
    fn __le__(this: &Shared<Self>, other: Value) -> Result<bool> {
        sequence::compare(this, Comparison::Le, other)
    }

    /// Whether the first items that differ are in the opposite order.
    fn __gt__(this: &Shared<Self>, other: Value) -> Result<bool> {
        sequence::compare(this, Comparison::Gt, other)
    }

    /// Whether the first items that differ are in the opposite order, or none do.
    fn __ge__(this: &Shared<Self>, other: Value) -> Result<bool> {
        sequence::compare(this, Comparison::Ge, other)
    }

    /// `deque([1, 2], maxlen=2)`; where it holds itself, `[...]`.
    fn __str__(this: &Shared<Self>) -> Result<String> {
        let maxlen = this.borrow()?.maxlen;
        trail::printed(this, "[...]", || {
            let items = ops::repr(&snapshot(this)?)?;
            Ok(match maxlen {
                Some(most) => format!("deque({items}, maxlen={most})"),
                None => format!("deque({items})"),
            })
        })
    }

    #[value]
    fn to_data(this: &Shared<Self>) -> Result<Value> {
        own::copy(this)
    }
}

impl Deque {
    fn of(items: impl IntoIterator<Item = Value>, maxlen: Option<usize>) -> Deque {
        let mut deque = Deque::default();
        deque.maxlen = maxlen;
        deque.add(false, items);
        deque
    }

    /// The items, to change their number or order.
    fn changed(&mut self) -> &mut VecDeque<Value> {
        self.changes += 1;
        &mut self.items
    }

    fn add(&mut self, left: bool, items: impl IntoIterator<Item = Value>) {
        let most = self.maxlen.unwrap_or(usize::MAX);
        let held = self.changed();
        for item in items {
            match left {
                true => held.push_front(item),
                false => held.push_back(item),
            }
            if held.len() > most {
                match left {
                    true => held.pop_back(),
                    false => held.pop_front(),
                };
            }
        }
    }
}

fn combined(this: &Shared<Deque>, op: Arithmetic, other: Value) -> Result<Deque> {
    let items = sequence::combine(this, op, other)?;
    Ok(Deque::of(items, this.borrow()?.maxlen))
}

#[cold]
fn empty() -> Error {
    Error::index("pop from an empty deque")
}

#[cold]
fn not_there(value: &Value) -> Error {
    match ops::repr(value) {
        Ok(shown) => Error::value(format!("{shown} is not in deque")),
        Err(error) => error,
    }
}

impl Sequence for Deque {
    fn length(&self) -> usize {
        self.items.len()
    }

    fn at(&self, index: usize) -> Option<Cow<'_, Value>> {
        self.items.get(index).map(Cow::Borrowed)
    }

    fn age(&self) -> u64 {
        self.changes
    }
}

impl Drop for Deque {
    fn drop(&mut self) {
        bury(self.items.drain(..));
    }
}
