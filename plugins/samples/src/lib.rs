//! Objects for the tests of Locum, each showing one thing. The tests serve this very code over memory and over wasm.

// Objects that behave.
mod counter;
mod keeper;
mod operand;
mod scene;
mod waiting;

// Functions.
mod calls;
mod delivery;
mod errors;

// What does not behave.
mod dying;
mod rogue;

// Whether all of it goes again.
mod alive;

use alive::{live, tables};
use calls::{apply, echo, echo_bytes, imported, items_of, rest_and_keywords, span};
use counter::Counter;
use delivery::{deliver, unpack};
use dying::{exhaust_memory, overflow_stack, panic_with, trap};
use errors::{raise, raise_anyhow, raise_shown, raise_standard, raise_with_data, raise_wrapped};
use keeper::Keeper;
use operand::{Bag, Operand};
use rogue::{give_back, say};
use scene::Scene;
use waiting::{Announcer, Node, in_every_mode, print_slowly, sleep, start_and_collect};

pub use alive::live_objects;

locum_guest::plugin! {
    /// Objects that behave, and functions.
    mod samples {
        Counter, Keeper, Scene, Operand, Bag,
        apply, echo, echo_bytes, imported, items_of, rest_and_keywords, span,
        deliver, unpack,
        live, tables,
        LIMIT = 10
    }
    /// Objects that call others, wait, and start calls themselves.
    mod samples.waiting { Announcer, Node, in_every_mode, print_slowly, sleep, start_and_collect }
    /// What raises errors.
    mod samples.errors { raise, raise_anyhow, raise_shown, raise_standard, raise_with_data, raise_wrapped }
    /// What ends the plugin.
    mod samples.dying { panic_with, trap, overflow_stack, exhaust_memory }
    /// What breaks the protocol.
    mod samples.rogue { say, give_back }
}
