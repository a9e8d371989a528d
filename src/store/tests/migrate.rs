//! Raising a store of layout 4 whose values are damaged: it opens, nothing is lost, and `verify` names the value.

use std::fs::File;
use std::path::Path;

use oorandom::Rand32;

use super::crash::{Disk, opened};
use super::*;
use crate::store::engine::{Engine, Txn};
use crate::store::{FILE_NAME, open};

/// A workspace with the store that the release before layout 5 wrote, changed behind its back.
fn older(work: &dyn Fn(&mut dyn Txn)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/stores/layout4/meken.redb"), &path).unwrap();
    let engine = Redb::in_file(File::options().read(true).write(true).open(path).unwrap()).unwrap();
    engine
        .write(&mut |txn| {
            work(txn);
            Ok(())
        })
        .unwrap();
    folder
}

fn numbers(txn: &dyn Txn, table: Table) -> Vec<u32> {
    let mut all = Vec::new();
    txn.range(table, KeyRange::ALL, Direction::Ascending, &mut |key, _| {
        all.extend(key.number());
        Ok(true)
    })
    .unwrap();
    all
}

fn flip(txn: &mut dyn Txn, table: Table, number: u32) {
    let mut bytes = txn.get(table, Key::Number(number)).unwrap().unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    txn.put(table, Key::Number(number), &bytes).unwrap();
}

fn in_batch(store: &Store) -> Vec<(RecordNo, u32)> {
    let cases = store.snapshot().unwrap().cases().unwrap();
    cases.into_iter().filter_map(|(no, case)| Some((no, case.in_batch?))).collect()
}

#[test]
fn a_damaged_index_of_batches_is_told_by_the_batches() {
    let expected = in_batch(&open(older(&|_| ()).path()).unwrap());
    assert!(expected.iter().any(|(_, batch)| *batch == 1) && expected.iter().any(|(_, batch)| *batch == 2));
    let folder = older(&|txn| {
        for no in numbers(txn, Table::InBatch) {
            flip(txn, Table::InBatch, no);
        }
    });
    let store = open(folder.path()).unwrap();
    assert_eq!(in_batch(&store), expected);
    assert_eq!(store.snapshot().unwrap().verify().unwrap(), Vec::<String>::new());
}

#[test]
fn a_damaged_case_keeps_no_other_record_closed() {
    let folder = older(&|txn| {
        let first = numbers(txn, Table::InBatch)[0];
        flip(txn, Table::Decisions, first);
    });
    for _ in 0..2 {
        let store = open(folder.path()).unwrap();
        let snapshot = store.snapshot().unwrap();
        assert_eq!(snapshot.meta().unwrap().schema, 6);
        let faults = snapshot.verify().unwrap();
        assert!(faults.iter().any(|fault| fault.contains("決定を読めません")), "{faults:?}");
        assert!(faults.iter().any(|fault| fault.contains("決定に移せていません")), "{faults:?}");
    }
}

/// Index and batch are damaged: nobody can tell the batch, and it is not forgotten.
#[test]
fn a_batch_that_nobody_can_tell_stays_named() {
    let folder = older(&|txn| {
        let first = numbers(txn, Table::InBatch)[0];
        flip(txn, Table::InBatch, first);
        flip(txn, Table::Batches, 1);
    });
    let faults = open(folder.path()).unwrap().snapshot().unwrap().verify().unwrap();
    assert!(faults.iter().any(|fault| fault.contains("決定に移せていません")), "{faults:?}");
}

/// The disk fails at every operation of the migration in turn, or is full: the store is raised or as it was, never between.
#[test]
fn a_migration_that_fails_leaves_the_store_whole() {
    let folder = older(&|_| ());
    let image = std::fs::read(folder.path().join(FILE_NAME)).unwrap();
    let expected = in_batch(&open(folder.path()).unwrap());
    let mut random = Rand32::new(5);
    for at in 0.. {
        let disk = Disk::of(image.clone(), Some(at));
        let raised = opened(&disk).map(drop);
        let mut disk = disk.lock().unwrap();
        if disk.left != Some(0) {
            raised.unwrap();
            break;
        }
        // No change of the operator is in doubt.
        assert!(!matches!(raised, Err(StoreError::Reopen(_))), "{raised:?}");
        disk.left = None;
        for left in [disk.crash(&mut random), disk.written.clone()] {
            let store = opened(&Disk::of(left, None)).unwrap();
            assert_eq!(in_batch(&store), expected, "failure at {at}");
            assert_eq!(store.snapshot().unwrap().verify().unwrap(), Vec::<String>::new());
        }
    }
}
