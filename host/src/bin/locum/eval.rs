//! `locum eval`: expressions on a plugin's objects.

use std::io::{self, Read};

use locum::expr::{self, Interpreter, Script};
use locum::{Plugin, Value};

use crate::cli::EvalArgs;
use crate::failure::Failure;
use crate::source::Source;
use crate::{grants, json, out, trace, watch};

/// The largest script that is read.
const LARGEST: u64 = 16 << 20;

pub(crate) fn run(arguments: &EvalArgs) -> Result<(), Failure> {
    let (source, expressions) = Source::of_words(&arguments.words, "eval")?;
    let (options, grants) = grants::read(&arguments.grants)?;
    let host = arguments.monitor.host()?;
    if arguments.watch {
        let scripts = read_all(expressions)?;
        let load = || source.load_on(&host, options.clone(), grants.clone());
        let evaluate = |plugin: &Plugin| evaluate(plugin, &scripts, expressions, arguments.json);
        return watch::run(&source, load, evaluate);
    }
    trace::begin(arguments.trace.as_deref())?;
    let result = source.load_on(&host, options, grants).and_then(|loaded| {
        let scripts = read_all(expressions);
        let result = scripts
            .and_then(|scripts| evaluate(&loaded.plugin, &scripts, expressions, arguments.json));
        loaded.finish(result)
    });
    trace::end(result)
}

/// All are read before any is run: a slip in the last one shall not leave half of the work done.
pub(crate) fn read_all(expressions: &[String]) -> Result<Vec<Script>, Failure> {
    expressions
        .iter()
        .map(|expression| read(expression))
        .collect()
}

fn evaluate(
    plugin: &Plugin,
    scripts: &[Script],
    expressions: &[String],
    as_json: bool,
) -> Result<(), Failure> {
    let mut interpreter = Interpreter::new(plugin.clone(), out::print);
    let mut last = None;
    for (script, expression) in scripts.iter().zip(expressions) {
        let span = tracing::debug_span!(target: "locum::eval", "expression", expression);
        let value = span.in_scope(|| interpreter.run(script))?;
        if let Some(value) = value.as_ref().filter(|_| !as_json) {
            show(value);
        }
        last = value;
    }
    if as_json {
        let line = json::write(&last.unwrap_or_default()).map_err(Failure::Result)?;
        out::out(&(line + "\n"));
    }
    Ok(())
}

fn read(expression: &str) -> Result<Script, Failure> {
    if expression != "-" {
        return Ok(expr::parse(expression)?);
    }
    let mut script = Vec::new();
    let unreadable = |why: String| {
        Failure::Usage(format!(
            "the script on standard input can not be read: {why}"
        ))
    };
    io::stdin()
        .lock()
        .take(LARGEST + 1)
        .read_to_end(&mut script)
        .map_err(|error| unreadable(error.to_string()))?;
    if script.len() as u64 > LARGEST {
        return Err(unreadable(format!("it has more than {LARGEST} bytes")));
    }
    let script =
        String::from_utf8(script).map_err(|_| unreadable("it is not UTF-8 text".to_owned()))?;
    Ok(expr::parse(&script)?)
}

/// A result as the language would write it; a null is not shown.
fn show(value: &Value) {
    let shown = expr::display(value);
    if !shown.is_empty() {
        out::out(&(out::plain(&shown).into_owned() + "\n"));
    }
}
