//! The objects inside of data. Letting go of one may be a crossing, and so may be comparing one or showing one; no lock
//! may be held then.

use locum_protocol::{Proxy, Value};

/// Whether there is an object in a value. Values are at most as deep as the budget allows, and so is this recursion.
pub(super) fn has_object(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::List(items) => items.iter().any(has_object),
        Value::Map(map) => map
            .iter()
            .any(|(key, value)| has_object(key) || has_object(value)),
        _ => false,
    }
}

/// References to the objects in a value, which keep them for as long as they are kept.
pub(super) fn hold(value: &Value, held: &mut Vec<Proxy>) {
    match value {
        Value::Object(proxy) => held.push(proxy.clone()),
        Value::List(items) => items.iter().for_each(|item| hold(item, held)),
        Value::Map(map) => map.iter().for_each(|(key, value)| {
            hold(key, held);
            hold(value, held);
        }),
        _ => {}
    }
}
