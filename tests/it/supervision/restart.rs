//! Which ends of a plugin are followed by a restart, how many, and when.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use locum::{Backoff, Bytes, Error, Kind, Limits, LoadOptions, Proxy, Restart, Supervisor, Value};
use locum_tests::{HOSTILE, SAMPLES, refused, says};

use super::arena::{
    HOUR, LONG, counter, crash, hostile, is_of_the_past, listening, next, quick, samples,
};

/// Lets a plugin die, and sees it in its next life.
fn comes_back(supervisor: &Supervisor, words: &[&str], die: impl Fn(&Supervisor) -> Error) {
    let module = format!("{}.loops", supervisor.name().split('-').next().unwrap());
    let (life, root) = (supervisor.life(), supervisor.root(&module));
    let old = root.resolve().unwrap();
    let error = die(supervisor);
    says(&error, words);
    assert_eq!(root.call::<u64>("work", (5,)).unwrap(), 4);
    assert_eq!(supervisor.life(), life + 1);
    is_of_the_past(old.call::<u64>("work", (5,)), supervisor, life, words);
}

#[test]
fn t11_a_plugin_that_traps_or_panics_is_started_again() {
    let supervisor = samples();
    for (life, (function, kind)) in (1..).zip([
        ("trap", Kind::Trap),
        ("panic_with", Kind::Panic),
        ("overflow_stack", Kind::Trap),
    ]) {
        let old = counter(&supervisor, 10);
        let dying = supervisor.root("samples.dying");
        let answer = match function {
            "panic_with" => dying.call::<Value>(function, ("out of tea",)),
            _ => dying.call::<Value>(function, ()),
        };
        let error = refused(answer, kind, &[]);
        is_of_the_past(
            old.call::<i64>("add", ()),
            &supervisor,
            life,
            &[error.message()],
        );
        let new = counter(&supervisor, 10);
        assert_eq!(new.call::<i64>("add", ()).unwrap(), 11);
        assert_eq!(supervisor.life(), life + 1);
        let live: usize = supervisor.root("samples").call("live", ()).unwrap();
        assert_eq!(live, 1, "nothing of the life before is there");
    }
}

#[test]
fn t11_a_plugin_whose_memory_is_exhausted_is_started_again_with_new_memory() {
    let supervisor = hostile(LoadOptions::new().memory_bytes(16 << 20));
    comes_back(
        &supervisor,
        &["the memory limit of 16 MiB was reached"],
        |it| {
            let takes = it.root("hostile.takes");
            takes.call::<usize>("memory", (16_u32 << 20,)).unwrap_err()
        },
    );
    let takes = supervisor.root("hostile.takes");
    assert_eq!(takes.call::<usize>("memory", (8 << 20,)).unwrap(), 8 << 20);
}

#[test]
fn t12_a_plugin_that_is_stopped_at_its_deadline_is_started_again() {
    let supervisor = hostile(LoadOptions::new().deadline(Duration::from_millis(200)));
    comes_back(&supervisor, &["it ran for longer than 200ms"], |it| {
        it.root("hostile.loops")
            .call::<()>("forever", ())
            .unwrap_err()
    });
}

#[test]
fn t01_a_plugin_that_is_struck_out_is_started_again_with_no_strikes() {
    let mut limits = Limits::default();
    limits.strikes = 3;
    let options = LoadOptions::new().limits(limits);
    let supervisor = quick(&SAMPLES).options(options).start().unwrap();
    let old = counter(&supervisor, 1);
    let rogue = supervisor.root("samples.rogue");
    let guess = |rogue: &Proxy| {
        let item = Bytes::from(vec![0x81, 0x80]);
        let answer = rogue.call::<Value>("say", (1 << 20, item));
        answer.unwrap_err().kind()
    };
    let guesses = |rogue: &Proxy| {
        (0..10)
            .take_while(|_| guess(rogue) == Kind::BadHandle)
            .count()
    };
    let forgiven = guesses(&rogue.resolve().unwrap());
    let words = ["named 4 handles that it was not lent (Limits::strikes)"];
    is_of_the_past(old.call::<i64>("add", ()), &supervisor, 1, &words);
    assert!((2..=3).contains(&forgiven), "{forgiven}");
    assert_eq!(
        guesses(&rogue.resolve().unwrap()),
        forgiven,
        "it begins anew"
    );
    supervisor.plugin().unwrap();
    assert_eq!(supervisor.life(), 3);
}

