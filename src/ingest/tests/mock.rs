//! A store in memory that keeps the contract of an import: nothing is visible before the commit.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::Mutex;

use crate::domain::batch::{Batch, Withdrawal};
use crate::domain::case::Case;
use crate::domain::danger::{DangerSet, DangerSign};
use crate::domain::event::{Actor, Change, Event};
use crate::domain::held::HeldState;
use crate::domain::pattern::Pattern;
use crate::domain::queue::QueueEntry;
use crate::domain::record::{Column, Facts, Record, RecordNo, Row};
use crate::domain::scope::Scope;
use crate::domain::tally::FrozenReport;
use crate::store::{
    Fingerprints, ImportRecord, ImportWriter, Known, Meta, NewRow, QuarantineRow, Snapshot, Store, StoreError,
};

/// A record as the mock keeps it.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) key: String,
    pub(super) cells: Vec<String>,
    packed: Vec<u8>,
    pub(super) fingerprints: Fingerprints,
    pub(super) facts: Facts,
    pub(super) review: Option<(Pattern, String)>,
}

/// What the mock holds.
#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) records: Vec<Kept>,
    keys: HashMap<String, RecordNo>,
    pub(super) cases: BTreeMap<RecordNo, Case>,
    pub(super) quarantine: Vec<QuarantineRow>,
    pub(super) imports: Vec<ImportRecord>,
    pub(super) batch: HashMap<RecordNo, u32>,
    /// Where records stood before they vanished.
    gone: HashMap<RecordNo, Scope>,
}

/// The store.
#[derive(Default)]
pub(super) struct MemoryStore {
    pub(super) state: Mutex<State>,
    /// Appending the row of this number fails.
    pub(super) fail_at: Option<usize>,
}

impl MemoryStore {
    pub(super) fn look(&self) -> State {
        self.state.lock().unwrap().clone()
    }
}

struct View(State);

struct Writer<'s> {
    store: &'s MemoryStore,
    state: State,
    met: HashSet<RecordNo>,
    header: Vec<String>,
}

fn not_kept<T>() -> Result<T, StoreError> {
    Err(StoreError::Refused("not kept by the mock".into()))
}

impl Store for MemoryStore {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, StoreError> {
        Ok(Box::new(View(self.look())))
    }
    fn apply(&self, _: &[Change], _: &Actor) -> Result<Vec<Event>, StoreError> {
        not_kept()
    }
    fn import(&self) -> Result<Box<dyn ImportWriter + '_>, StoreError> {
        Ok(Box::new(Writer { store: self, state: self.look(), met: HashSet::new(), header: Vec::new() }))
    }
    fn settle(&self) -> Result<(), StoreError> {
        Ok(())
    }
    fn keep_session(&self, _: &str, _: &[u8]) -> Result<(), StoreError> {
        not_kept()
    }
}

