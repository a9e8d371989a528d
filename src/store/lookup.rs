//! Reading single values, the same within a snapshot and within a transaction that writes.

use std::collections::VecDeque;

use redb::{Key, ReadTransaction, ReadableTable, TableDefinition, Value, WriteTransaction};

use super::codec::{self, BLOCK_LIMIT};
use super::envelope::{self, ValueKind};
use super::schema::{
    COLUMNS, ColumnId, DECISIONS, FACTS_PER_CHUNK, Head, IMPORTS, IN_BATCH, META, META_HEAD, META_HELD, NO_RECORD,
    QUARANTINE, ROWS, SIGNS, Sealed, VERSIONS, Versions, chunk_key, pair_key,
};
use super::{QuarantineRow, StoreError, StoredImport};
use crate::domain::case::Case;
use crate::domain::danger::{Danger, DangerSign};
use crate::domain::queue::QueueEntry;
use crate::domain::record::{Facts, RecordNo, Row};
use crate::domain::scope::Scope;

/// A transaction whose tables can be read.
pub(super) trait Tables {
    /// Opens a table; every table exists since the store was made.
    fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        definition: TableDefinition<'_, K, V>,
    ) -> Result<impl ReadableTable<K, V>, StoreError>;
}

impl Tables for ReadTransaction {
    fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        definition: TableDefinition<'_, K, V>,
    ) -> Result<impl ReadableTable<K, V>, StoreError> {
        Ok(self.open_table(definition)?)
    }
}

impl Tables for WriteTransaction {
    fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        definition: TableDefinition<'_, K, V>,
    ) -> Result<impl ReadableTable<K, V>, StoreError> {
        Ok(self.open_table(definition)?)
    }
}

/// The head of the store.
pub(super) fn head(tables: &impl Tables) -> Result<Head, StoreError> {
    let table = tables.table(META)?;
    let sealed = table.get(META_HEAD)?.ok_or_else(|| ValueKind::Meta.corrupt())?;
    Head::open(sealed.value())
}

/// Every import, oldest first.
pub(super) fn imports(tables: &impl Tables) -> Result<Vec<StoredImport>, StoreError> {
    let mut all = Vec::new();
    for entry in tables.table(IMPORTS)?.iter()? {
        let (number, sealed) = entry?;
        all.push(envelope::open_json(ValueKind::Import, &number.value().to_le_bytes(), sealed.value())?);
    }
    Ok(all)
}

/// How many held-back rows are open.
pub(super) fn held_open(tables: &impl Tables) -> Result<u64, StoreError> {
    if let Some(sealed) = tables.table(META)?.get(META_HELD)? {
        let payload = envelope::open(ValueKind::Meta, META_HELD.as_bytes(), sealed.value())?;
        return payload.try_into().map(u64::from_le_bytes).map_err(|_| ValueKind::Meta.corrupt());
    }
    let mut open = 0;
    each_held(tables, &mut |row| open += u64::from(row.state.is_open()))?;
    Ok(open)
}

/// Shows every held-back row in the order of the numbers.
pub(super) fn each_held(tables: &impl Tables, each: &mut dyn FnMut(QuarantineRow)) -> Result<(), StoreError> {
    for (entry, number) in tables.table(QUARANTINE)?.iter()?.zip(1..) {
        let (key, sealed) = entry?;
        each(open_held(key.value(), number, sealed.value())?);
    }
    Ok(())
}

/// Reads a held-back row; its number is its place in the table.
pub(super) fn open_held(key: (u32, u32), number: u32, sealed: &[u8]) -> Result<QuarantineRow, StoreError> {
    let row = envelope::open_json(ValueKind::Quarantine, &pair_key(key.0, key.1), sealed)?;
    Ok(QuarantineRow { number, ..row })
}

/// The case of a record, untouched where there is none.
pub(super) fn case(tables: &impl Tables, no: RecordNo) -> Result<Case, StoreError> {
    match tables.table(DECISIONS)?.get(no.0)? {
        None => Ok(Case::default()),
        Some(sealed) => envelope::open_json(ValueKind::Case, &no.0.to_le_bytes(), sealed.value()),
    }
}

/// The batch in which a record stands.
pub(super) fn in_batch(tables: &impl Tables, no: RecordNo) -> Result<Option<u32>, StoreError> {
    let table = tables.table(IN_BATCH)?;
    let value = table.get(no.0)?.map(|value| value.value());
    value.map(|value| envelope::open_checked(ValueKind::InBatch, &no.0.to_le_bytes(), value)).transpose()
}

/// The row numbers of a record that was changed by a newer file.
pub(super) fn versions(tables: &impl Tables, no: RecordNo) -> Result<Option<Versions>, StoreError> {
    let table = tables.table(VERSIONS)?;
    let sealed = table.get(no.0)?;
    sealed.map(|sealed| Versions::open(no.0, sealed.value())).transpose()
}

