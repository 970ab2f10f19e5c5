//! What `wit-bindgen` makes of the contract: the imported functions, and the description of the world that becomes the
//! component's type. Only `door.rs` looks in here, which exports the contract's functions itself.
//!
//! The lints are off because nobody wrote this by hand; `unsafe` is what the canonical ABI is made of.
#![allow(unsafe_code, missing_docs, unreachable_pub)]

wit_bindgen::generate!({
    path: "../wit",
    world: "plugin",
});
