//! Decisions, batches and reports: what is refused, what is kept, and that `verify` sees a change from outside.

use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::domain::batch::{Batch, BatchRow, Withdrawal};
use crate::domain::request::RequestId;
use crate::domain::tally::{FrozenReport, Membership, Report};
use crate::domain::{case, event};
use crate::store::engine::{Engine, Txn};
use crate::store::envelope::ValueKind;
use crate::store::meta::{Identity, seal_identity};
use crate::store::schema::{META_STORE, OLDEST, SCHEMA};
use crate::store::{block, envelope, open, open_or_create, states};

/// A store in memory with so many records of item 1.
fn with_records(count: u32) -> Store {
    let store = memory();
    let rows = file((0..3 * count).map(|n| (n, "甲"))).into_iter().filter(|(key, _)| scope_of(key) == Scope::Item1);
    import_file(&store, &rows.take(count as usize).collect::<Vec<_>>()).unwrap();
    store
}

fn case_of(store: &Store, no: u32) -> Case {
    store.snapshot().unwrap().case(RecordNo(no)).unwrap()
}

fn decide(store: &Store, no: u32, category: Category) -> Result<Vec<crate::domain::event::Event>, StoreError> {
    let before = case_of(store, no);
    store.apply(&[change(no, &before, &decided(&before, category, "佐藤"))], &actor("佐藤"))
}

fn batch(number: u32, records: &[u32]) -> Batch {
    let row = |&no: &u32| BatchRow {
        record: RecordNo(no),
        id: format!("{no:07}"),
        insurer_no: String::new(),
        symbol: String::new(),
        number: String::new(),
        branch: String::new(),
        class: Class::TwoB,
        category: Category::C23,
        evidence: Vec::new(),
        confirmed_at: Some(Timestamp::UNIX_EPOCH),
        operator: "佐藤".into(),
        approver: String::new(),
    };
    Batch {
        number,
        round: 1,
        cutoff: date(2023, 12, 14).at(23, 59, 0, 0),
        made_at: Timestamp::UNIX_EPOCH,
        operator: "佐藤".into(),
        rows: records.iter().map(row).collect(),
    }
}

fn make(store: &Store, number: u32, records: &[u32]) -> Result<(), StoreError> {
    store.apply(&[Change::Batch(Box::new(batch(number, records)))], &actor("佐藤")).map(|_| ())
}

fn withdraw(store: &Store, number: u32, record: u32) -> Result<(), StoreError> {
    let withdrawal = Withdrawal {
        batch: number,
        record: RecordNo(record),
        id: format!("{record:07}"),
        reason: "誤って報告".into(),
        at: Timestamp::UNIX_EPOCH,
        operator: "佐藤".into(),
        reopened: true,
    };
    let before = Box::new(case_of(store, record));
    let after = Box::new(case::withdraw(&before, &withdrawal.reason, "佐藤", Timestamp::UNIX_EPOCH));
    store.apply(&[Change::Withdraw { withdrawal, before, after }], &actor("佐藤")).map(|_| ())
}

fn sound(store: &Store) {
    assert_eq!(store.snapshot().unwrap().verify().unwrap(), Vec::<String>::new());
}

/// Writes the first block of rows as layouts before version 4 did: one row, no codes for words.
fn rewrite_without_words(store: &Store, row: &Row) {
    let mut packed = vec![1, row.line as u8];
    let mut before = "";
    for cell in &row.cells {
        match cell.as_str() {
            "" => packed.push(0),
            cell if cell == before => packed.push(1),
            cell => {
                packed.push(cell.len() as u8 + 2);
                packed.extend(cell.as_bytes());
            }
        }
        before = cell;
    }
    for (name, value) in &row.extras {
        packed.push(header().iter().position(|known| known == name).unwrap() as u8 + 1);
        packed.push(value.len() as u8);
        packed.extend(value.as_bytes());
    }
    packed.push(0);
    packed.insert(0, u8::try_from(packed.len()).unwrap());
    assert!(packed[0] < 0x80);
    let sealed = envelope::seal(envelope::ValueKind::Rows, &0u32.to_le_bytes(), &block::compress(&packed));
    store.tamper(&mut |txn| txn.put(Table::Rows, Key::Number(0), &sealed).map(|_| ())).unwrap();
}

