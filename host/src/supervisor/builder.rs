//! How a plugin is to be supervised, said before it is started.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::hooks::Hooks;
use super::inner::{Inner, Version};
use super::policy::Policy;
use super::{Backoff, Life, Restart, Supervisor, timer};
use crate::host::name_of;
use crate::{Error, Host, Kind, LoadOptions, Plugin, Result};

/// Says how a [`Supervisor`] shall work, before it does. What is not said stays at its default.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use std::time::Duration;
/// # use locum::{Backoff, Host, LoadOptions, Restart, Supervisor};
/// let supervisor = Supervisor::builder(&Host::new()?, "samples.wasm")
///     .options(LoadOptions::new().memory_bytes(32 << 20))
///     .restart(Restart::Always)
///     .most_restarts(3, Duration::from_secs(10))
///     .backoff(Backoff::none())
///     .patience(Duration::from_secs(5))
///     .drain(Duration::from_secs(1))
///     .setup(|plugin| plugin.import("samples")?.call::<()>("echo", ("warm",)))
///     .on_restart(|life| eprintln!("{} has begun", life.name()))
///     .on_give_up(|error| eprintln!("{error}"))
///     .start()?;
/// assert_eq!((supervisor.name(), supervisor.life()), ("samples", 1));
/// assert!(supervisor.ended().is_none());
/// supervisor.stop()?;
/// assert!(supervisor.ended().is_some());
/// # Ok::<(), locum::Error>(())
/// ```
pub struct SupervisorBuilder {
    host: Host,
    source: Source,
    settings: Settings,
    hooks: Hooks,
}

enum Source {
    File(PathBuf),
    Bytes(String, Vec<u8>),
}

/// What holds for all of a supervisor's time.
pub(super) struct Settings {
    pub(super) options: LoadOptions,
    pub(super) policy: Policy,
    pub(super) patience: Duration,
    pub(super) drain: Duration,
    pub(super) setup: Option<Setup>,
}

type Setup = Box<dyn Fn(&Plugin) -> Result<()> + Send + Sync>;

impl SupervisorBuilder {
    pub(super) fn of_file(host: &Host, path: &Path) -> SupervisorBuilder {
        SupervisorBuilder::new(host, Source::File(path.to_owned()))
    }

    pub(super) fn of_bytes(host: &Host, name: &str, bytes: &[u8]) -> SupervisorBuilder {
        SupervisorBuilder::new(host, Source::Bytes(name.to_owned(), bytes.to_owned()))
    }

    fn new(host: &Host, source: Source) -> SupervisorBuilder {
        SupervisorBuilder {
            host: host.clone(),
            source,
            settings: Settings {
                options: LoadOptions::new(),
                policy: Policy::default(),
                patience: Duration::from_secs(10),
                drain: Duration::from_secs(10),
                setup: None,
            },
            hooks: Hooks::default(),
        }
    }

    /// How each life is started.
    #[must_use]
    pub fn options(mut self, options: LoadOptions) -> SupervisorBuilder {
        self.settings.options = options;
        self
    }

    /// When the plugin is started again. Default [`Restart::OnFailure`].
    #[must_use]
    pub fn restart(mut self, restart: Restart) -> SupervisorBuilder {
        self.settings.policy.restart = restart;
        self
    }

    /// How many restarts are made within a time; at one more the plugin is given up. Those that fail count too. With 0 the
    /// first failure is the last, with [`u32::MAX`] it is never given up. Default 5 within 60 s.
    #[must_use]
    pub fn most_restarts(mut self, count: u32, within: Duration) -> SupervisorBuilder {
        self.settings.policy.most = count;
        self.settings.policy.within = within;
        self
    }

    /// How long is waited before a restart. Default: 100 ms, doubled for each restart in a row, up to 30 s.
    #[must_use]
    pub fn backoff(mut self, backoff: Backoff) -> SupervisorBuilder {
        self.settings.policy.backoff = backoff;
        self
    }

