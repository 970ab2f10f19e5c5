//! Who is running on this thread, innermost first: how a call finds the stack of its plugin when that stack is parked.
//!
//! A plugin that calls its host is parked: its frames lie further down on this very thread, its lock is held there,
//! and its store is borrowed there. A call back into it must run *on that stack*, with that store. So whoever enters a
//! plugin leaves a frame here, and whoever serves an import parks its store in one; [`Key::enter`] finds the innermost
//! frame of a plugin and lends out what is parked in it.
//!
//! The frames are a linked list through the native stack, its head in a thread-local `Cell`: nothing is allocated, and
//! there is no destructor that could have run already when a thread-local of the host's calls a plugin at its end.
//!
//! # Safety
//!
//! A parked context is a `&mut F::At<'a>` whose lifetime is erased into a raw pointer. That is sound because:
//!
//! 1. **It is alive.** A frame is on the list only during the closure of [`Key::park`], which borrows the context
//!    mutably for that long. The frame comes off in a destructor, so also when the closure unwinds; it never moves.
//! 2. **It is exclusive.** `park` does not touch the context while its closure runs, and a frame that is lent out is
//!    not lent out a second time: [`Key::enter`] marks it and answers [`Entry::Running`] until it is back.
//! 3. **It is of the right type.** A frame is found by the number in its key; numbers are never used twice, and a
//!    `Key<F>` parks and lends contexts of `F` only.
//! 4. **It stays on its thread.** The list is thread-local, and neither closure can outlive its call.
//! 5. **Its lifetime is not widened.** The borrower must accept `F::At<'x>` for every `'x`, so it can keep nothing of
//!    it and can not put anything of its own into it.
//! 6. **Frames end in the reverse order of their beginning**, because each is a local of a function that returns only
//!    after its closure did. The destructor checks this and aborts the process otherwise.
#![allow(unsafe_code)]

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};

/// A family of contexts that differ in a lifetime only. It exists so that this file can be tested without wasmtime.
pub(crate) trait Family: 'static {
    /// A context that lives for `'a`.
    type At<'a>;
}

/// What belongs to one plugin on every thread's list.
pub(crate) struct Key<F: Family> {
    number: u64,
    family: PhantomData<fn(F) -> F>,
}

/// What came of an attempt to enter.
pub(crate) enum Entry<R, C> {
    /// It ran on the parked stack.
    Done(R),
    /// The plugin runs on this thread but is not parked, so it can not be entered; nobody else can enter it either.
    Running,
    /// The plugin is not on this thread. Here is the closure back.
    Absent(C),
}

struct Frame {
    number: u64,
    /// The parked context with its type and lifetime erased; null while the plugin runs and nothing is parked.
    context: *mut (),
    lent: Cell<bool>,
    /// Where the outermost frame of this thread lies, as an address.
    thread_base: usize,
    /// Where the outermost frame of this plugin on this thread lies, as an address.
    plugin_base: usize,
    below: *const Frame,
}

thread_local! {
    static INNERMOST: Cell<*const Frame> = const { Cell::new(ptr::null()) };
}

