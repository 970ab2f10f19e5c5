//! Two peers in one program, connected without a wire: for tests of objects, and for objects without a sandbox.

use std::sync::{Arc, OnceLock};

use crate::peer::{Peer, Setup, WeakPeer};
use crate::transport::{Released, Transport, WireParcel};
use crate::{Error, Handle, Kind, Offers, PeerLimits, ReplyMode, Result};

/// The other end, once it is made.
type Other = Arc<OnceLock<WeakPeer>>;

struct Memory {
    name: String,
    other: Other,
}

impl Memory {
    fn other(&self) -> Result<Peer> {
        let peer = self.other.get().and_then(WeakPeer::upgrade);
        peer.ok_or_else(|| Error::new(Kind::Closed, format!("`{}` is gone", self.name)))
    }
}

impl Transport for Memory {
    fn import_module(&self, name: &str) -> Result<Handle> {
        self.other()?.serve_import_module(name)
    }
    fn get_attr(&self, target: Handle, path: &str, reply: ReplyMode) -> Result<WireParcel> {
        self.other()?.serve_get_attr(target, path, reply)
    }
    fn set_attr(&self, target: Handle, path: &str, value: WireParcel) -> Result<()> {
        self.other()?.serve_set_attr(target, path, value)
    }
    fn call(
        &self,
        target: Handle,
        path: &str,
        args: WireParcel,
        reply: ReplyMode,
    ) -> Result<WireParcel> {
        self.other()?.serve_call(target, path, args, reply)
    }
    fn transfer(&self, value: WireParcel) -> Result<Handle> {
        self.other()?.serve_transfer(value)
    }
    fn release(&self, released: &[Released]) -> Result<bool> {
        // A peer that is gone has nothing left to give back to.
        match self.other() {
            Ok(other) => other.serve_release(released).map(|()| true),
            Err(_) => Ok(true),
        }
    }
    fn describe(&self, target: Handle) -> Result<WireParcel> {
        self.other()?.serve_describe(target)
    }
    fn close(&self) -> Result<()> {
        if let Ok(other) = self.other() {
            other.serve_close();
        }
        Ok(())
    }
}

/// A connected pair. The first peer is how the first program sees the second: through it the second's modules are
/// imported; and the other way round.
///
/// Messages are calls on the caller's thread; everything else is as it is across a real boundary.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::{Module, Modules, pair};
/// let store = Modules::new("host", "1").with(Module::new("store").constant("size", &3)?);
/// let toys = Modules::new("toys", "1").with(Module::new("numbers").constant("answer", &42)?);
/// let (toys, host) = pair(("host", Arc::new(store)), ("toys", Arc::new(toys)));
/// assert_eq!(toys.import("numbers")?.get::<i64>("answer")?, 42); // as the host does it
/// assert_eq!(host.import("store")?.get::<i64>("size")?, 3); // as the toys do it
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn pair(first: (&str, Arc<dyn Offers>), second: (&str, Arc<dyn Offers>)) -> (Peer, Peer) {
    pair_with_limits(first, second, PeerLimits::default())
}

/// The same, with limits of one's own.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, PeerLimits, pair_with_limits};
/// let mut limits = PeerLimits::default();
/// limits.exports = 2;
/// let nothing = || Arc::new(Modules::default());
/// let (plugin, _host) = pair_with_limits(("host", nothing()), ("plugin", nothing()), limits);
/// let held = (plugin.transfer("a")?, plugin.transfer("b")?);
/// assert!(plugin.transfer("c").is_err());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn pair_with_limits(
    first: (&str, Arc<dyn Offers>),
    second: (&str, Arc<dyn Offers>),
    limits: PeerLimits,
) -> (Peer, Peer) {
    pair_with_setup(first, second, Setup::new().limits(limits))
}

/// The same, with more to say about how both peers shall work.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::{CallOptions, Modules, ReplyMode, Setup, Value, pair_with_setup};
/// let setup = Setup::new().call_options(CallOptions::new().reply(ReplyMode::Proxy));
/// let nothing = || Arc::new(Modules::default());
/// let (plugin, _host) = pair_with_setup(("host", nothing()), ("plugin", nothing()), setup);
/// let upper: Value = plugin.transfer("a")?.call("upper", ())?;
/// assert!(matches!(upper, Value::Object(_)));
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn pair_with_setup(
    first: (&str, Arc<dyn Offers>),
    second: (&str, Arc<dyn Offers>),
    setup: Setup,
) -> (Peer, Peer) {
    let (to_first, to_second) = (Other::default(), Other::default());
    let door = |name: &str, other: &Other| {
        Box::new(Memory {
            name: name.to_owned(),
            other: other.clone(),
        })
    };
    // Each peer is named after the program at its other end, and offers what this end has.
    let sees_second =
        Peer::with_setup(second.0, setup.clone(), door(second.0, &to_second), first.1);
    let sees_first = Peer::with_setup(first.0, setup, door(first.0, &to_first), second.1);
    // Messages of the first program are served by the second program's view of the first.
    let _ = to_second.set(sees_first.downgrade());
    let _ = to_first.set(sees_second.downgrade());
    (sees_second, sees_first)
}
