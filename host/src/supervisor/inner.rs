//! What a supervisor knows, and how its plugin goes from one life to the next.
//!
//! Two locks: the *transition* is held while a life is started, by a restart or by a reload, so there is one at a time;
//! the *state* for moments only. **Invariant:** no code of a plugin or of the program runs, and nothing of theirs is
//! dropped, while the state is locked; it may be locked by a thread on whose stack the plugin is dying.

#[cfg(feature = "monitor")]
mod look;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Weak};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use super::builder::Settings;
use super::hooks::{Event, Herald, Hooks};
use super::life::{Lease, Life, Running};
use super::policy::{Record, Verdict};
use super::timer::{self, Appointment};
use super::{lock, words};
use crate::door::{Fate, panic_message};
use crate::host::Code;
use crate::{CallOptions, Error, Host, Kind, LoadOptions, Result};

/// What a plugin is started from.
#[derive(Clone)]
pub(super) struct Version {
    code: Code,
    /// Where a reload finds the next one; `None` when it came as bytes.
    pub(super) path: Option<PathBuf>,
}

impl Version {
    pub(super) fn of_file(host: &Host, path: PathBuf, options: &LoadOptions) -> Result<Version> {
        let code = host.compile_file(&path, options)?;
        Ok(Version {
            code,
            path: Some(path),
        })
    }

    pub(super) fn of_bytes(
        host: &Host,
        name: &str,
        bytes: &[u8],
        options: &LoadOptions,
    ) -> Result<Version> {
        let code = host.compile(name, bytes, options)?;
        Ok(Version { code, path: None })
    }
}

pub(super) struct Inner {
    pub(super) host: Host,
    pub(super) name: String,
    settings: Settings,
    pub(super) patience: Duration,
    calls: CallOptions,
    pub(super) herald: Arc<Herald>,
    /// The thread that does the setup of a life, which must not wait for that.
    setting_up: Mutex<Option<ThreadId>>,
    transition: Mutex<()>,
    state: Mutex<State>,
    changed: Condvar,
    /// How often it was started again after it had died.
    restarts: AtomicU64,
    /// Restarts that were waited for, so that each can be told from the others.
    tickets: AtomicU64,
}

pub(super) struct State {
    phase: Phase,
    version: Version,
    /// The number of the last life that began.
    lives: u64,
    record: Record,
}

enum Phase {
    Running(Arc<Running>),
    /// It is started again when that is due.
    Waiting {
        due: Instant,
        ticket: u64,
        why: Error,
        _appointment: Appointment,
    },
    /// It is being started, again if there is a reason.
    Starting(Option<Error>),
    /// It is not started any more, unless by a reload.
    Ended(Error),
    Stopped,
}

impl Inner {
    pub(super) fn start(
        host: Host,
        name: String,
        settings: Settings,
        hooks: Hooks,
        version: Version,
    ) -> Result<Arc<Inner>> {
        let code = version.code.clone();
        let calls = host.complete(settings.options.clone()).calls;
        let inner = Arc::new(Inner {
            host,
            name,
            patience: settings.patience,
            calls,
            settings,
            herald: Herald::new(hooks),
            setting_up: Mutex::default(),
            transition: Mutex::default(),
            state: Mutex::new(State {
                phase: Phase::Starting(None),
                version,
                lives: 0,
                record: Record::default(),
            }),
            changed: Condvar::new(),
            restarts: AtomicU64::new(0),
            tickets: AtomicU64::new(0),
        });
        let life = inner.begin(&code, 1)?;
        inner.install(lock(&inner.state), &life);
        #[cfg(feature = "monitor")]
        look::let_be_watched(&inner);
        Ok(inner)
    }

    /// How calls of proxies into the plugin are made.
    pub(super) fn call_options(&self) -> CallOptions {
        self.calls
    }

    /// The number of the current life, or of the last one.
    pub(super) fn life(&self) -> u64 {
        lock(&self.state).lives
    }

    /// Why the plugin is not there and will not be, if so.
    pub(super) fn ended(&self) -> Option<Error> {
        match &lock(&self.state).phase {
            Phase::Ended(why) => Some(why.clone()),
            Phase::Stopped => Some(words::stopped(&self.name)),
            Phase::Running(_) | Phase::Waiting { .. } | Phase::Starting(_) => None,
        }
    }

    // ---- calling ----

    /// The plugin, for a call, and how long that was waited for, because it was being started again.
    pub(super) fn lease(&self, patience: Duration) -> Result<(Lease, Duration)> {
        let state = lock(&self.state);
        match &state.phase {
            Phase::Running(life) if !life.is_over() => Ok((Lease::new(life), Duration::ZERO)),
            _ => {
                let began = Instant::now();
                let lease = self.lease_later(state, patience)?;
                Ok((lease, began.elapsed()))
            }
        }
    }

