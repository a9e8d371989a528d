//! A consistent view: every method reads what it needs and nothing more.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::engine::{Direction, Key, Table, View};
use super::envelope::{self, ValueKind};
use super::guarded::Guarded;
use super::lookup::{self, Headers, RowReader};
use super::schema::{ColumnId, FACTS_PER_CHUNK};
use super::{Meta, QuarantineRow, StoreError, codec, queue, requests, states, tally};
use crate::domain::batch::{Batch, Withdrawal};
use crate::domain::case::{Case, State};
use crate::domain::counter::Counts;
use crate::domain::danger::DangerSign;
use crate::domain::event::Event;
use crate::domain::queue::QueueEntry;
use crate::domain::record::{Cells, Facts, Record, RecordNo, Row};
use crate::domain::request::RequestId;
use crate::domain::run::ImportName;
use crate::domain::tally::FrozenReport;

/// A consistent view of a store.
pub struct Snapshot<'s> {
    pub(super) store: &'s Guarded,
    pub(super) view: Box<dyn View + 's>,
    headers: OnceCell<Headers>,
    rows: RefCell<RowReader>,
}

impl<'s> Snapshot<'s> {
    /// A snapshot over a view of the engine.
    pub(super) fn new(store: &'s Guarded, view: Box<dyn View + 's>) -> Self {
        Self { store, view, headers: OnceCell::new(), rows: RefCell::default() }
    }

    /// The headers of every import, read once.
    pub(super) fn headers(&self) -> Result<&Headers, StoreError> {
        if let Some(headers) = self.headers.get() {
            return Ok(headers);
        }
        let headers = Headers::of(lookup::imports(&*self.view)?);
        Ok(self.headers.get_or_init(|| headers))
    }

    fn row(&self, row: u32) -> Result<Row, StoreError> {
        self.rows.borrow_mut().row(&*self.view, self.headers()?, row)
    }

    /// Facts cells of a range of numbers, those that are no record passed over.
    fn facts_in(&self, range: Range<u32>) -> Result<Vec<(RecordNo, Facts)>, StoreError> {
        let end = range.end.min(lookup::head(&*self.view)?.next_row);
        let mut found = Vec::with_capacity(end.saturating_sub(range.start) as usize);
        let mut last = None;
        let mut at = range.start;
        while at < end {
            let chunk = at / FACTS_PER_CHUNK;
            let until = end.min((chunk + 1).saturating_mul(FACTS_PER_CHUNK));
            let bytes =
                lookup::chunk(&*self.view, ColumnId::Facts, chunk)?.ok_or_else(|| ValueKind::Column.corrupt())?;
            let cells = bytes.as_chunks::<{ Facts::BYTES }>().0;
            for no in at..until {
                let cell = cells.get((no % FACTS_PER_CHUNK) as usize).ok_or_else(|| ValueKind::Column.corrupt())?;
                // Most neighbours have the same facts: ○ and enrolled.
                let facts = match last {
                    Some((known, facts)) if known == *cell => facts,
                    _ => lookup::facts_cell(*cell)?,
                };
                last = Some((*cell, facts));
                found.extend(facts.map(|facts| (RecordNo(no), facts)));
            }
            at = until;
        }
        Ok(found)
    }

    fn records_of(&self, nos: &[RecordNo]) -> Result<Vec<Record>, StoreError> {
        let changed = self.view.len(Table::Versions)? > 0;
        let mut wanted = Vec::with_capacity(nos.len());
        for (place, &no) in nos.iter().enumerate() {
            let versions = if changed { lookup::versions(&*self.view, no)? } else { None };
            wanted.push((versions.map_or(no.0, |versions| versions.current), place, no));
        }
        // In the order of the rows every block is read once, and every chunk of facts hardly more often.
        wanted.sort_unstable();
        let mut chunk: Option<(u32, Vec<u8>)> = None;
        let mut found = Vec::with_capacity(nos.len());
        for (row, place, no) in wanted {
            let number = no.0 / FACTS_PER_CHUNK;
            if chunk.as_ref().is_none_or(|(held, _)| *held != number) {
                chunk = lookup::chunk(&*self.view, ColumnId::Facts, number)?.map(|bytes| (number, bytes));
            }
            let at = (no.0 % FACTS_PER_CHUNK) as usize;
            let cell = chunk.as_ref().and_then(|(_, bytes)| bytes.as_chunks::<{ Facts::BYTES }>().0.get(at));
            let facts = cell.map_or(Ok(None), |cell| lookup::facts_cell(*cell))?.ok_or(StoreError::NoRecord(no))?;
            let row = self.row(row)?;
            // Imports of before did not note the column in the facts.
            let facts = Facts { protected: facts.protected || row.protected(), ..facts };
            found.push((place, Record { no, row, facts }));
        }
        found.sort_unstable_by_key(|(place, _)| *place);
        Ok(found.into_iter().map(|(_, record)| record).collect())
    }

