//! The queue at the end of an import.

use super::StoreError;
use super::import::Import;
use super::queue;
use super::queue_changes::QueueChanges;

impl Import<'_> {
    /// How many records stand in item 1 as this import leaves them so far.
    pub fn in_item1(&self) -> Result<u64, StoreError> {
        let store = self.store;
        store.guard(|| {
            let before = self.read.as_deref().map_or(Ok(0), queue::len)?;
            Ok(u64::try_from(before + self.item1).unwrap_or(0))
        })
    }

    /// Writes the queue as this import leaves it.
    pub(super) fn write_queue(&mut self) -> Result<(), StoreError> {
        let changes = std::mem::replace(&mut self.queue, QueueChanges::new(&self.store.scratch));
        changes.write(self.read.as_deref(), &mut self.facts, &mut *self.txn)
    }
}
