//! A plugin: one instance of a component, one memory, one life.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::component::{Component, Start};
use crate::describe::PluginInfo;
use crate::door::{Door, WeakDoor};
use crate::watch;
use crate::{Error, Kind, Limits, LoadOptions, ObjectRef, Offers, Peer, Proxy, Result, Stats};

/// A running plugin. A clone is the same plugin; it lives as long as any clone, or any proxy to an object in it, unless
/// it is closed or dies before.
///
/// Calls run on the thread that makes them, one at a time.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::{Host, Kind, Proxy};
/// let plugin = Host::new()?.load("counters.wasm")?;
/// let counter: Proxy = plugin.import("counters")?.call("Counter", (10,))?;
/// let told = plugin.describe()?;
/// assert_eq!((plugin.name(), &*told.modules[0].classes[0].name), ("counters", "Counter"));
/// assert_eq!(plugin.peer().name(), "counters");
///
/// counter.post("add", (1,))?;
/// plugin.process_pending(); // here and now, rather than by a worker
/// assert_eq!(counter.call::<i64>("add", (0,))?, 11);
/// assert_eq!(plugin.stats().imports_by_type, [("Counter".to_owned(), 1)]);
/// assert!(plugin.refusals().is_empty() && plugin.closed().is_none());
///
/// plugin.close()?;
/// let error = counter.call::<i64>("add", ()).unwrap_err();
/// assert_eq!(error.to_string(), "Closed: plugin `counters` is closed: it was closed; load it again");
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone)]
pub struct Plugin {
    peer: Peer,
    door: Door,
}

impl Plugin {
    pub(crate) fn start(
        name: String,
        component: &Component,
        options: &LoadOptions,
        unmet: Vec<String>,
        #[cfg(feature = "monitor")] monitor: Option<&crate::Monitor>,
    ) -> Result<Plugin> {
        let limits = options.resolved(Limits::default);
        let door = component.start(
            &name,
            Start {
                limits: limits.clone(),
                grants: options.grants.clone().unwrap_or_default(),
            },
        )?;
        door.asks_in_vain(unmet);
        let offers = Arc::new(Published {
            plugin: name.clone(),
            objects: options.published.clone(),
        });
        let setup = watch::setup(options, limits.peer());
        #[cfg(feature = "monitor")]
        let setup = match monitor {
            Some(monitor) => setup.observer(monitor.eye_on(&door, &limits)),
            None => setup,
        };
        let peer = Peer::with_setup(name, setup, Box::new(door.clone()), offers);
        door.connect(peer.downgrade());
        Ok(Plugin { peer, door })
    }

    /// What the plugin is called in errors and in the texts of its proxies.
    pub fn name(&self) -> &str {
        self.peer.name()
    }

    /// Imports a module by its (dotted) name: a proxy whose attributes are its classes, functions and constants.
    ///
    /// # Errors
    /// [`NoSuchModule`](Kind::NoSuchModule), saying which there are.
    pub fn import(&self, module: &str) -> Result<Proxy> {
        self.peer.import(module)
    }

    /// Imports members of a module: `let [circle, area] = plugin.import_from("shapes", ["Circle", "area"])?`.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use locum::{Host, Proxy};
    /// let plugin = Host::new()?.load("collections.wasm")?;
    /// let [list, dict] = plugin.import_from("collections", ["list", "dict"])?;
    /// let numbers: Proxy = list.invoke((vec![1, 2],))?;
    /// assert_eq!(numbers.len()?, 2);
    /// # let _ = dict;
    /// # Ok::<(), locum::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`NoSuchModule`](Kind::NoSuchModule) or [`NoSuchAttribute`](Kind::NoSuchAttribute).
    pub fn import_from<const N: usize>(
        &self,
        module: &str,
        names: [&str; N],
    ) -> Result<[Proxy; N]> {
        let module = self.import(module)?;
        let members: Vec<Proxy> = names
            .iter()
            .map(|name| module.get(name))
            .collect::<Result<_>>()?;
        members
            .try_into()
            .map_err(|_| Error::new(Kind::Protocol, "a member got lost"))
    }

    /// Leaves a copy of a value in the plugin and returns a proxy to it, which answers as Python's would: items, `len`,
    /// iteration, arithmetic, the methods of its kind.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use locum::{Host, Value};
    /// let plugin = Host::new()?.load("counters.wasm")?;
    /// let text = plugin.transfer("a,b")?;
    /// assert_eq!(text.call::<Vec<String>>("split", (",",))?, ["a", "b"]);
    /// let seven = plugin.transfer(&7)?;
    /// assert_eq!((&seven * 6)?, Value::from(42));
    /// # Ok::<(), locum::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`NotTransferable`](Kind::NotTransferable) when the value can not travel.
    pub fn transfer<T: Serialize + ?Sized>(&self, value: &T) -> Result<Proxy> {
        self.peer.transfer(value)
    }

    /// What the plugin tells about itself: its modules, classes and functions. Not to be trusted for more than showing.
    ///
    /// # Errors
    /// [`Closed`](Kind::Closed) when it is gone.
    pub fn describe(&self) -> Result<PluginInfo> {
        self.peer.describe()
    }

    /// Makes the calls now, on this thread, that were started or posted and wait for their turn; returns how many. Stops
    /// where it would have to wait for another thread.
    pub fn process_pending(&self) -> usize {
        self.peer.process_pending()
    }

    /// How many objects are lent in each direction, how many calls are under way, and what has gone to and fro.
    pub fn stats(&self) -> Stats {
        self.peer.stats()
    }

