//! Running and sleeping for ever: T12, T13, T19 and T25.

use std::sync::mpsc;
use std::time::Duration;

use locum::{CallOptions, Items, Kind, LoadOptions, Proxy, Result, Value, callback};
use locum_tests::{Handmade, refused, says};

use super::arena::{Arena, DEADLINE, attack, attack_in_time};

const TOO_LONG: [&str; 2] = [
    "it ran for longer than 200ms in one call",
    "(Limits::deadline)",
];

/// A call that has to be stopped.
#[track_caller]
fn is_stopped<T: std::fmt::Debug>(call: impl Fn(&Arena) -> Result<T>) {
    attack_in_time(|arena| {
        arena.ends(call(arena), Kind::Deadline, &TOO_LONG);
    });
}

fn endless(arena: &Arena) -> Proxy {
    arena.module("loops").call("Endless", ()).unwrap()
}

#[test]
fn t12_a_method_that_never_returns_is_stopped_with_the_function_that_it_was_in() {
    attack_in_time(|arena| {
        let answer = arena.module("loops").call::<Value>("forever", ());
        let error = arena.ends(answer, Kind::Deadline, &TOO_LONG);
        let trace = error.trace().join("\n");
        assert!(trace.contains("hostile::loops::spin"), "{error:?}");
    });
}

#[test]
fn t12_an_attribute_that_never_answers_is_stopped() {
    is_stopped(|arena| endless(arena).get::<i64>("value"));
    is_stopped(|arena| endless(arena).set("value", 1));
    is_stopped(|arena| endless(arena).call::<String>("__str__", ()));
}

#[test]
fn t12_an_item_that_never_comes_is_stopped() {
    is_stopped(|arena| {
        let mut items = endless(arena).iter::<i64>()?;
        items.find(Result::is_err).unwrap_or(Ok(0))
    });
    is_stopped(|arena| {
        let items: Items<i64> = endless(arena).call("__iter__", ())?;
        items.collect::<Result<Vec<i64>>>()
    });
}

#[test]
fn t12_a_destructor_that_never_ends_is_stopped_when_its_object_is_let_go() {
    attack_in_time(|arena| {
        let sticky: Proxy = arena.module("loops").call("Sticky", ()).unwrap();
        drop(sticky);
        // The release rides with the next call at the latest.
        let _ = arena.plugin.import("hostile.loops");
        arena.is_closed(&TOO_LONG);
    });
}

#[test]
fn t12_closing_a_plugin_whose_destructors_never_end_comes_to_an_end() {
    attack_in_time(|arena| {
        let _sticky: Proxy = arena.module("loops").call("Sticky", ()).unwrap();
        let answer = arena.plugin.close();
        refused(answer, Kind::Deadline, &TOO_LONG);
        assert!(arena.plugin.closed().is_some());
    });
}

#[test]
fn t12_a_plugin_that_does_not_come_to_its_start_is_stopped() {
    let mut plugin = Handmade::item(&[0xF6]);
    plugin.core = "(func $start (loop $again (br $again))) (start $start)".into();
    attack_in_time(|arena| {
        let mut limits = locum::Limits::default();
        limits.start_deadline = Duration::from_millis(50);
        let answer = plugin
            .load_with(LoadOptions::new().limits(limits))
            .map(drop);
        let words = [
            "plugin `handmade",
            "did not start: it ran for longer than 50ms while it was started (Limits::start_deadline)",
        ];
        refused(answer, Kind::Load, &words);
        arena.goes_on();
    });
}

#[test]
fn t12_a_plugin_that_does_not_come_to_describe_itself_is_stopped() {
    let mut plugin = Handmade::item(&[0xF6]);
    plugin.in_describe = "(loop $again (br $again))";
    attack_in_time(|arena| {
        let options = LoadOptions::new().deadline(DEADLINE);
        let handmade = plugin.load_with(options).unwrap();
        refused(handmade.describe(), Kind::Deadline, &TOO_LONG);
        assert!(handmade.closed().is_some());
        arena.goes_on();
    });
}

