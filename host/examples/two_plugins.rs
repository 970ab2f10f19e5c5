//! Two plugins and an object of the host's: each has proxies to the others', and nobody but the host knows of it.

#![allow(clippy::print_stdout)]

use locum::{CallOptions, Host, LoadOptions, Proxy, Result, Shared, Value, args, object};

/// What both plugins share: it lives in the host.
struct Board {
    notes: Vec<(String, Value)>,
}

#[object]
impl Board {
    fn pin(&mut self, name: String, note: Value) {
        self.notes.push((name, note));
    }
    fn note(&self, name: &str) -> Option<Value> {
        let found = self.notes.iter().find(|(pinned, _)| pinned == name);
        found.map(|(_, note)| note.clone())
    }
}

fn main() -> Result<()> {
    let host = Host::new()?;
    let board = Shared::new(Board { notes: Vec::new() });
    let options = || LoadOptions::new().publish("board", board.proxy());
    let counters = host.load_with("target/wasm32-wasip2/release/counters.wasm", options())?;
    let shelves = host.load_with(concat!(env!("OUT_DIR"), "/collections.wasm"), options())?;

    // An object of one plugin is put into an object of the other.
    let counter: Proxy = counters.import("counters")?.call("Counter", (10,))?;
    let list: Proxy = shelves
        .import("collections")?
        .call("list", (vec![&counter],))?;
    println!("{list:?} holds {:?}", list.get_item::<Proxy>(0)?);

    // It is the same object, whichever way it came; the list calls it through the host.
    let same: Proxy = list.get_item(0)?;
    assert!(same.same_object(&counter));
    assert!(list.contains(&counter)?);
    println!("of the list, in the plugin `{}`: {list}", shelves.name());

    // A callback of one plugin's object: the counter tells the list, in the other plugin.
    let seen: Proxy = shelves
        .import("collections")?
        .call("list", (Vec::<i64>::new(),))?;
    for _ in 0..3 {
        counter.call::<i64>("add", args!(watcher = seen.at("append")))?;
    }
    println!("the list has heard {seen}");
    assert_eq!(seen.value::<Vec<i64>>()?, [11, 12, 13]);

    // The host's object, between them.
    board.proxy().call::<()>("pin", ("counter", &counter))?;
    let pinned: Proxy = board.proxy().call("note", ("counter",))?;
    assert!(pinned.same_object(&counter));

    // Calls that are not waited for; those of one thread stay in their order.
    let started = counter.start::<i64>("add", (100,));
    counter.post("add", (1000,))?;
    let patient = counter.with(CallOptions::new().patience(std::time::Duration::from_secs(5)));
    println!(
        "{} then {}",
        started.wait()?,
        patient.call::<i64>("add", (0,))?
    );

    // When one of them goes, the other one hears why.
    counters.close()?;
    let error = seen.call::<()>("extend", (vec![same.at("add")],)).err();
    println!("after the end of `{}`: {error:?}", counters.name());
    let gone = same
        .call::<i64>("add", ())
        .expect_err("its plugin is closed");
    println!("{gone}");
    assert_eq!(gone.kind(), locum::Kind::Closed);
    board.borrow_mut()?.notes.clear();
    Ok(())
}
