//! The modules of a crate, read from its source.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use syn::{Attribute, Expr, Lit, Meta};

/// One module: its items, its own doc comment, and where it lies.
pub(crate) struct Module {
    pub(crate) file: PathBuf,
    pub(crate) items: Vec<syn::Item>,
    pub(crate) docs: String,
}

/// The modules of a crate by their paths from its root, tests left out.
pub(crate) type Modules = BTreeMap<Vec<String>, Module>;

/// Where the text of a module's file is had from.
pub(crate) type Read<'a> = &'a dyn Fn(&Path) -> Result<String, String>;

/// Reads the module of a file, and those below it.
pub(crate) fn read(file: &Path, read: Read<'_>) -> Result<Modules, String> {
    let mut modules = Modules::new();
    add(
        &mut modules,
        Vec::new(),
        file,
        file.parent().unwrap_or(file),
        read,
    )?;
    Ok(modules)
}

fn add(
    modules: &mut Modules,
    path: Vec<String>,
    file: &Path,
    below: &Path,
    read: Read<'_>,
) -> Result<(), String> {
    let parsed = syn::parse_file(&read(file)?).map_err(|error| format!("{file:?}: {error}"))?;
    let docs = docs(&parsed.attrs, file, read)?;
    nested(modules, path, file, below, (parsed.items, docs), read)
}

fn nested(
    modules: &mut Modules,
    path: Vec<String>,
    file: &Path,
    below: &Path,
    (items, docs): (Vec<syn::Item>, String),
    read: Read<'_>,
) -> Result<(), String> {
    for item in &items {
        let syn::Item::Mod(module) = item else {
            continue;
        };
        if is_for_tests(&module.attrs) {
            continue;
        }
        let name = module.ident.to_string();
        let mut deeper = path.clone();
        deeper.push(name.clone());
        let own = self::docs(&module.attrs, file, read)?;
        match &module.content {
            Some((_, items)) => {
                let below = below.join(&name);
                nested(modules, deeper, file, &below, (items.clone(), own), read)?;
            }
            None => {
                let flat = below.join(format!("{name}.rs"));
                let folder = below.join(&name).join("mod.rs");
                let file = if folder.exists() { folder } else { flat };
                add(modules, deeper.clone(), &file, &below.join(&name), read)?;
                if let Some(module) = modules.get_mut(&deeper) {
                    module.docs.insert_str(0, &own);
                }
            }
        }
    }
    let module = Module {
        file: file.to_owned(),
        items,
        docs,
    };
    modules.insert(path, module);
    Ok(())
}

/// The text of a doc comment, what it includes among it.
pub(crate) fn docs(
    attributes: &[Attribute],
    file: &Path,
    read: Read<'_>,
) -> Result<String, String> {
    let mut text = String::new();
    for attribute in attributes {
        let Meta::NameValue(doc) = &attribute.meta else {
            continue;
        };
        if !doc.path.is_ident("doc") {
            continue;
        }
        match &doc.value {
            Expr::Lit(literal) => {
                if let Lit::Str(line) = &literal.lit {
                    let line = line.value();
                    text.push_str(line.strip_prefix(' ').unwrap_or(&line));
                }
            }
            Expr::Macro(include) if include.mac.path.is_ident("include_str") => {
                let name: syn::LitStr = include
                    .mac
                    .parse_body()
                    .map_err(|error| format!("{file:?}: {error}"))?;
                let page = file.parent().unwrap_or(file).join(name.value());
                text.push_str(&read(&page)?);
            }
            _ => {}
        }
        text.push('\n');
    }
    Ok(text)
}

/// Whether an item is there for tests only.
pub(crate) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    })
}

/// Whether its author keeps an item out of the documentation.
pub(crate) fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("doc") && list.tokens.to_string().contains("hidden"),
        _ => false,
    })
}
