//! Which objects are being gone through further up this chain of calls: how one that holds itself is noticed, and
//! depth is bounded.

use std::cell::RefCell;

use locum_guest::{Class, Error, Kind, Proxy, Result, Shared};

/// Objects inside one another that are gone through; as deep as data itself may be nested in a message.
const DEEPEST: usize = 64;

/// Why an object is gone through.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Walk {
    Print,
    Copy,
    Compare,
}

thread_local! {
    static TRAIL: RefCell<Vec<(Walk, Proxy)>> = const { RefCell::new(Vec::new()) };
}

/// One object on the trail, until it is dropped.
pub(crate) struct Step(());

impl Step {
    /// Enters an object. `None` when it is being gone through already, for the same reason.
    pub(crate) fn into(walk: Walk, object: Proxy) -> Result<Option<Step>> {
        TRAIL.with_borrow_mut(|trail| {
            let is_there =
                |(for_what, on): &(Walk, Proxy)| *for_what == walk && on.same_object(&object);
            // Two that hold each other are compared until it is too deep, as in Python.
            if walk != Walk::Compare && trail.iter().any(is_there) {
                return Ok(None);
            }
            if trail.len() >= DEEPEST {
                return Err(too_deep());
            }
            trail.push((walk, object));
            Ok(Some(Step(())))
        })
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        // Dropped outside of the borrow: it may be the last reference.
        let _last = TRAIL.with_borrow_mut(Vec::pop);
    }
}

/// Prints a container; `inside` stands for it where it holds itself.
pub(crate) fn printed<T: Class>(
    this: &Shared<T>,
    inside: &str,
    print: impl FnOnce() -> Result<String>,
) -> Result<String> {
    match Step::into(Walk::Print, this.proxy())? {
        Some(_step) => print(),
        None => Ok(inside.to_owned()),
    }
}

#[cold]
fn too_deep() -> Error {
    Error::new(
        Kind::TooDeep,
        format!("maximum recursion depth exceeded: objects are nested more than {DEEPEST} deep"),
    )
    .with_type_name("RecursionError")
}
