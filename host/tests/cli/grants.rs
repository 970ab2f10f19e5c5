//! What a plugin is given on the command line, and how much it may take.

use std::fs;

use super::{command, hostile, locum, run, scratch};

/// A directory with a text in it.
fn with_text(name: &str) -> String {
    let directory = scratch().join(name);
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("a.txt"), "alpha").unwrap();
    directory.to_str().unwrap().to_owned()
}

#[test]
fn a_plugin_sees_what_the_command_line_gives_it() {
    let (plugin, data) = (hostile(), with_text("given"));
    let dir = format!("--allow-dir=data={data}");
    let read = r#"import hostile.world as w; w.read_file("data/a.txt")"#;
    assert_eq!(locum(&["eval", &dir, &plugin, read]).fine(), "'alpha'\n");
    let write = r#"import hostile.world as w; w.write_file("data/b.txt", "beta")"#;
    let error = locum(&["eval", &dir, &plugin, write]).failed(1);
    assert!(
        error.contains("it was not granted writing to `b.txt` in `data`, which is read-only (Grants::dir, --allow-dir NAME=PATH:rw)"),
        "{error}"
    );
    locum(&["eval", &format!("{dir}:rw"), &plugin, write]).fine();
    assert_eq!(fs::read_to_string(format!("{data}/b.txt")).unwrap(), "beta");
    let file = format!("--allow-file=one.txt={data}/a.txt");
    let read = r#"import hostile.world as w; w.read_file("one.txt")"#;
    assert_eq!(locum(&["eval", &file, &plugin, read]).fine(), "'alpha'\n");
    let told = [
        "eval",
        "--allow-env",
        "GREETING=hi",
        "--arg",
        "-x",
        "--random-seed",
        "7",
        "--clock",
        "frozen:2026-01-31T12:00:00Z",
        "--allow-stdin",
        &plugin,
        "import hostile.world as w; (w.environment(), w.arguments(), w.clocks(), w.input())",
    ];
    let mut command = command(env!("CARGO_BIN_EXE_locum"));
    command.args(told);
    let said = "[[['GREETING', 'hi']], ['-x'], [1769860800000000000, 0], 'line']\n";
    assert_eq!(run(command, "line").fine(), said);
}

#[test]
fn a_plugin_takes_no_more_than_the_command_line_allows() {
    let plugin = hostile();
    let forever = "import hostile.loops as l; l.forever()";
    let error = locum(&["eval", "--deadline", "100ms", &plugin, forever]).failed(3);
    assert!(
        error.contains("it ran for longer than 100ms in one call (Limits::deadline)"),
        "{error}"
    );
    let grab = "import hostile.takes as t; t.memory(100000000)";
    let error = locum(&["eval", "--max-memory", "32MiB", &plugin, grab]).failed(3);
    assert!(
        error.contains("the memory limit of 32 MiB was reached"),
        "{error}"
    );
    assert_eq!(
        locum(&["eval", "--max-memory", "256MiB", &plugin, grab]).fine(),
        "100000000\n"
    );
    let work = "import hostile.loops as l; l.work(100000000)";
    let error = locum(&["eval", "--fuel", "1000000", &plugin, work]).failed(3);
    assert!(
        error.contains("it executed more than 1000000 instructions in one call (Limits::fuel)"),
        "{error}"
    );
}

#[test]
fn what_can_not_be_given_is_a_slip_of_the_command_line() {
    for (options, words) in [
        (
            &["--allow-dir", "missing-directory"][..],
            "--allow-dir missing-directory: missing-directory can not be granted: No such file",
        ),
        (
            &["--allow-net", "nowhere"],
            "--allow-net nowhere: \"nowhere\" is no network address (it has no port)",
        ),
        (&["--max-memory", "much"], "--max-memory much: "),
        (&["--deadline", "0s"], "Limits::deadline is 0"),
        (&["--clock", "slow"], "there is no such clock"),
    ] {
        let error =
            locum(&[&["eval"], options, &["1"]].concat()).failed(match words.contains("Limits") {
                true => 1,
                false => 2,
            });
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn inspect_shows_what_a_plugin_asks_for() {
    let plugin = hostile();
    let shown = locum(&["inspect", &plugin]).fine();
    for line in [
        "  asks for  directories: / (to write), data\n",
        "            environment: HOME, SECRET\n",
        "            connections to: *:*\n",
        "            memory: 8.0 GiB\n",
    ] {
        assert!(shown.contains(line), "no {line:?} in {shown}");
    }
    let json = locum(&["inspect", "--json", &plugin]).fine();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["asks"]["dirs"]["/"], "rw");
    assert_eq!(json["asks"]["memory"], "8.0 GiB");
}

#[test]
fn t13_a_plugin_that_waits_for_input_that_never_comes_is_stopped_at_its_deadline() {
    let mut command = command(env!("CARGO_BIN_EXE_locum"));
    let read = "import hostile.world as w; w.input()";
    command
        .args([
            "eval",
            "--allow-stdin",
            "--deadline",
            "200ms",
            &hostile(),
            read,
        ])
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Kept open until the program has ended.
    let _input = child.stdin.take();
    let ended = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(3), "{error}");
    assert!(error.contains("it ran for longer than 200ms"), "{error}");
}
