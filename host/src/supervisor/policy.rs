//! Whether, and after how long, a plugin that has ended is started again.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::{Error, Kind, Result};

/// When a plugin that has ended is started again.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::{Host, Kind, Restart, Supervisor};
/// let supervisor = Supervisor::builder(&Host::new()?, "samples.wasm").restart(Restart::Never).start()?;
/// supervisor.plugin()?.kill();
/// let error = supervisor.root("samples").call::<i64>("live", ()).unwrap_err();
/// assert!(error.message().starts_with("plugin `samples` is not started again (Restart::Never"), "{error}");
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Restart {
    /// Never: it is watched, and can be started anew by [`reload`](crate::Supervisor::reload).
    Never,
    /// When it has died: it trapped, panicked, ran past a limit, broke the protocol, or was
    /// [killed](crate::Plugin::kill).
    #[default]
    OnFailure,
    /// Also when it was [closed](crate::Plugin::close), unless by its supervisor.
    Always,
}

/// How long to wait before a plugin is started again: the longer, the more often it has failed in a row.
///
/// ```
/// use std::time::Duration;
/// use locum::Backoff;
///
/// let secs = Duration::from_secs;
/// let backoff = Backoff::new(secs(1), 3.0, secs(10));
/// let delays: Vec<Duration> = (0..4).map(|failures| backoff.delay(failures)).collect();
/// assert_eq!(delays, [secs(1), secs(3), secs(9), secs(10)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    first: Duration,
    factor: f64,
    most: Duration,
}

impl Backoff {
    /// Waits `first` before the first restart, `factor` times as long before each further one, and never longer than
    /// `most`. A life that has lasted for `most` begins the row anew.
    pub fn new(first: Duration, factor: f64, most: Duration) -> Backoff {
        Backoff {
            first,
            factor,
            most,
        }
    }

    /// No waiting at all.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use locum::Backoff;
    /// assert_eq!(Backoff::none().delay(3), Duration::ZERO);
    /// ```
    pub fn none() -> Backoff {
        Backoff::new(Duration::ZERO, 1.0, Duration::ZERO)
    }

    /// How long is waited after that many restarts in a row.
    pub fn delay(&self, restarts: u32) -> Duration {
        if restarts == 0 || self.first.is_zero() {
            return self.first.min(self.most);
        }
        let seconds = self.first.as_secs_f64() * self.factor.powf(f64::from(restarts));
        let delay = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        delay.min(self.most)
    }

    fn check(&self) -> Result<()> {
        if self.factor.is_finite() && self.factor >= 1.0 {
            return Ok(());
        }
        Err(Error::new(
            Kind::ValueError,
            format!(
                "the factor of a Backoff is {}, so that waiting would not grow; give 1 or more",
                self.factor
            ),
        ))
    }
}

impl Default for Backoff {
    /// 100 ms, doubled each time, up to 30 s.
    fn default() -> Backoff {
        Backoff::new(Duration::from_millis(100), 2.0, Duration::from_secs(30))
    }
}

/// All that was said about restarts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    pub(super) restart: Restart,
    /// The most restarts within a time.
    pub(super) most: u32,
    pub(super) within: Duration,
    pub(super) backoff: Backoff,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            restart: Restart::default(),
            most: 5,
            within: Duration::from_secs(60),
            backoff: Backoff::default(),
        }
    }
}

impl Policy {
    pub(super) fn check(&self) -> Result<()> {
        if self.within.is_zero() {
            return Err(Error::new(
                Kind::ValueError,
                "SupervisorBuilder::most_restarts counts restarts within no time at all; give the time in which so many are too many",
            ));
        }
        self.backoff.check()
    }
}

/// What is to be done about a plugin that has ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is not one to be restarted.
    Leave,
    /// It was restarted too often.
    GiveUp,
    /// It is started again after this time.
    After(Duration),
}

/// The restarts so far.
#[derive(Default)]
pub(super) struct Record {
    /// When they were, as far as they still count.
    times: VecDeque<Instant>,
    /// How many there were in a row.
    row: u32,
}

impl Record {
    /// Decides about a plugin that has ended `now`: after how long a life, and whether in order. A restart that failed had
    /// no life.
    pub(super) fn judge(
        &mut self,
        policy: &Policy,
        lasted: Duration,
        in_order: bool,
        now: Instant,
    ) -> Verdict {
        match policy.restart {
            Restart::Never => return Verdict::Leave,
            Restart::OnFailure if in_order => return Verdict::Leave,
            Restart::OnFailure | Restart::Always => {}
        }
        let counts = |time: &Instant| now.saturating_duration_since(*time) < policy.within;
        while self.times.front().is_some_and(|time| !counts(time)) {
            self.times.pop_front();
        }
        if self.times.len() as u64 >= u64::from(policy.most) {
            return Verdict::GiveUp;
        }
        if lasted >= policy.backoff.most {
            self.row = 0;
        }
        let delay = policy.backoff.delay(self.row);
        self.row = self.row.saturating_add(1);
        Verdict::After(delay)
    }

