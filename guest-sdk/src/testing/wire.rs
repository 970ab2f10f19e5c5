//! The way from one end of a connection in memory to the other, which knows whether this thread is inside the plugin.
//!
//! In a sandbox there is one host. Here there may be as many as tests that run, so which one `import` asks is decided by
//! the request that this thread is serving: the host that made it.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use locum_protocol::{
    Error, Handle, Kind, Peer, Released, ReplyMode, Result, Transport, WeakPeer, WireParcel,
};

thread_local! {
    /// The host of the plugin that this thread is inside of, if it is inside of one.
    static HOST: RefCell<Option<Peer>> = const { RefCell::new(None) };
}

/// The host of the plugin that this thread is inside of.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn host() -> Option<Peer> {
    HOST.try_with(|host| host.borrow().clone()).ok().flatten()
}

/// Does something inside of a plugin that has this host, or outside of any plugin.
pub(super) fn within<R>(host: Option<Peer>, work: impl FnOnce() -> R) -> R {
    /// Puts back what was there, also when the work panics.
    struct Back(Option<Peer>);
    impl Drop for Back {
        fn drop(&mut self) {
            swap(self.0.take());
        }
    }
    let _back = Back(swap(host));
    work()
}

/// Nothing is kept at the very end of a thread, when what is thread-local is gone.
fn swap(host: Option<Peer>) -> Option<Peer> {
    HOST.try_with(|it| it.replace(host)).ok().flatten()
}

/// The peer at the other end, once it is made.
pub(super) type End = Arc<OnceLock<WeakPeer>>;

/// Where a wire leads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    Host,
    Plugin,
}

/// The way to one end.
pub(super) struct Wire {
    pub(super) name: String,
    pub(super) to: To,
    pub(super) end: End,
}

impl Wire {
    /// Has a request served at the other end, which is inside of the plugin if that is what this leads to.
    fn serve<R>(&self, request: impl FnOnce(&Peer) -> Result<R>) -> Result<R> {
        let Some(end) = self.end.get().and_then(WeakPeer::upgrade) else {
            return Err(Error::new(Kind::Closed, format!("`{}` is gone", self.name)));
        };
        let host = (self.to == To::Plugin).then(|| end.clone());
        within(host, || request(&end))
    }
}

impl Transport for Wire {
    fn import_module(&self, name: &str) -> Result<Handle> {
        self.serve(|end| end.serve_import_module(name))
    }

    fn get_attr(&self, target: Handle, path: &str, reply: ReplyMode) -> Result<WireParcel> {
        self.serve(|end| end.serve_get_attr(target, path, reply))
    }

    fn set_attr(&self, target: Handle, path: &str, value: WireParcel) -> Result<()> {
        self.serve(|end| end.serve_set_attr(target, path, value))
    }

    fn call(
        &self,
        target: Handle,
        path: &str,
        args: WireParcel,
        reply: ReplyMode,
    ) -> Result<WireParcel> {
        self.serve(|end| end.serve_call(target, path, args, reply))
    }

    fn transfer(&self, value: WireParcel) -> Result<Handle> {
        self.serve(|end| end.serve_transfer(value))
    }

    fn release(&self, released: &[Released]) -> Result<bool> {
        // An end that is gone has nothing left to be given back to.
        if self.end.get().and_then(WeakPeer::upgrade).is_none() {
            return Ok(true);
        }
        self.serve(|end| end.serve_release(released).map(|()| true))
    }

    fn describe(&self, target: Handle) -> Result<WireParcel> {
        self.serve(|end| end.serve_describe(target))
    }

    fn close(&self) -> Result<()> {
        // Whoever is gone is closed.
        let _ = self.serve(|end| {
            end.serve_close();
            Ok(())
        });
        Ok(())
    }
}
