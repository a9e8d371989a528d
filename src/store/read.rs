//! A consistent view: every method reads what it needs and nothing more.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use redb::{ReadTransaction, ReadableTable, ReadableTableMetadata};

use super::envelope::{self, ValueKind};
use super::lookup::{self, Headers, RowReader, Tables};
use super::redb_store::RedbStore;
use super::schema::{
    AUDIT, BATCHES, BY_KEY, COLUMNS, ColumnId, DECISIONS, FACTS_PER_CHUNK, HISTORY, IN_BATCH, REPORTS, SESSIONS,
    Sealed, VERSIONS, WITHDRAWALS,
};
use super::{Meta, QuarantineRow, Snapshot, StoreError, audit, check, codec};
use crate::domain::batch::{Batch, Withdrawal};
use crate::domain::case::Case;
use crate::domain::danger::DangerSign;
use crate::domain::event::Event;
use crate::domain::queue::QueueEntry;
use crate::domain::record::{Cells, Facts, Record, RecordNo, Row};
use crate::domain::tally::FrozenReport;

/// A read transaction and what was read with it.
pub(super) struct RedbSnapshot<'s> {
    store: &'s RedbStore,
    pub(super) txn: ReadTransaction,
    headers: OnceCell<Headers>,
    rows: RefCell<RowReader>,
}

impl<'s> RedbSnapshot<'s> {
    /// A view through a transaction.
    pub(super) fn new(store: &'s RedbStore, txn: ReadTransaction) -> Self {
        Self { store, txn, headers: OnceCell::new(), rows: RefCell::default() }
    }

    /// The headers of every import, read once.
    pub(super) fn headers(&self) -> Result<&Headers, StoreError> {
        if let Some(headers) = self.headers.get() {
            return Ok(headers);
        }
        let headers = Headers::of(lookup::imports(&self.txn)?);
        Ok(self.headers.get_or_init(|| headers))
    }

    fn row(&self, row: u32) -> Result<Row, StoreError> {
        self.rows.borrow_mut().row(&self.txn, self.headers()?, row)
    }

