//! How a peer shall work, and whom it tells what nobody waits for.

use std::fmt;
use std::sync::Arc;

use super::{Inner, Peer, Stats};
use crate::observe::Observer;
use crate::proxy::Import;
use crate::{CallOptions, Error, PeerLimits};

/// How a [`Peer`] shall work. What is not said stays as it is by default.
///
/// ```
/// # use std::sync::{Arc, Mutex};
/// # use locum_protocol::{Modules, PeerLimits, Setup, pair_with_setup};
/// let told = Arc::new(Mutex::new(Vec::new()));
/// let (posts, leaks) = (told.clone(), told.clone());
/// let mut limits = PeerLimits::default();
/// limits.message_bytes = 1 << 20;
/// let setup = Setup::new()
///     .limits(limits)
///     .on_post_error(move |lost| posts.lock().unwrap().push(lost.to_string()))
///     .on_leak(move |leak| leaks.lock().unwrap().push(leak.to_string()));
/// let nothing = || Arc::new(Modules::default());
/// let (plugin, _host) = pair_with_setup(("host", nothing()), ("toys", nothing()), setup);
///
/// let list = plugin.transfer(&vec![1])?;
/// list.post("pop", (7,))?; // nobody waits for it
/// plugin.close()?; // while `list` is held
/// assert_eq!(*told.lock().unwrap(), [
///     "the posted call of `list.pop` at `toys` failed: IndexError: pop index out of range",
///     "`toys` was closed while proxies to its objects were held (1 x list)",
/// ]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Setup {
    pub(crate) limits: PeerLimits,
    pub(crate) options: CallOptions,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    on_post_error: Option<Hook<PostError>>,
    on_leak: Option<Hook<Leak>>,
}

type Hook<T> = Arc<dyn Fn(&T) + Send + Sync>;

/// A posted call that failed.
///
/// ```
/// # use std::sync::{Arc, Mutex};
/// # use locum_protocol::{Kind, Modules, PostError, Setup, pair_with_setup};
/// let lost = Arc::new(Mutex::new(None));
/// let hook = lost.clone();
/// let setup = Setup::new().on_post_error(move |it: &PostError| *hook.lock().unwrap() = Some(it.clone()));
/// let nothing = || Arc::new(Modules::default());
/// let (plugin, _host) = pair_with_setup(("host", nothing()), ("toys", nothing()), setup);
/// plugin.transfer("text")?.post("sing", ())?;
/// plugin.wait_until_done(None);
/// let lost = lost.lock().unwrap().take().unwrap();
/// assert_eq!((&*lost.peer, &*lost.callee, lost.error.kind()), ("toys", "text.sing", Kind::NoSuchAttribute));
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PostError {
    /// The peer that was called.
    pub peer: String,
    /// What was called: `Counter.add`.
    pub callee: String,
    /// Why it failed.
    pub error: Error,
}

/// What was still lent when a peer was closed.
///
/// ```
/// # use std::sync::{Arc, Mutex};
/// # use locum_protocol::{Leak, Modules, Setup, pair_with_setup};
/// let held = Arc::new(Mutex::new(0));
/// let hook = held.clone();
/// let setup = Setup::new().on_leak(move |leak: &Leak| *hook.lock().unwrap() = leak.held.imports);
/// let nothing = || Arc::new(Modules::default());
/// let (plugin, _host) = pair_with_setup(("host", nothing()), ("toys", nothing()), setup);
/// let forgotten = plugin.transfer("text")?;
/// plugin.close()?;
/// assert_eq!(*held.lock().unwrap(), 1);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Leak {
    /// The peer that was closed.
    pub peer: String,
    /// What was lent in each direction, by type: `imports` are held here, `exports` over there.
    pub held: Stats,
}

impl Setup {
    /// Nothing said yet.
    pub fn new() -> Setup {
        Setup::default()
    }

    /// The bounds on what the other end may send.
    #[must_use]
    pub fn limits(mut self, limits: PeerLimits) -> Setup {
        self.limits = limits;
        self
    }

    /// What calls of proxies inherit.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use locum_protocol::{CallOptions, Setup};
    /// let setup = Setup::new().call_options(CallOptions::new().patience(Duration::from_secs(5)));
    /// ```
    #[must_use]
    pub fn call_options(mut self, options: CallOptions) -> Setup {
        self.options = options;
        self
    }

    /// Who is told of each call, in both directions.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Crossed, Crossing, Observer, Setup};
    /// struct Deaf;
    ///
    /// impl Observer for Deaf {
    ///     fn is_on(&self) -> bool {
    ///         false
    ///     }
    ///     fn observe(&self, _: &Crossing<'_>, run: &mut dyn FnMut() -> Crossed) {
    ///         run();
    ///     }
    /// }
    /// let setup = Setup::new().observer(Arc::new(Deaf));
    /// ```
    #[must_use]
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Setup {
        self.observer = Some(observer);
        self
    }

    /// Who is told when a posted call fails. It is told on the thread that made the call, perhaps a worker's.
    #[must_use]
    pub fn on_post_error(mut self, hook: impl Fn(&PostError) + Send + Sync + 'static) -> Setup {
        self.on_post_error = Some(Arc::new(hook));
        self
    }

    /// Who is told when the peer is closed while something is still lent.
    #[must_use]
    pub fn on_leak(mut self, hook: impl Fn(&Leak) + Send + Sync + 'static) -> Setup {
        self.on_leak = Some(Arc::new(hook));
        self
    }
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("limits", &self.limits)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for PostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the posted call of `{}` at `{}` failed: {}",
            self.callee, self.peer, self.error
        )
    }
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |types: &[(String, usize)]| {
            let types: Vec<String> = types
                .iter()
                .map(|(name, count)| format!("{count} x {name}"))
                .collect();
            types.join(", ")
        };
        write!(f, "`{}` was closed while", self.peer)?;
        let Stats {
            imports_by_type,
            exports_by_type,
            ..
        } = &self.held;
        if !imports_by_type.is_empty() {
            write!(
                f,
                " proxies to its objects were held ({})",
                list(imports_by_type)
            )?;
        }
        if !imports_by_type.is_empty() && !exports_by_type.is_empty() {
            f.write_str(" and")?;
        }
        if !exports_by_type.is_empty() {
            write!(
                f,
                " it held objects of this side ({})",
                list(exports_by_type)
            )?;
        }
        Ok(())
    }
}

impl Peer {
    /// Tells of a posted call that has failed.
    #[cold]
    pub(crate) fn lost(&self, import: &Import, path: &str, error: &Error) {
        if let Some(hook) = &self.0.setup.on_post_error {
            hook(&PostError {
                peer: self.name().to_owned(),
                callee: import.callee(path),
                error: error.clone(),
            });
        }
    }

    /// Tells what is still lent, now that the other end has given back what it would.
    #[cold]
    pub(super) fn report_leaks(&self) {
        let Inner { setup, .. } = &*self.0;
        if let Some(hook) = &setup.on_leak {
            let held = self.lent();
            if held.exports + held.imports > 0 {
                hook(&Leak {
                    peer: self.name().to_owned(),
                    held,
                });
            }
        }
    }
}
