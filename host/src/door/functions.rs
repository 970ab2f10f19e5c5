//! What a plugin exports for its host: each function found and type-checked once, when the plugin starts.

use locum_protocol::{Error, Kind, Result};
use wasmtime::Store;
use wasmtime::component::{ComponentNamedList, Instance, Lift, Lower, TypedFunc};

use super::state::State;
use super::wire::{Fault, GivenBack, Mode, Parcel, Sent};
use crate::component::OBJECTS;

type Answer<T> = (std::result::Result<T, Fault>,);

/// The functions of `locum:plugin/objects`. A parameter list that borrows for ever accepts one that borrows for a call.
pub(super) struct Functions {
    pub(super) import_module: TypedFunc<(&'static str,), Answer<u64>>,
    pub(super) get_attr: TypedFunc<(u64, &'static str, Mode), Answer<Parcel>>,
    pub(super) set_attr: TypedFunc<(u64, &'static str, Sent<'static>), Answer<()>>,
    pub(super) call: TypedFunc<(u64, &'static str, Sent<'static>, Mode), Answer<Parcel>>,
    pub(super) transfer: TypedFunc<(Sent<'static>,), Answer<u64>>,
    pub(super) release: TypedFunc<(&'static [GivenBack],), ()>,
    pub(super) describe: TypedFunc<(u64,), Answer<Parcel>>,
    pub(super) close: TypedFunc<(), ()>,
}

impl Functions {
    /// Finds them in a fresh instance.
    pub(super) fn of(instance: &Instance, store: &mut Store<State>) -> Result<Functions> {
        Ok(Functions {
            import_module: find(instance, store, "import-module")?,
            get_attr: find(instance, store, "get-attr")?,
            set_attr: find(instance, store, "set-attr")?,
            call: find(instance, store, "call")?,
            transfer: find(instance, store, "transfer")?,
            release: find(instance, store, "release")?,
            describe: find(instance, store, "describe")?,
            close: find(instance, store, "close")?,
        })
    }
}

fn find<P, R>(instance: &Instance, store: &mut Store<State>, name: &str) -> Result<TypedFunc<P, R>>
where
    P: ComponentNamedList + Lower,
    R: ComponentNamedList + Lift,
{
    let interface = instance.get_export_index(&mut *store, None, OBJECTS);
    let index = interface
        .and_then(|interface| instance.get_export_index(&mut *store, Some(&interface), name));
    let Some(index) = index else {
        return Err(Error::new(
            Kind::Load,
            format!("it exports no function `{name}` in `{OBJECTS}`"),
        ));
    };
    instance.get_typed_func(store, index).map_err(|error| {
        Error::new(
            Kind::Load,
            format!("its function `{name}` in `{OBJECTS}` has another type: {error:#}"),
        )
    })
}
