//! The fuzz targets without a fuzzer: on the inputs that are kept, and on those that once found something. A machine
//! without a nightly compiler runs these.

use std::panic::catch_unwind;
use std::path::Path;

use locum::text as escape;
use locum::{bindgen, expr};
use locum_tests::{LENT, Message, wire, wire_to};

// The fuzz targets are another crate.
#[path = "../fuzz/src/bodies/mod.rs"]
#[allow(unreachable_pub)]
pub(crate) mod bodies;

// What `locum inspect` prints with.
#[path = "../../host/src/bin/locum/report.rs"]
#[allow(dead_code)]
mod report;

#[path = "../../host/src/bin/locum/signature.rs"]
mod signature;

#[path = "../../host/src/bin/locum/style.rs"]
#[allow(dead_code)]
mod style;

/// Runs a target's body on each file in its folder.
fn replay(folder: &str, target: &str, body: fn(&[u8])) -> usize {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let Ok(files) = fuzz.join(folder).join(target).read_dir() else {
        return 0;
    };
    let mut count = 0;
    for file in files {
        let file = file.unwrap().path();
        let bytes = std::fs::read(&file).unwrap();
        let name = file.display();
        assert!(
            catch_unwind(|| body(&bytes)).is_ok(),
            "a law is broken by {name}"
        );
        count += 1;
    }
    count
}

#[track_caller]
fn all_hold(target: &str, body: fn(&[u8])) {
    let kept = replay("corpus", target, body);
    assert!(kept >= 10, "{kept} inputs of `{target}` are kept");
    replay("regressions", target, body);
}

#[test]
fn kept_parcels_are_read_by_the_rules() {
    all_hold("parcel", bodies::parcel);
}

#[test]
fn kept_messages_leave_the_peer_as_its_model_says() {
    all_hold("messages", bodies::messages);
}

#[test]
fn kept_expressions_are_read_or_refused_and_run() {
    all_hold("expression", bodies::expression);
}

#[test]
fn kept_descriptions_are_shown_and_written_without_harm() {
    all_hold("describe", bodies::describe);
}
