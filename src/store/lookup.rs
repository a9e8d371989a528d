//! Reading single values, the same within a snapshot and within a transaction that writes.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::block::{self, BLOCK_LIMIT};
use super::codec;
use super::engine::{Direction, Key, KeyRange, Table, View};
use super::envelope::{self, ValueKind};
use super::import_record::StoredImport;
use super::schema::{
    ColumnId, FACTS_PER_CHUNK, Head, META_HEAD, META_HELD, NO_RECORD, VANISHED_BYTES, Versions, chunk_key, pair_key,
};
use super::{QuarantineRow, StoreError};
use crate::domain::case::Case;
use crate::domain::danger::{Danger, DangerSign};
use crate::domain::record::{Facts, RecordNo, Row};
use crate::domain::run::ImportName;
use crate::domain::scope::Scope;

/// Takes a number and its value.
type EachNumber<'e> = &'e mut dyn FnMut(u32, &[u8]) -> Result<(), StoreError>;

/// Takes a held-back row as it is stored, with its number and key; `false` ends the walk.
type EachHeld<'e> = &'e mut dyn FnMut(u32, (u32, u32), &[u8]) -> Result<bool, StoreError>;

/// Shows every entry of a table of numbered values, in their order.
pub(super) fn each_number(view: &dyn View, table: Table, each: EachNumber<'_>) -> Result<(), StoreError> {
    view.range(table, KeyRange::ALL, Direction::Ascending, &mut |key, value| {
        key.number().map_or(Ok(()), |number| each(number, value))?;
        Ok(true)
    })
}

/// Every value of a table of numbered JSON values.
pub(super) fn all_json<T: serde::de::DeserializeOwned>(
    view: &dyn View,
    kind: ValueKind,
    table: Table,
) -> Result<Vec<(u32, T)>, StoreError> {
    let mut all = Vec::new();
    each_number(view, table, &mut |number, sealed| {
        all.push((number, envelope::open_json(kind, &number.to_le_bytes(), sealed)?));
        Ok(())
    })?;
    Ok(all)
}

/// The greatest number in a table of numbered values.
pub(super) fn last_number(view: &dyn View, table: Table) -> Result<Option<u32>, StoreError> {
    let mut last = None;
    view.range(table, KeyRange::ALL, Direction::Descending, &mut |key, _| {
        last = key.number();
        Ok(false)
    })?;
    Ok(last)
}

/// The head of the store.
pub(super) fn head(view: &dyn View) -> Result<Head, StoreError> {
    let sealed = view.get(Table::Meta, Key::Text(META_HEAD))?.ok_or_else(|| ValueKind::Meta.corrupt())?;
    Head::open(&sealed)
}

/// Every import, oldest first.
pub(super) fn imports(view: &dyn View) -> Result<Vec<StoredImport>, StoreError> {
    Ok(all_json(view, ValueKind::Import, Table::Imports)?.into_iter().map(|(_, import)| import).collect())
}

/// How many held-back rows are open.
pub(super) fn held_open(view: &dyn View) -> Result<u64, StoreError> {
    if let Some(sealed) = view.get(Table::Meta, Key::Text(META_HELD))? {
        let payload = envelope::open(ValueKind::Meta, META_HELD.as_bytes(), &sealed)?;
        return payload.try_into().map(u64::from_le_bytes).map_err(|_| ValueKind::Meta.corrupt());
    }
    let mut open = 0;
    each_held(view, &mut |row| open += u64::from(row.state.is_open()))?;
    Ok(open)
}

/// Shows every held-back row in the order of the numbers.
pub(super) fn each_held(view: &dyn View, each: &mut dyn FnMut(QuarantineRow)) -> Result<(), StoreError> {
    each_sealed_held(view, &mut |number, key, sealed| {
        each(open_held(key, number, sealed)?);
        Ok(true)
    })
}

/// Shows every held-back row as it is stored, with its number and key, until `each` says `false`.
pub(super) fn each_sealed_held(view: &dyn View, each: EachHeld<'_>) -> Result<(), StoreError> {
    let mut number = 0;
    view.range(Table::Quarantine, KeyRange::ALL, Direction::Ascending, &mut |key, sealed| {
        let Key::Pair(import, running) = key else { return Err(ValueKind::Quarantine.corrupt()) };
        number += 1;
        each(number, (import, running), sealed)
    })
}

