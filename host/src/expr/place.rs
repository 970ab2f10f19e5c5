//! Chains: `a.b[1](2)`. What a chain has come to is read only when the next link needs it, so that `p.a.b.c(x)` is one
//! crossing, and `x[0].append(1)` changes what is in `x`.

use locum_protocol::{DynArgs, Error as Raised, Proxy, Value, ops};

use super::ast::{Expr, ExprKind, Link, LinkKind};
use super::budget::Budget;
use super::builtins::{self, Builtin};
use super::error::Error;
use super::eval::At;
use super::exec::Interpreter;
use super::scope::{Binding, step};
use super::token::Span;

/// What a chain has come to.
pub(super) enum Place {
    /// A value that nothing holds.
    Value(Value),
    /// Data in a variable, at these keys.
    Variable(String, Vec<Value>),
    /// An attribute of an object that was not read yet, and the dots before it.
    Path(Proxy, String),
    /// A module by its dotted name, or what modules lie below.
    Module(String),
    /// A method of data, to be called.
    Method(Box<Place>, String),
    Builtin(&'static Builtin),
}

impl Interpreter<'_> {
    /// What an expression stands for, unread where it can be.
    pub(super) fn place(&mut self, expr: &Expr) -> Result<Place, Error> {
        match &expr.kind {
            ExprKind::Name(name) => self.name(name, expr.span),
            ExprKind::Chain(base, links) => {
                let mut place = self.place(base)?;
                for link in links {
                    place = self.follow(place, link, expr.span.to(link.span))?;
                }
                Ok(place)
            }
            _ => self.value(expr).map(Place::Value),
        }
    }

    /// Reads a place.
    pub(super) fn load(&mut self, place: Place) -> locum_protocol::Result<Value> {
        match place {
            Place::Value(value) => Ok(value),
            Place::Variable(name, keys) => match self.scope.look(&name, &keys) {
                Some(value) => Ok(value.clone()),
                None => Err(Raised::raise(
                    "NameError",
                    format!("what was in `{name}` is no longer there"),
                )),
            },
            Place::Path(proxy, path) => proxy.get(&path),
            Place::Module(name) => self.library.import(&name).map(Value::Object),
            Place::Method(data, method) => {
                let data = self.load(*data)?;
                Err(no_attribute(&data, &method))
            }
            Place::Builtin(builtin) => {
                let message = format!(
                    "`{0}` is a function of this language: call it, {0}(...)",
                    builtin.name
                );
                Err(Raised::type_error(message))
            }
        }
    }

    /// Variables come before functions of the language, these before modules, and those before what is in them.
    fn name(&mut self, name: &str, span: Span) -> Result<Place, Error> {
        match self.scope.get(name) {
            Some(Binding::Module(module)) => return Ok(Place::Module(module.clone())),
            Some(Binding::Value(Value::Object(proxy))) => {
                return Ok(Place::Value(Value::Object(proxy.clone())));
            }
            Some(Binding::Value(_)) => return Ok(Place::Variable(name.to_owned(), Vec::new())),
            None => {}
        }
        if let Some(builtin) = builtins::find(name) {
            return Ok(Place::Builtin(builtin));
        }
        if self.leads_to_module(name).at(span)? {
            return Ok(Place::Module(name.to_owned()));
        }
        match self.library.home(name).at(span)? {
            Some(module) => Ok(Place::Path(
                self.library.import(&module).at(span)?,
                name.to_owned(),
            )),
            None => Err(self.unknown(name, span)),
        }
    }

    fn leads_to_module(&mut self, name: &str) -> locum_protocol::Result<bool> {
        Ok(self.library.is_module(name)? || self.library.is_package(name)?)
    }

    /// The error for a name that stands for nothing.
    #[cold]
    pub(super) fn unknown(&mut self, name: &str, span: Span) -> Error {
        let mut known = match self.library.known() {
            Ok(known) => known,
            Err(error) => return Error::raised(error, span),
        };
        known.extend(self.scope.names().map(str::to_owned));
        known.extend(builtins::names().map(str::to_owned));
        // Of names that are equally near, the same one each time.
        known.sort();
        let advice = match (name, ops::closest(name, known.iter().map(String::as_str))) {
            ("set" | "frozenset", _) => "; sets are made with `collections.set([...])`".to_owned(),
            (_, Some(close)) => format!("; did you mean `{close}`?"),
            (_, None) => String::new(),
        };
        Error::name(format!("`{name}` is not known{advice}"), span)
    }

    fn follow(&mut self, place: Place, link: &Link, span: Span) -> Result<Place, Error> {
        match &link.kind {
            LinkKind::Attribute(name) => self.attribute(place, name).at(span),
            LinkKind::Index(key) => {
                let key = self.value(key)?;
                self.index(place, key).at(span)
            }
            LinkKind::Call(arguments) => {
                let arguments = self.arguments(arguments)?;
                let value = self.call(place, arguments).at(span)?;
                Budget::new().take(&value).at(span)?;
                Ok(Place::Value(value))
            }
        }
    }

