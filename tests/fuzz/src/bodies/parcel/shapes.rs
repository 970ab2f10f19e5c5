//! An item that is in order, read as types that it may or may not fit.

use std::collections::{BTreeMap, BTreeSet};

use locum_protocol::describe::PluginInfo;
use locum_protocol::{
    AnyArray, Array, Bytes, Kind, Map, PeerLimits, Proxy, Slice, Value, WireParcel,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::answered;

/// Reads it as each of the types: it fits, or the error says so, and never that the item is out of order. Which of them
/// it fits.
pub(super) fn are_read_or_refused(parcel: &WireParcel, limits: &PeerLimits) -> Vec<bool> {
    macro_rules! each {
        ($($shape:ty,)+) => { vec![$(is_read_or_refused::<$shape>(parcel, limits)),+] };
    }
    each![
        bool,
        i8,
        u64,
        i128,
        u128,
        f32,
        f64,
        char,
        String,
        Bytes,
        Slice,
        Proxy,
        Map,
        AnyArray,
        Option<Vec<u8>>,
        Option<i64>,
        Vec<Value>,
        (i64, Option<Value>),
        BTreeMap<Option<bool>, Value>,
        BTreeSet<String>,
        Array<u8>,
        Array<f64>,
        Vec<Vec<i16>>,
        [Value; 2],
        Shape,
        Tagged,
        Untagged,
        Flat,
        PluginInfo,
    ]
}

fn is_read_or_refused<T: DeserializeOwned + 'static>(
    parcel: &WireParcel,
    limits: &PeerLimits,
) -> bool {
    answered::<T, _>(parcel, limits, |read| {
        if let Err(error) = &read {
            assert_ne!(error.kind(), Kind::Decode, "{error:?} in {parcel:?}");
            let start = "the result of `x.a`: ";
            assert!(error.message().starts_with(start), "{error:?}");
        }
        read.is_ok()
    })
}

#[derive(Deserialize)]
#[allow(dead_code)]
enum Shape {
    Unit,
    Newtype(i64),
    Tuple(Value, Option<Proxy>),
    Struct {
        bytes: Bytes,
        inner: Option<Box<Shape>>,
    },
}

#[derive(Deserialize)]
#[serde(tag = "kind")]
#[allow(dead_code)]
enum Tagged {
    Nothing,
    Something { text: String, rest: Value },
}

#[derive(Deserialize)]
#[serde(untagged)]
#[allow(dead_code)]
enum Untagged {
    Number(i64),
    Texts(Vec<String>),
    Named { a: Option<Value> },
    Any(Value),
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Flat {
    a: Option<u8>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}
