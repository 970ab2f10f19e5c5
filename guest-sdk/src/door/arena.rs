//! Where the host puts what it sends.
//!
//! The canonical ABI has the host ask the plugin for memory, once for each text and list of a message, and the plugin owns
//! it from then on. From the allocator of the program that would cost more than serving a small message does. So small
//! pieces go to one arena, which is empty again as soon as the message has been taken over, before anything else runs; only
//! large ones are allocated.
//!
//! **Invariant:** the arena holds pieces of one message at a time. The host asks for memory for a message right before it
//! calls the export, or returns from the import, that takes it over.

use std::alloc::{self, Layout};
use std::cell::{Cell, UnsafeCell};
use std::mem::MaybeUninit;
use std::slice;

use locum_protocol::Item;

use super::reply;

const BYTES: usize = 2048;

/// What a plugin has one of, since it has one thread.
pub(super) struct Single<T>(pub(super) T);

// SAFETY: WebAssembly without threads has one, and these files are not compiled for anything else.
unsafe impl<T> Sync for Single<T> {}

#[repr(align(16))]
struct Space(UnsafeCell<[MaybeUninit<u8>; BYTES]>);

static SPACE: Single<Space> = Single(Space(UnsafeCell::new([MaybeUninit::uninit(); BYTES])));
static USED: Single<Cell<usize>> = Single(Cell::new(0));

/// Whether the plugin waits for an answer that it takes over from the arena. All other imports (those of WASI are the C
/// library's) free what they get.
static WAITING: Single<Cell<bool>> = Single(Cell::new(false));

/// Runs the program's constructors before anything else of it, once.
#[inline(always)]
pub(super) fn construct() {
    static IS_DONE: Single<Cell<bool>> = Single(Cell::new(false));
    if !IS_DONE.0.replace(true) {
        wit_bindgen::rt::run_ctors_once();
    }
}

/// Runs an import whose answer is taken over from the arena.
#[inline]
pub(super) fn waiting(import: impl FnOnce()) {
    WAITING.0.set(true);
    import();
    WAITING.0.set(false);
}

/// A message has been taken over; what is served now may wait for imports of other kinds. Gives back what to restore.
#[inline]
pub(super) fn begin() -> bool {
    reply::forget_large();
    USED.0.set(0);
    WAITING.0.replace(false)
}

/// The served message is answered.
#[inline]
pub(super) fn end(waiting: bool) {
    WAITING.0.set(waiting);
}

/// The answer of an import has been taken over.
#[inline]
pub(super) fn empty() {
    USED.0.set(0);
}

fn start() -> *mut u8 {
    SPACE.0.0.get().cast()
}

fn is_inside(pointer: *const u8) -> bool {
    pointer.addr().wrapping_sub(start().addr()) < BYTES
}

#[inline(always)]
fn give(align: usize, len: usize) -> *mut u8 {
    // What the host aligns to is a power of two.
    let from = (USED.0.get() + align - 1) & !(align - 1);
    if align <= 16 && len <= BYTES && from <= BYTES - len {
        USED.0.set(from + len);
        // SAFETY: `from + len` is within the space.
        return unsafe { start().add(from) };
    }
    give_large(align, len)
}

#[cold]
fn give_large(align: usize, len: usize) -> *mut u8 {
    if len == 0 {
        return std::ptr::without_provenance_mut(align);
    }
    // The last answer has been read, and may be as large as what comes now.
    reply::forget();
    let Ok(layout) = Layout::from_size_align(len, align) else {
        std::process::abort();
    };
    // SAFETY: the length is not 0.
    let given = unsafe { alloc::alloc(layout) };
    if given.is_null() {
        alloc::handle_alloc_error(layout);
    }
    given
}

