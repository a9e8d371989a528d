//! The queue as it is kept: pages of the records of item 1 in default order, and apart from it the entries of records that
//! have vanished, so that the place of an entry is its place in the queue. It changes with imports only.

use super::StoreError;
use super::column;
use super::engine::{Txn, View};
use super::envelope::ValueKind;
use super::lookup;
use super::schema::ColumnId;
use crate::domain::queue::{PAGE, QueueEntry};

/// A page of the queue; empty behind the last one.
pub(super) fn page(view: &dyn View, page: u32) -> Result<Vec<QueueEntry>, StoreError> {
    lookup::chunk(view, ColumnId::Queue, page)?.map_or(Ok(Vec::new()), |bytes| entries(&bytes))
}

/// The whole queue.
pub(super) fn read(view: &dyn View) -> Result<Vec<QueueEntry>, StoreError> {
    read_column(view, ColumnId::Queue)
}

/// The whole queue and the entries of records that have vanished, for an import.
pub(super) fn read_all(view: &dyn View) -> Result<Vec<QueueEntry>, StoreError> {
    let mut all = read(view)?;
    all.extend(read_vanished(view)?);
    Ok(all)
}

/// The entries of records that have vanished.
pub(super) fn read_vanished(view: &dyn View) -> Result<Vec<QueueEntry>, StoreError> {
    read_column(view, ColumnId::VanishedQueue)
}

/// Replaces the queue by entries in default order, those of records that have vanished among them.
pub(super) fn write(txn: &mut dyn Txn, entries: &[QueueEntry]) -> Result<(), StoreError> {
    let (mut queue, mut vanished) = (Vec::with_capacity(entries.len() * QueueEntry::BYTES), Vec::new());
    for entry in entries {
        let column = if entry.facts.in_item1() { &mut queue } else { &mut vanished };
        column.extend(entry.pack());
    }
    column::put_all(txn, ColumnId::Queue, &queue, PAGE * QueueEntry::BYTES)?;
    column::put_all(txn, ColumnId::VanishedQueue, &vanished, PAGE * QueueEntry::BYTES)
}

/// Takes the records that have vanished out of the queue of an earlier layout. What cannot be read stays as it is.
pub(super) fn raise(txn: &mut dyn Txn) -> Result<(), StoreError> {
    match read(&*txn) {
        Err(StoreError::Corrupt(_)) => Ok(()),
        entries => write(txn, &entries?),
    }
}

fn read_column(view: &dyn View, column: ColumnId) -> Result<Vec<QueueEntry>, StoreError> {
    let mut all = Vec::new();
    for bytes in lookup::chunks(view, column)? {
        all.extend(entries(&bytes)?);
    }
    Ok(all)
}

fn entries(bytes: &[u8]) -> Result<Vec<QueueEntry>, StoreError> {
    let (cells, rest) = bytes.as_chunks::<{ QueueEntry::BYTES }>();
    if !rest.is_empty() {
        return Err(ValueKind::Column.corrupt());
    }
    cells.iter().map(|cell| QueueEntry::unpack(cell).ok_or_else(|| ValueKind::Column.corrupt())).collect()
}
