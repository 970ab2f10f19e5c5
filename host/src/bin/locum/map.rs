//! `locum map`: a function on many items, in several instances of a plugin at once.

use std::fs;
use std::io::{self, BufRead};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::Args;
use locum::expr::{Interpreter, Modules};
use locum::{Bytes, DynArgs, Error, Pool, Proxy, Value};
use serde_json::json;

use crate::cli::GrantArgs;
use crate::failure::Failure;
use crate::monitor::MonitorArgs;
use crate::show::Screen;
use crate::source::Source;
use crate::{grants, json, out, progress};

const EXAMPLES: &str = "\
The function is called with each item: a text, or with --read the bytes of the file of that name. Without items they are the
lines of standard input. Results are printed in the order of the items; an item that fails is told of, and stops no other.
Each instance of the plugin has a memory of its own, so the function should depend on its arguments only.

Examples:
  locum map --read images.wasm images.info photos/*.jpg
  locum map --read --output small --with 'size=200' images.wasm images.thumbnail photos/*.jpg
  cut -f1 names.txt | locum map --json texts.wasm texts.normalise

With --json: {\"item\": ..., \"value\": ...} or {\"item\": ..., \"error\": ...}, one a line.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct MapArgs {
    /// Give the function the bytes of the files that the items name
    #[arg(long)]
    read: bool,

    /// Write each result, a text or bytes, to a file in this directory under the name of its item; with --extension with
    /// another ending
    #[arg(long, value_name = "DIRECTORY")]
    output: Option<PathBuf>,

    /// The ending of the files that --output writes, as in `webp`
    #[arg(long, value_name = "ENDING", requires = "output")]
    extension: Option<String>,

    /// More arguments by name, the same for all items: `size=200, format='webp'`
    #[arg(long, value_name = "NAME=VALUE, ...")]
    with: Option<String>,

    /// How many instances work at once; one for each core when it is not said
    #[arg(short = 'j', long, value_name = "NUMBER")]
    instances: Option<NonZero<usize>>,

    /// Print results as JSON, one a line
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    monitor: MonitorArgs,

    #[command(flatten)]
    grants: GrantArgs,

    /// The plugin's file
    #[arg(value_name = "PLUGIN.wasm")]
    plugin: PathBuf,

    /// The function, after its module: `images.info`
    #[arg(value_name = "MODULE.FUNCTION")]
    function: String,

    /// The items
    #[arg(value_name = "ITEM")]
    items: Vec<String>,
}

pub(crate) fn run(arguments: &MapArgs) -> Result<(), Failure> {
    let keywords = keywords(arguments.with.as_deref())?;
    let items = items(&arguments.items)?;
    if let Some(directory) = &arguments.output {
        fs::create_dir_all(directory).map_err(|error| unwritable(directory, &error))?;
    }
    let (options, grants) = grants::read(&arguments.grants)?;
    let source = Source::File(arguments.plugin.clone());
    let template = source.template(&arguments.monitor.host()?, None, options, grants)?;
    let pool = template.pool(arguments.instances.map_or(0, NonZero::get))?;
    known(&pool, &arguments.function)?;

    let bar = progress::bar(items.len() as u64, "mapping");
    let work = Work {
        arguments,
        keywords,
        pool,
        output: Mutex::new(Ordered::new(arguments.json)),
    };
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..work.pool.len() {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = work.of(item);
                    bar.inc(1);
                    work.finished(&items, item, result, &bar);
                }
            });
        }
    });
    bar.finish_and_clear();
    let failed = work.output.into_inner().map_or(0, |it| it.failed);
    if failed == 0 {
        return Ok(());
    }
    Err(Failure::Result(format!(
        "{failed} of {} items failed",
        items.len()
    )))
}

/// What is the same for all items.
struct Work<'a> {
    arguments: &'a MapArgs,
    keywords: Vec<(String, Value)>,
    pool: Pool,
    output: Mutex<Ordered>,
}

/// Results that are shown in the order of their items.
struct Ordered {
    waiting: Vec<Option<Result<Value, String>>>,
    shown: usize,
    failed: usize,
    as_json: bool,
    screen: Screen,
}

impl Work<'_> {
    fn of(&self, item: &str) -> Result<Value, String> {
        let first = if self.arguments.read {
            let bytes = fs::read(item).map_err(|error| format!("it can not be read: {error}"))?;
            Value::Bytes(Bytes::from(bytes))
        } else {
            Value::from(item)
        };
        let call = DynArgs {
            positional: vec![first],
            keywords: self.keywords.clone(),
        };
        let said = |error: Error| error.to_string();
        let result: Value = self
            .pool
            .call(&self.arguments.function, call)
            .map_err(said)?;
        match &self.arguments.output {
            None => Ok(result),
            Some(directory) => self.write(directory, item, &result),
        }
    }

    /// The name of the file that was written.
    fn write(&self, directory: &Path, item: &str, result: &Value) -> Result<Value, String> {
        let bytes: &[u8] = match result {
            Value::Text(text) => text.as_bytes(),
            Value::Bytes(bytes) => bytes,
            other => {
                let kind = other.type_name();
                return Err(format!(
                    "its result is no text or bytes but a {kind}, which --output can not write"
                ));
            }
        };
        let name = Path::new(item)
            .file_name()
            .ok_or("it has no file's name, which --output needs")?;
        let mut path = directory.join(name);
        if let Some(extension) = &self.arguments.extension {
            path.set_extension(extension.trim_start_matches('.'));
        }
        fs::write(&path, bytes)
            .map_err(|error| format!("{} can not be written: {error}", path.display()))?;
        Ok(Value::from(path.display().to_string()))
    }

    fn finished(
        &self,
        items: &[String],
        item: &String,
        result: Result<Value, String>,
        bar: &indicatif::ProgressBar,
    ) {
        // Its place among them, by where it lies.
        let Some(at) = items.iter().position(|it| std::ptr::eq(it, item)) else {
            return;
        };
        let Ok(mut output) = self.output.lock() else {
            return;
        };
        bar.suspend(|| output.add(items, at, result));
    }
}

impl Ordered {
    fn new(as_json: bool) -> Ordered {
        Ordered {
            waiting: Vec::new(),
            shown: 0,
            failed: 0,
            as_json,
            screen: Screen::stdout(),
        }
    }

    fn add(&mut self, items: &[String], at: usize, result: Result<Value, String>) {
        self.failed += usize::from(result.is_err());
        if self.waiting.len() < items.len() {
            self.waiting.resize_with(items.len(), || None);
        }
        self.waiting[at] = Some(result);
        while let Some(result) = self.waiting.get_mut(self.shown).and_then(Option::take) {
            self.show(&items[self.shown], result);
            self.shown += 1;
        }
    }

    fn show(&mut self, item: &str, result: Result<Value, String>) {
        if self.as_json {
            let value = result.and_then(|value| json::write(&value));
            let item = json!(item).to_string();
            let line = match value {
                Ok(value) => format!("{{\"item\":{item},\"value\":{value}}}"),
                Err(error) => format!("{{\"item\":{item},\"error\":{}}}", json!(error)),
            };
            out::out(&(json::escaped(&line) + "\n"));
            return;
        }
        match result {
            Ok(value) => {
                let shown = self.screen.show(&value);
                let gap = if shown.trim_end().contains('\n') {
                    "\n"
                } else {
                    " "
                };
                let shown = if shown.is_empty() {
                    "\n".to_owned()
                } else {
                    gap.to_owned() + &shown
                };
                out::out(&format!("{}:{shown}", out::line(item)));
            }
            Err(error) => out::err(&format!(
                "error: {}: {}\n",
                out::line(item),
                out::plain(&error)
            )),
        }
    }
}

/// The arguments in `size=200, format='webp'`, read by the language.
fn keywords(with: Option<&str>) -> Result<Vec<(String, Value)>, Failure> {
    let Some(with) = with else {
        return Ok(Vec::new());
    };
    let mut interpreter = Interpreter::new(Nothing, |_: &str| ());
    let value = interpreter.eval(&format!("dict({with})"));
    let wrong = |why: String| {
        Failure::Usage(format!(
            "--with {with}: {why}; give it as in `size=200, format='webp'`"
        ))
    };
    match value {
        Ok(Some(Value::Map(map))) => map
            .into_iter()
            .map(|(key, value)| match key {
                Value::Text(key) => Ok((key, value)),
                other => Err(wrong(format!("{} is no name", other.type_name()))),
            })
            .collect(),
        Ok(_) => Err(wrong("it is no list of arguments".to_owned())),
        Err(error) => Err(wrong(error.message().to_owned())),
    }
}

/// The constants of `--with` come from no plugin.
struct Nothing;

impl Modules for Nothing {
    fn import(&self, name: &str) -> locum::Result<Proxy> {
        Err(Error::raise(
            "ImportError",
            format!("there is no module `{name}` here"),
        ))
    }

    fn contents(&self) -> locum::Result<Vec<(String, Vec<String>)>> {
        Ok(Vec::new())
    }
}

fn items(given: &[String]) -> Result<Vec<String>, Failure> {
    if !given.is_empty() {
        return Ok(given.to_vec());
    }
    let lines: io::Result<Vec<String>> = io::stdin().lock().lines().collect();
    let mut lines = lines.map_err(|error| {
        Failure::Usage(format!(
            "the items on standard input can not be read: {error}"
        ))
    })?;
    lines.retain(|line| !line.is_empty());
    Ok(lines)
}

/// Whether there is such a function, so that not every item says that there is none.
fn known(pool: &Pool, function: &str) -> Result<(), Failure> {
    let plugin = pool.template().start()?;
    let info = plugin.describe()?;
    plugin.close()?;
    let names = || {
        info.modules.iter().flat_map(|module| {
            let functions = module.functions.iter().map(|it| &it.name);
            let classes = module.classes.iter().map(|it| &it.name);
            functions
                .chain(classes)
                .map(move |name| format!("{}.{name}", module.name))
        })
    };
    if names().any(|name| name == function)
        || names().any(|name| function.starts_with(&format!("{name}.")))
    {
        return Ok(());
    }
    let names: Vec<String> = names().collect();
    let advice = match locum::ops::closest(function, names.iter().map(String::as_str)) {
        Some(close) => format!("; did you mean `{close}`?"),
        None => format!("; there are {}", names.join(", ")),
    };
    Err(Failure::Usage(format!(
        "the plugin has no function `{}`{}",
        out::line(function),
        out::plain(&advice)
    )))
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::Usage(format!(
        "{} can not be written to: {error}; name a directory that you may write to",
        path.display()
    ))
}
