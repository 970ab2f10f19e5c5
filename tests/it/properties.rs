//! Laws that hold for any input, tried on random ones.

mod bytes;
mod expressions;
mod messages;
mod round_trip;
mod slices;
mod table;

use locum::{PeerLimits, Proxy, Result};
use locum_protocol::WireParcel;
use locum_tests::{Message, wire};
use proptest::test_runner::Config;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// This many tries; failures are printed, not kept in files.
fn tries(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    }
}

/// A value as it goes over the wire.
fn sent<T: Serialize>(value: &T) -> Result<WireParcel> {
    let (peer, wire) = wire(PeerLimits::default());
    let object = peer.import("x")?;
    wire.sent();
    object.set("value", value)?;
    match wire.sent().remove(0) {
        Message::SetAttr(_, _, parcel) => Ok(parcel),
        other => panic!("{other:?}"),
    }
}

/// A parcel as it is read at the other end.
fn received<R: DeserializeOwned + 'static>(parcel: WireParcel) -> Result<R> {
    let (peer, wire) = wire(PeerLimits::default());
    let object: Proxy = peer.import("x")?;
    wire.answer(parcel);
    object.get("value")
}
