//! Functions of a script, as objects: a plugin may be given one, and call it whenever it likes.

use std::any::Any;
use std::sync::{Arc, Weak};

use locum_protocol::describe::{self, ClassInfo, FunctionInfo, ParamInfo};
use locum_protocol::{
    Args, DynArgs, Error as Raised, Kind, Map, Object, Outcome, Proxy, Result, Value,
};

use super::ast::{Body, Definition, Takes};
use super::budget::Budget;
use super::builtins::Builtin;
use super::depth::Level;
use super::error::Error;
use super::exec::Flow;
use super::frame::{Frame, Shared};
use super::scope::{Binding, Scope};

/// The type name that its proxy shows.
const TYPE: &str = "function";

/// A function that a script made. Global names are looked up when it runs; of the local variables that were around it when
/// it was made it has copies, so that it is in no circle of references.
pub(super) struct Function {
    pub(super) definition: Arc<Definition>,
    /// What the spans of the definition are about.
    pub(super) source: Arc<str>,
    /// By the index of the parameter.
    defaults: Vec<Option<Value>>,
    pub(super) captured: Scope,
    /// Whether it was made in another function: when it was, nothing was bound to its name yet.
    is_inner: bool,
    /// Not the other way round as well: the interpreter's variables hold the function.
    shared: Weak<Shared>,
}

/// A function of the language as a value: what `map(str, l)` hands over.
pub(super) struct Handed {
    builtin: &'static Builtin,
    shared: Weak<Shared>,
}

impl Handed {
    pub(super) fn value(builtin: &'static Builtin, shared: &Arc<Shared>) -> Value {
        Value::Object(Proxy::local(Arc::new(Handed {
            builtin,
            shared: Arc::downgrade(shared),
        })))
    }
}

impl Frame<'_> {
    /// The function that a definition makes here and now.
    #[inline(never)]
    pub(super) fn function(&mut self, definition: &Arc<Definition>) -> Result<Value, Error> {
        let mut defaults = Vec::with_capacity(definition.parameters.len());
        for parameter in &definition.parameters {
            let default = parameter.default.as_ref();
            defaults.push(default.map(|expr| self.value(expr)).transpose()?);
        }
        let mut captured = Scope::default();
        for name in &definition.free {
            if let Some(binding) = self.local(name) {
                captured.set(name, binding);
            }
        }
        Ok(Value::Object(Proxy::local(Arc::new(Function {
            definition: definition.clone(),
            source: self.source.clone(),
            defaults,
            captured,
            is_inner: self.is_in_function(),
            shared: Arc::downgrade(self.shared),
        }))))
    }

    /// Calls a value.
    pub(super) fn call_value(&mut self, value: &Value, arguments: DynArgs) -> Result<Value> {
        let Value::Object(proxy) = value else {
            let kind = value.type_name();
            return Err(Raised::type_error(format!(
                "data of type {kind} can not be called"
            )));
        };
        self.check_interrupt()?;
        // A function of this interpreter runs here, and its error keeps its place.
        if let Some(function) = local::<Function>(proxy)
            && std::ptr::eq(function.shared.as_ptr(), Arc::as_ptr(self.shared))
        {
            return function
                .run(proxy, self.shared, arguments, self.tolerated)
                .map_err(|error| {
                    let raised = error.to_raised();
                    self.failed = Some(error);
                    raised
                });
        }
        if let Some(handed) = local::<Handed>(proxy) {
            return handed.builtin.call(arguments, self);
        }
        proxy.invoke(arguments)
    }
}

/// The object, when it lives here and is of that type.
pub(super) fn local<T: Object>(proxy: &Proxy) -> Option<Arc<T>> {
    if !proxy.is_local() || !proxy.path().is_empty() {
        return None;
    }
    proxy.clone().into_object().into_any().downcast().ok()
}

impl Function {
    fn name(&self) -> &str {
        self.definition.name.as_deref().unwrap_or("lambda")
    }

