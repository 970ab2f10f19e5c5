//! `locum bench`: what it shows and how it ends. How long anything took is nobody's promise.

use serde_json::Value;

use super::{boxes, command, locum, run};

/// Measures for no longer than it takes to be sure.
fn bench(arguments: &[&str]) -> super::Ran {
    locum(&[&["bench", "--time", "5ms"], arguments].concat())
}

fn json(arguments: &[&str]) -> Value {
    let out = bench(&[&["--json"], arguments].concat()).fine();
    assert_eq!(out.matches('\n').count(), 1, "{out}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn the_last_expression_is_timed_and_the_others_are_run_once_before() {
    let slip = bench(&["print('once')", "1 +"]);
    assert_eq!((slip.code, slip.out.as_str()), (1, ""), "nothing has run");
    let timed = "print('often'); l[0]";
    let out = bench(&["print('once')", "l = collections.list([1])", timed]).fine();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "once");
    let names = ["median ", "fastest ", "90 % ", "99 % ", "slowest "];
    for (line, name) in lines[1..].iter().zip(names) {
        assert!(line.starts_with(name), "{out}");
    }
    assert!(
        lines[1].contains(", of which the language itself takes about "),
        "{out}"
    );
    assert!(!out.contains("often"), "{out}");
    assert!(out.contains(" runs in "), "{out}");
    assert!(
        out.ends_with("\na run makes 1 call into the plugin, sends 3 bytes and receives 1 byte\n"),
        "{out}"
    );
}

#[test]
fn the_histogram_has_bars_and_fits_in_eighty_columns() {
    let out = bench(&["len([1, 2])"]).fine();
    let bars: Vec<&str> = out.lines().filter(|line| line.contains('│')).collect();
    assert!(!bars.is_empty() && bars.len() <= 13, "{out}");
    let width = |line: &&str| line.chars().count();
    assert_eq!(bars.iter().map(width).max(), Some(80), "{out}");
    assert!(bars.iter().any(|bar| bar.contains('█')), "{out}");
    assert!(out.contains(", timed in batches of "), "{out}");
    assert!(
        out.contains("\na run makes 0 calls into the plugin, "),
        "{out}"
    );
}

#[test]
fn json_has_times_in_order_and_what_a_run_asks_of_the_plugin() {
    let plugin = boxes();
    let it = json(&[&plugin, "d = collections.dict(a=1)", "(d['a'], len(d))"]);
    assert_eq!(it["expression"], "(d['a'], len(d))");
    assert_eq!(it["calls"], 2.0);
    let number = |field: &str| {
        it[field]
            .as_f64()
            .unwrap_or_else(|| panic!("{field}: {it}"))
    };
    let times = ["fastest_ns", "median_ns", "p90_ns", "p99_ns", "slowest_ns"].map(number);
    assert!(times[0] > 0.0 && times.is_sorted(), "{it}");
    assert!(number("language_ns") > 0.0);
    let (runs, batch) = (number("runs"), number("batch"));
    assert!(batch >= 1.0 && runs >= 10.0 && runs % batch == 0.0, "{it}");
    assert!(number("bytes_sent") > 0.0 && number("bytes_received") > 0.0);
    let none = json(&["1 + 1"]);
    for field in ["calls", "bytes_sent", "bytes_received"] {
        assert_eq!(none[field], 0.0, "{field}");
    }
}

#[test]
fn what_takes_longer_than_the_time_is_run_ten_times_all_the_same() {
    let out = locum(&["bench", "--time=0s", "--json", "sum(range(1000))"]).fine();
    let it: Value = serde_json::from_str(&out).unwrap();
    let (runs, batch) = (it["runs"].as_u64().unwrap(), it["batch"].as_u64().unwrap());
    assert!(runs >= 10 && runs < 10 + batch, "{it}");
}

#[test]
fn an_expression_that_raises_says_in_which_run() {
    let expected = "\
error: IndexError: pop from empty list
  |
1 | l.pop()
  | ^^^^^^^
    in list.pop at collections
    in run 4, those of the warm-up counted
";
    let error = bench(&["l = collections.list([1, 2, 3])", "l.pop()"]).failed(1);
    assert_eq!(error, expected);
    // What is run once is in no run.
    let error = bench(&["collections.list([])[0]", "1"]).failed(1);
    assert!(!error.contains("in run"), "{error}");
}

#[test]
fn a_plugin_that_dies_while_it_is_timed_has_the_exit_code_of_that() {
    let error = bench(&["l = collections.list()", "l.append(bytes(10**6))"]).failed(3);
    assert!(
        error.contains("memory") && error.contains("    in run "),
        "{error}"
    );
}

#[test]
fn what_can_not_be_measured_is_a_usage_error() {
    let error = locum(&["bench", "--time", "long", "1"]).failed(2);
    assert!(error.starts_with("error: --time long: "), "{error}");
    assert!(error.contains("give it as in `2s`"), "{error}");
    let plugin = boxes();
    let error = bench(&[&plugin]).failed(2);
    assert!(error.contains("as in `locum bench "), "{error}");
    assert!(bench(&[]).failed(2).contains("EXPR"));
    assert!(
        bench(&["missing.wasm", "1"])
            .failed(2)
            .contains("does not exist")
    );
}

#[test]
fn the_plugin_is_given_what_the_options_say() {
    let error = bench(&["--max-memory", "1KiB", "1"]).failed(2);
    assert!(error.contains("memory"), "{error}");
    let mut command = command(env!("CARGO_BIN_EXE_locum"));
    command.args(["bench", "--time", "1ms", "--json", "-"]);
    let it: Value = serde_json::from_str(&run(command, "2 * 3\n").fine()).unwrap();
    assert_eq!(it["expression"], "2 * 3\n");
}
