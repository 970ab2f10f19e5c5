//! The near end: objects that the far end may call, of which the model knows what they answer.

use std::any::Any;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use locum_protocol::describe::PluginInfo;
use locum_protocol::{
    Args, Error, Kind, Object, ObjectRef, Offers, Outcome, Parcel, Proxy, Result, Value,
};

use super::model::{Answer, Id, ROOT, Ref};
use super::steps::World;

/// What the near end offers: the module `m`, which is a thing.
pub(super) struct Near(Arc<Thing>);

impl Near {
    pub(super) fn new(world: &Arc<World>) -> Near {
        let root = Thing::new(ROOT, world);
        world.has_root(&root);
        Near(root)
    }
}

impl Offers for Near {
    fn module(&self, name: &str) -> Result<ObjectRef> {
        match name {
            "m" => Ok(self.0.clone()),
            name => Err(Error::new(Kind::NoSuchModule, format!("no {name:?}"))),
        }
    }
    fn describe(&self) -> PluginInfo {
        PluginInfo::default()
    }
}

/// An object, which may hold some of the far end's.
pub(super) struct Thing {
    id: Id,
    type_name: String,
    world: Weak<World>,
    holds: Mutex<Vec<Proxy>>,
}

impl Thing {
    pub(super) fn new(id: Id, world: &Arc<World>) -> Arc<Thing> {
        world.alive.fetch_add(1, Ordering::Relaxed);
        Arc::new(Thing {
            id,
            type_name: format!("Thing{id}"),
            world: Arc::downgrade(world),
            holds: Mutex::default(),
        })
    }

    fn world(&self) -> Result<Arc<World>> {
        let world = self.world.upgrade();
        world.ok_or_else(|| Error::new(Kind::Closed, "the end of the world"))
    }

    /// Does what the name says, and tells the model.
    fn does(self: &Arc<Self>, name: &str, given: Option<Vec<Proxy>>) -> Result<Outcome> {
        let world = self.world()?;
        let refs = given.as_ref().map(|given| world.given(given));
        let (refs, given) = (refs.unwrap_or_default(), given.unwrap_or_default());
        let (answer, outcome) = match name {
            "" => nothing(),
            "same" => object(self.id, self),
            "root" => object(ROOT, &world.root()),
            "make" => {
                let id = world.lock().model.make(true, Vec::new());
                object(id, &Thing::new(id, &world))
            }
            "echo" => (Answer::Data(refs), Outcome::data(&given)),
            "kept" => {
                let (refs, proxies) = world.kept();
                (Answer::Data(refs), Outcome::data(&proxies))
            }
            "keep" => {
                world.keep(refs, given);
                nothing()
            }
            "forget" => {
                world.forget();
                nothing()
            }
            "hold" => {
                self.hold(&world, refs, given);
                nothing()
            }
            "ask" => {
                world.outward();
                (Answer::Data(refs), Outcome::data(&given))
            }
            "fail" => return world.failed(Error::raise("Sad", "it failed")),
            name => return world.failed(Error::no_attribute(format!("no {name:?}"))),
        };
        world.lock().outcome = Some(Ok(answer));
        outcome
    }

    /// Holds the far end's objects. Holding one of this end's could be a circle, and so is what a module holds that the
    /// peer offers: a program that does that has to let go by itself.
    fn hold(&self, world: &World, refs: Vec<Ref>, given: Vec<Proxy>) {
        if self.id == ROOT {
            return;
        }
        let far = refs.into_iter().zip(given);
        let far = far.filter(|(reference, _)| matches!(reference, Ref::Far(_)));
        let (refs, proxies): (Vec<Ref>, Vec<Proxy>) = far.unzip();
        if let Some(object) = world.lock().model.objects.get_mut(&self.id) {
            object.holds.extend(refs);
        }
        let mut holds = self.holds.lock().unwrap_or_else(PoisonError::into_inner);
        holds.extend(proxies);
    }
}

fn nothing() -> (Answer, Result<Outcome>) {
    (Answer::Data(Vec::new()), Outcome::data(&7))
}

fn object(id: Id, thing: &Arc<Thing>) -> (Answer, Result<Outcome>) {
    let outcome = Outcome::object(thing.clone());
    (Answer::Object(Ref::Near(id)), Ok(outcome))
}

impl Object for Thing {
    fn type_name(&self) -> &str {
        &self.type_name
    }
    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        let given = args.parse::<Vec<Proxy>>()?;
        let outcome = self.does(name, Some(given));
        // Until here, as the model has it.
        drop(args);
        outcome
    }
    fn get(self: Arc<Self>, name: &str) -> Result<Outcome> {
        match name {
            "same" | "root" | "make" | "kept" => self.does(name, None),
            name => self
                .world()?
                .failed(Error::no_attribute(format!("no {name:?}"))),
        }
    }
    fn set(self: Arc<Self>, name: &str, value: Parcel) -> Result<()> {
        let given: Vec<Proxy> = value.decode()?;
        match name {
            "keep" => self.does(name, Some(given)).map(drop),
            name => self
                .world()?
                .failed(Error::no_attribute(format!("no {name:?}"))),
        }
    }
    fn value(self: Arc<Self>) -> Result<Parcel> {
        Parcel::encode(&Value::Null)
    }
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

impl Drop for Thing {
    fn drop(&mut self) {
        if let Some(world) = self.world.upgrade() {
            world.alive.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
