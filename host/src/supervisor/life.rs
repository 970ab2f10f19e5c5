//! One life of a supervised plugin: from its start to its end, with the calls that are under way in it.

use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use super::{lock, timer};
use crate::{Error, Plugin, Proxy, Result};

/// One life of a supervised plugin, as hooks are told of it: the first one, or one that followed.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use std::sync::mpsc;
/// # use locum::{Host, Life, Supervisor};
/// let (tell, told) = mpsc::channel();
/// let supervisor = Supervisor::builder(&Host::new()?, "counters.wasm")
///     .on_start(move |life: &Life| {
///         let calls = life.plugin().map(|plugin| plugin.stats().calls);
///         drop(tell.send((life.number(), life.name().to_owned(), calls)));
///     })
///     .start()?;
/// assert_eq!(told.recv().unwrap(), (1, "counters (life 1)".to_owned(), Some(0)));
/// # supervisor.stop()?;
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone)]
pub struct Life {
    number: u64,
    name: String,
    plugin: Option<Plugin>,
}

impl Life {
    /// A life that is no more, or did not come to be.
    pub(super) fn past(number: u64, name: String) -> Life {
        Life {
            number,
            name,
            plugin: None,
        }
    }

    /// Which life this is: 1, 2, 3 and so on.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// What the plugin is called in this life, in errors and in the texts of its proxies: `counters (life 2)`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The plugin; `None` in [`on_crash`](crate::SupervisorBuilder::on_crash), when there is none any more.
    pub fn plugin(&self) -> Option<&Plugin> {
        self.plugin.as_ref()
    }
}

impl fmt::Debug for Life {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Life {}>", self.name)
    }
}

/// A plugin that runs.
pub(super) struct Running {
    pub(super) number: u64,
    pub(super) plugin: Plugin,
    began: Instant,
    /// Modules that roots have asked for.
    modules: Mutex<HashMap<Box<str>, Proxy>>,
    /// Calls through roots that are under way.
    calls: AtomicUsize,
    /// Whether somebody waits for them to end.
    is_leaving: AtomicBool,
    /// Whether its supervisor has killed it, which is no crash.
    was_killed: AtomicBool,
    /// Whether its crash has been told.
    was_told: AtomicBool,
    quiet: (Mutex<()>, Condvar),
}

impl Running {
    pub(super) fn new(number: u64, plugin: Plugin) -> Arc<Running> {
        Arc::new(Running {
            number,
            plugin,
            began: Instant::now(),
            modules: Mutex::default(),
            calls: AtomicUsize::new(0),
            is_leaving: AtomicBool::new(false),
            was_killed: AtomicBool::new(false),
            was_told: AtomicBool::new(false),
            quiet: Default::default(),
        })
    }

    /// As hooks are told of it.
    pub(super) fn life(&self) -> Life {
        Life {
            plugin: Some(self.plugin.clone()),
            ..self.past_life()
        }
    }

    /// The same when it is over.
    pub(super) fn past_life(&self) -> Life {
        Life::past(self.number, self.plugin.name().to_owned())
    }

    pub(super) fn lasted(&self) -> Duration {
        self.began.elapsed()
    }

    /// Whether its end has been decided.
    pub(super) fn is_over(&self) -> bool {
        self.plugin.door().end().is_some()
    }

    pub(super) fn was_killed(&self) -> bool {
        self.was_killed.load(Ordering::Acquire)
    }

    /// Whether its crash is yet to be told; from now on it is not.
    pub(super) fn say_once(&self) -> bool {
        !self.was_told.swap(true, Ordering::AcqRel)
    }

    /// A module, asked for once.
    pub(super) fn module(&self, name: &str) -> Result<Proxy> {
        let known = lock(&self.modules).get(name).cloned();
        match known {
            Some(module) => Ok(module),
            None => {
                let module = self.plugin.import(name)?;
                let before = lock(&self.modules).insert(name.into(), module.clone());
                drop(before);
                Ok(module)
            }
        }
    }

    /// Ends it when the calls under way have ended; its destructors run. Calls and destructors have `limit` each; then it
    /// is killed.
    ///
    /// From inside of the plugin, where the call could not end before this does, it is done by somebody else.
    ///
    /// # Errors
    /// What a destructor died of.
    pub(super) fn dismiss(self: Arc<Self>, reason: Error, limit: Duration) -> Result<()> {
        if !self.plugin.door().is_here() {
            return self.end(reason, limit);
        }
        timer::soon(move || {
            // The log and the hooks are told.
            let _ = self.end(reason, limit);
        });
        Ok(())
    }

    fn end(self: Arc<Self>, reason: Error, limit: Duration) -> Result<()> {
        if limit.is_zero() {
            self.kill(&reason);
            return Ok(());
        }
        let until = Instant::now().checked_add(limit);
        let is_quiet = self.wait_until_quiet(until) && self.plugin.peer().wait_until_done(until);
        // Nobody holds them but this life.
        let modules = std::mem::take(&mut *lock(&self.modules));
        drop(modules);
        let too_long = |what: &str| {
            let say = |text: &str| {
                format!("{text}, and {what} took longer than {limit:?} (SupervisorBuilder::drain)")
            };
            reason.clone().map_message(say)
        };
        if !is_quiet {
            self.kill(&too_long("a call that was under way"));
            return Ok(());
        }
        self.plugin.door().closes_because(reason.clone());
        let late = too_long("closing it");
        let life = Arc::clone(&self);
        let killing = timer::after(limit, move || life.kill(&late));
        let closed = self.plugin.close();
        drop(killing);
        closed
    }

    pub(super) fn kill(&self, cause: &Error) {
        self.was_killed.store(true, Ordering::Release);
        self.plugin.door().kill(cause);
    }

    /// Waits for the calls through roots, of which there come no more. Whether they have ended in time.
    fn wait_until_quiet(&self, until: Option<Instant>) -> bool {
        self.is_leaving.store(true, Ordering::SeqCst);
        let (mutex, condvar) = &self.quiet;
        let mut guard = lock(mutex);
        while self.calls.load(Ordering::SeqCst) > 0 {
            guard = match until {
                None => condvar
                    .wait(guard)
                    .unwrap_or_else(|error| error.into_inner()),
                Some(until) => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return false;
                    }
                    let waited = condvar.wait_timeout(guard, left);
                    waited.unwrap_or_else(|error| error.into_inner()).0
                }
            };
        }
        true
    }
}

/// A plugin with a call under way in it: until this is dropped, it is not closed in order.
pub(super) struct Lease(Arc<Running>);

impl Lease {
    /// While it is the supervisor's current one, which the caller has made sure of.
    pub(super) fn new(running: &Arc<Running>) -> Lease {
        running.calls.fetch_add(1, Ordering::SeqCst);
        Lease(Arc::clone(running))
    }
}

impl Deref for Lease {
    type Target = Running;
    fn deref(&self) -> &Running {
        &self.0
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let was_last = self.0.calls.fetch_sub(1, Ordering::SeqCst) == 1;
        if was_last && self.0.is_leaving.load(Ordering::SeqCst) {
            let (mutex, condvar) = &self.0.quiet;
            let _guard = lock(mutex);
            condvar.notify_all();
        }
    }
}
