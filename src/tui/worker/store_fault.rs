//! A fault of the disk while it is not settled.

use std::time::Instant;

use crate::domain::request::RequestId;

/// What was on its way when the store failed.
#[derive(Debug)]
pub(super) struct StoreFault {
    /// The request of the screens whose change may or may not be durable, and the number it was carried out under.
    pub(super) change: Option<(u64, RequestId)>,
    pub(super) words: String,
    pub(super) tried: Instant,
    /// Changes asked for before the operator could know.
    pub(super) refused: usize,
    pub(super) told: bool,
}
