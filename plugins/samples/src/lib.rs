//! Objects for the tests of Locum, each showing one thing. The tests serve this very code over memory and over wasm.

// Objects that behave.
mod counter;
mod files;
mod keeper;
mod operand;
mod scene;
mod waiting;

// Functions.
mod arrays;
mod calls;
mod delivery;
mod errors;

// What does not behave.
mod dying;
mod rogue;

// Whether all of it goes again.
mod alive;

use alive::{live, tables};
use arrays::{array_length, echo_array, negative, reverse_channels, scale, table, total};
use calls::{
    apply, clock_time, echo, echo_bytes, imported, items_of, length, rest_and_keywords, span,
};
use counter::Counter;
use delivery::{deliver, unpack};
use dying::{exhaust_memory, overflow_stack, panic_with, trap};
use errors::{raise, raise_anyhow, raise_shown, raise_standard, raise_with_data, raise_wrapped};
use files::{Librarian, copy_lines};
use keeper::Keeper;
use operand::{Bag, Operand};
use rogue::{give_back, say};
use scene::{Camera, Lens, Scene};
use waiting::{Announcer, Node, call_often, in_every_mode, print_slowly, sleep, start_and_collect};

pub use alive::live_objects;

locum_guest::plugin! {
    /// Objects that behave, and functions.
    mod samples {
        Counter, Keeper, Scene, Camera, Lens, Operand, Bag,
        apply, clock_time, echo, echo_bytes, imported, items_of, length, rest_and_keywords, span,
        deliver, unpack,
        scale, array_length, echo_array, negative, table, total, reverse_channels,
        live, tables,
        LIMIT = 10
    }
    /// Objects that call others, wait, and start calls themselves.
    mod samples.waiting {
        Announcer, Node, call_often, in_every_mode, print_slowly, sleep, start_and_collect
    }
    /// What works with directories and files of the host's.
    mod samples.files { Librarian, copy_lines }
    /// What raises errors.
    mod samples.errors { raise, raise_anyhow, raise_shown, raise_standard, raise_with_data, raise_wrapped }
    /// What ends the plugin.
    mod samples.dying { panic_with, trap, overflow_stack, exhaust_memory }
    /// What breaks the protocol.
    mod samples.rogue { say, give_back }
}
