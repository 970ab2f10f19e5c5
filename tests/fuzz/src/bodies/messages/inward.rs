//! What the far end says to the peer.

use locum_protocol::{Error, Handle, Kind, Peer, Released, ReplyMode, Result, WireParcel};

use super::items::{Flaw, Item};
use super::model::{Answer, Expected, Id, ROOT, Ref};
use super::steps::{World, agree};

/// What is read, written and called. Those with a dot are walked first.
const PATHS: &[&str] = &[
    "",
    "same",
    "root",
    "make",
    "echo",
    "kept",
    "keep",
    "forget",
    "hold",
    "ask",
    "fail",
    "other",
    "same.make",
    "make.same",
    "root.ask",
    "make.echo",
    "other.same",
    "a..b",
];

/// A request of one of the three kinds that go to an object.
#[derive(Clone, Copy, PartialEq)]
enum Verb {
    Get,
    Set,
    Call,
}

impl World {
    /// The far end's next message.
    pub(super) fn inward(&self) {
        let peer = self.peer();
        match self.choose(16) {
            0 | 1 => self.import(&peer),
            2..=3 => self.request(&peer, Verb::Get),
            4 => self.request(&peer, Verb::Set),
            5..=9 => self.request(&peer, Verb::Call),
            10 => self.transfer(&peer),
            11..=12 => self.releases(&peer),
            13 => {
                let target = self.handle();
                self.describe(&peer, target);
            }
            14 if self.choose(4) == 1 => {
                {
                    let model = &mut self.lock().model;
                    model.closing = true;
                    model.close(Kind::Closed);
                }
                peer.serve_close();
            }
            14 if self.choose(4) == 1 => {
                self.lock().model.close(Kind::Trap);
                peer.close_with(Error::new(Kind::Trap, "unreachable"));
            }
            _ => self.lock().busy = 2,
        }
    }

    fn import(&self, peer: &Peer) {
        let long = "m".repeat(5000);
        let (name, refused) = [
            ("m", None),
            ("m", None),
            ("m", None),
            ("n", Some(Kind::NoSuchModule)),
            (".m", Some(Kind::NoSuchAttribute)),
            (&long, Some(Kind::LimitExceeded)),
        ][self.choose(6)];
        let expected = {
            let model = &mut self.lock().model;
            let begun = model.begin();
            let named = begun.and_then(|()| refused.map_or(Ok(()), Err));
            named.and_then(|()| model.lower(&[Ref::Near(ROOT)]))
        };
        if let Some((handle, ())) = agree(peer.serve_import_module(name), expected) {
            self.lock().model.lend(ROOT, handle);
        }
    }

    fn request(&self, peer: &Peer, verb: Verb) {
        let target = self.handle();
        let path = PATHS[self.choose(PATHS.len())];
        let mode = [ReplyMode::Auto, ReplyMode::Proxy, ReplyMode::Value][self.choose(4) % 3];
        let item = match verb {
            Verb::Get => Item {
                references: Vec::new(),
                flaw: Flaw::None,
            },
            _ => self.item(),
        };
        let ready = self.ready(target, path, &item, verb);
        let real = match verb {
            Verb::Get => peer.serve_get_attr(target, path, mode).map(Some),
            Verb::Set => {
                let value = item.listed();
                peer.serve_set_attr(target, path, value).map(|()| None)
            }
            Verb::Call => {
                let args = item.framed();
                peer.serve_call(target, path, args, mode).map(Some)
            }
        };
        let expected = ready.and_then(|id| self.answered(id, path, &item, verb));
        match verb {
            Verb::Set => drop(agree(real, expected)),
            _ => self.replied(real, expected, mode),
        }
        if ready.is_ok() {
            let model = &mut self.lock().model;
            model.serving -= 1;
        }
    }

    /// What the peer does before it asks the object. From then on the request is being served.
    fn ready(&self, target: Handle, path: &str, item: &Item, verb: Verb) -> Expected<Id> {
        let state = &mut *self.lock();
        let model = &mut state.model;
        let arrived = model.lift(item);
        model.begin()?;
        let id = model.named(target)?;
        if path.contains("..") {
            return Err(Kind::NoSuchAttribute);
        }
        let arrived = arrived?;
        if verb == Verb::Call && item.flaw == Flaw::NoFrame && !path.contains('.') {
            return Err(Kind::Decode);
        }
        model.serving += 1;
        model.on_the_way.push(arrived);
        state.outcome = None;
        Ok(id)
    }

