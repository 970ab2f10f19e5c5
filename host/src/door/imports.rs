//! What the host provides to a plugin: `locum:plugin/objects`, served by the host's peer, and `lifecycle`.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice::from_ref;
use std::sync::Arc;

use locum_protocol::{Error, Handle, Kind, Peer, Released, Result, WeakPeer};
use wasmtime::StoreContextMut;
use wasmtime::component::Linker;

use super::state::{Line, State};
use super::wire::{Fault, GivenBack, Mode, Parcel};
use crate::component::{LIFECYCLE, OBJECTS};
use crate::engine::{HOST_STACK, THREAD_STACK};
use crate::reentry;
use crate::watch;

type Caller<'a> = StoreContextMut<'a, State>;
type Answer<T> = wasmtime::Result<(std::result::Result<T, Fault>,)>;

/// Adds both interfaces.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut objects = linker.instance(OBJECTS)?;
    objects.func_wrap(
        "import-module",
        |caller: Caller<'_>, (name,): (String,)| -> Answer<u64> {
            serve(caller, |peer| {
                peer.serve_import_module(&name).map(Handle::raw)
            })
        },
    )?;
    objects.func_wrap(
        "get-attr",
        |caller: Caller<'_>, (target, path, reply): (u64, String, Mode)| -> Answer<Parcel> {
            serve(caller, |peer| {
                peer.serve_get_attr(Handle::from_raw(target), &path, reply.into())
                    .map(Parcel::from)
            })
        },
    )?;
    objects.func_wrap(
        "set-attr",
        |caller: Caller<'_>, (target, path, value): (u64, String, Parcel)| -> Answer<()> {
            serve(caller, |peer| {
                peer.serve_set_attr(Handle::from_raw(target), &path, value.into())
            })
        },
    )?;
    objects.func_wrap(
        "call",
        |caller: Caller<'_>,
         (target, path, args, reply): (u64, String, Parcel, Mode)|
         -> Answer<Parcel> {
            serve(caller, |peer| {
                peer.serve_call(Handle::from_raw(target), &path, args.into(), reply.into())
                    .map(Parcel::from)
            })
        },
    )?;
    objects.func_wrap(
        "transfer",
        |caller: Caller<'_>, (value,): (Parcel,)| -> Answer<u64> {
            serve(caller, |peer| {
                peer.serve_transfer(value.into()).map(Handle::raw)
            })
        },
    )?;
    objects.func_wrap(
        "release",
        |caller: Caller<'_>, (given,): (Vec<GivenBack>,)| {
            let released: Vec<Released> = given.into_iter().map(Into::into).collect();
            let line = Arc::clone(&caller.data().line);
            let release = |peer: &Peer| {
                released
                    .iter()
                    .try_for_each(|one| let_go(&line.name, || peer.serve_release(from_ref(one))))
            };
            let (answer,) = serve(caller, release)?;
            // The contract gives `release` no answer, so an error can only end the plugin.
            answer.map_err(|fault| wasmtime::Error::msg(Error::from(fault).message().to_owned()))
        },
    )?;
    objects.func_wrap(
        "describe",
        |caller: Caller<'_>, (target,): (u64,)| -> Answer<Parcel> {
            serve(caller, |peer| {
                peer.serve_describe(Handle::from_raw(target))
                    .map(Parcel::from)
            })
        },
    )?;
    objects.func_wrap("close", |caller: Caller<'_>, (): ()| {
        // A plugin can not close its host, only what it has with it.
        let close = |peer: &Peer| {
            peer.serve_close();
            Ok::<_, Error>(true)
        };
        serve(caller, close).map(|_| ())
    })?;

    let mut lifecycle = linker.instance(LIFECYCLE)?;
    lifecycle.func_wrap(
        "last-words",
        |mut caller: Caller<'_>, (words,): (Fault,)| {
            caller.data_mut().last_words = Some(words.into());
            Ok(())
        },
    )
}

/// Serves one message: the plugin is parked meanwhile, so that it can be called back.
///
/// An outer error ends the plugin: it was closed while it waited, and must not go on.
fn serve<T>(mut caller: Caller<'_>, serve: impl FnOnce(&Peer) -> Result<T>) -> Answer<T> {
    let line = Arc::clone(&caller.data().line);
    let answer = match ready(&line) {
        Ok(peer) => {
            line.meter.park();
            let answer = line
                .key
                .park(&mut caller, || guarded(&line.name, || serve(&peer)));
            line.meter.resume();
            answer
        }
        Err(error) => Err(error),
    };
    if line.fate.get().is_some() {
        return Err(wasmtime::Error::msg(
            "the plugin was closed while it waited for its host",
        ));
    }
    Ok((answer.map_err(Fault::from),))
}

/// Whoever serves this plugin, if there is still the stack to do so.
fn ready(line: &Line) -> Result<Peer> {
    if reentry::stack_used() + HOST_STACK > THREAD_STACK {
        return Err(Error::new(
            Kind::TooDeep,
            "the calls into one another have used up this thread's stack",
        ));
    }
    line.peer.get().and_then(WeakPeer::upgrade).ok_or_else(|| {
        Error::new(
            Kind::Closed,
            format!(
                "the host does not serve plugin `{}`: it is starting or closing",
                line.name
            ),
        )
    })
}

/// Turns a panic of a host's object into an error for the plugin: host code must not unwind through a guest.
///
/// `AssertUnwindSafe`, because the peer's tables are whole at every point where foreign code runs.
fn guarded<T>(plugin: &str, serve: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(serve)).unwrap_or_else(|panic| {
        let text = panic_message(&*panic);
        watch::panicked(plugin, text);
        Err(Error::raise("Panic", text.to_owned()))
    })
}

/// Takes back what a plugin gives back. It is no fault of the plugin's when the destructor of the host's object panics.
fn let_go(plugin: &str, release: impl FnOnce() -> Result<()>) -> Result<()> {
    catch_unwind(AssertUnwindSafe(release)).unwrap_or_else(|panic| {
        watch::panicked(plugin, panic_message(&*panic));
        Ok(())
    })
}

/// What a caught panic says.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let owned = || panic.downcast_ref::<String>().map(String::as_str);
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(owned)
        .unwrap_or("a panic whose value is not text")
}
