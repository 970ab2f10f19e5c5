//! What holds in both directions, and what a peer tells of itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use locum::{
    Bytes, Kind, Leak, LoadOptions, Module, Plugin, Proxy, ReplyMode, Shared, Value, by_proxy,
    by_value, callback, object,
};
use locum_protocol::{Released, WireParcel};
use locum_tests::{SAMPLES, new_host, refused};

/// A counter of the host's, as the plugin's is.
struct Counter {
    value: i64,
}

#[object]
impl Counter {
    #[getter]
    fn value(&self) -> i64 {
        self.value
    }
    #[setter]
    fn set_value(&mut self, value: i64) {
        self.value = value;
    }
    fn add(&mut self, by: i64) -> i64 {
        self.value += by;
        self.value
    }
    #[value]
    fn to_data(&self) -> i64 {
        self.value
    }
}

#[test]
fn r01_each_side_serves_the_other_in_the_same_way() {
    let same = |proxy: &Proxy, how: &str| -> locum::Result<()> {
        assert_eq!(proxy.call::<i64>("add", (2,))?, 3, "{how}");
        proxy.set("value", 10)?;
        assert_eq!(proxy.get::<i64>("value")?, 10, "{how}");
        assert_eq!(proxy.value::<i64>()?, 10, "{how}");
        assert_eq!(proxy.type_name(), "Counter", "{how}");
        let error = refused(
            proxy.call::<i64>("ad", ()),
            Kind::NoSuchAttribute,
            &["did you mean `add`?"],
        );
        assert_eq!(error.type_name(), "AttributeError", "{how}");
        Ok(())
    };
    SAMPLES.over_both(|subject| {
        same(
            &subject.make("Counter", (1,))?,
            "the plugin's, called by the host",
        )?;
        // The host's, called by the plugin: what the keeper calls is what it was given.
        let mine = Shared::new(Counter { value: 1 });
        let keeper = subject.make("Keeper", ())?;
        keeper.call::<()>("keep", (&mine,))?;
        assert_eq!(keeper.call::<i64>("call_last", ("add", 2))?, 3);
        assert!(keeper.call::<bool>("last_equals", (&mine,))?);
        refused(
            keeper.call::<i64>("call_last", ("ad",)),
            Kind::NoSuchAttribute,
            &["did you mean `add`?"],
        );
        assert_eq!(mine.borrow()?.value, 3);
        keeper.call("forget", ())
    });
}

#[test]
fn r04_a_message_that_can_not_be_read_fails_its_call_and_nothing_else() {
    let subject = SAMPLES.in_memory(vec![]);
    let plugin = subject.back().unwrap();
    let module = plugin.serve_import_module("samples").unwrap();
    for item in [
        &[0xFF_u8][..],
        &[0x82, 0x01],
        &[],
        &[0x81, 0x81, 0x1C],
        &[0x81, 0x81, 0x61, 0xFF],
    ] {
        let parcel = WireParcel {
            item: item.into(),
            ..WireParcel::default()
        };
        let answer = plugin.serve_call(module, "echo", parcel, ReplyMode::Auto);
        refused(answer, Kind::Decode, &["(byte "]);
    }
    assert_eq!(plugin.closed(), None);
    let echo = subject.import("samples").unwrap().call::<i64>("echo", (7,));
    assert_eq!(echo.unwrap(), 7);
    let module = Released {
        target: module,
        count: 1,
    };
    plugin.serve_release(&[module]).unwrap();
}

