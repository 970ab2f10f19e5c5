//! The host, as the functions that it calls find it.

use locum_protocol::{Peer, Setup};

use super::HOST;
use super::outward::{HostDoor, last_words};
use crate::Plugin;
use crate::bindings::locum::plugin::lifecycle;

/// The host as a peer, made on first use; every plugin has exactly one.
///
/// It is made here and not at start-up because a component has no `main`: the first message is the start.
pub(super) fn peer<P: Plugin>() -> &'static Peer {
    HOST.get_or_init(|| {
        std::panic::set_hook(Box::new(|info| lifecycle::last_words(&last_words(info))));
        let setup = Setup::new().on_post_error(|lost| {
            // A plugin's log is its standard error.
            #[allow(clippy::print_stderr)]
            {
                eprintln!("{lost}");
            }
        });
        Peer::with_setup("host", setup, Box::new(HostDoor), P::offers())
    })
}
