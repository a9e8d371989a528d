//! Imports: what comes in can be read back, newer files change what they should, and an abort leaves nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::danger::{Danger, DangerSign};
use crate::store::{QuarantineRow, Snapshot};

/// What a store of files should hold, by key.
#[derive(Default)]
struct Model {
    /// Number, line, tag, whether it has vanished.
    records: BTreeMap<String, (u32, u32, String, bool)>,
    /// The tag before the last change, and the import that changed it.
    previous: BTreeMap<String, (String, u32)>,
    next: u32,
    imports: u32,
}

impl Model {
    fn import(&mut self, rows: &[(String, String)]) -> Vec<RecordNo> {
        self.imports += 1;
        let mut seen: Vec<&str> = Vec::new();
        for (n, (key, tag)) in rows.iter().enumerate() {
            if seen.contains(&key.as_str()) {
                continue;
            }
            seen.push(key);
            let line = n as u32 + 2;
            match self.records.get_mut(key) {
                None => {
                    self.records.insert(key.clone(), (self.next, line, tag.clone(), false));
                    self.next += 1;
                }
                Some((_, _, old, gone)) if old == tag => *gone = false,
                Some((_, at, old, gone)) => {
                    self.previous.insert(key.clone(), (old.clone(), self.imports));
                    (*at, *old, *gone) = (line, tag.clone(), false);
                    self.next += 1;
                }
            }
        }
        let mut gone: Vec<RecordNo> = Vec::new();
        for (key, record) in &mut self.records {
            if !record.3 && !seen.contains(&key.as_str()) {
                record.3 = true;
                gone.push(RecordNo(record.0));
            }
        }
        gone.sort_unstable();
        gone
    }

