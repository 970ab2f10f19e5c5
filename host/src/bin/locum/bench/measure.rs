//! Timing something over and over.

use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

/// The warm-up is over after so long, or so many runs.
const WARM_TIME: Duration = Duration::from_millis(300);
const WARM_RUNS: u64 = 1_000;

/// However long a run takes.
const FEWEST_RUNS: u64 = 10;

/// What is timed takes at least so many times as long as the clock can tell.
const CLOCK_SHARE: u32 = 20;

/// In picoseconds: a hundred days are as good as any more.
const LONGEST: u64 = 1 << 63;

/// Significant digits of what is recorded.
const DIGITS: u8 = 3;

/// How many runs are timed at once.
#[derive(Clone, Copy)]
pub(super) struct Pace(u64);

/// How long the runs took.
pub(super) struct Times {
    /// In picoseconds; for a batch, the mean of its runs, counted as often.
    picoseconds: Histogram<u64>,
    /// How many runs were timed at once.
    pub(super) batch: u64,
    /// All in all.
    pub(super) took: Duration,
}

impl Pace {
    /// Warms up, and finds how many runs take long enough to be timed.
    pub(super) fn found<E>(run: &mut impl FnMut() -> Result<(), E>) -> Result<Pace, E> {
        let enough = clock() * CLOCK_SHARE;
        let begun = Instant::now();
        let (mut batch, mut runs) = (1, 0);
        while runs < WARM_RUNS && begun.elapsed() < WARM_TIME {
            runs += batch;
            if time(batch, run)? < enough {
                batch *= 2;
            }
        }
        Ok(Pace(batch))
    }

    /// Times batches for so long, and a few at least; tells between them how long it has been.
    pub(super) fn measure<E>(
        self,
        long: Duration,
        run: &mut impl FnMut() -> Result<(), E>,
        mut tell: impl FnMut(Duration),
    ) -> Result<Times, E> {
        let Pace(batch) = self;
        let mut picoseconds =
            Histogram::new(DIGITS).expect("a histogram may have three significant digits");
        let begun = Instant::now();
        while picoseconds.len() < FEWEST_RUNS || begun.elapsed() < long {
            let mean = time(batch, run)?.as_nanos() * 1_000 / u128::from(batch);
            let mean = u64::try_from(mean).unwrap_or(LONGEST).min(LONGEST);
            picoseconds
                .record_n(mean, batch)
                .expect("a histogram grows to what it is given");
            tell(begun.elapsed());
        }
        Ok(Times {
            picoseconds,
            batch,
            took: begun.elapsed(),
        })
    }
}

impl Times {
    pub(super) fn runs(&self) -> u64 {
        self.picoseconds.len()
    }

    /// The time, in nanoseconds, that this share of the runs did not exceed.
    pub(super) fn at(&self, share: f64) -> f64 {
        nanoseconds(self.picoseconds.value_at_quantile(share))
    }

    pub(super) fn fastest(&self) -> f64 {
        nanoseconds(self.picoseconds.min())
    }

    pub(super) fn slowest(&self) -> f64 {
        nanoseconds(self.picoseconds.max())
    }

    /// Times in nanoseconds, from the shortest to the longest, and how many runs took each.
    pub(super) fn all(&self) -> Vec<(f64, u64)> {
        let all = self.picoseconds.iter_recorded();
        all.map(|it| (nanoseconds(it.value_iterated_to()), it.count_at_value()))
            .collect()
    }
}

fn nanoseconds(picoseconds: u64) -> f64 {
    picoseconds as f64 / 1e3
}

fn time<E>(batch: u64, run: &mut impl FnMut() -> Result<(), E>) -> Result<Duration, E> {
    let begun = Instant::now();
    for _ in 0..batch {
        run()?;
    }
    Ok(begun.elapsed())
}

/// What reading the clock takes, or the smallest step that it makes: whichever is longer.
fn clock() -> Duration {
    const READS: u32 = 1_000;
    let begun = Instant::now();
    let (mut last, mut step) = (begun, Duration::MAX);
    for _ in 0..READS {
        let now = Instant::now();
        if now > last {
            step = step.min(now - last);
        }
        last = now;
    }
    let cost = (last - begun) / READS;
    if step == Duration::MAX {
        cost
    } else {
        cost.max(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_its_time_is_timed_alone_and_ten_times_at_least() {
        let mut runs = 0;
        let mut run = || {
            runs += 1;
            std::thread::sleep(Duration::from_millis(1));
            Ok::<(), ()>(())
        };
        let times = Pace(1).measure(Duration::ZERO, &mut run, |_| ()).unwrap();
        assert_eq!((times.batch, times.runs(), runs), (1, 10, 10));
        assert!(times.fastest() >= 0.99e6 && times.at(0.5) <= times.slowest());
        let recorded: u64 = times.all().iter().map(|(_, count)| count).sum();
        assert_eq!(recorded, 10);
    }

    #[test]
    fn what_takes_no_time_is_timed_in_batches() {
        let mut nothing = || Ok::<(), ()>(());
        let pace = Pace::found(&mut nothing).unwrap();
        assert!(pace.0 > 1);
        let times = pace.measure(Duration::ZERO, &mut nothing, |_| ()).unwrap();
        assert!(times.runs() >= 10 && times.runs().is_multiple_of(pace.0));
    }

    #[test]
    fn a_run_that_fails_ends_it() {
        let mut left = 5_u32;
        let mut run = || {
            left = left.checked_sub(1).ok_or("no more")?;
            Ok(())
        };
        let ended = Pace(1).measure(Duration::MAX, &mut run, |_| ());
        assert_eq!(ended.err(), Some("no more"));
        assert_eq!(Pace::found(&mut || Err::<(), _>(1)).err(), Some(1));
    }
}
