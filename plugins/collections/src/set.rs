//! `set`.

use indexmap::IndexSet;
use locum_guest::ops::{self, Arithmetic, Comparison};
use locum_guest::{Error, Items, Result, Shared, Value, object};

use crate::key::Key;
use crate::live::{self, Keyed};
use crate::own::{self, Own, items_of, optional_items};
use crate::sequence::{unlike, unsupported};

type Keys = IndexSet<Key>;

/// Elements that are there or not.
#[derive(Default)]
pub struct Set {
    keys: Keys,
}

/// Elements that are there once, found at once: Python's `set`, in the order in which they were put in. Elements are data
/// that does not change. Its value form is a list; operators and comparisons take such a list for a set.
#[object(name = "set")]
impl Set {
    /// A set of what is in `items`, or an empty one.
    fn new(items: Option<Value>) -> Result<Self> {
        let keys = to_keys(optional_items(items)?)?;
        Ok(Set { keys })
    }

    /// Puts an element in.
    fn add(&mut self, element: Value) -> Result<()> {
        self.keys.insert(Key::new(element)?);
        Ok(())
    }

    /// Takes an element out, which must be there.
    fn remove(&mut self, element: Value) -> Result<()> {
        let key = Key::new(element)?;
        match self.keys.shift_remove(&key) {
            true => Ok(()),
            false => Err(key.missing()),
        }
    }

    /// Takes an element out if it is there.
    fn discard(&mut self, element: Value) -> Result<()> {
        self.keys.shift_remove(&Key::new(element)?);
        Ok(())
    }

    /// Takes an element out and gives it.
    fn pop(&mut self) -> Result<Value> {
        match self.keys.pop() {
            Some(key) => Ok(key.into_value()),
            None => Err(Error::key("pop from an empty set")),
        }
    }

    /// Takes every element out.
    fn clear(&mut self) {
        self.keys.clear();
    }

    /// Another set of the same elements.
    fn copy(&self) -> Set {
        Set {
            keys: self.keys.clone(),
        }
    }

    /// A new set of what is here or in any of `others`.
    fn union(this: &Shared<Self>, #[arg(rest)] others: Vec<Value>) -> Result<Set> {
        mixed(this, Mix::Union, others)
    }

    /// A new set of what is here and in all of `others`.
    fn intersection(this: &Shared<Self>, #[arg(rest)] others: Vec<Value>) -> Result<Set> {
        mixed(this, Mix::Intersection, others)
    }

    /// A new set of what is here and in none of `others`.
    fn difference(this: &Shared<Self>, #[arg(rest)] others: Vec<Value>) -> Result<Set> {
        mixed(this, Mix::Difference, others)
    }

    /// A new set of what is either here or in `other`.
    fn symmetric_difference(this: &Shared<Self>, other: Value) -> Result<Set> {
        mixed(this, Mix::Either, vec![other])
    }

    /// Puts in what is in any of `others`.
    fn update(this: &Shared<Self>, #[arg(rest)] others: Vec<Value>) -> Result<()> {
        mix(this, Mix::Union, others)
    }

    /// Takes out what is not in all of `others`.
    fn intersection_update(this: &Shared<Self>, #[arg(rest)] others: Vec<Value>) -> Result<()> {
        mix(this, Mix::Intersection, others)
    }

    /// Takes out what is in any of `others`.
    fn difference_update(this: &Shared<Self>, #[arg(rest)] others: Vec<Value>) -> Result<()> {
        mix(this, Mix::Difference, others)
    }

    /// Puts in what is in `other`, and takes out what was here too.
    fn symmetric_difference_update(this: &Shared<Self>, other: Value) -> Result<()> {
        mix(this, Mix::Either, vec![other])
    }

    /// Whether nothing is both here and in `other`.
    fn isdisjoint(this: &Shared<Self>, other: Value) -> Result<bool> {
        let other = to_keys(items_of(other)?)?;
        Ok(this.borrow()?.keys.is_disjoint(&other))
    }

    /// Whether all that is here is in `other`.
    fn issubset(this: &Shared<Self>, other: Value) -> Result<bool> {
        let other = to_keys(items_of(other)?)?;
        Ok(this.borrow()?.keys.is_subset(&other))
    }

