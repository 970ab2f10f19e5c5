//! Evaluating what was typed, and showing what came of it.

use locum::Value;
use locum::expr::{self, Interpreter};

use super::commands::{self, Command};
use super::help;
use super::resolve::Resolver;
use crate::failure::Failure;
use crate::interrupt;
use crate::session::Session;
use crate::show::Screen;
use crate::style::{Painter, Style};
use crate::{json, out, print};

/// A session with its variables.
pub(crate) struct Shell {
    session: Session,
    interpreter: Interpreter,
    screen: Screen,
    as_json: bool,
    is_over: bool,
}

impl Shell {
    pub(crate) fn new(session: &Session, as_json: bool) -> Shell {
        Shell {
            session: session.clone(),
            interpreter: Interpreter::new(session.clone(), print::out),
            screen: Screen::stdout(),
            as_json,
            is_over: false,
        }
    }

    /// What is said first.
    pub(super) fn greeting(&self) -> String {
        let painter = Painter::stderr();
        let mut text = painter.paint(
            Style::Heading,
            &format!("locum {}", env!("CARGO_PKG_VERSION")),
        ) + "\n";
        for (name, file, info) in self.session.list() {
            let modules: Vec<&str> = info.modules.iter().map(|it| &*it.name).collect();
            let name = painter.paint(Style::Name, &out::line(&name));
            text += &format!(
                "{name} from {}: {}\n",
                out::line(&file),
                out::line(&modules.join(", "))
            );
        }
        text + "`name?` tells what a name is, Tab completes, :help lists the commands, Ctrl-D ends\n"
    }

    /// Whether the user has had enough.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// What is known here, for completion.
    pub(super) fn resolver(&self) -> Resolver {
        Resolver::new(&self.session, &self.interpreter)
    }

    /// Runs what was typed; whether that went well.
    pub(super) fn run(&mut self, source: &str) -> bool {
        let trimmed = source.trim();
        let result = match Command::read(trimmed) {
            Some(command) => command.and_then(|command| commands::run(self, command)),
            None => match trimmed.strip_suffix('?') {
                Some(name) => help::on(&self.resolver(), name.trim()).map(|text| out::out(&text)),
                None => self.evaluate(source).map(|_| ()),
            },
        };
        let result = result.map_err(|failure| failure.report());
        let revived = self.revive().map_err(|failure| failure.report());
        result.and(revived).is_ok()
    }

    /// Evaluates, and shows the result.
    pub(super) fn evaluate(&mut self, source: &str) -> Result<(), Failure> {
        let value = self.value(source)?;
        self.show(&value)?;
        if value != Value::Null {
            self.interpreter.set("_", value);
        }
        Ok(())
    }

    /// Evaluates, under Ctrl-C's eyes.
    pub(crate) fn value(&mut self, source: &str) -> Result<Value, Failure> {
        let script = expr::parse(source)?;
        let interrupter = self.interpreter.interrupter();
        let guard = interrupt::guard(&self.session, interrupter.clone());
        let span = tracing::debug_span!(target: "locum::eval", "expression", expression = source);
        let result = span.in_scope(|| self.interpreter.run(&script));
        drop(guard);
        print::end_line();
        let was_interrupted = interrupter.is_interrupted();
        interrupter.clear();
        match result {
            Ok(value) => Ok(value.unwrap_or_default()),
            Err(_) if was_interrupted => Err(Failure::Interrupted),
            Err(error) => Err(error.into()),
        }
    }

    /// Starts plugins anew that have ended, and tells of it.
    pub(crate) fn revive(&mut self) -> Result<(), Failure> {
        let revived = self.session.revive()?;
        if !revived.is_empty() {
            self.interpreter.forget_modules();
        }
        for (before, now) in revived {
            out::note(&format!(
                "`{}` has ended and was started anew as `{}`; the objects that it had are gone\n",
                out::line(&before),
                out::line(&now)
            ));
        }
        Ok(())
    }

    fn show(&mut self, value: &Value) -> Result<(), Failure> {
        if self.as_json {
            out::out(&(json::write(value).map_err(Failure::Result)? + "\n"));
        } else {
            out::out(&self.screen.show(value));
        }
        Ok(())
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    pub(super) fn interpreter(&mut self) -> &mut Interpreter {
        &mut self.interpreter
    }

    /// Binds a variable.
    pub(crate) fn set(&mut self, name: &str, value: Value) {
        self.interpreter.set(name, value);
    }

    pub(super) fn end(&mut self) {
        self.is_over = true;
    }
}