#[test]
fn t03_a_plugin_that_gives_back_more_than_it_was_lent_is_started_again() {
    let supervisor = samples();
    let rogue = supervisor.root("samples.rogue");
    rogue.call::<()>("give_back", (1 << 20, 1)).unwrap_err();
    assert_eq!(counter(&supervisor, 1).call::<i64>("add", ()).unwrap(), 2);
    assert_eq!(supervisor.life(), 2);
}

#[test]
fn who_is_restarted_after_what_is_for_the_policy_to_say() {
    type End = fn(&Supervisor);
    let ends: [(&str, End); 3] = [
        ("crash", |it| drop(crash(it))),
        ("kill", |it| it.plugin().unwrap().kill()),
        ("close", |it| it.plugin().unwrap().close().unwrap()),
    ];
    for (restart, restarted) in [
        (Restart::Never, [false, false, false]),
        (Restart::OnFailure, [true, true, false]),
        (Restart::Always, [true, true, true]),
    ] {
        for ((name, end), restarted) in ends.into_iter().zip(restarted) {
            let supervisor = quick(&SAMPLES).restart(restart).start().unwrap();
            end(&supervisor);
            let told = format!("{restart:?} after a {name}");
            if restarted {
                assert_eq!(supervisor.plugin().map(drop).ok(), Some(()), "{told}");
                assert_eq!(supervisor.life(), 2, "{told}");
                continue;
            }
            let policy = format!("(Restart::{restart:?};");
            let first = format!("plugin `{} (life 1)` is closed: ", supervisor.name());
            let words = [&*policy, &*first, "Supervisor::reload"];
            let error = refused(supervisor.plugin(), Kind::Closed, &words);
            assert_eq!(supervisor.ended(), Some(error.clone()), "{told}");
            let root = supervisor.root("samples");
            refused(root.call::<usize>("live", ()), Kind::Closed, &words);
            assert_eq!(supervisor.life(), 1, "{told}");
        }
    }
}

#[test]
fn a_plugin_that_crashes_more_often_than_allowed_is_given_up_and_says_why() {
    let builder = quick(&SAMPLES).most_restarts(3, HOUR);
    let (builder, told) = listening(builder);
    let supervisor = builder.start().unwrap();
    let root = supervisor.root("samples");
    for life in 1..=4 {
        assert_eq!(
            supervisor.plugin().unwrap().name(),
            life_name(&supervisor, life)
        );
        crash(&supervisor);
    }
    let words = [
        "is given up, after 3 restarts within 3600s (SupervisorBuilder::most_restarts;",
        "(life 4)` is closed: it trapped: ",
        "unreachable",
    ];
    let error = refused(root.call::<usize>("live", ()), Kind::Closed, &words);
    assert!(error.trace()[0].contains("innermost"), "{error:?}");
    assert_eq!(supervisor.ended(), Some(error));
    let all = next(&told, 12);
    assert_eq!(all[10..], ["crash 4 Trap", "give up"], "{all:?}");

    // A new version has not failed yet.
    supervisor.reload().unwrap();
    assert_eq!(supervisor.ended(), None);
    for life in 5..=8 {
        assert_eq!(
            supervisor.plugin().unwrap().name(),
            life_name(&supervisor, life)
        );
        crash(&supervisor);
    }
    refused(supervisor.plugin(), Kind::Closed, &words[..1]);
}

fn life_name(supervisor: &Supervisor, life: u64) -> String {
    format!("{} (life {life})", supervisor.name())
}

