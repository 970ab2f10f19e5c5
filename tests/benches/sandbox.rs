//! How soon a plugin is stopped, and what a busy one costs the others: each beside the deadline, or beside a quiet run.

#![allow(missing_docs, clippy::print_stdout)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use locum::{Host, Limits, LoadOptions, Plugin, Proxy, Result, callback};
use locum_tests::Handmade;

const DEADLINE: Duration = Duration::from_millis(200);
const ROUNDS: usize = 15;

/// The most that a stop may take, in deadlines.
const AIM: f64 = 1.5;

fn main() -> Result<()> {
    let host = Host::new()?;
    stops(&host)?;
    kills(&host)?;
    others(&host)
}

/// What runs for ever, and how it is brought to that.
type Attack<'a> = (&'a str, Box<dyn Fn(&Plugin) -> Result<()> + 'a>);

fn stops(host: &Host) -> Result<()> {
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
    println!("deadline {DEADLINE:?}, {ROUNDS} rounds: when its caller is free, in deadlines\n");
    println!("{:<48} {:>7} {:>7}", "", "median", "most");
    for (what, attack) in &attacks {
        let options = LoadOptions::new().deadline(DEADLINE);
        row(what, || {
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
    row("describe", || {
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
    row("the start", || {
        let options = LoadOptions::new().limits(limits.clone());
        let begun = Instant::now();
        assert!(host.load_bytes_with("starting", &bytes, options).is_err());
        Ok(begun.elapsed())
    })?;
    println!();
    Ok(())
}

fn row(what: &str, run: impl Fn() -> Result<Duration>) -> Result<()> {
    let mut times = (0..ROUNDS)
        .map(|_| Ok(run()?.as_secs_f64() / DEADLINE.as_secs_f64()))
        .collect::<Result<Vec<f64>>>()?;
    times.sort_by(f64::total_cmp);
    let (median, most) = (times[ROUNDS / 2], times[ROUNDS - 1]);
    let holds = if most <= AIM {
        "holds"
    } else {
        "does not hold"
    };
    println!("{what:<48} {median:>7.3} {most:>7.3}  aim {AIM}: {holds}");
    Ok(())
}

/// From the moment at which another thread kills a plugin to the moment at which its caller is free.
fn kills(host: &Host) -> Result<()> {
    for (what, module, function) in [
        ("kill of one that loops", "hostile.loops", "forever"),
        ("kill of one that sleeps", "hostile.sleeps", "sleep"),
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
            times.push(killed.expect("a call does not panic").as_secs_f64());
        }
        let median = median(&mut times);
        println!(
            "{what:<48} {:>7.3} ms, most {:.3} ms",
            median * 1e3,
            times[ROUNDS - 1] * 1e3
        );
    }
    println!();
    Ok(())
}

/// Calls of one plugin while others are busy all the time, against calls while they are not.
fn others(host: &Host) -> Result<()> {
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
    println!("a call while another plugin is always busy, against one while it is not");
    for (what, share) in [("median", 2), ("99 of 100", 100)] {
        let at = |times: &[f64]| times[times.len() - times.len() / share];
        println!(
            "{what:<48} {:>7.2} us {:>7.2} us {:>7.2}",
            at(&beside) * 1e6,
            at(&alone) * 1e6,
            at(&beside) / at(&alone)
        );
    }
    Ok(())
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
