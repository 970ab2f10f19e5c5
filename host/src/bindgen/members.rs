//! The methods of the traits: of a class, and of a module.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::docs;
use super::layout::{Function, Trait};
use super::names::{Members, ident, is_identifier, no_identifier, parameter, snake};
use super::special;
use super::words::{Types, Words};
use crate::describe::{AttributeInfo, ClassInfo, FunctionInfo, ModuleInfo, ParamInfo, Takes};

/// The trait of a class: its attributes, its methods, its special methods.
pub(super) fn class(types: &Types<'_>, module: &str, class: &ClassInfo, name: &str) -> Trait {
    let mut writer = Writer::new(types, module, &class.name);
    for attribute in class.attributes.iter() {
        writer.attribute(attribute);
    }
    let (special, ordinary): (Vec<_>, Vec<_>) = class
        .methods
        .iter()
        .partition(|method| special::is_special(&method.name));
    for method in ordinary {
        writer.function(method, &snake(&method.name), &method.name, None);
    }
    for method in special {
        if let Some(name) = special::rust_name(&method.name) {
            writer.function(method, name, &method.name, None);
        }
    }
    let doc = format!("Objects of the class `{}`.", class.name);
    writer.finish(&class.doc, doc, String::new(), name)
}

/// The trait of a module: what constructs its classes, the functions of those, its functions, its constants.
pub(super) fn module(types: &Types<'_>, module: &ModuleInfo, name: &str) -> Trait {
    let mut writer = Writer::new(types, &module.name, &module.name);
    let mut seen = BTreeSet::new();
    for class in module.classes.iter().filter(|it| seen.insert(&*it.name)) {
        let Some(class_name) = types.trait_of(&module.name, &class.name) else {
            continue;
        };
        if let Some(constructor) = &class.constructor {
            let constructor = FunctionInfo {
                name: class.name.clone(),
                ..constructor.clone().into_owned()
            };
            let returns = types.constructed(class_name);
            writer.function(
                &constructor,
                &snake(&class.name),
                &class.name,
                Some(returns),
            );
        }
        for function in class
            .associated
            .iter()
            .filter(|it| !special::is_special(&it.name))
        {
            let path = format!("{}.{}", class.name, function.name);
            let rust_name = format!("{}_{}", snake(&class.name), snake(&function.name));
            let function = FunctionInfo {
                name: Cow::Owned(path.clone()),
                ..function.clone()
            };
            writer.function(&function, &rust_name, &path, None);
        }
    }
    for function in module.functions.iter() {
        writer.function(function, &snake(&function.name), &function.name, None);
    }
    for constant in module.constants.iter() {
        writer.attribute(&AttributeInfo {
            settable: false,
            ..constant.clone()
        });
    }
    let doc = format!("The module `{}`.", module.name);
    let arguments = format!("module = \"{}\"", module.name);
    writer.finish(&module.doc, doc, arguments, name)
}

/// Writes the methods of one trait.
struct Writer<'t, 'n> {
    types: &'t Types<'n>,
    module: &'t str,
    /// Whose members they are.
    owner: &'t str,
    members: Members,
    /// The plugin's names that have been written.
    written: BTreeSet<String>,
    functions: Vec<Function>,
    comments: Vec<String>,
}

impl<'t, 'n> Writer<'t, 'n> {
    fn new(types: &'t Types<'n>, module: &'t str, owner: &'t str) -> Self {
        Writer {
            types,
            module,
            owner,
            members: Members::default(),
            written: BTreeSet::new(),
            functions: Vec::new(),
            comments: Vec::new(),
        }
    }

    fn finish(self, doc: &str, without_doc: String, arguments: String, name: &str) -> Trait {
        let mut docs = docs::lines(doc);
        if docs.is_empty() {
            docs.push(without_doc);
        }
        Trait {
            docs,
            arguments,
            name: name.to_owned(),
            functions: self.functions,
            comments: self.comments,
        }
    }

    fn leave_out(&mut self, name: &str, why: Option<String>) {
        let name = format!("{}.{name}", self.owner);
        self.comments.push(match why {
            None => no_identifier(&name),
            Some(why) => format!("`{}` is left out: {why}.", docs::short(&name)),
        });
    }

    fn attribute(&mut self, attribute: &AttributeInfo) {
        let name = &*attribute.name;
        if !is_identifier(name) || !self.written.insert(name.to_owned()) {
            return self.leave_out(name, None);
        }
        let words = match self.types.read(self.module, &attribute.type_name) {
            Words::Nothing => Words::Any,
            words => words,
        };
        let mut docs = docs::lines(&attribute.doc);
        if docs.is_empty() {
            docs.push(in_code(&format!(
                "{name}: {}",
                type_word(&attribute.type_name)
            )));
        }
        let rust_name = self.members.take(&snake(name));
        self.functions.push(Function {
            docs,
            attribute: Some(match rust_name == name {
                true => "#[getter]".to_owned(),
                false => format!("#[getter(\"{name}\")]"),
            }),
            name: ident(&rust_name),
            params: Vec::new(),
            returns: self.types.returned(self.module, &words),
        });
        if attribute.settable {
            let rust_name = self.members.take(&format!("set_{}", snake(name)));
            self.functions.push(Function {
                docs: vec![format!("Sets `{name}`.")],
                attribute: Some(match rust_name.strip_prefix("set_") == Some(name) {
                    true => "#[setter]".to_owned(),
                    false => format!("#[setter(\"{name}\")]"),
                }),
                name: ident(&rust_name),
                params: vec![format!("value: {}", self.types.taken(self.module, &words))],
                returns: self.types.returned(self.module, &Words::Nothing),
            });
        }
    }

