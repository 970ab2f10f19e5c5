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
    Crossed, Crossing, Host, Limits, Modules, Observer, Offers, Peer, Proxy, Result, Setup,
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
    let quiet =
        Dispatch::new(tracing_subscriber::registry().with(Nothing.with_filter(LevelFilter::INFO)));
    let loud =
        Dispatch::new(tracing_subscriber::registry().with(Nothing.with_filter(LevelFilter::DEBUG)));

    // A subscriber that exists makes everybody ask, so those that shall have none come first.
    drop((quiet.clone(), loud.clone()));
    let [bare, watched, off] = alternate([&bare, &watched, &list], |_, run| run())?;
    row("an answer from memory, no observer", bare);
    row("an answer from memory, no subscriber", watched);
    row("list.__getitem__(i), no subscriber", off);
    let [info, debug] = alternate([&list, &list], |at, run| {
        dispatcher::with_default([&quiet, &loud][at], run)
    })?;
    row("list.__getitem__(i), a subscriber at INFO", info);
    row("list.__getitem__(i), one at DEBUG", debug);
    Ok(())
}

/// The median time of a call of each, over batches that alternate.
fn alternate<const N: usize>(
    proxies: [&Proxy; N],
    within: impl Fn(usize, &mut dyn FnMut() -> Result<Duration>) -> Result<Duration>,
) -> Result<[Duration; N]> {
    let mut times: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::new());
    for _ in 0..BATCHES {
        for (at, times) in times.iter_mut().enumerate() {
            times.push(within(at, &mut || batch(proxies[at]))?);
        }
    }
    Ok(times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    }))
}

fn batch(proxy: &Proxy) -> Result<Duration> {
    let begun = Instant::now();
    for n in 0..i64::from(CALLS) {
        black_box(proxy.get_item::<i64>(black_box(n % 10))?);
    }
    Ok(begun.elapsed())
}

fn row(name: &str, batch: Duration) {
    println!(
        "{name:45}{:>8.1} ns",
        batch.as_secs_f64() * 1e9 / f64::from(CALLS)
    );
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
    let setup = setup.limits(Limits::default());
    Peer::with_setup("echo", setup, Box::new(Echo), offers).import("echo")
}

struct Echo;

fn seven() -> WireParcel {
    WireParcel {
        item: vec![7],
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
