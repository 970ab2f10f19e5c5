//! What it costs to be open to `locum top`: a call by proxy of a host that has a monitor while nobody watches, while somebody
//! does, and while every call is traced, each beside the same call of a host that has none.

use std::thread;
use std::time::Duration;

use locum::monitor::Running;
use locum::{Host, Monitor, Plugin, Proxy};
use wasmtime::Result;

use crate::measure::{Aim, Bench};
use crate::plugins;

const GROUP: &str = "being watched";

pub(crate) fn run(bench: &mut Bench) -> Result<()> {
    let (_plain, plain) = counter(&plugins::host()?)?;
    let directory = tempfile::tempdir()?;
    let open = || -> Result<(Monitor, Plugin, Proxy)> {
        let monitor = Monitor::open_in(directory.path())?;
        let host = plugins::host_with(|it| it.monitor(monitor.clone()))?;
        let (plugin, counter) = counter(&host)?;
        Ok((monitor, plugin, counter))
    };
    let (_unwatched, _first, alone) = open()?;
    let (watched, _second, seen) = open()?;
    let (traced, _third, told) = open()?;
    let snapshots = Running::at(watched.path())?.watch(Duration::from_secs(1))?;
    let calls = Running::at(traced.path())?.trace()?;
    thread::spawn(move || snapshots.for_each(drop));
    thread::spawn(move || calls.for_each(drop));
    for (name, counter) in [
        ("a call, with a monitor that nobody watches", &alone),
        ("a call, watched every second", &seen),
        ("a call, traced", &told),
    ] {
        let read = |proxy: &Proxy| {
            proxy.call::<i64>("add", (1,)).expect("it answers");
        };
        let subject = || read(counter);
        let without = || read(&plain);
        if let Some((figure, without)) =
            bench.pair(GROUP, (name, Box::new(subject)), ("", Box::new(without)))
        {
            let against = Some(("without a monitor", without));
            bench.note(GROUP, name, "ns", figure, against, Aim::None);
        }
    }
    watched.close();
    traced.close();
    Ok(())
}

fn counter(host: &Host) -> Result<(Plugin, Proxy)> {
    let plugin = host.load(env!("PLUGIN_SAMPLES"))?;
    let counter = plugin.import("samples")?.call("Counter", (1000,))?;
    Ok((plugin, counter))
}
