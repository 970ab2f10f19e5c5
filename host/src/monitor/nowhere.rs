//! Systems that have no sockets of this kind: nothing can be opened, and so nothing can be found.

use std::path::Path;
use std::time::Duration;

use super::{Call, Monitor, Snapshot, TraceEnd};
use crate::{Error, Kind, Result};

pub(super) fn refused<T>() -> Result<T> {
    Err(Error::new(
        Kind::Load,
        "a host can be watched on Unix only: the monitor is a Unix socket; leave `HostBuilder::monitor` out here",
    ))
}

pub(super) fn refused_in(_directory: &Path) -> Result<Monitor> {
    refused()
}

/// A host that can be watched. There is none on this system.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Running {}

/// The hosts that can be watched: none on this system.
#[doc(hidden)]
pub fn running() -> Vec<Running> {
    Vec::new()
}

impl Running {
    /// The host whose monitor is there.
    ///
    /// # Errors
    /// Always, on this system.
    pub fn at(_path: impl AsRef<Path>) -> Result<Running> {
        refused()
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        match *self {}
    }

    /// What its program is called.
    pub fn program(&self) -> &str {
        match *self {}
    }

    /// Where its socket is.
    pub fn path(&self) -> &Path {
        match *self {}
    }

    /// Asks for snapshots.
    ///
    /// # Errors
    /// Always, on this system.
    pub fn watch(&self, _interval: Duration) -> Result<Snapshots> {
        refused()
    }

    /// Asks for every call.
    ///
    /// # Errors
    /// Always, on this system.
    pub fn trace(&self) -> Result<Traced> {
        refused()
    }
}

/// The snapshots that a host sends.
#[doc(hidden)]
#[derive(Debug)]
pub enum Snapshots {}

impl Iterator for Snapshots {
    type Item = Result<Snapshot>;
    fn next(&mut self) -> Option<Result<Snapshot>> {
        match *self {}
    }
}

/// The calls that a host tells of.
#[doc(hidden)]
#[derive(Debug)]
pub enum Traced {}

/// Stops a trace from elsewhere.
#[doc(hidden)]
#[derive(Debug)]
pub enum Stopper {}

impl Traced {
    /// Asks for the end of the trace.
    ///
    /// # Errors
    /// Always, on this system.
    pub fn stop(&mut self) -> Result<()> {
        refused()
    }

    /// By which the trace can be stopped from another thread.
    ///
    /// # Errors
    /// Always, on this system.
    pub fn stopper(&self) -> Result<Stopper> {
        refused()
    }

    /// How it ended, once it has.
    pub fn end(&self) -> Option<TraceEnd> {
        match *self {}
    }
}

impl Stopper {
    /// Stops the trace.
    pub fn stop(&mut self) {
        match *self {}
    }
}

impl Iterator for Traced {
    type Item = Result<Call>;
    fn next(&mut self) -> Option<Result<Call>> {
        match *self {}
    }
}