/// A chunk of a column, decompressed where the column is; `None` when it was never written.
pub(super) fn chunk(
    columns: &impl ReadableTable<(u8, u32), Sealed>,
    column: ColumnId,
    chunk: u32,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(sealed) = columns.get((column as u8, chunk))? else { return Ok(None) };
    let payload = envelope::open(ValueKind::Column, &chunk_key(column, chunk), sealed.value())?;
    let bytes = if column.is_compressed() {
        codec::decompress(payload, CHUNK_LIMIT).ok_or_else(|| ValueKind::Column.corrupt())?
    } else {
        payload.to_vec()
    };
    Ok(Some(bytes))
}

/// No chunk is larger.
const CHUNK_LIMIT: usize = 64 * 1024 * 1024;

/// Every chunk of a column that is read as a whole.
pub(super) fn chunks(tables: &impl Tables, column: ColumnId) -> Result<Vec<Vec<u8>>, StoreError> {
    let columns = tables.table(COLUMNS)?;
    let mut all = Vec::new();
    while let Some(bytes) = chunk(&columns, column, all.len() as u32)? {
        all.push(bytes);
    }
    Ok(all)
}

/// The facts of a number; `None` when it is no record.
pub(super) fn facts(tables: &impl Tables, no: RecordNo) -> Result<Option<Facts>, StoreError> {
    let bytes = chunk(&tables.table(COLUMNS)?, ColumnId::Facts, no.0 / FACTS_PER_CHUNK)?;
    let at = (no.0 % FACTS_PER_CHUNK) as usize;
    bytes.and_then(|bytes| bytes.as_chunks::<{ Facts::BYTES }>().0.get(at).copied()).map_or(Ok(None), facts_cell)
}

/// Reads a cell of the facts column; `None` when its number is no record.
pub(super) fn facts_cell(cell: [u8; Facts::BYTES]) -> Result<Option<Facts>, StoreError> {
    if cell == NO_RECORD {
        return Ok(None);
    }
    Facts::unpack(cell).map(Some).ok_or_else(|| ValueKind::Column.corrupt())
}

/// The whole queue in its order, records that have vanished included.
pub(super) fn queue(tables: &impl Tables) -> Result<Vec<QueueEntry>, StoreError> {
    let mut queue = Vec::new();
    for bytes in chunks(tables, ColumnId::Queue)? {
        let (cells, rest) = bytes.as_chunks::<{ QueueEntry::BYTES }>();
        if !rest.is_empty() {
            return Err(ValueKind::Column.corrupt());
        }
        queue.reserve(cells.len());
        for cell in cells {
            queue.push(QueueEntry::unpack(cell).ok_or_else(|| ValueKind::Column.corrupt())?);
        }
    }
    Ok(queue)
}

/// The records that have vanished, with the scope they had.
pub(super) fn vanished(tables: &impl Tables) -> Result<Vec<(RecordNo, Scope)>, StoreError> {
    let mut all = Vec::new();
    for bytes in chunks(tables, ColumnId::Vanished)? {
        let (cells, _) = bytes.as_chunks::<5>();
        for &[a, b, c, d, scope] in cells {
            let scope = Scope::ALL.get(usize::from(scope)).ok_or_else(|| ValueKind::Column.corrupt())?;
            all.push((RecordNo(u32::from_le_bytes([a, b, c, d])), *scope));
        }
    }
    Ok(all)
}

/// The danger signs of a record.
pub(super) fn signs(tables: &impl Tables, no: RecordNo) -> Result<Vec<DangerSign>, StoreError> {
    match tables.table(SIGNS)?.get(no.0)? {
        None => Ok(Vec::new()),
        Some(sealed) => open_signs(no, sealed.value()),
    }
}

/// Reads what [`seal_signs`] wrote.
pub(super) fn open_signs(no: RecordNo, sealed: &[u8]) -> Result<Vec<DangerSign>, StoreError> {
    let payload = envelope::open(ValueKind::Signs, &no.0.to_le_bytes(), sealed)?;
    let sign = |&[danger, known, a, b, c, d]: &[u8; 6]| {
        let danger = *Danger::ALL.get(usize::from(danger)).ok_or_else(|| ValueKind::Signs.corrupt())?;
        let other = (known == 1).then_some(RecordNo(u32::from_le_bytes([a, b, c, d])));
        Ok(DangerSign { danger, other })
    };
    payload.as_chunks::<6>().0.iter().map(sign).collect()
}

/// Seals danger signs: flag, whether there is another record, its number.
pub(super) fn seal_signs(no: RecordNo, signs: &[DangerSign]) -> Vec<u8> {
    let mut payload = Vec::with_capacity(6 * signs.len());
    for sign in signs {
        payload.extend([sign.danger as u8, u8::from(sign.other.is_some())]);
        payload.extend(sign.other.map_or(0, |other| other.0).to_le_bytes());
    }
    envelope::seal(ValueKind::Signs, &no.0.to_le_bytes(), &payload)
}

/// Header names by the first row they speak for.
#[derive(Clone, Debug, Default)]
pub(super) struct Headers(Vec<(u32, Vec<String>)>);

