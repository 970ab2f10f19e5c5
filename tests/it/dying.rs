//! Plugins that end before their time: the caller learns why and where, everybody else goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use locum::{Error, Kind, LoadOptions, Proxy, Result, Shared, Value, callback, object};
use locum_tests::{SAMPLES, Subject, refused, says};

/// An object of the host's that a plugin has borrowed when it dies.
struct Lent(Arc<AtomicUsize>);

#[object]
impl Lent {}

impl Drop for Lent {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Ends a plugin by a call, and checks what everybody sees of it.
fn dies(subject: &Subject, function: &str, args: impl locum::IntoArgs, kind: Kind) -> Error {
    let name = subject.name().to_owned();
    let counter = subject.make("Counter", (1,)).unwrap();
    let returned = Arc::new(AtomicUsize::new(0));
    let keeper = subject.make("Keeper", ()).unwrap();
    let lent = Shared::new(Lent(returned.clone()));
    keeper.call::<()>("keep", (lent,)).unwrap();
    let bystander = SAMPLES.in_wasm(vec![]);
    let neighbour = bystander.make("Counter", (1,)).unwrap();

    let dying = subject.import("samples.dying").unwrap();
    let error = refused(dying.call::<Value>(function, args), kind, &[]);

    // Whoever calls later is told that it is gone, and of what.
    let said = error.message().to_owned();
    let words = [&format!("plugin `{name}` is closed: "), &*said];
    refused(counter.call::<i64>("add", ()), Kind::Closed, &words);
    refused(counter.get::<i64>("value"), Kind::Closed, &words);
    refused(subject.import("samples"), Kind::Closed, &words);
    refused(subject.transfer(&1), Kind::Closed, &words);
    let closed = subject.peer().closed().expect("it is closed");
    says(closed, &words);
    // What it had borrowed is back.
    assert_eq!(returned.load(Ordering::Relaxed), 1);
    // The others do not notice.
    assert_eq!(neighbour.call::<i64>("add", ()).unwrap(), 2);
    let fresh = SAMPLES.in_wasm(vec![]);
    assert_eq!(
        fresh
            .make("Counter", (1,))
            .unwrap()
            .call::<i64>("add", ())
            .unwrap(),
        2
    );
    error
}

#[test]
fn a_panic_arrives_with_its_message_and_its_place() {
    let subject = SAMPLES.in_wasm(vec![]);
    let error = dies(&subject, "panic_with", ("out of coffee",), Kind::Panic);
    assert_eq!(error.message(), "out of coffee");
    let place = &error.trace()[0];
    assert!(
        place.starts_with("panicked at ") && place.contains("dying.rs:"),
        "{error:?}"
    );
    let later = subject.peer().closed().unwrap();
    says(later, &["it panicked at ", "dying.rs:", ": out of coffee"]);
}

#[test]
fn a_trap_arrives_with_the_functions_that_led_to_it() {
    let subject = SAMPLES.in_wasm(vec![]);
    let error = dies(&subject, "trap", (), Kind::Trap);
    says(&error, &["unreachable"]);
    let trace = error.trace().join("\n");
    assert!(
        trace.starts_with("samples::dying::innermost\n"),
        "{error:?}"
    );
    says(
        subject.peer().closed().unwrap(),
        &["it trapped: ", "unreachable"],
    );
}

#[test]
fn a_stack_that_overflows_names_the_function_that_calls_itself() {
    let subject = SAMPLES.in_wasm(vec![]);
    let error = dies(&subject, "overflow_stack", (), Kind::Trap);
    says(&error, &["overflow_stack", "calls itself without end?"]);
}

#[test]
fn memory_that_runs_out_names_the_limit_and_how_to_raise_it() {
    let options = LoadOptions::new().memory_bytes(16 << 20);
    let subject = SAMPLES.in_wasm_with(options, vec![]);
    let error = dies(&subject, "exhaust_memory", (), Kind::Trap);
    says(
        &error,
        &[
            "the memory limit of 16 MiB was reached",
            "(Limits::memory_bytes)",
        ],
    );
}

#[test]
fn a_plugin_that_dies_while_its_host_is_being_called_ends_the_whole_chain() {
    let subject = SAMPLES.in_wasm(vec![]);
    let counter = subject.make("Counter", ()).unwrap();
    let dying = subject.import("samples.dying").unwrap();
    let inner = Arc::new(std::sync::Mutex::new(None));
    let killer = callback({
        let inner = inner.clone();
        move |_: i64| -> Result<()> {
            let answer = dying.call::<()>("panic_with", ("in the middle",));
            *inner.lock().unwrap() = Some(answer.unwrap_err());
            Ok(())
        }
    });
    counter.call::<()>("watch", (killer,)).unwrap();
    let outer = counter.call::<i64>("add", ()).unwrap_err();
    assert_eq!(outer.kind(), Kind::Panic, "{outer:?}");
    says(&outer, &["in the middle"]);
    let inner = inner.lock().unwrap().take().expect("the callback has run");
    assert_eq!(
        (inner.kind(), inner.message()),
        (Kind::Panic, "in the middle")
    );
}

#[test]
fn a_plugin_that_calls_one_that_dies_gets_an_error_and_goes_on() {
    let (caller, victim) = (SAMPLES.in_wasm(vec![]), SAMPLES.in_wasm(vec![]));
    let keeper = caller.make("Keeper", ()).unwrap();
    let dying = victim.import("samples.dying").unwrap();
    keeper.call::<()>("keep", (&dying,)).unwrap();
    let answer = keeper.call::<Value>("call_last", ("panic_with", "far away"));
    let error = refused(answer, Kind::Panic, &["far away"]);
    let trace = error.trace().join("\n");
    for name in [caller.name(), victim.name()] {
        assert!(trace.contains(&format!(" at {name}")), "{error:?}");
    }
    assert_eq!(
        keeper
            .call::<i64>("call_last", ("panic_with", "x"))
            .unwrap_err()
            .kind(),
        Kind::Closed
    );
    keeper.call::<()>("forget", ()).unwrap();
    assert_eq!(
        caller
            .make("Counter", (1,))
            .unwrap()
            .call::<i64>("add", ())
            .unwrap(),
        2
    );
}

#[test]
fn a_callback_of_the_host_that_panics_is_an_error_for_the_plugin() {
    let subject = SAMPLES.in_wasm(vec![]);
    let counter = subject.make("Counter", ()).unwrap();
    let clumsy = callback(|n: i64| {
        assert!(n != 1, "one is not allowed");
    });
    counter.call::<()>("watch", (clumsy,)).unwrap();
    let error = refused(
        counter.call::<i64>("add", ()),
        Kind::Raised,
        &["one is not allowed"],
    );
    assert_eq!(error.type_name(), "Panic");
    assert_eq!(
        counter.call::<i64>("add", ()).unwrap(),
        2,
        "the plugin goes on"
    );
    counter.call::<()>("forget_watchers", ()).unwrap();
}

#[test]
fn calls_that_never_end_into_one_another_are_refused_before_the_stack_ends() {
    let subject = SAMPLES.in_wasm(vec![]);
    let counter = subject.make("Counter", ()).unwrap();
    let again = callback({
        let keeper = subject.make("Keeper", ()).unwrap();
        let apply: Proxy = subject.import("samples").unwrap().get("apply").unwrap();
        move |me: Proxy| -> Result<Value> {
            let _ = &keeper;
            apply.invoke((me.clone(), me))
        }
    });
    let apply: Proxy = subject.import("samples").unwrap().get("apply").unwrap();
    let answer = apply.invoke::<Value>((&again, &again));
    let error = refused(answer, Kind::TooDeep, &[]);
    assert!(
        error
            .message()
            .contains("the limit is 64 (Limits::call_depth)")
            || error.message().contains("stack"),
        "{error}"
    );
    assert_eq!(
        counter.call::<i64>("add", ()).unwrap(),
        1,
        "the plugin goes on"
    );
}
