//! Typed views of a plugin's objects, written from what the plugin tells about itself.
//!
//! For each class a trait with [`#[proxy]`](macro@crate::proxy), for each module one with its constructors (a function of
//! the class's name), functions and constants. `locum bindgen` is the command for it; a build script can call it too.
//!
//! ```
//! # std::env::set_current_dir(env!("OUT_DIR"))?;
//! use locum::{Host, bindgen::Bindgen};
//!
//! let plugin = Host::new()?.load("counters.wasm")?;
//! let bindings = Bindgen::new(&plugin.describe()?).from_file("counters.wasm").write()?;
//! assert!(bindings.source.contains("trait Counter {"));
//! assert!(bindings.left_out.is_empty());
//! # Ok::<(), locum::Error>(())
//! ```
//!
//! Names become what they would be in Rust, with `#[name(..)]` where that differs: `addItem` is `add_item`, the class `list`
//! is `List`, `__getitem__` is `get_item`, `__add__` is `add` and `__iadd__` is `add_assign`. Left out are special methods
//! that a view does by itself (`__str__`, `__getattr__` and their like) and those that only serve expressions (`__radd__`).
//! A parameter that has a default is an `Option`. A class that the plugin does not describe is a `Proxy`, and inside of
//! other data a `Value`.
//!
//! What a plugin tells is not trusted: a name that is no identifier is left out and told in
//! [`Bindings::left_out`], and a doc comment stays one, without code for rustdoc to run.

mod docs;
mod layout;
mod members;
mod names;
mod special;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use crate::describe::{ModuleInfo, PluginInfo};
use crate::{Error, Result};

use layout::Trait;
use names::Names;
use words::Types;

/// What to write: `Bindgen::new(&plugin.describe()?).write()?`.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::{Host, bindgen::Bindgen};
/// let told = Host::new()?.load("samples.wasm")?.describe()?;
/// let bindings = Bindgen::new(&told).modules(["samples.files"]).guest(true).write()?;
/// assert!(bindings.source.contains("use locum_guest::"));
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Bindgen<'a> {
    plugin: &'a PluginInfo,
    file: String,
    modules: Vec<String>,
    guest: bool,
}

/// What was written.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::{Host, bindgen::{Bindgen, Bindings}};
/// let told = Host::new()?.load("counters.wasm")?.describe()?;
/// let Bindings { source, left_out, .. } = Bindgen::new(&told).write()?;
/// for sentence in left_out {
///     eprintln!("{sentence}");
/// }
/// assert!(source.starts_with("// Views of the objects of `counters"));
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bindings {
    /// The Rust source of a module, laid out as rustfmt would.
    pub source: String,
    /// What could not be written and why, one sentence each. The source says so too.
    pub left_out: Vec<String>,
}

impl<'a> Bindgen<'a> {
    /// Bindings of all that the plugin offers, for a host.
    pub fn new(plugin: &'a PluginInfo) -> Bindgen<'a> {
        Bindgen {
            plugin,
            file: format!("{}.wasm", plugin.name),
            modules: Vec::new(),
            guest: false,
        }
    }

    /// What the plugin's file is called in the comment at the top; without it, the plugin's name and `.wasm`.
    #[must_use]
    pub fn from_file(mut self, name: impl Into<String>) -> Self {
        self.file = name.into();
        self
    }

    /// These modules only, by their dotted names; all of them when there are none.
    #[must_use]
    pub fn modules<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.modules = names.into_iter().map(Into::into).collect();
        self
    }

    /// For another plugin, over `locum_guest`, rather than for a host.
    #[must_use]
    pub fn guest(mut self, guest: bool) -> Self {
        self.guest = guest;
        self
    }

    /// Writes the bindings.
    ///
    /// # Errors
    /// [`NoSuchModule`](crate::Kind::NoSuchModule) when one of the modules is not there, and
    /// [`ValueError`](crate::Kind::ValueError) when the plugin offers nothing.
    pub fn write(&self) -> Result<Bindings> {
        let modules = self.chosen()?;
        let krate = if self.guest { "locum_guest" } else { "locum" };
        let mut left_out = Vec::new();
        // All names first: a class may be named before it is described.
        let names = Names::of(&modules, &mut left_out);
        let types = Types::new(krate, &names);
        let (mut traits, mut written) = (Vec::new(), BTreeSet::new());
        for module in &modules {
            let name = names.module(&module.name);
            let classes = module.classes.iter().filter_map(|class| {
                let name = names.class(&module.name, &class.name)?;
                Some(members::class(&types, &module.name, class, name))
            });
            let all = name.map(|name| members::module(&types, module, name));
            for item in all.into_iter().chain(classes) {
                // That a name is there twice has been told.
                if written.insert(item.name.clone()) {
                    traits.push(item);
                }
            }
        }
        let source = self.source(&types, &traits, &left_out);
        left_out.extend(traits.iter().flat_map(Trait::comments).cloned());
        Ok(Bindings { source, left_out })
    }

    fn chosen(&self) -> Result<Vec<&'a ModuleInfo>> {
        let plugin: &'a PluginInfo = self.plugin;
        let names = || plugin.modules.iter().map(|module| &*module.name);
        let mut chosen = BTreeSet::new();
        for name in &self.modules {
            if !names().any(|known| known == name) {
                return Err(locum_protocol::no_module(name, names()));
            }
            chosen.insert(name.as_str());
        }
        let modules: Vec<&ModuleInfo> = plugin
            .modules
            .iter()
            .filter(|module| chosen.is_empty() || chosen.contains(&*module.name))
            .collect();
        if modules.is_empty() {
            return Err(Error::value(format!(
                "`{}` describes no modules, so there is nothing to write; write the traits by hand, with `#[proxy]`",
                docs::line(&plugin.name)
            )));
        }
        Ok(modules)
    }

    fn source(&self, types: &Types<'_>, traits: &[Trait], left_out: &[String]) -> String {
        let mut source = self.header() + &layout::uses(&types.used());
        // What has no trait to be told in.
        for sentence in left_out {
            source.push_str(&format!("\n// {sentence}\n"));
        }
        for item in traits {
            source.push('\n');
            source.push_str(&item.write());
        }
        source
    }

    fn header(&self) -> String {
        let mut command = format!("locum bindgen {}", self.file);
        for module in &self.modules {
            command.push_str(&format!(" {module}"));
        }
        if self.guest {
            command.push_str(" --guest");
        }
        format!(
            "// Views of the objects of `{} {}`, from what it tells about itself.\n\
             // Written by `{}`; write it again rather than change it.\n\n",
            docs::line(&self.plugin.name),
            docs::line(&self.plugin.version),
            docs::line(&command),
        )
    }
}
