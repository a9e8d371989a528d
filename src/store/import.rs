//! One import: rows in, one transaction out.
//!
//! Nothing is done to the engine per row where it can be done per block, chunk or run. The numbers of new rows go on from
//! the last import, every import begins a block of its own, and blocks are never changed. Case changes wait for the
//! commit, which knows who imports and when, so that the import's own event comes before those it caused.

use std::collections::{BTreeMap, HashMap};

use super::block::{self, BlockWriter};
use super::codec;
use super::column::CellColumn;
use super::engine::{Key, Table, Txn, View};
use super::envelope::{self, ValueKind};
use super::guarded::Guarded;
use super::keys::KeyWriter;
use super::lookup::{self, Headers, RowReader};
use super::queue_changes::QueueChanges;
use super::schema::{ColumnId, FACTS_PER_CHUNK, FINGERPRINTS_PER_CHUNK, Head, NO_RECORD, Versions};
use super::search_writer::SearchWriter;
use super::vanished::VanishedScopes;
use super::{Fingerprints, Known, NewRow, QuarantineRow, StoreError, write};
use crate::domain::case::Case;
use crate::domain::danger::{DangerSet, DangerSign};
use crate::domain::pattern::Pattern;
use crate::domain::quarantine::QuarantineState;
use crate::domain::record::{Facts, RecordNo, RecordSet, Row};
use crate::domain::scope::Scope;
use crate::spill::Scratch;

/// Danger signs and versions held before they are written.
const HELD: usize = 4096;

/// An import in progress; it holds the store's only write transaction.
pub struct Import<'s> {
    pub(super) store: &'s Guarded,
    pub(super) txn: Box<dyn Txn + 's>,
    /// The store before this import; closed before the commit, so that the commit can free pages.
    pub(super) read: Option<Box<dyn View + 's>>,
    pub(super) head: Head,
    pub(super) number: u32,
    pub(super) first_row: u32,
    headers: Headers,
    /// Rows of earlier imports that this one looks back at.
    past: RowReader,
    pub(super) block: BlockWriter,
    pub(super) keys: KeyWriter,
    pub(super) facts: CellColumn<{ Facts::BYTES }>,
    pub(super) fingerprints: CellColumn<16>,
    /// The records of earlier imports that the file holds.
    met: RecordSet,
    pub(super) queue: QueueChanges,
    /// How many more records stand in item 1 than before.
    pub(super) item1: i64,
    pub(super) search: SearchWriter,
    pub(super) vanished: VanishedScopes,
    pub(super) signs: BTreeMap<RecordNo, Vec<DangerSign>>,
    versions: BTreeMap<RecordNo, Versions>,
    pub(super) cases: Vec<CaseUpdate>,
    /// The last change of each case.
    latest: HashMap<RecordNo, usize>,
    held_back: u32,
    /// Rows that earlier imports held back, and how many of all are open.
    held_before: u32,
    pub(super) held_open: u64,
    pub(super) closings: BTreeMap<u32, (QuarantineState, Option<RecordNo>)>,
}

/// A case change that waits for the commit.
pub(super) struct CaseUpdate {
    pub(super) no: RecordNo,
    pub(super) before: Case,
    pub(super) after: Case,
    pub(super) reason: String,
}

