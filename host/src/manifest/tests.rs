use super::*;

const ALL: &str = r#"
name = "report"
[asks]
dirs = { data = "ro", out = "rw" }
files = { "etc/settings.toml" = "ro" }
env = ["LANG"]
connect = ["192.0.2.7:443"]
listen = ["127.0.0.1:8080"]
stdin = true
memory = "128 MiB"
deadline = "30s"
"#;

#[track_caller]
fn refused(text: &str, words: &[&str]) {
    let error = Manifest::read(text).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    for words in words {
        assert!(error.message().contains(words), "no {words:?} in {error}");
    }
}

#[test]
fn a_manifest_says_what_is_asked_for() {
    let manifest = Manifest::read(ALL).unwrap();
    assert_eq!(manifest.name.as_deref(), Some("report"));
    let asks = &manifest.asks;
    assert_eq!(asks.dirs["out"], Access::ReadWrite);
    assert_eq!(asks.files["etc/settings.toml"], Access::ReadOnly);
    assert_eq!(asks.memory, Some(128 << 20));
    assert_eq!(asks.deadline, Some(Duration::from_secs(30)));
    assert!(Manifest::read("").unwrap().asks.is_empty());
}

#[test]
fn a_slip_is_refused_with_its_place_and_what_is_known_there() {
    refused(
        "[asks]\ndirectories = { a = \"ro\" }",
        &["line 2", "directories", "dirs"],
    );
    refused("[asks]\ndirs = { a = \"r\" }", &["line 2", "`ro`", "`rw`"]);
    refused(
        "[asks]\nmemory = \"lots\"",
        &["line 2", "\"lots\" is no size", "128 MiB"],
    );
    refused(
        "[asks]\ndeadline = \"soon\"",
        &["\"soon\" is no time", "30s"],
    );
    refused("asks = 3", &["line 1"]);
    refused(&"#".repeat(LARGEST + 1), &["at most 65536 bytes"]);
}

#[test]
fn what_is_asked_for_and_not_granted_names_its_grant() {
    let scratch = tempfile::tempdir().unwrap();
    let here = scratch.path();
    std::fs::write(here.join("s"), "").unwrap();
    let manifest = Manifest::read(ALL).unwrap();
    let missing = manifest.missing(&Grants::new(), &Limits::default());
    for words in [
        "it asks for the directory `data` (ro), which was not granted (Grants::dir, --allow-dir data=PATH:ro)",
        "it asks for the directory `out` (rw)",
        "it asks for the file `etc/settings.toml` (ro), which was not granted (Grants::file, ",
        "it asks for the environment variable `LANG`, which was not granted (Grants::env, --allow-env LANG)",
        "it asks for connections to 192.0.2.7:443, which was not granted (Grants::connect, --allow-net 192.0.2.7:443)",
        "it asks for listening at 127.0.0.1:8080",
        "it asks for standard input",
        "it asks for 128.0 MiB of memory, which was not granted (Limits::memory_bytes, --max-memory '128.0 MiB')",
        "it asks for 30s for a call",
    ] {
        assert!(
            missing.iter().any(|text| text.starts_with(words)),
            "no {words:?} in {missing:#?}"
        );
    }
    assert_eq!(missing.len(), 9);

    let grants = Grants::new()
        .dir("/data", here, Access::ReadWrite)
        .and_then(|grants| grants.dir("out", here, Access::ReadOnly))
        .and_then(|grants| grants.file("etc/settings.toml", here.join("s"), Access::ReadOnly))
        .and_then(|grants| grants.env_value("LANG", "C"))
        .and_then(|grants| grants.connect("192.0.2.7:443"))
        .and_then(|grants| grants.listen("127.0.0.1:8080"))
        .unwrap()
        .stdin(Input::Inherit);
    let limits = Limits {
        memory_bytes: 1 << 30,
        deadline: Duration::MAX,
        ..Limits::default()
    };
    let missing = manifest.missing(&grants, &limits);
    assert_eq!(
        missing.len(),
        1,
        "one may be written to, the other one not: {missing:?}"
    );
    assert!(missing[0].contains("`out` (rw)"));
}

#[test]
fn an_address_is_covered_by_one_that_stands_for_more() {
    let granted = ["*:443", "192.0.2.7:*", "[::1]:80"].map(str::to_owned);
    for asked in ["example.org:443", "192.0.2.7:1", "[::1]:80"] {
        assert!(cover(&granted, asked), "{asked}");
    }
    for asked in ["example.org:80", "192.0.2.8:1", "[::1]:81", "nonsense"] {
        assert!(!cover(&granted, asked), "{asked}");
    }
}

#[test]
fn a_manifest_beside_a_plugin_is_its_own_or_names_it() {
    let scratch = tempfile::tempdir().unwrap();
    let plugin = scratch.path().join("report.wasm");
    let write = |name: &str, text: &str| std::fs::write(scratch.path().join(name), text).unwrap();
    write("report.wasm", "\0asm\x0d\0\x01\0");
    assert_eq!(Manifest::of(&plugin).unwrap(), None);
    write("plugin.toml", "name = \"other\"");
    assert_eq!(Manifest::of(&plugin).unwrap(), None);
    write("plugin.toml", "[asks]\nstdin = true");
    assert!(Manifest::of(&plugin).unwrap().unwrap().asks.stdin);
    write("report.plugin.toml", "[asks]\nenv = [\"X\"]");
    assert_eq!(Manifest::of(&plugin).unwrap().unwrap().asks.env, ["X"]);
    write("report.plugin.toml", "oops");
    let error = Manifest::of(&plugin).unwrap_err();
    assert!(
        error
            .message()
            .contains("report.plugin.toml can not be read"),
        "{error}"
    );
}

/// A component with a module in it, which has that section.
fn component(section: &str) -> Vec<u8> {
    fn sized(id: u8, body: &[u8]) -> Vec<u8> {
        let len = u8::try_from(body.len()).unwrap();
        assert!(len < 0x80);
        [&[id, len], body].concat()
    }
    let name = [&[SECTION.len() as u8], SECTION.as_bytes()].concat();
    let custom = sized(0, &[&name[..], section.as_bytes()].concat());
    let module = [b"\0asm\x01\0\0\0", &custom[..]].concat();
    [b"\0asm\x0d\0\x01\0", &sized(1, &module)[..]].concat()
}

#[test]
fn a_manifest_is_found_wherever_it_is_inside() {
    let found = Manifest::inside(&component("[asks]\nstdin = true")).unwrap();
    assert!(found.unwrap().asks.stdin);
    let error = Manifest::inside(&component("stdin")).unwrap_err();
    assert!(
        error.message().contains("the section `locum:manifest`"),
        "{error}"
    );
    for nothing in [&b""[..], b"\0asm", b"\0asm\x0d\0\x01\0", b"rubbish"] {
        assert_eq!(Manifest::inside(nothing).unwrap(), None);
    }
    let whole = component("[asks]\nstdin = true");
    for len in 0..whole.len() - 1 {
        let _ = Manifest::inside(&whole[..len]);
    }
}
