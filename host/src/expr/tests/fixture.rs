//! A plugin in this program: modules `collections`, `counters`, `shapes.round`, `shapes.flat`, and a wire that writes
//! down what crosses it.

use std::any::Any;
use std::sync::{Arc, Mutex, OnceLock};

use locum_protocol::*;

use crate::expr::{self, Interpreter, display};

type Other = Arc<OnceLock<WeakPeer>>;
type Log = Arc<Mutex<Vec<String>>>;

struct Wire {
    other: Other,
    log: Log,
}

impl Wire {
    fn send(&self, message: String) -> Peer {
        self.log.lock().unwrap().push(message.trim_end().to_owned());
        self.other.get().and_then(WeakPeer::upgrade).unwrap()
    }
}

impl Transport for Wire {
    fn import_module(&self, name: &str) -> Result<Handle> {
        self.send(format!("import {name}"))
            .serve_import_module(name)
    }
    fn get_attr(&self, target: Handle, path: &str, reply: ReplyMode) -> Result<WireParcel> {
        self.send(format!("get {path}"))
            .serve_get_attr(target, path, reply)
    }
    fn set_attr(&self, target: Handle, path: &str, value: WireParcel) -> Result<()> {
        self.send(format!("set {path}"))
            .serve_set_attr(target, path, value)
    }
    fn call(
        &self,
        target: Handle,
        path: &str,
        args: WireParcel,
        reply: ReplyMode,
    ) -> Result<WireParcel> {
        self.send(format!("call {path}"))
            .serve_call(target, path, args, reply)
    }
    fn transfer(&self, value: WireParcel) -> Result<Handle> {
        self.send("transfer".to_owned()).serve_transfer(value)
    }
    fn release(&self, released: &[Released]) -> Result<bool> {
        match self.other.get().and_then(WeakPeer::upgrade) {
            Some(other) => other.serve_release(released).map(|()| true),
            None => Ok(true),
        }
    }
    fn describe(&self, target: Handle) -> Result<WireParcel> {
        self.send("describe".to_owned()).serve_describe(target)
    }
    fn close(&self) -> Result<()> {
        Ok(())
    }
}

/// An object made of closures.
struct Made<C, G> {
    name: &'static str,
    call: C,
    get: G,
}

impl<C, G> Object for Made<C, G>
where
    C: Fn(&str, DynArgs) -> Option<Result<Value>> + Send + Sync + 'static,
    G: Fn(&str, Option<Value>) -> Option<Value> + Send + Sync + 'static,
{
    fn type_name(&self) -> &str {
        self.name
    }
    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        match (self.call)(name, args.to_dyn()?) {
            Some(value) => value.and_then(outcome),
            None => Err(Error::no_attribute(format!(
                "`{}` has no attribute `{name}`",
                self.name
            ))),
        }
    }
    fn get(self: Arc<Self>, name: &str) -> Result<Outcome> {
        match (self.get)(name, None) {
            Some(value) => outcome(value),
            None => Err(Error::no_attribute(format!(
                "`{}` has no attribute `{name}`",
                self.name
            ))),
        }
    }
    fn set(self: Arc<Self>, name: &str, value: Parcel) -> Result<()> {
        let value = value.decode()?;
        match (self.get)(name, Some(value)) {
            Some(_) => Ok(()),
            None => Err(Error::no_attribute(format!(
                "`{}` has no attribute `{name}`",
                self.name
            ))),
        }
    }
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

fn outcome(value: Value) -> Result<Outcome> {
    match value {
        Value::Object(proxy) => Ok(Outcome::Object(proxy)),
        data => Outcome::data(&data),
    }
}

fn function(
    name: &'static str,
    run: impl Fn(DynArgs) -> Result<Value> + Send + Sync + 'static,
) -> ObjectRef {
    let call = move |method: &str, args| method.is_empty().then(|| run(args));
    Arc::new(Made {
        name,
        call,
        get: |_: &str, _| None,
    })
}

/// A kind of data that lives over there, as `collections.list` and `collections.dict` are.
fn class_of(name: &'static str, empty: Value) -> ObjectRef {
    function(name, move |args| {
        let value = args
            .positional
            .into_iter()
            .next()
            .unwrap_or_else(|| empty.clone());
        Ok(Value::Object(Proxy::local(Arc::new(Data::new(value)))))
    })
}

