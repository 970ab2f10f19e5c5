//! Traits and imports, laid out as rustfmt does it.

use super::words::Used;

/// The longest line that rustfmt leaves in one.
const WIDTH: usize = 100;

/// A trait to be written.
pub(super) struct Trait {
    pub(super) docs: Vec<String>,
    /// What is in the parentheses of `#[proxy(..)]`; empty when there are none.
    pub(super) arguments: String,
    pub(super) name: String,
    pub(super) functions: Vec<Function>,
    /// What is left out.
    pub(super) comments: Vec<String>,
}

/// A method of a trait.
pub(super) struct Function {
    pub(super) docs: Vec<String>,
    pub(super) attribute: Option<String>,
    pub(super) name: String,
    pub(super) params: Vec<String>,
    pub(super) returns: String,
}

impl Trait {
    /// What is left out of it, a sentence each.
    pub(super) fn comments(&self) -> impl Iterator<Item = &String> {
        self.comments.iter()
    }

    pub(super) fn write(&self) -> String {
        let mut text = docs("", &self.docs);
        match self.arguments.as_str() {
            "" => text.push_str("#[proxy]\n"),
            arguments => text.push_str(&format!("#[proxy({arguments})]\n")),
        }
        text.push_str(&format!("pub trait {} {{", self.name));
        if self.functions.is_empty() && self.comments.is_empty() {
            return text + "}\n";
        }
        text.push('\n');
        for function in &self.functions {
            function.write(&mut text);
        }
        for comment in &self.comments {
            text.push_str(&format!("    // {comment}\n"));
        }
        text + "}\n"
    }
}

impl Function {
    fn write(&self, text: &mut String) {
        text.push_str(&docs("    ", &self.docs));
        if let Some(attribute) = &self.attribute {
            text.push_str(&format!("    {attribute}\n"));
        }
        let (name, returns) = (&self.name, &self.returns);
        let params = [&["&self".to_owned()], &*self.params].concat();
        let line = format!("    fn {name}({}) -> {returns};", params.join(", "));
        if line.len() <= WIDTH {
            text.push_str(&line);
        } else {
            text.push_str(&format!("    fn {name}(\n"));
            for param in params {
                text.push_str(&format!("        {param},\n"));
            }
            text.push_str(&format!("    ) -> {returns};"));
        }
        text.push('\n');
    }
}

fn docs(indent: &str, lines: &[String]) -> String {
    let line = |line: &String| format!("{indent}/// {line}").trim_end().to_owned() + "\n";
    lines.iter().map(line).collect()
}

/// The imports, those of the standard library first.
pub(super) fn uses(used: &Used) -> String {
    let mut text = String::new();
    if used.hash_map {
        text.push_str("use std::collections::HashMap;\n\n");
    }
    let krate = used.krate;
    match &used.names[..] {
        [] => {}
        [name] => text.push_str(&format!("use {krate}::{name};\n")),
        names => {
            let line = format!("use {krate}::{{{}}};", names.join(", "));
            if line.len() <= WIDTH {
                text.push_str(&format!("{line}\n"));
            } else {
                text.push_str(&format!("use {krate}::{{\n{}}};\n", filled(names)));
            }
        }
    }
    text
}

fn filled(names: &[String]) -> String {
    let mut text = String::new();
    let mut line = String::from("   ");
    for name in names {
        if line.len() + 2 + name.len() > WIDTH {
            text.push_str(&format!("{line}\n"));
            line = String::from("   ");
        }
        line.push_str(&format!(" {name},"));
    }
    text + &line + "\n"
}
