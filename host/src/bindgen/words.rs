//! Types in Locum's words, and what they are in Rust.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::names::{Names, is_identifier};

/// Types inside one another, at most; further in they are anything.
const DEEPEST: usize = 16;
/// The types that an array's elements have.
const ELEMENTS: &[&str] = &[
    "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64",
];
/// serde knows no longer tuples.
const LONGEST_TUPLE: usize = 16;

/// A type as a plugin tells it: `list[int]`, `text or null`, `Counter`.
#[derive(Debug, PartialEq)]
pub(super) enum Words {
    Nothing,
    Any,
    /// A word that means the same everywhere.
    Plain(&'static str),
    Text,
    Bytes,
    Map,
    Object,
    /// Of elements of that type.
    Array(&'static str),
    List(Box<Words>),
    MapOf(Box<Words>, Box<Words>),
    Tuple(Vec<Words>),
    OrNull(Box<Words>),
    Iterator(Box<Words>),
    Named(String),
}

impl Words {
    /// Reads a type; what can not be read is anything. A class may be called as one of the words for lists is.
    pub(super) fn read(text: &str, is_class: impl Fn(&str) -> bool) -> Words {
        read(text, 0, &is_class)
    }
}

fn read(text: &str, depth: usize, is_class: &dyn Fn(&str) -> bool) -> Words {
    let text = text.trim();
    if depth > DEEPEST {
        return Words::Any;
    }
    let inner = |text| Box::new(read(text, depth + 1, is_class));
    if let Some(text) = text.strip_suffix(" or null") {
        return Words::OrNull(inner(text));
    }
    if let Some((head, inside)) = text.strip_suffix(']').and_then(|text| text.split_once('[')) {
        let parts = parts(inside);
        return match (head, &parts[..]) {
            ("", parts) if parts.len() <= LONGEST_TUPLE => {
                Words::Tuple(parts.iter().map(|part| *inner(part)).collect())
            }
            ("array", [element]) => match ELEMENTS.iter().find(|known| *known == element) {
                Some(element) => Words::Array(element),
                None => Words::Any,
            },
            ("list", [item]) => Words::List(inner(item)),
            ("iterator", [item]) => Words::Iterator(inner(item)),
            ("map", [key, value]) => Words::MapOf(inner(key), inner(value)),
            _ => Words::Any,
        };
    }
    match text {
        "" => Words::Nothing,
        "int" => Words::Plain("i64"),
        "float" => Words::Plain("f64"),
        "bool" => Words::Plain("bool"),
        "slice" => Words::Plain("Slice"),
        "text" => Words::Text,
        "bytes" => Words::Bytes,
        "map" => Words::Map,
        "object" => Words::Object,
        name @ ("list" | "iterator") if is_class(name) => Words::Named(name.to_owned()),
        "list" => Words::List(Box::new(Words::Any)),
        "iterator" => Words::Iterator(Box::new(Words::Any)),
        name if name != "any" && is_identifier(name) => Words::Named(name.to_owned()),
        _ => Words::Any,
    }
}

/// What commas separate, outside of brackets.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Types in the source, and which of them are imported.
pub(super) struct Types<'a> {
    krate: &'static str,
    names: &'a Names,
    used: RefCell<BTreeSet<&'static str>>,
}

/// What a source imports.
pub(super) struct Used {
    pub(super) krate: &'static str,
    /// In the order in which rustfmt puts them.
    pub(super) names: Vec<String>,
    pub(super) hash_map: bool,
}

impl<'a> Types<'a> {
    pub(super) fn new(krate: &'static str, names: &'a Names) -> Types<'a> {
        let used = RefCell::new(BTreeSet::from(["proxy"]));
        Types { krate, names, used }
    }

    pub(super) fn used(&self) -> Used {
        let mut used = self.used.borrow().clone();
        let hash_map = used.remove("HashMap");
        let names = used.into_iter().map(str::to_owned).collect();
        Used {
            krate: self.krate,
            names,
            hash_map,
        }
    }

    /// A type's name, imported; or its path, when a trait of the source is called the same.
    fn name(&self, name: &'static str) -> String {
        let module = match name {
            "i64" | "f64" | "bool" | "str" => return name.to_owned(),
            "String" => "std::string",
            "Vec" => "std::vec",
            "Option" => "std::option",
            "HashMap" => "std::collections",
            _ => self.krate,
        };
        if self.names.has(name) {
            return format!("{module}::{name}");
        }
        if module == self.krate || name == "HashMap" {
            self.used.borrow_mut().insert(name);
        }
        name.to_owned()
    }

