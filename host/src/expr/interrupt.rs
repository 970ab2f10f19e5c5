//! Ending what runs from another thread, as Ctrl-C does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use locum_protocol::{Error, Result};

/// The type of the error that an interrupted script ends with.
pub(super) const TYPE: &str = "KeyboardInterrupt";

/// Interrupts what an [`Interpreter`](super::Interpreter) runs: from another thread, or from a handler of Ctrl-C.
///
/// What runs stops before its next statement, call, step of a loop, or item of something that a function goes through,
/// with an error that [`is_interrupt`](super::Error::is_interrupt). A script does not catch it but by its name. The
/// interpreter stays interrupted until it is [cleared](Interrupter::clear): the same handle serves for all runs.
///
/// A call that is in the plugin is not ended by it; for that there is `Plugin::cancel_handle`.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use std::{thread, time::Duration};
/// # use locum::{Host, expr::Interpreter};
/// let plugin = Host::new()?.load("collections.wasm")?;
/// let mut interpreter = Interpreter::new(plugin, |_: &str| {});
/// let interrupter = interpreter.interrupter();
/// let watchdog = interrupter.clone();
/// thread::spawn(move || {
///     thread::sleep(Duration::from_millis(50));
///     watchdog.interrupt();
/// });
/// let error = interpreter.eval("while True: pass").unwrap_err();
/// assert!(error.is_interrupt() && interrupter.is_interrupted());
/// interrupter.clear();
/// assert_eq!(interpreter.eval("1 + 1").unwrap(), Some(2.into()));
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Interrupter(Arc<AtomicU32>);

impl Interrupter {
    /// Interrupts. Once more interrupts the `finally` that runs since the first time, too.
    pub fn interrupt(&self) {
        // It would take years to come round to zero.
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes the interrupt back: what runs from now on goes on.
    pub fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Whether it was interrupted since it was last cleared.
    pub fn is_interrupted(&self) -> bool {
        self.count() > 0
    }

    /// How often it was interrupted since it was last cleared.
    pub(super) fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    /// An error when it was interrupted more often than is known already.
    #[inline]
    pub(super) fn check(&self, known: u32) -> Result<()> {
        if self.count() > known {
            Err(interrupted())
        } else {
            Ok(())
        }
    }
}

#[cold]
fn interrupted() -> Error {
    Error::raise(TYPE, "interrupted")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupt_lasts_until_it_is_cleared_and_what_is_known_passes() {
        let interrupter = Interrupter::default();
        assert!(interrupter.check(0).is_ok());
        interrupter.clone().interrupt();
        assert!(interrupter.is_interrupted() && interrupter.check(0).is_err());
        assert!(interrupter.check(1).is_ok());
        interrupter.interrupt();
        assert!(interrupter.check(1).is_err());
        interrupter.clear();
        assert!(interrupter.check(0).is_ok() && !interrupter.is_interrupted());
    }
}
