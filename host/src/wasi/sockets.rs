//! `wasi:sockets`: names that were granted are looked up, no others; and nothing waits but under the plugin's [`Alarm`].
//! Which addresses may be used is decided in `wasi.rs`.

use std::collections::BTreeMap;
use std::net::IpAddr;

use wasmtime::Result;
use wasmtime::component::{HasData, Resource};
use wasmtime_wasi::p2::bindings::sockets::{
    ip_name_lookup,
    network::{self, Network},
    tcp as later_tcp, udp as later_udp, udp_create_socket as later_create,
};
use wasmtime_wasi::p2::bindings::sync::sockets::{tcp, udp, udp_create_socket};
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, DynPollable, SocketError, SocketResult};
use wasmtime_wasi::sockets::WasiSocketsCtxView;

use super::Alarm;
use super::alarm::ticking;
use crate::grants::{self, Refusals};

/// A plugin's sockets.
pub(crate) struct Sockets<'a> {
    pub(super) view: WasiSocketsCtxView<'a>,
    pub(super) alarm: &'a Alarm,
    pub(super) names: &'a BTreeMap<String, Vec<IpAddr>>,
    pub(super) plugin: &'a str,
    pub(super) refusals: &'a Refusals,
}

/// Names [`Sockets`] to the linker.
pub(super) struct HasSockets;

impl HasData for HasSockets {
    type Data<'a> = Sockets<'a>;
}

/// Passes methods on to wasmtime-wasi, those of the one trait to those of the other.
macro_rules! pass_on {
    ($later:path; $($name:ident($($arg:ident: $type:ty),*) -> $out:ty;)*) => {$(
        fn $name(&mut self $(, $arg: $type)*) -> $out {
            ticking(|| <WasiSocketsCtxView<'_> as $later>::$name(&mut self.view $(, $arg)*))
        }
    )*};
}

/// The same for those that wait.
macro_rules! wait_for {
    ($later:path; $($name:ident($($arg:ident: $type:ty),*) -> $out:ty;)*) => {$(
        fn $name(&mut self $(, $arg: $type)*) -> SocketResult<$out> {
            let view = &mut self.view;
            let done = <WasiSocketsCtxView<'_> as $later>::$name(view $(, $arg)*);
            self.alarm.wait(done).map_err(SocketError::trap)?
        }
    )*};
}

impl network::Host for Sockets<'_> {
    pass_on! { network::Host;
        convert_error_code(error: SocketError) -> Result<network::ErrorCode>;
        network_error_code(error: Resource<wasmtime::Error>) -> Result<Option<network::ErrorCode>>;
    }
}

impl network::HostNetwork for Sockets<'_> {
    pass_on! { network::HostNetwork;
        drop(this: Resource<Network>) -> Result<()>;
    }
}

type Tcp = Resource<tcp::TcpSocket>;
type Streams = (Resource<DynInputStream>, Resource<DynOutputStream>);
type Accepted = (Tcp, Resource<DynInputStream>, Resource<DynOutputStream>);

impl tcp::Host for Sockets<'_> {}

impl tcp::HostTcpSocket for Sockets<'_> {
    wait_for! { later_tcp::HostTcpSocket;
        start_bind(this: Tcp, network: Resource<Network>, address: tcp::IpSocketAddress) -> ();
        start_listen(this: Tcp) -> ();
    }

    pass_on! { later_tcp::HostTcpSocket;
        finish_bind(this: Tcp) -> SocketResult<()>;
        start_connect(this: Tcp, network: Resource<Network>, address: tcp::IpSocketAddress) -> SocketResult<()>;
        finish_connect(this: Tcp) -> SocketResult<Streams>;
        finish_listen(this: Tcp) -> SocketResult<()>;
        accept(this: Tcp) -> SocketResult<Accepted>;
        local_address(this: Tcp) -> SocketResult<tcp::IpSocketAddress>;
        remote_address(this: Tcp) -> SocketResult<tcp::IpSocketAddress>;
        is_listening(this: Tcp) -> Result<bool>;
        address_family(this: Tcp) -> Result<tcp::IpAddressFamily>;
        set_listen_backlog_size(this: Tcp, value: u64) -> SocketResult<()>;
        keep_alive_enabled(this: Tcp) -> SocketResult<bool>;
        set_keep_alive_enabled(this: Tcp, value: bool) -> SocketResult<()>;
        keep_alive_idle_time(this: Tcp) -> SocketResult<u64>;
        set_keep_alive_idle_time(this: Tcp, value: u64) -> SocketResult<()>;
        keep_alive_interval(this: Tcp) -> SocketResult<u64>;
        set_keep_alive_interval(this: Tcp, value: u64) -> SocketResult<()>;
        keep_alive_count(this: Tcp) -> SocketResult<u32>;
        set_keep_alive_count(this: Tcp, value: u32) -> SocketResult<()>;
        hop_limit(this: Tcp) -> SocketResult<u8>;
        set_hop_limit(this: Tcp, value: u8) -> SocketResult<()>;
        receive_buffer_size(this: Tcp) -> SocketResult<u64>;
        set_receive_buffer_size(this: Tcp, value: u64) -> SocketResult<()>;
        send_buffer_size(this: Tcp) -> SocketResult<u64>;
        set_send_buffer_size(this: Tcp, value: u64) -> SocketResult<()>;
        subscribe(this: Tcp) -> Result<Resource<DynPollable>>;
        drop(this: Tcp) -> Result<()>;
    }

    fn shutdown(&mut self, this: Tcp, how: tcp::ShutdownType) -> SocketResult<()> {
        ticking(|| later_tcp::HostTcpSocket::shutdown(&mut self.view, this, how.into()))
    }
}

