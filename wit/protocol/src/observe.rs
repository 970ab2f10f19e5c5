//! Looking on while calls are made.

use crate::{CallMode, Error, Peer, ReplyMode, Result, Stats};

/// Runs something, once, in the context that it was taken from.
///
/// ```
/// # use locum_protocol::Context;
/// let span = "request 7".to_owned(); // of the thread that starts a call
/// let context: Context = Box::new(move |run| {
///     println!("in {span}"); // on the thread that makes it
///     run()
/// });
/// let mut made = false;
/// context(&mut || made = true);
/// assert!(made);
/// ```
pub type Context = Box<dyn FnOnce(&mut dyn FnMut()) + Send>;

/// Looks on while calls are made: for logs, spans and statistics.
///
/// ```
/// # use std::sync::{Arc, Mutex};
/// # use locum_protocol::{Crossed, Crossing, Modules, Observer, Setup, pair_with_setup};
/// #[derive(Default)]
/// struct Log(Mutex<Vec<String>>);
///
/// impl Observer for Log {
///     fn is_on(&self) -> bool {
///         true
///     }
///     fn observe(&self, crossing: &Crossing<'_>, run: &mut dyn FnMut() -> Crossed) {
///         let crossed = run();
///         let Crossing { verb, type_name, path, .. } = crossing;
///         let end = if crossed.error.is_some() { "failed" } else { "done" };
///         self.0.lock().unwrap().push(format!("{verb} {type_name}.{path}: {end}"));
///     }
/// }
///
/// let log = Arc::new(Log::default());
/// let nothing = || Arc::new(Modules::default());
/// let setup = Setup::new().observer(log.clone());
/// let (plugin, _host) = pair_with_setup(("host", nothing()), ("plugin", nothing()), setup);
/// plugin.transfer(&vec![1])?.len()?;
/// // Both ends look on here: each call is seen twice.
/// assert!(log.0.lock().unwrap().contains(&"call list.__len__: done".to_owned()));
/// # Ok::<(), locum_protocol::Error>(())
/// ```
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
///
/// ```
/// # use locum_protocol::{CallMode, Crossing};
/// /// What a log would say of it.
/// fn line(crossing: &Crossing<'_>) -> String {
///     let way = if crossing.inward { "from" } else { "to" };
///     let how = if crossing.mode == CallMode::Post { ", posted" } else { "" };
///     format!("{} {}.{} {way} {}{how}", crossing.verb, crossing.type_name, crossing.path, crossing.peer)
/// }
/// # struct Look(std::sync::Mutex<String>);
/// # impl locum_protocol::Observer for Look {
/// #     fn is_on(&self) -> bool { true }
/// #     fn observe(&self, crossing: &Crossing<'_>, run: &mut dyn FnMut() -> locum_protocol::Crossed) {
/// #         if !crossing.inward { *self.0.lock().unwrap() = line(crossing); }
/// #         run();
/// #     }
/// # }
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, Setup, pair_with_setup};
/// # let look = Arc::new(Look(Default::default()));
/// # let nothing = || Arc::new(Modules::default());
/// # let setup = Setup::new().observer(look.clone());
/// # let (plugin, _host) = pair_with_setup(("host", nothing()), ("plugin", nothing()), setup);
/// # plugin.transfer(&vec![1])?.len()?;
/// # let seen = look.0.lock().unwrap().clone();
/// assert_eq!(seen, "call list.__len__ to plugin");
/// # Ok::<(), locum_protocol::Error>(())
/// ```
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
///
/// ```
/// # use locum_protocol::{Crossed, Kind};
/// /// Whether the plugin itself is gone with it.
/// fn is_the_end(crossed: &Crossed) -> bool {
///     crossed.error.as_ref().is_some_and(|error| error.kind().is_fatal())
/// }
/// # struct Look;
/// # impl locum_protocol::Observer for Look {
/// #     fn is_on(&self) -> bool { true }
/// #     fn observe(&self, _: &locum_protocol::Crossing<'_>, run: &mut dyn FnMut() -> Crossed) {
/// #         let crossed = run();
/// #         assert!(crossed.error.is_some() && !is_the_end(&crossed));
/// #     }
/// # }
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, Setup, pair_with_setup};
/// # let nothing = || Arc::new(Modules::default());
/// # let setup = Setup::new().observer(Arc::new(Look));
/// # let (plugin, _host) = pair_with_setup(("host", nothing()), ("plugin", nothing()), setup);
/// # assert_eq!(plugin.import("no such").unwrap_err().kind(), Kind::NoSuchModule);
/// ```
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
