//! `array`.

use std::borrow::Cow;

use locum_guest::ops::{self, Arithmetic, Comparison};
use locum_guest::{Bytes, Error, Items, Result, Shared, Value, object};

use crate::live;
use crate::own::{self, Own, items_of};
use crate::sequence::{self, Sequence, insertion, places, position};
use crate::typecode::Typecode;

const OUTSIDE: &str = "array index out of range";
const NO_PLACE: &str = "array assignment index out of range";

/// Numbers of one type, as compact as C has them.
pub struct Array {
    typecode: Typecode,
    bytes: Vec<u8>,
}

/// Numbers of one of C's types, in order and compact: Python's `array`. Slices and sums of it are arrays; its value form is
/// a list of numbers.
#[object(name = "array")]
impl Array {
    /// An array of the type that `typecode` stands for (`b B h H i I l L q Q` for whole numbers by size, `f d` for
    /// others, `u` for characters), of what is in `data`, or of bytes as they are.
    fn new(typecode: &str, data: Option<Value>) -> Result<Self> {
        let mut array = Array::empty(Typecode::of(typecode, false)?);
        match data {
            None => {}
            Some(Value::Bytes(bytes)) => array.frombytes(bytes)?,
            Some(data) => array.put(array.length(), &items_of(data)?)?,
        }
        Ok(array)
    }

    /// The letter of the items' type.
    #[getter]
    fn typecode(&self) -> char {
        self.typecode.letter()
    }

    /// How many bytes an item has.
    #[getter]
    fn itemsize(&self) -> usize {
        self.typecode.size()
    }

    /// Adds an item at the end.
    fn append(&mut self, item: Value) -> Result<()> {
        self.put(self.length(), &[item])
    }

    /// Adds everything that is in `items` at the end; all or nothing.
    fn extend(this: &Shared<Self>, items: Value) -> Result<()> {
        if let Some(Own::Array(other)) = Own::of(&items)
            && other.borrow()?.typecode != this.borrow()?.typecode
        {
            return Err(Error::type_error("can only extend with array of same kind"));
        }
        let more = items_of(items)?;
        let mut array = this.borrow_mut()?;
        let end = array.length();
        array.put(end, &more)
    }

    /// Adds the items of a list at the end; all or nothing.
    fn fromlist(&mut self, items: Vec<Value>) -> Result<()> {
        self.put(self.length(), &items)
    }

    /// Puts an item before the one at `index`.
    fn insert(&mut self, index: i64, item: Value) -> Result<()> {
        self.put(insertion(self.length(), index), &[item])
    }

    /// Takes the item at `index` out and gives it.
    fn pop(&mut self, #[arg(default = -1)] index: i64) -> Result<Value> {
        if self.bytes.is_empty() {
            return Err(Error::index("pop from empty array"));
        }
        Ok(self.take(position(self.length(), index, "pop index out of range")?))
    }

    /// Takes the first item out that equals `value`.
    fn remove(this: &Shared<Self>, value: Value) -> Result<()> {
        let found = sequence::find(this, &value, 0..usize::MAX)?;
        let mut array = this.borrow_mut()?;
        match found {
            Some(at) if at < array.length() => {
                array.take(at);
                Ok(())
            }
            _ => Err(Error::value("array.remove(x): x not in array")),
        }
    }

    /// Where the first item is that equals `value`, from `start` and before `stop`.
    fn index(
        this: &Shared<Self>,
        value: Value,
        start: Option<i64>,
        stop: Option<i64>,
    ) -> Result<usize> {
        let range = places(start, stop, this.borrow()?.length());
        sequence::find(this, &value, range)?
            .ok_or_else(|| Error::value("array.index(x): x not in array"))
    }

    /// How many items equal `value`.
    fn count(this: &Shared<Self>, value: Value) -> Result<usize> {
        sequence::count(this, &value)
    }

    /// Turns the order round.
    fn reverse(&mut self) {
        self.bytes.reverse();
        self.byteswap();
    }

    /// Turns the bytes of each item round.
    fn byteswap(&mut self) {
        self.bytes
            .chunks_mut(self.typecode.size())
            .for_each(<[u8]>::reverse);
    }

    /// The items as a list.
    fn tolist(&self) -> Vec<Value> {
        self.items()
    }

    /// The items' bytes, the lowest of each first.
    fn tobytes(&self) -> Bytes {
        Bytes::from(self.bytes.as_slice())
    }

    /// Adds items at the end that are given by their bytes.
    fn frombytes(&mut self, bytes: Bytes) -> Result<()> {
        self.typecode.check(&bytes)?;
        self.bytes.extend_from_slice(&bytes);
        Ok(())
    }

    /// How many items there are.
    fn __len__(&self) -> usize {
        self.length()
    }

    /// The item at an index, or an array of those of a slice.
    fn __getitem__(&self, key: Value) -> Result<Value> {
        match key {
            Value::Slice(slice) => {
                let mut named = Array::empty(self.typecode);
                for at in slice.indices(self.length()).ok_or_else(no_step)? {
                    named.bytes.extend_from_slice(self.item(at));
                }
                Ok(Shared::new(named).proxy().into())
            }
            key => Ok(self.typecode.read(self.item(self.place(&key, OUTSIDE)?))),
        }
    }

