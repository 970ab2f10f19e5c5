//! A supervisor, as it looks from outside.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Instant;

use super::super::lock;
use super::{Inner, Phase};
use crate::monitor::{LooksAtSupervisor, SupervisorLook};

/// Has it listed by its host's monitor, if there is one.
pub(super) fn let_be_watched(inner: &Arc<Inner>) {
    if let Some(monitor) = inner.host.monitor() {
        let inner: Weak<Inner> = Arc::downgrade(inner);
        monitor.hub().supervises(inner);
    }
}

impl LooksAtSupervisor for Inner {
    fn look(&self) -> SupervisorLook {
        let state = lock(&self.state);
        let (name, plugin, due) = match &state.phase {
            Phase::Running(life) => ("running", Some(life.plugin.door().vitals()), None),
            Phase::Waiting { due, .. } => ("waiting", None, Some(*due)),
            Phase::Starting(_) => ("starting", None, None),
            Phase::Ended(_) => ("ended", None, None),
            Phase::Stopped => ("stopped", None, None),
        };
        let why = state.phase.why().map(|why| why.message().to_owned());
        SupervisorLook {
            name: self.name.clone(),
            state: name,
            life: state.lives,
            restarts: self.restarts.load(Ordering::Relaxed),
            plugin,
            due: due.map(|due| due.saturating_duration_since(Instant::now())),
            why,
        }
    }
}
