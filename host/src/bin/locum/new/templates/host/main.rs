// A program that works with the objects of the plugin `demo-plugin`.

use std::env;
use std::path::PathBuf;

use locum::{Host, Items, Plugin, Proxy, Result, callback};

fn main() -> Result<()> {
    let host = Host::new()?;
    // It sees nothing of this machine but what it is granted: see `locum::LoadOptions` and `locum::Grants`.
    let plugin = host.load(plugin_file())?;
    for (word, count) in count(&plugin, "A rose is a rose is a rose.")? {
        println!("{count} {word}");
    }
    plugin.close()
}

/// How often each word of a text occurs.
fn count(plugin: &Plugin, text: &str) -> Result<Vec<(String, u64)>> {
    let module = plugin.import("demo_plugin")?;
    let tally: Proxy = module.call("Tally", ())?;
    // A closure of this program, which the plugin calls.
    let watcher =
        callback(|word: String, count: u64| println!("now {word} has occurred {count} times"));
    tally.call::<()>("watch", (watcher,))?;
    for word in module.call::<Vec<String>>("words", (text,))? {
        tally.call::<u64>("add", (word,))?;
    }
    let items: Items<(String, u64)> = tally.call("items", ())?;
    items.collect()
}

/// The plugin's file: what `locum build` made, unless the variable `PLUGIN` names another.
fn plugin_file() -> PathBuf {
    let made = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../target/wasm32-wasip2/plugin/demo_plugin.wasm"
    );
    env::var_os("PLUGIN").map_or_else(|| made.into(), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// The plugin, built anew unless another one is named.
    fn load() -> Result<Plugin> {
        if env::var_os("PLUGIN").is_none() {
            let built = Command::new(env!("CARGO"))
                .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
                .args(["build", "--profile", "plugin", "--target", "wasm32-wasip2"])
                .status();
            let built = built.is_ok_and(|status| status.success());
            assert!(built, "the plugin does not build; `locum build` says more");
        }
        Host::new()?.load(plugin_file())
    }

    #[test]
    fn words_are_counted_and_nothing_is_left_behind() -> Result<()> {
        let plugin = load()?;
        let counts = count(&plugin, "Is it, is it not?")?;
        let expected = [("is", 2), ("it", 2), ("not", 1)].map(|(word, n)| (word.to_owned(), n));
        assert_eq!(counts, expected);
        assert!(plugin.stats().is_idle());
        plugin.close()
    }
}
