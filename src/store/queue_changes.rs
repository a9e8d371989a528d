//! Changes of the queue, which wait outside memory for the end of an import; then the queue is written anew in its order.

use super::column::{CellColumn, ChunkWriter};
use super::engine::{Txn, View};
use super::envelope::ValueKind;
use super::queue::{PAGE_BYTES, stored};
use super::schema::ColumnId;
use super::{StoreError, lookup};
use crate::domain::pattern::Pattern;
use crate::domain::queue::QueueEntry;
use crate::domain::record::{Facts, RecordNo, RecordSet};
use crate::spill::{Scratch, Sorter};

/// Memory of a sorter, in bytes.
const SORTER_BYTES: usize = 2 * 1024 * 1024;

/// A record, the running number of the change, whether it is on the queue, and its pattern.
type Change = (u32, u32, u8, u64, u64);

/// An entry behind its sort key.
type Ordered = (u8, u8, (u64, u64), u32, [u8; QueueEntry::BYTES]);

/// What an import changes on the queue.
#[derive(Debug)]
pub(super) struct QueueChanges {
    scratch: Scratch,
    changes: Sorter<Change>,
    /// Number of changes so far.
    count: u32,
    /// Records of earlier imports whose entries are no longer those of the store.
    touched: RecordSet,
}

impl QueueChanges {
    /// Begins without changes; temporary files are made in `scratch`.
    pub(super) fn new(scratch: &Scratch) -> Self {
        Self {
            scratch: scratch.clone(),
            changes: Sorter::new(scratch, SORTER_BYTES),
            count: 0,
            touched: RecordSet::default(),
        }
    }

    /// Notes that facts of a record of an earlier import have changed.
    pub(super) fn touch(&mut self, no: RecordNo) {
        self.touched.insert(no);
    }

    /// Puts a record on the queue, or takes it off.
    pub(super) fn set(&mut self, no: RecordNo, pattern: Option<Pattern>) -> Result<(), StoreError> {
        self.count += 1;
        let Pattern { classes, exact } = pattern.unwrap_or_default();
        Ok(self.changes.push((no.0, self.count, u8::from(pattern.is_some()), classes, exact))?)
    }

    /// Writes the queue as it was with these changes, and apart from it the entries of records that have vanished.
    pub(super) fn write(
        self,
        before: Option<&dyn View>,
        facts: &mut CellColumn<{ Facts::BYTES }>,
        txn: &mut dyn Txn,
    ) -> Result<(), StoreError> {
        let mut queue = ChunkWriter::new(ColumnId::Queue, PAGE_BYTES);
        let mut vanished = ChunkWriter::new(ColumnId::VanishedQueue, PAGE_BYTES);
        self.each(before, facts, txn, &mut |txn, entry| {
            let column = if entry.facts.in_item1() { &mut queue } else { &mut vanished };
            column.push(txn, &entry.pack())
        })?;
        queue.finish(txn)?;
        vanished.finish(txn)
    }

    /// Shows the entries of the queue in their order, those of records that have vanished in any. What was not touched comes
    /// from the queue as it was, everything else is sorted anew, with the facts of the facts column.
    fn each(
        self,
        before: Option<&dyn View>,
        facts: &mut CellColumn<{ Facts::BYTES }>,
        txn: &mut dyn Txn,
        each: &mut dyn FnMut(&mut dyn Txn, QueueEntry) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Self { scratch, mut changes, touched, .. } = self;
        let queue = || before.into_iter().flat_map(|view| stored(view, ColumnId::Queue));
        let vanished = || before.into_iter().flat_map(|view| stored(view, ColumnId::VanishedQueue));
        if !touched.is_empty() {
            for entry in queue().chain(vanished()) {
                let QueueEntry { no, pattern, .. } = entry?;
                if touched.contains(no) {
                    // Whatever the import set comes later and counts.
                    changes.push((no.0, 0, 1, pattern.classes, pattern.exact))?;
                }
            }
        }
        let mut entries: Sorter<Ordered> = Sorter::new(&scratch, SORTER_BYTES);
        let mut changes = changes.sorted()?.peekable();
        while let Some(change) = changes.next() {
            let (no, _, queued, classes, exact) = change?;
            let replaced = matches!(changes.peek(), Some(Ok((next, ..))) if *next == no);
            if queued == 1 && !replaced {
                let cell = facts.get(txn, no)?.ok_or_else(|| ValueKind::Column.corrupt())?;
                let facts: Facts = lookup::facts_cell(cell)?.ok_or_else(|| ValueKind::Column.corrupt())?;
                let entry = QueueEntry { no: RecordNo(no), facts, pattern: Pattern { classes, exact } };
                entries.push(ordered(&entry))?;
            }
        }
        drop(changes);
        let mut entries = entries.sorted()?.peekable();
        let mut show = |txn: &mut dyn Txn, (.., packed): Ordered| {
            each(txn, QueueEntry::unpack(&packed).ok_or_else(|| ValueKind::Column.corrupt())?)
        };
        let untouched =
            |entry: &Result<QueueEntry, StoreError>| entry.as_ref().map_or(true, |entry| !touched.contains(entry.no));
        for entry in queue().filter(untouched) {
            let place = ordered(&entry?);
            while let Some(first) = entries.next_if(|other| !other.as_ref().is_ok_and(|other| *other > place)) {
                show(txn, first?)?;
            }
            show(txn, place)?;
        }
        entries.try_for_each(|entry| show(txn, entry?))?;
        vanished().filter(untouched).try_for_each(|entry| show(txn, ordered(&entry?)))
    }
}

fn ordered(entry: &QueueEntry) -> Ordered {
    let (rank, harmless, pattern, no) = entry.order();
    (rank, u8::from(harmless), (pattern.classes, pattern.exact), no.0, entry.pack())
}
