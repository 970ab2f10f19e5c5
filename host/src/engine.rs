//! The wasmtime engines of this process: how plugins are compiled and run.

use std::sync::OnceLock;

use wasmtime::{Config, Engine, PoolingAllocationConfig, WasmBacktraceDetails};

use crate::limits::Limits;

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

/// Where instances get their memories and tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// From a pool: the place of one that has ended is mapped already.
    Pooled,
    /// From the system, for plugins that may take more than a place in the pool has.
    OnDemand,
}

/// Which engine: what plugins of the same kind share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    metering: Metering,
    room: Room,
}

impl Kind {
    /// How many there are.
    pub(crate) const COUNT: usize = 4;

    /// The one for plugins with these limits.
    pub(crate) fn of(limits: &Limits) -> Kind {
        let metering = match limits.fuel {
            None => Metering::Time,
            Some(_) => Metering::Fuel,
        };
        let fits = limits.table_elements <= POOLED_TABLE_ELEMENTS
            && limits.instances <= POOLED_PARTS as usize;
        let room = match fits {
            true => Room::Pooled,
            false => Room::OnDemand,
        };
        Kind { metering, room }
    }

    /// A number for each, from 0.
    pub(crate) fn number(self) -> usize {
        self.metering as usize * 2 + self.room as usize
    }
}

/// How many instances may live at a time in the pool of one engine. Each place takes 4 GiB of addresses, and no memory.
const POOLED_INSTANCES: u32 = 12_288;

/// How many core instances, memories and tables one plugin in the pool may have, each: as many as the limits allow where
/// they are not raised.
const POOLED_PARTS: u32 = 64;

/// How many bytes of a table are cleared in place when it is let go: some ten thousand functions.
const KEPT_TABLE: usize = 64 << 10;

/// How many elements a table in the pool may have.
const POOLED_TABLE_ELEMENTS: usize = 100_000;

static ENGINES: [OnceLock<Engine>; Kind::COUNT] = [const { OnceLock::new() }; Kind::COUNT];

/// The engine, made on first use. An error says that this machine can not run WebAssembly.
pub(crate) fn engine(kind: Kind) -> wasmtime::Result<&'static Engine> {
    let engine = &ENGINES[kind.number()];
    if let Some(engine) = engine.get() {
        return Ok(engine);
    }
    crate::deadline::start()?;
    let made = match kind.room {
        Room::OnDemand => Engine::new(&config(kind.metering))?,
        Room::Pooled => pooled(kind.metering)?,
    };
    Ok(engine.get_or_init(|| made))
}

/// An engine with as large a pool as there are addresses for, where a machine gives few of them: perhaps none.
///
/// Elsewhere than on Linux, and where each address counts as memory, a pool costs more than it saves.
fn pooled(metering: Metering) -> wasmtime::Result<Engine> {
    let mut config = config(metering);
    let is_free = cfg!(target_os = "linux") && !counts_addresses();
    let mut instances = if is_free { POOLED_INSTANCES } else { 0 };
    while instances >= 64 {
        config.allocation_strategy(pool(instances));
        if let Ok(engine) = Engine::new(&config) {
            return Ok(engine);
        }
        instances /= 4;
    }
    Engine::new(&self::config(metering))
}

fn pool(instances: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    // What an instance has written to goes back to the system when it ends. `pagemap_scan`, which restores it in place
    // instead, takes a page that was swapped out for one that was never written to, and the next instance would see it.
    pool.total_component_instances(instances)
        .total_memories(instances)
        // A plugin has its own table and one that links it to its imports.
        .total_tables(instances * 2)
        // Fibers are for calls that are async, of which there are none.
        .total_stacks(0)
        // Only counted; what one plugin may have, its own limits say.
        .total_core_instances(instances * POOLED_PARTS)
        .max_core_instance_size(MOST_METADATA)
        .max_component_instance_size(MOST_METADATA)
        .max_tables_per_module(POOLED_PARTS)
        .max_memories_per_module(POOLED_PARTS)
        .table_elements(POOLED_TABLE_ELEMENTS)
        // But for the beginnings of tables, which are cleared in place: that takes less than two page faults.
        .table_keep_resident(KEPT_TABLE);
    pool
}

/// Whether the system promises memory for whatever is mapped, used or not.
fn counts_addresses() -> bool {
    std::fs::read_to_string("/proc/sys/vm/overcommit_memory").is_ok_and(|mode| mode.trim() == "2")
}

/// What the runtime may need for the functions of one plugin; a language's interpreter has some ten thousand.
const MOST_METADATA: usize = 64 << 20;

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
    // For debuggers and profilers of the host, which have to be told of each plugin while it is loaded.
    config.native_unwind_info(cfg!(windows));
    // Explicitly, because the default asks the environment; a plugin without debug information costs nothing more.
    config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
    config
}
