//! What a plugin is given, it finds; and nothing beside it.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use locum::{
    Access, Captured, Clocks, Grants, Input, Kind, LoadOptions, Output, Plugin, Proxy, Random,
    Stream,
};
use locum_tests::{HOSTILE, host, refused};

/// A plugin that was given this, and the module that looks around in it.
fn given(grants: Grants) -> (Plugin, Proxy) {
    let options = LoadOptions::new().grants(grants);
    let plugin = host().load_with(HOSTILE.path(), options).unwrap();
    let world = plugin.import("hostile.world").unwrap();
    (plugin, world)
}

/// A directory with `a.txt` in it, and `sub/b.txt`.
fn scratch() -> tempfile::TempDir {
    let scratch = tempfile::tempdir().unwrap();
    fs::write(scratch.path().join("a.txt"), "alpha").unwrap();
    fs::create_dir(scratch.path().join("sub")).unwrap();
    fs::write(scratch.path().join("sub/b.txt"), "beta").unwrap();
    scratch
}

fn in_scratch(name: &str, access: Access) -> (tempfile::TempDir, Grants) {
    let scratch = scratch();
    let grants = Grants::new().dir(name, scratch.path(), access).unwrap();
    (scratch, grants)
}

#[test]
fn a_directory_is_found_under_its_name_however_the_plugin_writes_it() {
    for (name, paths) in [
        ("data", ["data/a.txt", "/data/a.txt", "./data/a.txt"]),
        (
            "/data",
            ["data/a.txt", "/data/a.txt", "data/./sub/../a.txt"],
        ),
        ("/", ["a.txt", "/a.txt", "./a.txt"]),
    ] {
        let (_scratch, grants) = in_scratch(name, Access::ReadOnly);
        let (_plugin, world) = given(grants);
        for path in paths {
            let read = world.call::<String>("read_file", (path,));
            assert_eq!(read.unwrap(), "alpha", "{path} in {name}");
        }
    }
}

#[test]
fn a_directory_to_write_in_takes_files_and_directories() {
    let (scratch, grants) = in_scratch("data", Access::ReadWrite);
    let (plugin, world) = given(grants);
    world
        .call::<()>("write_file", ("data/new.txt", "gamma"))
        .unwrap();
    world
        .call::<()>("append_file", ("data/new.txt", "!"))
        .unwrap();
    world.call::<()>("make_dir", ("data/more",)).unwrap();
    world
        .call::<()>("rename", ("data/new.txt", "data/more/c.txt"))
        .unwrap();
    let here = scratch.path();
    assert_eq!(
        fs::read_to_string(here.join("more/c.txt")).unwrap(),
        "gamma!"
    );
    world
        .call::<()>("hard_link", ("data/a.txt", "data/z.txt"))
        .unwrap();
    world.call::<()>("remove_file", ("data/a.txt",)).unwrap();
    let names: Vec<String> = world.call("list_dir", ("data",)).unwrap();
    assert_eq!(names, ["more", "sub", "z.txt"]);
    assert_eq!(world.call::<u64>("size_of", ("data/z.txt",)).unwrap(), 5);
    world.call::<()>("truncate_file", ("data/z.txt",)).unwrap();
    assert_eq!(world.call::<u64>("size_of", ("data/z.txt",)).unwrap(), 0);
    assert_eq!(plugin.refusals(), Vec::<String>::new());
    plugin.close().unwrap();
}

#[test]
fn a_directory_is_the_one_that_was_there_when_it_was_granted() {
    let above = tempfile::tempdir().unwrap();
    let (first, second) = (above.path().join("data"), above.path().join("other"));
    for (path, text) in [(&first, "first"), (&second, "second")] {
        fs::create_dir(path).unwrap();
        fs::write(path.join("a.txt"), text).unwrap();
    }
    let grants = Grants::new().dir("data", &first, Access::ReadOnly).unwrap();
    fs::rename(&first, above.path().join("moved")).unwrap();
    fs::rename(&second, &first).unwrap();
    let (_plugin, world) = given(grants);
    let read: String = world.call("read_file", ("data/a.txt",)).unwrap();
    assert_eq!(read, "first");
}