#[test]
fn t12_a_plugin_that_chats_with_its_host_for_ever_is_stopped() {
    attack_in_time(|arena| {
        let answer = arena
            .module("loops")
            .call::<Value>("chat", (callback(|| ()),));
        arena.ends(answer, Kind::Deadline, &TOO_LONG);
    });
}

#[test]
fn t12_a_started_call_that_never_ends_fails_with_the_deadline() {
    attack_in_time(|arena| {
        let loops = arena.module("loops");
        let (endless, behind) = (
            loops.start::<()>("forever", ()),
            loops.start::<u64>("work", (1,)),
        );
        arena.ends(endless.wait(), Kind::Deadline, &TOO_LONG);
        refused(behind.wait(), Kind::Closed, &TOO_LONG);
    });
}

#[test]
fn t12_the_time_in_which_the_host_serves_it_is_not_the_plugins() {
    attack_in_time(|arena| {
        let slow = callback(|depth: u64| {
            std::thread::sleep(2 * DEADLINE);
            depth
        });
        let answer = arena.module("loops").call::<u64>("bounce", (slow, 3));
        assert_eq!(answer.unwrap(), 3);
        arena.goes_on();
    });
}

#[test]
fn t12_each_call_has_its_own_time() {
    attack_in_time(|arena| {
        let sleeps = arena.module("sleeps");
        for _ in 0..6 {
            sleeps.call::<()>("sleep", (50,)).unwrap();
        }
        arena.goes_on();
    });
}

#[test]
fn t12_a_call_back_into_a_plugin_is_measured_too() {
    attack_in_time(|arena| {
        let loops = arena.module("loops");
        let back = callback({
            let loops = loops.clone();
            move |_: u64| loops.call::<u64>("forever", ())
        });
        let answer = loops.call::<u64>("bounce", (back, 1));
        arena.ends(answer, Kind::Deadline, &TOO_LONG);
    });
}

/// Runs a call in another thread and ends the plugin when it is under way, which is not before `begun` says so.
#[track_caller]
fn is_killed(options: LoadOptions, call: impl Fn(&Arena, Proxy) -> Result<()> + Sync) {
    attack(options, |arena| {
        let (begun, begins) = mpsc::channel::<()>();
        let begun = callback(move |_: u64| -> u64 {
            let _ = begun.send(());
            0
        });
        std::thread::scope(|scope| {
            let running = scope.spawn(|| call(arena, begun));
            begins.recv().unwrap();
            std::thread::sleep(Duration::from_millis(20));
            arena.plugin.cancel_handle().cancel();
            let error = refused(
                running.join().unwrap(),
                Kind::Closed,
                &["it was killed; load it again"],
            );
            says(&error, &["plugin `hostile"]);
        });
        arena.is_closed(&["it was killed"]);
    });
}

#[test]
fn t12_a_plugin_that_runs_is_stopped_by_another_thread() {
    let for_ever = LoadOptions::new().deadline(Duration::MAX);
    is_killed(for_ever.clone(), |arena, begun| {
        let loops = arena.module("loops");
        loops.call::<u64>("bounce", (begun, 1))?;
        loops.call("forever", ())
    });
    is_killed(for_ever, |arena, begun| {
        arena.module("loops").call::<u64>("bounce", (begun, 1))?;
        arena.module("sleeps").call("sleep", (3_600_000,))
    });
}

#[test]
fn t12_a_cancel_handle_keeps_no_plugin_alive() {
    attack_in_time(|arena| {
        let plugin = locum_tests::host()
            .load(locum_tests::HOSTILE.path())
            .unwrap();
        let handle = plugin.cancel_handle();
        assert!(handle.is_alive());
        drop(plugin);
        assert!(!handle.is_alive());
        handle.cancel();
        arena.goes_on();
    });
}

#[test]
fn t12_fuel_stops_a_plugin_at_the_same_instruction_each_time() {
    let works = |fuel: u64| {
        let options = LoadOptions::new().fuel(fuel);
        let arena = Arena::with(options);
        match arena.plugin.import("hostile.loops") {
            Ok(loops) => loops.call::<u64>("work", (1000,)),
            Err(error) => Err(error),
        }
    };
    let (mut too_little, mut enough) = (1, 1 << 24);
    assert!(works(enough).is_ok());
    while enough - too_little > 1 {
        let fuel = (too_little + enough) / 2;
        if works(fuel).is_ok() {
            enough = fuel;
        } else {
            too_little = fuel;
        }
    }
    for _ in 0..3 {
        works(enough).unwrap();
        let words =
            format!("it executed more than {too_little} instructions in one call (Limits::fuel)");
        refused(works(too_little), Kind::Deadline, &[&words]);
    }
}