/// `value` can be read and set, `camera.lens.zoom` read and set; `add(by=1)`, `countdown()`, `fail()`, `describe(**kw)`.
fn counter(start: i128) -> ObjectRef {
    let value = Arc::new(Mutex::new(start));
    let zoom = Arc::new(Mutex::new(Value::Float(1.5)));
    let lens: ObjectRef = Arc::new(Made {
        name: "Lens",
        call: |name: &str, args: DynArgs| {
            (name == "scaled")
                .then(|| ops::arithmetic(ops::Arithmetic::Mul, &args.positional[0], &Value::Int(2)))
        },
        get: move |name: &str, new: Option<Value>| {
            (name == "zoom").then(|| {
                let mut zoom = zoom.lock().unwrap();
                *zoom = new.unwrap_or_else(|| zoom.clone());
                zoom.clone()
            })
        },
    });
    let lens = Value::Object(Proxy::local(lens));
    let camera: ObjectRef = Arc::new(Made {
        name: "Camera",
        call: |_: &str, _| None,
        get: move |name: &str, _| (name == "lens").then(|| lens.clone()),
    });
    let camera = Value::Object(Proxy::local(camera));
    let shared = value.clone();
    Arc::new(Made {
        name: "Counter",
        call: move |name: &str, args: DynArgs| {
            let mut value = shared.lock().unwrap();
            Some(match name {
                "add" => {
                    let keyword = |name: &str| {
                        let mut keywords = args.keywords.iter();
                        keywords.find(|(it, _)| it == name).map(|(_, value)| value)
                    };
                    let by = args.positional.first().or(keyword("by"));
                    let Some(Value::Int(by)) = by.cloned().or(Some(Value::Int(1))) else {
                        return Some(Err(Error::type_error(
                            "Counter.add: argument `by` (1): expected an integer",
                        )));
                    };
                    *value += by;
                    let now = *value;
                    drop(value);
                    match keyword("watcher") {
                        Some(Value::Object(watcher)) => {
                            watcher.invoke::<Value>((now,)).map(|_| Value::Int(now))
                        }
                        _ => Ok(Value::Int(now)),
                    }
                }
                "countdown" => Ok(Value::Object(Items::new((0..*value as i64).rev()).proxy())),
                "fail" => Err(Error::raise("Exhausted", "the counter is worn out")),
                "describe" => Ok(Value::Map(
                    args.keywords
                        .into_iter()
                        .map(|(k, v)| (Value::Text(k), v))
                        .collect(),
                )),
                "forever" => Ok(Value::Object(Items::new(0i64..).proxy())),
                "__str__" => Ok(Value::Text(format!("Counter({value})"))),
                "__abs__" => Ok(Value::Int(value.abs())),
                _ => return None,
            })
        },
        get: move |name: &str, new: Option<Value>| {
            Some(match (name, new) {
                ("value", Some(Value::Int(new))) => {
                    *value.lock().unwrap() = new;
                    Value::Int(new)
                }
                ("value", None) => Value::Int(*value.lock().unwrap()),
                ("history", None) => Value::List(vec![Value::Int(1), Value::Int(2)]),
                ("name", None) => Value::Text("counter".into()),
                ("camera", None) => camera.clone(),
                _ => return None,
            })
        },
    })
}

/// Calls functions that it is given: `ring(f, x)` at once, `keep(f)` and `later(x)`; what it keeps also when it is
/// compared, and when it is let go.
#[derive(Default)]
struct Bell(Mutex<Option<Proxy>>);

impl Bell {
    fn kept(&self) -> Result<Proxy> {
        let kept = self.0.lock().unwrap().clone();
        kept.ok_or_else(|| Error::value("the bell keeps nothing"))
    }
}

impl Object for Bell {
    fn type_name(&self) -> &str {
        "Bell"
    }
    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        let positional = args.to_dyn()?.positional;
        match (name, &positional[..]) {
            ("ring", [Value::Object(function), value]) => {
                outcome(function.invoke((value.clone(),))?)
            }
            ("keep", [Value::Object(function)]) => {
                *self.0.lock().unwrap() = Some(function.clone());
                Outcome::data(&())
            }
            ("forget", []) => {
                let kept = self.0.lock().unwrap().take();
                drop(kept);
                Outcome::data(&())
            }
            ("later" | "__lt__" | "__eq__", [value]) => {
                outcome(self.kept()?.invoke((value.clone(),))?)
            }
            _ => Err(Error::no_attribute(format!("`Bell` has no `{name}`"))),
        }
    }
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        if let Ok(kept) = self.kept() {
            let _ = kept.invoke::<Value>((0,));
        }
    }
}

