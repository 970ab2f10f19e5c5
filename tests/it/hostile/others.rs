//! What a plugin could do to others: T15, T16, T19, T23 and T28.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;

use locum::{CallOptions, Kind, Limits, LoadOptions, Proxy, Result, Value, callback};
use locum_tests::{COUNTERS, HOSTILE, SAMPLES, Subject, host, refused, says};

use super::arena::{Arena, DEADLINE, attack, attack_in_time};

/// Calls into the plugin and out of it again, as deep as `depth` says.
fn back_and_forth(arena: &Arena, depth: u64) -> Result<u64> {
    let loops = arena.module("loops");
    let back = callback({
        let loops = loops.clone();
        move |depth: u64, back: Proxy| -> Result<u64> {
            match depth {
                0 => Ok(0),
                depth => loops.call("bounce_on", (back, depth - 1)),
            }
        }
    });
    loops.call("bounce_on", (back, depth))
}

#[test]
fn t15_calls_are_nested_as_deep_as_the_limit_allows_and_no_deeper() {
    let mut limits = Limits::default();
    limits.call_depth = 8;
    attack(LoadOptions::new().limits(limits), |arena| {
        // Each step is a call into the plugin, and one of the host's object, which is what the host counts.
        let deepest = (0..20).take_while(|depth| back_and_forth(arena, *depth).is_ok());
        assert_eq!(deepest.count(), 8);
        let words = ["the limit is 8 (Limits::call_depth)"];
        refused(back_and_forth(arena, 8), Kind::TooDeep, &words);
        arena.goes_on();
    });
}

#[test]
fn t15_a_recursion_without_end_is_refused_before_the_stack_ends() {
    attack_in_time(|arena| {
        let error = back_and_forth(arena, u64::MAX).unwrap_err();
        assert_eq!(error.kind(), Kind::TooDeep, "{error:?}");
        arena.goes_on();
    });
}

