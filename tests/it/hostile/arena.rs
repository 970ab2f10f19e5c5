//! A hostile plugin beside one that shall not notice.

use std::process::Command;
use std::time::Duration;

use locum::{Error, Kind, LoadOptions, Plugin, Proxy, Value};
use locum_tests::{COUNTERS, HOSTILE, host, refused, resident_bytes, says};

/// Long enough for whatever ends by itself, on a machine under load.
pub(super) const DEADLINE: Duration = Duration::from_millis(200);

/// Set for a process that runs one attack after the other, and looks at its memory.
const MEASURE: &str = "LOCUM_TEST_MEMORY";

/// By how many bytes the process may have grown from the first to the last round of one attack: far less than one plugin's
/// memory, or one message that was kept.
const GROWTH: usize = 24 << 20;

/// How often it must have grown for something to be lost.
const ATTEMPTS: usize = 3;

pub(super) struct Arena {
    pub(super) plugin: Plugin,
    /// An object of the plugin that shall not notice.
    counter: Proxy,
}

/// Runs an attack on a host in which another plugin works, and sees that it still does.
#[track_caller]
pub(super) fn attack(options: LoadOptions, attack: impl Fn(&Arena)) {
    let round = || {
        let arena = Arena::with(options.clone());
        attack(&arena);
        arena.others_go_on();
    };
    round();
    if std::env::var_os(MEASURE).is_some() {
        // What is lost is lost again each time; what the allocator keeps for later it keeps once.
        let grown: Vec<usize> = (0..ATTEMPTS)
            .map(|_| {
                let before = resident_bytes();
                round();
                round();
                resident_bytes().saturating_sub(before)
            })
            .take_while(|grown| *grown >= GROWTH)
            .collect();
        assert!(
            grown.len() < ATTEMPTS,
            "the process has grown by {grown:?} bytes"
        );
    }
}

/// The same for a plugin with a short deadline.
#[track_caller]
pub(super) fn attack_in_time(run: impl Fn(&Arena)) {
    attack(LoadOptions::new().deadline(DEADLINE), run);
}

impl Arena {
    pub(super) fn with(options: LoadOptions) -> Arena {
        let bystander = host().load(COUNTERS.path()).unwrap();
        let counters = bystander.import("counters").unwrap();
        Arena {
            plugin: host().load_with(HOSTILE.path(), options).unwrap(),
            counter: counters.call("Counter", (1,)).unwrap(),
        }
    }

    /// A module of the hostile plugin.
    pub(super) fn module(&self, name: &str) -> Proxy {
        self.plugin.import(&format!("hostile.{name}")).unwrap()
    }

    /// The call has cost the plugin its life, and the caller has learnt why.
    #[track_caller]
    pub(super) fn ends<T: std::fmt::Debug>(
        &self,
        answer: locum::Result<T>,
        kind: Kind,
        words: &[&str],
    ) -> Error {
        let error = refused(answer, kind, words);
        self.is_closed(words);
        error
    }

    /// The plugin is gone, and says why.
    #[track_caller]
    pub(super) fn is_closed(&self, words: &[&str]) {
        let later = refused(
            self.plugin.import("hostile.loops"),
            Kind::Closed,
            &["plugin `hostile"],
        );
        says(&later, words);
        assert!(self.plugin.closed().is_some());
    }

    /// The plugin still answers.
    #[track_caller]
    pub(super) fn goes_on(&self) {
        let sum = self.module("loops").call::<u64>("work", (5,)).unwrap();
        assert_eq!(sum, 4);
    }

    #[track_caller]
    fn others_go_on(&self) {
        assert_eq!(self.counter.call::<i64>("add", (2,)).unwrap(), 3);
        let again = host().load(HOSTILE.path()).unwrap();
        let loops = again.import("hostile.loops").unwrap();
        assert_eq!(loops.call::<u64>("work", (2,)).unwrap(), 1);
        again.close().unwrap();
    }
}

#[test]
fn the_memory_that_an_attack_took_is_back_after_it() {
    if std::env::var_os(MEASURE).is_some() {
        return;
    }
    // One after the other in a process of their own: nothing else grows meanwhile.
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program)
        .args(["hostile::", "--test-threads=1"])
        .env(MEASURE, "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("test result: ok"), "{text}");
}

#[test]
fn an_answer_that_is_expected_is_not_taken_for_an_attack() {
    attack_in_time(|arena| {
        let loops = arena.module("loops");
        assert_eq!(loops.call::<Value>("work", (1,)).unwrap(), Value::Int(0));
        arena.goes_on();
    });
}