    /// A method that calls `path`; `returns` where the words do not say it.
    fn function(
        &mut self,
        function: &FunctionInfo,
        rust_name: &str,
        path: &str,
        returns: Option<String>,
    ) {
        // A function that says to be called `a.b` has a path of identifiers, and no name in Rust.
        let is_named = is_identifier(rust_name) && path.split('.').all(is_identifier);
        if !is_named || !self.written.insert(path.to_owned()) {
            return self.leave_out(path, None);
        }
        let params = match self.params(&function.params) {
            Ok(params) => params,
            Err(why) => return self.leave_out(path, Some(why)),
        };
        let mut docs = docs::lines(&function.doc);
        // What the types can not say.
        let has_default = |it: &ParamInfo| {
            it.default
                .as_deref()
                .is_some_and(|default| default != "null")
        };
        if docs.is_empty() || function.params.iter().any(has_default) {
            if !docs.is_empty() {
                docs.push(String::new());
            }
            docs.push(in_code(&signature(function)));
        }
        let rust_name = self.members.take(rust_name);
        let returns = returns.unwrap_or_else(|| {
            self.types.returned(
                self.module,
                &self.types.read(self.module, &function.returns),
            )
        });
        self.functions.push(Function {
            docs,
            attribute: (rust_name != path).then(|| format!("#[name(\"{path}\")]")),
            name: ident(&rust_name),
            params,
            returns,
        });
    }

    /// The parameters, or why there can be none.
    fn params(&self, infos: &[ParamInfo]) -> Result<Vec<String>, String> {
        let mut names = BTreeSet::new();
        let mut params = Vec::new();
        let mut rest = false;
        for (at, info) in infos.iter().enumerate() {
            let name = &*info.name;
            if !is_identifier(name) {
                return Err(format!(
                    "the name of its argument {} is no identifier",
                    at + 1
                ));
            }
            let rust_name = parameter(&mut names, &snake(name));
            let words = self.types.read(self.module, &info.type_name);
            let (flag, ty) = match info.takes {
                Takes::One if info.default.is_some() => (
                    Some("default"),
                    self.types.taken_or_not(self.module, &words),
                ),
                Takes::One => (None, self.types.taken(self.module, &words)),
                Takes::Rest if rest => return Err("two of its arguments take the rest".to_owned()),
                Takes::Rest => {
                    rest = true;
                    (Some("rest"), self.types.taken_as_rest(self.module, &words))
                }
                Takes::Keywords if at + 1 < infos.len() => {
                    return Err("an argument follows the one that takes the keywords".to_owned());
                }
                Takes::Keywords => (
                    Some("keywords"),
                    self.types.taken_as_keywords(self.module, &words),
                ),
            };
            let renamed = (rust_name != name && info.takes == Takes::One)
                .then(|| format!("name = \"{name}\""));
            let arguments: Vec<String> =
                flag.map(str::to_owned).into_iter().chain(renamed).collect();
            let attribute = match arguments.is_empty() {
                true => String::new(),
                false => format!("#[arg({})] ", arguments.join(", ")),
            };
            params.push(format!("{attribute}{}: {ty}", ident(&rust_name)));
        }
        Ok(params)
    }
}

/// `add(by: int = 1) -> int`.
fn signature(function: &FunctionInfo) -> String {
    let params = function.params.iter().map(|param| {
        let stars = match param.takes {
            Takes::One => "",
            Takes::Rest => "*",
            Takes::Keywords => "**",
        };
        let default = param
            .default
            .as_ref()
            .map(|default| format!(" = {default}"));
        let type_name = type_word(&param.type_name);
        format!(
            "{stars}{}: {type_name}{}",
            param.name,
            default.unwrap_or_default()
        )
    });
    let returns = match &*function.returns {
        "" => String::new(),
        returns => format!(" -> {returns}"),
    };
    format!(
        "{}({}){returns}",
        function.name,
        params.collect::<Vec<_>>().join(", ")
    )
}

fn type_word(type_name: &str) -> &str {
    if type_name.is_empty() {
        "any"
    } else {
        type_name
    }
}

/// One line of code in a doc comment.
fn in_code(text: &str) -> String {
    format!("`{}`", docs::line(text).replace('`', "'"))
}