    /// A type as the plugin tells it in this module.
    pub(super) fn read(&self, module: &str, text: &str) -> Words {
        Words::read(text, |name| self.view(module, name).is_some())
    }

    /// The trait of a class.
    pub(super) fn trait_of(&self, module: &str, class: &str) -> Option<&'a str> {
        self.names.class(module, class)
    }

    /// The view of a class.
    fn view(&self, module: &str, class: &str) -> Option<String> {
        self.names
            .class_seen_from(module, class)
            .map(|name| format!("{name}Proxy"))
    }

    /// What a method returns, which the words describe.
    pub(super) fn returned(&self, module: &str, words: &Words) -> String {
        // A type of the plugin's own may be data, or a class that it does not describe: a `Value` is either.
        format!("{}<{}>", self.name("Result"), self.owned(module, words))
    }

    /// `Result<FooProxy>`, for what constructs objects of a class.
    pub(super) fn constructed(&self, name: &str) -> String {
        format!("{}<{name}Proxy>", self.name("Result"))
    }

    fn owned(&self, module: &str, words: &Words) -> String {
        let of = |words: &Words| self.owned(module, words);
        match words {
            Words::Nothing => "()".to_owned(),
            Words::Any => self.name("Value"),
            Words::Plain(name) => self.name(name),
            Words::Text => self.name("String"),
            Words::Bytes => self.name("Bytes"),
            Words::Map => self.name("Map"),
            Words::Object => self.name("Proxy"),
            Words::Array(element) => format!("{}<{element}>", self.name("Array")),
            Words::List(item) => format!("{}<{}>", self.name("Vec"), of(item)),
            Words::MapOf(key, value) if is_hashable(key) => {
                format!("{}<{}, {}>", self.name("HashMap"), of(key), of(value))
            }
            Words::MapOf(..) => self.name("Map"),
            Words::Tuple(parts) => match &parts[..] {
                [part] => format!("({},)", of(part)),
                parts => format!("({})", parts.iter().map(of).collect::<Vec<_>>().join(", ")),
            },
            Words::OrNull(inner) => format!("{}<{}>", self.name("Option"), of(inner)),
            Words::Iterator(item) => format!("{}<{}>", self.name("Items"), of(item)),
            Words::Named(class) => self
                .view(module, class)
                .unwrap_or_else(|| self.name("Value")),
        }
    }

    /// The type of an argument that is always given.
    pub(super) fn taken(&self, module: &str, words: &Words) -> String {
        match words {
            Words::Nothing | Words::Any => format!("impl {}", self.name("Serialize")),
            Words::Named(class) if self.view(module, class).is_none() => {
                format!("impl {}", self.name("Serialize"))
            }
            words => self.borrowed(module, words),
        }
    }

    /// The type of an argument that may be left out.
    pub(super) fn taken_or_not(&self, module: &str, words: &Words) -> String {
        let words = match words {
            Words::OrNull(inner) => inner,
            words => words,
        };
        format!("{}<{}>", self.name("Option"), self.borrowed(module, words))
    }

    /// The type of arguments that are passed one by one.
    pub(super) fn taken_as_rest(&self, module: &str, words: &Words) -> String {
        match words {
            Words::List(item) => format!("&[{}]", self.owned(module, item)),
            Words::Bytes => "&[u8]".to_owned(),
            _ => format!("&[{}]", self.name("Value")),
        }
    }

    /// The type of arguments that are passed by name.
    pub(super) fn taken_as_keywords(&self, module: &str, words: &Words) -> String {
        match words {
            Words::MapOf(key, _) if **key == Words::Text => self.borrowed(module, words),
            _ => format!("&{}", self.name("Map")),
        }
    }

    fn borrowed(&self, module: &str, words: &Words) -> String {
        match words {
            Words::Plain(name) => self.name(name),
            Words::Text => "&str".to_owned(),
            Words::List(item) => format!("&[{}]", self.owned(module, item)),
            Words::OrNull(inner) => {
                format!("{}<{}>", self.name("Option"), self.borrowed(module, inner))
            }
            Words::Tuple(_) => self.owned(module, words),
            Words::Nothing => format!("&{}", self.name("Value")),
            words => format!("&{}", self.owned(module, words)),
        }
    }
}

fn is_hashable(words: &Words) -> bool {
    matches!(words, Words::Text | Words::Plain("i64" | "bool"))
}
