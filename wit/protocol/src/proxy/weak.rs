//! References that do not keep an object alive.

use std::sync::{Arc, Weak};

use super::{Import, Proxy, Target};
use crate::{CallOptions, Object};

/// A reference to an object that does not keep it alive.
///
/// ```
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let list = plugin.transfer(&vec![1])?;
/// let weak = list.downgrade();
/// assert!(weak.upgrade().is_some_and(|again| again.same_object(&list)));
/// drop(list);
/// assert!(weak.upgrade().is_none());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone)]
pub struct WeakProxy {
    target: WeakTarget,
    path: Option<Arc<str>>,
    options: CallOptions,
}

#[derive(Clone)]
enum WeakTarget {
    Local(Weak<dyn Object>),
    Remote(Weak<Import>),
}

impl WeakProxy {
    /// The proxy, if any other one to the same object is still held here.
    pub fn upgrade(&self) -> Option<Proxy> {
        let target = match &self.target {
            WeakTarget::Local(object) => Target::Local(object.upgrade()?),
            WeakTarget::Remote(import) => Target::Remote(import.upgrade()?),
        };
        Some(Proxy {
            target,
            path: self.path.clone(),
            options: self.options,
        })
    }
}

impl Proxy {
    /// A reference that does not keep the object alive.
    pub fn downgrade(&self) -> WeakProxy {
        let target = match &self.target {
            Target::Local(object) => WeakTarget::Local(Arc::downgrade(object)),
            Target::Remote(import) => WeakTarget::Remote(Arc::downgrade(import)),
        };
        WeakProxy {
            target,
            path: self.path.clone(),
            options: self.options,
        }
    }
}