#[test]
fn older_layouts_are_raised_when_they_are_opened() {
    let folder = tempfile::tempdir().unwrap();
    let rows = [("1".to_owned(), "○".to_owned())];
    let schema = |schema: Option<u32>| {
        let store = open(folder.path()).unwrap();
        let Some(schema) = schema else { return store.identity().schema };
        let sealed = seal_identity(&Identity { schema, ..store.identity().clone() }).unwrap();
        store.tamper(&mut |txn| txn.put(Table::Meta, Key::Text(META_STORE), &sealed).map(|_| ())).unwrap();
        schema
    };
    import_file(&open_or_create(folder.path()).unwrap(), &rows).unwrap();
    let first = || open(folder.path()).unwrap().snapshot().unwrap().records(&[RecordNo(0)]).unwrap()[0].row.clone();
    let written = first();
    rewrite_without_words(&open(folder.path()).unwrap(), &written);
    schema(Some(OLDEST));
    assert_eq!(schema(None), SCHEMA);
    sound(&open(folder.path()).unwrap());
    assert_eq!(first(), written);
    import_file(&open(folder.path()).unwrap(), &[("2".to_owned(), "乙".to_owned())]).unwrap();
    assert_eq!(schema(None), SCHEMA);
    for other in [OLDEST - 1, SCHEMA + 1] {
        schema(Some(other));
        assert!(matches!(open(folder.path()), Err(StoreError::Refused(_))));
        // Put right again from outside, as no program of this version could.
        let path = folder.path().join(crate::store::FILE_NAME);
        let engine = Redb::in_file(std::fs::File::options().read(true).write(true).open(path).unwrap()).unwrap();
        let sealed = seal_identity(&Identity { schema: SCHEMA, id: "x".to_owned() }).unwrap();
        engine.write(&mut |txn| txn.put(Table::Meta, Key::Text(META_STORE), &sealed).map(|_| ())).unwrap();
    }
}