    /// How long a caller waits at most while the plugin is being started again; a caller who would wait in vain, because
    /// the restart is not due by then, is told so at once. Default 10 s.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> SupervisorBuilder {
        self.settings.patience = patience;
        self
    }

    /// How long the calls under way have to end when the plugin is replaced or stopped, and then as long again its
    /// destructors; what takes longer is killed. With 0 it is killed at once. Default 10 s.
    #[must_use]
    pub fn drain(mut self, limit: Duration) -> SupervisorBuilder {
        self.settings.drain = limit;
        self
    }

    /// What is done in each life before anybody else can call the plugin: nothing of the life before is in it. An error, or
    /// a panic, makes the start a failed one.
    ///
    /// It must not wait for the supervisor, which waits for it.
    #[must_use]
    pub fn setup(
        mut self,
        setup: impl Fn(&Plugin) -> Result<()> + Send + Sync + 'static,
    ) -> SupervisorBuilder {
        self.settings.setup = Some(Box::new(setup));
        self
    }

    /// Who is told that a life has begun: the first one, one after a restart, one after a reload.
    ///
    /// Hooks run on a thread of Locum's, one after the other, in the order of what they tell of; nothing waits for them but
    /// [`Supervisor::stop`]. They may call the supervisor. One that panics is told to the log.
    #[must_use]
    pub fn on_start(mut self, hook: impl Fn(&Life) + Send + Sync + 'static) -> SupervisorBuilder {
        self.hooks.on_start = Some(Box::new(hook));
        self
    }

    /// Who is told that a life has ended otherwise than in order, and of what; also that a life did not come to begin when
    /// the plugin was to be started again, which is of kind [`Load`](Kind::Load).
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use std::sync::mpsc;
    /// # use locum::{Backoff, Host, Supervisor};
    /// let (tell, told) = mpsc::channel();
    /// let (started, crashed) = (tell.clone(), tell);
    /// let supervisor = Supervisor::builder(&Host::new()?, "samples.wasm")
    ///     .backoff(Backoff::none())
    ///     .on_start(move |life| drop(started.send(format!("{} has begun", life.name()))))
    ///     .on_crash(move |life, cause| drop(crashed.send(format!("{} has died: {}", life.name(), cause.message()))))
    ///     .start()?;
    /// assert!(supervisor.root("samples.dying").call::<()>("panic_with", ("oh",)).is_err());
    /// let told: Vec<String> = told.iter().take(3).collect();
    /// assert_eq!(told[0], "samples (life 1) has begun");
    /// assert_eq!(told[1], "samples (life 1) has died: oh");
    /// assert_eq!(told[2], "samples (life 2) has begun");
    /// # supervisor.stop()?;
    /// # Ok::<(), locum::Error>(())
    /// ```
    #[must_use]
    pub fn on_crash(
        mut self,
        hook: impl Fn(&Life, &Error) + Send + Sync + 'static,
    ) -> SupervisorBuilder {
        self.hooks.on_crash = Some(Box::new(hook));
        self
    }

    /// Who is told that a life has begun in place of one that had ended, after [`on_start`](SupervisorBuilder::on_start).
    #[must_use]
    pub fn on_restart(mut self, hook: impl Fn(&Life) + Send + Sync + 'static) -> SupervisorBuilder {
        self.hooks.on_restart = Some(Box::new(hook));
        self
    }

    /// Who is told that the plugin was restarted too often, and is given up.
    #[must_use]
    pub fn on_give_up(
        mut self,
        hook: impl Fn(&Error) + Send + Sync + 'static,
    ) -> SupervisorBuilder {
        self.hooks.on_give_up = Some(Box::new(hook));
        self
    }

    /// Starts the plugin, and keeps it going from then on.
    ///
    /// # Errors
    /// [`Load`](Kind::Load) when it does not start, which is not tried again; [`ValueError`](Kind::ValueError) for settings
    /// that make no sense.
    pub fn start(self) -> Result<Supervisor> {
        let SupervisorBuilder {
            host,
            source,
            settings,
            hooks,
        } = self;
        settings.policy.check()?;
        timer::start().map_err(|error| {
            let text = format!("the supervisor's thread can not be started: {error}");
            Error::new(Kind::Load, text)
        })?;
        let options = host.complete(settings.options.clone());
        let (name, version) = match source {
            Source::File(path) => (name_of(&path), Version::of_file(&host, path, &options)?),
            Source::Bytes(name, bytes) => {
                let version = Version::of_bytes(&host, &name, &bytes, &options)?;
                (name, version)
            }
        };
        let name = host.unique(options.name.as_deref().unwrap_or(&name));
        Inner::start(host, name, settings, hooks, version).map(Supervisor)
    }
}
