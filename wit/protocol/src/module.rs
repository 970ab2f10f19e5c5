//! Modules, classes and functions as objects: what a host imports from a plugin, and the other way round.

use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;

use crate::describe::{AttributeInfo, ClassInfo, FunctionInfo, ModuleInfo, PluginInfo};
use crate::object::{Method, no_attribute, special_or_missing};
use crate::ops::closest;
use crate::{Args, Class, Error, Kind, Object, ObjectRef, Outcome, Parcel, Result};

/// What can be a member of a module by its name alone: a class or a function with `#[object]`.
///
/// ```
/// # use locum_macros::object;
/// # use locum_protocol::Module;
/// # /*
/// #[object]
/// # */
/// # #[object(crate = locum_protocol)]
/// fn double(n: i64) -> i64 {
///     2 * n
/// }
/// let module = Module::new("numbers").member::<double>();
/// assert_eq!(module.info().functions[0].name, "double");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can not be a member of a module",
    label = "write `#[object]` on its `impl` block or on the function"
)]
pub trait Member {
    #[doc(hidden)]
    fn add_to(module: Module) -> Module;
}

/// A free function, as `#[object]` on a `fn` makes it.
///
/// ```
/// # use locum_macros::object;
/// # use locum_protocol::{Function, Module};
/// # /*
/// #[object]
/// # */
/// # #[object(crate = locum_protocol)]
/// /// Twice as much.
/// fn double(n: i64) -> i64 {
///     2 * n
/// }
/// assert_eq!(<double as Function>::INFO.doc, "Twice as much.");
/// let module = Module::new("numbers").function::<double>();
/// ```
pub trait Function: 'static {
    /// What the function tells about itself.
    const INFO: &'static FunctionInfo;

    /// Calls it.
    #[doc(hidden)]
    fn call(args: &Args) -> Result<Outcome>;
}

/// A class as an object: calling it constructs, its attributes are its associated functions.
struct ClassObject<T>(PhantomData<fn() -> T>);

/// The class of a Rust type, as an object.
///
/// ```
/// # use locum_macros::object;
/// # use locum_protocol::{Proxy, class};
/// # struct Counter(i64);
/// # #[object(crate = locum_protocol)]
/// # impl Counter {
/// #     fn new(start: i64) -> Counter { Counter(start) }
/// #     fn add(&mut self, by: i64) -> i64 { self.0 += by; self.0 }
/// # }
/// let class = Proxy::local(class::<Counter>());
/// let counter: Proxy = class.invoke((10,))?; // calling a class makes an object
/// assert_eq!(counter.call::<i64>("add", (5,))?, 15);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn class<T: Class>() -> ObjectRef {
    Arc::new(ClassObject::<T>(PhantomData))
}

