//! From nothing to a plugin: `locum new`, `locum build` and `locum test`, as a person at a terminal meets them.
#![cfg(embedded)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A directory for one test, empty.
fn scratch(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("new")
        .join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The program, in a directory. What it builds is kept from run to run, apart from what this test was built into.
fn locum(directory: &Path, arguments: &[&str]) -> Output {
    let built = checkout().join("target/scaffold");
    Command::new(env!("CARGO_BIN_EXE_locum"))
        .current_dir(directory)
        .env("XDG_CACHE_HOME", scratch_of_all().join("cache"))
        .env("CARGO_TARGET_DIR", built)
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_BUILD_TARGET")
        .args(arguments)
        .output()
        .unwrap()
}

fn scratch_of_all() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("new")
}

/// The output of a run that went well.
#[track_caller]
fn fine(output: &Output) -> String {
    let err = String::from_utf8_lossy(&output.stderr);
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{out}\n{err}");
    out.into_owned()
}

/// What a run says that ended with this exit code: its last line.
#[track_caller]
fn failed(output: &Output, code: i32) -> String {
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{err}");
    err.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn a_new_plugin_builds_its_tests_pass_and_it_works() {
    let directory = scratch("whole");
    let made = fine(&locum(&directory, &["new", "demo-plugin", "--host"]));
    assert!(made.contains("locum test"), "{made}");
    let demo = directory.join("demo-plugin");

    let out = fine(&locum(&demo, &["test", "--offline"]));
    assert!(out.contains("test result: ok. 3 passed"), "{out}");
    assert!(out.contains("demo-plugin 0.1.0"), "{out}");
    assert!(
        out.contains("module demo_plugin: class Tally, function words"),
        "{out}"
    );

    let built = locum(&demo, &["build", "--offline", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&fine(&built)).unwrap();
    assert_eq!(json["warnings"].as_array().unwrap().len(), 0, "{json}");
    let size = |part: &str| json["sizes"][part].as_u64().unwrap();
    assert!(size("code") > 10_000 && size("names") > 0, "{json}");
    assert_eq!(size("debug"), 0);
    // What is generic in the SDK is most of it; a plugin that does nothing more is not larger than that.
    assert!(size("file") < 2_000_000, "{json}");

    let wasm = json["file"].as_str().unwrap();
    assert!(
        Path::new(wasm).ends_with("target/scaffold/wasm32-wasip2/plugin/demo_plugin.wasm"),
        "{wasm}"
    );
    let script = "t = Tally(words('A rose is a rose.'))";
    let counted = fine(&locum(
        &demo,
        &["eval", wasm, script, "t['rose']", "t.total"],
    ));
    assert_eq!(counted, "2\n5\n");
    assert!(fine(&locum(&demo, &["inspect", wasm])).contains("asks for  nothing"));

    // Smaller still, without the names.
    let stripped = locum(&demo, &["build", "--offline", "--strip", "--json"]);
    let stripped: serde_json::Value = serde_json::from_str(&fine(&stripped)).unwrap();
    assert!(stripped["sizes"]["names"].as_u64() < Some(size("names")));
    assert!(stripped["sizes"]["file"].as_u64() < Some(size("file")));
    // As it was, and where no other build takes its place: the example `scaffold`, the host application, is run on it.
    fine(&locum(&demo, &["build", "--offline"]));
    fs::copy(wasm, checkout().join("target/scaffold/demo_plugin.wasm")).unwrap();

    // A test that fails is no crash, and no error of usage.
    let test = demo.join("tests/demo_plugin.rs");
    let source = fs::read_to_string(&test).unwrap();
    fs::write(&test, source.replace("total\")?, 5)", "total\")?, 6)")).unwrap();
    let told = failed(&locum(&demo, &["test", "--offline"]), 1);
    assert!(told.contains("locum test -- NAME"), "{told}");

    // Nor is a crate that does not build.
    fs::write(demo.join("src/lib.rs"), "fn broken( {").unwrap();
    let told = failed(&locum(&demo, &["build", "--offline"]), 2);
    assert!(
        told.contains("does not build; cargo says why above"),
        "{told}"
    );
    // And one that builds and is no plugin.
    fs::write(demo.join("src/lib.rs"), "").unwrap();
    let told = failed(&locum(&demo, &["build", "--offline"]), 2);
    assert!(told.contains("locum_guest::plugin!"), "{told}");
}

#[test]
fn a_new_plugin_has_the_files_of_a_crate_and_depends_on_a_checkout() {
    let directory = scratch("files");
    let checkout = checkout().to_str().unwrap();
    let words = [
        "new", "counts", "--path", "a/b", "--locum", checkout, "--json",
    ];
    let made: serde_json::Value = serde_json::from_str(&fine(&locum(&directory, &words))).unwrap();
    assert_eq!(made["name"], "counts");
    for file in made["files"].as_array().unwrap() {
        assert!(directory.join("a/b").join(file.as_str().unwrap()).is_file());
    }
    let manifest = fs::read_to_string(directory.join("a/b/Cargo.toml")).unwrap();
    let path = format!("path = \"{checkout}/guest-sdk\"");
    assert!(manifest.contains(&path), "{manifest}");
    assert!(!directory.join("a/b/host").exists());
}

#[test]
fn nothing_is_written_over() {
    let directory = scratch("taken");
    fs::create_dir(directory.join("full")).unwrap();
    fs::write(directory.join("full/Cargo.toml"), "mine").unwrap();
    fs::write(directory.join("file"), "mine").unwrap();
    fs::create_dir(directory.join("empty")).unwrap();
    for taken in ["full", "file"] {
        let told = failed(&locum(&directory, &["new", taken]), 2);
        assert!(told.contains("--path"), "{told}");
    }
    assert_eq!(
        fs::read_to_string(directory.join("full/Cargo.toml")).unwrap(),
        "mine"
    );
    assert_eq!(fs::read_to_string(directory.join("file")).unwrap(), "mine");
    fine(&locum(&directory, &["new", "empty"]));
    let told = failed(&locum(&directory, &["new", "empty"]), 2);
    assert!(told.contains("exists already"), "{told}");
}

#[test]
fn errors_say_what_to_type_next() {
    let directory = scratch("errors");
    let told = failed(&locum(&directory, &["new", "match"]), 2);
    assert!(
        told.contains("keyword") && told.contains("`my-match`"),
        "{told}"
    );
    let told = failed(&locum(&directory, &["new", "x", "--locum", "."]), 2);
    assert!(
        told.contains("no checkout of Locum") && told.contains("--locum ../locum"),
        "{told}"
    );
    assert!(!directory.join("x").exists(), "made before it was checked");

    let told = failed(&locum(&directory, &["build", "nowhere"]), 2);
    assert!(
        told.contains("no Cargo.toml in nowhere") && told.contains("locum new NAME"),
        "{told}"
    );
    fs::write(directory.join("plugin.wasm"), "").unwrap();
    let told = failed(&locum(&directory, &["build", "plugin.wasm"]), 2);
    assert!(told.contains("locum build plugins/counters"), "{told}");

    fs::create_dir(directory.join("src")).unwrap();
    fs::write(directory.join("src/lib.rs"), "").unwrap();
    let manifest = "[workspace]\n[package]\nname = \"native\"\nedition = \"2024\"\n";
    fs::write(directory.join("Cargo.toml"), manifest).unwrap();
    let told = failed(&locum(&directory, &["build"]), 2);
    assert!(
        told.contains("crate-type = [\"cdylib\", \"rlib\"]"),
        "{told}"
    );
    let told = failed(&locum(&directory, &["build", "-p", "other"]), 2);
    assert!(
        told.contains("no package `other`") && told.contains("`native`"),
        "{told}"
    );
    fs::write(directory.join("Cargo.toml"), "[package").unwrap();
    let told = failed(&locum(&directory, &["build"]), 2);
    assert!(told.contains("cargo can not read"), "{told}");
}

#[test]
fn in_a_workspace_a_new_plugin_is_a_member_or_stays_apart() {
    let directory = scratch("workspace");
    fs::write(
        directory.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"plugins/*\"]\n",
    )
    .unwrap();
    let apart = fine(&locum(&directory, &["new", "apart"]));
    assert!(apart.contains("stays out of the workspace"), "{apart}");
    let member = fine(&locum(
        &directory,
        &["new", "inside", "--path", "plugins/inside"],
    ));
    assert!(member.contains("is a member of the workspace"), "{member}");
    let told = failed(
        &locum(&directory, &["new", "x", "--host", "--path", "plugins/x"]),
        2,
    );
    assert!(told.contains("leave out --host"), "{told}");
    for (crate_, root) in [("apart", "apart"), ("plugins/inside", "")] {
        let output = Command::new(env!("CARGO"))
            .current_dir(directory.join(crate_))
            .args(["metadata", "--no-deps", "--format-version=1"])
            .output()
            .unwrap();
        let json: serde_json::Value = serde_json::from_str(&fine(&output)).unwrap();
        let found = Path::new(json["workspace_root"].as_str().unwrap()).canonicalize();
        let expected = directory.join(root).canonicalize();
        assert_eq!(found.unwrap(), expected.unwrap());
    }
}
