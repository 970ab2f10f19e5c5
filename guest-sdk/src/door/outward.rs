//! The way out to the host, and what a plugin says last.

use locum_protocol::{
    Bytes, Error, Fault, Handle, Kind, Reference, Released, ReplyMode, Result, Transport,
    WireParcel,
};

use super::imports;
use crate::bindings::locum::plugin::{objects, types as wire};

/// The way out to the host.
pub(super) struct HostDoor;

impl Transport for HostDoor {
    fn import_module(&self, name: &str) -> Result<Handle> {
        objects::import_module(name)
            .map(Handle::from_raw)
            .map_err(fault_in)
    }

    fn get_attr(&self, target: Handle, path: &str, reply: ReplyMode) -> Result<WireParcel> {
        return imports::get_attr(target, path, reply);
        #[cfg(not(target_family = "wasm"))]
        objects::get_attr(target.raw(), path, reply_out(reply))
            .map(parcel_in)
            .map_err(fault_in)
    }

    fn set_attr(&self, target: Handle, path: &str, value: WireParcel) -> Result<()> {
        objects::set_attr(target.raw(), path, &parcel_out(value)).map_err(fault_in)
    }

    fn call(
        &self,
        target: Handle,
        path: &str,
        args: WireParcel,
        reply: ReplyMode,
    ) -> Result<WireParcel> {
        return imports::call(target, path, &args, reply);
        #[cfg(not(target_family = "wasm"))]
        objects::call(target.raw(), path, &parcel_out(args), reply_out(reply))
            .map(parcel_in)
            .map_err(fault_in)
    }

    fn transfer(&self, value: WireParcel) -> Result<Handle> {
        objects::transfer(&parcel_out(value))
            .map(Handle::from_raw)
            .map_err(fault_in)
    }

    fn release(&self, released: &[Released]) -> Result<bool> {
        let released: Vec<_> = released
            .iter()
            .map(|it| wire::Released {
                target: it.target.raw(),
                count: it.count,
            })
            .collect();
        objects::release(&released);
        // A plugin runs only while its host waits for it, so the host is never too busy to hear this.
        Ok(true)
    }

    fn describe(&self, target: Handle) -> Result<WireParcel> {
        objects::describe(target.raw())
            .map(parcel_in)
            .map_err(fault_in)
    }

    fn close(&self) -> Result<()> {
        objects::close();
        Ok(())
    }
}

/// Takes the vectors over as they are; the buffers' bytes stay where the host put them.
fn parcel_in(parcel: wire::Parcel) -> WireParcel {
    let wire::Attachments { objects, buffers } = match parcel.attachments {
        Some(attachments) => attachments,
        None => {
            return WireParcel {
                item: parcel.item.into(),
                ..WireParcel::default()
            };
        }
    };
    let objects = objects.into_iter().map(|object| match object {
        wire::ObjectRef::Yours(handle) => Reference::Yours(Handle::from_raw(handle)),
        wire::ObjectRef::Mine(handle) => Reference::Mine(Handle::from_raw(handle)),
    });
    WireParcel {
        item: parcel.item.into(),
        objects: objects.collect(),
        buffers: buffers.into_iter().map(Bytes::from).collect(),
    }
}

/// Hands the vectors over as they are; a buffer is copied only when somebody here still shares it.
fn parcel_out(parcel: WireParcel) -> wire::Parcel {
    if parcel.objects.is_empty() && parcel.buffers.is_empty() {
        return wire::Parcel {
            item: parcel.item.into(),
            attachments: None,
        };
    }
    let objects = parcel.objects.into_iter().map(|object| match object {
        Reference::Yours(handle) => wire::ObjectRef::Yours(handle.raw()),
        Reference::Mine(handle) => wire::ObjectRef::Mine(handle.raw()),
    });
    let attachments = wire::Attachments {
        objects: objects.collect(),
        buffers: parcel.buffers.into_iter().map(Bytes::into_vec).collect(),
    };
    wire::Parcel {
        item: parcel.item.into(),
        attachments: Some(attachments),
    }
}

#[cold]
fn fault_in(fault: wire::Fault) -> Error {
    Error::from(Fault {
        kind: Kind::from_name(&fault.kind),
        type_name: fault.type_name.into(),
        message: fault.message,
        trace: fault.trace,
        data: fault.data,
    })
}

/// What a panic has to say: its message, and its place as the only line of the trace. There is no unwinding in
/// WebAssembly, so a panic is the end of the plugin, and this is how its callers learn why.
pub(super) fn last_words(info: &std::panic::PanicHookInfo<'_>) -> wire::Fault {
    let message = info
        .payload_as_str()
        .unwrap_or("a value that is not text")
        .to_owned();
    let trace = info.location().map(|place| format!("panicked at {place}"));
    wire::Fault {
        kind: Kind::Panic.name().to_owned(),
        type_name: Kind::Panic.type_name().to_owned(),
        message,
        trace: trace.into_iter().collect(),
        data: None,
    }
}
