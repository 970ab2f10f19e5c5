//! `#[proxy]`: traits over proxies, written by hand and by `locum bindgen`, over memory and over wasm.

use std::collections::HashMap;
use std::sync::Arc;

use locum::{Bytes, Items, Kind, Map, Module, Proxy, Result, Value, callback, proxy, slice};
use locum_tests::bindings::collections::{Collections, CollectionsProxy, Dict, List, ListProxy};
use locum_tests::bindings::counters::{Counter as _, Counters, CountersProxy};
use locum_tests::bindings::samples::{
    Bag, Camera, Counter, CounterProxy, Lens, LensProxy, Operand, Samples, SamplesProxy, Scene,
};
use locum_tests::bindings::samples::{SamplesErrors, SamplesErrorsProxy};
use locum_tests::{COLLECTIONS, COUNTERS, SAMPLES, Subject, refused};

fn samples(subject: &Subject) -> Result<SamplesProxy> {
    SamplesProxy::import(subject.peer())
}

#[test]
fn a_view_calls_the_object() {
    COUNTERS.over_both(|subject| {
        let counter = CountersProxy::import(subject.peer())?.counter(10)?;
        assert_eq!(counter.add(Some(5), None)?, 15);
        assert_eq!(counter.add(None, None)?, 16, "the plugin's default");
        let watcher = callback(|n: i64| assert_eq!(n, 17));
        assert_eq!(
            counter.add(None, Some(&watcher))?,
            17,
            "by name, after one that is left out"
        );
        Ok(())
    });
}

#[test]
fn a_view_reads_and_writes_attributes() {
    SAMPLES.over_both(|subject| {
        let samples = samples(subject)?;
        let counter = samples.counter(None)?;
        counter.set_value(8)?;
        assert_eq!(
            (counter.value()?, counter.is_even()?, samples.limit()?),
            (8, true, 10)
        );
        let lens = samples.scene()?.camera()?.lens()?;
        lens.set_zoom(2.0)?;
        assert_eq!(
            (lens.zoom_by(3.0, Some(2))?, lens.model()?),
            (18.0, "50mm".to_owned())
        );
        Ok(())
    });
}

#[test]
fn a_view_is_the_same_object_and_lets_it_go() {
    SAMPLES.over_both(|subject| {
        let samples = samples(subject)?;
        let counter = samples.counter(Some(3))?;
        let proxy: Proxy = counter.clone().into();
        assert!(proxy.same_object(counter.as_proxy()));
        assert!(counter.is_me(&counter)? && !counter.is_me(&counter.twin()?)?);
        assert_eq!(format!("{counter:?}"), format!("{proxy:?}"));
        assert_eq!(
            (counter.to_string(), counter.to_string()),
            (proxy.text()?, "counter at 3".to_owned())
        );
        assert_eq!(subject.stats().imports, 2, "the module and the counter");
        drop((counter, proxy));
        assert_eq!(subject.stats().imports, 1);
        Ok(())
    });
}

#[test]
fn views_travel_in_data_both_ways() {
    SAMPLES.over_both(|subject| {
        let samples = samples(subject)?;
        let counter = samples.counter(Some(1))?;
        assert_eq!(
            counter.find_me(([&counter, &counter.twin()?], &counter))?,
            2
        );
        let data = HashMap::from([("a", [counter.clone()])]);
        let back: HashMap<String, Vec<CounterProxy>> = samples.as_proxy().call("echo", (&data,))?;
        assert!(back["a"][0].as_proxy().same_object(counter.as_proxy()));
        let none: Option<CounterProxy> = samples.as_proxy().call("echo", ((),))?;
        assert!(none.is_none());
        let watcher = callback(|counter: CounterProxy| counter.value());
        let told = samples.apply(&watcher, &[counter.as_proxy().clone().into()], &Map::new())?;
        assert_eq!(told, 1.into(), "the argument of a callback");
        Ok(())
    });
}

#[test]
fn calls_of_a_view_are_started_and_posted() {
    SAMPLES.over_both(|subject| {
        let counter = samples(subject)?.counter(None)?;
        let later = counter.start_add(Some(2));
        counter.post_add(None)?;
        assert_eq!(later.wait()?, 2);
        assert_eq!(counter.start_twin().wait()?.value()?, 3);
        let refusal = counter.start_add_small(1000).wait();
        refused(refusal, Kind::ValueError, &["Counter.add_small", "`by`"]);
        Ok(())
    });
}

#[test]
fn the_rest_and_keywords_are_passed_one_by_one() {
    SAMPLES.over_both(|subject| {
        let samples = samples(subject)?;
        let named: Map = [("y".into(), 5.into())].into_iter().collect();
        let told = samples.rest_and_keywords(1, Some(3), &["x".into(), 4.into()], &named)?;
        assert_eq!((told.0, told.1), (1, 3));
        assert_eq!(told.2, ["x".into(), Value::from(4)]);
        assert_eq!(told.3.get(&"y".into()), Some(&5.into()));
        let told = samples.rest_and_keywords(1, None, &[], &named)?;
        assert_eq!((told.1, told.2.len(), told.3.len()), (2, 0, 1));
        let told = samples.rest_and_keywords(1, None, &[4.into()], &Map::new());
        refused(told, Kind::TypeError, &["`second` is left out", "`rest`"]);
        let twice: Map = [("second".into(), 5.into())].into_iter().collect();
        let told = samples.rest_and_keywords(1, Some(2), &[], &twice);
        refused(told, Kind::TypeError, &["`second`", "twice"]);
        assert_eq!(
            samples.span(slice(2..4), "odd", Some("x"))?,
            r#"odd [2, 3] Some("x")"#
        );
        let bytes = Bytes::from(vec![1; 5000]);
        assert_eq!(samples.echo_bytes(&bytes)?, bytes);
        let items = Items::new([1, 2, 3].map(Value::from));
        assert_eq!(samples.items_of(&items, Some(2))?, [1.into(), 2.into()]);
        Ok(())
    });
}

