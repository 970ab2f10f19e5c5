//! What a peer has lent and holds, by the rules of PROTOCOL.md: a few maps, and what can be reached from them.

use std::collections::{BTreeMap, BTreeSet};

use locum_protocol::{Handle, Kind, PeerLimits, Reference};

use super::items::Item;

/// What the peer will answer: data, or an error of a kind.
pub(super) type Expected<T> = Result<T, Kind>;

/// An object of the near end.
pub(super) type Id = u32;

/// The object that is always there: the module.
pub(super) const ROOT: Id = 0;

/// An object, as the near end sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ref {
    /// It lives here.
    Near(Id),
    /// It lives at the far end, which lent it under this handle.
    Far(Handle),
}

/// What an object answered, with the references in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    Data(Vec<Ref>),
    Object(Ref),
}

impl Answer {
    pub(super) fn refs(&self) -> &[Ref] {
        match self {
            Answer::Data(refs) => refs,
            Answer::Object(object) => std::slice::from_ref(object),
        }
    }
}

/// An object of the near end.
pub(super) struct Object {
    /// Whether it is one of the `things`, rather than data that is kept.
    pub(super) is_thing: bool,
    pub(super) holds: Vec<Ref>,
}

impl Object {
    /// What is in a copy of it: all that data holds; a thing's value is null.
    pub(super) fn value(&self) -> Vec<Ref> {
        match self.is_thing {
            true => Vec::new(),
            false => self.holds.clone(),
        }
    }
}

pub(super) struct Model {
    pub(super) limits: PeerLimits,
    pub(super) objects: BTreeMap<Id, Object>,
    /// What is lent to the far end, and how often.
    pub(super) lent: BTreeMap<Handle, (Id, u32)>,
    /// Every handle that was ever lent.
    pub(super) ever: BTreeSet<Handle>,
    /// How many references the far end has lent and not been given back.
    pub(super) owed: BTreeMap<Handle, u64>,
    /// What the near program holds: kept by an object, in its hands, on its way, in the last reply.
    pub(super) kept: Vec<Ref>,
    pub(super) hands: Vec<Ref>,
    pub(super) on_the_way: Vec<Vec<Ref>>,
    pub(super) replied: Vec<Ref>,
    /// Requests being served, one inside the other.
    pub(super) serving: usize,
    pub(super) strikes: u32,
    /// Whether it is being closed in order, and why it is closed.
    pub(super) closing: bool,
    pub(super) closed: Option<Kind>,
}

impl Model {
    pub(super) fn new(limits: PeerLimits) -> Model {
        let root = Object {
            is_thing: true,
            holds: Vec::new(),
        };
        Model {
            limits,
            objects: BTreeMap::from([(ROOT, root)]),
            lent: BTreeMap::new(),
            ever: BTreeSet::new(),
            owed: BTreeMap::new(),
            kept: Vec::new(),
            hands: Vec::new(),
            on_the_way: Vec::new(),
            replied: Vec::new(),
            serving: 0,
            strikes: 0,
            closing: false,
            closed: None,
        }
    }

    /// A new object.
    pub(super) fn make(&mut self, is_thing: bool, holds: Vec<Ref>) -> Id {
        let id = self.objects.len() as Id;
        self.objects.insert(id, Object { is_thing, holds });
        id
    }

    // ---- what is there ----

    /// All that is held by somebody, however far down.
    fn reached(&self) -> BTreeSet<Ref> {
        let lent = self.lent.values().map(|(id, _)| Ref::Near(*id));
        let held = [&self.kept, &self.hands, &self.replied];
        let held = held.into_iter().chain(&self.on_the_way).flatten().copied();
        let mut next: Vec<Ref> = held.chain(lent).chain([Ref::Near(ROOT)]).collect();
        let mut reached = BTreeSet::new();
        while let Some(reference) = next.pop() {
            if let (true, Ref::Near(id)) = (reached.insert(reference), reference) {
                next.extend(&self.objects[&id].holds);
            }
        }
        reached
    }

    /// The far end's objects that are held here.
    pub(super) fn held(&self) -> BTreeSet<Handle> {
        let far = self.reached().into_iter().filter_map(|it| match it {
            Ref::Far(handle) => Some(handle),
            Ref::Near(_) => None,
        });
        far.collect()
    }

    /// How many things are alive.
    pub(super) fn things(&self) -> usize {
        let is_thing = |it: &Ref| matches!(it, Ref::Near(id) if self.objects[id].is_thing);
        self.reached().iter().filter(|it| is_thing(it)).count()
    }

    // ---- what happens ----

    pub(super) fn close(&mut self, kind: Kind) {
        self.closed.get_or_insert(kind);
        self.lent.clear();
        self.replied.clear();
    }

    /// The far end names a handle.
    pub(super) fn named(&mut self, handle: Handle) -> Expected<Id> {
        if let Some((id, _)) = self.lent.get(&handle) {
            return Ok(*id);
        }
        self.strikes += 1;
        if self.strikes > self.limits.strikes {
            self.close(Kind::Protocol);
        }
        Err(Kind::BadHandle)
    }

