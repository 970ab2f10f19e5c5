//! Variables, and what they hold.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use locum_protocol::{Error, Result, Value};

/// What a name is bound to.
#[derive(Clone, Debug)]
pub(super) enum Binding {
    Value(Value),
    /// A module by its dotted name, or what modules lie below.
    Module(String),
}

impl Binding {
    /// The data at a place inside of it; `None` for a module.
    pub(super) fn at(&self, keys: &[Value]) -> Option<&Value> {
        match self {
            Binding::Value(value) => keys.iter().try_fold(value, step),
            Binding::Module(_) => None,
        }
    }
}

/// Variables: those of an interpreter, or of one call of a function.
#[derive(Debug, Default)]
pub(super) struct Scope(HashMap<String, Binding, BuildHasherDefault<Fnv>>);

/// FNV-1a: names are short, and looked up all the time. Who chooses names that collide slows down nobody else.
#[derive(Clone, Copy)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Scope {
    pub(super) fn get(&self, name: &str) -> Option<&Binding> {
        self.0.get(name)
    }

    /// Binds a name, and gives what it was bound to before.
    pub(super) fn set(&mut self, name: &str, binding: Binding) -> Option<Binding> {
        match self.0.get_mut(name) {
            Some(old) => Some(std::mem::replace(old, binding)),
            None => self.0.insert(name.to_owned(), binding),
        }
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Binding> {
        self.0.remove(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Changes the data at a place inside of a variable.
    pub(super) fn change<R>(
        &mut self,
        name: &str,
        keys: &[Value],
        change: impl FnOnce(&mut Value) -> Result<R>,
    ) -> Result<R> {
        let changed = match self.0.get_mut(name) {
            Some(Binding::Value(value)) => change_inside(value, keys, change),
            _ => None,
        };
        changed.unwrap_or_else(|| {
            Err(Error::raise(
                "NameError",
                format!("what was in `{name}` is no longer there"),
            ))
        })
    }
}

/// The element of a list or dict that a key names.
pub(super) fn step<'v>(container: &'v Value, key: &Value) -> Option<&'v Value> {
    match container {
        Value::List(items) => items.get(index(key, items.len())?),
        Value::Map(map) => map.get(key),
        _ => None,
    }
}

/// Values are at most as deep as the budget allows, and so is this recursion.
fn change_inside<R>(
    value: &mut Value,
    keys: &[Value],
    change: impl FnOnce(&mut Value) -> Result<R>,
) -> Option<Result<R>> {
    let Some((key, rest)) = keys.split_first() else {
        return Some(change(value));
    };
    match value {
        Value::List(items) => {
            let index = index(key, items.len())?;
            change_inside(items.get_mut(index)?, rest, change)
        }
        Value::Map(map) => {
            map.get(key)?;
            // Out and in again: an entry keeps its place, whatever its value.
            let mut inner = map.insert(key.clone(), Value::Null)?;
            let result = change_inside(&mut inner, rest, change);
            map.insert(key.clone(), inner);
            result
        }
        _ => None,
    }
}

/// An index as Python counts: negative ones from the end.
fn index(key: &Value, len: usize) -> Option<usize> {
    let index = match key {
        Value::Int(index) => *index,
        Value::Bool(index) => i128::from(*index),
        _ => return None,
    };
    let len = len as i128;
    let index = if index < 0 {
        index.checked_add(len)?
    } else {
        index
    };
    usize::try_from(index).ok().filter(|_| index < len)
}

#[cfg(test)]
mod tests {
    use locum_protocol::Map;

    use super::*;

    fn scope() -> Scope {
        let map: Map = [
            ("a".into(), vec![1i64, 2].into()),
            ("b".into(), 3i64.into()),
        ]
        .into_iter()
        .collect();
        let mut scope = Scope::default();
        scope.set("x", Binding::Value(Value::List(vec![Value::Map(map)])));
        scope
    }

    #[test]
    fn what_is_inside_of_a_variable_can_be_changed_where_it_is() {
        let mut scope = scope();
        let keys = [Value::Int(-1), "a".into(), Value::Int(1)];
        let look = |scope: &Scope, keys: &[Value]| scope.get("x")?.at(keys).cloned();
        assert_eq!(look(&scope, &keys), Some(Value::Int(2)));
        let replaced = scope.change("x", &keys, |value| {
            Ok(std::mem::replace(value, Value::Int(5)))
        });
        assert_eq!(replaced.unwrap(), Value::Int(2));
        assert_eq!(look(&scope, &keys), Some(Value::Int(5)));
        let Some(Value::Map(map)) = look(&scope, &keys[..1]) else {
            panic!()
        };
        assert_eq!(map[0].0, "a".into(), "entries keep their order");
    }

    #[test]
    fn what_is_not_there_is_not_changed() {
        let mut scope = scope();
        for keys in [
            vec![Value::Int(1)],
            vec![Value::Int(-2)],
            vec![Value::Int(i128::MIN)],
            vec![Value::Null],
        ] {
            assert_eq!(scope.get("x").unwrap().at(&keys), None);
            assert!(scope.change("x", &keys, |_| Ok(())).is_err());
        }
        assert!(scope.change("y", &[], |_| Ok(())).is_err());
        assert!(
            scope
                .change("x", &[Value::Int(0), "c".into()], |_| Ok(()))
                .is_err()
        );
    }

    #[test]
    fn a_name_holds_what_it_was_bound_to_last() {
        let mut scope = scope();
        let before = scope.set("x", Binding::Module("shapes".into()));
        assert!(matches!(before, Some(Binding::Value(Value::List(_)))));
        assert!(matches!(scope.get("x"), Some(Binding::Module(name)) if name == "shapes"));
        assert_eq!(scope.names().collect::<Vec<_>>(), ["x"]);
        assert!(scope.remove("x").is_some() && scope.remove("x").is_none());
    }
}
