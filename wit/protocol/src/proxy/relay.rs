//! A proxy offered to others.

use std::any::Any;
use std::sync::Arc;

use super::Proxy;
use crate::describe::ClassInfo;
use crate::{Args, Object, Outcome, Parcel, Result};

/// An object that passes everything on to one that lives elsewhere.
pub(super) struct Relay(pub(super) Proxy);

impl Object for Relay {
    fn type_name(&self) -> &str {
        self.0.type_name()
    }
    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        self.0.forward(name, args)
    }
    fn get(self: Arc<Self>, name: &str) -> Result<Outcome> {
        self.0.target.get(&self.0.full_path(name))
    }
    fn set(self: Arc<Self>, name: &str, value: Parcel) -> Result<()> {
        self.0.target.set(&self.0.full_path(name), value)
    }
    fn value(self: Arc<Self>) -> Result<Parcel> {
        self.0.value_parcel()
    }
    fn describe(&self) -> ClassInfo {
        self.0.describe().unwrap_or_default()
    }
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}
