//! The plugin `demo-plugin`: how often words occur.
//!
//! What is served to the host has `#[object]`; `plugin!` at the end says under which names.

use std::collections::BTreeMap;

use locum_guest::{Error, Items, Proxy, Result, manifest, object, plugin};

#[derive(Default)]
pub struct Tally {
    counts: BTreeMap<String, u64>,
    watchers: Vec<Proxy>,
}

/// Counts how often words occur.
///
/// ```text
/// t = Tally(words("a rose is a rose"))
/// t.add("rose")      # 3
/// ```
#[object]
impl Tally {
    /// A tally of these words; an empty one if there are none.
    fn new(#[arg(default)] words: Vec<String>) -> Self {
        let mut tally = Tally::default();
        for word in words {
            *tally.counts.entry(word).or_default() += 1;
        }
        tally
    }

    /// Counts a word, and tells the watchers. Returns how often it has occurred.
    fn add(&mut self, word: String, #[arg(default = 1)] times: u64) -> Result<u64> {
        if times == 0 {
            return Err(Error::value("`times` is 0; a word that is added occurs"));
        }
        let count = self.counts.entry(word.clone()).or_default();
        *count = count.saturating_add(times);
        let count = *count;
        for watcher in &self.watchers {
            watcher.invoke::<()>((&word, count))?;
        }
        Ok(count)
    }

    /// Calls `watcher(word, count)` whenever a word is added from now on.
    fn watch(&mut self, watcher: Proxy) {
        self.watchers.push(watcher);
    }

    /// How many words were counted in all.
    #[getter]
    fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// How often a word has occurred.
    fn __getitem__(&self, word: &str) -> u64 {
        self.counts.get(word).copied().unwrap_or(0)
    }

    /// The words with their counts, in the order of the alphabet.
    fn items(&self) -> Items<(String, u64)> {
        Items::new(self.counts.clone().into_iter())
    }
}

/// The words of a text, in lower case.
#[object]
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

manifest!("../plugin.toml");

plugin! {
    /// How often words occur.
    mod demo_plugin { Tally, words }
}