    /// Whether all that is in `other` is here.
    fn issuperset(this: &Shared<Self>, other: Value) -> Result<bool> {
        let other = to_keys(items_of(other)?)?;
        Ok(this.borrow()?.keys.is_superset(&other))
    }

    /// How many elements there are.
    fn __len__(&self) -> usize {
        self.keys.len()
    }

    /// Whether an element is there.
    fn __contains__(&self, element: Value) -> Result<bool> {
        Ok(self.keys.contains(&Key::new(element)?))
    }

    /// An iterator over the elements.
    fn __iter__(this: &Shared<Self>) -> Result<Items<Value>> {
        live::keys(this, false)
    }

    /// A new set of what is here or there.
    fn __or__(this: &Shared<Self>, other: Value) -> Result<Set> {
        operator(this, Mix::Union, other)
    }

    /// A new set of what is here and there.
    fn __and__(this: &Shared<Self>, other: Value) -> Result<Set> {
        operator(this, Mix::Intersection, other)
    }

    /// A new set of what is here and not there.
    fn __sub__(this: &Shared<Self>, other: Value) -> Result<Set> {
        operator(this, Mix::Difference, other)
    }

    /// A new set of what is either here or there.
    fn __xor__(this: &Shared<Self>, other: Value) -> Result<Set> {
        operator(this, Mix::Either, other)
    }

    /// As `__or__`, with the list on the left.
    fn __ror__(this: &Shared<Self>, other: Value) -> Result<Set> {
        reflected(this, Mix::Union, other)
    }

    /// As `__and__`, with the list on the left.
    fn __rand__(this: &Shared<Self>, other: Value) -> Result<Set> {
        reflected(this, Mix::Intersection, other)
    }

    /// A new set of what is there and not here.
    fn __rsub__(this: &Shared<Self>, other: Value) -> Result<Set> {
        reflected(this, Mix::Difference, other)
    }

    /// As `__xor__`, with the list on the left.
    fn __rxor__(this: &Shared<Self>, other: Value) -> Result<Set> {
        reflected(this, Mix::Either, other)
    }

    /// Puts in what is there.
    fn __ior__(this: &Shared<Self>, other: Value) -> Result<()> {
        mix(this, Mix::Union, vec![operand(Mix::Union, other)?])
    }

    /// Takes out what is not there.
    fn __iand__(this: &Shared<Self>, other: Value) -> Result<()> {
        mix(
            this,
            Mix::Intersection,
            vec![operand(Mix::Intersection, other)?],
        )
    }

    /// Takes out what is there.
    fn __isub__(this: &Shared<Self>, other: Value) -> Result<()> {
        mix(
            this,
            Mix::Difference,
            vec![operand(Mix::Difference, other)?],
        )
    }

    /// Puts in what is there, and takes out what was here too.
    fn __ixor__(this: &Shared<Self>, other: Value) -> Result<()> {
        mix(this, Mix::Either, vec![operand(Mix::Either, other)?])
    }

    /// Whether both have the same elements.
    fn __eq__(this: &Shared<Self>, other: Value) -> Result<bool> {
        compare(this, Comparison::Eq, other)
    }

    /// Whether all that is here is there, and something else too.
    fn __lt__(this: &Shared<Self>, other: Value) -> Result<bool> {
        compare(this, Comparison::Lt, other)
    }

    /// Whether all that is here is there.
    fn __le__(this: &Shared<Self>, other: Value) -> Result<bool> {
        compare(this, Comparison::Le, other)
    }

    /// Whether all that is there is here, and something else too.
    fn __gt__(this: &Shared<Self>, other: Value) -> Result<bool> {
        compare(this, Comparison::Gt, other)
    }

    /// Whether all that is there is here.
    fn __ge__(this: &Shared<Self>, other: Value) -> Result<bool> {
        compare(this, Comparison::Ge, other)
    }

    /// `{1, 2}`, or `set()`.
    fn __str__(&self) -> Result<String> {
        if self.keys.is_empty() {
            return Ok("set()".to_owned());
        }
        let shown = self
            .keys
            .iter()
            .map(|key| ops::repr(key.value()))
            .collect::<Result<Vec<_>>>()?;
        Ok(format!("{{{}}}", shown.join(", ")))
    }

