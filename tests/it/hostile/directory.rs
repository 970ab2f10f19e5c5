//! What a plugin could try with a directory that it was handed: T21.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use locum::fs::{Access, Directory, EntryKind, Metadata};
use locum::{Bytes, DynArgs, Proxy, Result, Value};
use locum_tests::says;
use tempfile::TempDir;

use super::arena::{Arena, attack_in_time};

/// What lies beside the directory, and must stay as it is.
const SECRET: &str = "the secret";

/// A directory, beside which there is something that it must not lead to.
struct House {
    root: TempDir,
}

impl House {
    /// `out.txt`, and beside it `data` with `in.txt`.
    fn new() -> House {
        let root = TempDir::new().unwrap();
        fs::write(root.path().join("out.txt"), SECRET).unwrap();
        fs::create_dir(root.path().join("data")).unwrap();
        fs::write(root.path().join("data/in.txt"), "in").unwrap();
        House { root }
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.root.path().join("data").join(path)
    }

    fn lend(&self, arena: &Arena, access: Access) -> Proxy {
        lend(arena, Directory::open(self.path(""), access).unwrap())
    }

    /// Nothing outside was made, changed or removed.
    fn outside_is_as_it_was(&self) {
        let outside: Vec<_> = fs::read_dir(self.root.path()).unwrap().collect();
        assert_eq!(outside.len(), 2);
        let secret = fs::read_to_string(self.root.path().join("out.txt"));
        assert_eq!(secret.unwrap(), SECRET);
    }
}

fn lend(arena: &Arena, directory: Directory) -> Proxy {
    let deputy: Proxy = arena.module("deputy").call("Deputy", ()).unwrap();
    deputy.call::<()>("keep", (directory,)).unwrap();
    deputy
}

fn act(deputy: &Proxy, words: &[&str]) -> Result<Value> {
    let positional = words.iter().map(|word| Value::from(*word)).collect();
    deputy.call(
        "act",
        DynArgs {
            positional,
            ..DynArgs::default()
        },
    )
}

#[track_caller]
fn fails(deputy: &Proxy, words: &[&str], type_name: &str) -> locum::Error {
    let error = act(deputy, words).expect_err(words[0]);
    assert_eq!(error.type_name(), type_name, "{words:?}: {error:?}");
    error
}

/// Everything that goes along a path.
fn uses(path: &str) -> Vec<Vec<&str>> {
    let mut uses: Vec<Vec<&str>> = [
        "read",
        "read_text",
        "list",
        "entries",
        "exists",
        "metadata",
        "subdir",
        "open",
    ]
    .map(|method| vec![method, path])
    .to_vec();
    for mode in ["r+", "w", "a", "x"] {
        uses.push(vec!["open", path, mode]);
    }
    uses.extend([
        vec!["write", path, "x"],
        vec!["append", path, "x"],
        vec!["create_dir", path],
        vec!["remove_file", path],
        vec!["remove_dir", path],
        vec!["rename", path, "stolen"],
        vec!["rename", "in.txt", path],
    ]);
    uses
}

#[test]
fn t21_no_path_leads_out_of_a_directory() {
    attack_in_time(|arena| {
        let house = House::new();
        let outside = house.root.path().join("out.txt");
        let data = house.lend(arena, Access::ReadWrite);
        let paths = [
            "../out.txt",
            "./../out.txt",
            "in.txt/../../out.txt",
            "..//out.txt",
            "../data/../out.txt",
            "../data/in.txt",
            "/etc/passwd",
            "/",
            "//etc/passwd",
            "/proc/self/environ",
            outside.to_str().unwrap(),
            "..",
            "../new",
            "../new/newer",
        ];
        for path in paths {
            for words in uses(path) {
                let error = match act(&data, &words) {
                    // Not along `in.txt/..`.
                    Ok(Value::Bool(false)) if words[0] == "exists" => continue,
                    other => other.expect_err(path),
                };
                let name = error.type_name();
                // A name that is missing may be told before that it leads out.
                assert!(
                    [
                        "PermissionError",
                        "NotADirectoryError",
                        "FileNotFoundError",
                        "OSError"
                    ]
                    .contains(&name),
                    "{words:?}: {error:?}"
                );
            }
            assert_eq!(fs::read_to_string(house.path("in.txt")).unwrap(), "in");
            house.outside_is_as_it_was();
        }
        says(
            &fails(&data, &["read", "../out.txt"], "PermissionError"),
            &["`../out.txt` leads out of"],
        );
        says(
            &fails(&data, &["read", "/etc/passwd"], "PermissionError"),
            &["`/etc/passwd` leads out of"],
        );
        arena.goes_on();
    });
}

