//! The wasmtime engines of this process: how plugins are compiled and run.

use std::sync::OnceLock;

use wasmtime::{Config, Engine, Inlining, WasmBacktraceDetails};

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

/// How plugins are compiled and run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Metering {
    /// By the clock only.
    Time,
    /// By the instructions that they execute, too.
    Fuel,
}

static ENGINES: [OnceLock<Engine>; 2] = [const { OnceLock::new() }; 2];

/// The engine, made on first use. An error says that this machine can not run WebAssembly.
pub(crate) fn engine(metering: Metering) -> wasmtime::Result<&'static Engine> {
    let engine = &ENGINES[metering as usize];
    if let Some(engine) = engine.get() {
        return Ok(engine);
    }
    crate::deadline::start()?;
    let made = Engine::new(&config(metering))?;
    Ok(engine.get_or_init(|| made))
}

/// Has all compiled code that runs look whether it may go on.
pub(crate) fn advance_epochs() {
    for engine in ENGINES.iter().filter_map(OnceLock::get) {
        engine.increment_epoch();
    }
}

fn config(metering: Metering) -> Config {
    let mut config = Config::new();
    // A synchronous surface: with it on, a call takes two to three times as long and a plugin can not be re-entered.
    config.concurrency_support(false);
    config.epoch_interruption(true);
    config.consume_fuel(metering == Metering::Fuel);
    // Handles, buffers and limits are made for 32 bits.
    config.wasm_memory64(false);
    config.max_wasm_stack(WASM_STACK);
    config.compiler_inlining(Inlining::Yes);
    // Explicitly, because the default asks the environment; a plugin without debug information costs nothing more.
    config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
    config
}