#[test]
fn t15_calls_that_never_end_into_one_another_are_refused_before_the_stack_ends() {
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

/// Plugins in a ring, with a node in each that calls the next one; each may run no longer than an attack may.
fn ring(count: usize) -> (Vec<Subject>, Vec<Proxy>) {
    let options = || LoadOptions::new().deadline(DEADLINE);
    let ring: Vec<Subject> = (0..count)
        .map(|_| SAMPLES.in_wasm_with(options(), vec![]))
        .collect();
    let nodes: Vec<Proxy> = ring
        .iter()
        .map(|plugin| plugin.make_waiting("Node", ()).unwrap())
        .collect();
    for (index, node) in nodes.iter().enumerate() {
        let next = &nodes[(index + 1) % nodes.len()];
        node.call::<()>("link", (next,)).unwrap();
    }
    (ring, nodes)
}

fn unlink(nodes: &[Proxy]) {
    for node in nodes {
        node.call::<()>("unlink", ()).unwrap();
    }
}

#[test]
fn t15_a_ring_of_plugins_that_call_one_another_without_end_is_refused() {
    let (_ring, nodes) = ring(5);
    let error = nodes[0].call::<u64>("pass", (u32::MAX,)).unwrap_err();
    assert_eq!(error.kind(), Kind::TooDeep, "{error:?}");
    unlink(&nodes);
}

#[test]
fn t16_plugins_in_a_ring_with_a_thread_for_each_do_not_wait_for_ever() {
    for count in [2, 5] {
        attack_in_time(|_| {
            let (_ring, nodes) = ring(count);
            std::thread::scope(|scope| {
                for node in &nodes {
                    scope.spawn(move || {
                        for hops in 0..100_u32 {
                            let passed = node.call::<u64>("pass", (hops % 12,)).unwrap();
                            assert_eq!(passed, u64::from(hops % 12) + 1);
                        }
                    });
                }
            });
            unlink(&nodes);
        });
    }
}

#[test]
fn t16_the_time_in_which_a_plugin_waits_for_another_is_not_its_own() {
    attack_in_time(|_| {
        let (ring, nodes) = ring(2);
        let (begun, begins) = mpsc::channel::<()>();
        let hold = callback(move |_: u64| {
            let _ = begun.send(());
            std::thread::sleep(2 * DEADLINE);
        });
        std::thread::scope(|scope| {
            let samples = ring[1].import("samples").unwrap();
            let busy = scope.spawn(move || samples.call::<Value>("apply", (hold, 1)));
            begins.recv().unwrap();
            // The second plugin is busy for longer than the first one may run.
            assert_eq!(nodes[0].call::<u64>("pass", (3,)).unwrap(), 4);
            assert_eq!(busy.join().unwrap().unwrap(), Value::Null);
        });
        unlink(&nodes);
    });
}

/// Two plugins that work together can keep their caller for as long as they like, each of them well within its time. It
/// need not wait for them.
#[test]
fn t19_plugins_that_keep_one_another_busy_end_nobodys_patience_but_their_own() {
    attack_in_time(|arena| {
        let slow = SAMPLES.in_wasm_with(LoadOptions::new().deadline(DEADLINE), vec![]);
        let sleep: Proxy = slow
            .import("samples.waiting")
            .unwrap()
            .get("sleep")
            .unwrap();
        let apply: Proxy = slow.import("samples").unwrap().get("apply").unwrap();
        let nap = callback({
            let (apply, sleep) = (apply.clone(), sleep.clone());
            move || apply.invoke::<u64>((&sleep, 50)).map(drop)
        });
        let patient = CallOptions::new().patience(DEADLINE / 4);
        let loops = arena.module("loops").with(patient);
        let error = refused(loops.call::<Value>("chat", (nap,)), Kind::Timeout, &[]);
        let pending = error.pending::<Value>().expect("the call goes on");
        arena.plugin.kill();
        let killed = pending.wait().unwrap_err();
        assert_eq!(killed.kind(), Kind::Closed, "{killed:?}");
    });
}

#[test]
fn t23_a_proxy_into_a_plugin_that_is_gone_is_closed_for_those_who_hold_it() {
    attack_in_time(|arena| {
        let owner = host().load(COUNTERS.path()).unwrap();
        let counters = owner.import("counters").unwrap();
        let counter: Proxy = counters.call("Counter", (10,)).unwrap();
        let deputy: Proxy = arena.module("deputy").call("Deputy", ()).unwrap();
        deputy.call::<()>("keep", (&counter,)).unwrap();
        assert_eq!(deputy.call::<i64>("act", ("add", 1)).unwrap(), 11);
        owner.kill();
        let words = [&*format!("plugin `{}` is closed", owner.name())];
        refused(deputy.call::<i64>("act", ("add", 1)), Kind::Closed, &words);
        arena.goes_on();
        // Its slot in the tables may be used again, by another plugin's object: the old proxy does not lead there.
        let other = host().load(COUNTERS.path()).unwrap();
        let _other: Proxy = other
            .import("counters")
            .unwrap()
            .call("Counter", (20,))
            .unwrap();
        let error = deputy.call::<i64>("act", ("add", 1)).unwrap_err();
        says(&error, &words);
    });
}

#[test]
fn t23_a_plugin_can_name_no_object_that_it_was_not_lent() {
    let victim = SAMPLES.in_wasm(vec![]);
    let counter = victim.make("Counter", (1,)).unwrap();
    let attacker = SAMPLES.in_wasm(vec![]);
    let rogue = attacker.import("samples.rogue").unwrap();
    // `[["add"]]`, to every handle that the victim could have lent.
    for raw in (0..16).flat_map(|index| [index, (1 << 24) + index]) {
        let said = rogue.call::<Value>("say", (raw, locum::Bytes::from(vec![0x81, 0x80])));
        assert_eq!(said.unwrap_err().kind(), Kind::BadHandle);
    }
    assert_eq!(counter.get::<i64>("value").unwrap(), 1);
}

#[test]
fn t28_a_thread_that_calls_again_and_again_lets_the_others_in() {
    let plugin = host()
        .load_with(HOSTILE.path(), LoadOptions::new())
        .unwrap();
    let loops = plugin.import("hostile.loops").unwrap();
    let rounds: u64 = 2_000_000;
    let (stop, greedy) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    loops.call::<u64>("work", (rounds,)).unwrap();
                    greedy.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        while greedy.load(Ordering::Relaxed) < 4 {
            std::thread::yield_now();
        }
        let mut waited = Vec::new();
        for _ in 0..5 {
            let before = greedy.load(Ordering::Relaxed);
            loops.call::<u64>("work", (1,)).unwrap();
            waited.push(greedy.load(Ordering::Relaxed) - before);
        }
        stop.store(true, Ordering::Relaxed);
        // One that was under way, one that was before it in the queue, and some that ended while this thread woke.
        assert!(waited.iter().all(|calls| *calls <= 8), "{waited:?}");
    });
}

#[test]
fn t28_a_busy_plugin_does_not_keep_the_started_calls_of_others() {
    attack_in_time(|arena| {
        let busy: Vec<_> = (0..8)
            .map(|_| {
                let plugin = host().load(HOSTILE.path()).unwrap();
                let loops = plugin.import("hostile.loops").unwrap();
                (plugin, loops.start::<()>("forever", ()))
            })
            .collect();
        // Each of them has a worker for as long as it runs; this one gets another.
        let loops = arena.module("loops");
        assert_eq!(loops.start::<u64>("work", (5,)).wait().unwrap(), 4);
        for (plugin, pending) in busy {
            plugin.kill();
            assert_eq!(pending.wait().unwrap_err().kind(), Kind::Closed);
        }
    });
}
