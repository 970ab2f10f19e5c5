//! A plugin that is ready to be started.

use std::fs;

use locum::{Grants, Host, Kind, LoadOptions, Plugin, Proxy, Result, callback};
use locum_tests::{HOSTILE, SAMPLES, host, new_host, refused};

use super::template;

fn live(plugin: &Plugin) -> usize {
    let samples = plugin.import("samples").unwrap();
    samples.call("live", ()).unwrap()
}

#[test]
fn what_happens_in_an_instance_happens_in_no_other() {
    let template = template();
    let (one, other) = (template.start().unwrap(), template.start().unwrap());
    let counter: Proxy = one
        .import("samples")
        .unwrap()
        .call("Counter", (7,))
        .unwrap();
    assert_eq!((live(&one), live(&other)), (1, 0));
    let dying = other.import("samples.dying").unwrap();
    refused(dying.call::<()>("trap", ()), Kind::Trap, &[]);
    assert!(other.closed().is_some());
    assert_eq!(counter.call::<i64>("add", (1,)).unwrap(), 8);
    // One that is started afterwards knows nothing of either.
    assert_eq!(live(&template.start().unwrap()), 0);
}

#[test]
fn each_instance_has_a_name_of_its_own() {
    let host = new_host();
    let names = |options: LoadOptions| -> Vec<String> {
        let template = host.template_with(SAMPLES.path(), options).unwrap();
        let start = |_| template.start().unwrap().name().to_owned();
        (0..2).map(start).collect()
    };
    assert_eq!(names(LoadOptions::new()), ["samples", "samples-2"]);
    // Those of another template, and of `load`, are counted along.
    assert_eq!(host.load(SAMPLES.path()).unwrap().name(), "samples-3");
    assert_eq!(names(LoadOptions::new()), ["samples-4", "samples-5"]);
    let named = LoadOptions::new().name("worker");
    assert_eq!(names(named), ["worker", "worker-2"]);
    let bytes = fs::read(SAMPLES.path()).unwrap();
    let template = host.template_bytes("bare", &bytes, LoadOptions::new());
    let template = template.unwrap();
    assert_eq!(
        (template.name(), template.start().unwrap().name()),
        ("bare", "bare")
    );
}

#[test]
fn limits_hold_for_each_instance_by_itself() {
    let options = LoadOptions::new().memory_bytes(16 << 20);
    let template = host().template_with(SAMPLES.path(), options).unwrap();
    assert_eq!(template.limits().memory_bytes, 16 << 20);
    let spared = template.start().unwrap();
    for _ in 0..2 {
        let dying = template.start().unwrap().import("samples.dying").unwrap();
        refused(
            dying.call::<usize>("exhaust_memory", ()),
            Kind::Trap,
            &["the memory limit of 16 MiB was reached"],
        );
    }
    assert_eq!(live(&spared), 0);
}

#[test]
fn grants_hold_for_each_instance() {
    let grants = Grants::new().env_value("GREETING", "hello").unwrap();
    let options = LoadOptions::new().grants(grants);
    let template = host().template_with(HOSTILE.path(), options).unwrap();
    for _ in 0..2 {
        let world = template.start().unwrap().import("hostile.world").unwrap();
        let seen: Vec<(String, String)> = world.call("environment", ()).unwrap();
        assert_eq!(seen, [("GREETING".to_owned(), "hello".to_owned())]);
    }
}

#[test]
fn instances_import_what_was_published_when_their_template_was_made() {
    let host = new_host();
    host.publish("answer", callback(|| 41));
    let before = host.template(SAMPLES.path()).unwrap();
    host.publish("answer", callback(|| 42));
    host.publish("question", callback(|| "why"));
    let after = host.template(SAMPLES.path()).unwrap();
    let imported = |template: &locum::Template, name: &str| -> Result<Proxy> {
        let samples = template.start()?.import("samples")?;
        samples.call("imported", (name,))
    };
    let answer = |template| imported(template, "answer").unwrap().invoke::<i64>(());
    assert_eq!((answer(&before), answer(&after)), (Ok(41), Ok(42)));
    refused(
        imported(&before, "question"),
        Kind::NoSuchModule,
        &["question", "answer"],
    );
    assert!(imported(&after, "question").is_ok());
}

#[test]
fn what_can_not_be_loaded_makes_no_template() {
    let directory = tempfile::tempdir().unwrap();
    let garbage = directory.path().join("garbage.wasm");
    fs::write(&garbage, b"not WebAssembly").unwrap();
    let missing = directory.path().join("missing.wasm");
    for path in [missing.as_path(), directory.path(), garbage.as_path()] {
        let error = refused(host().template(path), Kind::Load, &[]);
        let path = path.to_str().unwrap();
        assert!(error.message().contains(path), "{error}");
        assert_eq!(Err(error), host().load(path).map(drop));
    }
    let none = LoadOptions::new().memory_bytes(0);
    let error = host().load_with(SAMPLES.path(), none.clone()).unwrap_err();
    assert_eq!(error.kind(), Kind::ValueError);
    assert_eq!(
        Err(error),
        host().template_with(SAMPLES.path(), none).map(drop)
    );
}

#[test]
fn an_instance_that_has_no_room_to_start_fails_alone_and_so_does_its_pool() {
    let options = LoadOptions::new().memory_bytes(1 << 16);
    let template = host().template_with(SAMPLES.path(), options).unwrap();
    for _ in 0..2 {
        let words = ["did not start", "(Limits::memory_bytes)"];
        refused(template.start(), Kind::Load, &words);
        refused(template.pool(2), Kind::Load, &words);
    }
}

#[test]
fn a_template_and_its_instances_outlive_one_another_and_their_host() {
    let (template, plugin) = {
        let host: Host = new_host();
        let template = host.template(SAMPLES.path()).unwrap();
        let plugin = template.start().unwrap();
        (template, plugin)
    };
    let handle = plugin.cancel_handle();
    drop(plugin);
    assert!(!handle.is_alive(), "a template keeps no instance");
    let plugin = template.clone().start().unwrap();
    drop(template);
    assert_eq!(live(&plugin), 0);
}
