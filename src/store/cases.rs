//! Cases, and what follows each change of one: the state of its record and the counters.

use super::engine::{Key, Table, Txn};
use super::envelope::{self, ValueKind};
use super::{StoreError, lookup, states, tally};
use crate::domain::case::Case;
use crate::domain::counter::Counts;
use crate::domain::record::RecordNo;

/// Keeps a case and the state that it is in. The counters are the caller's.
pub(super) fn put(txn: &mut dyn Txn, no: RecordNo, case: &Case) -> Result<(), StoreError> {
    let sealed = envelope::seal_json(ValueKind::Case, &no.0.to_le_bytes(), case)?;
    txn.put(Table::Decisions, Key::Number(no.0), &sealed)?;
    states::set(txn, no, case.state)
}

/// Cases that one transaction changes, and what that does to the counters.
#[derive(Debug, Default)]
pub(super) struct CaseChanges(Counts);

impl CaseChanges {
    /// Keeps the case of a record in place of the one it had.
    pub(super) fn put(
        &mut self,
        txn: &mut dyn Txn,
        no: RecordNo,
        before: &Case,
        after: &Case,
    ) -> Result<(), StoreError> {
        let facts = lookup::facts(&*txn, no)?.ok_or(StoreError::NoRecord(no))?;
        self.0.remove(&facts, before);
        self.0.add(&facts, after);
        put(txn, no, after)
    }

    /// Keeps the counters.
    pub(super) fn finish(self, txn: &mut dyn Txn) -> Result<(), StoreError> {
        tally::change(txn, &self.0)
    }
}
