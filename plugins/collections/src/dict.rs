//! `dict`.

use indexmap::IndexMap;
use locum_guest::ops::{self, Comparison};
use locum_guest::{Error, Items, Kind, Map, Result, Shared, Value, object};

use crate::bury::bury;
use crate::key::Key;
use crate::live::{self, Keyed};
use crate::own::{self, Own, items_of, optional};
use crate::sequence::{is_same, unlike, unsupported};
use crate::trail::{self, Step, Walk};

type Entries = IndexMap<Key, Value>;

/// Values by key.
#[derive(Default)]
pub struct Dict {
    entries: Entries,
}

/// Values by key, in the order in which the keys were put in: Python's `dict`. Keys are data that does not change; equal
/// numbers are one key. Copies, and the lists of its keys and values, are plain data.
#[object(name = "dict")]
impl Dict {
    /// A dict of the entries of a map or another dict, or of a list of pairs, and of the keywords.
    fn new(#[arg(rest)] source: Vec<Value>, #[arg(keywords)] named: Map) -> Result<Self> {
        let entries = gather("dict", source, named)?;
        Ok(Dict { entries })
    }

    /// A dict in which everything that is in `keys` has the same value.
    fn fromkeys(keys: Value, value: Option<Value>) -> Result<Self> {
        let value = value.unwrap_or_default();
        let keyed = |key| Ok((Key::new(key)?, value.clone()));
        let entries = items_of(keys)?
            .into_iter()
            .map(keyed)
            .collect::<Result<_>>()?;
        Ok(Dict { entries })
    }

    /// The keys, as a list.
    pub(crate) fn keys(&self) -> Vec<Value> {
        self.entries.keys().map(|key| key.value().clone()).collect()
    }

    /// The values, as a list.
    fn values(&self) -> Vec<Value> {
        self.entries.values().cloned().collect()
    }

    /// The entries, as a list of pairs.
    fn items(&self) -> Vec<(Value, Value)> {
        let pair = |(key, value): (&Key, &Value)| (key.value().clone(), value.clone());
        self.entries.iter().map(pair).collect()
    }

    /// The value of a key, or `default`.
    fn get(&self, key: Value, default: Option<Value>) -> Result<Value> {
        Ok(self
            .entries
            .get(&Key::new(key)?)
            .cloned()
            .or(default)
            .unwrap_or_default())
    }

    /// The value of a key, which is put in with `default` if it is not there.
    fn setdefault(&mut self, key: Value, default: Option<Value>) -> Result<Value> {
        Ok(self
            .entries
            .entry(Key::new(key)?)
            .or_insert(default.unwrap_or_default())
            .clone())
    }

    /// Puts in the entries of a map or another dict, or of a list of pairs, and the keywords.
    fn update(
        this: &Shared<Self>,
        #[arg(rest)] source: Vec<Value>,
        #[arg(keywords)] named: Map,
    ) -> Result<()> {
        let more = gather("update", source, named)?;
        this.borrow_mut()?.entries.extend(more);
        Ok(())
    }

    /// Takes a key out and gives its value; the default where it is not there and one is given.
    fn pop(&mut self, key: Value, #[arg(rest)] default: Vec<Value>) -> Result<Value> {
        let (key, default) = (Key::new(key)?, optional(default, "pop", 1)?);
        let taken = self.entries.shift_remove(&key).or(default);
        taken.ok_or_else(|| key.missing())
    }

    /// Takes the newest entry out and gives it.
    fn popitem(&mut self) -> Result<(Value, Value)> {
        match self.entries.pop() {
            Some((key, value)) => Ok((key.into_value(), value)),
            None => Err(Error::key("popitem(): dictionary is empty")),
        }
    }

    /// Takes every entry out.
    fn clear(&mut self) {
        self.entries.clear();
    }

    /// A copy of the dict as data.
    fn copy(&self) -> Map {
        self.data()
    }

    /// How many entries there are.
    fn __len__(&self) -> usize {
        self.entries.len()
    }

    /// The value of a key.
    fn __getitem__(&self, key: Value) -> Result<Value> {
        let key = Key::new(key)?;
        self.entries.get(&key).cloned().ok_or_else(|| key.missing())
    }

    /// Sets the value of a key.
    fn __setitem__(&mut self, key: Value, value: Value) -> Result<()> {
        self.entries.insert(Key::new(key)?, value);
        Ok(())
    }

    /// Takes a key out.
    fn __delitem__(&mut self, key: Value) -> Result<()> {
        let key = Key::new(key)?;
        self.entries
            .shift_remove(&key)
            .map(drop)
            .ok_or_else(|| key.missing())
    }

    /// Whether a key is there.
    fn __contains__(&self, key: Value) -> Result<bool> {
        Ok(self.entries.contains_key(&Key::new(key)?))
    }

    /// An iterator over the keys.
    fn __iter__(this: &Shared<Self>) -> Result<Items<Value>> {
        live::keys(this, false)
    }

    /// An iterator over the keys, newest first.
    fn __reversed__(this: &Shared<Self>) -> Result<Items<Value>> {
        live::keys(this, true)
    }

