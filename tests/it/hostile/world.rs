//! Looking for what was not given: T20, T21, T22 and T29.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use locum::{Access, Bytes, Captured, Clocks, Grants, Kind, LoadOptions, Output, Stream};
use locum_tests::{refused, says};

use super::arena::{Arena, DEADLINE, attack, attack_in_time};

fn granting(grants: Grants) -> LoadOptions {
    LoadOptions::new().deadline(DEADLINE).grants(grants)
}

// ---- output ----

#[test]
fn t20_a_flood_of_output_is_passed_on_up_to_its_limit_and_the_rest_is_counted() {
    let captured = Captured::new(1 << 30);
    let mut limits = locum::Limits::default();
    limits.output_bytes = 100_000;
    limits.deadline = Duration::from_secs(60);
    let grants = Grants::new().output(Output::capture(&captured));
    attack(LoadOptions::new().limits(limits).grants(grants), |arena| {
        let before = captured.bytes(Stream::Stdout).len();
        let begun = std::time::Instant::now();
        let shouts = arena.module("shouts");
        shouts.call::<()>("shout", (10_000, 100, false)).unwrap();
        let passed = captured.bytes(Stream::Stdout).len() - before;
        let most = 100_000.0 * (1.0 + begun.elapsed().as_secs_f64());
        assert!(passed as f64 <= most, "{passed} bytes");
        assert!(passed >= 100_000, "{passed} bytes");
        arena.goes_on();
    });
}

#[test]
fn t20_a_plugin_that_writes_for_ever_is_stopped() {
    let grants = Grants::new().output(Output::log());
    attack(granting(grants), |arena| {
        let answer = arena.module("shouts").call::<()>("shout_for_ever", ());
        arena.ends(answer, Kind::Deadline, &["(Limits::deadline)"]);
    });
}

#[test]
fn t20_a_line_of_many_mebibytes_comes_in_pieces_and_takes_no_room() {
    let longest = Arc::new(Mutex::new(0));
    let to = Arc::clone(&longest);
    let grants = Grants::new().output(Output::lines(move |_, line| {
        let mut longest = to.lock().unwrap();
        *longest = line.len().max(*longest);
    }));
    let options = LoadOptions::new().grants(grants);
    attack(options, |arena| {
        let shouts = arena.module("shouts");
        shouts.call::<()>("shout", (1, 8 << 20, false)).unwrap();
        let longest = *longest.lock().unwrap();
        assert!(longest > 1000 && longest <= 8 << 10, "{longest} bytes");
        arena.goes_on();
    });
}

#[test]
fn t20_what_a_plugin_writes_steers_no_terminal() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let to = Arc::clone(&lines);
    let grants = Grants::new().output(Output::lines(move |_, line| {
        to.lock().unwrap().push(line.to_owned());
    }));
    let bytes = b"\x1b[2J\x1b]0;title\x07 \xff\xfe \xe2\x80\xaetxt.exe\x08\n";
    attack(granting(grants), |arena| {
        let shouts = arena.module("shouts");
        for to_stderr in [false, true] {
            shouts
                .call::<()>("shout_bytes", (Bytes::from(bytes.to_vec()), to_stderr))
                .unwrap();
        }
        let lines = std::mem::take(&mut *lines.lock().unwrap());
        assert_eq!(lines.len(), 2);
        for line in lines {
            assert_eq!(
                line,
                "\\x1b[2J\\x1b]0;title\\x07 \u{fffd}\u{fffd} \\u202etxt.exe\\x08"
            );
        }
        arena.goes_on();
    });
}

#[test]
fn t20_the_end_of_its_standard_error_in_an_error_steers_no_terminal_either() {
    attack_in_time(|arena| {
        let bytes = Bytes::from(b"\x1b[31mlast words\n".to_vec());
        arena
            .module("shouts")
            .call::<()>("shout_bytes", (bytes, true))
            .unwrap();
        let answer = arena.module("loops").call::<()>("forever", ());
        let error = answer.unwrap_err();
        let line = "stderr: \\x1b[31mlast words";
        assert!(error.trace().iter().any(|it| it == line), "{error:?}");
    });
}

// ---- files ----

/// A secret, and beside it the directory that is granted, which has links to it.
fn beside_a_secret() -> tempfile::TempDir {
    let above = tempfile::tempdir().unwrap();
    let (secret, data) = (above.path().join("secret.txt"), above.path().join("data"));
    fs::write(&secret, "secret").unwrap();
    fs::create_dir(&data).unwrap();
    fs::write(data.join("a.txt"), "alpha").unwrap();
    std::os::unix::fs::symlink(&secret, data.join("absolute")).unwrap();
    std::os::unix::fs::symlink("../secret.txt", data.join("relative")).unwrap();
    std::os::unix::fs::symlink("..", data.join("up")).unwrap();
    std::os::unix::fs::symlink("loop", data.join("loop")).unwrap();
    std::os::unix::fs::symlink("a.txt", data.join("inside")).unwrap();
    above
}

