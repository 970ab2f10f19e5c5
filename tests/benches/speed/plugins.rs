//! What the benches call.

use std::path::Path;

use locum::{Host, HostBuilder, Plugin, Proxy, Result};

/// Two instances of the samples.
pub(crate) struct Plugins {
    pub(crate) first: Plugin,
    second: Plugin,
}

/// A host whose compiled plugins are kept with what is built.
pub(crate) fn host() -> Result<Host> {
    host_with(|builder| builder)
}

/// The same, with more to say about it.
pub(crate) fn host_with(say: impl FnOnce(HostBuilder) -> HostBuilder) -> Result<Host> {
    let cache = Path::new(env!("OUT_DIR")).join("cache");
    say(Host::builder().cache_dir(cache)).build()
}

impl Plugins {
    pub(crate) fn start() -> Result<Plugins> {
        let samples = host()?.template(env!("PLUGIN_SAMPLES"))?;
        Ok(Plugins {
            first: samples.start()?,
            second: samples.start()?,
        })
    }

    pub(crate) fn counter(&self) -> Result<Proxy> {
        self.first.import("samples")?.call("Counter", (1000,))
    }

    /// Nodes that are linked, and the last of them as a path from the first.
    pub(crate) fn chain(&self, hops: usize) -> Result<(Vec<Proxy>, Proxy)> {
        let class: Proxy = self.first.import("samples.waiting")?.get("Node")?;
        let nodes: Vec<Proxy> = (0..=hops)
            .map(|_| class.invoke(()))
            .collect::<Result<_>>()?;
        for pair in nodes.windows(2) {
            pair[0].call::<()>("link", (&pair[1],))?;
        }
        let deep = nodes[0].at(&vec!["next"; hops].join("."));
        Ok((nodes, deep))
    }

    /// An object of the second plugin that holds one of the first.
    pub(crate) fn keeper(&self, kept: &Proxy) -> Result<Proxy> {
        let keeper: Proxy = self.second.import("samples")?.call("Keeper", ())?;
        keeper.call::<()>("keep", (kept,))?;
        Ok(keeper)
    }
}
