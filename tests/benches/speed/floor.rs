//! The floors: wasmtime itself, with the engine's settings of Locum, calling components that were written by hand. They
//! have the contract's signatures and are sent the same bytes, but answer what lies there already.

use wasmtime::component::{Component, ComponentType, Instance, Lift, Linker, Lower, TypedFunc};
use wasmtime::{Config, Engine, Result, Store};

use locum_tests::Handmade;

const OBJECTS: &str = "locum:plugin/objects@0.1.0";

/// `counter.add(1)`, answered with a small number.
const ARGUMENTS: [u8; 3] = [0x81, 0x81, 0x01];
const ANSWER: [u8; 3] = [0x19, 0x03, 0xE8];
const HANDLE: u64 = 1 << 24 | 1;

/// The contract's types, as far as a call needs them.
#[derive(ComponentType, Lift, Lower, Clone, Copy)]
#[component(enum)]
#[repr(u8)]
#[allow(dead_code, reason = "of the contract")]
enum Mode {
    #[component(name = "auto")]
    Auto,
    #[component(name = "value")]
    Value,
    #[component(name = "proxy")]
    Proxy,
}

#[derive(ComponentType, Lift, Lower, Clone, Copy)]
#[component(variant)]
enum ObjectRef {
    #[component(name = "yours")]
    Yours(u64),
    #[component(name = "mine")]
    Mine(u64),
}

#[derive(ComponentType, Lower, Clone, Copy)]
#[component(record)]
struct Sent<'a> {
    item: &'a [u8],
    attachments: Option<SentAttachments<'a>>,
}

#[derive(ComponentType, Lower, Clone, Copy)]
#[component(record)]
struct SentAttachments<'a> {
    objects: &'a [ObjectRef],
    buffers: &'a [&'a [u8]],
}

#[derive(ComponentType, Lift, Lower)]
#[component(record)]
struct Parcel {
    item: Vec<u8>,
    attachments: Option<Attachments>,
}

#[derive(ComponentType, Lift, Lower)]
#[component(record)]
struct Attachments {
    objects: Vec<ObjectRef>,
    buffers: Vec<Vec<u8>>,
}

#[derive(ComponentType, Lift, Lower)]
#[component(record)]
struct Fault {
    kind: String,
    #[component(name = "type-name")]
    type_name: String,
    message: String,
    trace: Vec<String>,
    data: Option<Vec<u8>>,
}

type Answer = (std::result::Result<Parcel, Fault>,);
type Call = TypedFunc<(u64, &'static str, Sent<'static>, Mode), Answer>;

/// An engine like Locum's.
fn engine() -> Result<Engine> {
    Engine::new(&config())
}

fn config() -> Config {
    let mut config = Config::new();
    config.concurrency_support(false);
    config.epoch_interruption(true);
    config.wasm_memory64(false);
    config.max_wasm_stack(1 << 20);
    config
}

/// What the first compilation of a plugin is made of: names, and what to time.
pub(crate) fn parts_of_compiling(bytes: &[u8]) -> Result<Vec<crate::measure::Run<'_>>> {
    let mut one_core = config();
    one_core.parallel_compilation(false);
    let (engine, one_core) = (engine()?, Engine::new(&one_core)?);
    let compiled = Component::from_binary(&engine, bytes)?;
    let kept = compiled.serialize()?;
    let compile = |engine: Engine| move || drop(Component::from_binary(&engine, bytes));
    Ok(vec![
        (
            "first compile: machine code, by wasmtime on all cores",
            Box::new(compile(engine)),
        ),
        (
            "first compile: machine code, by wasmtime on one core",
            Box::new(compile(one_core)),
        ),
        (
            "first compile: what is kept of it, as bytes",
            Box::new(move || drop(compiled.serialize())),
        ),
        (
            "first compile: a copy of these bytes to disk",
            Box::new(move || {
                let file = tempfile::NamedTempFile::new().expect("there is a place for it");
                std::fs::write(file.path(), &kept).expect("there is room for it");
            }),
        ),
    ])
}

fn start(
    bytes: &[u8],
    linker: impl FnOnce(&mut Linker<()>) -> Result<()>,
) -> Result<(Store<()>, Instance)> {
    let engine = engine()?;
    let component = Component::new(&engine, bytes)?;
    let mut store = Store::new(&engine, ());
    store.set_epoch_deadline(u64::MAX / 2);
    let mut made = Linker::new(&engine);
    linker(&mut made)?;
    let instance = made.instantiate(&mut store, &component)?;
    Ok((store, instance))
}

/// A call: handle, name, arguments and mode go in, a small answer comes out.
pub(crate) fn call() -> Result<impl FnMut()> {
    let (mut store, instance) = start(&Handmade::item(&ANSWER).bytes(), |_| Ok(()))?;
    let call = function(&instance, &mut store)?;
    Ok(move || {
        let sent = Sent {
            item: &ARGUMENTS,
            attachments: None,
        };
        let (answer,) = call
            .call(&mut store, (HANDLE, "add", sent, Mode::Auto))
            .expect("it answers");
        assert!(answer.is_ok_and(|parcel| parcel.item == ANSWER));
    })
}

fn function(instance: &Instance, store: &mut Store<()>) -> Result<Call> {
    let interface = instance.get_export_index(&mut *store, None, OBJECTS);
    let index = instance.get_export_index(&mut *store, interface.as_ref(), "call");
    instance.get_typed_func(store, index.expect("it has the contract's functions"))
}

/// So many callbacks in one call.
pub(crate) fn callbacks() -> Result<impl FnMut(u32)> {
    let bytes = wat::parse_str(include_str!("callbacks.wat")).expect("the text is well formed");
    let (mut store, instance) = start(&bytes, |linker| {
        linker.instance(OBJECTS)?.func_wrap(
            "call",
            |_, (_, path, args, _): (u64, String, Parcel, Mode)| -> Result<Answer> {
                assert!(path.is_empty() && args.item.len() == 3);
                Ok((Ok(Parcel {
                    item: vec![1],
                    attachments: None,
                }),))
            },
        )
    })?;
    let run = instance.get_typed_func::<(u32,), ()>(&mut store, "run")?;
    Ok(move |times| run.call(&mut store, (times,)).expect("it runs"))
}
