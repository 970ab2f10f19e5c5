//! What `docs/language.md` says is so.

use super::fixture::Plugin;
use crate::expr::builtin_names;

const REFERENCE: &str = include_str!("../../../docs/language.md");

/// The blocks between fences.
fn blocks() -> Vec<&'static str> {
    REFERENCE
        .split("```")
        .skip(1)
        .step_by(2)
        .map(|block| block.strip_prefix("text\n").unwrap())
        .collect()
}

/// The lines of a block without what they show, then what they show: results behind `#=`, what is printed behind `#>`.
fn expected(block: &str) -> (Vec<(String, Option<&str>)>, String) {
    let mut lines = Vec::new();
    let mut printed = String::new();
    for line in block.lines() {
        let (source, shown) = match line.split_once("#=") {
            Some((source, shown)) => (source, Some(shown.trim())),
            None => (line, None),
        };
        let (source, text) = match source.split_once("#>") {
            Some((source, text)) => (source, Some(text.trim())),
            None => (source, None),
        };
        if let Some(text) = text {
            printed += text;
            printed.push('\n');
        }
        lines.push((source.trim_end().to_owned(), shown));
    }
    (lines, printed)
}

#[test]
fn every_block_does_what_it_says() {
    let blocks = blocks();
    assert!(blocks.len() >= 10);
    let mut promises = 0;
    for block in blocks {
        let plugin = Plugin::new();
        let (mut interpreter, printed) = plugin.interpreter();
        let (lines, text) = expected(block);
        let mut source = String::new();
        for (line, shown) in lines {
            source += &line;
            source.push('\n');
            let Some(shown) = shown else { continue };
            let value = interpreter
                .eval(&source)
                .unwrap_or_else(|error| panic!("{}", error.render()));
            assert_eq!(
                value.as_ref().map(crate::expr::display).as_deref(),
                Some(shown),
                "{source}"
            );
            source.clear();
            promises += 1;
        }
        interpreter
            .eval(&source)
            .unwrap_or_else(|error| panic!("{}", error.render()));
        assert_eq!(*printed.lock().unwrap(), text, "{block}");
    }
    assert!(promises >= 20);
}

#[test]
fn every_function_of_the_language_is_listed() {
    let (_, list) = REFERENCE
        .split_once("## Functions that are always there")
        .unwrap();
    for name in builtin_names() {
        assert!(list.contains(&format!("`{name}`")), "{name} is not listed");
    }
}
