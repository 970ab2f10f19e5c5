//! Calls that are started, posted, or waited for with patience.

use std::future::Future;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use locum::{
    CallOptions, Kind, LoadOptions, Pending, PostError, Proxy, ReplyMode, Result, callback,
};
use locum_tests::{SAMPLES, refused};

const LONG: Duration = Duration::from_secs(60);

/// The plainest executor: polls, and parks the thread in between.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// A callback that waits until it is let go, and says when it has begun.
fn gatekeeper() -> (Proxy, impl Fn(), impl Fn()) {
    let (begun, has_begun) = channel();
    let (go, may_go) = channel::<()>();
    let may_go = Mutex::new(may_go);
    let keeper = callback(move || {
        let _ = begun.send(());
        let _ = may_go.lock().map(|may_go| may_go.recv_timeout(LONG));
    });
    let wait = move || has_begun.recv_timeout(LONG).expect("it begins");
    let let_go = move || go.send(()).expect("somebody waits");
    (keeper, wait, let_go)
}

#[test]
fn r13_a_started_call_is_collected_later() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (1,))?;
        let pending: Pending<i64> = counter.start("add", (41,));
        assert_eq!(pending.wait()?, 42);
        assert_eq!(counter.start_get::<i64>("value").wait()?, 42);
        let twin: Proxy = counter.start("twin", ()).wait()?;
        assert_eq!(twin.get::<i64>("value")?, 42);
        Ok(())
    });
}

#[test]
fn r13_a_posted_call_is_made_although_nobody_waits() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let (told, hears) = channel();
        let told = Mutex::new(told);
        let watcher = callback(move |n: i64| {
            told.lock()
                .map(|told| told.send(n).is_ok())
                .unwrap_or(false)
        });
        counter.call::<()>("watch", (watcher,))?;
        counter.post("add", (7,))?;
        assert_eq!(hears.recv_timeout(LONG), Ok(7));
        counter.post_set("value", 3)?;
        assert_eq!(
            counter.get::<i64>("value")?,
            3,
            "it is made before what comes after it"
        );
        counter.call("forget_watchers", ())
    });
}

#[test]
fn r13_a_posted_call_that_fails_is_told_to_the_hook() {
    let lost: Arc<Mutex<Vec<PostError>>> = Arc::default();
    let options = LoadOptions::new().on_post_error({
        let lost = lost.clone();
        move |error| lost.lock().unwrap().push(error.clone())
    });
    let subject = SAMPLES.in_wasm_with(options, Vec::new());
    let counter = subject.make("Counter", ()).unwrap();
    counter.post("add", ("much",)).unwrap();
    counter.call::<i64>("add", ()).unwrap();
    let lost = std::mem::take(&mut *lost.lock().unwrap());
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0].callee, "Counter.add");
    assert_eq!(lost[0].peer, subject.name());
    assert_eq!(lost[0].error.kind(), Kind::TypeError);
    assert!(
        lost[0]
            .to_string()
            .contains("argument `by` (1): expected an integer"),
        "{}",
        lost[0]
    );
}

#[test]
fn r13_a_posted_call_whose_arguments_can_not_travel_fails_at_once() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let deep = (0..100).fold(locum::Value::Null, |inner, _| {
            locum::Value::List(vec![inner])
        });
        refused(
            counter.post("add", (deep,)),
            Kind::LimitExceeded,
            &["argument 1"],
        );
        Ok(())
    });
}

#[test]
fn r15_a_result_is_there_when_it_is_and_is_handed_out_once() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (5,))?;
        let (keeper, begun, let_go) = gatekeeper();
        let mut pending = counter.start::<i64>("add_during", (keeper,));
        begun();
        assert!(!pending.is_ready());
        assert!(pending.try_take().is_none());
        assert!(
            format!("{pending:?}").contains("Counter.add_during (not ready)"),
            "{pending:?}"
        );
        let_go();
        while !pending.is_ready() {
            thread::yield_now();
        }
        assert_eq!(pending.try_take().transpose()?, Some(6));
        assert!(pending.is_ready());
        assert!(pending.try_take().is_none(), "it has been taken");
        refused(
            pending.wait(),
            Kind::ValueError,
            &["`Counter.add_during` has been taken already"],
        );
        Ok(())
    });
}

