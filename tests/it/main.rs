//! smoke
#![allow(missing_docs)]
use locum_macros::object;
use locum_protocol::*;
use std::sync::Arc;

pub struct Counter {
    value: i64,
    watchers: Vec<Proxy>,
}

#[object(crate = locum_protocol)]
impl Counter {
    fn new(start: i64) -> Self {
        Counter {
            value: start,
            watchers: vec![],
        }
    }
    #[getter]
    fn value(&self) -> i64 {
        self.value
    }
    #[setter]
    fn set_value(&mut self, value: i64) {
        self.value = value
    }
    /// Adds `by` and tells every watcher.
    fn add(&mut self, #[arg(default = 1)] by: i64) -> Result<i64> {
        self.value = self
            .value
            .checked_add(by)
            .ok_or_else(|| Error::arithmetic("too big"))?;
        for w in &self.watchers {
            w.invoke::<()>((self.value,))?;
        }
        Ok(self.value)
    }
    fn watch(&mut self, watcher: Proxy) {
        self.watchers.push(watcher)
    }
    fn countdown(&self) -> Items<i64> {
        Items::new((0..self.value).rev())
    }
    fn parse(&self, text: &str) -> Result<i64, std::num::ParseIntError> {
        text.parse()
    }
    fn any(&self, text: String) -> anyhow::Result<i64> {
        anyhow::Context::context(text.parse::<i64>(), "no number")
    }
    fn child(&self) -> Counter {
        Counter {
            value: 1,
            watchers: vec![],
        }
    }
    fn name(&self) -> &str {
        "counter"
    }
    fn myself(this: &Shared<Self>) -> Shared<Self> {
        this.clone()
    }
    fn same(this: &Shared<Self>, other: Shared<Self>) -> bool {
        this.same_object(&other)
    }
    fn all(&self, #[arg(rest)] rest: Vec<Value>, #[arg(keywords)] kw: Map) -> (usize, usize) {
        (rest.len(), kw.len())
    }
}

#[object(crate = locum_protocol)]
fn area(radius: f64) -> f64 {
    radius * radius * 3.0
}

#[test]
fn smoke() {
    let m = Module::new("counters").member::<Counter>().member::<area>();
    let (peer, back) = pair(
        ("host", Arc::new(Modules::new("host", "1"))),
        ("counters", Arc::new(Modules::new("counters", "1").with(m))),
    );
    let counters = peer.import("counters").unwrap();
    let c: Proxy = counters.call("Counter", (10,)).unwrap();
    assert_eq!(c.call::<i64>("add", (5,)).unwrap(), 15);
    assert_eq!(c.call::<i64>("add", args!(by = 2)).unwrap(), 17);
    assert_eq!(c.call::<i64>("add", ()).unwrap(), 18);
    println!("{c:?} {c} {}", c.call::<i64>("add", ("two",)).unwrap_err());
    println!("{:?}", c.call::<i64>("ad", ("two",)).unwrap_err());
    println!("{:?}", c.call::<i64>("add", args!(1, bye = 2)).unwrap_err());
    println!("{:?}", c.call::<i64>("add", (1, 2)).unwrap_err());
    println!("{:?}", c.call::<i64>("parse", ("x",)).unwrap_err());
    println!("{:?}", c.call::<i64>("any", ("x",)).unwrap_err());
    println!("{:?}", c.call::<i64>("child", ()).unwrap_err());
    println!("{:?}", peer.import("conters").unwrap_err());
    println!("{:?}", c.get::<i64>("valeu").unwrap_err());
    println!("{:?}", c.set("value", "x").unwrap_err());
    let seen = Arc::new(std::sync::Mutex::new(vec![]));
    let s2 = seen.clone();
    c.call::<()>(
        "watch",
        (callback(move |n: i64| s2.lock().unwrap().push(n)),),
    )
    .unwrap();
    c.call::<i64>("add", ()).unwrap();
    assert_eq!(*seen.lock().unwrap(), [19]);
    let steps: Vec<i64> = c
        .call::<Items<i64>>("countdown", ())
        .unwrap()
        .collect::<Result<_>>()
        .unwrap();
    assert_eq!(steps.len(), 19);
    assert!(c.call::<Proxy>("myself", ()).unwrap().same_object(&c));
    assert!(c.call::<bool>("same", (&c,)).unwrap());
    assert_eq!(
        c.call::<(usize, usize)>("all", args!(1, 2, a = 3)).unwrap(),
        (2, 1)
    );
    assert_eq!(counters.call::<f64>("area", (2.0,)).unwrap(), 12.0);
    c.set("value", 5).unwrap();
    assert_eq!(c.get::<i64>("value").unwrap(), 5);
    let t = peer.transfer(&vec![1, 2, 3]).unwrap();
    t.call::<()>("append", (4,)).unwrap();
    println!("{t} {t:?} {}", t.len().unwrap());
    assert_eq!(t.value::<Vec<i64>>().unwrap(), [1, 2, 3, 4]);
    println!("{:?}", peer.describe().unwrap());
    drop(t);
    drop(c);
    println!("{:?} {:?}", peer.stats(), back.stats());
    drop(counters);
    println!("{:?} {:?}", peer.stats(), back.stats());
}