    /// What the object answered, or what is answered for it.
    fn answered(&self, id: Id, path: &str, item: &Item, verb: Verb) -> Expected<Answer> {
        let state = &mut *self.lock();
        state.model.on_the_way.pop();
        let is_thing = state.model.objects[&id].is_thing;
        let outcome = state.outcome.take();
        match verb {
            Verb::Get if path.is_empty() => Ok(Answer::Object(Ref::Near(id))),
            // Data has none of these names.
            _ if !is_thing => Err(Kind::NoSuchAttribute),
            Verb::Call if item.flaw == Flaw::NoFrame => {
                outcome.expect("it was walked").and(Err(Kind::Decode))
            }
            _ => outcome.expect("it was asked"),
        }
    }

    /// The reply has in it what it should.
    fn replied(&self, real: Result<Option<WireParcel>>, answer: Expected<Answer>, mode: ReplyMode) {
        let model = &mut self.lock().model;
        let answer = answer.map(|answer| match (answer, mode) {
            (Answer::Data(holds), ReplyMode::Proxy) => {
                Answer::Object(Ref::Near(model.make(false, holds)))
            }
            (Answer::Object(Ref::Near(id)), ReplyMode::Value) => {
                Answer::Data(model.objects[&id].value())
            }
            (answer, _) => answer,
        });
        let expected = answer.and_then(|answer| {
            let refs = answer.refs().to_vec();
            model.lower(&refs).map(|()| refs)
        });
        let Some((Some(wire), refs)) = agree(real, expected) else {
            return;
        };
        assert_eq!(wire.objects.len(), refs.len(), "{wire:?}");
        for (reference, as_what) in refs.iter().zip(wire.objects) {
            model.sent(*reference, as_what);
        }
        // What is the reader's own must not be given back before the reply has been read.
        if model.closed.is_none() && refs.iter().any(|it| matches!(it, Ref::Far(_))) {
            model.replied.extend(refs);
        }
    }

    fn transfer(&self, peer: &Peer) {
        let item = self.item();
        let expected = {
            let model = &mut self.lock().model;
            let arrived = model.lift(&item);
            model.begin().and(arrived).and_then(|arrived| {
                let id = model.make(false, arrived);
                model.lower(&[Ref::Near(id)]).map(|()| id)
            })
        };
        if let Some((handle, id)) = agree(peer.serve_transfer(item.listed()), expected) {
            self.lock().model.lend(id, handle);
        }
    }

    fn releases(&self, peer: &Peer) {
        let count = 1 + self.choose(3);
        let released: Vec<(Handle, u32)> = (0..count)
            .map(|_| {
                let handle = self.handle();
                let lent = self.lock().model.lent.get(&handle).map_or(0, |it| it.1);
                let count = match self.choose(8) {
                    0..=3 => 1,
                    4 | 5 => lent,
                    6 => lent.saturating_add(1),
                    _ => [0, 2, u32::MAX][self.choose(3)],
                };
                (handle, count)
            })
            .collect();
        self.release(peer, &released);
    }

    pub(super) fn release(&self, peer: &Peer, released: &[(Handle, u32)]) {
        let expected = {
            let model = &mut self.lock().model;
            let mut all = released.iter();
            all.try_for_each(|(handle, count)| model.release(*handle, *count))
        };
        let released: Vec<Released> = released
            .iter()
            .map(|(target, count)| Released {
                target: *target,
                count: *count,
            })
            .collect();
        agree(peer.serve_release(&released), expected);
    }

    pub(super) fn describe(&self, peer: &Peer, target: Handle) {
        let expected = {
            let model = &mut self.lock().model;
            let begun = model.begin();
            begun.and_then(|()| match target {
                Handle::PLUGIN => Ok(ROOT),
                target => model.named(target),
            })
        };
        if let Some((told, _)) = agree(peer.serve_describe(target), expected) {
            assert_eq!(told.objects, []);
        }
    }
}
