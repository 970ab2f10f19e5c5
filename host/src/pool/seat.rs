//! One instance's place in a pool: who is there now, what was imported from it, and how many work with it.

use std::collections::HashMap;
use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Error, Kind, Plugin, Proxy, Result, Template};

/// A place for an instance. **Invariant:** while it is locked, no code of a plugin's or of the program's runs: nothing is
/// started, imported or dropped.
pub(super) struct Seat {
    state: Mutex<State>,
    /// Calls that are made here or are on their way, so that the next one goes elsewhere.
    calls: AtomicUsize,
    /// Maps that work here.
    maps: AtomicUsize,
}

struct State {
    plugin: Plugin,
    /// Those that were asked for, so that each call is one crossing.
    modules: HashMap<Box<str>, Proxy>,
}

/// Somebody who works at a seat; dropping it leaves the seat.
pub(super) struct Claim<'s> {
    pub(super) seat: &'s Seat,
    count: &'s AtomicUsize,
}

/// A module of the instance that is there.
pub(super) struct Root {
    plugin: Plugin,
    pub(super) module: Proxy,
}

impl Seat {
    pub(super) fn new(plugin: Plugin) -> Seat {
        Seat {
            state: Mutex::new(State {
                plugin,
                modules: HashMap::new(),
            }),
            calls: AtomicUsize::new(0),
            maps: AtomicUsize::new(0),
        }
    }

    /// Whoever is there, dead or alive.
    pub(super) fn plugin(&self) -> Plugin {
        self.state().plugin.clone()
    }

    /// Whoever is there, and how many calls and maps work here.
    #[cfg(feature = "monitor")]
    pub(super) fn look(&self) -> (crate::door::Vitals, usize, usize) {
        let vitals = self.state().plugin.door().vitals();
        let calls = self.calls.load(Ordering::Relaxed);
        (vitals, calls, self.maps.load(Ordering::Relaxed))
    }

    /// Whether this thread is in there, further down its stack.
    pub(super) fn is_here(&self) -> bool {
        let state = self.state();
        state.plugin.closed().is_none() && state.plugin.door().is_here()
    }

    /// Whether nobody is in there: if it has died, the next one is not.
    fn is_empty(&self) -> bool {
        let state = self.state();
        let door = state.plugin.door();
        state.plugin.closed().is_some() || !door.is_busy() && !door.is_here()
    }

    /// Whether a map can work here at once, or takes turns with another one.
    pub(super) fn is_open_to_maps(&self) -> bool {
        self.maps.load(Ordering::Relaxed) > 0
            || self.calls.load(Ordering::Relaxed) == 0 && self.is_empty()
    }

    /// How many work here.
    pub(super) fn load(&self) -> usize {
        self.calls.load(Ordering::Relaxed) + self.maps.load(Ordering::Relaxed)
    }

    pub(super) fn claim(&self) -> Claim<'_> {
        Claim::new(self, &self.calls)
    }

    pub(super) fn claim_for_map(&self) -> Claim<'_> {
        Claim::new(self, &self.maps)
    }

    /// Claims it if nobody works here, or is in there some other way.
    pub(super) fn claim_if_idle(&self) -> Option<Claim<'_>> {
        if self.maps.load(Ordering::Relaxed) > 0 || !self.is_empty() {
            return None;
        }
        let count = &self.calls;
        let first = count.compare_exchange(0, 1, Ordering::Relaxed, Ordering::Relaxed);
        first.ok().map(|_| Claim { seat: self, count })
    }

    /// Whoever is there and lives: another one, if the last one does not.
    fn alive(&self, template: &Template) -> Result<Plugin> {
        let last = self.plugin();
        if last.closed().is_none() {
            return Ok(last);
        }
        // Unlocked, because this may take its time, and what it prints goes to the program.
        let started = template.start()?;
        let mut state = self.state();
        if state.plugin.closed().is_none() {
            // Another thread was faster.
            return Ok(state.plugin.clone());
        }
        let before = mem::replace(
            &mut *state,
            State {
                plugin: started.clone(),
                modules: HashMap::new(),
            },
        );
        drop(state);
        drop(before);
        Ok(started)
    }

    /// A module of whoever is there and lives.
    pub(super) fn root(&self, template: &Template, name: &str) -> Result<Root> {
        loop {
            let plugin = self.alive(template)?;
            if let Some(module) = self.known(&plugin, name) {
                return Ok(Root { plugin, module });
            }
            match plugin.import(name) {
                Ok(module) => {
                    self.keep(&plugin, name, &module);
                    return Ok(Root { plugin, module });
                }
                Err(error) if came_too_late(&plugin, &error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn known(&self, plugin: &Plugin, name: &str) -> Option<Proxy> {
        let state = self.state();
        let is_there = state.plugin.peer().same_peer(plugin.peer());
        is_there.then(|| state.modules.get(name).cloned())?
    }

    fn keep(&self, plugin: &Plugin, name: &str, module: &Proxy) {
        let mut state = self.state();
        // Another thread may have replaced the plugin meanwhile.
        let is_there = state.plugin.peer().same_peer(plugin.peer());
        let before = is_there.then(|| state.modules.insert(name.into(), module.clone()));
        drop(state);
        drop(before);
    }

    /// Ends whoever is there. What the seat holds of it is given back before, or it would count as forgotten.
    pub(super) fn close(&self) -> Result<()> {
        let (plugin, modules) = {
            let mut state = self.state();
            (state.plugin.clone(), mem::take(&mut state.modules))
        };
        drop(modules);
        plugin.close()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'s> Claim<'s> {
    fn new(seat: &'s Seat, count: &'s AtomicUsize) -> Claim<'s> {
        count.fetch_add(1, Ordering::Relaxed);
        Claim { seat, count }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Root {
    pub(super) fn is_gone(&self) -> bool {
        self.plugin.closed().is_some()
    }

    /// Whether a call was never begun, because the instance died of another one before: it is to be made elsewhere.
    pub(super) fn came_too_late(&self, error: &Error) -> bool {
        came_too_late(&self.plugin, error)
    }
}

/// What a plugin dies of is told to those who were in it; those who came later get `Closed`. When it was closed or killed
/// all get that, so who knows.
fn came_too_late(plugin: &Plugin, error: &Error) -> bool {
    error.kind() == Kind::Closed
        && plugin.door().end().is_some_and(|fate| {
            fate.during.kind() != Kind::Closed && error.message() == fate.after.message()
        })
}
