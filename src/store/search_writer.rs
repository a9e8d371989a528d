//! Search texts while an import writes them.

use super::engine::{Direction, Key, KeyRange, Table, Txn, View};
use super::schema::{ColumnId, SEARCH_CHUNK_BYTES};
use super::{StoreError, codec, column};

/// Chunks that are written together. The engine reads the last chunk to put one behind it, and keeps what it has read.
const TOGETHER: usize = 16;

/// Collects search texts in chunks behind those of the store.
#[derive(Debug)]
pub(super) struct SearchWriter {
    /// The chunk that is not full yet, and its number.
    chunk: Vec<u8>,
    number: u32,
    /// Full chunks, sealed.
    full: Vec<(u32, Vec<u8>)>,
}

impl SearchWriter {
    /// Goes on behind the chunks that are there.
    pub(super) fn new(before: &dyn View) -> Result<Self, StoreError> {
        let column = ColumnId::Search as u8;
        let range = KeyRange::between(Key::Chunk(column, 0), Key::Chunk(column + 1, 0));
        let mut number = 0;
        before.range(Table::Columns, range, Direction::Descending, &mut |key, _| {
            if let Key::Chunk(_, last) = key {
                number = last + 1;
            }
            Ok(false)
        })?;
        Ok(Self { chunk: Vec::new(), number, full: Vec::new() })
    }

    /// Adds the text of a record.
    pub(super) fn push(&mut self, txn: &mut dyn Txn, no: u32, text: &str) -> Result<(), StoreError> {
        codec::write_search(&mut self.chunk, no, text);
        if self.chunk.len() >= SEARCH_CHUNK_BYTES {
            self.close_chunk();
        }
        if self.full.len() >= TOGETHER { self.write(txn) } else { Ok(()) }
    }

    /// Writes whatever has been added.
    pub(super) fn flush(&mut self, txn: &mut dyn Txn) -> Result<(), StoreError> {
        if !self.chunk.is_empty() {
            self.close_chunk();
        }
        self.write(txn)
    }

    fn close_chunk(&mut self) {
        self.full.push((self.number, column::seal_chunk(ColumnId::Search, self.number, &self.chunk)));
        self.number += 1;
        self.chunk.clear();
    }

    fn write(&mut self, txn: &mut dyn Txn) -> Result<(), StoreError> {
        let key = |number| Key::Chunk(ColumnId::Search as u8, number);
        let full = std::mem::take(&mut self.full);
        txn.put_many(Table::Columns, &mut full.iter().map(|(number, sealed)| (key(*number), sealed.as_slice())))?;
        Ok(())
    }
}