    /// Calls it; `this` is its proxy, by which it knows itself.
    fn run(
        &self,
        this: &Proxy,
        shared: &Arc<Shared>,
        arguments: DynArgs,
        tolerated: u32,
    ) -> Result<Value, Error> {
        let own = |error: Raised| Error::raised(error, super::token::Span::default());
        let _level = Level::enter().map_err(own)?;
        let mut scope = self.bind(arguments).map_err(own)?;
        // So that it can call itself.
        if let Some(name) = &self.definition.name
            && self.is_inner
            && !self.definition.is_local(name)
        {
            scope.set(name, Binding::Value(Value::Object(this.clone())));
        }
        let mut frame = Frame::of(shared, self, scope, tolerated);
        let result = match &self.definition.body {
            Body::Expression(expr) => frame.value(expr),
            Body::Block(statements) => frame.block(statements).map(|flow| match flow {
                Flow::Return(value) => value,
                _ => Value::Null,
            }),
        };
        result.map_err(|error| error.in_source(&self.source))
    }

    /// The parameters with their arguments.
    #[inline(never)]
    fn bind(&self, arguments: DynArgs) -> Result<Scope> {
        let mut scope = Scope::default();
        let given = arguments.positional.len();
        let mut positional = arguments.positional.into_iter();
        let mut keywords = arguments.keywords;
        for (at, parameter) in self.definition.parameters.iter().enumerate() {
            let name = &parameter.name;
            let named = keywords.iter().position(|(keyword, _)| keyword == name);
            let value = match parameter.takes {
                Takes::Rest => Value::List(positional.by_ref().collect()),
                Takes::Keywords => {
                    let left = std::mem::take(&mut keywords).into_iter();
                    let map: Map = left
                        .map(|(name, value)| (Value::Text(name), value))
                        .collect();
                    Value::Map(map)
                }
                Takes::One | Takes::Named => {
                    let placed = match parameter.takes {
                        Takes::One => positional.next(),
                        _ => None,
                    };
                    match (placed, named) {
                        (Some(_), Some(_)) => {
                            return Err(self.refused(&format!("`{name}` is given twice")));
                        }
                        (Some(value), None) => value,
                        (None, Some(named)) => keywords.remove(named).1,
                        (None, None) => match self.defaults.get(at) {
                            Some(Some(default)) => default.clone(),
                            _ => return Err(self.refused(&format!("`{name}` is missing"))),
                        },
                    }
                }
            };
            scope.set(name, Binding::Value(value));
        }
        if positional.next().is_some() {
            let takes = self
                .definition
                .parameters
                .iter()
                .filter(|parameter| parameter.takes == Takes::One)
                .count();
            let plural = if takes == 1 { "" } else { "s" };
            return Err(self.refused(&format!("it takes {takes} argument{plural}, got {given}")));
        }
        match keywords.first() {
            Some((keyword, _)) => Err(self.refused(&format!("there is no parameter `{keyword}`"))),
            None => Ok(scope),
        }
    }

    #[cold]
    fn refused(&self, why: &str) -> Raised {
        Raised::type_error(format!("{}(): {why}", self.name()))
    }

    /// As it would be written: `add(a, b=1)`.
    fn signature(&self) -> String {
        let parameter = |(at, it): (usize, &super::ast::Parameter)| {
            let stars = match it.takes {
                Takes::Rest => "*",
                Takes::Keywords => "**",
                Takes::One | Takes::Named => "",
            };
            let default = self.default(at).map(|text| format!("={text}"));
            format!("{stars}{}{}", it.name, default.unwrap_or_default())
        };
        let parameters = self.definition.parameters.iter().enumerate();
        let parameters: Vec<String> = parameters.map(parameter).collect();
        format!("{}({})", self.name(), parameters.join(", "))
    }

    /// How a default is shown. No crossing.
    fn default(&self, at: usize) -> Option<String> {
        let default = self.defaults.get(at)?.as_ref()?;
        if super::held::has_object(default) {
            return Some("...".to_owned());
        }
        Some(locum_protocol::ops::repr(default).unwrap_or_else(|_| "...".to_owned()))
    }

