//! The special methods of objects, as methods of their proxies.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Proxy, receive};
use crate::{Items, ReplyMode, Result};

impl Proxy {
    /// The text of the object: what `print` shows. [`Display`](std::fmt::Display) is the same, for formatting.
    ///
    /// # Errors
    /// As for [`call`](Proxy::call).
    pub fn text(&self) -> Result<String> {
        self.call("__str__", ())
    }

    /// The object as an expression would write it.
    ///
    /// # Errors
    /// As for [`call`](Proxy::call).
    pub fn repr(&self) -> Result<String> {
        self.call("__repr__", ())
    }

    /// An item: `list.get_item::<i64>(4)?`, `list.get_item::<Vec<i64>>(slice(2..5))?`.
    ///
    /// # Errors
    /// [`IndexError`](crate::Kind::IndexError) or [`KeyError`](crate::Kind::KeyError) when it is not there.
    pub fn get_item<R: DeserializeOwned + 'static>(&self, key: impl Serialize) -> Result<R> {
        self.call("__getitem__", (key,))
    }

    /// Writes an item.
    ///
    /// # Errors
    /// [`IndexError`](crate::Kind::IndexError) when there is no such place.
    pub fn set_item(&self, key: impl Serialize, value: impl Serialize) -> Result<()> {
        self.call("__setitem__", (key, value))
    }

    /// Deletes an item.
    ///
    /// # Errors
    /// [`IndexError`](crate::Kind::IndexError) or [`KeyError`](crate::Kind::KeyError) when it is not there.
    pub fn del_item(&self, key: impl Serialize) -> Result<()> {
        self.call("__delitem__", (key,))
    }

    /// How many items there are.
    ///
    /// # Errors
    /// [`NoSuchAttribute`](crate::Kind::NoSuchAttribute) when the object has no length.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> Result<usize> {
        self.call("__len__", ())
    }

    /// Whether an item is in it.
    ///
    /// # Errors
    /// As for [`call`](Proxy::call).
    pub fn contains(&self, item: impl Serialize) -> Result<bool> {
        self.call("__contains__", (item,))
    }

    /// Whether the object equals a value or another object, as it sees it.
    ///
    /// # Errors
    /// As for [`call`](Proxy::call).
    pub fn eq(&self, other: impl Serialize) -> Result<bool> {
        self.call("__eq__", (other,))
    }

    /// The opposite of [`eq`](Proxy::eq).
    ///
    /// # Errors
    /// As for [`call`](Proxy::call).
    pub fn ne(&self, other: impl Serialize) -> Result<bool> {
        self.call("__ne__", (other,))
    }

    /// Whether the object counts as true.
    ///
    /// # Errors
    /// As for [`call`](Proxy::call).
    pub fn truth(&self) -> Result<bool> {
        self.call("__bool__", ())
    }

    /// Iterates over the object's items, fetched in chunks.
    ///
    /// # Errors
    /// [`NoSuchAttribute`](crate::Kind::NoSuchAttribute) when it can not be iterated over.
    pub fn iter<T: DeserializeOwned>(&self) -> Result<Items<T>> {
        let parcel = self.request("__iter__", (), ReplyMode::Auto)?;
        receive(parcel, self.type_name(), "__iter__")
    }
}