fn data_of(above: &tempfile::TempDir, access: Access) -> LoadOptions {
    granting(
        Grants::new()
            .dir("data", above.path().join("data"), access)
            .unwrap(),
    )
}

#[test]
fn t21_no_path_leads_out_of_a_directory() {
    let above = beside_a_secret();
    let secret = above.path().join("secret.txt").display().to_string();
    for access in [Access::ReadOnly, Access::ReadWrite] {
        attack(data_of(&above, access), |arena| {
            let world = arena.module("world");
            for path in [
                "data/../secret.txt",
                "data/./../secret.txt",
                "data/up/secret.txt",
                "data/up/data/up/secret.txt",
                "data/absolute",
                "data/relative",
                "data/loop",
                "data//../../../../../../etc/passwd",
                "../secret.txt",
                "secret.txt",
                "/etc/passwd",
                "/proc/self/environ",
                "/proc/self/root/etc/passwd",
                &*secret,
            ] {
                let error = world.call::<String>("read_file", (path,)).unwrap_err();
                assert_eq!(error.kind(), Kind::Raised, "{path}: {error:?}");
                assert!(
                    !error.message().contains("secret") || path.contains("secret"),
                    "{error}"
                );
                for (call, args) in [
                    ("write_file", (path, "x")),
                    ("append_file", (path, "x")),
                    ("rename", ("data/a.txt", path)),
                    ("rename", (path, "data/stolen.txt")),
                    ("hard_link", (path, "data/stolen.txt")),
                ] {
                    let answer = world.call::<()>(call, args);
                    // Making a link to a link inside is no way out: what it leads to is looked at when it is followed.
                    let is_link_itself = path.starts_with("data/")
                        && !path.contains("/..")
                        && !path.contains("/up/");
                    assert!(answer.is_err() || is_link_itself, "{call} {path}");
                }
            }
            arena.goes_on();
        });
        let kept = fs::read_to_string(above.path().join("secret.txt"));
        assert_eq!(kept.unwrap(), "secret");
        // What was renamed inside is put back for the next round.
        let data = above.path().join("data");
        fs::remove_dir_all(&data).unwrap();
        drop(fs::create_dir(&data));
        fs::write(data.join("a.txt"), "alpha").unwrap();
    }
}

#[test]
fn t21_a_link_that_stays_inside_is_followed() {
    let above = beside_a_secret();
    attack(data_of(&above, Access::ReadOnly), |arena| {
        let world = arena.module("world");
        assert_eq!(
            world.call::<String>("read_file", ("data/inside",)).unwrap(),
            "alpha"
        );
    });
}

#[test]
fn t21_a_way_out_is_named_with_what_it_is() {
    let above = beside_a_secret();
    attack(data_of(&above, Access::ReadOnly), |arena| {
        let world = arena.module("world");
        let words = [
            "it was not granted `relative` in `data`, which leads out of it or is no regular file",
            "(Grants::dir, --allow-dir)",
        ];
        refused(
            world.call::<String>("read_file", ("data/relative",)),
            Kind::Raised,
            &words,
        );
        let told = arena.plugin.refusals();
        assert!(told.iter().any(|text| text.contains(words[0])), "{told:?}");
    });
}

#[test]
fn t21_nothing_is_written_through_a_grant_to_read() {
    let above = beside_a_secret();
    attack(data_of(&above, Access::ReadOnly), |arena| {
        let world = arena.module("world");
        let words = ["which is read-only (Grants::dir, --allow-dir NAME=PATH:rw)"];
        for (call, args) in [
            ("write_file", vec!["data/a.txt", "x"]),
            ("write_file", vec!["data/new.txt", "x"]),
            ("append_file", vec!["data/a.txt", "x"]),
            ("truncate_file", vec!["data/a.txt"]),
            ("make_dir", vec!["data/more"]),
            ("remove_file", vec!["data/a.txt"]),
            ("rename", vec!["data/a.txt", "data/b.txt"]),
            ("hard_link", vec!["data/a.txt", "data/b.txt"]),
        ] {
            let args = locum::DynArgs {
                positional: args.into_iter().map(Into::into).collect(),
                ..locum::DynArgs::default()
            };
            refused(world.call::<()>(call, args), Kind::Raised, &words);
        }
        assert_eq!(
            world.call::<String>("read_file", ("data/a.txt",)).unwrap(),
            "alpha"
        );
    });
    assert_eq!(fs::read_dir(above.path().join("data")).unwrap().count(), 6);
}

