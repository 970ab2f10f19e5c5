//! Messages that no SDK would send, to see that the host stands them. They exist in WebAssembly only.

use locum_guest::{Bytes, Result, object};

/// Calls a host's object by its bare handle, with an item for its arguments as it is.
#[object]
pub(crate) fn say(target: u64, item: Bytes) -> Result<Bytes> {
    raw::say(target, item)
}

/// Gives references to a host's object back, by its bare handle.
#[object]
pub(crate) fn give_back(target: u64, count: u32) -> Result<()> {
    raw::give_back(target, count)
}

#[cfg(target_family = "wasm")]
mod raw {
    use locum_guest::bindings::locum::plugin::{objects, types};
    use locum_guest::{Bytes, Error, Fault, Kind, Result};

    pub(crate) fn say(target: u64, item: Bytes) -> Result<Bytes> {
        let args = types::Parcel {
            item: item.into_vec(),
            attachments: None,
        };
        match objects::call(target, "", &args, types::ReplyMode::Auto) {
            Ok(answer) => Ok(answer.item.into()),
            Err(fault) => Err(Error::from(Fault {
                kind: Kind::from_name(&fault.kind),
                type_name: fault.type_name.into(),
                message: fault.message,
                trace: fault.trace,
                data: fault.data,
            })),
        }
    }

    pub(crate) fn give_back(target: u64, count: u32) -> Result<()> {
        objects::release(&[types::Released { target, count }]);
        Ok(())
    }
}

#[cfg(not(target_family = "wasm"))]
mod raw {
    use locum_guest::{Bytes, Error, Result};

    pub(crate) fn say(_: u64, _: Bytes) -> Result<Bytes> {
        Err(Error::value("only a plugin in WebAssembly can do this"))
    }

    pub(crate) fn give_back(_: u64, _: u32) -> Result<()> {
        Err(Error::value("only a plugin in WebAssembly can do this"))
    }
}
