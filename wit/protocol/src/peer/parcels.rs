//! Lowering and lifting: proxies to handles and back, what is lent and what is received.

use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Exports, Known, Peer, lock};
use crate::proxy::{Import, Target};
use crate::transport::{Reference, Released, WireParcel};
use crate::{Error, Handle, Kind, Parcel, Proxy, Result, codec};

impl Peer {
    /// Lowers a parcel: its objects become handles, its size is checked. The proxies come back, to be kept until the
    /// message has arrived.
    pub(super) fn lower(&self, parcel: Parcel) -> Result<(WireParcel, Vec<Proxy>)> {
        if parcel.objects.is_empty() {
            return Ok((self.lower_data(parcel)?, Vec::new()));
        }
        let Parcel {
            item,
            objects,
            buffers,
        } = parcel;
        self.check_size(item.len(), objects.len(), &buffers)?;
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

    /// Lowers a parcel that names no objects.
    #[inline(always)]
    pub(super) fn lower_data(&self, parcel: Parcel) -> Result<WireParcel> {
        let Parcel { item, buffers, .. } = parcel;
        self.check_size(item.len(), 0, &buffers)?;
        Ok(WireParcel {
            item,
            objects: Vec::new(),
            buffers,
        })
    }

    /// Takes back what was lent by a message that was not sent.
    #[cold]
    pub(super) fn take_back(&self, references: &[Reference]) {
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
    #[inline(always)]
    pub(super) fn lift(&self, wire: WireParcel) -> Result<Parcel> {
        if !wire.objects.is_empty() {
            return self.lift_objects(wire);
        }
        let WireParcel { item, buffers, .. } = wire;
        let limits = &self.0.setup.limits;
        self.check_size(item.len(), 0, &buffers)?;
        codec::check(&item, 0, &buffers, limits, &mut Vec::new())?;
        Ok(Parcel {
            item,
            objects: Vec::new(),
            buffers,
        })
    }

    fn lift_objects(&self, wire: WireParcel) -> Result<Parcel> {
        let WireParcel {
            item,
            objects: references,
            buffers,
        } = wire;
        let mut names = Vec::new();
        if let Err(error) = self.check_size(item.len(), references.len(), &buffers) {
            self.decline(&references);
            return Err(error);
        }
        let checked = codec::check(
            &item,
            references.len(),
            &buffers,
            &self.0.setup.limits,
            &mut names,
        );
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
        match (checked.and_then(|()| self.check_imports()), bad) {
            (Ok(()), None) => Ok(Parcel {
                item,
                objects,
                buffers,
            }),
            (Err(error), _) | (Ok(()), Some(error)) => Err(error),
        }
    }

    /// Gives back what came with a message that is too large to be looked at, without making proxies of it.
    #[cold]
    fn decline(&self, references: &[Reference]) {
        let mut lent = std::collections::BTreeMap::<u64, u32>::new();
        for reference in references {
            if let Reference::Mine(handle) = reference {
                let count = lent.entry(handle.raw()).or_default();
                *count = count.saturating_add(1);
            }
        }
        self.give_all_back(lent.into_iter().map(|(handle, count)| Released {
            target: Handle::from_raw(handle),
            count,
        }));
    }

    /// Refuses to hold more of the other end's objects than it could hold of ours.
    pub(super) fn check_imports(&self) -> Result<()> {
        let (held, limit) = (
            lock(&self.0.imports).len(),
            self.0.setup.limits.exports as usize,
        );
        if held <= limit {
            return Ok(());
        }
        Err(Error::new(
            Kind::LimitExceeded,
            format!(
                "{held} objects of `{}` would be held here, the most are {limit} (Limits::exports)",
                self.name()
            ),
        ))
    }

    #[inline(always)]
    pub(super) fn check_size(
        &self,
        item: usize,
        objects: usize,
        buffers: &[crate::Bytes],
    ) -> Result<()> {
        if item <= self.0.setup.limits.message_bytes && objects == 0 && buffers.is_empty() {
            return Ok(());
        }
        self.check_sizes(item, objects, buffers)
    }

    fn check_sizes(&self, item: usize, objects: usize, buffers: &[crate::Bytes]) -> Result<()> {
        let limits = &self.0.setup.limits;
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
    pub(super) fn lend(&self, target: Target) -> Result<Handle> {
        let address = target.address();
        let mut exports = lock(&self.0.exports);
        let Exports { table, handles } = &mut *exports;
        let known = handles.entry(address);
        if let Entry::Occupied(handle) = &known
            && table.lend_again(*handle.get()).is_ok()
        {
            return Ok(*handle.get());
        }
        match table.insert(target) {
            Ok(handle) => {
                known.insert_entry(handle);
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
    pub(super) fn receive(&self, handle: Handle, type_name: &str) -> Proxy {
        let mut imports = lock(&self.0.imports);
        let known = imports.entry(handle);
        if let Entry::Occupied(known) = &known
            && let Some(import) = known.get().import.upgrade()
        {
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
        // The end may have come in the middle of the call that this is the answer to: then nothing is held any more.
        if self.0.closed.get().is_none() {
            known.insert_entry(Known {
                import: Arc::downgrade(&import),
                type_name: Arc::clone(&import.type_name),
            });
        }
        drop(imports);
        Proxy::from_target(Target::Remote(import))
    }
}
