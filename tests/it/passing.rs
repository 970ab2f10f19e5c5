//! Objects inside data: out, home, and to others.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use locum::{Kind, Map, Module, Proxy, Result, Shared, Value, by_proxy, callback, object};
use locum_tests::{SAMPLES, Subject, refused};
use serde::{Deserialize, Serialize};

/// Data of the host's with objects in it; the plugin `samples` has the same.
#[derive(Serialize, Deserialize)]
struct Delivery {
    label: String,
    counters: Vec<Proxy>,
    named: BTreeMap<String, Option<Proxy>>,
    how: How,
}

#[derive(Serialize, Deserialize)]
enum How {
    Now(Proxy),
    Both { first: Proxy, then: (Proxy, u8) },
}

fn delivery(counter: impl Fn() -> Result<Proxy>) -> Result<Delivery> {
    Ok(Delivery {
        label: "fragile".to_owned(),
        counters: vec![counter()?, counter()?],
        named: BTreeMap::from([
            ("here".to_owned(), Some(counter()?)),
            ("nowhere".to_owned(), None),
        ]),
        how: How::Both {
            first: counter()?,
            then: (counter()?, 7),
        },
    })
}

fn everything(delivery: &Delivery) -> Vec<&Proxy> {
    let mut all: Vec<&Proxy> = delivery.counters.iter().collect();
    all.extend(delivery.named.values().flatten());
    match &delivery.how {
        How::Now(counter) => all.push(counter),
        How::Both { first, then } => all.extend([first, &then.0]),
    }
    all
}

#[test]
fn p07_a_proxy_nests_anywhere_in_data() {
    SAMPLES.over_both(|subject| {
        let sent = delivery(|| subject.make("Counter", ()))?;
        let samples = subject.import("samples")?;
        let back: Delivery = samples.call("deliver", (&sent,))?;
        assert_eq!(back.label, "fragile");
        assert!(matches!(&back.how, How::Both { then: (_, 7), .. }));
        let (sent, back) = (everything(&sent), everything(&back));
        assert_eq!((sent.len(), back.len()), (5, 5));
        for (sent, back) in sent.iter().zip(back) {
            assert!(sent.same_object(back));
            assert_eq!(sent.get::<i64>("value")?, 1);
        }
        Ok(())
    });
}

#[test]
fn p07_one_object_may_be_in_a_message_many_times() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let sent = delivery(|| Ok(counter.clone()))?;
        let back: Delivery = subject.import("samples")?.call("deliver", (sent,))?;
        assert!(everything(&back).iter().all(|it| it.same_object(&counter)));
        assert_eq!(counter.get::<i64>("value")?, 5);
        Ok(())
    });
}

#[test]
fn p07_an_object_of_one_plugin_can_be_passed_to_another() {
    SAMPLES.over_both(|subject| {
        let other = subject.another();
        let counter = subject.make("Counter", (1,))?;
        let keeper = other.make("Keeper", ())?;
        keeper.call::<()>("keep", (&counter,))?;
        assert!(!keeper.call::<bool>("last_is_at_home", ())?);
        // The other plugin calls it, through the host, and its home is not told from here.
        assert_eq!(keeper.call::<i64>("call_last", ("add", 5))?, 6);
        assert_eq!(counter.get::<i64>("value")?, 6);
        // What comes back from there is the same object.
        assert!(keeper.call::<Proxy>("last", ())?.same_object(&counter));
        // It lives for as long as the other plugin holds it.
        drop(counter);
        assert_eq!(keeper.call::<i64>("call_last", ("add", 1))?, 7);
        keeper.call::<()>("forget", ())
    });
}

fn is_home(subject: &Subject, data: impl Fn(&Proxy) -> Value, times: usize) -> Result<()> {
    let counter = subject.make("Counter", ())?;
    let found: usize = counter.call("find_me", (data(&counter),))?;
    assert_eq!(found, times);
    Ok(())
}

