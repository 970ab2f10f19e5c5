//! The guest's door: with its folder the only thing that knows the canonical ABI. Inward it is the functions that the host
//! calls (`exports`), outward a `Transport` (`outward`); everything between the two is `locum-protocol`.
//!
//! What a call goes through, `exports` and `imports`, is written by hand over `arena` and `reply`, which save it from
//! allocating; the rest is what wit-bindgen makes (`bindings.rs`). None of it is there where a plugin's crate is built for
//! its own tests: those have no host.

// The canonical ABI is pointers and lengths; each file says why what it does with them is sound.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code)]
mod arena;
#[cfg(target_family = "wasm")]
#[allow(unsafe_code)]
pub mod exports;
#[cfg(target_family = "wasm")]
#[allow(unsafe_code)]
mod imports;
#[cfg(target_family = "wasm")]
mod inward;
#[cfg(target_family = "wasm")]
mod outward;
#[cfg(target_family = "wasm")]
#[allow(unsafe_code)]
mod reply;

#[cfg(target_family = "wasm")]
use std::sync::OnceLock;

#[cfg(target_family = "wasm")]
use locum_protocol::Peer;

/// The host, as this plugin knows it.
#[cfg(target_family = "wasm")]
static HOST: OnceLock<Peer> = OnceLock::new();

/// The host, if it has spoken to this plugin yet.
#[cfg(target_family = "wasm")]
pub(crate) fn host() -> Option<&'static Peer> {
    HOST.get()
}
