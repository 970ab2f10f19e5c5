//! The requests to the host that are made most often, as the canonical ABI has them: their answers are taken over from the
//! arena. All others are wit-bindgen's.

use locum_protocol::{Bytes, Error, Fault, Handle, Kind, ReplyMode, Result, WireParcel};

use super::arena;
use super::exports::RawParcel;
use super::reply::{RawReference, Slice, raw, slice};

#[link(wasm_import_module = "locum:plugin/objects@0.1.0")]
unsafe extern "C" {
    #[link_name = "get-attr"]
    fn raw_get_attr(target: i64, path: *const u8, len: usize, reply: i32, answer: *mut usize);
    #[link_name = "call"]
    fn raw_call(
        target: i64,
        path: *const u8,
        len: usize,
        item: *const u8,
        item_len: usize,
        has_attachments: i32,
        objects: *const RawReference,
        objects_len: usize,
        buffers: *const Slice,
        buffers_len: usize,
        reply: i32,
        answer: *mut usize,
    );
}

/// `result<parcel, fault>`.
type Answer = [usize; 12];

/// `reply-mode`.
fn mode(reply: ReplyMode) -> i32 {
    match reply {
        ReplyMode::Auto => 0,
        ReplyMode::Value => 1,
        ReplyMode::Proxy => 2,
    }
}

/// Reads an attribute.
pub(super) fn get_attr(target: Handle, path: &str, reply: ReplyMode) -> Result<WireParcel> {
    let mut answer: Answer = [0; 12];
    // SAFETY: the import's type; `answer` has the size and alignment of the result.
    arena::waiting(|| unsafe {
        let (reply, answer) = (mode(reply), answer.as_mut_ptr());
        raw_get_attr(
            target.raw() as i64,
            path.as_ptr(),
            path.len(),
            reply,
            answer,
        );
    });
    taken(&answer)
}

/// Calls.
#[inline]
pub(super) fn call(
    target: Handle,
    path: &str,
    args: &WireParcel,
    reply: ReplyMode,
) -> Result<WireParcel> {
    let mut answer: Answer = [0; 12];
    let has_attachments = !args.objects.is_empty() || !args.buffers.is_empty();
    // Empty vectors are not allocated.
    let objects: Vec<RawReference> = args.objects.iter().map(raw).collect();
    let buffers: Vec<Slice> = args.buffers.iter().map(|it| slice(it)).collect();
    // SAFETY: as for `get_attr`; all lists live until the call returns.
    arena::waiting(|| unsafe {
        raw_call(
            target.raw() as i64,
            path.as_ptr(),
            path.len(),
            args.item.as_ptr(),
            args.item.len(),
            i32::from(has_attachments),
            objects.as_ptr(),
            objects.len(),
            buffers.as_ptr(),
            buffers.len(),
            mode(reply),
            answer.as_mut_ptr(),
        );
    });
    taken(&answer)
}

/// Takes an answer over.
#[inline]
fn taken(words: &Answer) -> Result<WireParcel> {
    let at = |index: usize| std::ptr::with_exposed_provenance_mut::<u8>(words[index]);
    // SAFETY: the host has written the whole result, and discriminants are one byte.
    let result = unsafe {
        if words[0] & 0xFF == 0 {
            let parcel = RawParcel {
                item: (at(1), words[2]),
                has_attachments: (words[3] & 0xFF) as i32,
                objects: (at(4), words[5]),
                buffers: (at(6), words[7]),
            };
            Ok(parcel.take())
        } else {
            Err(fault(words))
        }
    };
    arena::empty();
    result
}

/// # Safety
/// The words are those of a fault that is being taken over.
#[cold]
unsafe fn fault(words: &Answer) -> Error {
    let pair = |index: usize| [words[index], words[index + 1]];
    // SAFETY: as for this function. Texts are UTF-8; what is not would only show as such.
    let text = |[at, len]: Slice| unsafe {
        let bytes = arena::bytes(std::ptr::with_exposed_provenance_mut(at), len);
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let (kind, type_name, message) = (text(pair(1)), text(pair(3)), text(pair(5)));
    // SAFETY: as for this function.
    let trace = unsafe {
        arena::list(
            std::ptr::with_exposed_provenance_mut(words[7]),
            words[8],
            text,
        )
    };
    // SAFETY: as for this function.
    let data = (words[9] & 0xFF != 0).then(|| unsafe {
        let bytes: Bytes = Vec::from(arena::bytes(
            std::ptr::with_exposed_provenance_mut(words[10]),
            words[11],
        ))
        .into();
        bytes.into_vec()
    });
    Error::from(Fault {
        kind: Kind::from_name(&kind),
        type_name: type_name.into(),
        message,
        trace,
        data,
    })
}