impl<'s> Import<'s> {
    /// Begins an import; waits while another write is in progress.
    pub(super) fn begin(store: &'s Guarded) -> Result<Self, StoreError> {
        let txn = store.engine.begin()?;
        let view = store.engine.read()?;
        let read = &*view;
        let head = lookup::head(read)?;
        let imports = lookup::imports(read)?;
        let number = imports.len() as u32 + 1;
        let mut headers = Headers::of(imports);
        headers.push(head.next_row, Vec::new());
        let search = SearchWriter::new(read)?;
        let held_before = read.len(Table::Quarantine)? as u32;
        let held_open = lookup::held_open(read)?;
        Ok(Self {
            store,
            keys: KeyWriter::new(read)?,
            queue: QueueChanges::new(&store.scratch),
            item1: 0,
            vanished: VanishedScopes::read(read)?,
            txn,
            read: Some(view),
            head,
            number,
            first_row: head.next_row,
            headers,
            past: RowReader::default(),
            block: BlockWriter::default(),
            facts: CellColumn::new(ColumnId::Facts, FACTS_PER_CHUNK),
            fingerprints: CellColumn::new(ColumnId::Fingerprints, FINGERPRINTS_PER_CHUNK),
            met: RecordSet::default(),
            search,
            signs: BTreeMap::new(),
            versions: BTreeMap::new(),
            cases: Vec::new(),
            latest: HashMap::new(),
            held_back: 0,
            held_before,
            held_open,
            closings: BTreeMap::new(),
        })
    }

    /// Stores a packed row under the next number.
    fn push_row(&mut self, packed: &[u8]) -> Result<u32, StoreError> {
        if packed.len() > codec::ROW_LIMIT {
            return Err(StoreError::Refused("1行が大きすぎて保存できません".to_owned()));
        }
        let row = self.head.next_row;
        self.head.next_row =
            row.checked_add(1).ok_or_else(|| StoreError::Refused("記録番号が上限に達しました".to_owned()))?;
        if self.block.push(packed) {
            self.flush_block()?;
        }
        Ok(row)
    }

    pub(super) fn flush_block(&mut self) -> Result<(), StoreError> {
        let first = self.head.next_row - self.block.rows() as u32;
        if let Some((_, packed)) = self.block.take() {
            let sealed = envelope::seal(ValueKind::Rows, &first.to_le_bytes(), packed);
            self.txn.put(Table::Rows, Key::Number(first), &sealed)?;
        }
        Ok(())
    }

    fn set_fingerprints(&mut self, no: u32, fingerprints: Fingerprints) -> Result<(), StoreError> {
        let mut cell = [0; 16];
        cell[..8].copy_from_slice(&fingerprints.significant.to_le_bytes());
        cell[8..].copy_from_slice(&fingerprints.whole.to_le_bytes());
        self.fingerprints.set(&mut *self.txn, no, cell)
    }

    pub(super) fn facts_of(&mut self, no: RecordNo) -> Result<Facts, StoreError> {
        let cell = if no.0 < self.head.next_row { self.facts.get(&mut *self.txn, no.0)? } else { None };
        cell.map_or(Ok(None), lookup::facts_cell)?.ok_or(StoreError::NoRecord(no))
    }

    /// Keeps facts, and the queue in step with them.
    pub(super) fn set_facts(&mut self, no: RecordNo, facts: Facts) -> Result<(), StoreError> {
        let before = self.facts_of(no)?;
        self.item1 += i64::from(facts.in_item1()) - i64::from(before.in_item1());
        if !self.is_new(no) {
            self.queue.touch(no);
        }
        self.facts.set(&mut *self.txn, no.0, facts.pack())
    }

    /// Puts a record with its pattern and search text on the queue, or takes it off.
    pub(super) fn set_review(
        &mut self,
        no: RecordNo,
        facts: Facts,
        review: Option<(Pattern, &str)>,
    ) -> Result<(), StoreError> {
        if !self.is_new(no) {
            self.queue.touch(no);
        }
        if !facts.in_item1() {
            return self.queue.set(no, None);
        }
        let (pattern, text) = review.unwrap_or_default();
        self.queue.set(no, Some(pattern))?;
        self.search.push(&mut *self.txn, no.0, text)
    }

    fn versions_of(&self, no: RecordNo) -> Result<Option<Versions>, StoreError> {
        match self.versions.get(&no) {
            Some(versions) => Ok(Some(*versions)),
            None => lookup::versions(&*self.txn, no),
        }
    }

    pub(super) fn flush_versions(&mut self) -> Result<(), StoreError> {
        let versions = std::mem::take(&mut self.versions);
        let sealed: Vec<(u32, Vec<u8>)> = versions.into_iter().map(|(no, one)| (no.0, one.seal(no.0))).collect();
        put_numbered(&mut *self.txn, Table::Versions, &sealed)
    }

