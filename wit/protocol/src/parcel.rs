//! What travels: one item, and the objects and buffers that it names.

use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned};

use crate::codec::{self, Decoder, Encoder};
use crate::{Bytes, Error, Item, Proxy, Result};

/// Data on its way, with the live objects in it: one CBOR item and what it names.
///
/// It belongs to no peer yet; lowering it to one turns its objects into handles.
///
/// ```
/// # use locum_protocol::Parcel;
/// let parcel = Parcel::encode(&("two", 2))?;
/// assert_eq!(parcel.item(), b"\x82\x63two\x02"); // CBOR
/// assert_eq!(parcel.size(), 6);
/// assert_eq!(parcel.decode::<(String, u8)>()?, ("two".to_owned(), 2));
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Parcel {
    /// One CBOR item.
    pub(crate) item: Item,
    /// The objects that the item names, in order.
    pub(crate) objects: Vec<Proxy>,
    /// The byte buffers that the item names, in order.
    pub(crate) buffers: Vec<Bytes>,
}

impl Parcel {
    /// Lowers a value.
    pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Parcel> {
        let mut parcel = Parcel::default();
        value.serialize(&mut Encoder::new(&mut parcel))?;
        Ok(parcel)
    }

    /// Lifts a value. The item was checked when it arrived, or was encoded here.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        self.decode_borrowed()
    }

    pub(crate) fn decode_borrowed<'de, T: Deserialize<'de>>(&'de self) -> Result<T> {
        Ok(T::deserialize(&mut self.decoder())?)
    }

    pub(crate) fn decoder(&self) -> Decoder<'_> {
        Decoder::new(&self.item, &self.objects, &self.buffers)
    }

    /// The parcel that is one object and nothing else.
    pub(crate) fn of_object(proxy: Proxy) -> Result<Parcel> {
        Parcel::encode(&proxy)
    }

    /// The object that this parcel is, when it is one and nothing else.
    pub(crate) fn as_object(&self) -> Option<&Proxy> {
        let first = self.objects.first()?;
        codec::is_object(&self.item).then_some(first)
    }

    /// How far it is written, to go back to.
    pub(crate) fn mark(&self) -> (usize, usize, usize) {
        (self.item.len(), self.objects.len(), self.buffers.len())
    }

    /// Forgets what was written since.
    pub(crate) fn back_to(&mut self, (item, objects, buffers): (usize, usize, usize)) {
        self.item.truncate(item);
        self.objects.truncate(objects);
        self.buffers.truncate(buffers);
    }

    /// Bytes of the item and of the buffers.
    pub fn size(&self) -> u64 {
        let buffers = self
            .buffers
            .iter()
            .map(|buffer| buffer.len())
            .sum::<usize>();
        (self.item.len() + buffers) as u64
    }

    /// The CBOR item.
    pub fn item(&self) -> &[u8] {
        &self.item
    }
}

/// A value as it would arrive: lowered and lifted again.
///
/// ```
/// # use locum_protocol::{Value, to_value};
/// #[derive(serde::Serialize)]
/// struct Point { x: i64, y: i64 }
///
/// let Value::Map(point) = to_value(&Point { x: 1, y: 2 })? else { panic!() };
/// assert_eq!(point.get(&"y".into()), Some(&2.into()));
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<crate::Value, Error> {
    Parcel::encode(value)?.decode()
}

/// The other way: data whose type is now known.
///
/// ```
/// # use locum_protocol::{Value, from_value};
/// #[derive(serde::Deserialize)]
/// struct Point { x: i64, y: i64 }
///
/// # let value = locum_protocol::to_value(&std::collections::BTreeMap::from([("x", 1), ("y", 2)]))?;
/// let point: Point = from_value(&value)?; // what arrived as a `Value`
/// assert_eq!((point.x, point.y), (1, 2));
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn from_value<T: DeserializeOwned>(value: &crate::Value) -> Result<T, Error> {
    Parcel::encode(value)?.decode()
}