impl<T: Class> Object for ClassObject<T> {
    fn type_name(&self) -> &str {
        &T::INFO.name
    }

    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        let wanted = if name == "__call__" { "" } else { name };
        if let Some(outcome) = T::associated(wanted, &args) {
            return outcome;
        }
        let known = T::INFO.associated.iter().map(|function| &*function.name);
        match name {
            "" | "__call__" => Err(Error::no_attribute(format!(
                "the class `{0}` has no constructor; mark one `#[constructor]`, or get a `{0}` from where they come from",
                T::INFO.name
            ))),
            "__str__" | "__repr__" => Outcome::data(&format!("<class {}>", T::INFO.name)),
            name => special_or_missing(&(self.clone() as ObjectRef), name, &args, known),
        }
    }

    fn get(self: Arc<Self>, name: &str) -> Result<Outcome> {
        match T::INFO
            .associated
            .iter()
            .any(|function| function.name == name)
        {
            true => Ok(Method::bind(self, name)),
            false => Err(no_attribute(
                &T::INFO.name,
                name,
                T::INFO.associated.iter().map(|function| &*function.name),
            )),
        }
    }

    fn describe(&self) -> ClassInfo {
        T::INFO.clone()
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

/// A function as an object: calling it calls it.
struct FunctionObject<F>(PhantomData<fn() -> F>);

impl<F: Function> Object for FunctionObject<F> {
    fn type_name(&self) -> &str {
        &F::INFO.name
    }

    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        match name {
            "" | "__call__" => F::call(&args),
            "__str__" | "__repr__" => Outcome::data(&format!("<function {}>", F::INFO.name)),
            name => special_or_missing(&(self as ObjectRef), name, &args, []),
        }
    }

    fn describe(&self) -> ClassInfo {
        let constructor = Some(Cow::Borrowed(F::INFO));
        ClassInfo {
            name: F::INFO.name.clone(),
            doc: F::INFO.doc.clone(),
            constructor,
            ..ClassInfo::default()
        }
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

enum Held {
    Object(ObjectRef),
    Constant(Parcel),
}

/// Classes, functions, objects and constants under one name, to be imported by a peer.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_macros::object;
/// # use locum_protocol::{Data, Module, Proxy};
/// # struct Counter(i64);
/// # #[object(crate = locum_protocol)]
/// # impl Counter { fn new(start: i64) -> Counter { Counter(start) } }
/// # #[object(crate = locum_protocol)]
/// # fn double(n: i64) -> i64 { 2 * n }
/// let module = Module::new("numbers")
///     .doc("Counting, and more.")
///     .class::<Counter>()
///     .function::<double>()
///     .constant("answer", &42)?
///     .object("shared", Arc::new(Data::new(vec![1, 2].into())));
/// assert_eq!(module.info().doc, "Counting, and more.");
/// let numbers = Proxy::local(Arc::new(module));
/// assert_eq!(numbers.call::<i64>("double", (21,))?, numbers.get::<i64>("answer")?);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub struct Module {
    info: ModuleInfo,
    members: BTreeMap<String, Held>,
}

impl Module {
    /// An empty module of that (dotted) name.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Module {
        Module {
            info: ModuleInfo {
                name: name.into(),
                ..ModuleInfo::default()
            },
            members: BTreeMap::new(),
        }
    }

    /// Says what it is for.
    #[must_use]
    pub fn doc(mut self, doc: impl Into<Cow<'static, str>>) -> Module {
        self.info.doc = doc.into();
        self
    }

    /// Adds a class or a function that `#[object]` was written on.
    ///
    /// ```
    /// # use locum_macros::object;
    /// # use locum_protocol::Module;
    /// # #[object(crate = locum_protocol)]
    /// # fn double(n: i64) -> i64 { 2 * n }
    /// let module = Module::new("numbers").member::<double>();
    /// assert_eq!(module.info().functions.len(), 1);
    /// ```
    #[must_use]
    pub fn member<M: Member>(self) -> Module {
        M::add_to(self)
    }

    /// Adds a class.
    #[must_use]
    pub fn class<T: Class>(mut self) -> Module {
        self.info.classes.to_mut().push(T::INFO.clone());
        self.members
            .insert(T::INFO.name.to_string(), Held::Object(class::<T>()));
        self
    }

    /// Adds a function.
    #[must_use]
    pub fn function<F: Function>(mut self) -> Module {
        self.info.functions.to_mut().push(F::INFO.clone());
        let object = Arc::new(FunctionObject::<F>(PhantomData));
        self.members
            .insert(F::INFO.name.to_string(), Held::Object(object));
        self
    }

    /// Adds an object under a name.
    #[must_use]
    pub fn object(mut self, name: impl Into<String>, object: ObjectRef) -> Module {
        let name = name.into();
        let type_name = object.type_name().to_owned();
        self.info.constants.to_mut().push(AttributeInfo {
            name: name.clone().into(),
            type_name: type_name.into(),
            ..AttributeInfo::default()
        });
        self.members.insert(name, Held::Object(object));
        self
    }

    /// Adds a constant.
    ///
    /// # Errors
    /// When the value can not travel.
    pub fn constant<T: Serialize + ?Sized>(
        mut self,
        name: impl Into<String>,
        value: &T,
    ) -> Result<Module> {
        let name = name.into();
        let parcel = Parcel::encode(value)?;
        let shown: crate::Value = parcel.decode()?;
        self.info.constants.to_mut().push(AttributeInfo {
            name: name.clone().into(),
            type_name: shown.type_name().to_owned().into(),
            ..AttributeInfo::default()
        });
        self.members.insert(name, Held::Constant(parcel));
        Ok(self)
    }

    /// What it tells about itself.
    pub fn info(&self) -> &ModuleInfo {
        &self.info
    }

    fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.members.keys().map(String::as_str)
    }

    #[cold]
    fn missing(&self, name: &str) -> Error {
        let error = no_attribute(&self.info.name, name, self.names());
        error.map_message(|message| message.replacen('`', "module `", 1))
    }
}