    #[value]
    fn to_data(this: &Shared<Self>) -> Result<Value> {
        own::copy(this)
    }
}

impl Set {
    /// The elements as a list.
    pub(crate) fn data(&self) -> Value {
        Value::List(self.keys.iter().map(|key| key.value().clone()).collect())
    }
}

/// How two sets make one.
#[derive(Clone, Copy)]
enum Mix {
    Union,
    Intersection,
    Difference,
    Either,
}

impl Mix {
    /// The operator that does it.
    fn symbol(self) -> &'static str {
        match self {
            Mix::Union => Arithmetic::Or,
            Mix::Intersection => Arithmetic::And,
            Mix::Difference => Arithmetic::Sub,
            Mix::Either => Arithmetic::Xor,
        }
        .symbol()
    }

    /// Changes a set by another.
    fn into(self, keys: &mut Keys, mut other: Keys) {
        match self {
            Mix::Union => keys.extend(other),
            Mix::Intersection => keys.retain(|key| other.contains(key)),
            Mix::Difference => keys.retain(|key| !other.contains(key)),
            Mix::Either => {
                keys.retain(|key| !other.swap_remove(key));
                keys.extend(other);
            }
        }
    }
}

fn to_keys(items: Vec<Value>) -> Result<Keys> {
    items.into_iter().map(Key::new).collect()
}

/// A new set, from one set and what is in others.
fn mixed(this: &Shared<Set>, how: Mix, others: Vec<Value>) -> Result<Set> {
    let mut keys = this.borrow()?.keys.clone();
    for other in others {
        how.into(&mut keys, to_keys(items_of(other)?)?);
    }
    Ok(Set { keys })
}

/// The set itself, changed by what is in others; unchanged when one of them can not be gone through.
fn mix(this: &Shared<Set>, how: Mix, others: Vec<Value>) -> Result<()> {
    let others = others
        .into_iter()
        .map(|other| to_keys(items_of(other)?))
        .collect::<Result<Vec<_>>>()?;
    let mut set = this.borrow_mut()?;
    for other in others {
        how.into(&mut set.keys, other);
    }
    Ok(())
}

fn operator(this: &Shared<Set>, how: Mix, right: Value) -> Result<Set> {
    mixed(this, how, vec![operand(how, right)?])
}

/// An operator whose left operand is the list that a set travels as.
fn reflected(this: &Shared<Set>, how: Mix, left: Value) -> Result<Set> {
    let mut keys = to_keys(items_of(operand(how, left)?)?)?;
    how.into(&mut keys, this.borrow()?.keys.clone());
    Ok(Set { keys })
}

/// Whether it is a set, here or elsewhere, or the list that one travels as.
fn is_set(value: &Value) -> bool {
    match Own::of(value) {
        Some(own) => matches!(own, Own::Set(_)),
        None => match value {
            Value::List(_) => true,
            Value::Object(proxy) => ["set", "frozenset"].contains(&proxy.type_name()),
            _ => false,
        },
    }
}

fn operand(how: Mix, other: Value) -> Result<Value> {
    match is_set(&other) {
        true => Ok(other),
        false => Err(unsupported::<Set>(how.symbol(), &other)),
    }
}

fn compare(this: &Shared<Set>, op: Comparison, other: Value) -> Result<bool> {
    if !is_set(&other) {
        return unlike::<Set>(op, &other);
    }
    let others = match (to_keys(items_of(other)?), op) {
        // A list of what can not be in a set equals none.
        (Err(_), Comparison::Eq) => return Ok(false),
        (others, _) => others?,
    };
    let own = &this.borrow()?.keys;
    Ok(match op {
        Comparison::Eq => own.len() == others.len() && own.is_subset(&others),
        Comparison::Ne => own.len() != others.len() || !own.is_subset(&others),
        Comparison::Lt => own.len() < others.len() && own.is_subset(&others),
        Comparison::Le => own.is_subset(&others),
        Comparison::Gt => own.len() > others.len() && own.is_superset(&others),
        Comparison::Ge => own.is_superset(&others),
    })
}

impl Keyed for Set {
    const WORD: &'static str = "Set";

    fn count(&self) -> usize {
        self.keys.len()
    }

    fn key(&self, at: usize) -> Option<&Key> {
        self.keys.get_index(at)
    }
}
