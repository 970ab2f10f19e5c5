//! A plugin connected in memory, and what it still holds in the end.

use std::fmt::Write;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use locum_protocol::{Offers, Peer, PeerLimits, PostError, Setup};

use super::wire::{self, End, To, Wire};

/// How long [`Connected::finish`] waits for calls that were started or posted.
const PATIENCE: Duration = Duration::from_secs(10);

/// A plugin connected in memory, as its host sees it; see [`connect`](crate::connect) and [`testing`](super). Everything a
/// [`Peer`] can do, it can.
///
/// ```
/// # mod plugin {
/// #     use locum_guest::{Result, object, plugin};
/// #     pub fn name() -> Result<String> { locum_guest::import("name")?.invoke(()) }
/// #     #[object]
/// #     fn shout() -> Result<()> { locum_guest::import("name")?.post("", (1,)) }
/// #     plugin! { mod hello { shout } }
/// # }
/// # use plugin::{LocumPlugin, name};
/// use locum_guest::callback;
/// use locum_guest::testing::Host;
///
/// let plugin = Host::new().publish("name", callback(|| "Ada")).connect::<LocumPlugin>();
/// // A function of the crate that is not served.
/// assert_eq!(plugin.inside(name)?, "Ada");
/// // This one posts a call with an argument too many, and nobody waits for the answer.
/// plugin.import("hello")?.call::<()>("shout", ())?;
/// let errors = plugin.post_errors();
/// assert!(errors[0].to_string().contains("TypeError"));
/// plugin.finish();
/// # Ok::<(), locum_guest::Error>(())
/// ```
pub struct Connected {
    plugin: Peer,
    /// The plugin's view of its host, which lives as long as the connection.
    back: Peer,
    lost: Lost,
}

/// Posted calls that failed, of both ends.
type Lost = Arc<Mutex<Vec<PostError>>>;

impl Connected {
    pub(super) fn new(
        host: Arc<dyn Offers>,
        plugin: Arc<dyn Offers>,
        limits: PeerLimits,
    ) -> Connected {
        let name = plugin.describe().name.into_owned();
        let lost = Lost::default();
        let setup = || {
            let lost = lost.clone();
            let setup = Setup::new().limits(limits.clone());
            setup.on_post_error(move |error| locked(&lost).push(error.clone()))
        };
        let (at_plugin, at_host) = (End::default(), End::default());
        let wire = |name: &str, to, end: &End| {
            Box::new(Wire {
                name: name.to_owned(),
                to,
                end: end.clone(),
            })
        };
        // Each peer is named after the other end, and offers what this end has.
        let to_plugin = wire(&name, To::Plugin, &at_plugin);
        let seen = Peer::with_setup(name, setup(), to_plugin, host);
        let to_host = wire("host", To::Host, &at_host);
        let back = Peer::with_setup("host", setup(), to_host, plugin);
        let _ = at_plugin.set(back.downgrade());
        let _ = at_host.set(seen.downgrade());
        Connected {
            plugin: seen,
            back,
            lost,
        }
    }

    /// Runs something as if it were the plugin's own code: in there [`import`](crate::import) asks this connection's host.
    /// For tests of plain functions of the crate.
    pub fn inside<R>(&self, work: impl FnOnce() -> R) -> R {
        wire::within(Some(self.back.clone()), work)
    }

    /// The posted calls that have failed since this was asked last, the plugin's and the test's: nobody else learns of
    /// them. Those that are under way are waited for.
    pub fn post_errors(&self) -> Vec<PostError> {
        self.settle();
        std::mem::take(&mut *locked(&self.lost))
    }

    /// Closes the plugin at the end of a test.
    ///
    /// # Panics
    /// When something leaks: the test still holds a proxy, or the plugin one to an object of its host's although no
    /// object of the plugin's is in use any more. Also when a call is still under way after ten seconds, when a posted
    /// call failed that [`post_errors`](Connected::post_errors) has not told of, and when a destructor of the plugin's
    /// closes it in disorder.
    #[track_caller]
    pub fn finish(self) {
        let lost = self.post_errors();
        let mut wrong = String::new();
        if self.plugin.closed().is_none() {
            // A request in each direction, with which an end lets go of what its last answer named.
            let _ = (self.plugin.describe(), self.back.describe());
            let _ = self.back.stats();
            let held = self.plugin.stats();
            tell(
                &mut wrong,
                "the test holds objects of the plugin's, drop their proxies first",
                &held.imports_by_type,
            );
            tell(
                &mut wrong,
                "the plugin holds objects of its host's, in a static or in a circle of proxies",
                &held.exports_by_type,
            );
            let pending = held.pending + self.back.stats().pending;
            if pending > 0 {
                let _ = write!(wrong, "\n  {pending} calls are still under way");
            }
        }
        for error in &lost {
            let _ = write!(wrong, "\n  {error}");
        }
        assert!(wrong.is_empty(), "`{}`:{wrong}", self.plugin.name());
        let closed = self.plugin.close();
        assert!(
            closed.is_ok(),
            "`{}` does not close: {closed:?}",
            self.plugin.name()
        );
    }

    /// Returns when what was started or posted is done, unless that takes too long.
    fn settle(&self) {
        let until = Instant::now() + PATIENCE;
        // What one end is called for may post calls of the other.
        for _ in 0..2 {
            self.plugin.wait_until_done(Some(until));
            self.back.wait_until_done(Some(until));
        }
    }
}

fn tell(wrong: &mut String, what: &str, held: &[(String, usize)]) {
    if !held.is_empty() {
        let held: Vec<String> = held
            .iter()
            .map(|(name, count)| format!("{count} x {name}"))
            .collect();
        let _ = write!(wrong, "\n  {what}: {}", held.join(", "));
    }
}

fn locked(lost: &Lost) -> std::sync::MutexGuard<'_, Vec<PostError>> {
    lost.lock().unwrap_or_else(PoisonError::into_inner)
}

impl AsRef<Peer> for Connected {
    fn as_ref(&self) -> &Peer {
        &self.plugin
    }
}

impl Deref for Connected {
    type Target = Peer;
    fn deref(&self) -> &Peer {
        &self.plugin
    }
}