#[test]
fn r16_the_reply_mode_decides_how_a_result_travels() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (5,))?;
        // Auto: data by value, objects by proxy.
        assert!(matches!(counter.get::<Value>("value")?, Value::Int(5)));
        assert!(matches!(
            counter.call::<Value>("twin", ())?,
            Value::Object(_)
        ));
        // Value: a copy, or an error that says why there is none.
        let copies = counter.replying(ReplyMode::Value);
        assert!(matches!(copies.call::<Value>("twin", ())?, Value::Int(5)));
        let keeper = subject.make("Keeper", ())?;
        keeper.call::<()>("keep", (&keeper,))?;
        let answer = keeper.replying(ReplyMode::Value).call::<Value>("last", ());
        refused(
            answer,
            Kind::NotTransferable,
            &["`Keeper` has no value form"],
        );
        // Proxy: left there, data too.
        let left: Proxy = counter.replying(ReplyMode::Proxy).get("value")?;
        assert_eq!((left.type_name(), left.value::<i64>()?), ("int", 5));
        keeper.call("forget", ())
    });
}

#[test]
fn r17_arguments_go_by_proxy_or_by_value_and_either_can_be_forced() {
    SAMPLES.over_both(|subject| {
        let keeper = subject.make("Keeper", ())?;
        let counter = subject.make("Counter", (5,))?;
        // An object by proxy: it is at home there.
        keeper.call::<()>("keep", (&counter,))?;
        assert!(keeper.call::<bool>("last_is_at_home", ())?);
        // The same by value: a number.
        keeper.call::<()>("keep", (by_value(&counter)?,))?;
        assert!(matches!(
            keeper.replying(ReplyMode::Auto).call::<Value>("last", ())?,
            Value::Int(5)
        ));
        refused(
            by_value(&keeper),
            Kind::NotTransferable,
            &["`Keeper` has no value form"],
        );
        // Of the host's: a value by proxy.
        keeper.call::<()>("keep", (by_proxy(Counter { value: 1 }),))?;
        assert_eq!(keeper.call::<i64>("call_last", ("add", 1))?, 2);
        assert!(!keeper.call::<bool>("last_is_at_home", ())?);
        keeper.call("forget", ())
    });
}

#[test]
fn p07_a_proxy_can_not_be_the_key_of_a_map() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let counter = subject.make("Counter", (5,))?;
        let map: locum::Map = [(Value::from(counter), Value::from(1))]
            .into_iter()
            .collect();
        let words = [
            "a proxy can not be a key of a map",
            "use a value that identifies the object",
        ];
        refused(
            samples.call::<Value>("echo", (map,)),
            Kind::NotTransferable,
            &words,
        );
        Ok(())
    });
}

#[test]
fn r10_stats_count_what_is_lent_by_type_and_what_has_gone_to_and_fro() {
    SAMPLES.over_both(|subject| {
        let before = subject.stats();
        let counters: Vec<Proxy> = (0..3)
            .map(|n| subject.make("Counter", (n,)))
            .collect::<Result<_, _>>()?;
        let keeper = subject.make("Keeper", ())?;
        keeper.call::<()>("keep", (BTreeMap::from([("mine", callback(|| 1))]),))?;
        let stats = subject.stats();
        assert_eq!(
            stats.imports_by_type,
            [("Counter".to_owned(), 3), ("Keeper".to_owned(), 1)]
        );
        assert_eq!(stats.exports_by_type, [("callback".to_owned(), 1)]);
        assert_eq!((stats.imports, stats.exports, stats.pending), (4, 1, 0));
        assert_eq!(stats.calls - before.calls, 5);
        let bytes = Bytes::from(vec![0_u8; 10_000]);
        subject
            .import("samples")?
            .call::<Bytes>("echo_bytes", (bytes,))?;
        let after = subject.stats();
        assert!(
            (10_000..10_200).contains(&(after.bytes_sent - stats.bytes_sent)),
            "{after:?}"
        );
        assert!(
            (10_000..10_200).contains(&(after.bytes_received - stats.bytes_received)),
            "{after:?}"
        );
        // The other direction.
        let served = after.calls_served;
        subject
            .import("samples")?
            .call::<i64>("apply", (callback(|| 7),))?;
        assert_eq!(subject.stats().calls_served, served + 1);
        drop(counters);
        keeper.call("forget", ())
    });
}

