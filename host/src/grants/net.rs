//! Addresses of the network, as they are granted: `192.0.2.7:443`, `10.0.0.0/8:*`, `example.org:443`, `*:53`.

use std::fmt;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use super::refused;
use crate::Result;

/// Some addresses, each with one port or all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    hosts: Hosts,
    /// `None` for any.
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    Any,
    /// All whose first so many bits are these.
    Net(IpAddr, u8),
    /// What a name stood for when it was granted.
    Named(Vec<IpAddr>),
}

impl Pattern {
    /// Reads an address; the second one is the name in it, if it has one and names are allowed there.
    pub(crate) fn read(text: &str, with_names: bool) -> Result<(Pattern, Option<String>)> {
        let bad = |why: &dyn fmt::Display| {
            refused(format!(
                "{text:?} is no network address ({why}); give one as in `192.0.2.7:443`, `[::1]:8080` or `*:53`"
            ))
        };
        let (host, port) = text
            .rsplit_once(':')
            .ok_or_else(|| bad(&"it has no port"))?;
        let port = match port {
            "*" => None,
            number => Some(
                number
                    .parse()
                    .map_err(|_| bad(&format!("the port is {number:?}")))?,
            ),
        };
        let (host, bits) = match host.split_once('/') {
            Some((host, bits)) => (host, Some(bits)),
            None => (host, None),
        };
        let bare = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        if host == "*" && bits.is_none() {
            let hosts = Hosts::Any;
            return Ok((Pattern { hosts, port }, None));
        }
        if let Ok(address) = bare.unwrap_or(host).parse::<IpAddr>() {
            if address.is_ipv6() != bare.is_some() {
                return Err(bad(&"only an IPv6 address stands in brackets, and it must"));
            }
            let most = if address.is_ipv4() { 32 } else { 128 };
            let bits = match bits {
                None => most,
                Some(bits) => bits
                    .parse()
                    .ok()
                    .filter(|bits| *bits <= most)
                    .ok_or_else(|| bad(&format!("a prefix has 0 to {most} bits")))?,
            };
            let hosts = Hosts::Net(address, bits);
            return Ok((Pattern { hosts, port }, None));
        }
        if !with_names || bits.is_some() || bare.is_some() || !is_name(host) {
            return Err(bad(&format!("{host:?} is no address of a host")));
        }
        let found = (host, port.unwrap_or(0)).to_socket_addrs();
        let addresses: Vec<IpAddr> = match found {
            Ok(found) => found.map(|address| address.ip()).collect(),
            Err(error) => {
                return Err(refused(format!(
                    "the name {host:?} in {text:?} can not be looked up: {error}; give its address, or grant it when the network is there"
                )));
            }
        };
        let hosts = Hosts::Named(addresses);
        Ok((Pattern { hosts, port }, Some(host.to_ascii_lowercase())))
    }

    /// Whether that address is one of them.
    pub(crate) fn holds(&self, address: SocketAddr) -> bool {
        // The same host, however it is written.
        let ip = address.ip().to_canonical();
        let is_host = match &self.hosts {
            Hosts::Any => true,
            Hosts::Net(net, bits) => in_net(ip, *net, *bits),
            Hosts::Named(addresses) => addresses.iter().any(|known| known.to_canonical() == ip),
        };
        is_host && self.port.is_none_or(|port| port == address.port())
    }

    /// The addresses that a name stood for.
    pub(crate) fn addresses(&self) -> Vec<IpAddr> {
        match &self.hosts {
            Hosts::Named(addresses) => addresses.clone(),
            Hosts::Any | Hosts::Net(..) => Vec::new(),
        }
    }
}

