//! The host's door to one plugin: a `Transport` whose other end is WebAssembly.
//!
//! With its folder, and with `component`, `wasi`, `engine` and `cache` beside it, this is all that knows wasmtime.
//!
//! A call runs on the caller's thread: on the plugin's parked stack if this thread is inside the plugin already, and
//! behind the plugin's gate otherwise. If another thread is in there and can only go on when this one does, that thread
//! makes the call, on the plugin's parked stack. **Invariant:** a plugin that trapped, panicked or was closed is never entered
//! again. Its fate is decided once and is what every later call answers; its store is dropped by whoever is behind the
//! gate when nothing of it is on any stack any more.

mod autopsy;
mod ending;
mod functions;
mod handing;
mod imports;
mod state;
mod transport;
#[cfg(feature = "monitor")]
mod vitals;
mod wire;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};
use std::time::Duration;

use locum_protocol::threads::{self, Gate, Pass};
use locum_protocol::{Error, Kind, Result, WeakPeer};
use wasmtime::component::InstancePre;
use wasmtime::{AsContextMut, Store, StoreContextMut, UpdateDeadline};

use self::functions::Functions;
pub(crate) use self::functions::Places;
pub(crate) use self::imports::{add_to_linker, panic_message};
pub(crate) use self::state::{Fate, State};
use self::state::{Gauge, Line};
#[cfg(feature = "monitor")]
pub(crate) use self::vitals::Vitals;
use crate::engine::{HOST_STACK, NESTED_STACK, THREAD_STACK, WASM_STACK};
use crate::grants::Grants;
use crate::limits::Limits;
use crate::reentry::{self, Entry};
use crate::wasi::Wasi;

/// The door to one plugin. Clones lead to the same plugin.
#[derive(Clone)]
pub(crate) struct Door(Arc<Inner>);

struct Inner {
    line: Arc<Line>,
    functions: Functions,
    /// How long it may run in one call.
    deadline: Duration,
    /// The plugin itself, until its fate is decided and nothing of it runs any more.
    store: Gate<Option<Store<State>>>,
}

/// One function of the plugin's, called with a path and whatever else it takes. Both are owned when it is called by
/// another thread than the one that asked for it.
type Export<B, R> = fn(&Functions, &mut Inside<'_>, &str, B) -> wasmtime::Result<R>;

/// A plugin's store, borrowed for a call.
type Inside<'a> = StoreContextMut<'a, State>;

impl Door {
    /// Starts a plugin.
    pub(crate) fn open(
        name: &str,
        component: &InstancePre<State>,
        places: &Places,
        limits: Limits,
        grants: &Grants,
    ) -> Result<Door> {
        let line = Arc::new(Line::new(name));
        let (alarm, refusals) = (Arc::clone(&line.alarm), Arc::clone(&line.refusals));
        let wasi = Wasi::new(name, grants, &limits, alarm, refusals).map_err(|error| {
            Error::new(
                Kind::Load,
                format!("its grants can not be given: {error:#}"),
            )
        })?;
        let gauge = Gauge::new(limits, Arc::clone(&line.memory));
        let state = State {
            line: Arc::clone(&line),
            gauge,
            wasi,
            last_words: None,
        };
        let mut store = Store::new(component.engine(), state);
        store.limiter(|state| &mut state.gauge);
        let limits = store.data().gauge.limits();
        let (handed_over, resources) = (limits.handed_over(), limits.resources);
        store.set_hostcall_fuel(handed_over);
        store.set_max_component_handles(resources);

        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|inside| {
            inside.data().may_go_on()?;
            Ok(UpdateDeadline::Continue(1))
        });
        refuel(&mut store)?;

        let limit = store.data().gauge.limits().start_deadline;
        let running = line.meter.begin(limit);
        let instance = line.key.occupy(|| component.instantiate(&mut store));
        drop(running);
        let instance = instance.map_err(|error| {
            let cause = autopsy::examine(&error, store.data_mut());
            let how = autopsy::how(&cause);
            cause
                .with_kind(Kind::Load)
                .map_message(|_| format!("plugin `{name}` did not start: {how}"))
        })?;
        let functions = Functions::of(&instance, &mut store, places)?;
        let deadline = store.data().gauge.limits().deadline;
        Ok(Door(Arc::new(Inner {
            line,
            functions,
            deadline,
            store: Gate::new(Some(store), Arc::clone(threads::waits())),
        })))
    }

    /// Lets the plugin be heard: `peer` serves what it asks of its host from now on.
    pub(crate) fn connect(&self, peer: WeakPeer) {
        // A second peer would know nothing of what the first one lent, so the first one stays.
        let _ = self.0.line.peer.set(peer);
    }

    /// The same door, without keeping the plugin alive.
    pub(crate) fn downgrade(&self) -> WeakDoor {
        WeakDoor(Arc::downgrade(&self.0))
    }

    /// Takes note of what the plugin's manifest asks for and it was not given.
    pub(crate) fn asks_in_vain(&self, unmet: Vec<String>) {
        let line = &self.0.line;
        line.refusals.asks_in_vain(&line.name, unmet);
    }

    /// What the plugin tried and was not granted.
    pub(crate) fn refusals(&self) -> Vec<String> {
        self.0.line.refusals.all()
    }

    /// Why the plugin is closed, if it is.
    pub(crate) fn fate(&self) -> Option<&Error> {
        self.0.line.fate.get().map(|fate| &fate.after)
    }

    /// Whether another thread is in the plugin.
    pub(crate) fn is_busy(&self) -> bool {
        self.0.store.is_busy()
    }

    /// Ends the plugin without asking it: no destructor runs, and every later call answers with `cause`. A call that
    /// is running is stopped where it is; one that waits for its host ends when that answers.
    pub(crate) fn kill(&self, cause: &Error) {
        self.0.decide(cause);
        self.0.sweep();
    }
}