    /// Replaces the item at an index, or those of a slice by what is in `value`.
    fn __setitem__(this: &Shared<Self>, key: Value, value: Value) -> Result<()> {
        let slice = match key {
            Value::Slice(_) => Value::List(items_of(value)?),
            key => return this.borrow_mut()?.replace(&key, &value),
        };
        this.borrow_mut()?
            .edit(|items| ops::list::set(items, &key, slice))
    }

    /// Takes the item at an index out, or those of a slice.
    fn __delitem__(&mut self, key: Value) -> Result<()> {
        match key {
            Value::Slice(_) => self.edit(|items| ops::list::delete(items, &key)),
            key => {
                self.take(self.place(&key, NO_PLACE)?);
                Ok(())
            }
        }
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

    /// A new array of both.
    fn __add__(this: &Shared<Self>, other: Value) -> Result<Array> {
        combined(this, Arithmetic::Add, other)
    }

    /// Adds everything that is in `items` at the end.
    fn __iadd__(this: &Shared<Self>, items: Value) -> Result<()> {
        Array::extend(this, items)
    }

    /// A new array of the items several times over.
    fn __mul__(this: &Shared<Self>, times: Value) -> Result<Array> {
        combined(this, Arithmetic::Mul, times)
    }

    /// A new array of the items several times over.
    fn __rmul__(this: &Shared<Self>, times: Value) -> Result<Array> {
        combined(this, Arithmetic::Mul, times)
    }

    /// Repeats the items.
    fn __imul__(this: &Shared<Self>, times: Value) -> Result<()> {
        let repeated = combined(this, Arithmetic::Mul, times)?;
        *this.borrow_mut()? = repeated;
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

    /// `array('i', [1, 2])`, or with characters `array('u', 'ab')`.
    fn __str__(&self) -> Result<String> {
        let letter = self.typecode.letter();
        let items = self.items();
        let shown = match self.typecode.is_character() {
            _ if items.is_empty() => return Ok(format!("array('{letter}')")),
            true => Value::Text(items.iter().map(ops::text).collect::<Result<_>>()?),
            false => Value::List(items),
        };
        Ok(format!("array('{letter}', {})", ops::repr(&shown)?))
    }

    #[value]
    fn to_data(this: &Shared<Self>) -> Result<Value> {
        own::copy(this)
    }
}

impl Array {
    fn empty(typecode: Typecode) -> Array {
        Array {
            typecode,
            bytes: Vec::new(),
        }
    }

    /// The bytes of an item that is there.
    fn item(&self, at: usize) -> &[u8] {
        &self.bytes[at * self.typecode.size()..][..self.typecode.size()]
    }

    /// The place that an index names; `outside` is for one that names none.
    fn place(&self, key: &Value, outside: &str) -> Result<usize> {
        match key {
            Value::Int(index) => ops::list::position(self.length(), *index)
                .map_err(|error| error.map_message(|_| outside.to_owned())),
            other => Err(Error::type_error(format!(
                "array indices must be integers or slices, not {}",
                other.type_name()
            ))),
        }
    }

    /// Puts items in; all or nothing.
    fn put(&mut self, at: usize, items: &[Value]) -> Result<()> {
        let mut bytes = Vec::with_capacity(items.len() * self.typecode.size());
        for item in items {
            self.typecode.write(item, &mut bytes)?;
        }
        let at = at * self.typecode.size();
        self.bytes.splice(at..at, bytes);
        Ok(())
    }

    /// Takes an item out that is there.
    fn take(&mut self, at: usize) -> Value {
        let taken = self.typecode.read(self.item(at));
        let at = at * self.typecode.size();
        self.bytes.drain(at..at + self.typecode.size());
        taken
    }

    fn replace(&mut self, key: &Value, value: &Value) -> Result<()> {
        let at = self.place(key, NO_PLACE)? * self.typecode.size();
        let mut bytes = Vec::with_capacity(self.typecode.size());
        self.typecode.write(value, &mut bytes)?;
        self.bytes[at..at + bytes.len()].copy_from_slice(&bytes);
        Ok(())
    }

    /// Changes the items as a list; all or nothing.
    fn edit(&mut self, change: impl FnOnce(&mut Vec<Value>) -> Result<()>) -> Result<()> {
        let mut items = self.items();
        change(&mut items)?;
        let mut changed = Array::empty(self.typecode);
        changed.put(0, &items)?;
        *self = changed;
        Ok(())
    }
}

fn combined(this: &Shared<Array>, op: Arithmetic, other: Value) -> Result<Array> {
    let mut array = Array::empty(this.borrow()?.typecode);
    array.put(0, &sequence::combine(this, op, other)?)?;
    Ok(array)
}

#[cold]
fn no_step() -> Error {
    Error::value("slice step cannot be zero")
}

impl Sequence for Array {
    fn length(&self) -> usize {
        self.bytes.len() / self.typecode.size()
    }

    fn at(&self, index: usize) -> Option<Cow<'_, Value>> {
        (index < self.length()).then(|| Cow::Owned(self.typecode.read(self.item(index))))
    }
}
