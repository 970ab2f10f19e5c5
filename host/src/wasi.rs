//! What a plugin sees of the world, through WASI: what its [`Grants`] say, and nothing else.

mod alarm;
mod clock;
mod files;
mod io;
mod output;
mod sockets;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use rand::SeedableRng;
use rand::rngs::StdRng;
use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi::cli::stdin;
use wasmtime_wasi::filesystem::WasiFilesystemCtxView;
use wasmtime_wasi::p2::bindings::sync::{
    filesystem as waiting_files, io as waiting_io, sockets as waiting_sockets,
};
use wasmtime_wasi::p2::bindings::{filesystem, sockets as plain_sockets};
use wasmtime_wasi::p2::pipe::MemoryInputPipe;
use wasmtime_wasi::sockets::{SocketAddrUse, WasiSocketsCtxView};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

pub(crate) use self::alarm::Alarm;
use self::clock::Clock;
use self::files::{Files, HasFiles, Places};
use self::io::{HasIo, Io};
use self::output::Writer;
use self::sockets::{HasSockets, Sockets};
use crate::grants::{Grants, Input, Pattern, Random, Refusals};
use crate::limits::Limits;

/// A plugin's side of WASI.
pub(crate) struct Wasi {
    context: WasiCtx,
    resources: ResourceTable,
    alarm: Arc<Alarm>,
    places: Places,
    names: BTreeMap<String, Vec<IpAddr>>,
    plugin: String,
    refusals: Arc<Refusals>,
    writer: Writer,
}

impl Wasi {
    /// What those grants show. What it tries beyond them is told to `refusals`.
    pub(crate) fn new(
        plugin: &str,
        grants: &Grants,
        limits: &Limits,
        alarm: Arc<Alarm>,
        refusals: Arc<Refusals>,
    ) -> wasmtime::Result<Wasi> {
        let writer = Writer::new(plugin, limits, &grants.stdout, &grants.stderr);
        let mut context = WasiCtx::builder();
        let env: Vec<_> = grants.env.iter().collect();
        context
            .envs(&env)
            .args(&grants.args)
            .stdout(writer.stdout())
            .stderr(writer.stderr())
            .max_random_size(limits.message_bytes as u64);
        match &grants.input {
            Input::Empty => {}
            Input::Bytes(bytes) => {
                context.stdin(MemoryInputPipe::new(bytes.clone()));
            }
            Input::Inherit => {
                context.stdin(stdin());
            }
        }
        let clock = Clock::new(grants.clocks);
        context.wall_clock(clock.clone()).monotonic_clock(clock);
        if let Random::Seeded(seed) = grants.random {
            seeded(&mut context, seed);
        }
        network(&mut context, plugin, grants, &refusals);
        let mut resources = ResourceTable::new();
        resources.set_max_capacity(limits.resources);
        Ok(Wasi {
            context: context.build(),
            resources,
            alarm,
            places: Places::new(&grants.places)?,
            names: grants.names.clone(),
            plugin: plugin.to_owned(),
            refusals,
            writer,
        })
    }

    pub(crate) fn view(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.resources,
        }
    }

    fn io(&mut self) -> Io<'_> {
        Io {
            resources: &mut self.resources,
            alarm: &self.alarm,
        }
    }

    fn files(&mut self) -> Files<'_> {
        Files {
            view: WasiFilesystemCtxView {
                ctx: self.context.filesystem(),
                table: &mut self.resources,
            },
            alarm: &self.alarm,
            places: &mut self.places,
            plugin: &self.plugin,
            refusals: &self.refusals,
        }
    }

    fn sockets(&mut self) -> Sockets<'_> {
        Sockets {
            view: WasiSocketsCtxView {
                ctx: self.context.sockets(),
                table: &mut self.resources,
            },
            alarm: &self.alarm,
            names: &self.names,
            plugin: &self.plugin,
            refusals: &self.refusals,
        }
    }

    /// The last lines that the plugin wrote to its standard error, fit to be shown.
    pub(crate) fn stderr_tail(&self, count: usize) -> Vec<String> {
        self.writer.stderr_tail(count)
    }
}

/// The same random numbers in each run.
fn seeded(context: &mut WasiCtxBuilder, seed: u64) {
    // Different from one another, as a plugin has a right to expect.
    let of = |number: u64| StdRng::seed_from_u64(seed ^ number.rotate_left(32));
    context
        .secure_random(of(0))
        .insecure_random(of(1))
        .insecure_random_seed(u128::from(seed) << 64 | u128::from(!seed));
}

