//! The classes as their user sees them: through proxies, over a connection in memory.

mod array;
mod cell;
mod deque;
mod dict;
mod list;
mod namespace;
mod nesting;
mod set;

use locum_guest::{IntoArgs, Proxy, Result, Value, ops};

use crate::LocumPlugin;

/// A list of values of any types.
macro_rules! data {
    ($($item:expr),* $(,)?) => {
        locum_guest::Value::List(vec![$(locum_guest::Value::from($item)),*])
    };
}
pub(crate) use data;

/// The module, to make objects of.
pub(crate) struct Collections(Proxy);

impl Collections {
    pub(crate) fn make(&self, class: &str, args: impl IntoArgs) -> Result<Proxy> {
        self.0.call(class, args)
    }

    pub(crate) fn class(&self, name: &str) -> Proxy {
        self.0.at(name)
    }

    pub(crate) fn list(&self, items: Value) -> Result<Proxy> {
        self.make("list", (items,))
    }
}

/// Runs a test on a plugin of its own; after it nothing may be lent any more.
pub(crate) fn run(test: impl FnOnce(&Collections) -> Result<()>) {
    let plugin = locum_guest::connect::<LocumPlugin>();
    let collections = Collections(plugin.import("collections").unwrap());
    test(&collections).unwrap();
    drop(collections);
    let stats = plugin.stats();
    assert_eq!(
        (stats.imports_by_type, stats.exports_by_type),
        (vec![], vec![])
    );
}

/// What a call answers, as Python would show it: the `repr` of a result, or the error.
pub(crate) fn answer(object: &Proxy, name: &str, args: impl IntoArgs) -> String {
    shown(object.call::<Value>(name, args))
}

pub(crate) fn shown(result: Result<Value>) -> String {
    match result.and_then(|value| ops::repr(&value)) {
        Ok(shown) => shown,
        Err(error) => error.to_string(),
    }
}

/// Calls a method that answers nothing, and shows the object after it.
pub(crate) fn after(object: &Proxy, name: &str, args: impl IntoArgs) -> String {
    match object.call::<Value>(name, args) {
        Ok(Value::Null) => object.to_string(),
        Ok(other) => format!("answered {other:?}"),
        Err(error) => error.to_string(),
    }
}

/// All that an iterator gives.
pub(crate) fn all(items: Result<Value>) -> String {
    shown(items.and_then(|iterator| match iterator {
        Value::Object(proxy) => Ok(Value::List(proxy.iter::<Value>()?.collect::<Result<_>>()?)),
        other => Ok(other),
    }))
}

/// Checks that `a` comes before `b`, by every comparison.
pub(crate) fn assert_before(a: &Proxy, b: &Proxy) -> Result<()> {
    for (name, expected) in [
        ("__lt__", true),
        ("__le__", true),
        ("__gt__", false),
        ("__ge__", false),
        ("__ne__", true),
        ("__eq__", false),
    ] {
        assert_eq!(a.call::<bool>(name, (b,))?, expected, "{name}");
    }
    Ok(())
}
