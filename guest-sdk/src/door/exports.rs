//! The functions that the host calls, as the canonical ABI has them: what wit-bindgen would make, but that small messages
//! are neither allocated nor freed (`arena`, `reply`).
//!
//! # Safety
//! Each is called by the host, with arguments that have been laid out by the canonical ABI for the type that `wit/locum.wit`
//! gives it. wasmtime checks that a component's functions have these types, and whoever encodes the component that these
//! have the flattened ones.

use locum_protocol::{Bytes, Handle, Item, Reference, Released, ReplyMode, WireParcel};

use super::inward::peer;
use super::reply::{RawReference, Slice};
use super::{arena, reply};
use crate::Plugin;

/// A text that came in.
pub(super) struct Name(Item);

impl Name {
    /// # Safety
    /// As for [`arena::bytes`]; it is UTF-8, which whoever passes on a string has checked.
    #[inline]
    unsafe fn take(text: *mut u8, len: usize) -> Name {
        // SAFETY: as for this function.
        Name(unsafe { arena::bytes(text, len) })
    }

    #[inline]
    fn as_str(&self) -> &str {
        // SAFETY: as for `take`.
        unsafe { std::str::from_utf8_unchecked(&self.0) }
    }
}

/// A parcel, flattened: an item, and perhaps two lists.
#[derive(Clone, Copy)]
#[doc(hidden)]
pub struct RawParcel {
    pub item: (*mut u8, usize),
    pub has_attachments: i32,
    pub objects: (*mut u8, usize),
    pub buffers: (*mut u8, usize),
}

impl RawParcel {
    /// # Safety
    /// As for [`arena::bytes`], all of it.
    #[inline]
    pub(super) unsafe fn take(self) -> WireParcel {
        // SAFETY: as for this function.
        let item = unsafe { arena::bytes(self.item.0, self.item.1) };
        let (objects, buffers) = match self.has_attachments {
            0 => (Vec::new(), Vec::new()),
            // SAFETY: as for this function.
            _ => unsafe { self.attachments() },
        };
        WireParcel {
            item,
            objects,
            buffers,
        }
    }

    /// # Safety
    /// As for [`take`](RawParcel::take).
    unsafe fn attachments(self) -> (Vec<Reference>, Vec<Bytes>) {
        // SAFETY: the canonical ABI lays out the elements of these lists so.
        unsafe {
            let objects = arena::list(self.objects.0, self.objects.1, |raw: RawReference| {
                let handle = Handle::from_raw(raw.handle);
                match raw.case {
                    0 => Reference::Yours(handle),
                    _ => Reference::Mine(handle),
                }
            });
            let buffers = arena::list(self.buffers.0, self.buffers.1, |[at, len]: Slice| {
                let bytes = arena::bytes(std::ptr::with_exposed_provenance_mut(at), len);
                Bytes::from(Vec::from(bytes))
            });
            (objects, buffers)
        }
    }
}

fn mode(raw: i32) -> ReplyMode {
    match raw {
        0 => ReplyMode::Auto,
        1 => ReplyMode::Value,
        _ => ReplyMode::Proxy,
    }
}

/// Serves a message that has been taken over.
#[inline]
fn serving<R>(serve: impl FnOnce() -> R) -> R {
    arena::construct();
    let waiting = arena::begin();
    let answer = serve();
    arena::end(waiting);
    answer
}

/// `import-module`.
///
/// # Safety
/// See the module.
pub unsafe fn import_module<P: Plugin>(name: *mut u8, len: usize) -> *const usize {
    // SAFETY: see the module.
    let name = unsafe { Name::take(name, len) };
    reply::handle(serving(|| peer::<P>().serve_import_module(name.as_str())))
}

/// `get-attr`.
///
/// # Safety
/// See the module.
pub unsafe fn get_attr<P: Plugin>(
    target: i64,
    path: *mut u8,
    len: usize,
    reply: i32,
) -> *const usize {
    // SAFETY: see the module.
    let path = unsafe { Name::take(path, len) };
    let target = Handle::from_raw(target as u64);
    reply::parcel(serving(|| {
        peer::<P>().serve_get_attr(target, path.as_str(), mode(reply))
    }))
}

/// `set-attr`.
///
/// # Safety
/// See the module.
pub unsafe fn set_attr<P: Plugin>(
    target: i64,
    path: *mut u8,
    len: usize,
    value: RawParcel,
) -> *const usize {
    // SAFETY: see the module.
    let (path, value) = unsafe { (Name::take(path, len), value.take()) };
    let target = Handle::from_raw(target as u64);
    reply::unit(serving(|| {
        peer::<P>().serve_set_attr(target, path.as_str(), value)
    }))
}

