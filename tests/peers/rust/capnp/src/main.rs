//! Cap'n Proto RPC over a socket pair: this process calls the objects of another, which runs the same program.

#[rustfmt::skip]
#[allow(clippy::all)]
mod counter_capnp;
mod server;

use std::env;
use std::hint::black_box;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command};
use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use capnp_rpc::rpc_twoparty_capnp::Side;
use capnp_rpc::{RpcSystem, new_client};
use counter_capnp::{counter, factory, listener};
use futures::future::try_join_all;
use peers_timing::{System, lives, random_mebibyte, sample, unshared};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use tokio::runtime::Runtime;
use tokio::task::LocalSet;

const WINDOW: u32 = 100;
const SERVE: &str = "serve";

fn main() -> Result<()> {
    if env::args().nth(1).as_deref() == Some(SERVE) {
        return server::serve();
    }
    stay_on_one_core()?;
    measure(&System {
        name: "Cap'n Proto",
        version: "0.27.3",
    })
}

/// Puts both processes, as children inherit it, on one core.
///
/// They take turns anyway, and a call takes two to three times as long when the scheduler happens to put them on two
/// cores, which it does or does not for a whole run.
fn stay_on_one_core() -> Result<()> {
    let allowed = sched_getaffinity(None)?;
    let last = (0..CpuSet::MAX_CPU)
        .rev()
        .find(|&core| allowed.is_set(core))
        .context("a core to run on")?;
    let mut one = CpuSet::new();
    one.set(last);
    Ok(sched_setaffinity(None, &one)?)
}

fn measure(system: &System) -> Result<()> {
    let mut memory = Vec::new();
    let times = lives(
        || {
            let remote = Remote::start()?;
            remote.run(async { add(&remote.create(0).await?).await })?;
            Ok(remote)
        },
        |remote| {
            memory.push(unshared(remote.process.id())?);
            Ok(())
        },
    )?;
    system.report("cold_start", &times, "");
    system.report_memory(&memory, "");

    let remote = Remote::start()?;
    let counter = remote.run(remote.create(4))?;
    system.report(
        "call",
        &remote.time(2000, 1, async || add(&counter).await)?,
        "",
    );
    let window = async || {
        try_join_all((0..WINDOW).map(|_| add(&counter))).await?;
        Ok(())
    };
    system.report(
        "pipelined",
        &remote.time(20, WINDOW, window)?,
        &format!("{WINDOW} outstanding"),
    );
    let listener: listener::Client = new_client(Listener);
    for (times, calls) in [(100, 20), (1000, 2), (5000, 1)] {
        let callbacks = remote.time(calls, times, async || {
            call_back(&counter, &listener, times).await
        })?;
        system.report(&format!("callback_{times}"), &callbacks, "");
    }
    system.report(
        "chain",
        &remote.time(300, 1, async || chain(&counter).await)?,
        "each hop awaited",
    );
    system.report(
        "chain_deferred",
        &remote.time(300, 1, async || chain_pipelined(&counter).await)?,
        "promise pipelining",
    );
    let create = async || {
        remote.create(0).await?;
        Ok(())
    };
    system.report("create_release", &remote.time(1000, 1, create)?, "");
    let data = random_mebibyte()?;
    system.report(
        "argument_1mib",
        &remote.time(20, 1, async || size(&counter, &data).await)?,
        "",
    );
    system.report(
        "echo_1mib",
        &remote.time(20, 1, async || echo(&counter, &data).await)?,
        "most of it is glibc giving memory back to the system, and taking it again",
    );
    Ok(())
}

/// The other process. It ends when the connection does.
struct Remote {
    process: Child,
    runtime: Runtime,
    /// Runs the connection.
    local: LocalSet,
    factory: factory::Client,
}

impl Remote {
    fn start() -> Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        let process = Command::new(env::current_exe()?)
            .arg(SERVE)
            .stdin(OwnedFd::from(theirs))
            .spawn()?;
        let runtime = server::runtime()?;
        let local = LocalSet::new();
        let factory = local.block_on(&runtime, async {
            let mut system = RpcSystem::new(server::network(ours, Side::Client)?, None);
            let factory = system.bootstrap(Side::Server);
            tokio::task::spawn_local(system);
            anyhow::Ok(factory)
        })?;
        Ok(Remote {
            process,
            runtime,
            local,
            factory,
        })
    }

    fn run<T>(&self, future: impl Future<Output = Result<T>>) -> Result<T> {
        self.local.block_on(&self.runtime, future)
    }

    /// Times what does so many operations each time that it is called, so many times in a batch.
    fn time(
        &self,
        calls: u32,
        operations: u32,
        call: impl AsyncFn() -> Result<()>,
    ) -> Result<Vec<f64>> {
        sample(calls * operations, || {
            self.run(async {
                for _ in 0..calls {
                    call().await?;
                }
                Ok(())
            })
        })
    }

    async fn create(&self, depth: u32) -> Result<counter::Client> {
        let mut request = self.factory.create_request();
        request.get().set_depth(depth);
        Ok(request.send().promise.await?.get()?.get_counter()?)
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Listener;

impl listener::Server for Listener {
    async fn tell(
        self: Rc<Self>,
        params: listener::TellParams,
        _: listener::TellResults,
    ) -> Result<(), capnp::Error> {
        black_box(params.get()?.get_n());
        Ok(())
    }
}

async fn add(counter: &counter::Client) -> Result<()> {
    let mut request = counter.add_request();
    request.get().set_by(1);
    black_box(request.send().promise.await?.get()?.get_count());
    Ok(())
}

async fn call_back(
    counter: &counter::Client,
    listener: &listener::Client,
    times: u32,
) -> Result<()> {
    let mut request = counter.call_back_request();
    request.get().set_listener(listener.clone());
    request.get().set_times(times);
    request.send().promise.await?;
    Ok(())
}

async fn chain(counter: &counter::Client) -> Result<()> {
    let mut last = counter.clone();
    for _ in 0..4 {
        last = last
            .inner_request()
            .send()
            .promise
            .await?
            .get()?
            .get_counter()?;
    }
    add(&last).await
}

async fn chain_pipelined(counter: &counter::Client) -> Result<()> {
    let mut last = counter.clone();
    for _ in 0..4 {
        last = last.inner_request().send().pipeline.get_counter();
    }
    add(&last).await
}

async fn size(counter: &counter::Client, data: &[u8]) -> Result<()> {
    let mut request = counter.size_request();
    request.get().set_data(data);
    let size = request.send().promise.await?.get()?.get_size();
    ensure!(size == data.len() as u64, "{size} bytes came");
    Ok(())
}

async fn echo(counter: &counter::Client, data: &[u8]) -> Result<()> {
    let mut request = counter.echo_request();
    request.get().set_data(data);
    let size = request.send().promise.await?.get()?.get_data()?.len();
    ensure!(size == data.len(), "{size} bytes came back");
    Ok(())
}
