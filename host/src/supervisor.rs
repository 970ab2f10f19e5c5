//! Supervisors: a plugin that is started again when it dies, and replaced while it runs.
//!
//! `inner` takes a plugin from one life to the next, `policy` decides whether and when, `timer` waits, `hooks` tells the
//! program; `life` is one life, and `root` a way into whichever there is.

mod builder;
mod hooks;
mod inner;
mod life;
mod policy;
mod root;
mod timer;
mod words;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use builder::SupervisorBuilder;
pub use life::Life;
pub use policy::{Backoff, Restart};
pub use root::Root;

use crate::{Error, Host, Plugin, Result};
use inner::{Inner, Version};

/// Keeps a plugin going: when it dies, it is started again, and a new version takes its place while it is in use.
///
/// Each start begins a *life*, with memory of its own; nothing of the life before is in it. A proxy belongs to the life that
/// it was made in, and answers [`Closed`](crate::Kind::Closed) afterwards: plugin ``counters (life 1)` is closed: it
/// trapped: ...``. What outlasts a life is a [`Root`], where a program gets its objects from anew.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// use std::time::Duration;
/// use locum::{Backoff, Host, LoadOptions, Proxy, Restart, Supervisor};
///
/// let supervisor = Supervisor::builder(&Host::new()?, "counters.wasm")
///     .options(LoadOptions::new().memory_bytes(16 << 20))
///     .restart(Restart::OnFailure)
///     .most_restarts(5, Duration::from_secs(60))
///     .backoff(Backoff::new(Duration::from_millis(100), 2.0, Duration::from_secs(30)))
///     .on_crash(|life, cause| eprintln!("{} has died: {cause}", life.name()))
///     .start()?;
/// let counters = supervisor.root("counters");
/// let counter: Proxy = counters.call("Counter", (10,))?; // of life 1
/// assert_eq!(counter.call::<i64>("add", (5,))?, 15);
/// supervisor.reload()?; // the file was built anew
/// assert!(counter.call::<i64>("add", (5,)).is_err());
/// let counter: Proxy = counters.call("Counter", (10,))?; // of life 2
/// supervisor.stop()?;
/// # Ok::<(), locum::Error>(())
/// ```
///
/// A clone is the same supervisor, and it goes on as long as there is one, or a [`Root`] of it. With the last one ends the
/// supervision and not the plugin, which goes on as long as something of it is in use ([`Plugin`]);
/// [`stop`](Supervisor::stop) ends both.
///
/// A restart waits for its time without a thread, and is made by a worker: no caller is held up by it but those who want to
/// call the plugin meanwhile.
#[derive(Clone)]
pub struct Supervisor(Arc<Inner>);

impl Supervisor {
    /// A supervisor for the plugin in a component file (`.wasm`), which [`start`](SupervisorBuilder::start) starts.
    pub fn builder(host: &Host, path: impl AsRef<Path>) -> SupervisorBuilder {
        SupervisorBuilder::of_file(host, path.as_ref())
    }

    /// A supervisor for a plugin from the bytes of a component, under a name for errors and texts.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use locum::{Host, Supervisor};
    /// let bytes = std::fs::read("counters.wasm")?;
    /// let supervisor = Supervisor::builder_from_bytes(&Host::new()?, "counters", &bytes).start()?;
    /// supervisor.reload_from_bytes(&bytes)?; // a new version, say
    /// supervisor.reload_from("counters.wasm")?; // or a file that further reloads will load
    /// assert_eq!(supervisor.plugin()?.name(), "counters (life 3)");
    /// # supervisor.stop()?;
    /// # Ok::<(), locum::Error>(())
    /// ```
    pub fn builder_from_bytes(host: &Host, name: &str, bytes: &[u8]) -> SupervisorBuilder {
        SupervisorBuilder::of_bytes(host, name, bytes)
    }

