//! Plain data as an object: what `transfer` leaves over there, and what a `proxy` reply mode wraps.

use std::any::Any;
use std::sync::Arc;

use crate::describe::{AttributeInfo, ClassInfo, FunctionInfo};
use crate::guarded::{Guarded, Ref, RefMut};
use crate::object::{no_attribute, special_or_missing};
use crate::ops::{self, Arithmetic, Comparison, Unary};
use crate::{Args, DynArgs, Items, Map, Object, ObjectRef, Outcome, Parcel, Result, Value};

/// A value that is kept and answers as Python's would: items, length, iteration, operators, the methods of its kind.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::{Data, Proxy, Value};
/// let list = Proxy::local(Arc::new(Data::new(Value::from(vec![3, 1]))));
/// list.call::<()>("extend", (vec![2],))?;
/// assert_eq!(list.call::<Vec<i64>>("__getitem__", (0..0,)).is_err(), true); // a key is an index or a slice
/// assert_eq!(list.value::<Vec<i64>>()?, [3, 1, 2]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub struct Data {
    value: Guarded<Value>,
    type_name: &'static str,
}

const SPECIAL: &[&str] = &[
    "__str__",
    "__repr__",
    "__len__",
    "__getitem__",
    "__setitem__",
    "__delitem__",
    "__contains__",
    "__iter__",
    "__bool__",
    "__eq__",
    "__ne__",
    "__lt__",
    "__le__",
    "__gt__",
    "__ge__",
    "__neg__",
    "__pos__",
    "__invert__",
    "__abs__",
];

/// The special methods of data; which of its values have which is for the operators to say.
fn special_names() -> impl Iterator<Item = &'static str> + Clone {
    SPECIAL.iter().chain(Arithmetic::METHODS).copied()
}

impl Data {
    /// An object that holds a copy of a value. A value that is an object already is that object.
    pub fn new(value: Value) -> Data {
        let type_name = match &value {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Text(_) => "text",
            Value::Bytes(_) => "bytes",
            Value::Array(_) => "array",
            Value::List(_) => "list",
            Value::Map(_) => "map",
            Value::Slice(_) => "slice",
            Value::Object(_) => "object",
        };
        Data {
            value: Guarded::new(value),
            type_name,
        }
    }

    fn read(&self) -> Result<Ref<'_, Value>> {
        self.value.borrow(self.type_name)
    }

    fn change(&self) -> Result<RefMut<'_, Value>> {
        self.value.borrow_mut(self.type_name)
    }

    /// `None`: it is not a special method that data has.
    fn special(&self, name: &str, args: &Args) -> Result<Option<Outcome>> {
        let made = match name {
            "__str__" => Outcome::data(&ops::text(&*self.read()?)?),
            "__repr__" => Outcome::data(&ops::repr(&*self.read()?)?),
            "__len__" => Outcome::data(&(ops::len(&*self.read()?)? as u64)),
            "__bool__" => Outcome::data(&ops::truth(&*self.read()?)?),
            "__getitem__" => outcome(ops::get_item(&*self.read()?, &one(args)?)?),
            "__setitem__" => {
                let (key, value): (Value, Value) = args.parse()?;
                ops::set_item(&mut *self.change()?, key, value)?;
                Outcome::data(&())
            }
            "__delitem__" => {
                ops::del_item(&mut *self.change()?, &one(args)?)?;
                Outcome::data(&())
            }
            "__contains__" => Outcome::data(&ops::contains(&*self.read()?, &one(args)?)?),
            "__iter__" => {
                let items = match &*self.read()? {
                    // Its rows are made one by one, and there may be many.
                    Value::Array(array) => Items::new(ops::array::rows(array.clone())?),
                    value => Items::new(ops::iterate(value)?),
                };
                Ok(Outcome::Object(items.proxy()))
            }
            "__neg__" => outcome(ops::unary(Unary::Neg, &*self.read()?)?),
            "__pos__" => outcome(ops::unary(Unary::Pos, &*self.read()?)?),
            "__invert__" => outcome(ops::unary(Unary::Invert, &*self.read()?)?),
            "__abs__" => outcome(ops::unary(Unary::Abs, &*self.read()?)?),
            name => return self.operator(name, args),
        };
        made.map(Some)
    }

    fn operator(&self, name: &str, args: &Args) -> Result<Option<Outcome>> {
        if let Some(comparison) = Comparison::from_special(name) {
            let holds = ops::compare_with(comparison, &*self.read()?, &one(args)?)?;
            return Outcome::data(&holds).map(Some);
        }
        for op in Arithmetic::ALL.iter().copied() {
            if name == op.special() {
                return outcome(ops::arithmetic(op, &*self.read()?, &one(args)?)?).map(Some);
            }
            if name == op.reflected() {
                return outcome(ops::arithmetic(op, &one(args)?, &*self.read()?)?).map(Some);
            }
            if name == op.in_place() {
                self.change_by(op, one(args)?)?;
                return Outcome::data(&()).map(Some);
            }
        }
        Ok(None)
    }

    /// `self op= other`: the value becomes what the operator gives.
    fn change_by(&self, op: Arithmetic, other: Value) -> Result<()> {
        if matches!(other, Value::Object(_)) || matches!(*self.read()?, Value::Object(_)) {
            // It is the object that calculates, perhaps with this one's help: it must find it free.
            let value = self.read()?.clone();
            let changed = ops::arithmetic(op, &value, &other)?;
            *self.change()? = changed;
            return Ok(());
        }
        let mut value = self.change()?;
        let changed = match (op, &*value) {
            // A list takes in whatever can be gone through.
            (Arithmetic::Add, Value::List(_)) => {
                ops::arithmetic(op, &value, &Value::List(ops::iterate(&other)?))
            }
            _ => ops::arithmetic(op, &value, &other),
        };
        *value = changed?;
        Ok(())
    }
}

