// Views of the objects of `collections 0.1.0`, from what it tells about itself.
// Written by `locum bindgen collections.wasm`; write it again rather than change it.

use locum::{Bytes, Items, Map, Result, Serialize, proxy};

/// Python's containers, shared: each is made from data, or from whatever can be gone through.
#[proxy(module = "collections")]
pub trait Collections {
    /// A list of what is in `items`, or an empty one.
    fn list(&self, #[arg(default)] items: Option<&locum::Value>) -> Result<ListProxy>;
    /// A dict of the entries of a map or another dict, or of a list of pairs, and of the keywords.
    fn dict(
        &self,
        #[arg(rest)] source: &[locum::Value],
        #[arg(keywords)] named: &Map,
    ) -> Result<DictProxy>;
    /// A dict in which everything that is in `keys` has the same value.
    #[name("dict.fromkeys")]
    fn dict_fromkeys(
        &self,
        keys: impl Serialize,
        #[arg(default)] value: Option<&locum::Value>,
    ) -> Result<DictProxy>;
    /// A set of what is in `items`, or an empty one.
    fn set(&self, #[arg(default)] items: Option<&locum::Value>) -> Result<SetProxy>;
    /// A deque of what is in `items`, or an empty one; of the last `maxlen` of them if that is given.
    fn deque(
        &self,
        #[arg(default)] items: Option<&locum::Value>,
        #[arg(default)] maxlen: Option<i64>,
    ) -> Result<DequeProxy>;
    /// A namespace with the keywords as attributes.
    #[name("Namespace")]
    fn namespace(&self, #[arg(keywords)] named: &Map) -> Result<NamespaceProxy>;
    /// A value of the type that `typecode` stands for: `b B h H i I l L q Q` for whole numbers by size, `f d` for others,
    /// `u` for a character, `c` for a byte.
    #[name("Value")]
    fn value(&self, typecode: &str, value: impl Serialize) -> Result<ValueProxy>;
    /// An array of the type that `typecode` stands for (`b B h H i I l L q Q` for whole numbers by size, `f d` for
    /// others, `u` for characters), of what is in `data`, or of bytes as they are.
    fn array(
        &self,
        typecode: &str,
        #[arg(default)] data: Option<&locum::Value>,
    ) -> Result<ArrayProxy>;
}

/// Items in order, by number: Python's `list`. Slices, sums and copies of it are plain data.
#[proxy]
pub trait List {
    /// Adds an item at the end.
    fn append(&self, item: impl Serialize) -> Result<()>;
    /// Adds everything that is in `items` at the end.
    fn extend(&self, items: impl Serialize) -> Result<()>;
    /// Puts an item before the one at `index`.
    fn insert(&self, index: i64, item: impl Serialize) -> Result<()>;
    /// Takes the item at `index` out and gives it.
    ///
    /// `pop(index: int = -1) -> any`
    fn pop(&self, #[arg(default)] index: Option<i64>) -> Result<locum::Value>;
    /// Takes the first item out that equals `value`.
    fn remove(&self, value: impl Serialize) -> Result<()>;
    /// Takes every item out.
    fn clear(&self) -> Result<()>;
    /// Where the first item is that equals `value`, from `start` and before `stop`.
    fn index(
        &self,
        value: impl Serialize,
        #[arg(default)] start: Option<i64>,
        #[arg(default)] stop: Option<i64>,
    ) -> Result<i64>;
    /// How many items equal `value`.
    fn count(&self, value: impl Serialize) -> Result<i64>;
    /// Puts the items in order; equal ones stay in theirs. While it is sorted the list is empty.
    ///
    /// `sort(reverse: bool = false)`
    fn sort(&self, #[arg(default)] reverse: Option<bool>) -> Result<()>;
    /// Turns the order round.
    fn reverse(&self) -> Result<()>;
    /// A copy of the list as data.
    fn copy(&self) -> Result<Vec<locum::Value>>;
    /// How many items there are.
    #[name("__len__")]
    fn len(&self) -> Result<i64>;
    /// The item at an index, or the items of a slice as data.
    #[name("__getitem__")]
    fn get_item(&self, key: impl Serialize) -> Result<locum::Value>;
    /// Replaces the item at an index, or those of a slice by what is in `value`.
    #[name("__setitem__")]
    fn set_item(&self, key: impl Serialize, value: impl Serialize) -> Result<()>;
    /// Takes the item at an index out, or those of a slice.
    #[name("__delitem__")]
    fn del_item(&self, key: impl Serialize) -> Result<()>;
    /// Whether an item equals `value`.
    #[name("__contains__")]
    fn contains(&self, value: impl Serialize) -> Result<bool>;
    /// An iterator; it sees what is appended meanwhile.
    #[name("__iter__")]
    fn iter(&self) -> Result<Items<locum::Value>>;
    /// An iterator from the end.
    #[name("__reversed__")]
    fn reversed(&self) -> Result<Items<locum::Value>>;
    /// Both lists in one, as data.
    #[name("__add__")]
    fn add(&self, other: impl Serialize) -> Result<Vec<locum::Value>>;
    /// Adds everything that is in `items` at the end.
    #[name("__iadd__")]
    fn add_assign(&self, items: impl Serialize) -> Result<()>;
    /// The items several times over, as data.
    #[name("__mul__")]
    fn mul(&self, times: impl Serialize) -> Result<Vec<locum::Value>>;
    /// Repeats the items.
    #[name("__imul__")]
    fn mul_assign(&self, times: impl Serialize) -> Result<()>;
    /// Whether both have equal items in the same order.
    #[name("__eq__")]
    fn eq(&self, other: impl Serialize) -> Result<bool>;
    /// Whether the first items that differ are in this order.
    #[name("__lt__")]
    fn lt(&self, other: impl Serialize) -> Result<bool>;
    /// Whether the first items that differ are in this order, or none do.
    #[name("__le__")]
    fn le(&self, other: impl Serialize) -> Result<bool>;
    /// Whether the first items that differ are in the opposite order.
    #[name("__gt__")]
    fn gt(&self, other: impl Serialize) -> Result<bool>;
    /// Whether the first items that differ are in the opposite order, or none do.
    #[name("__ge__")]
    fn ge(&self, other: impl Serialize) -> Result<bool>;
}

/// Values by key, in the order in which the keys were put in: Python's `dict`. Keys are data that does not change; equal
/// numbers are one key. Copies, and the lists of its keys and values, are plain data.
#[proxy]
pub trait Dict {
    /// The keys, as a list.
    fn keys(&self) -> Result<Vec<locum::Value>>;
    /// The values, as a list.
    fn values(&self) -> Result<Vec<locum::Value>>;
    /// The entries, as a list of pairs.
    fn items(&self) -> Result<Vec<(locum::Value, locum::Value)>>;
    /// The value of a key, or `default`.
    fn get(
        &self,
        key: impl Serialize,
        #[arg(default)] default: Option<&locum::Value>,
    ) -> Result<locum::Value>;
    /// The value of a key, which is put in with `default` if it is not there.
    fn setdefault(
        &self,
        key: impl Serialize,
        #[arg(default)] default: Option<&locum::Value>,
    ) -> Result<locum::Value>;
    /// Puts in the entries of a map or another dict, or of a list of pairs, and the keywords.
    fn update(
        &self,
        #[arg(rest)] source: &[locum::Value],
        #[arg(keywords)] named: &Map,
    ) -> Result<()>;
    /// Takes a key out and gives its value; the default where it is not there and one is given.
    fn pop(
        &self,
        key: impl Serialize,
        #[arg(rest)] default: &[locum::Value],
    ) -> Result<locum::Value>;
    /// Takes the newest entry out and gives it.
    fn popitem(&self) -> Result<(locum::Value, locum::Value)>;
    /// Takes every entry out.
    fn clear(&self) -> Result<()>;
    /// A copy of the dict as data.
    fn copy(&self) -> Result<Map>;
    /// How many entries there are.
    #[name("__len__")]
    fn len(&self) -> Result<i64>;
    /// The value of a key.
    #[name("__getitem__")]
    fn get_item(&self, key: impl Serialize) -> Result<locum::Value>;
    /// Sets the value of a key.
    #[name("__setitem__")]
    fn set_item(&self, key: impl Serialize, value: impl Serialize) -> Result<()>;
    /// Takes a key out.
    #[name("__delitem__")]
    fn del_item(&self, key: impl Serialize) -> Result<()>;
    /// Whether a key is there.
    #[name("__contains__")]
    fn contains(&self, key: impl Serialize) -> Result<bool>;
    /// An iterator over the keys.
    #[name("__iter__")]
    fn iter(&self) -> Result<Items<locum::Value>>;
    /// An iterator over the keys, newest first.
    #[name("__reversed__")]
    fn reversed(&self) -> Result<Items<locum::Value>>;
    /// Whether the same keys have equal values, in any order.
    #[name("__eq__")]
    fn eq(&self, other: impl Serialize) -> Result<bool>;
    /// Both dicts in one, as data; the other's values win.
    #[name("__or__")]
    fn bitor(&self, other: impl Serialize) -> Result<Map>;
    /// Puts in the entries of a map or another dict, or of a list of pairs.
    #[name("__ior__")]
    fn bitor_assign(&self, other: impl Serialize) -> Result<()>;
}

/// Elements that are there once, found at once: Python's `set`, in the order in which they were put in. Elements are data
/// that does not change. Its value form is a list; operators and comparisons take such a list for a set.
#[proxy]
pub trait Set {
    /// Puts an element in.
    fn add(&self, element: impl Serialize) -> Result<()>;
    /// Takes an element out, which must be there.
    fn remove(&self, element: impl Serialize) -> Result<()>;
    /// Takes an element out if it is there.
    fn discard(&self, element: impl Serialize) -> Result<()>;
    /// Takes an element out and gives it.
    fn pop(&self) -> Result<locum::Value>;
    /// Takes every element out.
    fn clear(&self) -> Result<()>;
    /// Another set of the same elements.
    fn copy(&self) -> Result<SetProxy>;
    /// A new set of what is here or in any of `others`.
    fn union(&self, #[arg(rest)] others: &[locum::Value]) -> Result<SetProxy>;
    /// A new set of what is here and in all of `others`.
    fn intersection(&self, #[arg(rest)] others: &[locum::Value]) -> Result<SetProxy>;
    /// A new set of what is here and in none of `others`.
    fn difference(&self, #[arg(rest)] others: &[locum::Value]) -> Result<SetProxy>;
    /// A new set of what is either here or in `other`.
    fn symmetric_difference(&self, other: impl Serialize) -> Result<SetProxy>;
    /// Puts in what is in any of `others`.
    fn update(&self, #[arg(rest)] others: &[locum::Value]) -> Result<()>;
    /// Takes out what is not in all of `others`.
    fn intersection_update(&self, #[arg(rest)] others: &[locum::Value]) -> Result<()>;
    /// Takes out what is in any of `others`.
    fn difference_update(&self, #[arg(rest)] others: &[locum::Value]) -> Result<()>;
    /// Puts in what is in `other`, and takes out what was here too.
    fn symmetric_difference_update(&self, other: impl Serialize) -> Result<()>;
    /// Whether nothing is both here and in `other`.
    fn isdisjoint(&self, other: impl Serialize) -> Result<bool>;
    /// Whether all that is here is in `other`.
    fn issubset(&self, other: impl Serialize) -> Result<bool>;
    /// Whether all that is in `other` is here.
    fn issuperset(&self, other: impl Serialize) -> Result<bool>;
    /// How many elements there are.
    #[name("__len__")]
    fn len(&self) -> Result<i64>;
    /// Whether an element is there.
    #[name("__contains__")]
    fn contains(&self, element: impl Serialize) -> Result<bool>;
    /// An iterator over the elements.
    #[name("__iter__")]
    fn iter(&self) -> Result<Items<locum::Value>>;
    /// A new set of what is here or there.
    #[name("__or__")]
    fn bitor(&self, other: impl Serialize) -> Result<SetProxy>;
    /// A new set of what is here and there.
    #[name("__and__")]
    fn bitand(&self, other: impl Serialize) -> Result<SetProxy>;
    /// A new set of what is here and not there.
    #[name("__sub__")]
    fn sub(&self, other: impl Serialize) -> Result<SetProxy>;
    /// A new set of what is either here or there.
    #[name("__xor__")]
    fn bitxor(&self, other: impl Serialize) -> Result<SetProxy>;
    /// Puts in what is there.
    #[name("__ior__")]
    fn bitor_assign(&self, other: impl Serialize) -> Result<()>;
    /// Takes out what is not there.
    #[name("__iand__")]
    fn bitand_assign(&self, other: impl Serialize) -> Result<()>;
    /// Takes out what is there.
    #[name("__isub__")]
    fn sub_assign(&self, other: impl Serialize) -> Result<()>;
    /// Puts in what is there, and takes out what was here too.
    #[name("__ixor__")]
    fn bitxor_assign(&self, other: impl Serialize) -> Result<()>;
    /// Whether both have the same elements.
    #[name("__eq__")]
    fn eq(&self, other: impl Serialize) -> Result<bool>;
    /// Whether all that is here is there, and something else too.
    #[name("__lt__")]
    fn lt(&self, other: impl Serialize) -> Result<bool>;
    /// Whether all that is here is there.
    #[name("__le__")]
    fn le(&self, other: impl Serialize) -> Result<bool>;
    /// Whether all that is there is here, and something else too.
    #[name("__gt__")]
    fn gt(&self, other: impl Serialize) -> Result<bool>;
    /// Whether all that is there is here.
    #[name("__ge__")]
    fn ge(&self, other: impl Serialize) -> Result<bool>;
}

/// Items in order, quick to add and take at both ends: Python's `deque`. With a `maxlen`, what is added at one end of a
/// full one drops an item at the other. Its value form is a list.
#[proxy]
pub trait Deque {
    /// How many items it may have; null if that is not bounded.
    #[getter]
    fn maxlen(&self) -> Result<Option<i64>>;
    /// Adds an item at the end.
    fn append(&self, item: impl Serialize) -> Result<()>;
    /// Adds an item at the start.
    fn appendleft(&self, item: impl Serialize) -> Result<()>;
    /// Takes the last item out and gives it.
    fn pop(&self) -> Result<locum::Value>;
    /// Takes the first item out and gives it.
    fn popleft(&self) -> Result<locum::Value>;
    /// Adds everything that is in `items` at the end.
    fn extend(&self, items: impl Serialize) -> Result<()>;
    /// Adds everything that is in `items` at the start, one after the other, so that the last comes first.
    fn extendleft(&self, items: impl Serialize) -> Result<()>;
    /// Moves the last `n` items to the start; with a negative number the first ones to the end.
    ///
    /// `rotate(n: int = 1)`
    fn rotate(&self, #[arg(default)] n: Option<i64>) -> Result<()>;
    /// Takes the first item out that equals `value`.
    fn remove(&self, value: impl Serialize) -> Result<()>;
    /// Turns the order round.
    fn reverse(&self) -> Result<()>;
    /// Puts an item before the one at `index`, if there is room.
    fn insert(&self, index: i64, item: impl Serialize) -> Result<()>;
    /// Where the first item is that equals `value`, from `start` and before `stop`.
    fn index(
        &self,
        value: impl Serialize,
        #[arg(default)] start: Option<i64>,
        #[arg(default)] stop: Option<i64>,
    ) -> Result<i64>;
    /// How many items equal `value`.
    fn count(&self, value: impl Serialize) -> Result<i64>;
    /// Takes every item out.
    fn clear(&self) -> Result<()>;
    /// Another deque of the same items and `maxlen`.
    fn copy(&self) -> Result<DequeProxy>;
    /// How many items there are.
    #[name("__len__")]
    fn len(&self) -> Result<i64>;
    /// The item at an index.
    #[name("__getitem__")]
    fn get_item(&self, index: i64) -> Result<locum::Value>;
    /// Replaces the item at an index.
    #[name("__setitem__")]
    fn set_item(&self, index: i64, value: impl Serialize) -> Result<()>;
    /// Takes the item at an index out.
    #[name("__delitem__")]
    fn del_item(&self, index: i64) -> Result<()>;
    /// Whether an item equals `value`.
    #[name("__contains__")]
    fn contains(&self, value: impl Serialize) -> Result<bool>;
    /// An iterator; it fails when items are added or taken meanwhile.
    #[name("__iter__")]
    fn iter(&self) -> Result<Items<locum::Value>>;
    /// An iterator from the end.
    #[name("__reversed__")]
    fn reversed(&self) -> Result<Items<locum::Value>>;
    /// A new deque of both, with this one's `maxlen`.
    #[name("__add__")]
    fn add(&self, other: impl Serialize) -> Result<DequeProxy>;
    /// Adds everything that is in `items` at the end.
    #[name("__iadd__")]
    fn add_assign(&self, items: impl Serialize) -> Result<()>;
    /// A new deque of the items several times over.
    #[name("__mul__")]
    fn mul(&self, times: impl Serialize) -> Result<DequeProxy>;
    /// Repeats the items.
    #[name("__imul__")]
    fn mul_assign(&self, times: impl Serialize) -> Result<()>;
    /// Whether both have equal items in the same order.
    #[name("__eq__")]
    fn eq(&self, other: impl Serialize) -> Result<bool>;
    /// Whether the first items that differ are in this order.
    #[name("__lt__")]
    fn lt(&self, other: impl Serialize) -> Result<bool>;
    /// Whether the first items that differ are in this order, or none do.
    #[name("__le__")]
    fn le(&self, other: impl Serialize) -> Result<bool>;
    /// Whether the first items that differ are in the opposite order.
    #[name("__gt__")]
    fn gt(&self, other: impl Serialize) -> Result<bool>;
    /// Whether the first items that differ are in the opposite order, or none do.
    #[name("__ge__")]
    fn ge(&self, other: impl Serialize) -> Result<bool>;
}

/// Attributes of any name, to get and set: the `Namespace` of Python's managers. Its value form is a map.
#[proxy]
pub trait Namespace {
    /// Whether there is an attribute of that name.
    #[name("__contains__")]
    fn contains(&self, name: &str) -> Result<bool>;
    /// Whether both are namespaces with equal attributes.
    #[name("__eq__")]
    fn eq(&self, other: impl Serialize) -> Result<bool>;
}

/// One value of one of C's types, to get and set: the `Value` of Python's managers. Its value form is that value.
#[proxy]
pub trait Value {
    /// What it is now.
    #[getter]
    fn value(&self) -> Result<locum::Value>;
    /// Sets `value`.
    #[setter]
    fn set_value(&self, value: impl Serialize) -> Result<()>;
    /// The letter of its type.
    #[getter]
    fn typecode(&self) -> Result<String>;
    /// What it is now.
    fn get(&self) -> Result<locum::Value>;
    /// Makes it another value, of the same type.
    fn set(&self, value: impl Serialize) -> Result<()>;
}

/// Numbers of one of C's types, in order and compact: Python's `array`. Slices and sums of it are arrays; its value form is
/// a list of numbers.
#[proxy]
pub trait Array {
    /// The letter of the items' type.
    #[getter]
    fn typecode(&self) -> Result<String>;
    /// How many bytes an item has.
    #[getter]
    fn itemsize(&self) -> Result<i64>;
    /// Adds an item at the end.
    fn append(&self, item: impl Serialize) -> Result<()>;
    /// Adds everything that is in `items` at the end; all or nothing.
    fn extend(&self, items: impl Serialize) -> Result<()>;
    /// Adds the items of a list at the end; all or nothing.
    fn fromlist(&self, items: &[locum::Value]) -> Result<()>;
    /// Puts an item before the one at `index`.
    fn insert(&self, index: i64, item: impl Serialize) -> Result<()>;
    /// Takes the item at `index` out and gives it.
    ///
    /// `pop(index: int = -1) -> any`
    fn pop(&self, #[arg(default)] index: Option<i64>) -> Result<locum::Value>;
    /// Takes the first item out that equals `value`.
    fn remove(&self, value: impl Serialize) -> Result<()>;
    /// Where the first item is that equals `value`, from `start` and before `stop`.
    fn index(
        &self,
        value: impl Serialize,
        #[arg(default)] start: Option<i64>,
        #[arg(default)] stop: Option<i64>,
    ) -> Result<i64>;
    /// How many items equal `value`.
    fn count(&self, value: impl Serialize) -> Result<i64>;
    /// Turns the order round.
    fn reverse(&self) -> Result<()>;
    /// Turns the bytes of each item round.
    fn byteswap(&self) -> Result<()>;
    /// The items as a list.
    fn tolist(&self) -> Result<Vec<locum::Value>>;
    /// The items' bytes, the lowest of each first.
    fn tobytes(&self) -> Result<Bytes>;
    /// Adds items at the end that are given by their bytes.
    fn frombytes(&self, bytes: &Bytes) -> Result<()>;
    /// How many items there are.
    #[name("__len__")]
    fn len(&self) -> Result<i64>;
    /// The item at an index, or an array of those of a slice.
    #[name("__getitem__")]
    fn get_item(&self, key: impl Serialize) -> Result<locum::Value>;
    /// Replaces the item at an index, or those of a slice by what is in `value`.
    #[name("__setitem__")]
    fn set_item(&self, key: impl Serialize, value: impl Serialize) -> Result<()>;
    /// Takes the item at an index out, or those of a slice.
    #[name("__delitem__")]
    fn del_item(&self, key: impl Serialize) -> Result<()>;
    /// Whether an item equals `value`.
    #[name("__contains__")]
    fn contains(&self, value: impl Serialize) -> Result<bool>;
    /// An iterator; it sees what is appended meanwhile.
    #[name("__iter__")]
    fn iter(&self) -> Result<Items<locum::Value>>;
    /// An iterator from the end.
    #[name("__reversed__")]
    fn reversed(&self) -> Result<Items<locum::Value>>;
    /// A new array of both.
    #[name("__add__")]
    fn add(&self, other: impl Serialize) -> Result<ArrayProxy>;
    /// Adds everything that is in `items` at the end.
    #[name("__iadd__")]
    fn add_assign(&self, items: impl Serialize) -> Result<()>;
    /// A new array of the items several times over.
    #[name("__mul__")]
    fn mul(&self, times: impl Serialize) -> Result<ArrayProxy>;
    /// Repeats the items.
    #[name("__imul__")]
    fn mul_assign(&self, times: impl Serialize) -> Result<()>;
    /// Whether both have equal items in the same order.
    #[name("__eq__")]
    fn eq(&self, other: impl Serialize) -> Result<bool>;
    /// Whether the first items that differ are in this order.
    #[name("__lt__")]
    fn lt(&self, other: impl Serialize) -> Result<bool>;
    /// Whether the first items that differ are in this order, or none do.
    #[name("__le__")]
    fn le(&self, other: impl Serialize) -> Result<bool>;
    /// Whether the first items that differ are in the opposite order.
    #[name("__gt__")]
    fn gt(&self, other: impl Serialize) -> Result<bool>;
    /// Whether the first items that differ are in the opposite order, or none do.
    #[name("__ge__")]
    fn ge(&self, other: impl Serialize) -> Result<bool>;
}
