//! The index of what each operator can undo, beside the fold over the whole trail.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::batch::{Batch, BatchRow, Withdrawal};
use crate::domain::event::{Event, EventId, UndoStack};
use crate::store::engine::{Txn, View};
use crate::store::meta::{Identity, seal_identity};
use crate::store::schema::META_STORE;
use crate::store::{held, lookup, steps_build, write};

const OPERATORS: [&str; 3] = ["佐藤", "鈴木", "佐"];

/// Numbers that are records of item 1 in a store of [`records`].
const RECORDS: u32 = 4;

fn records() -> Store {
    let store = memory();
    let rows: Vec<(String, String)> = (0..)
        .map(|n| format!("{n:07}"))
        .filter(|key| scope_of(key) == Scope::Item1)
        .take(RECORDS as usize)
        .map(|key| (key, String::new()))
        .collect();
    import_file(&store, &rows).unwrap();
    store
}

/// What an operator does next.
#[derive(Clone, Debug)]
enum Doing {
    /// A new step on a record.
    Make(u32, EventKind),
    /// Undoes or redoes an event: their next one, or any of the trail, also what nobody should.
    Return(EventKind, Option<usize>),
    /// Makes a batch of whatever is decided.
    Batch,
    /// Withdraws a record from its batch.
    Withdraw(u32),
}

/// Operators, what they do, and whether it goes into the transaction of what was done before.
fn doings() -> impl Strategy<Value = Vec<(usize, Doing, bool)>> {
    let kinds =
        prop_oneof![Just(EventKind::Decide), Just(EventKind::Note), Just(EventKind::Reopen), Just(EventKind::Protect)];
    let returns = prop_oneof![Just(EventKind::Undo), Just(EventKind::Redo)];
    let doing = prop_oneof![
        5 => (0..RECORDS, kinds).prop_map(|(no, kind)| Doing::Make(no, kind)),
        5 => (returns.clone()).prop_map(|kind| Doing::Return(kind, None)),
        2 => (returns, any::<usize>()).prop_map(|(kind, at)| Doing::Return(kind, Some(at))),
        1 => Just(Doing::Batch),
        1 => (0..RECORDS).prop_map(Doing::Withdraw),
    ];
    proptest::collection::vec((0..OPERATORS.len(), doing, any::<bool>()), 0..60)
}

/// Applies what waits in one transaction.
fn flush(store: &Store, waiting: &mut Vec<Change>, operator: &str) {
    store.apply(&std::mem::take(waiting), &actor(operator)).unwrap();
}

fn trail(store: &Store) -> Vec<Event> {
    store.snapshot().unwrap().events(0..u64::MAX, None).unwrap()
}

/// A change of a case that stays in its batch.
fn change_of(store: &Store, no: RecordNo, kind: EventKind, refers: Option<EventId>, waiting: &[Change]) -> Change {
    let planned = waiting.iter().rev().find_map(|change| match change {
        Change::Case(change) if change.record == no => Some(change.after.clone()),
        _ => None,
    });
    let before = planned.unwrap_or_else(|| store.snapshot().unwrap().case(no).unwrap());
    let state = if kind == EventKind::Decide && before.in_batch.is_none() {
        State::Decided(Category::C23)
    } else {
        before.state
    };
    let after = Case { state, version: before.version + 1, ..before.clone() };
    Change::Case(Box::new(CaseChange { record: no, kind, before, after, reason: String::new(), refers }))
}

fn batch_of(store: &Store) -> Option<Change> {
    let snapshot = store.snapshot().unwrap();
    let number = snapshot.batches().unwrap().len() as u32 + 1;
    let cases = snapshot.cases().unwrap();
    let open = |(_, case): &&(RecordNo, Case)| case.in_batch.is_none() && case.state.category().is_some();
    let rows: Vec<BatchRow> = cases
        .iter()
        .filter(open)
        .map(|(no, case)| BatchRow::of(&snapshot.records(&[*no]).unwrap()[0], case).unwrap())
        .collect();
    let at = Timestamp::UNIX_EPOCH;
    let batch = Batch {
        number,
        round: number,
        cutoff: jiff::civil::DateTime::default(),
        made_at: at,
        operator: String::new(),
        rows,
    };
    (!batch.rows.is_empty()).then(|| Change::Batch(Box::new(batch)))
}

fn withdrawal_of(store: &Store, no: RecordNo) -> Option<Change> {
    let before = store.snapshot().unwrap().case(no).unwrap();
    let (batch, at, operator) = (before.in_batch?, Timestamp::UNIX_EPOCH, String::new());
    let after = crate::domain::case::withdraw(&before, "別人の疑い", "佐藤", at);
    let withdrawal =
        Withdrawal {
            batch, record: no, id: String::new(), reason: "別人の疑い".into(), at, operator, reopened: true
        };
    Some(Change::Withdraw { withdrawal, before: Box::new(before), after: Box::new(after) })
}

