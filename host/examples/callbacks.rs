//! Callbacks: closures and objects of the host's, in the hands of a plugin.

#![allow(clippy::print_stdout)]

use std::sync::{Arc, Mutex};

use locum::{Host, Items, Proxy, Result, Shared, args, callback, object};

/// An object of this program's that plugins may call.
struct Logbook {
    lines: Vec<String>,
}

#[object]
impl Logbook {
    /// Writes a line; returns how many there are.
    fn write(&mut self, line: String) -> usize {
        self.lines.push(line);
        self.lines.len()
    }
    fn __len__(&self) -> usize {
        self.lines.len()
    }
}

fn main() -> Result<()> {
    let host = Host::new()?;

    // A closure is an object too: the plugin calls it in the middle of `add`.
    let counters = host.load("target/wasm32-wasip2/release/counters.wasm")?;
    let counter: Proxy = counters.import("counters")?.call("Counter", (10,))?;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let watcher = callback({
        let seen = Arc::clone(&seen);
        move |n: i64| {
            if let Ok(mut seen) = seen.lock() {
                seen.push(n);
            }
        }
    });
    counter.call::<i64>("add", args!(5, watcher = &watcher))?;
    counter.call::<i64>("add", args!(1, watcher = &watcher))?;
    println!("watched: {:?}", seen.lock().map(|seen| seen.clone()));
    assert!(seen.lock().is_ok_and(|seen| *seen == [15, 16]));

    // What a callback raises reaches whoever called the plugin, with each place that it has passed.
    let critic = callback(|n: i64| match n {
        n if n > 16 => Err(locum::Error::raise(
            "TooMuch",
            format!("{n} is more than 16"),
        )),
        _ => Ok(()),
    });
    match counter.call::<i64>("add", args!(watcher = critic)) {
        Ok(n) => println!("nobody minded {n}"),
        Err(error) => println!("{error:?}"),
    }

    // An object is kept over there and comes home as itself.
    let collections = host.load(concat!(env!("OUT_DIR"), "/collections.wasm"))?;
    let collections = collections.import("collections")?;
    let logbook = Shared::new(Logbook { lines: Vec::new() });
    let shelf: Proxy = collections.call("list", (vec![logbook.proxy()],))?;
    let home: Shared<Logbook> = shelf.get_item(0)?;
    assert!(home.same_object(&logbook));
    println!(
        "on the shelf: {shelf:?}, lent out: {:?}",
        shelf.peer().map(|peer| peer.stats().exports_by_type)
    );

    // An iterator of this program's, gone through by the plugin: it asks for the items as it needs them.
    let squares = Items::new((1..=5).map(|n: i64| n * n));
    let list: Proxy = collections.call("list", (squares,))?;
    println!("squares: {list}");
    assert_eq!(list.value::<Vec<i64>>()?, [1, 4, 9, 16, 25]);

    // Let go, it is given back.
    drop(home);
    shelf.call::<()>("clear", ())?;
    collections.describe()?;
    assert_eq!(collections.peer().map(|peer| peer.stats().exports), Some(0));
    Ok(())
}
