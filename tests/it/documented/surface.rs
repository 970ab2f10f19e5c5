//! What a crate offers: its public items, as far as they can be reached from its root.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use syn::{Attribute, UseTree, Visibility};

use super::examples;
use super::source::{self, Modules, is_for_tests, is_hidden};

/// A public item.
pub(crate) struct Item {
    /// `locum::Host::load`.
    pub(crate) path: String,
    pub(crate) role: Role,
    pub(crate) docs: String,
    pub(crate) file: String,
    /// Where it is written: the module, and the type for what belongs to one.
    home: Home,
}

pub(crate) enum Role {
    Module,
    /// A type, a trait, a function, a macro.
    Standing,
    Constant,
    Method {
        of: String,
    },
    /// A function of a type that has no receiver.
    Function {
        of: String,
    },
}

/// A place in the source: a module, and a name in it.
type Home = (Vec<String>, String);

impl Item {
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit("::").next().unwrap_or(&self.path)
    }
}

pub(crate) struct Crate {
    name: String,
    modules: Modules,
    texts: Vec<(PathBuf, String)>,
    /// Names that lead elsewhere: the crate's procedural macros, by name, with what their own crate says of them.
    macros: Vec<(String, String)>,
}

impl Crate {
    /// Reads the crate in a directory of the workspace.
    pub(crate) fn read(directory: &str) -> Result<Crate, String> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let name = match directory {
            "wit/protocol" => "locum_protocol",
            "guest-sdk" => "locum_guest",
            _ => "locum",
        };
        let from_disk = |file: &Path| {
            std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
        };
        let root = workspace.join(directory).join("src/lib.rs");
        let modules = source::read(&root, &from_disk)?;
        let macros = workspace.join("guest-sdk/macros/src/lib.rs");
        let parsed = source::read(&macros, &from_disk)?;
        let mut told = Vec::new();
        for item in parsed.values().flat_map(|module| &module.items) {
            if let syn::Item::Fn(item) = item
                && matches!(item.vis, Visibility::Public(_))
            {
                let docs = source::docs(&item.attrs, &macros, &from_disk)?;
                told.push((item.sig.ident.to_string(), docs));
            }
        }
        Ok(Crate {
            name: name.to_owned(),
            modules,
            texts: Vec::new(),
            macros: told,
        })
    }

    /// A crate of these modules: the root's name is empty.
    pub(crate) fn of_texts(name: &str, texts: &[(&str, &str)]) -> Result<Crate, String> {
        let file = |module: &str| match module {
            "" => PathBuf::from("lib.rs"),
            name => PathBuf::from(format!("{name}.rs")),
        };
        let texts: Vec<(PathBuf, String)> = texts
            .iter()
            .map(|(module, text)| (file(module), (*text).to_owned()))
            .collect();
        let read = |wanted: &Path| read_text(&texts, wanted);
        let modules = source::read(Path::new("lib.rs"), &read)?;
        Ok(Crate {
            name: name.to_owned(),
            modules,
            texts,
            macros: Vec::new(),
        })
    }

    /// All public items, in the order of their paths.
    pub(crate) fn items(&self) -> Vec<Item> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        self.public(&[], &self.name, &mut found, &mut seen);
        self.exported_macros(&mut found);
        let types: Vec<(Home, String)> = found
            .iter()
            .filter(|item| matches!(item.role, Role::Standing))
            .map(|item| (item.home.clone(), item.path.clone()))
            .collect();
        self.members(&types, &mut found);
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }

    /// Whether an example that runs, of the type that the item belongs to, of that type's methods, or of a module or page
    /// around it, has one of these words. `items` are all of the crate's.
    pub(crate) fn shows(&self, items: &[Item], item: &Item, words: &[String]) -> bool {
        let owner = item.path.rsplit_once("::").map_or("", |(owner, _)| owner);
        let of_type = items.iter().filter(|other| {
            other.path == owner
                || other
                    .path
                    .rsplit_once("::")
                    .is_some_and(|(its, _)| its == owner)
        });
        let of_type = of_type.map(|other| other.docs.clone());
        let around = self.modules.iter().filter(|(path, module)| {
            // A page is a module that has nothing in it.
            item.home.0.starts_with(path) || module.items.is_empty()
        });
        let around = around.map(|(_, module)| module.docs.clone());
        of_type
            .chain(around)
            .flat_map(|docs| examples::run_of(&docs))
            .any(|code| words.iter().any(|word| code.contains(word)))
    }

    fn public(
        &self,
        path: &[String],
        shown: &str,
        found: &mut Vec<Item>,
        seen: &mut BTreeSet<String>,
    ) {
        let Some(module) = self.modules.get(path) else {
            return;
        };
        for item in &module.items {
            let Some((attributes, visibility)) = head(item) else {
                continue;
            };
            if !matches!(visibility, Visibility::Public(_))
                || is_hidden(attributes)
                || is_for_tests(attributes)
            {
                continue;
            }
            match item {
                syn::Item::Use(item) => {
                    let mut leaves = Vec::new();
                    flatten(&item.tree, Vec::new(), &mut leaves);
                    for (target, name) in leaves {
                        self.reexported(path, shown, &item.attrs, &target, &name, found, seen);
                    }
                }
                item => {
                    let Some(name) = name_of(item) else { continue };
                    self.found(&(path.to_vec(), name.clone()), shown, &name, found, seen);
                }
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "a step of one walk")]
    fn reexported(
        &self,
        path: &[String],
        shown: &str,
        attributes: &[Attribute],
        target: &[String],
        name: &str,
        found: &mut Vec<Item>,
        seen: &mut BTreeSet<String>,
    ) {
        if target.first().is_some_and(|first| first == "locum_macros") {
            let own = self.docs(attributes, path);
            let of = target.last().map_or("", String::as_str);
            let there = self.macros.iter().find(|(known, _)| known == of);
            found.push(Item {
                path: format!("{shown}::{name}"),
                role: Role::Standing,
                docs: own + there.map_or("", |(_, docs)| docs),
                file: self.file(path),
                home: (path.to_vec(), name.to_owned()),
            });
            return;
        }
        if let Some(home) = self.resolve(path, target) {
            self.found(&home, shown, name, found, seen);
        }
    }

    /// An item that is public under that name.
    fn found(
        &self,
        home: &Home,
        shown: &str,
        name: &str,
        found: &mut Vec<Item>,
        seen: &mut BTreeSet<String>,
    ) {
        let path = format!("{shown}::{name}");
        let Some(module) = self.modules.get(&home.0) else {
            return;
        };
        let Some(item) = module.items.iter().find(|item| is_named(item, &home.1)) else {
            return;
        };
        let Some((attributes, _)) = head(item) else {
            return;
        };
        if is_hidden(attributes) || !seen.insert(path.clone()) {
            return;
        }
        let file = self.file(&home.0);
        if let syn::Item::Mod(_) = item {
            let mut inner = home.0.clone();
            inner.push(home.1.clone());
            found.push(Item {
                path: path.clone(),
                role: Role::Module,
                docs: self
                    .modules
                    .get(&inner)
                    .map_or(String::new(), |it| it.docs.clone()),
                file,
                home: home.clone(),
            });
            self.public(&inner, &path, found, seen);
            return;
        }
        found.push(Item {
            path,
            role: match item {
                syn::Item::Const(_) | syn::Item::Static(_) => Role::Constant,
                _ => Role::Standing,
            },
            docs: self.docs(attributes, &home.0),
            file,
            home: home.clone(),
        });
    }

    /// Macros by example, which stand at the root wherever they are written.
    fn exported_macros(&self, found: &mut Vec<Item>) {
        for (path, module) in &self.modules {
            for item in &module.items {
                let syn::Item::Macro(item) = item else {
                    continue;
                };
                let Some(name) = &item.ident else { continue };
                let exported = item
                    .attrs
                    .iter()
                    .any(|it| it.path().is_ident("macro_export"));
                if exported && !is_hidden(&item.attrs) {
                    found.push(Item {
                        path: format!("{}::{name}", self.name),
                        role: Role::Standing,
                        docs: self.docs(&item.attrs, path),
                        file: self.file(path),
                        home: (path.clone(), name.to_string()),
                    });
                }
            }
        }
    }

    /// The public functions of those types.
    fn members(&self, types: &[(Home, String)], found: &mut Vec<Item>) {
        for (path, module) in &self.modules {
            for item in &module.items {
                let syn::Item::Impl(block) = item else {
                    continue;
                };
                let syn::Type::Path(of) = &*block.self_ty else {
                    continue;
                };
                if block.trait_.is_some() || is_for_tests(&block.attrs) {
                    continue;
                }
                let segments: Vec<String> = of
                    .path
                    .segments
                    .iter()
                    .map(|it| it.ident.to_string())
                    .collect();
                let home = self.resolve(path, &segments);
                let Some((_, shown)) = types.iter().find(|(known, _)| Some(known) == home.as_ref())
                else {
                    continue;
                };
                for member in &block.items {
                    let syn::ImplItem::Fn(function) = member else {
                        continue;
                    };
                    if !matches!(function.vis, Visibility::Public(_)) || is_hidden(&function.attrs)
                    {
                        continue;
                    }
                    let of = shown.rsplit("::").next().unwrap_or(shown).to_owned();
                    found.push(Item {
                        path: format!("{shown}::{}", function.sig.ident),
                        role: match function.sig.receiver() {
                            Some(_) => Role::Method { of },
                            None => Role::Function { of },
                        },
                        docs: self.docs(&function.attrs, path),
                        file: self.file(path),
                        home: (path.clone(), of_name(&segments)),
                    });
                }
            }
        }
    }

    /// Where a name leads from a module: to what is written there, or further along a `use`.
    fn resolve(&self, from: &[String], target: &[String]) -> Option<Home> {
        let (mut at, mut rest) = (from.to_vec(), target);
        loop {
            match rest.first().map(String::as_str)? {
                "crate" => at.clear(),
                "self" => {}
                "super" => {
                    at.pop()?;
                }
                _ => break,
            }
            rest = &rest[1..];
        }
        let (name, modules) = rest.split_last()?;
        at.extend(modules.iter().cloned());
        let module = self.modules.get(&at)?;
        if module.items.iter().any(|item| is_named(item, name)) {
            return Some((at, name.clone()));
        }
        for item in &module.items {
            let syn::Item::Use(item) = item else { continue };
            let mut leaves = Vec::new();
            flatten(&item.tree, Vec::new(), &mut leaves);
            let to = leaves.into_iter().find(|(_, known)| known == name);
            if let Some((to, _)) = to.filter(|(to, _)| (&at[..], &to[..]) != (from, target)) {
                return self.resolve(&at, &to);
            }
        }
        None
    }

    fn docs(&self, attributes: &[Attribute], module: &[String]) -> String {
        let file = self
            .modules
            .get(module)
            .map_or(Path::new(""), |module| &module.file);
        let read = |wanted: &Path| match self.texts.is_empty() {
            true => std::fs::read_to_string(wanted).map_err(|error| error.to_string()),
            false => read_text(&self.texts, wanted),
        };
        source::docs(attributes, file, &read).expect("a doc comment includes a page that is there")
    }

    fn file(&self, module: &[String]) -> String {
        let file = self
            .modules
            .get(module)
            .map(|it| it.file.display().to_string());
        let file = file.unwrap_or_default();
        match file.rsplit_once("/../") {
            Some((_, short)) => short.to_owned(),
            None => self.name.clone(),
        }
    }
}

