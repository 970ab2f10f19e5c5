//! Any text is an expression or an error that says where; and what can be run ends with a value or an error.

use std::ops::Range;

use locum_protocol::{Data, Error, Kind, Proxy, Result, Value, callback};

use super::expr::{self, Interpreter, Modules};

/// Reads a text, and runs it if nothing in it may take long.
pub fn expression(bytes: &[u8]) {
    let source = String::from_utf8_lossy(bytes);
    match expr::parse(&source) {
        Ok(script) => {
            assert_eq!(script.source(), source);
            if is_quick(&source) {
                run(&source);
            }
        }
        Err(error) => is_placed(&error, &source),
    }
}

/// The place of an error can be cut out of the source, and the error can be shown.
fn is_placed(error: &expr::Error, source: &str) {
    let Range { start, end } = error.span();
    assert!(source.get(start..end).is_some(), "{start}..{end}: {error}");
    let shown = error.render();
    assert!(!error.message().is_empty() && !error.type_name().is_empty());
    assert!(
        shown.starts_with("error: ") && shown.ends_with('\n'),
        "{shown:?}"
    );
    let (line, column) = error.position();
    assert!(line >= 1 && column >= 1 && line <= source.len() + 1);
}

/// Whether running it is about as long as reading it: a loop in a loop, or a number of repetitions, may take a day.
fn is_quick(source: &str) -> bool {
    let slow = ["for", "*", "<<", "range", "bytes"];
    source.len() <= 400 && !slow.iter().any(|word| source.contains(word))
}

fn run(source: &str) {
    let mut interpreter = Interpreter::new(Nearby, |_: &str| ());
    match interpreter.eval(source) {
        Ok(value) => drop(value.as_ref().map(expr::display)),
        Err(error) => is_placed(&error, source),
    }
}

/// A module `m` with a class `list` and a function `f`, all of them in this program.
struct Nearby;

impl Modules for Nearby {
    fn import(&self, name: &str) -> Result<Proxy> {
        match name {
            "m" => Ok(Proxy::local(std::sync::Arc::new(
                locum_protocol::Module::new("m")
                    .object("list", callback(list).into_object())
                    .object("f", callback(|it: Value| it).into_object()),
            ))),
            name => Err(Error::new(
                Kind::NoSuchModule,
                format!("no module {name:?}"),
            )),
        }
    }

    fn contents(&self) -> Result<Vec<(String, Vec<String>)>> {
        let names = ["list", "f"].map(str::to_owned).to_vec();
        Ok(vec![("m".to_owned(), names)])
    }
}

fn list(items: Value) -> Proxy {
    Proxy::local(std::sync::Arc::new(Data::new(items)))
}
