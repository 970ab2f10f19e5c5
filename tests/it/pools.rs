//! Templates and pools: one plugin, many instances.

mod calls;
mod inside;
mod maps;
mod templates;

use std::time::{Duration, Instant};

use locum::{Pool, Template};
use locum_tests::{SAMPLES, host};

fn template() -> Template {
    let template = host().template(SAMPLES.path());
    template.expect("the build script has built it")
}

/// So many instances of the samples.
fn samples(instances: usize) -> Pool {
    template().pool(instances).unwrap()
}

/// Waits until something is so that comes about by itself.
#[track_caller]
fn until(what: &str, so: impl Fn() -> bool) {
    let began = Instant::now();
    while !so() {
        let long = Duration::from_secs(60);
        assert!(began.elapsed() < long, "it never came about: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}
