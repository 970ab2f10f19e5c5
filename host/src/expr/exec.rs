//! Running statements.

use locum_protocol::Value;

use super::Script;
use super::ast::{Statement, StatementKind};
use super::error::Error;
use super::eval::At;
use super::library::{Library, Modules};
use super::scope::{Binding, Scope};
use super::token::Span;

/// Runs scripts, one after the other, on the same variables.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::Host;
/// # use locum::expr::Interpreter;
/// let plugin = Host::new()?.load("collections.wasm")?;
/// let mut printed = String::new();
/// let mut interpreter = Interpreter::new(&plugin, Box::new(|line| printed.push_str(line)));
/// interpreter.set("n", 3.into());
/// let sum = interpreter.eval("l = collections.list([i*i for i in range(n)])\nsum(l)").unwrap();
/// assert_eq!(sum, Some(5.into()));
/// assert_eq!(interpreter.names(), ["l", "n"]);
/// assert_eq!(interpreter.get("n"), Some(&3.into()));
/// interpreter.eval("print(l)").unwrap();
/// drop(interpreter);
/// assert!(printed.starts_with("[0, 1, 4]"));
/// # Ok::<(), locum::Error>(())
/// ```
pub struct Interpreter<'m> {
    pub(super) scope: Scope,
    pub(super) library: Library<'m>,
    pub(super) print: Box<dyn FnMut(&str) + 'm>,
    pub(super) depth: usize,
}

impl<'m> Interpreter<'m> {
    /// An interpreter that finds modules in `modules`, and gives what a script prints to `print`.
    pub fn new(modules: &'m dyn Modules, print: Box<dyn FnMut(&str) + 'm>) -> Interpreter<'m> {
        Interpreter {
            scope: Scope::default(),
            library: Library::new(modules),
            print,
            depth: 0,
        }
    }

    /// Reads and runs a source. When its last statement is an expression, its value is the result.
    pub fn eval(&mut self, source: &str) -> Result<Option<Value>, Error> {
        self.run(&super::parse(source)?)
    }

    /// Runs a script. When its last statement is an expression, its value is the result.
    ///
    /// What was done before an error stays done.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use locum::Host;
    /// # use locum::expr::{Interpreter, parse};
    /// let plugin = Host::new()?.load("collections.wasm")?;
    /// let mut interpreter = Interpreter::new(&plugin, Box::new(|_| {}));
    /// let twice = parse("2 * n").unwrap();
    /// for n in [1, 2] {
    ///     interpreter.set("n", n.into());
    ///     assert_eq!(interpreter.run(&twice).unwrap(), Some((2 * n).into()));
    /// }
    /// # Ok::<(), locum::Error>(())
    /// ```
    pub fn run(&mut self, script: &Script) -> Result<Option<Value>, Error> {
        self.depth = 0;
        self.statements(&script.statements)
            .map_err(|error| error.in_source(&script.source))
    }

    /// Binds a variable.
    pub fn set(&mut self, name: &str, value: Value) {
        self.scope.set(name, Binding::Value(value));
    }

    /// The value of a variable; `None` when it is not bound, or bound to a module.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.scope.look(name, &[])
    }

    /// The names of the variables, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.scope.names().map(str::to_owned).collect();
        names.sort();
        names
    }

    fn statements(&mut self, statements: &[Statement]) -> Result<Option<Value>, Error> {
        let mut last = None;
        for statement in statements {
            last = self.statement(statement)?;
        }
        Ok(last)
    }

    fn statement(&mut self, statement: &Statement) -> Result<Option<Value>, Error> {
        match &statement.kind {
            StatementKind::Expression(expr) => return self.value(expr).map(Some),
            StatementKind::Assign { targets, value } => {
                let value = self.value(value)?;
                for target in targets {
                    self.assign(target, value.clone())?;
                }
            }
            StatementKind::Augment {
                target,
                operator,
                value,
            } => self.augment(target, *operator, value)?,
            StatementKind::Import { module, alias } => {
                self.import(module, alias.as_deref(), statement.span)?
            }
            StatementKind::ImportFrom {
                module,
                name,
                alias,
            } => {
                let member = self.library.import_from(module, name).at(statement.span)?;
                self.scope.set(alias, Binding::Value(member));
            }
            StatementKind::Delete(targets) => {
                targets.iter().try_for_each(|target| self.delete(target))?
            }
            StatementKind::For {
                target,
                source,
                body,
            } => {
                for item in self.iterate(source)? {
                    self.assign(target, item.at(source.span)?)?;
                    self.statements(body)?;
                }
            }
            StatementKind::Pass => {}
        }
        Ok(None)
    }

    /// As in Python, `import a.b` binds `a`, and `import a.b as c` binds what it says.
    fn import(&mut self, module: &str, alias: Option<&str>, span: Span) -> Result<(), Error> {
        // A package that is no module itself has nothing to import yet.
        if self.library.is_module(module).at(span)? || !self.library.is_package(module).at(span)? {
            self.library.import(module).at(span)?;
        }
        match (alias, module.split_once('.')) {
            (Some(alias), _) => self.scope.set(alias, Binding::Module(module.to_owned())),
            (None, Some((first, _))) => self.scope.set(first, Binding::Module(first.to_owned())),
            (None, None) => self.scope.set(module, Binding::Module(module.to_owned())),
        }
        Ok(())
    }
}
