//! The screen, drawn into memory, and what keys do to it.

use locum::monitor::Snapshot;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Color;
use serde_json::{Value, json};

use super::draw::{self, Ink};
use super::table;
use super::view::{View, Wish};
use crate::style::Painter;

fn plugin(id: u64, name: &str, calls: u64) -> Value {
    let latency = json!({"count": 10, "p50_ns": 1200, "p90_ns": 2000, "p99_ns": 45_000 * id, "max_ns": 80_000});
    json!({
        "id": id, "name": name, "ended": null, "uptime_ms": 61_000,
        "out": {"calls": calls, "failed": 3, "in_flight": 1, "latency": latency},
        "in": {"calls": 0, "failed": 0, "in_flight": 0, "latency": null},
        "bytes_sent": 2048, "bytes_received": 10, "pending": 7,
        "memory": {"bytes": (16 << 20) * id, "limit": 64 << 20},
        "exports": {"count": 1, "types": {"Callback": 1}},
        "imports": {"count": 12, "types": {"Counter": 10, "\u{1b}[2J": 2}},
        "refusals": [],
    })
}

fn snapshot(first: bool, plugins: &[Value], supervisors: &Value) -> Snapshot {
    let value = json!({
        "host": {"pid": 4711, "program": "server", "version": "0.1.0", "uptime_ms": 3_725_000, "alive": 2, "watchers": 1},
        "interval_ms": if first { Value::Null } else { json!(500.0) },
        "plugins": plugins, "left_out": 0, "supervisors": supervisors,
        "pools": [{"name": "counters", "seats": [{"plugin": 1, "calls": 1, "maps": 0}, {"plugin": 2, "calls": 0, "maps": 0}]}],
    });
    serde_json::from_value(value).unwrap()
}

/// Two plugins, one of them supervised and with a refusal, and one that is dead.
fn two() -> [Snapshot; 2] {
    let plugins = |calls: u64| {
        let mut slow = plugin(2, "images (life 3)", 20);
        slow["refusals"] = json!(["it was not granted the network"]);
        let mut dead = plugin(3, "old", 5);
        dead["ended"] = json!({"ms_ago": 5200, "how": "died", "kind": "trap", "why": "it trapped: unreachable"});
        vec![plugin(1, "counters", calls), slow, dead]
    };
    let supervisors = json!([
        {"name": "images", "state": "running", "life": 3, "restarts": 2, "plugin": 2, "due_ms": null, "why": null},
        {"name": "flaky", "state": "waiting", "life": 9, "restarts": 8, "plugin": null, "due_ms": 3000, "why": "it died"},
    ]);
    [
        snapshot(true, &plugins(1000), &supervisors),
        snapshot(false, &plugins(3500), &supervisors),
    ]
}

fn view() -> View {
    let mut view = View::new();
    view.watch();
    for snapshot in two() {
        view.take(snapshot);
    }
    view
}

fn drawn(view: &View, ink: Ink) -> TestBackend {
    let mut terminal = Terminal::new(TestBackend::new(124, 32)).unwrap();
    terminal.draw(|frame| draw::draw(frame, view, ink)).unwrap();
    terminal.backend().clone()
}

fn lines(view: &View) -> Vec<String> {
    let backend = drawn(view, Ink(true));
    let cells = backend.buffer().content.chunks(124);
    cells
        .map(|line| line.iter().map(|cell| cell.symbol()).collect::<String>())
        .collect()
}

fn press(view: &mut View, keys: &str) {
    for key in keys.chars() {
        let code = match key {
            '\n' => KeyCode::Enter,
            'v' => KeyCode::Down,
            key => KeyCode::Char(key),
        };
        assert_eq!(view.key(code.into()), Wish::Nothing);
    }
}

#[track_caller]
fn line<'l>(lines: &'l [String], words: &str) -> &'l str {
    let found = lines.iter().find(|line| line.contains(words));
    found.unwrap_or_else(|| panic!("no {words:?} in\n{}", lines.join("\n")))
}

#[test]
fn the_table_shows_rates_latencies_memory_objects_and_restarts() {
    let lines = lines(&view());
    line(
        &lines,
        "locum top │ server 4711, up 1:02 h, 2 plugins alive",
    );
    let counters = line(&lines, "counters  ");
    for words in [
        "alive ▶1",
        "5,000",
        "1.20 µs",
        "45.0 µs",
        "16.0 MiB",
        "██░░░░░░",
        " 13 ",
    ] {
        assert!(counters.contains(words), "{words} in {counters}");
    }
    let images = line(&lines, "images (life 3)");
    assert!(
        images.contains("!1") && images.trim_end().ends_with('2'),
        "{images}"
    );
    assert!(line(&lines, "flaky").contains("restart in 3 s"));
    assert!(line(&lines, "old ").contains("died 5 s ago"));
    line(&lines, "pool counters: 1 of 2 busy");
    assert!(lines.last().unwrap().contains("q quit  s sort"));
}

