//! How weighty a message to the operator is.

/// The weight of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// For information.
    Info,
    /// Something was not done.
    Warning,
    /// Something failed.
    Error,
}