    /// Ends the plugin: its destructors run, then every proxy into it answers [`Closed`](Kind::Closed). Returns when
    /// that is done; closing twice is no error.
    ///
    /// # Errors
    /// What a destructor died of. The plugin is closed all the same.
    pub fn close(&self) -> Result<()> {
        watch::closing(self.name(), || self.peer.close())
    }

    /// Ends the plugin without asking it: no destructor runs. Code of it that runs in another thread, or sleeps, is
    /// stopped where it is; a call that waits for an object of the host's ends when that answers.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use locum::{Host, Proxy};
    /// let plugin = Host::new()?.load("counters.wasm")?;
    /// let counter: Proxy = plugin.import("counters")?.call("Counter", (10,))?;
    /// plugin.kill();
    /// let error = counter.call::<i64>("add", ()).unwrap_err();
    /// assert_eq!(error.message(), "plugin `counters` is closed: it was killed; load it again");
    /// # Ok::<(), locum::Error>(())
    /// ```
    pub fn kill(&self) {
        kill(&self.door);
    }

    /// A handle by which the plugin can be [killed](Plugin::kill) from elsewhere: by a signal, a button, a watchdog. It
    /// does not keep the plugin alive.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use locum::Host;
    /// let plugin = Host::new()?.load("counters.wasm")?;
    /// let handle = plugin.cancel_handle(); // for a button, say
    /// drop(plugin);
    /// assert!(!handle.is_alive()); // it has not kept the plugin
    /// # Ok::<(), locum::Error>(())
    /// ```
    pub fn cancel_handle(&self) -> CancelHandle {
        CancelHandle(self.door.downgrade())
    }

    /// Whether another thread than this one is in the plugin now: runs code of it, or serves it.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # let plugin = locum::Host::new()?.load("counters.wasm")?;
    /// assert!(!plugin.is_busy());
    /// if plugin.is_busy() {
    ///     plugin.kill(); // it has had its time
    /// }
    /// assert!(plugin.closed().is_none()); // here nobody was in it
    /// # Ok::<(), locum::Error>(())
    /// ```
    pub fn is_busy(&self) -> bool {
        self.door.is_busy()
    }

    /// What the plugin tried and was not [granted](crate::Grants): each thing once, the first 64 of them, in words that
    /// name the grant that is missing.
    pub fn refusals(&self) -> Vec<String> {
        self.door.refusals()
    }

    /// Why the plugin is gone; `None` while it lives.
    pub fn closed(&self) -> Option<Error> {
        self.peer.closed().or_else(|| self.door.fate()).cloned()
    }

    pub(crate) fn door(&self) -> &Door {
        &self.door
    }

    /// The plugin as a peer, for those who build on the protocol.
    pub fn peer(&self) -> &Peer {
        &self.peer
    }
}

fn kill(door: &Door) {
    door.kill(&Error::new(Kind::Closed, "it was killed; load it again"));
}

/// Ends a plugin from anywhere, without keeping it alive.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use std::time::Duration;
/// # use locum::{Host, Kind};
/// let plugin = Host::new()?.load("hostile.wasm")?;
/// let loops = plugin.import("hostile.loops")?;
/// let handle = plugin.cancel_handle();
/// assert!(handle.is_alive());
/// std::thread::spawn(move || {
///     std::thread::sleep(Duration::from_millis(20));
///     handle.cancel();
/// });
/// let error = loops.call::<()>("forever", ()).unwrap_err(); // whatever runs in it ends
/// assert_eq!(error.kind(), Kind::Closed);
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone)]
pub struct CancelHandle(WeakDoor);

impl CancelHandle {
    /// [Kills](Plugin::kill) the plugin. Nothing happens when it is gone already.
    pub fn cancel(&self) {
        if let Some(door) = self.0.upgrade() {
            kill(&door);
        }
    }

    /// Whether there is still something to cancel.
    pub fn is_alive(&self) -> bool {
        self.0.upgrade().is_some_and(|door| door.fate().is_none())
    }
}

impl fmt::Debug for CancelHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelHandle")
            .field("is_alive", &self.is_alive())
            .finish()
    }
}

impl AsRef<Peer> for Plugin {
    fn as_ref(&self) -> &Peer {
        &self.peer
    }
}

impl crate::expr::Modules for Plugin {
    fn import(&self, name: &str) -> Result<Proxy> {
        self.peer.import(name)
    }

    fn contents(&self) -> Result<Vec<(String, Vec<String>)>> {
        Ok(crate::expr::contents(&self.describe()?))
    }
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.closed() {
            None => write!(f, "<Plugin {}>", self.name()),
            Some(cause) => write!(f, "<Plugin {} ({cause})>", self.name()),
        }
    }
}

/// What the host offers to one plugin.
struct Published {
    plugin: String,
    objects: BTreeMap<String, ObjectRef>,
}

impl Offers for Published {
    fn module(&self, name: &str) -> Result<ObjectRef> {
        self.objects.get(name).cloned().ok_or_else(|| {
            let error = locum_protocol::no_module(name, self.objects.keys().map(String::as_str));
            error.map_message(|text| {
                format!(
                    "{text}; the host publishes it to `{}` with `LoadOptions::publish`, or to all with `Host::publish`",
                    self.plugin
                )
            })
        })
    }

    fn describe(&self) -> PluginInfo {
        PluginInfo {
            name: "host".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            language: "Rust".into(),
            ..PluginInfo::default()
        }
    }
}
