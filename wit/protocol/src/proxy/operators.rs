//! The special methods of objects, as methods of their proxies.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Proxy, receive};
use crate::ops::{Comparison, Unary};
use crate::{Items, ReplyMode, Result};

impl Proxy {
    /// The text of the object: what `print` shows. [`Display`](std::fmt::Display) is the same, for formatting.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let text = plugin.transfer("it's")?;
    /// assert_eq!((text.text()?, text.repr()?), ("it's".into(), "\"it's\"".into()));
    /// assert_eq!(format!("{text}"), "it's");
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
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
    /// ```
    /// # use locum_protocol::{Kind, slice};
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&vec![0, 1, 4, 9])?;
    /// list.set_item(0, 16)?;
    /// list.del_item(slice(1..3))?;
    /// assert_eq!(list.get_item::<Vec<i64>>(slice(..))?, [16, 9]);
    /// assert_eq!(list.get_item::<i64>(7).unwrap_err().kind(), Kind::IndexError);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`IndexError`](crate::Kind::IndexError) or [`KeyError`](crate::Kind::KeyError) when it is not there.
    pub fn get_item<R: DeserializeOwned + 'static>(&self, key: impl Serialize) -> Result<R> {
        self.call("__getitem__", (key,))
    }

    /// Writes an item. `proxy.post("__setitem__", (key, value))` does not wait for it.
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
    /// ```
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&vec![0, 1, 4])?;
    /// assert!(list.contains(4)? && !list.contains(5)?);
    /// assert!(list.truth()? && !plugin.transfer("")?.truth()?);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`call`](Proxy::call).
    pub fn contains(&self, item: impl Serialize) -> Result<bool> {
        self.call("__contains__", (item,))
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
    /// ```
    /// # use locum_protocol::Result;
    /// # use std::sync::Arc;
    /// # use locum_protocol::{Modules, pair};
    /// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
    /// let list = plugin.transfer(&vec![1, 2, 3])?;
    /// let squares: Vec<i64> = list.iter::<i64>()?.map(|n| n.map(|n| n * n)).collect::<Result<_>>()?;
    /// assert_eq!(squares, [1, 4, 9]);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`NoSuchAttribute`](crate::Kind::NoSuchAttribute) when it can not be iterated over.
    pub fn iter<T: DeserializeOwned>(&self) -> Result<Items<T>> {
        let parcel = self.request("__iter__", (), ReplyMode::Auto)?;
        receive(parcel, self.type_name(), "__iter__")
    }
}

/// Defines the comparisons from one table; the names that they send are those of [`Comparison`].
macro_rules! comparisons {
    ($($method:ident $op:ident $symbol:literal;)+) => {
        /// # Comparisons
        ///
        /// The object decides; one that has no such method does not, and then `other` is asked the mirrored question if
        /// it is an object (`a < b` is `b > a`). Whoever wants an answer that is no yes or no calls the method by its
        /// name: `a.call::<Value>("__lt__", (b,))?`.
        ///
        /// There is no `PartialEq` and no `PartialOrd`: `a == b` could not say that the object is gone. Whether two
        /// proxies refer to one object is [`same_object`](Proxy::same_object).
        impl Proxy {
            $(
                #[doc = concat!("Whether `self ", $symbol, " other`, a value or another object.")]
                ///
                /// # Errors
                /// [`NoSuchAttribute`](crate::Kind::NoSuchAttribute) when neither object can tell, and as for
                /// [`call`](Proxy::call).
                pub fn $method(&self, other: impl Serialize) -> Result<bool> {
                    let op = Comparison::$op;
                    self.operate(op.special(), op.mirrored().special(), other)
                }
            )+
        }
    };
}

comparisons! {
    eq Eq "==";
    ne Ne "!=";
    lt Lt "<";
    le Le "<=";
    gt Gt ">";
    ge Ge ">=";
}

/// Defines the operators with one operand; the names that they send are those of [`Unary`].
macro_rules! unary {
    ($($method:ident $op:ident $text:literal;)+) => {
        /// # Operators with one operand
        ///
        /// `-&proxy` and `!&proxy` are [`neg`](Proxy::neg) and [`invert`](Proxy::invert) with a
        /// [`Value`](crate::Value) as their result.
        impl Proxy {
            $(
                #[doc = concat!("`", $text, "`, as the object sees it.")]
                ///
                /// # Errors
                /// [`NoSuchAttribute`](crate::Kind::NoSuchAttribute) when the object has no such operator, and as for
                /// [`call`](Proxy::call).
                pub fn $method<R: DeserializeOwned + 'static>(&self) -> Result<R> {
                    self.call(Unary::$op.special(), ())
                }
            )+
        }
    };
}

unary! {
    neg Neg "-self";
    pos Pos "+self";
    invert Invert "~self";
    abs Abs "abs(self)";
}