#[test]
fn t21_a_fifo_or_a_device_is_not_opened() {
    let above = beside_a_secret();
    let data = above.path().join("data");
    let made = std::process::Command::new("mkfifo")
        .arg(data.join("fifo"))
        .status();
    assert!(made.unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", data.join("zero")).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(data.join("socket")).unwrap();
    let options = data_of(&above, Access::ReadWrite).deadline(Duration::from_secs(60));
    attack(options, |arena| {
        let world = arena.module("world");
        for path in ["data/fifo", "data/zero", "data/socket"] {
            // Not by the deadline, which is a minute here.
            assert!(world.call::<String>("read_file", (path,)).is_err());
            assert!(world.call::<()>("write_file", (path, "x")).is_err());
        }
        arena.goes_on();
    });
    drop(socket);
}

#[test]
fn t21_a_granted_device_directory_opens_no_device() {
    let options = granting(Grants::new().dir("dev", "/dev", Access::ReadWrite).unwrap());
    attack(options, |arena| {
        let world = arena.module("world");
        for path in ["dev/zero", "dev/null", "dev/tty", "dev/full"] {
            let error = world.call::<String>("read_file", (path,)).unwrap_err();
            assert_eq!(error.kind(), Kind::Raised, "{error:?}");
        }
        arena.goes_on();
    });
}

// ---- everything else ----

#[test]
fn t22_without_grants_there_is_nothing_and_the_error_says_which_grant_is_missing() {
    attack_in_time(|arena| {
        let world = arena.module("world");
        assert_eq!(
            world
                .call::<Vec<(String, String)>>("environment", ())
                .unwrap(),
            []
        );
        assert_eq!(
            world.call::<Vec<String>>("arguments", ()).unwrap(),
            Vec::<String>::new()
        );
        assert_eq!(world.call::<String>("input", ()).unwrap(), "");
        let file = world.call::<String>("read_file", ("/etc/passwd",));
        let words = ["it was granted no directory with that path in it (Grants::dir, --allow-dir)"];
        refused(file, Kind::Raised, &words);
        for (address, path) in [("127.0.0.1:80", "converse"), ("[::1]:22", "converse")] {
            let words = [&*format!(
                "it was not granted the network address {address} (Grants::connect, --allow-net {address})"
            )];
            refused(
                world.call::<String>(path, (address, "x")),
                Kind::Raised,
                &words,
            );
        }
        let words = [
            "it was not granted listening at 127.0.0.1:0 (Grants::listen, --allow-listen 127.0.0.1:0)",
        ];
        refused(
            world.call::<u16>("listen", ("127.0.0.1:0",)),
            Kind::Raised,
            &words,
        );
        let words = ["it was not granted the network address 127.0.0.1:53"];
        let sent = world.call::<usize>("send_datagram", ("127.0.0.1:53", "x"));
        refused(sent, Kind::Raised, &words);
        let words = ["it was not granted the network name `localhost`"];
        refused(
            world.call::<Vec<String>>("look_up", ("localhost",)),
            Kind::Raised,
            &words,
        );
        assert_eq!(
            arena.plugin.refusals().len(),
            5,
            "{:?}",
            arena.plugin.refusals()
        );
        arena.goes_on();
    });
}

#[test]
fn t22_an_address_that_was_granted_leads_to_no_other() {
    let grants = Grants::new().connect("127.0.0.1:9").unwrap();
    attack(granting(grants), |arena| {
        let world = arena.module("world");
        for address in ["127.0.0.1:10", "127.0.0.2:9", "[::1]:9"] {
            let error = world
                .call::<String>("converse", (address, "x"))
                .unwrap_err();
            says(&error, &["it was not granted the network address"]);
        }
    });
}

#[test]
fn t22_what_was_refused_in_one_call_does_not_explain_the_next() {
    attack_in_time(|arena| {
        let world = arena.module("world");
        let _ = world.call::<String>("converse", ("127.0.0.1:80", "x"));
        let error = world.call::<String>("no_such_thing", ()).unwrap_err();
        assert!(!error.message().contains("granted"), "{error}");
    });
}

#[test]
fn t29_a_plugin_sees_the_clock_that_its_host_has_set() {
    let at = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(86_400);
    for (clocks, most) in [
        (Clocks::Frozen(at), 0),
        (Clocks::Coarse(Duration::from_secs(1)), 1_000_000_000),
    ] {
        attack(granting(Grants::new().clocks(clocks)), |arena: &Arena| {
            let world = arena.module("world");
            let (_, since): (u64, u64) = world.call("clocks", ()).unwrap();
            assert!(since == 0 || since == most, "{since}");
            // Whoever sleeps does so for as long as it takes, whatever the clock says.
            let begun = std::time::Instant::now();
            arena.module("sleeps").call::<()>("sleep", (20,)).unwrap();
            assert!(begun.elapsed() >= Duration::from_millis(20));
        });
    }
}
