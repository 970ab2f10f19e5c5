//! How soon a plugin is stopped, and what a busy one costs the others: each beside the deadline, or beside a quiet run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use locum::{Host, Limits, LoadOptions, Plugin, Proxy, Result, callback};
use locum_tests::Handmade;

use crate::measure::{Aim, Bench, Figure};
use crate::plugins::host;

const GROUP: &str = "the sandbox";

const DEADLINE: Duration = Duration::from_millis(200);
const ROUNDS: usize = 15;

/// The most that a stop may take, in deadlines.
const AIM: f64 = 1.5;

pub(crate) fn run(bench: &mut Bench) -> Result<()> {
    if !bench.is_wanted(GROUP) {
        return Ok(());
    }
    let host = host()?;
    stops(bench, &host)?;
    kills(bench, &host)?;
    others(bench, &host)
}

/// What runs for ever, and how it is brought to that.
type Attack<'a> = (&'a str, Box<dyn Fn(&Plugin) -> Result<()> + 'a>);

fn stops(bench: &mut Bench, host: &Host) -> Result<()> {
    let make = |plugin: &Plugin, module: &str, class: &str| -> Result<Proxy> {
        plugin.import(module)?.call(class, ())
    };
    let attacks: Vec<Attack<'_>> = vec![
        (
            "a method that loops",
            Box::new(|it| it.import("hostile.loops")?.call("forever", ())),
        ),
        (
            "a method that sleeps",
            Box::new(|it| it.import("hostile.sleeps")?.call("sleep", (3_600_000,))),
        ),
        (
            "a method that sleeps again and again",
            Box::new(|it| it.import("hostile.sleeps")?.call("poll_for_ever", ())),
        ),
        (
            "a method that calls its host again and again",
            Box::new(|it| it.import("hostile.loops")?.call("chat", (callback(|| ()),))),
        ),
        (
            "__next__",
            Box::new(move |it| {
                let endless = make(it, "hostile.loops", "Endless")?;
                endless.iter::<i64>()?.try_for_each(|item| item.map(drop))
            }),
        ),
        (
            "a destructor that loops, at a release",
            Box::new(move |it| {
                drop(make(it, "hostile.loops", "Sticky")?);
                it.import("hostile.loops").map(drop)
            }),
        ),
        (
            "a destructor that sleeps, at the close",
            Box::new(move |it| {
                let _drowsy = make(it, "hostile.sleeps", "Drowsy")?;
                it.close()
            }),
        ),
    ];
    for (what, attack) in &attacks {
        let options = LoadOptions::new().deadline(DEADLINE);
        row(bench, what, || {
            let plugin = host.load_with(env!("PLUGIN_HOSTILE"), options.clone())?;
            // What it compiles and imports for the first time is not measured.
            plugin.import("hostile.loops")?.call::<u64>("work", (1,))?;
            let begun = Instant::now();
            let ended = attack(&plugin);
            let took = begun.elapsed();
            assert!(
                ended.is_err() && plugin.closed().is_some(),
                "{what} was not stopped"
            );
            Ok(took)
        })?;
    }
    let mut looping = Handmade::item(&[0xF6]);
    looping.in_describe = "(loop $again (br $again))";
    let bytes = looping.bytes();
    row(bench, "describe", || {
        let options = LoadOptions::new().deadline(DEADLINE);
        let plugin = host.load_bytes_with("looping", &bytes, options)?;
        let begun = Instant::now();
        assert!(plugin.describe().is_err());
        Ok(begun.elapsed())
    })?;
    let mut starting = Handmade::item(&[0xF6]);
    starting.core = "(func $start (loop $again (br $again))) (start $start)".into();
    let bytes = starting.bytes();
    let mut limits = Limits::default();
    limits.start_deadline = DEADLINE;
    // Compiled before it is measured.
    let _ = host.load_bytes_with(
        "starting",
        &bytes,
        LoadOptions::new().limits(limits.clone()),
    );
    row(bench, "the start", || {
        let options = LoadOptions::new().limits(limits.clone());
        let begun = Instant::now();
        assert!(host.load_bytes_with("starting", &bytes, options).is_err());
        Ok(begun.elapsed())
    })?;
    Ok(())
}