#[test]
fn t21_no_symbolic_link_leads_out_of_a_directory() {
    attack_in_time(|arena| {
        let house = House::new();
        let outside = house.root.path().join("out.txt");
        symlink("../out.txt", house.path("up")).unwrap();
        symlink(&outside, house.path("absolute")).unwrap();
        symlink("..", house.path("parent")).unwrap();
        symlink("/", house.path("root")).unwrap();
        symlink("/proc/self", house.path("proc")).unwrap();
        symlink("parent", house.path("chain")).unwrap();
        symlink("../made", house.path("dangling")).unwrap();
        let data = house.lend(arena, Access::ReadWrite);
        let paths = [
            "up",
            "absolute",
            "parent/out.txt",
            "chain/out.txt",
            "root/etc/passwd",
            "proc/environ",
            "proc/root/etc/passwd",
            "dangling",
        ];
        for path in paths {
            for words in [
                vec!["read", path],
                vec!["open", path, "r+"],
                vec!["open", path, "w"],
                vec!["open", path, "a"],
                vec!["write", path, "x"],
                vec!["append", path, "x"],
                vec!["metadata", path],
                vec!["exists", path],
                vec!["list", path],
                vec!["subdir", path],
            ] {
                fails(&data, &words, "PermissionError");
            }
            house.outside_is_as_it_was();
        }
        for path in ["parent", "chain", "root", "proc"] {
            fails(&data, &["subdir", path], "PermissionError");
            fails(&data, &["list", path], "PermissionError");
        }
        // The link itself is in the directory, and may go.
        act(&data, &["rename", "up", "renamed"]).unwrap();
        act(&data, &["remove_file", "renamed"]).unwrap();
        house.outside_is_as_it_was();
        // One that stays inside is followed.
        symlink("in.txt", house.path("inside")).unwrap();
        assert_eq!(
            act(&data, &["read_text", "inside"]).unwrap(),
            Value::from("in")
        );
        arena.goes_on();
    });
}

#[test]
fn t21_a_loop_of_symbolic_links_is_an_error() {
    attack_in_time(|arena| {
        let house = House::new();
        symlink("b", house.path("a")).unwrap();
        symlink("a", house.path("b")).unwrap();
        symlink(".", house.path("here")).unwrap();
        let data = house.lend(arena, Access::ReadWrite);
        for words in [
            ["read", "a"],
            ["list", "a"],
            ["subdir", "b"],
            ["metadata", "b"],
            ["open", "a"],
        ] {
            says(
                &fails(&data, &words, "OSError"),
                &["in the directory `data`"],
            );
        }
        let deep = "here/".repeat(100) + "in.txt";
        let error = act(&data, &["read", &deep]).unwrap_err();
        assert_eq!(error.type_name(), "OSError", "{error:?}");
        arena.goes_on();
    });
}

