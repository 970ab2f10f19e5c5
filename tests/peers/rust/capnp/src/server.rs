//! The objects, and the process that has them.

use std::cell::Cell;
use std::io::stdin;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::rc::Rc;

use anyhow::Result;
use capnp::Error;
use capnp_rpc::rpc_twoparty_capnp::Side;
use capnp_rpc::twoparty::VatNetwork;
use capnp_rpc::{RpcSystem, new_client};
use futures::AsyncRead;
use futures::io::{BufReader, BufWriter};
use tokio::runtime::{Builder, Runtime};
use tokio_util::compat::{TokioAsyncReadCompatExt, TokioAsyncWriteCompatExt};

use crate::counter_capnp::{counter, factory};

/// Serves the socket that is this process's standard input, until the other end closes it.
pub fn serve() -> Result<()> {
    let socket = UnixStream::from(stdin().as_fd().try_clone_to_owned()?);
    let factory: factory::Client = new_client(Factory);
    runtime()?.block_on(async {
        let system = RpcSystem::new(network(socket, Side::Server)?, Some(factory.client));
        Ok(system.await?)
    })
}

pub fn runtime() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_io().build()?)
}

/// One end of the connection; wants to be made within the runtime.
pub fn network(socket: UnixStream, side: Side) -> Result<Box<VatNetwork<impl AsyncRead + Unpin>>> {
    socket.set_nonblocking(true)?;
    let (reader, writer) = tokio::net::UnixStream::from_std(socket)?.into_split();
    let (reader, writer) = (
        BufReader::new(reader.compat()),
        BufWriter::new(writer.compat_write()),
    );
    Ok(Box::new(VatNetwork::new(
        reader,
        writer,
        side,
        Default::default(),
    )))
}

struct Factory;

impl factory::Server for Factory {
    async fn create(
        self: Rc<Self>,
        params: factory::CreateParams,
        mut results: factory::CreateResults,
    ) -> Result<(), Error> {
        results
            .get()
            .set_counter(new_client(Counter::new(params.get()?.get_depth())));
        Ok(())
    }
}

struct Counter {
    count: Cell<i64>,
    inner: Option<counter::Client>,
}

impl Counter {
    /// Others are nested in it, so deep.
    fn new(depth: u32) -> Self {
        Counter {
            count: Cell::new(0),
            inner: depth
                .checked_sub(1)
                .map(|depth| new_client(Counter::new(depth))),
        }
    }
}

impl counter::Server for Counter {
    async fn add(
        self: Rc<Self>,
        params: counter::AddParams,
        mut results: counter::AddResults,
    ) -> Result<(), Error> {
        self.count.set(self.count.get() + params.get()?.get_by());
        results.get().set_count(self.count.get());
        Ok(())
    }

    async fn inner(
        self: Rc<Self>,
        _: counter::InnerParams,
        mut results: counter::InnerResults,
    ) -> Result<(), Error> {
        let inner = self
            .inner
            .clone()
            .ok_or_else(|| Error::failed("nothing is nested here".into()))?;
        results.get().set_counter(inner);
        Ok(())
    }

    async fn call_back(
        self: Rc<Self>,
        params: counter::CallBackParams,
        _: counter::CallBackResults,
    ) -> Result<(), Error> {
        let listener = params.get()?.get_listener()?;
        for n in 0..i64::from(params.get()?.get_times()) {
            let mut request = listener.tell_request();
            request.get().set_n(n);
            request.send().promise.await?;
        }
        Ok(())
    }

    async fn size(
        self: Rc<Self>,
        params: counter::SizeParams,
        mut results: counter::SizeResults,
    ) -> Result<(), Error> {
        results
            .get()
            .set_size(params.get()?.get_data()?.len() as u64);
        Ok(())
    }

    async fn echo(
        self: Rc<Self>,
        params: counter::EchoParams,
        mut results: counter::EchoResults,
    ) -> Result<(), Error> {
        results.get().set_data(params.get()?.get_data()?);
        Ok(())
    }
}
