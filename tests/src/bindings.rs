//! Views of the plugins under test, as `locum bindgen` writes them. A test compares them with what it would write now.

/// Those of `counters`.
pub mod counters;

/// Those of `collections`.
pub mod collections;

/// Those of `samples`.
pub mod samples;

/// Those of `counters`, for another plugin.
pub mod guest;
