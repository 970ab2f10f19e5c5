//! What one side accepts from the other, in one place.

/// Containers (lists, maps, tags) inside one another in one message: a rule of the protocol, the same for everybody, so
/// that what one side can write the other can read.
pub const MAX_ITEM_DEPTH: usize = 64;

/// Dimensions of an array: a rule of the protocol too.
pub const MAX_DIMS: usize = 32;

/// Bounds on what a peer accepts and sends. Every refusal names the limit, its value and its field here.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::{Kind, Modules, PeerLimits, pair_with_limits};
/// let mut limits = PeerLimits::default();
/// limits.message_bytes = 1000;
/// let nothing = || Arc::new(Modules::default());
/// let (plugin, _host) = pair_with_limits(("host", nothing()), ("plugin", nothing()), limits);
/// let error = plugin.transfer(&vec![1_000_000; 1000]).unwrap_err();
/// assert_eq!(error.kind(), Kind::LimitExceeded);
/// assert!(error.message().contains("Limits::message_bytes"), "{error}");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PeerLimits {
    /// Objects that may be lent to one peer at a time. Default 100,000; at most 2^24 - 1.
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
    /// Calls nested into one another on one thread, through however many peers. Default 64.
    pub call_depth: usize,
    /// Handles never lent that a peer may name before it is closed. Default 100.
    pub strikes: u32,
}

impl Default for PeerLimits {
    fn default() -> Self {
        PeerLimits {
            exports: 100_000,
            message_bytes: 16 << 20,
            buffer_bytes: 64 << 20,
            attachments: 100_000,
            items: 1 << 20,
            name_bytes: 4096,
            call_depth: 64,
            strikes: 100,
        }
    }
}