#[test]
fn a_single_file_is_found_and_nothing_beside_it() {
    let scratch = scratch();
    let grants = Grants::new()
        .file(
            "etc/app.txt",
            scratch.path().join("a.txt"),
            Access::ReadOnly,
        )
        .and_then(|it| {
            it.file(
                "etc/out.txt",
                scratch.path().join("out.txt"),
                Access::ReadWrite,
            )
        })
        .unwrap();
    let (plugin, world) = given(grants);
    let read = |path: &str| world.call::<String>("read_file", (path,));
    assert_eq!(read("etc/app.txt").unwrap(), "alpha");
    assert_eq!(
        read("/etc/app.txt").unwrap(),
        "alpha",
        "again, from its start"
    );
    assert_eq!(world.call::<u64>("size_of", ("etc/app.txt",)).unwrap(), 5);
    world
        .call::<()>("write_file", ("etc/out.txt", "one"))
        .unwrap();
    world
        .call::<()>("append_file", ("etc/out.txt", "two"))
        .unwrap();
    assert_eq!(read("etc/out.txt").unwrap(), "onetwo");
    world
        .call::<()>("write_file", ("etc/out.txt", "3"))
        .unwrap();
    assert_eq!(
        fs::read_to_string(scratch.path().join("out.txt")).unwrap(),
        "3"
    );

    for beside in [
        "etc/a.txt",
        "etc/sub/b.txt",
        "etc/../etc/a.txt",
        "etc/./app.txt/x",
    ] {
        assert!(read(beside).is_err(), "{beside}");
    }
    let words = [
        "it was not granted writing to `etc/app.txt`, which is read-only (Grants::file, --allow-file NAME=PATH:rw)",
    ];
    let write = world.call::<()>("write_file", ("etc/app.txt", "x"));
    refused(write, Kind::Raised, &words);
    refused(
        world.call::<()>("truncate_file", ("etc/app.txt",)),
        Kind::Raised,
        &words,
    );
    let words = ["it was not granted `new.txt` in `etc` (Grants::file, --allow-file)"];
    refused(
        world.call::<()>("write_file", ("etc/new.txt", "x")),
        Kind::Raised,
        &words,
    );
    for (call, args) in [
        ("list_dir", vec!["etc"]),
        ("make_dir", vec!["etc/more"]),
        ("remove_file", vec!["etc/out.txt"]),
        ("rename", vec!["etc/out.txt", "etc/app.txt"]),
        ("hard_link", vec!["etc/out.txt", "etc/new.txt"]),
    ] {
        let args = locum::DynArgs {
            positional: args.into_iter().map(Into::into).collect(),
            ..locum::DynArgs::default()
        };
        assert!(world.call::<()>(call, args).is_err(), "{call}");
    }
    assert_eq!(
        fs::read_to_string(scratch.path().join("a.txt")).unwrap(),
        "alpha"
    );
    assert!(scratch.path().join("out.txt").exists());
    plugin.close().unwrap();
}

