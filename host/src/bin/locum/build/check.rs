//! What came out of a build: whether a host can load it, what it offers, and how large it is.

use std::env;
use std::path::{Path, PathBuf};
use std::time::Instant;

use locum::describe::{ClassInfo, ModuleInfo, PluginInfo};
use locum::{Asks, ComponentInfo, Manifest};
use serde::Serialize;

use super::cargo::Cargo;
use super::sizes::Sizes;
use crate::failure::Failure;
use crate::report::Report;
use crate::source::Source;
use crate::style::{Painter, Style};
use crate::{inspect, json, out, units};

/// How many names a warning lists.
const SHOWN: usize = 8;

/// What a host would make of a plugin that has just been built. This is what `--json` prints.
#[derive(Serialize)]
pub(crate) struct Checked {
    package: String,
    version: String,
    file: PathBuf,
    /// Building and checking, together.
    seconds: f64,
    /// Bytes of the file, by what they are.
    sizes: Sizes,
    component: ComponentInfo,
    #[serde(skip_serializing_if = "Option::is_none")]
    asks: Option<Asks>,
    plugin: PluginInfo,
    /// What is served and has no doc comment.
    undocumented: Vec<String>,
    warnings: Vec<String>,
}

impl Checked {
    /// Loads a file without grants and asks it what it offers.
    pub(super) fn of(cargo: &Cargo, file: PathBuf, began: Instant) -> Result<Checked, Failure> {
        let source = Source::File(file.clone());
        let loaded = source.load()?;
        let plugin = loaded.plugin.describe().map_err(Failure::from);
        let plugin = loaded.finish(plugin)?;
        let bytes = source.bytes()?;
        let manifest = source.manifest()?;
        let undocumented = undocumented(&plugin);
        let component = ComponentInfo::of(&source.file(), &bytes)?;
        let sizes = Sizes::of(&bytes);
        Ok(Checked {
            warnings: warnings(
                cargo,
                &source,
                &component,
                &sizes,
                manifest.as_ref(),
                &undocumented,
            ),
            package: cargo.package.clone(),
            version: cargo.version.clone(),
            seconds: began.elapsed().as_secs_f64(),
            asks: manifest.map(|manifest| manifest.asks),
            sizes,
            component,
            plugin,
            undocumented,
            file,
        })
    }

    /// Shows it to people, or as JSON.
    pub(crate) fn show(&self, as_json: bool) -> Result<(), Failure> {
        if as_json {
            out::out(&(json::pretty(self).map_err(Failure::Result)? + "\n"));
            return Ok(());
        }
        out::out(&self.report(Painter::stdout()));
        let painter = Painter::stderr();
        for warning in &self.warnings {
            let word = painter.paint(Style::Bad, "warning:");
            out::err(&format!("{word} {}\n", out::line(warning)));
        }
        Ok(())
    }

    fn report(&self, painter: Painter) -> String {
        let mut report = Report::new(painter);
        report.heading(&self.plugin);
        let file = shown(&self.file);
        report.fact("file", &file);
        let parts: Vec<String> = self
            .sizes
            .parts()
            .map(|(kind, size)| format!("{kind} {}", units::grouped(size as u64)))
            .collect();
        let sizes = format!("{}: {}", inspect::bytes(self.sizes.file), parts.join(", "));
        report.facts("size", &[sizes]);
        report.fact("compiled", &inspect::bytes(self.component.compiled_bytes));
        report.facts("imports", &inspect::by_package(&self.component.imports));
        if let Some(asks) = &self.asks {
            report.facts("asks for", &inspect::asked(asks));
        }
        let modules: Vec<String> = self.plugin.modules.iter().map(offered).collect();
        report.facts("offers", &modules);
        report.fact("took", &format!("{:.1} s", self.seconds));
        report.fact("next", &format!("locum doc {file}"));
        report.text()
    }
}

/// A path as people type it: from here, if it is below.
fn shown(file: &Path) -> String {
    let here = env::current_dir().ok();
    let below = here.and_then(|here| file.strip_prefix(here).ok());
    below.unwrap_or(file).display().to_string()
}