    pub(super) fn flush_signs(&mut self) -> Result<(), StoreError> {
        let mut sealed = Vec::with_capacity(self.signs.len());
        for (no, signs) in std::mem::take(&mut self.signs) {
            if signs.is_empty() {
                self.txn.remove(Table::Signs, Key::Number(no.0))?;
            } else {
                sealed.push((no.0, lookup::seal_signs(no, &signs)));
            }
        }
        put_numbered(&mut *self.txn, Table::Signs, &sealed)
    }

    pub(super) fn put_signs(&mut self, no: RecordNo, signs: &[DangerSign]) -> Result<(), StoreError> {
        self.signs.insert(no, signs.to_vec());
        if self.signs.len() >= HELD { self.flush_signs() } else { Ok(()) }
    }
}

/// Puts sealed values under ascending numbers.
fn put_numbered(txn: &mut dyn Txn, table: Table, sealed: &[(u32, Vec<u8>)]) -> Result<(), StoreError> {
    txn.put_many(table, &mut sealed.iter().map(|(no, sealed)| (Key::Number(*no), sealed.as_slice())))?;
    Ok(())
}

/// The view of what was there before is closed by the commit alone.
fn ended() -> StoreError {
    StoreError::Refused("取込は終わっています".to_owned())
}

impl Import<'_> {
    /// The number this import will have.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Where temporary files of this import are made.
    pub fn scratch(&self) -> &Scratch {
        &self.store.scratch
    }

    /// Whether a record is of this import.
    pub fn is_new(&self, no: RecordNo) -> bool {
        no.0 >= self.first_row
    }

    /// Whether this import has written or met a record.
    pub fn is_met(&self, no: RecordNo) -> bool {
        self.is_new(no) || self.met.contains(no)
    }

    /// Tells the header names of the file, so that [`Import::rows`] can name the extras of its rows; without it
    /// they are named by their place until the commit. The header that is kept is that of the [`ImportRecord`](super::ImportRecord).
    pub fn set_header(&mut self, header: &[String]) {
        self.headers.replace_last(header.to_vec());
    }

    /// Looks a record key up, in what was there and in what this import has written.
    pub fn lookup(&mut self, key: &str) -> Result<Option<Known>, StoreError> {
        let store = self.store;
        store.guard(|| {
            let read = self.read.as_deref().ok_or_else(ended)?;
            let Some(no) = self.keys.find(read, &*self.txn, key)? else { return Ok(None) };
            let cell = self.fingerprints.get(&mut *self.txn, no)?.ok_or_else(|| ValueKind::Column.corrupt())?;
            let (significant, whole) = cell.split_at(8);
            let number = |bytes: &[u8]| bytes.try_into().map(u64::from_le_bytes).unwrap_or_default();
            let fingerprints = Fingerprints { significant: number(significant), whole: number(whole) };
            Ok(Some(Known {
                no: RecordNo(no),
                fingerprints,
                seen: self.is_met(RecordNo(no)),
                vanished: self.vanished.get(RecordNo(no)).is_some(),
            }))
        })
    }

    /// Adds a new record; keys must not be known.
    pub fn append(&mut self, row: NewRow<'_>) -> Result<RecordNo, StoreError> {
        let store = self.store;
        store.guard(|| {
            let no = self.push_row(row.packed)?;
            self.keys.add(&mut *self.txn, row.key, no)?;
            self.set_fingerprints(no, row.fingerprints)?;
            self.facts.set(&mut *self.txn, no, row.facts.pack())?;
            if row.facts.in_item1() {
                self.item1 += 1;
                self.set_review(RecordNo(no), row.facts, row.review)?;
            }
            Ok(RecordNo(no))
        })
    }

    /// Gives a known record a new row and takes its danger flags from it; the old row stays readable through [`super::Snapshot::previous`].
    pub fn revise(&mut self, no: RecordNo, row: NewRow<'_>) -> Result<(), StoreError> {
        let store = self.store;
        debug_assert!(!self.is_met(no), "one row a record");
        store.guard(|| {
            let had = self.facts_of(no)?;
            let previous = self.versions_of(no)?.map_or(no.0, |versions| versions.current);
            let current = self.push_row(row.packed)?;
            self.facts.set(&mut *self.txn, current, NO_RECORD)?;
            self.set_fingerprints(current, Fingerprints::default())?;
            self.versions.insert(no, Versions { current, previous });
            if self.versions.len() >= HELD {
                self.flush_versions()?;
            }
            if !had.dangers.is_empty() {
                self.put_signs(no, &[])?;
            }
            self.set_fingerprints(no.0, row.fingerprints)?;
            self.vanished.remove(no);
            self.set_facts(no, row.facts)?;
            self.set_review(no, row.facts, row.review)?;
            self.met.insert(no);
            Ok(())
        })
    }

    /// Notes that the file holds a known record unchanged; one that had vanished stands where it stood before.
    pub fn meet(&mut self, no: RecordNo) -> Result<(), StoreError> {
        let store = self.store;
        store.guard(|| {
            if no.0 >= self.head.next_row {
                return Err(StoreError::NoRecord(no));
            }
            debug_assert!(!self.is_met(no), "one row a record");
            self.met.insert(no);
            if let Some(scope) = self.vanished.remove(no) {
                let facts = Facts { scope, ..self.facts_of(no)? };
                self.set_facts(no, facts)?;
            }
            Ok(())
        })
    }

    /// Adds danger flags to a record of this import or an earlier one, replacing its earlier flags.
    pub fn flag(&mut self, no: RecordNo, set: DangerSet, signs: &[DangerSign]) -> Result<(), StoreError> {
        let store = self.store;
        store.guard(|| {
            let facts = self.facts_of(no)?;
            self.set_facts(no, Facts { dangers: set, ..facts })?;
            if signs.is_empty() && facts.dangers.is_empty() {
                return Ok(());
            }
            self.put_signs(no, signs)
        })
    }

    /// The records that the file has not met (for a full run); marks them vanished and gives their numbers.
    pub fn vanish_unmet(&mut self) -> Result<RecordSet, StoreError> {
        let store = self.store;
        store.guard(|| {
            let mut gone = RecordSet::default();
            for no in (0..self.first_row).map(RecordNo) {
                if self.is_met(no) {
                    continue;
                }
                let cell = self.facts.get(&mut *self.txn, no.0)?.ok_or_else(|| ValueKind::Column.corrupt())?;
                let Some(facts) = lookup::facts_cell(cell)? else { continue };
                if facts.scope != Scope::Vanished {
                    self.vanished.insert(no, facts.scope);
                    self.set_facts(no, Facts { scope: Scope::Vanished, ..facts })?;
                    gone.insert(no);
                }
            }
            Ok(gone)
        })
    }

    /// Reads the rows of records as they stand within this import, in the order asked. They are all held in memory, and
    /// many are read at less cost together than one by one.
    pub fn rows(&mut self, nos: &[RecordNo]) -> Result<Vec<Row>, StoreError> {
        let store = self.store;
        store.guard(|| {
            let changed = !self.versions.is_empty() || self.txn.len(Table::Versions)? > 0;
            let mut wanted = Vec::with_capacity(nos.len());
            for (place, &no) in nos.iter().enumerate() {
                self.facts_of(no)?;
                let versions = if changed { self.versions_of(no)? } else { None };
                wanted.push((versions.map_or(no.0, |versions| versions.current), place));
            }
            wanted.sort_unstable();
            // The last rows wait for their block to be full.
            let waiting = self.head.next_row - self.block.rows() as u32;
            let (stored, held) = wanted.split_at(wanted.partition_point(|(row, _)| *row < waiting));
            let stored: Vec<u32> = stored.iter().map(|(row, _)| *row).collect();
            let mut rows = lookup::rows(&*self.txn, &self.headers, &stored)?;
            for &(row, _) in held {
                let packed = block::block_row(self.block.bytes(), (row - waiting) as usize);
                rows.push(lookup::open_row(packed, &self.headers, row)?);
            }
            let mut rows: Vec<(usize, Row)> = wanted.iter().map(|(_, place)| *place).zip(rows).collect();
            rows.sort_unstable_by_key(|(place, _)| *place);
            Ok(rows.into_iter().map(|(_, row)| row).collect())
        })
    }

    /// The packed row that a record had before this import (see `codec::cells`); cheapest in the order of the records.
    pub fn before(&mut self, no: RecordNo) -> Result<Vec<u8>, StoreError> {
        let store = self.store;
        store.guard(|| {
            let Some(read) = self.read.as_deref().filter(|_| no.0 < self.first_row) else {
                return Err(StoreError::NoRecord(no));
            };
            let row = lookup::versions(read, no)?.map_or(no.0, |versions| versions.current);
            Ok(self.past.packed(read, row)?.ok_or_else(|| ValueKind::Rows.corrupt())?.to_vec())
        })
    }

    /// The records of earlier imports from `first` on that this one has not written or met so far, `most` at most.
    pub fn unmet(&mut self, first: RecordNo, most: usize) -> Result<Vec<RecordNo>, StoreError> {
        let store = self.store;
        store.guard(|| {
            let mut unmet = Vec::new();
            for no in (first.0..self.first_row).map(RecordNo) {
                if unmet.len() == most {
                    break;
                }
                if !self.is_met(no) {
                    let cell = self.facts.get(&mut *self.txn, no.0)?.ok_or_else(|| ValueKind::Column.corrupt())?;
                    unmet.extend(lookup::facts_cell(cell)?.map(|_| no));
                }
            }
            Ok(unmet)
        })
    }

    /// The facts of a record as they stand within this import.
    pub fn facts(&mut self, no: RecordNo) -> Result<Facts, StoreError> {
        let store = self.store;
        store.guard(|| self.facts_of(no))
    }

    /// The current case of a record.
    pub fn case(&mut self, no: RecordNo) -> Result<Case, StoreError> {
        let store = self.store;
        store.guard(|| match self.latest.get(&no).and_then(|&at| self.cases.get(at)) {
            Some(update) => Ok(update.after.clone()),
            None => lookup::case(&*self.txn, no),
        })
    }

    /// Changes a case in the same transaction (a changed row goes back to 確認中).
    pub fn change_case(&mut self, no: RecordNo, before: &Case, after: &Case, reason: &str) -> Result<(), StoreError> {
        if self.case(no)? != *before {
            return Err(StoreError::Conflict(no));
        }
        let store = self.store;
        store.guard(|| {
            self.facts_of(no)?;
            let (before, after) = (before.clone(), after.clone());
            self.latest.insert(no, self.cases.len());
            self.cases.push(CaseUpdate { no, before, after, reason: reason.to_owned() });
            Ok(())
        })
    }

    /// Holds a row back; gives its number.
    pub fn quarantine(&mut self, row: QuarantineRow) -> Result<u32, StoreError> {
        let store = self.store;
        store.guard(|| {
            let row = QuarantineRow { import: self.number, state: QuarantineState::Open, closed: None, ..row };
            write::put_held(&mut *self.txn, (self.number, self.held_back), &row)?;
            self.held_back += 1;
            self.held_open += 1;
            Ok(self.held_before + self.held_back)
        })
    }

    /// Closes a row that an earlier import held back; `record` is the record that it became.
    pub fn close_held(
        &mut self,
        number: u32,
        state: QuarantineState,
        record: Option<RecordNo>,
    ) -> Result<(), StoreError> {
        if number == 0 || number > self.held_before || state.is_open() {
            return Err(StoreError::Refused(format!("隔離番号 {number} の行はありません")));
        }
        self.closings.insert(number, (state, record));
        Ok(())
    }
}