impl Headers {
    /// The headers of imports, oldest first.
    pub(super) fn of(imports: Vec<StoredImport>) -> Self {
        Self(imports.into_iter().map(|import| (import.first_row, import.record.header)).collect())
    }

    /// Adds the header of an import in progress.
    pub(super) fn push(&mut self, first_row: u32, header: Vec<String>) {
        self.0.push((first_row, header));
    }

    /// Replaces the header of the import in progress.
    pub(super) fn replace_last(&mut self, header: Vec<String>) {
        if let Some((_, last)) = self.0.last_mut() {
            *last = header;
        }
    }

    /// The header of the file that a row stood in.
    pub(super) fn of_row(&self, row: u32) -> &[String] {
        let after = self.0.partition_point(|(first, _)| *first <= row);
        after.checked_sub(1).map_or(&[], |at| &self.0[at].1)
    }
}

/// A block of rows, decompressed.
#[derive(Debug)]
pub(super) struct Block {
    first: u32,
    bytes: Vec<u8>,
}

impl Block {
    /// Opens a stored block.
    pub(super) fn open(first: u32, sealed: &[u8]) -> Result<Self, StoreError> {
        let payload = envelope::open(ValueKind::Rows, &first.to_le_bytes(), sealed)?;
        let bytes = codec::decompress(payload, BLOCK_LIMIT).ok_or_else(|| ValueKind::Rows.corrupt())?;
        Ok(Self { first, bytes })
    }

    /// Reads the block that holds a row.
    fn holding(table: &impl ReadableTable<u32, Sealed>, row: u32) -> Result<Self, StoreError> {
        let (first, sealed) = table.range(..=row)?.next_back().ok_or_else(|| ValueKind::Rows.corrupt())??;
        Self::open(first.value(), sealed.value())
    }

    /// The packed row with a number, where the block holds it.
    fn packed(&self, row: u32) -> Option<&[u8]> {
        codec::block_row(&self.bytes, row.checked_sub(self.first)? as usize)
    }

    /// Every packed row with its number.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u32, Option<&[u8]>)> {
        (self.first..).zip(codec::block_rows(&self.bytes))
    }
}

/// So many blocks are kept: the rows of a flag's evidence lie in two places of the file at a time.
const KEPT: usize = 4;

/// Reads rows and keeps the last few blocks, because neighbours are often asked for together.
#[derive(Debug, Default)]
pub(super) struct RowReader {
    /// The block used last comes first.
    kept: VecDeque<Block>,
}

impl RowReader {
    /// Reads the row with a number.
    pub(super) fn row(&mut self, tables: &impl Tables, headers: &Headers, row: u32) -> Result<Row, StoreError> {
        open_row(self.packed(tables, row)?, headers, row)
    }

    /// The packed row with a number, where there is one.
    pub(super) fn packed(&mut self, tables: &impl Tables, row: u32) -> Result<Option<&[u8]>, StoreError> {
        match self.kept.iter().position(|block| block.packed(row).is_some()) {
            Some(at) => self.kept.rotate_left(at),
            None => {
                self.kept.truncate(KEPT - 1);
                self.kept.push_front(Block::holding(&tables.table(ROWS)?, row)?);
            }
        }
        Ok(self.kept.front().and_then(|block| block.packed(row)))
    }
}

/// Reads a packed row.
pub(super) fn open_row(packed: Option<&[u8]>, headers: &Headers, row: u32) -> Result<Row, StoreError> {
    packed.and_then(|packed| codec::unpack_row(packed, headers.of_row(row))).ok_or_else(|| ValueKind::Rows.corrupt())
}

/// Fewer rows than these are read by one thread.
const SHARED: usize = 64;

/// More threads than these would only wait for one another.
const MOST_READERS: usize = 4;

/// Reads rows whose numbers ascend: every block once, by as many threads as the machine runs at a time, four at most.
pub(super) fn rows(
    table: &(impl ReadableTable<u32, Sealed> + Sync),
    headers: &Headers,
    wanted: &[u32],
) -> Result<Vec<Row>, StoreError> {
    let read = |wanted: &[u32]| -> Result<Vec<Row>, StoreError> {
        let mut block: Option<Block> = None;
        let mut rows = Vec::with_capacity(wanted.len());
        for &row in wanted {
            let held = block.take().filter(|block| block.packed(row).is_some());
            let held = block.insert(held.map_or_else(|| Block::holding(table, row), Ok)?);
            rows.push(open_row(held.packed(row), headers, row)?);
        }
        Ok(rows)
    };
    if wanted.len() < SHARED {
        return read(wanted);
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_READERS);
    let parts: Vec<_> = std::thread::scope(|scope| {
        let parts = wanted.chunks(wanted.len().div_ceil(threads));
        let parts: Vec<_> = parts.map(|part| scope.spawn(move || read(part))).collect();
        parts.into_iter().map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let mut rows = Vec::with_capacity(wanted.len());
    for part in parts {
        rows.append(&mut part?);
    }
    Ok(rows)
}
