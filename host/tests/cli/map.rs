//! A function on many items.

use super::{Ran, boxes, command, file, hostile, locum, run, scratch};

fn map(arguments: &[&str]) -> Ran {
    locum(&[&["map"], arguments].concat())
}

#[test]
fn results_come_in_the_order_of_the_items_and_an_error_stops_no_other() {
    let items: Vec<String> = (0..50).map(|n| n.to_string()).collect();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let boxes = boxes();
    let out = map(&[&["--json", &boxes, "collections.list"], &items[..]].concat()).fine();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 50);
    for (n, line) in lines.iter().enumerate() {
        assert!(
            line.starts_with(&format!("{{\"item\":\"{n}\",\"value\":{{\"$proxy\":")),
            "{line}"
        );
    }
    let hostile = hostile();
    let ran = map(&["-j", "2", &hostile, "hostile.world.read_file", "a", "b"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(
        ran.err.contains("error: a: ") && ran.err.contains("error: b: "),
        "{}",
        ran.err
    );
    assert!(
        ran.err.ends_with("error: 2 of 2 items failed\n"),
        "{}",
        ran.err
    );
}

#[test]
fn items_are_lines_of_standard_input_when_none_are_named() {
    let mut command = command(env!("CARGO_BIN_EXE_locum"));
    command.args(["map", "--json", &boxes(), "collections.list"]);
    let out = run(command, "one\n\ntwo\n").fine();
    assert_eq!(out.lines().count(), 2, "{out}");
}

#[test]
fn files_are_read_and_results_written() {
    let (one, two) = (file("one.txt", b"alpha"), file("two.txt", b"beta"));
    let output = scratch().join("mapped");
    let directory = output.display().to_string();
    let _ = std::fs::remove_dir_all(&output);
    let ran = map(&[
        "--read",
        "--output",
        &directory,
        "--extension",
        "out",
        &hostile(),
        "hostile.shouts.echo",
        &one,
        &two,
    ]);
    let error = ran.failed(2);
    assert!(
        error.contains("the plugin has no function `hostile.shouts.echo`"),
        "{error}"
    );
    let ran = map(&[
        "--read",
        "--output",
        &directory,
        &boxes(),
        "collections.list",
        &one,
    ]);
    let error = ran.failed(1);
    assert!(
        error.contains("its result is no text or bytes but a "),
        "{error}"
    );
}

#[test]
fn more_arguments_go_by_name() {
    let ran = map(&["--with", "maxlen=2", &boxes(), "collections.deque", "abc"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with("abc: <Proxy[deque] #"), "{}", ran.out);
    let error = map(&["--with", "maxlen", &boxes(), "collections.deque", "abc"]).failed(2);
    assert!(error.contains("--with maxlen: "), "{error}");
    let error = map(&[&boxes(), "collections.dequeue", "x"]).failed(2);
    assert!(
        error.contains("did you mean `collections.deque`?"),
        "{error}"
    );
}