#[test]
fn a_file_of_something_else_is_named_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(crate::store::FILE_NAME);
    for bytes in [&b""[..], b"no store", &[7; 100], &[7; 9000]] {
        std::fs::write(&path, bytes).unwrap();
        let Err(StoreError::Corrupt(words)) = open(folder.path()) else { panic!("{} bytes", bytes.len()) };
        assert_eq!(words, "meken のデータではありません");
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn all_changes_or_none() {
    let store = with_records(3);
    let (open, done) = (Case::default(), decided(&Case::default(), Category::C23, "佐藤"));
    let stale = store.apply(&[change(0, &open, &done), change(1, &done, &open)], &actor("佐藤"));
    assert!(matches!(stale, Err(StoreError::Conflict(RecordNo(1)))));
    assert_eq!(case_of(&store, 0), open);
    let unknown = store.apply(&[change(0, &open, &done), change(77, &open, &done)], &actor("佐藤"));
    assert!(matches!(unknown, Err(StoreError::NoRecord(RecordNo(77)))));
    assert_eq!(store.snapshot().unwrap().meta().unwrap().audit_seq, 1);
    assert_eq!(store.apply(&[], &actor("佐藤")).unwrap(), []);
    let events = store.apply(&[change(0, &open, &done), change(1, &open, &done)], &actor("鈴木")).unwrap();
    assert_eq!(events.iter().map(|event| event.id.n).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(store.snapshot().unwrap().events(2..4, None).unwrap(), events);
    assert_eq!(store.snapshot().unwrap().cases().unwrap(), [(RecordNo(0), done.clone()), (RecordNo(1), done)]);
    sound(&store);
}

/// The batch of each record that stands in one.
fn in_batch(store: &Store) -> HashMap<RecordNo, u32> {
    let cases = store.snapshot().unwrap().cases().unwrap();
    cases.into_iter().filter_map(|(no, case)| Some((no, case.in_batch?))).collect()
}

#[test]
fn a_record_stands_in_one_batch_until_it_is_withdrawn() {
    let store = with_records(4);
    for no in 0..3 {
        decide(&store, no, Category::C23).unwrap();
    }
    let refused = |result: Result<(), StoreError>| assert!(matches!(result, Err(StoreError::Refused(_))), "{result:?}");
    refused(make(&store, 2, &[0]));
    refused(make(&store, 1, &[]));
    refused(make(&store, 1, &[0, 0]));
    assert!(matches!(make(&store, 1, &[0, 3]), Err(StoreError::Conflict(RecordNo(3)))));
    make(&store, 1, &[0, 1]).unwrap();
    refused(make(&store, 2, &[2, 1]));
    assert!(matches!(decide(&store, 0, Category::C24), Err(StoreError::Refused(_))));
    refused(withdraw(&store, 2, 0));
    refused(withdraw(&store, 1, 2));
    let listed = case_of(&store, 0);
    withdraw(&store, 1, 0).unwrap();
    refused(withdraw(&store, 1, 0));
    // Its decision is history: without a new one no batch takes it.
    assert_eq!(case_of(&store, 0).state, State::Pending);
    let event = store.snapshot().unwrap().events(0..u64::MAX, Some(RecordNo(0))).unwrap().pop().unwrap();
    assert_eq!((event.kind, event.before, event.after), (EventKind::Withdraw, Some(listed), Some(case_of(&store, 0))));
    assert!(matches!(make(&store, 2, &[0, 2]), Err(StoreError::Conflict(RecordNo(0)))));
    sound(&store);
    decide(&store, 0, Category::C24).unwrap();
    decide(&store, 0, Category::C23).unwrap();
    make(&store, 2, &[0, 2]).unwrap();
    let snapshot = store.snapshot().unwrap();
    let expected = HashMap::from([(RecordNo(0), 2), (RecordNo(1), 1), (RecordNo(2), 2)]);
    assert_eq!(in_batch(&store), expected);
    assert_eq!(snapshot.batches().unwrap(), [batch(1, &[0, 1]), batch(2, &[0, 2])]);
    assert_eq!(snapshot.withdrawals().unwrap().len(), 1);
    sound(&store);
}

/// A withdrawal is one change with its case: computed from an old case, or with the decision left standing, it is refused
/// and the record stays in its batch.
#[test]
fn a_withdrawal_takes_the_decision_with_it_or_is_refused() {
    let store = with_records(2);
    decide(&store, 0, Category::C23).unwrap();
    make(&store, 1, &[0]).unwrap();
    let listed = case_of(&store, 0);
    let withdrawal = Withdrawal {
        batch: 1,
        record: RecordNo(0),
        id: "0000000".into(),
        reason: "別人の疑い".into(),
        at: Timestamp::UNIX_EPOCH,
        operator: "佐藤".into(),
        reopened: true,
    };
    let open = case::withdraw(&listed, "別人の疑い", "佐藤", Timestamp::UNIX_EPOCH);
    let apply = |before: &Case, after: &Case| {
        let (before, after) = (Box::new(before.clone()), Box::new(after.clone()));
        store.apply(&[Change::Withdraw { withdrawal: withdrawal.clone(), before, after }], &actor("佐藤"))
    };
    assert!(matches!(apply(&Case::default(), &open), Err(StoreError::Conflict(RecordNo(0)))));
    for category in Category::ALL {
        let kept = Case { state: State::Decided(category), ..open.clone() };
        assert!(matches!(apply(&listed, &kept), Err(StoreError::Refused(_))), "{category}");
    }
    assert_eq!(in_batch(&store), HashMap::from([(RecordNo(0), 1)]));
    assert_eq!((case_of(&store, 0), store.snapshot().unwrap().withdrawals().unwrap().len()), (listed.clone(), 0));
    // Nor does an undo of what was decided before bring it back.
    apply(&listed, &open).unwrap();
    for event in store.snapshot().unwrap().events(0..u64::MAX, Some(RecordNo(0))).unwrap() {
        if event.kind.can_undo() {
            assert!(event::undo(&event, &case_of(&store, 0)).is_err(), "{event:?}");
        }
    }
    sound(&store);
}

#[test]
fn a_note_can_be_added_to_a_record_in_a_batch() {
    let store = with_records(1);
    decide(&store, 0, Category::C23).unwrap();
    make(&store, 1, &[0]).unwrap();
    let before = case_of(&store, 0);
    let after = crate::domain::case::annotate(&before, "電話で確認");
    store.apply(&[change(0, &before, &after)], &actor("佐藤")).unwrap();
    assert_eq!(case_of(&store, 0), after);
}

/// A decision and a batch that takes the record cannot both be made on the same state: whichever comes second is refused.
#[test]
fn a_batch_makes_what_was_computed_before_stale() {
    let store = with_records(1);
    decide(&store, 0, Category::C23).unwrap();
    let seen = case_of(&store, 0);
    make(&store, 1, &[0]).unwrap();
    let listed = case_of(&store, 0);
    assert_eq!(listed, Case { in_batch: Some(1), version: seen.version + 1, ..seen.clone() });
    let noted = crate::domain::case::annotate(&seen, "電話で確認");
    let stale = store.apply(&[change(0, &seen, &noted)], &actor("佐藤"));
    assert!(matches!(stale, Err(StoreError::Conflict(RecordNo(0)))));
    // Nor does a change of the case alone take the record out of its batch, or put it into one.
    let freed = Case { in_batch: None, ..crate::domain::case::annotate(&listed, "電話で確認") };
    assert!(matches!(store.apply(&[change(0, &listed, &freed)], &actor("佐藤")), Err(StoreError::Refused(_))));
    sound(&store);
}

/// A list says of each record what stands in its case, also where it was decided for the same category again meanwhile.
#[test]
fn a_batch_of_decisions_that_were_replaced_is_refused() {
    let store = with_records(1);
    decide(&store, 0, Category::C23).unwrap();
    let before = case_of(&store, 0);
    let again = Case { operator: "鈴木".into(), ..decided(&before, Category::C23, "鈴木") };
    store.apply(&[change(0, &before, &again)], &actor("鈴木")).unwrap();
    assert!(matches!(make(&store, 1, &[0]), Err(StoreError::Conflict(RecordNo(0)))));
    assert!(store.snapshot().unwrap().batches().unwrap().is_empty());
}

/// A request that is sent again, also after a restart, finds what it did and does nothing.
#[test]
fn a_request_is_carried_out_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_or_create(folder.path()).unwrap();
    import_file(&store, &file((0..2).map(|n| (n, "甲")))).unwrap();
    let request = |n| Actor { request: Some(RequestId(n)), ..actor("佐藤") };
    let (open_case, done) = (Case::default(), decided(&Case::default(), Category::C23, "佐藤"));
    let changes = [change(0, &open_case, &done), change(1, &open_case, &done)];
    let first = store.apply(&changes, &request(7)).unwrap();
    assert_eq!(first[1].request, Some(RequestId(7)));
    assert_eq!(store.apply(&changes, &request(7)).unwrap(), first);
    drop(store);
    let store = open(folder.path()).unwrap();
    assert_eq!(store.apply(&changes, &request(7)).unwrap(), first);
    assert_eq!(store.snapshot().unwrap().request(RequestId(7)).unwrap(), Some(first.clone()));
    assert_eq!(store.snapshot().unwrap().request(RequestId(8)).unwrap(), None);
    // Under another identity it is another request, and the state has moved on.
    assert!(matches!(store.apply(&changes, &request(8)), Err(StoreError::Conflict(_))));
    // A refused request leaves nothing behind.
    assert_eq!(store.snapshot().unwrap().request(RequestId(8)).unwrap(), None);
    assert_eq!(store.snapshot().unwrap().meta().unwrap().audit_seq, 3);
    sound(&store);
}

/// What is changed behind the store's back is found out by replaying the trail.
#[test]
fn a_changed_batch_or_report_is_found_out() {
    let store = with_records(2);
    decide(&store, 0, Category::C23).unwrap();
    decide(&store, 1, Category::C23).unwrap();
    make(&store, 1, &[0]).unwrap();
    let forged = envelope::seal_json(ValueKind::Batch, &1u32.to_le_bytes(), &batch(1, &[1])).unwrap();
    store.tamper(&mut |txn| txn.put(Table::Batches, Key::Number(1), &forged).map(|_| ())).unwrap();
    let faults = store.snapshot().unwrap().verify().unwrap();
    assert!(faults.iter().any(|fault| fault.contains("解除リスト 1 が監査記録と違います")), "{faults:?}");
}

#[test]
fn reports_are_numbered_without_gaps() {
    let store = with_records(1);
    let report = |number| FrozenReport {
        number,
        as_of: Timestamp::UNIX_EPOCH,
        operator: "佐藤".into(),
        report: Report::default(),
        bridge: None,
        members: Membership::default(),
    };
    let freeze = |number| store.apply(&[Change::Freeze(Box::new(report(number)))], &actor("佐藤"));
    assert!(matches!(freeze(2), Err(StoreError::Refused(_))));
    freeze(1).unwrap();
    assert!(matches!(freeze(1), Err(StoreError::Refused(_))));
    freeze(2).unwrap();
    assert_eq!(store.snapshot().unwrap().reports().unwrap(), [report(1), report(2)]);
    sound(&store);
}

#[test]
fn a_workspace_is_private_and_held_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("深い/所");
    assert!(matches!(open(&workspace), Err(StoreError::Missing)));
    let store = open_or_create(&workspace).unwrap();
    let file = workspace.join("meken.redb");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&workspace), mode(&file)), (0o700, 0o600));
    assert_eq!(std::fs::read_dir(&workspace).unwrap().count(), 1, "nothing but the store is left");
    for opened in [open(&workspace), open_or_create(&workspace)] {
        assert!(matches!(opened, Err(StoreError::Busy { holder: None })));
    }
    import_file(&store, &file_of_three()).unwrap();
    decide(&store, 1, Category::C23).unwrap();
    store.keep_session("佐藤", b"here").unwrap();
    store.settle().unwrap();
    let (meta, case) = (store.snapshot().unwrap().meta().unwrap(), case_of(&store, 1));
    drop(store);
    std::fs::set_permissions(&workspace, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let mut store = open_or_create(&workspace).unwrap();
    assert_eq!((mode(&workspace), mode(&file)), (0o700, 0o600));
    assert_eq!(store.snapshot().unwrap().meta().unwrap(), meta);
    assert_eq!(case_of(&store, 1), case);
    assert_eq!(store.snapshot().unwrap().session("佐藤").unwrap().as_deref(), Some(&b"here"[..]));
    assert_eq!(store.snapshot().unwrap().session("鈴木").unwrap(), None);
    assert!(store.check_integrity().unwrap());
    sound(&store);
}