#[test]
fn r15_a_result_can_be_awaited_by_any_executor() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let sum = block_on(async {
            let (first, second) = (
                counter.start::<i64>("add", (1,)),
                counter.start::<i64>("add", (1,)),
            );
            Ok::<_, locum::Error>(first.await? + second.await?)
        })?;
        assert_eq!(sum, 3);
        let error = block_on(counter.start::<i64>("add", ("one",)));
        refused(error, Kind::TypeError, &["argument `by` (1)"]);
        Ok(())
    });
}

#[test]
fn r15_a_result_that_nobody_wants_does_not_keep_the_call_from_being_made() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        drop(counter.start::<i64>("add", (5,)));
        assert_eq!(counter.get::<i64>("value")?, 5);
        // What it would have brought is given back.
        drop(counter.start::<Proxy>("twin", ()));
        counter.get::<i64>("value")?;
        assert_eq!(subject.stats().imports, 1);
        Ok(())
    });
}

#[test]
fn r14_patience_ends_the_wait_and_not_the_call() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (1,))?;
        let (keeper, begun, let_go) = gatekeeper();
        let hasty = counter.with(CallOptions::new().patience(Duration::from_millis(20)));
        let answer = hasty.call::<i64>("add_during", (keeper,));
        let error = refused(
            answer,
            Kind::Timeout,
            &[
                "`Counter.add_during` has not answered within 20ms",
                "it goes on",
            ],
        );
        begun();
        let_go();
        let later = error.pending::<i64>().expect("the error carries it");
        assert_eq!(later.wait()?, 2, "it went on");
        assert!(
            error
                .pending::<i64>()
                .is_some_and(|mut it| it.is_ready() && it.try_take().is_none())
        );
        assert!(
            counter
                .call::<i64>("add", ("x",))
                .is_err_and(|error| error.pending::<i64>().is_none())
        );
        Ok(())
    });
}

#[test]
fn r14_a_wait_has_patience_of_its_own() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (1,))?;
        let (keeper, begun, let_go) = gatekeeper();
        let pending = counter.start::<i64>("add_during", (keeper,));
        begun();
        let error = pending.wait_for(Duration::from_millis(5)).unwrap_err();
        assert_eq!(error.kind(), Kind::Timeout);
        let pending = error.pending::<i64>().expect("the error carries it");
        let error = pending.wait_for(Duration::ZERO).unwrap_err();
        let_go();
        let pending = error.pending::<i64>().expect("again");
        assert_eq!(pending.wait_for(Duration::MAX)?, 2);
        Ok(())
    });
}

#[test]
fn r14_a_patient_call_that_is_answered_in_time_is_like_any_other() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (1,))?;
        let patient = counter.with(CallOptions::new().patience(LONG));
        assert_eq!(patient.call::<i64>("add", (2,))?, 3);
        assert_eq!(patient.get::<i64>("value")?, 3);
        patient.set("value", 9)?;
        assert!(patient.call::<Vec<i64>>("countdown", ()).is_err());
        refused(
            patient.call::<i64>("ad", ()),
            Kind::NoSuchAttribute,
            &["did you mean `add`?"],
        );
        assert_eq!(patient.value::<i64>()?, 9);
        Ok(())
    });
}

