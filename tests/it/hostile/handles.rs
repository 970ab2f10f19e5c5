//! Handles that are not the plugin's, and references that it was not lent: T01 to T04. The same at the level of messages
//! is in `bad_handles.rs`.

use std::collections::VecDeque;
use std::sync::Arc;

use locum::{Bytes, Kind, LoadOptions, Modules, Peer, PeerLimits, Proxy, Result, Value, callback};
use locum_protocol::{Handle, HandleTable, Reference, Released, WireParcel};
use locum_tests::{Message, SAMPLES, Subject, Wire, refused, says, wire};

use super::arena::{attack, attack_in_time};

/// The handle under which a fresh table lends its first value.
fn first() -> Handle {
    HandleTable::new(1).insert(()).unwrap()
}

/// Has the plugin call an object of the host's by a bare handle, without arguments.
fn say(subject: &Subject, raw: u64) -> Result<Bytes> {
    let rogue = subject.import("samples.rogue")?;
    rogue.call("say", (raw, Bytes::from(&[0x81, 0x80])))
}

fn give_back(subject: &Subject, target: Handle, count: u32) -> Result<()> {
    let rogue = subject.import("samples.rogue")?;
    rogue.call("give_back", (target.raw(), count))
}

/// A plugin with an object that keeps others.
fn keeper() -> (Subject, Proxy) {
    let subject = SAMPLES.in_wasm(vec![]);
    let keeper = subject.make("Keeper", ()).unwrap();
    (subject, keeper)
}

// ---- T01 ----

#[test]
fn t01_a_handle_that_was_never_lent_is_refused_and_tells_nothing() {
    attack_in_time(|_| {
        let (subject, keeper) = keeper();
        let secret = callback(|| "the secret");
        keeper.call::<()>("keep", (&secret,)).unwrap();
        let honest = say(&subject, first().raw()).unwrap();
        assert!(honest.ends_with(b"the secret"));
        let index = first().raw() & 0xFF_FFFF;
        let guesses = [0, 1, 7, u64::MAX, 1 << 53, (1 << 53) - 1, first().raw() + 1]
            .into_iter()
            // Every generation of the one slot that is in use, but for the one that it is in.
            .chain((2..20).map(|generation| generation << 24 | index));
        for raw in guesses {
            let error = refused(say(&subject, raw), Kind::BadHandle, &["is not lent to"]);
            let told = format!("{error:?}");
            assert!(
                !told.contains("secret") && !told.contains("callback"),
                "{told}"
            );
        }
        keeper.call::<()>("forget", ()).unwrap();
    });
}

#[test]
fn t01_a_handle_of_the_plugins_own_objects_means_nothing_at_its_host() {
    attack_in_time(|_| {
        let (subject, keeper) = keeper();
        // The host has lent nothing; the plugin has lent its module and an object.
        for raw in [first().raw(), first().raw() + 1, first().raw() + 2] {
            refused(say(&subject, raw), Kind::BadHandle, &["is not lent to"]);
        }
        drop(keeper);
    });
}

#[test]
fn t01_a_plugin_names_as_many_wrong_handles_as_its_limit_allows_and_is_closed_at_the_next() {
    for strikes in [0, 1, 5, PeerLimits::default().strikes] {
        attack(LoadOptions::new(), |_| {
            let mut limits = locum::Limits::default();
            limits.strikes = strikes;
            let subject = SAMPLES.in_wasm_with(LoadOptions::new().limits(limits), vec![]);
            for _ in 0..strikes {
                refused(say(&subject, 7), Kind::BadHandle, &["is not lent to"]);
            }
            assert_eq!(subject.peer().closed(), None);
            let words = format!(
                "named {} handles that it was not lent (Limits::strikes)",
                strikes + 1
            );
            says(&say(&subject, 7).unwrap_err(), &[&words]);
            says(subject.peer().closed().unwrap(), &[&words]);
        });
    }
}

// ---- T02 ----

