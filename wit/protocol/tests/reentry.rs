//! The host's table of frames, which has the only `unsafe` that a call goes through, where Miri can look at it: in its own
//! crate, Miri would have to compile wasmtime.

#[path = "../../../host/src/reentry.rs"]
#[allow(dead_code)]
mod reentry;

#[path = "../../../host/src/reentry/tests.rs"]
mod laws;
