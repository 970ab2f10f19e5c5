//! Proxies in the middle of typed data.

use std::collections::BTreeMap;

use locum_guest::{Proxy, Result, object};
use serde::{Deserialize, Serialize};

/// Data of one's own with objects in it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Delivery {
    label: String,
    counters: Vec<Proxy>,
    named: BTreeMap<String, Option<Proxy>>,
    how: How,
}

#[derive(Serialize, Deserialize)]
enum How {
    Later,
    Now(Proxy),
    Both { first: Proxy, then: (Proxy, u8) },
}

/// Adds 1 to every counter in the delivery, and gives it back as it came.
#[object]
pub(crate) fn deliver(delivery: Delivery) -> Result<Delivery> {
    for counter in everything(&delivery) {
        counter.call::<i64>("add", ())?;
    }
    Ok(delivery)
}

/// The objects of a delivery in order, and whether each lives in this plugin.
#[object]
pub(crate) fn unpack(delivery: Delivery) -> Vec<(Proxy, bool)> {
    everything(&delivery)
        .map(|counter| (counter.clone(), counter.is_local()))
        .collect()
}

fn everything(delivery: &Delivery) -> impl Iterator<Item = &Proxy> {
    let how = match &delivery.how {
        How::Later => vec![],
        How::Now(counter) => vec![counter],
        How::Both { first, then } => vec![first, &then.0],
    };
    let named = delivery.named.values().flatten();
    delivery.counters.iter().chain(named).chain(how)
}
