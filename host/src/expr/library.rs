//! The names that a plugin brings: its modules, and what is in them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use locum_protocol::describe::{ModuleInfo, PluginInfo};
use locum_protocol::{Error, Kind, Peer, Proxy, Result, Value, no_module};

use super::frame::lock;

/// Where an [`Interpreter`](super::Interpreter) gets modules from: a plugin, in most cases.
///
/// ```
/// # use locum::expr::{Interpreter, Modules};
/// # use locum::{Module, Proxy, Result};
/// # use std::sync::Arc;
/// /// One module, which is of this program.
/// struct Own;
///
/// impl Modules for Own {
///     fn import(&self, _: &str) -> Result<Proxy> {
///         let module = Module::new("maths").constant("pi", &3.14)?;
///         Ok(Proxy::local(Arc::new(module)))
///     }
///     fn contents(&self) -> Result<Vec<(String, Vec<String>)>> {
///         Ok(vec![("maths".into(), vec!["pi".into()])])
///     }
/// }
///
/// let mut interpreter = Interpreter::new(Own, |_: &str| {});
/// assert_eq!(interpreter.eval("2 * maths.pi").unwrap(), Some(6.28.into()));
/// # Ok::<(), locum::Error>(())
/// ```
pub trait Modules: Send + Sync {
    /// The module of that (dotted) name.
    fn import(&self, name: &str) -> Result<Proxy>;

    /// The name of every module, with the names of what is in it: the latter can be used without their module when no
    /// other module has them too. Asked for once, and again after
    /// [`forget_modules`](super::Interpreter::forget_modules).
    fn contents(&self) -> Result<Vec<(String, Vec<String>)>>;
}

impl Modules for Peer {
    fn import(&self, name: &str) -> Result<Proxy> {
        Peer::import(self, name)
    }

    fn contents(&self) -> Result<Vec<(String, Vec<String>)>> {
        self.describe().map(|info| contents(&info))
    }
}

/// The [`contents`](Modules::contents) of a plugin, from what it tells about itself.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::Host;
/// # use locum::expr::contents;
/// let told = Host::new()?.load("counters.wasm")?.describe()?;
/// assert_eq!(contents(&told), [("counters".to_owned(), vec!["Counter".to_owned()])]);
/// # Ok::<(), locum::Error>(())
/// ```
pub fn contents(info: &PluginInfo) -> Vec<(String, Vec<String>)> {
    let members = |module: &ModuleInfo| {
        let classes = module.classes.iter().map(|class| &class.name);
        let functions = module.functions.iter().map(|function| &function.name);
        let constants = module.constants.iter().map(|constant| &constant.name);
        classes
            .chain(functions)
            .chain(constants)
            .map(|name| name.to_string())
            .collect()
    };
    info.modules
        .iter()
        .map(|module| (module.name.to_string(), members(module)))
        .collect()
}

impl<M: Modules + ?Sized> Modules for Arc<M> {
    fn import(&self, name: &str) -> Result<Proxy> {
        (**self).import(name)
    }

    fn contents(&self) -> Result<Vec<(String, Vec<String>)>> {
        (**self).contents()
    }
}

/// What is in a plugin, by name.
#[derive(Default)]
struct Index {
    modules: Vec<String>,
    /// Each member and the modules that have it.
    members: BTreeMap<String, Vec<String>>,
}

/// The modules of a plugin, as far as they were asked for. No lock is held while one is asked for.
pub(super) struct Library {
    modules: Box<dyn Modules>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    imported: HashMap<String, Proxy>,
    index: Option<Arc<Index>>,
}

impl Library {
    pub(super) fn new(modules: Box<dyn Modules>) -> Library {
        Library {
            modules,
            known: Mutex::default(),
        }
    }

    /// Forgets what was asked for.
    pub(super) fn forget(&self) {
        let known = std::mem::take(&mut *lock(&self.known));
        // Letting go of a module may be a crossing.
        drop(known);
    }

    /// The module of that name, imported once.
    pub(super) fn import(&self, name: &str) -> Result<Proxy> {
        if let Some(module) = self.imported(name) {
            return Ok(module);
        }
        // A peer may know a module that it does not list; but what lies above listed ones is known not to be one.
        if self.is_package(name)? && !self.is_module(name)? {
            let index = self.index()?;
            let modules = index.modules.iter().filter(|module| is_below(module, name));
            let below: Vec<String> = modules.map(|module| format!("`{module}`")).collect();
            let message = format!("`{name}` is no module; there are {}", below.join(", "));
            return Err(Error::new(Kind::NoSuchModule, message));
        }
        let module = self.modules.import(name)?;
        let before = lock(&self.known)
            .imported
            .insert(name.to_owned(), module.clone());
        drop(before);
        Ok(module)
    }

    fn imported(&self, name: &str) -> Option<Proxy> {
        lock(&self.known).imported.get(name).cloned()
    }

