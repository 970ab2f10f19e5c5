//! The clocks that a plugin sees.

use std::time::{Duration, Instant, SystemTime};

use wasmtime_wasi::{HostMonotonicClock, HostWallClock};

use crate::grants::Clocks;

/// Both clocks of one plugin.
#[derive(Clone)]
pub(crate) struct Clock {
    clocks: Clocks,
    begun: Instant,
}

impl Clock {
    pub(crate) fn new(clocks: Clocks) -> Clock {
        Clock {
            clocks,
            begun: Instant::now(),
        }
    }

    fn step(&self) -> u128 {
        match self.clocks {
            Clocks::Coarse(step) => step.as_nanos().max(1),
            Clocks::Real | Clocks::Frozen(_) => 1,
        }
    }

    /// The last step before that time.
    fn cut(&self, time: Duration) -> Duration {
        let nanos = time.as_nanos();
        let cut = nanos - nanos % self.step();
        let seconds = u64::try_from(cut / 1_000_000_000).unwrap_or(u64::MAX);
        Duration::new(seconds, (cut % 1_000_000_000) as u32)
    }
}

impl HostWallClock for Clock {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(u64::try_from(self.step()).unwrap_or(u64::MAX))
    }

    fn now(&self) -> Duration {
        let now = match self.clocks {
            Clocks::Frozen(at) => at,
            Clocks::Real | Clocks::Coarse(_) => SystemTime::now(),
        };
        // What was before 1970 has no form in WASI.
        self.cut(
            now.duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or_default(),
        )
    }
}

impl HostMonotonicClock for Clock {
    fn resolution(&self) -> u64 {
        u64::try_from(self.step()).unwrap_or(u64::MAX)
    }

    fn now(&self) -> u64 {
        match self.clocks {
            Clocks::Frozen(_) => 0,
            Clocks::Real | Clocks::Coarse(_) => {
                u64::try_from(self.cut(self.begun.elapsed()).as_nanos()).unwrap_or(u64::MAX)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(clocks: Clocks) -> (Duration, u64) {
        let clock = Clock::new(clocks);
        (HostWallClock::now(&clock), HostMonotonicClock::now(&clock))
    }

    #[test]
    fn a_coarse_clock_goes_in_its_steps() {
        let step = Duration::from_millis(100);
        let (wall, monotonic) = both(Clocks::Coarse(step));
        assert_eq!(wall.as_nanos() % step.as_nanos(), 0);
        assert_eq!(monotonic % 100_000_000, 0);
        assert!(wall > Duration::from_secs(1_700_000_000));
    }

    #[test]
    fn a_frozen_clock_stands_still() {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_007);
        for _ in 0..2 {
            assert_eq!(
                both(Clocks::Frozen(at)),
                (Duration::from_secs(1_000_000_007), 0)
            );
        }
        let before = SystemTime::UNIX_EPOCH - Duration::from_secs(5);
        assert_eq!(both(Clocks::Frozen(before)), (Duration::ZERO, 0));
    }

    #[test]
    fn a_step_at_either_end_of_the_range_is_no_trouble() {
        for step in [Duration::ZERO, Duration::MAX] {
            let clock = Clock::new(Clocks::Coarse(step));
            let _ = (HostWallClock::now(&clock), HostMonotonicClock::now(&clock));
            let _ = HostWallClock::resolution(&clock);
            assert!(HostMonotonicClock::resolution(&clock) >= 1);
        }
        assert_eq!(both(Clocks::Coarse(Duration::MAX)), (Duration::ZERO, 0));
    }
}