/// The index answers as the fold over the trail does, for every operator, record and event.
fn agree(store: &Store) -> Result<(), TestCaseError> {
    let (snapshot, trail) = (store.snapshot().unwrap(), trail(store));
    for operator in OPERATORS {
        let model = UndoStack::of(&trail, operator);
        let own = snapshot.own_steps(operator).unwrap();
        prop_assert_eq!((own.undo, own.redo), (model.next_undo(), model.next_redo()), "{}", operator);
        let counts = |event: &&Event| {
            event.operator() == operator
                && (event.kind.can_undo() || matches!(event.kind, EventKind::Undo | EventKind::Redo))
        };
        prop_assert_eq!(own.newest, trail.iter().rev().find(counts).map_or(0, |event| event.id.n));
        for event in &trail {
            prop_assert_eq!(snapshot.is_done(operator, event.id).unwrap(), model.can_undo(event.id), "{:?}", event.id);
        }
        for no in (0..RECORDS).map(RecordNo) {
            let of_record: Vec<Event> = trail.iter().filter(|event| event.record() == Some(no)).cloned().collect();
            let model = UndoStack::of(&of_record, operator).next_undo();
            prop_assert_eq!(snapshot.own_step_of(operator, no).unwrap(), model, "{} {:?}", operator, no);
        }
    }
    Ok(())
}

/// Everything in a table.
fn dump(view: &dyn View, table: Table) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut all = BTreeMap::new();
    view.range(table, KeyRange::ALL, Direction::Ascending, &mut |key, value| {
        all.insert(key.encode(), value.to_vec());
        Ok(true)
    })
    .unwrap();
    all
}

fn dumps(view: &dyn View) -> [BTreeMap<Vec<u8>, Vec<u8>>; 2] {
    [Table::Stacks, Table::Steps].map(|table| dump(view, table))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Any operators do anything in any order, one by one and many in a transaction.
    #[test]
    fn the_index_answers_as_the_fold_over_the_trail(doings in doings()) {
        let store = records();
        let (mut waiting, mut last) = (Vec::new(), OPERATORS[0]);
        for (who, doing, joins) in doings {
            let operator = OPERATORS[who];
            let alone = matches!(doing, Doing::Batch | Doing::Withdraw(_));
            if operator != last || !joins || alone {
                flush(&store, &mut waiting, last);
                agree(&store)?;
            }
            last = operator;
            let next = match doing {
                Doing::Make(no, kind) => Some(change_of(&store, RecordNo(no), kind, None, &waiting)),
                Doing::Return(kind, at) => {
                    let trail = trail(&store);
                    let own = UndoStack::of(&trail, operator);
                    let target = match at {
                        Some(at) => Some(trail[at % trail.len()].id),
                        None if kind == EventKind::Undo => own.next_undo(),
                        None => own.next_redo(),
                    };
                    let found = target.and_then(|id| Some((id, trail[id.n as usize - 1].record()?)));
                    found.map(|(id, no)| change_of(&store, no, kind, Some(id), &waiting))
                }
                Doing::Batch => batch_of(&store),
                Doing::Withdraw(no) => withdrawal_of(&store, RecordNo(no)),
            };
            waiting.extend(next);
            if alone {
                flush(&store, &mut waiting, last);
            }
        }
        flush(&store, &mut waiting, last);
        agree(&store)?;
        prop_assert_eq!(store.snapshot().unwrap().verify().unwrap(), Vec::<String>::new());
        // An index that is built from the trail is the one that grew with it.
        store.tamper(&mut |txn| {
            let grown = dumps(&*txn);
            steps_build::build(txn)?;
            assert_eq!(dumps(&*txn), grown);
            Ok(())
        }).unwrap();
    }
}

/// Steps of two operators, one of them undone.
fn worked() -> Store {
    let store = records();
    for (operator, no) in [("佐藤", 0), ("佐藤", 1), ("鈴木", 2)] {
        let change = change_of(&store, RecordNo(no), EventKind::Decide, None, &[]);
        store.apply(&[change], &actor(operator)).unwrap();
    }
    let undone = trail(&store).pop().unwrap().id;
    let change = change_of(&store, RecordNo(2), EventKind::Undo, Some(undone), &[]);
    store.apply(&[change], &actor("鈴木")).unwrap();
    agree(&store).unwrap();
    store
}