/// `module shapes.round: class Circle, function area`.
fn offered(module: &ModuleInfo) -> String {
    let classes = module.classes.iter().map(|it| ("class", &it.name));
    let functions = module.functions.iter().map(|it| ("function", &it.name));
    let constants = module.constants.iter().map(|it| ("constant", &it.name));
    let members = classes.chain(functions).chain(constants);
    let members: Vec<String> = members
        .map(|(kind, name)| format!("{kind} {name}"))
        .collect();
    format!("module {}: {}", module.name, members.join(", "))
}

/// What is not wrong, and yet not as it was meant.
fn warnings(
    cargo: &Cargo,
    source: &Source,
    component: &ComponentInfo,
    sizes: &Sizes,
    manifest: Option<&Manifest>,
    undocumented: &[String],
) -> Vec<String> {
    let mut warnings = Vec::new();
    let known = ["locum:plugin/", "wasi:"];
    let foreign = |name: &&String| !known.iter().any(|start| name.starts_with(start));
    for import in component.imports.iter().filter(foreign) {
        warnings.push(format!(
            "it imports {import}, which is neither of the contract nor of WASI; few hosts have it"
        ));
    }
    if sizes.debug > 0 {
        warnings.push(format!(
            "{} of it are debug information; write strip = \"debuginfo\" in the profile `plugin`",
            inspect::bytes(sizes.debug)
        ));
    }
    let directory = cargo.directory();
    if manifest.is_none() && directory.join("plugin.toml").is_file() {
        warnings.push(
            "plugin.toml is not in the plugin; write locum_guest::manifest!(\"../plugin.toml\") in src/lib.rs"
                .to_owned(),
        );
    }
    if let Some(name) = manifest.and_then(|manifest| manifest.name.as_ref())
        && *name != source.name()
    {
        warnings.push(format!(
            "plugin.toml says that the plugin is called {name}, and its file is called {}; let both be the same",
            source.name()
        ));
    }
    if !undocumented.is_empty() {
        let more = match undocumented.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let names = undocumented[..undocumented.len().min(SHOWN)].join(", ");
        warnings.push(format!(
            "without a doc comment, which `locum doc` would show (a class has that of its `impl`): {names}{more}"
        ));
    }
    warnings
}

/// What is served, is not special, and has no doc comment.
fn undocumented(plugin: &PluginInfo) -> Vec<String> {
    let mut names = Vec::new();
    for module in plugin.modules.iter() {
        let name = &module.name;
        let functions = module.functions.iter().filter(|it| it.doc.is_empty());
        names.extend(functions.map(|it| format!("{name}.{}", it.name)));
        module
            .classes
            .iter()
            .for_each(|class| of_class(&mut names, &format!("{name}.{}", class.name), class));
    }
    names
}

fn of_class(names: &mut Vec<String>, name: &str, class: &ClassInfo) {
    if class.doc.is_empty() {
        names.push(name.to_owned());
    }
    let functions = class.methods.iter().chain(class.associated.iter());
    let functions = functions.filter(|it| it.doc.is_empty() && !crate::signature::is_special(it));
    names.extend(functions.map(|it| format!("{name}.{}", it.name)));
    let attributes = class.attributes.iter().filter(|it| it.doc.is_empty());
    names.extend(attributes.map(|it| format!("{name}.{}", it.name)));
}

#[cfg(test)]
mod tests {
    use locum::describe::{AttributeInfo, FunctionInfo};

    use super::*;

    #[test]
    fn what_has_no_doc_comment_is_found_wherever_it_is() {
        let function = |name: &'static str, doc: &'static str| FunctionInfo {
            name: name.into(),
            doc: doc.into(),
            ..FunctionInfo::default()
        };
        let class = ClassInfo {
            name: "C".into(),
            methods: vec![
                function("m", ""),
                function("n", "Does it."),
                function("__len__", ""),
            ]
            .into(),
            attributes: vec![AttributeInfo {
                name: "a".into(),
                ..AttributeInfo::default()
            }]
            .into(),
            ..ClassInfo::default()
        };
        let module = ModuleInfo {
            name: "x".into(),
            classes: vec![class].into(),
            functions: vec![function("f", "")].into(),
            ..ModuleInfo::default()
        };
        assert_eq!(offered(&module), "module x: class C, function f");
        let plugin = PluginInfo {
            modules: vec![module].into(),
            ..PluginInfo::default()
        };
        assert_eq!(undocumented(&plugin), ["x.f", "x.C", "x.C.m", "x.C.a"]);
    }
}