#[test]
fn t21_nothing_is_truncated_or_made_in_a_read_only_directory() {
    attack_in_time(|arena| {
        let house = House::new();
        let data = house.lend(arena, Access::ReadOnly);
        for mode in ["w", "w+", "a", "a+", "x", "x+", "r+"] {
            for path in ["in.txt", "new"] {
                let error = fails(&data, &["open", path, mode], "PermissionError");
                says(&error, &["the directory `data` is read-only"]);
            }
        }
        assert_eq!(fs::read_to_string(house.path("in.txt")).unwrap(), "in");
        assert!(!house.path("new").exists());
        arena.goes_on();
    });
}

#[test]
fn t21_fifos_sockets_and_devices_are_not_opened_and_not_waited_for() {
    attack_in_time(|arena| {
        let house = House::new();
        make_fifo(&house.path("fifo"));
        let _listener = UnixListener::bind(house.path("socket")).unwrap();
        symlink("fifo", house.path("link")).unwrap();
        let devices = lend(arena, Directory::open("/dev", Access::ReadWrite).unwrap());
        let data = house.lend(arena, Access::ReadWrite);
        let all = [
            (&data, "fifo"),
            (&data, "link"),
            (&data, "socket"),
            (&devices, "null"),
            (&devices, "zero"),
        ];
        for (hand, path) in all {
            for words in [
                vec!["read", path],
                vec!["read_text", path],
                vec!["open", path, "r"],
                vec!["open", path, "r+"],
                vec!["open", path, "w"],
                vec!["open", path, "a"],
                vec!["write", path, "x"],
                vec!["append", path, "x"],
            ] {
                let error = fails(hand, &words, "OSError");
                says(&error, &["is a FIFO, a device or a socket"]);
            }
            for method in ["list", "subdir"] {
                fails(hand, &[method, path], "NotADirectoryError");
            }
            let known: Metadata = hand.call("act", ("metadata", path)).unwrap();
            assert_eq!((known.kind, known.size), (EntryKind::Other, 0));
        }
        arena.goes_on();
    });
}

/// Somebody else may put a FIFO where a file was, between the look at it and its being opened.
#[test]
fn t21_a_file_that_becomes_a_fifo_meanwhile_is_not_waited_for() {
    attack_in_time(|arena| {
        let house = House::new();
        let data = house.lend(arena, Access::ReadWrite);
        make_fifo(&house.path("fifo"));
        fs::write(house.path("swapped"), "in").unwrap();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // Each of the two is there in turns, under a name that is never missing.
                for n in 0.. {
                    let staged = house.path("staged");
                    if n % 2 == 0 {
                        fs::hard_link(house.path("fifo"), &staged).unwrap();
                    } else {
                        fs::write(&staged, "in").unwrap();
                    }
                    fs::rename(&staged, house.path("swapped")).unwrap();
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                }
            });
            for round in 0..3000 {
                let words: &[&str] = match round % 3 {
                    0 => &["read", "swapped"],
                    1 => &["open", "swapped", "r+"],
                    _ => &["append", "swapped", ""],
                };
                if let Err(error) = act(&data, words) {
                    assert_eq!(error.type_name(), "OSError", "{error:?}");
                }
            }
            stop.store(true, Ordering::Relaxed);
        });
        arena.goes_on();
    });
}

/// In a directory of `/proc` there are links that lead anywhere without naming it.
#[test]
#[cfg(target_os = "linux")]
fn t21_no_link_of_proc_leads_out_of_it() {
    attack_in_time(|arena| {
        let this = lend(
            arena,
            Directory::open("/proc/self", Access::ReadOnly).unwrap(),
        );
        for path in [
            "root/etc/passwd",
            "cwd/Cargo.toml",
            "exe",
            "fd/0",
            "task/../root/etc/passwd",
        ] {
            let error = act(&this, &["read", path]).expect_err(path);
            assert!(
                ["PermissionError", "OSError"].contains(&error.type_name()),
                "{path}: {error:?}"
            );
        }
        let name: Bytes = this.call("act", ("read", "comm")).unwrap();
        assert!(!name.is_empty());
        arena.goes_on();
    });
}

fn make_fifo(path: &std::path::Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}