fn first_int(args: &DynArgs) -> i128 {
    match args.positional.first() {
        Some(Value::Int(number)) => *number,
        _ => 0,
    }
}

fn modules() -> Modules {
    let collections = Module::new("collections")
        .object("list", class_of("list", Value::List(Vec::new())))
        .object("dict", class_of("dict", Value::Map(Map::new())));
    let counters = Module::new("counters")
        .object(
            "Counter",
            function("Counter", |args| {
                Ok(Value::Object(Proxy::local(counter(first_int(&args)))))
            }),
        )
        .object(
            "Bell",
            function("Bell", |_| {
                Ok(Value::Object(Proxy::local(Arc::new(Bell::default()))))
            }),
        )
        .constant("LIMIT", &100)
        .unwrap();
    let round = Module::new("shapes.round")
        .object(
            "area",
            function("area", |args| {
                Ok(Value::Float(first_int(&args).pow(2) as f64 * 3.0))
            }),
        )
        .object("Circle", class_of("Circle", Value::Null));
    let flat = Module::new("shapes.flat").object(
        "area",
        function("area", |args| Ok(Value::Int(first_int(&args)))),
    );
    Modules::new("fixture", "1.0")
        .with(collections)
        .with(counters)
        .with(round)
        .with(flat)
}

/// Both ends, and what crossed.
pub(super) struct Plugin {
    host: Peer,
    log: Log,
    _guest: Peer,
}

impl Plugin {
    pub(super) fn new() -> Plugin {
        let log = Log::default();
        let (to_guest, to_host) = (Other::default(), Other::default());
        let door = |other: &Other| {
            Box::new(Wire {
                other: other.clone(),
                log: log.clone(),
            })
        };
        let nothing = Arc::new(Modules::new("host", "1.0"));
        let host = Peer::new("fixture", PeerLimits::default(), door(&to_guest), nothing);
        let guest = Peer::new(
            "host",
            PeerLimits::default(),
            door(&to_host),
            Arc::new(modules()),
        );
        to_guest.set(guest.downgrade()).ok().unwrap();
        to_host.set(host.downgrade()).ok().unwrap();
        Plugin {
            host,
            log,
            _guest: guest,
        }
    }

    /// Runs a source; the result as it is shown, or the error in one line.
    pub(super) fn run(&self, source: &str) -> String {
        match self.eval(source) {
            Ok((value, _)) => value,
            Err(error) => error.to_string(),
        }
    }

    /// What a source shows and what it prints.
    pub(super) fn eval(&self, source: &str) -> Result<(String, String), expr::Error> {
        let (mut interpreter, printed) = self.interpreter();
        let value = interpreter.eval(source)?;
        drop(interpreter);
        let printed = std::mem::take(&mut *printed.lock().unwrap());
        Ok((value.as_ref().map(display).unwrap_or_default(), printed))
    }

    /// An interpreter, and what it prints.
    pub(super) fn interpreter(&self) -> (Interpreter, Arc<Mutex<String>>) {
        let printed = Arc::new(Mutex::new(String::new()));
        let out = printed.clone();
        let print = move |text: &str| out.lock().unwrap().push_str(text);
        (Interpreter::new(self.host.clone(), print), printed)
    }

    /// What crosses while `source` runs, after `before` has run.
    pub(super) fn crossings(&self, before: &str, source: &str) -> Vec<String> {
        let (mut interpreter, _) = self.interpreter();
        interpreter.eval(before).unwrap();
        self.log.lock().unwrap().clear();
        interpreter.eval(source).unwrap();
        std::mem::take(&mut *self.log.lock().unwrap())
    }

    /// Whether nothing is lent any more, in either direction.
    pub(super) fn is_at_rest(&self) -> bool {
        let stats = self.host.stats();
        (stats.imports, stats.exports) == (0, 0)
    }
}

/// Each source and what it shows, on one plugin. What is expected may break off with `...`, where others choose the words.
pub(super) fn check(laws: &[(&str, &str)]) {
    let plugin = Plugin::new();
    for (source, expected) in laws {
        let shown = plugin.run(source);
        match expected.strip_suffix("...") {
            Some(start) => assert!(shown.starts_with(start), "{source} shows {shown}"),
            None => assert_eq!(shown, *expected, "{source}"),
        }
        assert!(plugin.is_at_rest(), "{source} leaves objects behind");
    }
}