#[test]
fn no_restart_comes_before_its_time_and_each_waits_longer_than_the_one_before() {
    let millis = Duration::from_millis;
    let supervisor = quick(&SAMPLES)
        .backoff(Backoff::new(millis(40), 2.0, LONG))
        .start()
        .unwrap();
    for delay in [40, 80, 160] {
        let began = Instant::now();
        crash(&supervisor);
        assert!(supervisor.plugin().is_ok());
        assert!(began.elapsed() >= millis(delay), "{:?}", began.elapsed());
    }
}

#[test]
fn the_caller_who_meets_the_crash_is_not_held_up_by_the_restart() {
    let supervisor = quick(&SAMPLES)
        .backoff(Backoff::new(HOUR, 1.0, HOUR))
        .start()
        .unwrap();
    // It would be an hour.
    crash(&supervisor);
    assert_eq!((supervisor.life(), supervisor.ended()), (1, None));
}

#[test]
fn a_restart_that_fails_counts_as_one() {
    let starts = AtomicU32::new(0);
    let builder = quick(&SAMPLES).most_restarts(3, HOUR).setup(move |plugin| {
        match starts.fetch_add(1, Ordering::Relaxed) {
            0 => Ok(()),
            // It dies, it fails, it panics.
            1 => plugin
                .import("samples.dying")?
                .call("panic_with", ("early",)),
            2 => Err(Error::value("there is no table")),
            _ => panic!("there is no chair"),
        }
    });
    let (builder, told) = listening(builder);
    let supervisor = builder.start().unwrap();
    crash(&supervisor);
    let expected = [
        "start 1",
        "crash 1 Trap",
        "crash 2 Load",
        "crash 2 Load",
        "crash 2 Load",
        "give up",
    ];
    assert_eq!(next(&told, 6), expected);
    let words = [
        "after 3 restarts within ",
        "(life 2)` did not start: its setup failed: there is no chair",
    ];
    refused(supervisor.plugin(), Kind::Closed, &words);
    assert_eq!(supervisor.life(), 1);
}

#[test]
fn a_plugin_that_does_not_start_at_first_is_not_tried_again() {
    let tries = AtomicU32::new(0);
    let tries = std::sync::Arc::new(tries);
    let counted = tries.clone();
    let started = quick(&SAMPLES)
        .setup(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Err(Error::value("not today"))
        })
        .start();
    let words = ["(life 1)` did not start: its setup failed: not today"];
    refused(started, Kind::Load, &words);
    assert_eq!(tries.load(Ordering::Relaxed), 1);
    let missing = Supervisor::builder(locum_tests::host(), "missing.wasm").start();
    refused(missing, Kind::Load, &["missing.wasm does not exist"]);
}

#[test]
fn threads_that_meet_the_crash_at_once_cause_one_restart() {
    let supervisor = quick(&HOSTILE).start().unwrap();
    let (threads, rounds) = (4, 8);
    let barrier = Barrier::new(threads);
    for round in 1..=rounds {
        let loops = supervisor.root("hostile.loops").resolve().unwrap();
        let plugin = supervisor.plugin().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    barrier.wait();
                    plugin.kill();
                    loops.call::<u64>("work", (1,)).unwrap_err();
                    supervisor.plugin().unwrap();
                });
            }
        });
        assert_eq!(supervisor.life(), round + 1);
    }
}

#[test]
fn a_plugin_that_dies_while_its_host_is_being_called_is_started_again_for_the_callback_too() {
    let supervisor = samples();
    let again = supervisor.clone();
    let callback = locum::callback(move |_: i64| -> locum::Result<i64> {
        crash(&again);
        // The outer call is still on this stack, in the life that is over.
        counter(&again, 20).call("add", (1,))
    });
    let old = counter(&supervisor, 1);
    old.call::<()>("watch", (callback,)).unwrap();
    let error = old.call::<i64>("add", ()).unwrap_err();
    assert_eq!(error.kind(), Kind::Trap, "{error:?}");
    assert_eq!(supervisor.life(), 2);
    assert_eq!(counter(&supervisor, 1).call::<i64>("add", ()).unwrap(), 2);
}
