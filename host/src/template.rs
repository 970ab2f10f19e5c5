//! A plugin that is ready to be started, as often as one likes.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::host::{Code, name_of};
use crate::{Host, Limits, LoadOptions, Plugin, Result};

/// A plugin that was read, checked, compiled and linked, with its grants and limits: [`start`](Template::start) makes an
/// instance of it in some tens of microseconds, where [`Host::load`] has to read the file again.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// use locum::{Host, Proxy};
///
/// let counters = Host::new()?.template("counters.wasm")?;
/// for _ in 0..100 {
///     let plugin = counters.start()?; // a memory of its own, a life of its own
///     let counter: Proxy = plugin.import("counters")?.call("Counter", (0,))?;
///     assert_eq!(counter.call::<i64>("add", ())?, 1);
/// }
/// assert_eq!((counters.name(), counters.limits().memory_bytes), ("counters", 64 << 20));
/// assert_eq!(counters.pool(2)?.len(), 2);
/// # Ok::<(), locum::Error>(())
/// ```
///
/// Instances share the code and the memory that none of them has written to, and nothing else. What its host
/// [publishes](Host::publish) is what it published when the template was made.
///
/// A clone is the same template. It keeps no instance alive, nor does an instance need it.
#[derive(Clone)]
pub struct Template(Arc<Inner>);

struct Inner {
    host: Host,
    name: String,
    code: Code,
    options: LoadOptions,
}

impl Template {
    pub(crate) fn of_file(host: &Host, path: &Path, options: LoadOptions) -> Result<Template> {
        let options = host.complete(options);
        let code = host.compile_file(path, &options)?;
        Ok(Template::new(host, &name_of(path), code, options))
    }

    pub(crate) fn of_bytes(
        host: &Host,
        name: &str,
        bytes: &[u8],
        options: LoadOptions,
    ) -> Result<Template> {
        let options = host.complete(options);
        let code = host.compile(name, bytes, &options)?;
        Ok(Template::new(host, name, code, options))
    }

    fn new(host: &Host, name: &str, code: Code, options: LoadOptions) -> Template {
        Template(Arc::new(Inner {
            host: host.clone(),
            name: options.name.clone().unwrap_or_else(|| name.to_owned()),
            code,
            options,
        }))
    }

    /// Starts an instance. Each has a name of its own: `counters`, then `counters-2`.
    ///
    /// # Errors
    /// [`Load`](crate::Kind::Load), when the plugin fails while it starts or this machine has no room for another one.
    pub fn start(&self) -> Result<Plugin> {
        let it = &*self.0;
        let name = it.host.unique(&it.name);
        it.host.start_as(name, &it.code, &it.options)
    }

    #[cfg(feature = "monitor")]
    pub(crate) fn host(&self) -> &Host {
        &self.0.host
    }

    /// What its instances are called, but for a number.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What each of its instances may take.
    pub fn limits(&self) -> Limits {
        self.0.options.resolved(Limits::default)
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Template {}>", self.name())
    }
}