/// Sockets may be made; which addresses they may be used with is decided for each use.
fn network(context: &mut WasiCtxBuilder, plugin: &str, grants: &Grants, refusals: &Arc<Refusals>) {
    let rules = Rules {
        connect: grants.connect.clone(),
        listen: grants.listen.clone(),
    };
    let (plugin, refusals) = (plugin.to_owned(), Arc::clone(refusals));
    context
        .allow_tcp(true)
        .allow_udp(true)
        .allow_ip_name_lookup(true)
        .socket_addr_check(move |address, used_for| {
            let is_granted = rules.allow(address, used_for);
            if !is_granted {
                tell_refused(&refusals, &plugin, address, used_for);
            }
            Box::pin(std::future::ready(is_granted))
        });
}

/// Which addresses may be used, and for what.
struct Rules {
    connect: Vec<Pattern>,
    listen: Vec<Pattern>,
}

impl Rules {
    fn allow(&self, address: SocketAddr, used_for: SocketAddrUse) -> bool {
        let connects = self.connect.iter().any(|granted| granted.holds(address));
        let listens = |address| self.listen.iter().any(|granted| granted.holds(address));
        match used_for {
            SocketAddrUse::TcpConnect | SocketAddrUse::UdpSend => connects,
            // A socket to connect or send with has an address that the system chooses. What may be done with it is asked
            // when it is done.
            SocketAddrUse::TcpBind | SocketAddrUse::UdpBind => {
                let is_chosen = address.ip().is_unspecified() && address.port() == 0;
                is_chosen || listens(address)
            }
            // Port 0 stands for the one that the system has chosen.
            SocketAddrUse::TcpListen => {
                listens(address) || listens(SocketAddr::new(address.ip(), 0))
            }
            SocketAddrUse::TcpAccept => true,
            SocketAddrUse::UdpReceive => connects || !self.listen.is_empty(),
        }
    }
}

#[cold]
fn tell_refused(refusals: &Refusals, plugin: &str, address: SocketAddr, used_for: SocketAddrUse) {
    let (what, method, option) = match used_for {
        SocketAddrUse::TcpConnect | SocketAddrUse::UdpSend => (
            format!("the network address {address}"),
            "connect",
            "allow-net",
        ),
        SocketAddrUse::TcpBind | SocketAddrUse::UdpBind | SocketAddrUse::TcpListen => {
            (format!("listening at {address}"), "listen", "allow-listen")
        }
        // Somebody else's doing.
        SocketAddrUse::TcpAccept | SocketAddrUse::UdpReceive => return,
    };
    refusals.add(plugin, &what, method, &format!("{option} {address}"));
}

/// A store's data with a [`Wasi`] in it.
pub(crate) trait HasWasi: WasiView + 'static {
    /// That.
    fn wasi(&mut self) -> &mut Wasi;
}

/// Adds all of WASI 0.2; what a plugin may do with it is decided by its grants.
///
/// Nothing of wasmtime-wasi's that waits is linked: it would wait for ever, and not at all on a thread that drives async
/// tasks.
pub(crate) fn add_to_linker<T: HasWasi>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_sync(linker)?;
    // Instead of what was just added under these names.
    linker.allow_shadowing(true);
    waiting_io::poll::add_to_linker::<T, HasIo>(linker, |data| data.wasi().io())?;
    waiting_io::streams::add_to_linker::<T, HasIo>(linker, |data| data.wasi().io())?;
    filesystem::preopens::add_to_linker::<T, HasFiles>(linker, |data| data.wasi().files())?;
    waiting_files::types::add_to_linker::<T, HasFiles>(linker, |data| data.wasi().files())?;
    waiting_sockets::tcp::add_to_linker::<T, HasSockets>(linker, |data| data.wasi().sockets())?;
    waiting_sockets::udp::add_to_linker::<T, HasSockets>(linker, |data| data.wasi().sockets())?;
    waiting_sockets::udp_create_socket::add_to_linker::<T, HasSockets>(linker, |data| {
        data.wasi().sockets()
    })?;
    plain_sockets::ip_name_lookup::add_to_linker::<T, HasSockets>(linker, |data| {
        data.wasi().sockets()
    })?;
    linker.allow_shadowing(false);
    Ok(())
}

#[cfg(test)]
mod tests;
