//! Calls whose caller does not wait.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Proxy, Target};
use crate::pending::{Outstanding, Pending};
use crate::started::Verb;
use crate::{CallMode, IntoArgs, Parcel, ReplyMode, Result};

impl Proxy {
    /// Starts a call and goes on: `let later = counter.start::<i64>("add", (1,));`. The empty name calls the object
    /// itself.
    ///
    /// Calls that one thread makes of objects in one plugin are made in their order, whether they were started, posted or
    /// waited for. The host has started calls run by workers; a plugin, which has none, runs them when their result is
    /// waited for, when it next calls its host, or before it answers. A call of an object that lives here is made at once.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&vec![1, 2])?;
    /// let before = list.start::<usize>("__len__", ());
    /// list.post("append", (3,))?;
    /// let after = list.start::<usize>("__len__", ());
    /// assert_eq!((before.wait()?, after.wait()?), (2, 3)); // made in their order
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn start<R: DeserializeOwned + 'static>(
        &self,
        name: &str,
        args: impl IntoArgs,
    ) -> Pending<R> {
        self.start_verb(name, args.into_parcel().map(Verb::Call))
    }

    /// Starts reading an attribute; see [`start`](Proxy::start).
    ///
    /// ```
    /// # use locum_protocol::Array;
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let image = plugin.transfer(&Array::new([2, 3], vec![0_u8; 6])?)?;
    /// let shape = image.start_get::<Vec<usize>>("shape");
    /// assert_eq!(shape.wait()?, [2, 3]);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn start_get<R: DeserializeOwned + 'static>(&self, name: &str) -> Pending<R> {
        self.start_verb(name, Ok(Verb::Get))
    }

    /// Makes a call that nobody waits for, in its order; see [`start`](Proxy::start). What it answers is dropped; when it
    /// fails, the peer's [hook](crate::Setup::on_post_error) is told.
    ///
    /// A program that ends makes no calls any more that still wait for their turn: [`Peer::close`](crate::Peer::close), or
    /// any call that waits, makes this thread's first.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&Vec::<i64>::new())?;
    /// for n in 0..100 {
    ///     list.post("append", (n,))?;
    /// }
    /// assert_eq!(list.len()?, 100); // a call that waits comes after all that were posted before it
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the arguments can not travel, and [`Closed`](crate::Kind::Closed) when the object's peer is gone already;
    /// everything else shows later.
    pub fn post(&self, name: &str, args: impl IntoArgs) -> Result<()> {
        self.post_verb(name, Verb::Call(args.into_parcel()?))
    }

    /// Writes an attribute without waiting; see [`post`](Proxy::post).
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_macros::object;
    /// # use locum_protocol::by_proxy;
    /// # struct Slider(f64);
    /// # #[object(crate = locum_protocol)]
    /// # impl Slider {
    /// #     #[getter] fn at(&self) -> f64 { self.0 }
    /// #     #[setter] fn set_at(&mut self, at: f64) { self.0 = at }
    /// # }
    /// let slider = by_proxy(Slider(0.0));
    /// slider.post_set("at", 0.5)?;
    /// assert_eq!(slider.get::<f64>("at")?, 0.5);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`post`](Proxy::post).
    pub fn post_set(&self, name: &str, value: impl Serialize) -> Result<()> {
        self.post_verb(name, Verb::Set(Parcel::encode(&value)?))
    }

    fn start_verb<R: DeserializeOwned + 'static>(
        &self,
        name: &str,
        verb: Result<Verb>,
    ) -> Pending<R> {
        let path = self.full_path(name);
        let outstanding = match (&self.target, verb) {
            (Target::Remote(import), Ok(verb)) => {
                let (path, type_name) = (Arc::from(&*path), import.type_name.clone());
                let running = self.begin(import, &path, verb, self.mode::<R>(), CallMode::Start);
                Outstanding::running(running, type_name, path)
            }
            (target, verb) => {
                let result = verb.and_then(|verb| target.answer(&path, verb, self.mode::<R>()));
                Outstanding::ready(result, self.type_name(), &path)
            }
        };
        outstanding.with_patience(self.call_options().patience.flatten())
    }

    pub(super) fn post_verb(&self, name: &str, verb: Verb) -> Result<()> {
        let path = self.full_path(name);
        match &self.target {
            Target::Remote(import) => {
                if let Some(cause) = import.peer.closed() {
                    return Err(cause.clone());
                }
                let path = Arc::from(&*path);
                self.begin(import, &path, verb, ReplyMode::Auto, CallMode::Post);
                Ok(())
            }
            target => target.answer(&path, verb, ReplyMode::Auto).map(drop),
        }
    }
}