    /// What `from module import name` gives: the module of that dotted name, or a member of the module.
    pub(super) fn import_from(&self, module: &str, name: &str) -> Result<Value> {
        let dotted = format!("{module}.{name}");
        if self.is_module(&dotted)? {
            return self.import(&dotted).map(Value::Object);
        }
        self.import(module)?.get(name)
    }

    /// Whether there is a module of that name.
    pub(super) fn is_module(&self, name: &str) -> Result<bool> {
        Ok(self.imported(name).is_some()
            || self.index()?.modules.iter().any(|module| module == name))
    }

    /// Whether there are modules below that name.
    pub(super) fn is_package(&self, name: &str) -> Result<bool> {
        Ok(self
            .index()?
            .modules
            .iter()
            .any(|module| is_below(module, name)))
    }

    /// The one module that has a member of that name, if any has it.
    pub(super) fn home(&self, member: &str) -> Result<Option<String>> {
        match self.index()?.members.get(member).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([module]) => Ok(Some(module.clone())),
            Some(modules) => {
                let choices: Vec<String> = modules
                    .iter()
                    .map(|module| format!("`{module}.{member}`"))
                    .collect();
                let message = format!(
                    "`{member}` is in several modules; write {}",
                    choices.join(" or ")
                );
                Err(Error::raise("NameError", message))
            }
        }
    }

    /// Every name that stands for something without an import: the first parts of modules, and unambiguous members.
    pub(super) fn known(&self) -> Result<Vec<String>> {
        let first = |name: &String| name.split('.').next().unwrap_or_default().to_owned();
        let index = self.index()?;
        let mut known: Vec<String> = index.modules.iter().map(first).collect();
        let members = index.members.iter().filter(|(_, homes)| homes.len() == 1);
        known.extend(members.map(|(member, _)| member.clone()));
        Ok(known)
    }

    /// The error for a dotted name that is no module.
    #[cold]
    pub(super) fn missing(&self, name: &str) -> Error {
        match self.index() {
            Ok(index) => no_module(name, index.modules.iter().map(String::as_str)),
            Err(error) => error,
        }
    }

    fn index(&self) -> Result<Arc<Index>> {
        if let Some(index) = &lock(&self.known).index {
            return Ok(index.clone());
        }
        let mut index = Index::default();
        for (module, members) in self.modules.contents()? {
            for member in members {
                index
                    .members
                    .entry(member)
                    .or_default()
                    .push(module.clone());
            }
            index.modules.push(module);
        }
        let index = Arc::new(index);
        lock(&self.known).index = Some(index.clone());
        Ok(index)
    }
}

/// Whether a module's name lies below that of a package.
fn is_below(module: &str, package: &str) -> bool {
    module
        .strip_prefix(package)
        .is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use locum_protocol::callback;

    use super::*;

    struct Shapes;

    impl Modules for Shapes {
        fn import(&self, _: &str) -> Result<Proxy> {
            Ok(callback(|| 0i64))
        }
        fn contents(&self) -> Result<Vec<(String, Vec<String>)>> {
            let contents: [(&str, &[&str]); 3] = [
                ("shapes.round", &["Circle", "area"]),
                ("shapes.flat", &["area"]),
                ("counters", &[]),
            ];
            let owned = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
            Ok(contents
                .map(|(module, members)| (module.to_owned(), owned(members)))
                .to_vec())
        }
    }

    #[test]
    fn what_lies_above_modules_is_a_package_and_no_module() {
        let library = Library::new(Box::new(Shapes));
        assert!(library.is_package("shapes").unwrap() && !library.is_module("shapes").unwrap());
        assert!(!library.is_package("shape").unwrap() && !library.is_package("counters").unwrap());
        let error = library.import("shapes").unwrap_err();
        assert_eq!(error.kind(), Kind::NoSuchModule);
        assert_eq!(
            error.message(),
            "`shapes` is no module; there are `shapes.round`, `shapes.flat`"
        );
        assert!(
            library
                .missing("shapes.rond")
                .message()
                .contains("did you mean `shapes.round`")
        );
    }

    #[test]
    fn a_member_is_known_when_one_module_has_it() {
        let library = Library::new(Box::new(Shapes));
        assert_eq!(
            library.home("Circle").unwrap().as_deref(),
            Some("shapes.round")
        );
        assert_eq!(library.home("Square").unwrap(), None);
        let error = library.home("area").unwrap_err();
        assert_eq!(
            error.message(),
            "`area` is in several modules; write `shapes.round.area` or `shapes.flat.area`"
        );
        assert!(!library.known().unwrap().contains(&"area".to_owned()));
    }

    #[test]
    fn a_module_is_imported_once() {
        let library = Library::new(Box::new(Shapes));
        let first = library.import("counters").unwrap();
        assert!(library.import("counters").unwrap().same_object(&first));
        library.forget();
        assert!(!library.import("counters").unwrap().same_object(&first));
    }
}