/// A door that keeps no plugin alive.
#[derive(Clone)]
pub(crate) struct WeakDoor(Weak<Inner>);

impl WeakDoor {
    /// The door, if the plugin is still there.
    pub(crate) fn upgrade(&self) -> Option<Door> {
        self.0.upgrade().map(Door)
    }
}

impl Inner {
    /// Calls a function of the plugin's, on its parked stack or behind its gate.
    #[inline(always)]
    fn enter<B, R>(self: &Arc<Self>, path: &str, body: B, export: Export<B, R>) -> Result<R>
    where
        B: Send + 'static,
        R: Send + 'static,
    {
        self.alive()?;
        if reentry::is_idle() {
            // This thread is in no plugin, so this one is not parked here, and the stack is all there.
            return match self.store.try_enter() {
                Some(pass) => self.run_behind(pass, |inside| {
                    self.run(inside, |inside| export(&self.functions, inside, path, body))
                }),
                None => self.enter_in_turn(path, body, export),
            };
        }
        self.enter_from_inside(path, body, export)
    }

    /// Calls a function of the plugin's from within a call of this plugin or another one.
    fn enter_from_inside<B, R>(
        self: &Arc<Self>,
        path: &str,
        body: B,
        export: Export<B, R>,
    ) -> Result<R>
    where
        B: Send + 'static,
        R: Send + 'static,
    {
        self.has_stack()?;
        let mut body = Some(body);
        if let Some(result) = self.enter_parked(path, &mut body, export) {
            return result;
        }
        let Some(body) = body else {
            return Err(self.gone());
        };
        match self.store.try_enter() {
            Some(pass) => self.run_behind(pass, |inside| {
                self.run(inside, |inside| export(&self.functions, inside, path, body))
            }),
            None => self.enter_in_turn(path, body, export),
        }
    }

