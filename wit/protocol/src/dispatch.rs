//! How a request reaches an object: along a path, here or through another peer, and how its result is to travel.

use std::any::Any;
use std::sync::Arc;

use crate::ops::Arithmetic;
use crate::path::Route;
use crate::proxy::Target;
use crate::started::Verb;
use crate::{
    Args, CallMode, Data, Error, ObjectRef, Outcome, Parcel, PeerLimits, Proxy, ReplyMode, Result,
    data,
};

impl Target {
    /// Calls what is at a path.
    #[inline(always)]
    pub(crate) fn call(
        self,
        route: Route<'_>,
        args: Parcel,
        limits: &PeerLimits,
    ) -> Result<Outcome> {
        match self {
            Target::Local(object) => match route.split() {
                (None, name) => object.call(name, Args::new(args, limits)?),
                (Some(walk), name) => call_at_end(object, walk, name, args, limits),
            },
            Target::Remote(import) => import
                .call(route.path, args, ReplyMode::Auto, CallMode::Call)
                .map(|parcel| Outcome::Data(parcel).normal()),
        }
    }

    /// Reads what is at a path; the empty one is the object itself.
    pub(crate) fn get(&self, path: &str) -> Result<Outcome> {
        match self {
            _ if path.is_empty() => Ok(Outcome::Object(Proxy::from_target(self.clone()))),
            Target::Local(object) => match Route::of(path).split() {
                (None, name) => object.clone().get(name),
                (Some(walk), name) => self.clone().walk(walk)?.get(name),
            },
            Target::Remote(import) => import
                .get(path, ReplyMode::Auto, CallMode::Call)
                .map(|parcel| Outcome::Data(parcel).normal()),
        }
    }

    /// Writes what is at a path.
    pub(crate) fn set(&self, path: &str, value: Parcel) -> Result<()> {
        match self {
            Target::Local(object) => match Route::of(path).split() {
                (None, name) => object.clone().set(name, value),
                (Some(walk), name) => self.clone().walk(walk)?.set(name, value),
            },
            Target::Remote(import) => import.set(path, value, CallMode::Call),
        }
    }

    /// Refuses to change in place what a path has come to when that is a copy of an attribute's data, of which nobody
    /// would see the change.
    fn refuse_lost_change(&self, walked: &str, name: &str) -> Result<()> {
        let Target::Local(object) = self else {
            return Ok(());
        };
        let changes = ["__setitem__", "__delitem__"].contains(&name)
            || Arithmetic::from_in_place(name).is_some();
        let is_copy = Arc::strong_count(object) == 1 && (&**object as &dyn Any).is::<Data>();
        if changes && is_copy {
            return Err(Error::type_error(format!(
                "`{walked}` is data, of which `{name}` would change a copy; set the attribute to the new value instead"
            )));
        }
        Ok(())
    }

    /// The answer to a request, as the caller wants it.
    pub(crate) fn answer(&self, path: &str, verb: Verb, reply: ReplyMode) -> Result<Parcel> {
        match verb {
            Verb::Call(args) => {
                let outcome = self
                    .clone()
                    .call(Route::of(path), args, &PeerLimits::default())?;
                in_mode(outcome, reply)
            }
            Verb::Get => in_mode(self.get(path)?, reply),
            Verb::Set(value) => self.set(path, value).and_then(|()| Parcel::encode(&())),
        }
    }

    /// The object at the end of a path. Data on the way is kept as an object, so that its items and methods are there.
    pub(crate) fn walk(self, path: &str) -> Result<Target> {
        let mut target = self;
        let mut rest = path;
        while !rest.is_empty() {
            let object = match target {
                Target::Local(object) => object,
                // What follows lies with another peer: it walks the rest itself, in one crossing.
                Target::Remote(import) => {
                    let parcel = import.get(rest, ReplyMode::Proxy, CallMode::Call)?;
                    return parcel.decode::<Proxy>()?.into_target();
                }
            };
            // Names are short: looking at each byte costs less than a search that is made for long texts.
            let (name, after) = match rest.bytes().position(|byte| byte == b'.') {
                Some(dot) => (&rest[..dot], &rest[dot + 1..]),
                None => (rest, ""),
            };
            target = match object.get(name)? {
                Outcome::Object(proxy) => proxy.into_target()?,
                Outcome::Data(parcel) => data::keep(&parcel)?.into_target()?,
            };
            rest = after;
        }
        Ok(target)
    }
}

/// Calls what is at the end of a path.
fn call_at_end(
    object: ObjectRef,
    walk: &str,
    name: &str,
    args: Parcel,
    limits: &PeerLimits,
) -> Result<Outcome> {
    let end = Target::Local(object).walk(walk)?;
    end.refuse_lost_change(walk, name)?;
    match end {
        Target::Local(object) => object.call(name, Args::new(args, limits)?),
        Target::Remote(import) => import
            .call(name, args, ReplyMode::Auto, CallMode::Call)
            .map(|parcel| Outcome::Data(parcel).normal()),
    }
}

/// The result as the caller wants it.
#[inline(always)]
pub(crate) fn in_mode(outcome: Outcome, mode: ReplyMode) -> Result<Parcel> {
    match outcome {
        // Nearly all results.
        Outcome::Data(parcel) if parcel.objects.is_empty() && mode != ReplyMode::Proxy => {
            Ok(parcel)
        }
        other => in_any_mode(other, mode),
    }
}

fn in_any_mode(outcome: Outcome, mode: ReplyMode) -> Result<Parcel> {
    match (outcome.normal(), mode) {
        (Outcome::Data(parcel), ReplyMode::Auto | ReplyMode::Value) => Ok(parcel),
        (Outcome::Data(parcel), ReplyMode::Proxy) => Parcel::of_object(data::keep(&parcel)?),
        (Outcome::Object(proxy), ReplyMode::Auto | ReplyMode::Proxy) => Parcel::of_object(proxy),
        (Outcome::Object(proxy), ReplyMode::Value) => proxy.value_parcel(),
    }
}
