//! What a plugin offers, as text for people.
//!
//! All of it comes from a plugin, so each piece is escaped, and nothing in it decides where another piece begins.

use locum::describe::{ClassInfo, FunctionInfo, ModuleInfo, PluginInfo};

use super::escape::line;
use super::signature;
use super::style::{Painter, Style};

/// Where the text on a member begins, and where it ends.
const DOC_COLUMN: usize = 44;
const LAST_COLUMN: usize = 110;

/// Where the facts about the plugin begin.
const FACT_COLUMN: usize = 12;

/// The text for people, as it grows.
pub(crate) struct Report {
    painter: Painter,
    text: String,
}

impl Report {
    pub(crate) fn new(painter: Painter) -> Report {
        Report {
            painter,
            text: String::new(),
        }
    }

    /// The text as far as it has been written.
    pub(crate) fn text(self) -> String {
        self.text
    }

    /// The line that everything else is about.
    pub(crate) fn heading(&mut self, plugin: &PluginInfo) {
        let heading = format!("{} {}", line(&plugin.name), line(&plugin.version));
        self.row(0, Style::Heading, &heading);
    }

    /// A line that says what comes, when it is not a plugin.
    pub(crate) fn title(&mut self, text: &str) {
        self.row(0, Style::Heading, &line(text));
    }

    /// What is said about the line before.
    pub(crate) fn text_on(&mut self, doc: &str) {
        self.paragraph(2, doc);
    }

    /// A class that no module was shown before.
    pub(crate) fn class_alone(&mut self, class: &ClassInfo) {
        self.class(class);
    }

    /// A module with all that is in it.
    pub(crate) fn module(&mut self, module: &ModuleInfo) {
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
        let (special, ordinary): (Vec<_>, Vec<_>) = class
            .methods
            .iter()
            .partition(|method| signature::is_special(method));
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

    /// Values of one name, each from a line of its own on. What they say is shown escaped.
    pub(crate) fn facts(&mut self, name: &str, values: &[String]) {
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

    /// A name and its value in one line, which is shown escaped.
    pub(crate) fn fact(&mut self, name: &str, value: &str) {
        const WIDTH: usize = FACT_COLUMN - 2;
        let value = line(value);
        self.text.push_str(&format!("  {name:WIDTH$}{value}\n"));
    }

    pub(crate) fn row(&mut self, indent: usize, style: Style, text: &str) {
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

#[cfg(test)]
mod tests {
    use super::*;

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
        let mut report = Report::new(Painter::new(false));
        report.member(2, "short()", "Does it.");
        report.member(2, &format!("{}()", "x".repeat(60)), "Does it too.");
        let lines: Vec<&str> = report.text.lines().collect();
        assert_eq!(lines[0].find("Does"), Some(DOC_COLUMN));
        assert_eq!(lines[2].find("Does"), Some(DOC_COLUMN));
        assert_eq!(lines.len(), 3);
    }
}
