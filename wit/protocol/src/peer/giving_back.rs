//! Giving back what the other end lent: counted, batched, never overtaking.

use std::slice::from_ref;
use std::sync::atomic::Ordering;

use super::{MOST_WAITING, Peer, lock};
use crate::Handle;
use crate::transport::Released;

impl Peer {
    /// Gives back what an import had received. Called when the last proxy of it is dropped.
    pub(crate) fn give_back(&self, handle: Handle, count: u32) {
        {
            let mut imports = lock(&self.0.imports);
            // The same object may have arrived again since.
            if imports
                .get(&handle)
                .is_some_and(|known| known.import.strong_count() == 0)
            {
                imports.remove(&handle);
            }
        }
        if self.0.closed.get().is_some() {
            return;
        }
        let waiting = {
            let mut releases = lock(&self.0.releases);
            releases.push(Released {
                target: handle,
                count,
            });
            self.0.waiting.store(releases.len(), Ordering::Release);
            releases.len()
        };
        if self.0.serving.load(Ordering::Relaxed) == 0 || waiting >= MOST_WAITING {
            self.flush();
        }
    }

    /// Gives back what never became a proxy here.
    #[cold]
    pub(super) fn give_all_back(&self, released: impl Iterator<Item = Released>) {
        if self.0.closed.get().is_none() {
            let mut releases = lock(&self.0.releases);
            releases.extend(released);
            self.0.waiting.store(releases.len(), Ordering::Release);
            drop(releases);
            if self.0.serving.load(Ordering::Relaxed) == 0 {
                self.flush();
            }
        }
    }

    /// Sends the releases that wait.
    #[inline]
    pub(super) fn flush(&self) {
        if self.0.waiting.load(Ordering::Acquire) > 0 {
            self.send_releases();
        }
    }

    fn send_releases(&self) {
        // Giving back may free proxies over there, whose releases of our objects come back here: loop, not recursion.
        while self.0.waiting.load(Ordering::Acquire) > 0 && self.0.closed.get().is_none() {
            let (one, rest) = {
                let mut releases = lock(&self.0.releases);
                self.0.waiting.store(0, Ordering::Release);
                match releases.len() {
                    0 => return,
                    // The usual case, for which nothing is allocated anew.
                    1 => (releases.pop(), Vec::new()),
                    _ => (None, std::mem::take(&mut *releases)),
                }
            };
            let batch = match &one {
                Some(one) => from_ref(one),
                None => &rest[..],
            };
            let sent = self.0.transport.release(batch);
            match sent {
                Ok(true) => {}
                Ok(false) => {
                    let mut releases = lock(&self.0.releases);
                    releases.extend(batch);
                    self.0.waiting.store(releases.len(), Ordering::Release);
                    return;
                }
                // The door has closed the peer by now, and with it what was lent.
                Err(_) => return,
            }
        }
    }
}
