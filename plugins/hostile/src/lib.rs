//! What a plugin must not be able to do, tried: the tests load this into a host and see that the host, its other plugins
//! and its callers come out unharmed. `host/SECURITY.md` lists what is promised.

mod deputy;
mod ends;
mod lies;
mod loops;
mod shouts;
mod sleeps;
mod takes;

use deputy::Deputy;
use ends::Farewell;
use lies::{Honest, feign};
use loops::{Endless, Sticky, bounce, bounce_on, chat, forever, work};
use shouts::{shout, shout_bytes, shout_for_ever};
use sleeps::{Drowsy, poll_for_ever, read_stdin, sleep};
use takes::{Thing, grow, hoard, memory, nested, objects, of_bytes, of_items};

locum_guest::plugin! {
    /// Never comes back.
    mod hostile.loops { Sticky, Endless, forever, chat, bounce, bounce_on, work }
    /// Waits.
    mod hostile.sleeps { Drowsy, sleep, poll_for_ever, read_stdin }
    /// Takes more than there is.
    mod hostile.takes { Thing, memory, grow, objects, hoard, of_bytes, of_items, nested }
    /// Makes trouble at the end.
    mod hostile.ends { Farewell }
    /// Prints.
    mod hostile.shouts { shout, shout_bytes, shout_for_ever }
    /// Keeps what it was given.
    mod hostile.deputy { Deputy }
    /// Tells lies about itself.
    mod hostile.lies { Honest, feign }
}
