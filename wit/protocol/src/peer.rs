//! The other end, as seen from here: what I lent to it, what it lent to me, and the messages between us.
//!
//! **Invariant:** no lock of a peer is held while an object runs, a destructor runs or a message is under way.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, Weak};
use std::time::Instant;

mod giving_back;
mod hash;
mod parcels;
mod serving;
mod setup;
mod stats;

use hash::Spread;
use stats::Traffic;

pub use setup::{Leak, PostError, Setup};
pub use stats::Stats;

use crate::describe::PluginInfo;
use crate::handle::HandleTable;
use crate::observe::{Crossing, Observer};
use crate::proxy::{Import, Target};
use crate::started::Started;
use crate::threads::{self, Mailbox, Waited};
use crate::transport::{Released, Transport, WireParcel};
use crate::{
    CallOptions, Error, Handle, Kind, Offers, Parcel, PeerLimits, Proxy, ReplyMode, Result, codec,
    path,
};

/// The other end, as seen from here. A clone is the same peer.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::{Kind, Module, Modules, pair};
/// let offers = Modules::new("toys", "1.0").with(Module::new("numbers").constant("answer", &42)?);
/// let (toys, _host) = pair(("host", Arc::new(Modules::default())), ("toys", Arc::new(offers)));
/// assert_eq!((toys.name(), toys.limits().call_depth), ("toys", 64));
/// let numbers = toys.import("numbers")?;
/// let list = toys.transfer(&[1, 2])?;
/// let stats = toys.stats();
/// assert_eq!(stats.imports_by_type, [("list".to_owned(), 1), ("numbers".to_owned(), 1)]);
/// assert_eq!(toys.describe()?.modules[0].name, "numbers");
///
/// toys.close()?;
/// assert_eq!(list.len().unwrap_err().kind(), Kind::Closed);
/// assert!(toys.closed().is_some());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone)]
pub struct Peer(Arc<Inner>);

/// A [`Peer`] that does not keep it alive.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let weak = plugin.downgrade();
/// assert!(weak.upgrade().is_some_and(|peer| peer.same_peer(&plugin)));
/// drop(plugin);
/// assert!(weak.upgrade().is_none());
/// ```
#[derive(Clone)]
pub struct WeakPeer(Weak<Inner>);

struct Inner {
    name: String,
    setup: Setup,
    transport: Box<dyn Transport>,
    offers: Arc<dyn Offers>,
    exports: Mutex<Exports>,
    imports: Mutex<HashMap<Handle, Known, Spread>>,
    releases: Mutex<Vec<Released>>,
    /// How many `releases` wait, to look at without the lock.
    waiting: AtomicUsize,
    /// Requests of the other end that are being served.
    serving: AtomicUsize,
    /// Objects in the last reply that belong to its reader: giving them up must not overtake that reply.
    replied: Mutex<Vec<Proxy>>,
    /// Whether there are any, to look at without the lock.
    has_replied: AtomicBool,
    strikes: AtomicU32,
    closed: OnceLock<Error>,
    /// Whether it is being closed from here and in order, so that what is still lent was forgotten.
    closing: AtomicBool,
    mailbox: Arc<Mailbox<Started>>,
    traffic: Traffic,
}

/// An import that is in use, or was a moment ago. Its type stands beside it, so that whoever only looks on never comes to hold
/// the last reference, and with it the duty to give the object back.
struct Known {
    import: Weak<Import>,
    type_name: Arc<str>,
}

struct Exports {
    table: HandleTable<Target>,
    /// Under which handle an object is lent already, by its address.
    handles: HashMap<usize, Handle, Spread>,
}

/// Releases that wait for the next crossing, at most.
const MOST_WAITING: usize = 256;

impl Peer {
    /// A peer that is reached by `transport`, that is called `name` in errors and in a proxy's text, and to which this
    /// end offers modules.
    pub fn new(
        name: impl Into<String>,
        limits: PeerLimits,
        transport: Box<dyn Transport>,
        offers: Arc<dyn Offers>,
    ) -> Peer {
        Peer::with_setup(name, Setup::new().limits(limits), transport, offers)
    }

    /// The same with more to say about how it shall work.
    pub fn with_setup(
        name: impl Into<String>,
        setup: Setup,
        transport: Box<dyn Transport>,
        offers: Arc<dyn Offers>,
    ) -> Peer {
        let table = HandleTable::new(setup.limits.exports);
        Peer(Arc::new(Inner {
            name: name.into(),
            setup,
            transport,
            offers,
            exports: Mutex::new(Exports {
                table,
                handles: HashMap::default(),
            }),
            imports: Mutex::default(),
            releases: Mutex::default(),
            waiting: AtomicUsize::new(0),
            serving: AtomicUsize::new(0),
            replied: Mutex::default(),
            has_replied: AtomicBool::new(false),
            strikes: AtomicU32::new(0),
            closed: OnceLock::new(),
            closing: AtomicBool::new(false),
            mailbox: Arc::new(Mailbox::new(threads::waits().clone())),
            traffic: Traffic::default(),
        }))
    }