/// How long after its beginning a caller is free: the worst of all rounds, beside the deadline.
fn row(bench: &mut Bench, what: &str, run: impl Fn() -> Result<Duration>) -> Result<()> {
    let mut times = (0..ROUNDS)
        .map(|_| Ok(run()?.as_secs_f64() * 1e9))
        .collect::<Result<Vec<f64>>>()?;
    times.sort_by(f64::total_cmp);
    let worst = Figure {
        median: times[ROUNDS - 1],
        min: times[0],
    };
    let deadline = DEADLINE.as_secs_f64() * 1e9;
    let deadline = Figure {
        median: deadline,
        min: deadline,
    };
    let name = format!("stopped at its deadline: {what}");
    let row = bench.note(
        GROUP,
        &name,
        "ns",
        worst,
        Some(("the deadline", deadline)),
        Aim::Ratio(AIM),
    );
    row.note = format!("the worst of {ROUNDS}");
    Ok(())
}

/// From the moment at which another thread kills a plugin to the moment at which its caller is free.
fn kills(bench: &mut Bench, host: &Host) -> Result<()> {
    for (what, module, function) in [
        ("one that loops", "hostile.loops", "forever"),
        ("one that sleeps", "hostile.sleeps", "sleep"),
    ] {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let plugin = host.load(env!("PLUGIN_HOSTILE"))?;
            let module = plugin.import(module)?;
            let killed = std::thread::scope(|scope| {
                let running = scope.spawn(|| {
                    let _ = match function {
                        "sleep" => module.call::<()>(function, (3_600_000,)),
                        _ => module.call::<()>(function, ()),
                    };
                    Instant::now()
                });
                std::thread::sleep(Duration::from_millis(50));
                let begun = Instant::now();
                plugin.kill();
                running
                    .join()
                    .map(|free| free.saturating_duration_since(begun))
            });
            times.push(killed.expect("a call does not panic").as_secs_f64() * 1e9);
        }
        let name = format!("from the kill to a free caller: {what}");
        bench.note(GROUP, &name, "ns", Figure::of(times), None, Aim::None);
    }
    Ok(())
}

/// Calls of one plugin while others are busy all the time, against calls while they are not.
fn others(bench: &mut Bench, host: &Host) -> Result<()> {
    let quiet = host.load(env!("PLUGIN_HOSTILE"))?;
    let loops = quiet.import("hostile.loops")?;
    let measure = || -> Result<Vec<f64>> {
        let mut times = Vec::new();
        for _ in 0..20_000 {
            let begun = Instant::now();
            loops.call::<u64>("work", (1,))?;
            times.push(begun.elapsed().as_secs_f64());
        }
        times.sort_by(f64::total_cmp);
        Ok(times)
    };
    let alone = measure()?;
    let busy = host.load(env!("PLUGIN_HOSTILE"))?;
    let work = busy.import("hostile.loops")?;
    let stop = AtomicBool::new(false);
    let beside = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let _ = work.call::<u64>("work", (1_000_000,));
            }
        });
        let beside = measure();
        stop.store(true, Ordering::Relaxed);
        beside
    })?;
    for (what, share) in [("the median", 2), ("99 of 100", 100)] {
        let at = |times: &[f64]| {
            let time = times[times.len() - times.len() / share] * 1e9;
            Figure {
                median: time,
                min: times[0] * 1e9,
            }
        };
        let name = format!("a call while another plugin is always busy: {what}");
        let alone = Some(("while it is not", at(&alone)));
        bench.note(GROUP, &name, "ns", at(&beside), alone, Aim::None);
    }
    Ok(())
}
