//! A plugin's names as Rust would write them.

use std::collections::{BTreeMap, BTreeSet};

use super::docs;
use crate::describe::ModuleInfo;

/// Words that can not be identifiers as they are. The last four can not even be raw ones.
const KEYWORDS: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "dyn", "else", "enum", "extern", "false",
    "fn", "for", "gen", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub",
    "ref", "return", "static", "struct", "trait", "true", "type", "unsafe", "use", "where",
    "while", "abstract", "become", "box", "do", "final", "macro", "override", "priv", "try",
    "typeof", "unsized", "virtual", "yield",
];
const NEVER: &[&str] = &["self", "Self", "super", "crate", "_"];

/// Methods that every view has already.
const OF_EVERY_VIEW: &[&str] = &[
    "new",
    "import",
    "as_proxy",
    "into_proxy",
    "clone",
    "to_owned",
    "to_string",
    "into",
    "try_into",
];

/// Whether a name can be an identifier, perhaps a raw one. Only ASCII: what looks alike should be alike.
pub(super) fn is_identifier(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The name of a function: `addItem` is `add_item`.
pub(super) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (at, c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1);
        let begins_word = before.is_some_and(|before| {
            before.is_ascii_lowercase()
                || before.is_ascii_digit()
                || before.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase)
        });
        if c.is_ascii_uppercase() && begins_word {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// The name of a trait: `samples.errors` is `SamplesErrors`. `None` when there is none.
fn camel(name: &str) -> Option<String> {
    let mut camel = String::with_capacity(name.len());
    for word in name.split(['_', '.']) {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    is_identifier(&camel).then_some(camel)
}

/// A name in the source, raw where it is a keyword.
pub(super) fn ident(name: &str) -> String {
    match KEYWORDS.contains(&name) {
        true => format!("r#{name}"),
        false => name.to_owned(),
    }
}

/// The names of all traits, each with that of its view.
#[derive(Default)]
pub(super) struct Names {
    /// By the name of the class: the modules that have one, and its trait in each.
    classes: BTreeMap<String, Vec<(String, String)>>,
    modules: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Names {
    /// Names for all classes and modules. What can have none is left out, each with a sentence about it.
    pub(super) fn of(modules: &[&ModuleInfo], left_out: &mut Vec<String>) -> Names {
        let mut names = Names::default();
        names.taken.insert("Self".to_owned());
        for module in modules {
            let module_name = module_name(&module.name);
            for class in module.classes.iter() {
                let base = camel(&class.name).filter(|_| is_identifier(&class.name));
                let known = names.class(&module.name, &class.name).is_some();
                match (base, &module_name) {
                    (Some(base), Some(prefix)) if !known => {
                        let name = names.take(&[base.clone(), format!("{prefix}{base}")]);
                        let of_this_name = names.classes.entry(class.name.to_string());
                        of_this_name
                            .or_default()
                            .push((module.name.to_string(), name));
                    }
                    _ => left_out.push(no_identifier(&format!("{}.{}", module.name, class.name))),
                }
            }
        }
        for module in modules {
            match module_name(&module.name).filter(|_| names.module(&module.name).is_none()) {
                Some(base) => {
                    let name = names.take(&[base.clone(), format!("{base}Module")]);
                    names.modules.insert(module.name.to_string(), name);
                }
                None => left_out.push(no_identifier(&module.name)),
            }
        }
        names
    }

    /// The trait of a class.
    pub(super) fn class(&self, module: &str, class: &str) -> Option<&str> {
        let known = self.classes.get(class)?.iter().find(|it| it.0 == module);
        known.map(|it| it.1.as_str())
    }

    /// The trait of a class that is named in this module: its own, or else the only one of that name elsewhere.
    pub(super) fn class_seen_from(&self, module: &str, class: &str) -> Option<&str> {
        match &self.classes.get(class)?[..] {
            [(_, only)] => Some(only),
            _ => self.class(module, class),
        }
    }

    /// The trait of a module.
    pub(super) fn module(&self, name: &str) -> Option<&str> {
        self.modules.get(name).map(String::as_str)
    }

    /// Whether a type of that name is in the source.
    pub(super) fn has(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// The first of the proposals that is free, or the first of all with a number.
    fn take(&mut self, proposals: &[String]) -> String {
        let first = proposals.first().cloned().unwrap_or_default();
        // From some number on, one that nobody has yet.
        let numbers = (2..10).chain(self.taken.len()..);
        let numbered = numbers.map(|number| format!("{first}{number}"));
        let mut all = proposals.iter().cloned().chain(numbered);
        let free = |name: &String| {
            ![name.clone(), format!("{name}Proxy")]
                .iter()
                .any(|it| self.taken.contains(it))
        };
        let name = all.find(free).unwrap_or(first);
        self.taken.extend([name.clone(), format!("{name}Proxy")]);
        name
    }
}

fn module_name(name: &str) -> Option<String> {
    camel(name).filter(|_| name.split('.').all(is_identifier))
}

/// A sentence about what has no name in Rust.
pub(super) fn no_identifier(name: &str) -> String {
    format!(
        "`{}` is left out: its name is no identifier, or is there twice.",
        docs::short(name)
    )
}

/// A name like this that no other parameter has.
pub(super) fn parameter(taken: &mut BTreeSet<String>, name: &str) -> String {
    let mut name = name.to_owned();
    while NEVER.contains(&&*name) || !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}

/// The names of the methods of one trait.
#[derive(Default)]
pub(super) struct Members(BTreeSet<String>);

impl Members {
    /// The name, or one like it when it is taken, or would be by what the view adds for a method.
    pub(super) fn take(&mut self, name: &str) -> String {
        // From this number on, one that nobody has yet.
        let numbered = (self.0.len()..).map(|number| format!("{name}_{number}"));
        let mut all = [name.to_owned(), format!("{name}_")]
            .into_iter()
            .chain(numbered);
        let free = all.find(|name| self.is_free(name));
        let name = free.unwrap_or_else(|| name.to_owned());
        self.0.insert(name.clone());
        name
    }

    fn is_free(&self, name: &str) -> bool {
        let started = |prefix| {
            name.strip_prefix(prefix)
                .is_some_and(|rest| self.0.contains(rest))
        };
        let starts = |prefix| self.0.contains(&format!("{prefix}{name}"));
        !self.0.contains(name)
            && !NEVER.contains(&name)
            && !OF_EVERY_VIEW.contains(&name)
            && !["start_", "post_"]
                .iter()
                .any(|prefix| started(*prefix) || starts(*prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_in_snake_case_and_traits_in_camel_case() {
        for (name, snaked) in [
            ("addItem", "add_item"),
            ("HTTPServer", "http_server"),
            ("LIMIT", "limit"),
            ("MAX_SIZE", "max_size"),
            ("utf8Text", "utf8_text"),
            ("_x", "_x"),
        ] {
            assert_eq!(snake(name), snaked);
        }
        assert_eq!(
            camel("samples.my_errors").as_deref(),
            Some("SamplesMyErrors")
        );
        assert_eq!(camel("list").as_deref(), Some("List"));
        assert_eq!(camel("_1"), None);
    }

    #[test]
    fn keywords_are_raw_and_what_is_taken_has_a_mark() {
        assert_eq!(ident("type"), "r#type");
        let mut members = Members::default();
        assert_eq!(
            ["add", "add", "add", "self", "clone"].map(|name| members.take(name)),
            ["add", "add_", "add_2", "self_", "clone_"]
        );
        members.take("post_it");
        assert_eq!(members.take("it"), "it_");
    }
}
