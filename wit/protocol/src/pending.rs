//! The result of a call that was started and not yet collected.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use crate::proxy::receive;
use crate::started::Running;
use crate::threads::Waited;
use crate::{Error, Kind, Parcel, Result};

/// The result of a call that was [started](crate::Proxy::start): poll it, wait for it, or `.await` it from any executor.
///
/// The result is handed out once. Dropping it says that nobody is interested; the call is made all the same.
///
/// ```
/// # use std::time::Duration;
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let list = plugin.transfer(&vec![1, 2])?;
/// let mut first = list.start::<i64>("pop", ());
/// let second = list.start::<i64>("pop", ());
/// assert_eq!(second.wait_for(Duration::from_secs(10))?, 1); // which is made after the first
/// assert!(first.is_ready());
/// assert_eq!(first.try_take().transpose()?, Some(2));
/// assert!(first.try_take().is_none()); // it is handed out once
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[must_use = "a call whose result and failure do not matter is posted"]
pub struct Pending<R> {
    handle: Outstanding,
    patience: Option<Duration>,
    _result: PhantomData<fn() -> R>,
}

/// A [`Pending`] whatever its type, as an error carries it.
#[derive(Clone)]
pub(crate) struct Outstanding {
    source: Source,
    /// For errors about the result.
    type_name: Arc<str>,
    name: Arc<str>,
}

#[derive(Clone)]
enum Source {
    Running(Running),
    /// What needed no waiting; `None` when it was taken.
    Ready(Option<Result<Parcel>>),
}

impl Outstanding {
    pub(crate) fn running(running: Running, type_name: Arc<str>, name: Arc<str>) -> Outstanding {
        Outstanding {
            source: Source::Running(running),
            type_name,
            name,
        }
    }

    pub(crate) fn ready(result: Result<Parcel>, type_name: &str, name: &str) -> Outstanding {
        Outstanding {
            source: Source::Ready(Some(result)),
            type_name: type_name.into(),
            name: name.into(),
        }
    }

    fn is_ready(&self) -> bool {
        match &self.source {
            Source::Running(running) => running.is_finished(),
            Source::Ready(_) => true,
        }
    }

    fn take(&mut self) -> Option<Result<Parcel>> {
        match &mut self.source {
            Source::Running(running) => running.take(),
            Source::Ready(result) => result.take(),
        }
    }

    /// The result; or, when the time is up, the error that carries this.
    pub(crate) fn wait(mut self, patience: Option<Duration>) -> Result<Parcel> {
        if let Source::Running(running) = &self.source {
            // A time that no clock can tell is for ever.
            let until = patience.and_then(|patience| Instant::now().checked_add(patience));
            match running.wait(until) {
                Waited::Ready => {}
                Waited::TimedOut => return Err(self.timed_out(patience.unwrap_or_default())),
                Waited::Circle => return Err(self.waits_for_itself()),
            }
        }
        self.take().unwrap_or_else(|| Err(self.taken()))
    }

    fn callee(&self) -> String {
        match &*self.name {
            "" => self.type_name.to_string(),
            name => format!("{}.{name}", self.type_name),
        }
    }

    #[cold]
    fn timed_out(self, patience: Duration) -> Error {
        let text = format!(
            "`{}` has not answered within {patience:?}; it goes on, and `Error::pending` has its result later",
            self.callee()
        );
        Error::new(Kind::Timeout, text).with_pending(self)
    }

    #[cold]
    fn waits_for_itself(self) -> Error {
        let text = format!(
            "`{}` can not be waited for here: it can only go on when the call that waits for it has ended",
            self.callee()
        );
        Error::new(Kind::Busy, text).with_pending(self)
    }

    #[cold]
    fn taken(&self) -> Error {
        Error::value(format!(
            "the result of `{}` has been taken already",
            self.callee()
        ))
    }

    pub(crate) fn with_patience<R>(self, patience: Option<Duration>) -> Pending<R> {
        Pending {
            handle: self,
            patience,
            _result: PhantomData,
        }
    }
}

impl<R: DeserializeOwned + 'static> Pending<R> {
    /// Whether the result is there. It stays so when the result has been taken.
    pub fn is_ready(&self) -> bool {
        self.handle.is_ready()
    }

    /// The result, if it is there and has not been taken; does not wait.
    pub fn try_take(&mut self) -> Option<Result<R>> {
        let result = self.handle.take()?;
        Some(self.decode(result))
    }

    /// Waits for the result, for as long as the proxy that the call was started on is patient.
    ///
    /// ```
    /// # use locum_protocol::Kind;
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let empty = plugin.transfer(&Vec::<i64>::new())?;
    /// let error = empty.start::<i64>("pop", ()).wait().unwrap_err();
    /// assert_eq!(error.kind(), Kind::IndexError);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// What the call answered. [`Timeout`](Kind::Timeout) when patience ends first, and [`Busy`](Kind::Busy) when the
    /// call could only go on after this wait; both carry the pending result ([`Error::pending`]).
    pub fn wait(self) -> Result<R> {
        let patience = self.patience;
        self.wait_with(patience)
    }

    /// Waits for the result no longer than this.
    ///
    /// # Errors
    /// As for [`wait`](Pending::wait).
    pub fn wait_for(self, patience: Duration) -> Result<R> {
        self.wait_with(Some(patience))
    }

    fn wait_with(self, patience: Option<Duration>) -> Result<R> {
        let Pending { handle, .. } = self;
        let (type_name, name) = (handle.type_name.clone(), handle.name.clone());
        receive(handle.wait(patience)?, &type_name, &name)
    }

    fn decode(&self, result: Result<Parcel>) -> Result<R> {
        receive(result?, &self.handle.type_name, &self.handle.name)
    }
}

impl<R: DeserializeOwned + 'static> Future for Pending<R> {
    type Output = Result<R>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<R>> {
        if let Source::Running(running) = &self.handle.source {
            running.on_finish(context.waker());
            if !running.is_finished() {
                return Poll::Pending;
            }
        }
        match self.try_take() {
            Some(result) => Poll::Ready(result),
            None => Poll::Ready(Err(self.handle.taken())),
        }
    }
}

impl<R> fmt::Debug for Pending<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ready = if self.handle.is_ready() {
            "ready"
        } else {
            "not ready"
        };
        write!(f, "<Pending {} ({ready})>", self.handle.callee())
    }
}

impl Error {
    /// The result that the error's call will have, when patience has ended before the call did.
    ///
    /// ```
    /// # fn later(error: locum_protocol::Error) -> locum_protocol::Result<i64> {
    /// match error.pending::<i64>() {
    ///     Some(pending) => pending.wait(),
    ///     None => Err(error),
    /// }
    /// # }
    /// ```
    pub fn pending<R: DeserializeOwned + 'static>(&self) -> Option<Pending<R>> {
        self.pending_handle()
            .cloned()
            .map(|handle| handle.with_patience(None))
    }
}