#[test]
fn r19_options_are_inherited_by_the_call_from_the_proxy_and_by_the_proxy_from_the_plugin() {
    let of_plugin = CallOptions::new()
        .patience(Duration::from_millis(10))
        .reply(ReplyMode::Proxy);
    let subject = SAMPLES.in_wasm_with(LoadOptions::new().call_options(of_plugin), Vec::new());
    let counter: Proxy = subject.make("Counter", (1,)).unwrap();
    assert_eq!(counter.call_options(), of_plugin);
    // Data by proxy, as the plugin's options have it; the value, as this proxy's have it.
    let left: Proxy = counter.get("value").unwrap();
    assert_eq!(left.type_name(), "int");
    let by_value = counter.with(CallOptions::new().reply(ReplyMode::Value));
    assert_eq!(by_value.get::<i64>("value").unwrap(), 1);
    assert_eq!(by_value.call_options(), of_plugin.reply(ReplyMode::Value));
    // Patience too.
    let sleep = subject.import("samples.waiting").unwrap().at("sleep");
    let error = sleep.invoke::<u64>((100,)).unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert_eq!(
        sleep
            .with(CallOptions::new().patience(None))
            .invoke::<u64>((30,))
            .unwrap(),
        30
    );
    drop(error);
}

#[test]
fn r19_a_path_and_a_weak_proxy_keep_the_options() {
    SAMPLES.over_both(|subject| {
        let options = CallOptions::new().patience(LONG);
        let scene = subject.make("Scene", ())?.with(options);
        assert_eq!(scene.at("camera.lens").call_options(), options);
        assert_eq!(scene.at("camera").resolve()?.call_options(), options);
        assert_eq!(
            scene.downgrade().upgrade().map(|it| it.call_options()),
            Some(options)
        );
        Ok(())
    });
}

#[test]
fn r02_started_calls_of_two_plugins_do_not_wait_for_each_other() {
    SAMPLES.over_both(|subject| {
        let other = subject.another();
        let (slow, quick) = (subject.make("Counter", (0,))?, other.make("Counter", (0,))?);
        let (keeper, begun, let_go) = gatekeeper();
        let first = slow.start::<i64>("add_during", (keeper,));
        begun();
        let second = quick.start::<i64>("add", (1,));
        assert_eq!(
            second.wait()?,
            1,
            "it is answered while the first one is not"
        );
        assert!(!first.is_ready());
        let_go();
        assert_eq!(first.wait()?, 1);
        Ok(())
    });
}

#[test]
fn r03_what_is_pending_is_made_on_the_thread_that_asks_and_counted() {
    let subject = SAMPLES.in_wasm(Vec::new());
    let plugin = subject.loaded().unwrap().clone();
    assert_eq!(plugin.process_pending(), 0);
    let counter = subject.make("Counter", ()).unwrap();
    // While this thread is in the plugin, workers can not take the calls from it.
    let inside = callback({
        let counter = counter.clone();
        move || {
            let waiting: Vec<_> = (0..5).map(|_| counter.start::<i64>("add", ())).collect();
            let mut made = 0;
            while waiting.iter().any(|it| !it.is_ready()) {
                made += plugin.process_pending();
            }
            made
        }
    });
    let samples = subject.import("samples").unwrap();
    let made: usize = samples.call("apply", (inside,)).unwrap();
    assert!(
        (4..=5).contains(&made),
        "a worker may have begun with one, not more: {made}"
    );
    assert_eq!(counter.get::<i64>("value").unwrap(), 5);
}

#[test]
fn r13_a_plugin_starts_and_posts_as_its_host_does() {
    SAMPLES.over_both(|subject| {
        let waiting = subject.import("samples.waiting")?;
        let double = callback(|n: i64| n * 2);
        assert_eq!(waiting.call::<i64>("start_and_collect", (double, 10))?, 90);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let recorder = callback({
            let seen = seen.clone();
            move |n: i64| seen.lock().unwrap().push(n)
        });
        waiting.call::<()>("in_every_mode", (recorder,))?;
        // The last one was posted, and is made before the plugin is given back what it had borrowed.
        let begun = Instant::now();
        while seen.lock().unwrap().len() < 4 && begun.elapsed() < LONG {
            thread::yield_now();
        }
        assert_eq!(*seen.lock().unwrap(), [1, 2, 3, 4]);
        while subject.stats().exports > 0 && begun.elapsed() < LONG {
            subject.settle();
        }
        Ok(())
    });
}

