//! What a store in memory holds after an import, read through its snapshot, and cases put there beforehand.

use std::collections::{BTreeMap, HashMap};

use super::actor;
use crate::domain::batch::{Batch, BatchRow};
use crate::domain::case::Case;
use crate::domain::category::Category;
use crate::domain::event::{CaseChange, Change, EventKind};
use crate::domain::pattern::Pattern;
use crate::domain::record::{Facts, RecordNo};
use crate::store::{ImportRecord, QuarantineRow, Store};

/// A record with the text of its row.
pub(super) struct Kept {
    pub(super) no: RecordNo,
    pub(super) key: String,
    /// Its cells, then its extras.
    pub(super) cells: Vec<String>,
    pub(super) facts: Facts,
    /// Pattern and search text, where it stands in item 1.
    pub(super) review: Option<(Pattern, String)>,
}

/// Everything that the tests look at.
pub(super) struct Contents {
    pub(super) records: Vec<Kept>,
    pub(super) cases: BTreeMap<RecordNo, Case>,
    pub(super) quarantine: Vec<QuarantineRow>,
    pub(super) imports: Vec<ImportRecord>,
}

/// Looks into a store.
pub(super) trait Look {
    /// Everything in it, after `verify` has found no fault.
    fn look(&self) -> Contents;
}

impl Look for Store {
    fn look(&self) -> Contents {
        let snapshot = self.snapshot().unwrap();
        assert_eq!(snapshot.verify().unwrap(), Vec::<String>::new());
        for event in snapshot.events(0..u64::MAX, None).unwrap() {
            let known = ["データ更新", "支援措置の印(ファイル)"].contains(&event.reason.as_str());
            assert!(event.kind != EventKind::Update || known, "{event:?}");
        }
        let nos: Vec<RecordNo> = snapshot.facts(0..u32::MAX).unwrap().into_iter().map(|(no, _)| no).collect();
        let texts: HashMap<RecordNo, String> = snapshot.search_texts().unwrap().into_iter().collect();
        let mut reviews: HashMap<RecordNo, (Pattern, String)> = snapshot
            .queue()
            .unwrap()
            .iter()
            .map(|entry| (entry.no, (entry.pattern, texts[&entry.no].clone())))
            .collect();
        let records = snapshot.records(&nos).unwrap().into_iter().map(|record| {
            let extras = record.row.extras.iter().map(|(_, value)| value.clone());
            Kept {
                no: record.no,
                key: record.row.key(),
                cells: record.row.cells.iter().cloned().chain(extras).collect(),
                facts: record.facts,
                review: reviews.remove(&record.no),
            }
        });
        Contents {
            records: records.collect(),
            cases: snapshot.cases().unwrap().into_iter().collect(),
            quarantine: snapshot.quarantine().unwrap(),
            imports: snapshot.meta().unwrap().imports,
        }
    }
}

impl Contents {
    /// The record with a number.
    pub(super) fn record(&self, no: RecordNo) -> &Kept {
        self.records.iter().find(|kept| kept.no == no).unwrap()
    }
}

/// An empty store.
pub(super) fn empty() -> Store {
    Store::in_memory().unwrap()
}

/// Gives a record a case.
pub(super) fn put_case(store: &Store, no: u32, after: Case) {
    let record = RecordNo(no);
    let before = store.snapshot().unwrap().case(record).unwrap();
    let (kind, reason) = (EventKind::Decide, String::new());
    let change = CaseChange { record, kind, before, after, reason, refers: None };
    store.apply(&[Change::Case(Box::new(change))], &actor()).unwrap();
}

/// Puts a record that is decided as 2③ into the first batch.
pub(super) fn put_in_batch(store: &Store, no: u32) {
    let case = store.snapshot().unwrap().case(RecordNo(no)).unwrap();
    let row = BatchRow {
        record: RecordNo(no),
        id: format!("{no:010}"),
        insurer_no: String::new(),
        symbol: String::new(),
        number: String::new(),
        branch: String::new(),
        class: crate::domain::suspension::Class::TwoB,
        category: Category::C23,
        evidence: case.evidence,
        confirmed_at: case.decided_at,
        operator: case.operator,
        approver: String::new(),
    };
    let batch = Batch {
        number: 1,
        round: 1,
        cutoff: jiff::civil::date(2023, 12, 14).at(23, 59, 0, 0),
        made_at: actor().at,
        operator: actor().caller.operator,
        rows: vec![row],
    };
    store.apply(&[Change::Batch(Box::new(batch))], &actor()).unwrap();
}