/// Reads a held-back row; its number is its place in the table.
pub(super) fn open_held(key: (u32, u32), number: u32, sealed: &[u8]) -> Result<QuarantineRow, StoreError> {
    let row = envelope::open_json(ValueKind::Quarantine, &pair_key(key.0, key.1), sealed)?;
    Ok(QuarantineRow { number, ..row })
}

/// The case of a record, untouched where there is none.
pub(super) fn case(view: &dyn View, no: RecordNo) -> Result<Case, StoreError> {
    match view.get(Table::Decisions, Key::Number(no.0))? {
        None => Ok(Case::default()),
        Some(sealed) => envelope::open_json(ValueKind::Case, &no.0.to_le_bytes(), &sealed),
    }
}

/// The row numbers of a record that was changed by a newer file.
pub(super) fn versions(view: &dyn View, no: RecordNo) -> Result<Option<Versions>, StoreError> {
    let sealed = view.get(Table::Versions, Key::Number(no.0))?;
    sealed.map(|sealed| Versions::open(no.0, &sealed)).transpose()
}

/// A chunk of a column, decompressed where the column is; `None` when it was never written.
pub(super) fn chunk(view: &dyn View, column: ColumnId, chunk: u32) -> Result<Option<Vec<u8>>, StoreError> {
    let mut found = None;
    view.get_many(Table::Columns, &[Key::Chunk(column as u8, chunk)], &mut |_, sealed| {
        let payload = envelope::open(ValueKind::Column, &chunk_key(column, chunk), sealed)?;
        found = Some(if column.is_compressed() {
            block::decompress(payload, CHUNK_LIMIT).ok_or_else(|| ValueKind::Column.corrupt())?
        } else {
            payload.to_vec()
        });
        Ok(())
    })?;
    Ok(found)
}

/// No chunk is larger.
const CHUNK_LIMIT: usize = 64 * 1024 * 1024;

/// Every chunk of a column that is read as a whole.
pub(super) fn chunks(view: &dyn View, column: ColumnId) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut all = Vec::new();
    while let Some(bytes) = chunk(view, column, all.len() as u32)? {
        all.push(bytes);
    }
    Ok(all)
}