/// Memory for what comes in: the canonical ABI's `realloc`.
///
/// # Safety
/// The old piece is one that this gave out, of that length.
#[inline(always)]
unsafe fn realloc(old: *mut u8, old_len: usize, align: usize, len: usize) -> *mut u8 {
    match old_len {
        0 => give(align, len),
        // SAFETY: as for this function.
        _ => unsafe { give_again(old, old_len, align, len) },
    }
}

/// For a host that finds out the length of a text while it writes it.
///
/// # Safety
/// As for [`realloc`].
#[cold]
unsafe fn give_again(old: *mut u8, old_len: usize, align: usize, len: usize) -> *mut u8 {
    let given = give(align, len);
    // SAFETY: both are at least that long, and a piece is never given out twice; as for this function.
    unsafe {
        given.copy_from_nonoverlapping(old, old_len.min(len));
        free(old, old_len, align);
    }
    given
}

/// # Safety
/// The piece is one that [`give`] gave out.
unsafe fn free(piece: *mut u8, len: usize, align: usize) {
    if len > 0 && !is_inside(piece) {
        // SAFETY: so it was allocated, with this very layout.
        unsafe { alloc::dealloc(piece, Layout::from_size_align_unchecked(len, align)) };
    }
}

/// For the arguments of exports.
///
/// # Safety
/// Called by the host, as the canonical ABI says.
#[unsafe(export_name = "cabi_export_realloc")]
unsafe extern "C" fn for_exports(
    old: *mut u8,
    old_len: usize,
    align: usize,
    len: usize,
) -> *mut u8 {
    // SAFETY: as for this function.
    unsafe { realloc(old, old_len, align, len) }
}

/// For the results of imports.
///
/// # Safety
/// Called by the host, as the canonical ABI says.
#[unsafe(export_name = "cabi_import_realloc")]
unsafe extern "C" fn for_imports(
    old: *mut u8,
    old_len: usize,
    align: usize,
    len: usize,
) -> *mut u8 {
    unsafe extern "C" {
        fn cabi_realloc(old: *mut u8, old_len: usize, align: usize, len: usize) -> *mut u8;
    }
    // SAFETY: as for this function; the C library's gives out what `free` takes.
    unsafe {
        match WAITING.0.get() {
            true => realloc(old, old_len, align, len),
            false => cabi_realloc(old, old_len, align, len),
        }
    }
}

/// Takes bytes over.
///
/// # Safety
/// They are a piece of the message that is being taken over, and taken over once.
#[inline]
pub(super) unsafe fn bytes(piece: *mut u8, len: usize) -> Item {
    if len == 0 || is_inside(piece) {
        // SAFETY: the host has written that many bytes.
        return Item::from(unsafe { slice::from_raw_parts(piece, len) });
    }
    // SAFETY: `give` has allocated it for bytes, with this capacity, and the host has written all of it.
    Item::from(unsafe { Vec::from_raw_parts(piece, len, len) })
}

/// Takes a list of one over.
///
/// # Safety
/// As for [`list`], of one element.
pub(super) unsafe fn one<T: Copy, R>(piece: *mut u8, take: impl FnOnce(T) -> R) -> R {
    // SAFETY: as for this function.
    unsafe {
        let taken = take(piece.cast::<T>().read());
        free(piece, size_of::<T>(), align_of::<T>());
        taken
    }
}

/// Takes a list of something plain over, each element turned into what it means.
///
/// # Safety
/// As for [`bytes`]; the elements are valid for `T`, which needs no drop.
pub(super) unsafe fn list<T: Copy, R>(
    piece: *mut u8,
    len: usize,
    mut each: impl FnMut(T) -> R,
) -> Vec<R> {
    let elements = piece.cast::<T>();
    // SAFETY: the host has written that many elements, at their alignment.
    let all = (0..len)
        .map(|index| each(unsafe { elements.add(index).read() }))
        .collect();
    // SAFETY: `give` gave it out with this size and alignment.
    unsafe { free(piece, len * size_of::<T>(), align_of::<T>()) };
    all
}
