//! The interpreter, as an application holds it.

use std::fmt;
use std::sync::Arc;

use locum_protocol::Value;

use super::Script;
use super::error::Error;
use super::frame::{Frame, Shared};
use super::interrupt::Interrupter;
use super::library::{Library, Modules};
use super::scope::Binding;

/// Runs scripts, one after the other, on the same variables.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::Host;
/// # use locum::expr::Interpreter;
/// let plugin = Host::new()?.load("collections.wasm")?;
/// let mut interpreter = Interpreter::new(plugin, |line: &str| print!("{line}"));
/// interpreter.set("n", 3.into());
/// let sum = interpreter.eval("l = collections.list([i*i for i in range(n)])\nsum(l)").unwrap();
/// assert_eq!(sum, Some(5.into()));
/// assert_eq!(interpreter.names(), ["l", "n"]);
/// assert_eq!(interpreter.get("n"), Some(3.into()));
/// interpreter.eval("print(l)").unwrap(); // [0, 1, 4]
/// interpreter.eval("import collections as c").unwrap();
/// assert_eq!(interpreter.module("c").as_deref(), Some("collections"));
/// interpreter.forget_modules(); // had the plugin been started anew
/// # Ok::<(), locum::Error>(())
/// ```
///
/// A function that a script defined belongs to the interpreter: it may be called from any thread, by a plugin too, for
/// as long as a clone of the interpreter is there.
#[derive(Clone)]
pub struct Interpreter {
    shared: Arc<Shared>,
}

impl Interpreter {
    /// An interpreter that finds modules in `modules` (a [`Plugin`](crate::Plugin), in most cases), and gives what a
    /// script prints to `print`, piece by piece. `print` must not call this interpreter.
    pub fn new(
        modules: impl Modules + 'static,
        print: impl FnMut(&str) + Send + 'static,
    ) -> Interpreter {
        let library = Library::new(Box::new(modules));
        Interpreter {
            shared: Arc::new(Shared::new(library, Box::new(print))),
        }
    }

    /// Reads and runs a source. When its last statement is an expression, its value is the result.
    ///
    /// # Errors
    /// As for [`parse`](super::parse) and [`run`](Interpreter::run).
    pub fn eval(&mut self, source: &str) -> Result<Option<Value>, Error> {
        self.run(&super::parse(source)?)
    }

    /// Runs a script. When its last statement is an expression, its value is the result.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use locum::Host;
    /// # use locum::expr::{Interpreter, parse};
    /// let plugin = Host::new()?.load("collections.wasm")?;
    /// let mut interpreter = Interpreter::new(plugin, |_: &str| {});
    /// let twice = parse("2 * n").unwrap();
    /// for n in [1, 2] {
    ///     interpreter.set("n", n.into());
    ///     assert_eq!(interpreter.run(&twice).unwrap(), Some((2 * n).into()));
    /// }
    /// # Ok::<(), locum::Error>(())
    /// ```
    ///
    /// # Errors
    /// What the script raised and did not catch. What was done before stays done.
    pub fn run(&mut self, script: &Script) -> Result<Option<Value>, Error> {
        Frame::new(&self.shared, &script.source)
            .script(&script.statements)
            .map_err(|error| error.in_source(&script.source))
    }

    /// Binds a variable.
    pub fn set(&mut self, name: &str, value: Value) {
        let before = self.shared.globals().set(name, Binding::Value(value));
        // Letting go of an object may be a crossing, and here is no lock held any more.
        drop(before);
    }

    /// The value of a variable; `None` when it is not bound, or bound to a module.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.shared.globals().get(name)?.at(&[]).cloned()
    }

    /// The dotted name of the module that a variable is bound to, by an `import`; `None` when it is not bound to one.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use locum::Host;
    /// # use locum::expr::Interpreter;
    /// let plugin = Host::new()?.load("collections.wasm")?;
    /// let mut interpreter = Interpreter::new(plugin, |_| {});
    /// interpreter.eval("import collections as c").unwrap();
    /// assert_eq!(interpreter.module("c").as_deref(), Some("collections"));
    /// assert_eq!(interpreter.get("c"), None);
    /// # Ok::<(), locum::Error>(())
    /// ```
    pub fn module(&self, name: &str) -> Option<String> {
        match self.shared.globals().get(name)? {
            Binding::Module(module) => Some(module.clone()),
            _ => None,
        }
    }

    /// The names of the variables, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.shared.globals().names().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// What ends a running script from another thread.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use locum::Host;
    /// # use locum::expr::Interpreter;
    /// let plugin = Host::new()?.load("collections.wasm")?;
    /// let mut interpreter = Interpreter::new(plugin, |_| {});
    /// interpreter.interrupter().interrupt(); // before it has begun
    /// assert!(interpreter.eval("1 + 1").unwrap_err().is_interrupt());
    /// # Ok::<(), locum::Error>(())
    /// ```
    pub fn interrupter(&self) -> Interrupter {
        self.shared.interrupter.clone()
    }

    /// Forgets which modules were imported and what is in them, when the plugin was started anew: names are looked up
    /// afresh. Variables stay, and so do the objects in them, which may be gone.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use locum::Host;
    /// # use locum::expr::Interpreter;
    /// let plugin = Host::new()?.load("collections.wasm")?;
    /// let mut interpreter = Interpreter::new(plugin, |_| {});
    /// interpreter.eval("n = len(collections.list([1, 2]))").unwrap();
    /// interpreter.forget_modules(); // the plugin was started anew, say
    /// assert_eq!(interpreter.eval("len(collections.list([n]))").unwrap(), Some(1.into()));
    /// # Ok::<(), locum::Error>(())
    /// ```
    pub fn forget_modules(&mut self) {
        self.shared.library.forget();
    }
}

impl fmt::Debug for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interpreter")
            .field("names", &self.names())
            .finish_non_exhaustive()
    }
}
