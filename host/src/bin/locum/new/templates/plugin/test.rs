//! The plugin's objects as a host sees them, without WebAssembly: `cargo test` or `locum test`.

use std::sync::{Arc, Mutex};

use demo_plugin::LocumPlugin;
use locum_guest::testing::assert_error;
use locum_guest::{Items, Kind, Proxy, Result, callback};

/// Runs a test on a plugin of its own, which nothing may be left of.
fn with_plugin(test: impl FnOnce(&Proxy) -> Result<()>) {
    let plugin = locum_guest::connect::<LocumPlugin>();
    let module = plugin.import("demo_plugin").unwrap();
    test(&module).unwrap();
    drop(module);
    plugin.finish();
}

#[test]
fn a_tally_counts_words() {
    with_plugin(|module| {
        let words: Vec<String> = module.call("words", ("A rose, is a rose!",))?;
        assert_eq!(words, ["a", "rose", "is", "a", "rose"]);
        let tally: Proxy = module.call("Tally", (words,))?;
        assert_eq!(tally.get::<u64>("total")?, 5);
        assert_eq!(tally.call::<u64>("add", ("rose",))?, 3);
        let items: Items<(String, u64)> = tally.call("items", ())?;
        let items: Vec<(String, u64)> = items.collect::<Result<_>>()?;
        assert_eq!(
            items,
            [("a".into(), 2), ("is".into(), 1), ("rose".into(), 3)]
        );
        Ok(())
    });
}

#[test]
fn a_watcher_is_told_of_each_word() {
    with_plugin(|module| {
        let told = Arc::new(Mutex::new(Vec::new()));
        let hears = told.clone();
        let watcher = callback(move |word: String, count: u64| {
            hears.lock().unwrap().push((word, count));
        });
        let tally: Proxy = module.call("Tally", ())?;
        tally.call::<()>("watch", (watcher,))?;
        tally.call::<u64>("add", ("a", 2))?;
        assert_eq!(*told.lock().unwrap(), [("a".to_owned(), 2)]);
        Ok(())
    });
}

#[test]
fn a_word_that_is_added_occurs() {
    with_plugin(|module| {
        let tally: Proxy = module.call("Tally", ())?;
        assert_error(
            tally.call::<u64>("add", ("a", 0)),
            Kind::ValueError,
            "`times` is 0",
        );
        Ok(())
    });
}