#[test]
fn the_environment_has_what_was_granted_and_nothing_else() {
    let grants = Grants::new()
        .env_value("GREETING", "hello")
        .and_then(|it| it.env("PATH"))
        .and_then(|it| it.env("LOCUM_TEST_IS_NOT_SET"))
        .unwrap();
    let (_plugin, world) = given(grants);
    let seen: Vec<(String, String)> = world.call("environment", ()).unwrap();
    let path = std::env::var("PATH").unwrap();
    let expected = [("GREETING", "hello"), ("PATH", &*path)];
    assert_eq!(
        seen,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    for name in ["", "A=B", "A\0"] {
        refused(
            Grants::new().env_value(name, "x"),
            Kind::ValueError,
            &["an environment"],
        );
    }
}

#[test]
fn what_is_shown_of_grants_holds_no_secrets() {
    let grants = Grants::new()
        .env_value("TOKEN", "hunter2")
        .unwrap()
        .stdin(Input::Bytes(b"hunter2".to_vec()));
    let shown = format!("{grants:?}");
    assert!(
        shown.contains("TOKEN") && !shown.contains("hunter2"),
        "{shown}"
    );
}

#[test]
fn arguments_and_standard_input_are_those_that_were_granted() {
    let grants = Grants::new()
        .arg("report")
        .arg("--fast")
        .stdin(Input::Bytes(b"one\ntwo".to_vec()));
    let (_plugin, world) = given(grants);
    let seen: Vec<String> = world.call("arguments", ()).unwrap();
    assert_eq!(seen, ["report", "--fast"]);
    assert_eq!(world.call::<String>("input", ()).unwrap(), "one\ntwo");
    assert_eq!(world.call::<String>("input", ()).unwrap(), "");
}

#[test]
fn output_goes_where_it_was_granted_to_go() {
    let captured = Captured::new(1 << 10);
    let lines = Arc::new(Mutex::new(Vec::new()));
    let to = Arc::clone(&lines);
    let grants = Grants::new()
        .stdout(Output::capture(&captured))
        .stderr(Output::lines(move |_, line| {
            to.lock().unwrap().push(line.to_owned())
        }));
    let (plugin, _) = given(grants);
    let shouts = plugin.import("hostile.shouts").unwrap();
    shouts.call::<()>("shout", (2, 3, false)).unwrap();
    shouts
        .call::<()>("shout_bytes", (locum::Bytes::from(b"a\nb".to_vec()), true))
        .unwrap();
    assert_eq!(captured.text(Stream::Stdout), "AAA\nAAA\n");
    assert_eq!(captured.text(Stream::Stderr), "");
    assert_eq!(*lines.lock().unwrap(), ["a"]);
    plugin.close().unwrap();
    assert_eq!(
        *lines.lock().unwrap(),
        ["a", "b"],
        "the rest comes at its end"
    );
}

#[test]
fn clocks_and_random_numbers_are_those_that_were_granted() {
    let look = |grants: Grants| {
        let (_plugin, world) = given(grants);
        let clocks: (u64, u64) = world.call("clocks", ()).unwrap();
        (clocks, world.call::<Vec<u64>>("random", ()).unwrap())
    };
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_234_567_890);
    let frozen = || {
        Grants::new()
            .clocks(Clocks::Frozen(at))
            .random(Random::Seeded(7))
    };
    let ((today, since), random) = look(frozen());
    assert_eq!((today, since), (1_234_567_890_000_000_000, 0));
    assert_eq!(look(frozen()).1, random, "the same seed, the same numbers");
    assert_ne!(look(frozen().random(Random::Seeded(8))).1, random);

    let ((today, since), random) = look(Grants::new());
    assert!(today > 1_700_000_000_000_000_000 && since > 0);
    assert_ne!(look(Grants::new()).1, random);
    let coarse = Clocks::Coarse(Duration::from_secs(60));
    let ((today, since), _) = look(Grants::new().clocks(coarse));
    assert_eq!((today % 60_000_000_000, since), (0, 0));
}

/// Answers one connection by saying what it has heard.
fn parrot() -> (String, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = String::new();
        stream.read_to_string(&mut heard).unwrap();
        stream
            .write_all(format!("you said {heard}").as_bytes())
            .unwrap();
    });
    (address, thread)
}

#[test]
fn a_plugin_connects_to_what_was_granted() {
    let (address, parrot) = parrot();
    let (plugin, world) = given(Grants::new().connect(&address).unwrap());
    let answer: String = world.call("converse", (&address, "hi")).unwrap();
    assert_eq!(answer, "you said hi");
    parrot.join().unwrap();
    assert_eq!(plugin.refusals(), Vec::<String>::new());
}

#[test]
fn a_name_that_was_granted_can_be_looked_up_and_no_other() {
    let (plugin, world) = given(Grants::new().connect("localhost:*").unwrap());
    let found: Vec<String> = world.call("look_up", ("localhost",)).unwrap();
    assert!(
        found.contains(&"127.0.0.1".to_owned()) || found.contains(&"::1".to_owned()),
        "{found:?}"
    );
    let words = [
        "it was not granted the network name `example.com` (Grants::connect, --allow-net example.com:PORT)",
    ];
    refused(
        world.call::<Vec<String>>("look_up", ("example.com",)),
        Kind::Raised,
        &words,
    );
    assert_eq!(plugin.refusals().len(), 1);
}

#[test]
fn a_plugin_listens_where_it_was_granted() {
    let (_plugin, world) = given(Grants::new().listen("127.0.0.1:0").unwrap());
    assert!(world.call::<u16>("listen", ("127.0.0.1:0",)).unwrap() > 0);
    for other in ["127.0.0.1:4321", "0.0.0.0:4321"] {
        let words = [&*format!(
            "it was not granted listening at {other} (Grants::listen, --allow-listen {other})"
        )];
        refused(world.call::<u16>("listen", (other,)), Kind::Raised, &words);
    }
}

