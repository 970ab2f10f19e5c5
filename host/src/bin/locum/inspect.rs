//! `locum inspect`: what a plugin offers, what it needs, and its sizes.

use std::collections::BTreeMap;

use locum::describe::PluginInfo;
use locum::{Access, Asks, ComponentInfo};
use serde::Serialize;

use crate::cli::InspectArgs;
use crate::failure::Failure;
use crate::report::Report;
use crate::source::Source;
use crate::style::Painter;
use crate::{json, out, units};

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
        out::out(&written(&inspection));
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

/// The text for people.
fn written(inspection: &Inspection) -> String {
    let Inspection {
        file,
        component,
        asks,
        plugin,
    } = inspection;
    let mut report = Report::new(Painter::stdout());
    report.heading(plugin);
    report.fact("file", file);
    report.fact("language", &plugin.language);
    let sizes = (bytes(component.file_bytes), bytes(component.compiled_bytes));
    report.fact("size", &format!("{}, compiled {}", sizes.0, sizes.1));
    report.facts("exports", &by_package(&component.exports));
    report.facts("imports", &by_package(&component.imports));
    if let Some(asks) = asks {
        report.facts("asks for", &asked(asks));
    }
    for module in plugin.modules.iter() {
        report.module(module);
    }
    report.text()
}

/// What a plugin asks for, a line for each kind of thing.
pub(crate) fn asked(asks: &Asks) -> Vec<String> {
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
pub(crate) fn by_package(interfaces: &[String]) -> Vec<String> {
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

/// `701,975 bytes`.
pub(crate) fn bytes(count: usize) -> String {
    format!("{} bytes", units::grouped(count as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_of_a_package_are_shown_together() {
        let names = ["a:b/c@1.0.0", "d", "a:b/e@1.0.0", "a:b/e@2.0.0"].map(str::to_owned);
        assert_eq!(by_package(&names), ["a:b@1.0.0: c, e", "d", "a:b@2.0.0: e"]);
    }
}
