//! The command line, as a person or a shell script meets it.
#![cfg(embedded)]

#[path = "cli/bench.rs"]
mod bench;
#[path = "cli/grants.rs"]
mod grants;
#[path = "cli/manual.rs"]
mod manual;
#[path = "cli/map.rs"]
mod map;
#[path = "cli/program.rs"]
mod program;
#[path = "cli/repl.rs"]
mod repl;
#[path = "cli/run.rs"]
mod run_scripts;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use program::{Ran, boxes, command, file, hostile, locum, run, scratch};

#[test]
fn the_tour_shows_the_transcripts_and_ends_where_it_began() {
    let out = locum(&[]).fine();
    assert!(
        out.contains(
            ">>> print(l)\n[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]\n>>> print(repr(l))\n<Proxy[list] #"
        ),
        "{out}"
    );
    assert!(
        out.contains("\n[[]] []\n") && out.contains("\n[['hello']] ['hello']\n"),
        "{out}"
    );
    assert!(out.contains("<0,0> <1,1> <4,2>"), "{out}");
    assert!(
        out.contains("IndexError: list index out of range\n  |\n1 | l[20]\n  | ^^^^^\n"),
        "{out}"
    );
    assert!(
        !out.contains('\x1b'),
        "colours although this is no terminal"
    );

    let handles = |row: &str| -> Vec<u32> {
        let line = out.lines().find(|line| line.starts_with(row)).unwrap();
        line.split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect()
    };
    assert_eq!(handles("before the tour"), [0, 0]);
    assert_eq!(handles("after letting go"), [0, 0]);
    let during = handles("with all variables");
    assert!(during[0] > 5 && during[1] > 0, "{out}");
    for figure in [
        "a call, ",
        "an item, ",
        "loading it, compiled before",
        "loading it, compiling",
    ] {
        assert!(out.contains(figure), "{out}");
    }
}

#[test]
fn only_the_steps_about_errors_raise() {
    let out = locum(&["demo"]).fine();
    let (before, errors) = out.split_once("Errors say what happened").unwrap();
    assert!(!before.contains("error:"), "{before}");
    let steps = errors
        .lines()
        .filter(|line| line.starts_with(">>>"))
        .count();
    assert_eq!(errors.matches("\nerror: ").count(), steps);
}

#[cfg(unix)]
#[test]
fn what_the_tour_proposes_works() {
    let out = locum(&["demo"]).fine();
    let (_, next) = out.split_once("What to try next").unwrap();
    let proposed: Vec<&str> = next
        .lines()
        .filter(|line| line.contains(" eval ") || line.contains(" inspect"))
        .collect();
    assert!(proposed.len() >= 4, "{next}");
    for line in proposed {
        let mut shell = command("sh");
        shell.args(["-c", line]);
        assert!(!run(shell, "").fine().is_empty(), "{line}");
    }
}

#[test]
fn expressions_share_their_variables_and_show_their_results() {
    let out = locum(&[
        "eval",
        "x = collections.list([3, 1, 2])",
        "x.sort()",
        "x[:]",
        "None",
        "x",
        "'a'",
    ])
    .fine();
    assert_eq!(out, "[1, 2, 3]\n<Proxy[list] #1@collections>\n'a'\n");
    assert_eq!(
        locum(&["eval", "10/4", "-5", "print('a', end='')"]).fine(),
        "2.5\n-5\na"
    );
}

#[test]
fn a_first_argument_that_names_a_file_is_the_plugin() {
    let plugin = boxes();
    assert_eq!(
        locum(&["eval", &plugin, "collections.list()"]).fine(),
        "<Proxy[list] #1@boxes>\n"
    );
    let error = locum(&["eval", &plugin]).failed(2);
    assert!(
        error.starts_with("error: there is no expression"),
        "{error}"
    );
}

#[test]
fn a_script_is_read_from_standard_input() {
    let mut command = command(env!("CARGO_BIN_EXE_locum"));
    command.args(["eval", "y = 2", "-", "x * y"]);
    let script = "# a script\nx = 0\nfor i in range(4): x += i\nprint('x is', x)\n";
    assert_eq!(run(command, script).fine(), "x is 6\n12\n");
}

#[test]
fn json_is_one_line_about_the_last_result() {
    let json = |expressions: &[&str]| locum(&[&["eval", "--json"], expressions].concat());
    assert_eq!(
        json(&["1", "{'a': [1.5, null, b'\\xff'], 2: true}"]).fine(),
        "{\"a\":[1.5,null,{\"$bytes\":\"ff\"}],\"2\":true}\n"
    );
    assert_eq!(
        json(&["[collections.list()]"]).fine(),
        "[{\"$proxy\":\"<Proxy[list] #1@collections>\"}]\n"
    );
    assert_eq!(json(&["x = 1"]).fine(), "null\n");
    let error = json(&["{b'a': 1}"]).failed(1);
    assert!(
        error.starts_with("error: a key of type bytes has no form in JSON"),
        "{error}"
    );
}