#[test]
fn special_methods_have_names_of_their_own() {
    SAMPLES.over_both(|subject| {
        let samples = samples(subject)?;
        let operand = samples.operand()?;
        assert_eq!(operand.floor_div(2)?, "__floordiv__ 2");
        operand.bitxor_assign("a")?;
        assert_eq!(operand.done()?, ["__ixor__ 'a'"]);
        let bag = samples.bag(&[("a".into(), 1.into())].into_iter().collect())?;
        bag.set_item("b", (1, "two"))?;
        assert_eq!(
            (bag.len()?, bag.contains("b")?, bag.invoke("a")?),
            (2, true, 1.into())
        );
        assert_eq!(bag.iter()?.collect::<Result<Vec<_>>>()?, ["a", "b"]);
        Ok(())
    });
}

#[test]
fn what_bindgen_writes_of_collections_works() {
    COLLECTIONS.over_both(|subject| {
        let collections = CollectionsProxy::import(subject.peer())?;
        let list = collections.list(Some(&vec![3, 1].into()))?;
        list.append(2)?;
        list.sort(Some(true))?;
        assert_eq!((list.get_item(0)?, list.len()?), (3.into(), 3));
        assert_eq!(list.get_item(slice(1..))?, Value::from(vec![2, 1]));
        let dict = collections.dict_fromkeys(["a", "b"], Some(&7.into()))?;
        assert_eq!(dict.get("b", None)?, 7.into());
        assert_eq!(dict.pop("c", &[9.into()])?, 9.into());
        let nested = collections.list(None)?;
        nested.append(&list)?;
        let inner: ListProxy = nested.as_proxy().get_item(0)?;
        assert!(
            inner.as_proxy().same_object(list.as_proxy()),
            "an item is a view if it is asked for as one"
        );
        Ok(())
    });
}

#[test]
fn errors_pass_through_a_view() {
    SAMPLES.over_both(|subject| {
        let errors = SamplesErrorsProxy::import(subject.peer())?;
        refused(errors.raise("key-error", "gone"), Kind::KeyError, &["gone"]);
        let error = refused(errors.raise_with_data(), Kind::Raised, &["tray 2"]);
        assert_eq!(error.type_name(), "OutOfPaper");
        Ok(())
    });
}

#[test]
fn an_object_that_is_something_else_says_so_when_it_is_called() {
    SAMPLES.over_both(|subject| {
        let samples = samples(subject)?;
        let lens = LensProxy::new(samples.counter(None)?.into_proxy());
        refused(lens.zoom(), Kind::NoSuchAttribute, &["zoom"]);
        let data: Result<CounterProxy> = samples.as_proxy().call("echo", (5,));
        refused(data, Kind::TypeError, &["samples.echo", "a proxy", "5"]);
        refused(
            CountersProxy::import(subject.peer()),
            Kind::NoSuchModule,
            &["counters"],
        );
        Ok(())
    });
}

#[test]
fn a_plugin_has_views_of_what_its_host_publishes() {
    let later = callback(|hours: i64| 12 + hours).into_object();
    let clock = Module::new("clock").object("later", later);
    let subject = SAMPLES.in_wasm(vec![("clock", Arc::new(clock))]);
    let samples = samples(&subject).unwrap();
    assert_eq!(samples.clock_time(Some(5)).unwrap(), 17);
    drop(samples);
    let nothing = SAMPLES.in_wasm(vec![]);
    let answer = self::samples(&nothing).unwrap().clock_time(None);
    refused(answer, Kind::NoSuchModule, &["no module `clock`"]);
}

/// A view that is written by hand, with what bindgen has no use for.
#[proxy]
trait ByHand: Send + Sync {
    #[value]
    fn to_data(&self) -> Result<i64>;
    #[getter(value)]
    fn now(&self) -> Result<u32>;
    #[name("add")]
    fn add_all(&self, #[arg(name = "by")] all: impl serde::Serialize) -> Result<Value>;
    #[name("add")]
    fn add_or_not(&self, #[arg(default, name = "by")] r#type: Option<i64>) -> Result<()>;
    /// The trait's own.
    #[skip]
    fn double(&self) -> Result<i64> {
        Ok(self.to_data()? * 2)
    }
}

/// The other side of a callback.
#[proxy]
trait Notify {
    #[name("")]
    fn notify(&self, text: &str) -> Result<usize>;
}

#[test]
fn a_view_may_differ_from_the_class() {
    SAMPLES.over_both(|subject| {
        let counter = ByHandProxy::from(samples(subject)?.counter(Some(4))?.into_proxy());
        counter.add_or_not(None)?;
        assert_eq!(
            (counter.to_data()?, counter.now()?, counter.double()?),
            (5, 5, 10)
        );
        assert_eq!(counter.add_all(2)?, 7.into());
        let notify = NotifyProxy::new(callback(|text: String| text.len()));
        assert_eq!(notify.notify("here")?, 4);
        assert_eq!(notify.start_notify("here").wait()?, 4);
        Ok(())
    });
}
