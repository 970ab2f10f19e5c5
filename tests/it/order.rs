//! The order of one thread's calls, whatever their mode.

use std::sync::{Arc, Mutex};
use std::thread;

use locum::{Proxy, Result, callback};
use locum_tests::{SAMPLES, Subject};

/// A callback that notes the numbers that it is called with.
fn recorder() -> (Proxy, impl Fn() -> Vec<i64>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let callback = callback({
        let seen = seen.clone();
        move |n: i64| seen.lock().unwrap().push(n)
    });
    (callback, move || seen.lock().unwrap().clone())
}

/// A counter whose values are noted: each `add` of 1 notes the next number.
fn watched(subject: &Subject) -> Result<(Proxy, impl Fn() -> Vec<i64>)> {
    let (watcher, seen) = recorder();
    let counter = subject.make("Counter", ())?;
    counter.call::<()>("watch", (watcher,))?;
    Ok((counter, seen))
}

#[test]
fn r02_calls_of_one_thread_are_made_in_their_order_whatever_their_mode() {
    SAMPLES.over_both(|subject| {
        let keeper = subject.make("Keeper", ())?;
        let mut last = None;
        for round in 0..200_i64 {
            match round % 4 {
                0 => keeper.post("keep", (round,))?,
                1 => drop(keeper.start::<()>("keep", (round,))),
                2 => last = Some(keeper.start::<()>("keep", (round,))),
                _ => {
                    keeper.call::<()>("keep", (round,))?;
                    assert_eq!(keeper.call::<i64>("last", ())?, round);
                }
            }
        }
        last.map_or(Ok(()), |last| last.wait())?;
        for round in (0..200_i64).rev() {
            assert_eq!(keeper.call::<i64>("give", ())?, round);
        }
        Ok(())
    });
}

#[test]
fn r02_the_order_holds_across_the_objects_of_one_plugin() {
    SAMPLES.over_both(|subject| {
        let (recorder, seen) = recorder();
        let counters: Vec<Proxy> = (0..5)
            .map(|n| subject.make("Counter", (n * 10,)))
            .collect::<Result<_>>()?;
        for counter in &counters {
            counter.call::<()>("watch", (&recorder,))?;
        }
        for counter in &counters {
            counter.post("add", (1,))?;
        }
        counters[0].call::<i64>("add", (1,))?;
        assert_eq!(seen(), [1, 11, 21, 31, 41, 2]);
        for counter in &counters {
            counter.call::<()>("forget_watchers", ())?;
        }
        Ok(())
    });
}

#[test]
fn r02_results_that_are_waited_for_in_any_order_came_in_theirs() {
    SAMPLES.over_both(|subject| {
        let (counter, seen) = watched(subject)?;
        let started: Vec<_> = (0..100).map(|_| counter.start::<i64>("add", ())).collect();
        for (index, pending) in started.into_iter().enumerate().rev() {
            assert_eq!(pending.wait()?, index as i64 + 1);
        }
        assert!(seen().iter().copied().eq(1..=100));
        counter.call("forget_watchers", ())
    });
}

#[test]
fn r02_each_of_many_threads_has_its_own_order() {
    SAMPLES.over_both(|subject| {
        const THREADS: i64 = 4;
        const CALLS: i64 = 100;
        let keeper = subject.make("Keeper", ())?;
        thread::scope(|scope| {
            let work = |thread: i64| {
                let keeper = &keeper;
                move || -> Result<()> {
                    for call in 0..CALLS {
                        let value = thread * CALLS + call;
                        match call % 3 {
                            0 => keeper.post("keep", (value,))?,
                            1 => keeper.start::<()>("keep", (value,)).wait()?,
                            _ => keeper.call("keep", (value,))?,
                        }
                    }
                    // What is still queued is made before this returns.
                    keeper.call::<i64>("last", ()).map(drop)
                }
            };
            let threads: Vec<_> = (0..THREADS)
                .map(|thread| scope.spawn(work(thread)))
                .collect();
            threads
                .into_iter()
                .try_for_each(|thread| thread.join().expect("no panic"))
        })?;
        let mut seen: Vec<i64> = (0..THREADS * CALLS)
            .map(|_| keeper.call("give", ()))
            .collect::<Result<_>>()?;
        seen.reverse();
        for thread in 0..THREADS {
            let own: Vec<i64> = seen
                .iter()
                .copied()
                .filter(|value| value / CALLS == thread)
                .collect();
            assert!(
                own.iter().copied().eq(thread * CALLS..(thread + 1) * CALLS),
                "thread {thread}: {own:?}"
            );
        }
        Ok(())
    });
}

#[test]
fn r02_calls_that_a_callback_makes_keep_their_order_too() {
    SAMPLES.over_both(|subject| {
        let keeper = subject.make("Keeper", ())?;
        let samples = subject.import("samples")?;
        let callback = callback({
            let keeper = keeper.clone();
            move || -> Result<i64> {
                keeper.post("keep", (1,))?;
                let second = keeper.start::<()>("keep", (2,));
                keeper.call::<()>("keep", (3,))?;
                let fourth = keeper.start::<()>("keep", (4,));
                second.wait()?;
                fourth.wait()?;
                keeper.post("keep", (5,))?;
                keeper.call("last", ())
            }
        });
        assert_eq!(samples.call::<i64>("apply", (callback,))?, 5);
        for value in [5, 4, 3, 2, 1] {
            assert_eq!(keeper.call::<i64>("give", ())?, value);
        }
        Ok(())
    });
}

#[test]
fn r02_a_started_call_may_start_calls_and_wait_for_them() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let counter = subject.make("Counter", ())?;
        let callback = callback({
            let counter = counter.clone();
            move || -> Result<i64> {
                let inner: Vec<_> = (0..10).map(|_| counter.start::<i64>("add", ())).collect();
                inner.into_iter().map(|pending| pending.wait()).sum()
            }
        });
        let outer: Vec<_> = (0..3)
            .map(|_| samples.start::<i64>("apply", (&callback,)))
            .collect();
        let sum: i64 = outer
            .into_iter()
            .map(|pending| pending.wait())
            .sum::<Result<_>>()?;
        assert_eq!(sum, (1..=30).sum::<i64>());
        drop(callback);
        while subject.stats().exports > 0 {
            subject.settle();
        }
        Ok(())
    });
}

#[test]
fn r02_a_call_that_waits_for_one_behind_it_is_told_so() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let slot: Arc<Mutex<Option<locum::Pending<i64>>>> = Arc::default();
        let (begin, begun) = std::sync::mpsc::channel::<()>();
        let begun = Mutex::new(begun);
        let callback = callback({
            let slot = slot.clone();
            move || -> Result<i64> {
                begun.lock().unwrap().recv().unwrap();
                let behind = slot.lock().unwrap().take().expect("it is there");
                behind.wait()
            }
        });
        let first = samples.start::<i64>("apply", (callback,));
        *slot.lock().unwrap() = Some(samples.start::<i64>("echo", (7,)));
        begin.send(()).unwrap();
        let error = first.wait().unwrap_err();
        assert_eq!(error.kind(), locum::Kind::Busy, "{error:?}");
        assert!(
            error
                .message()
                .contains("can only go on when the call that waits for it has ended"),
            "{error}"
        );
        while subject.stats().exports > 0 {
            subject.settle();
        }
        Ok(())
    });
}