fn one(args: &Args) -> Result<Value> {
    args.parse::<(Value,)>().map(|(value,)| value)
}

fn outcome(value: Value) -> Result<Outcome> {
    match value {
        Value::Object(proxy) => Ok(Outcome::Object(proxy)),
        value => Outcome::data(&value),
    }
}

impl Object for Data {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        if name.starts_with("__")
            && let Some(outcome) = self.special(name, &args)?
        {
            return Ok(outcome);
        }
        let known = ops::method_names(&*self.read()?);
        if !known.contains(&name) {
            return special_or_missing(
                &(self.clone() as ObjectRef),
                name,
                &args,
                known.iter().copied().chain(special_names()),
            );
        }
        let DynArgs {
            positional,
            keywords,
        } = args.to_dyn()?;
        let keywords: Map = keywords
            .into_iter()
            .map(|(name, value)| (Value::Text(name), value))
            .collect();
        outcome(ops::call_method(
            &mut *self.change()?,
            name,
            positional,
            keywords,
        )?)
    }

    fn get(self: Arc<Self>, name: &str) -> Result<Outcome> {
        if let Some(told) = ops::attribute(&*self.read()?, name) {
            return Outcome::data(&told);
        }
        let known = ops::method_names(&*self.read()?);
        if known.contains(&name) || special_names().any(|special| special == name) {
            return Ok(crate::object::Method::bind(self, name));
        }
        let told = ops::attribute_names(&*self.read()?);
        let names = known.iter().chain(told).copied();
        Err(no_attribute(self.type_name, name, names))
    }

    fn value(self: Arc<Self>) -> Result<Parcel> {
        Parcel::encode(&*self.read()?)
    }

    fn describe(&self) -> ClassInfo {
        let (names, told) = self.read().map_or((&[][..], &[][..]), |value| {
            (ops::method_names(&value), ops::attribute_names(&value))
        });
        let attributes = told.iter().map(|name| AttributeInfo {
            name: (*name).into(),
            ..AttributeInfo::default()
        });
        let methods = names.iter().map(|name| FunctionInfo {
            name: (*name).into(),
            ..FunctionInfo::default()
        });
        ClassInfo {
            name: self.type_name.into(),
            methods: methods.collect(),
            attributes: attributes.collect(),
            ..ClassInfo::default()
        }
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

/// An object for a result that shall stay here: the object that it is, or one that holds the data.
pub(crate) fn keep(parcel: &Parcel) -> Result<crate::Proxy> {
    match parcel.decode()? {
        Value::Object(proxy) => Ok(proxy),
        value => Ok(crate::Proxy::local(Arc::new(Data::new(value)))),
    }
}
