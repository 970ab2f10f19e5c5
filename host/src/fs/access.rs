//! What may be done with what is granted.

/// What may be done with a directory and all that is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To read, and to list.
    ReadOnly,
    /// To read, to write, to create and to remove.
    ReadWrite,
}
