//! What `wit-bindgen` makes of the contract: the imported functions, the trait of the exported ones, and the macro
//! that exports them. Only `door.rs` and the expansion of `plugin!` look in here.
//!
//! The lints are off because nobody wrote this by hand; `unsafe` is what the canonical ABI is made of.
#![allow(unsafe_code, missing_docs, unreachable_pub)]

wit_bindgen::generate!({
    path: "../wit",
    world: "plugin",
    pub_export_macro: true,
    default_bindings_module: "locum_guest::bindings",
});
