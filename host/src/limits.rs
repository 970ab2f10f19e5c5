//! What a plugin may take and how long it may run, in one place.

use std::time::Duration;

use crate::{Error, Kind, PeerLimits, Result};

/// Bounds on what one plugin may take: each has a unit, a default that is safe for a plugin of unknown origin, and an
/// error that names it, its value and its field here.
///
/// Given to a host for all its plugins ([`HostBuilder::limits`](crate::HostBuilder::limits)) or to one plugin
/// ([`LoadOptions::limits`](crate::LoadOptions::limits)), whose shorter forms set one of them.
///
/// ```
/// use std::time::Duration;
/// use locum::{Host, Limits};
///
/// let mut limits = Limits::default();
/// limits.memory_bytes = 128 << 20;
/// limits.deadline = Duration::from_secs(2);
/// let host = Host::builder().limits(limits).build()?;
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes in all of the plugin's linear memories, which grow by pages of 64 KiB. Default 64 MiB.
    pub memory_bytes: usize,
    /// Elements in all of the plugin's tables, which hold a program's function pointers. Default 100,000.
    pub table_elements: usize,
    /// Core instances, memories and tables, each. Default 64; a language runtime brings some ten.
    pub instances: usize,
    /// Streams, files, sockets and pollables that it may hold open, and resources of each other type. Default 1,000.
    pub resources: usize,

    /// How long the plugin may run in one call before it is stopped, and with it its life. Its sleeping and waiting in
    /// WASI count; the time that the host takes to serve it does not, but for moments.
    /// [`Duration::MAX`] is for ever. Default 10 s.
    ///
    /// It is kept to within [some hundredths of a second](crate::limits::DEADLINE_SLACK).
    pub deadline: Duration,
    /// How long the plugin may run while it is started, before its first call. Default 10 s.
    pub start_deadline: Duration,
    /// How many instructions of WebAssembly (about) the plugin may run in one call, which does not depend on the machine
    /// and its load. With it, plugins run by a tenth to a half slower. Default: not counted.
    pub fuel: Option<u64>,

    /// Bytes in the plugin's file. Default 64 MiB; a Python plugin, its interpreter included, has 19 MB.
    pub component_bytes: usize,
    /// Functions in the plugin's code. Default 200,000.
    pub functions: usize,
    /// Bytes in the code of one function, since a compiler's time and memory grow faster than that. Default 1 MiB.
    pub function_bytes: usize,
    /// How long the plugin may be compiled before loading it fails. Default 60 s.
    pub compile_time: Duration,

    /// Bytes of output that are passed on in one second, of both streams together; what is more is dropped, and how much
    /// is told. Default 1 MiB.
    pub output_bytes: usize,
    /// Bytes in one line of output; what is longer is passed on in pieces. Default 8 KiB.
    pub line_bytes: usize,

    /// Objects that may be lent to the plugin, and by it, at a time. Default 100,000; at most 2^24 - 1.
    pub exports: u32,
    /// Bytes in the CBOR item of one message. Default 16 MiB.
    pub message_bytes: usize,
    /// Bytes in all the buffers of one message. Default 64 MiB.
    pub buffer_bytes: usize,
    /// Objects and buffers beside one message, each. Default 100,000.
    pub attachments: usize,
    /// CBOR items in one message (each number, text, list and map counts one). Default 1,048,576.
    pub items: usize,
    /// Bytes in a path, a module name or a keyword. Default 4,096.
    pub name_bytes: usize,
    /// Calls nested into one another on one thread, through however many plugins. Default 64.
    pub call_depth: usize,
    /// Handles never lent that the plugin may name before it is closed. Default 100.
    pub strikes: u32,
}

/// By how much a [deadline](Limits::deadline) may be missed, beside what the machine's load adds.
pub const DEADLINE_SLACK: Duration = Duration::from_millis(20);

impl Default for Limits {
    fn default() -> Self {
        let peer = PeerLimits::default();
        Limits {
            memory_bytes: 64 << 20,
            table_elements: 100_000,
            instances: 64,
            resources: 1000,
            deadline: Duration::from_secs(10),
            start_deadline: Duration::from_secs(10),
            fuel: None,
            component_bytes: 64 << 20,
            functions: 200_000,
            function_bytes: 1 << 20,
            compile_time: Duration::from_secs(60),
            output_bytes: 1 << 20,
            line_bytes: 8 << 10,
            exports: peer.exports,
            message_bytes: peer.message_bytes,
            buffer_bytes: peer.buffer_bytes,
            attachments: peer.attachments,
            items: peer.items,
            name_bytes: peer.name_bytes,
            call_depth: peer.call_depth,
            strikes: peer.strikes,
        }
    }
}

impl Limits {
    /// Those that are kept by the protocol.
    ///
    /// ```
    /// # use locum::Limits;
    /// let mut limits = Limits::default();
    /// limits.message_bytes = 1 << 20;
    /// assert_eq!(limits.peer().message_bytes, 1 << 20);
    /// ```
    pub fn peer(&self) -> PeerLimits {
        let mut peer = PeerLimits::default();
        peer.exports = self.exports;
        peer.message_bytes = self.message_bytes;
        peer.buffer_bytes = self.buffer_bytes;
        peer.attachments = self.attachments;
        peer.items = self.items;
        peer.name_bytes = self.name_bytes;
        peer.call_depth = self.call_depth;
        peer.strikes = self.strikes;
        peer
    }

    /// Bytes that the plugin may hand to the host in one call, as the host will hold them: what a message may have, and
    /// some more for names and frames.
    pub(crate) fn handed_over(&self) -> usize {
        self.message_bytes
            .saturating_add(self.buffer_bytes)
            .saturating_add(16 << 20)
    }

    /// Refuses what no plugin could live with. What is too large is taken for "no limit".
    pub(crate) fn check(&self) -> Result<()> {
        let zero = [
            ("memory_bytes", self.memory_bytes == 0),
            ("instances", self.instances == 0),
            ("deadline", self.deadline.is_zero()),
            ("start_deadline", self.start_deadline.is_zero()),
            ("fuel", self.fuel == Some(0)),
            ("component_bytes", self.component_bytes == 0),
            ("functions", self.functions == 0),
            ("function_bytes", self.function_bytes == 0),
            ("compile_time", self.compile_time.is_zero()),
            ("line_bytes", self.line_bytes == 0),
            ("exports", self.exports == 0),
            ("message_bytes", self.message_bytes == 0),
            ("items", self.items == 0),
            ("name_bytes", self.name_bytes == 0),
            ("call_depth", self.call_depth == 0),
        ];
        match zero.iter().find(|(_, is_zero)| *is_zero) {
            None => Ok(()),
            Some((field, _)) => Err(Error::new(
                Kind::ValueError,
                format!(
                    "Limits::{field} is 0, so no plugin could run; leave it at its default, or set what it needs"
                ),
            )),
        }
    }
}
