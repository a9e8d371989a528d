//! Changes asked of a store.

use super::{EventId, EventKind};
use crate::domain::batch::{Batch, Withdrawal};
use crate::domain::case::Case;
use crate::domain::record::RecordNo;
use crate::domain::tally::FrozenReport;

/// A change of one case, asked of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseChange {
    /// The record.
    pub record: RecordNo,
    /// The kind of event to record.
    pub kind: EventKind,
    /// The case that the change was computed from; the store refuses when it is no longer current.
    pub before: Case,
    /// The case to keep.
    pub after: Case,
    /// Why.
    pub reason: String,
    /// The event that this one undoes or redoes.
    pub refers: Option<EventId>,
}

/// A change asked of a store; it and its audit entry become durable together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A case changes.
    Case(Box<CaseChange>),
    /// A 解除 batch is made.
    Batch(Box<Batch>),
    /// A record is withdrawn from a batch and goes back to 確認中, in one event.
    Withdraw {
        /// What is withdrawn and why.
        withdrawal: Withdrawal,
        /// The case that the change was computed from; the store refuses when it is no longer current.
        before: Box<Case>,
        /// The case to keep; it holds no category.
        after: Box<Case>,
    },
    /// A report is frozen.
    Freeze(Box<FrozenReport>),
    /// A held-back row is dismissed, or the dismissal is taken back.
    Held {
        /// Its number.
        number: u32,
        /// Dismissed, or open again.
        dismiss: bool,
        /// Why.
        reason: String,
    },
}