fn is_name(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 253
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        // A slip in an address is no name.
        && !host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn in_net(ip: IpAddr, net: IpAddr, bits: u8) -> bool {
    fn same(one: u128, other: u128, width: u32, bits: u8) -> bool {
        // Shifting by all of them is "nothing left to compare".
        let rest = width - u32::from(bits).min(width);
        one.checked_shr(rest).unwrap_or(0) == other.checked_shr(rest).unwrap_or(0)
    }
    match (ip, net) {
        (IpAddr::V4(ip), IpAddr::V4(net)) => {
            same(u32::from(ip).into(), u32::from(net).into(), 32, bits)
        }
        (IpAddr::V6(ip), IpAddr::V6(net)) => same(ip.into(), net.into(), 128, bits),
        // `[::ffff:1.2.3.4]:80` is that IPv4 address.
        (IpAddr::V4(ip), IpAddr::V6(net)) => match net.to_canonical() {
            IpAddr::V4(net) => bits >= 96 && in_net(ip.into(), net.into(), bits - 96),
            IpAddr::V6(_) => false,
        },
        (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn holds(pattern: &str, address: &str) -> bool {
        let (pattern, _) = Pattern::read(pattern, false).unwrap();
        pattern.holds(address.parse().unwrap())
    }

    #[test]
    fn an_address_is_granted_with_its_port_and_no_other() {
        assert!(holds("192.0.2.7:443", "192.0.2.7:443"));
        assert!(!holds("192.0.2.7:443", "192.0.2.7:444"));
        assert!(!holds("192.0.2.7:443", "192.0.2.8:443"));
        assert!(holds("192.0.2.7:*", "192.0.2.7:1"));
        assert!(holds("*:53", "[2001:db8::1]:53") && !holds("*:53", "192.0.2.7:54"));
        assert!(holds("[::1]:80", "[::1]:80") && !holds("[::1]:80", "127.0.0.1:80"));
    }

    #[test]
    fn a_net_is_all_addresses_that_begin_like_it() {
        assert!(holds("10.0.0.0/8:5432", "10.255.3.4:5432"));
        assert!(!holds("10.0.0.0/8:5432", "11.0.0.1:5432"));
        assert!(holds("0.0.0.0/0:1", "203.0.113.9:1") && !holds("0.0.0.0/0:1", "[::1]:1"));
        assert!(holds("[2001:db8::]/32:1", "[2001:db8:ffff::1]:1"));
        assert!(!holds("[2001:db8::]/32:1", "[2001:db9::1]:1"));
    }

    #[test]
    fn an_address_in_the_clothes_of_another_kind_is_the_same() {
        assert!(holds("127.0.0.1:80", "[::ffff:127.0.0.1]:80"));
        assert!(!holds("127.0.0.1:80", "[::ffff:127.0.0.2]:80"));
        assert!(holds("[::ffff:127.0.0.1]:80", "127.0.0.1:80"));
    }

    #[test]
    fn what_is_no_address_is_refused_with_what_one_looks_like() {
        for text in [
            "",
            "x",
            "192.0.2.7",
            "192.0.2.7:",
            "192.0.2.7:http",
            "192.0.2.7:70000",
            "::1:80",
            "[::1:80",
            "[192.0.2.7]:80",
            "192.0.2.256:80",
            "10.0.0.0/33:1",
            "10.0.0.0/x:1",
            "*/8:1",
            "a b:80",
            ":80",
            "999:80",
        ] {
            for with_names in [true, false] {
                let error = Pattern::read(text, with_names).unwrap_err();
                assert!(
                    error.message().contains("as in `192.0.2.7:443`"),
                    "{text:?}: {error}"
                );
            }
        }
        assert!(Pattern::read("localhost:80", false).is_err());
    }

    #[test]
    fn a_name_is_looked_up_when_it_is_granted() {
        let (pattern, name) = Pattern::read("LocalHost:80", true).unwrap();
        assert_eq!(name.as_deref(), Some("localhost"));
        assert!(pattern.addresses().iter().all(IpAddr::is_loopback));
        assert!(pattern.holds("127.0.0.1:80".parse().unwrap()));
        let error = Pattern::read("no-such-host.invalid:80", true).unwrap_err();
        assert!(error.message().contains("can not be looked up"), "{error}");
    }
}