type Udp = Resource<udp::UdpSocket>;
type Incoming = Resource<udp::IncomingDatagramStream>;
type Outgoing = Resource<udp::OutgoingDatagramStream>;

impl udp::Host for Sockets<'_> {}

impl udp::HostUdpSocket for Sockets<'_> {
    wait_for! { later_udp::HostUdpSocket;
        start_bind(this: Udp, network: Resource<Network>, address: udp::IpSocketAddress) -> ();
        stream(this: Udp, address: Option<udp::IpSocketAddress>) -> (Incoming, Outgoing);
    }

    pass_on! { later_udp::HostUdpSocket;
        finish_bind(this: Udp) -> SocketResult<()>;
        local_address(this: Udp) -> SocketResult<udp::IpSocketAddress>;
        remote_address(this: Udp) -> SocketResult<udp::IpSocketAddress>;
        address_family(this: Udp) -> Result<udp::IpAddressFamily>;
        unicast_hop_limit(this: Udp) -> SocketResult<u8>;
        set_unicast_hop_limit(this: Udp, value: u8) -> SocketResult<()>;
        receive_buffer_size(this: Udp) -> SocketResult<u64>;
        set_receive_buffer_size(this: Udp, value: u64) -> SocketResult<()>;
        send_buffer_size(this: Udp) -> SocketResult<u64>;
        set_send_buffer_size(this: Udp, value: u64) -> SocketResult<()>;
        subscribe(this: Udp) -> Result<Resource<DynPollable>>;
        drop(this: Udp) -> Result<()>;
    }
}

impl udp::HostIncomingDatagramStream for Sockets<'_> {
    pass_on! { later_udp::HostIncomingDatagramStream;
        subscribe(this: Incoming) -> Result<Resource<DynPollable>>;
        drop(this: Incoming) -> Result<()>;
    }

    fn receive(&mut self, this: Incoming, most: u64) -> SocketResult<Vec<udp::IncomingDatagram>> {
        let view = &mut self.view;
        let received =
            ticking(|| later_udp::HostIncomingDatagramStream::receive(view, this, most))?;
        Ok(received.into_iter().map(Into::into).collect())
    }
}

impl udp::HostOutgoingDatagramStream for Sockets<'_> {
    pass_on! { later_udp::HostOutgoingDatagramStream;
        check_send(this: Outgoing) -> SocketResult<u64>;
        subscribe(this: Outgoing) -> Result<Resource<DynPollable>>;
    }

    fn send(&mut self, this: Outgoing, datagrams: Vec<udp::OutgoingDatagram>) -> SocketResult<u64> {
        let datagrams = datagrams.into_iter().map(Into::into).collect();
        let view = &mut self.view;
        ticking(|| later_udp::HostOutgoingDatagramStream::send(view, this, datagrams))
    }

    fn drop(&mut self, this: Outgoing) -> Result<()> {
        let dropped = later_udp::HostOutgoingDatagramStream::drop(&mut self.view, this);
        self.alarm.wait(dropped)?
    }
}

impl udp_create_socket::Host for Sockets<'_> {
    wait_for! { later_create::Host;
        create_udp_socket(family: udp::IpAddressFamily) -> Udp;
    }
}

type Addresses = Resource<ip_name_lookup::ResolveAddressStream>;

impl ip_name_lookup::Host for Sockets<'_> {
    /// A look-up tells the name to whoever answers it, so it is a way out for data, too.
    fn resolve_addresses(
        &mut self,
        network: Resource<Network>,
        name: String,
    ) -> SocketResult<Addresses> {
        let is_granted = self.names.contains_key(&name.to_ascii_lowercase());
        if !is_granted && name.parse::<IpAddr>().is_err() {
            let name = grants::shown(&name);
            let option = format!("allow-net {name}:PORT");
            let what = format!("the network name `{name}`");
            self.refusals.add(self.plugin, &what, "connect", &option);
            return Err(ip_name_lookup::ErrorCode::AccessDenied.into());
        }
        ticking(|| ip_name_lookup::Host::resolve_addresses(&mut self.view, network, name))
    }
}

impl ip_name_lookup::HostResolveAddressStream for Sockets<'_> {
    pass_on! { ip_name_lookup::HostResolveAddressStream;
        resolve_next_address(this: Addresses) -> SocketResult<Option<ip_name_lookup::IpAddress>>;
        subscribe(this: Addresses) -> Result<Resource<DynPollable>>;
        drop(this: Addresses) -> Result<()>;
    }
}
