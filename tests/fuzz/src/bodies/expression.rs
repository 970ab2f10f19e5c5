//! Any text is an expression or an error that says where; and what can be run ends with a value or an error.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once};
use std::thread;
use std::time::{Duration, Instant};

use locum_protocol::{Data, Error, Kind, Proxy, Result, Value, callback};

use super::expr::{self, Interpreter, Interrupter, Modules};

/// Reads a text, and runs it for a while if nothing in it may take much memory.
pub fn expression(bytes: &[u8]) {
    let source = String::from_utf8_lossy(bytes);
    expr::wants_more(&source);
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

/// Whether running it needs no great amount of memory at once.
fn is_quick(source: &str) -> bool {
    let slow = ["*", "<<", "range", "bytes"];
    source.len() <= 400 && !slow.iter().any(|word| source.contains(word))
}

fn run(source: &str) {
    let mut interpreter = Interpreter::new(Nearby, |_: &str| ());
    let watched = Watched::new(interpreter.interrupter());
    let result = interpreter.eval(source);
    drop(watched);
    match result {
        Ok(value) => drop(value.as_ref().map(expr::display)),
        Err(error) => is_placed(&error, source),
    }
}
/// How long a script may run: `while True: pass` is a fine script.
const LONGEST: Duration = Duration::from_millis(300);

static RUNNING: Mutex<Vec<(u64, Instant, Interrupter)>> = Mutex::new(Vec::new());
static RUNS: AtomicU64 = AtomicU64::new(0);
static WATCH: Once = Once::new();

/// A run that is interrupted if it takes too long.
struct Watched(u64);

impl Watched {
    fn new(interrupter: Interrupter) -> Watched {
        WATCH.call_once(|| drop(thread::spawn(interrupt_the_long)));
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        let mut running = RUNNING.lock().unwrap();
        running.push((run, Instant::now(), interrupter));
        Watched(run)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        RUNNING.lock().unwrap().retain(|(run, ..)| *run != self.0);
    }
}

fn interrupt_the_long() {
    loop {
        thread::sleep(LONGEST / 3);
        for (_, begun, interrupter) in &*RUNNING.lock().unwrap() {
            // Again and again: a script may catch it, and `finally` may go on.
            if begun.elapsed() > LONGEST {
                interrupter.interrupt();
            }
        }
    }
}

/// A module `m` with a class `list` and functions `f` and `call`, all of them in this program.
struct Nearby;

impl Modules for Nearby {
    fn import(&self, name: &str) -> Result<Proxy> {
        match name {
            "m" => Ok(Proxy::local(std::sync::Arc::new(
                locum_protocol::Module::new("m")
                    .object("list", callback(list).into_object())
                    .object("f", callback(|it: Value| it).into_object())
                    .object("call", callback(call).into_object()),
            ))),
            name => Err(Error::new(
                Kind::NoSuchModule,
                format!("no module {name:?}"),
            )),
        }
    }

    fn contents(&self) -> Result<Vec<(String, Vec<String>)>> {
        let names = ["list", "f", "call"].map(str::to_owned).to_vec();
        Ok(vec![("m".to_owned(), names)])
    }
}

fn call(function: Proxy, value: Value) -> Result<Value> {
    function.invoke((value,))
}

fn list(items: Value) -> Proxy {
    Proxy::local(std::sync::Arc::new(Data::new(items)))
}