    #[cold]
    fn lease_later(&self, mut state: MutexGuard<'_, State>, patience: Duration) -> Result<Lease> {
        let until = Instant::now().checked_add(patience);
        let in_vain = |due: Instant| until.is_some_and(|until| due > until);
        loop {
            match &state.phase {
                Phase::Running(life) if !life.is_over() => return Ok(Lease::new(life)),
                Phase::Ended(why) => return Err(why.clone()),
                Phase::Stopped => return Err(words::stopped(&self.name)),
                Phase::Waiting { due, why, .. } if in_vain(*due) => {
                    return Err(words::due(&self.name, *due, patience, why));
                }
                // Whoever ends it is about to say so.
                Phase::Running(_) | Phase::Waiting { .. } => {}
                Phase::Starting(_) => self.not_in_setup("call")?,
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                return Err(words::late(&self.name, patience, state.phase.why()));
            }
            // Not every system can wait for longer than a day at once.
            let nap = left
                .unwrap_or(Duration::MAX)
                .min(Duration::from_secs(86_400));
            let waited = self.changed.wait_timeout(state, nap);
            state = waited.unwrap_or_else(|error| error.into_inner()).0;
        }
    }

    /// Refuses what would wait for the setup in which it is asked.
    pub(super) fn not_in_setup(&self, verb: &str) -> Result<()> {
        if *lock(&self.setting_up) == Some(thread::current().id()) {
            return Err(words::in_setup(&self.name, verb));
        }
        Ok(())
    }

    // ---- from life to life ----

    /// Starts an instance, and sets it up.
    fn begin(self: &Arc<Self>, code: &Code, number: u64) -> Result<Arc<Running>> {
        let name = words::life(&self.name, number);
        // Its setup and its sink are the program's, and no panic of theirs shall leave it between two lives.
        guarded(|| {
            let options = self.host.complete(self.settings.options.clone());
            let plugin = self.host.start_as(name.clone(), code, &options)?;
            let life = Running::new(number, plugin);
            self.watch(&life);
            self.set_up(&life)?;
            Ok(life)
        })
        .map_err(|error| match error.kind() {
            Kind::Load => error,
            _ => words::not_started(&name, error),
        })
    }

    /// Has this supervisor told when a life is over.
    fn watch(self: &Arc<Self>, life: &Arc<Running>) {
        let (inner, own) = (Arc::downgrade(self), Arc::downgrade(life));
        life.plugin.door().on_end(Box::new(move |fate| {
            if let Some(inner) = inner.upgrade() {
                inner.over(&own, fate);
                // On this stack nothing shall go that might be the last of its kind.
                timer::soon(move || drop(inner));
            }
        }));
    }

    fn set_up(&self, life: &Running) -> Result<()> {
        let Some(setup) = &self.settings.setup else {
            return Ok(());
        };
        *lock(&self.setting_up) = Some(thread::current().id());
        let done = guarded(|| setup(&life.plugin));
        *lock(&self.setting_up) = None;
        let done = done.and_then(|()| life.plugin.closed().map_or(Ok(()), Err));
        done.map_err(|error| {
            let error = words::no_setup(life.plugin.name(), error);
            life.kill(&error);
            error
        })
    }

    /// Makes a life that has begun the current one, in place of what was before, which is returned.
    fn install(
        self: &Arc<Self>,
        mut state: MutexGuard<'_, State>,
        life: &Arc<Running>,
    ) -> Option<Arc<Running>> {
        let is_restart = matches!(state.phase, Phase::Starting(Some(_)));
        state.lives = life.number;
        let before = std::mem::replace(&mut state.phase, Phase::Running(Arc::clone(life)));
        self.herald.tell(Event::Started(life.life()));
        if is_restart {
            self.restarts.fetch_add(1, Ordering::Relaxed);
            self.herald.tell(Event::Restarted(life.life()));
        }
        drop(state);
        self.changed.notify_all();
        tracing::debug!(target: "locum::supervisor", plugin = life.plugin.name(), "begun");
        // It may have ended before, when that was nobody's concern.
        if let Some(fate) = life.plugin.door().end() {
            self.over(&Arc::downgrade(life), fate);
        }
        match before {
            Phase::Running(before) => Some(before),
            _ => None,
        }
    }

    /// A life is over. Called in the middle of whatever it ended in.
    fn over(self: &Arc<Self>, life: &Weak<Running>, fate: &Fate) {
        let Some(life) = life.upgrade() else {
            return;
        };
        let mut state = lock(&self.state);
        let is_current = matches!(&state.phase, Phase::Running(now) if Arc::ptr_eq(now, &life));
        let is_crash = !fate.in_order && !life.was_killed() && life.number <= state.lives;
        if is_crash && life.say_once() {
            let event = Event::Crashed(life.past_life(), fate.cause.clone());
            self.herald.tell(event);
        }
        if is_current {
            let before = self.judge(&mut state, life.lasted(), fate.in_order, fate.after.clone());
            drop(state);
            self.changed.notify_all();
            timer::soon(move || drop((life, before)));
        } else {
            drop(state);
            timer::soon(move || drop(life));
        }
    }