#[test]
fn verify_counts_the_index() {
    let faults = |work: &dyn Fn(&mut dyn Txn)| {
        let store = worked();
        store
            .tamper(&mut |txn| {
                work(txn);
                Ok(())
            })
            .unwrap();
        store.snapshot().unwrap().verify().unwrap()
    };
    assert_eq!(faults(&|_| ()), Vec::<String>::new());
    let mut keys = Vec::new();
    worked()
        .tamper(&mut |txn| {
            txn.range(Table::Steps, KeyRange::ALL, Direction::Ascending, &mut |key, _| {
                let Key::Step(operator, list, n) = key else { panic!("{key:?}") };
                keys.push(Key::Step(operator, list, n));
                Ok(true)
            })
        })
        .unwrap();
    assert_eq!(keys.len(), 4, "two done, one undone and where it stands");
    for &key in &keys {
        let told = faults(&|txn| assert!(txn.remove(Table::Steps, key).unwrap()));
        assert!(told.iter().any(|fault| fault.contains("取消の索引")), "{key:?} {told:?}");
        let told = faults(&|txn| {
            let mut bytes = txn.get(Table::Steps, key).unwrap().unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            txn.put(Table::Steps, key, &bytes).unwrap();
        });
        assert!(told.iter().any(|fault| fault.contains("取消の索引")), "{key:?} {told:?}");
    }
    let told = faults(&|txn| {
        let Key::Step(operator, ..) = keys[0] else { panic!() };
        txn.put(Table::Steps, Key::Step(operator, 0, 99), b"x").unwrap();
    });
    assert_eq!(told.len(), 1, "{told:?}");
    for operator in ["佐藤", "鈴木"] {
        let told = faults(&|txn| assert!(txn.remove(Table::Stacks, Key::Text(operator)).unwrap()));
        assert!(told.iter().any(|fault| fault.contains("取消の索引")), "{told:?}");
    }
}

/// A store of layout 5 has everything but the index; what is known of layouts before that stays known.
#[test]
fn a_store_of_layout_5_gets_the_index() {
    let folder = tempfile::tempdir().unwrap();
    let store = crate::store::open_or_create(folder.path()).unwrap();
    let rows: Vec<(String, String)> = (0..9).map(|n| (format!("{n:07}"), String::new())).collect();
    import_file(&store, &rows).unwrap();
    let queue = store.snapshot().unwrap().queue().unwrap();
    for entry in queue.iter().take(2) {
        store.apply(&[change_of(&store, entry.no, EventKind::Note, None, &[])], &actor("佐藤")).unwrap();
    }
    let newest = trail(&store).pop().unwrap().id;
    store
        .tamper(&mut |txn| {
            for table in [Table::Stacks, Table::Steps] {
                txn.clear(table)?;
            }
            let identity = Identity { schema: 5, ..store.identity().clone() };
            txn.put(Table::Meta, Key::Text(META_STORE), &seal_identity(&identity)?).map(|_| ())
        })
        .unwrap();
    assert_eq!(store.snapshot().unwrap().own_steps("佐藤").unwrap().undo, None);
    drop(store);
    let store = crate::store::open(folder.path()).unwrap();
    assert_eq!(store.snapshot().unwrap().own_steps("佐藤").unwrap().undo, Some(newest));
    assert_eq!(store.snapshot().unwrap().verify().unwrap(), Vec::<String>::new());
    store
        .tamper(&mut |txn| {
            let older = crate::store::migrate::Migration::of(&*txn)?;
            assert_eq!(older, crate::store::migrate::Migration::default(), "all of its events can be replayed");
            Ok(())
        })
        .unwrap();
}

/// A page from either end is what a read of everything gives there.
#[test]
fn pages_of_the_trail_are_parts_of_it() {
    let store = worked();
    let snapshot = store.snapshot().unwrap();
    for record in [None, Some(RecordNo(0)), Some(RecordNo(2)), Some(RecordNo(3))] {
        let all = snapshot.events(0..u64::MAX, record).unwrap();
        for n in 0..7 {
            for limit in 0..4 {
                let from: Vec<Event> = all.iter().filter(|event| event.id.n >= n).take(limit).cloned().collect();
                assert_eq!(snapshot.events_from(n, record, limit).unwrap(), from);
                let below: Vec<Event> = all.iter().rev().filter(|event| event.id.n < n).take(limit).cloned().collect();
                assert_eq!(snapshot.events_below(n, record, limit).unwrap(), below);
            }
        }
    }
}

/// Found by its number, a held-back row is the one that stands there when all are counted.
#[test]
fn a_held_back_row_is_found_by_its_number() {
    let store = records();
    store
        .tamper(&mut |txn| {
            for (import, rows) in [(1, 3), (3, 1), (4, 2), (u32::MAX, 1)] {
                for running in 0..rows {
                    let row = crate::store::QuarantineRow { import, line: running + 2, ..Default::default() };
                    write::put_held(txn, (import, running), &row)?;
                }
            }
            let mut all = Vec::new();
            lookup::each_held(&*txn, &mut |row| all.push(row))?;
            assert_eq!(all.len(), 7);
            for row in all {
                let (key, found) = held::find(&*txn, row.number)?.unwrap();
                assert_eq!((key.0, found), (row.import, row));
            }
            assert!(held::find(&*txn, 0)?.is_none() && held::find(&*txn, 8)?.is_none());
            Ok(())
        })
        .unwrap();
}
