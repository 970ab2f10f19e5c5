//! What plugins, modules, classes and functions tell about themselves.
//!
//! The macros write these as constants; over the wire they are plain maps. Nothing here is trusted for dispatch.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Text that is a constant where it was written and owned where it was read.
pub type Name = Cow<'static, str>;
type Many<T> = Cow<'static, [T]>;

/// A plugin as a whole.
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