    fn info(&self) -> FunctionInfo {
        let parameter = |(at, it): (usize, &super::ast::Parameter)| ParamInfo {
            name: it.name.clone().into(),
            default: self.default(at).map(Into::into),
            takes: match it.takes {
                Takes::One | Takes::Named => describe::Takes::One,
                Takes::Rest => describe::Takes::Rest,
                Takes::Keywords => describe::Takes::Keywords,
            },
            ..ParamInfo::default()
        };
        let parameters = self.definition.parameters.iter().enumerate();
        FunctionInfo {
            name: self.name().to_owned().into(),
            doc: self.definition.doc.clone().unwrap_or_default().into(),
            params: parameters.map(parameter).collect::<Vec<_>>().into(),
            ..FunctionInfo::default()
        }
    }
}

impl Object for Function {
    fn type_name(&self) -> &str {
        TYPE
    }

    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        match name {
            "" | "__call__" => {
                let shared = alive(&self.shared)?;
                let arguments = args.to_dyn()?;
                let this = Proxy::local(self.clone());
                let result = self.run(&this, &shared, arguments, 0);
                result
                    .map_err(|error| error.to_raised())
                    .and_then(|value| outcome(&value))
            }
            "__str__" | "__repr__" => Outcome::data(&format!("<function {}>", self.signature())),
            name => special(self, name, &args),
        }
    }

    fn get(self: Arc<Self>, name: &str) -> Result<Outcome> {
        match name {
            "__name__" => Outcome::data(self.name()),
            "__doc__" => Outcome::data(&self.definition.doc),
            name => Err(no_attribute(name)),
        }
    }

    fn describe(&self) -> ClassInfo {
        let info = self.info();
        ClassInfo {
            name: TYPE.into(),
            doc: info.doc.clone(),
            constructor: Some(std::borrow::Cow::Owned(info)),
            ..ClassInfo::default()
        }
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

impl Object for Handed {
    fn type_name(&self) -> &str {
        TYPE
    }

    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        match name {
            "" | "__call__" => {
                let shared = alive(&self.shared)?;
                let source = Arc::from("");
                let mut frame = Frame::new(&shared, &source);
                let value = self.builtin.call(args.to_dyn()?, &mut frame)?;
                outcome(&value)
            }
            "__str__" | "__repr__" => Outcome::data(&format!("<function {}>", self.builtin.name)),
            name => special(self, name, &args),
        }
    }

    fn get(self: Arc<Self>, name: &str) -> Result<Outcome> {
        match name {
            "__name__" => Outcome::data(self.builtin.name),
            name => Err(no_attribute(name)),
        }
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

fn alive(shared: &Weak<Shared>) -> Result<Arc<Shared>> {
    shared.upgrade().ok_or_else(|| {
        let message = "the script that this function belongs to has ended";
        Raised::new(Kind::BadHandle, message)
    })
}

fn outcome(value: &Value) -> Result<Outcome> {
    match value {
        Value::Object(proxy) => Ok(Outcome::Object(proxy.clone())),
        data => {
            Budget::new().take(data)?;
            Outcome::data(data)
        }
    }
}

/// The few special methods that every object has.
fn special<T: Object>(object: Arc<T>, name: &str, args: &Args) -> Result<Outcome> {
    match name {
        "__eq__" | "__ne__" => {
            let (other,): (Value,) = args.parse()?;
            let this = Proxy::local(object);
            let same = matches!(&other, Value::Object(other) if other.same_object(&this));
            Outcome::data(&(same == (name == "__eq__")))
        }
        "__bool__" => Outcome::data(&true),
        name => Err(no_attribute(name)),
    }
}

#[cold]
fn no_attribute(name: &str) -> Raised {
    let shown: String = name.chars().take(80).flat_map(char::escape_debug).collect();
    Raised::no_attribute(format!("a function has no attribute `{shown}`; call it"))
}