    /// Decides what follows on a life, or on a restart that failed.
    fn judge(
        self: &Arc<Self>,
        state: &mut State,
        lasted: Duration,
        in_order: bool,
        why: Error,
    ) -> Phase {
        let policy = &self.settings.policy;
        let verdict = state.record.judge(policy, lasted, in_order, Instant::now());
        let phase = match verdict {
            Verdict::Leave => Phase::Ended(words::left(&self.name, policy.restart, &why)),
            Verdict::GiveUp => {
                let error = words::given_up(&self.name, policy, &why);
                self.herald.tell(Event::GaveUp(error.clone()));
                Phase::Ended(error)
            }
            Verdict::After(delay) => {
                let ticket = self.tickets.fetch_add(1, Ordering::Relaxed);
                let inner = Arc::downgrade(self);
                let appointment = timer::after(delay, move || {
                    if let Some(inner) = inner.upgrade() {
                        inner.restart(ticket);
                    }
                });
                Phase::Waiting {
                    due: appointment.due(),
                    ticket,
                    why,
                    _appointment: appointment,
                }
            }
        };
        std::mem::replace(&mut state.phase, phase)
    }

    /// Starts the plugin again, if that is still what the ticket was given for.
    fn restart(self: &Arc<Self>, ticket: u64) {
        let turn = lock(&self.transition);
        let (code, number) = {
            let mut state = lock(&self.state);
            let why = match &state.phase {
                Phase::Waiting {
                    ticket: due, why, ..
                } if *due == ticket => why.clone(),
                _ => return,
            };
            state.phase = Phase::Starting(Some(why));
            let policy = &self.settings.policy;
            state.record.restarted(policy, Instant::now());
            (state.version.code.clone(), state.lives + 1)
        };
        let begun = self.begin(&code, number);
        let mut state = lock(&self.state);
        if !matches!(state.phase, Phase::Starting(_)) {
            drop(state);
            self.discard(begun);
            return;
        }
        match begun {
            Ok(life) => {
                self.install(state, &life);
            }
            Err(error) => {
                let life = Life::past(number, words::life(&self.name, number));
                self.herald.tell(Event::Crashed(life, error.clone()));
                let before = self.judge(&mut state, Duration::ZERO, false, error);
                drop(state);
                self.changed.notify_all();
                drop(before);
            }
        }
        drop(turn);
    }

    /// Ends a life that nobody wants any more, because the supervisor was stopped meanwhile.
    fn discard(&self, begun: Result<Arc<Running>>) {
        if let Ok(life) = begun {
            let _ = life.dismiss(words::stopping(), self.settings.drain);
        }
    }

    /// Starts what `load` gives, and lets it take the place of what runs.
    pub(super) fn reload(
        self: &Arc<Self>,
        load: impl FnOnce(Version, &LoadOptions) -> Result<Version>,
    ) -> Result<()> {
        self.not_in_setup("reload")?;
        let turn = lock(&self.transition);
        let (version, number) = {
            let state = lock(&self.state);
            (state.version.clone(), state.lives + 1)
        };
        let options = self.host.complete(self.settings.options.clone());
        let begun = load(version, &options).and_then(|version| {
            let life = self.begin(&version.code, number)?;
            Ok((life, version))
        });
        let mut state = lock(&self.state);
        let goes_on = match &state.phase {
            Phase::Stopped => {
                drop(state);
                self.discard(begun.map(|(life, _)| life));
                return Err(words::stopped(&self.name));
            }
            Phase::Running(life) => Some(life.number),
            _ => None,
        };
        let (life, version) =
            begun.map_err(|error| words::not_loaded(&self.name, goes_on, error))?;
        let old_version = std::mem::replace(&mut state.version, version);
        state.record = Record::default();
        let before = self.install(state, &life);
        drop((turn, old_version));
        if let Some(before) = before {
            let reason = words::replaced(&self.name, number);
            // Its destructors are told to the log and the hooks; the new version runs, which is what was asked for.
            let _ = before.dismiss(reason, self.settings.drain);
        }
        Ok(())
    }

    /// Ends it for good.
    pub(super) fn stop(self: &Arc<Self>) -> Result<()> {
        self.not_in_setup("stop")?;
        let before = std::mem::replace(&mut lock(&self.state).phase, Phase::Stopped);
        self.changed.notify_all();
        let stopped = match before {
            Phase::Running(life) => life.dismiss(words::stopping(), self.settings.drain),
            Phase::Starting(_) => {
                // Whoever starts it finds that it is not wanted any more.
                drop(lock(&self.transition));
                Ok(())
            }
            _ => Ok(()),
        };
        self.herald.tell(Event::Stopped);
        self.herald.wait_until_told();
        stopped
    }
}

impl Phase {
    fn why(&self) -> Option<&Error> {
        match self {
            Phase::Waiting { why, .. } | Phase::Ended(why) => Some(why),
            Phase::Starting(why) => why.as_ref(),
            Phase::Running(_) | Phase::Stopped => None,
        }
    }
}

/// Does what may run the program's own code, whose panic becomes an error.
fn guarded<R>(work: impl FnOnce() -> Result<R>) -> Result<R> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(Error::raise("Panic", panic_message(&*panic).to_owned())))
}
