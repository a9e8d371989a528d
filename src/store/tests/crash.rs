//! A disk that fails, against a model of what was acknowledged.
//!
//! The bug this guards against: a decision is acknowledged to its operator, power or disk fails, and after reopening the
//! decision is gone, or half of a change is there, or the case stands without its audit event. The disk here keeps two
//! pictures: what was written, and what a crash leaves, which is everything up to the last sync and any part of what came
//! after it. It fails at the n-th write or sync, n running over whole histories. After each failure the handle must
//! refuse to go on, and a store opened from what the crash left must hold every acknowledged change and pass `verify`;
//! the one change that was on its way may be there as a whole or not at all.

use std::io;
use std::sync::Mutex;

use oorandom::Rand32;
use redb::StorageBackend;

use super::*;
use crate::store::engine::redb::Redb;

/// A disk shared by the engine and the test.
#[derive(Debug)]
pub(crate) struct Disk {
    /// What the running process sees.
    pub(crate) written: Vec<u8>,
    /// What a crash certainly leaves.
    synced: Vec<u8>,
    /// Writes and lengths since the last sync.
    pending: Vec<Pending>,
    /// Operations until the failure; `None` never fails.
    pub(crate) left: Option<u32>,
}

#[derive(Debug)]
enum Pending {
    Write(usize, Vec<u8>),
    Length(usize),
}

impl Disk {
    pub(crate) fn of(bytes: Vec<u8>, left: Option<u32>) -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Self { written: bytes.clone(), synced: bytes, pending: Vec::new(), left }))
    }

    /// Counts an operation; fails it and all after it when its time has come.
    fn operation(&mut self) -> io::Result<()> {
        match &mut self.left {
            None => Ok(()),
            Some(0) => Err(io::Error::other("the disk has failed")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
        }
    }

    /// What is left after power was cut: some of the pending writes, whole, cut off, or not at all.
    pub(super) fn crash(&self, random: &mut Rand32) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        for pending in &self.pending {
            match pending {
                Pending::Length(length) => bytes.resize((*length).max(bytes.len()), 0),
                Pending::Write(at, data) => {
                    let kept = match random.rand_range(0..4) {
                        0 => 0,
                        1 => data.len() / 512 / 2 * 512,
                        _ => data.len(),
                    };
                    if bytes.len() < at + kept {
                        bytes.resize(at + kept, 0);
                    }
                    bytes[*at..at + kept].copy_from_slice(&data[..kept]);
                }
            }
        }
        bytes
    }
}

#[derive(Debug)]
struct Failing(Arc<Mutex<Disk>>);

impl StorageBackend for Failing {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().written.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let disk = self.0.lock().unwrap();
        let at = offset as usize;
        let bytes = disk.written.get(at..at + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut disk = self.0.lock().unwrap();
        disk.operation()?;
        disk.written.resize(len as usize, 0);
        disk.pending.push(Pending::Length(len as usize));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut disk = self.0.lock().unwrap();
        disk.operation()?;
        disk.pending.clear();
        disk.synced = disk.written.clone();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut disk = self.0.lock().unwrap();
        // The write that fails may have reached the disk in part.
        let result = disk.operation();
        disk.pending.push(Pending::Write(offset as usize, data.to_vec()));
        result?;
        let at = offset as usize;
        if disk.written.len() < at + data.len() {
            disk.written.resize(at + data.len(), 0);
        }
        disk.written[at..at + data.len()].copy_from_slice(data);
        Ok(())
    }
}

/// So little that pages go to the disk long before the commit, and come back for it.
const CACHE: usize = 32 * 1024;

/// A new store on a disk.
pub(crate) fn created(disk: &Arc<Mutex<Disk>>) -> Store {
    Store::initialise(Redb::over(Failing(Arc::clone(disk)), CACHE).unwrap()).unwrap()
}

pub(crate) fn opened(disk: &Arc<Mutex<Disk>>) -> Result<Store, StoreError> {
    Store::over(Redb::over(Failing(Arc::clone(disk)), CACHE)?)
}