impl Snapshot for View {
    fn meta(&self) -> Result<Meta, StoreError> {
        Ok(Meta {
            schema: 1,
            id: "mock".into(),
            imports: self.0.imports.clone(),
            record_numbers: self.0.records.len() as u32,
            audit_seq: 0,
            audit_head: String::new(),
        })
    }
    fn batch_of(&self, no: RecordNo) -> Result<Option<u32>, StoreError> {
        Ok(self.0.batch.get(&no).copied())
    }
    fn in_batch(&self) -> Result<HashMap<RecordNo, u32>, StoreError> {
        Ok(self.0.batch.clone())
    }
    fn queue(&self) -> Result<Vec<QueueEntry>, StoreError> {
        let entry = |(no, record): (u32, &Kept)| {
            let (pattern, _) = record.review.as_ref().filter(|_| record.facts.in_item1())?;
            Some(QueueEntry { no: RecordNo(no), facts: record.facts, pattern: *pattern })
        };
        Ok((0..).zip(&self.0.records).filter_map(entry).collect())
    }
    fn facts(&self, range: Range<u32>) -> Result<Vec<(RecordNo, Facts)>, StoreError> {
        let all = (0..).map(RecordNo).zip(self.0.records.iter().map(|record| record.facts));
        Ok(all.filter(|(no, _)| range.contains(&no.0)).collect())
    }
    fn records(&self, _: &[RecordNo]) -> Result<Vec<Record>, StoreError> {
        not_kept()
    }
    fn previous(&self, _: RecordNo) -> Result<Option<Row>, StoreError> {
        not_kept()
    }
    fn signs(&self, _: RecordNo) -> Result<Vec<DangerSign>, StoreError> {
        not_kept()
    }
    fn search_texts(&self) -> Result<Vec<(RecordNo, String)>, StoreError> {
        not_kept()
    }
    fn find(&self, _: &str) -> Result<Option<RecordNo>, StoreError> {
        not_kept()
    }
    fn case(&self, _: RecordNo) -> Result<Case, StoreError> {
        not_kept()
    }
    fn cases(&self) -> Result<Vec<(RecordNo, Case)>, StoreError> {
        not_kept()
    }
    fn events(&self, _: Range<u64>, _: Option<RecordNo>) -> Result<Vec<Event>, StoreError> {
        not_kept()
    }
    fn batches(&self) -> Result<Vec<Batch>, StoreError> {
        not_kept()
    }
    fn withdrawals(&self) -> Result<Vec<Withdrawal>, StoreError> {
        not_kept()
    }
    fn reports(&self) -> Result<Vec<FrozenReport>, StoreError> {
        not_kept()
    }
    fn session(&self, _: &str) -> Result<Option<Vec<u8>>, StoreError> {
        not_kept()
    }
    fn each_held(&self, each: &mut dyn FnMut(QuarantineRow)) -> Result<(), StoreError> {
        self.0.quarantine.iter().cloned().for_each(each);
        Ok(())
    }
    fn held_open(&self) -> Result<u64, StoreError> {
        Ok(self.0.quarantine.iter().filter(|row| row.state.is_open()).count() as u64)
    }
    fn verify(&self) -> Result<Vec<String>, StoreError> {
        not_kept()
    }
}

/// The texts of a packed row: cells, then extras (see [`crate::store::codec`]).
fn unpack(packed: &[u8]) -> Vec<String> {
    let mut bytes = packed[1..].iter().copied();
    let mut texts: Vec<String> = Vec::new();
    number(&mut bytes);
    for _ in 0..Column::COUNT {
        let text = match number(&mut bytes) {
            0 => String::new(),
            1 => texts.last().unwrap().clone(),
            code @ 2..=6 => ["○", "×", "△", "1", "2"][code - 2].to_owned(),
            length => text(&mut bytes, length - 7),
        };
        texts.push(text);
    }
    while number(&mut bytes) > 0 {
        let length = number(&mut bytes);
        texts.push(text(&mut bytes, length));
    }
    texts
}

fn number(bytes: &mut impl Iterator<Item = u8>) -> usize {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let byte = bytes.next().unwrap();
        value |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    value
}

fn text(bytes: &mut impl Iterator<Item = u8>, length: usize) -> String {
    String::from_utf8(bytes.take(length).collect()).unwrap()
}

impl Writer<'_> {
    fn kept(row: &NewRow<'_>) -> Kept {
        Kept {
            key: row.key.to_owned(),
            cells: unpack(row.packed),
            packed: row.packed.to_vec(),
            fingerprints: row.fingerprints,
            facts: row.facts,
            review: row.review.map(|(pattern, text)| (pattern, text.to_owned())),
        }
    }
}