#[test]
fn an_error_shows_its_place_and_where_it_happened() {
    let error = locum(&["eval", "l = collections.list()", "1 + l[20]"]).failed(1);
    let expected = "\
error: IndexError: list index out of range
  |
1 | 1 + l[20]
  |     ^^^^^
    in list.__getitem__ at collections
";
    assert_eq!(error, expected);
    let error = locum(&["eval", "l = collections.list(", "1"]).failed(1);
    assert!(
        error.starts_with("error: SyntaxError: ")
            && error.contains("\n1 | l = collections.list(\n"),
        "{error}"
    );
}

#[test]
fn nothing_runs_when_one_expression_can_not_be_read() {
    let ran = locum(&["eval", "print('ran')", "1 +"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
}

#[test]
fn an_unknown_module_is_an_error_that_tells_which_there_are() {
    let error = locum(&["eval", "import colections"]).failed(1);
    assert!(
        error.starts_with("error: ImportError: ") && error.contains("`collections`"),
        "{error}"
    );
}

#[test]
fn a_plugin_that_dies_has_an_exit_code_of_its_own() {
    let error = locum(&[
        "eval",
        "l = collections.list()",
        "for i in range(200): l.append(bytes(10**6))",
    ])
    .failed(3);
    assert!(
        error.contains("error: ") && error.contains("memory"),
        "{error}"
    );
}

#[test]
fn a_file_that_is_no_plugin_is_refused_with_advice() {
    let core = file("core.wasm", b"\0asm\x01\0\0\0");
    let component = file("component.wasm", b"\0asm\x0d\0\x01\0");
    let empty = file("empty.wasm", b"");
    let text = file("plugin.txt", b"hello");
    let missing = scratch().join("missing.wasm").display().to_string();
    for (path, why) in [
        (
            missing.as_str(),
            "does not exist; build the plugin with `cargo build",
        ),
        (&empty, "the file is empty"),
        (
            &text,
            "this is not a WebAssembly file; build the plugin with --target wasm32-wasip2",
        ),
        (&core, "this is a core module, not a component"),
        (&component, "it is a component but not a plugin"),
        ("./nowhere", "does not exist"),
        (env!("CARGO_TARGET_TMPDIR"), "is a directory"),
    ] {
        for arguments in [&["eval", path, "1"][..], &["inspect", path]] {
            let error = locum(arguments).failed(2);
            assert!(
                error.starts_with("error: ") && error.contains(path) && error.contains(why),
                "{error}"
            );
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }
}

#[test]
fn inspect_shows_what_a_plugin_offers_and_needs() {
    let out = locum(&["inspect"]).fine();
    for part in [
        "module collections",
        "class list(",
        "append(item: any)",
        "Adds an item at the end.",
        "__len__()",
        "pop(index: int = -1) -> any",
        "locum:plugin@",
        "wasi:",
        "bytes, compiled ",
    ] {
        assert!(out.contains(part), "{part} is missing in {out}");
    }
    assert!(out.find("append(").unwrap() < out.find("special methods:").unwrap());
    assert!(!out.contains('\x1b'));
    assert_eq!(
        locum(&["inspect", &boxes()]).fine().lines().count(),
        out.lines().count()
    );
}

#[test]
fn inspect_as_json_has_all_of_it() {
    let json: serde_json::Value =
        serde_json::from_str(&locum(&["inspect", "--json", &boxes()]).fine()).unwrap();
    assert_eq!(json["plugin"]["modules"][0]["name"], "collections");
    assert_eq!(json["plugin"]["modules"][0]["classes"][0]["name"], "list");
    let size = fs::metadata(boxes()).unwrap().len();
    assert_eq!(json["component"]["file_bytes"], size);
    assert!(json["component"]["compiled_bytes"].as_u64() > Some(0));
    assert!(
        json["component"]["imports"]
            .as_array()
            .is_some_and(|imports| !imports.is_empty())
    );
}

#[test]
fn bindgen_writes_traits_of_what_a_plugin_offers() {
    let out = locum(&["bindgen", &boxes()]).fine();
    for part in [
        "// Written by `locum bindgen boxes.wasm`",
        "\nuse locum::{",
        "#[proxy(module = \"collections\")]\npub trait Collections {\n",
        "    fn list(&self, #[arg(default)] items: Option<&locum::Value>) -> Result<ListProxy>;\n",
        "#[proxy]\npub trait List {\n",
        "    /// Adds an item at the end.\n    fn append(&self, item: impl Serialize) -> Result<()>;\n",
        "    #[name(\"__getitem__\")]\n    fn get_item(&self, key: impl Serialize) -> Result<locum::Value>;\n",
    ] {
        assert!(out.contains(part), "{part} is missing in {out}");
    }
    let guest = locum(&["bindgen", &boxes(), "collections", "--guest"]).fine();
    assert!(
        guest.contains("`locum bindgen boxes.wasm collections --guest`"),
        "{guest}"
    );
    assert!(guest.contains("\nuse locum_guest::{"), "{guest}");
}

#[test]
fn bindgen_writes_to_the_file_that_is_named() {
    let path = scratch().join("boxes.rs").display().to_string();
    assert_eq!(locum(&["bindgen", &boxes(), "-o", &path]).fine(), "");
    let written = fs::read_to_string(&path).unwrap();
    assert_eq!(written, locum(&["bindgen", &boxes()]).fine());
    let nowhere = scratch().join("nowhere/boxes.rs").display().to_string();
    let error = locum(&["bindgen", &boxes(), "--output", &nowhere]).failed(2);
    assert!(
        error.contains(&nowhere) && error.contains("a directory that exists"),
        "{error}"
    );
}

#[test]
fn bindgen_of_what_is_not_there_says_what_there_is() {
    let error = locum(&["bindgen", &boxes(), "colections"]).failed(2);
    assert!(
        error.contains("`colections`; did you mean `collections`?"),
        "{error}"
    );
    assert!(locum(&["bindgen"]).failed(2).contains("PLUGIN.wasm"));
    let core = file("no_plugin.wasm", b"\0asm\x01\0\0\0");
    let error = locum(&["bindgen", &core]).failed(2);
    assert!(error.contains("this is a core module"), "{error}");
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let mut command = command(env!("CARGO_BIN_EXE_locum"));
    command
        .args(["eval", "for i in range(100000): print(i)"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert_eq!(line, "0\n");
    drop(reader);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}

#[test]
fn watching_evaluates_again_with_each_version_that_starts() {
    let plugin = fs::read(boxes()).unwrap();
    let path = file("watched.wasm", &plugin);
    let mut command = command(env!("CARGO_BIN_EXE_locum"));
    command
        .args(["eval", "--watch", &path, "len(collections.list([1, 2]))"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut results = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut notes = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut result = || results.next().unwrap().unwrap();
    let mut note = || notes.next().unwrap().unwrap();

    assert_eq!(result(), "2");
    assert_eq!(note(), format!("watching {path}"));
    // An empty custom section at the end makes it another file of another length, and the same plugin.
    let mut changed = plugin.clone();
    changed.extend(*b"\0\x02\x01x");
    file("watched.wasm", &changed);
    assert_eq!(note(), format!("{path} has changed: evaluated again"));
    assert_eq!(result(), "2");
    assert_eq!(note(), format!("watching {path}"));

    file("watched.wasm", b"not a plugin");
    assert!(note().starts_with("error: "));
    assert_eq!(
        note(),
        format!("{path} has changed and can not be loaded: the version before stays")
    );
    fs::remove_file(&path).unwrap();
    file("watched.wasm", &plugin);
    assert_eq!(note(), format!("{path} has changed: evaluated again"));
    assert_eq!(result(), "2");

    assert!(
        child.try_wait().unwrap().is_none(),
        "it goes on until it is ended"
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn watching_goes_on_after_an_error_of_the_plugin_and_not_after_one_of_usage() {
    let path = file("raising.wasm", &fs::read(boxes()).unwrap());
    let mut command = command(env!("CARGO_BIN_EXE_locum"));
    command
        .args(["eval", "--watch", &path, "collections.list()[0]"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let notes = BufReader::new(child.stderr.take().unwrap()).lines();
    let notes: Vec<String> = notes
        .map(|line| line.unwrap())
        .take_while(|line| !line.starts_with("watching "))
        .collect();
    assert!(notes[0].starts_with("error: IndexError: "), "{notes:?}");
    assert!(child.try_wait().unwrap().is_none());
    child.kill().unwrap();
    child.wait().unwrap();

    let error = locum(&["eval", "--watch", "1"]).failed(2);
    assert!(
        error.contains("the built-in plugin does not change"),
        "{error}"
    );
    let error = locum(&["eval", "--watch", "nowhere.wasm", "1"]).failed(2);
    assert!(error.contains("nowhere.wasm does not exist"), "{error}");
    locum(&["eval", "--watch", &path, "1 +"]).failed(1);
    let error = locum(&["eval", "--watch", "--trace", "x.json", &path, "1"]).failed(2);
    assert!(error.contains("--trace"), "{error}");
}

#[test]
fn what_is_wrong_with_the_command_line_is_said() {
    assert!(locum(&["eval"]).failed(2).contains("EXPR"));
    assert!(locum(&["evil", "1"]).failed(2).contains("eval"));
    assert!(locum(&["eval", "--jsn", "1"]).failed(2).contains("--json"));
}

#[test]
fn help_has_examples_and_the_version_is_told() {
    assert_eq!(
        locum(&["--version"]).fine(),
        format!("locum {}\n", env!("CARGO_PKG_VERSION"))
    );
    for arguments in [
        &["--help"][..],
        &["help"],
        &["eval", "--help"],
        &["help", "eval"],
        &["bindgen", "--help"],
    ] {
        assert!(
            locum(arguments).fine().contains("Examples:\n  locum"),
            "{arguments:?}"
        );
    }
    assert!(locum(&["help", "inspect"]).fine().contains("--json"));
}