    fn attribute(&mut self, place: Place, name: &str) -> locum_protocol::Result<Place> {
        Ok(match place {
            Place::Value(Value::Object(proxy)) => Place::Path(proxy, name.to_owned()),
            Place::Path(proxy, path) => Place::Path(proxy, format!("{path}.{name}")),
            Place::Variable(variable, keys) => match self.scope.look(&variable, &keys) {
                Some(Value::Object(proxy)) => Place::Path(proxy.clone(), name.to_owned()),
                Some(data) if ops::attribute(data, name).is_some() => {
                    Place::Value(ops::attribute(data, name).unwrap_or_default())
                }
                _ => Place::Method(Box::new(Place::Variable(variable, keys)), name.to_owned()),
            },
            Place::Module(module) => {
                let dotted = format!("{module}.{name}");
                if self.leads_to_module(&dotted)? {
                    Place::Module(dotted)
                } else if self.library.is_package(&module)? && !self.library.is_module(&module)? {
                    return Err(self.library.missing(&dotted));
                } else {
                    Place::Path(self.library.import(&module)?, name.to_owned())
                }
            }
            Place::Value(data) => match ops::attribute(&data, name) {
                Some(told) => Place::Value(told),
                None => Place::Method(Box::new(Place::Value(data)), name.to_owned()),
            },
            unread @ (Place::Method(..) | Place::Builtin(_)) => Place::Value(self.load(unread)?),
        })
    }

    fn index(&mut self, place: Place, key: Value) -> locum_protocol::Result<Place> {
        if let Place::Path(proxy, path) = &place {
            return proxy.at(path).get_item(&key).map(Place::Value);
        }
        if let Place::Variable(variable, mut keys) = place {
            let Some(value) = self.scope.look(&variable, &keys) else {
                return self.load(Place::Variable(variable, keys)).map(Place::Value);
            };
            if step(value, &key).is_some() {
                keys.push(key);
                return Ok(Place::Variable(variable, keys));
            }
            return item(value, &key).map(Place::Value);
        }
        let value = self.load(place)?;
        item(&value, &key).map(Place::Value)
    }

    fn call(&mut self, place: Place, arguments: DynArgs) -> locum_protocol::Result<Value> {
        match place {
            Place::Path(proxy, path) => proxy.call(&path, arguments),
            Place::Method(data, method) => self.call_data(*data, &method, arguments),
            Place::Builtin(builtin) => builtin.call(arguments, &mut *self.print),
            place => match self.load(place)? {
                Value::Object(proxy) => proxy.invoke(arguments),
                data => Err(Raised::type_error(format!(
                    "data of type {} can not be called",
                    data.type_name()
                ))),
            },
        }
    }

    /// A method of data, which may change it: where it is, if a variable holds it.
    fn call_data(
        &mut self,
        place: Place,
        method: &str,
        arguments: DynArgs,
    ) -> locum_protocol::Result<Value> {
        let (positional, keywords) = builtins::for_data(method, arguments)?;
        match place {
            Place::Variable(variable, keys) => {
                let mut budget = Budget::inside(keys.len() + 1);
                positional
                    .iter()
                    .try_for_each(|argument| budget.take(argument))?;
                self.scope.change(&variable, &keys, |data| {
                    ops::call_method(data, method, positional, keywords)
                })
            }
            place => {
                let mut data = self.load(place)?;
                ops::call_method(&mut data, method, positional, keywords)
            }
        }
    }
}

/// The item of an object or of data.
pub(super) fn item(container: &Value, key: &Value) -> locum_protocol::Result<Value> {
    match container {
        Value::Object(proxy) => proxy.get_item(key),
        data => ops::get_item(data, key),
    }
}

/// The error for reading an attribute of data, which has methods only.
#[cold]
fn no_attribute(data: &Value, name: &str) -> Raised {
    let kind = data.type_name();
    if matches!(data, Value::Map(map) if map.get(&Value::from(name)).is_some()) {
        return Raised::no_attribute(format!(
            "the entries of a map are read with brackets: [\"{name}\"]"
        ));
    }
    let methods = ops::method_names(data);
    if methods.contains(&name) {
        return Raised::no_attribute(format!(
            "`{name}` is a method of a {kind}: call it, .{name}(...)"
        ));
    }
    let known = methods.iter().chain(ops::attribute_names(data)).copied();
    let advice = match ops::closest(name, known) {
        Some(close) => format!("; did you mean `{close}`?"),
        None => String::new(),
    };
    Raised::no_attribute(format!(
        "data of type {kind} has no attribute `{name}`{advice}"
    ))
}
