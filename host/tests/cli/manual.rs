//! Completions and manual pages.

use super::{locum, scratch};

#[test]
fn every_shell_has_completions_that_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = locum(&["completions", shell]).fine();
        for word in ["eval", "repl", "inspect", "allow-dir"] {
            assert!(script.contains(word), "{word} is missing for {shell}");
        }
    }
}

#[cfg(unix)]
#[test]
fn what_bash_is_given_is_a_script_that_bash_reads() {
    let mut shell = super::command("bash");
    shell.args(["-n", "/dev/stdin"]);
    super::run(shell, &locum(&["completions", "bash"]).fine()).fine();
}

#[test]
fn each_command_has_a_page() {
    let directory = scratch().join("man");
    let _ = std::fs::remove_dir_all(&directory);
    let ran = locum(&["man", "--directory", directory.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for command in [
        "locum",
        "locum-eval",
        "locum-repl",
        "locum-run",
        "locum-map",
        "locum-bench",
    ] {
        let page = std::fs::read_to_string(directory.join(format!("{command}.1"))).unwrap();
        assert!(
            page.contains(".SH NAME") && page.contains(".SH OPTIONS"),
            "{page}"
        );
    }
    let page = locum(&["man", "eval"]).fine();
    assert!(
        page.contains("locum\\-eval") && page.contains("allow\\-dir"),
        "{page}"
    );
    let error = locum(&["man", "evil"]).failed(2);
    assert!(
        error.contains("there is no command `evil`; there are "),
        "{error}"
    );
}
