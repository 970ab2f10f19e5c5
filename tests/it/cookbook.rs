//! What pages show at a terminal is what a terminal shows. Their Rust is run by rustdoc (`src/lib.rs`).

use std::env;
use std::path::PathBuf;
use std::process::Command;

use locum_tests::cookbook;

const PAGES: [(&str, &str); 5] = [
    ("the cookbook", include_str!("../../host/docs/cookbook.md")),
    ("images", include_str!("../../plugins/images/README.md")),
    (
        "documents",
        include_str!("../../plugins/documents/README.md"),
    ),
    ("plot", include_str!("../../plugins/plot/README.md")),
    ("tables", include_str!("../../plugins/tables/README.md")),
];

/// What is left out of an output.
const GAP: &str = "...";

/// A command and what it prints, as a page has it.
struct Shown {
    command: String,
    output: String,
}

/// The blocks of a page in that language.
fn blocks<'p>(page: &'p str, language: &str) -> Vec<&'p str> {
    let fence = format!("```{language}\n");
    let blocks = page.split(fence.as_str()).skip(1);
    blocks
        .filter_map(|rest| rest.split("\n```").next())
        .collect()
}

fn shown(block: &str) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    // A command may go on in the next line.
    for line in block.replace("\\\n", "").lines() {
        match (line.strip_prefix("$ "), all.last_mut()) {
            (Some(command), _) => all.push(Shown {
                command: command.to_owned(),
                output: String::new(),
            }),
            (None, Some(last)) => last.output += &format!("{line}\n"),
            (None, None) => panic!("a block begins without a command: {block}"),
        }
    }
    all
}

/// Whether an output is what was shown of it.
fn fits(output: &str, shown: &str) -> bool {
    let mut parts = shown.split(GAP);
    let Some(first) = parts.next() else {
        return output.is_empty();
    };
    let Some(mut rest) = output.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in between {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last.trim_start_matches('\n')) || last.trim().is_empty()
}

/// The directory of the program, which is built before this test is.
fn program() -> PathBuf {
    let test = env::current_exe().unwrap();
    let directory = test.parent().and_then(|it| it.parent()).unwrap().to_owned();
    let is_there = directory.join("locum").exists() || directory.join("locum.exe").exists();
    assert!(
        is_there,
        "`locum` is not built; run `cargo build --release`"
    );
    directory
}

#[cfg(unix)]
#[test]
fn what_a_page_shows_at_a_terminal_is_what_it_prints() {
    let mut path = vec![program()];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap()));
    let path = env::join_paths(path).unwrap();
    let mut commands = 0;
    for (name, page) in PAGES {
        let kitchen = cookbook::kitchen().unwrap();
        for script in blocks(page, "python") {
            std::fs::write(kitchen.path().join("report.txt"), script).unwrap();
        }
        for Shown { command, output } in blocks(page, "console").into_iter().flat_map(shown) {
            // As a terminal has it: both streams, in the order in which they come.
            let ran = Command::new("sh")
                .args(["-c", &format!("exec 2>&1; {command}")])
                .current_dir(kitchen.path())
                .env("PATH", &path)
                .env("COLUMNS", "100")
                .env_remove("RUST_LOG")
                .output()
                .unwrap();
            let printed = String::from_utf8(ran.stdout).unwrap();
            let fine = ran.status.success() || output.contains("error: ");
            assert!(fine, "in {name}: {command}\n{printed}");
            // A command without an output is shown for what it does.
            let as_shown = output.is_empty() || fits(&printed, &output);
            assert!(
                as_shown,
                "in {name}: {command}\nprinted:\n{printed}\nshown:\n{output}"
            );
            commands += 1;
        }
    }
    assert!(commands > 15, "{commands} commands were found");
}

#[test]
fn an_output_fits_when_only_what_is_left_out_differs() {
    for (output, shown, expected) in [
        ("a\nb\n", "a\nb\n", true),
        ("a\nb\n", "a\n", false),
        ("a 12 b\n", "a ... b\n", true),
        ("a\nx\ny\n", "a\n...\n", true),
        ("b 12 b\n", "a ... b\n", false),
        ("a 12 c\n", "a ... b\n", false),
    ] {
        assert_eq!(fits(output, shown), expected, "{output:?} {shown:?}");
    }
}