fn of_name(segments: &[String]) -> String {
    segments.last().cloned().unwrap_or_default()
}

fn read_text(texts: &[(PathBuf, String)], wanted: &Path) -> Result<String, String> {
    let found = texts.iter().find(|(file, _)| file == wanted);
    found
        .map(|(_, text)| text.clone())
        .ok_or_else(|| format!("no {wanted:?}"))
}

/// What a `use` names, each leaf with the name that it has here.
fn flatten(tree: &UseTree, mut before: Vec<String>, leaves: &mut Vec<(Vec<String>, String)>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, leaves);
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            before.push(name.clone());
            leaves.push((before, name));
        }
        UseTree::Rename(rename) => {
            before.push(rename.ident.to_string());
            leaves.push((before, rename.rename.to_string()));
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, before.clone(), leaves);
            }
        }
        // The crates have none, and clippy's wildcard lint would show one.
        UseTree::Glob(_) => {}
    }
}

fn head(item: &syn::Item) -> Option<(&[Attribute], &Visibility)> {
    Some(match item {
        syn::Item::Const(it) => (&it.attrs, &it.vis),
        syn::Item::Enum(it) => (&it.attrs, &it.vis),
        syn::Item::Fn(it) => (&it.attrs, &it.vis),
        syn::Item::Mod(it) => (&it.attrs, &it.vis),
        syn::Item::Static(it) => (&it.attrs, &it.vis),
        syn::Item::Struct(it) => (&it.attrs, &it.vis),
        syn::Item::Trait(it) => (&it.attrs, &it.vis),
        syn::Item::Type(it) => (&it.attrs, &it.vis),
        syn::Item::Use(it) => (&it.attrs, &it.vis),
        _ => return None,
    })
}

fn name_of(item: &syn::Item) -> Option<String> {
    let name = match item {
        syn::Item::Const(it) => &it.ident,
        syn::Item::Enum(it) => &it.ident,
        syn::Item::Fn(it) => &it.sig.ident,
        syn::Item::Mod(it) => &it.ident,
        syn::Item::Static(it) => &it.ident,
        syn::Item::Struct(it) => &it.ident,
        syn::Item::Trait(it) => &it.ident,
        syn::Item::Type(it) => &it.ident,
        _ => return None,
    };
    Some(name.to_string())
}

fn is_named(item: &syn::Item, name: &str) -> bool {
    name_of(item).is_some_and(|own| own == name)
}
