//! The shell, fed from a pipe.

use super::{Ran, boxes, command, file, hostile, locum, run};

fn repl(arguments: &[&str], input: &str) -> Ran {
    let mut command = command(env!("CARGO_BIN_EXE_locum"));
    command.arg("repl").args(arguments);
    run(command, input)
}

#[test]
fn what_is_typed_is_evaluated_and_shown() {
    let out = repl(
        &[],
        "l = collections.list([3, 1, 2])\nl.sort()\nl[:]\n_ + [4]\nprint('a', end='')\n'b'\n",
    )
    .fine();
    assert_eq!(out, "[1, 2, 3]\n[1, 2, 3, 4]\na\n'b'\n");
}

#[test]
fn a_block_goes_on_until_an_empty_line() {
    let input = "for i in range(3):\n    if i != 1:\n        print(i)\n\ndef f(n):\n    return n + 1\n\nf(\n  41)\n";
    assert_eq!(repl(&[], input).fine(), "0\n2\n42\n");
}

#[test]
fn an_error_does_not_end_the_shell_but_counts_at_the_end() {
    let ran = repl(&[], "x = 1\nx.foo\nx + 1\n");
    assert_eq!((ran.code, ran.out.as_str()), (1, "2\n"));
    assert!(
        ran.err.starts_with("error: AttributeError: "),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("\n1 | x.foo\n"), "{}", ran.err);
}

#[test]
fn several_plugins_have_their_names() {
    let boxes = boxes();
    let (a, b) = (format!("a={boxes}"), format!("b={boxes}"));
    let input = "x = a.list([1])\ny = b.list([x])\nx\ny\nx.append(2)\ny[0][:]\nlist([1])\n";
    let ran = repl(&[&a, &b], input);
    assert_eq!(
        ran.out,
        "<Proxy[list] #1@a>\n<Proxy[list] #1@b>\n[1, 2]\n[1]\n"
    );
    let error = repl(&[&boxes, &boxes], "").failed(2);
    assert!(
        error.contains(
            "two plugins have a module `collections`; give one of them a name of its own"
        ),
        "{error}"
    );
    let error = repl(&["1a=x.wasm"], "").failed(2);
    assert!(
        error.contains("`1a` can not be the name of a plugin"),
        "{error}"
    );
}

#[test]
fn results_are_shown_the_way_people_read_them() {
    let input = "[{'name': 'Ada', 'born': 1815}, {'name': 'Grace', 'born': 1906}]\narray(range(1000))\n{'a': 1}\n";
    let out = repl(&[], input).fine();
    assert!(out.contains("Grace") && out.contains("2 rows"), "{out}");
    assert!(
        out.contains("array of i64 [1,000]\nmin 0  mean 499.5  max 999"),
        "{out}"
    );
    assert!(out.contains("▁") && out.contains("█"), "{out}");
    assert!(out.ends_with("{'a': 1}\n"), "{out}");
}

#[test]
fn a_picture_is_kept_as_a_file_where_no_terminal_draws_it() {
    let out = repl(&[], "b'\\x89PNG\\r\\n\\x1a\\n and so on'\n").fine();
    let path = out.trim().rsplit(": ").next().unwrap();
    assert!(
        out.starts_with("picture (png, 18 bytes): ") && path.ends_with("/1.png"),
        "{out}"
    );
    assert!(std::fs::read(path).unwrap().ends_with(b"and so on"));
    std::fs::remove_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
}

#[test]
fn a_name_followed_by_a_question_mark_is_explained() {
    let out = repl(
        &[],
        "collections.list?\nl = collections.list()\nl.append?\nlen?\nx = [1]\nx?\ncollections?\n",
    )
    .fine();
    for part in [
        "class list(",
        "append(item: any)\n  Adds an item at the end.",
        "len, a function of the language",
        "methods   append, ",
        "module collections",
    ] {
        assert!(out.contains(part), "{part} is missing in {out}");
    }
    let error = repl(&[], "l = collections.list()\nl.apend?\n").failed(1);
    assert!(
        error.contains("nothing is known of `l.apend`; did you mean `l.append?`"),
        "{error}"
    );
}

