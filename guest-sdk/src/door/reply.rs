//! What the plugin answers, where the host reads it.
//!
//! The host reads an answer before anything else runs in the plugin. So there is one place for it, and what it points to is
//! kept until the next message: the contract's exports need no function that frees it, which would be called after each of
//! them.

use std::cell::UnsafeCell;

use locum_protocol::{Error, Fault, Handle, Item, Reference, Result, WireParcel};

use super::arena::Single;

/// A pointer and a length, as they stand in a list of lists.
pub(super) type Slice = [usize; 2];

/// `object-ref`.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct RawReference {
    /// 0 for `yours`, 1 for `mine`.
    pub(super) case: u8,
    pub(super) handle: u64,
}

/// The words of the answer, and what they point to.
struct Answer {
    words: Words,
    parcel: WireParcel,
    objects: Vec<RawReference>,
    slices: Vec<Slice>,
    fault: Option<Box<Fault>>,
    /// Whether it holds more than an item in place, which goes before anything else is served.
    is_large: bool,
}

/// Any of the contract's results, which begin with a discriminant.
#[repr(C, align(8))]
struct Words([usize; 14]);

static ANSWER: Single<UnsafeCell<Answer>> = Single(UnsafeCell::new(Answer {
    words: Words([0; 14]),
    parcel: WireParcel {
        item: Item::new(),
        objects: Vec::new(),
        buffers: Vec::new(),
    },
    objects: Vec::new(),
    slices: Vec::new(),
    fault: None,
    is_large: false,
}));

/// Where the payload of a result begins, in words: at the alignment of what it may be.
const AFTER_DISCRIMINANT: usize = 1;
const AT_EIGHT_BYTES: usize = 2;

/// Puts an answer where the host reads it.
#[inline(always)]
fn put(write: impl FnOnce(&mut Answer)) -> *const usize {
    // SAFETY: the plugin has one thread, and neither this function nor what it calls calls out of the plugin.
    let answer = unsafe { &mut *ANSWER.0.get() };
    write(answer);
    answer.words.0.as_ptr()
}

/// Frees what the last answer points to, which has been read, if that is worth anything.
#[inline(always)]
pub(super) fn forget_large() {
    // SAFETY: as in `put`.
    if unsafe { (*ANSWER.0.get()).is_large } {
        forget();
    }
}

/// Frees what the last answer points to, which has been read.
#[cold]
pub(super) fn forget() {
    // SAFETY: as in `put`.
    let answer = unsafe { &mut *ANSWER.0.get() };
    answer.parcel = WireParcel::default();
    answer.objects = Vec::new();
    answer.slices = Vec::new();
    answer.fault = None;
    answer.is_large = false;
}

/// `result<parcel, fault>`.
#[inline]
pub(super) fn parcel(result: Result<WireParcel>) -> *const usize {
    match result {
        Ok(parcel) => put(|answer| answer.parcel(parcel)),
        Err(error) => fault(error, AFTER_DISCRIMINANT),
    }
}

/// `result<handle, fault>`.
pub(super) fn handle(result: Result<Handle>) -> *const usize {
    match result {
        Ok(handle) => put(|answer| {
            let raw = handle.raw();
            answer.words.0[0] = 0;
            answer.words.0[AT_EIGHT_BYTES] = raw as u32 as usize;
            answer.words.0[AT_EIGHT_BYTES + 1] = (raw >> 32) as usize;
        }),
        Err(error) => fault(error, AT_EIGHT_BYTES),
    }
}

/// `result<_, fault>`.
pub(super) fn unit(result: Result<()>) -> *const usize {
    match result {
        Ok(()) => put(|answer| answer.words.0[0] = 0),
        Err(error) => fault(error, AFTER_DISCRIMINANT),
    }
}

#[cold]
fn fault(error: Error, at: usize) -> *const usize {
    put(|answer| {
        let fault = &**answer.fault.insert(Box::new(error.into_fault()));
        answer.slices = fault
            .trace
            .iter()
            .map(|line| slice(line.as_bytes()))
            .collect();
        let words = [
            slice(fault.kind.name().as_bytes()),
            slice(fault.type_name.as_bytes()),
            slice(fault.message.as_bytes()),
            list(&answer.slices),
        ];
        answer.words.0[0] = 1;
        answer.words.0[at..at + 8].copy_from_slice(words.as_flattened());
        let data = fault.data.as_deref();
        answer.words.0[at + 8] = usize::from(data.is_some());
        answer.words.0[at + 9..at + 11].copy_from_slice(&data.map_or([0; 2], slice));
        answer.is_large = true;
    })
}

impl Answer {
    #[inline]
    fn parcel(&mut self, parcel: WireParcel) {
        self.parcel = parcel;
        let item = slice(&self.parcel.item);
        let has_attachments = !self.parcel.objects.is_empty() || !self.parcel.buffers.is_empty();
        self.is_large = has_attachments || !self.parcel.item.is_in_place();
        self.words.0[0] = 0;
        self.words.0[1..3].copy_from_slice(&item);
        self.words.0[3] = usize::from(has_attachments);
        if has_attachments {
            self.attachments();
        }
    }

    fn attachments(&mut self) {
        self.objects = self.parcel.objects.iter().map(raw).collect();
        self.slices = self.parcel.buffers.iter().map(|it| slice(it)).collect();
        self.words.0[4..6].copy_from_slice(&list(&self.objects));
        self.words.0[6..8].copy_from_slice(&list(&self.slices));
    }
}

pub(super) fn raw(reference: &Reference) -> RawReference {
    match *reference {
        Reference::Yours(handle) => RawReference {
            case: 0,
            handle: handle.raw(),
        },
        Reference::Mine(handle) => RawReference {
            case: 1,
            handle: handle.raw(),
        },
    }
}

pub(super) fn slice(bytes: &[u8]) -> Slice {
    list(bytes)
}

pub(super) fn list<T>(elements: &[T]) -> Slice {
    [elements.as_ptr().expose_provenance(), elements.len()]
}
