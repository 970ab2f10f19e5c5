//! Instructions instead of time: the same number whatever else the machine does. The bench runs itself under callgrind, which
//! counts inside of one function only.

use std::process::Command;

use locum::Proxy;

use crate::floor;
use crate::measure::{Aim, Bench, Figure};
use crate::plugins::{Plugins, host};
use crate::starting::first_call;

const GROUP: &str = "instructions";
const ROUNDS: u32 = 1000;

/// The main paths: their word, what they are, and whether a floor is known.
const PATHS: [(&str, &str); 6] = [
    ("floor", "raw wasmtime, canned bytes"),
    ("call", "call by proxy"),
    ("callback", "callback, each of 1,000 in one call"),
    ("path", "path of 4 attributes and a call"),
    ("create", "create an object and release it"),
    ("start", "start from a template, to the first answer"),
];

/// Counts the main paths, where there is callgrind.
pub(crate) fn run(bench: &mut Bench) {
    if !bench.is_wanted(GROUP) {
        return;
    }
    let mut floor = None;
    for (path, name) in PATHS {
        match counted(path) {
            Ok(count) => {
                let figure = Figure {
                    median: count,
                    min: count,
                };
                let against = floor
                    .filter(|_| path == "call")
                    .map(|floor| (PATHS[0].1, floor));
                bench.note(GROUP, name, "instructions", figure, against, Aim::None);
                floor.get_or_insert(figure);
            }
            Err(why) => {
                let line = format!("instructions of {name}: {why}");
                println!("skipped {line}");
                bench.report.skipped.push(line);
                return;
            }
        }
    }
}

/// Instructions of one round, the plugin's and its host's.
fn counted(path: &str) -> Result<f64, String> {
    let exe = std::env::current_exe().map_err(|error| error.to_string())?;
    let rounds = ROUNDS.to_string();
    let run = |tool: &[&str]| {
        let ran = Command::new("valgrind")
            .args(tool)
            .arg(&exe)
            .args(["--only", path, &rounds])
            .output();
        ran.map_err(|error| format!("valgrind can not be run ({error})"))
    };
    // Compiled for the processor that valgrind shows, under the tool that is the least slow.
    run(&["--tool=none"])?;
    let ran = run(&[
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        "--collect-atstart=no",
        "--toggle-collect=*instructions::measured*",
    ])?;
    let printed = String::from_utf8_lossy(&ran.stderr);
    let count = printed
        .lines()
        .find_map(|line| line.split("Collected :").nth(1));
    match count.and_then(|count| count.trim().parse::<f64>().ok()) {
        Some(count) if count > 0.0 => Ok(count / f64::from(ROUNDS)),
        _ => Err(format!("callgrind says no number: {printed}")),
    }
}

/// Does one of the main paths so often, and nothing else: what is run under callgrind.
pub(crate) fn only(path: &str, rounds: u32) -> wasmtime::Result<()> {
    let plugins = Plugins::start()?;
    let counter = plugins.counter()?;
    let (_nodes, deep) = plugins.chain(4)?;
    match path {
        "call" => measured(rounds, &mut || {
            counter.call::<i64>("add", (1,)).expect("it counts");
        }),
        "floor" => measured(rounds, &mut floor::call()?),
        "callback" => {
            let waiting = plugins.first.import("samples.waiting")?;
            let echo = locum::callback(|n: i64| n);
            measured(1, &mut || {
                let _: i64 = waiting
                    .call("call_often", (&echo, rounds))
                    .expect("it calls");
            });
        }
        "path" => measured(rounds, &mut || {
            deep.call::<u64>("add", (1,)).expect("it counts");
        }),
        "create" => {
            let class: Proxy = plugins.first.import("samples")?.get("Counter")?;
            measured(rounds, &mut || {
                class.invoke::<Proxy>((1,)).expect("it is made");
            });
        }
        "start" => {
            let template = host()?.template(env!("PLUGIN_COLLECTIONS"))?;
            measured(rounds, &mut || {
                let plugin = template.start().expect("it starts");
                first_call(&plugin).expect("it answers");
            });
        }
        "load" => {
            let host = host()?;
            measured(rounds, &mut || {
                let plugin = host.load(env!("PLUGIN_COLLECTIONS")).expect("it loads");
                first_call(&plugin).expect("it answers");
            });
        }
        _ => panic!("there is no path `{path}`"),
    }
    Ok(())
}

/// What callgrind looks at.
#[inline(never)]
fn measured(rounds: u32, run: &mut dyn FnMut()) {
    for _ in 0..rounds {
        run();
    }
}