    /// Whether the same keys have equal values, in any order.
    fn __eq__(this: &Shared<Self>, other: Value) -> Result<bool> {
        let own = this.borrow()?.entries.clone();
        let others = match (entries_of_map(&other), Own::of(&other)) {
            (Ok(Some(entries)), _) => entries,
            // A map of what can not be a key equals no dict.
            (Err(_), None) if matches!(other, Value::Map(_)) => return Ok(false),
            (Err(error), _) => return Err(error),
            (Ok(None), Some(_)) => return unlike::<Dict>(Comparison::Eq, &other),
            // An object of elsewhere says itself what it is like.
            (Ok(None), None) => return ops::equal(&to_map(&own).into(), &other),
        };
        let _step = Step::into(Walk::Compare, this.proxy())?;
        equal(&own, &others)
    }

    /// Both dicts in one, as data; the other's values win.
    fn __or__(this: &Shared<Self>, other: Value) -> Result<Map> {
        let mut joined = this.borrow()?.entries.clone();
        joined.extend(operand(&other)?);
        Ok(to_map(&joined))
    }

    /// Both dicts in one, as data; this one's values win.
    fn __ror__(this: &Shared<Self>, other: Value) -> Result<Map> {
        let mut joined = operand(&other)?;
        let own = this.borrow()?;
        joined.extend(
            own.entries
                .iter()
                .map(|(key, value)| (key.clone(), value.clone())),
        );
        Ok(to_map(&joined))
    }

    /// Puts in the entries of a map or another dict, or of a list of pairs.
    fn __ior__(this: &Shared<Self>, other: Value) -> Result<()> {
        Dict::update(this, vec![other], Map::new())
    }

    /// `{'a': 1}`; where it holds itself, `{...}`.
    fn __str__(this: &Shared<Self>) -> Result<String> {
        let entries = this.borrow()?.entries.clone();
        trail::printed(this, "{...}", || {
            let entry = |(key, value): (&Key, &Value)| {
                Ok(format!(
                    "{}: {}",
                    ops::repr(key.value())?,
                    ops::repr(value)?
                ))
            };
            let shown = entries.iter().map(entry).collect::<Result<Vec<_>>>()?;
            Ok(format!("{{{}}}", shown.join(", ")))
        })
    }

    #[value]
    fn to_data(this: &Shared<Self>) -> Result<Value> {
        own::copy(this)
    }
}

impl Dict {
    /// All of it as a map; objects in it stay objects.
    pub(crate) fn data(&self) -> Map {
        to_map(&self.entries)
    }
}

fn to_map(entries: &Entries) -> Map {
    let pair = |(key, value): (&Key, &Value)| (key.value().clone(), value.clone());
    Map::from_unique(entries.iter().map(pair).collect())
}

/// What a dict is made of or updated with.
fn gather(callee: &str, source: Vec<Value>, named: Map) -> Result<Entries> {
    let mut entries = match optional(source, callee, 0)? {
        None => Entries::new(),
        Some(source) => match entries_of_map(&source)? {
            Some(entries) => entries,
            None => entries_of_pairs(items_of(source)?)?,
        },
    };
    for (key, value) in named {
        entries.insert(Key::new(key)?, value);
    }
    Ok(entries)
}

/// The entries of a map, of a dict, or of an object of elsewhere that has `items`. `None`: it is nothing of the kind.
fn entries_of_map(value: &Value) -> Result<Option<Entries>> {
    match (value, Own::of(value)) {
        (Value::Map(map), _) => map
            .iter()
            .map(|(key, value)| Ok((Key::new(key.clone())?, value.clone())))
            .collect::<Result<Entries>>()
            .map(Some),
        (_, Some(Own::Dict(dict))) => Ok(Some(dict.borrow()?.entries.clone())),
        (Value::Object(proxy), None) => match proxy.call::<Value>("items", ()) {
            Ok(pairs) => entries_of_pairs(items_of(pairs)?).map(Some),
            Err(error) if error.kind() == Kind::NoSuchAttribute => Ok(None),
            Err(error) => Err(error),
        },
        _ => Ok(None),
    }
}

fn entries_of_pairs(pairs: Vec<Value>) -> Result<Entries> {
    let mut entries = Entries::with_capacity(pairs.len());
    for (at, pair) in pairs.into_iter().enumerate() {
        let parts = items_of(pair).map_err(|error| {
            error.map_message(|_| {
                format!("cannot convert dictionary update sequence element #{at} to a sequence")
            })
        })?;
        let [key, value] = <[Value; 2]>::try_from(parts).map_err(|parts| {
            Error::value(format!(
                "dictionary update sequence element #{at} has length {}; 2 is required",
                parts.len()
            ))
        })?;
        entries.insert(Key::new(key)?, value);
    }
    Ok(entries)
}

fn operand(other: &Value) -> Result<Entries> {
    entries_of_map(other)?.ok_or_else(|| unsupported::<Dict>("|", other))
}

fn equal(own: &Entries, others: &Entries) -> Result<bool> {
    if own.len() != others.len() {
        return Ok(false);
    }
    for (key, value) in own {
        match others.get(key) {
            Some(other) if is_same(value, other) || ops::equal(value, other)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

impl Keyed for Dict {
    const WORD: &'static str = "dictionary";

    fn count(&self) -> usize {
        self.entries.len()
    }

    fn key(&self, at: usize) -> Option<&Key> {
        self.entries.get_index(at).map(|(key, _)| key)
    }
}

impl Drop for Dict {
    fn drop(&mut self) {
        bury(self.entries.drain(..).map(|(_, value)| value));
    }
}