    /// Notes a restart.
    pub(super) fn restarted(&mut self, policy: &Policy, now: Instant) {
        // Who allows as many as can be counted wants none to be counted.
        if policy.most < u32::MAX {
            self.times.push_back(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn policy(restart: Restart, most: u32, within: Duration) -> Policy {
        Policy {
            restart,
            most,
            within,
            backoff: Backoff::new(SECOND, 2.0, 8 * SECOND),
        }
    }

    /// The delays of a plugin that ends again and again after that long a life.
    fn delays(policy: &Policy, lasted: Duration, times: usize) -> Vec<Option<Duration>> {
        let (mut record, mut now) = (Record::default(), Instant::now());
        let end = |_| {
            now += lasted;
            match record.judge(policy, lasted, false, now) {
                Verdict::After(delay) => {
                    now += delay;
                    record.restarted(policy, now);
                    Some(delay)
                }
                _ => None,
            }
        };
        (0..times).map(end).collect()
    }

    #[test]
    fn who_restarts_what() {
        let judged = |restart, in_order| {
            let policy = policy(restart, 5, SECOND);
            Record::default().judge(&policy, SECOND, in_order, Instant::now())
        };
        assert_eq!(judged(Restart::Never, false), Verdict::Leave);
        assert_eq!(judged(Restart::Never, true), Verdict::Leave);
        assert_eq!(judged(Restart::OnFailure, false), Verdict::After(SECOND));
        assert_eq!(judged(Restart::OnFailure, true), Verdict::Leave);
        assert_eq!(judged(Restart::Always, false), Verdict::After(SECOND));
        assert_eq!(judged(Restart::Always, true), Verdict::After(SECOND));
    }

    #[test]
    fn each_restart_in_a_row_is_waited_for_longer_up_to_the_most() {
        let policy = policy(Restart::OnFailure, u32::MAX, Duration::MAX);
        let expected = [1, 2, 4, 8, 8, 8].map(|seconds| Some(seconds * SECOND));
        assert_eq!(delays(&policy, Duration::ZERO, 6), expected);
    }

    #[test]
    fn a_life_that_lasted_begins_the_row_anew() {
        let policy = policy(Restart::OnFailure, u32::MAX, SECOND);
        assert_eq!(delays(&policy, 8 * SECOND, 4), [Some(SECOND); 4]);
    }

    #[test]
    fn more_restarts_than_allowed_within_the_time_are_not_made() {
        let short = policy(Restart::OnFailure, 3, 60 * SECOND);
        let made = delays(&short, Duration::ZERO, 5);
        assert_eq!(made.iter().flatten().count(), 3, "{made:?}");
        assert_eq!(made[3], None);
        let none = policy(Restart::OnFailure, 0, SECOND);
        assert_eq!(delays(&none, Duration::ZERO, 1), [None]);
        // The earlier ones are forgotten when the time is over.
        let spread = policy(Restart::OnFailure, 3, 10 * SECOND);
        assert!(delays(&spread, 5 * SECOND, 20).iter().all(Option::is_some));
    }

    #[test]
    fn durations_and_factors_at_the_ends_of_their_ranges_saturate() {
        let backoff = Backoff::new(SECOND, f64::MAX, Duration::MAX);
        assert_eq!(backoff.delay(u32::MAX), Duration::MAX);
        let backoff = Backoff::new(Duration::MAX, 2.0, SECOND);
        assert_eq!((backoff.delay(0), backoff.delay(7)), (SECOND, SECOND));
        let backoff = Backoff::new(Duration::ZERO, f64::MAX, Duration::MAX);
        assert_eq!(backoff.delay(u32::MAX), Duration::ZERO);
        assert_eq!(Backoff::none().delay(3), Duration::ZERO);
        let forever = policy(Restart::Always, 1, Duration::MAX);
        assert_eq!(
            delays(&forever, 1000 * SECOND, 3),
            [Some(SECOND), None, None]
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for factor in [f64::NAN, f64::INFINITY, 0.5, -1.0, 0.0] {
            let error = Backoff::new(SECOND, factor, SECOND).check().unwrap_err();
            assert_eq!(error.kind(), Kind::ValueError);
            assert!(error.message().contains(&factor.to_string()), "{error}");
        }
        let error = policy(Restart::Always, 1, Duration::ZERO).check();
        assert!(error.unwrap_err().message().contains("most_restarts"));
    }
}