    /// Facts cells of a range of numbers, those that are no record passed over.
    fn facts_in(&self, range: Range<u32>) -> Result<Vec<(RecordNo, Facts)>, StoreError> {
        let end = range.end.min(lookup::head(&self.txn)?.next_row);
        let mut found = Vec::with_capacity(end.saturating_sub(range.start) as usize);
        let columns = self.txn.table(COLUMNS)?;
        let mut last = None;
        let mut at = range.start;
        while at < end {
            let chunk = at / FACTS_PER_CHUNK;
            let until = end.min((chunk + 1).saturating_mul(FACTS_PER_CHUNK));
            let bytes = lookup::chunk(&columns, ColumnId::Facts, chunk)?.ok_or_else(|| ValueKind::Column.corrupt())?;
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
        let changed = self.txn.table(VERSIONS)?.len()? > 0;
        let mut wanted = Vec::with_capacity(nos.len());
        for (place, &no) in nos.iter().enumerate() {
            let versions = if changed { lookup::versions(&self.txn, no)? } else { None };
            wanted.push((versions.map_or(no.0, |versions| versions.current), place, no));
        }
        // In the order of the rows every block is read once, and every chunk of facts hardly more often.
        wanted.sort_unstable();
        let columns = self.txn.table(COLUMNS)?;
        let mut chunk: Option<(u32, Vec<u8>)> = None;
        let mut found = Vec::with_capacity(nos.len());
        for (row, place, no) in wanted {
            let number = no.0 / FACTS_PER_CHUNK;
            if chunk.as_ref().is_none_or(|(held, _)| *held != number) {
                chunk = lookup::chunk(&columns, ColumnId::Facts, number)?.map(|bytes| (number, bytes));
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

    /// Every value of a table of numbered JSON values.
    fn all_json<T: serde::de::DeserializeOwned>(
        &self,
        kind: ValueKind,
        table: redb::TableDefinition<'_, u32, Sealed>,
    ) -> Result<Vec<(u32, T)>, StoreError> {
        let mut all = Vec::new();
        for entry in self.txn.table(table)?.iter()? {
            let (number, sealed) = entry?;
            let number = number.value();
            all.push((number, envelope::open_json(kind, &number.to_le_bytes(), sealed.value())?));
        }
        Ok(all)
    }

    fn events_in(&self, seqs: Range<u64>, record: Option<RecordNo>) -> Result<Vec<Event>, StoreError> {
        let audit = self.txn.table(AUDIT)?;
        let mut found = Vec::new();
        if seqs.is_empty() {
            return Ok(found);
        }
        match record {
            None => {
                for entry in audit.range(seqs)? {
                    let (seq, sealed) = entry?;
                    found.push(audit::open_entry(seq.value(), sealed.value())?.event);
                }
            }
            Some(no) => {
                for entry in self.txn.table(HISTORY)?.range((no.0, seqs.start)..(no.0, seqs.end))? {
                    let (_, seq) = entry?.0.value();
                    let sealed = audit.get(seq)?.ok_or_else(|| ValueKind::Audit.corrupt())?;
                    found.push(audit::open_entry(seq, sealed.value())?.event);
                }
            }
        }
        Ok(found)
    }

    fn search(&self) -> Result<Vec<(RecordNo, String)>, StoreError> {
        let queue = lookup::queue(&self.txn)?;
        let item1: HashSet<RecordNo> = queue.iter().filter(|e| e.facts.in_item1()).map(|e| e.no).collect();
        let mut found: Vec<(RecordNo, String)> = Vec::with_capacity(item1.len());
        let mut places: HashMap<RecordNo, usize> = HashMap::with_capacity(item1.len());
        for bytes in lookup::chunks(&self.txn, ColumnId::Search)? {
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

    fn batch_of_each(&self) -> Result<HashMap<RecordNo, u32>, StoreError> {
        let table = self.txn.table(IN_BATCH)?;
        let mut found = HashMap::with_capacity(table.len()? as usize);
        for entry in table.iter()? {
            let (no, value) = entry?;
            let no = no.value();
            found.insert(RecordNo(no), envelope::open_checked(ValueKind::InBatch, &no.to_le_bytes(), value.value())?);
        }
        Ok(found)
    }
}

impl Snapshot for RedbSnapshot<'_> {
    fn meta(&self) -> Result<Meta, StoreError> {
        self.store.guard(|| {
            let head = lookup::head(&self.txn)?;
            Ok(Meta {
                schema: self.store.identity.schema,
                id: self.store.identity.id.clone(),
                imports: lookup::imports(&self.txn)?.into_iter().map(|import| import.record).collect(),
                record_numbers: head.next_row,
                audit_seq: head.seq,
                audit_head: blake3::Hash::from_bytes(head.hash).to_hex().to_string(),
            })
        })
    }

    fn queue(&self) -> Result<Vec<QueueEntry>, StoreError> {
        self.store.guard(|| {
            let mut queue = lookup::queue(&self.txn)?;
            queue.retain(|entry| entry.facts.in_item1());
            Ok(queue)
        })
    }

    fn facts(&self, range: Range<u32>) -> Result<Vec<(RecordNo, Facts)>, StoreError> {
        self.store.guard(|| self.facts_in(range))
    }

    fn records(&self, nos: &[RecordNo]) -> Result<Vec<Record>, StoreError> {
        self.store.guard(|| self.records_of(nos))
    }

    fn previous(&self, no: RecordNo) -> Result<Option<Row>, StoreError> {
        self.store.guard(|| match lookup::versions(&self.txn, no)? {
            None => Ok(None),
            Some(versions) => self.row(versions.previous).map(Some),
        })
    }

    fn signs(&self, no: RecordNo) -> Result<Vec<DangerSign>, StoreError> {
        self.store.guard(|| lookup::signs(&self.txn, no))
    }

    fn search_texts(&self) -> Result<Vec<(RecordNo, String)>, StoreError> {
        self.store.guard(|| self.search())
    }

    fn find(&self, key: &str) -> Result<Option<RecordNo>, StoreError> {
        self.store.guard(|| {
            let table = self.txn.table(BY_KEY)?;
            let value = table.get(key)?.map(|value| value.value());
            let no = value.map(|value| envelope::open_checked(ValueKind::Key, key.as_bytes(), value)).transpose()?;
            Ok(no.map(RecordNo))
        })
    }

    fn case(&self, no: RecordNo) -> Result<Case, StoreError> {
        self.store.guard(|| lookup::case(&self.txn, no))
    }

    fn cases(&self) -> Result<Vec<(RecordNo, Case)>, StoreError> {
        self.store.guard(|| {
            let all = self.all_json(ValueKind::Case, DECISIONS)?;
            Ok(all.into_iter().map(|(no, case)| (RecordNo(no), case)).collect())
        })
    }

    fn events(&self, seqs: Range<u64>, record: Option<RecordNo>) -> Result<Vec<Event>, StoreError> {
        self.store.guard(|| self.events_in(seqs, record))
    }

    fn batches(&self) -> Result<Vec<Batch>, StoreError> {
        self.store.guard(|| Ok(self.all_json(ValueKind::Batch, BATCHES)?.into_iter().map(|(_, batch)| batch).collect()))
    }

    fn withdrawals(&self) -> Result<Vec<Withdrawal>, StoreError> {
        self.store
            .guard(|| Ok(self.all_json(ValueKind::Withdrawal, WITHDRAWALS)?.into_iter().map(|(_, one)| one).collect()))
    }

    fn batch_of(&self, no: RecordNo) -> Result<Option<u32>, StoreError> {
        self.store.guard(|| lookup::in_batch(&self.txn, no))
    }

    fn in_batch(&self) -> Result<HashMap<RecordNo, u32>, StoreError> {
        self.store.guard(|| self.batch_of_each())
    }

    fn reports(&self) -> Result<Vec<FrozenReport>, StoreError> {
        self.store
            .guard(|| Ok(self.all_json(ValueKind::Report, REPORTS)?.into_iter().map(|(_, report)| report).collect()))
    }

    fn session(&self, operator: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.guard(|| {
            let table = self.txn.table(SESSIONS)?;
            let sealed = table.get(operator)?;
            let open = |sealed: redb::AccessGuard<'_, Sealed>| {
                envelope::open(ValueKind::Session, operator.as_bytes(), sealed.value()).map(<[u8]>::to_vec)
            };
            sealed.map(open).transpose()
        })
    }

    fn each_held(&self, each: &mut dyn FnMut(QuarantineRow)) -> Result<(), StoreError> {
        self.store.guard(|| lookup::each_held(&self.txn, each))
    }

    fn held_open(&self) -> Result<u64, StoreError> {
        self.store.guard(|| lookup::held_open(&self.txn))
    }

    fn verify(&self) -> Result<Vec<String>, StoreError> {
        self.store.guard(|| check::verify(self))
    }
}
