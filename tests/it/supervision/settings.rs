//! Settings at the ends of their ranges: T30.

use std::time::{Duration, Instant};

use locum::{Backoff, Kind, SupervisorBuilder};
use locum_tests::{SAMPLES, refused};

use super::arena::{HOUR, LONG, counter, crash, quick};

fn refuses(set: impl FnOnce(SupervisorBuilder) -> SupervisorBuilder, words: &[&str]) {
    refused(set(quick(&SAMPLES)).start(), Kind::ValueError, words);
}

#[test]
fn t30_settings_that_make_no_sense_are_refused_by_name() {
    refuses(
        |it| it.most_restarts(3, Duration::ZERO),
        &["SupervisorBuilder::most_restarts", "no time at all"],
    );
    for factor in [0.0, 0.99, -2.0, f64::NAN, f64::INFINITY] {
        let words = [
            "the factor of a Backoff is",
            &factor.to_string(),
            "1 or more",
        ];
        refuses(|it| it.backoff(Backoff::new(LONG, factor, LONG)), &words);
    }
}

#[test]
fn t30_the_longest_durations_are_for_ever() {
    let supervisor = quick(&SAMPLES)
        .patience(Duration::MAX)
        .drain(Duration::MAX)
        .most_restarts(1, Duration::MAX)
        .start()
        .unwrap();
    crash(&supervisor);
    assert_eq!(counter(&supervisor, 1).call::<i64>("add", ()).unwrap(), 2);
    crash(&supervisor);
    refused(
        supervisor.plugin(),
        Kind::Closed,
        &["after 1 restarts within "],
    );
    supervisor.reload().unwrap();
    supervisor.reload().unwrap();
    supervisor.stop().unwrap();
}

#[test]
fn t30_a_backoff_too_long_to_count_is_waited_for_and_can_be_ended() {
    for backoff in [
        Backoff::new(Duration::MAX, 1.0, Duration::MAX),
        Backoff::new(Duration::MAX, f64::MAX, Duration::MAX),
    ] {
        let supervisor = quick(&SAMPLES)
            .backoff(backoff)
            .patience(HOUR)
            .start()
            .unwrap();
        crash(&supervisor);
        refused(
            supervisor.plugin(),
            Kind::Closed,
            &["is started again in 3153"],
        );
        supervisor.reload().unwrap();
        assert_eq!(supervisor.life(), 2);
    }
}

#[test]
fn t30_no_patience_is_no_waiting_and_no_restarts_is_none() {
    let supervisor = quick(&SAMPLES)
        .patience(Duration::ZERO)
        .backoff(Backoff::new(LONG, 1.0, LONG))
        .start()
        .unwrap();
    let began = Instant::now();
    crash(&supervisor);
    refused(supervisor.plugin(), Kind::Closed, &["its patience is 0ns"]);
    assert!(began.elapsed() < LONG);

    let supervisor = quick(&SAMPLES).most_restarts(0, LONG).start().unwrap();
    crash(&supervisor);
    refused(
        supervisor.plugin(),
        Kind::Closed,
        &["is given up, after 0 restarts within 60s"],
    );
}
