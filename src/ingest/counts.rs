//! What happened to the rows of a file, in numbers.

use std::collections::BTreeMap;

use super::others::OtherPersons;
use super::warnings::Warnings;
use crate::domain::record::RecordSet;
use crate::domain::suspension::Class;

/// What happened to the rows of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) imported: u64,
    pub(crate) updated: u64,
    pub(crate) unchanged: u64,
    pub(crate) quarantined: u64,
    pub(crate) repeats: u64,
    /// The records no longer in the file.
    pub(crate) gone: RecordSet,
    pub(crate) reopened: u64,
    pub(crate) in_item1: u64,
    pub(crate) by_class: [u64; Class::ALL.len()],
    pub(crate) held: BTreeMap<&'static str, RejectedCount>,
    /// Rows rejected that were rejected before, as they were.
    pub(crate) held_again: u64,
    /// Rows that earlier imports rejected and this one accepted.
    pub(crate) corrected: u64,
    /// Rows that earlier imports rejected and this one rejects with other content.
    pub(crate) replaced: u64,
    /// Records that had vanished and are in the file again.
    pub(crate) returned: u64,
    pub(crate) warnings: Warnings,
    /// Rows that perhaps speak of another person than their record.
    pub(crate) others: OtherPersons,
    /// The 整理番号 of records in a sent batch that changed, the first ones.
    pub(crate) changed_in_batch: Vec<String>,
    /// Records in item 1 after the import.
    pub(crate) under_review: u64,
}

impl Counts {
    /// Whether the file holds nothing that the store does not hold already.
    pub(crate) fn nothing_new(&self) -> bool {
        self.imported + self.updated + self.gone.len() + self.returned + self.corrected + self.replaced == 0
            && self.quarantined == self.held_again
    }
}

/// Rows rejected for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RejectedCount {
    /// How many.
    pub count: u64,
    /// The first physical lines.
    pub lines: Vec<u32>,
    /// The canonical name of the column at fault in the first one.
    pub column: Option<&'static str>,
    /// The reason of the first one.
    pub reason: String,
}

/// How many records would vanish by a full file, in all and in item 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vanishing {
    /// Records before.
    pub records: u64,
    /// Of these, no longer in the file.
    pub gone: u64,
    /// Records of item 1 before.
    pub item1: u64,
    /// Of these, no longer in the file.
    pub item1_gone: u64,
}

impl Vanishing {
    /// Whether more than half of all records or of those in item 1 would go: hardly a newer file of the same insurer.
    pub fn is_doubtful(&self) -> bool {
        self.gone * 2 > self.records || self.item1_gone * 2 > self.item1
    }
}
