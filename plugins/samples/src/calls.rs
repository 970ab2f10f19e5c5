//! Functions, for what can be passed in and out of a call.

use locum_guest::{Bytes, DynArgs, Error, Items, Map, Proxy, Result, Slice, Value, object, proxy};

/// What it was given.
#[object]
pub(crate) fn echo(value: Value) -> Value {
    value
}

/// What it was given, borrowed from the message on its way.
#[object]
pub(crate) fn echo_bytes(bytes: &[u8]) -> Bytes {
    bytes.into()
}

/// How many bytes there are.
#[object]
pub(crate) fn length(bytes: &[u8]) -> usize {
    bytes.len()
}

/// Calls `function` with the other arguments.
#[object]
pub(crate) fn apply(
    function: Proxy,
    #[arg(rest)] positional: Vec<Value>,
    #[arg(keywords)] keywords: Map,
) -> Result<Value> {
    let mut arguments = DynArgs {
        positional,
        keywords: Vec::new(),
    };
    for (name, value) in keywords {
        match name {
            Value::Text(name) => arguments.keywords.push((name, value)),
            _ => return Err(Error::type_error("a keyword is text")),
        }
    }
    function.invoke(arguments)
}

/// What the host has published under a name.
#[object]
pub(crate) fn imported(name: &str) -> Result<Proxy> {
    locum_guest::import(name)
}

/// What a host may publish as `clock`.
#[proxy(module = "clock")]
trait Clock {
    /// The time, some hours later.
    fn later(&self, #[arg(default)] hours: Option<i64>) -> Result<i64>;
}

/// What the host's clock tells, through a view of it.
#[object]
pub(crate) fn clock_time(hours: Option<i64>) -> Result<i64> {
    ClockProxy::import()?.later(hours)
}

/// Goes through an iterator of the host's, and gives its items as a list.
#[object]
pub(crate) fn items_of(
    items: Items<Value>,
    #[arg(default = 1000)] most: usize,
) -> Result<Vec<Value>> {
    items.take(most).collect()
}

/// How its arguments arrived.
#[object]
pub(crate) fn rest_and_keywords(
    first: i64,
    #[arg(default = 2)] second: i64,
    #[arg(rest)] rest: Vec<Value>,
    #[arg(keywords)] keywords: Map,
) -> (i64, i64, Vec<Value>, Map) {
    (first, second, rest, keywords)
}

/// Arguments of several types, some of which may be left out.
#[object]
pub(crate) fn span(
    of: Slice,
    #[arg(name = "type")] kind: &str,
    label: Option<String>,
) -> Result<String> {
    let indices: Vec<usize> = of
        .indices(10)
        .ok_or_else(|| Error::value("slice step cannot be zero"))?
        .collect();
    Ok(format!("{kind} {indices:?} {label:?}"))
}
