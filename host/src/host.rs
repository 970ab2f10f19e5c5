//! The host: where plugins are compiled and started.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cache::Cache;
use crate::component::Component;
use crate::engine;
use crate::options::IntoPublished;
use crate::{
    Error, Grants, Kind, Limits, LoadOptions, Manifest, ObjectRef, Plugin, Result, Template, watch,
};

/// Loads plugins. A clone is the same host; it may be used from any thread.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::{Host, Limits, LoadOptions, Proxy};
/// let host = Host::new()?;
/// let counters = host.load("counters.wasm")?;
/// let again = host.load_with("counters.wasm", LoadOptions::new().name("others"))?;
/// assert_eq!((counters.name(), again.name()), ("counters", "others"));
/// let bytes = std::fs::read("counters.wasm")?; // from wherever they come
/// let unnamed = host.load_bytes("unnamed", &bytes)?;
/// let small = host.load_bytes_with("small", &bytes, LoadOptions::new().memory_bytes(4 << 20))?;
/// assert_eq!(small.import("counters")?.call::<Proxy>("Counter", (1,))?.type_name(), "Counter");
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone)]
pub struct Host(Arc<Inner>);

struct Inner {
    cache: Option<Cache>,
    options: LoadOptions,
    /// What every plugin may import that is loaded from now on.
    published: Mutex<BTreeMap<String, ObjectRef>>,
    /// How many plugins have borne a name, so that each is told from the others.
    names: Mutex<HashMap<String, u32>>,
    #[cfg(feature = "monitor")]
    monitor: Option<crate::Monitor>,
}

/// A plugin's code, ready to be started as often as one likes, and what it asks for.
#[derive(Clone)]
pub(crate) struct Code {
    component: Component,
    manifest: Option<Manifest>,
}

/// Says how a host shall work, before it does.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use std::time::Duration;
/// # use locum::{Grants, Host, Limits, LoadOptions, Output};
/// let mut limits = Limits::default();
/// limits.memory_bytes = 32 << 20;
/// let host = Host::builder()
///     .cache_dir("compiled") // instead of the user's cache directory
///     .limits(limits)
///     .grants(Grants::new().output(Output::inherit()))
///     .build()?;
/// assert_eq!(host.template("counters.wasm")?.limits().memory_bytes, 32 << 20);
///
/// let strict = LoadOptions::new().deadline(Duration::from_secs(1));
/// let forgetful = Host::builder().no_cache().defaults(strict).build()?;
/// # let _ = forgetful;
/// # Ok::<(), locum::Error>(())
/// ```
pub struct HostBuilder {
    cache: Option<Cache>,
    options: LoadOptions,
    #[cfg(feature = "monitor")]
    monitor: Option<crate::Monitor>,
}

impl Host {
    /// A host that keeps compiled plugins in the user's cache directory and grants its plugins nothing.
    ///
    /// # Errors
    /// [`Load`](Kind::Load) when WebAssembly can not be run on this machine.
    pub fn new() -> Result<Host> {
        Host::builder().build()
    }

    /// A host with settings of one's own.
    pub fn builder() -> HostBuilder {
        HostBuilder {
            cache: Cache::of_user(),
            options: LoadOptions::new(),
            #[cfg(feature = "monitor")]
            monitor: None,
        }
    }

    /// Loads a plugin from a component file (`.wasm`) and starts it: it is called as the file is.
    ///
    /// # Errors
    /// [`Load`](Kind::Load), saying what is wrong with the file and what to do.
    pub fn load(&self, path: impl AsRef<Path>) -> Result<Plugin> {
        self.load_with(path, LoadOptions::new())
    }

    /// Loads and starts a plugin with options of its own; what they leave open, the host's decide.
    ///
    /// # Errors
    /// As for [`load`](Host::load).
    pub fn load_with(&self, path: impl AsRef<Path>, options: LoadOptions) -> Result<Plugin> {
        self.template_with(path, options)?.start()
    }

    /// Starts a plugin from the bytes of a component, under a name for errors and texts.
    ///
    /// # Errors
    /// As for [`load`](Host::load).
    pub fn load_bytes(&self, name: &str, bytes: &[u8]) -> Result<Plugin> {
        self.load_bytes_with(name, bytes, LoadOptions::new())
    }

    /// The same with options.
    ///
    /// # Errors
    /// As for [`load`](Host::load).
    pub fn load_bytes_with(
        &self,
        name: &str,
        bytes: &[u8],
        options: LoadOptions,
    ) -> Result<Plugin> {
        self.template_bytes(name, bytes, options)?.start()
    }

