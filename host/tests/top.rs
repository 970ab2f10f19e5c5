//! `locum top` and `locum trace`, on a host of another process.
#![cfg(all(embedded, unix))]

#[allow(
    dead_code,
    reason = "the same eyes look at every trace, and not every test at all of it"
)]
#[path = "../src/bin/locum/trace/check.rs"]
mod check;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use check::Shown;
use serde_json::Value;

/// A directory of a test's own, as the session of a user who has no other hosts.
struct Session(PathBuf);

impl Session {
    fn new(name: &str) -> Session {
        // Short, because a socket's path has room for some hundred bytes.
        let directory = std::env::temp_dir().join(format!("lt-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        Session(directory)
    }

    fn locum(&self, words: &[&str]) -> Command {
        let mut locum = Command::new(env!("CARGO_BIN_EXE_locum"));
        locum
            .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
            .env("XDG_RUNTIME_DIR", &self.0)
            .args(words)
            .stdin(Stdio::null());
        locum
    }

    fn run(&self, words: &[&str]) -> Output {
        self.locum(words).output().unwrap()
    }

    /// What a command prints that succeeds.
    #[track_caller]
    fn prints(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The error of one that fails for wrong usage.
    #[track_caller]
    fn refused(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert_eq!((output.status.code(), &*output.stdout), (Some(2), &b""[..]));
        String::from_utf8(output.stderr).unwrap()
    }

    /// A host that calls its plugin over and over.
    fn busy(&self) -> Busy {
        let words = ["l = collections.list(range(10))", "l[3]"];
        let mut bench = self.locum(&["bench", "--monitor", "--time", "10min"]);
        bench
            .args(words)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let busy = Busy(bench.spawn().unwrap());
        let began = Instant::now();
        while !self.is_at_work(&busy.pid()) {
            assert!(began.elapsed() < Duration::from_secs(120), "no calls");
            std::thread::sleep(Duration::from_millis(10));
        }
        busy
    }

    fn is_at_work(&self, pid: &str) -> bool {
        let shown = self.run(&["top", "--once", "--json", "--interval", "20ms", pid]);
        let shown: Value = serde_json::from_slice(&shown.stdout).unwrap_or_default();
        shown["plugins"][0]["out"]["calls"].as_u64() > Some(100)
    }

    fn sockets(&self) -> usize {
        let entries = fs::read_dir(self.0.join("locum")).into_iter().flatten();
        let names = entries.map(|it| it.unwrap().file_name());
        names
            .filter(|it| !it.to_str().unwrap().starts_with('.'))
            .count()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Busy(Child);

impl Busy {
    fn pid(&self) -> String {
        self.0.id().to_string()
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn without_a_host_the_error_says_how_to_switch_the_monitor_on() {
    let session = Session::new("none");
    for words in [
        &["top"][..],
        &["top", "--once"],
        &["top", "--json"],
        &["trace", "-o", "x.json"],
    ] {
        let error = session.refused(words);
        if words == ["top"] {
            assert!(error.contains("--once"), "{error}");
            continue;
        }
        assert!(
            error.starts_with("error: no host can be watched: "),
            "{error}"
        );
        assert!(
            error.contains("Host::builder().monitor(Monitor::open()?).build()?"),
            "{error}"
        );
        assert!(error.contains("--monitor"), "{error}");
    }
    assert!(!Path::new("x.json").exists());
    let error = session.refused(&["top", "--once", "nobody"]);
    assert!(
        error.starts_with("error: no host `nobody` can be watched: "),
        "{error}"
    );
    let error = session.refused(&["top", "--once", "./1-gone.sock"]);
    assert!(
        error.contains("no host answers at ./1-gone.sock"),
        "{error}"
    );
}

#[test]
fn once_prints_one_table_of_what_one_interval_has_brought() {
    let session = Session::new("once");
    let busy = session.busy();
    let table = session.prints(&["top", "--once", "--interval", "300ms"]);
    let lines: Vec<&str> = table.lines().collect();
    assert!(
        lines[0].starts_with(&format!("locum {}, up ", busy.pid())),
        "{table}"
    );
    assert!(
        lines[1].starts_with("PLUGIN") && !table.contains('\u{1b}'),
        "{table}"
    );
    let words: Vec<&str> = lines[2].split_whitespace().collect();
    assert_eq!(words[..2], ["collections", "alive"]);
    let rate: u64 = words[2].replace(',', "").parse().unwrap();
    assert!(rate > 100, "{table}");
    assert!(
        lines[2].contains("µs") && lines[2].contains("64.0 MiB"),
        "{table}"
    );
    // By its number, its name and its socket.
    let socket = session.0.join(format!("locum/{}-locum.sock", busy.pid()));
    for target in [&*busy.pid(), "locum", socket.to_str().unwrap()] {
        let table = session.prints(&["top", "--once", "--interval", "50ms", target]);
        assert!(table.contains("collections"), "{table}");
    }
}

#[test]
fn json_prints_snapshots_as_lines_until_the_host_ends() {
    let session = Session::new("json");
    let busy = session.busy();
    let one = session.prints(&["top", "--once", "--json", "--interval", "100ms"]);
    assert_eq!(one.lines().count(), 1);
    let one: Value = serde_json::from_str(&one).unwrap();
    assert_eq!(one["host"]["program"], "locum");
    assert!(
        one["plugins"][0]["out"]["latency"]["count"].as_u64() > Some(10),
        "{one}"
    );
    assert!(
        one["plugins"][0]["imports"]["types"]["list"].as_u64() == Some(1),
        "{one}"
    );

    let mut words = session.locum(&["top", "--json", "--interval", "50ms"]);
    let mut top = words.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(top.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(next()["interval_ms"], Value::Null);
    assert!(next()["interval_ms"].as_f64() > Some(20.0));
    drop(busy);
    assert!(lines.all(|line| serde_json::from_str::<Value>(&line.unwrap()).is_ok()));
    assert!(top.wait().unwrap().success());
    // It was killed, so its socket was left behind; whoever looks for hosts removes it.
    assert_eq!(session.sockets(), 1);
    session.refused(&["top", "--json"]);
    assert_eq!(session.sockets(), 0);
}

#[test]
fn of_several_hosts_one_has_to_be_named() {
    let session = Session::new("several");
    let (one, other) = (session.busy(), session.busy());
    for words in [
        &["top", "--once"][..],
        &["top", "--json", "locum"],
        &["trace", "-o", "x.json"],
    ] {
        let error = session.refused(words);
        assert!(
            error.starts_with("error: several hosts can be watched: "),
            "{error}"
        );
        assert!(error.contains(&format!("{} locum", one.pid())), "{error}");
        assert!(error.contains(&format!("{} locum", other.pid())), "{error}");
    }
    assert!(
        !Path::new("x.json").exists(),
        "nothing is written before it is known of what"
    );
    let pid = other.pid();
    let table = session.prints(&["top", "--once", "--interval", "50ms", &pid]);
    assert!(table.starts_with(&format!("locum {pid}, ")), "{table}");
}

#[test]
fn a_trace_of_a_running_host_is_one_that_a_viewer_shows() {
    let session = Session::new("trace");
    let busy = session.busy();
    let file = session.0.join("out.json");
    let file = file.to_str().unwrap();
    let told = session.prints(&["trace", "-o", file, "--time", "300ms"]);
    assert!(
        told.contains(" calls in 0.") && told.contains(file),
        "{told}"
    );
    let shown = Shown::read(&fs::read_to_string(file).unwrap());
    assert_eq!(shown.lanes, ["host", "collections"]);
    let (_, slice) = shown.slice("list.__getitem__");
    assert_eq!((&*slice.lane, &*slice.thread), ("collections", "main"));
    for (key, value) in [
        ("direction", "out"),
        ("verb", "call"),
        ("outcome", "ok"),
        ("path", "__getitem__"),
    ] {
        assert_eq!(slice.args[key], value, "{}", slice.args);
    }
    assert!(slice.args["sent"].as_u64() > Some(0) && slice.args["micros"].as_f64() > Some(0.0));
    let count = shown.slices.len();
    let grouped = told.split(' ').next().unwrap().replace(',', "");
    assert_eq!(
        grouped.parse::<usize>().unwrap(),
        count,
        "as many as it says"
    );

    let pid = busy.pid();
    let told = session.prints(&["trace", "--json", "-o", file, "--time", "100ms", &pid]);
    let told: Value = serde_json::from_str(&told).unwrap();
    let shown = Shown::read(&fs::read_to_string(file).unwrap());
    assert_eq!(told["calls"].as_u64(), Some(shown.slices.len() as u64));
    assert_eq!(told["host_ended"], false);
    assert!(told["dropped"].is_u64() && told["left_out"].is_u64());
}

#[test]
fn an_interrupted_trace_is_whole_and_so_is_one_whose_host_ends() {
    let session = Session::new("signal");
    let busy = session.busy();
    let file = session.0.join("out.json");
    for ends in [false, true] {
        let mut words = session.locum(&["trace", "-o", file.to_str().unwrap()]);
        let mut trace = words
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut error = BufReader::new(trace.stderr.take().unwrap()).lines();
        let first = error.next().unwrap().unwrap();
        assert_eq!(
            first,
            format!("recording locum {}; Ctrl-C ends it", busy.pid())
        );
        std::thread::sleep(Duration::from_millis(50));
        let pid = if ends {
            busy.pid()
        } else {
            trace.id().to_string()
        };
        let signal = if ends { "-KILL" } else { "-INT" };
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
        let rest: Vec<String> = error.map_while(Result::ok).collect();
        assert!(trace.wait().unwrap().success());
        assert_eq!(
            rest.iter().any(|it| it.contains("the host ended before")),
            ends,
            "{rest:?}"
        );
        let shown = Shown::read(&fs::read_to_string(&file).unwrap());
        assert!(!shown.slices.is_empty());
    }
}

#[test]
fn a_trace_that_can_not_be_written_is_an_error_and_a_plugin_is_not_overwritten() {
    let session = Session::new("unwritable");
    let _busy = session.busy();
    let missing = session.0.join("missing/out.json");
    let error = session.refused(&["trace", "-o", missing.to_str().unwrap()]);
    assert!(error.contains("can not be written to"), "{error}");
    let plugin = session.0.join("plugin.wasm");
    let error = session.refused(&["trace", "-o", plugin.to_str().unwrap()]);
    assert!(error.contains("would overwrite the plugin"), "{error}");
    for words in [
        ["top", "--once", "--interval", "1ms"],
        ["top", "--once", "--interval", "soon"],
    ] {
        let error = session.refused(&words);
        assert!(error.contains("--interval"), "{error}");
    }
}
