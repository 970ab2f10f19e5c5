//! What stands where in a plugin's documentation, whatever it is written as.

use std::collections::HashSet;

use locum::describe::{ClassInfo, FunctionInfo, ModuleInfo, PluginInfo};

use super::markup::{self, Block};
use crate::out::line;
use crate::signature;

/// The whole of it.
pub(super) struct Outline {
    /// The plugin's name and version.
    pub(super) title: String,
    pub(super) language: String,
    pub(super) modules: Vec<Section>,
}

/// A module, or a class in it.
pub(super) struct Section {
    pub(super) id: String,
    /// `module` or `class`.
    pub(super) kind: &'static str,
    pub(super) name: String,
    /// How a class is called to make an object, if it can be.
    pub(super) signature: Option<String>,
    pub(super) doc: Vec<Block>,
    pub(super) groups: Vec<Group>,
    pub(super) classes: Vec<Section>,
}

/// Members of one kind.
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) members: Vec<Member>,
}

pub(super) struct Member {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) signature: String,
    pub(super) doc: Vec<Block>,
}

impl Outline {
    pub(super) fn of(plugin: &PluginInfo) -> Outline {
        let mut ids = Ids::default();
        let modules = plugin.modules.iter();
        Outline {
            title: format!("{} {}", line(&plugin.name), line(&plugin.version)),
            language: line(&plugin.language).into_owned(),
            modules: modules.map(|module| of_module(module, &mut ids)).collect(),
        }
    }
}

fn of_module(module: &ModuleInfo, ids: &mut Ids) -> Section {
    let id = ids.next(&module.name);
    let constants = module.constants.iter();
    let constants = constants
        .map(|it| (&*it.name, signature::constant(it), &*it.doc))
        .collect();
    let functions = functions(module.functions.iter());
    let groups = [("Constants", constants), ("Functions", functions)];
    Section {
        kind: "module",
        name: line(&module.name).into_owned(),
        signature: None,
        doc: markup::read(&module.doc),
        groups: grouped(groups, &id, ids),
        classes: module
            .classes
            .iter()
            .map(|class| of_class(class, &id, ids))
            .collect(),
        id,
    }
}

fn of_class(class: &ClassInfo, module: &str, ids: &mut Ids) -> Section {
    let id = ids.next(&format!("{module}.{}", class.name));
    let mut doc = markup::read(&class.doc);
    if let Some(constructor) = class.constructor.as_ref().filter(|it| it.doc != class.doc) {
        doc.extend(markup::read(&constructor.doc));
    }
    let attributes = class.attributes.iter();
    let attributes = attributes
        .map(|it| (&*it.name, signature::attribute(it), &*it.doc))
        .collect();
    let (special, ordinary): (Vec<_>, Vec<_>) = class
        .methods
        .iter()
        .partition(|method| signature::is_special(method));
    let groups = [
        ("Attributes", attributes),
        ("Methods", functions(ordinary.into_iter())),
        ("Of the class itself", functions(class.associated.iter())),
        ("Special methods", functions(special.into_iter())),
    ];
    let constructor = class.constructor.as_ref();
    Section {
        kind: "class",
        name: line(&class.name).into_owned(),
        signature: constructor.map(|it| signature::call(&class.name, it)),
        doc,
        groups: grouped(groups, &id, ids),
        classes: Vec::new(),
        id,
    }
}

/// A member's name, its signature and its doc comment.
type Raw<'a> = (&'a str, String, &'a str);

fn functions<'a>(functions: impl Iterator<Item = &'a FunctionInfo>) -> Vec<Raw<'a>> {
    functions
        .map(|it| (&*it.name, signature::function(it), &*it.doc))
        .collect()
}

/// The groups that have members.
fn grouped<const N: usize>(
    groups: [(&'static str, Vec<Raw<'_>>); N],
    within: &str,
    ids: &mut Ids,
) -> Vec<Group> {
    let groups = groups.into_iter().filter(|(_, raw)| !raw.is_empty());
    let groups = groups.map(|(title, raw)| {
        let members = raw.into_iter().map(|(name, signature, doc)| Member {
            id: ids.next(&format!("{within}.{name}")),
            name: line(name).into_owned(),
            signature,
            doc: markup::read(doc),
        });
        Group {
            title,
            members: members.collect(),
        }
    });
    groups.collect()
}

/// Names of places in a page: each is given once, and is made of letters that need no escaping anywhere.
#[derive(Default)]
struct Ids(HashSet<String>);

impl Ids {
    fn next(&mut self, name: &str) -> String {
        let is_safe = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let id: String = name
            .chars()
            .map(|c| if is_safe(c) { c } else { '-' })
            .collect();
        let mut unique = id.clone();
        let mut number = 2;
        while !self.0.insert(unique.clone()) {
            unique = format!("{id}-{number}");
            number += 1;
        }
        unique
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_a_name_of_its_own_in_letters_that_are_safe() {
        let mut ids = Ids::default();
        assert_eq!(ids.next("shapes.Circle.__len__"), "shapes.Circle.__len__");
        assert_eq!(ids.next("a b\"><c"), "a-b---c");
        assert_eq!(ids.next("a b\"><c"), "a-b---c-2");
        assert_eq!(ids.next("a-b---c"), "a-b---c-3");
    }
}
