//! Serving what the other end asks for, one method per message.

use std::sync::atomic::Ordering;

use super::{Exports, Peer, lock};
use crate::handle::TableError;
use crate::observe::Crossing;
use crate::path::Route;
use crate::proxy::Target;
use crate::transport::{Reference, Released, WireParcel};
use crate::{CallMode, Error, Handle, Kind, Parcel, ReplyMode, Result, path};

impl Peer {
    /// Serves `import-module`.
    pub fn serve_import_module(&self, name: &str) -> Result<Handle> {
        let _depth = self.begin()?;
        path::check(name, &self.0.setup.limits)?;
        self.observed(
            || Crossing::of_peer(self, true, "import", name),
            |_| 0,
            || self.lend(Target::Local(self.0.offers.module(name)?)),
        )
    }

    /// Serves `get-attr`.
    pub fn serve_get_attr(
        &self,
        target: Handle,
        path: &str,
        reply: ReplyMode,
    ) -> Result<WireParcel> {
        self.0.traffic.serves(&WireParcel::default());
        let _depth = self.begin()?;
        let target = self.exported(target)?;
        path::check(path, &self.0.setup.limits)?;
        self.observed(
            || self.inward("get", &target, path, reply, 0),
            WireParcel::size,
            || self.reply(crate::dispatch::in_mode(target.get(path)?, reply)?),
        )
    }

    /// Serves `set-attr`.
    pub fn serve_set_attr(&self, target: Handle, path: &str, value: WireParcel) -> Result<()> {
        self.0.traffic.serves(&value);
        let value = self.lift(value);
        let _depth = self.begin()?;
        let target = self.exported(target)?;
        path::check(path, &self.0.setup.limits)?;
        let value = value?;
        let bytes = value.size();
        self.observed(
            || self.inward("set", &target, path, ReplyMode::Auto, bytes),
            |()| 0,
            || target.set(path, value),
        )
    }

    /// Serves `call`.
    pub fn serve_call(
        &self,
        target: Handle,
        path: &str,
        args: WireParcel,
        reply: ReplyMode,
    ) -> Result<WireParcel> {
        self.0.traffic.serves(&args);
        if args.objects.is_empty() {
            return self.answer_call(target, path, reply, || self.lift(args));
        }
        // First of all, so that what came along counts as received whatever happens next.
        let args = self.lift(args);
        self.answer_call(target, path, reply, || args)
    }

    #[inline(always)]
    fn answer_call(
        &self,
        target: Handle,
        path: &str,
        reply: ReplyMode,
        args: impl FnOnce() -> Result<Parcel>,
    ) -> Result<WireParcel> {
        let _depth = self.begin()?;
        let target = self.exported(target)?;
        let route = path::check(path, &self.0.setup.limits)?;
        let args = args()?;
        if self.is_observed() {
            let (bytes, seen) = (args.size(), target.clone());
            let crossing = || self.inward("call", &seen, path, reply, bytes);
            let serve = || self.make_call(target, route, args, reply);
            return self.observed(crossing, WireParcel::size, serve);
        }
        self.make_call(target, route, args, reply)
    }

    #[inline(always)]
    fn make_call(
        &self,
        target: Target,
        route: Route<'_>,
        args: Parcel,
        reply: ReplyMode,
    ) -> Result<WireParcel> {
        let outcome = target.call(route, args, &self.0.setup.limits)?;
        self.reply(crate::dispatch::in_mode(outcome, reply)?)
    }

    /// Serves `transfer`.
    pub fn serve_transfer(&self, value: WireParcel) -> Result<Handle> {
        let value = self.lift(value);
        let _depth = self.begin()?;
        let mut value = value?;
        let bytes = value.size();
        self.observed(
            || Crossing {
                bytes,
                ..Crossing::of_peer(self, true, "transfer", "")
            },
            |_| 0,
            || {
                if let Some(object) = value.as_object() {
                    value = object.value_parcel()?;
                }
                let copy = crate::data::keep(&value)?;
                self.lend(copy.into_target()?)
            },
        )
    }

