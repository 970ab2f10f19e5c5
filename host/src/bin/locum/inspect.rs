//! `locum inspect`: what a plugin offers, what it needs, and its sizes.

use std::collections::BTreeMap;

use locum::describe::{ClassInfo, FunctionInfo, ModuleInfo, PluginInfo};
use locum::{Access, Asks, ComponentInfo};
use serde::Serialize;

use crate::cli::InspectArgs;
use crate::failure::Failure;
use crate::out::{self, line};
use crate::source::Source;
use crate::style::{Painter, Style};
use crate::{json, signature};

/// Where the text on a member begins, and where it ends.
const DOC_COLUMN: usize = 44;
const LAST_COLUMN: usize = 110;

/// Where the facts about the file begin.
const FACT_COLUMN: usize = 12;

/// What `--json` prints.
#[derive(Serialize)]
struct Inspection {
    file: String,
    component: ComponentInfo,
    /// What it asks for, by its own word; what its file does not say is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    asks: Option<Asks>,
    plugin: PluginInfo,
}

pub(crate) fn run(arguments: &InspectArgs) -> Result<(), Failure> {
    let source = match &arguments.plugin {
        Some(path) => Source::File(path.clone()),
        None => Source::embedded()?,
    };
    let loaded = source.load()?;
    let inspection = inspect(&source, &loaded.plugin);
    let inspection = loaded.finish(inspection)?;
    if arguments.json {
        out::out(&(json::pretty(&inspection).map_err(Failure::Result)? + "\n"));
    } else {
        out::out(&Report::new(Painter::stdout()).write(&inspection));
    }
    Ok(())
}

fn inspect(source: &Source, plugin: &locum::Plugin) -> Result<Inspection, Failure> {
    let file = source.file();
    Ok(Inspection {
        component: ComponentInfo::of(&file, &source.bytes()?)?,
        asks: source.manifest()?.map(|manifest| manifest.asks),
        plugin: plugin.describe()?,
        file,
    })
}

/// The text for people, as it grows.
struct Report {
    painter: Painter,
    text: String,
}

impl Report {
    fn new(painter: Painter) -> Report {
        Report {
            painter,
            text: String::new(),
        }
    }

    fn write(mut self, inspection: &Inspection) -> String {
        let Inspection {
            file,
            component,
            asks,
            plugin,
        } = inspection;
        self.row(
            0,
            Style::Heading,
            &format!("{} {}", line(&plugin.name), line(&plugin.version)),
        );
        self.fact("file", &line(file));
        self.fact("language", &line(&plugin.language));
        let sizes = (bytes(component.file_bytes), bytes(component.compiled_bytes));
        self.fact("size", &format!("{}, compiled {}", sizes.0, sizes.1));
        self.facts("exports", &by_package(&component.exports));
        self.facts("imports", &by_package(&component.imports));
        if let Some(asks) = asks {
            self.facts("asks for", &asked(asks));
        }
        plugin.modules.iter().for_each(|module| self.module(module));
        self.text
    }

    fn module(&mut self, module: &ModuleInfo) {
        self.gap();
        self.row(0, Style::Heading, &format!("module {}", line(&module.name)));
        self.paragraph(2, &module.doc);
        for constant in module.constants.iter() {
            self.member(2, &signature::constant(constant), &constant.doc);
        }
        for function in module.functions.iter() {
            self.member(2, &signature::function(function), &function.doc);
        }
        module.classes.iter().for_each(|class| self.class(class));
    }

    fn class(&mut self, class: &ClassInfo) {
        self.gap();
        let head = match &class.constructor {
            Some(constructor) => signature::call(&class.name, constructor),
            None => line(&class.name).into_owned(),
        };
        self.row(2, Style::Name, &format!("class {head}"));
        self.paragraph(4, &class.doc);
        if let Some(constructor) = class.constructor.as_ref().filter(|it| it.doc != class.doc) {
            self.paragraph(4, &constructor.doc);
        }
        for attribute in class.attributes.iter() {
            self.member(4, &signature::attribute(attribute), &attribute.doc);
        }
        let (special, ordinary): (Vec<_>, Vec<_>) =
            class.methods.iter().partition(|method| is_special(method));
        self.methods("", &ordinary);
        self.methods(
            "of the class itself:",
            &class.associated.iter().collect::<Vec<_>>(),
        );
        self.methods("special methods:", &special);
    }

    fn methods(&mut self, heading: &str, methods: &[&FunctionInfo]) {
        if !methods.is_empty() && !heading.is_empty() {
            self.row(4, Style::Quiet, heading);
        }
        for method in methods {
            self.member(4, &signature::function(method), &method.doc);
        }
    }

    /// A signature with its text beside it, or below when there is no room.
    fn member(&mut self, indent: usize, signature: &str, doc: &str) {
        let doc = wrapped(doc, LAST_COLUMN - DOC_COLUMN);
        let left = format!("{:indent$}{signature}", "");
        let has_room = left.chars().count() + 2 <= DOC_COLUMN;
        let beside = if has_room { doc.first() } else { None };
        match beside {
            Some(text) => self.beside(&left, text),
            None => self.text.push_str(&format!("{left}\n")),
        }
        for text in &doc[usize::from(beside.is_some())..] {
            self.beside("", text);
        }
    }