#[test]
fn r10_a_cycle_across_plugins_is_visible_and_ends_with_one_of_them() {
    SAMPLES.over_both(|subject| {
        let other = subject.another();
        let (here, there) = (subject.make("Keeper", ())?, other.make("Keeper", ())?);
        here.call::<()>("keep", (&there,))?;
        there.call::<()>("keep", (&here,))?;
        let weak = here.downgrade();
        drop((here, there));
        // Nothing here holds them, yet each plugin holds the other's.
        assert!(subject.alive()? > 0);
        assert_eq!(subject.stats().exports_by_type, [("Keeper".to_owned(), 1)]);
        let keeper = weak
            .upgrade()
            .expect("the host passes it on, so it is held here");
        keeper.call::<()>("forget", ())?;
        drop(keeper);
        subject.settle();
        other.settle();
        assert_eq!(subject.alive()?, 0);
        Ok(())
    });
}

#[test]
fn r11_closing_tells_what_was_still_held() {
    let told: Arc<Mutex<Vec<Leak>>> = Arc::default();
    let options = LoadOptions::new().on_leak({
        let told = told.clone();
        move |leak| told.lock().unwrap().push(leak.clone())
    });
    let subject = SAMPLES.in_wasm_with(options.clone(), Vec::new());
    let counters = [
        subject.make("Counter", ()).unwrap(),
        subject.make("Counter", ()).unwrap(),
    ];
    subject.close().unwrap();
    let leak = told
        .lock()
        .unwrap()
        .pop()
        .expect("two proxies are held here");
    assert_eq!(leak.held.imports_by_type, [("Counter".to_owned(), 2)]);
    assert_eq!(leak.held.exports, 0);
    let text = format!(
        "`{}` was closed while proxies to its objects were held (2 x Counter)",
        leak.peer
    );
    assert_eq!(leak.to_string(), text);
    drop(counters);
    // Nothing is held any more: nothing is told. What the plugin had of the host's, it has given back by itself.
    let subject = SAMPLES.in_wasm_with(options, Vec::new());
    let keeper = subject.make("Keeper", ()).unwrap();
    keeper.call::<()>("keep", (callback(|| 1),)).unwrap();
    drop(keeper);
    subject.close().unwrap();
    assert!(told.lock().unwrap().is_empty());
}

#[test]
fn r09_each_plugin_imports_what_was_published_to_it() {
    let store = |floor: i64| Arc::new(Module::new("store").constant("floor", &floor).unwrap());
    let first = SAMPLES.in_wasm(vec![("store", store(1))]);
    let second = SAMPLES.in_wasm(vec![("store", store(2))]);
    let third = SAMPLES.in_wasm(Vec::new());
    for (subject, floor) in [(&first, 1), (&second, 2)] {
        let store: Proxy = subject
            .import("samples")
            .unwrap()
            .call("imported", ("store",))
            .unwrap();
        assert_eq!(store.get::<i64>("floor").unwrap(), floor);
    }
    let answer = third
        .import("samples")
        .unwrap()
        .call::<Proxy>("imported", ("store",));
    refused(
        answer,
        Kind::NoSuchModule,
        &["no module `store`", "there are none"],
    );
}

#[test]
fn r09_what_the_host_publishes_every_later_plugin_imports() {
    let host = new_host();
    let before = host.load(SAMPLES.path()).unwrap();
    host.publish("store", Shared::new(Counter { value: 7 }));
    host.publish("ledger", callback(|| "the host's"));
    let options = LoadOptions::new().publish("ledger", callback(|| "its own"));
    let after = host.load_with(SAMPLES.path(), options).unwrap();
    let imported = |plugin: &Plugin, name: &str| -> locum::Result<Proxy> {
        plugin.import("samples")?.call("imported", (name,))
    };
    refused(
        imported(&before, "store"),
        Kind::NoSuchModule,
        &["`Host::publish`"],
    );
    assert_eq!(
        imported(&after, "store")
            .unwrap()
            .get::<i64>("value")
            .unwrap(),
        7
    );
    let ledger = imported(&after, "ledger").unwrap();
    assert_eq!(ledger.invoke::<String>(()).unwrap(), "its own");
}
