//! What happens, one message after the other, and how it is compared with the model.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use locum_protocol::{Error, Handle, Kind, Peer, PeerLimits, Proxy, Reference, Result, WeakPeer};

use super::super::input::Input;
use super::items::{Flaw, Item};
use super::model::{Answer, Expected, Model, Ref};
use super::things::Thing;

/// Messages of the top level, at most.
const MOST_STEPS: usize = 200;

/// Both ends, and what is known of them.
pub(super) struct World {
    this: Weak<World>,
    state: Mutex<State>,
    /// How many things are alive.
    pub(super) alive: AtomicUsize,
    peer: OnceLock<WeakPeer>,
    root: OnceLock<Weak<Thing>>,
}

pub(super) struct State {
    pub(super) input: Input,
    pub(super) model: Model,
    steps: usize,
    /// What the model's `kept` and `hands` are.
    kept: Vec<Proxy>,
    pub(super) hands: Vec<Proxy>,
    /// What an object has just answered, and the far end.
    pub(super) outcome: Option<Expected<Answer>>,
    pub(super) answered: Option<Expected<Vec<Ref>>>,
    /// What is being sent to the far end.
    pub(super) sending: VecDeque<Ref>,
    /// How many releases the far end is too busy for.
    pub(super) busy: u8,
    /// How often the far end was told that it is closed.
    pub(super) ends: u8,
}

impl World {
    pub(super) fn new(mut input: Input) -> Arc<World> {
        let mut limits = PeerLimits::default();
        limits.strikes = input.below(4) as u32;
        limits.exports = 2 + input.below(6) as u32;
        limits.call_depth = 1 + input.below(4);
        limits.attachments = 3;
        Arc::new_cyclic(|this| World {
            this: this.clone(),
            state: Mutex::new(State {
                input,
                model: Model::new(limits),
                steps: 0,
                kept: Vec::new(),
                hands: Vec::new(),
                outcome: None,
                answered: None,
                sending: VecDeque::new(),
                busy: 0,
                ends: 0,
            }),
            alive: AtomicUsize::new(0),
            peer: OnceLock::new(),
            root: OnceLock::new(),
        })
    }

