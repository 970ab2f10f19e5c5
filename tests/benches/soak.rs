//! Objects made, called and let go ten million times, in plugins that come and go: what is lent must be back at its start
//! after each plugin's time, and the memory of the process must stay where it was.
//!
//! `cargo bench -p locum-tests --bench soak`, or with `-- --rounds 100000` for a shorter one. Exits with 1 when something
//! has grown.

#![allow(missing_docs, clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use locum::{Error, Host, Kind, Plugin, Proxy, Result, Value, callback};

const ROUNDS: u64 = 10_000_000;
/// Rounds in the life of one plugin, at most; a run has thirty lives at least.
const LIFE: u64 = 100_000;
const LIVES: u64 = 30;
/// Lines of the table.
const LINES: u64 = 25;
/// By how much the process may be larger than it was after a tenth of the rounds.
const GROWTH: u64 = 8 << 20;

fn main() -> ExitCode {
    let run = rounds().and_then(|rounds| Soak::start()?.run(rounds));
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

/// How many rounds are wanted. `cargo bench` adds words of its own.
fn rounds() -> Result<u64> {
    let mut words = std::env::args().skip_while(|word| word != "--rounds");
    match (words.next(), words.next()) {
        (None, _) => Ok(ROUNDS),
        (Some(_), Some(count)) if count.parse::<u64>().is_ok_and(|count| count >= LIVES) => {
            Ok(count.parse().unwrap_or(ROUNDS))
        }
        _ => Err(Error::value(format!(
            "`--rounds` wants a number, {LIVES} at least"
        ))),
    }
}

/// How a plugin's life ends, in turns.
#[derive(Clone, Copy)]
enum End {
    Close,
    Kill,
    Panic,
}

struct Soak {
    host: Host,
    plugin: Plugin,
    restarts: u64,
    /// How often the host was called back.
    called: Arc<AtomicU64>,
    begun: Instant,
}

/// How it is at one moment.
struct Sample {
    rounds: u64,
    exports: usize,
    imports: usize,
    alive: usize,
    resident: u64,
    restarts: u64,
}

impl Soak {
    fn start() -> Result<Soak> {
        let host = Host::new()?;
        Ok(Soak {
            plugin: host.load(env!("PLUGIN_SAMPLES"))?,
            host,
            restarts: 0,
            called: Arc::default(),
            begun: Instant::now(),
        })
    }

    fn run(mut self, rounds: u64) -> Result<()> {
        let life = (rounds / LIVES).clamp(1, LIFE);
        println!(
            "{rounds} rounds of create, watch, call with a callback, release; another plugin every {life}\n\n{:>11} \
             {:>8} {:>8} {:>8} {:>10} {:>9} {:>10}",
            "rounds", "exports", "imports", "alive", "resident", "restarts", "rounds/s"
        );
        let (mut done, mut shown) = (0, 0);
        let mut warm = None;
        while done < rounds {
            let part = life.min(rounds - done);
            self.live(part)?;
            done += part;
            let sample = self.sample(done)?;
            sample.check()?;
            self.check_called(done)?;
            if done * LINES / rounds > shown || done == rounds {
                shown = done * LINES / rounds;
                println!("{}", sample.line(self.begun));
            }
            if done * 10 >= rounds {
                let warm = *warm.get_or_insert(sample.resident);
                sample.check_resident(warm)?;
            }
            let end = [End::Close, End::Kill, End::Panic][self.restarts as usize % 3];
            self.restart(end)?;
        }
        self.plugin.close()?;
        let warm = warm.unwrap_or(0);
        let last = locum_tests::resident_bytes() as u64;
        println!(
            "\nflat: after each of {} plugins every table was at its start; {} were resident after a tenth of the rounds, \
             {} at the end (bound: {} more)",
            self.restarts,
            mebibytes(warm),
            mebibytes(last),
            mebibytes(GROWTH)
        );
        Ok(())
    }

    /// Makes, uses and lets go one object after the other.
    fn live(&self, rounds: u64) -> Result<()> {
        let class: Proxy = self.plugin.import("samples")?.get("Counter")?;
        for _ in 0..rounds {
            let counter: Proxy = class.invoke((1,))?;
            counter.call::<()>("watch", (self.watcher(),))?;
            let sum: i64 = counter.call("add", (2,))?;
            if sum != 3 {
                return Err(Error::value(format!("1 + 2 is not {sum}")));
            }
        }
        Ok(())
    }

    /// An object of the host's, which the plugin holds for as long as it holds the counter.
    fn watcher(&self) -> Proxy {
        let called = self.called.clone();
        callback(move |_: i64| {
            called.fetch_add(1, Ordering::Relaxed);
        })
    }

    fn check_called(&self, rounds: u64) -> Result<()> {
        match (
            self.called.load(Ordering::Relaxed),
            Arc::strong_count(&self.called),
        ) {
            (called, 1) if called == rounds => Ok(()),
            (called, held) => Err(Error::value(format!(
                "{called} callbacks in {rounds} rounds, {} of them not let go",
                held - 1
            ))),
        }
    }

    /// Ends the plugin while objects of each side are held by the other, which must come back; and starts another.
    fn restart(&mut self, end: End) -> Result<()> {
        let counter: Proxy = self.plugin.import("samples")?.call("Counter", (1,))?;
        counter.call::<()>("watch", (self.watcher(),))?;
        match end {
            End::Close => self.plugin.close()?,
            End::Kill => self.plugin.kill(),
            End::Panic => {
                let dying = self.plugin.import("samples.dying")?;
                let last: Result<Value> = dying.call("panic_with", ("enough",));
                if last.map_err(|error| error.kind()) != Err(Kind::Panic) {
                    return Err(Error::value("a panic was to end the plugin"));
                }
            }
        }
        let error = counter
            .call::<i64>("add", (1,))
            .map_err(|error| error.kind());
        if error != Err(Kind::Closed) {
            return Err(Error::value(format!(
                "a plugin that is gone says {error:?}"
            )));
        }
        drop(counter);
        let stats = self.plugin.stats();
        if !stats.is_idle() || Arc::strong_count(&self.called) != 1 {
            return Err(Error::value(format!(
                "a plugin that is gone holds {stats:?}"
            )));
        }
        self.plugin = self.host.load(env!("PLUGIN_SAMPLES"))?;
        self.restarts += 1;
        Ok(())
    }

    fn sample(&self, rounds: u64) -> Result<Sample> {
        let samples = self.plugin.import("samples")?;
        let alive = samples.call("live", ())?;
        let probe = callback(|| ());
        let (over_there, held_there): (usize, usize) = samples.call("tables", (probe,))?;
        drop(samples);
        let stats = self.plugin.stats();
        Ok(Sample {
            rounds,
            // The module that was asked and the probe are counted there, and gone here.
            exports: stats.exports + held_there - 1,
            imports: stats.imports + over_there - 1,
            alive,
            resident: locum_tests::resident_bytes() as u64,
            restarts: self.restarts,
        })
    }
}

impl Sample {
    fn line(&self, begun: Instant) -> String {
        let speed = self.rounds as f64 / begun.elapsed().as_secs_f64();
        format!(
            "{:>11} {:>8} {:>8} {:>8} {:>10} {:>9} {speed:>10.0}",
            self.rounds,
            self.exports,
            self.imports,
            self.alive,
            mebibytes(self.resident),
            self.restarts,
        )
    }

    /// Nothing is lent by now, in either direction and as either side counts it.
    fn check(&self) -> Result<()> {
        match (self.exports, self.imports, self.alive) {
            (0, 0, 0) => Ok(()),
            _ => Err(Error::value(format!(
                "after {} rounds {} objects of the host and {} of the plugin are lent, and {} are alive there",
                self.rounds, self.exports, self.imports, self.alive
            ))),
        }
    }

    fn check_resident(&self, warm: u64) -> Result<()> {
        if self.resident <= warm + GROWTH {
            return Ok(());
        }
        Err(Error::value(format!(
            "after {} rounds {} are resident, and were {} after a tenth of them; {} more were allowed",
            self.rounds,
            mebibytes(self.resident),
            mebibytes(warm),
            mebibytes(GROWTH)
        )))
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
