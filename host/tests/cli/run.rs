//! Scripts.

use super::{Ran, boxes, command, file, hostile, locum, run, scratch};

fn script(name: &str, source: &str) -> String {
    file(name, source.as_bytes())
}

fn locum_run(arguments: &[&str]) -> Ran {
    locum(&[&["run"], arguments].concat())
}

#[test]
fn a_script_prints_what_it_wants_to_be_seen() {
    let script = script(
        "squares.txt",
        "#!/usr/bin/env -S locum run\ndef square(n):\n    return n * n\n\nsquare(3)\nl = collections.list([square(i) for i in range(4)])\nif len(args) > 1:\n    print(l, args[1])\n",
    );
    assert_eq!(
        locum_run(&[&script, "a", "--b"]).fine(),
        "[0, 1, 4, 9] --b\n"
    );
    assert_eq!(locum_run(&["--json", &script]).fine(), "null\n");
}

#[test]
fn the_last_value_is_printed_as_json_when_it_is_asked_for() {
    let script = script("last.txt", "x = 20\n{'sum': x + len(args)}\n");
    assert_eq!(
        locum_run(&["--json", &script, "1", "2"]).fine(),
        "{\"sum\":22}\n"
    );
}

#[test]
fn plugins_are_named_by_options() {
    let boxes = boxes();
    let script = script(
        "two.txt",
        "x = a.list([1])\nb.list([x])[0].append(2)\nprint(x)\n",
    );
    let (a, b) = (format!("a={boxes}"), format!("b={boxes}"));
    assert_eq!(locum_run(&["-p", &a, "-p", &b, &script]).fine(), "[1, 2]\n");
}

#[test]
fn a_function_of_a_script_is_a_callback() {
    let script = script(
        "callback.txt",
        "seen = []\ndef heard(n):\n    seen.append(n)\n    return n\n\nd = collections.dict(f=heard)\nd['f'](3)\nd['f'](4)\nprint(seen, d['f'] is heard)\n",
    );
    let ran = locum_run(&[&script]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("[3, 4] True\n", ""));
}

#[test]
fn files_are_read_and_written_by_the_script_and_not_by_the_plugin() {
    let copy = scratch().join("copy.bin").display().to_string();
    let source = script("source.txt", "alpha\nbeta\n");
    let script = script(
        "copy.txt",
        "text = shell.read_text(args[0])\nprint(len(text.split('\\n')))\nwrite(args[1], read(args[0]))\nshow([{'a': 1}])\n",
    );
    let out = locum_run(&[&script, &source, &copy]).fine();
    assert!(out.starts_with("3\n") && out.contains("1 row"), "{out}");
    assert_eq!(std::fs::read(&copy).unwrap(), b"alpha\nbeta\n");
    let error = locum_run(&[&script, "/no/such/file", &copy]).failed(1);
    assert!(
        error.contains("OSError: /no/such/file can not be read: "),
        "{error}"
    );
}

#[test]
fn an_error_tells_its_line() {
    let script = script("wrong.txt", "x = 1\n\nx.foo()\nprint('never')\n");
    let ran = locum_run(&[&script]);
    assert_eq!(ran.out, "");
    let error = ran.failed(1);
    assert!(
        error.contains("AttributeError") && error.contains("\n3 | x.foo()\n"),
        "{error}"
    );
}

#[test]
fn a_plugin_is_no_script_and_a_missing_script_is_said_to_be() {
    let error = locum_run(&[&boxes()]).failed(2);
    assert!(
        error.contains("is a plugin and not a script; to try it, `locum repl "),
        "{error}"
    );
    let error = locum_run(&["nowhere.txt"]).failed(2);
    assert!(
        error.contains("the script nowhere.txt can not be read: "),
        "{error}"
    );
}

#[test]
fn interactive_goes_on_with_the_variables_of_the_script() {
    let script = script("setup.txt", "x = 42\n");
    let mut command = command(env!("CARGO_BIN_EXE_locum"));
    command.args(["run", "-i", &script]);
    assert_eq!(run(command, "x + 1\n").fine(), "43\n");
}

#[test]
fn a_plugin_that_dies_has_its_exit_code_in_a_script_too() {
    let script = script("dies.txt", "hostile.loops.forever()\n");
    let error = locum_run(&["--deadline", "200ms", "-p", &hostile(), &script]).failed(3);
    assert!(error.starts_with("error: Deadline: "), "{error}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_script_with_an_exit_code_of_its_own() {
    use std::process::{Command, Stdio};

    let script = script("endless.txt", "print('go')\nwhile true: pass\n");
    let mut command = command(env!("CARGO_BIN_EXE_locum"));
    command
        .args(["run", &script])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    assert_eq!(line, "go\n");
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: interrupted\n"
    );
}

#[test]
fn the_log_shows_what_is_asked_for() {
    let script = script("logged.txt", "collections.list([1])[0]\n");
    let ran = locum_run(&["-vv", &script]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.err.contains("__getitem__") && ran.err.contains("collections"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains('\x1b'), "{}", ran.err);
    let mut command = command(env!("CARGO_BIN_EXE_locum"));
    command.args(["run", &script]).env("RUST_LOG", "locum=loud");
    let error = run(command, "").failed(2);
    assert!(
        error.contains("RUST_LOG=locum=loud can not be read"),
        "{error}"
    );
}
