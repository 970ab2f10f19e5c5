//! Plugins that end before their time, and hosts whose objects do not behave: T11, T17 and T18. The caller learns why and
//! where, everybody else goes on.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use locum::{Error, Items, Kind, LoadOptions, Proxy, Result, Shared, Value, callback, object};
use locum_tests::{Handmade, SAMPLES, Subject, refused, says};

use super::arena::{attack, attack_in_time};

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
fn t11_a_panic_arrives_with_its_message_and_its_place() {
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
fn t11_a_trap_arrives_with_the_functions_that_led_to_it() {
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
fn t11_a_stack_that_overflows_names_the_function_that_calls_itself() {
    let subject = SAMPLES.in_wasm(vec![]);
    let error = dies(&subject, "overflow_stack", (), Kind::Trap);
    says(&error, &["overflow_stack", "calls itself without end?"]);
}

#[test]
fn t11_memory_that_runs_out_names_the_limit_and_how_to_raise_it() {
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
fn t11_a_plugin_that_dies_while_its_host_is_being_called_ends_the_whole_chain() {
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
fn t11_a_plugin_that_calls_one_that_dies_gets_an_error_and_goes_on() {
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
fn t18_a_callback_of_the_host_that_panics_is_an_error_for_the_plugin() {
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
fn t11_an_access_outside_of_the_memory_arrives_as_a_trap() {
    let mut plugin = Handmade::item(&[0xF6]);
    plugin.in_describe = "(drop (i32.load (i32.const -4)))";
    attack_in_time(|_| {
        let handmade = plugin.load();
        let object = handmade.import("any").unwrap();
        refused(handmade.describe(), Kind::Trap, &["out of bounds"]);
        refused(object.get::<Value>("x"), Kind::Closed, &["out of bounds"]);
    });
}

#[test]
fn t11_calls_that_wait_for_a_plugin_that_dies_fail_with_what_it_died_of() {
    attack_in_time(|_| {
        let subject = SAMPLES.in_wasm(vec![]);
        let waiting = subject.import("samples.waiting").unwrap();
        let dying = subject.import("samples.dying").unwrap();
        std::thread::scope(|scope| {
            let (begun, begins) = mpsc::channel::<()>();
            let announce = callback(move |_: u64| {
                let _ = begun.send(());
                std::thread::sleep(Duration::from_millis(20));
            });
            let samples = subject.import("samples").unwrap();
            let busy = scope.spawn(move || samples.call::<Value>("apply", (announce, 1)));
            begins.recv().unwrap();
            let calls: Vec<_> = (0..3)
                .map(|n| {
                    let (waiting, dying) = (&waiting, &dying);
                    scope.spawn(move || match n {
                        0 => dying.call::<Value>("panic_with", ("with others at the door",)),
                        _ => waiting.call::<Value>("sleep", (50,)),
                    })
                })
                .collect();
            assert_eq!(busy.join().unwrap().unwrap(), Value::Null);
            for call in calls {
                // Those that came before it were served.
                if let Err(error) = call.join().unwrap() {
                    assert!(error.kind().is_fatal(), "{error:?}");
                    says(&error, &["with others at the door"]);
                }
            }
        });
        let gone = waiting.call::<Value>("sleep", (1,));
        refused(gone, Kind::Closed, &["with others at the door"]);
        assert!(subject.stats().is_idle(), "{:?}", subject.stats());
    });
}

#[test]
fn t11_a_plugin_that_says_that_it_panicked_and_runs_on_has_run_out_of_time() {
    for how in ["loop", "sleep"] {
        attack_in_time(|arena| {
            let answer = arena.module("lies").call::<Value>("feign", (how,));
            let words = ["it ran for longer than 200ms in one call"];
            let error = arena.ends(answer, Kind::Deadline, &words);
            // What it said is told, for what it is worth.
            let trace = error.trace().join("\n");
            assert!(trace.contains("it said: I have panicked"), "{error:?}");
        });
    }
}

#[test]
fn t11_a_plugin_that_says_that_it_panicked_and_uses_up_its_fuel_has_used_it_up() {
    attack(LoadOptions::new().fuel(1 << 26), |arena| {
        let answer = arena.module("lies").call::<Value>("feign", ("loop",));
        arena.ends(answer, Kind::Deadline, &["(Limits::fuel)"]);
    });
}

#[test]
fn t11_last_words_that_were_not_the_last_explain_nothing() {
    attack_in_time(|arena| {
        let lies = arena.module("lies");
        assert_eq!(lies.call::<Value>("feign", ("live",)).unwrap(), Value::Null);
        let answer = arena.module("loops").call::<Value>("forever", ());
        let error = arena.ends(answer, Kind::Deadline, &["it ran for longer"]);
        assert!(
            !format!("{error:?}").contains("I have panicked"),
            "{error:?}"
        );
    });
}

// ---- T17 ----

#[test]
fn t17_a_plugin_that_reenters_its_own_object_while_it_is_changed_gets_busy_and_goes_on() {
    attack_in_time(|_| {
        let subject = SAMPLES.in_wasm(vec![]);
        let counter = subject.make("Counter", (1,)).unwrap();
        // Everything that would look at it or change it.
        let uses: [fn(&Proxy) -> Result<()>; 5] = [
            |counter| counter.get::<i64>("value").map(drop),
            |counter| counter.set("value", 5),
            |counter| counter.call::<i64>("add", ()).map(drop),
            |counter| counter.value::<i64>().map(drop),
            |counter| counter.start::<i64>("add", ()).wait().map(drop),
        ];
        for (n, reenter) in uses.into_iter().enumerate() {
            let nosy = callback({
                let counter = counter.clone();
                move || reenter(&counter)
            });
            let answer = counter.call::<i64>("add_during", (nosy,));
            refused(
                answer,
                Kind::Busy,
                &["`Counter` is in the middle of a call"],
            );
            let sum: i64 = counter.call("add", ()).unwrap();
            assert_eq!(sum, n as i64 + 2, "it is free again, and as it was");
        }
    });
}

/// An object of the host's that calls back while it is being changed.
struct Vain {
    looks: u64,
}

#[object]
impl Vain {
    fn look(&mut self, mirror: Proxy, me: Proxy) -> Result<Value> {
        self.looks += 1;
        mirror.invoke((me, "looks"))
    }
    #[getter]
    fn looks(&self) -> u64 {
        self.looks
    }
}

#[test]
fn t17_an_object_of_the_hosts_that_is_changed_is_busy_for_the_plugin_that_it_called() {
    attack_in_time(|arena| {
        let vain = Shared::new(Vain { looks: 0 });
        let deputy: Proxy = arena.module("deputy").call("Deputy", ()).unwrap();
        deputy.call::<()>("keep", (&vain,)).unwrap();
        // Host -> plugin -> the object -> plugin -> the same object.
        let mirror = callback({
            let deputy = deputy.clone();
            move |_: Value, name: String| deputy.call::<Value>("act", ("__getattr__", name))
        });
        let answer = deputy.call::<Value>("act", ("look", mirror, &vain));
        refused(answer, Kind::Busy, &["`Vain` is in the middle of a call"]);
        assert_eq!(vain.borrow().unwrap().looks, 1);
        let looks: u64 = deputy.call("act", ("__getattr__", "looks")).unwrap();
        assert_eq!(looks, 1, "it is free again");
        arena.goes_on();
    });
}

// ---- T18 ----

/// An object of the host's that panics, wherever it is told to.
struct Clumsy {
    value: u64,
    in_drop: bool,
    dropped: Arc<AtomicUsize>,
}

#[object]
impl Clumsy {
    fn change(&mut self) {
        self.value += 1;
        panic!("in the middle of a change");
    }
    #[getter]
    fn value(&self) -> u64 {
        self.value
    }
    #[setter]
    fn set_value(&mut self, value: u64) {
        assert!(value < 100, "{value} is too much");
        self.value = value;
    }
    fn __iter__(&self) -> Items<u64> {
        Items::new((0..3_u64).inspect(|n| assert!(*n < 2, "no third one")))
    }
}

impl Drop for Clumsy {
    fn drop(&mut self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
        assert!(!self.in_drop, "in a destructor");
    }
}

fn clumsy(in_drop: bool) -> (Shared<Clumsy>, Arc<AtomicUsize>) {
    let dropped = Arc::new(AtomicUsize::new(0));
    let object = Clumsy {
        value: 0,
        in_drop,
        dropped: dropped.clone(),
    };
    (Shared::new(object), dropped)
}

#[test]
fn t18_an_object_of_the_hosts_that_panics_is_an_error_for_the_plugin_and_can_be_used_again() {
    attack_in_time(|arena| {
        let (object, dropped) = clumsy(false);
        let deputy: Proxy = arena.module("deputy").call("Deputy", ()).unwrap();
        deputy.call::<()>("keep", (&object,)).unwrap();
        for round in 1..4_u64 {
            let answer = deputy.call::<Value>("act", ("change",));
            let error = refused(answer, Kind::Raised, &["in the middle of a change"]);
            assert_eq!(error.type_name(), "Panic");
            assert_eq!(
                deputy.call::<u64>("act", ("__getattr__", "value")).unwrap(),
                round
            );
            let answer = deputy.call::<Value>("act", ("__setattr__", "value", 100));
            refused(answer, Kind::Raised, &["100 is too much"]);
            let items: Proxy = deputy.call("act", ("__iter__",)).unwrap();
            let other: Proxy = arena.module("deputy").call("Deputy", ()).unwrap();
            other.call::<()>("keep", (items,)).unwrap();
            for wanted in 0..2_u64 {
                assert_eq!(other.call::<u64>("act", ("__next__",)).unwrap(), wanted);
            }
            refused(
                other.call::<Value>("act", ("__next__",)),
                Kind::Raised,
                &["no third one"],
            );
        }
        drop(object);
        deputy.call::<()>("forget", ()).unwrap();
        assert_eq!(dropped.load(Ordering::Relaxed), 1);
        arena.goes_on();
    });
}

#[test]
fn t18_an_object_of_the_hosts_whose_destructor_panics_is_no_fault_of_the_plugin_that_let_it_go() {
    attack_in_time(|arena| {
        let deputy: Proxy = arena.module("deputy").call("Deputy", ()).unwrap();
        let drops: Vec<_> = [false, true, false, true, false]
            .into_iter()
            .map(|in_drop| {
                let (object, dropped) = clumsy(in_drop);
                deputy.call::<()>("keep", (object,)).unwrap();
                dropped
            })
            .collect();
        deputy.call::<()>("forget", ()).unwrap();
        arena.goes_on();
        // One that panics keeps none of the others.
        for dropped in drops {
            assert_eq!(dropped.load(Ordering::Relaxed), 1);
        }
        let stats = arena.plugin.stats();
        assert_eq!(stats.exports, 0, "{stats:?}");
    });
}
