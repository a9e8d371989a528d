//! Columns while an import writes them: chunks are held in memory and written back when they must make room.

use std::collections::{HashMap, VecDeque};

use super::StoreError;
use super::block;
use super::engine::{Key, Table, Txn};
use super::envelope::{self, ValueKind};
use super::lookup;
use super::schema::{ColumnId, chunk_key};

/// Bytes held while a file comes in the order of the records, as files do.
const HELD: usize = 512 * 1024;

/// Bytes held once a file turns out to jump about: the fingerprints of half a million records, or the facts of all.
const HELD_WANDERING: usize = 8 * 1024 * 1024;

/// A column of cells of `W` bytes by record number.
#[derive(Debug)]
pub(super) struct CellColumn<const W: usize> {
    id: ColumnId,
    per_chunk: u32,
    /// The chunk asked for last and its number: a file in order asks for it thousands of times.
    current: Option<(u32, Chunk)>,
    held: HashMap<u32, Chunk>,
    /// The chunks held, oldest first; one used since gets a second round.
    round: VecDeque<u32>,
    /// How often a chunk was read, and the greatest chunk so far: more reads than chunks show a file that jumps about.
    reads: u32,
    greatest: u32,
}

#[derive(Debug)]
struct Chunk {
    bytes: Vec<u8>,
    changed: bool,
    used: bool,
}

impl<const W: usize> CellColumn<W> {
    /// A column of which nothing is held yet.
    pub(super) fn new(id: ColumnId, per_chunk: u32) -> Self {
        Self { id, per_chunk, current: None, held: HashMap::new(), round: VecDeque::new(), reads: 0, greatest: 0 }
    }

    /// The cell of a number; `None` when it was never set.
    pub(super) fn get(&mut self, txn: &mut dyn Txn, no: u32) -> Result<Option<[u8; W]>, StoreError> {
        let place = self.place(no);
        let chunk = self.chunk(txn, no)?;
        Ok(chunk.bytes.get(place..place + W).and_then(|cell| cell.try_into().ok()))
    }

    /// Sets the cell of a number; numbers in between become zeros.
    pub(super) fn set(&mut self, txn: &mut dyn Txn, no: u32, cell: [u8; W]) -> Result<(), StoreError> {
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
    pub(super) fn flush(&mut self, txn: &mut dyn Txn) -> Result<(), StoreError> {
        self.put_back();
        self.round.clear();
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

    fn chunk(&mut self, txn: &mut dyn Txn, no: u32) -> Result<&mut Chunk, StoreError> {
        let number = no / self.per_chunk;
        if self.current.as_ref().is_none_or(|(current, _)| *current != number) {
            self.put_back();
            let chunk = match self.held.remove(&number) {
                Some(chunk) => Chunk { used: true, ..chunk },
                None => {
                    self.make_room(txn)?;
                    let bytes = lookup::chunk(&*txn, self.id, number)?.unwrap_or_default();
                    self.round.push_back(number);
                    self.reads = self.reads.saturating_add(1);
                    self.greatest = self.greatest.max(number);
                    Chunk { bytes, changed: false, used: true }
                }
            };
            self.current = Some((number, chunk));
        }
        self.current.as_mut().map(|(_, chunk)| chunk).ok_or_else(|| ValueKind::Column.corrupt())
    }

    /// Puts the current chunk back among those held.
    fn put_back(&mut self) {
        if let Some((number, chunk)) = self.current.take() {
            self.held.insert(number, chunk);
        }
    }

    fn make_room(&mut self, txn: &mut dyn Txn) -> Result<(), StoreError> {
        let wanders = self.reads / 2 > self.greatest + 1;
        let bytes = if wanders { HELD_WANDERING } else { HELD };
        while self.held.len() >= bytes / (self.per_chunk as usize * W) {
            let Some(number) = self.round.pop_front() else { return Ok(()) };
            match self.held.remove(&number) {
                Some(mut chunk) if chunk.used => {
                    chunk.used = false;
                    self.held.insert(number, chunk);
                    self.round.push_back(number);
                }
                Some(chunk) if chunk.changed => put_chunk(txn, self.id, number, &chunk.bytes)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Keeps a chunk of a column.
pub(super) fn put_chunk(txn: &mut dyn Txn, id: ColumnId, number: u32, bytes: &[u8]) -> Result<(), StoreError> {
    txn.put(Table::Columns, Key::Chunk(id as u8, number), &seal_chunk(id, number, bytes))?;
    Ok(())
}

/// A chunk of a column as it is stored.
pub(super) fn seal_chunk(id: ColumnId, number: u32, bytes: &[u8]) -> Vec<u8> {
    let key = chunk_key(id, number);
    if id.is_compressed() {
        envelope::seal(ValueKind::Column, &key, &block::compress(bytes))
    } else {
        envelope::seal(ValueKind::Column, &key, bytes)
    }
}

/// Replaces a column that is always written as a whole, chunk by chunk.
pub(super) struct ChunkWriter {
    id: ColumnId,
    chunk_bytes: usize,
    chunk: Vec<u8>,
    written: u32,
}

impl ChunkWriter {
    /// Begins the column anew.
    pub(super) fn new(id: ColumnId, chunk_bytes: usize) -> Self {
        Self { id, chunk_bytes, chunk: Vec::new(), written: 0 }
    }

    /// Adds a cell; a whole number of them fills a chunk.
    pub(super) fn push(&mut self, txn: &mut dyn Txn, cell: &[u8]) -> Result<(), StoreError> {
        self.chunk.extend_from_slice(cell);
        if self.chunk.len() >= self.chunk_bytes { self.flush(txn) } else { Ok(()) }
    }

    fn flush(&mut self, txn: &mut dyn Txn) -> Result<(), StoreError> {
        put_chunk(txn, self.id, self.written, &self.chunk)?;
        self.written += 1;
        self.chunk.clear();
        Ok(())
    }

    /// Writes the last chunk and removes what the column had beyond it.
    pub(super) fn finish(mut self, txn: &mut dyn Txn) -> Result<(), StoreError> {
        if !self.chunk.is_empty() {
            self.flush(txn)?;
        }
        while txn.remove(Table::Columns, Key::Chunk(self.id as u8, self.written))? {
            self.written += 1;
        }
        Ok(())
    }
}
