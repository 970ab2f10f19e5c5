//! Roots: what outlasts the lives of a plugin.

use std::time::{Duration, Instant};

use locum::{Backoff, CallOptions, Kind, LoadOptions, Proxy, Restart, Supervisor};
use locum_tests::{COUNTERS, HOSTILE, SAMPLES, host, refused, says};

use super::arena::{HOUR, LONG, counter, crash, is_of_the_past, quick, samples};

/// A supervisor whose plugin has died, and which starts it again after that time.
fn waiting(delay: Duration, patience: Duration) -> Supervisor {
    let supervisor = quick(&SAMPLES)
        .backoff(Backoff::new(delay, 1.0, delay))
        .patience(patience)
        .start()
        .unwrap();
    crash(&supervisor);
    supervisor
}

#[test]
fn a_root_leads_to_whichever_life_there_is() {
    let supervisor = samples();
    let root = supervisor.root("samples");
    for life in 1..=3 {
        let name = format!("{} (life {life})", supervisor.name());
        let module = root.resolve().unwrap();
        assert!(
            format!("{module:?}").ends_with(&format!("@{name}>")),
            "{module:?}"
        );
        assert_eq!(root.get::<i64>("LIMIT").unwrap(), 10);
        let class = root.at("Counter");
        let made: Proxy = class.invoke((life,)).unwrap();
        assert_eq!(made.get::<i64>("value").unwrap(), life);
        assert_eq!(root.call::<usize>("live", ()).unwrap(), 1);
        assert_eq!(root.start::<usize>("live", ()).unwrap().wait().unwrap(), 1);
        root.post("echo", (1,)).unwrap();
        crash(&supervisor);
        is_of_the_past(
            made.get::<i64>("value"),
            &supervisor,
            life as u64,
            &["it trapped"],
        );
        is_of_the_past(
            module.get::<i64>("LIMIT"),
            &supervisor,
            life as u64,
            &["it trapped"],
        );
    }
    assert_eq!(
        format!("{:?}", root.at("Counter").at("x")),
        format!("<Root samples.Counter.x@{}>", supervisor.name())
    );
}

#[test]
fn the_name_of_a_proxy_tells_its_life_and_no_two_plugins_share_one() {
    let (one, two) = (samples(), samples());
    assert_ne!(one.name(), two.name());
    crash(&one);
    for (supervisor, life) in [(&one, 2), (&two, 1)] {
        let name = format!("{} (life {life})", supervisor.name());
        assert_eq!(supervisor.plugin().unwrap().name(), name);
        let proxy = counter(supervisor, 1);
        assert!(
            format!("{proxy:?}").ends_with(&format!("@{name}>")),
            "{proxy:?}"
        );
    }
}

#[test]
fn a_module_that_is_not_there_is_an_error_that_says_which_there_are() {
    let supervisor = samples();
    let root = supervisor.root("sample");
    refused(
        root.call::<()>("x", ()),
        Kind::NoSuchModule,
        &["did you mean `samples`"],
    );
}

#[test]
fn a_call_that_comes_during_a_restart_waits_for_it() {
    let supervisor = waiting(Duration::from_millis(100), LONG);
    let root = supervisor.root("samples");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(root.call::<i64>("echo", (5,)).unwrap(), 5));
        }
    });
    assert_eq!(supervisor.life(), 2);
}

#[test]
fn a_call_that_would_wait_in_vain_is_told_at_once_when_it_is_tried_again() {
    let supervisor = waiting(HOUR, LONG);
    let began = Instant::now();
    let words = [
        &*format!("plugin `{}` is started again in ", supervisor.name()),
        "3599.",
        "its patience is 60s; SupervisorBuilder::patience",
        "(life 1)` is closed: it trapped",
    ];
    let root = supervisor.root("samples");
    refused(root.call::<usize>("live", ()), Kind::Closed, &words);
    refused(supervisor.plugin(), Kind::Closed, &words);
    assert!(began.elapsed() < LONG / 2);
}

#[test]
fn the_patience_of_a_call_holds_for_the_restart_too() {
    let supervisor = waiting(HOUR, Duration::MAX);
    let root = supervisor.root("samples");
    let hurried = root.with(CallOptions::new().patience(Duration::from_millis(10)));
    let words = ["is started again in 3599.", "its patience is 10ms"];
    refused(hurried.call::<usize>("live", ()), Kind::Closed, &words);

    let options = LoadOptions::new().call_options(CallOptions::new().patience(LONG));
    let supervisor = quick(&HOSTILE).options(options).start().unwrap();
    let sleeps = supervisor.root("hostile.sleeps");
    let hurried = sleeps.with(CallOptions::new().patience(Duration::from_millis(10)));
    refused(
        hurried.call::<()>("sleep", (200,)),
        Kind::Timeout,
        &["10ms"],
    );
    assert_eq!(sleeps.call::<()>("sleep", (1,)).ok(), Some(()));
}

#[test]
fn a_restart_that_takes_longer_than_a_caller_waits_is_an_error_that_says_so() {
    let supervisor = quick(&SAMPLES)
        .patience(Duration::from_millis(20))
        .setup(|plugin| match plugin.name().ends_with("(life 1)") {
            true => Ok(()),
            false => plugin.import("samples.waiting")?.call("sleep", (1000,)),
        })
        .start()
        .unwrap();
    crash(&supervisor);
    let error = supervisor.plugin().unwrap_err();
    assert_eq!(error.kind(), Kind::Closed);
    says(
        &error,
        &[
            "is being started, which takes longer than this call waits",
            "20ms",
            "it trapped",
        ],
    );
    supervisor.stop().unwrap();
}

#[test]
fn a_root_reaches_other_plugins_through_every_restart() {
    let counters = Supervisor::builder(host(), COUNTERS.path())
        .backoff(Backoff::none())
        .restart(Restart::Always)
        .start()
        .unwrap();
    // Published, and given: the other plugin knows nothing of lives.
    let options = LoadOptions::new().publish("counters", counters.root("counters"));
    let other = host().load_with(SAMPLES.path(), options).unwrap();
    let keeper: Proxy = other.import("samples").unwrap().call("Keeper", ()).unwrap();
    keeper
        .call::<()>("keep", (counters.root("counters").proxy(),))
        .unwrap();
    for life in 1..=3 {
        let counter: Proxy = keeper.call("call_last", ("Counter", life)).unwrap();
        assert_eq!(counter.call::<i64>("add", (1,)).unwrap(), life + 1);
        let imported = other.import("samples").unwrap();
        imported
            .call::<locum::Value>("imported", ("counters",))
            .unwrap();
        assert_eq!(counters.life(), life as u64);
        counters.plugin().unwrap().kill();
        counter.call::<i64>("add", ()).unwrap_err();
    }
}