fn file_of_three() -> Vec<(String, String)> {
    file([(1, "甲"), (2, "甲"), (4, "甲")])
}

#[test]
fn a_damaged_file_is_refused_and_left_alone() {
    for content in [&b""[..], b"not a database", &[0; 5000]] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("meken.redb");
        std::fs::write(&path, content).unwrap();
        for opened in [open(folder.path()), open_or_create(folder.path())] {
            assert!(matches!(opened, Err(StoreError::Engine(_) | StoreError::Corrupt(_))), "{opened:?}");
        }
        assert_eq!(std::fs::read(&path).unwrap(), content);
    }
}

/// Changes a stored value behind the store's back and gives what `verify` says.
fn tamper(work: impl Fn(&mut dyn Txn)) -> Vec<String> {
    let store = with_records(5);
    decide(&store, 1, Category::C23).unwrap();
    decide(&store, 2, Category::C24).unwrap();
    sound(&store);
    store
        .tamper(&mut |txn| {
            work(txn);
            Ok(())
        })
        .unwrap();
    store.snapshot().unwrap().verify().unwrap()
}

#[test]
fn verify_sees_what_was_changed_from_outside() {
    let flip = |txn: &mut dyn Txn, table, key, at: usize| {
        let mut bytes = txn.get(table, key).unwrap().unwrap();
        let at = at % bytes.len();
        bytes[at] ^= 1;
        txn.put(table, key, &bytes).unwrap();
    };
    let faults = tamper(|txn| flip(txn, Table::Rows, Key::Number(0), 40));
    assert_eq!(faults.len(), 1, "{faults:?}");
    let faults = tamper(|txn| {
        for column in 1..=4 {
            flip(txn, Table::Columns, Key::Chunk(column, 0), 20);
        }
    });
    assert!(faults.len() >= 4, "{faults:?}");
    // A forged decision with a checksum that holds.
    let faults = tamper(|txn| {
        let forged = decided(&Case::default(), Category::C23, "佐藤");
        let sealed = envelope::seal_json(envelope::ValueKind::Case, &2u32.to_le_bytes(), &forged).unwrap();
        txn.put(Table::Decisions, Key::Number(2), &sealed).unwrap();
    });
    assert!(faults.len() == 3 && faults[0].contains("監査記録と違います"), "{faults:?}");
    let faults = tamper(|txn| assert!(txn.remove(Table::Decisions, Key::Number(1)).unwrap()));
    assert!(faults.len() == 3 && faults[0].contains("決定がありません"), "{faults:?}");
    let faults = tamper(|txn| flip(txn, Table::Tally, Key::Text("operator/佐藤"), 12));
    assert!(faults.len() == 1 && faults[0].contains("件数"), "{faults:?}");
    for counter in ["operator/佐藤", "unreported"] {
        let faults = tamper(|txn| assert!(txn.remove(Table::Tally, Key::Text(counter)).unwrap()));
        assert!(faults.len() == 1 && faults[0].contains("件数の控え"), "{faults:?}");
    }
    // The states of another moment, with a checksum that holds.
    let faults = tamper(|txn| states::set(txn, RecordNo(1), State::Decided(Category::C22)).unwrap());
    assert!(faults.len() == 1 && faults[0].contains("状態が決定と違います"), "{faults:?}");
    let faults = tamper(|txn| states::set(txn, RecordNo(4), State::Pending).unwrap());
    assert!(faults.len() == 1 && faults[0].contains("状態に決定がありません"), "{faults:?}");
    let faults = tamper(|txn| flip(txn, Table::Columns, Key::Chunk(6, 0), 20));
    assert!(faults.iter().any(|fault| fault.contains("状態を読めません")), "{faults:?}");
    let faults = tamper(|txn| assert!(txn.remove(Table::Audit, Key::Seq(2)).unwrap()));
    assert!(faults.iter().any(|fault| fault.contains("欠けています")), "{faults:?}");
    let faults = tamper(|txn| {
        let last = Key::Seq(txn.len(Table::Audit).unwrap());
        assert!(txn.remove(Table::Audit, last).unwrap());
    });
    assert!(faults.iter().any(|fault| fault.contains("末尾")), "{faults:?}");
    let faults = tamper(|txn| {
        let mut first = String::new();
        txn.range(Table::ByKey, KeyRange::ALL, Direction::Ascending, &mut |key, _| {
            let Key::Text(key) = key else { panic!("{key:?}") };
            key.clone_into(&mut first);
            Ok(false)
        })
        .unwrap();
        assert!(txn.remove(Table::ByKey, Key::Text(&first)).unwrap());
    });
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn errors_and_debug_hold_no_row_text() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_or_create(folder.path()).unwrap();
    import_file(&store, &file([(1, "秘密")])).unwrap();
    let snapshot = store.snapshot().unwrap();
    let record = snapshot.records(&[RecordNo(0)]).unwrap();
    let error = snapshot.records(&[RecordNo(9)]).unwrap_err();
    for words in [format!("{store:?}"), format!("{record:?}"), format!("{error:?} {error}")] {
        assert!(!words.contains("秘密"), "{words}");
    }
}

