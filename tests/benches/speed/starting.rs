//! How soon a plugin answers, and what its instances take: from the cache, from a template, a thousand and ten thousand at
//! once.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use locum::{Host, Plugin, Proxy};
use locum_tests::resident_bytes;
use wasmtime::Result;

use crate::floor;
use crate::measure::{Aim, Bench, Figure};
use crate::plugins::host;
use crate::report::Curve;

const GROUP: &str = "start and memory";
const COLLECTIONS: &str = env!("PLUGIN_COLLECTIONS");

pub(crate) fn run(bench: &mut Bench) -> Result<()> {
    loading(bench)?;
    compiling(bench)?;
    memory(bench)
}

pub(crate) fn first_call(plugin: &Plugin) -> Result<Proxy> {
    Ok(plugin.import("collections")?.call("list", ([1, 2, 3],))?)
}

fn loading(bench: &mut Bench) -> Result<()> {
    let host = host()?;
    drop(host.load(COLLECTIONS)?);
    let name = "load from the cache, to the first answer";
    let subject = || {
        let plugin = host.load(COLLECTIONS).expect("it loads");
        first_call(&plugin).expect("it answers");
    };
    if let Some(figure) = bench.one(GROUP, (name, Box::new(subject))) {
        bench.note(GROUP, name, "ns", figure, None, Aim::AtMost(3e6));
    }
    let template = host.template(COLLECTIONS)?;
    let name = "start from a template, to the first answer";
    let subject = || {
        let plugin = template.start().expect("it starts");
        first_call(&plugin).expect("it answers");
    };
    if let Some(figure) = bench.one(GROUP, (name, Box::new(subject))) {
        bench.note(GROUP, name, "ns", figure, None, Aim::AtMost(40_000.0));
    }
    let name = "start from a template, and end";
    let subject = || drop(template.start().expect("it starts"));
    if let Some(figure) = bench.one(GROUP, (name, Box::new(subject))) {
        bench.note(GROUP, name, "ns", figure, None, Aim::None);
    }
    Ok(())
}

/// The first compilation, and what it is made of.
fn compiling(bench: &mut Bench) -> Result<()> {
    let host = Host::builder().no_cache().build()?;
    let bytes = std::fs::read(Path::new(COLLECTIONS))?;
    let name = "first compile of collections, to a template";
    let subject = || drop(host.template(COLLECTIONS).expect("it compiles"));
    let Some(figure) = bench.few(name, 5, Box::new(subject)) else {
        return Ok(());
    };
    let row = bench.note(GROUP, name, "ns", figure, None, Aim::None);
    row.note = format!("{} KiB of WebAssembly", bytes.len() >> 10);
    for (name, part) in floor::parts_of_compiling(&bytes)? {
        if let Some(part) = bench.few(name, 3, part) {
            let whole = Some(("all of it", figure));
            bench.note(GROUP, name, "ns", part, whole, Aim::None);
        }
    }
    Ok(())
}

/// Each count in a process of its own, so that nothing is left of another one.
fn memory(bench: &mut Bench) -> Result<()> {
    let mut bytes = Vec::new();
    let (mut calls, mut turns) = (Vec::new(), Vec::new());
    for count in [1, 100, 1000, 10_000] {
        let name = format!("resident memory of each of {count} idle instances");
        if !bench.is_wanted(&name) {
            continue;
        }
        let exe = std::env::current_exe()?;
        let made = Command::new(exe)
            .args(["--instances", &count.to_string()])
            .output()?;
        let printed = String::from_utf8_lossy(&made.stdout);
        let numbers: Vec<f64> = printed
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect();
        let [each, one, in_turn] = numbers[..] else {
            bench
                .report
                .skipped
                .push(format!("{name}: {}", String::from_utf8_lossy(&made.stderr)));
            continue;
        };
        bytes.push((f64::from(count), each));
        calls.push((f64::from(count), one));
        turns.push((f64::from(count), in_turn));
        let figure = |value| Figure {
            median: value,
            min: value,
        };
        if count >= 1000 {
            let aim = Aim::AtMost(200.0 * 1024.0);
            bench.note(GROUP, &name, "bytes", figure(each), None, aim);
            let alone = Some(("a call of one alone", figure(calls[0].1)));
            let name = format!("a call of one instance while {count} are alive");
            bench.note(GROUP, &name, "ns", figure(one), alone, Aim::Ratio(1.2));
            let name = format!("a call of each of {count} instances in turn");
            bench.note(GROUP, &name, "ns", figure(in_turn), alone, Aim::None);
        }
    }
    let calls = vec![
        ("one of them".to_owned(), calls),
        ("all in turn".to_owned(), turns),
    ];
    let bytes = vec![("Locum".to_owned(), bytes)];
    for (title, y, lines) in [
        (
            "Memory of an idle instance",
            "resident bytes of each (bytes)",
            bytes,
        ),
        (
            "A call while others are alive",
            "time of a call (ns)",
            calls,
        ),
    ] {
        if !lines[0].1.is_empty() {
            bench.report.curves.push(Curve {
                title: title.into(),
                x: "instances alive".into(),
                y: y.into(),
                log_x: true,
                log_y: true,
                lines,
                note: String::new(),
            });
        }
    }
    Ok(())
}

fn time_of_a_call(plugins: &[(Plugin, Proxy)], rounds: usize) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..7 {
        let begun = Instant::now();
        for _ in 0..rounds {
            for (_, list) in plugins {
                list.get_item::<i64>(1)?;
            }
        }
        let calls = (rounds * plugins.len()) as f64;
        times.push(begun.elapsed().as_secs_f64() * 1e9 / calls);
    }
    Ok(Figure::of(times).median)
}

/// What the process of [`memory`] does: prints what each instance takes, and what a call of one takes, in turn.
pub(crate) fn instances(count: usize) -> Result<()> {
    let template = host()?.template(COLLECTIONS)?;
    // What the first one of all needs is not that of each.
    let warm = template.start()?;
    first_call(&warm)?;
    let before = resident_bytes();
    let mut plugins = Vec::with_capacity(count);
    for _ in 0..count {
        let plugin = template.start()?;
        let list = first_call(&plugin)?;
        plugins.push((plugin, list));
    }
    let each = resident_bytes().saturating_sub(before) / count;
    // One of them, again and again; and all in turn, whose memory is in no cache of the processor's.
    let one = time_of_a_call(&plugins[..1], 100_000)?;
    let in_turn = time_of_a_call(&plugins, 200_000 / count)?;
    println!("{each} {one} {in_turn}");
    Ok(())
}
