//! Calls: by proxy, back to the host, along a path, of objects that come and go, in a chain of plugins, started.

use locum::{Items, Pending, Proxy, callback};
use wasmtime::Result;

use crate::floor;
use crate::measure::{Aim, Bench};
use crate::plugins::Plugins;
use crate::report::Curve;

const GROUP: &str = "calls";

pub(crate) fn run(bench: &mut Bench) -> Result<()> {
    let plugins = Plugins::start()?;
    call(bench, &plugins)?;
    callbacks(bench, &plugins)?;
    others(bench, &plugins)?;
    iteration(bench, &plugins)?;
    started(bench, &plugins)
}

/// The call that everything is measured by, beside the floor.
fn call(bench: &mut Bench, plugins: &Plugins) -> Result<()> {
    let counter = plugins.counter()?;
    let floor = floor::call()?;
    let call = || {
        let _ = counter.call::<i64>("add", (1,)).expect("it counts");
    };
    let name = "call by proxy: counter.add(1)";
    if let Some((call, floor)) = bench.pair(GROUP, (name, Box::new(call)), ("", Box::new(floor))) {
        let against = Some(("raw wasmtime, canned bytes", floor));
        bench.note(GROUP, name, "ns", call, against, Aim::Ratio(1.5));
    }
    Ok(())
}

fn callbacks(bench: &mut Bench, plugins: &Plugins) -> Result<()> {
    let waiting = plugins.first.import("samples.waiting")?;
    let echo = callback(|n: i64| n);
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for count in [10, 100, 1000, 5000] {
        let mut floor = floor::callbacks()?;
        let name = format!("callback, {count} in one call");
        let subject = || {
            let sum: i64 = waiting
                .call("call_often", (&echo, count))
                .expect("it calls");
            assert_eq!(sum, count * (count - 1) / 2);
        };
        let floor = || floor(count as u32);
        let Some((figure, floor)) =
            bench.pair(GROUP, (&name, Box::new(subject)), ("", Box::new(floor)))
        else {
            continue;
        };
        let (figure, floor) = (figure.per(count as f64), floor.per(count as f64));
        let aim = if count == 5000 {
            Aim::Ratio(1.5)
        } else {
            Aim::None
        };
        let against = Some(("raw wasmtime import, same bytes", floor));
        bench.note(GROUP, &name, "ns", figure, against, aim);
        ours.push((count as f64, figure.median));
        raw.push((count as f64, floor.median));
    }
    bench.report.curves.push(Curve {
        title: "Callbacks in one call".into(),
        x: "callbacks in one call".into(),
        y: "time of each (ns)".into(),
        log_x: true,
        log_y: true,
        lines: vec![("Locum".into(), ours), ("raw wasmtime".into(), raw)],
        note: String::new(),
    });
    Ok(())
}

/// What is compared with a plain call.
fn others(bench: &mut Bench, plugins: &Plugins) -> Result<()> {
    let counter = plugins.counter()?;
    let (nodes, deep) = plugins.chain(4)?;
    let class: Proxy = plugins.first.import("samples")?.get("Counter")?;
    let keeper = plugins.keeper(&counter)?;
    let first = &nodes[0];
    type Job<'a> = (&'a str, f64, Box<dyn FnMut() + 'a>);
    let rows: [Job<'_>; 3] = [
        (
            "path of 4 attributes and a call, in one crossing",
            1.3,
            Box::new(|| {
                let _ = deep.call::<u64>("add", (1,)).expect("it counts");
            }),
        ),
        (
            "create an object and release it",
            2.2,
            Box::new(|| {
                let _ = class.invoke::<Proxy>((1,)).expect("it is made");
            }),
        ),
        (
            "relay: plugin -> host -> plugin",
            2.3,
            Box::new(|| {
                let _ = keeper
                    .call::<i64>("call_last", ("add", 1))
                    .expect("it calls");
            }),
        ),
    ];
    for (name, aim, subject) in rows {
        let call = || {
            let _ = first.call::<u64>("add", (1,)).expect("it counts");
        };
        if let Some((figure, call)) = bench.pair(GROUP, (name, subject), ("", Box::new(call))) {
            bench.note(
                GROUP,
                name,
                "ns",
                figure,
                Some(("a plain call", call)),
                Aim::Ratio(aim),
            );
        }
    }
    Ok(())
}

fn iteration(bench: &mut Bench, plugins: &Plugins) -> Result<()> {
    const ITEMS: i64 = 10_000;
    let counter: Proxy = plugins.first.import("samples")?.call("Counter", (ITEMS,))?;
    let name = "iteration over 10,000 items, each";
    let subject = || {
        let items: Items<i64> = counter.call("countdown", ()).expect("it counts down");
        let sum: i64 = items.map(|item| item.expect("it is a number")).sum();
        assert_eq!(sum, ITEMS * (ITEMS - 1) / 2);
    };
    if let Some(figure) = bench.one(GROUP, (name, Box::new(subject))) {
        bench.note(
            GROUP,
            name,
            "ns",
            figure.per(ITEMS as f64),
            None,
            Aim::AtMost(60.0),
        );
    }
    Ok(())
}

fn started(bench: &mut Bench, plugins: &Plugins) -> Result<()> {
    let counter = plugins.counter()?;
    let name = "start and wait, on an idle plugin";
    let subject = || {
        let _ = counter.start::<i64>("add", (1,)).wait().expect("it counts");
    };
    if let Some(figure) = bench.one(GROUP, (name, Box::new(subject))) {
        bench.note(GROUP, name, "ns", figure, None, Aim::AtMost(15_000.0));
    }
    let name = "1,000 started at once, each";
    let subject = || {
        let started: Vec<Pending<i64>> = (0..1000).map(|_| counter.start("add", (1,))).collect();
        for pending in started {
            pending.wait().expect("it counts");
        }
    };
    if let Some(figure) = bench.one(GROUP, (name, Box::new(subject))) {
        bench.note(
            GROUP,
            name,
            "ns",
            figure.per(1000.0),
            None,
            Aim::AtMost(1500.0),
        );
    }
    Ok(())
}
