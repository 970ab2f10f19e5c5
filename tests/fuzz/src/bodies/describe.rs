//! What a plugin tells about itself, shown to people and written as Rust: it neither breaks anything nor gets out of its
//! place.

use locum_protocol::describe::{
    AttributeInfo, ClassInfo, FunctionInfo, ModuleInfo, ParamInfo, PluginInfo, Takes,
};
use locum_protocol::{PeerLimits, WireParcel};

use super::bindgen::Bindgen;
use super::escape;
use super::input::Input;
use super::report::Report;
use super::style::Painter;
use super::wire;

/// Shows what some bytes tell: as the item that a plugin answers, or as the texts of a description.
pub fn describe(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let told = match input.byte() {
        0..=127 => answered(input.rest()),
        _ => Some(made(&mut input)),
    };
    if let Some(told) = told {
        shown(&told, bytes.len());
        written(&told, bytes.len());
    }
}

/// What a plugin tells that answers this item.
fn answered(item: &[u8]) -> Option<PluginInfo> {
    let (peer, wire) = wire(PeerLimits::default());
    wire.answer(WireParcel {
        item: item.into(),
        ..WireParcel::default()
    });
    peer.describe().ok()
}

/// The text for people is as long as what was told, more or less, and nothing in it steers a terminal.
fn shown(told: &PluginInfo, size: usize) {
    let plain = printed(told, false);
    let steering = plain.chars().find(|c| *c != '\n' && escape::steers(*c));
    assert_eq!(steering, None, "in {plain:?}");
    assert!(
        plain.len() <= 1000 + 200 * size,
        "{} bytes of text for {size}",
        plain.len()
    );
    let coloured = printed(told, true);
    let codes = ["1;36", "1", "32", "2", "1;31", "0"];
    let bare = codes.iter().fold(coloured, |text, code| {
        text.replace(&format!("\x1b[{code}m"), "")
    });
    assert_eq!(bare, plain, "colours are all that is added");
}

fn printed(told: &PluginInfo, colours: bool) -> String {
    let mut report = Report::new(Painter::new(colours));
    report.heading(told);
    report.fact("language", &told.language);
    let names: Vec<String> = told.modules.iter().map(|it| it.name.to_string()).collect();
    report.facts("modules", &names);
    for module in told.modules.iter() {
        report.module(module);
    }
    report.text()
}

/// Traits for it are Rust of the usual kind: uses, and traits with the one attribute.
fn written(told: &PluginInfo, size: usize) {
    for guest in [false, true] {
        let Ok(bindings) = Bindgen::new(told).guest(guest).write() else {
            assert!(told.modules.is_empty(), "only nothing can not be written");
            continue;
        };
        let source = &bindings.source;
        let steering = source.chars().find(|c| *c != '\n' && escape::steers(*c));
        assert_eq!(steering, None, "in {source:?}");
        assert!(source.len() <= 4000 + 1000 * size, "{}", source.len());
        let file = syn::parse_file(source).unwrap_or_else(|error| panic!("{error}: {source}"));
        for item in &file.items {
            match item {
                syn::Item::Use(_) => {}
                syn::Item::Trait(view) => is_a_view(view, source),
                _ => panic!("neither a use nor a trait: {source}"),
            }
        }
    }
}

fn is_a_view(view: &syn::ItemTrait, source: &str) {
    let is_known = |attribute: &syn::Attribute| {
        ["doc", "proxy", "getter", "setter", "name", "allow"]
            .iter()
            .any(|known| attribute.path().is_ident(known))
    };
    assert!(view.attrs.iter().all(is_known), "{source}");
    for item in &view.items {
        match item {
            syn::TraitItem::Fn(function) => {
                assert!(function.attrs.iter().all(is_known), "{source}");
                assert!(function.default.is_none(), "a body in {source}");
            }
            _ => panic!("not a method: {source}"),
        }
    }
}

// ---- a description made of texts ----

fn made(input: &mut Input) -> PluginInfo {
    PluginInfo {
        name: text(input),
        version: text(input),
        language: text(input),
        modules: many(input, |input| ModuleInfo {
            name: text(input),
            doc: text(input),
            classes: many(input, class),
            functions: many(input, function),
            constants: many(input, attribute),
        }),
    }
}

fn class(input: &mut Input) -> ClassInfo {
    ClassInfo {
        name: text(input),
        doc: text(input),
        constructor: input
            .flag()
            .then(|| std::borrow::Cow::Owned(function(input))),
        methods: many(input, function),
        associated: many(input, function),
        attributes: many(input, attribute),
    }
}

fn function(input: &mut Input) -> FunctionInfo {
    FunctionInfo {
        name: text(input),
        doc: text(input),
        params: many(input, |input| ParamInfo {
            name: text(input),
            type_name: text(input),
            default: input.flag().then(|| text(input)),
            takes: [Takes::One, Takes::Rest, Takes::Keywords][input.below(3)],
        }),
        returns: text(input),
    }
}

fn attribute(input: &mut Input) -> AttributeInfo {
    AttributeInfo {
        name: text(input),
        doc: text(input),
        type_name: text(input),
        settable: input.flag(),
    }
}

/// Up to three, and none when the input has ended.
fn many<T: Clone>(
    input: &mut Input,
    each: impl Fn(&mut Input) -> T,
) -> std::borrow::Cow<'static, [T]> {
    let count = input.below(4);
    (0..count).map(|_| each(input)).collect()
}

/// Words that mean something where they stand, and pieces that would end a comment, a string or a line.
const WORDS: &[&str] = &[
    "",
    "name",
    "list",
    "int",
    "text or null",
    "list[int]",
    "map[text, any]",
    "iterator[Counter]",
    "__getitem__",
    "__add__",
    "__init__",
    "self",
    "fn",
    "Counter",
    "a.b",
    "*/",
    "```",
    "\"#",
    "\n",
    "\r\n//!",
    "\x1b[2J",
    "\u{202e}",
    "#[path]",
    "r#type",
    "é",
    "1st",
    "{}",
    "//",
    "Self",
    "crate",
];

/// A word, or some of the bytes as they are.
fn text(input: &mut Input) -> std::borrow::Cow<'static, str> {
    match usize::from(input.byte()) {
        known if known < WORDS.len() => WORDS[known].into(),
        other => {
            let bytes = input.take(other % 32);
            String::from_utf8_lossy(bytes).into_owned().into()
        }
    }
}