#[test]
fn p08_a_proxy_that_comes_home_is_the_object_itself() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        assert!(counter.call::<bool>("is_me", (&counter,))?);
        let twin: Proxy = counter.call("twin", ())?;
        assert!(!counter.call::<bool>("is_me", (&twin,))?);
        let keeper = subject.make("Keeper", ())?;
        keeper.call::<()>("keep", (&counter,))?;
        assert!(keeper.call::<bool>("last_is_at_home", ())?);
        keeper.call::<()>("forget", ())
    });
}

#[test]
fn p08_it_is_so_at_any_depth_inside_data() {
    SAMPLES.over_both(|subject| {
        is_home(subject, |me| Value::from(me.clone()), 1)?;
        is_home(subject, |me| Value::from(vec![me.clone(); 3]), 3)?;
        let deep = |me: &Proxy| {
            (0..60).fold(Value::from(me.clone()), |inner, depth| match depth % 2 {
                0 => Value::List(vec![Value::from(depth), inner]),
                _ => Value::Map(Map::from_iter([("inner".into(), inner)])),
            })
        };
        is_home(subject, deep, 1)
    });
}

#[test]
fn p08_a_method_that_asks_for_an_object_of_its_own_refuses_others() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let words = [
            "argument `other` (1)",
            "expected an object of the class `Counter`",
        ];
        let keeper = subject.make("Keeper", ())?;
        let error = refused(
            counter.call::<bool>("is_me", (&keeper,)),
            Kind::TypeError,
            &words,
        );
        assert!(error.message().contains("got a proxy (Keeper)"), "{error}");
        let other = subject.another();
        let theirs = other.make("Counter", ())?;
        let error = refused(
            counter.call::<bool>("is_me", (&theirs,)),
            Kind::TypeError,
            &words,
        );
        assert!(
            error
                .message()
                .contains("got a proxy (Counter of another program)"),
            "{error}"
        );
        Ok(())
    });
}

/// An object of the host's.
struct Guest {
    visits: Vec<String>,
    host: Shared<Host>,
}

#[object]
impl Guest {
    fn visit(&mut self, place: String) -> usize {
        self.visits.push(place);
        self.visits.len()
    }
    #[getter]
    fn host(&self) -> Shared<Host> {
        self.host.clone()
    }
}

struct Host {
    name: &'static str,
}

#[object]
impl Host {
    #[getter]
    fn name(&self) -> &str {
        self.name
    }
}

fn guest() -> Shared<Guest> {
    let host = Shared::new(Host { name: "Ada" });
    Shared::new(Guest {
        visits: vec![],
        host,
    })
}

#[test]
fn r20_my_own_object_is_sent_by_proxy() {
    SAMPLES.over_both(|subject| {
        let keeper = subject.make("Keeper", ())?;
        let guest = guest();
        keeper.call::<()>("keep", (&guest,))?;
        assert_eq!(subject.stats().exports_by_type, [("Guest".to_owned(), 1)]);
        assert_eq!(
            keeper.call::<usize>("call_last", ("visit", "the shelf"))?,
            1
        );
        assert_eq!(guest.borrow()?.visits, ["the shelf"]);
        keeper.call::<()>("forget", ())?;
        keeper.call::<()>("keep", (by_proxy(Host { name: "Bob" }),))?;
        assert_eq!(subject.stats().exports_by_type, [("Host".to_owned(), 1)]);
        keeper.call::<()>("forget", ())
    });
}

#[test]
fn r20_a_closure_is_sent_by_proxy() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let seen = Arc::new(Mutex::new(vec![]));
        let watcher = callback({
            let seen = seen.clone();
            move |n: i64| seen.lock().unwrap().push(n)
        });
        counter.call::<()>("watch", (watcher,))?;
        for by in [1, 10, 100] {
            counter.call::<()>("add", (by,))?;
        }
        assert_eq!(*seen.lock().unwrap(), [1, 11, 111]);
        assert_eq!(Arc::strong_count(&seen), 2);
        counter.call::<()>("forget_watchers", ())?;
        assert_eq!(Arc::strong_count(&seen), 1, "the plugin gave it back");
        Ok(())
    });
}

