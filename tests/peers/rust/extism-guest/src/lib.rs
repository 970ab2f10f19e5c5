//! The counter as a plugin: Extism has no objects, so there is one, and each of its methods is an export.

use std::sync::atomic::{AtomicI64, Ordering};

use extism_pdk::{host_fn, plugin_fn, FnResult, FromBytes, Json, ToBytes};
use serde::{Deserialize, Serialize};

static COUNT: AtomicI64 = AtomicI64::new(0);

#[derive(Serialize, Deserialize, FromBytes, ToBytes)]
#[encoding(Json)]
pub struct Step {
    k: i64,
}

/// Eight bytes in and eight bytes out.
#[plugin_fn]
pub fn add(by: i64) -> FnResult<i64> {
    Ok(COUNT.fetch_add(by, Ordering::Relaxed) + by)
}

#[plugin_fn]
pub fn add_json(step: Step) -> FnResult<Step> {
    Ok(Step {
        k: COUNT.fetch_add(step.k, Ordering::Relaxed) + step.k,
    })
}

/// Calls the host so many times.
#[plugin_fn]
pub fn call_back(times: i64) -> FnResult<()> {
    for n in 0..times {
        unsafe { tell(n)? };
    }
    Ok(())
}

/// The same by a raw import, which takes numbers only.
#[plugin_fn]
pub fn call_back_raw(times: i64) -> FnResult<()> {
    for n in 0..times {
        unsafe { tell_raw(n) };
    }
    Ok(())
}

#[plugin_fn]
pub fn size(data: Vec<u8>) -> FnResult<i64> {
    Ok(data.len() as i64)
}

#[plugin_fn]
pub fn echo(data: Vec<u8>) -> FnResult<Vec<u8>> {
    Ok(data)
}

#[host_fn]
extern "ExtismHost" {
    fn tell(n: i64) -> i64;
}

#[link(wasm_import_module = "extism:host/user")]
extern "C" {
    fn tell_raw(n: i64) -> i64;
}