#[test]
fn commands_begin_with_a_colon() {
    let script = file("three.txt", b"y = 3\ny * 2\n");
    let input = format!(
        ":help\nl = collections.list()\n:plugins\n:vars\n:run {script}\n:time 1 + 1\n:open b={}\nb.list([7])[0]\n:quit\nnever\n",
        boxes()
    );
    let ran = repl(&[], &input);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for part in [
        ":reload [NAME]",
        "1 list; ",
        "l = <Proxy[list] #1@collections>\n",
        "\n6\n",
        "\n2\ntook ",
        "\n7\n",
    ] {
        assert!(ran.out.contains(part), "{part} is missing in {}", ran.out);
    }
    assert_eq!(ran.err, "opened `b`\n");
    let error = repl(&[], ":frobnicate\n").failed(1);
    assert!(
        error.contains("there is no command `:frobnicate`; there are :help, "),
        "{error}"
    );
}

#[test]
fn a_plugin_that_dies_is_started_anew_and_the_shell_goes_on() {
    let input = "l = collections.list()\nfor i in range(200): l.append(bytes(10**6))\nl[0]\ncollections.list([5])[0]\n";
    let ran = repl(&[], input);
    assert_eq!((ran.code, ran.out.as_str()), (1, "5\n"), "{}", ran.err);
    assert!(
        ran.err.contains("`collections` has ended and was started anew as `collections-2`; the objects that it had are gone"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("plugin `collections` is closed"),
        "{}",
        ran.err
    );
}

#[test]
fn reloading_loads_the_file_that_is_there_now() {
    let path = file("changing.wasm", &std::fs::read(boxes()).unwrap());
    let input = format!(
        "l = list([1])\nshell.write('{path}', shell.read('{}'))\n:reload\nhostile.takes.nested(2)\n",
        hostile()
    );
    let ran = repl(&[&path], &input);
    assert!(ran.out.ends_with("[[null]]\n"), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("loaded `changing-2`"), "{}", ran.err);
}

#[test]
fn json_is_a_line_for_each_result() {
    let out = repl(&["--json"], "1\nx = 2\n[x, null]\n").fine();
    assert_eq!(out, "1\nnull\n[2,null]\n");
}

#[test]
fn quiet_leaves_out_what_is_neither_result_nor_error() {
    let open = format!(":open b={}\n1\n", boxes());
    let ran = repl(&["--quiet"], &open);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("1\n", ""));
    let error = locum(&["repl", "-q", "-v"]).failed(2);
    assert!(error.contains("cannot be used with"), "{error}");
}

#[cfg(unix)]
mod interrupts {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use super::super::{command, hostile};

    struct Shell {
        child: Child,
        lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
    }

    impl Shell {
        fn start() -> Shell {
            let mut command = command(env!("CARGO_BIN_EXE_locum"));
            command
                .args(["repl", "--deadline", "1h"])
                .arg(hostile())
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            let lines = BufReader::new(child.stdout.take().unwrap()).lines();
            Shell { child, lines }
        }

        fn type_in(&mut self, text: &str) {
            self.child
                .stdin
                .as_mut()
                .unwrap()
                .write_all(text.as_bytes())
                .unwrap();
        }

        fn line(&mut self) -> String {
            self.lines.next().unwrap().unwrap()
        }

        fn interrupt(&self) {
            let id = self.child.id().to_string();
            assert!(
                Command::new("kill")
                    .args(["-INT", &id])
                    .status()
                    .unwrap()
                    .success()
            );
        }

        /// Ends it; its standard error.
        fn end(mut self) -> String {
            drop(self.child.stdin.take());
            let output = self.child.wait_with_output().unwrap();
            String::from_utf8(output.stderr).unwrap()
        }
    }

    #[test]
    fn ctrl_c_stops_a_script_and_neither_the_shell_nor_the_plugin() {
        let mut shell = Shell::start();
        shell.type_in("print('go')\nwhile true: hostile.loops.work(1)\n\nprint('still here')\n");
        assert_eq!(shell.line(), "go");
        std::thread::sleep(Duration::from_millis(200));
        shell.interrupt();
        assert!(shell.line().starts_with("still here"));
        let err = shell.end();
        assert!(
            err.contains("error: interrupted") && !err.contains("started anew"),
            "{err}"
        );
    }

    #[test]
    fn ctrl_c_stops_a_plugin_that_does_not_come_back_and_the_shell_goes_on() {
        let mut shell = Shell::start();
        shell.type_in("print('go')\nhostile.loops.forever()\nhostile.loops.work(3) >= 0\n");
        assert_eq!(shell.line(), "go");
        std::thread::sleep(Duration::from_millis(200));
        let began = Instant::now();
        shell.interrupt();
        assert_eq!(shell.line(), "True");
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it was not the deadline"
        );
        let err = shell.end();
        assert!(err.contains("error: interrupted"), "{err}");
        assert!(
            err.contains("`hostile` has ended and was started anew as `hostile-2`"),
            "{err}"
        );
    }
}