    /// What the other end is called.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The bounds on what it may send.
    pub fn limits(&self) -> &PeerLimits {
        &self.0.setup.limits
    }

    /// What calls of proxies to it inherit.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use std::sync::Arc;
    /// # use locum_protocol::{CallOptions, Modules, Setup, pair_with_setup};
    /// let setup = Setup::new().call_options(CallOptions::new().patience(Duration::from_secs(5)));
    /// let nothing = || Arc::new(Modules::default());
    /// let (plugin, _host) = pair_with_setup(("host", nothing()), ("plugin", nothing()), setup);
    /// assert_eq!(plugin.call_options().patience_limit(), Some(Duration::from_secs(5)));
    /// ```
    pub fn call_options(&self) -> CallOptions {
        self.0.setup.options
    }

    pub(crate) fn observer(&self) -> Option<&Arc<dyn Observer>> {
        self.0.setup.observer.as_ref()
    }

    pub(crate) fn mailbox(&self) -> &Arc<Mailbox<Started>> {
        &self.0.mailbox
    }

    pub(crate) fn wait_until_idle(&self) {
        self.0.transport.wait_until_idle();
    }

    /// Makes the calls now, on this thread, that were started or posted and wait for their turn; returns how many. Stops
    /// where it would have to wait for somebody else.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&Vec::<i64>::new())?;
    /// for n in 0..10 {
    ///     list.post("append", (n,))?;
    /// }
    /// let made_here = plugin.process_pending(); // the rest was made by workers by now, or is being made
    /// assert!(made_here <= 10);
    /// assert!(plugin.wait_until_done(None));
    /// assert_eq!(plugin.stats().pending, 0);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn process_pending(&self) -> usize {
        self.0.mailbox.process(|| !self.0.transport.is_busy())
    }

    /// Returns when every call that was started or posted is done, whoever made it, and whether that came to be: not when
    /// it is `until` before, nor when one of them can only go on when this thread does.
    pub fn wait_until_done(&self, until: Option<Instant>) -> bool {
        self.0.mailbox.unfinished() == 0 || self.0.mailbox.drain(until) == Waited::Ready
    }

    /// A reference that does not keep the peer alive.
    pub fn downgrade(&self) -> WeakPeer {
        WeakPeer(Arc::downgrade(&self.0))
    }

    /// Whether both are the same peer.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&[1])?;
    /// assert!(list.peer().is_some_and(|peer| peer.same_peer(&plugin)));
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn same_peer(&self, other: &Peer) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    // ---- asking ----

    /// Imports a module that the other end offers.
    pub fn import(&self, name: &str) -> Result<Proxy> {
        path::check(name, &self.0.setup.limits)?;
        let handle = self.observed(
            || Crossing::of_peer(self, false, "import", name),
            |_| 0,
            || self.ask(|transport| transport.import_module(name)),
        )?;
        let module = self.receive(handle, name);
        self.check_imports()?;
        Ok(module)
    }

    /// Leaves a copy of a value over there and returns a proxy to it.
    pub fn transfer<T: serde::Serialize + ?Sized>(&self, value: &T) -> Result<Proxy> {
        let parcel = Parcel::encode(value)?;
        let type_name = codec::type_name(&parcel.item);
        let (wire, keep) = self.lower(parcel)?;
        let bytes = wire.size();
        let handle = self.observed(
            || Crossing {
                bytes,
                ..Crossing::of_peer(self, false, "transfer", "")
            },
            |_| 0,
            || self.ask(|transport| transport.transfer(wire)),
        )?;
        drop(keep);
        let copy = self.receive(handle, type_name);
        self.check_imports()?;
        Ok(copy)
    }

    /// What the other end as a whole tells about itself.
    pub fn describe(&self) -> Result<PluginInfo> {
        self.request_describe(Handle::PLUGIN)?.decode()
    }

    /// Ends the other end's life: its destructors run, then every proxy to it answers [`Closed`](Kind::Closed).
    pub fn close(&self) -> Result<()> {
        if self.0.closed.get().is_some() {
            return Ok(());
        }
        self.settle()?;
        self.0.closing.store(true, Ordering::Relaxed);
        let result = self.0.transport.close();
        self.close_with(Error::new(
            Kind::Closed,
            format!("`{}` was closed", self.name()),
        ));
        result
    }

    /// Whether it is closed, and why.
    pub fn closed(&self) -> Option<&Error> {
        self.0.closed.get()
    }

    /// Ends the relation from here: everything lent is taken back, and every call answers with `cause`. For doors, when
    /// the other end is gone.
    ///
    /// ```
    /// # use locum_protocol::{Error, Kind};
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&vec![1])?;
    /// plugin.close_with(Error::new(Kind::Trap, "the machine below stopped"));
    /// assert_eq!(list.len().unwrap_err().to_string(), "Trap: the machine below stopped");
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn close_with(&self, cause: Error) {
        if self.0.closed.set(self.0.transport.epitaph(&cause)).is_err() {
            return;
        }
        self.0.transport.closed(&cause);
        if self.0.closing.load(Ordering::Relaxed) {
            self.report_leaks();
        }
        let lent = {
            let mut exports = lock(&self.0.exports);
            exports.handles.clear();
            exports.table.drain()
        };
        drop(lent);
        lock(&self.0.imports).clear();
        lock(&self.0.releases).clear();
        self.0.waiting.store(0, Ordering::Relaxed);
        let replied = std::mem::take(&mut *lock(&self.0.replied));
        drop(replied);
    }

    /// Returns when what was started before is done.
    #[inline]
    fn settle(&self) -> Result<()> {
        match self.0.mailbox.settle() {
            Waited::Circle => Err(self.behind()),
            Waited::Ready | Waited::TimedOut => Ok(()),
        }
    }

    #[cold]
    fn behind(&self) -> Error {
        let text = format!(
            "`{}` can not be called here: a call that was started before can only go on when this one has ended",
            self.name()
        );
        Error::new(Kind::Busy, text)
    }

    #[inline(always)]
    fn ask<R>(&self, send: impl FnOnce(&dyn Transport) -> Result<R>) -> Result<R> {
        if let Some(cause) = self.0.closed.get() {
            return Err(cause.clone());
        }
        self.settle()?;
        self.flush();
        let result = send(&*self.0.transport);
        self.flush();
        result
    }

    pub(crate) fn request_call(
        &self,
        target: Handle,
        path: &str,
        args: Parcel,
        reply: ReplyMode,
    ) -> Result<Parcel> {
        path::check(path, &self.0.setup.limits)?;
        if args.objects.is_empty() {
            let wire = self.lower_data(args)?;
            self.0.traffic.asks(&wire);
            let answer = self.ask(|transport| transport.call(target, path, wire, reply));
            return self.answered(answer?);
        }
        let (wire, keep) = self.lower(args)?;
        self.0.traffic.asks(&wire);
        let answer = self.ask(|transport| transport.call(target, path, wire, reply));
        drop(keep);
        self.answered(answer?)
    }

    pub(crate) fn request_get(
        &self,
        target: Handle,
        path: &str,
        reply: ReplyMode,
    ) -> Result<Parcel> {
        path::check(path, &self.0.setup.limits)?;
        self.0.traffic.asks(&WireParcel::default());
        let wire = self.ask(|transport| transport.get_attr(target, path, reply))?;
        self.answered(wire)
    }

    pub(crate) fn request_set(&self, target: Handle, path: &str, value: Parcel) -> Result<()> {
        path::check(path, &self.0.setup.limits)?;
        let (wire, keep) = self.lower(value)?;
        self.0.traffic.asks(&wire);
        let result = self.ask(|transport| transport.set_attr(target, path, wire));
        drop(keep);
        result
    }

    #[inline(always)]
    fn answered(&self, wire: WireParcel) -> Result<Parcel> {
        self.0.traffic.received(&wire);
        self.lift(wire)
    }

    pub(crate) fn request_describe(&self, target: Handle) -> Result<Parcel> {
        let wire = self.observed(
            || Crossing::of_peer(self, false, "describe", ""),
            WireParcel::size,
            || self.ask(|transport| transport.describe(target)),
        )?;
        self.lift(wire)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(observer) = &self.setup.observer {
            observer.gone(&self.traffic.sums());
        }
    }
}

impl WeakPeer {
    /// The peer, if it is still there.
    pub fn upgrade(&self) -> Option<Peer> {
        self.0.upgrade().map(Peer)
    }
}

impl AsRef<Peer> for Peer {
    fn as_ref(&self) -> &Peer {
        self
    }
}

impl std::fmt::Debug for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Peer")
            .field("name", &self.name())
            .field("closed", &self.closed())
            .finish_non_exhaustive()
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}
