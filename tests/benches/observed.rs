//! What it costs to be looked at: a call by proxy while nobody looks, while a subscriber wants no calls, and while one
//! notes each. Batches alternate, so that a noisy machine slows all of them.
//!
//! The first is to be compared with a peer that has no observer at all; both answer from memory, so that what is looked
//! for is not lost in a call of WebAssembly.

#![allow(missing_docs, clippy::print_stdout)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use locum::{
    Crossed, Crossing, Host, Modules, Observer, Offers, Peer, PeerLimits, Proxy, Result, Setup,
};
use locum_protocol::{Handle, Released, ReplyMode, Transport, WireParcel};
use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, dispatcher};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;

const BATCHES: usize = 100;
const CALLS: u32 = 10_000;

fn main() -> Result<()> {
    let host = Host::new()?;
    let plugin = host.load(env!("PLUGIN_COLLECTIONS"))?;
    let list: Proxy = plugin.import("collections")?.call("list", ([7; 10],))?;
    let bare = echo(Setup::new())?;
    let watched = echo(Setup::new().observer(Arc::new(Asks)))?;

    let cases = [
        ("an answer from memory, no observer", &bare, None),
        ("an answer from memory, no subscriber", &watched, None),
        ("list.__getitem__(i), no subscriber", &list, None),
        (
            "list.__getitem__(i), one at INFO",
            &list,
            Some(LevelFilter::INFO),
        ),
        (
            "list.__getitem__(i), one at DEBUG",
            &list,
            Some(LevelFilter::DEBUG),
        ),
    ];
    let mut times = cases.map(|_| Vec::new());
    for _ in 0..BATCHES {
        for ((_, proxy, level), times) in cases.iter().zip(&mut times) {
            times.push(within(*level, || batch(proxy))?);
        }
    }
    for ((name, ..), mut times) in cases.iter().zip(times) {
        times.sort();
        let nanos = times[times.len() / 2].as_secs_f64() * 1e9 / f64::from(CALLS);
        println!("{name:40}{nanos:>8.1} ns");
    }
    Ok(())
}

/// Runs something with a subscriber that wants that level; there is none before and after.
fn within<R>(level: Option<LevelFilter>, run: impl FnOnce() -> R) -> R {
    let Some(level) = level else {
        return run();
    };
    let subscriber = tracing_subscriber::registry().with(Nothing.with_filter(level));
    let result = dispatcher::with_default(&Dispatch::new(subscriber), run);
    tracing::callsite::rebuild_interest_cache();
    result
}

fn batch(proxy: &Proxy) -> Result<Duration> {
    let begun = Instant::now();
    for n in 0..i64::from(CALLS) {
        black_box(proxy.get_item::<i64>(black_box(n % 10))?);
    }
    Ok(begun.elapsed())
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
fn echo(setup: Setup) -> Result<Proxy> {
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
    fn import_module(&self, _: &str) -> Result<Handle> {
        Ok(Handle::from_raw((1 << 24) | 1))
    }
    fn get_attr(&self, _: Handle, _: &str, _: ReplyMode) -> Result<WireParcel> {
        Ok(seven())
    }
    fn set_attr(&self, _: Handle, _: &str, _: WireParcel) -> Result<()> {
        Ok(())
    }
    fn call(&self, _: Handle, _: &str, _: WireParcel, _: ReplyMode) -> Result<WireParcel> {
        Ok(seven())
    }
    fn transfer(&self, _: WireParcel) -> Result<Handle> {
        self.import_module("")
    }
    fn release(&self, _: &[Released]) -> Result<bool> {
        Ok(true)
    }
    fn describe(&self, _: Handle) -> Result<WireParcel> {
        Ok(seven())
    }
    fn close(&self) -> Result<()> {
        Ok(())
    }
}
