//! The other end, as seen from here: what I lent to it, what it lent to me, and the messages between us.
//!
//! **Invariant:** no lock of a peer is held while an object runs, a destructor runs or a message is under way.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, Weak};

use crate::describe::PluginInfo;
use crate::handle::{HandleTable, TableError};
use crate::proxy::{Import, Target};
use crate::transport::{Reference, Released, Transport, WireParcel};
use crate::{Error, Handle, Kind, Limits, Offers, Parcel, Proxy, ReplyMode, Result, codec, path};

/// The other end, as seen from here. A clone is the same peer.
#[derive(Clone)]
pub struct Peer(Arc<Inner>);

/// A [`Peer`] that does not keep it alive.
#[derive(Clone)]
pub struct WeakPeer(Weak<Inner>);

struct Inner {
    name: String,
    limits: Limits,
    transport: Box<dyn Transport>,
    offers: Arc<dyn Offers>,
    exports: Mutex<Exports>,
    imports: Mutex<HashMap<Handle, Weak<Import>, Spread>>,
    releases: Mutex<Vec<Released>>,
    /// How many `releases` wait, to look at without the lock.
    waiting: AtomicUsize,
    /// Requests of the other end that are being served.
    serving: AtomicUsize,
    /// Objects in the last reply that belong to its reader: giving them up must not overtake that reply.
    replied: Mutex<Vec<Proxy>>,
    strikes: AtomicU32,
    closed: OnceLock<Error>,
}

#[derive(Default)]
struct Exports {
    table: Option<HandleTable<Target>>,
    /// Under which handle an object is lent already, by its address.
    handles: HashMap<usize, Handle, Spread>,
}

/// How much is lent in each direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Objects lent to the other end.
    pub exports: usize,
    /// Objects that the other end lent to this one and that are still in use here.
    pub imports: usize,
    /// Of `exports`, how many of each type.
    pub exports_by_type: Vec<(String, usize)>,
    /// Of `imports`, how many of each type.
    pub imports_by_type: Vec<(String, usize)>,
}

/// Releases that wait for the next crossing, at most.
const MOST_WAITING: usize = 256;

impl Peer {
    /// A peer that is reached by `transport`, that is called `name` in errors and in a proxy's text, and to which this
    /// end offers modules.
    pub fn new(
        name: impl Into<String>,
        limits: Limits,
        transport: Box<dyn Transport>,
        offers: Arc<dyn Offers>,
    ) -> Peer {
        let table = Some(HandleTable::new(limits.exports));
        Peer(Arc::new(Inner {
            name: name.into(),
            limits,
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
            strikes: AtomicU32::new(0),
            closed: OnceLock::new(),
        }))
    }

    /// What the other end is called.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The bounds on what it may send.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// A reference that does not keep the peer alive.
    pub fn downgrade(&self) -> WeakPeer {
        WeakPeer(Arc::downgrade(&self.0))
    }

    /// Whether both are the same peer.
    pub fn same_peer(&self, other: &Peer) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// How much is lent in each direction. Releases that were waiting are sent first.
    pub fn stats(&self) -> Stats {
        self.flush();
        let exports: Vec<String> = {
            let exports = lock(&self.0.exports);
            exports
                .table
                .iter()
                .flat_map(|table| table.iter())
                .map(|(target, _)| target.type_name().to_owned())
                .collect()
        };
        // The proxies are let go after unlocking: dropping the last one takes the lock again.
        let alive: Vec<Arc<Import>> = lock(&self.0.imports)
            .values()
            .filter_map(Weak::upgrade)
            .collect();
        let imports: Vec<String> = alive
            .iter()
            .map(|import| import.type_name.to_string())
            .collect();
        Stats {
            exports: exports.len(),
            imports: imports.len(),
            exports_by_type: count(exports),
            imports_by_type: count(imports),
        }
    }

    // ---- asking ----

    /// Imports a module that the other end offers.
    pub fn import(&self, name: &str) -> Result<Proxy> {
        path::check(name, &self.0.limits)?;
        let handle = self.ask(|transport| transport.import_module(name))?;
        Ok(self.receive(handle, name))
    }