    /// What the plugin is called; in its lives it is `counters (life 1)`, `counters (life 2)`.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// A module of the plugin, looked up in the current life with each call. Whether there is such a module shows then.
    pub fn root(&self, module: &str) -> Root {
        Root::new(self.clone(), module)
    }

    /// The plugin that runs, in the current life. While it is being started again this waits, as
    /// [`SupervisorBuilder::patience`] says.
    ///
    /// Whoever [closes](Plugin::close) it ends the life in order, whoever [kills](Plugin::kill) it makes it fail; the
    /// supervisor acts accordingly.
    ///
    /// # Errors
    /// [`Closed`](crate::Kind::Closed) when it does not run: when it will be tried again, or why it will not.
    pub fn plugin(&self) -> Result<Plugin> {
        self.0
            .lease(self.0.patience)
            .map(|(lease, _)| lease.plugin.clone())
    }

    /// The number of the current life, or of the last one; 1 at first.
    pub fn life(&self) -> u64 {
        self.0.life()
    }

    /// Why the plugin does not run and will not be started again: it was given up, is not one to be restarted, or was
    /// stopped. `None` while it runs or is being started again.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use locum::{Host, Kind, Supervisor};
    /// let supervisor = Supervisor::builder(&Host::new()?, "counters.wasm").start()?;
    /// assert!(supervisor.ended().is_none());
    /// supervisor.stop()?;
    /// assert_eq!(supervisor.ended().map(|why| why.kind()), Some(Kind::Closed));
    /// # Ok::<(), locum::Error>(())
    /// ```
    pub fn ended(&self) -> Option<Error> {
        self.0.ended()
    }

    /// Loads the plugin's file again, as it is now, and lets it take the place of what runs; what came as bytes is started
    /// anew.
    ///
    /// The new version is started and set up first. From then on roots lead to it. The calls that are under way in the old one end,
    /// what they have started included, then it is closed in order, and its proxies answer
    /// [`Closed`](crate::Kind::Closed); what takes longer than [`SupervisorBuilder::drain`] says is killed. A plugin that
    /// was given up, or was not to be restarted, is started anew. The restarts so far are forgotten.
    ///
    /// Returns when the old version is gone; within a call of the plugin itself, when the new one is there.
    ///
    /// # Errors
    /// [`Load`](crate::Kind::Load) when the new version does not start: the old one goes on. [`Closed`](crate::Kind::Closed)
    /// when the supervisor was stopped.
    pub fn reload(&self) -> Result<()> {
        self.0.reload(|version, options| match &version.path {
            Some(path) => Version::of_file(&self.0.host, path.clone(), options),
            None => Ok(version),
        })
    }

    /// The same with another file, which further reloads will load too.
    ///
    /// # Errors
    /// As for [`reload`](Supervisor::reload).
    pub fn reload_from(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref().to_owned();
        self.0
            .reload(|_, options| Version::of_file(&self.0.host, path, options))
    }

    /// The same with the bytes of a component.
    ///
    /// # Errors
    /// As for [`reload`](Supervisor::reload).
    pub fn reload_from_bytes(&self, bytes: &[u8]) -> Result<()> {
        let name = self.name();
        self.0
            .reload(|_, options| Version::of_bytes(&self.0.host, name, bytes, options))
    }

    /// Ends the plugin and its supervision: calls that are under way end, destructors run, within the time that
    /// [`SupervisorBuilder::drain`] gives. Returns when that is done and the hooks have been told; stopping twice is no
    /// error. Within a call of the plugin itself it returns before, and in a hook it does not wait for that.
    ///
    /// # Errors
    /// What a destructor died of. The plugin is closed all the same.
    pub fn stop(&self) -> Result<()> {
        self.0.stop()
    }
}

impl fmt::Debug for Supervisor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ended() {
            None => write!(f, "<Supervisor of {} (life {})>", self.name(), self.life()),
            Some(why) => write!(f, "<Supervisor of {} ({why})>", self.name()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