    pub(super) fn this(&self) -> Arc<World> {
        self.this.upgrade().expect("it is here")
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn connect(&self, peer: &Peer) {
        assert!(self.peer.set(peer.downgrade()).is_ok());
    }

    pub(super) fn has_root(&self, root: &Arc<Thing>) {
        assert!(self.root.set(Arc::downgrade(root)).is_ok());
    }

    pub(super) fn root(&self) -> Arc<Thing> {
        let root = self.root.get().and_then(Weak::upgrade);
        root.expect("the peer is there, and has it")
    }

    pub(super) fn peer(&self) -> Peer {
        let peer = self.peer.get().and_then(WeakPeer::upgrade);
        peer.expect("it is in the middle of something")
    }

    pub(super) fn things(&self) -> usize {
        self.alive.load(Ordering::Relaxed)
    }

    // ---- what goes on ----

    pub(super) fn goes_on(&self) -> bool {
        let mut state = self.lock();
        state.steps += 1;
        state.steps <= MOST_STEPS && !state.input.is_empty()
    }

    /// The next message, in one direction or the other.
    pub(super) fn step(&self) {
        match self.choose(2) {
            0 => self.inward(),
            _ => self.outward(),
        }
    }

    /// What the far end says while it has a request to answer.
    pub(super) fn meanwhile(&self) {
        let messages = self.choose(4).saturating_sub(1);
        for _ in 0..messages {
            self.inward();
        }
    }

    // ---- choices ----

    pub(super) fn choose(&self, limit: usize) -> usize {
        self.lock().input.below(limit)
    }

    /// A handle as the far end may name it: one that is lent, one that was, one of its own, or any number.
    pub(super) fn handle(&self) -> Handle {
        let mut state = self.lock();
        let State { input, model, .. } = &mut *state;
        let kind = input.byte();
        let pick = |among: &mut dyn Iterator<Item = Handle>, at: usize| {
            let among: Vec<Handle> = among.collect();
            (!among.is_empty()).then(|| among[at % among.len()])
        };
        let at = usize::from(kind >> 3);
        let known = match kind % 8 {
            0..=4 => pick(&mut model.lent.keys().copied(), at),
            5 => pick(&mut model.ever.iter().copied(), at),
            6 => pick(&mut model.owed.keys().copied(), at),
            _ => Some(Handle::from_raw(input.u64() >> (at * 2))),
        };
        known.unwrap_or(Handle::PLUGIN)
    }

    /// A handle under which the far end lends something.
    pub(super) fn foreign(&self) -> Handle {
        let input = &mut self.lock().input;
        match input.byte() {
            few @ 0..=239 => Handle::from_raw(u64::from(few % 10)),
            240..=247 => Handle::from_raw((1 << 24) | u64::from(input.byte() % 4)),
            _ => Handle::from_raw(input.u64()),
        }
    }

    /// References, in order or not.
    pub(super) fn item(&self) -> Item {
        let count = self.choose(5);
        let references = (0..count).map(|_| match self.choose(2) {
            0 => Reference::Mine(self.foreign()),
            _ => Reference::Yours(self.handle()),
        });
        let references = references.collect();
        let flaw = match self.choose(16) {
            1 => Flaw::NotNamed,
            2 => Flaw::NamedTwice,
            3 => Flaw::Trailing,
            4 => Flaw::NoFrame,
            _ => Flaw::None,
        };
        Item { references, flaw }
    }

    /// What the far end answers: references, or a fault, which may be its last word.
    pub(super) fn answer(&self) -> Result<Item> {
        match self.choose(16) {
            1 | 2 => Err(Error::raise("Sad", "it failed over there")),
            3 => {
                let trap = Error::new(Kind::Trap, "unreachable");
                self.lock().model.close(Kind::Trap);
                self.peer().close_with(trap.clone());
                Err(trap)
            }
            _ => Ok(self.item()),
        }
    }

    // ---- what the near end's objects do ----

    /// The objects that were given are those that the model knows of.
    pub(super) fn given(&self, given: &[Proxy]) -> Vec<Ref> {
        let refs = self.lock().model.on_the_way.last().cloned();
        let refs = refs.expect("it was asked");
        self.are(given, &refs);
        refs
    }

    /// The proxies refer to these objects.
    pub(super) fn are(&self, proxies: &[Proxy], refs: &[Ref]) {
        assert_eq!(proxies.len(), refs.len());
        for (proxy, reference) in proxies.iter().zip(refs) {
            match reference {
                Ref::Near(id) => {
                    let is_thing = self.lock().model.objects[id].is_thing;
                    assert!(proxy.is_local(), "{proxy:?} for {reference:?}");
                    assert!(!is_thing || proxy.type_name() == format!("Thing{id}"));
                }
                Ref::Far(handle) => {
                    let text = format!("<Proxy[{}] #{}@far>", proxy.type_name(), handle.index());
                    assert_eq!(format!("{proxy:?}"), text);
                }
            }
        }
    }

    pub(super) fn kept(&self) -> (Vec<Ref>, Vec<Proxy>) {
        let state = self.lock();
        let most = 4;
        let refs = state.model.kept.iter().take(most).copied().collect();
        (refs, state.kept.iter().take(most).cloned().collect())
    }

    pub(super) fn keep(&self, refs: Vec<Ref>, given: Vec<Proxy>) {
        let mut state = self.lock();
        if state.kept.len() < 8 {
            state.model.kept.extend(refs);
            state.kept.extend(given);
        } else {
            drop(state);
            drop(given);
        }
    }

    pub(super) fn forget(&self) {
        let mut state = self.lock();
        state.model.kept.clear();
        let kept = std::mem::take(&mut state.kept);
        drop(state);
        drop(kept);
    }

    pub(super) fn failed<T>(&self, error: Error) -> Result<T> {
        self.lock().outcome = Some(Err(error.kind()));
        Err(error)
    }

    // ---- what holds ----

    /// The peer is as the model says, now that nothing is under way.
    pub(super) fn compare(&self, peer: &Peer) {
        self.lock().busy = 0;
        let stats = peer.stats();
        let state = self.lock();
        let model = &state.model;
        assert_eq!(peer.closed().map(Error::kind), model.closed);
        assert_eq!(usize::from(state.ends), usize::from(model.closed.is_some()));
        assert_eq!(stats.exports, model.lent.len(), "objects lent");
        let held = model.held();
        match model.closed {
            None => {
                assert_eq!(stats.imports, held.len(), "objects held");
                assert!(model.owed.keys().eq(&held), "{:?}, {held:?}", model.owed);
            }
            Some(_) => assert_eq!(stats.imports, 0, "objects held after the end"),
        }
        assert_eq!(self.things(), model.things(), "things alive");
        assert_eq!((stats.pending, model.serving), (0, 0));
    }

    /// At the end, what can not be seen is shown by using it up: the counts of what is lent, and the strikes.
    pub(super) fn end(&self, peer: &Peer) {
        let lent: Vec<(Handle, u32)> = {
            let lent = &self.lock().model.lent;
            lent.iter().map(|(it, (_, count))| (*it, *count)).collect()
        };
        for (handle, count) in lent {
            self.release(peer, &[(handle, count - 1)]);
            self.compare(peer);
            self.release(peer, &[(handle, 1)]);
            self.compare(peer);
        }
        self.forget();
        self.let_go();
        self.describe(peer, Handle::PLUGIN);
        self.compare(peer);
        if peer.closed().is_none() {
            assert!(peer.stats().is_idle(), "{:?}", peer.stats());
            let left = {
                let model = &self.lock().model;
                model.limits.strikes - model.strikes
            };
            for _ in 0..left {
                self.describe(peer, Handle::from_raw(u64::MAX));
            }
            assert_eq!(peer.closed(), None);
            self.describe(peer, Handle::from_raw(u64::MAX));
            self.compare(peer);
            assert!(peer.closed().is_some(), "one strike too many");
        }
    }

    fn let_go(&self) {
        let mut state = self.lock();
        state.model.hands.clear();
        let hands = std::mem::take(&mut state.hands);
        drop(state);
        drop(hands);
    }
}

/// What was answered is what was expected.
pub(super) fn agree<T, E>(real: Result<T>, expected: Expected<E>) -> Option<(T, E)> {
    match (real, expected) {
        (Ok(real), Ok(expected)) => Some((real, expected)),
        (Err(error), Err(kind)) => {
            assert_eq!(error.kind(), kind, "{error:?}");
            None
        }
        (Ok(_), Err(kind)) => panic!("an answer where {kind:?} is due"),
        (Err(error), Ok(_)) => panic!("{error:?} where an answer is due"),
    }
}