#[test]
fn r20_a_closure_may_call_the_plugin_that_is_calling_it() {
    SAMPLES.over_both(|subject| {
        let (outer, inner) = (subject.make("Counter", ())?, subject.make("Counter", ())?);
        let watcher = callback({
            let inner = inner.clone();
            move |n: i64| inner.call::<i64>("add", (n * 10,))
        });
        outer.call::<()>("watch", (watcher,))?;
        assert_eq!(outer.call::<i64>("add", (3,))?, 3);
        assert_eq!(inner.get::<i64>("value")?, 30);
        outer.call::<()>("forget_watchers", ())
    });
}

#[test]
fn r20_an_object_that_is_being_changed_answers_busy_and_no_worse() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (1,))?;
        let nosy = callback({
            let counter = counter.clone();
            move || counter.get::<i64>("value").map(drop)
        });
        let answer = counter.call::<i64>("add_during", (nosy,));
        refused(
            answer,
            Kind::Busy,
            &["`Counter` is in the middle of a call that led here"],
        );
        assert_eq!(counter.call::<i64>("add", ())?, 2, "it is free again");
        Ok(())
    });
}

#[test]
fn r21_an_object_of_mine_that_comes_home_is_the_object_itself() {
    SAMPLES.over_both(|subject| {
        let guest = guest();
        let keeper = subject.make("Keeper", ())?;
        keeper.call::<()>("keep", (vec![guest.proxy()],))?;
        let back: Vec<Shared<Guest>> = keeper.call("last", ())?;
        assert!(back[0].same_object(&guest));
        let back: Vec<Proxy> = keeper.call("give", ())?;
        assert!(back[0].is_local() && back[0].same_object(&guest.proxy()));
        Ok(())
    });
}

#[test]
fn r21_deferred_attributes_are_resolved_when_it_comes_home() {
    SAMPLES.over_both(|subject| {
        // Theirs: the plugin gets its own lens, not a way to it.
        let scene = subject.make("Scene", ())?;
        assert!(scene.call::<bool>("is_my_lens", (scene.at("camera.lens"),))?);
        let other = subject.make("Scene", ())?;
        assert!(!scene.call::<bool>("is_my_lens", (other.at("camera.lens"),))?);
        // Mine: what comes back is the host's own object at the end of the path.
        let guest = guest();
        let samples = subject.import("samples")?;
        let host: Shared<Host> = samples.call("echo", (guest.proxy().at("host"),))?;
        assert!(host.same_object(&guest.borrow()?.host));
        Ok(())
    });
}

#[test]
fn r21_a_deferred_attribute_that_is_not_there_fails_where_it_is_sent() {
    SAMPLES.over_both(|subject| {
        let scene = subject.make("Scene", ())?;
        let samples = subject.import("samples")?;
        let answer = samples.call::<Proxy>("echo", (scene.at("camera.tripod"),));
        refused(
            answer,
            Kind::NoSuchAttribute,
            &["`Camera` has no attribute `tripod`"],
        );
        Ok(())
    });
}

#[test]
fn r21_what_came_home_is_given_back_with_the_next_message() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        samples.call::<Proxy>("echo", (guest(),))?;
        // The plugin can not know yet that its answer has arrived.
        assert_eq!(subject.stats().exports, 1);
        subject.settle();
        assert_eq!(subject.stats().exports, 0);
        Ok(())
    });
}

#[test]
fn r09_a_plugin_imports_what_its_host_publishes_and_nothing_else() {
    let office = Module::new("office").constant("floor", &3).unwrap();
    let subject = SAMPLES.in_wasm(vec![("office", Arc::new(office))]);
    let samples = subject.import("samples").unwrap();
    let office: Proxy = samples.call("imported", ("office",)).unwrap();
    assert!(office.is_local(), "it came home");
    assert_eq!(office.get::<i64>("floor").unwrap(), 3);
    let answer = samples.call::<Proxy>("imported", ("ofice",));
    let words = [
        "no module `ofice`",
        "did you mean `office`?",
        "the host publishes it to",
    ];
    refused(answer, Kind::NoSuchModule, &words);
}
