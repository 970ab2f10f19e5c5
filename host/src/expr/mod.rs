//! A small language for the calls that proxies have, with Python's look: what `locum eval` evaluates.
//!
//! ```text
//! l = collections.list([i*i for i in range(10)])
//! l[2:5]                                   # [4, 9, 16]
//! for key in collections.dict({'a': 1}):
//!     print(key)
//! ```
//!
//! The values are [`Value`]s. Data behaves as a value: binding or storing it makes a copy. An object is its
//! [`Proxy`](locum_protocol::Proxy), and is shared, as in Python. Reading `p.a.b` or calling `p.a.b(x)` is one
//! crossing, whatever the number of dots. Tuples are lists. The [reference](mod@reference) tells all of it.
//!
//! An [`Interpreter`] owns what its scripts share (`Shared` in `frame`): variables, modules, where to print. Each run of a
//! script and each call of one of its functions is a `Frame` with variables of its own, on the stack of whoever calls; a
//! plugin may call a function while the script waits for the plugin, or later. **Invariant:** no lock is held while anything
//! crosses, also not by letting go of an object or by comparing one.
//!
//! A source goes through the files in this order: `lexer` (with `literal`, `fstring` and `indent`) cuts it into `token`s; `cursor`
//! walks over them for `statement`, `block`, `define`, `parser`, `atom` and `compose`, which build the `ast`; `exec` runs statements,
//! `catch` those about errors, `eval` expressions, `place` the chains of attributes, indices and calls, `target` what is assigned to,
//! `function` functions, `builtins` those that are always there. Names are found in `frame`, then in the plugin, by `library`.
//! `budget` bounds the memory, `depth` the stack, `interrupt` the time. `report` draws errors.

mod ast;
mod atom;
mod block;
mod budget;
mod builtins;
mod catch;
mod compose;
mod comprehension;
mod cursor;
mod define;
mod depth;
mod error;
mod eval;
mod exec;
mod frame;
mod fstring;
mod function;
mod held;
mod indent;
mod interpreter;
mod interrupt;
mod iterate;
mod lexer;
mod library;
mod literal;
mod parser;
mod place;
mod report;
mod scope;
mod statement;
mod target;
#[cfg(test)]
mod tests;
mod token;
mod words;

#[cfg(doc)]
#[doc = include_str!("../../docs/language.md")]
pub mod reference {}

use std::fmt;
use std::sync::Arc;

use locum_protocol::{Value, ops};

pub use error::Error;
pub use interpreter::Interpreter;
pub use interrupt::Interrupter;
pub use library::{Modules, contents};
pub use words::{KEYWORDS, builtin_doc, builtin_names};

/// A source that was read and can be run, any number of times.
///
/// ```
/// # use locum::expr::parse;
/// let script = parse("# nothing yet").unwrap();
/// assert!(script.is_empty());
/// assert_eq!(parse("1 + 2").unwrap().source(), "1 + 2");
/// ```
pub struct Script {
    source: Arc<str>,
    statements: Vec<ast::Statement>,
}

impl Script {
    /// Whether there is nothing in it but comments and blank lines.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// What it was read from.
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Script").field(&self.source).finish()
    }
}

/// Reads a source without running it. No input makes it panic or run out of stack.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use locum::Host;
/// # use locum::expr::{Interpreter, parse};
/// let script = parse("n = n + 1\nn").unwrap(); // read once
/// let plugin = Host::new()?.load("collections.wasm")?;
/// let mut interpreter = Interpreter::new(plugin.clone(), |_: &str| {});
/// interpreter.set("n", 1.into());
/// assert_eq!(interpreter.run(&script).unwrap(), Some(2.into())); // run twice
/// assert_eq!(interpreter.run(&script).unwrap(), Some(3.into()));
/// # Ok::<(), locum::Error>(())
/// ```
pub fn parse(source: &str) -> Result<Script, Error> {
    let source = Arc::from(source);
    match statement::statements(&source) {
        Ok(statements) => Ok(Script { source, statements }),
        Err(error) => Err(error.in_source(&source)),
    }
}

/// Whether whoever types a source is not done with it, so that a further line is to be read before it is run: brackets or
/// a long string are open, a line ends with `:`, or it ends with a block that no blank line has ended yet.
///
/// ```
/// use locum::expr::wants_more;
///
/// assert!(wants_more("f(1,"));
/// assert!(wants_more("for i in range(3):\n    print(i)"));
/// assert!(!wants_more("for i in range(3):\n    print(i)\n"));
/// assert!(!wants_more("1 +* 2"), "a further line would not mend it");
/// ```
pub fn wants_more(source: &str) -> bool {
    let statements = match statement::statements(source) {
        Ok(statements) => statements,
        Err(error) => return error.is_incomplete(),
    };
    let ends_with_block = statements
        .last()
        .is_some_and(|last| last.kind.opens_block().is_some());
    let is_ended = source
        .rsplit_once('\n')
        .is_some_and(|(_, last)| last.trim().is_empty());
    ends_with_block && !is_ended
}

/// How a result is shown to the person who asked for it: nothing for null, an object as its proxy (without a
/// crossing), data as it would be written.
///
/// ```
/// # use locum::expr::display;
/// assert_eq!(display(&vec!["a", "b"].into()), "['a', 'b']");
/// assert_eq!(display(&().into()), "");
/// ```
pub fn display(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Object(proxy) => format!("{proxy:?}"),
        // Objects inside of data may be gone, which is no reason to show nothing.
        data => ops::repr(data).unwrap_or_else(|error| format!("<{}: {error}>", data.type_name())),
    }
}
