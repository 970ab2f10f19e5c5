//! Clients that are slow, dead, mad or many.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use locum::Kind;
use locum::monitor::Running;
use locum_tests::refused;
use serde_json::Value as Json;

use super::{LONG, Watched, counter, shown, until};

/// A connection of which nothing has been read.
fn connected(watched: &Watched) -> UnixStream {
    let stream = UnixStream::connect(watched.path()).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream
}

/// What comes until the connection ends, line by line.
fn rest(stream: UnixStream) -> Vec<Json> {
    let lines = BufReader::new(stream).lines();
    let lines = lines.map_while(Result::ok);
    lines.map(|it| serde_json::from_str(&it).unwrap()).collect()
}

#[test]
fn a_client_is_greeted_and_each_line_is_a_json_object() {
    let watched = Watched::new();
    let _plugin = watched.samples();
    let mut stream = connected(&watched);
    stream
        .write_all(b"{\"do\":\"watch\",\"interval_ms\":20}\n")
        .unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut next = || -> Json { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    let hello = next();
    assert_eq!(
        (&hello["locum"], &hello["protocol"]),
        (&"monitor".into(), &1.into())
    );
    assert_eq!(hello["pid"], std::process::id());
    assert_eq!(next()["snapshot"]["plugins"][0]["name"], "samples");
    assert!(next()["snapshot"]["interval_ms"].as_f64().unwrap() >= 10.0);
    stream.write_all(b"{\"do\":\"stop\"}\n").unwrap();
    let last = rest(stream).pop();
    assert!(
        last.is_none_or(|it| it["snapshot"].is_object()),
        "it ends in order"
    );
}

#[test]
fn garbage_ends_the_connection_that_it_came_by_and_no_other() {
    let watched = Watched::new();
    let plugin = watched.samples();
    let mut snapshots = watched.watch();
    let long = [&b"x".repeat(1 << 20)[..], b"\n"].concat();
    let cases: [(&[u8], &str); 8] = [
        (b"\n", "can not be read"),
        (b"{\n", "can not be read"),
        (b"{\"do\":\"dance\"}\n", "can not be read"),
        (
            b"{\"do\":\"watch\",\"interval_ms\":-1}\n",
            "can not be read",
        ),
        (
            b"{\"do\":\"watch\",\"interval_ms\":1}\n",
            "interval_ms is 1; it may be 20 to",
        ),
        (b"{\"do\":\"watch\",\"more\":1}\n", "can not be read"),
        (b"\xff\xfe\n", "not UTF-8"),
        (&long, "more than 4096 bytes"),
    ];
    for (garbage, words) in cases {
        let mut stream = connected(&watched);
        // It may be cut off before it has said all of it.
        let _ = stream.write_all(garbage);
        let told = rest(stream);
        // Where more was said than was read, the end of the connection may overtake the answer.
        if let Some(error) = told.get(1) {
            let error = error["error"].as_str().unwrap();
            assert!(error.contains(words), "{error}");
        } else {
            assert!(garbage.len() > 4096, "{words}");
        }
    }
    // And in the middle of it.
    let mut stream = connected(&watched);
    stream
        .write_all(b"{\"do\":\"trace\"}\n{\"do\":\"trace\"}\n")
        .unwrap();
    assert_eq!(
        rest(stream).pop().unwrap()["error"],
        "something was asked for already"
    );

    counter(&plugin).call::<i64>("add", (1,)).unwrap();
    until(&mut snapshots, "the first one goes on", |it| {
        shown(it, "samples").out.calls == 2
    });
}

#[test]
fn a_client_that_never_reads_slows_no_call_and_is_sent_away() {
    let watched = Watched::new();
    let plugin = watched.samples();
    let counter = counter(&plugin);
    let mut deaf = connected(&watched);
    deaf.write_all(b"{\"do\":\"trace\"}\n").unwrap();
    let mut snapshots = watched.watch();
    until(&mut snapshots, "both are there", |it| it.host.watchers == 2);
    let began = Instant::now();
    let mut slowest = Duration::ZERO;
    for _ in 0..50_000 {
        let began = Instant::now();
        counter.call::<i64>("add", (1,)).unwrap();
        slowest = slowest.max(began.elapsed());
    }
    // Its socket was full after a few thousand, and waiting for it would have taken seconds, for which it has patience.
    assert!(
        slowest < Duration::from_secs(2),
        "{slowest:?} of {:?}",
        began.elapsed()
    );
    until(&mut snapshots, "it is sent away", |it| {
        it.host.watchers == 1
    });
    let mut told = Vec::new();
    deaf.read_to_end(&mut told).unwrap();
    assert!(told.len() > 1000, "what fitted in its socket");
}

#[test]
fn a_client_that_says_nothing_is_sent_away() {
    let watched = Watched::new();
    let told = rest(connected(&watched));
    assert!(
        told[1]["error"]
            .as_str()
            .unwrap()
            .starts_with("nothing was asked for within 5s")
    );
}

#[test]
fn no_more_than_sixteen_are_let_in_and_those_who_leave_make_room() {
    let watched = Watched::new();
    let all: Vec<_> = (0..16).map(|_| watched.watch()).collect();
    refused(
        Running::at(watched.path()),
        Kind::Load,
        &["16 are connected already"],
    );
    drop(all);
    let began = Instant::now();
    while Running::at(watched.path()).is_err() {
        assert!(began.elapsed() < LONG);
        thread::sleep(Duration::from_millis(10));
    }
}