impl Object for Module {
    fn type_name(&self) -> &str {
        &self.info.name
    }

    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        match self.members.get(name) {
            Some(Held::Object(object)) => object.clone().call("", args),
            Some(Held::Constant(_)) => Err(Error::type_error(format!(
                "`{}.{name}` is a constant and can not be called",
                self.info.name
            ))),
            None if matches!(name, "__str__" | "__repr__") => {
                Outcome::data(&format!("<module {}>", self.info.name))
            }
            None if matches!(name, "__eq__" | "__ne__" | "__bool__") => {
                special_or_missing(&(self as ObjectRef), name, &args, [])
            }
            None => Err(self.missing(name)),
        }
    }

    fn get(self: Arc<Self>, name: &str) -> Result<Outcome> {
        match self.members.get(name) {
            Some(Held::Object(object)) => Ok(Outcome::object(object.clone())),
            Some(Held::Constant(parcel)) => Ok(Outcome::Data(parcel.clone())),
            None => Err(self.missing(name)),
        }
    }

    fn set(self: Arc<Self>, name: &str, _: Parcel) -> Result<()> {
        Err(Error::no_attribute(format!(
            "`{}.{name}` can not be set; a module does not change",
            self.info.name
        )))
    }

    fn describe(&self) -> ClassInfo {
        ClassInfo {
            name: self.info.name.clone(),
            doc: self.info.doc.clone(),
            associated: self.info.functions.clone(),
            attributes: self.info.constants.clone(),
            ..ClassInfo::default()
        }
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

/// What one end offers to the other: its modules, by name, and what it tells about itself.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::describe::PluginInfo;
/// # use locum_protocol::{Data, Modules, ObjectRef, Offers, Result, pair};
/// /// Offers a text under any name.
/// struct Anything;
///
/// impl Offers for Anything {
///     fn module(&self, name: &str) -> Result<ObjectRef> {
///         Ok(Arc::new(Data::new(name.into())))
///     }
///     fn describe(&self) -> PluginInfo {
///         PluginInfo::default()
///     }
/// }
///
/// let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Anything)));
/// assert_eq!(plugin.import("dogs")?.call::<String>("upper", ())?, "DOGS");
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub trait Offers: Send + Sync {
    /// The module of that name.
    fn module(&self, name: &str) -> Result<ObjectRef>;
    /// What `describe` of handle 0 answers.
    fn describe(&self) -> PluginInfo;
}

/// Modules by name: the usual [`Offers`].
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::{Data, Module, Modules, pair};
/// let offers = Modules::new("toys", "1.0")
///     .with(Module::new("numbers").constant("answer", &42)?)
///     .with_object("greeting", Arc::new(Data::new("hello".into())));
/// let (toys, _host) = pair(("host", Arc::new(Modules::default())), ("toys", Arc::new(offers)));
/// assert_eq!(toys.describe()?.version, "1.0");
/// assert_eq!(toys.import("numbers")?.get::<i64>("answer")?, 42);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Default)]
pub struct Modules {
    info: PluginInfo,
    modules: BTreeMap<String, ObjectRef>,
}

impl Modules {
    /// Nothing yet, offered by a program of that name and version.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        version: impl Into<Cow<'static, str>>,
    ) -> Modules {
        let info = PluginInfo {
            name: name.into(),
            version: version.into(),
            language: "Rust".into(),
            ..PluginInfo::default()
        };
        Modules {
            info,
            modules: BTreeMap::new(),
        }
    }

    /// Offers a module.
    #[must_use]
    pub fn with(mut self, module: Module) -> Modules {
        self.info.modules.to_mut().push(module.info.clone());
        self.modules
            .insert(module.info.name.to_string(), Arc::new(module));
        self
    }

    /// Offers an object where a module could be.
    #[must_use]
    pub fn with_object(mut self, name: impl Into<String>, object: ObjectRef) -> Modules {
        self.modules.insert(name.into(), object);
        self
    }
}

impl Offers for Modules {
    fn module(&self, name: &str) -> Result<ObjectRef> {
        self.modules
            .get(name)
            .cloned()
            .ok_or_else(|| no_module(name, self.modules.keys().map(String::as_str)))
    }

    fn describe(&self) -> PluginInfo {
        self.info.clone()
    }
}

/// The error for a module that is not offered, with advice.
///
/// ```
/// # use locum_protocol::no_module;
/// let error = no_module("collection", ["collections", "counters"].into_iter());
/// assert_eq!(error.message(), "no module `collection`; did you mean `collections`?");
/// ```
#[cold]
pub fn no_module<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Error {
    let advice = match closest(name, known.clone()) {
        Some(close) => format!("; did you mean `{close}`?"),
        None if known.clone().next().is_none() => "; there are none".to_owned(),
        None => format!(
            "; there are {}",
            known
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    };
    let shown: String = name.chars().take(80).collect();
    Error::new(
        Kind::NoSuchModule,
        format!("no module `{}`{advice}", shown.escape_debug()),
    )
}
