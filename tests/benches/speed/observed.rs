//! What it costs to be looked at: a call by proxy while nobody looks, while a subscriber wants no calls, and while one
//! notes each.
//!
//! A peer that has no observer at all answers from memory, so that what is looked for is not lost in a call of WebAssembly.

use std::sync::Arc;

use locum::{Crossed, Crossing, Modules, Observer, Offers, Peer, PeerLimits, Proxy, Setup};
use locum_protocol::{Handle, Released, ReplyMode, Transport, WireParcel};
use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, dispatcher};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;
use wasmtime::Result;

use crate::measure::{Aim, Bench};
use crate::plugins::Plugins;

const GROUP: &str = "being looked at";

pub(crate) fn run(bench: &mut Bench) -> Result<()> {
    let plugins = Plugins::start()?;
    let counter = plugins.counter()?;
    let bare = echo(Setup::new())?;
    let watched = echo(Setup::new().observer(Arc::new(Asks)))?;
    let read = |proxy: &Proxy| {
        proxy.call::<i64>("add", (1,)).expect("it answers");
    };

    let name = "an answer from memory, with an observer that is off";
    let subject = || read(&watched);
    let without = || read(&bare);
    if let Some((figure, bare)) =
        bench.pair(GROUP, (name, Box::new(subject)), ("", Box::new(without)))
    {
        bench.note(
            GROUP,
            name,
            "ns",
            figure,
            Some(("without", bare)),
            Aim::None,
        );
    }
    for (name, level) in [
        ("a call, with a subscriber at INFO", LevelFilter::INFO),
        ("a call, with a subscriber at DEBUG", LevelFilter::DEBUG),
    ] {
        // A hundred at a time, since putting a subscriber in its place takes longer than a call.
        let subject = || within(level, || (0..100).for_each(|_| read(&counter)));
        let without = || (0..100).for_each(|_| read(&counter));
        if let Some((figure, without)) =
            bench.pair(GROUP, (name, Box::new(subject)), ("", Box::new(without)))
        {
            let against = Some(("without one", without.per(100.0)));
            bench.note(GROUP, name, "ns", figure.per(100.0), against, Aim::None);
        }
    }
    Ok(())
}

/// Runs something with a subscriber that wants that level; there is none before and after.
fn within<R>(level: LevelFilter, run: impl FnOnce() -> R) -> R {
    let subscriber = tracing_subscriber::registry().with(Nothing.with_filter(level));
    let result = dispatcher::with_default(&Dispatch::new(subscriber), run);
    tracing::callsite::rebuild_interest_cache();
    result
}

/// A layer that takes note of nothing.
struct Nothing;

impl<S: tracing::Subscriber> Layer<S> for Nothing {}

/// Asks as the host does.
struct Asks;

impl Observer for Asks {
    fn is_on(&self) -> bool {
        tracing::enabled!(target: "locum::call", tracing::Level::DEBUG)
    }
    fn observe(&self, _: &Crossing<'_>, run: &mut dyn FnMut() -> Crossed) {
        run();
    }
}

/// An object that answers 7.
fn echo(setup: Setup) -> locum::Result<Proxy> {
    let offers: Arc<dyn Offers> = Arc::new(Modules::new("here", "1"));
    let setup = setup.limits(PeerLimits::default());
    Peer::with_setup("echo", setup, Box::new(Echo), offers).import("echo")
}

struct Echo;

fn seven() -> WireParcel {
    WireParcel {
        item: [7].into(),
        ..WireParcel::default()
    }
}

impl Transport for Echo {
    fn import_module(&self, _: &str) -> locum::Result<Handle> {
        Ok(Handle::from_raw((1 << 24) | 1))
    }
    fn get_attr(&self, _: Handle, _: &str, _: ReplyMode) -> locum::Result<WireParcel> {
        Ok(seven())
    }
    fn set_attr(&self, _: Handle, _: &str, _: WireParcel) -> locum::Result<()> {
        Ok(())
    }
    fn call(&self, _: Handle, _: &str, _: WireParcel, _: ReplyMode) -> locum::Result<WireParcel> {
        Ok(seven())
    }
    fn transfer(&self, _: WireParcel) -> locum::Result<Handle> {
        self.import_module("")
    }
    fn release(&self, _: &[Released]) -> locum::Result<bool> {
        Ok(true)
    }
    fn describe(&self, _: Handle) -> locum::Result<WireParcel> {
        Ok(seven())
    }
    fn close(&self) -> locum::Result<()> {
        Ok(())
    }
}
