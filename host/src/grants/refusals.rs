//! What a plugin tried and was not granted: told in the error of the call that came to nothing by it, and in the log.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use crate::{Error, Kind};

/// How many different refusals are kept for one plugin.
const MOST: usize = 64;

/// The longest name of a thing that is repeated to people, in characters.
const LONGEST: usize = 200;

/// What Rust's standard library says, in the plugin, of a file that is not there. The same where no directory that was
/// granted holds the path, which it finds out without asking the host.
const NO_ENTRY: &str = "No such file or directory (os error 44)";

/// The refusals of one plugin.
#[derive(Default)]
pub(crate) struct Refusals {
    /// Whether there are any of this call, to look at without the lock.
    has_fresh: AtomicBool,
    /// Whether the host has said in this call that a file is not there.
    said_no_entry: AtomicBool,
    told: Mutex<Told>,
    /// What its manifest asks for and it was not given, which it may miss without asking the host.
    unmet: OnceLock<Vec<String>>,
}

#[derive(Default)]
struct Told {
    /// Each of them once.
    all: Vec<String>,
    /// Those of this call.
    fresh: Vec<String>,
}

impl Refusals {
    /// The plugin was refused `what`, which that would grant: a method of `Grants`, an option of the command line.
    #[cold]
    pub(crate) fn add(&self, plugin: &str, what: &str, method: &str, option: &str) {
        let text = format!("it was not granted {what} (Grants::{method}, --{option})");
        let mut told = self.told();
        if !told.fresh.contains(&text) && told.fresh.len() < MOST {
            told.fresh.push(text.clone());
            self.has_fresh.store(true, Ordering::Relaxed);
        }
        if !told.all.contains(&text) && told.all.len() < MOST {
            told.all.push(text.clone());
            drop(told);
            tracing::warn!(target: "locum::grants", plugin, "{text}");
        }
    }

    /// What its manifest asks for in vain.
    pub(crate) fn asks_in_vain(&self, plugin: &str, unmet: Vec<String>) {
        for text in &unmet {
            tracing::info!(target: "locum::grants", plugin, "{text}");
        }
        let _ = self.unmet.set(unmet);
    }

    /// The host has said that a file is not there.
    #[cold]
    pub(crate) fn no_entry(&self) {
        self.said_no_entry.store(true, Ordering::Relaxed);
        self.has_fresh.store(true, Ordering::Relaxed);
    }

    /// Each refusal so far, once.
    pub(crate) fn all(&self) -> Vec<String> {
        self.told().all.clone()
    }

    /// A new call begins: what an earlier one was refused does not explain it.
    #[inline]
    pub(crate) fn begin(&self) {
        if self.has_fresh.load(Ordering::Relaxed) {
            self.forget();
        }
    }

    #[cold]
    fn forget(&self) {
        self.has_fresh.store(false, Ordering::Relaxed);
        self.said_no_entry.store(false, Ordering::Relaxed);
        self.told().fresh.clear();
    }

    /// Tells what was refused in the call that ended in this error.
    #[cold]
    pub(crate) fn explain(&self, error: Error) -> Error {
        let mut because = std::mem::take(&mut self.told().fresh);
        self.has_fresh.store(false, Ordering::Relaxed);
        let host_said_so = self.said_no_entry.load(Ordering::Relaxed);
        if !host_said_so && error.message().contains(NO_ENTRY) {
            because.push(
                "it was granted no directory with that path in it (Grants::dir, --allow-dir)"
                    .into(),
            );
        }
        // An error that passes through several calls is explained once.
        because.retain(|text| !error.message().contains(text));
        let error = self.with_unmet(error);
        if because.is_empty() {
            return error;
        }
        error.map_message(|text| format!("{text}; {}", because.join("; ")))
    }

    /// Where a plugin fails for a reason of its own, what it was not given may be that.
    fn with_unmet(&self, error: Error) -> Error {
        let may_be_that = matches!(error.kind(), Kind::Raised | Kind::Panic | Kind::Trap);
        let unmet = self.unmet.get().filter(|_| may_be_that);
        let news = unmet.into_iter().flatten();
        news.fold(error, |error, text| match error.trace().contains(text) {
            true => error,
            false => error.at(text),
        })
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A name that a plugin made up, fit to be repeated.
pub(crate) fn shown(name: &str) -> String {
    let mut shown: String = name
        .chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect();
    if name.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error() -> Error {
        Error::new(Kind::Raised, "no luck")
    }

    #[test]
    fn an_error_tells_what_was_refused_in_its_own_call_and_once() {
        let refusals = Refusals::default();
        refusals.add(
            "p",
            "the network address 1.2.3.4:5",
            "connect",
            "allow-net 1.2.3.4:5",
        );
        let explained = refusals.explain(error());
        let text = "no luck; it was not granted the network address 1.2.3.4:5 (Grants::connect, --allow-net 1.2.3.4:5)";
        assert_eq!(explained.message(), text);
        assert_eq!(refusals.explain(explained).message(), text);
        refusals.add("p", "another", "connect", "allow-net");
        refusals.begin();
        assert_eq!(refusals.explain(error()).message(), "no luck");
        assert_eq!(refusals.all().len(), 2);
    }

    #[test]
    fn a_path_that_no_directory_holds_is_explained_although_the_host_was_not_asked() {
        let refusals = Refusals::default();
        let explain = || refusals.explain(Error::new(Kind::Raised, NO_ENTRY));
        assert!(explain().message().ends_with("(Grants::dir, --allow-dir)"));
        refusals.no_entry();
        assert_eq!(explain().message(), NO_ENTRY, "the host was asked");
        refusals.begin();
        assert_ne!(explain().message(), NO_ENTRY);
    }

    #[test]
    fn what_is_asked_for_in_vain_is_told_where_a_plugin_fails_for_a_reason_of_its_own() {
        let refusals = Refusals::default();
        refusals.asks_in_vain("p", vec!["it asks for more".into()]);
        let explained = refusals.explain(refusals.explain(error()));
        assert_eq!(explained.trace(), ["it asks for more"]);
        let other = refusals.explain(Error::new(Kind::TypeError, "no"));
        assert!(other.trace().is_empty());
    }

    #[test]
    fn a_plugin_that_tries_on_and_on_fills_no_memory() {
        let refusals = Refusals::default();
        for number in 0..10_000 {
            refusals.add("p", &number.to_string(), "connect", "allow-net");
        }
        assert_eq!(refusals.all().len(), MOST);
    }

    #[test]
    fn a_name_is_shown_without_what_could_steer_a_terminal() {
        assert_eq!(shown("a\u{1b}[2J\n"), "a\\u{1b}[2J\\n");
        assert_eq!(shown(&"x".repeat(1000)).chars().count(), LONGEST + 1);
    }
}
