//! How deep an evaluation is: expressions in expressions, blocks in blocks, functions that call functions.
//!
//! It is counted for each thread and not for each call of a script, as a plugin may call a function of the script while
//! the script waits for it: all of them are on the same stack.

use std::cell::Cell;

use locum_protocol::{Error, Kind, Result};

/// Levels that one thread may go down.
pub(super) const MOST: usize = 1000;

/// Bytes of the stack that these levels may take, whatever a compiler makes of them. A thread has 2 MiB if nothing else is
/// said, and the plugin needs some of it too.
const STACK: usize = 1 << 20;

thread_local! {
    static HERE: Here = const {
        Here {
            depth: Cell::new(0),
            base: Cell::new(0),
        }
    };
}

struct Here {
    depth: Cell<usize>,
    /// Where on the stack the first level began.
    base: Cell<usize>,
}

/// Where the stack has come to, roughly.
#[inline(always)]
fn stack() -> usize {
    let here = 0u8;
    std::hint::black_box(&raw const here) as usize
}

/// A level that is left when this is dropped.
pub(super) struct Level(());

impl Level {
    /// Goes one level down.
    #[inline]
    pub(super) fn enter() -> Result<Level> {
        HERE.with(|here| {
            let (depth, stack) = (here.depth.get(), stack());
            if depth == 0 {
                here.base.set(stack);
            } else if depth >= MOST || here.base.get().abs_diff(stack) > STACK {
                return Err(too_deep());
            }
            here.depth.set(depth + 1);
            Ok(Level(()))
        })
    }
}

impl Drop for Level {
    #[inline]
    fn drop(&mut self) {
        HERE.with(|here| here.depth.set(here.depth.get().saturating_sub(1)));
    }
}

#[cold]
fn too_deep() -> Error {
    let message = "evaluated too many levels deep; does a function call itself without an end?";
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
