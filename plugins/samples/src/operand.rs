//! Objects that answer special methods.

use locum_guest::{Error, Result, Value, object, ops};

use crate::alive::Live;

/// An operand that tells what was asked of it.
pub(crate) struct Operand {
    /// What the in-place operators did.
    done: Vec<String>,
    _live: Live,
}

/// Every operator answers with its own name and the other operand, so that no name can stand for another.
macro_rules! operand {
    (
        binary { $($binary:ident)* }
        in_place { $($in_place:ident)* }
        unary { $($unary:ident)* }
    ) => {
        /// Tells which operators reached it.
        #[object]
        impl Operand {
            fn new() -> Self {
                Operand { done: Vec::new(), _live: Live::new() }
            }

            #[getter]
            fn done(&self) -> Vec<String> {
                self.done.clone()
            }

            $(fn $binary(&self, other: Value) -> Result<String> {
                told(stringify!($binary), &other)
            })*

            $(fn $in_place(&mut self, other: Value) -> Result<()> {
                self.done.push(told(stringify!($in_place), &other)?);
                Ok(())
            })*

            $(fn $unary(&self) -> &str {
                stringify!($unary)
            })*
        }
    };
}

operand! {
    binary {
        __add__ __sub__ __mul__ __truediv__ __floordiv__ __mod__ __pow__
        __lshift__ __rshift__ __and__ __or__ __xor__
        __radd__ __rsub__ __rmul__ __rtruediv__ __rfloordiv__ __rmod__ __rpow__
        __rlshift__ __rrshift__ __rand__ __ror__ __rxor__
        __lt__ __le__ __gt__ __ge__
    }
    in_place {
        __iadd__ __isub__ __imul__ __itruediv__ __ifloordiv__ __imod__ __ipow__
        __ilshift__ __irshift__ __iand__ __ior__ __ixor__
    }
    unary { __neg__ __pos__ __invert__ __abs__ }
}

fn told(name: &str, other: &Value) -> Result<String> {
    Ok(format!("{name} {}", ops::repr(other)?))
}

/// Attributes and items that are only known at run time.
pub(crate) struct Bag {
    entries: Vec<(String, Value)>,
    _live: Live,
}

/// A bag of named values: `bag.a`, `bag["a"]`.
#[object]
impl Bag {
    fn new(#[arg(keywords)] entries: locum_guest::Map) -> Result<Self> {
        let mut bag = Bag {
            entries: Vec::new(),
            _live: Live::new(),
        };
        for (name, value) in entries {
            bag.__setattr__(ops::text(&name)?, value);
        }
        Ok(bag)
    }

    fn __getattr__(&self, name: &str) -> Result<Value> {
        self.find(name)
            .ok_or_else(|| Error::no_attribute(format!("the bag has no `{name}`")))
    }

    fn __setattr__(&mut self, name: String, value: Value) {
        match self.entries.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.entries.push((name, value)),
        }
    }

    fn __getitem__(&self, name: &str) -> Result<Value> {
        self.find(name)
            .ok_or_else(|| Error::key(format!("{name:?}")))
    }

    fn __setitem__(&mut self, name: String, value: Value) {
        self.__setattr__(name, value);
    }

    fn __delitem__(&mut self, name: &str) -> Result<()> {
        self.__getitem__(name)?;
        self.entries.retain(|(known, _)| known != name);
        Ok(())
    }

    fn __contains__(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn __len__(&self) -> usize {
        self.entries.len()
    }

    fn __iter__(&self) -> locum_guest::Items<String> {
        let names: Vec<String> = self.entries.iter().map(|(name, _)| name.clone()).collect();
        locum_guest::Items::new(names)
    }

    fn __call__(&self, name: &str) -> Result<Value> {
        self.__getitem__(name)
    }

    fn __repr__(&self) -> String {
        let names: Vec<&str> = self.entries.iter().map(|(name, _)| name.as_str()).collect();
        format!("Bag({})", names.join(", "))
    }
}

impl Bag {
    fn find(&self, name: &str) -> Option<Value> {
        let entry = self.entries.iter().find(|(known, _)| known == name);
        entry.map(|(_, value)| value.clone())
    }
}
