//! A plugin's code: read, checked against the contract, compiled once, and started as often as one likes.

use std::sync::{Arc, OnceLock};

use locum_protocol::{Error, Kind, Result};
use wasmtime::Engine;
use wasmtime::component::{Component as Compiled, InstancePre, Linker};

use crate::cache::Cache;
use crate::compile::{compile, measure};
use crate::door::{Door, Places, State};
use crate::engine::{self, engine};
use crate::grants::Grants;
use crate::limits::Limits;
use crate::wasi;

/// The interface that both sides speak.
pub(crate) const OBJECTS: &str = "locum:plugin/objects@0.1.0";

/// What only a plugin needs from its host.
pub(crate) const LIFECYCLE: &str = "locum:plugin/lifecycle@0.1.0";

/// A plugin's code, ready to be started.
#[derive(Clone)]
pub(crate) struct Component {
    /// What errors call it.
    file: Arc<str>,
    instance: InstancePre<State>,
    /// Where the contract's functions are in it.
    places: Places,
    origin: Origin,
}

/// Where the compiled form of a plugin came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Cache,
    Compiler,
}

impl Origin {
    /// `cache` or `compiler`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Origin::Cache => "cache",
            Origin::Compiler => "compiler",
        }
    }
}

/// What a plugin gets when it is started.
#[derive(Clone, Default)]
pub(crate) struct Start {
    /// How much it may take.
    pub(crate) limits: Limits,
    /// What it may see.
    pub(crate) grants: Grants,
}

impl Component {
    /// Checks and compiles `bytes`, or takes them from the cache. `file` is what errors call them.
    pub(crate) fn load(
        file: &str,
        bytes: &[u8],
        cache: Option<&Cache>,
        limits: &Limits,
    ) -> Result<Component> {
        let (instance, places, origin) = read(bytes, cache, limits).map_err(|problem| {
            problem.map_message(|text| format!("{file} can not be loaded: {text}"))
        })?;
        Ok(Component {
            file: file.into(),
            instance,
            places,
            origin,
        })
    }

    /// Starts an instance: memory of its own, a life of its own. It speaks once its door has been
    /// [connected](Door::connect).
    pub(crate) fn start(&self, name: &str, start: Start) -> Result<Door> {
        let door = Door::open(
            name,
            &self.instance,
            &self.places,
            start.limits,
            &start.grants,
        );
        door.map_err(|problem| {
            problem.map_message(|text| format!("{} can not be loaded: {text}", self.file))
        })
    }

    /// Where its compiled form came from.
    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }

    /// The names of what it imports, and of what it exports.
    pub(crate) fn interfaces(&self) -> (Vec<String>, Vec<String>) {
        let (engine, kind) = (
            self.instance.engine(),
            self.instance.component().component_type(),
        );
        let imports = kind
            .imports(engine)
            .map(|(name, _)| name.to_owned())
            .collect();
        let exports = kind
            .exports(engine)
            .map(|(name, _)| name.to_owned())
            .collect();
        (imports, exports)
    }

    /// The size of the machine code, and of the data that is kept with it.
    pub(crate) fn compiled_bytes(&self) -> usize {
        let image = self.instance.component().image_range();
        image.end as usize - image.start as usize
    }
}

fn read(
    bytes: &[u8],
    cache: Option<&Cache>,
    limits: &Limits,
) -> Result<(InstancePre<State>, Places, Origin)> {
    check_head(bytes, limits)?;
    measure(bytes, limits)?;
    let kind = engine::Kind::of(limits);
    let engine = engine(kind)
        .map_err(|error| problem(format!("this machine can not run WebAssembly: {error:#}")))?;
    let (compiled, origin) = match cache.and_then(|cache| cache.find(engine, bytes)) {
        Some(found) => (found, Origin::Cache),
        None => {
            let compiled = compile(engine, bytes, limits)?;
            if let Some(cache) = cache {
                cache.keep(engine, bytes, &compiled);
            }
            (compiled, Origin::Compiler)
        }
    };
    check_exports(engine, &compiled)?;
    let linker = linker(kind, engine)
        .map_err(|error| problem(format!("the host's own imports do not fit: {error:#}")))?;
    check_imports(engine, &compiled)?;
    let instance = linker.instantiate_pre(&compiled).map_err(|error| {
        problem(format!(
            "the host provides what it imports in another form ({error:#}); {REBUILD}"
        ))
    })?;
    Ok((instance, Places::of(&compiled)?, origin))
}

const REBUILD: &str = "rebuild the plugin with the SDK of this host's version";

pub(crate) fn problem(text: impl Into<String>) -> Error {
    Error::new(Kind::Load, text)
}