#[test]
fn t13_a_plugin_that_sleeps_past_its_deadline_is_stopped() {
    is_stopped(|arena| arena.module("sleeps").call::<()>("sleep", (3_600_000,)));
    is_stopped(|arena| arena.module("sleeps").call::<()>("poll_for_ever", ()));
}

#[test]
fn t13_a_destructor_that_sleeps_past_the_deadline_is_stopped() {
    attack_in_time(|arena| {
        let drowsy: Proxy = arena.module("sleeps").call("Drowsy", ()).unwrap();
        drop(drowsy);
        let _ = arena.plugin.import("hostile.sleeps");
        arena.is_closed(&TOO_LONG);
    });
    attack_in_time(|arena| {
        let _drowsy: Proxy = arena.module("sleeps").call("Drowsy", ()).unwrap();
        refused(arena.plugin.close(), Kind::Deadline, &TOO_LONG);
    });
}

#[test]
fn t13_standard_input_that_was_not_granted_is_at_its_end() {
    attack_in_time(|arena| {
        let read: usize = arena.module("sleeps").call("read_stdin", ()).unwrap();
        assert_eq!(read, 0);
        arena.goes_on();
    });
}

#[test]
fn t19_a_callback_that_does_not_return_ends_nobodys_patience_but_its_own() {
    attack_in_time(|arena| {
        let (finish, finished) = mpsc::channel::<()>();
        let finished = std::sync::Mutex::new(finished);
        let stuck = callback(move |_: u64| -> u64 {
            let _ = finished.lock().unwrap().recv();
            5
        });
        let patient = CallOptions::new().patience(Duration::from_millis(50));
        let loops = arena.module("loops").with(patient);
        let answer = loops.call::<u64>("bounce", (stuck, 1));
        let error = refused(answer, Kind::Timeout, &[]);
        let pending = error.pending::<u64>().expect("the call goes on");
        finish.send(()).unwrap();
        assert_eq!(pending.wait().unwrap(), 5);
        arena.goes_on();
    });
}

fn farewell(arena: &Arena, how: &str, callback: Option<Proxy>) -> Proxy {
    let ends = arena.module("ends");
    ends.call("Farewell", (how, callback)).unwrap()
}

#[test]
fn t25_a_destructor_may_call_its_host() {
    for how in ["call", "lend"] {
        attack_in_time(|arena| {
            let (said, hears) = mpsc::channel();
            let listener = callback(move |what: Value| {
                let _ = said.send(what);
            });
            let object = farewell(arena, how, Some(listener.clone()));
            drop(object);
            arena.goes_on();
            let heard = hears.recv().unwrap();
            assert_eq!(how == "call", heard == Value::from("farewell"), "{heard:?}");
            drop(heard);
            let _kept = farewell(arena, how, Some(listener));
            arena.plugin.close().unwrap();
            assert!(hears.try_recv().is_ok(), "at the close too");
        });
    }
}

#[test]
fn t25_a_destructor_that_panics_or_traps_ends_its_plugin_only() {
    for (how, words) in [("panic", "no, I will stay"), ("trap", "unreachable")] {
        attack_in_time(|arena| {
            drop(farewell(arena, how, None));
            let _ = arena.plugin.import("hostile.loops");
            arena.is_closed(&[words]);
        });
        attack_in_time(|arena| {
            let _kept = farewell(arena, how, None);
            let error = arena.plugin.close().unwrap_err();
            says(&error, &[words]);
            arena.is_closed(&[]);
        });
    }
}

#[test]
fn t25_a_close_does_not_wait_for_ever() {
    for how in ["loop", "sleep"] {
        attack_in_time(|arena| {
            let _kept = farewell(arena, how, None);
            refused(arena.plugin.close(), Kind::Deadline, &TOO_LONG);
        });
    }
}
