//! Columns while an import writes them: chunks are held in memory and written back when they must make room.

use std::collections::HashMap;

use redb::WriteTransaction;

use super::StoreError;
use super::codec;
use super::envelope::{self, Kind};
use super::look;
use super::schema::{COLUMNS, ColumnId, chunk_key};

/// Chunks held at once. An import appends, so few are enough; a delta file wanders.
const HELD: usize = 32;

/// A column of cells of `W` bytes by record number.
#[derive(Debug)]
pub(super) struct CellColumn<const W: usize> {
    id: ColumnId,
    per_chunk: u32,
    held: HashMap<u32, Chunk>,
    /// Counts accesses, to find the chunk that was not used for longest.
    clock: u64,
}

#[derive(Debug)]
struct Chunk {
    bytes: Vec<u8>,
    changed: bool,
    used: u64,
}

impl<const W: usize> CellColumn<W> {
    /// A column of which nothing is held yet.
    pub(super) fn new(id: ColumnId, per_chunk: u32) -> Self {
        Self { id, per_chunk, held: HashMap::new(), clock: 0 }
    }

    /// The cell of a number; `None` when it was never set.
    pub(super) fn get(&mut self, txn: &WriteTransaction, no: u32) -> Result<Option<[u8; W]>, StoreError> {
        let place = self.place(no);
        let chunk = self.chunk(txn, no)?;
        Ok(chunk.bytes.get(place..place + W).and_then(|cell| cell.try_into().ok()))
    }

    /// Sets the cell of a number; numbers in between become zeros.
    pub(super) fn set(&mut self, txn: &WriteTransaction, no: u32, cell: [u8; W]) -> Result<(), StoreError> {
        let place = self.place(no);
        let chunk = self.chunk(txn, no)?;
        if chunk.bytes.len() < place + W {
            chunk.bytes.resize(place + W, 0);
        }
        chunk.bytes[place..place + W].copy_from_slice(&cell);
        chunk.changed = true;
        Ok(())
    }

    /// Writes back whatever changed.
    pub(super) fn flush(&mut self, txn: &WriteTransaction) -> Result<(), StoreError> {
        let mut held: Vec<(u32, Chunk)> = self.held.drain().collect();
        held.sort_unstable_by_key(|(number, _)| *number);
        for (number, chunk) in held.into_iter().filter(|(_, chunk)| chunk.changed) {
            put_chunk(txn, self.id, number, &chunk.bytes)?;
        }
        Ok(())
    }

    fn place(&self, no: u32) -> usize {
        (no % self.per_chunk) as usize * W
    }

    fn chunk(&mut self, txn: &WriteTransaction, no: u32) -> Result<&mut Chunk, StoreError> {
        let number = no / self.per_chunk;
        self.clock += 1;
        if !self.held.contains_key(&number) {
            self.make_room(txn)?;
            let bytes = look::chunk(&txn.open_table(COLUMNS)?, self.id, number)?.unwrap_or_default();
            self.held.insert(number, Chunk { bytes, changed: false, used: 0 });
        }
        let chunk = self.held.get_mut(&number).ok_or_else(|| Kind::Column.corrupt())?;
        chunk.used = self.clock;
        Ok(chunk)
    }

    fn make_room(&mut self, txn: &WriteTransaction) -> Result<(), StoreError> {
        if self.held.len() < HELD {
            return Ok(());
        }
        let oldest = self.held.iter().min_by_key(|(_, chunk)| chunk.used).map(|(&number, _)| number);
        if let Some((number, chunk)) = oldest.and_then(|number| self.held.remove_entry(&number))
            && chunk.changed
        {
            put_chunk(txn, self.id, number, &chunk.bytes)?;
        }
        Ok(())
    }
}

/// Keeps a chunk of a column.
pub(super) fn put_chunk(txn: &WriteTransaction, id: ColumnId, number: u32, bytes: &[u8]) -> Result<(), StoreError> {
    let key = chunk_key(id, number);
    let sealed = if id.is_compressed() {
        envelope::seal(Kind::Column, &key, &codec::compress(bytes))
    } else {
        envelope::seal(Kind::Column, &key, bytes)
    };
    txn.open_table(COLUMNS)?.insert((id as u8, number), sealed.as_slice())?;
    Ok(())
}

/// Replaces a column that is always written as a whole.
pub(super) fn put_all(
    txn: &WriteTransaction,
    id: ColumnId,
    bytes: &[u8],
    chunk_bytes: usize,
) -> Result<(), StoreError> {
    let mut written = 0;
    for chunk in bytes.chunks(chunk_bytes) {
        put_chunk(txn, id, written, chunk)?;
        written += 1;
    }
    let mut columns = txn.open_table(COLUMNS)?;
    while columns.remove((id as u8, written))?.is_some() {
        written += 1;
    }
    Ok(())
}
