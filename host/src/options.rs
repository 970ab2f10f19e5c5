//! How a plugin is started.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::{CallOptions, Grants, Leak, Limits, ObjectRef, PostError, Proxy};

/// How a plugin is started. What is left open is decided by the host's defaults, then by Locum's.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use std::time::Duration;
/// # use locum::{CallOptions, Grants, Host, Limits, LoadOptions, Output, callback};
/// let options = LoadOptions::new()
///     .name("night shift")
///     .limits(Limits::default())
///     .memory_bytes(16 << 20)
///     .deadline(Duration::from_secs(2))
///     .fuel(1_000_000_000) // instructions in one call, about
///     .grants(Grants::new().output(Output::log()))
///     .publish("greet", callback(|name: String| format!("hello {name}")))
///     .call_options(CallOptions::new().patience(Duration::from_secs(10)))
///     .on_leak(|leak| eprintln!("{leak}"));
/// let plugin = Host::new()?.load_with("samples.wasm", options)?;
/// assert_eq!(plugin.name(), "night shift");
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct LoadOptions {
    pub(crate) name: Option<String>,
    limits: Option<Limits>,
    memory_bytes: Option<usize>,
    deadline: Option<Duration>,
    fuel: Option<u64>,
    pub(crate) grants: Option<Grants>,
    pub(crate) published: BTreeMap<String, ObjectRef>,
    pub(crate) calls: CallOptions,
    pub(crate) on_post_error: Option<Hook<PostError>>,
    pub(crate) on_leak: Option<Hook<Leak>>,
}

type Hook<T> = Arc<dyn Fn(&T) + Send + Sync>;

impl LoadOptions {
    /// Nothing said yet.
    pub fn new() -> LoadOptions {
        LoadOptions::default()
    }

    /// What the plugin is called in errors and in the texts of its proxies, instead of its file's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> LoadOptions {
        self.name = Some(name.into());
        self
    }

    /// What the plugin may take and how long it may run.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> LoadOptions {
        self.limits = Some(limits);
        self
    }

    /// [`Limits::memory_bytes`], whatever the rest of the limits is.
    #[must_use]
    pub fn memory_bytes(mut self, bytes: usize) -> LoadOptions {
        self.memory_bytes = Some(bytes);
        self
    }

    /// [`Limits::deadline`], whatever the rest of the limits is.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> LoadOptions {
        self.deadline = Some(deadline);
        self
    }

    /// [`Limits::fuel`], whatever the rest of the limits is.
    #[must_use]
    pub fn fuel(mut self, instructions: u64) -> LoadOptions {
        self.fuel = Some(instructions);
        self
    }

    /// What the plugin may see of the world outside, instead of what its host's grants say. Default: nothing.
    #[must_use]
    pub fn grants(mut self, grants: Grants) -> LoadOptions {
        self.grants = Some(grants);
        self
    }

    /// Offers an object to the plugin, which imports it by this name. It can import nothing else.
    #[must_use]
    pub fn publish(mut self, name: impl Into<String>, object: impl IntoPublished) -> LoadOptions {
        self.published.insert(name.into(), object.into_published());
        self
    }

    /// How calls of proxies into the plugin are made, unless a proxy says otherwise.
    #[must_use]
    pub fn call_options(mut self, options: CallOptions) -> LoadOptions {
        self.calls = options;
        self
    }

    /// Who is told when a posted call fails, besides the log. It is told on the thread that made the call, perhaps a
    /// worker's.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use std::sync::mpsc;
    /// # use locum::{Host, LoadOptions, Proxy};
    /// let (tell, told) = mpsc::channel();
    /// let options = LoadOptions::new().on_post_error(move |lost| drop(tell.send(lost.to_string())));
    /// let plugin = Host::new()?.load_with("counters.wasm", options)?;
    /// let counter: Proxy = plugin.import("counters")?.call("Counter", (10,))?;
    /// counter.post("add", ("two",))?; // nobody waits for it
    /// let lost = told.recv().unwrap();
    /// assert!(lost.starts_with("the posted call of `Counter.add` at `counters` failed: TypeError"), "{lost}");
    /// # Ok::<(), locum::Error>(())
    /// ```
    #[must_use]
    pub fn on_post_error(
        mut self,
        hook: impl Fn(&PostError) + Send + Sync + 'static,
    ) -> LoadOptions {
        self.on_post_error = Some(Arc::new(hook));
        self
    }

    /// Who is told when the plugin is closed while something of it is still held here, or the other way round. In debug
    /// builds the log is told too.
    #[must_use]
    pub fn on_leak(mut self, hook: impl Fn(&Leak) + Send + Sync + 'static) -> LoadOptions {
        self.on_leak = Some(Arc::new(hook));
        self
    }

    /// The limits that hold, `otherwise` being those of whoever is asked next.
    pub(crate) fn resolved(&self, otherwise: impl FnOnce() -> Limits) -> Limits {
        let mut limits = self.limits.clone().unwrap_or_else(otherwise);
        limits.memory_bytes = self.memory_bytes.unwrap_or(limits.memory_bytes);
        limits.deadline = self.deadline.unwrap_or(limits.deadline);
        limits.fuel = self.fuel.or(limits.fuel);
        limits
    }

    pub(crate) fn or(mut self, defaults: &LoadOptions) -> LoadOptions {
        self.name = self.name.or_else(|| defaults.name.clone());
        self.limits = Some(self.resolved(|| defaults.resolved(Limits::default)));
        self.grants = self.grants.or_else(|| defaults.grants.clone());
        self.calls = self.calls.or(defaults.calls);
        self.on_post_error = self
            .on_post_error
            .or_else(|| defaults.on_post_error.clone());
        self.on_leak = self.on_leak.or_else(|| defaults.on_leak.clone());
        for (name, object) in &defaults.published {
            self.published
                .entry(name.clone())
                .or_insert_with(|| object.clone());
        }
        self
    }
}

/// What can be published: an object of the host, or a module of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can not be published to a plugin",
    note = "publish a `Module`, a `Shared<T>` of a type with `#[object]`, or a `Proxy` (a `callback(..)` is one)"
)]
pub trait IntoPublished {
    #[doc(hidden)]
    fn into_published(self) -> ObjectRef;
}

impl IntoPublished for crate::Module {
    fn into_published(self) -> ObjectRef {
        Arc::new(self)
    }
}

impl IntoPublished for ObjectRef {
    fn into_published(self) -> ObjectRef {
        self
    }
}

impl<T: crate::Class> IntoPublished for crate::Shared<T> {
    fn into_published(self) -> ObjectRef {
        self.proxy().into_object()
    }
}

impl IntoPublished for Proxy {
    fn into_published(self) -> ObjectRef {
        self.into_object()
    }
}
