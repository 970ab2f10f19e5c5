//! The contract's types as the component model knows them, and their way to and from those of `locum-protocol`.
//!
//! What the host sends is borrowed, so that a call copies its bytes once: from where they are into the plugin's memory.
//! What it answers to a plugin is owned, because wasmtime lowers an import's result after the import has returned.

use locum_protocol::{Bytes, Error, Handle, Kind, Reference, Released, ReplyMode, WireParcel};
use wasmtime::component::{ComponentType, Lift, Lower};

/// `reply-mode`.
#[derive(ComponentType, Lift, Lower, Clone, Copy)]
#[component(enum)]
#[repr(u8)]
pub(super) enum Mode {
    #[component(name = "auto")]
    Auto,
    #[component(name = "value")]
    Value,
    #[component(name = "proxy")]
    Proxy,
}

impl From<ReplyMode> for Mode {
    fn from(reply: ReplyMode) -> Self {
        match reply {
            ReplyMode::Auto => Mode::Auto,
            ReplyMode::Value => Mode::Value,
            ReplyMode::Proxy => Mode::Proxy,
        }
    }
}

impl From<Mode> for ReplyMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Auto => ReplyMode::Auto,
            Mode::Value => ReplyMode::Value,
            Mode::Proxy => ReplyMode::Proxy,
        }
    }
}

/// `object-ref`. Of the same size as a [`Reference`], so that a list of them changes its type where it lies.
#[derive(ComponentType, Lift, Lower, Clone, Copy)]
#[component(variant)]
pub(super) enum ObjectRef {
    #[component(name = "yours")]
    Yours(u64),
    #[component(name = "mine")]
    Mine(u64),
}

impl From<Reference> for ObjectRef {
    fn from(reference: Reference) -> Self {
        match reference {
            Reference::Yours(handle) => ObjectRef::Yours(handle.raw()),
            Reference::Mine(handle) => ObjectRef::Mine(handle.raw()),
        }
    }
}

impl From<ObjectRef> for Reference {
    fn from(object: ObjectRef) -> Self {
        match object {
            ObjectRef::Yours(raw) => Reference::Yours(Handle::from_raw(raw)),
            ObjectRef::Mine(raw) => Reference::Mine(Handle::from_raw(raw)),
        }
    }
}

/// `parcel`, as the host sends it.
#[derive(ComponentType, Lower, Clone, Copy)]
#[component(record)]
pub(super) struct Sent<'a> {
    item: &'a [u8],
    attachments: Option<SentAttachments<'a>>,
}

/// `attachments`, as the host sends them.
#[derive(ComponentType, Lower, Clone, Copy)]
#[component(record)]
pub(super) struct SentAttachments<'a> {
    objects: &'a [ObjectRef],
    buffers: &'a [&'a [u8]],
}

/// Runs `send` with a parcel in the form that is sent.
#[inline]
pub(super) fn sending<R>(parcel: WireParcel, send: impl FnOnce(Sent<'_>) -> R) -> R {
    let item = &parcel.item[..];
    if parcel.objects.is_empty() && parcel.buffers.is_empty() {
        return send(Sent {
            item,
            attachments: None,
        });
    }
    let objects: Vec<ObjectRef> = parcel.objects.into_iter().map(Into::into).collect();
    let buffers: Vec<&[u8]> = parcel.buffers.iter().map(|buffer| &**buffer).collect();
    send(Sent {
        item,
        attachments: Some(SentAttachments {
            objects: &objects,
            buffers: &buffers,
        }),
    })
}

/// `parcel`, as it was received or is answered.
#[derive(ComponentType, Lift, Lower)]
#[component(record)]
pub(super) struct Parcel {
    item: Vec<u8>,
    attachments: Option<Attachments>,
}

/// `attachments`, as they were received or are answered.
#[derive(ComponentType, Lift, Lower)]
#[component(record)]
pub(super) struct Attachments {
    objects: Vec<ObjectRef>,
    buffers: Vec<Vec<u8>>,
}

impl From<Parcel> for WireParcel {
    #[inline]
    fn from(parcel: Parcel) -> Self {
        let Some(Attachments { objects, buffers }) = parcel.attachments else {
            return WireParcel {
                item: parcel.item.into(),
                ..WireParcel::default()
            };
        };
        WireParcel {
            item: parcel.item.into(),
            objects: objects.into_iter().map(Into::into).collect(),
            buffers: buffers.into_iter().map(Bytes::from).collect(),
        }
    }
}

impl From<WireParcel> for Parcel {
    #[inline]
    fn from(parcel: WireParcel) -> Self {
        if parcel.objects.is_empty() && parcel.buffers.is_empty() {
            return Parcel {
                item: parcel.item.into(),
                attachments: None,
            };
        }
        let attachments = Attachments {
            objects: parcel.objects.into_iter().map(Into::into).collect(),
            buffers: parcel.buffers.into_iter().map(Bytes::into_vec).collect(),
        };
        Parcel {
            item: parcel.item.into(),
            attachments: Some(attachments),
        }
    }
}

/// `fault`.
#[derive(ComponentType, Lift, Lower)]
#[component(record)]
pub(super) struct Fault {
    kind: String,
    #[component(name = "type-name")]
    type_name: String,
    message: String,
    trace: Vec<String>,
    data: Option<Vec<u8>>,
}

impl From<Fault> for Error {
    #[cold]
    fn from(fault: Fault) -> Self {
        Error::from(locum_protocol::Fault {
            kind: Kind::from_name(&fault.kind),
            type_name: fault.type_name.into(),
            message: fault.message,
            trace: fault.trace,
            data: fault.data,
        })
    }
}

impl From<Error> for Fault {
    #[cold]
    fn from(error: Error) -> Self {
        let fault = error.into_fault();
        Fault {
            kind: fault.kind.name().to_owned(),
            type_name: fault.type_name.into_owned(),
            message: fault.message,
            trace: fault.trace,
            data: fault.data,
        }
    }
}

/// `released`.
#[derive(ComponentType, Lift, Lower, Clone, Copy)]
#[component(record)]
pub(super) struct GivenBack {
    target: u64,
    count: u32,
}

impl From<Released> for GivenBack {
    fn from(released: Released) -> Self {
        GivenBack {
            target: released.target.raw(),
            count: released.count,
        }
    }
}

impl From<GivenBack> for Released {
    fn from(given: GivenBack) -> Self {
        Released {
            target: Handle::from_raw(given.target),
            count: given.count,
        }
    }
}