    fn check(&self, snapshot: &Snapshot<'_>) {
        assert_eq!(snapshot.meta().unwrap().record_numbers, self.next);
        let (mut nos, mut queued, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for (key, (no, line, tag, gone)) in &self.records {
            let no = RecordNo(*no);
            assert_eq!(snapshot.find(key).unwrap(), Some(no));
            let record = snapshot.records(&[no]).unwrap().remove(0);
            assert!(record.row == row(*line, key, tag), "{record:?}");
            let scope = if *gone { Scope::Vanished } else { scope_of(key) };
            assert_eq!(record.facts.scope, scope);
            if scope == Scope::Item1 {
                queued.push(no);
                texts.push((no, format!("検索{tag}")));
            }
            let previous = snapshot.previous(no).unwrap();
            let previous = previous.map(|(row, import)| (row.cell(Column::Remarks).to_owned(), import.number));
            assert_eq!(previous, self.previous.get(key).cloned());
            nos.push((no, scope));
        }
        nos.sort_unstable_by_key(|(no, _)| *no);
        let read = snapshot.facts(0..u32::MAX).unwrap();
        assert_eq!(read.iter().map(|(no, facts)| (*no, facts.scope)).collect::<Vec<_>>(), nos);
        let queue = snapshot.queue().unwrap();
        assert!(queue.is_sorted_by_key(|entry| entry.order()));
        let mut found: Vec<RecordNo> = queue.iter().map(|entry| entry.no).collect();
        found.sort_unstable();
        queued.sort_unstable();
        assert_eq!(found, queued);
        let mut found = snapshot.search_texts().unwrap();
        found.sort_unstable();
        texts.sort_unstable();
        assert_eq!(found, texts);
    }
}

fn ten_files() -> impl Strategy<Value = Vec<Vec<(String, String)>>> {
    let row = (0u32..150, prop_oneof![Just("甲"), Just("乙"), Just("丙")]);
    proptest::collection::vec(proptest::collection::vec(row, 0..200).prop_map(file), 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any sequence of files in any order of keys, with repeats, changes, losses and returns.
    #[test]
    fn files_one_after_another(files in ten_files()) {
        let (stores, mut model) = ([memory(), Store::in_memory().unwrap()], Model::default());
        for rows in files {
            let expected = model.import(&rows);
            for store in &stores {
                let (_, gone) = import_file(store, &rows).unwrap();
                prop_assert_eq!(&gone, &expected);
                let snapshot = store.snapshot().unwrap();
                model.check(&snapshot);
                prop_assert_eq!(snapshot.verify().unwrap(), Vec::<String>::new());
            }
        }
    }
}

#[test]
fn thousands_of_rows_in_and_out_of_order() {
    let ascending = file((0..10_000).map(|n| (n, "甲")));
    let shuffled = file((0..10_000).map(|n| (n * 7919 % 10_007, "乙")));
    let (store, mut model) = (memory(), Model::default());
    for rows in [&ascending, &shuffled, &shuffled] {
        let (record, _) = import_file(&store, rows).unwrap();
        assert_eq!(record.rows, record.imported + record.unchanged + record.updated + record.repeats);
        // The model is quadratic in what it has seen, so it learns the numbers from a sample.
        let snapshot = store.snapshot().unwrap();
        for (n, (key, tag)) in rows.iter().enumerate().step_by(97) {
            let no = snapshot.find(key).unwrap().unwrap();
            assert!(snapshot.records(&[no]).unwrap()[0].row.cell(Column::Remarks) == tag, "row {n}");
        }
        assert_eq!(snapshot.verify().unwrap(), Vec::<String>::new());
    }
    model.import(&ascending[..1]);
    assert_eq!(
        store.snapshot().unwrap().find(&ascending[0].0).unwrap(),
        Some(RecordNo(model.records[&ascending[0].0].0))
    );
}

#[test]
fn an_import_reads_its_own_rows() {
    let store = memory();
    import_file(&store, &file([(1, "甲"), (2, "甲")])).unwrap();
    let (mut import, mut packer) = (store.import().unwrap(), RowPacker::new());
    import.set_header(&header());
    let mut nos = Vec::new();
    for n in 10..200u32 {
        let key = format!("{n:07}");
        let stored = row(n, &key, "新");
        let facts = facts(Scope::NotMismatch);
        let packed = packer.pack_row(&stored, &header());
        nos.push((
            import.append(NewRow { key: &key, packed, fingerprints: fingerprints("新"), facts, review: None }).unwrap(),
            stored,
        ));
    }
    // Some are in blocks already, the last ones are not.
    let (nos, stored): (Vec<RecordNo>, Vec<Row>) = nos.into_iter().rev().unzip();
    assert!(import.rows(&nos).unwrap() == stored);
    assert!(import.rows(&nos[..3]).unwrap() == stored[..3]);
    assert!(import.rows(&[]).unwrap().is_empty());
    let known = import.lookup("0000002").unwrap().unwrap();
    assert_eq!((known.no, known.seen, known.fingerprints), (RecordNo(1), false, fingerprints("甲")));
    let changed = row(500, "0000002", "変");
    let packed = packer.pack_row(&changed, &header());
    let new =
        NewRow { key: "0000002", packed, fingerprints: fingerprints("変"), facts: facts(Scope::Item1), review: None };
    import.revise(known.no, new).unwrap();
    assert!(import.rows(&[known.no]).unwrap() == [changed]);
    assert!(import.lookup("0000002").unwrap().unwrap().seen);
    assert!(matches!(import.rows(&[nos[0], RecordNo(9999)]), Err(StoreError::NoRecord(_))));
    let again =
        NewRow { key: "0000010", packed, fingerprints: fingerprints("変"), facts: facts(Scope::Item1), review: None };
    assert!(matches!(import.append(again), Err(StoreError::Refused(_))));
}

#[test]
fn an_aborted_import_leaves_nothing() {
    let store = memory();
    import_file(&store, &file([(1, "甲"), (4, "甲")])).unwrap();
    let before = store.snapshot().unwrap().meta().unwrap();
    {
        let (mut import, mut packer) = (store.import().unwrap(), RowPacker::new());
        for n in 100..40_000u32 {
            let key = format!("{n:07}");
            let packed = packer.pack_row(&row(n, &key, "新"), &header());
            let new = NewRow {
                key: &key,
                packed,
                fingerprints: fingerprints("新"),
                facts: facts(Scope::Item1),
                review: None,
            };
            import.append(new).unwrap();
        }
        import.vanish_unmet().unwrap();
        import
            .change_case(RecordNo(0), &Case::default(), &decided(&Case::default(), Category::C23, "佐藤"), "")
            .unwrap();
    }
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.meta().unwrap(), before);
    assert_eq!(snapshot.find("0000100").unwrap(), None);
    assert_eq!(snapshot.cases().unwrap(), []);
    assert_eq!(snapshot.verify().unwrap(), Vec::<String>::new());
}

#[test]
fn danger_flags_reach_facts_queue_and_evidence_and_can_be_taken_back() {
    let store = memory();
    import_file(&store, &file([(1, "甲"), (2, "甲"), (4, "甲")])).unwrap();
    let no = RecordNo(1);
    let sign = DangerSign { danger: Danger::F2, other: Some(RecordNo(0)) };
    let mut set = DangerSet::default();
    set.insert(Danger::F2);
    set.insert(Danger::F6);
    for (set, signs) in
        [(set, vec![sign, DangerSign { danger: Danger::F6, other: None }]), (DangerSet::default(), vec![])]
    {
        let mut import = store.import().unwrap();
        import.flag(no, set, &signs).unwrap();
        import.commit(ImportRecord::default(), &actor("取込係")).unwrap();
        let snapshot = store.snapshot().unwrap();
        assert_eq!(snapshot.signs(no).unwrap(), signs);
        assert_eq!(snapshot.facts(1..2).unwrap()[0].1.dangers, set);
        assert_eq!(snapshot.queue().unwrap().iter().find(|entry| entry.no == no).unwrap().facts.dangers, set);
        assert_eq!(snapshot.verify().unwrap(), Vec::<String>::new());
    }
}

#[test]
fn a_changed_row_reopens_its_case_after_the_event_of_the_import() {
    let store = memory();
    import_file(&store, &file([(1, "甲")])).unwrap();
    let done = decided(&Case::default(), Category::C23, "佐藤");
    store.apply(&[change(0, &Case::default(), &done)], &actor("佐藤")).unwrap();
    let mut import = store.import().unwrap();
    assert_eq!(import.case(RecordNo(0)).unwrap(), done);
    let reopened = Case { state: State::Pending, version: 2, ..done.clone() };
    assert!(matches!(
        import.change_case(RecordNo(0), &Case::default(), &reopened, "x"),
        Err(StoreError::Conflict(RecordNo(0)))
    ));
    import.change_case(RecordNo(0), &done, &reopened, "住所が変わりました").unwrap();
    assert_eq!(import.case(RecordNo(0)).unwrap(), reopened);
    import.commit(ImportRecord { file: "b.csv".into(), ..ImportRecord::default() }, &actor("取込係")).unwrap();
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.case(RecordNo(0)).unwrap(), reopened);
    let events = snapshot.events(0..u64::MAX, None).unwrap();
    let kinds: Vec<EventKind> = events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Import, EventKind::Decide, EventKind::Import, EventKind::Update]);
    assert!(matches!(&events[2].detail, crate::domain::event::Detail::Import(summary) if summary.file == "b.csv"));
    assert_eq!(snapshot.events(0..u64::MAX, Some(RecordNo(0))).unwrap(), [events[1].clone(), events[3].clone()]);
    assert_eq!(snapshot.verify().unwrap(), Vec::<String>::new());
}

#[test]
fn rows_held_back_keep_their_order_and_their_import() {
    let store = memory();
    for file in ["a.csv", "b.csv"] {
        let mut import = store.import().unwrap();
        for line in [9, 3] {
            let (code, reason) = ("E1".to_owned(), "読めません".to_owned());
            let row = QuarantineRow {
                file: file.into(),
                line,
                code,
                reason,
                raw: vec!["\\x81".into()],
                ..QuarantineRow::default()
            };
            import.quarantine(row).unwrap();
        }
        import.commit(ImportRecord::default(), &actor("取込係")).unwrap();
    }
    let rows = store.snapshot().unwrap().quarantine().unwrap();
    let seen: Vec<(u32, &str, u32)> = rows.iter().map(|row| (row.import, row.file.as_str(), row.line)).collect();
    assert_eq!(seen, [(1, "a.csv", 9), (1, "a.csv", 3), (2, "b.csv", 9), (2, "b.csv", 3)]);
}
