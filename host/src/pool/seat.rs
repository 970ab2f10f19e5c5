//! One instance's place in a pool: who is there now, and what was imported from it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Plugin, Proxy, Result, Template};

/// A place for an instance. **Invariant:** while it is locked, no code of a plugin runs but that of one that starts, and
/// nothing of a plugin's is dropped.
pub(super) struct Seat(Mutex<State>);

struct State {
    plugin: Plugin,
    /// Those that were asked for, so that each call is one crossing.
    modules: HashMap<Box<str>, Proxy>,
}

impl Seat {
    pub(super) fn new(plugin: Plugin) -> Seat {
        Seat(Mutex::new(State {
            plugin,
            modules: HashMap::new(),
        }))
    }

    /// Whoever is there, dead or alive.
    pub(super) fn plugin(&self) -> Plugin {
        self.state().plugin.clone()
    }

    /// Whether another thread is in there.
    pub(super) fn is_busy(&self) -> bool {
        self.state().plugin.door().is_busy()
    }

    /// Whether this thread is in there, further down its stack.
    pub(super) fn is_here(&self) -> bool {
        self.state().plugin.door().is_here()
    }

    /// Whoever is there and lives: another one, if the last one does not.
    pub(super) fn alive(&self, template: &Template) -> Result<Plugin> {
        let mut state = self.state();
        if state.plugin.closed().is_none() {
            return Ok(state.plugin.clone());
        }
        let successor = State {
            plugin: template.start()?,
            modules: HashMap::new(),
        };
        let plugin = successor.plugin.clone();
        let before = std::mem::replace(&mut *state, successor);
        drop(state);
        drop(before);
        Ok(plugin)
    }

    pub(super) fn module(&self, template: &Template, name: &str) -> Result<Proxy> {
        let plugin = self.alive(template)?;
        let known = |state: &State| {
            let module = state.modules.get(name)?;
            // Another thread may have replaced the plugin meanwhile.
            module.peer().filter(|it| it.same_peer(plugin.peer()))?;
            Some(module.clone())
        };
        if let Some(module) = known(&self.state()) {
            return Ok(module);
        }
        let module = plugin.import(name)?;
        let mut state = self.state();
        if state.plugin.peer().same_peer(plugin.peer()) {
            let before = state.modules.insert(name.into(), module.clone());
            drop(state);
            drop(before);
        }
        Ok(module)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
