//! `name?`: what a name is.

use locum::expr;

use super::resolve::{Resolver, Thing};
use crate::failure::Failure;
use crate::out;
use crate::report::Report;
use crate::signature;
use crate::style::{Painter, Style};

/// What there is to say about `a.b.c`.
pub(super) fn on(resolver: &Resolver, chain: &str) -> Result<String, Failure> {
    let names: Vec<&str> = chain.split('.').map(str::trim).collect();
    let Some(thing) = resolver.chain(&names) else {
        return Err(unknown(resolver, chain, &names));
    };
    let mut report = Report::new(Painter::stdout());
    match &thing {
        Thing::Package(name) => {
            report.title(name);
            report.facts("modules", &resolver.members(&thing));
        }
        Thing::Module(module) => report.module(module),
        Thing::Class(class) | Thing::Object(class) => report.class_alone(class),
        Thing::Function(function) => {
            report.row(0, Style::Name, &signature::function(function));
            report.text_on(&function.doc);
        }
        Thing::Attribute(attribute) => {
            report.row(0, Style::Name, &signature::attribute(attribute));
            report.text_on(&attribute.doc);
        }
        Thing::Data(type_name, methods) => {
            report.title(type_name);
            if !methods.is_empty() {
                report.facts("methods", &[methods.join(", ")]);
            }
        }
        Thing::Builtin(name) => {
            report.title(&format!("{name}, a function of the language"));
            report.text_on(expr::builtin_doc(name).unwrap_or_default());
        }
    }
    Ok(report.text())
}

fn unknown(resolver: &Resolver, chain: &str, names: &[&str]) -> Failure {
    let (last, before) = match names.split_last() {
        Some(split) => split,
        None => (&"", &[][..]),
    };
    let known = match before {
        [] => resolver.firsts(),
        before => resolver
            .chain(before)
            .map(|thing| resolver.members(&thing))
            .unwrap_or_default(),
    };
    let advice = match locum::ops::closest(last, known.iter().map(String::as_str)) {
        Some(close) => {
            let mut names = before.to_vec();
            names.push(close);
            format!("; did you mean `{}?`", out::line(&names.join(".")))
        }
        None => {
            "; a name, or names with dots between them, can be asked about: `counters.Counter?`"
                .to_owned()
        }
    };
    Failure::Usage(format!(
        "nothing is known of `{}`{advice}",
        out::line(chain)
    ))
}
