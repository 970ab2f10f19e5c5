//! What the near program does with the far end's objects.

use locum_protocol::describe::ClassInfo;
use locum_protocol::{DynArgs, Kind, Peer, Proxy, Reference, Result, Value};

use super::model::Ref;
use super::steps::{World, agree};
use super::things::Thing;

/// Proxies in the program's hands, at most.
const MOST_HANDS: usize = 8;

impl World {
    /// The near program's next step.
    pub(super) fn outward(&self) {
        let peer = self.peer();
        match self.choose(16) {
            0..=2 => self.ask(Vec::new(), Vec::new(), |_| one(peer.import("x"))),
            3..=4 => self.with_hand(|hand, held| {
                self.ask(vec![held], Vec::new(), |_| hand.get::<Value>("x"))
            }),
            5..=8 => self.with_hand(|hand, held| {
                let (refs, values) = self.arguments(true);
                let args = DynArgs {
                    positional: values.into_iter().map(Value::Object).collect(),
                    keywords: Vec::new(),
                };
                self.ask(vec![held], refs, |_| hand.call::<Value>("x", args));
            }),
            9 => self.with_hand(|hand, held| {
                let (refs, values) = self.arguments(false);
                self.ask([vec![held], refs.clone()].concat(), refs, |_| {
                    hand.set("x", values).map(|()| Value::Null)
                });
            }),
            10 => {
                let (refs, values) = self.arguments(false);
                self.ask(refs.clone(), refs, |peer| one(peer.transfer(&values)));
            }
            11 => self.with_hand(|hand, held| {
                self.ask(vec![held], Vec::new(), |_| described(hand.describe()));
            }),
            12..=14 => self.lets_one_go(),
            _ => self.closes(&peer),
        }
    }

    /// With a proxy to one of the far end's objects, if there is one in the hands.
    fn with_hand(&self, run: impl FnOnce(Proxy, Ref)) {
        let at = self.choose(MOST_HANDS);
        let found = {
            let state = self.lock();
            let hands = state.model.hands.iter().zip(&state.hands);
            let far: Vec<(Ref, Proxy)> = hands
                .filter(|(reference, _)| matches!(reference, Ref::Far(_)))
                .map(|(reference, proxy)| (*reference, proxy.clone()))
                .collect();
            (!far.is_empty()).then(|| far[at % far.len()].clone())
        };
        if let Some((reference, proxy)) = found {
            run(proxy, reference);
        }
    }

    /// What is sent: from the hands, perhaps for good, or new.
    fn arguments(&self, may_be_given_up: bool) -> (Vec<Ref>, Vec<Proxy>) {
        let count = self.choose(5);
        let mut all = (Vec::new(), Vec::new());
        for _ in 0..count {
            let at = self.choose(MOST_HANDS + 2);
            let is_given_up = may_be_given_up && self.choose(2) == 1;
            let held = {
                let state = &mut *self.lock();
                match state.hands.get(at).cloned() {
                    Some(_) if is_given_up => {
                        Some((state.model.hands.remove(at), state.hands.remove(at)))
                    }
                    hand => hand.map(|hand| (state.model.hands[at], hand)),
                }
            };
            let (reference, proxy) = held.unwrap_or_else(|| {
                let id = self.lock().model.make(true, Vec::new());
                (Ref::Near(id), Proxy::local(Thing::new(id, &self.this())))
            });
            all.0.push(reference);
            all.1.push(proxy);
        }
        all
    }

    /// Asks the far end, and takes what it answers. What is sent is held until it has arrived, and what is `held` until
    /// the answer has.
    fn ask(&self, held: Vec<Ref>, refs: Vec<Ref>, real: impl FnOnce(&Peer) -> Result<Value>) {
        let peer = self.peer();
        let sent = {
            let state = &mut *self.lock();
            let model = &mut state.model;
            let lowered = model.lower(&refs);
            let sent = lowered.and_then(|()| model.closed.map_or(Ok(()), Err));
            model.on_the_way.push(held);
            if sent.is_ok() {
                model.on_the_way.push(refs.clone());
            }
            state.answered = None;
            state.sending = refs.into();
            sent
        };
        let real = real(&peer);
        let expected = {
            let state = &mut *self.lock();
            state.model.on_the_way.pop();
            state.sending.clear();
            sent.and_then(|()| state.answered.take().expect("it was asked"))
        };
        if let Some((value, refs)) = agree(real, expected) {
            self.takes(value, refs);
        }
    }

    /// A message left: what it names was sent for what it should.
    pub(super) fn sent(&self, objects: &[Reference]) {
        let state = &mut *self.lock();
        let sending = std::mem::take(&mut state.sending);
        assert_eq!(sending.len(), objects.len());
        for (reference, as_what) in sending.into_iter().zip(objects) {
            state.model.sent(reference, *as_what);
        }
    }

    /// Takes what was answered into the hands, as much as they hold.
    fn takes(&self, value: Value, refs: Vec<Ref>) {
        let items = match value {
            Value::List(items) => items,
            Value::Null => return,
            one => vec![one],
        };
        let proxies = items.into_iter().map(|item| match item {
            Value::Object(proxy) => proxy,
            other => panic!("{other:?} was answered"),
        });
        let mut proxies: Vec<Proxy> = proxies.collect();
        self.are(&proxies, &refs);
        let mut state = self.lock();
        let room = MOST_HANDS.saturating_sub(state.hands.len());
        state.model.hands.extend(refs.into_iter().take(room));
        let taken = proxies.drain(..room.min(proxies.len()));
        state.hands.extend(taken);
        drop(state);
        drop(proxies);
    }

    fn lets_one_go(&self) {
        let at = self.choose(MOST_HANDS);
        let mut state = self.lock();
        if at < state.hands.len() {
            state.model.hands.remove(at);
            let hand = state.hands.remove(at);
            drop(state);
            drop(hand);
        }
    }

    fn closes(&self, peer: &Peer) {
        if self.choose(4) != 1 {
            return;
        }
        {
            let model = &mut self.lock().model;
            model.closing |= model.closed.is_none();
        }
        assert!(peer.close().is_ok());
        self.lock().model.close(Kind::Closed);
    }
}

/// A proxy as the value that it is.
fn one(proxy: Result<Proxy>) -> Result<Value> {
    proxy.map(Value::Object)
}

/// A list of objects has arrived where a description was asked for.
fn described(told: Result<ClassInfo>) -> Result<Value> {
    match told {
        Ok(told) => panic!("{told:?} out of objects"),
        Err(error) if [Kind::TypeError, Kind::ValueError].contains(&error.kind()) => {
            Ok(Value::Null)
        }
        Err(error) => Err(error),
    }
}