/// What a store holds, as far as the histories here change it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Kept {
    cases: Vec<(RecordNo, Case)>,
    events: u64,
    imports: usize,
    records: usize,
}

fn state(store: &Store) -> Kept {
    let snapshot = store.snapshot().unwrap();
    let meta = snapshot.meta().unwrap();
    Kept {
        cases: snapshot.cases().unwrap(),
        events: meta.audit_seq,
        imports: meta.imports.len(),
        records: snapshot.facts(0..u32::MAX).unwrap().len(),
    }
}

/// One history: decisions, an import, settling. Calls `acknowledged` after each step that returned.
fn history(store: &Store, random: &mut Rand32, mut acknowledged: impl FnMut()) -> Result<(), StoreError> {
    for step in 0..12 {
        match random.rand_range(0..8) {
            0 => {
                let from = 100 + 40 * step;
                let rows = file((from..from + 40).map(|n| (n, "乙")).chain((0..5).map(|n| (n, "丙"))));
                import_file(store, &rows)?;
            }
            1 => store.settle()?,
            _ => {
                let no = random.rand_range(0..5);
                let snapshot = store.snapshot()?;
                let before = snapshot.case(RecordNo(no))?;
                drop(snapshot);
                let category = Category::ALL[random.rand_range(0..14) as usize];
                store.apply(&[change(no, &before, &decided(&before, category, "佐藤"))], &actor("佐藤"))?;
            }
        }
        acknowledged();
    }
    Ok(())
}

/// The states a history goes through when nothing fails. Power cut right after a step leaves exactly that step's state.
fn states(image: &[u8], seed: u64) -> Vec<Kept> {
    let disk = Disk::of(image.to_vec(), None);
    let store = opened(&disk).unwrap();
    let mut all = vec![state(&store)];
    let mut cuts = Rand32::new(seed + 99);
    history(&store, &mut Rand32::new(seed), || {
        let now = state(&store);
        let left = disk.lock().unwrap().crash(&mut cuts);
        assert_eq!(state(&opened(&Disk::of(left, None)).unwrap()), now, "seed {seed}, after step {}", all.len());
        all.push(now);
    })
    .unwrap();
    all
}

#[test]
fn no_acknowledged_change_is_lost_whenever_the_disk_fails() {
    let disk = Disk::of(Vec::new(), None);
    let store = created(&disk);
    import_file(&store, &file((0..40).map(|n| (n, "甲")))).unwrap();
    drop(store);
    let image = disk.lock().unwrap().synced.clone();
    let mut failures = 0;
    for seed in 0..4 {
        let expected = states(&image, seed);
        // The step grows with the history, so that early operations are tried one by one.
        let mut at = 0;
        loop {
            let disk = Disk::of(image.clone(), Some(at));
            let mut done = 0;
            let outcome = opened(&disk).and_then(|store| {
                let result = history(&store, &mut Rand32::new(seed), || done += 1);
                if let Err(error) = &result {
                    assert!(error.is_final(), "{error:?}");
                    let again = store.settle();
                    assert!(matches!(again, Err(StoreError::Reopen(_))), "{again:?}");
                    assert!(store.snapshot().is_err());
                }
                result
            });
            if outcome.is_ok() {
                break;
            }
            failures += 1;
            let mut random = Rand32::new(seed * 1000 + u64::from(at));
            let left = Disk::of(disk.lock().unwrap().crash(&mut random), None);
            let store = opened(&left).unwrap();
            let found = state(&store);
            let (acknowledged, next) = (&expected[done], expected.get(done + 1));
            assert!(
                found == *acknowledged || Some(&found) == next,
                "seed {seed}, failure at {at}, after {done} steps: {found:?}"
            );
            assert_eq!(
                store.snapshot().unwrap().verify().unwrap(),
                Vec::<String>::new(),
                "seed {seed}, failure at {at}"
            );
            at += 1 + at / 40;
        }
    }
    assert!(failures > 100, "only {failures} failures were tried");
}
