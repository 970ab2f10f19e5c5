//! A plugin under test: the same code over memory, as a pair of peers, and over wasm, as a component in a host.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use locum::{Host, HostBuilder, LoadOptions, Plugin as Loaded};
use locum_guest::Plugin;
use locum_protocol::{Modules, ObjectRef, Offers, Peer, Proxy, Result, Stats, callback, pair};

/// A plugin of this workspace.
#[derive(Clone, Copy)]
pub struct Sample {
    name: &'static str,
    offers: fn() -> Arc<dyn Offers>,
    wasm: &'static str,
}

/// The objects made for tests.
pub const SAMPLES: Sample = Sample {
    name: "samples",
    offers: samples::LocumPlugin::offers,
    wasm: env!("PLUGIN_SAMPLES"),
};

/// Python's containers.
pub const COLLECTIONS: Sample = Sample {
    name: "collections",
    offers: collections::LocumPlugin::offers,
    wasm: env!("PLUGIN_COLLECTIONS"),
};

/// The plugin of the README.
pub const COUNTERS: Sample = Sample {
    name: "counters",
    offers: counters::LocumPlugin::offers,
    wasm: env!("PLUGIN_COUNTERS"),
};

/// What tries what a plugin must not be able to do.
pub const HOSTILE: Sample = Sample {
    name: "hostile",
    offers: hostile::LocumPlugin::offers,
    wasm: env!("PLUGIN_HOSTILE"),
};

/// Objects that the host publishes to the plugin, by name.
pub type Published = Vec<(&'static str, ObjectRef)>;

/// The one host of all tests. What it compiles is kept, so that each test starts its plugins in milliseconds.
pub fn host() -> &'static Host {
    static HOST: LazyLock<Host> = LazyLock::new(new_host);
    &HOST
}

/// A host of a test's own, with the same cache.
pub fn new_host() -> Host {
    new_host_with(|builder| builder)
}

/// The same, with more to say about it.
pub fn new_host_with(say: impl FnOnce(HostBuilder) -> HostBuilder) -> Host {
    let cache = Path::new(env!("OUT_DIR")).join("cache");
    let host = say(Host::builder().cache_dir(cache)).build();
    host.expect("this machine runs WebAssembly")
}

impl Sample {
    /// Runs one test twice: over memory and over wasm. After each, both ends are as they were before it.
    #[track_caller]
    pub fn over_both(&self, test: impl Fn(&Subject) -> Result<()>) {
        self.over_both_with(Vec::new, test);
    }

    /// The same, with a host that publishes objects.
    #[track_caller]
    pub fn over_both_with(
        &self,
        published: impl Fn() -> Published,
        test: impl Fn(&Subject) -> Result<()>,
    ) {
        for start in [Sample::in_memory, Sample::in_wasm] {
            let subject = start(self, published());
            if let Err(error) = test(&subject) {
                panic!("over {}: {error:?}", subject.medium());
            }
        }
    }

    /// The plugin, connected in memory.
    pub fn in_memory(&self, published: Published) -> Subject {
        let mut modules = Modules::new("host", "1");
        for (name, object) in published {
            modules = modules.with_object(name, object);
        }
        let (peer, back) = pair(("host", Arc::new(modules)), (self.name, (self.offers)()));
        Subject::new(self, peer, Far::Memory(back))
    }

    /// The plugin, in a sandbox.
    pub fn in_wasm(&self, published: Published) -> Subject {
        self.in_wasm_with(LoadOptions::new(), published)
    }

    /// The plugin in a sandbox, started with these options.
    pub fn in_wasm_with(&self, mut options: LoadOptions, published: Published) -> Subject {
        for (name, object) in published {
            options = options.publish(name, object);
        }
        let plugin = host().load_with(self.wasm, options);
        let plugin = plugin.expect("the build script has built it");
        Subject::new(self, plugin.peer().clone(), Far::Wasm(plugin))
    }

    /// Where the component is.
    pub fn path(&self) -> &'static str {
        self.wasm
    }
}

/// A running plugin, as its host sees it.
pub struct Subject {
    sample: Sample,
    peer: Peer,
    far: Far,
    /// How many of the plugin's objects were alive at the start.
    alive: Option<usize>,
}

/// What is at the other end.
enum Far {
    Memory(Peer),
    Wasm(Loaded),
}

