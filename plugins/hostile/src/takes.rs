//! More of everything than there is.

use locum_guest::{Bytes, Proxy, Result, Shared, Value, object};

/// An object like any other.
pub(crate) struct Thing;

#[object]
impl Thing {
    fn new() -> Self {
        Thing
    }
}

/// Keeps that much memory for ever; returns how much.
#[object]
pub(crate) fn memory(bytes: usize) -> usize {
    std::hint::black_box(vec![1_u8; bytes].leak()).len()
}

/// Asks for pages of 64 KiB; returns whether it got them, and how many it has.
#[object]
pub(crate) fn grow(pages: usize) -> (bool, usize) {
    #[cfg(target_family = "wasm")]
    {
        let before = std::arch::wasm32::memory_grow::<0>(pages);
        (before != usize::MAX, std::arch::wasm32::memory_size::<0>())
    }
    #[cfg(not(target_family = "wasm"))]
    (false, pages)
}

/// Lends that many objects at once.
#[object]
pub(crate) fn objects(count: usize) -> Vec<Shared<Thing>> {
    (0..count).map(|_| Shared::new(Thing)).collect()
}

/// Gives the host that many objects one by one, which it may keep; returns how many it took.
#[object]
pub(crate) fn hoard(callback: Proxy, count: usize) -> Result<usize> {
    for _ in 0..count {
        callback.invoke::<()>((Shared::new(Thing),))?;
    }
    Ok(count)
}

/// That many bytes.
#[object]
pub(crate) fn of_bytes(count: usize) -> Bytes {
    Bytes::from(vec![7_u8; count])
}

/// A list of that many numbers.
#[object]
pub(crate) fn of_items(count: usize) -> Vec<u8> {
    vec![1; count]
}

/// Lists inside of lists, that deep.
#[object]
pub(crate) fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Null, |inner, _| Value::List(vec![inner]))
}
