//! The guest's door: the only file that knows the bindings. Outward it is a [`Transport`], inward the exported
//! functions; everything between the two is `locum-protocol`.

use std::marker::PhantomData;
use std::sync::OnceLock;

use locum_protocol::{
    Bytes, Error, Fault, Handle, Kind, Peer, Reference, Released, ReplyMode, Result, Setup,
    Transport, WireParcel,
};

use crate::Plugin;
use crate::bindings::exports::locum::plugin::objects::Guest;
#[cfg(target_family = "wasm")]
use crate::bindings::locum::plugin::lifecycle;
use crate::bindings::locum::plugin::{objects, types as wire};

/// The host, as this plugin knows it.
static HOST: OnceLock<Peer> = OnceLock::new();

/// The host as a peer, made on first use; every plugin has exactly one.
///
/// It is made here and not at start-up because a component has no `main`: the first message is the start.
fn peer<P: Plugin>() -> &'static Peer {
    HOST.get_or_init(|| {
        // A native test keeps the hook that it has.
        #[cfg(target_family = "wasm")]
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

/// The host, if it has spoken to this plugin yet.
pub(crate) fn host() -> Option<&'static Peer> {
    HOST.get()
}

/// What a plugin exports; the `plugin!` macro hands it to the bindings' `export!`.
pub struct Exports<P>(PhantomData<P>);

impl<P: Plugin> Guest for Exports<P> {
    fn import_module(name: String) -> Result<wire::Handle, wire::Fault> {
        peer::<P>()
            .serve_import_module(&name)
            .map(Handle::raw)
            .map_err(fault_out)
    }

    fn get_attr(
        target: wire::Handle,
        path: String,
        reply: wire::ReplyMode,
    ) -> Result<wire::Parcel, wire::Fault> {
        peer::<P>()
            .serve_get_attr(Handle::from_raw(target), &path, reply_in(reply))
            .map(parcel_out)
            .map_err(fault_out)
    }

    fn set_attr(
        target: wire::Handle,
        path: String,
        value: wire::Parcel,
    ) -> Result<(), wire::Fault> {
        peer::<P>()
            .serve_set_attr(Handle::from_raw(target), &path, parcel_in(value))
            .map_err(fault_out)
    }

    fn call(
        target: wire::Handle,
        path: String,
        args: wire::Parcel,
        reply: wire::ReplyMode,
    ) -> Result<wire::Parcel, wire::Fault> {
        peer::<P>()
            .serve_call(
                Handle::from_raw(target),
                &path,
                parcel_in(args),
                reply_in(reply),
            )
            .map(parcel_out)
            .map_err(fault_out)
    }

    fn transfer(value: wire::Parcel) -> Result<wire::Handle, wire::Fault> {
        peer::<P>()
            .serve_transfer(parcel_in(value))
            .map(Handle::raw)
            .map_err(fault_out)
    }

    fn release(released: Vec<wire::Released>) {
        let released: Vec<_> = released.into_iter().map(released_in).collect();
        // The contract gives `release` no answer. A host that gave back too much hears of it at its next call: the
        // peer is closed.
        let _ = peer::<P>().serve_release(&released);
    }

    fn describe(target: wire::Handle) -> Result<wire::Parcel, wire::Fault> {
        peer::<P>()
            .serve_describe(Handle::from_raw(target))
            .map(parcel_out)
            .map_err(fault_out)
    }

    fn close() {
        peer::<P>().serve_close();
    }
}

/// The way out to the host.
struct HostDoor;

impl Transport for HostDoor {
    fn import_module(&self, name: &str) -> Result<Handle> {
        reach_host()?;
        objects::import_module(name)
            .map(Handle::from_raw)
            .map_err(fault_in)
    }

    fn get_attr(&self, target: Handle, path: &str, reply: ReplyMode) -> Result<WireParcel> {
        reach_host()?;
        objects::get_attr(target.raw(), path, reply_out(reply))
            .map(parcel_in)
            .map_err(fault_in)
    }

    fn set_attr(&self, target: Handle, path: &str, value: WireParcel) -> Result<()> {
        reach_host()?;
        objects::set_attr(target.raw(), path, &parcel_out(value)).map_err(fault_in)
    }

    fn call(
        &self,
        target: Handle,
        path: &str,
        args: WireParcel,
        reply: ReplyMode,
    ) -> Result<WireParcel> {
        reach_host()?;
        objects::call(target.raw(), path, &parcel_out(args), reply_out(reply))
            .map(parcel_in)
            .map_err(fault_in)
    }

    fn transfer(&self, value: WireParcel) -> Result<Handle> {
        reach_host()?;
        objects::transfer(&parcel_out(value))
            .map(Handle::from_raw)
            .map_err(fault_in)
    }

    fn release(&self, released: &[Released]) -> Result<bool> {
        reach_host()?;
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
        reach_host()?;
        objects::describe(target.raw())
            .map(parcel_in)
            .map_err(fault_in)
    }

    fn close(&self) -> Result<()> {
        reach_host()?;
        objects::close();
        Ok(())
    }
}

/// Refuses where the bindings would abort: a plugin crate's native unit tests have no host to reach.
fn reach_host() -> Result<()> {
    if cfg!(target_family = "wasm") {
        return Ok(());
    }
    Err(Error::new(
        Kind::Closed,
        "there is no host here: this plugin was not built for WebAssembly (a native test?)",
    ))
}

fn reply_in(reply: wire::ReplyMode) -> ReplyMode {
    match reply {
        wire::ReplyMode::Auto => ReplyMode::Auto,
        wire::ReplyMode::Value => ReplyMode::Value,
        wire::ReplyMode::Proxy => ReplyMode::Proxy,
    }
}

fn reply_out(reply: ReplyMode) -> wire::ReplyMode {
    match reply {
        ReplyMode::Auto => wire::ReplyMode::Auto,
        ReplyMode::Value => wire::ReplyMode::Value,
        ReplyMode::Proxy => wire::ReplyMode::Proxy,
    }
}

fn released_in(it: wire::Released) -> Released {
    Released {
        target: Handle::from_raw(it.target),
        count: it.count,
    }
}

/// Takes the vectors over as they are; the buffers' bytes stay where the host put them.
fn parcel_in(parcel: wire::Parcel) -> WireParcel {
    let wire::Attachments { objects, buffers } = match parcel.attachments {
        Some(attachments) => attachments,
        None => {
            return WireParcel {
                item: parcel.item,
                ..WireParcel::default()
            };
        }
    };
    let objects = objects.into_iter().map(|object| match object {
        wire::ObjectRef::Yours(handle) => Reference::Yours(Handle::from_raw(handle)),
        wire::ObjectRef::Mine(handle) => Reference::Mine(Handle::from_raw(handle)),
    });
    WireParcel {
        item: parcel.item,
        objects: objects.collect(),
        buffers: buffers.into_iter().map(Bytes::from).collect(),
    }
}

/// Hands the vectors over as they are; a buffer is copied only when somebody here still shares it.
fn parcel_out(parcel: WireParcel) -> wire::Parcel {
    if parcel.objects.is_empty() && parcel.buffers.is_empty() {
        return wire::Parcel {
            item: parcel.item,
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
        item: parcel.item,
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

#[cold]
fn fault_out(error: Error) -> wire::Fault {
    let fault = error.into_fault();
    wire::Fault {
        kind: fault.kind.name().to_owned(),
        type_name: fault.type_name.into_owned(),
        message: fault.message,
        trace: fault.trace,
        data: fault.data,
    }
}

/// What a panic has to say: its message, and its place as the only line of the trace. There is no unwinding in
/// WebAssembly, so a panic is the end of the plugin, and this is how its callers learn why.
#[cfg(target_family = "wasm")]
fn last_words(info: &std::panic::PanicHookInfo<'_>) -> wire::Fault {
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