/// The facts of a number; `None` when it is no record.
pub(super) fn facts(view: &dyn View, no: RecordNo) -> Result<Option<Facts>, StoreError> {
    let bytes = chunk(view, ColumnId::Facts, no.0 / FACTS_PER_CHUNK)?;
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

/// The records that have vanished, with the scope they had.
pub(super) fn vanished(view: &dyn View) -> Result<Vec<(RecordNo, Scope)>, StoreError> {
    let mut all = Vec::new();
    each_vanished(view, &mut |no, scope| {
        all.push((no, scope));
        Ok(())
    })?;
    Ok(all)
}

/// Shows the records that have vanished in their order, with the scope they had.
pub(super) fn each_vanished(
    view: &dyn View,
    each: &mut dyn FnMut(RecordNo, Scope) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut number = 0;
    while let Some(bytes) = chunk(view, ColumnId::Vanished, number)? {
        let (cells, _) = bytes.as_chunks::<VANISHED_BYTES>();
        for &[a, b, c, d, scope] in cells {
            let scope = Scope::ALL.get(usize::from(scope)).ok_or_else(|| ValueKind::Column.corrupt())?;
            each(RecordNo(u32::from_le_bytes([a, b, c, d])), *scope)?;
        }
        number += 1;
    }
    Ok(())
}

/// The danger signs of a record.
pub(super) fn signs(view: &dyn View, no: RecordNo) -> Result<Vec<DangerSign>, StoreError> {
    match view.get(Table::Signs, Key::Number(no.0))? {
        None => Ok(Vec::new()),
        Some(sealed) => open_signs(no, &sealed),
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

/// The files of a store by the first row that came from each: header, number of the import, name.
#[derive(Clone, Debug, Default)]
pub(super) struct Headers(Vec<FileRows>);

#[derive(Clone, Debug, Default)]
struct FileRows {
    first: u32,
    header: Vec<String>,
    name: ImportName,
}

impl Headers {
    /// The files of imports, oldest first.
    pub(super) fn of(imports: Vec<StoredImport>) -> Self {
        let rows = |StoredImport { first_row, record }| FileRows {
            first: first_row,
            header: record.header,
            name: ImportName { number: record.number, file: record.file },
        };
        Self(imports.into_iter().map(rows).collect())
    }

    /// Adds the header of an import in progress, which has no number yet.
    pub(super) fn push(&mut self, first_row: u32, header: Vec<String>) {
        self.0.push(FileRows { first: first_row, header, name: ImportName::default() });
    }

    /// Replaces the header of the import in progress.
    pub(super) fn replace_last(&mut self, header: Vec<String>) {
        if let Some(last) = self.0.last_mut() {
            last.header = header;
        }
    }

    /// The header of the file that a row stood in.
    pub(super) fn of_row(&self, row: u32) -> &[String] {
        self.file_of(row).map_or(&[], |file| &file.header)
    }

    /// The import that a row came with.
    pub(super) fn import_of(&self, row: u32) -> ImportName {
        self.file_of(row).map(|file| file.name.clone()).unwrap_or_default()
    }

    fn file_of(&self, row: u32) -> Option<&FileRows> {
        let after = self.0.partition_point(|file| file.first <= row);
        self.0.get(after.checked_sub(1)?)
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
        let bytes = block::decompress(payload, BLOCK_LIMIT).ok_or_else(|| ValueKind::Rows.corrupt())?;
        Ok(Self { first, bytes })
    }

    /// Reads the block that holds a row.
    fn holding(view: &dyn View, row: u32) -> Result<Self, StoreError> {
        let (first, sealed) = Self::sealed(view, row)?;
        Self::open(first, &sealed)
    }

    /// The stored block that holds a row, and its first row.
    fn sealed(view: &dyn View, row: u32) -> Result<(u32, Vec<u8>), StoreError> {
        let mut found = None;
        view.range(Table::Rows, KeyRange::up_to(Key::Number(row)), Direction::Descending, &mut |key, sealed| {
            found = key.number().map(|first| (first, sealed.to_vec()));
            Ok(false)
        })?;
        found.ok_or_else(|| ValueKind::Rows.corrupt())
    }

    /// The packed row with a number, where the block holds it.
    fn packed(&self, row: u32) -> Option<&[u8]> {
        block::block_row(&self.bytes, row.checked_sub(self.first)? as usize)
    }

    /// Every packed row with its number.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u32, Option<&[u8]>)> {
        (self.first..).zip(block::block_rows(&self.bytes))
    }
}

/// Maximum number of blocks kept: the rows of a flag's evidence lie in two places of the file at a time.
const KEPT: usize = 4;

/// Reads rows and keeps the last few blocks, because neighbours are often asked for together.
#[derive(Debug, Default)]
pub(super) struct RowReader {
    /// The block used last comes first.
    kept: VecDeque<Block>,
}

impl RowReader {
    /// Reads the row with a number.
    pub(super) fn row(&mut self, view: &dyn View, headers: &Headers, row: u32) -> Result<Row, StoreError> {
        open_row(self.packed(view, row)?, headers, row)
    }

    /// The packed row with a number, where there is one.
    pub(super) fn packed(&mut self, view: &dyn View, row: u32) -> Result<Option<&[u8]>, StoreError> {
        match self.kept.iter().position(|block| block.packed(row).is_some()) {
            Some(at) => self.kept.rotate_left(at),
            None => {
                self.kept.truncate(KEPT - 1);
                self.kept.push_front(Block::holding(view, row)?);
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
pub(super) fn rows(view: &dyn View, headers: &Headers, wanted: &[u32]) -> Result<Vec<Row>, StoreError> {
    // A transaction lends a table to one thread at a time; the work is in what follows.
    let turn = Mutex::new(());
    let holding = |row: u32| {
        let (first, sealed) = {
            let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            Block::sealed(view, row)?
        };
        Block::open(first, &sealed)
    };
    let read = |wanted: &[u32]| -> Result<Vec<Row>, StoreError> {
        let mut block: Option<Block> = None;
        let mut rows = Vec::with_capacity(wanted.len());
        for &row in wanted {
            let held = block.take().filter(|block| block.packed(row).is_some());
            let held = block.insert(held.map_or_else(|| holding(row), Ok)?);
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