    /// Calls a function on the plugin's parked stack. `None`, with `body` left where it is: it is not on this thread.
    #[inline]
    fn enter_parked<B, R>(
        &self,
        path: &str,
        body: &mut Option<B>,
        export: Export<B, R>,
    ) -> Option<Result<R>> {
        let call = |inside: &mut Inside<'_>| {
            self.run_nested(inside, |inside| match body.take() {
                Some(body) => export(&self.functions, inside, path, body),
                None => Err(wasmtime::Error::msg("a call was made twice")),
            })
        };
        match catch_unwind(AssertUnwindSafe(|| self.line.key.enter(call))) {
            Ok(Entry::Done(result)) => Some(result),
            Ok(Entry::Running) => Some(Err(self.busy_here())),
            Ok(Entry::Absent(_)) => None,
            Err(panic) => Some(Err(self.host_panicked(&*panic))),
        }
    }

    /// Like [`enter`](Inner::enter), but `None` when the plugin is busy.
    fn try_enter<R>(
        &self,
        call: impl FnOnce(&mut Inside<'_>) -> wasmtime::Result<R>,
    ) -> Result<Option<R>> {
        self.alive()?;
        self.has_stack()?;
        match self.line.key.enter(|parked| self.run_nested(parked, call)) {
            Entry::Done(result) => result.map(Some),
            Entry::Running => Ok(None),
            Entry::Absent(run) => {
                let Some(pass) = self.store.try_enter() else {
                    return Ok(None);
                };
                self.run_behind(pass, run).map(Some)
            }
        }
    }

    /// The outermost entry on this thread: runs, opens the gate, and clears up if the plugin has died.
    #[inline]
    fn run_behind<R>(
        &self,
        mut pass: Pass<'_, Option<Store<State>>>,
        run: impl FnOnce(&mut Inside<'_>) -> Result<R>,
    ) -> Result<R> {
        let result = self.run_locked(&mut pass, run);
        drop(pass);
        self.sweep();
        result
    }

    fn run_locked<R>(
        &self,
        store: &mut Option<Store<State>>,
        run: impl FnOnce(&mut Inside<'_>) -> Result<R>,
    ) -> Result<R> {
        // It may have died while this thread waited at the gate.
        self.alive()?;
        let Some(store) = store.as_mut() else {
            return Err(self.gone());
        };
        // What an earlier call has survived explains nothing about this one.
        let state = store.data_mut();
        (state.gauge.refused, state.last_words) = (None, None);
        self.line.refusals.begin();
        refuel(store)?;
        // It looks whether it may go on at the next tick, not at the one before it began.
        store.set_epoch_deadline(1);
        let _running = self.line.meter.begin(self.deadline);
        let run = || self.line.key.occupy(|| run(&mut store.as_context_mut()));
        catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(self.host_panicked(&*panic)))
    }

    /// Makes a call on the plugin's parked stack.
    #[inline]
    fn run_nested<R>(
        &self,
        inside: &mut Inside<'_>,
        call: impl FnOnce(&mut Inside<'_>) -> wasmtime::Result<R>,
    ) -> Result<R> {
        self.line.meter.resume();
        let result = self.run(inside, call);
        self.line.meter.park();
        result
    }

    /// Makes the call, and looks at what it has done to the plugin.
    #[inline]
    fn run<R>(
        &self,
        inside: &mut Inside<'_>,
        call: impl FnOnce(&mut Inside<'_>) -> wasmtime::Result<R>,
    ) -> Result<R> {
        match call(inside) {
            Ok(result) => match self.line.fate.get() {
                None => Ok(result),
                // Closed from elsewhere while it ran: what it answered may name objects that are gone.
                Some(fate) => Err(fate.during.clone()),
            },
            Err(error) => Err(self.died(&error, inside.data_mut())),
        }
    }

    /// What a call that the plugin answered with a fault has come to.
    #[cold]
    fn failed(&self, fault: wire::Fault) -> Error {
        self.line.refusals.explain(Error::from(fault))
    }

    #[inline]
    fn alive(&self) -> Result<()> {
        match self.line.fate.get() {
            None => Ok(()),
            Some(fate) => Err(fate.after.clone()),
        }
    }

    #[cold]
    fn busy_here(&self) -> Error {
        let name = &self.line.name;
        Error::new(
            Kind::Busy,
            format!(
                "plugin `{name}` is running on this thread and does not wait for its host, so it can not be called"
            ),
        )
    }

    /// Refuses a call for which there may not be enough stack. A plugin that runs out of its own traps, which costs its
    /// life; a thread that runs out of its own ends the whole process.
    fn has_stack(&self) -> Result<()> {
        let enough = match self.line.key.stack_used() {
            // Nested: what is left of the plugin's own.
            Some(used) => used + NESTED_STACK <= WASM_STACK,
            // The plugin may use all of its own, and a chain of plugins that call one another shares one thread.
            None => reentry::stack_used() + WASM_STACK + HOST_STACK <= THREAD_STACK,
        };
        if enough { Ok(()) } else { Err(self.too_deep()) }
    }

    #[cold]
    fn too_deep(&self) -> Error {
        let name = &self.line.name;
        Error::new(
            Kind::TooDeep,
            format!(
                "plugin `{name}` is not called: the calls that led here have used up the stack"
            ),
        )
    }
}

/// Gives the plugin the instructions that it may execute in a call, if they are counted.
#[inline]
fn refuel(store: &mut Store<State>) -> Result<()> {
    match store.data().gauge.limits().fuel {
        None => Ok(()),
        Some(fuel) => store
            .set_fuel(fuel)
            .map_err(|error| Error::new(Kind::Load, format!("it can not be metered: {error:#}"))),
    }
}
