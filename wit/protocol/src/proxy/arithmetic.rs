//! Operators with two operands, as methods of proxies: each in its three forms.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Proxy;
use crate::ops::Arithmetic;
use crate::{Kind, Parcel, Result};

/// Defines the three forms from one table; the names that they send are those of [`Arithmetic`].
macro_rules! operators {
    ($($op:ident $symbol:literal: $method:ident $reflected:ident $in_place:ident;)+) => {
        /// # Operators with two operands
        ///
        /// Each has three forms: `a.sub::<i64>(b)?` is `a - b`, `a.rsub::<i64>(b)?` is `b - a`, and `a.isub(b)?` is
        /// `a -= b`. The operand is anything that serializes, proxies included, and the type that is asked for decides
        /// what comes back, as for [`call`](Proxy::call). What an operator means is for the object to say; data that was
        /// [transferred](crate::Peer::transfer) does as Python would.
        ///
        /// Rust's own operators work on `&Proxy`, with a [`Value`](crate::Value) as their result: `(&a + 5)?`,
        /// `(&a - &b)?`, `(5 - &a)?`. They are `+ - * / % << >> & | ^`; whole division and powers have none. The methods
        /// here come first where the traits of [`std::ops`] are in scope too, so `a.add::<i64>(5)` is always the typed one.
        ///
        /// ```
        /// # use std::sync::Arc;
        /// # use locum_protocol::{Data, Proxy, Value};
        /// let mut seven = Proxy::local(Arc::new(Data::new(7.into()))); // what `peer.transfer(&7)?` leaves at the peer
        /// assert_eq!(seven.floordiv::<i64>(2)?, 3);
        /// assert_eq!((10 - &seven)?, Value::from(3));
        /// seven += 1;
        /// assert_eq!((&seven * &seven)?, Value::from(64));
        /// # Ok::<(), locum_protocol::Error>(())
        /// ```
        ///
        /// **When an object lacks the method**, the other operand decides if it is an object: `a.sub(b)` becomes
        /// `b.rsub(a)`. When both lack it, the error is the first one's. An object that has the method and fails in it
        /// is not asked twice: its error is the answer, also when it could not read such an operand.
        ///
        /// **In place** the call is [posted](Proxy::post): it is made in its order, nobody waits for it, and the peer's
        /// [hook](crate::Setup::on_post_error) is told when it fails. The object changes itself; there is nothing here
        /// to bind anew, so an object that has `__add__` and no `__iadd__` refuses, and the result of `+` is to be used
        /// instead. `a += 5` does the same on a `Proxy`, without a result to look at: then the hook is told, too, when
        /// the operand can not travel. An object that lives here has no peer that could be told: when `a += 5` fails,
        /// `a` stands for that error from then on.
        impl Proxy {
            $(
                #[doc = concat!("`self ", $symbol, " other`.")]
                ///
                /// # Errors
                /// [`NoSuchAttribute`](crate::Kind::NoSuchAttribute) when the objects have no such operator,
                /// [`TypeError`](crate::Kind::TypeError) when it takes no such operand; and as for
                /// [`call`](Proxy::call).
                pub fn $method<R: DeserializeOwned + 'static>(&self, other: impl Serialize) -> Result<R> {
                    self.operate(Arithmetic::$op.special(), Arithmetic::$op.reflected(), other)
                }

                #[doc = concat!("`other ", $symbol, " self`: the reflected form.")]
                ///
                /// # Errors
                #[doc = concat!("As for [`", stringify!($method), "`](Proxy::", stringify!($method), ").")]
                pub fn $reflected<R: DeserializeOwned + 'static>(&self, other: impl Serialize) -> Result<R> {
                    self.operate(Arithmetic::$op.reflected(), Arithmetic::$op.special(), other)
                }

                #[doc = concat!("`self ", $symbol, "= other`: changes the object, and does not wait for it.")]
                ///
                /// # Errors
                /// When the operand can not travel; everything else shows later, as for [`post`](Proxy::post).
                pub fn $in_place(&self, other: impl Serialize) -> Result<()> {
                    self.post(Arithmetic::$op.in_place(), (other,))
                }
            )+
        }
    };
}

operators! {
    Add "+": add radd iadd;
    Sub "-": sub rsub isub;
    Mul "*": mul rmul imul;
    Div "/": div rdiv idiv;
    FloorDiv "//": floordiv rfloordiv ifloordiv;
    Mod "%": modulo rmodulo imodulo;
    Pow "**": pow rpow ipow;
    Shl "<<": lshift rlshift ilshift;
    Shr ">>": rshift rrshift irshift;
    And "&": bitand rbitand ibitand;
    Or "|": bitor rbitor ibitor;
    Xor "^": bitxor rbitxor ibitxor;
}

impl Proxy {
    /// Calls `method` of this object; when it has none, `reflected` of the other operand, if that is an object.
    pub(crate) fn operate<R: DeserializeOwned + 'static>(
        &self,
        method: &str,
        reflected: &str,
        other: impl Serialize,
    ) -> Result<R> {
        let missing = match self.call(method, (&other,)) {
            Err(error) if error.kind() == Kind::NoSuchAttribute => error,
            answer => return answer,
        };
        let other = Parcel::encode(&other)?;
        let Some(other) = other.as_object() else {
            return Err(missing);
        };
        match other.with(self.options).call(reflected, (self,)) {
            Err(error) if error.kind() == Kind::NoSuchAttribute => Err(missing),
            answer => answer,
        }
    }
}