    fn search(&self) -> Result<Vec<(RecordNo, String)>, StoreError> {
        let item1: HashSet<RecordNo> = queue::read(&*self.view)?.iter().map(|entry| entry.no).collect();
        let mut found: Vec<(RecordNo, String)> = Vec::with_capacity(item1.len());
        let mut places: HashMap<RecordNo, usize> = HashMap::with_capacity(item1.len());
        for bytes in lookup::chunks(&*self.view, ColumnId::Search)? {
            codec::read_search(&bytes, |no, text| {
                let no = RecordNo(no);
                if !item1.contains(&no) {
                    return;
                }
                match places.get(&no) {
                    // A newer file changed the record.
                    Some(&place) => text.clone_into(&mut found[place].1),
                    None => {
                        places.insert(no, found.len());
                        found.push((no, text.to_owned()));
                    }
                }
            })
            .ok_or_else(|| ValueKind::Column.corrupt())?;
        }
        Ok(found)
    }

    /// The values of a table of numbered JSON values, in their order.
    fn all_json<T: serde::de::DeserializeOwned>(&self, kind: ValueKind, table: Table) -> Result<Vec<T>, StoreError> {
        self.store
            .guard(|| Ok(lookup::all_json(&*self.view, kind, table)?.into_iter().map(|(_, value)| value).collect()))
    }
}

/// `Debug` tells which store it is and nothing that is stored.
impl std::fmt::Debug for Snapshot<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("id", &self.store.identity.id).finish_non_exhaustive()
    }
}