    /// The far end lends an object, once more or for the first time.
    pub(super) fn borrow(&mut self, handle: Handle) -> Ref {
        *self.owed.entry(handle).or_default() += 1;
        Ref::Far(handle)
    }

    /// More of the far end's objects than may be held at a time.
    fn holds_too_many(&mut self, arrived: &[Ref]) -> bool {
        self.on_the_way.push(arrived.to_vec());
        let too_many = self.held().len() > self.limits.exports as usize;
        self.on_the_way.pop();
        too_many
    }

    /// A handle arrives as an answer.
    pub(super) fn lift_handle(&mut self, handle: Handle) -> Expected<Ref> {
        let arrived = self.borrow(handle);
        match self.closed.is_none() && self.holds_too_many(&[arrived]) {
            true => Err(Kind::LimitExceeded),
            false => Ok(arrived),
        }
    }

    /// A parcel arrives: what is in it, or why it is refused.
    pub(super) fn lift(&mut self, item: &Item) -> Expected<Vec<Ref>> {
        let is_looked_at = item.references.len() <= self.limits.attachments;
        let mut arrived = Vec::new();
        let mut bad = None;
        for reference in &item.references {
            match reference {
                Reference::Mine(handle) => arrived.push(self.borrow(*handle)),
                Reference::Yours(handle) if is_looked_at => match self.named(*handle) {
                    Ok(id) => arrived.push(Ref::Near(id)),
                    Err(kind) => bad = Some(kind),
                },
                Reference::Yours(_) => {}
            }
        }
        let refused = match () {
            () if !is_looked_at => Some(Kind::LimitExceeded),
            () if !item.is_orderly() => Some(Kind::Decode),
            () if self.closed.is_none() && self.holds_too_many(&arrived) => {
                Some(Kind::LimitExceeded)
            }
            () => bad,
        };
        refused.map_or(Ok(arrived), Err)
    }

    /// A request begins to be served.
    pub(super) fn begin(&mut self) -> Expected<()> {
        if let Some(kind) = self.closed {
            return Err(kind);
        }
        if self.serving == 0 {
            self.replied.clear();
        }
        match self.serving < self.limits.call_depth {
            true => Ok(()),
            false => Err(Kind::TooDeep),
        }
    }

    /// Whether references can be sent: why not.
    pub(super) fn lower(&self, refs: &[Ref]) -> Expected<()> {
        if refs.len() > self.limits.attachments {
            return Err(Kind::LimitExceeded);
        }
        let lent: BTreeSet<Id> = self.lent.values().map(|(id, _)| *id).collect();
        let mut all = lent.clone();
        all.extend(refs.iter().filter_map(|it| match it {
            Ref::Near(id) => Some(*id),
            Ref::Far(_) => None,
        }));
        let is_lending = refs.iter().any(|it| matches!(it, Ref::Near(_)));
        match self.closed {
            Some(kind) if is_lending => Err(kind),
            None if all.len() > self.limits.exports as usize => Err(Kind::LimitExceeded),
            _ => Ok(()),
        }
    }

    /// A reference was sent for this object: the right one?
    pub(super) fn sent(&mut self, reference: Ref, as_what: Reference) {
        match (reference, as_what) {
            (Ref::Near(id), Reference::Mine(handle)) => self.lend(id, handle),
            (Ref::Far(handle), Reference::Yours(named)) => {
                assert_eq!(handle, named, "another object was sent");
                assert!(self.owed.contains_key(&handle), "{handle:?} was given back");
            }
            (reference, as_what) => panic!("{reference:?} was sent as {as_what:?}"),
        }
    }

    pub(super) fn lend(&mut self, id: Id, handle: Handle) {
        let under = self.lent.iter().find(|(_, (lent, _))| *lent == id);
        match under.map(|(under, _)| *under) {
            Some(under) => assert_eq!(under, handle, "it is lent under another handle"),
            None => assert!(
                self.ever.insert(handle) && handle != Handle::PLUGIN && handle.raw() < 1 << 53,
                "{handle:?} is lent once more"
            ),
        }
        self.lent.entry(handle).or_insert((id, 0)).1 += 1;
    }

    /// The far end gives references back.
    pub(super) fn release(&mut self, handle: Handle, count: u32) -> Expected<()> {
        match self.lent.get_mut(&handle) {
            Some((_, lent)) if *lent >= count => {
                *lent -= count;
                if *lent == 0 {
                    self.lent.remove(&handle);
                }
                Ok(())
            }
            _ if self.closing || self.closed.is_some() => Ok(()),
            _ => {
                self.close(Kind::Protocol);
                Err(Kind::Protocol)
            }
        }
    }

    /// The far end is given references back.
    pub(super) fn given_back(&mut self, handle: Handle, count: u32) {
        let owed = self.owed.get(&handle).copied().unwrap_or(0);
        let left = owed.checked_sub(count.into());
        assert!(count > 0 && left.is_some(), "{count} of {owed} {handle:?}");
        match left {
            Some(0) | None => drop(self.owed.remove(&handle)),
            Some(left) => drop(self.owed.insert(handle, left)),
        }
    }
}