/// `call`.
///
/// # Safety
/// See the module.
#[inline]
pub unsafe fn call<P: Plugin>(
    target: i64,
    path: *mut u8,
    len: usize,
    args: RawParcel,
    reply: i32,
) -> *const usize {
    // SAFETY: see the module.
    let (path, args) = unsafe { (Name::take(path, len), args.take()) };
    let target = Handle::from_raw(target as u64);
    reply::parcel(serving(|| {
        peer::<P>().serve_call(target, path.as_str(), args, mode(reply))
    }))
}

/// `transfer`.
///
/// # Safety
/// See the module.
pub unsafe fn transfer<P: Plugin>(value: RawParcel) -> *const usize {
    // SAFETY: see the module.
    let value = unsafe { value.take() };
    reply::handle(serving(|| peer::<P>().serve_transfer(value)))
}

/// `release`.
///
/// # Safety
/// See the module.
pub unsafe fn release<P: Plugin>(released: *mut u8, len: usize) {
    /// `released`.
    #[derive(Clone, Copy)]
    #[repr(C)]
    struct Raw {
        target: u64,
        count: u32,
    }
    let taken = |raw: Raw| Released {
        target: Handle::from_raw(raw.target),
        count: raw.count,
    };
    // The contract gives `release` no answer. A host that gave back too much hears of it at its next call: the peer is
    // closed.
    let _ = match len {
        1 => {
            // SAFETY: see the module.
            let one = unsafe { arena::one(released, taken) };
            serving(|| peer::<P>().serve_release(&[one]))
        }
        _ => {
            // SAFETY: see the module.
            let all = unsafe { arena::list(released, len, taken) };
            serving(|| peer::<P>().serve_release(&all))
        }
    };
}

/// `describe`.
pub fn describe<P: Plugin>(target: i64) -> *const usize {
    let target = Handle::from_raw(target as u64);
    reply::parcel(serving(|| peer::<P>().serve_describe(target)))
}

/// `close`.
pub fn close<P: Plugin>() {
    serving(|| peer::<P>().serve_close());
}

/// Exports the contract's functions for a plugin; `plugin!` writes it.
#[doc(hidden)]
#[macro_export]
macro_rules! __export {
    ($plugin:ty) => {
        #[allow(unsafe_code)]
        const _: () = {
            use $crate::exports::{self, RawParcel};
            type P = *mut u8;
            type N = usize;

            #[unsafe(export_name = "locum:plugin/objects@0.1.0#import-module")]
            unsafe extern "C" fn import_module(name: P, len: N) -> *const usize {
                unsafe { exports::import_module::<$plugin>(name, len) }
            }
            #[unsafe(export_name = "locum:plugin/objects@0.1.0#get-attr")]
            unsafe extern "C" fn get_attr(
                target: i64,
                path: P,
                len: N,
                reply: i32,
            ) -> *const usize {
                unsafe { exports::get_attr::<$plugin>(target, path, len, reply) }
            }
            #[unsafe(export_name = "locum:plugin/objects@0.1.0#set-attr")]
            unsafe extern "C" fn set_attr(
                target: i64,
                path: P,
                len: N,
                i: P,
                ni: N,
                has_attachments: i32,
                o: P,
                no: N,
                b: P,
                nb: N,
            ) -> *const usize {
                let value = RawParcel {
                    item: (i, ni),
                    has_attachments,
                    objects: (o, no),
                    buffers: (b, nb),
                };
                unsafe { exports::set_attr::<$plugin>(target, path, len, value) }
            }
            #[unsafe(export_name = "locum:plugin/objects@0.1.0#call")]
            unsafe extern "C" fn call(
                target: i64,
                path: P,
                len: N,
                i: P,
                ni: N,
                has_attachments: i32,
                o: P,
                no: N,
                b: P,
                nb: N,
                reply: i32,
            ) -> *const usize {
                let args = RawParcel {
                    item: (i, ni),
                    has_attachments,
                    objects: (o, no),
                    buffers: (b, nb),
                };
                unsafe { exports::call::<$plugin>(target, path, len, args, reply) }
            }
            #[unsafe(export_name = "locum:plugin/objects@0.1.0#transfer")]
            unsafe extern "C" fn transfer(
                i: P,
                ni: N,
                has_attachments: i32,
                o: P,
                no: N,
                b: P,
                nb: N,
            ) -> *const usize {
                let value = RawParcel {
                    item: (i, ni),
                    has_attachments,
                    objects: (o, no),
                    buffers: (b, nb),
                };
                unsafe { exports::transfer::<$plugin>(value) }
            }
            #[unsafe(export_name = "locum:plugin/objects@0.1.0#release")]
            unsafe extern "C" fn release(released: P, len: N) {
                unsafe { exports::release::<$plugin>(released, len) }
            }
            #[unsafe(export_name = "locum:plugin/objects@0.1.0#describe")]
            extern "C" fn describe(target: i64) -> *const usize {
                exports::describe::<$plugin>(target)
            }
            #[unsafe(export_name = "locum:plugin/objects@0.1.0#close")]
            extern "C" fn close() {
                exports::close::<$plugin>();
            }
        };
    };
}