/// What can be told from the first bytes, in words that a person can act on.
fn check_head(bytes: &[u8], limits: &Limits) -> Result<()> {
    const CORE: [u8; 4] = [1, 0, 0, 0];
    const COMPONENT: [u8; 4] = [13, 0, 1, 0];

    if bytes.is_empty() {
        return Err(problem("the file is empty; build the plugin again"));
    }
    if bytes.len() > limits.component_bytes {
        return Err(problem(too_large(bytes.len() as u64, limits)));
    }
    if !bytes.starts_with(b"\0asm") {
        let start = bytes.trim_ascii_start();
        return Err(problem(
            if start.starts_with(b"(") || start.starts_with(b";;") {
                "this is WebAssembly text (.wat); make a binary of it with `wasm-tools parse`"
            } else if bytes.starts_with(b"\x7fELF") {
                "this is machine code (.cwasm or a native library); give the .wasm file that it was made from"
            } else if b"\0asm".starts_with(bytes) {
                "the file is truncated; build or copy it again"
            } else {
                "this is not a WebAssembly file; build the plugin with --target wasm32-wasip2"
            },
        ));
    }
    match bytes.get(4..8) {
        None => Err(problem("the file is truncated; build or copy it again")),
        Some(version) if version == COMPONENT => Ok(()),
        Some(version) if version == CORE => Err(problem(
            "this is a core module, not a component; build with --target wasm32-wasip2",
        )),
        Some(version) => Err(problem(format!(
            "its format, version {} layer {}, is not one that this host can read; build it with a current toolchain",
            u16::from_le_bytes([version[0], version[1]]),
            u16::from_le_bytes([version[2], version[3]]),
        ))),
    }
}

/// What is wrong with a file of that size.
pub(crate) fn too_large(bytes: u64, limits: &Limits) -> String {
    format!(
        "it has {bytes} bytes, the most are {} (Limits::component_bytes); build it with optimisation and without debug information",
        limits.component_bytes,
    )
}

pub(crate) fn unreadable(error: &wasmtime::Error) -> Error {
    let cause = error.root_cause().to_string();
    if cause.contains("unexpected end") || cause.contains("is out of bounds") {
        return problem(format!(
            "the file is truncated ({cause}); build or copy it again"
        ));
    }
    problem(format!(
        "it does not compile: {cause}; build the plugin again"
    ))
}

fn check_exports(engine: &Engine, compiled: &Compiled) -> Result<()> {
    let kind = compiled.component_type();
    let names: Vec<&str> = kind.exports(engine).map(|(name, _)| name).collect();
    let (interface, ours) = OBJECTS.split_once('@').unwrap_or((OBJECTS, ""));
    let theirs = names.iter().find_map(|name| match name.split_once('@') {
        Some((start, version)) if start == interface => Some(version),
        _ => None,
    });
    match theirs {
        Some(theirs) if is_compatible(theirs, ours) => Ok(()),
        Some(theirs) => Err(other_version(theirs, ours)),
        None => Err(problem(format!(
            "it is a component but not a plugin, because it does not export `{OBJECTS}` (it exports {}); \
             declare one with `locum_guest::plugin!`",
            list(&names),
        ))),
    }
}

/// Whether `theirs` differs from `ours` only by additions.
fn is_compatible(theirs: &str, ours: &str) -> bool {
    let significant = |version: &str| {
        let mut parts = version.split('.').map(|part| part.parse::<u64>().ok());
        match (parts.next().flatten(), parts.next().flatten()) {
            (Some(0), minor) => (0, minor),
            (major, _) => (major.unwrap_or(u64::MAX), None),
        }
    };
    significant(theirs) == significant(ours)
}

fn other_version(theirs: &str, ours: &str) -> Error {
    let numbers = |version: &str| {
        version
            .split('.')
            .map(|part| part.parse().unwrap_or(0))
            .collect::<Vec<u64>>()
    };
    if numbers(theirs) > numbers(ours) {
        problem(format!(
            "it speaks version {theirs} of the contract and this host version {ours}, which is older; \
             upgrade the host, or build the plugin with locum-guest {ours}",
        ))
    } else {
        problem(format!(
            "it speaks version {theirs} of the contract and this host version {ours}, which is newer; \
             rebuild the plugin with locum-guest {ours}",
        ))
    }
}

fn check_imports(engine: &Engine, compiled: &Compiled) -> Result<()> {
    let kind = compiled.component_type();
    let missing: Vec<&str> = kind
        .imports(engine)
        .map(|(name, _)| name)
        .filter(|name| !is_provided(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(problem(format!(
        "it imports {}, which this host does not provide; build it for wasm32-wasip2 without them",
        list(&missing),
    )))
}

/// Whether the linker below has an interface of that name. Only names count here; types are checked when linking.
fn is_provided(import: &str) -> bool {
    const WASI: &[&str] = &["cli", "clocks", "filesystem", "io", "random", "sockets"];
    let (interface, version) = import.split_once('@').unwrap_or((import, ""));
    match interface.split_once('/') {
        Some(("locum:plugin", _)) => true,
        Some((package, _)) => {
            let package = package.strip_prefix("wasi:");
            package.is_some_and(|package| WASI.contains(&package)) && version.starts_with("0.2.")
        }
        None => false,
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    names
        .iter()
        .map(|name| format!("`{}`", name.escape_debug()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// What every plugin is linked with; made once for an engine, since nothing in it belongs to one plugin.
fn linker(kind: engine::Kind, engine: &Engine) -> wasmtime::Result<&'static Linker<State>> {
    static LINKERS: [OnceLock<Linker<State>>; engine::Kind::COUNT] =
        [const { OnceLock::new() }; engine::Kind::COUNT];
    let made = &LINKERS[kind.number()];
    if let Some(linker) = made.get() {
        return Ok(linker);
    }
    let mut linker = Linker::new(engine);
    crate::door::add_to_linker(&mut linker)?;
    wasi::add_to_linker(&mut linker)?;
    Ok(made.get_or_init(|| linker))
}

#[cfg(test)]
mod tests;
