//! The log, on standard error: `--verbose`, or what `RUST_LOG` asks for.

use std::env;
use std::io;
use std::sync::atomic::{AtomicU8, Ordering};

use tracing_subscriber::filter::{EnvFilter, LevelFilter};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::{Identity, Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;

use crate::failure::Failure;
use crate::style::Painter;

/// The variable that says what is logged, in the words of `tracing`'s `EnvFilter`.
const VARIABLE: &str = "RUST_LOG";

/// How often `--verbose` was given.
static VERBOSE: AtomicU8 = AtomicU8::new(0);

/// Takes note of what is asked for, and begins to log unless a trace does so when it begins.
pub(crate) fn begin_unless(is_traced: bool, verbose: u8) -> Result<(), Failure> {
    VERBOSE.store(verbose, Ordering::Relaxed);
    if is_traced {
        Ok(())
    } else {
        begin(None::<Identity>)
    }
}

/// Begins to log what is asked for, and to tell `more` everything.
///
/// `RUST_LOG` goes before `--verbose`: it says more.
pub(crate) fn begin<L>(more: Option<L>) -> Result<(), Failure>
where
    L: Layer<Registry> + Send + Sync + 'static,
{
    let filter = filter(VERBOSE.load(Ordering::Relaxed), env::var(VARIABLE).ok())?;
    if filter.is_none() && more.is_none() {
        // Whoever listens makes calls slower.
        return Ok(());
    }
    let log = filter.map(|filter| {
        tracing_subscriber::fmt::layer()
            .with_writer(io::stderr)
            .with_span_events(FmtSpan::CLOSE)
            .with_ansi(Painter::stderr().has_colours())
            .with_filter(filter)
    });
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(more).with(log))
        .map_err(|error| Failure::Usage(format!("the log can not be kept: {error}")))
}

fn filter(verbose: u8, variable: Option<String>) -> Result<Option<EnvFilter>, Failure> {
    if let Some(text) = variable.filter(|text| !text.trim().is_empty()) {
        let filter = EnvFilter::builder().parse(&text).map_err(|error| {
            Failure::Usage(format!(
                "{VARIABLE}={text} can not be read: {error}; give a level, or targets with theirs, as in \
                 `{VARIABLE}=debug` or `{VARIABLE}=locum=debug,wasmtime=warn`"
            ))
        })?;
        return Ok(Some(filter));
    }
    let level = match verbose {
        0 => return Ok(None),
        1 => "locum=info",
        2 => "locum=debug",
        _ => "trace",
    };
    let directive = level
        .parse()
        .map_err(|error| Failure::Usage(format!("--verbose: {error}")))?;
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .parse_lossy("");
    Ok(Some(filter.add_directive(directive)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(verbose: u8, variable: Option<&str>) -> Option<String> {
        let found = filter(verbose, variable.map(str::to_owned));
        found.ok().flatten().map(|filter| filter.to_string())
    }

    #[test]
    fn nothing_is_logged_unless_it_is_asked_for() {
        assert_eq!(level(0, None), None);
        assert_eq!(level(0, Some(" ")), None);
        assert!(level(1, None).is_some_and(|it| it.contains("locum=info")));
        assert!(level(2, None).is_some_and(|it| it.contains("locum=debug")));
    }

    #[test]
    fn the_variable_goes_before_the_option() {
        assert_eq!(
            level(1, Some("wasmtime=error")).as_deref(),
            Some("wasmtime=error")
        );
        assert!(filter(0, Some("locum=loud".to_owned())).is_err());
    }
}