impl Snapshot<'_> {
    /// What the store holds: identity, imports, audit head.
    pub fn meta(&self) -> Result<Meta, StoreError> {
        self.store.guard(|| {
            let head = lookup::head(&*self.view)?;
            Ok(Meta {
                schema: self.store.identity.schema,
                id: self.store.identity.id.clone(),
                imports: lookup::imports(&*self.view)?.into_iter().map(|import| import.record).collect(),
                record_numbers: head.next_row,
                audit_seq: head.seq,
                audit_head: blake3::Hash::from_bytes(head.hash).to_hex().to_string(),
            })
        })
    }

    /// The records of item 1 in the default order (ARCHITECTURE "Workstation"), without reading any row.
    pub fn queue(&self) -> Result<Vec<QueueEntry>, StoreError> {
        self.store.guard(|| queue::read(&*self.view))
    }

    /// A page of the queue ([`PAGE`](crate::domain::queue::PAGE) entries); empty behind the last one.
    pub fn queue_page(&self, page: u32) -> Result<Vec<QueueEntry>, StoreError> {
        self.store.guard(|| queue::page(&*self.view, page))
    }

    /// The states of records, in the order asked, without reading their cases.
    pub fn states(&self, nos: &[RecordNo]) -> Result<Vec<State>, StoreError> {
        self.store.guard(|| states::of(&*self.view, nos))
    }

    /// The counters of all records.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        self.store.guard(|| tally::read(&*self.view))
    }

    /// The facts of the records numbered in a range, in order; numbers that are no record are passed over.
    pub fn facts(&self, range: Range<u32>) -> Result<Vec<(RecordNo, Facts)>, StoreError> {
        self.store.guard(|| self.facts_in(range))
    }

    /// Current rows with facts, in the order asked; an unknown number is an error.
    pub fn records(&self, nos: &[RecordNo]) -> Result<Vec<Record>, StoreError> {
        self.store.guard(|| self.records_of(nos))
    }

    /// The row that a record had before its last change by a newer file, and the import of that file, where there was one.
    pub fn previous(&self, no: RecordNo) -> Result<Option<(Row, ImportName)>, StoreError> {
        self.store.guard(|| match lookup::versions(&*self.view, no)? {
            None => Ok(None),
            Some(versions) => Ok(Some((self.row(versions.previous)?, self.headers()?.import_of(versions.current)))),
        })
    }

    /// The danger flags of a record with their evidence.
    pub fn signs(&self, no: RecordNo) -> Result<Vec<DangerSign>, StoreError> {
        self.store.guard(|| lookup::signs(&*self.view, no))
    }

    /// Search texts of the records of item 1 (see [`crate::compare::search_fold`]), in no particular order.
    pub fn search_texts(&self) -> Result<Vec<(RecordNo, String)>, StoreError> {
        self.store.guard(|| self.search())
    }

    /// The record with this key (整理番号).
    pub fn find(&self, key: &str) -> Result<Option<RecordNo>, StoreError> {
        self.store.guard(|| {
            let value = self.view.get(Table::ByKey, Key::Text(key))?;
            let no = value.map(|value| envelope::open_checked(ValueKind::Key, key.as_bytes(), &value)).transpose()?;
            Ok(no.map(RecordNo))
        })
    }

    /// The case of a record; the untouched case where nothing was ever decided.
    pub fn case(&self, no: RecordNo) -> Result<Case, StoreError> {
        self.store.guard(|| lookup::case(&*self.view, no))
    }

    /// Every case that was ever touched, by record.
    pub fn cases(&self) -> Result<Vec<(RecordNo, Case)>, StoreError> {
        self.store.guard(|| {
            let all = lookup::all_json(&*self.view, ValueKind::Case, Table::Decisions)?;
            Ok(all.into_iter().map(|(no, case)| (RecordNo(no), case)).collect())
        })
    }

    /// Audit events with numbers in a range, oldest first; `record` narrows to one record.
    pub fn events(&self, seqs: Range<u64>, record: Option<RecordNo>) -> Result<Vec<Event>, StoreError> {
        self.store.guard(|| self.page(seqs.start, seqs.end, record, usize::MAX, Direction::Ascending))
    }

    /// The events of a request that was carried out; `None` for one that was not.
    pub fn request(&self, id: RequestId) -> Result<Option<Vec<Event>>, StoreError> {
        self.store.guard(|| requests::find(&*self.view, Some(id)))
    }

    /// The 解除 batches, oldest first.
    pub fn batches(&self) -> Result<Vec<Batch>, StoreError> {
        self.all_json(ValueKind::Batch, Table::Batches)
    }

    /// The withdrawals, oldest first.
    pub fn withdrawals(&self) -> Result<Vec<Withdrawal>, StoreError> {
        self.all_json(ValueKind::Withdrawal, Table::Withdrawals)
    }

    /// The frozen reports, oldest first.
    pub fn reports(&self) -> Result<Vec<FrozenReport>, StoreError> {
        self.all_json(ValueKind::Report, Table::Reports)
    }

    /// Where an operator stood, as given to [`super::Store::keep_session`].
    pub fn session(&self, operator: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.guard(|| {
            let sealed = self.view.get(Table::Sessions, Key::Text(operator))?;
            let open =
                |sealed: Vec<u8>| envelope::open(ValueKind::Session, operator.as_bytes(), &sealed).map(<[u8]>::to_vec);
            sealed.map(open).transpose()
        })
    }

    /// Every row that was ever held back, open ones and closed ones, in the order of their numbers.
    pub fn quarantine(&self) -> Result<Vec<QuarantineRow>, StoreError> {
        let mut all = Vec::new();
        self.each_held(&mut |row| all.push(row))?;
        Ok(all)
    }

    /// Shows every row that was ever held back, one after another, in the order of their numbers.
    pub fn each_held(&self, each: &mut dyn FnMut(QuarantineRow)) -> Result<(), StoreError> {
        self.store.guard(|| lookup::each_held(&*self.view, each))
    }

    /// How many held-back rows are open.
    pub fn held_open(&self) -> Result<u64, StoreError> {
        self.store.guard(|| lookup::held_open(&*self.view))
    }
}
