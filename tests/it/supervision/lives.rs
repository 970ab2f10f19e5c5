//! The end of supervision, many supervisors, and what they leave behind.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use locum::{Backoff, Kind, LoadOptions, Proxy, Shared, Supervisor, object};
use locum_tests::{COUNTERS, HOSTILE, SAMPLES, refused};

use super::arena::{
    HOUR, counter, crash, hostile, is_of_the_past, listening, quick, samples, until,
};

#[test]
fn stopping_ends_the_plugin_and_all_supervision() {
    let supervisor = samples();
    let (old, root) = (counter(&supervisor, 1), supervisor.root("samples"));
    supervisor.stop().unwrap();
    is_of_the_past(
        old.call::<i64>("add", ()),
        &supervisor,
        1,
        &["its supervisor was stopped"],
    );
    let words = ["is closed: its supervisor was stopped; start another one"];
    refused(root.call::<usize>("live", ()), Kind::Closed, &words);
    refused(supervisor.plugin(), Kind::Closed, &words);
    refused(supervisor.reload(), Kind::Closed, &words);
    supervisor.stop().unwrap();
    assert_eq!(supervisor.life(), 1);
}

#[test]
fn stopping_tells_what_a_destructor_died_of() {
    let supervisor = hostile(LoadOptions::new());
    let ends = supervisor.root("hostile.ends");
    let _kept: Proxy = ends.call("Farewell", ("panic",)).unwrap();
    refused(supervisor.stop(), Kind::Panic, &["no, I will stay"]);
    assert!(supervisor.ended().is_some());
}

#[test]
fn stopping_while_a_restart_is_waited_for_cancels_it() {
    let delay = std::time::Duration::from_millis(50);
    let (builder, told) = listening(quick(&SAMPLES).backoff(Backoff::new(delay, 1.0, delay)));
    let supervisor = builder.start().unwrap();
    crash(&supervisor);
    supervisor.stop().unwrap();
    std::thread::sleep(3 * delay);
    assert_eq!(told.iter().collect::<Vec<_>>(), ["start 1", "crash 1 Trap"]);
    assert_eq!(supervisor.life(), 1);
}

#[test]
fn a_life_that_is_being_started_when_its_supervisor_is_stopped_ends_at_once() {
    let (builder, told) = listening(quick(&SAMPLES));
    let supervisor = builder
        .setup(|plugin| plugin.import("samples.waiting")?.call("sleep", (100,)))
        .start()
        .unwrap();
    crash(&supervisor);
    supervisor.stop().unwrap();
    assert_eq!(told.iter().collect::<Vec<_>>(), ["start 1", "crash 1 Trap"]);
}

#[test]
fn a_call_that_waits_for_a_restart_is_freed_when_the_supervisor_is_stopped() {
    let supervisor = quick(&SAMPLES)
        .backoff(Backoff::new(HOUR, 1.0, HOUR))
        .patience(2 * HOUR)
        .start()
        .unwrap();
    crash(&supervisor);
    std::thread::scope(|scope| {
        let call = scope.spawn(|| supervisor.plugin());
        supervisor.stop().unwrap();
        refused(
            call.join().unwrap(),
            Kind::Closed,
            &["its supervisor was stopped"],
        );
    });
}

#[test]
fn without_its_supervisor_a_plugin_goes_on_while_it_is_used_and_is_not_restarted() {
    let supervisor = quick(&HOSTILE).start().unwrap();
    let (plugin, root) = (
        supervisor.plugin().unwrap(),
        supervisor.root("hostile.loops"),
    );
    drop(supervisor);
    // A root keeps it going.
    plugin.kill();
    assert_eq!(root.call::<u64>("work", (5,)).unwrap(), 4);
    let loops = root.resolve().unwrap();
    drop(root);
    assert_eq!(loops.call::<u64>("work", (5,)).unwrap(), 4);
    let again = loops.peer().unwrap().clone();
    again.close().unwrap();
    refused(loops.call::<u64>("work", (5,)), Kind::Closed, &["(life 2)"]);
}