    fn beside(&mut self, left: &str, text: &str) {
        self.text.push_str(&format!(
            "{left:DOC_COLUMN$}{}\n",
            self.painter.paint(Style::Quiet, text)
        ));
    }

    fn paragraph(&mut self, indent: usize, doc: &str) {
        for text in wrapped(doc, LAST_COLUMN - indent) {
            self.row(indent, Style::Quiet, &text);
        }
    }

    fn facts(&mut self, name: &str, values: &[String]) {
        let mut name = name;
        if values.is_empty() {
            self.fact(name, "nothing");
        }
        for value in values {
            for part in wrapped(value, LAST_COLUMN - FACT_COLUMN) {
                self.fact(name, &part);
                name = "";
            }
        }
    }

    fn fact(&mut self, name: &str, value: &str) {
        const WIDTH: usize = FACT_COLUMN - 2;
        self.text.push_str(&format!("  {name:WIDTH$}{value}\n"));
    }

    fn row(&mut self, indent: usize, style: Style, text: &str) {
        self.text.push_str(&format!(
            "{:indent$}{}\n",
            "",
            self.painter.paint(style, text)
        ));
    }

    fn gap(&mut self) {
        self.text.push('\n');
    }
}

fn is_special(method: &FunctionInfo) -> bool {
    method.name.starts_with("__") && method.name.ends_with("__")
}

/// What a plugin asks for, a line for each kind of thing.
fn asked(asks: &Asks) -> Vec<String> {
    let places = |places: &BTreeMap<String, Access>| {
        let places = places.iter().map(|(name, access)| match access {
            Access::ReadOnly => name.clone(),
            Access::ReadWrite => format!("{name} (to write)"),
        });
        places.collect::<Vec<_>>().join(", ")
    };
    let memory = asks
        .memory
        .map(|size| bytesize::ByteSize(size as u64).display().iec().to_string());
    let deadline = asks
        .deadline
        .map(|time| humantime::format_duration(time).to_string());
    let lines = [
        ("directories", places(&asks.dirs)),
        ("files", places(&asks.files)),
        ("environment", asks.env.join(", ")),
        ("connections to", asks.connect.join(", ")),
        ("listening at", asks.listen.join(", ")),
        (
            "standard input",
            if asks.stdin { "all of it" } else { "" }.to_owned(),
        ),
        ("memory", memory.unwrap_or_default()),
        ("time for a call", deadline.unwrap_or_default()),
    ];
    let asked = lines.into_iter().filter(|(_, what)| !what.is_empty());
    asked
        .map(|(kind, what)| format!("{kind}: {what}"))
        .collect()
}

/// Interfaces, those of a package together: `wasi:io@0.2.6: poll, error, streams`.
fn by_package(interfaces: &[String]) -> Vec<String> {
    let mut packages: Vec<(String, Vec<&str>)> = Vec::new();
    for interface in interfaces {
        let (path, version) = interface.split_once('@').unwrap_or((interface, ""));
        let (package, name) = path.split_once('/').unwrap_or((path, ""));
        let at = if version.is_empty() { "" } else { "@" };
        let package = format!("{package}{at}{version}");
        match packages.iter_mut().find(|(known, _)| *known == package) {
            Some((_, names)) => names.push(name),
            None => packages.push((package, vec![name])),
        }
    }
    let shown = packages.into_iter().map(|(package, names)| {
        let names = names.join(", ");
        if names.is_empty() {
            package
        } else {
            format!("{package}: {names}")
        }
    });
    shown.collect()
}

/// The lines of a text, its paragraphs broken into lines of at most `width` characters where words allow it.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.trim().split("\n\n") {
        let mut current = String::new();
        for word in paragraph.split_whitespace().map(line) {
            if !current.is_empty() && current.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(&word);
        }
        if !current.is_empty() {
            lines.push(current);
        }
    }
    lines
}

/// `701,975 bytes`.
fn bytes(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_grouped_by_thousands() {
        assert_eq!(bytes(0), "0 bytes");
        assert_eq!(bytes(999), "999 bytes");
        assert_eq!(bytes(701_975), "701,975 bytes");
        assert_eq!(bytes(1_000_000), "1,000,000 bytes");
    }

    #[test]
    fn interfaces_of_a_package_are_shown_together() {
        let names = ["a:b/c@1.0.0", "d", "a:b/e@1.0.0", "a:b/e@2.0.0"].map(str::to_owned);
        assert_eq!(by_package(&names), ["a:b@1.0.0: c, e", "d", "a:b@2.0.0: e"]);
    }

    #[test]
    fn texts_are_broken_between_words() {
        assert_eq!(
            wrapped("one two three\nfour\n\nfive", 8),
            ["one two", "three", "four", "five"]
        );
        assert_eq!(wrapped("unbreakable", 3), ["unbreakable"]);
        assert!(wrapped("  ", 3).is_empty());
    }

    #[test]
    fn a_member_with_a_long_signature_has_its_text_below() {
        let mut report = Report::new(Painter::plain());
        report.member(2, "short()", "Does it.");
        report.member(2, &format!("{}()", "x".repeat(60)), "Does it too.");
        let lines: Vec<&str> = report.text.lines().collect();
        assert_eq!(lines[0].find("Does"), Some(DOC_COLUMN));
        assert_eq!(lines[2].find("Does"), Some(DOC_COLUMN));
        assert_eq!(lines.len(), 3);
    }
}
