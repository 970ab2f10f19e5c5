//! `list`.

use std::borrow::Cow;

use locum_guest::ops::{self, Arithmetic, Comparison};
use locum_guest::{Error, Items, Map, Result, Shared, Value, object};

use crate::bury::bury;
use crate::own::{self, items_of, optional_items};
use crate::sequence::{self, Sequence, insertion, places, position, snapshot};
use crate::{live, trail};

/// Items in order.
#[derive(Default)]
pub struct List {
    items: Vec<Value>,
}

/// Items in order, by number: Python's `list`. Slices, sums and copies of it are plain data.
#[object(name = "list")]
impl List {
    /// A list of what is in `items`, or an empty one.
    fn new(items: Option<Value>) -> Result<Self> {
        let items = optional_items(items)?;
        Ok(List { items })
    }

    /// Adds an item at the end.
    fn append(&mut self, item: Value) {
        self.items.push(item);
    }

    /// Adds everything that is in `items` at the end.
    fn extend(this: &Shared<Self>, items: Value) -> Result<()> {
        let more = items_of(items)?;
        this.borrow_mut()?.items.extend(more);
        Ok(())
    }

    /// Puts an item before the one at `index`.
    fn insert(&mut self, index: i64, item: Value) {
        self.items.insert(insertion(self.items.len(), index), item);
    }

    /// Takes the item at `index` out and gives it.
    fn pop(&mut self, #[arg(default = -1)] index: i64) -> Result<Value> {
        if self.items.is_empty() {
            return Err(Error::index("pop from empty list"));
        }
        let at = position(self.items.len(), index, "pop index out of range")?;
        Ok(self.items.remove(at))
    }

    /// Takes the first item out that equals `value`.
    fn remove(this: &Shared<Self>, value: Value) -> Result<()> {
        let found = sequence::find(this, &value, 0..usize::MAX)?;
        let mut list = this.borrow_mut()?;
        match found {
            Some(at) if at < list.items.len() => {
                list.items.remove(at);
                Ok(())
            }
            _ => Err(Error::value("list.remove(x): x not in list")),
        }
    }

    /// Takes every item out.
    fn clear(&mut self) {
        self.items.clear();
    }

    /// Where the first item is that equals `value`, from `start` and before `stop`.
    fn index(
        this: &Shared<Self>,
        value: Value,
        start: Option<i64>,
        stop: Option<i64>,
    ) -> Result<usize> {
        let range = places(start, stop, this.borrow()?.items.len());
        match sequence::find(this, &value, range)? {
            Some(at) => Ok(at),
            None => Err(Error::value(format!(
                "{} is not in list",
                ops::repr(&value)?
            ))),
        }
    }

    /// How many items equal `value`.
    fn count(this: &Shared<Self>, value: Value) -> Result<usize> {
        sequence::count(this, &value)
    }

    /// Puts the items in order; equal ones stay in theirs. While it is sorted the list is empty.
    fn sort(this: &Shared<Self>, #[arg(default = false)] reverse: bool) -> Result<()> {
        let mut items = std::mem::take(&mut this.borrow_mut()?.items);
        let reverse = [("reverse".into(), reverse.into())]
            .into_iter()
            .collect::<Map>();
        let sorted = ops::list::call_method(&mut items, "sort", vec![], reverse);
        let mut list = this.borrow_mut()?;
        let added = std::mem::replace(&mut list.items, items);
        sorted?;
        match added.is_empty() {
            true => Ok(()),
            false => Err(Error::value("list modified during sort")),
        }
    }

    /// Turns the order round.
    fn reverse(&mut self) {
        self.items.reverse();
    }

    /// A copy of the list as data.
    fn copy(&self) -> Vec<Value> {
        self.items.clone()
    }

    /// How many items there are.
    fn __len__(&self) -> usize {
        self.items.len()
    }

    /// The item at an index, or the items of a slice as data.
    fn __getitem__(&self, key: Value) -> Result<Value> {
        ops::list::get(&self.items, &key)
    }

    /// Replaces the item at an index, or those of a slice by what is in `value`.
    fn __setitem__(this: &Shared<Self>, key: Value, value: Value) -> Result<()> {
        let value = match key {
            Value::Slice(_) => Value::List(items_of(value)?),
            _ => value,
        };
        ops::list::set(&mut this.borrow_mut()?.items, &key, value)
    }

    /// Takes the item at an index out, or those of a slice.
    fn __delitem__(&mut self, key: Value) -> Result<()> {
        ops::list::delete(&mut self.items, &key)
    }

    /// Whether an item equals `value`.
    fn __contains__(this: &Shared<Self>, value: Value) -> Result<bool> {
        sequence::contains(this, &value)
    }

    /// An iterator; it sees what is appended meanwhile.
    fn __iter__(this: &Shared<Self>) -> Result<Items<Value>> {
        live::forward(this)
    }

    /// An iterator from the end.
    fn __reversed__(this: &Shared<Self>) -> Result<Items<Value>> {
        live::backward(this)
    }

    /// Both lists in one, as data.
    fn __add__(this: &Shared<Self>, other: Value) -> Result<Vec<Value>> {
        sequence::combine(this, Arithmetic::Add, other)
    }

    /// Both lists in one, with the data first, as data.
    fn __radd__(this: &Shared<Self>, other: Value) -> Result<Value> {
        let own = snapshot(this)?;
        ops::arithmetic(Arithmetic::Add, &other, &own)
    }

    /// Adds everything that is in `items` at the end.
    fn __iadd__(this: &Shared<Self>, items: Value) -> Result<()> {
        List::extend(this, items)
    }

    /// The items several times over, as data.
    fn __mul__(this: &Shared<Self>, times: Value) -> Result<Vec<Value>> {
        sequence::combine(this, Arithmetic::Mul, times)
    }

    /// The items several times over, as data.
    fn __rmul__(this: &Shared<Self>, times: Value) -> Result<Vec<Value>> {
        List::__mul__(this, times)
    }

    /// Repeats the items.
    fn __imul__(this: &Shared<Self>, times: Value) -> Result<()> {
        let items = List::__mul__(this, times)?;
        this.borrow_mut()?.items = items;
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

    /// `[1, 'a']`; where it holds itself, `[...]`.
    fn __str__(this: &Shared<Self>) -> Result<String> {
        trail::printed(this, "[...]", || ops::repr(&snapshot(this)?))
    }

    #[value]
    fn to_data(this: &Shared<Self>) -> Result<Value> {
        own::copy(this)
    }
}

impl Sequence for List {
    fn length(&self) -> usize {
        self.items.len()
    }

    fn at(&self, index: usize) -> Option<Cow<'_, Value>> {
        self.items.get(index).map(Cow::Borrowed)
    }
}

impl Drop for List {
    fn drop(&mut self) {
        bury(self.items.drain(..));
    }
}
