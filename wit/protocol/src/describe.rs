//! What plugins, modules, classes and functions tell about themselves.
//!
//! The macros write these as constants; over the wire they are plain maps. Nothing here is trusted for dispatch.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Text that is a constant where it was written and owned where it was read.
///
/// ```
/// # use locum_protocol::describe::Name;
/// let constant: Name = "Counter".into(); // as the macros write it
/// let arrived: Name = String::from("Counter").into(); // as it is read
/// assert_eq!(constant, arrived);
/// ```
pub type Name = Cow<'static, str>;
type Many<T> = Cow<'static, [T]>;

/// A plugin as a whole.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::{Module, Modules, pair};
/// # let offers = Modules::new("toys", "1.0").with(Module::new("numbers"));
/// # let (toys, _host) = pair(("host", Arc::new(Modules::default())), ("toys", Arc::new(offers)));
/// let told = toys.describe()?;
/// assert_eq!((&*told.name, &*told.version, &*told.language), ("toys", "1.0", "Rust"));
/// let modules: Vec<&str> = told.modules.iter().map(|module| &*module.name).collect();
/// assert_eq!(modules, ["numbers"]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PluginInfo {
    /// The plugin's name.
    pub name: Name,
    /// The plugin's version.
    pub version: Name,
    /// What it was written in.
    pub language: Name,
    /// What it offers.
    #[serde(default)]
    pub modules: Many<ModuleInfo>,
}

/// Classes, functions and constants under one name.
///
/// ```
/// # use locum_protocol::Module;
/// let module = Module::new("numbers").doc("Numbers.").constant("answer", &42)?;
/// let told = module.info();
/// assert_eq!((&*told.name, &*told.doc), ("numbers", "Numbers."));
/// assert_eq!((&*told.constants[0].name, &*told.constants[0].type_name), ("answer", "int"));
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModuleInfo {
    /// The dotted name by which it is imported.
    pub name: Name,
    /// The doc comment.
    #[serde(default)]
    pub doc: Name,
    /// The classes.
    #[serde(default)]
    pub classes: Many<ClassInfo>,
    /// The functions.
    #[serde(default)]
    pub functions: Many<FunctionInfo>,
    /// The constants.
    #[serde(default)]
    pub constants: Many<AttributeInfo>,
}

/// A class of objects.
///
/// ```
/// # use locum_macros::object;
/// # use locum_protocol::Class;
/// # struct Counter(i64);
/// # /*
/// #[object]
/// # */
/// # #[object(crate = locum_protocol)]
/// impl Counter {
///     fn new(start: i64) -> Counter {
///         Counter(start)
///     }
///     #[getter]
///     fn value(&self) -> i64 {
///         self.0
///     }
///     fn add(&mut self, by: i64) {
///         self.0 += by;
///     }
/// }
/// let told = Counter::INFO;
/// assert_eq!(told.constructor.as_ref().map(|new| new.params.len()), Some(1));
/// assert_eq!(told.attribute_names().collect::<Vec<_>>(), ["add", "value"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClassInfo {
    /// The name of the class.
    pub name: Name,
    /// The doc comment.
    #[serde(default)]
    pub doc: Name,
    /// What a call of the class does; `None` when it can not be called.
    #[serde(default)]
    pub constructor: Option<Cow<'static, FunctionInfo>>,
    /// Methods of its objects.
    #[serde(default)]
    pub methods: Many<FunctionInfo>,
    /// Functions of the class itself.
    #[serde(default)]
    pub associated: Many<FunctionInfo>,
    /// Attributes of its objects.
    #[serde(default)]
    pub attributes: Many<AttributeInfo>,
}

/// A function or method.
///
/// ```
/// # use locum_macros::object;
/// # use locum_protocol::Function;
/// # /*
/// #[object]
/// # */
/// # #[object(crate = locum_protocol)]
/// /// `n`, `times` times over.
/// fn repeat(n: i64, #[arg(default = 2)] times: u32) -> Vec<i64> {
///     vec![n; times as usize]
/// }
/// let told = <repeat as Function>::INFO;
/// assert_eq!((&*told.name, &*told.returns), ("repeat", "list[int]"));
/// assert_eq!(told.doc, "`n`, `times` times over.");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FunctionInfo {
    /// The name by which it is called.
    pub name: Name,
    /// The doc comment.
    #[serde(default)]
    pub doc: Name,
    /// The parameters, without the receiver.
    #[serde(default)]
    pub params: Many<ParamInfo>,
    /// The type of the result, in Locum's words; empty for nothing.
    #[serde(default)]
    pub returns: Name,
}

/// A parameter.
///
/// ```
/// # use locum_macros::object;
/// # use locum_protocol::Function;
/// # #[object(crate = locum_protocol)]
/// # fn repeat(n: i64, #[arg(default = 2)] times: u32) -> Vec<i64> { vec![n; times as usize] }
/// // fn repeat(n: i64, #[arg(default = 2)] times: u32)
/// let [n, times] = &*<repeat as Function>::INFO.params else { panic!() };
/// assert_eq!((&*n.name, &*n.type_name, &n.default), ("n", "int", &None));
/// assert_eq!((&*times.name, times.default.as_deref()), ("times", Some("2")));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParamInfo {
    /// Its name, by which it may be given as a keyword.
    pub name: Name,
    /// Its type, in Locum's words.
    #[serde(default, rename = "type")]
    pub type_name: Name,
    /// How its default is written; `None` when it must be given.
    #[serde(default)]
    pub default: Option<Name>,
    /// Whether it takes one argument or all that are left.
    #[serde(default)]
    pub takes: Takes,
}

/// What a parameter takes.
///
/// ```
/// # use locum_macros::object;
/// # use locum_protocol::describe::Takes;
/// # use locum_protocol::{Function, Value};
/// # #[object(crate = locum_protocol)]
/// # fn join(sep: String, #[arg(rest)] parts: Vec<String>) -> String { parts.join(&sep) }
/// // fn join(sep: String, #[arg(rest)] parts: Vec<String>)
/// let takes: Vec<Takes> = <join as Function>::INFO.params.iter().map(|it| it.takes).collect();
/// assert_eq!(takes, [Takes::One, Takes::Rest]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Takes {
    /// One argument.
    #[default]
    One,
    /// All positional arguments that are left.
    Rest,
    /// All keyword arguments that are left.
    Keywords,
}

/// An attribute of an object, or a constant of a module.
///
/// ```
/// # use locum_protocol::Array;
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let image = plugin.transfer(&Array::new([2, 3], vec![0_u8; 6])?)?;
/// let class = image.describe()?;
/// assert!(class.attributes.iter().any(|it| it.name == "shape" && !it.settable));
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AttributeInfo {
    /// Its name.
    pub name: Name,
    /// The doc comment.
    #[serde(default)]
    pub doc: Name,
    /// Its type, in Locum's words.
    #[serde(default, rename = "type")]
    pub type_name: Name,
    /// Whether it can be set.
    #[serde(default)]
    pub settable: bool,
}

impl ClassInfo {
    /// The names that an object of the class answers to, special ones too.
    pub fn attribute_names(&self) -> impl Iterator<Item = &str> {
        let methods = self.methods.iter().map(|method| &*method.name);
        methods.chain(self.attributes.iter().map(|attribute| &*attribute.name))
    }
}
