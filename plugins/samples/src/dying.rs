//! Every way in which a plugin ends before its time.

use locum_guest::object;

/// Panics.
#[object]
pub(crate) fn panic_with(message: String) {
    panic!("{message}");
}

/// Traps without a word.
#[object]
pub(crate) fn trap() {
    innermost();
}

/// A function of its own, for the backtrace.
#[inline(never)]
fn innermost() {
    #[cfg(target_family = "wasm")]
    std::arch::wasm32::unreachable();
}

/// Calls itself until the stack is full.
#[object]
pub(crate) fn overflow_stack(#[arg(default = 0)] depth: u64) -> u64 {
    // Something on the stack that can not be left out.
    let here = std::hint::black_box([depth; 16]);
    if here[0] == u64::MAX {
        return 0;
    }
    overflow_stack(here[7] + 1) + here[3]
}

/// Asks for memory until there is none.
#[object]
pub(crate) fn exhaust_memory() -> usize {
    let mut all = Vec::new();
    loop {
        all.push(vec![1_u8; 1 << 20]);
        if std::hint::black_box(&all).len() == usize::MAX {
            return 0;
        }
    }
}
