//! What may come next.

use rustyline::Context;
use rustyline::completion::{Completer, FilenameCompleter, Pair};

use super::commands::COMMANDS;
use super::resolve::Resolver;
use super::source;

/// Commands whose argument is a file.
const OF_FILES: [&str; 2] = [":open ", ":run "];

/// Where the word begins that is to be completed, and what it may become.
pub(super) fn complete(
    resolver: &Resolver,
    line: &str,
    context: &Context<'_>,
) -> (usize, Vec<Pair>) {
    if OF_FILES.iter().any(|command| line.starts_with(command)) {
        return FilenameCompleter::new()
            .complete(line, line.len(), context)
            .unwrap_or_default();
    }
    if line.starts_with(':') && !line.contains(' ') {
        let names = COMMANDS.iter().map(|(name, ..)| name.to_string());
        return (0, fitting(names.collect(), line));
    }
    names(
        resolver,
        line.strip_prefix(":time ").map_or(line, |rest| rest),
        line.len(),
    )
}

fn names(resolver: &Resolver, source: &str, end: usize) -> (usize, Vec<Pair>) {
    let Some(before) = source::before(source) else {
        return (end, Vec::new());
    };
    let start = end - before.word.len();
    if !before.chain.is_empty() {
        let members = resolver
            .chain(&before.chain)
            .map(|thing| resolver.members(&thing));
        return (start, fitting(members.unwrap_or_default(), before.word));
    }
    let mut names = match &before.call {
        Some(chain) => resolver.parameters(chain),
        None => Vec::new(),
    };
    // An empty word could be anything, which is no help unless a call says what it takes.
    if !before.word.is_empty() || names.is_empty() {
        names.extend(resolver.firsts());
    }
    (start, fitting(names, before.word))
}

/// Those that begin so. Special methods, and what begins with `_`, only when that was typed.
fn fitting(mut names: Vec<String>, word: &str) -> Vec<Pair> {
    names
        .retain(|name| name.starts_with(word) && (word.starts_with('_') || !name.starts_with('_')));
    names.sort();
    names.dedup();
    let pair = |name: String| Pair {
        // Names come from plugins; what could steer the terminal is no name.
        display: crate::out::line(&name).into_owned(),
        replacement: name,
    };
    names.retain(|name| !name.chars().any(char::is_control));
    names.into_iter().map(pair).collect()
}

#[cfg(all(test, embedded))]
mod tests {
    use rustyline::history::DefaultHistory;

    use super::super::shell::Shell;
    use super::*;
    use crate::cli::GrantArgs;
    use crate::session::Session;

    fn completed(shell: &Shell, line: &str) -> Vec<String> {
        let history = DefaultHistory::new();
        let (start, pairs) = complete(&shell.resolver(), line, &Context::new(&history));
        assert!(start <= line.len());
        pairs.into_iter().map(|pair| pair.replacement).collect()
    }

    #[test]
    fn modules_variables_attributes_and_keywords_are_completed() {
        let session = Session::start(&[], &GrantArgs::default(), &Default::default());
        let session = session.unwrap_or_else(|_| panic!("the built-in plugin does not start"));
        let mut shell = Shell::new(&session, false);
        let source = "length = 3; l = collections.list([1]); text = 'a'";
        assert!(shell.value(source).is_ok());
        for (line, expected) in [
            ("coll", &["collections"][..]),
            ("x = len", &["len", "length"]),
            ("collections.de", &["deque"]),
            ("l.app", &["append"]),
            ("l.__le", &["__le__", "__len__"]),
            ("text.upp", &["upper"]),
            ("collections.deque(max", &["max", "maxlen="]),
            ("whi", &["while"]),
            (":rel", &[":reload"]),
            (":time l.app", &["append"]),
            ("shell.re", &["read", "read_text"]),
            ("'coll", &[]),
            ("nothing.a", &[]),
        ] {
            assert_eq!(completed(&shell, line), expected, "{line}");
        }
        assert!(
            completed(&shell, "l.").len() > 5
                && !completed(&shell, "l.").contains(&"__len__".to_owned())
        );
        drop(shell);
        assert!(session.finish(Ok(())).is_ok());
    }
}