    /// Serves `release`. An error means that the other end broke the protocol, and is closed.
    pub fn serve_release(&self, released: &[Released]) -> Result<()> {
        for Released { target, count } in released {
            let freed = {
                let mut exports = lock(&self.0.exports);
                let Exports { table, handles } = &mut *exports;
                let freed = table.release(*target, *count);
                if let Ok(Some(target)) = &freed {
                    handles.remove(&target.address());
                }
                freed
            };
            match freed {
                Ok(object) => drop(object),
                // What it is giving back now was taken back before.
                Err(_) if self.0.closing.load(Ordering::Relaxed) => {}
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
        if self.0.serving.load(Ordering::Relaxed) == 0 {
            self.make_posted_calls();
        }
        Ok(())
    }

    /// Serves `describe`.
    pub fn serve_describe(&self, target: Handle) -> Result<WireParcel> {
        let _depth = self.begin()?;
        let describe = || match target {
            Handle::PLUGIN => Parcel::encode(&self.0.offers.describe()),
            target => match self.exported(target)? {
                Target::Local(object) => Parcel::encode(&object.describe()),
                Target::Remote(import) => import.peer.request_describe(import.handle),
            },
        };
        self.observed(
            || Crossing::of_peer(self, true, "describe", ""),
            WireParcel::size,
            || self.reply(describe()?),
        )
    }

    /// Serves `close`: takes everything back, so that destructors run, which may still call the other end.
    pub fn serve_close(&self) {
        self.0.closing.store(true, Ordering::Relaxed);
        let lent = {
            let mut exports = lock(&self.0.exports);
            exports.handles.clear();
            exports.table.release_all()
        };
        drop(lent);
        self.close_with(Error::new(
            Kind::Closed,
            format!("`{}` closed the connection", self.name()),
        ));
    }

    fn inward<'a>(
        &'a self,
        verb: &'static str,
        target: &'a Target,
        path: &'a str,
        reply: ReplyMode,
        bytes: u64,
    ) -> Crossing<'a> {
        Crossing {
            peer: self.name(),
            inward: true,
            verb,
            type_name: target.type_name(),
            path,
            mode: CallMode::Call,
            reply,
            bytes,
        }
    }

    /// Makes the calls that were posted meanwhile, where nobody else would: a plugin has no workers.
    #[inline]
    fn make_posted_calls(&self) {
        while cfg!(target_family = "wasm")
            && self.0.mailbox.unfinished() > 0
            && self.process_pending() > 0
        {}
    }

    #[inline(always)]
    fn begin(&self) -> Result<Serving<'_>> {
        if let Some(cause) = self.0.closed.get() {
            return Err(cause.clone());
        }
        // The reply that these belong to has arrived: its reader is here with another request.
        if self.0.has_replied.load(Ordering::Relaxed) && self.0.serving.load(Ordering::Relaxed) == 0
        {
            self.let_go_of_replied();
        }
        Serving::new(self)
    }

    fn let_go_of_replied(&self) {
        self.0.has_replied.store(false, Ordering::Relaxed);
        let replied = std::mem::take(&mut *lock(&self.0.replied));
        drop(replied);
    }

    #[inline(always)]
    pub(super) fn exported(&self, handle: Handle) -> Result<Target> {
        let found = lock(&self.0.exports).table.get(handle).cloned();
        match found {
            Ok(target) => Ok(target),
            Err(_) => Err(self.strike(handle)),
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
        if strikes > self.0.setup.limits.strikes {
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

    #[inline(always)]
    fn reply(&self, parcel: Parcel) -> Result<WireParcel> {
        if parcel.objects.is_empty() {
            let wire = self.lower_data(parcel)?;
            self.0.traffic.sent(&wire);
            return Ok(wire);
        }
        self.reply_with_objects(parcel)
    }

    fn reply_with_objects(&self, parcel: Parcel) -> Result<WireParcel> {
        let (wire, keep) = self.lower(parcel)?;
        self.0.traffic.sent(&wire);
        if wire
            .objects
            .iter()
            .any(|reference| matches!(reference, Reference::Yours(_)))
        {
            let mut replied = lock(&self.0.replied);
            // After the end nobody would let go of them: they would keep the peer, and it them.
            if self.0.closed.get().is_none() {
                replied.extend(keep);
                self.0.has_replied.store(true, Ordering::Relaxed);
            }
        }
        Ok(wire)
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

#[cold]
fn too_deep(depth: usize, limit: usize) -> Error {
    Error::new(
        Kind::TooDeep,
        format!("calls are nested {depth} deep; the limit is {limit} (Limits::call_depth)"),
    )
}

impl<'p> Serving<'p> {
    #[inline(always)]
    pub(super) fn new(peer: &'p Peer) -> Result<Self> {
        let depth = DEPTH.get();
        let limit = peer.0.setup.limits.call_depth;
        if depth >= limit {
            return Err(too_deep(depth, limit));
        }
        DEPTH.set(depth + 1);
        peer.0.serving.fetch_add(1, Ordering::Relaxed);
        Ok(Serving { peer })
    }
}

impl Drop for Serving<'_> {
    fn drop(&mut self) {
        // While this still counts as being served, so that what its reply names is kept.
        if self.peer.0.serving.load(Ordering::Relaxed) == 1 {
            self.peer.make_posted_calls();
        }
        DEPTH.set(DEPTH.get().saturating_sub(1));
        if self.peer.0.serving.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.peer.flush();
        }
    }
}