#[test]
fn t02_a_stale_handle_does_not_lead_to_what_is_in_its_slot_now() {
    attack_in_time(|_| {
        let (subject, keeper) = keeper();
        let mut stale = Vec::new();
        for n in 0..5_u64 {
            keeper.call::<()>("keep", (callback(move || n),)).unwrap();
            let current = first().raw() + (n << 24);
            let answer = say(&subject, current).unwrap();
            assert_eq!(*answer, [n as u8], "the slot is used again");
            for old in &stale {
                refused(
                    say(&subject, *old),
                    Kind::BadHandle,
                    &["or has been released"],
                );
            }
            keeper.call::<()>("forget", ()).unwrap();
            stale.push(current);
        }
        // What was in it last is stale by now as well.
        for old in stale {
            refused(
                say(&subject, old),
                Kind::BadHandle,
                &["or has been released"],
            );
        }
    });
}

// ---- T03 ----

#[test]
fn t03_a_plugin_that_gives_back_more_than_it_was_lent_is_closed() {
    attack_in_time(|_| {
        let (subject, keeper) = keeper();
        keeper.call::<()>("keep", (callback(|| ()),)).unwrap();
        let error = give_back(&subject, first(), 2).unwrap_err();
        says(&error, &["gave back more references than it was lent"]);
        let answer = keeper.call::<()>("forget", ());
        assert!(matches!(
            answer.unwrap_err().kind(),
            Kind::Closed | Kind::Protocol
        ));
        assert!(subject.stats().is_idle(), "{:?}", subject.stats());
    });
}

#[test]
fn t03_a_plugin_that_gives_back_what_it_was_not_lent_is_closed() {
    for raw in [0, 7, u64::MAX, first().raw()] {
        attack_in_time(|_| {
            let (subject, keeper) = keeper();
            let error = give_back(&subject, Handle::from_raw(raw), 1).unwrap_err();
            says(&error, &["gave back a reference that it was not lent"]);
            assert!(keeper.call::<()>("forget", ()).is_err());
            says(
                subject.peer().closed().unwrap(),
                &["gave back a reference that it was not lent"],
            );
            assert!(subject.stats().is_idle(), "{:?}", subject.stats());
        });
    }
}

#[test]
fn t03_a_plugin_can_not_take_an_object_from_under_its_host() {
    attack_in_time(|_| {
        let (subject, keeper) = keeper();
        let mine = callback(|| 5);
        keeper.call::<()>("keep", (&mine,)).unwrap();
        give_back(&subject, first(), 1).unwrap();
        assert_eq!(subject.stats().exports, 0);
        assert_eq!(
            mine.invoke::<i64>(()).unwrap(),
            5,
            "the host still holds it"
        );
        // The plugin's own proxy to it is void now.
        let answer = keeper.call::<Value>("call_last", ("",));
        refused(answer, Kind::BadHandle, &["is not lent to"]);
        // Its honest release is one too many.
        assert!(keeper.call::<()>("forget", ()).is_err());
    });
}

// ---- T04 ----

/// Two peers with a slow wire between them: replies and releases are under way until they are delivered, each kind in its
/// order.
struct Crossing {
    owner: Peer,
    /// Keeps the owner's connection, over which nothing goes.
    _other_end: Peer,
    borrower: Peer,
    wire: Wire,
    asked: Proxy,
    replies: VecDeque<Handle>,
    releases: VecDeque<Released>,
    held: Vec<Proxy>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// The owner answers with its object once more.
    Reply,
    /// The oldest answer arrives.
    Receive,
    /// The borrower lets go of all that it has.
    Drop,
    /// What it gave back first arrives.
    Release,
}