#[derive(Clone, Debug)]
enum Step {
    Decide(u32, usize),
    Undo(u32),
    Stale(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0u32..5, 0usize..14).prop_map(|(no, category)| Step::Decide(no, category)),
        2 => (0u32..5).prop_map(Step::Undo),
        1 => (0u32..5).prop_map(Step::Stale),
    ];
    proptest::collection::vec(step, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Decisions, undos and changes computed from an old case, against a plain map.
    #[test]
    fn decisions_and_undos_match_a_map(steps in steps()) {
        let store = with_records(5);
        let mut model: HashMap<u32, Case> = HashMap::new();
        for step in steps {
            match step {
                Step::Decide(no, category) => {
                    decide(&store, no, Category::ALL[category]).unwrap();
                    let before = model.entry(no).or_default();
                    *before = decided(before, Category::ALL[category], "佐藤");
                }
                Step::Undo(no) => {
                    let current = case_of(&store, no);
                    let events = store.snapshot().unwrap().events(0..u64::MAX, Some(RecordNo(no))).unwrap();
                    let Some(last) = events.last() else { continue };
                    let change = event::undo(last, &current).unwrap();
                    let before = last.before.clone().unwrap();
                    store.apply(&[Change::Case(Box::new(change))], &actor("佐藤")).unwrap();
                    model.insert(no, Case { version: current.version + 1, ..before });
                }
                Step::Stale(no) => {
                    let stale = Case { version: 999, ..Case::default() };
                    let result = store.apply(&[change(no, &stale, &Case::default())], &actor("佐藤"));
                    prop_assert!(matches!(result, Err(StoreError::Conflict(_))));
                }
            }
        }
        let kept: HashMap<u32, Case> =
            store.snapshot().unwrap().cases().unwrap().into_iter().map(|(no, case)| (no.0, case)).collect();
        prop_assert_eq!(kept, model);
        sound(&store);
    }
}
