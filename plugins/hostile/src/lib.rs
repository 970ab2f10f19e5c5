//! What a plugin must not be able to do, tried: the tests load this into a host and see that the host, its other plugins
//! and its callers come out unharmed. `host/SECURITY.md` lists what is promised.

mod deputy;
mod ends;
mod lies;
mod loops;
mod shouts;
mod sleeps;
mod takes;
mod world;

use deputy::Deputy;
use ends::Farewell;
use lies::{Honest, feign};
use loops::{Endless, Sticky, bounce, bounce_on, chat, forever, work};
use shouts::{shout, shout_bytes, shout_for_ever};
use sleeps::{Drowsy, poll_for_ever, read_stdin, sleep};
use takes::{Thing, grow, hoard, memory, nested, objects, of_bytes, of_items};
use world::{
    accept_for_ever, append_file, arguments, clocks, converse, environment, hard_link, input,
    list_dir, listen, look_up, make_dir, random, read_file, remove_file, rename, send_datagram,
    size_of, truncate_file, write_file,
};

locum_guest::manifest!("../plugin.toml");

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
    /// Looks around.
    mod hostile.world {
        read_file, write_file, truncate_file, append_file, list_dir, make_dir, remove_file, rename, hard_link, size_of,
        environment, arguments, input, clocks, random, converse, listen, accept_for_ever, send_datagram, look_up
    }
    /// Tells lies about itself.
    mod hostile.lies { Honest, feign }
}
