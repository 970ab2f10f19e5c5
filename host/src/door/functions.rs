//! What a plugin exports for its host: each function found and type-checked once, when the plugin starts.

use locum_protocol::{Error, Kind, Result};
use wasmtime::Store;
use wasmtime::component::{
    Component, ComponentExportIndex, ComponentNamedList, Instance, Lift, Lower, TypedFunc,
};

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

/// Where they are in a component: looked up by name once, for all of its instances.
#[derive(Clone, Copy)]
pub(crate) struct Places {
    import_module: ComponentExportIndex,
    get_attr: ComponentExportIndex,
    set_attr: ComponentExportIndex,
    call: ComponentExportIndex,
    transfer: ComponentExportIndex,
    release: ComponentExportIndex,
    describe: ComponentExportIndex,
    close: ComponentExportIndex,
}

impl Places {
    /// Finds them.
    pub(crate) fn of(component: &Component) -> Result<Places> {
        let interface = component.get_export_index(None, OBJECTS);
        let place = |name: &str| {
            let place = interface
                .as_ref()
                .and_then(|interface| component.get_export_index(Some(interface), name));
            place.ok_or_else(|| {
                Error::new(
                    Kind::Load,
                    format!("it exports no function `{name}` in `{OBJECTS}`"),
                )
            })
        };
        Ok(Places {
            import_module: place("import-module")?,
            get_attr: place("get-attr")?,
            set_attr: place("set-attr")?,
            call: place("call")?,
            transfer: place("transfer")?,
            release: place("release")?,
            describe: place("describe")?,
            close: place("close")?,
        })
    }
}

impl Functions {
    /// Finds them in a fresh instance.
    pub(super) fn of(
        instance: &Instance,
        store: &mut Store<State>,
        places: &Places,
    ) -> Result<Functions> {
        Ok(Functions {
            import_module: find(instance, store, places.import_module, "import-module")?,
            get_attr: find(instance, store, places.get_attr, "get-attr")?,
            set_attr: find(instance, store, places.set_attr, "set-attr")?,
            call: find(instance, store, places.call, "call")?,
            transfer: find(instance, store, places.transfer, "transfer")?,
            release: find(instance, store, places.release, "release")?,
            describe: find(instance, store, places.describe, "describe")?,
            close: find(instance, store, places.close, "close")?,
        })
    }
}

fn find<P, R>(
    instance: &Instance,
    store: &mut Store<State>,
    place: ComponentExportIndex,
    name: &str,
) -> Result<TypedFunc<P, R>>
where
    P: ComponentNamedList + Lower,
    R: ComponentNamedList + Lift,
{
    instance.get_typed_func(store, place).map_err(|error| {
        Error::new(
            Kind::Load,
            format!("its function `{name}` in `{OBJECTS}` has another type: {error:#}"),
        )
    })
}
