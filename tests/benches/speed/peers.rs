//! The peers: what people would use instead. Each is a program of its own that `tests/peers/setup` makes; those that are not
//! there are skipped.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::measure::{Aim, Bench, Figure};
use crate::report::Bars;

const GROUP: &str = "peers";

/// One thing that a peer has measured; see `tests/peers/README.md`.
#[derive(Deserialize)]
struct Measured {
    system: String,
    version: String,
    what: String,
    unit: String,
    median: f64,
    min: f64,
    #[serde(default)]
    note: String,
}

/// A job that is asked of all of them: their word for it, the row of ours, a title, and how much faster than whom we are to
/// be.
type Job = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, f64)],
);

const JOBS: [Job; 7] = [
    (
        "call",
        "call by proxy: counter.add(1)",
        "One call",
        &[
            ("Extism", 8.0),
            ("multiprocessing manager", 25.0),
            ("Cap'n Proto", 25.0),
        ],
    ),
    (
        "callback_5000",
        "callback, 5000 in one call",
        "A callback, of 5,000 in one call",
        &[],
    ),
    (
        "create_release",
        "create an object and release it",
        "An object made and let go",
        &[],
    ),
    (
        "iterate",
        "iteration over 10,000 items, each",
        "An item of a remote iteration",
        &[],
    ),
    (
        "argument_1mib",
        "1 MiB of bytes as an argument",
        "1 MiB as an argument",
        &[],
    ),
    (
        "echo_1mib",
        "1 MiB of bytes, there and back",
        "1 MiB there and back",
        &[],
    ),
    (
        "cold_start",
        "load from the cache, to the first answer",
        "From nothing to the first answer",
        &[],
    ),
];

/// Runs those that are there.
pub(crate) fn run(bench: &mut Bench) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."));
    let made = root.join("target/peers");
    let python = made.join("venv/bin/python");
    let script = |name: &str| {
        (
            python.clone(),
            vec![root.join("tests/peers/python").join(name)],
        )
    };
    let programs: [(&str, (PathBuf, Vec<PathBuf>)); 6] = [
        ("multiprocessing manager", script("manager.py")),
        ("pyqtgraph", script("pyqtgraph_.py")),
        ("RPyC", script("rpyc_.py")),
        ("Pyro5", script("pyro5_.py")),
        ("Cap'n Proto", (made.join("rust/release/capnp"), Vec::new())),
        ("Extism", (made.join("rust/release/extism"), Vec::new())),
    ];
    let mut measured = Vec::new();
    for (system, (program, arguments)) in programs {
        if !bench.is_wanted(system) && !bench.is_wanted(GROUP) {
            continue;
        }
        match ask(&program, &arguments, root) {
            Ok(lines) => measured.extend(lines),
            Err(why) => {
                println!("skipped {system}: {why}");
                bench.report.skipped.push(format!("{system}: {why}"));
            }
        }
    }
    compare(bench, &measured);
}

fn ask(program: &Path, arguments: &[PathBuf], root: &Path) -> Result<Vec<Measured>, String> {
    if !program.exists() {
        return Err("it is not set up; `tests/peers/setup` does that".into());
    }
    let ran = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .output();
    let ran = ran.map_err(|error| error.to_string())?;
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).trim().to_owned());
    }
    let printed = String::from_utf8_lossy(&ran.stdout);
    printed
        .lines()
        .map(|line| serde_json::from_str(line).map_err(|error| format!("{error}: {line}")))
        .collect()
}

fn compare(bench: &mut Bench, measured: &[Measured]) {
    for (what, row, title, aims) in JOBS {
        let ours = bench.report.rows.iter().find(|known| known.name == row);
        let Some(ours) = ours.map(|row| Figure {
            median: row.median,
            min: row.min,
        }) else {
            continue;
        };
        let mut bars = vec![("Locum".to_owned(), ours.min)];
        for peer in measured
            .iter()
            .filter(|peer| peer.what == what && peer.unit == "ns")
        {
            let theirs = Figure {
                median: peer.median,
                min: peer.min,
            };
            let name = format!("{title}, beside {}", peer.system);
            let aim = aims.iter().find(|(system, _)| *system == peer.system);
            let aim = aim.map_or(Aim::Times, |(_, times)| Aim::Faster(*times));
            let system = format!("{} {}", peer.system, peer.version);
            let note = format!("best against best. {}", peer.note);
            bench
                .note(GROUP, &name, "ns", ours, Some((&system, theirs)), aim)
                .note = note;
            bars.push((system, peer.min));
        }
        if bars.len() > 1 {
            bench.report.bars.push(Bars {
                title: title.to_owned(),
                unit: "ns",
                bars,
                note: "best run of each".into(),
            });
        }
    }
}
