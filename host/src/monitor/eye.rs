//! Looking on while one plugin is called.

use std::sync::Arc;
use std::time::Instant;

use locum_protocol::{Context, Crossed, Crossing, Observer, Stats};

use super::Monitor;
use super::hub::{Hub, Watched};
use super::session;
use crate::watch;

/// Tells the log, and whoever watches, of the calls of one plugin. It keeps the monitor open, and nothing keeps it but the
/// plugin's peer.
pub(super) struct Eye {
    hub: Arc<Hub>,
    watched: Arc<Watched>,
    _monitor: Monitor,
}

impl Eye {
    pub(super) fn new(monitor: Monitor, watched: Arc<Watched>) -> Eye {
        Eye {
            hub: Arc::clone(monitor.hub()),
            watched,
            _monitor: monitor,
        }
    }

    fn measured(&self, crossing: &Crossing<'_>, run: &mut dyn FnMut() -> Crossed) -> Crossed {
        let flow = self.watched.flow(crossing.inward);
        let under_way = flow.begin();
        let tracing = self.hub.is_traced();
        // Taken first and last, so that what lies inside of a call does so by its times too.
        let began = Instant::now();
        let traced = tracing.then(|| session::begin(&self.hub, crossing, began));
        let crossed = run();
        let ended = Instant::now();
        if let Some(traced) = traced {
            traced.end(&crossed, ended);
        }
        drop(under_way);
        flow.ended(
            self.hub.epoch(),
            ended.duration_since(began),
            crossed.error.is_some(),
        );
        crossed
    }
}

impl Observer for Eye {
    #[inline]
    fn is_on(&self) -> bool {
        self.hub.is_watched() || watch::is_on()
    }

    fn observe(&self, crossing: &Crossing<'_>, run: &mut dyn FnMut() -> Crossed) {
        if !self.hub.is_watched() {
            return watch::Spans.observe(crossing, run);
        }
        if !watch::is_on() {
            self.measured(crossing, run);
            return;
        }
        watch::Spans.observe(crossing, &mut || self.measured(crossing, run));
    }

    /// The log's, and which traced call a started one belongs to.
    fn context(&self) -> Option<Context> {
        let spans = watch::context();
        let Some(call) = session::current().filter(|_| self.hub.is_traced()) else {
            return spans;
        };
        Some(Box::new(move |run| {
            let mut within = || session::within(call, &mut *run);
            match spans {
                Some(spans) => spans(&mut within),
                None => within(),
            }
        }))
    }

    fn gone(&self, last: &Stats) {
        self.hub.gone(&self.watched, last);
    }
}