    /// Leaves a copy of a value over there and returns a proxy to it.
    pub fn transfer<T: serde::Serialize + ?Sized>(&self, value: &T) -> Result<Proxy> {
        let parcel = Parcel::encode(value)?;
        let type_name = codec::type_name(&parcel.item);
        let (wire, keep) = self.lower(parcel)?;
        let handle = self.ask(|transport| transport.transfer(wire))?;
        drop(keep);
        Ok(self.receive(handle, type_name))
    }

    /// What the other end as a whole tells about itself.
    pub fn describe(&self) -> Result<PluginInfo> {
        self.request_describe(Handle::PLUGIN)?.decode()
    }

    /// Ends the other end's life: its destructors run, then every proxy to it answers [`Closed`](Kind::Closed).
    pub fn close(&self) -> Result<()> {
        let result = match self.0.closed.get() {
            Some(_) => return Ok(()),
            None => self.0.transport.close(),
        };
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
    pub fn close_with(&self, cause: Error) {
        if self.0.closed.set(cause.clone()).is_err() {
            return;
        }
        self.0.transport.closed(&cause);
        let lent = {
            let mut exports = lock(&self.0.exports);
            exports.handles.clear();
            exports.table.as_mut().map(HandleTable::drain)
        };
        drop(lent);
        lock(&self.0.imports).clear();
        lock(&self.0.releases).clear();
        self.0.waiting.store(0, Ordering::Relaxed);
        let replied = std::mem::take(&mut *lock(&self.0.replied));
        drop(replied);
    }

    fn ask<R>(&self, send: impl FnOnce(&dyn Transport) -> Result<R>) -> Result<R> {
        if let Some(cause) = self.0.closed.get() {
            return Err(cause.clone());
        }
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
        path::check(path, &self.0.limits)?;
        let (wire, keep) = self.lower(args)?;
        let answer = self.ask(|transport| transport.call(target, path, wire, reply));
        drop(keep);
        self.lift(answer?)
    }

    pub(crate) fn request_get(
        &self,
        target: Handle,
        path: &str,
        reply: ReplyMode,
    ) -> Result<Parcel> {
        path::check(path, &self.0.limits)?;
        let wire = self.ask(|transport| transport.get_attr(target, path, reply))?;
        self.lift(wire)
    }

    pub(crate) fn request_set(&self, target: Handle, path: &str, value: Parcel) -> Result<()> {
        path::check(path, &self.0.limits)?;
        let (wire, keep) = self.lower(value)?;
        let result = self.ask(|transport| transport.set_attr(target, path, wire));
        drop(keep);
        result
    }

    pub(crate) fn request_describe(&self, target: Handle) -> Result<Parcel> {
        let wire = self.ask(|transport| transport.describe(target))?;
        self.lift(wire)
    }

    // ---- serving ----

    /// Serves `import-module`.
    pub fn serve_import_module(&self, name: &str) -> Result<Handle> {
        let _depth = self.begin()?;
        path::check(name, &self.0.limits)?;
        let module = self.0.offers.module(name)?;
        self.lend(Target::Local(module))
    }

    /// Serves `get-attr`.
    pub fn serve_get_attr(
        &self,
        target: Handle,
        path: &str,
        reply: ReplyMode,
    ) -> Result<WireParcel> {
        let _depth = self.begin()?;
        let target = self.exported(target)?;
        path::check(path, &self.0.limits)?;
        let outcome = target.get(path)?;
        self.reply(crate::dispatch::in_mode(outcome, reply)?)
    }

    /// Serves `set-attr`.
    pub fn serve_set_attr(&self, target: Handle, path: &str, value: WireParcel) -> Result<()> {
        let value = self.lift(value);
        let _depth = self.begin()?;
        let target = self.exported(target)?;
        path::check(path, &self.0.limits)?;
        target.set(path, value?)
    }

    /// Serves `call`.
    pub fn serve_call(
        &self,
        target: Handle,
        path: &str,
        args: WireParcel,
        reply: ReplyMode,
    ) -> Result<WireParcel> {
        // First of all, so that what came along counts as received whatever happens next.
        let args = self.lift(args);
        let _depth = self.begin()?;
        let target = self.exported(target)?;
        path::check(path, &self.0.limits)?;
        let outcome = target.call(path, args?, &self.0.limits)?;
        self.reply(crate::dispatch::in_mode(outcome, reply)?)
    }

    /// Serves `transfer`.
    pub fn serve_transfer(&self, value: WireParcel) -> Result<Handle> {
        let value = self.lift(value);
        let _depth = self.begin()?;
        let mut value = value?;
        if let Some(object) = value.as_object() {
            value = object.value_parcel()?;
        }
        let copy = crate::data::keep(&value)?;
        self.lend(copy.into_target()?)
    }

    /// Serves `release`. An error means that the other end broke the protocol, and is closed.
    pub fn serve_release(&self, released: &[Released]) -> Result<()> {
        for Released { target, count } in released {
            let freed = {
                let mut exports = lock(&self.0.exports);
                let Exports { table, handles } = &mut *exports;
                let freed = match table {
                    Some(table) => table.release(*target, *count),
                    None => Ok(None),
                };
                if let Ok(Some(target)) = &freed {
                    handles.remove(&target.address());
                }
                freed
            };
            match freed {
                Ok(object) => drop(object),
                Err(error) if self.0.closed.get().is_none() => {
                    let what = match error {
                        TableError::OverRelease => "gave back more references than it was lent",
                        _ => "gave back a reference that it was not lent",
                    };
                    let broken = Error::new(
                        Kind::Protocol,
                        format!("`{}` {what} ({target:?})", self.name()),
                    );
                    self.close_with(broken.clone());
                    return Err(broken);
                }
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    }

    /// Serves `describe`.
    pub fn serve_describe(&self, target: Handle) -> Result<WireParcel> {
        let _depth = self.begin()?;
        let parcel = match target {
            Handle::PLUGIN => Parcel::encode(&self.0.offers.describe())?,
            target => match self.exported(target)? {
                Target::Local(object) => Parcel::encode(&object.describe())?,
                Target::Remote(import) => import.peer.request_describe(import.handle)?,
            },
        };
        self.reply(parcel)
    }

    /// Serves `close`: takes everything back, so that destructors run.
    pub fn serve_close(&self) {
        self.close_with(Error::new(
            Kind::Closed,
            format!("`{}` closed the connection", self.name()),
        ));
    }

    fn begin(&self) -> Result<Serving<'_>> {
        if let Some(cause) = self.0.closed.get() {
            return Err(cause.clone());
        }
        // The reply that these belong to has arrived: its reader is here with another request.
        if self.0.serving.load(Ordering::Relaxed) == 0 {
            let replied = std::mem::take(&mut *lock(&self.0.replied));
            drop(replied);
        }
        Serving::new(self)
    }

    fn exported(&self, handle: Handle) -> Result<Target> {
        let found = {
            let exports = lock(&self.0.exports);
            exports
                .table
                .as_ref()
                .map(|table| table.get(handle).cloned())
        };
        match found {
            Some(Ok(target)) => Ok(target),
            _ => Err(self.strike(handle)),
        }
    }

    #[cold]
    fn strike(&self, handle: Handle) -> Error {
        let strikes = self
            .0
            .strikes
            .fetch_add(1, Ordering::Relaxed)
            .saturating_add(1);
        let error = Error::new(
            Kind::BadHandle,
            format!(
                "{handle:?} is not lent to `{}`: it never was, or has been released",
                self.name()
            ),
        );
        if strikes > self.0.limits.strikes {
            self.close_with(Error::new(
                Kind::Protocol,
                format!(
                    "`{}` named {strikes} handles that it was not lent (Limits::strikes)",
                    self.name()
                ),
            ));
        }
        error
    }

    fn reply(&self, parcel: Parcel) -> Result<WireParcel> {
        let (wire, keep) = self.lower(parcel)?;
        if wire
            .objects
            .iter()
            .any(|reference| matches!(reference, Reference::Yours(_)))
        {
            lock(&self.0.replied).extend(keep);
        }
        Ok(wire)
    }

    // ---- lowering and lifting ----

    /// Lowers a parcel: its objects become handles, its size is checked. The proxies come back, to be kept until the
    /// message has arrived.
    fn lower(&self, parcel: Parcel) -> Result<(WireParcel, Vec<Proxy>)> {
        let Parcel {
            item,
            objects,
            buffers,
        } = parcel;
        self.check_size(item.len(), objects.len(), &buffers)?;
        if objects.is_empty() {
            return Ok((
                WireParcel {
                    item,
                    objects: Vec::new(),
                    buffers,
                },
                objects,
            ));
        }
        let mut references = Vec::with_capacity(objects.len());
        let mut kept = Vec::with_capacity(objects.len());
        for proxy in objects {
            let lowered = proxy.into_target().and_then(|target| match &target {
                Target::Remote(import) if import.peer.same_peer(self) => {
                    Ok((Reference::Yours(import.handle), Proxy::from_target(target)))
                }
                _ => Ok((
                    Reference::Mine(self.lend(target.clone())?),
                    Proxy::from_target(target),
                )),
            });
            match lowered {
                Ok((reference, proxy)) => {
                    references.push(reference);
                    kept.push(proxy);
                }
                Err(error) => {
                    self.take_back(&references);
                    return Err(error);
                }
            }
        }
        Ok((
            WireParcel {
                item,
                objects: references,
                buffers,
            },
            kept,
        ))
    }

    /// Takes back what was lent by a message that was not sent.
    #[cold]
    fn take_back(&self, references: &[Reference]) {
        for reference in references {
            if let Reference::Mine(target) = reference {
                let _ = self.serve_release(&[Released {
                    target: *target,
                    count: 1,
                }]);
            }
        }
    }

    /// Lifts a parcel: its handles become proxies, or the objects themselves where they are at home. Whatever is
    /// wrong with it, the references in it count as received, so that they are given back.
    fn lift(&self, wire: WireParcel) -> Result<Parcel> {
        let WireParcel {
            item,
            objects: references,
            buffers,
        } = wire;
        let mut names = Vec::new();
        let checked = self
            .check_size(item.len(), references.len(), &buffers)
            .and_then(|()| {
                codec::check(
                    &item,
                    references.len(),
                    buffers.len(),
                    &self.0.limits,
                    &mut names,
                )
            });
        if references.is_empty() {
            return checked.map(|()| Parcel {
                item,
                objects: Vec::new(),
                buffers,
            });
        }
        let mut objects = Vec::with_capacity(references.len());
        let mut bad = None;
        for (index, reference) in references.into_iter().enumerate() {
            match reference {
                Reference::Mine(handle) => {
                    let name = names.get(index).and_then(|range| item.get(range.clone()));
                    let name = name
                        .and_then(|bytes| std::str::from_utf8(bytes).ok())
                        .unwrap_or("object");
                    objects.push(self.receive(handle, name));
                }
                Reference::Yours(handle) => match self.exported(handle) {
                    Ok(target) => objects.push(Proxy::from_target(target)),
                    Err(error) => bad = Some(error),
                },
            }
        }
        match (checked, bad) {
            (Ok(()), None) => Ok(Parcel {
                item,
                objects,
                buffers,
            }),
            (Err(error), _) | (Ok(()), Some(error)) => Err(error),
        }
    }

    fn check_size(&self, item: usize, objects: usize, buffers: &[crate::Bytes]) -> Result<()> {
        let limits = &self.0.limits;
        let refuse = |what: &str, got: usize, limit: usize, unit: &str, field: &str| {
            Err(Error::new(
                Kind::LimitExceeded,
                format!("{what} of {got} {unit}; the limit is {limit} {unit} (Limits::{field})"),
            ))
        };
        if item > limits.message_bytes {
            return refuse(
                "a message",
                item,
                limits.message_bytes,
                "bytes",
                "message_bytes",
            );
        }
        if objects.max(buffers.len()) > limits.attachments {
            let most = objects.max(buffers.len());
            return refuse(
                "a message",
                most,
                limits.attachments,
                "attachments",
                "attachments",
            );
        }
        if !buffers.is_empty() {
            let total = buffers.iter().map(|buffer| buffer.len()).sum();
            if total > limits.buffer_bytes {
                return refuse(
                    "buffers",
                    total,
                    limits.buffer_bytes,
                    "bytes",
                    "buffer_bytes",
                );
            }
        }
        Ok(())
    }

    /// Lends an object once more, under the handle that it has or a new one.
    fn lend(&self, target: Target) -> Result<Handle> {
        let address = target.address();
        let mut exports = lock(&self.0.exports);
        let Exports { table, handles } = &mut *exports;
        let Some(table) = table else {
            return Err(Error::new(
                Kind::Closed,
                format!("`{}` is closed", self.name()),
            ));
        };
        if let Some(handle) = handles.get(&address)
            && table.lend_again(*handle).is_ok()
        {
            return Ok(*handle);
        }
        match table.insert(target) {
            Ok(handle) => {
                handles.insert(address, handle);
                Ok(handle)
            }
            Err(_) => {
                let limit = table.limit();
                drop(exports);
                Err(match self.closed() {
                    Some(cause) => cause.clone(),
                    None => Error::new(
                        Kind::LimitExceeded,
                        format!(
                            "{limit} objects are lent to `{}`, the most (Limits::exports)",
                            self.name()
                        ),
                    ),
                })
            }
        }
    }

    /// Takes note of a reference that the other end lent.
    fn receive(&self, handle: Handle, type_name: &str) -> Proxy {
        let mut imports = lock(&self.0.imports);
        if let Some(import) = imports.get(&handle).and_then(Weak::upgrade) {
            import.received.fetch_add(1, Ordering::Relaxed);
            drop(imports);
            return Proxy::from_target(Target::Remote(import));
        }
        let import = Arc::new(Import {
            peer: self.clone(),
            handle,
            type_name: type_name.into(),
            received: AtomicU32::new(1),
        });
        imports.insert(handle, Arc::downgrade(&import));
        Proxy::from_target(Target::Remote(import))
    }

    // ---- giving back ----

    /// Gives back what an import had received. Called when the last proxy of it is dropped.
    pub(crate) fn give_back(&self, handle: Handle, count: u32) {
        {
            let mut imports = lock(&self.0.imports);
            // The same object may have arrived again since.
            if imports
                .get(&handle)
                .is_some_and(|import| import.strong_count() == 0)
            {
                imports.remove(&handle);
            }
        }
        if self.0.closed.get().is_some() {
            return;
        }
        let waiting = {
            let mut releases = lock(&self.0.releases);
            releases.push(Released {
                target: handle,
                count,
            });
            self.0.waiting.store(releases.len(), Ordering::Release);
            releases.len()
        };
        if self.0.serving.load(Ordering::Relaxed) == 0 || waiting >= MOST_WAITING {
            self.flush();
        }
    }

    /// Sends the releases that wait.
    fn flush(&self) {
        // Giving back may free proxies over there, whose releases of our objects come back here: loop, not recursion.
        while self.0.waiting.load(Ordering::Acquire) > 0 && self.0.closed.get().is_none() {
            let batch = {
                let mut releases = lock(&self.0.releases);
                self.0.waiting.store(0, Ordering::Release);
                std::mem::take(&mut *releases)
            };
            if batch.is_empty() {
                return;
            }
            match self.0.transport.release(&batch) {
                Ok(true) => {}
                Ok(false) => {
                    let mut releases = lock(&self.0.releases);
                    releases.extend(batch);
                    self.0.waiting.store(releases.len(), Ordering::Release);
                    return;
                }
                // The door has closed the peer by now, and with it what was lent.
                Err(_) => return,
            }
        }
    }
}

impl WeakPeer {
    /// The peer, if it is still there.
    pub fn upgrade(&self) -> Option<Peer> {
        self.0.upgrade().map(Peer)
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

/// One request being served: counts the nesting, and sends at its end the releases that were caused meanwhile.
struct Serving<'p> {
    peer: &'p Peer,
}

thread_local! {
    /// Requests being served on this thread, one inside the other, of whatever peers.
    static DEPTH: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

impl<'p> Serving<'p> {
    fn new(peer: &'p Peer) -> Result<Self> {
        let depth = DEPTH.get();
        let limit = peer.0.limits.call_depth;
        if depth >= limit {
            return Err(Error::new(
                Kind::TooDeep,
                format!("calls are nested {depth} deep; the limit is {limit} (Limits::call_depth)"),
            ));
        }
        DEPTH.set(depth + 1);
        peer.0.serving.fetch_add(1, Ordering::Relaxed);
        Ok(Serving { peer })
    }
}

impl Drop for Serving<'_> {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
        if self.peer.0.serving.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.peer.flush();
        }
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn count(names: Vec<String>) -> Vec<(String, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for name in names {
        *counts.entry(name).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

/// A hash for keys that are numbers already and that nobody else chooses: handles and addresses.
#[derive(Default)]
struct SpreadHasher(u64);

type Spread = BuildHasherDefault<SpreadHasher>;

impl Hasher for SpreadHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }
    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}
