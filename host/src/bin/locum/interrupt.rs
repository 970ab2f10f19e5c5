//! Ctrl-C: stops what runs, and not the shell.
//!
//! A script stops before its next step. A plugin that does not come back to it by then is killed, since WebAssembly code
//! that was stopped somewhere can not be gone on with; the session starts it anew.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::Duration;

use locum::expr::Interrupter;

use crate::out;
use crate::session::Session;

/// How long a plugin has to come back by itself.
const GRACE: Duration = Duration::from_millis(300);

/// What runs now, if anything does.
static RUNNING: Mutex<Option<Running>> = Mutex::new(None);
static NEXT: AtomicU64 = AtomicU64::new(1);

#[derive(Clone)]
struct Running {
    number: u64,
    session: Session,
    interrupter: Interrupter,
}

/// While this lives, Ctrl-C stops what runs. Otherwise it ends the program, or is the editor's.
pub(crate) struct Guard(u64);

/// Lets Ctrl-C stop what runs in this session.
pub(crate) fn guard(session: &Session, interrupter: Interrupter) -> Guard {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| {
        if let Err(error) = ctrlc::set_handler(interrupted) {
            out::note(&format!("note: Ctrl-C will end the program: {error}\n"));
        }
    });
    interrupter.clear();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    *running() = Some(Running {
        number,
        session: session.clone(),
        interrupter,
    });
    Guard(number)
}

impl Drop for Guard {
    fn drop(&mut self) {
        running().take_if(|it| it.number == self.0);
    }
}

fn interrupted() {
    let Some(now) = running().clone() else {
        // As without a handler.
        std::process::exit(crate::failure::INTERRUPTED.into());
    };
    let is_second = now.interrupter.is_interrupted();
    now.interrupter.interrupt();
    if is_second {
        now.session.stop_busy();
        return;
    }
    thread::spawn(move || {
        thread::sleep(GRACE);
        let runs_on = running().as_ref().is_some_and(|it| it.number == now.number);
        if runs_on {
            now.session.stop_busy();
        }
    });
}

fn running() -> MutexGuard<'static, Option<Running>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
