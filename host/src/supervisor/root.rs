//! Roots: where the objects of a supervised plugin are got from, in whichever life it is.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Supervisor;
use crate::describe::ClassInfo;
use crate::options::IntoPublished;
use crate::{
    Args, CallOptions, IntoArgs, Object, ObjectRef, Outcome, Parcel, Pending, Proxy, Result,
};

/// A module of a supervised plugin, or what a path from there leads to: looked up in the plugin's current life with each
/// call. What a call returns belongs to that life.
///
/// A call that comes while the plugin is being started again waits for that, no longer than
/// [`SupervisorBuilder::patience`](crate::SupervisorBuilder::patience) says, nor than its own patience. A call that is under
/// way when the plugin dies fails, and is not made again: nobody knows how far it came.
///
/// A clone is the same root. It keeps the supervisor going.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use std::time::Duration;
/// # use locum::{CallOptions, Host, Proxy, Supervisor};
/// let supervisor = Supervisor::builder(&Host::new()?, "samples.wasm").start()?;
/// let samples = supervisor.root("samples");
/// assert_eq!(samples.get::<i64>("LIMIT")?, 10);
/// assert_eq!(samples.call::<i64>("echo", (1,))?, 1);
/// let echo = samples.at("echo").with(CallOptions::new().patience(Duration::from_secs(5)));
/// assert_eq!(echo.invoke::<i64>((2,))?, 2);
/// assert_eq!(samples.start::<i64>("echo", (3,))?.wait()?, 3);
/// samples.post("echo", (4,))?;
/// assert!(samples.set("LIMIT", 11).is_err()); // a module does not change
/// let now: Proxy = echo.resolve()?; // of this life
/// let always: Proxy = echo.proxy(); // for other plugins: it leads to whichever life there is
/// supervisor.reload()?;
/// assert!(now.invoke::<i64>((5,)).is_err());
/// assert_eq!(always.invoke::<i64>((6,))?, 6);
/// # supervisor.stop()?;
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone)]
pub struct Root {
    supervisor: Supervisor,
    module: Arc<str>,
    path: Arc<str>,
    options: CallOptions,
}

impl Root {
    pub(super) fn new(supervisor: Supervisor, module: &str) -> Root {
        Root {
            supervisor,
            module: module.into(),
            path: "".into(),
            options: CallOptions::new(),
        }
    }

    /// The root of an attribute, or of one at the end of a path: `counters.at("Counter")`. Nothing is looked up before it
    /// is used.
    #[must_use]
    pub fn at(&self, path: &str) -> Root {
        let path = match (&*self.path, path) {
            (_, "") => self.path.clone(),
            ("", path) => path.into(),
            (before, path) => format!("{before}.{path}").into(),
        };
        Root {
            path,
            ..self.clone()
        }
    }

    /// The same root with options for its calls; what they leave open stays as it is.
    #[must_use]
    pub fn with(&self, options: CallOptions) -> Root {
        Root {
            options: options.or(self.options),
            ..self.clone()
        }
    }

    /// Calls a method or a function; see [`Proxy::call`].
    ///
    /// # Errors
    /// As for [`Proxy::call`]; [`Closed`](crate::Kind::Closed) when the plugin is not there, saying why and whether it will be.
    pub fn call<R: DeserializeOwned + 'static>(
        &self,
        name: &str,
        args: impl IntoArgs,
    ) -> Result<R> {
        self.within(|it| it.call(name, args))
    }

    /// Calls what the root leads to itself; see [`Proxy::invoke`].
    ///
    /// # Errors
    /// As for [`call`](Root::call).
    pub fn invoke<R: DeserializeOwned + 'static>(&self, args: impl IntoArgs) -> Result<R> {
        self.call("", args)
    }

    /// Reads an attribute; see [`Proxy::get`].
    ///
    /// # Errors
    /// As for [`call`](Root::call).
    pub fn get<R: DeserializeOwned + 'static>(&self, name: &str) -> Result<R> {
        self.within(|it| it.get(name))
    }

    /// Writes an attribute; see [`Proxy::set`].
    ///
    /// # Errors
    /// As for [`call`](Root::call).
    pub fn set<T: Serialize>(&self, name: &str, value: T) -> Result<()> {
        self.within(|it| it.set(name, value))
    }

    /// Starts a call in the current life; see [`Proxy::start`].
    ///
    /// # Errors
    /// [`Closed`](crate::Kind::Closed) when the plugin is not there; everything else shows later.
    pub fn start<R: DeserializeOwned + 'static>(
        &self,
        name: &str,
        args: impl IntoArgs,
    ) -> Result<Pending<R>> {
        self.within(|it| Ok(it.start(name, args)))
    }

    /// Makes a call that nobody waits for, in the current life; see [`Proxy::post`].
    ///
    /// # Errors
    /// As for [`start`](Root::start).
    pub fn post(&self, name: &str, args: impl IntoArgs) -> Result<()> {
        self.within(|it| it.post(name, args))
    }

    /// A proxy to what the root leads to in the current life. It belongs to that life, and ends with it.
    ///
    /// # Errors
    /// As for [`call`](Root::call).
    pub fn resolve(&self) -> Result<Proxy> {
        self.within(|it| it.resolve())
    }

    /// An object of this program that passes everything on to what the root leads to: other plugins that were given it
    /// reach the plugin in whichever life it is. It keeps the supervisor going, as the root does.
    pub fn proxy(&self) -> Proxy {
        Proxy::local(Arc::new(Through(self.clone())))
    }

    /// Does something with the proxy of the current life, which is not closed in order before that has ended.
    fn within<R>(&self, work: impl FnOnce(Proxy) -> Result<R>) -> Result<R> {
        let inner = &self.supervisor.0;
        let patience = self.options.or(inner.call_options()).patience_limit();
        let most = patience.map_or(inner.patience, |own| own.min(inner.patience));
        let (lease, waited) = inner.lease(most)?;
        let mut options = self.options;
        if let (Some(patience), false) = (patience, waited.is_zero()) {
            // The call itself has what is left.
            let left = patience.saturating_sub(waited);
            options = options.patience(left.max(Duration::from_millis(1)));
        }
        let module = lease.module(&self.module)?;
        let target = if self.path.is_empty() {
            module
        } else {
            module.at(&self.path)
        };
        work(target.with(options))
    }

    fn text(&self) -> String {
        match &*self.path {
            "" => self.module.to_string(),
            path => format!("{}.{path}", self.module),
        }
    }
}

impl fmt::Debug for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Root {}@{}>", self.text(), self.supervisor.name())
    }
}

impl IntoPublished for Root {
    fn into_published(self) -> ObjectRef {
        Arc::new(Through(self))
    }
}

/// A root as an object of the host's.
struct Through(Root);

impl Through {
    fn within<R>(&self, work: impl FnOnce(ObjectRef) -> Result<R>) -> Result<R> {
        self.0.within(|it| work(it.into_object()))
    }
}

impl Object for Through {
    fn type_name(&self) -> &str {
        match &*self.0.path {
            "" => &self.0.module,
            path => path,
        }
    }
    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        self.within(|it| it.call(name, args))
    }
    fn get(self: Arc<Self>, name: &str) -> Result<Outcome> {
        self.within(|it| it.get(name))
    }
    fn set(self: Arc<Self>, name: &str, value: Parcel) -> Result<()> {
        self.within(|it| it.set(name, value))
    }
    fn value(self: Arc<Self>) -> Result<Parcel> {
        self.within(|it| it.value())
    }
    fn describe(&self) -> ClassInfo {
        self.within(|it| Ok(it.describe())).unwrap_or_default()
    }
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}
