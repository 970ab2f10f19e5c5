//! `locum doc`, as a person at a terminal meets it.
#![cfg(embedded)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn scratch() -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("doc");
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// What `locum doc` prints with these arguments, and how it ends.
fn doc(arguments: &[&str]) -> (String, String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_locum"))
        .env("XDG_CACHE_HOME", scratch().join("cache"))
        .arg("doc")
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        text(output.stdout),
        text(output.stderr),
        output.status.code().unwrap(),
    )
}

#[track_caller]
fn fine(arguments: &[&str]) -> String {
    let (out, err, code) = doc(arguments);
    assert_eq!((code, err.as_str()), (0, ""));
    out
}

#[test]
fn the_terminal_shows_each_member_with_its_text_and_no_line_is_too_long() {
    let out = fine(&[]);
    assert!(out.starts_with("collections "), "{out}");
    for line in [
        "\nmodule collections\n",
        "\n  class list(",
        "\n    Methods\n",
    ] {
        assert!(out.contains(line), "{line:?} in {out}");
    }
    assert!(
        !out.contains('\x1b'),
        "colours although this is no terminal"
    );
    assert!(!out.contains('`'), "Markdown that was not read");
    let is_text = |line: &&str| !line.contains('(');
    let longest = out
        .lines()
        .filter(is_text)
        .map(|line| line.chars().count())
        .max();
    assert!(longest <= Some(100), "{longest:?}");
}

#[test]
fn a_page_has_a_place_for_each_link_in_it_and_nothing_that_runs() {
    let file = scratch().join("collections.html");
    assert_eq!(fine(&["-o", file.to_str().unwrap()]), "");
    let page = fs::read_to_string(&file).unwrap();
    assert_eq!(page, fine(&["--html"]));
    assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
    let links: Vec<&str> = page
        .split("href=\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(links.len() > 100, "{}", links.len());
    for link in links {
        let places = page.matches(&format!("id=\"{link}\"")).count();
        assert_eq!(places, 1, "{link}");
    }
    for never in ["<script", "<img", "<iframe", "src=", "url("] {
        assert!(!page.contains(never), "{never}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn markdown_has_the_same_outline() {
    let out = fine(&["--markdown"]);
    let headings: Vec<&str> = out.lines().filter(|line| line.starts_with('#')).collect();
    assert_eq!(headings[1], "## module `collections`");
    assert!(headings.contains(&"#### Methods"), "{headings:?}");
    assert!(out.contains("\n- `append("), "{out}");
}

#[test]
fn json_is_what_the_plugin_tells() {
    let json: serde_json::Value = serde_json::from_str(&fine(&["--json"])).unwrap();
    assert_eq!(json["modules"][0]["name"], "collections");
}

#[test]
fn errors_say_what_to_do() {
    let (_, err, code) = doc(&["nowhere.wasm"]);
    assert_eq!(code, 2);
    assert!(err.contains("nowhere.wasm"), "{err}");
    let (_, err, code) = doc(&["-o", "/nowhere/at/all.html"]);
    assert_eq!(code, 2);
    assert!(err.contains("directory that exists"), "{err}");
    let (_, err, code) = doc(&["--html", "--markdown"]);
    assert_eq!(code, 2);
    assert!(err.contains("cannot be used with"), "{err}");
}
