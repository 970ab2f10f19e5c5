//! The messages of the contract, each a call of the plugin's function.

use std::slice::from_ref;
use std::sync::Arc;

use locum_protocol::{Error, Handle, Kind, Released, ReplyMode, Result, Transport, WireParcel};

use super::Door;
use super::wire::{GivenBack, sending};

impl Transport for Door {
    fn import_module(&self, name: &str) -> Result<Handle> {
        let (answer,) = self.0.enter(name, (), |functions, inside, name, ()| {
            functions.import_module.call(inside, (name,))
        })?;
        answer
            .map(Handle::from_raw)
            .map_err(|fault| self.0.failed(fault))
    }

    fn get_attr(&self, target: Handle, path: &str, reply: ReplyMode) -> Result<WireParcel> {
        let (answer,) = self
            .0
            .enter(path, (target, reply), |functions, inside, path, body| {
                let (target, reply) = body;
                functions
                    .get_attr
                    .call(inside, (target.raw(), path, reply.into()))
            })?;
        answer
            .map(WireParcel::from)
            .map_err(|fault| self.0.failed(fault))
    }

    fn set_attr(&self, target: Handle, path: &str, value: WireParcel) -> Result<()> {
        let (answer,) = self
            .0
            .enter(path, (target, value), |functions, inside, path, body| {
                let (target, value) = body;
                sending(value, |value| {
                    functions.set_attr.call(inside, (target.raw(), path, value))
                })
            })?;
        answer.map_err(|fault| self.0.failed(fault))
    }

    fn call(
        &self,
        target: Handle,
        path: &str,
        args: WireParcel,
        reply: ReplyMode,
    ) -> Result<WireParcel> {
        let body = (target, args, reply);
        let (answer,) = self.0.enter(path, body, |functions, inside, path, body| {
            let (target, args, reply) = body;
            sending(args, |args| {
                functions
                    .call
                    .call(inside, (target.raw(), path, args, reply.into()))
            })
        })?;
        answer
            .map(WireParcel::from)
            .map_err(|fault| self.0.failed(fault))
    }

    fn transfer(&self, value: WireParcel) -> Result<Handle> {
        let (answer,) = self.0.enter("", value, |functions, inside, _, value| {
            sending(value, |value| functions.transfer.call(inside, (value,)))
        })?;
        answer
            .map(Handle::from_raw)
            .map_err(|fault| self.0.failed(fault))
    }

    fn release(&self, released: &[Released]) -> Result<bool> {
        let functions = &self.0.functions;
        let (one, many);
        let given: &[GivenBack] = match released {
            [released] => {
                one = GivenBack::from(*released);
                from_ref(&one)
            }
            released => {
                many = released.iter().copied().map(Into::into).collect::<Vec<_>>();
                &many
            }
        };
        let sent = self
            .0
            .try_enter(|inside| functions.release.call(inside, (given,)))?;
        Ok(sent.is_some())
    }

    fn describe(&self, target: Handle) -> Result<WireParcel> {
        let (answer,) = self.0.enter("", target, |functions, inside, _, target| {
            functions.describe.call(inside, (target.raw(),))
        })?;
        answer
            .map(WireParcel::from)
            .map_err(|fault| self.0.failed(fault))
    }

    fn is_busy(&self) -> bool {
        Door::is_busy(self)
    }

    fn wait_until_idle(&self) {
        self.0.store.wait_until_idle();
    }

    fn epitaph(&self, cause: &Error) -> Error {
        self.0.epitaph(cause)
    }

    fn closed(&self, cause: &Error) {
        self.kill(cause);
    }

    /// Closing what is closed already is no error.
    fn close(&self) -> Result<()> {
        let inner = &self.0;
        if inner.line.fate.get().is_some() {
            return Ok(());
        }
        let closed = inner.enter("", Arc::clone(inner), |functions, inside, _, inner| {
            functions.close.call(inside, ())?;
            // Before anybody else can enter: what they would meet has run its destructors.
            let unasked = || Error::new(Kind::Closed, "it was closed; load it again");
            let reason = inner.line.reason.get().cloned();
            inner.decide_as(&reason.unwrap_or_else(unasked), true);
            Ok(())
        });
        match closed {
            Err(error) if error.kind() == Kind::Closed => Ok(()),
            other => other,
        }
    }
}
