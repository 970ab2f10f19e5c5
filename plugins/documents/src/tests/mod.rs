//! The module as its user sees it: through proxies, over a connection in memory.

mod attacks;
mod callbacks;
mod documents;
mod markdown;
mod robustness;

use locum_guest::{IntoArgs, Proxy, Result, Value, ops};

use crate::LocumPlugin;

/// Runs a test on a plugin of its own; after it nothing may be lent any more.
fn run(test: impl FnOnce(&Proxy) -> Result<()>) {
    let plugin = locum_guest::connect::<LocumPlugin>();
    let documents = plugin.import("documents").unwrap();
    test(&documents).unwrap();
    drop(documents);
    let stats = plugin.stats();
    assert_eq!(
        (stats.imports_by_type, stats.exports_by_type),
        (vec![], vec![])
    );
}

fn render(documents: &Proxy, markdown: &str) -> Result<String> {
    documents.call("render", (markdown,))
}

/// What a call gives, as Python would write it.
fn shown(object: &Proxy, name: &str, args: impl IntoArgs) -> Result<String> {
    ops::repr(&object.call::<Value>(name, args)?)
}

/// The project's own README.
const README: &str = include_str!("../../../../README.md");