impl Subject {
    fn new(sample: &Sample, peer: Peer, far: Far) -> Subject {
        let mut subject = Subject {
            sample: *sample,
            peer,
            far,
            alive: None,
        };
        subject.alive = subject.alive_now();
        subject
    }

    /// Over what the plugin is reached.
    pub fn medium(&self) -> &'static str {
        match self.far {
            Far::Memory(_) => "memory",
            Far::Wasm(_) => "wasm",
        }
    }

    /// Another plugin of the same kind, over the same medium.
    pub fn another(&self) -> Subject {
        match self.far {
            Far::Memory(_) => self.sample.in_memory(Vec::new()),
            Far::Wasm(_) => self.sample.in_wasm(Vec::new()),
        }
    }

    /// Imports a module.
    pub fn import(&self, name: &str) -> Result<Proxy> {
        self.peer.import(name)
    }

    /// Makes an object of a class: `subject.make("Counter", (10,))`.
    pub fn make(&self, class: &str, args: impl locum_protocol::IntoArgs) -> Result<Proxy> {
        self.import(self.sample.name)?.call(class, args)
    }

    /// Makes an object of a class of `samples.waiting`.
    pub fn make_waiting(&self, class: &str, args: impl locum_protocol::IntoArgs) -> Result<Proxy> {
        self.import("samples.waiting")?.call(class, args)
    }

    /// Leaves a copy of a value over there.
    pub fn transfer<T: serde::Serialize + ?Sized>(&self, value: &T) -> Result<Proxy> {
        self.peer.transfer(value)
    }

    /// How much is lent in each direction, as the host counts it.
    pub fn stats(&self) -> Stats {
        self.peer.stats()
    }

    /// Ends the plugin.
    pub fn close(&self) -> Result<()> {
        match &self.far {
            Far::Memory(_) => self.peer.close(),
            Far::Wasm(plugin) => plugin.close(),
        }
    }

    /// What the plugin is called in errors; each in a sandbox has a name of its own.
    pub fn name(&self) -> &str {
        self.peer.name()
    }

    /// Sends a message that changes nothing. What the reply before it has brought home is given back with it.
    pub fn settle(&self) {
        let _ = self.peer.describe();
    }

    /// The plugin as its host's peer.
    pub fn peer(&self) -> &Peer {
        &self.peer
    }

    /// The plugin, when it is in a sandbox.
    pub fn loaded(&self) -> Option<&Loaded> {
        match &self.far {
            Far::Memory(_) => None,
            Far::Wasm(plugin) => Some(plugin),
        }
    }

    /// The host as the plugin's peer, where that can be seen.
    pub fn back(&self) -> Option<&Peer> {
        match &self.far {
            Far::Memory(back) => Some(back),
            Far::Wasm(_) => None,
        }
    }

    /// How many sample objects are alive in the plugin, where it tells.
    pub fn alive(&self) -> Result<usize> {
        self.import("samples")?.call("live", ())
    }

    fn alive_now(&self) -> Option<usize> {
        match &self.far {
            _ if self.sample.name != SAMPLES.name => None,
            Far::Memory(_) => Some(samples::live_objects()),
            Far::Wasm(_) => self.alive().ok(),
        }
    }

    /// Asserts that nothing is lent any more, in either direction, as seen from either end, and that the plugin's own
    /// objects are gone.
    fn check(&self) {
        self.settle();
        let medium = self.medium();
        let nothing = |stats: Stats, whose: &str| {
            assert!(stats.is_idle(), "{whose} over {medium}: {stats:?}");
        };
        nothing(self.stats(), "the host's tables");
        if let Some(back) = self.back() {
            nothing(back.stats(), "the plugin's tables");
        }
        if let Some(alive) = self.alive_now() {
            let before = self.alive.unwrap_or(0);
            assert_eq!(alive, before, "objects alive over {medium}");
        }
        if self.sample.name == SAMPLES.name && self.peer.closed().is_none() {
            let tables = self.import("samples").and_then(|samples| {
                let probe = callback(|| ());
                samples.call::<(usize, usize)>("tables", (probe,))
            });
            // The module that is asked, and the probe.
            let tables = tables.expect("a plugin that is not closed answers");
            assert_eq!(tables, (1, 1), "the plugin's tables over {medium}");
            nothing(self.stats(), "after asking, the host's tables");
        }
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.check();
        }
    }
}
