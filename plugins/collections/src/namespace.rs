//! `Namespace`.

use indexmap::IndexMap;
use locum_guest::ops::{self, Comparison};
use locum_guest::{Error, Map, Outcome, Result, Shared, Value, object};

use crate::bury::bury;
use crate::own::{self, Own};
use crate::sequence::unlike;
use crate::trail::{self, Step, Walk};

/// Attributes of any name.
#[derive(Default)]
pub struct Namespace {
    attributes: IndexMap<String, Value>,
}

/// Attributes of any name, to get and set: the `Namespace` of Python's managers. Its value form is a map.
#[object]
impl Namespace {
    /// A namespace with the keywords as attributes.
    fn new(#[arg(keywords)] named: Map) -> Result<Self> {
        let mut namespace = Namespace::default();
        for (name, value) in named {
            if let Value::Text(name) = name {
                namespace.__setattr__(name, value)?;
            }
        }
        Ok(namespace)
    }

    /// The value of an attribute.
    fn __getattr__(&self, name: &str) -> Result<Outcome> {
        match self.attributes.get(name) {
            Some(Value::Object(proxy)) => Ok(Outcome::Object(proxy.clone())),
            Some(value) => Outcome::data(value),
            None => Err(missing(name)),
        }
    }

    /// Sets an attribute, which need not have been there. Names that begin with `__` are kept for methods.
    fn __setattr__(&mut self, name: String, value: Value) -> Result<()> {
        if name.starts_with("__") {
            return Err(Error::no_attribute(format!(
                "`Namespace.{name}` can not be set; names that begin with `__` are those of methods"
            )));
        }
        self.attributes.insert(name, value);
        Ok(())
    }

    /// Takes an attribute away.
    fn __delattr__(&mut self, name: &str) -> Result<()> {
        self.attributes
            .shift_remove(name)
            .map(drop)
            .ok_or_else(|| missing(name))
    }

    /// Whether there is an attribute of that name.
    fn __contains__(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    /// The names of the attributes, in order.
    fn __dir__(&self) -> Vec<String> {
        let mut names: Vec<String> = self.attributes.keys().cloned().collect();
        names.sort();
        names
    }

    /// Whether both are namespaces with equal attributes.
    fn __eq__(this: &Shared<Self>, other: Value) -> Result<bool> {
        match Own::of(&other) {
            Some(Own::Namespace(other)) => {
                let (own, other) = (this.borrow()?.data(), other.borrow()?.data());
                let _step = Step::into(Walk::Compare, this.proxy())?;
                ops::equal(&own.into(), &other.into())
            }
            _ => unlike::<Namespace>(Comparison::Eq, &other),
        }
    }

    /// `Namespace(x=1)`, in the order of the names, without those that begin with `_`; where it holds itself,
    /// `Namespace(...)`.
    fn __str__(this: &Shared<Self>) -> Result<String> {
        let mut attributes = this.borrow()?.attributes.clone();
        attributes.sort_keys();
        trail::printed(this, "Namespace(...)", || {
            let shown = attributes
                .iter()
                .filter(|(name, _)| !name.starts_with('_'))
                .map(|(name, value)| Ok(format!("{name}={}", ops::repr(value)?)))
                .collect::<Result<Vec<_>>>()?;
            Ok(format!("Namespace({})", shown.join(", ")))
        })
    }

    #[value]
    fn to_data(this: &Shared<Self>) -> Result<Value> {
        own::copy(this)
    }
}

impl Namespace {
    /// All of it as a map; objects in it stay objects.
    pub(crate) fn data(&self) -> Map {
        let entry = |(name, value): (&String, &Value)| (Value::Text(name.clone()), value.clone());
        Map::from_unique(self.attributes.iter().map(entry).collect())
    }
}

#[cold]
fn missing(name: &str) -> Error {
    Error::no_attribute(format!(
        "'Namespace' object has no attribute '{}'",
        name.escape_debug()
    ))
}

impl Drop for Namespace {
    fn drop(&mut self) {
        bury(self.attributes.drain(..).map(|(_, value)| value));
    }
}