#[test]
fn rows_are_sorted_by_the_column_that_s_chooses_and_r_turns_them_round() {
    let mut view = view();
    let names = |view: &View| -> Vec<String> {
        let names = view.rows.iter().map(|it| it.name.clone());
        names.collect()
    };
    assert_eq!(names(&view)[0], "counters");
    press(&mut view, "ss");
    assert!(line(&lines(&view), "PLUGIN").contains("P99↓"));
    assert_eq!(
        names(&view),
        ["old", "images (life 3)", "counters", "flaky"]
    );
    press(&mut view, "r");
    assert!(line(&lines(&view), "PLUGIN").contains("P99↑"));
    assert_eq!(names(&view)[3], "old");
    press(&mut view, "rssss");
    assert_eq!(
        names(&view),
        ["counters", "flaky", "images (life 3)", "old"]
    );
}

#[test]
fn details_follow_the_row_that_is_selected_and_are_shown_without_what_could_steer_a_terminal() {
    let mut view = view();
    press(&mut view, "\n");
    let text = lines(&view);
    line(&text, "10 Counter");
    line(&text, "2 \\x1b[2J");
    line(&text, "1 Callback");
    line(
        &text,
        "calls into it: 3,500, 1 under way, 3 failed while watched",
    );
    line(
        &text,
        "p50 1.20 µs, p90 2.00 µs, p99 45.0 µs, at most 80.0 µs",
    );
    line(&text, "sent 2.0 KiB, received 10 B, 7 pending");
    line(&text, "p99 over time, up to 45.0 µs");
    press(&mut view, "v");
    let text = lines(&view);
    line(&text, "supervised: running, life 3, 2 restarts");
    line(&text, "it was not granted the network");
    press(&mut view, "v");
    line(&lines(&view), "died 5 s ago: it trapped: unreachable");
    press(&mut view, "v");
    line(&lines(&view), "supervised: waiting, life 9, 8 restarts");
    assert_eq!(view.key(KeyCode::Esc.into()), Wish::Nothing, "closes them");
    assert_eq!(view.key(KeyCode::Esc.into()), Wish::Quit);
}

#[test]
fn what_comes_in_a_pause_is_not_shown() {
    let mut view = view();
    press(&mut view, "p");
    line(&lines(&view), "paused");
    view.take(snapshot(false, &[], &json!([])));
    line(&lines(&view), "counters  ");
    press(&mut view, "p");
    view.take(snapshot(false, &[], &json!([])));
    assert!(view.rows.is_empty() && view.history.is_empty());
}

#[test]
fn help_lies_over_the_table_until_a_key_is_pressed() {
    let mut view = view();
    press(&mut view, "h");
    line(&lines(&view), "sort by the next column");
    press(&mut view, "x");
    assert!(
        !lines(&view)
            .iter()
            .any(|line| line.contains("sort by the next column"))
    );
    let control = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(view.key(control), Wish::Quit);
}

#[test]
fn a_screen_of_any_size_is_drawn() {
    let mut view = view();
    press(&mut view, "\nh");
    for (width, height) in [(1, 1), (5, 3), (20, 8), (300, 100)] {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let drawn = terminal.draw(|frame| draw::draw(frame, &view, Ink(true)));
        drawn.unwrap();
    }
}

#[test]
fn without_colours_none_is_drawn() {
    let mut view = view();
    press(&mut view, "\n");
    let coloured = |ink: Ink| {
        let backend = drawn(&view, ink);
        let cells = backend.buffer().content.iter();
        cells
            .filter(|it| it.fg != Color::Reset || it.bg != Color::Reset)
            .count()
    };
    assert!(coloured(Ink(true)) > 0);
    assert_eq!(coloured(Ink(false)), 0);
}

#[test]
fn a_host_that_has_ended_stays_on_the_screen_and_says_so() {
    let mut view = view();
    view.end("the host has ended".to_owned());
    let lines = lines(&view);
    line(&lines, "the host has ended");
    line(&lines, "counters  ");
}

#[test]
fn one_table_as_text_has_the_same_figures() {
    let [before, now] = two();
    let text = table::text(&before, &now, Painter::new(false));
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert!(lines[0].starts_with("server 4711, up 1:02 h"));
    assert!(lines[1].starts_with("PLUGIN"));
    let words: Vec<&str> = line(&lines, "counters  ").split_whitespace().collect();
    let expected = "counters alive 5,000 1.20 µs 45.0 µs 16.0 MiB 64.0 MiB 13 - 0";
    assert_eq!(words.join(" "), expected);
    line(&lines, "flaky            restart in 3 s");
}
