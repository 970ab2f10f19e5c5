//! `--trace`, as a viewer reads what it writes.
#![cfg(embedded)]

#[path = "../src/bin/locum/trace/check.rs"]
mod check;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use check::Shown;

fn scratch(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("trace");
    fs::create_dir_all(&directory).unwrap();
    let path = directory.join(name);
    let _ = fs::remove_file(&path);
    path
}

fn locum(command: &str, trace: &Path, words: &[&str]) -> Output {
    let mut locum = Command::new(env!("CARGO_BIN_EXE_locum"));
    locum
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .args([command, "--trace"])
        .arg(trace)
        .args(words)
        .stdin(Stdio::null());
    locum.output().unwrap()
}

/// What a viewer shows after these expressions, which end with that exit code.
#[track_caller]
fn evaluated(name: &str, code: i32, words: &[&str]) -> Shown {
    let path = scratch(name);
    let output = locum("eval", &path, words);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    Shown::read(&fs::read_to_string(path).unwrap())
}

#[test]
fn a_plugin_and_the_host_have_a_lane_each_and_arrows_lead_from_expressions_to_calls() {
    let shown = evaluated(
        "lanes.json",
        0,
        &["l = collections.list([3, 1, 2])", "l.sort()"],
    );
    assert_eq!(shown.lanes, ["host", "collections"]);
    for (name, lane, category) in [
        ("load", "host", None),
        ("start", "collections", None),
        (
            "import collections",
            "collections",
            Some("l = collections.list([3, 1, 2])"),
        ),
        (
            "collections.list",
            "collections",
            Some("l = collections.list([3, 1, 2])"),
        ),
        ("l.sort()", "host", None),
        ("list.sort", "collections", Some("l.sort()")),
        ("close", "collections", None),
    ] {
        let (at, slice) = shown.slice(name);
        assert_eq!(slice.lane, lane, "{name}");
        let caller = shown.caller(at).map(|it| &*it.name);
        assert_eq!(caller, category, "{name}");
        assert_eq!(slice.thread, "main");
    }
    let args = &shown.slice("list.sort").1.args;
    for (key, value) in [
        ("plugin", "collections"),
        ("direction", "out"),
        ("verb", "call"),
        ("object", "list"),
        ("path", "sort"),
        ("mode", "call"),
        ("outcome", "ok"),
    ] {
        assert_eq!(args[key], value, "{args}");
    }
    assert!(args["sent"].as_u64() > Some(0) && args["received"].as_u64() > Some(0));
    assert!(args["micros"].as_f64() > Some(0.0));
    assert_eq!(
        shown.marks,
        [("collections".to_owned(), "closed".to_owned())]
    );
}

#[test]
fn the_trace_is_whole_when_an_expression_raises() {
    let shown = evaluated(
        "raised.json",
        1,
        &["l = collections.list()", "l[20]", "never"],
    );
    let args = &shown.slice("list.__getitem__").1.args;
    assert_eq!(args["outcome"], "index-error");
    assert_eq!(args["error"], "IndexError: list index out of range");
    shown.slice("close");
    assert!(shown.slices.iter().all(|slice| slice.name != "never"));
}

#[test]
fn the_trace_of_a_plugin_that_dies_says_so() {
    let grow = "for i in range(200): l.append(bytes(10**6))";
    let shown = evaluated("died.json", 3, &["l = collections.list()", grow]);
    let died = ("collections".to_owned(), "died".to_owned());
    assert_eq!(shown.marks, [died]);
    let last = shown.slices.iter().rfind(|it| it.name == "list.append");
    assert_ne!(last.unwrap().args["outcome"], "ok");
}

#[test]
fn the_trace_of_a_file_that_can_not_be_loaded_says_why() {
    let text = scratch("plugin.txt");
    fs::write(&text, b"hello").unwrap();
    let shown = evaluated("unloaded.json", 2, &[text.to_str().unwrap(), "1"]);
    assert_eq!(shown.slice("load").1.args["outcome"], "load");
}

#[test]
fn in_the_tour_what_a_plugin_asks_of_the_host_lies_in_the_hosts_lane() {
    let path = scratch("tour.json");
    let output = locum("demo", &path, &[]);
    assert!(output.status.success() && output.stderr.is_empty());
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(!out.contains("loading it, compiling"), "figures of a trace");
    let shown = Shown::read(&fs::read_to_string(path).unwrap());
    let inward: Vec<_> = shown
        .slices
        .iter()
        .enumerate()
        .filter(|(_, slice)| slice.args["direction"] == "in")
        .collect();
    assert!(!inward.is_empty());
    for (at, slice) in inward {
        assert_eq!(slice.lane, "host");
        assert_eq!(
            shown.caller(at).unwrap().lane,
            "collections",
            "{}",
            slice.name
        );
        let expression = slice.within.and_then(|outer| shown.slices.get(outer));
        assert!(expression.is_some_and(|outer| outer.lane == "host"));
    }
}

#[test]
fn a_trace_that_can_not_be_written_is_an_error_before_anything_runs() {
    for (path, words) in [
        (scratch("missing").join("out.json"), "can not be written to"),
        (std::env::temp_dir(), "can not be written to"),
        (scratch("plugin.wasm"), "would overwrite the plugin"),
    ] {
        let output = locum("eval", &path, &["print('ran')"]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*output.stdout), (Some(2), &b""[..]));
        assert!(
            error.starts_with("error: the trace ")
                && error.contains(words)
                && error.contains(&*path.display().to_string()),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[cfg(unix)]
#[test]
fn the_trace_is_whole_when_the_reader_of_the_output_goes_away() {
    let path = scratch("pipe.json");
    let mut locum = Command::new(env!("CARGO_BIN_EXE_locum"));
    let mut child = locum
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .args(["eval", "--trace"])
        .arg(&path)
        .arg("l = collections.list([1])\nfor i in range(100000): print(l[0])")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
    Shown::read(&fs::read_to_string(path).unwrap()).slice("list.__getitem__");
}
