//! How deep an evaluation is: expressions in expressions, blocks in blocks, functions that call functions.
//!
//! It is counted for each thread and not for each call of a script, as a plugin may call a function of the script while
//! the script waits for it: all of them are on the same stack.

use std::cell::Cell;

use locum_protocol::{Error, Kind, Result};

/// Levels that one thread may go down. Each takes some of the stack, of which a thread has 2 MiB if nothing else is said.
pub(super) const MOST: usize = 1000;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// A level that is left when this is dropped.
pub(super) struct Level(());

impl Level {
    /// Goes one level down.
    #[inline]
    pub(super) fn enter() -> Result<Level> {
        DEPTH.with(|depth| {
            if depth.get() >= MOST {
                return Err(too_deep());
            }
            depth.set(depth.get() + 1);
            Ok(Level(()))
        })
    }
}

impl Drop for Level {
    #[inline]
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get().saturating_sub(1)));
    }
}

#[cold]
fn too_deep() -> Error {
    let message = format!(
        "evaluated more than {MOST} levels deep; does a function call itself without an end?"
    );
    Error::new(Kind::TooDeep, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_depth_ends_and_is_given_back() {
        let levels: Vec<Level> = (0..MOST).map(|_| Level::enter().unwrap()).collect();
        assert_eq!(Level::enter().err().unwrap().kind(), Kind::TooDeep);
        drop(levels);
        assert!(Level::enter().is_ok());
    }
}
