//! These run under Miri too: `cargo +nightly miri test -p locum-protocol --test reentry`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::reentry::*;

/// Like a `StoreContextMut`: a mutable borrow that is reborrowed on every way in.
struct Log<'a>(&'a mut Vec<&'static str>);

struct Logs;

impl Family for Logs {
    type At<'a> = Log<'a>;
}

fn say(key: &Key<Logs>, word: &'static str) -> &'static str {
    match key.enter(|log| log.0.push(word)) {
        Entry::Done(()) => "done",
        Entry::Running => "running",
        Entry::Absent(_) => "absent",
    }
}

#[test]
fn a_plugin_that_is_not_on_this_thread_is_absent() {
    let (key, other) = (Key::<Logs>::new(), Key::<Logs>::new());
    assert_eq!(say(&key, "a"), "absent");
    let mut words = Vec::new();
    other.park(&mut Log(&mut words), || {
        assert_eq!(say(&key, "b"), "absent")
    });
    key.park(&mut Log(&mut words), || {
        std::thread::scope(|scope| {
            scope
                .spawn(|| assert_eq!(say(&key, "c"), "absent"))
                .join()
                .unwrap()
        });
    });
    assert!(words.is_empty());
}

#[test]
fn a_plugin_that_runs_is_entered_only_while_it_is_parked() {
    let key = Key::<Logs>::new();
    let mut words = Vec::new();
    key.occupy(|| {
        assert_eq!(say(&key, "too early"), "running");
        key.park(&mut Log(&mut words), || {
            assert_eq!(say(&key, "parked"), "done")
        });
        assert_eq!(say(&key, "too late"), "running");
    });
    assert_eq!(words, ["parked"]);
}

#[test]
fn the_innermost_frame_of_the_right_plugin_is_lent() {
    let (key, other) = (Key::<Logs>::new(), Key::<Logs>::new());
    let (mut words, mut others) = (Vec::new(), Vec::new());
    key.park(&mut Log(&mut words), || {
        other.park(&mut Log(&mut others), || {
            let entered = key.enter(|outer| {
                outer.0.push("outer");
                key.park(&mut Log(outer.0), || {
                    assert_eq!(say(&key, "inner"), "done");
                    assert_eq!(say(&other, "other"), "done");
                });
                outer.0.push("outer again");
            });
            assert!(matches!(entered, Entry::Done(())));
        });
    });
    assert_eq!(words, ["outer", "inner", "outer again"]);
    assert_eq!(others, ["other"]);
}

#[test]
fn a_context_that_is_lent_is_not_lent_again_until_it_is_back() {
    let key = Key::<Logs>::new();
    let mut words = Vec::new();
    key.park(&mut Log(&mut words), || {
        let entered = key.enter(|log| {
            assert_eq!(say(&key, "twice"), "running");
            log.0.push("once");
        });
        assert!(matches!(entered, Entry::Done(())));
        assert_eq!(say(&key, "back"), "done");
    });
    assert_eq!(words, ["once", "back"]);
}

#[test]
fn a_panic_takes_the_frames_off_that_it_passes() {
    let key = Key::<Logs>::new();
    let mut words = Vec::new();
    key.park(&mut Log(&mut words), || {
        let caught = catch_unwind(AssertUnwindSafe(|| {
            key.enter(|log| {
                log.0.push("before");
                key.park(log, || key.occupy(|| panic!("on purpose")))
            })
        }));
        assert!(caught.is_err());
        assert_eq!(
            say(&key, "after"),
            "done",
            "the outer frame is on top again, and no longer lent"
        );
    });
    assert_eq!(say(&key, "gone"), "absent");
    assert_eq!(words, ["before", "after"]);
}

#[test]
fn the_stack_is_measured_from_the_outermost_frame() {
    let (key, other) = (Key::<Logs>::new(), Key::<Logs>::new());
    assert_eq!((stack_used(), key.stack_used()), (0, None));
    other.occupy(|| {
        deeper(|| {
            key.occupy(|| {
                let (thread, plugin) = (stack_used(), key.stack_used().unwrap());
                deeper(|| {
                    key.occupy(|| assert!(cfg!(miri) || key.stack_used().unwrap() >= plugin + 4096))
                });
                assert!(
                    cfg!(miri) || thread >= plugin + 4096,
                    "{thread} then {plugin}"
                );
            });
        });
    });
    assert_eq!((stack_used(), key.stack_used()), (0, None));
}

/// Runs `then` with 4 KiB more on the stack. (Miri's stack has no order.)
#[inline(never)]
fn deeper(then: impl FnOnce()) {
    let room = std::hint::black_box([0_u8; 4096]);
    then();
    std::hint::black_box(room);
}
