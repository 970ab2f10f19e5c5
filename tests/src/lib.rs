//! What the tests and benches share.