impl<F: Family> Key<F> {
    /// A key that no other frame has or will have.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Key {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            family: PhantomData,
        }
    }

    /// Runs `inside` as the plugin, which can not be entered until it parks.
    pub(crate) fn occupy<R>(&self, inside: impl FnOnce() -> R) -> R {
        within(self.number, ptr::null_mut(), inside)
    }

    /// Runs `meanwhile` with the plugin parked in `context`, so that it can be entered.
    pub(crate) fn park<R>(&self, context: &mut F::At<'_>, meanwhile: impl FnOnce() -> R) -> R {
        within(self.number, ptr::from_mut(context).cast(), meanwhile)
    }

    /// Runs `call` with the context that the plugin's innermost frame on this thread has parked.
    pub(crate) fn enter<R, C>(&self, call: C) -> Entry<R, C>
    where
        C: FnOnce(&mut F::At<'_>) -> R,
    {
        // SAFETY: the frame is used within this call only.
        let Some(frame) = unsafe { frames() }.find(|frame| frame.number == self.number) else {
            return Entry::Absent(call);
        };
        if frame.context.is_null() || frame.lent.replace(true) {
            return Entry::Running;
        }
        let _back = Back(&frame.lent);
        // SAFETY: the frame is on the list, so its `park` is still running on this thread and the context is alive
        // (1, 4); it bears the number of this key, so it is an `F::At` (3); nobody else uses it, because `park` does
        // not and the mark `lent` was off until now and comes off after the call (2). The lifetime made up here can
        // not be seen by `call`, which takes any (5).
        let context = unsafe { &mut *frame.context.cast::<F::At<'_>>() };
        Entry::Done(call(context))
    }

    /// How far this thread's stack has grown since the plugin's outermost frame on it; `None` when it is not on it.
    pub(crate) fn stack_used(&self) -> Option<usize> {
        // SAFETY: the frame is used within this call only.
        let frame = unsafe { frames() }.find(|frame| frame.number == self.number)?;
        Some(here().abs_diff(frame.plugin_base))
    }
}

/// How far this thread's stack has grown since the outermost frame on it, in bytes; 0 when there is none.
pub(crate) fn stack_used() -> usize {
    // SAFETY: the frame is used within this call only.
    unsafe { frames() }
        .next()
        .map_or(0, |frame| here().abs_diff(frame.thread_base))
}

/// Whether this thread is in no plugin.
#[inline]
pub(crate) fn is_idle() -> bool {
    INNERMOST.with(Cell::get).is_null()
}

/// About where the stack ends now.
#[inline(always)]
fn here() -> usize {
    let local = 0_u8;
    ptr::from_ref(&local).addr()
}

/// Runs `inside` with a frame on the list.
fn within<R>(number: u64, context: *mut (), inside: impl FnOnce() -> R) -> R {
    let (here, below) = (here(), INNERMOST.with(Cell::get));
    // SAFETY: the frames are used within this call only.
    let (innermost, own) = unsafe {
        (
            frames().next(),
            frames().find(|frame| frame.number == number),
        )
    };
    let frame = Frame {
        number,
        context,
        lent: Cell::new(false),
        thread_base: innermost.map_or(here, |frame| frame.thread_base),
        plugin_base: own.map_or(here, |frame| frame.plugin_base),
        below,
    };
    let _popped = Pushed::new(&frame);
    inside()
}

/// This thread's frames, innermost first.
///
/// # Safety
///
/// `'a` must end before the caller returns; the frames that are on the list now stay there at least that long.
unsafe fn frames<'a>() -> impl Iterator<Item = &'a Frame> {
    let mut next = INNERMOST.with(Cell::get);
    std::iter::from_fn(move || {
        // SAFETY: every pointer on the list is null or leads to a frame in a `within` that is still running on this
        // thread (1, 4, 6), and stays so until the caller returns; frames are changed through their `Cell` only.
        let frame = unsafe { next.as_ref() }?;
        next = frame.below;
        Some(frame)
    })
}

/// Takes its frame off the list again.
struct Pushed<'a>(&'a Frame);

impl<'a> Pushed<'a> {
    fn new(frame: &'a Frame) -> Self {
        INNERMOST.with(|innermost| innermost.set(frame));
        Pushed(frame)
    }
}

impl Drop for Pushed<'_> {
    fn drop(&mut self) {
        if !ptr::eq(INNERMOST.with(Cell::get), self.0) {
            // Somebody switched stacks inside (a stackful coroutine): the list leads to frames that are gone.
            std::process::abort();
        }
        INNERMOST.with(|innermost| innermost.set(self.0.below));
    }
}

/// Marks its frame as no longer lent out.
struct Back<'a>(&'a Cell<bool>);

impl Drop for Back<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}
