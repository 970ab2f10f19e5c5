//! Measuring: what is timed alternates with what it is compared with, batch by batch, so that a noisy machine slows both.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use criterion::{BenchmarkGroup, Criterion, SamplingMode, measurement::WallTime};

use crate::report::{Report, Row};

/// What a figure is to come to.
#[derive(Clone, Copy)]
pub(crate) enum Aim {
    /// It is stated, and nothing is promised of it.
    None,
    /// The median, against that of what it is compared with, at most.
    Ratio(f64),
    /// How many times faster than what it is compared with, each at its best, at least.
    Faster(f64),
    /// How many times faster, each at its best, whatever that comes to.
    Times,
    /// The median itself, in its unit, at most.
    AtMost(f64),
    /// The rate, against that of what it is compared with, at least.
    Share(f64),
}

/// What was measured, in nanoseconds or bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figure {
    pub(crate) median: f64,
    pub(crate) min: f64,
}

impl Figure {
    /// Of samples, of which there is at least one.
    pub(crate) fn of(mut samples: Vec<f64>) -> Figure {
        samples.sort_by(f64::total_cmp);
        Figure {
            median: samples[samples.len() / 2],
            min: samples[0],
        }
    }

    /// Each of so many.
    pub(crate) fn per(self, count: f64) -> Figure {
        Figure {
            median: self.median / count,
            min: self.min / count,
        }
    }
}

/// The harness, and what it found.
pub(crate) struct Bench {
    criterion: Criterion,
    /// What is asked for; everything when there are none.
    words: Vec<String>,
    pub(crate) report: Report,
}

/// Something that is timed: a name, and what one run of it is.
pub(crate) type Run<'a> = (&'a str, Box<dyn FnMut() + 'a>);

impl Bench {
    pub(crate) fn new() -> Bench {
        let criterion = Criterion::default()
            .sample_size(40)
            .warm_up_time(Duration::from_millis(300))
            .measurement_time(Duration::from_millis(1600))
            .configure_from_args();
        Bench {
            criterion,
            words: std::env::args()
                .skip(1)
                .filter(|word| !word.starts_with('-'))
                .collect(),
            report: Report::default(),
        }
    }

    /// What this machine is, for the report.
    pub(crate) fn describe_machine(&mut self) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
        let model = read("/proc/cpuinfo");
        let model = model
            .lines()
            .find_map(|line| line.strip_prefix("model name"));
        let model = model.map_or("unknown", |line| line.trim_start_matches([' ', '\t', ':']));
        let load = read("/proc/loadavg");
        let load = load.split_whitespace().next().unwrap_or("unknown");
        let facts = [
            ("processor", model.to_owned()),
            ("cores", cores.to_string()),
            (
                "system",
                format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            ),
            ("load at the start", load.to_owned()),
        ];
        let facts = facts
            .into_iter()
            .map(|(name, fact)| (name.to_owned(), fact));
        self.report.machine.extend(facts);
    }

    /// Whether all of it was asked for, and measured in earnest.
    pub(crate) fn measured_all(&self) -> bool {
        self.words.is_empty() && self.report.rows.len() > 20
    }

    /// Times something and what it is compared with. `None` when it was not asked for.
    pub(crate) fn pair(
        &mut self,
        group: &'static str,
        subject: Run<'_>,
        against: Run<'_>,
    ) -> Option<(Figure, Figure)> {
        let ((name, subject), (_, against)) = (subject, against);
        let figures = self.times(group, name, vec![subject, against])?;
        Some((figures[0], figures[1]))
    }

    /// Times something alone.
    pub(crate) fn one(&mut self, group: &'static str, subject: Run<'_>) -> Option<Figure> {
        let (name, subject) = subject;
        Some(self.times(group, name, vec![subject])?[0])
    }

    /// Times something that takes too long for the harness to repeat it often. `None` when it was not asked for.
    pub(crate) fn few(
        &mut self,
        name: &str,
        times: usize,
        mut run: Box<dyn FnMut() + '_>,
    ) -> Option<Figure> {
        if !self.is_wanted(name) {
            return None;
        }
        let samples = (0..times).map(|_| time(1, &mut run).as_secs_f64() * 1e9);
        Some(Figure::of(samples.collect()))
    }

    /// Whether it is asked for, by the words of the command line that are no options.
    pub(crate) fn is_wanted(&self, name: &str) -> bool {
        let mut words = self.words.iter();
        words.len() == 0 || words.any(|word| name.contains(word))
    }

    /// Times several things in turns; the first is what the harness shows.
    pub(crate) fn times(
        &mut self,
        group: &'static str,
        name: &str,
        mut runs: Vec<Box<dyn FnMut() + '_>>,
    ) -> Option<Vec<Figure>> {
        let samples = RefCell::new(Vec::new());
        let mut group: BenchmarkGroup<'_, WallTime> = self.criterion.benchmark_group(group);
        group.sampling_mode(SamplingMode::Flat);
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|count| {
                let took: Vec<Duration> = runs.iter_mut().map(|run| time(count, run)).collect();
                let first = took[0];
                samples.borrow_mut().push((count, took));
                first
            });
        });
        group.finish();
        figures(samples.into_inner())
    }

    /// Takes note of a figure, beside what it is compared with.
    pub(crate) fn note(
        &mut self,
        group: &'static str,
        name: &str,
        unit: &'static str,
        figure: Figure,
        against: Option<(&str, Figure)>,
        aim: Aim,
    ) -> &mut Row {
        let ratio = against.map(|(_, other)| match aim {
            Aim::Faster(_) | Aim::Times => other.min / figure.min,
            Aim::Share(_) => other.median / figure.median,
            _ => figure.median / other.median,
        });
        let (aim, holds) = match aim {
            Aim::None | Aim::Times => (None, None),
            Aim::Ratio(most) => (Some(format!("ratio <= {most}")), ratio.map(|it| it <= most)),
            Aim::Faster(least) => (
                Some(format!("{least} times faster, best against best")),
                ratio.map(|it| it >= least),
            ),
            Aim::Share(least) => (
                Some(format!("ratio >= {least}")),
                ratio.map(|it| it >= least),
            ),
            Aim::AtMost(most) => (
                Some(format!("median <= {most} {unit}")),
                Some(figure.median <= most),
            ),
        };
        self.report.rows.push(Row {
            name: name.to_owned(),
            unit,
            median: figure.median,
            min: figure.min,
            against: against.map(|(name, _)| name.to_owned()),
            against_median: against.map(|(_, other)| other.median),
            ratio,
            aim,
            holds,
            group,
            note: String::new(),
        });
        self.report.rows.last_mut().expect("it was just added")
    }
}

fn time(count: u64, run: &mut Box<dyn FnMut() + '_>) -> Duration {
    let begun = Instant::now();
    for _ in 0..count {
        run();
    }
    begun.elapsed()
}

/// One run's time, from batches. Those of the warm-up are of other sizes than the last one and are left out; so is all of
/// it when the harness only tried whether it runs.
fn figures(samples: Vec<(u64, Vec<Duration>)>) -> Option<Vec<Figure>> {
    let (size, last) = samples.last()?;
    let measured: Vec<_> = samples.iter().filter(|(count, _)| count == size).collect();
    if measured.len() < 5 {
        return None;
    }
    let figure = |at: usize| {
        let times = measured
            .iter()
            .map(|(count, took)| took[at].as_secs_f64() * 1e9 / *count as f64);
        Figure::of(times.collect())
    };
    Some((0..last.len()).map(figure).collect())
}
