//! `locum demo`: a guided tour on the built-in plugin. Everything is evaluated and measured while it runs.

mod measure;
mod tour;

use std::collections::BTreeMap;
use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use locum::expr::{self, Interpreter};
use locum::{Items, Plugin, Stats, Value, callback};

use self::tour::{NEXT, SECTIONS, Section};
use crate::cli::DemoArgs;
use crate::failure::{self, Failure};
use crate::out;
use crate::source::Source;
use crate::style::{Painter, Style};
use crate::trace;

pub(crate) fn run(arguments: &DemoArgs) -> Result<(), Failure> {
    let source = Source::embedded()?;
    trace::begin(arguments.trace.as_deref())?;
    let guide = Guide {
        painter: Painter::stdout(),
        at_line_start: Arc::new(AtomicBool::new(true)),
    };
    guide.say(
        Style::Heading,
        "Locum: objects that live in a sandbox, and proxies to them\n",
    );
    guide.say(Style::Quiet, tour::WELCOME);
    let toured = source.load().and_then(|loaded| {
        let toured = guide.tour(&loaded.plugin).and_then(|()| {
            // They would measure the trace.
            match arguments.trace {
                None => guide.figures(&source, &loaded.plugin),
                Some(_) => Ok(()),
            }
        });
        loaded.finish(toured)
    });
    trace::end(toured)?;
    guide.next();
    Ok(())
}

/// Who shows around.
struct Guide {
    painter: Painter,
    /// Whether what a step prints has ended its line.
    at_line_start: Arc<AtomicBool>,
}

impl Guide {
    fn say(&self, style: Style, text: &str) {
        let lines = text
            .split_inclusive('\n')
            .map(|line| match line.strip_suffix('\n') {
                Some("") => "\n".to_owned(),
                Some(line) => self.painter.paint(style, line) + "\n",
                None => self.painter.paint(style, line),
            });
        out::out(&lines.collect::<String>());
    }

    fn heading(&self, heading: &str, text: &str) {
        out::out("\n");
        self.say(Style::Heading, &format!("{heading}\n"));
        self.say(Style::Quiet, &format!("{text}\n"));
    }

    /// All sections, and that nothing of them is left.
    fn tour(&self, plugin: &Plugin) -> Result<(), Failure> {
        let before = plugin.stats();
        let at_line_start = self.at_line_start.clone();
        let print = move |text: &str| {
            if !text.is_empty() {
                at_line_start.store(text.ends_with('\n'), Ordering::Relaxed);
            }
            out::print(text);
        };
        let mut interpreter = Interpreter::new(plugin.clone(), print);
        provide(&mut interpreter, plugin);
        for section in SECTIONS {
            self.section(section, &mut interpreter)?;
        }
        let during = plugin.stats();
        drop(interpreter);
        self.released(&before, &during, &plugin.stats());
        Ok(())
    }

    fn section(&self, section: &Section, interpreter: &mut Interpreter) -> Result<(), Failure> {
        self.heading(section.heading, section.text);
        for step in section.steps {
            out::out(&format!(
                "{} {step}\n",
                self.painter.paint(Style::Prompt, ">>>")
            ));
            self.at_line_start.store(true, Ordering::Relaxed);
            let span = tracing::debug_span!(target: "locum::eval", "expression", expression = step);
            let result = span.in_scope(|| interpreter.eval(step));
            if !self.at_line_start.load(Ordering::Relaxed) {
                out::out("\n");
            }
            match result {
                Ok(value) => show(value.as_ref()),
                Err(error) if section.raises => out::out(&failure::highlighted(
                    &failure::script(&error),
                    self.painter,
                )),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// How many handles there were before the tour, at its end, and when its variables were gone.
    fn released(&self, before: &Stats, during: &Stats, after: &Stats) {
        self.heading(tour::RELEASED.0, tour::RELEASED.1);
        out::out("                         held here   lent to the plugin\n");
        let row = |name: &str, stats: &Stats| {
            out::out(&format!(
                "{name:22}{:>12}{:>21}\n",
                stats.imports, stats.exports
            ));
        };
        row("before the tour", before);
        row("with all variables", during);
        row("after letting go", after);
        let held: BTreeMap<_, _> = during.imports_by_type.iter().cloned().collect();
        let held: Vec<String> = held
            .iter()
            .map(|(name, count)| format!("{count} {}", out::line(name)))
            .collect();
        self.say(
            Style::Quiet,
            &format!("(held with all variables: {})\n", held.join(", ")),
        );
    }

    fn figures(&self, source: &Source, plugin: &Plugin) -> Result<(), Failure> {
        self.heading(tour::FIGURES.0, tour::FIGURES.1);
        for figure in measure::calls(plugin)? {
            out::out(&figure.row());
        }
        let (name, bytes) = (source.name(), source.bytes()?);
        out::out(&measure::load_compiled(&name, &bytes)?.row());
        out::out(&measure::load_compiling(&name, &bytes)?.row());
        Ok(())
    }

    fn next(&self) {
        self.heading(
            "What to try next",
            "Each of these works as it stands; `locum --help` tells more.",
        );
        let program = program();
        for (arguments, about) in NEXT {
            self.say(Style::Quiet, &format!("  # {about}\n"));
            out::out(&format!("  {program} {arguments}\n"));
        }
    }
}

/// How this program was called, so that the same call works again: `cargo run` calls `target/release/locum`.
fn program() -> String {
    let called = env::args_os()
        .next()
        .and_then(|name| name.into_string().ok());
    let is_plain = |name: &String| {
        name.chars()
            .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
    };
    called
        .filter(is_plain)
        .unwrap_or_else(|| "locum".to_owned())
}

/// What the host gives to the tour: a function, something to be gone through, and `transfer`.
fn provide(interpreter: &mut Interpreter, plugin: &Plugin) {
    let plugin = plugin.clone();
    let upper = callback(|text: String| text.to_uppercase());
    let numbers = Items::new(1..=5i64).proxy();
    let transfer = callback(move |value: Value| plugin.transfer(&value));
    for (name, object) in [
        ("upper", upper),
        ("numbers", numbers),
        ("transfer", transfer),
    ] {
        interpreter.set(name, Value::Object(object));
    }
}

fn show(value: Option<&Value>) {
    let shown = value.map(expr::display).unwrap_or_default();
    if !shown.is_empty() {
        out::out(&format!("{}\n", out::plain(&shown)));
    }
}
