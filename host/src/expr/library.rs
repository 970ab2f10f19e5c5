//! The names that a plugin brings: its modules, and what is in them.

use std::collections::{BTreeMap, HashMap};

use locum_protocol::{Error, Peer, Proxy, Result, Value, no_module};

/// Where an [`Interpreter`](super::Interpreter) gets modules from: a plugin, in most cases.
pub trait Modules {
    /// The module of that (dotted) name.
    fn import(&self, name: &str) -> Result<Proxy>;

    /// The names of all modules.
    fn names(&self) -> Result<Vec<String>>;

    /// What is in the modules, as pairs of a module's name and a member's, so that a member can be used without its
    /// module when no other one has it too. Nothing, unless this is implemented.
    fn members(&self) -> Result<Vec<(String, String)>> {
        Ok(Vec::new())
    }
}

impl Modules for Peer {
    fn import(&self, name: &str) -> Result<Proxy> {
        Peer::import(self, name)
    }

    fn names(&self) -> Result<Vec<String>> {
        Ok(self.describe()?.modules.iter().map(|module| module.name.to_string()).collect())
    }

    fn members(&self) -> Result<Vec<(String, String)>> {
        let mut members = Vec::new();
        for module in self.describe()?.modules.iter() {
            let classes = module.classes.iter().map(|class| &class.name);
            let functions = module.functions.iter().map(|function| &function.name);
            let constants = module.constants.iter().map(|constant| &constant.name);
            let names = classes.chain(functions).chain(constants);
            members.extend(names.map(|name| (module.name.to_string(), name.to_string())));
        }
        Ok(members)
    }
}

/// The modules of a plugin, as far as they were asked for.
pub(super) struct Library<'m> {
    modules: &'m dyn Modules,
    imported: HashMap<String, Proxy>,
    names: Option<Vec<String>>,
    /// Each member and the modules that have it.
    members: Option<BTreeMap<String, Vec<String>>>,
}

impl<'m> Library<'m> {
    pub(super) fn new(modules: &'m dyn Modules) -> Library<'m> {
        Library { modules, imported: HashMap::new(), names: None, members: None }
    }

    /// The module of that name, imported once.
    pub(super) fn import(&mut self, name: &str) -> Result<Proxy> {
        if let Some(module) = self.imported.get(name) {
            return Ok(module.clone());
        }
        // A peer may know a module that it does not list; but what lies above listed ones is known not to be one.
        if self.is_package(name)? && !self.is_module(name)? {
            let below = self.names()?.iter().filter(|module| is_below(module, name)).map(|module| format!("`{module}`"));
            let below = below.collect::<Vec<_>>().join(", ");
            return Err(no_module(name, [].into_iter()).map_message(|_| format!("`{name}` is no module; there are {below}")));
        }
        let module = self.modules.import(name)?;
        self.imported.insert(name.to_owned(), module.clone());
        Ok(module)
    }

    /// What `from module import name` gives: the module of that dotted name, or a member of the module.
    pub(super) fn import_from(&mut self, module: &str, name: &str) -> Result<Value> {
        let dotted = format!("{module}.{name}");
        if self.is_module(&dotted)? {
            return self.import(&dotted).map(Value::Object);
        }
        self.import(module)?.get(name)
    }

    /// Whether there is a module of that name.
    pub(super) fn is_module(&mut self, name: &str) -> Result<bool> {
        Ok(self.imported.contains_key(name) || self.names()?.iter().any(|module| module == name))
    }

    /// Whether there are modules below that name.
    pub(super) fn is_package(&mut self, name: &str) -> Result<bool> {
        Ok(self.names()?.iter().any(|module| is_below(module, name)))
    }

    /// The one module that has a member of that name, if any has it.
    pub(super) fn home(&mut self, member: &str) -> Result<Option<String>> {
        match self.members()?.get(member).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([module]) => Ok(Some(module.clone())),
            Some(modules) => {
                let choices: Vec<String> = modules.iter().map(|module| format!("`{module}.{member}`")).collect();
                let message = format!("`{member}` is in several modules; write {}", choices.join(" or "));
                Err(Error::raise("NameError", message))
            }
        }
    }

    /// Every name that stands for something without an import: the first parts of modules, and unambiguous members.
    pub(super) fn known(&mut self) -> Result<Vec<String>> {
        let first = |name: &String| name.split('.').next().unwrap_or_default().to_owned();
        let mut known: Vec<String> = self.names()?.iter().map(first).collect();
        let members = self.members()?.iter().filter(|(_, homes)| homes.len() == 1);
        known.extend(members.map(|(member, _)| member.clone()));
        Ok(known)
    }

    /// The error for a dotted name that is no module.
    #[cold]
    pub(super) fn missing(&mut self, name: &str) -> Error {
        match self.names() {
            Ok(names) => no_module(name, names.iter().map(String::as_str)),
            Err(error) => error,
        }
    }

    fn names(&mut self) -> Result<&[String]> {
        if self.names.is_none() {
            self.names = Some(self.modules.names()?);
        }
        Ok(self.names.as_deref().unwrap_or_default())
    }

    fn members(&mut self) -> Result<&BTreeMap<String, Vec<String>>> {
        if self.members.is_none() {
            let mut members: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (module, member) in self.modules.members()? {
                members.entry(member).or_default().push(module);
            }
            self.members = Some(members);
        }
        Ok(self.members.get_or_insert_default())
    }
}

/// Whether a module's name lies below that of a package.
fn is_below(module: &str, package: &str) -> bool {
    module.strip_prefix(package).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use locum_protocol::{Kind, callback};

    use super::*;

    struct Shapes;

    impl Modules for Shapes {
        fn import(&self, _: &str) -> Result<Proxy> {
            Ok(callback(|| 0i64))
        }
        fn names(&self) -> Result<Vec<String>> {
            Ok(["shapes.round", "shapes.flat", "counters"].map(str::to_owned).to_vec())
        }
        fn members(&self) -> Result<Vec<(String, String)>> {
            let members = [("shapes.round", "Circle"), ("shapes.round", "area"), ("shapes.flat", "area")];
            Ok(members.map(|(module, member)| (module.to_owned(), member.to_owned())).to_vec())
        }
    }

    #[test]
    fn what_lies_above_modules_is_a_package_and_no_module() {
        let mut library = Library::new(&Shapes);
        assert!(library.is_package("shapes").unwrap() && !library.is_module("shapes").unwrap());
        assert!(!library.is_package("shape").unwrap() && !library.is_package("counters").unwrap());
        let error = library.import("shapes").unwrap_err();
        assert_eq!(error.kind(), Kind::NoSuchModule);
        assert_eq!(error.message(), "`shapes` is no module; there are `shapes.round`, `shapes.flat`");
        assert!(library.missing("shapes.rond").message().contains("did you mean `shapes.round`"));
    }

    #[test]
    fn a_member_is_known_when_one_module_has_it() {
        let mut library = Library::new(&Shapes);
        assert_eq!(library.home("Circle").unwrap().as_deref(), Some("shapes.round"));
        assert_eq!(library.home("Square").unwrap(), None);
        let error = library.home("area").unwrap_err();
        assert_eq!(error.message(), "`area` is in several modules; write `shapes.round.area` or `shapes.flat.area`");
        assert!(!library.known().unwrap().contains(&"area".to_owned()));
    }

    #[test]
    fn a_module_is_imported_once() {
        let mut library = Library::new(&Shapes);
        let first = library.import("counters").unwrap();
        assert!(library.import("counters").unwrap().same_object(&first));
    }
}
