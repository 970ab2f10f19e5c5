//! Settings at the ends of their ranges: T30.

use std::time::Duration;

use locum::{Host, Kind, Limits, LoadOptions};
use locum_tests::{HOSTILE, host, refused};

use super::arena::{Arena, attack};

/// Sets one limit to nothing.
type Clear = fn(&mut Limits);

#[test]
fn t30_a_limit_that_no_plugin_could_live_with_is_refused_by_name() {
    let cleared: &[(&str, Clear)] = &[
        ("memory_bytes", |limits| limits.memory_bytes = 0),
        ("instances", |limits| limits.instances = 0),
        ("deadline", |limits| limits.deadline = Duration::ZERO),
        ("start_deadline", |limits| {
            limits.start_deadline = Duration::ZERO
        }),
        ("fuel", |limits| limits.fuel = Some(0)),
        ("component_bytes", |limits| limits.component_bytes = 0),
        ("functions", |limits| limits.functions = 0),
        ("function_bytes", |limits| limits.function_bytes = 0),
        ("compile_time", |limits| {
            limits.compile_time = Duration::ZERO
        }),
        ("line_bytes", |limits| limits.line_bytes = 0),
        ("exports", |limits| limits.exports = 0),
        ("message_bytes", |limits| limits.message_bytes = 0),
        ("items", |limits| limits.items = 0),
        ("name_bytes", |limits| limits.name_bytes = 0),
        ("call_depth", |limits| limits.call_depth = 0),
    ];
    for (field, clear) in cleared {
        let mut limits = Limits::default();
        clear(&mut limits);
        let words = [&*format!("Limits::{field} is 0"), "leave it at its default"];
        let built = Host::builder().limits(limits.clone()).build();
        refused(built.map(drop), Kind::ValueError, &words);
        let loaded = host().load_with(HOSTILE.path(), LoadOptions::new().limits(limits));
        refused(loaded.map(drop), Kind::ValueError, &words);
    }
    let short = LoadOptions::new().deadline(Duration::ZERO);
    let answer = host().load_with(HOSTILE.path(), short).map(drop);
    refused(answer, Kind::ValueError, &["Limits::deadline is 0"]);
}

#[test]
fn t30_a_limit_that_is_too_large_to_count_is_none() {
    let mut limits = Limits::default();
    limits.memory_bytes = usize::MAX;
    limits.table_elements = usize::MAX;
    limits.instances = usize::MAX;
    limits.resources = usize::MAX;
    limits.deadline = Duration::MAX;
    limits.start_deadline = Duration::MAX;
    limits.component_bytes = usize::MAX;
    limits.functions = usize::MAX;
    limits.function_bytes = usize::MAX;
    limits.compile_time = Duration::MAX;
    limits.output_bytes = usize::MAX;
    limits.line_bytes = usize::MAX;
    limits.exports = u32::MAX;
    limits.message_bytes = usize::MAX;
    limits.buffer_bytes = usize::MAX;
    limits.attachments = usize::MAX;
    limits.items = usize::MAX;
    limits.name_bytes = usize::MAX;
    limits.call_depth = usize::MAX;
    limits.strikes = u32::MAX;
    for fuel in [None, Some(u64::MAX)] {
        limits.fuel = fuel;
        attack(LoadOptions::new().limits(limits.clone()), Arena::goes_on);
    }
}

#[test]
fn t30_the_shortest_limits_stop_a_plugin_and_nothing_else() {
    let mut limits = Limits::default();
    limits.start_deadline = Duration::from_nanos(1);
    limits.deadline = Duration::from_nanos(1);
    let options = LoadOptions::new().limits(limits);
    // A deadline is never shorter than a tick, so what is quick gets through.
    attack(options, |arena| {
        let answer = arena.module("loops").call::<()>("forever", ());
        let words = ["it ran for longer than 1ns in one call (Limits::deadline)"];
        arena.ends(answer, Kind::Deadline, &words);
    });
    let meagre = LoadOptions::new().fuel(1);
    let answer = host().load_with(HOSTILE.path(), meagre).map(drop);
    refused(answer, Kind::Load, &["(Limits::fuel)"]);
}
