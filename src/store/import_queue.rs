//! The queue at the end of an import.

use super::StoreError;
use super::import::Import;
use super::queue_changes::{QueueChanges, stored};

impl Import<'_> {
    /// How many records stand in item 1 as this import leaves them so far.
    pub fn in_item1(&self) -> Result<u64, StoreError> {
        let store = self.store;
        store.guard(|| {
            let mut before = 0;
            for entry in self.read.as_deref().into_iter().flat_map(stored) {
                before += i64::from(entry?.facts.in_item1());
            }
            Ok(u64::try_from(before + self.item1).unwrap_or(0))
        })
    }

    /// Writes the queue as this import leaves it.
    pub(super) fn write_queue(&mut self) -> Result<(), StoreError> {
        let changes = std::mem::replace(&mut self.queue, QueueChanges::new(&self.store.scratch));
        changes.write(self.read.as_deref(), &mut self.facts, &mut *self.txn)
    }
}
