//! The queue as it is kept: pages of the records of item 1 in default order, and apart from it the entries of records that
//! have vanished, so that the place of an entry is its place in the queue. It changes with imports only.

use super::StoreError;
use super::column::ChunkWriter;
use super::engine::{Txn, View};
use super::envelope::ValueKind;
use super::lookup;
use super::schema::ColumnId;
use crate::domain::queue::{PAGE, QueueEntry};

/// A page of the queue; empty behind the last one.
pub(super) fn page(view: &dyn View, page: u32) -> Result<Vec<QueueEntry>, StoreError> {
    lookup::chunk(view, ColumnId::Queue, page)?.map_or(Ok(Vec::new()), |bytes| entries(&bytes))
}

/// Bytes of a page.
pub(super) const PAGE_BYTES: usize = PAGE * QueueEntry::BYTES;

/// The entries of a column in their order, read chunk by chunk.
pub(super) fn stored(view: &dyn View, column: ColumnId) -> impl Iterator<Item = Result<QueueEntry, StoreError>> + '_ {
    let (mut chunk, mut page) = (0, Vec::new().into_iter());
    std::iter::from_fn(move || {
        loop {
            if let Some(entry) = page.next() {
                return Some(Ok(entry));
            }
            match lookup::chunk(view, column, chunk).transpose()?.and_then(|bytes| entries(&bytes)) {
                Ok(next) => (page, chunk) = (next.into_iter(), chunk + 1),
                Err(fault) => return Some(Err(fault)),
            }
        }
    })
}

/// How many entries the queue has.
pub(super) fn len(view: &dyn View) -> Result<i64, StoreError> {
    let mut len = 0;
    while let Some(bytes) = lookup::chunk(view, ColumnId::Queue, (len / PAGE) as u32)? {
        len += bytes.len() / QueueEntry::BYTES;
        if bytes.len() < PAGE_BYTES {
            break;
        }
    }
    Ok(len as i64)
}

/// The whole queue.
pub(super) fn read(view: &dyn View) -> Result<Vec<QueueEntry>, StoreError> {
    read_column(view, ColumnId::Queue)
}

/// The entries of records that have vanished.
pub(super) fn read_vanished(view: &dyn View) -> Result<Vec<QueueEntry>, StoreError> {
    read_column(view, ColumnId::VanishedQueue)
}

/// Replaces the queue by entries in default order, those of records that have vanished among them.
fn write(txn: &mut dyn Txn, entries: &[QueueEntry]) -> Result<(), StoreError> {
    let mut queue = ChunkWriter::new(ColumnId::Queue, PAGE_BYTES);
    let mut vanished = ChunkWriter::new(ColumnId::VanishedQueue, PAGE_BYTES);
    for entry in entries {
        let column = if entry.facts.in_item1() { &mut queue } else { &mut vanished };
        column.push(txn, &entry.pack())?;
    }
    queue.finish(txn)?;
    vanished.finish(txn)
}

/// Takes the records that have vanished out of the queue of an earlier layout. What cannot be read stays as it is.
pub(super) fn raise(txn: &mut dyn Txn) -> Result<(), StoreError> {
    match read(&*txn) {
        Err(StoreError::Corrupt(_)) => Ok(()),
        entries => write(txn, &entries?),
    }
}

fn read_column(view: &dyn View, column: ColumnId) -> Result<Vec<QueueEntry>, StoreError> {
    stored(view, column).collect()
}

fn entries(bytes: &[u8]) -> Result<Vec<QueueEntry>, StoreError> {
    let (cells, rest) = bytes.as_chunks::<{ QueueEntry::BYTES }>();
    if !rest.is_empty() {
        return Err(ValueKind::Column.corrupt());
    }
    cells.iter().map(|cell| QueueEntry::unpack(cell).ok_or_else(|| ValueKind::Column.corrupt())).collect()
}