    /// Reads, checks and compiles a plugin's file without starting it: instances are started from the [`Template`].
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use std::time::Duration;
    /// # use locum::{Host, LoadOptions};
    /// let host = Host::new()?;
    /// let plain = host.template("counters.wasm")?;
    /// let hasty = host.template_with("counters.wasm", LoadOptions::new().deadline(Duration::from_secs(1)))?;
    /// assert_eq!(hasty.limits().deadline, Duration::from_secs(1));
    /// let bytes = std::fs::read("counters.wasm")?;
    /// let named = host.template_bytes("tallies", &bytes, LoadOptions::new())?;
    /// assert_eq!((plain.start()?.name(), named.start()?.name()), ("counters", "tallies"));
    /// # Ok::<(), locum::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`load`](Host::load).
    pub fn template(&self, path: impl AsRef<Path>) -> Result<Template> {
        self.template_with(path, LoadOptions::new())
    }

    /// The same with options, which hold for all its instances; what they leave open, the host's decide.
    ///
    /// # Errors
    /// As for [`load`](Host::load).
    pub fn template_with(&self, path: impl AsRef<Path>, options: LoadOptions) -> Result<Template> {
        Template::of_file(self, path.as_ref(), options)
    }

    /// A template from the bytes of a component, under a name for errors and texts.
    ///
    /// # Errors
    /// As for [`load`](Host::load).
    pub fn template_bytes(
        &self,
        name: &str,
        bytes: &[u8],
        options: LoadOptions,
    ) -> Result<Template> {
        Template::of_bytes(self, name, bytes, options)
    }

    /// Offers an object to every plugin that is loaded from now on, which imports it by this name:
    /// `host.publish("store", store.proxy())`. What a plugin's own [`LoadOptions::publish`] says goes before.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use locum::{Host, Proxy, callback};
    /// let host = Host::new()?;
    /// host.publish("greet", callback(|name: String| format!("hello {name}")));
    /// let samples = host.load("samples.wasm")?.import("samples")?;
    /// let greet: Proxy = samples.call("imported", ("greet",))?; // the plugin has imported it
    /// assert_eq!(greet.invoke::<String>(("you",))?, "hello you");
    /// # Ok::<(), locum::Error>(())
    /// ```
    pub fn publish(&self, name: impl Into<String>, object: impl IntoPublished) {
        let object = object.into_published();
        let before = self.published().insert(name.into(), object);
        // Unlocked by now: it may be the last of its object, whose destructor may do anything.
        drop(before);
    }

    fn published(&self) -> MutexGuard<'_, BTreeMap<String, ObjectRef>> {
        self.0
            .published
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The options, with what this host says where they say nothing, and what it publishes now.
    pub(crate) fn complete(&self, options: LoadOptions) -> LoadOptions {
        let mut options = options.or(&self.0.options);
        for (name, object) in &*self.published() {
            options
                .published
                .entry(name.clone())
                .or_insert_with(|| object.clone());
        }
        options
    }

    /// Reads, checks and compiles a file. The options are [complete](Host::complete).
    pub(crate) fn compile_file(&self, path: &Path, options: &LoadOptions) -> Result<Code> {
        let limits = options.resolved(Limits::default);
        limits.check()?;
        let bytes = read(path, &limits)?;
        let manifest =
            manifest(Manifest::beside(path)).or_else(|| manifest(Manifest::inside(&bytes)));
        let component = self.component(&path.display().to_string(), &bytes, &limits)?;
        Ok(Code {
            component,
            manifest,
        })
    }

    /// Checks and compiles the bytes of a component, which bears that name in errors.
    pub(crate) fn compile(&self, name: &str, bytes: &[u8], options: &LoadOptions) -> Result<Code> {
        let limits = options.resolved(Limits::default);
        limits.check()?;
        let manifest = manifest(Manifest::inside(bytes));
        let component = self.component(&format!("plugin `{name}`"), bytes, &limits)?;
        Ok(Code {
            component,
            manifest,
        })
    }

    fn component(&self, file: &str, bytes: &[u8], limits: &Limits) -> Result<Component> {
        watch::loading(file, bytes.len(), || {
            Component::load(file, bytes, self.0.cache.as_ref(), limits)
        })
    }

    /// Starts an instance under exactly this name.
    pub(crate) fn start_as(
        &self,
        name: String,
        code: &Code,
        options: &LoadOptions,
    ) -> Result<Plugin> {
        let unmet = code.manifest.as_ref().map(|manifest| {
            let grants = options.grants.clone().unwrap_or_default();
            manifest.missing(&grants, &options.resolved(Limits::default))
        });
        watch::starting(&name.clone(), || {
            Plugin::start(
                name,
                &code.component,
                options,
                unmet.unwrap_or_default(),
                #[cfg(feature = "monitor")]
                self.monitor(),
            )
        })
    }

    /// Who watches the plugins of this host, if somebody may.
    #[cfg(feature = "monitor")]
    pub(crate) fn monitor(&self) -> Option<&crate::Monitor> {
        self.0.monitor.as_ref()
    }

