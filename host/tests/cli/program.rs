//! Running the program.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// What a run of the program came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The output of a run that went well.
    #[track_caller]
    pub(crate) fn fine(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    /// The error text of a run that ended with this exit code.
    #[track_caller]
    pub(crate) fn failed(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self.err
    }
}

pub(crate) fn scratch() -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cli");
    fs::create_dir_all(&directory).unwrap();
    directory
}

pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env("XDG_CACHE_HOME", scratch().join("cache"))
        .env_remove("NO_COLOR");
    command
}

pub(crate) fn run(mut command: Command, input: &str) -> Ran {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) fn locum(arguments: &[&str]) -> Ran {
    let mut command = command(env!("CARGO_BIN_EXE_locum"));
    command.args(arguments);
    run(command, "")
}

/// A file with this content.
pub(crate) fn file(name: &str, content: &[u8]) -> String {
    let path = scratch().join(name);
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The built-in plugin as a file, under another name.
pub(crate) fn boxes() -> String {
    static PATH: LazyLock<String> = LazyLock::new(|| {
        let path = scratch().join("boxes.wasm");
        // Anew in each run, since the plugin may have been built anew; renamed when whole.
        let draft = scratch().join(format!("boxes-{}", std::process::id()));
        fs::copy(concat!(env!("OUT_DIR"), "/collections.wasm"), &draft).unwrap();
        fs::rename(draft, &path).unwrap();
        path.to_str().unwrap().to_owned()
    });
    PATH.clone()
}

/// A plugin that tries what it may not.
pub(crate) fn hostile() -> String {
    static PATH: LazyLock<String> = LazyLock::new(|| {
        let wasm = include_bytes!(concat!(env!("OUT_DIR"), "/hostile.wasm"));
        file("hostile.wasm", wasm)
    });
    PATH.clone()
}
