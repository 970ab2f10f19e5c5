//! Rust's own operators on proxies: `&a + 5`, `5 - &a`, `-&a`, `a += 5`.

use std::any::Any;
use std::ops;
use std::sync::Arc;

use serde::Serialize;

use super::{Proxy, Target};
use crate::ops::{Arithmetic, arithmetic};
use crate::started::Verb;
use crate::{Args, Error, IntoArgs, Object, Outcome, Parcel, Result, Value};

/// `data op &proxy`.
macro_rules! left_operand {
    ($trait:ident $function:ident $op:ident: $($data:ty)+) => {
        $(
            impl ops::$trait<&Proxy> for $data {
                type Output = Result<Value>;
                fn $function(self, other: &Proxy) -> Result<Value> {
                    arithmetic(Arithmetic::$op, &self.into(), &Value::Object(other.clone()))
                }
            }
        )+
    };
}

/// Implements the traits from one table. Only references are operands of those that give a result: a trait that took
/// the proxy itself would come before the method of the same name.
macro_rules! operators {
    ($($op:ident: $trait:ident $function:ident, $assign:ident $assign_function:ident;)+) => {
        $(
            impl<T: Serialize> ops::$trait<T> for &Proxy {
                type Output = Result<Value>;
                fn $function(self, other: T) -> Result<Value> {
                    self.operate(Arithmetic::$op.special(), Arithmetic::$op.reflected(), other)
                }
            }

            // One type of whole numbers and one of floats, so that a literal knows which it is.
            left_operand!($trait $function $op: i64 f64 Value);

            impl<T: Serialize> ops::$assign<T> for Proxy {
                fn $assign_function(&mut self, other: T) {
                    self.assign(Arithmetic::$op, other);
                }
            }
        )+
    };
}

operators! {
    Add: Add add, AddAssign add_assign;
    Sub: Sub sub, SubAssign sub_assign;
    Mul: Mul mul, MulAssign mul_assign;
    Div: Div div, DivAssign div_assign;
    Mod: Rem rem, RemAssign rem_assign;
    Shl: Shl shl, ShlAssign shl_assign;
    Shr: Shr shr, ShrAssign shr_assign;
    And: BitAnd bitand, BitAndAssign bitand_assign;
    Or: BitOr bitor, BitOrAssign bitor_assign;
    Xor: BitXor bitxor, BitXorAssign bitxor_assign;
}

impl ops::Neg for &Proxy {
    type Output = Result<Value>;
    fn neg(self) -> Result<Value> {
        Proxy::neg(self)
    }
}

impl ops::Not for &Proxy {
    type Output = Result<Value>;
    fn not(self) -> Result<Value> {
        Proxy::invert(self)
    }
}

impl Proxy {
    /// `self op= other` for who can not be given a result.
    fn assign(&mut self, op: Arithmetic, other: impl Serialize) {
        let args = (other,).into_parcel();
        let posted = args.and_then(|args| self.post_verb(op.in_place(), Verb::Call(args)));
        let Err(error) = posted else { return };
        let path = self.full_path(op.in_place());
        match &self.target {
            Target::Remote(import) => import.peer.lost(import, &path, &error),
            Target::Local(object) => {
                let type_name = object.type_name().to_owned();
                let error = error.at(format!("in {type_name}.{path}"));
                *self = Proxy::local(Arc::new(Failed { type_name, error }));
            }
        }
    }
}

/// What stands for an object after an operator in place that failed on it, where nobody else could be told.
struct Failed {
    type_name: String,
    error: Error,
}

impl Object for Failed {
    fn type_name(&self) -> &str {
        &self.type_name
    }
    fn call(self: Arc<Self>, _: &str, _: Args) -> Result<Outcome> {
        Err(self.error.clone())
    }
    fn get(self: Arc<Self>, _: &str) -> Result<Outcome> {
        Err(self.error.clone())
    }
    fn set(self: Arc<Self>, _: &str, _: Parcel) -> Result<()> {
        Err(self.error.clone())
    }
    fn value(self: Arc<Self>) -> Result<Parcel> {
        Err(self.error.clone())
    }
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}