#[test]
fn r13_what_a_plugin_posts_is_made_when_its_object_is_free_again() {
    let subject = SAMPLES.in_wasm(Vec::new());
    let announcer: Arc<Mutex<Option<Proxy>>> = Arc::default();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listener = callback({
        let (announcer, heard) = (announcer.clone(), heard.clone());
        move |n: i64| -> Result<()> {
            let announcer = announcer.lock().unwrap().clone();
            // It would be `Busy` in the middle of the call that posts.
            let count = announcer.map(|it| it.get::<i64>("count")).transpose()?;
            heard.lock().unwrap().push((n, count));
            Ok(())
        }
    });
    *announcer.lock().unwrap() = Some(subject.make_waiting("Announcer", (listener,)).unwrap());
    let handle = announcer.lock().unwrap().clone().unwrap();
    assert_eq!(handle.call::<i64>("announce", ()).unwrap(), 1);
    assert_eq!(*heard.lock().unwrap(), [(1, Some(1))]);
    drop(handle);
    announcer.lock().unwrap().take();
}

#[test]
fn r24_what_is_pending_fails_when_the_plugin_goes() {
    let subject = SAMPLES.in_wasm(Vec::new());
    let counter = subject.make("Counter", ()).unwrap();
    let (hold, begun, let_go) = gatekeeper();
    let running = counter.start::<i64>("add_during", (hold,));
    begun();
    let queued: Vec<_> = (0..10).map(|_| counter.start::<i64>("add", ())).collect();
    subject.loaded().unwrap().kill();
    let_go();
    refused(running.wait(), Kind::Closed, &["it was killed"]);
    for pending in queued {
        refused(pending.wait(), Kind::Closed, &["it was killed"]);
    }
    let late = counter.start::<i64>("add", ());
    refused(late.wait(), Kind::Closed, &["it was killed"]);
    refused(counter.post("add", ()), Kind::Closed, &["it was killed"]);
    while subject.stats().pending > 0 {
        thread::yield_now();
    }
}

#[test]
fn r14_patience_in_a_callback_is_served_by_the_plugin_that_waits() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let patient = samples.with(CallOptions::new().patience(LONG));
        let inside = callback(move || {
            let first: i64 = patient.call("echo", (1,))?;
            let second = patient.start::<i64>("echo", (2,)).wait_for(LONG)?;
            Ok::<_, locum::Error>(first + second)
        });
        let begun = Instant::now();
        assert_eq!(samples.call::<i64>("apply", (&inside,))?, 3);
        assert_eq!(samples.start::<i64>("apply", (inside,)).wait()?, 3);
        assert!(begun.elapsed() < LONG, "nobody has waited to the end");
        while subject.stats().exports > 0 {
            subject.settle();
        }
        Ok(())
    });
}

#[test]
fn r02_a_call_that_is_stuck_holds_up_no_other_plugin() {
    let subject = SAMPLES.in_wasm(Vec::new());
    let other = subject.another();
    let (stuck, quick) = (
        subject.make("Counter", (0,)).unwrap(),
        other.make("Counter", (0,)).unwrap(),
    );
    for _ in 0..50 {
        // One worker is there, and idle.
        let mut warm = quick.start::<i64>("add", (1,));
        while warm.try_take().is_none() {
            thread::yield_now();
        }
        let (keeper, begun, let_go) = gatekeeper();
        let first = stuck.start::<i64>("add_during", (keeper,));
        let mut second = quick.start::<i64>("add", (1,));
        let asked = Instant::now();
        // Only asked for, so that it is a worker who has to make it.
        while second.try_take().is_none() {
            assert!(
                asked.elapsed() < Duration::from_secs(20),
                "it waits for the other plugin"
            );
            thread::yield_now();
        }
        begun();
        let_go();
        first.wait().unwrap();
    }
    subject.settle();
}
