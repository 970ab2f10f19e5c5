//! Supervised plugins, and what is to be known of them.

use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use locum::{
    Backoff, Error, Kind, LoadOptions, Proxy, Result, Supervisor, SupervisorBuilder, Value,
};
use locum_tests::{HOSTILE, SAMPLES, Sample, host, refused};

/// Long enough for whatever comes at all.
pub(super) const LONG: Duration = Duration::from_secs(60);

/// As long as nobody waits.
pub(super) const HOUR: Duration = Duration::from_secs(3600);

/// A supervisor of a plugin, which restarts it at once.
pub(super) fn quick(sample: &Sample) -> SupervisorBuilder {
    Supervisor::builder(host(), sample.path())
        .backoff(Backoff::none())
        .most_restarts(u32::MAX, LONG)
        .patience(LONG)
}

/// The samples, supervised.
pub(super) fn samples() -> Supervisor {
    quick(&SAMPLES).start().unwrap()
}

/// What is hostile, supervised.
pub(super) fn hostile(options: LoadOptions) -> Supervisor {
    quick(&HOSTILE).options(options).start().unwrap()
}

/// A sample object, of the current life.
pub(super) fn counter(supervisor: &Supervisor, start: i64) -> Proxy {
    let samples = supervisor.root("samples");
    samples.call("Counter", (start,)).unwrap()
}

/// Lets the samples die.
pub(super) fn crash(supervisor: &Supervisor) -> Error {
    let dying = supervisor.root("samples.dying");
    refused(dying.call::<Value>("trap", ()), Kind::Trap, &[])
}

/// A proxy of a life that is over says of which, and of what it died.
#[track_caller]
pub(super) fn is_of_the_past<T: std::fmt::Debug>(
    answer: Result<T>,
    supervisor: &Supervisor,
    life: u64,
    words: &[&str],
) -> Error {
    let name = format!("plugin `{} (life {life})` is closed: ", supervisor.name());
    refused(answer, Kind::Closed, &[&[&*name], words].concat())
}

/// Waits until something is so that comes about by itself.
#[track_caller]
pub(super) fn until(what: &str, so: impl Fn() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < LONG, "it never came about: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// What the hooks of a supervisor are told, in words.
pub(super) fn listening(builder: SupervisorBuilder) -> (SupervisorBuilder, Receiver<String>) {
    let (tell, told) = mpsc::channel();
    let (start, crash, restart, give_up) = (tell.clone(), tell.clone(), tell.clone(), tell);
    let builder = builder
        .on_start(move |life| start.send(format!("start {}", life.number())).unwrap())
        .on_crash(move |life, cause| {
            assert!(life.plugin().is_none());
            let text = format!("crash {} {:?}", life.number(), cause.kind());
            crash.send(text).unwrap();
        })
        .on_restart(move |life| restart.send(format!("restart {}", life.number())).unwrap())
        .on_give_up(move |_| give_up.send("give up".into()).unwrap());
    (builder, told)
}

/// The next things that are told.
#[track_caller]
pub(super) fn next(told: &Receiver<String>, count: usize) -> Vec<String> {
    let next = || told.recv_timeout(LONG).expect("something is told");
    (0..count).map(|_| next()).collect()
}