    /// `counters`, then `counters-2`: names tell plugins apart in errors and texts.
    pub(crate) fn unique(&self, name: &str) -> String {
        let mut names = self.0.names.lock().unwrap_or_else(PoisonError::into_inner);
        let count = names.entry(name.to_owned()).or_insert(0);
        *count += 1;
        match *count {
            1 => name.to_owned(),
            count => format!("{name}-{count}"),
        }
    }
}

impl HostBuilder {
    /// Keeps compiled plugins in this directory instead, which is made private to the user.
    #[must_use]
    pub fn cache_dir(mut self, directory: impl Into<PathBuf>) -> HostBuilder {
        self.cache = Some(Cache::at(directory));
        self
    }

    /// Keeps no compiled plugins: each load compiles.
    #[must_use]
    pub fn no_cache(mut self) -> HostBuilder {
        self.cache = None;
        self
    }

    /// What holds for every plugin whose own options do not say otherwise.
    #[must_use]
    pub fn defaults(mut self, options: LoadOptions) -> HostBuilder {
        self.options = options;
        self
    }

    /// What every plugin may take and how long it may run, unless its own options say otherwise.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> HostBuilder {
        self.options = self.options.limits(limits);
        self
    }

    /// What every plugin may see of the world outside, unless its own options say otherwise. Default: nothing.
    #[must_use]
    pub fn grants(mut self, grants: Grants) -> HostBuilder {
        self.options = self.options.grants(grants);
        self
    }

    /// Lets the plugins of this host be watched: `Host::builder().monitor(Monitor::open()?)`, and then `locum top` at a
    /// terminal. Several hosts may have one [`Monitor`](crate::Monitor).
    ///
    /// ```
    /// # let scratch = tempfile::tempdir()?;
    /// # let monitor = locum::Monitor::open_in(scratch.path())?; // `Monitor::open()` in a program
    /// use locum::Host;
    ///
    /// let host = Host::builder().monitor(monitor.clone()).build()?;
    /// let another = Host::builder().monitor(monitor).build()?; // watched together
    /// # Ok::<(), locum::Error>(())
    /// ```
    #[cfg(feature = "monitor")]
    #[must_use]
    pub fn monitor(mut self, monitor: crate::Monitor) -> HostBuilder {
        self.monitor = Some(monitor);
        self
    }

    /// The host.
    ///
    /// # Errors
    /// [`ValueError`](Kind::ValueError) for [limits](Limits) that no plugin could live with, [`Load`](Kind::Load) when WebAssembly can not be run on this machine.
    pub fn build(self) -> Result<Host> {
        let limits = self.options.resolved(Limits::default);
        limits.check()?;
        engine::engine(engine::Kind::of(&limits)).map_err(|error| {
            Error::new(
                Kind::Load,
                format!("this machine can not run WebAssembly: {error:#}"),
            )
        })?;
        Ok(Host(Arc::new(Inner {
            cache: self.cache,
            options: self.options,
            #[cfg(feature = "monitor")]
            monitor: self.monitor,
            published: Mutex::default(),
            names: Mutex::default(),
        })))
    }
}

/// What a plugin is called after its file.
pub(crate) fn name_of(path: &Path) -> String {
    let stem = path.file_stem();
    stem.map_or_else(|| "plugin".into(), |stem| stem.to_string_lossy())
        .into_owned()
}

/// A manifest only asks, so one that can not be read keeps no plugin from being loaded.
fn manifest(read: Result<Option<Manifest>>) -> Option<Manifest> {
    read.unwrap_or_else(|error| {
        tracing::warn!(target: "locum::grants", "{error}");
        None
    })
}

fn read(path: &Path, limits: &Limits) -> Result<Vec<u8>> {
    let shown = path.display();
    let advice = match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            format!(
                "{shown} does not exist; build the plugin with `cargo build --release --target wasm32-wasip2`"
            )
        }
        Err(error) => format!("{shown} can not be read: {error}"),
        Ok(found) if found.is_dir() => {
            format!(
                "{shown} is a directory; give the .wasm file (target/wasm32-wasip2/release/NAME.wasm)"
            )
        }
        Ok(found) if !found.is_file() => {
            format!("{shown} is not a file; give the .wasm file of a plugin")
        }
        Ok(found) if found.len() > limits.component_bytes as u64 => {
            format!(
                "{shown} can not be loaded: {}",
                crate::component::too_large(found.len(), limits)
            )
        }
        Ok(_) => match std::fs::read(path) {
            Ok(bytes) => return Ok(bytes),
            Err(error) => format!("{shown} can not be read: {error}"),
        },
    };
    Err(Error::new(Kind::Load, advice))
}
