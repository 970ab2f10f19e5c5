//! What `#[object]` and `plugin!` stand for: the plugin of the README, written by hand against what they write against.
//!
//! It shows what a class costs and how a name becomes a call. The parts that only the macros use are in
//! `locum_guest::private`, which changes without notice.

use std::sync::Arc;

use locum_guest::private::{ClassInfo, Cow, FunctionInfo, ParamInfo, Takes};
use locum_guest::{Args, Class, Member, Module, Modules, Offers, Outcome, Parcel, Proxy, Shared};
use locum_guest::{Plugin, Result, args, callback, connect};

/// As the author writes it.
struct Counter(i64);

impl Counter {
    fn new(start: i64) -> Self {
        Counter(start)
    }
    /// Adds `by`, and tells the watcher, if there is one.
    fn add(&mut self, by: i64, watcher: Option<Proxy>) -> Result<i64> {
        self.0 += by;
        watcher.map_or(Ok(()), |it| it.invoke((self.0,)))?;
        Ok(self.0)
    }
}

// What the macros write.

const fn param(
    name: &'static str,
    type_name: &'static str,
    default: Option<&'static str>,
) -> ParamInfo {
    ParamInfo {
        name: Cow::Borrowed(name),
        type_name: Cow::Borrowed(type_name),
        default: match default {
            Some(default) => Some(Cow::Borrowed(default)),
            None => None,
        },
        takes: Takes::One,
    }
}

static CONSTRUCTOR: FunctionInfo = FunctionInfo {
    name: Cow::Borrowed("Counter"),
    doc: Cow::Borrowed(""),
    params: {
        static PARAMS: &[ParamInfo] = &[param("start", "int", None)];
        Cow::Borrowed(PARAMS)
    },
    returns: Cow::Borrowed("Counter"),
};

static METHODS: &[FunctionInfo] = &[FunctionInfo {
    name: Cow::Borrowed("add"),
    doc: Cow::Borrowed("Adds `by`, and tells the watcher, if there is one."),
    params: {
        static PARAMS: &[ParamInfo] = &[
            param("by", "int", Some("1")),
            param("watcher", "object or null", Some("null")),
        ];
        Cow::Borrowed(PARAMS)
    },
    returns: Cow::Borrowed("int"),
}];

static CLASS: ClassInfo = ClassInfo {
    name: Cow::Borrowed("Counter"),
    doc: Cow::Borrowed(""),
    constructor: Some(Cow::Borrowed(&CONSTRUCTOR)),
    methods: Cow::Borrowed(METHODS),
    associated: Cow::Borrowed(&[]),
    attributes: Cow::Borrowed(&[]),
};

impl Class for Counter {
    const INFO: &'static ClassInfo = &CLASS;

    fn dispatch(this: &Shared<Self>, name: &str, args: &Args) -> Option<Result<Outcome>> {
        Some(match name {
            "add" => || -> Result<Outcome> {
                // Refuses what is too much; then each parameter reads its argument in order.
                let mut bound = args.bind("Counter", &METHODS[0])?;
                let by: i64 = bound.optional(|| 1)?;
                let watcher: Option<Proxy> = bound.optional(Default::default)?;
                // `Busy` when the object is in use further up this chain of calls.
                let mut object = this.borrow_mut()?;
                // Data by value; an object would be `Outcome::object`.
                Counter::add(&mut object, by, watcher).and_then(|result| Outcome::data(&result))
            }(),
            _ => return None,
        })
    }

    fn read(_: &Shared<Self>, _: &str) -> Option<Result<Outcome>> {
        None
    }

    fn write(_: &Shared<Self>, _: &str, _: &Parcel) -> Option<Result<()>> {
        None
    }

    fn associated(name: &str, args: &Args) -> Option<Result<Outcome>> {
        Some(match name {
            "" => || -> Result<Outcome> {
                let mut bound = args.bind("", &CONSTRUCTOR)?;
                let start: i64 = bound.required()?;
                let object = Shared::new(Counter::new(start));
                Ok(Outcome::Object(object.proxy()))
            }(),
            _ => return None,
        })
    }
}

impl Member for Counter {
    fn add_to(module: Module) -> Module {
        module.class::<Self>()
    }
}

struct LocumPlugin;

impl Plugin for LocumPlugin {
    fn offers() -> Arc<dyn Offers> {
        let counters = Module::new("counters").doc("").member::<Counter>();
        Arc::new(Modules::new("counters", "0.1.0").with(counters))
    }
}

// Besides, for WebAssembly only: the component's exports, which lead to `locum_guest::Exports<LocumPlugin>`.

/// What a plugin answers, as text.
fn transcript<P: Plugin>() -> Result<String> {
    let plugin = connect::<P>();
    let counters = plugin.import("counters")?;
    let counter: Proxy = counters.call("Counter", (10,))?;
    let mut lines = vec![format!("{:?}", plugin.describe()?.modules)];
    let heard = Arc::new(std::sync::Mutex::new(0));
    let watcher = callback({
        let heard = heard.clone();
        move |n: i64| *heard.lock().unwrap() = n
    });
    let mut tell = |answer: Result<i64>| lines.push(format!("{answer:?}"));
    tell(counter.call("add", ()));
    tell(counter.call("add", (5,)));
    tell(counter.call("add", args!(by = 2, watcher = watcher)));
    tell(counter.call("add", ("two",)));
    tell(counter.call("add", args!(bye = 2)));
    tell(counter.call("add", (1, (), 3)));
    tell(counter.call("ad", ()));
    tell(counter.get("value"));
    tell(counters.call("Counter", ()));
    tell(counters.call("Counter", ("ten",)));
    lines.push(format!("{counter:?} {counter} {}", heard.lock().unwrap()));
    Ok(lines.join("\n"))
}

#[test]
fn the_macros_write_what_could_be_written_by_hand() {
    let (by_hand, by_macro) = (
        transcript::<LocumPlugin>(),
        transcript::<counters::LocumPlugin>(),
    );
    assert_eq!(by_hand.unwrap(), by_macro.unwrap());
}
