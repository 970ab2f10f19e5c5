//! The one wasmtime engine of this process: how plugins are compiled and run.

use std::sync::OnceLock;

use wasmtime::{Config, Engine, WasmBacktraceDetails};

/// How much native stack the WebAssembly of one plugin may use, the host's frames between its own included.
///
/// Twice wasmtime's default, so that 64 nested calls fit even in a debug build of the host.
pub(crate) const WASM_STACK: usize = 1 << 20;

/// How much native stack a thread is taken to have: what Rust gives the threads that it spawns.
pub(crate) const THREAD_STACK: usize = 2 << 20;

/// How much of that is kept for the host's own code above a plugin's frames: an object's method, an allocation.
pub(crate) const HOST_STACK: usize = 256 << 10;

/// How much of its stack a plugin must have left to be called back.
pub(crate) const NESTED_STACK: usize = 128 << 10;

/// The engine, made on first use. An error says that this machine can not run WebAssembly.
pub(crate) fn engine() -> wasmtime::Result<&'static Engine> {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    if let Some(engine) = ENGINE.get() {
        return Ok(engine);
    }
    let made = Engine::new(&config())?;
    Ok(ENGINE.get_or_init(|| made))
}

fn config() -> Config {
    let mut config = Config::new();
    // A synchronous surface: with it on, a call takes two to three times as long and a plugin can not be re-entered.
    config.concurrency_support(false);
    // Deadlines are not here yet; checks for them cost a few per cent of a guest's speed.
    config.epoch_interruption(false);
    // Handles, buffers and limits are made for 32 bits.
    config.wasm_memory64(false);
    config.max_wasm_stack(WASM_STACK);
    // Explicitly, because the default asks the environment; a plugin without debug information costs nothing more.
    config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
    config
}