impl ImportWriter for Writer<'_> {
    fn number(&self) -> u32 {
        self.state.imports.len() as u32 + 1
    }
    fn set_header(&mut self, header: &[String]) {
        self.header = header.to_vec();
    }
    fn lookup(&mut self, key: &str) -> Result<Option<Known>, StoreError> {
        let known = self.state.keys.get(key).copied();
        Ok(known.map(|no| {
            let kept = &self.state.records[no.0 as usize];
            let vanished = kept.facts.scope == Scope::Vanished;
            Known { no, fingerprints: kept.fingerprints, seen: self.met.contains(&no), vanished }
        }))
    }
    fn append(&mut self, row: NewRow<'_>) -> Result<RecordNo, StoreError> {
        if self.store.fail_at == Some(self.state.records.len()) {
            return Err(StoreError::Engine("disk full".into()));
        }
        let no = RecordNo(self.state.records.len() as u32);
        assert!(self.state.keys.insert(row.key.to_owned(), no).is_none(), "keys must not be known");
        self.state.records.push(Self::kept(&row));
        self.met.insert(no);
        Ok(no)
    }
    fn revise(&mut self, no: RecordNo, row: NewRow<'_>) -> Result<(), StoreError> {
        assert!(self.met.insert(no), "one row a record");
        self.state.records[no.0 as usize] = Self::kept(&row);
        self.state.gone.remove(&no);
        Ok(())
    }
    fn meet(&mut self, no: RecordNo) -> Result<(), StoreError> {
        assert!(self.met.insert(no), "one row a record");
        if let Some(scope) = self.state.gone.remove(&no) {
            self.state.records[no.0 as usize].facts.scope = scope;
        }
        Ok(())
    }
    fn flag(&mut self, no: RecordNo, set: DangerSet, _: &[DangerSign]) -> Result<(), StoreError> {
        self.state.records[no.0 as usize].facts.dangers = set;
        Ok(())
    }
    fn vanish_unmet(&mut self) -> Result<Vec<RecordNo>, StoreError> {
        let mut gone = Vec::new();
        for (n, record) in self.state.records.iter_mut().enumerate() {
            let no = RecordNo(n as u32);
            if !self.met.contains(&no) && record.facts.scope != Scope::Vanished {
                self.state.gone.insert(no, record.facts.scope);
                record.facts.scope = Scope::Vanished;
                gone.push(no);
            }
        }
        Ok(gone)
    }
    fn rows(&mut self, nos: &[RecordNo]) -> Result<Vec<Row>, StoreError> {
        let row = |no: &RecordNo| {
            let kept = &self.state.records[no.0 as usize];
            Row { cells: kept.cells[..Column::COUNT].to_vec(), ..Row::default() }
        };
        Ok(nos.iter().map(row).collect())
    }
    fn before(&mut self, no: RecordNo) -> Result<Vec<u8>, StoreError> {
        assert!(!self.met.contains(&no), "asked for before the row is there");
        Ok(self.state.records[no.0 as usize].packed.clone())
    }
    fn unmet(&mut self) -> Result<Vec<RecordNo>, StoreError> {
        Ok((0..self.state.records.len() as u32).map(RecordNo).filter(|no| !self.met.contains(no)).collect())
    }
    fn in_item1(&self) -> u64 {
        self.state.records.iter().filter(|record| record.facts.in_item1()).count() as u64
    }
    fn facts(&mut self, no: RecordNo) -> Result<Facts, StoreError> {
        Ok(self.state.records[no.0 as usize].facts)
    }
    fn case(&mut self, no: RecordNo) -> Result<Case, StoreError> {
        Ok(self.state.cases.get(&no).cloned().unwrap_or_default())
    }
    fn change_case(&mut self, no: RecordNo, before: &Case, after: &Case, reason: &str) -> Result<(), StoreError> {
        assert_eq!(*before, self.state.cases.get(&no).cloned().unwrap_or_default());
        assert!(["データ更新", "支援措置の印(ファイル)"].contains(&reason), "{reason}");
        self.state.cases.insert(no, after.clone());
        Ok(())
    }
    fn quarantine(&mut self, row: QuarantineRow) -> Result<u32, StoreError> {
        let number = self.state.quarantine.len() as u32 + 1;
        self.state.quarantine.push(QuarantineRow { number, import: self.number(), ..row });
        Ok(number)
    }
    fn close_held(&mut self, number: u32, state: HeldState, _: Option<RecordNo>) -> Result<(), StoreError> {
        self.state.quarantine[number as usize - 1].state = state;
        Ok(())
    }
    fn commit(mut self: Box<Self>, record: ImportRecord, _: &Actor) -> Result<ImportRecord, StoreError> {
        assert_eq!(record.number, self.number());
        assert_eq!(self.header, record.header);
        self.state.imports.push(record.clone());
        *self.store.state.lock().unwrap() = self.state;
        Ok(record)
    }
}