#[test]
fn a_supervisor_that_is_dropped_while_a_restart_is_waited_for_leaves_nothing_behind() {
    let held = Arc::new(());
    for delay in [HOUR, std::time::Duration::MAX] {
        let inside = held.clone();
        let supervisor = quick(&SAMPLES)
            .backoff(Backoff::new(delay, 1.0, delay))
            .on_start(move |_| drop(inside.clone()))
            .start()
            .unwrap();
        crash(&supervisor);
        drop(supervisor);
        // The worker that has told the hooks may have yet to let them go.
        until("nobody holds the hooks", || Arc::strong_count(&held) == 1);
    }
}

#[test]
fn supervisors_of_many_plugins_bring_them_all_back_and_share_one_thread() {
    let counters: Vec<Supervisor> = (0..40).map(|_| quick(&COUNTERS).start().unwrap()).collect();
    for round in 1..=3 {
        for supervisor in &counters {
            supervisor.plugin().unwrap().kill();
        }
        for supervisor in &counters {
            let counter: Proxy = supervisor.root("counters").call("Counter", (1,)).unwrap();
            assert_eq!(counter.call::<i64>("add", ()).unwrap(), 2);
            assert_eq!(supervisor.life(), round + 1);
        }
    }
    #[cfg(target_os = "linux")]
    {
        let own = || {
            let tasks = std::fs::read_dir("/proc/self/task").unwrap();
            let names = tasks.filter_map(|task| {
                let comm = task.ok()?.path().join("comm");
                std::fs::read_to_string(comm).ok()
            });
            // The system cuts names short.
            names
                .filter(|name| "locum-supervisor".starts_with(name.trim_end()) && name.len() > 10)
                .count()
        };
        // A worker that it has just started bears its name until it has its own.
        until("there is one thread for all of them", || own() == 1);
    }
}

/// An object of the host's that each life has borrowed when it dies.
struct Lent(Arc<AtomicUsize>);

#[object]
impl Lent {}

impl Drop for Lent {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn what_a_life_had_borrowed_is_back_when_it_is_over() {
    let supervisor = samples();
    let returned = Arc::new(AtomicUsize::new(0));
    for life in 1..=20 {
        let keeper: Proxy = supervisor.root("samples").call("Keeper", ()).unwrap();
        let lent = Shared::new(Lent(returned.clone()));
        keeper.call::<()>("keep", (lent,)).unwrap();
        let stats = supervisor.plugin().unwrap().stats();
        assert_eq!((stats.exports, stats.pending), (1, 0), "{stats:?}");
        match life % 2 {
            0 => drop(crash(&supervisor)),
            _ => supervisor.reload().unwrap(),
        }
        assert_eq!(returned.load(Ordering::Relaxed), life);
    }
}

/// Set for a process that runs one crash loop and looks at its memory.
const MEASURE: &str = "LOCUM_TEST_CRASH_LOOP";

/// Plugins die one after the other, each with memory of its own.
fn crash_loop(supervisor: &Supervisor, lives: u64) {
    let takes = supervisor.root("hostile.takes");
    for _ in 0..lives {
        assert_eq!(takes.call::<usize>("memory", (8 << 20,)).unwrap(), 8 << 20);
        takes.call::<usize>("memory", (1_u32 << 30,)).unwrap_err();
    }
}

#[test]
fn a_crash_loop_leaves_no_memory_behind() {
    if std::env::var_os(MEASURE).is_some() {
        let supervisor = hostile(LoadOptions::new());
        crash_loop(&supervisor, 10);
        let before = locum_tests::resident_bytes();
        crash_loop(&supervisor, 100);
        let grown = locum_tests::resident_bytes().saturating_sub(before);
        assert!(grown < 16 << 20, "the process has grown by {grown} bytes");
        return;
    }
    // In a process of its own: nothing else grows meanwhile.
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["a_crash_loop_leaves_no_memory_behind", "--test-threads=1"])
        .env(MEASURE, "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
}

#[test]
fn a_supervised_plugin_gets_what_its_host_publishes_when_a_life_begins() {
    let host = locum_tests::new_host();
    let supervisor = Supervisor::builder(&host, SAMPLES.path())
        .backoff(Backoff::none())
        .start()
        .unwrap();
    let root = supervisor.root("samples");
    refused(
        root.call::<locum::Value>("imported", ("late",)),
        Kind::NoSuchModule,
        &["`late`"],
    );
    host.publish("late", locum::callback(|| 5));
    crash(&supervisor);
    root.call::<locum::Value>("imported", ("late",)).unwrap();
}
