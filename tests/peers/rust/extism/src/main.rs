//! Extism: this process calls the exports of a plugin, `../extism-guest`. It has no objects, so there is no chain and
//! nothing to create.

use std::env;
use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::process;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use extism::convert::Json;
use extism::{
    CompiledPlugin, CurrentPlugin, Manifest, PTR, Plugin, PluginBuilder, UserData, Val, ValType,
    Wasm,
};
use peers_timing::{System, brief, lives, random_mebibyte, sample, unshared};
use serde::{Deserialize, Serialize};

const INSTANCES: u16 = 20;
const ROUNDS: usize = 9;

#[derive(Serialize, Deserialize)]
struct Step {
    k: i64,
}

fn main() -> Result<()> {
    let system = System {
        name: "Extism",
        version: "1.30.0",
    };
    let manifest = Manifest::new([Wasm::file(guest()?)]);
    let compiled = builder(manifest.clone()).with_cache_disabled().compile()?;
    report_cold_start(&system, &manifest, &compiled)?;
    let memory = memory_of_instances(&compiled)?;
    system.report_memory(&memory, "growth for one more instance");
    let limited = builder(manifest.with_timeout(Duration::from_secs(1)))
        .with_cache_disabled()
        .build()?;
    report_calls(&system, Plugin::new_from_compiled(&compiled)?, limited)
}

/// The plugin, which `setup` puts beside this program's own folder.
fn guest() -> Result<PathBuf> {
    let program = env::current_exe()?;
    let target = program
        .ancestors()
        .nth(2)
        .context("the program is in a target folder")?;
    let wasm = target.join("wasm32-unknown-unknown/release/extism_guest.wasm");
    let place = wasm.display();
    ensure!(
        wasm.exists(),
        "Extism is not set up (no {place}): run `tests/peers/setup extism`"
    );
    Ok(wasm)
}

fn builder(manifest: Manifest) -> PluginBuilder<'static> {
    let number = [ValType::I64];
    PluginBuilder::new(manifest)
        .with_function("tell", [PTR], [PTR], UserData::new(()), tell)
        .with_function(
            "tell_raw",
            number.clone(),
            number,
            UserData::new(()),
            tell_raw,
        )
}

fn tell_raw(
    _: &mut CurrentPlugin,
    inputs: &[Val],
    outputs: &mut [Val],
    _: UserData<()>,
) -> Result<()> {
    outputs[0] = black_box(inputs[0]);
    Ok(())
}

extism::host_fn!(tell(n: i64) -> i64 {
    Ok(black_box(n))
});

fn report_cold_start(
    system: &System,
    manifest: &Manifest,
    compiled: &CompiledPlugin,
) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let config = folder.path().join("config.toml");
    let cache = folder.path().join("cache");
    fs::write(&config, format!("[cache]\ndirectory = {cache:?}\n"))?;
    let cold_start = |make: &dyn Fn() -> Result<Plugin>| {
        let called = || {
            let mut plugin = make()?;
            add(&mut plugin)?;
            Ok(plugin)
        };
        lives(called, |_| Ok(()))
    };
    let cached = cold_start(&|| builder(manifest.clone()).with_cache_config(&config).build())?;
    let uncached = brief(&cold_start(&|| {
        builder(manifest.clone()).with_cache_disabled().build()
    })?);
    let instance = brief(&cold_start(&|| Plugin::new_from_compiled(compiled))?);
    let note = format!(
        "from the cache on disk; compiled first: {uncached}; a CompiledPlugin's next instance: {instance}"
    );
    system.report("cold_start", &cached, &note);
    Ok(())
}

/// By how much memory grows with each instance, that has been called.
fn memory_of_instances(compiled: &CompiledPlugin) -> Result<Vec<f64>> {
    let mut kept = Vec::new();
    (0..ROUNDS)
        .map(|_| {
            let before = unshared(process::id())?;
            for _ in 0..INSTANCES {
                let mut plugin = Plugin::new_from_compiled(compiled)?;
                add(&mut plugin)?;
                kept.push(plugin);
            }
            Ok((unshared(process::id())? - before) / f64::from(INSTANCES))
        })
        .collect()
}

/// `limited` is the same plugin with a timeout.
fn report_calls(system: &System, mut plugin: Plugin, mut limited: Plugin) -> Result<()> {
    let with_timeout = brief(&time(20_000, 1, || add(&mut limited))?);
    let note = format!("8 bytes in, 8 bytes out; with a timeout of a second: {with_timeout}");
    system.report("call", &time(20_000, 1, || add(&mut plugin))?, &note);
    system.report("call_json", &time(20_000, 1, || add_json(&mut plugin))?, "");

    for (times, calls) in [(100, 100), (1000, 10), (5000, 1)] {
        let mut call_back = |export| {
            time(calls, times, || {
                plugin.call::<i64, ()>(export, times.into())
            })
        };
        let in_memory = call_back("call_back")?;
        let raw = brief(&call_back("call_back_raw")?);
        let note =
            format!("`host_fn`, by way of memory; a number as a raw value of WebAssembly: {raw}");
        system.report(&format!("callback_{times}"), &in_memory, &note);
    }

    let data = random_mebibyte()?;
    let argument = time(50, 1, || {
        let size = plugin.call::<&[u8], i64>("size", &data)?;
        ensure!(size == data.len() as i64, "{size} bytes came");
        Ok(())
    })?;
    system.report("argument_1mib", &argument, "");
    let echo = time(50, 1, || {
        let size = plugin.call::<&[u8], &[u8]>("echo", &data)?.len();
        ensure!(size == data.len(), "{size} bytes came back");
        Ok(())
    })?;
    system.report("echo_1mib", &echo, "");
    Ok(())
}

/// Times what does so many operations each time that it is called, so many times in a batch.
fn time(calls: u32, operations: u32, mut call: impl FnMut() -> Result<()>) -> Result<Vec<f64>> {
    sample(calls * operations, || (0..calls).try_for_each(|_| call()))
}

fn add(plugin: &mut Plugin) -> Result<()> {
    black_box(plugin.call::<i64, i64>("add", 1)?);
    Ok(())
}

fn add_json(plugin: &mut Plugin) -> Result<()> {
    let Json(step) = plugin.call::<_, Json<Step>>("add_json", Json(Step { k: 1 }))?;
    black_box(step.k);
    Ok(())
}
