//! What the program is told, and what it may do then.

use std::sync::{Arc, Mutex, OnceLock, mpsc};

use locum::{Kind, Plugin, Restart, Supervisor};
use locum_tests::{HOSTILE, SAMPLES, refused};

use super::arena::{LONG, counter, crash, is_of_the_past, listening, next, quick};

#[test]
fn hooks_are_told_in_the_order_of_what_happens() {
    let (builder, told) = listening(quick(&SAMPLES).restart(Restart::Always));
    let supervisor = builder.start().unwrap();
    crash(&supervisor);
    supervisor.plugin().unwrap().kill();
    supervisor.plugin().unwrap().close().unwrap();
    supervisor.plugin().unwrap();
    supervisor.reload().unwrap();
    supervisor.stop().unwrap();
    let expected = [
        "start 1",
        "crash 1 Trap",
        "start 2",
        "restart 2",
        "crash 2 Closed",
        "start 3",
        "restart 3",
        // Closing it was no crash.
        "start 4",
        "restart 4",
        // Nor was this one, which is no restart either.
        "start 5",
    ];
    assert_eq!(told.iter().collect::<Vec<_>>(), expected);
}

#[test]
fn stopping_waits_until_the_hooks_have_been_told_and_lets_them_go() {
    let held = Arc::new(());
    let inside = held.clone();
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = told.clone();
    let supervisor = quick(&SAMPLES)
        .on_start(move |life| {
            let _ = &inside;
            std::thread::sleep(std::time::Duration::from_millis(50));
            log.lock().unwrap().push(life.number());
        })
        .start()
        .unwrap();
    supervisor.stop().unwrap();
    assert_eq!(*told.lock().unwrap(), [1]);
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn a_hook_that_panics_keeps_nobody_from_going_on() {
    let (builder, told) = listening(quick(&SAMPLES));
    let supervisor = builder
        .on_crash(|_, _| panic!("a clumsy hook"))
        .start()
        .unwrap();
    crash(&supervisor);
    crash(&supervisor);
    assert_eq!(
        next(&told, 5),
        ["start 1", "start 2", "restart 2", "start 3", "restart 3"]
    );
}

#[test]
fn a_hook_may_call_the_supervisor() {
    // Captured before there is one.
    let own: Arc<OnceLock<Supervisor>> = Arc::default();
    let (tell, told) = mpsc::channel();
    let inside = own.clone();
    let supervisor = quick(&SAMPLES)
        .on_crash(move |life, _| {
            let supervisor = inside.get().unwrap();
            match life.number() {
                // It waits for the restart, which does not wait for it.
                1 => tell.send(counter(supervisor, 4).call("add", (1,)).unwrap()),
                2 => {
                    supervisor.reload().unwrap();
                    tell.send(counter(supervisor, 5).call("add", (1,)).unwrap())
                }
                _ => {
                    supervisor.stop().unwrap();
                    tell.send(i64::from(supervisor.plugin().is_err()))
                }
            }
            .unwrap();
        })
        .start()
        .unwrap();
    own.set(supervisor.clone()).unwrap();
    for expected in [5, 6, 1] {
        crash(&supervisor);
        assert_eq!(told.recv_timeout(LONG), Ok(expected));
    }
    assert!(supervisor.ended().is_some());
}

#[test]
fn each_life_is_set_up_before_anybody_else_can_call_it() {
    let names = Arc::new(Mutex::new(Vec::new()));
    let seen = names.clone();
    let supervisor = quick(&SAMPLES)
        .setup(move |plugin: &Plugin| {
            let keeper = plugin.import("samples")?.call("Counter", (7,))?;
            let kept: locum::Proxy = keeper;
            seen.lock().unwrap().push((plugin.name().to_owned(), kept));
            Ok(())
        })
        .start()
        .unwrap();
    for life in 1..=3 {
        let live: usize = supervisor.root("samples").call("live", ()).unwrap();
        assert_eq!(live, 1, "in life {life}");
        assert_eq!(names.lock().unwrap().len(), life);
        crash(&supervisor);
    }
    supervisor.stop().unwrap();
    let names = names.lock().unwrap();
    for (life, (name, kept)) in (1..).zip(&*names) {
        assert_eq!(*name, format!("{} (life {life})", supervisor.name()));
        let _ = is_of_the_past(kept.call::<i64>("add", ()), &supervisor, life, &[]);
    }
}

#[test]
fn a_setup_that_would_wait_for_itself_is_told_so() {
    let own: Arc<OnceLock<Supervisor>> = Arc::default();
    let inside = own.clone();
    let (tell, told) = mpsc::channel();
    let supervisor = quick(&HOSTILE)
        .setup(move |_| {
            if let Some(supervisor) = inside.get() {
                tell.send((supervisor.plugin(), supervisor.reload(), supervisor.stop()))
                    .unwrap();
            }
            Ok(())
        })
        .start()
        .unwrap();
    own.set(supervisor.clone()).unwrap();
    supervisor.plugin().unwrap().kill();
    let (plugin, reload, stop) = told.recv_timeout(LONG).unwrap();
    let words = ["is being set up on this thread"];
    refused(plugin, Kind::Busy, &words);
    refused(reload, Kind::Busy, &words);
    refused(stop, Kind::Busy, &words);
    supervisor.plugin().unwrap();
    supervisor.stop().unwrap();
}
