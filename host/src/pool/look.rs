//! A pool, as it looks from outside.

use std::sync::{Arc, Weak};

use super::Inner;
use crate::monitor::{LooksAtPool, PoolLook};

/// Has it listed by its host's monitor, if there is one.
pub(super) fn let_be_watched(pool: &Arc<Inner>) {
    if let Some(monitor) = pool.template.host().monitor() {
        let pool: Weak<Inner> = Arc::downgrade(pool);
        monitor.hub().pools(pool);
    }
}

impl LooksAtPool for Inner {
    fn look(&self) -> PoolLook {
        PoolLook {
            name: self.template.name().to_owned(),
            seats: self.seats.iter().map(super::Seat::look).collect(),
        }
    }
}