impl Crossing {
    fn new() -> Crossing {
        let offers = Modules::new("owner", "1").with_object("thing", callback(|| 5).into_object());
        let (other_end, owner) = locum_protocol::pair(
            ("borrower", Arc::new(Modules::new("nobody", "1"))),
            ("owner", Arc::new(offers)),
        );
        // What this end serves is what it offers; the messages are carried by hand.
        let (borrower, wire) = wire(PeerLimits::default());
        let asked = borrower.import("asked").unwrap();
        Crossing {
            owner,
            _other_end: other_end,
            borrower,
            wire,
            asked,
            replies: VecDeque::new(),
            releases: VecDeque::new(),
            held: Vec::new(),
        }
    }

    /// Makes a step, if there is anything to be done.
    fn make(&mut self, step: Step) -> bool {
        match step {
            Step::Reply => {
                let handle = self.owner.serve_import_module("thing").unwrap();
                self.replies.push_back(handle);
            }
            Step::Receive => {
                let Some(handle) = self.replies.pop_front() else {
                    return false;
                };
                self.wire.answer(WireParcel {
                    item: [0xD9, 0x4C, 0x4F, 0x82, 0x00, 0x61, b'x'].into(),
                    objects: vec![Reference::Mine(handle)],
                    buffers: vec![],
                });
                self.held.push(self.asked.get("thing").unwrap());
            }
            Step::Drop if self.held.is_empty() => return false,
            Step::Drop => self.held.clear(),
            Step::Release => {
                let Some(released) = self.releases.pop_front() else {
                    return false;
                };
                self.owner.serve_release(&[released]).unwrap();
            }
        }
        for message in self.wire.sent() {
            if let Message::Release(released) = message {
                self.releases.extend(released);
            }
        }
        true
    }

    /// Whatever is under way, nobody has been closed, and what is held or is about to arrive is there.
    fn check(&self, steps: &[Step]) {
        assert_eq!(self.owner.closed(), None, "{steps:?}");
        assert_eq!(self.borrower.closed(), None, "{steps:?}");
        for handle in &self.replies {
            let there = self.owner.serve_describe(*handle);
            assert!(there.is_ok(), "{steps:?}: a reply carries what is gone");
        }
        let is_lent = self.owner.stats().exports == 1;
        let is_wanted = !self.held.is_empty() || !self.replies.is_empty();
        assert!(is_lent || !is_wanted, "{steps:?}: what is held is gone");
    }

    /// All that is under way arrives, and all is let go.
    fn end(mut self, steps: &[Step]) {
        while self.make(Step::Receive) {}
        self.check(steps);
        self.make(Step::Drop);
        while self.make(Step::Release) {}
        self.check(steps);
        assert_eq!(self.owner.stats().exports, 0, "{steps:?}");
        assert_eq!(self.borrower.stats().imports, 1, "{steps:?}: what it asks");
    }
}

/// Runs these steps, and then each way to go on by so many more; returns how many ways there were.
fn permutations(steps: &mut Vec<Step>, more: usize) -> usize {
    let mut crossing = Crossing::new();
    for step in steps.iter() {
        if !crossing.make(*step) {
            // As without it.
            return 0;
        }
        crossing.check(steps);
    }
    crossing.end(steps);
    if more == 0 {
        return 1;
    }
    let mut ways = 1;
    for step in [Step::Reply, Step::Receive, Step::Drop, Step::Release] {
        steps.push(step);
        ways += permutations(steps, more - 1);
        steps.pop();
    }
    ways
}

#[test]
fn t04_a_release_that_crosses_a_reply_with_the_same_object_frees_nothing_that_is_held() {
    let ways = permutations(&mut Vec::new(), 10);
    assert!(ways > 2000, "{ways} ways were tried");
}

#[test]
fn t04_threads_that_get_and_let_go_one_object_never_lose_it() {
    attack_in_time(|_| {
        let (subject, keeper) = keeper();
        let counter = subject.make("Counter", (1,)).unwrap();
        keeper.call::<()>("keep", (&counter,)).unwrap();
        drop(counter);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let counter: Proxy = keeper.call("last", ()).unwrap();
                        assert_eq!(counter.get::<i64>("value").unwrap(), 1);
                    }
                });
            }
        });
        keeper.call::<()>("forget", ()).unwrap();
    });
}
