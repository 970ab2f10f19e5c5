//! Chains: `a.b[1](2)`. What a chain has come to is read only when the next link needs it, so that `p.a.b.c(x)` is one
//! crossing, and `x[0].append(1)` changes what is in `x`.

use locum_protocol::{DynArgs, Error as Raised, Map, Proxy, Value, ops};

use super::ast::{Expr, ExprKind, Link, LinkKind};
use super::budget::Budget;
use super::builtins::{self, Builtin};
use super::error::Error;
use super::eval::At;
use super::frame::Frame;
use super::function::Handed;
use super::held::{has_object, hold};
use super::scope::{Binding, step};
use super::token::Span;

/// What a chain has come to.
pub(super) enum Place<'e> {
    /// A value that nothing holds.
    Value(Value),
    /// Data in a variable, at these keys.
    Variable(&'e str, Vec<Value>),
    /// An attribute of an object that was not read yet, and the dots before it.
    Path(Proxy, String),
    /// A module by its dotted name, or what modules lie below.
    Module(String),
    /// A method of data, to be called.
    Method(Box<Place<'e>>, &'e str),
    Builtin(&'static Builtin),
}

impl Frame<'_> {
    /// What an expression stands for, unread where it can be.
    pub(super) fn place<'e>(&mut self, expr: &'e Expr) -> Result<Place<'e>, Error> {
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
    pub(super) fn load(&mut self, place: Place<'_>) -> locum_protocol::Result<Value> {
        match place {
            Place::Value(value) => Ok(value),
            Place::Variable(name, keys) => match self.look(name, &keys, |it| it.cloned()) {
                Some(value) => Ok(value),
                None => Err(Raised::raise(
                    "NameError",
                    format!("what was in `{name}` is no longer there"),
                )),
            },
            Place::Path(proxy, path) => proxy.get(&path),
            Place::Module(name) => self.shared.library.import(&name).map(Value::Object),
            Place::Method(data, method) => {
                let data = self.load(*data)?;
                Err(no_attribute(&data, method))
            }
            Place::Builtin(builtin) => Ok(Handed::value(builtin, self.shared)),
        }
    }

    /// The value of a name.
    pub(super) fn name_value(&mut self, name: &str, span: Span) -> Result<Value, Error> {
        let value = self.with(name, |binding| match binding {
            Some(Binding::Value(value)) => Some(value.clone()),
            _ => None,
        });
        match value {
            Some(value) => Ok(value),
            None => {
                let place = self.name(name, span)?;
                self.load(place).at(span)
            }
        }
    }

    /// Variables come before functions of the language, these before modules, and those before what is in them.
    fn name<'e>(&mut self, name: &'e str, span: Span) -> Result<Place<'e>, Error> {
        let bound = self.with(name, |binding| match binding {
            Some(Binding::Module(module)) => Some(Place::Module(module.clone())),
            Some(Binding::Value(Value::Object(proxy))) => {
                Some(Place::Value(Value::Object(proxy.clone())))
            }
            Some(Binding::Value(_)) => Some(Place::Variable(name, Vec::new())),
            None => None,
        });
        if let Some(place) = bound {
            return Ok(place);
        }
        if self.is_unbound_local(name) {
            return Err(self.unknown(name, span));
        }
        if let Some(builtin) = builtins::find(name) {
            return Ok(Place::Builtin(builtin));
        }
        if self.leads_to_module(name).at(span)? {
            return Ok(Place::Module(name.to_owned()));
        }
        match self.shared.library.home(name).at(span)? {
            Some(module) => Ok(Place::Path(
                self.shared.library.import(&module).at(span)?,
                name.to_owned(),
            )),
            None => Err(self.unknown(name, span)),
        }
    }

    fn leads_to_module(&mut self, name: &str) -> locum_protocol::Result<bool> {
        Ok(self.shared.library.is_module(name)? || self.shared.library.is_package(name)?)
    }

    /// The error for a name that stands for nothing.
    #[cold]
    pub(super) fn unknown(&mut self, name: &str, span: Span) -> Error {
        if self.is_unbound_local(name) {
            let message = format!(
                "`{name}` has no value yet: the function assigns to it, so it is a variable of the function; to change the \
                 one outside, begin with `global {name}`"
            );
            return Error::name(message, span);
        }
        let mut known = match self.shared.library.known() {
            Ok(known) => known,
            Err(error) => return Error::raised(error, span),
        };
        known.extend(self.names());
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

    fn follow<'e>(
        &mut self,
        place: Place<'e>,
        link: &'e Link,
        span: Span,
    ) -> Result<Place<'e>, Error> {
        match &link.kind {
            LinkKind::Attribute(name) => self.attribute(place, name).at(span),
            LinkKind::Index(key) => {
                let key = self.value(key)?;
                self.index(place, key).at(span)
            }
            LinkKind::Call(arguments) => {
                let arguments = self.arguments(arguments)?;
                let value = match self.call(place, arguments) {
                    Ok(value) => value,
                    Err(error) => return Err(self.failed_call(error, span)),
                };
                Budget::new().take(&value).at(span)?;
                Ok(Place::Value(value))
            }
        }
    }

    /// The error of a call: that of a function of the script has a place of its own.
    #[cold]
    fn failed_call(&mut self, error: Raised, span: Span) -> Error {
        match self.failed.take() {
            Some(failed) if failed.type_name() == error.type_name() => {
                failed.called_at(self.source, span)
            }
            _ => Error::raised(error, span),
        }
    }

    #[inline(never)]
    fn attribute<'e>(
        &mut self,
        place: Place<'e>,
        name: &'e str,
    ) -> locum_protocol::Result<Place<'e>> {
        Ok(match place {
            Place::Value(Value::Object(proxy)) => Place::Path(proxy, name.to_owned()),
            Place::Path(proxy, path) => Place::Path(proxy, format!("{path}.{name}")),
            Place::Variable(variable, keys) => {
                let known = self.look(variable, &keys, |data| match data {
                    Some(Value::Object(proxy)) => Some(Place::Path(proxy.clone(), name.to_owned())),
                    Some(data) => ops::attribute(data, name).map(Place::Value),
                    None => None,
                });
                known.unwrap_or_else(|| {
                    Place::Method(Box::new(Place::Variable(variable, keys)), name)
                })
            }
            Place::Module(module) => {
                let dotted = format!("{module}.{name}");
                if self.leads_to_module(&dotted)? {
                    Place::Module(dotted)
                } else if self.shared.library.is_package(&module)?
                    && !self.shared.library.is_module(&module)?
                {
                    return Err(self.shared.library.missing(&dotted));
                } else {
                    Place::Path(self.shared.library.import(&module)?, name.to_owned())
                }
            }
            Place::Value(data) => match ops::attribute(&data, name) {
                Some(told) => Place::Value(told),
                None => Place::Method(Box::new(Place::Value(data)), name),
            },
            Place::Builtin(builtin) => match Handed::value(builtin, self.shared) {
                Value::Object(proxy) => Place::Path(proxy, name.to_owned()),
                other => Place::Value(other),
            },
            unread @ Place::Method(..) => Place::Value(self.load(unread)?),
        })
    }

    #[inline(never)]
    fn index<'e>(&mut self, place: Place<'e>, key: Value) -> locum_protocol::Result<Place<'e>> {
        if let Place::Path(proxy, path) = &place {
            return proxy.at(path).get_item(&key).map(Place::Value);
        }
        if let Place::Variable(variable, mut keys) = place {
            // What of it needs no copy of all of it is read where it is, unless that may cross to somebody.
            let near = self.look(variable, &keys, |data| match data {
                Some(Value::Object(_)) | None => None,
                Some(data) if step(data, &key).is_some() => Some(None),
                Some(_) if has_object(&key) => None,
                Some(data) => Some(Some(ops::get_item(data, &key))),
            });
            return match near {
                Some(None) => {
                    keys.push(key);
                    Ok(Place::Variable(variable, keys))
                }
                Some(Some(item)) => item.map(Place::Value),
                None => {
                    let value = self.load(Place::Variable(variable, keys))?;
                    item(&value, &key).map(Place::Value)
                }
            };
        }
        let value = self.load(place)?;
        item(&value, &key).map(Place::Value)
    }

    fn call(&mut self, place: Place<'_>, arguments: DynArgs) -> locum_protocol::Result<Value> {
        match place {
            Place::Path(proxy, path) => proxy.call(&path, arguments),
            Place::Method(data, method) => self.call_data(*data, method, arguments),
            Place::Builtin(builtin) => builtin.call(arguments, self),
            place => {
                let value = self.load(place)?;
                self.call_value(&value, arguments)
            }
        }
    }

    /// A method of data, which may change it: where it is, if a variable holds it.
    #[inline(never)]
    fn call_data(
        &mut self,
        place: Place<'_>,
        method: &str,
        arguments: DynArgs,
    ) -> locum_protocol::Result<Value> {
        if method == "sort" && arguments.keywords.iter().any(|(name, _)| name == "key") {
            return self.sort_by_key(place, arguments);
        }
        let (positional, keywords) = builtins::for_data(self, method, arguments)?;
        let Place::Variable(variable, keys) = place else {
            let mut data = self.load(place)?;
            return ops::call_method(&mut data, method, positional, keywords);
        };
        let mut budget = Budget::inside(keys.len() + 1);
        positional
            .iter()
            .try_for_each(|argument| budget.take(argument))?;
        if self.may_cross(variable, &keys, method, &positional, &keywords) {
            return self.change_copy(variable, &keys, |data| {
                ops::call_method(data, method, positional, keywords)
            });
        }
        let _held = self.held_by_method(variable, &keys, method, &positional);
        self.change(variable, &keys, |data| {
            ops::call_method(data, method, positional, keywords)
        })
    }

    /// `items.sort(key=f)`, which only the language can do: the key is a function.
    #[inline(never)]
    fn sort_by_key(
        &mut self,
        place: Place<'_>,
        mut arguments: DynArgs,
    ) -> locum_protocol::Result<Value> {
        let variable = match &place {
            Place::Variable(name, keys) => Some((*name, keys.clone())),
            _ => None,
        };
        let list = match self.load(place)? {
            Value::List(items) => Value::List(items),
            other => return Err(no_attribute(&other, "sort")),
        };
        arguments.positional.insert(0, list);
        let sorted = builtins::order::method(self, arguments)?;
        if let Some((name, keys)) = variable {
            let before = self.change(name, &keys, |old| Ok(std::mem::replace(old, sorted)))?;
            drop(before);
        }
        Ok(Value::Null)
    }

    /// Whether a method of data may compare an object, or show it.
    fn may_cross(
        &self,
        variable: &str,
        keys: &[Value],
        method: &str,
        positional: &[Value],
        keywords: &Map,
    ) -> bool {
        match method {
            "append" | "insert" | "extend" | "setdefault" | "update" => false,
            "sort" | "remove" | "index" | "count" => {
                self.look(variable, keys, |data| data.is_some_and(has_object))
                    || positional.iter().any(has_object)
            }
            _ => {
                let mut named = keywords.iter().map(|(_, value)| value);
                positional.iter().any(has_object) || named.any(has_object)
            }
        }
    }

    /// The objects that a method of data may let go: not while it runs.
    fn held_by_method(
        &self,
        variable: &str,
        keys: &[Value],
        method: &str,
        positional: &[Value],
    ) -> Vec<Proxy> {
        let mut held = Vec::new();
        positional.iter().for_each(|value| hold(value, &mut held));
        self.look(variable, keys, |data| match (method, data, positional) {
            ("clear", Some(data), _) => hold(data, &mut held),
            ("update", Some(Value::Map(map)), [Value::Map(new)]) => {
                let replaced = new.iter().filter_map(|(key, _)| map.get(key));
                replaced.for_each(|old| hold(old, &mut held));
            }
            ("update", Some(data), _) => hold(data, &mut held),
            _ => {}
        });
        held
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
