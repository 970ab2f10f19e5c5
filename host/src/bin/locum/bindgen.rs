//! `locum bindgen`: Rust traits for a plugin's classes and modules.

use std::fs;

use locum::bindgen::{Bindgen, Bindings};

use crate::cli::BindgenArgs;
use crate::failure::Failure;
use crate::source::Source;
use crate::{json, out};

pub(crate) fn run(arguments: &BindgenArgs) -> Result<(), Failure> {
    let source = Source::File(arguments.plugin.clone());
    let loaded = source.load()?;
    let bindings = write(arguments, &loaded.plugin);
    let bindings = loaded.finish(bindings)?;
    if arguments.json {
        let told = serde_json::json!({ "source": bindings.source, "left_out": bindings.left_out });
        out::out(&(json::pretty(&told).map_err(Failure::Result)? + "\n"));
        return Ok(());
    }
    for sentence in &bindings.left_out {
        out::note(&format!("warning: {}\n", out::line(sentence)));
    }
    match &arguments.output {
        None => out::out(&bindings.source),
        Some(path) => fs::write(path, &bindings.source).map_err(|error| {
            Failure::Usage(format!(
                "{} can not be written: {error}; name a file in a directory that exists",
                path.display()
            ))
        })?,
    }
    Ok(())
}

fn write(arguments: &BindgenArgs, plugin: &locum::Plugin) -> Result<Bindings, Failure> {
    let info = plugin.describe()?;
    let bindgen = Bindgen::new(&info)
        .from_file(file_name(arguments))
        .modules(&arguments.modules)
        .guest(arguments.guest);
    // What is wrong here is what was asked for.
    bindgen
        .write()
        .map_err(|error| Failure::Usage(error.message().to_owned()))
}

/// The plugin's file without the directory, which is nobody else's business.
fn file_name(arguments: &BindgenArgs) -> String {
    let name = arguments.plugin.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
