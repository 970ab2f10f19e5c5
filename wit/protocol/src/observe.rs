//! Looking on while calls are made.

use crate::{CallMode, Error, Peer, ReplyMode, Result, Stats};

/// Runs something, once, in the context that it was taken from.
pub type Context = Box<dyn FnOnce(&mut dyn FnMut()) + Send>;

/// Looks on while calls are made: for logs, spans and statistics.
pub trait Observer: Send + Sync {
    /// Whether anybody looks now. While it says no, calls are made without it.
    fn is_on(&self) -> bool;

    /// Runs a call, once, and learns what came of it.
    fn observe(&self, crossing: &Crossing<'_>, run: &mut dyn FnMut() -> Crossed);

    /// The context of the thread that starts a call, for whichever thread comes to make it.
    fn context(&self) -> Option<Context> {
        None
    }

    /// The peer itself is gone, whether it was closed before or nobody holds it any more. What had gone to and fro by then is
    /// in `last`, where nothing is lent any more.
    ///
    /// It may be told on any thread, in the middle of whatever let the last reference go.
    fn gone(&self, last: &Stats) {
        let _ = last;
    }
}

/// A request on its way to an object.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Crossing<'a> {
    /// The peer at the other end.
    pub peer: &'a str,
    /// Whether the other end asks, and an object of this one is called.
    pub inward: bool,
    /// `call`, `get` or `set`; or `import`, `transfer` or `describe`.
    pub verb: &'static str,
    /// The type of the object, as its owner calls it; empty when the other end as a whole is asked.
    pub type_name: &'a str,
    /// The path that is asked for, or the module that is imported.
    pub path: &'a str,
    /// How the call was made. The other end does not tell, so an inward one is always [`CallMode::Call`].
    pub mode: CallMode,
    /// How the result is to travel.
    pub reply: ReplyMode,
    /// Bytes of the arguments, buffers included.
    pub bytes: u64,
}

/// What came of a request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Crossed {
    /// Bytes of the result, buffers included.
    pub bytes: u64,
    /// Why it failed.
    pub error: Option<Error>,
}

impl<'a> Crossing<'a> {
    /// A request to the other end as a whole.
    pub(crate) fn of_peer(peer: &'a Peer, inward: bool, verb: &'static str, path: &'a str) -> Self {
        Crossing {
            peer: peer.name(),
            inward,
            verb,
            type_name: "",
            path,
            mode: CallMode::Call,
            reply: ReplyMode::Auto,
            bytes: 0,
        }
    }
}

impl Peer {
    /// What a call that is started now takes along.
    #[inline]
    pub(crate) fn context(&self) -> Option<Context> {
        let observer = self.observer()?;
        observer.is_on().then(|| observer.context())?
    }

    /// Whether anybody looks on now.
    #[inline]
    pub(crate) fn is_observed(&self) -> bool {
        self.observer().is_some_and(|observer| observer.is_on())
    }

    /// Makes a request, under the eyes of whoever looks on.
    #[inline]
    pub(crate) fn observed<'a, T: Sized>(
        &self,
        crossing: impl FnOnce() -> Crossing<'a>,
        size: impl Fn(&T) -> u64,
        run: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        match self.observer() {
            Some(observer) if observer.is_on() => observed(&**observer, &crossing(), size, run),
            _ => run(),
        }
    }
}

#[cold]
fn observed<T>(
    observer: &dyn Observer,
    crossing: &Crossing<'_>,
    size: impl Fn(&T) -> u64,
    run: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let (mut run, mut result) = (Some(run), None);
    observer.observe(crossing, &mut || {
        let Some(run) = run.take() else {
            return Crossed {
                bytes: 0,
                error: None,
            };
        };
        let made = run();
        let crossed = match &made {
            Ok(made) => Crossed {
                bytes: size(made),
                error: None,
            },
            Err(error) => Crossed {
                bytes: 0,
                error: Some(error.clone()),
            },
        };
        result = Some(made);
        crossed
    });
    match (result, run) {
        (Some(result), _) => result,
        // It looks on; whether the call is made is not for it to say.
        (None, Some(run)) => run(),
        (None, None) => Err(Error::new(
            crate::Kind::Protocol,
            "the observer panicked while the call was made",
        )),
    }
}