#[test]
fn a_datagram_goes_to_what_was_granted() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let address = socket.local_addr().unwrap().to_string();
    let (_plugin, world) = given(Grants::new().connect(&address).unwrap());
    world
        .call::<usize>("send_datagram", (&address, "hi"))
        .unwrap();
    let mut heard = [0; 8];
    let (len, _) = socket.recv_from(&mut heard).unwrap();
    assert_eq!(&heard[..len], b"hi");
}

#[test]
fn files_and_sockets_work_in_an_async_task() {
    let (address, parrot) = parrot();
    let (_scratch, grants) = in_scratch("data", Access::ReadWrite);
    let grants = grants
        .connect(&address)
        .and_then(|it| it.listen("127.0.0.1:0"))
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (_plugin, world) = given(grants);
        world.call::<()>("write_file", ("data/a.txt", "x")).unwrap();
        assert_eq!(
            world.call::<String>("read_file", ("data/a.txt",)).unwrap(),
            "x"
        );
        assert_eq!(
            world
                .call::<Vec<String>>("list_dir", ("data",))
                .unwrap()
                .len(),
            2
        );
        assert_eq!(
            world.call::<String>("converse", (&address, "hi")).unwrap(),
            "you said hi"
        );
        assert!(world.call::<u16>("listen", ("127.0.0.1:0",)).unwrap() > 0);
    });
    parrot.join().unwrap();
}

#[test]
fn a_plugin_that_waits_for_the_network_is_stopped_at_its_deadline() {
    let grants = Grants::new().listen("127.0.0.1:0").unwrap();
    let options = LoadOptions::new()
        .grants(grants)
        .deadline(Duration::from_millis(200));
    let plugin = host().load_with(HOSTILE.path(), options).unwrap();
    let world = plugin.import("hostile.world").unwrap();
    let answer = world.call::<()>("accept_for_ever", ("127.0.0.1:0",));
    refused(answer, Kind::Deadline, &["(Limits::deadline)"]);
}

#[test]
fn a_plugins_own_grants_take_the_place_of_its_hosts() {
    let cache = Path::new(env!("OUT_DIR")).join("cache");
    let greeting = |text: &str| Grants::new().env_value("GREETING", text).unwrap();
    let host = locum::Host::builder()
        .cache_dir(cache)
        .grants(greeting("hosts"))
        .build()
        .unwrap();
    let seen = |options: LoadOptions| {
        let plugin = host.load_with(HOSTILE.path(), options).unwrap();
        let world = plugin.import("hostile.world").unwrap();
        let seen: Vec<(String, String)> = world.call("environment", ()).unwrap();
        seen.into_iter().map(|(_, value)| value).collect::<Vec<_>>()
    };
    assert_eq!(seen(LoadOptions::new()), ["hosts"]);
    assert_eq!(seen(LoadOptions::new().grants(greeting("own"))), ["own"]);
    assert_eq!(
        seen(LoadOptions::new().grants(Grants::new())),
        Vec::<String>::new()
    );
}

#[test]
fn what_a_plugin_asks_for_is_in_its_file_and_gives_nothing() {
    let manifest = locum::Manifest::of(HOSTILE.path())
        .unwrap()
        .expect("it has one");
    assert_eq!(manifest.name.as_deref(), Some("hostile"));
    assert_eq!(manifest.asks.env, ["HOME", "SECRET"]);
    let (_plugin, world) = given(Grants::new());
    assert_eq!(
        world
            .call::<Vec<(String, String)>>("environment", ())
            .unwrap(),
        []
    );
    // Where it fails, it is told what it has asked for in vain.
    let error = world
        .call::<String>("read_file", ("data/a.txt",))
        .unwrap_err();
    let words = "it asks for the environment variable `SECRET`, which was not granted (Grants::env, --allow-env SECRET)";
    assert!(error.trace().iter().any(|line| line == words), "{error:?}");
}

#[test]
fn a_connection_that_is_refused_by_nobodys_rule_is_the_networks_error() {
    // Nobody listens there any more.
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().to_string()
    };
    assert!(TcpStream::connect(&address).is_err());
    let (plugin, world) = given(Grants::new().connect(&address).unwrap());
    let error = world
        .call::<String>("converse", (&address, "hi"))
        .unwrap_err();
    assert!(!error.message().contains("granted"), "{error}");
    assert!(plugin.refusals().is_empty());
}
