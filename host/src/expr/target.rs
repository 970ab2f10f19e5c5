//! Assigning, changing and deleting.

use locum_protocol::ops::{self, Arithmetic};
use locum_protocol::{Error as Raised, Kind, Proxy, Value};

use super::ast::{Expr, Target, TargetKind};
use super::budget::Budget;
use super::error::Error;
use super::eval::{At, combine};
use super::frame::Frame;
use super::held::{has_object, hold};
use super::place::{Place, item};
use super::scope::{Binding, step};
use super::token::Span;

/// A target whose parts are evaluated, so that it can be read and then written.
enum Spot<'t> {
    Name(&'t str),
    Attribute(Proxy, String),
    /// An item of an object.
    Item(Proxy, Value),
    /// An item of data that a variable holds, at these keys.
    Inside(&'t str, Vec<Value>, Value),
}

impl Frame<'_> {
    /// Gives a target a value.
    #[inline(never)]
    pub(super) fn assign(&mut self, target: &Target, value: Value) -> Result<(), Error> {
        if let TargetKind::Unpack(targets) = &target.kind {
            let values = self.unpack(value, targets.len()).at(target.span)?;
            return targets
                .iter()
                .zip(values)
                .try_for_each(|(target, value)| self.assign(target, value));
        }
        let spot = self.spot(target)?;
        self.write(spot, value).at(target.span)
    }

    /// `target += value`: an object changes itself, if it can.
    #[inline(never)]
    pub(super) fn augment(
        &mut self,
        target: &Target,
        operator: Arithmetic,
        value: &Expr,
    ) -> Result<(), Error> {
        let spot = self.spot(target)?;
        let old = match &spot {
            Spot::Name(name) => self.old(name, target.span)?,
            Spot::Attribute(proxy, path) => proxy.get(path).at(target.span)?,
            Spot::Item(proxy, key) => proxy.get_item(key).at(target.span)?,
            Spot::Inside(name, keys, key) => {
                match self.look(name, keys, |container| container.cloned()) {
                    Some(container) => item(&container, key).at(target.span)?,
                    None => return Err(self.unknown(name, target.span)),
                }
            }
        };
        let right = self.value(value)?;
        let span = target.span.to(value.span);
        match self.changed(operator, &old, right).at(span)? {
            Some(new) => self.write(spot, new).at(span),
            None => Ok(()),
        }
    }

    /// What is to be changed in a variable.
    fn old(&mut self, name: &str, span: Span) -> Result<Value, Error> {
        let binding = self.with(name, |binding| binding.cloned());
        match binding {
            Some(Binding::Value(value)) => Ok(value),
            Some(Binding::Module(module)) => self
                .shared
                .library
                .import(&module)
                .map(Value::Object)
                .at(span),
            None => Err(self.unknown(name, span)),
        }
    }

    /// `del target`
    #[inline(never)]
    pub(super) fn delete(&mut self, target: &Target) -> Result<(), Error> {
        match &target.kind {
            TargetKind::Unpack(targets) => {
                return targets.iter().try_for_each(|target| self.delete(target));
            }
            TargetKind::Name(name) => {
                if !self.remove(name) {
                    let message = format!("`{name}` is no variable, so it can not be deleted");
                    return Err(Error::name(message, target.span));
                }
                return Ok(());
            }
            TargetKind::Attribute(..) | TargetKind::Index(..) => {}
        }
        match self.spot(target)? {
            Spot::Item(proxy, key) => proxy.del_item(&key),
            Spot::Inside(name, keys, key) => self.del_inside(name, &keys, &key),
            // The parser has refused these.
            Spot::Name(_) | Spot::Attribute(..) => {
                Err(Raised::no_attribute("attributes can not be deleted"))
            }
        }
        .at(target.span)
    }

    fn spot<'t>(&mut self, target: &'t Target) -> Result<Spot<'t>, Error> {
        match &target.kind {
            TargetKind::Name(name) => Ok(Spot::Name(name)),
            TargetKind::Attribute(base, name) => {
                let place = self.place(base)?;
                self.attribute_spot(place, name).at(target.span)
            }
            TargetKind::Index(base, key) => {
                let place = self.place(base)?;
                let key = self.value(key)?;
                self.item_spot(place, key).at(target.span)
            }
            TargetKind::Unpack(_) => Err(Raised::type_error(
                "several values can not be changed at once",
            ))
            .at(target.span),
        }
    }

    fn attribute_spot<'t>(
        &mut self,
        place: Place<'t>,
        name: &str,
    ) -> locum_protocol::Result<Spot<'t>> {
        if let Place::Path(proxy, path) = place {
            return Ok(Spot::Attribute(proxy, format!("{path}.{name}")));
        }
        match self.load(place)? {
            Value::Object(proxy) => Ok(Spot::Attribute(proxy, name.to_owned())),
            data => {
                let message = format!(
                    "data of type {} has no attributes to assign to",
                    data.type_name()
                );
                Err(Raised::no_attribute(message))
            }
        }
    }

    fn item_spot<'t>(&mut self, place: Place<'t>, key: Value) -> locum_protocol::Result<Spot<'t>> {
        let is_object = |value: Option<&Value>| matches!(value, Some(Value::Object(_)));
        let place = match place {
            Place::Variable(name, keys) if !self.look(name, &keys, is_object) => {
                return Ok(Spot::Inside(name, keys, key));
            }
            place => place,
        };
        match self.load(place)? {
            Value::Object(proxy) => Ok(Spot::Item(proxy, key)),
            _ => Err(Raised::type_error(
                "this is a copy of data, so assigning into it would be lost; assign the whole, or keep it in a variable",
            )),
        }
    }

    fn write(&mut self, spot: Spot<'_>, value: Value) -> locum_protocol::Result<()> {
        match spot {
            Spot::Name(name) => {
                self.set(name, Binding::Value(value));
                Ok(())
            }
            Spot::Attribute(proxy, path) => proxy.set(&path, value),
            Spot::Item(proxy, key) => proxy.set_item(key, value),
            Spot::Inside(name, keys, key) => {
                Budget::inside(keys.len() + 1).take(&value)?;
                self.set_inside(name, &keys, key, value)
            }
        }
    }

    fn set_inside(
        &mut self,
        name: &str,
        keys: &[Value],
        key: Value,
        value: Value,
    ) -> locum_protocol::Result<()> {
        if has_object(&key) || has_object(&value) {
            return self.change_copy(name, keys, |data| ops::set_item(data, key, value));
        }
        let _held = self.held_at(name, keys, &key);
        self.change(name, keys, |data| ops::set_item(data, key, value))
    }

    fn del_inside(
        &mut self,
        name: &str,
        keys: &[Value],
        key: &Value,
    ) -> locum_protocol::Result<()> {
        if has_object(key) {
            return self.change_copy(name, keys, |data| ops::del_item(data, key));
        }
        let _held = self.held_at(name, keys, key);
        self.change(name, keys, |data| ops::del_item(data, key))
    }

    /// The objects in an item that is about to go: they must not be let go while it is changed.
    fn held_at(&self, name: &str, keys: &[Value], key: &Value) -> Vec<Proxy> {
        let mut held = Vec::new();
        self.look(name, keys, |data| match (data, key) {
            (Some(Value::List(items)), Value::Slice(_)) => {
                items.iter().for_each(|item| hold(item, &mut held));
            }
            (Some(data), key) => {
                if let Some(item) = step(data, key) {
                    hold(item, &mut held);
                }
            }
            (None, _) => {}
        });
        held
    }

    /// Changes a copy of data, and puts it in the place of the data: for changes that cross to somebody.
    pub(super) fn change_copy<R>(
        &mut self,
        name: &str,
        keys: &[Value],
        change: impl FnOnce(&mut Value) -> locum_protocol::Result<R>,
    ) -> locum_protocol::Result<R> {
        let copy = self.look(name, keys, |data| data.cloned());
        let Some(mut data) = copy else {
            // The error for this is made there.
            return self.change(name, keys, change);
        };
        let result = change(&mut data)?;
        let before = self.change(name, keys, |old| Ok(std::mem::replace(old, data)))?;
        drop(before);
        Ok(result)
    }

    /// What `old += right` makes of `old`; `None` when it is an object that changed itself.
    fn changed(
        &mut self,
        operator: Arithmetic,
        old: &Value,
        right: Value,
    ) -> locum_protocol::Result<Option<Value>> {
        let new = match (operator, old) {
            (_, Value::Object(proxy)) => {
                match proxy.call::<Value>(operator.in_place(), (right.clone(),)) {
                    Ok(Value::Null) => return Ok(None),
                    Ok(Value::Object(same)) if same.same_object(proxy) => return Ok(None),
                    Err(error) if error.kind() == Kind::NoSuchAttribute => {
                        combine(operator, old, &right)?
                    }
                    changed => changed?,
                }
            }
            // A list takes in whatever can be gone through.
            (Arithmetic::Add, Value::List(items)) if !matches!(right, Value::List(_)) => {
                let mut budget = Budget::inside(1);
                let mut items = items.clone();
                for item in self.go_through(right)? {
                    let item = item?;
                    budget.take(&item)?;
                    items.push(item);
                }
                Value::List(items)
            }
            _ => combine(operator, old, &right)?,
        };
        Ok(Some(new))
    }
}
